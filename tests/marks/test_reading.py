"""Who reads, and what for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.errors import MarkError
from fluoro_annotator.marks import Purpose, Reading, Role
from fluoro_annotator.marks.reading import LONGEST_NAME, checked_reader

NAMES = [
    "Dr. O'Neill",
    'Ann "the eye" Müller',
    "'; DROP TABLE reading; --",
    "=1+1",
    "王小明",
    "Зоя",
    "علی\u200cرضا",  # noqa: RUF001 - a Persian name is written with a zero-width non-joiner
    "J\u00f8rgen  Ny",
    "👩\u200d⚕️",
    "a" * LONGEST_NAME,
    "N\u00a0N",
]
NO_NAMES = [
    "",
    "   ",
    "\t\n",
    "a" * (LONGEST_NAME + 1),
    "Ann\nBob",
    "Ann\x00",
    "Ann\x1b[31m",
    "Ann\u202eboB",  # turns the direction of the text round
    "Ann\u2028Bob",
    "Ann\u200b",
    "\u200c",
    " \u200d\u200c ",
    "\ud800",
    "\ue000",
    None,
    5,
    b"Ann",
    ["Ann"],
    True,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_are_kept_as_they_are(name, reading):
    assert replace(reading, reader=name).reader == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_names_that_cannot_be_shown_are_refused(name, reading):
    with pytest.raises(MarkError, match=r"^reader: has"):
        replace(reading, reader=name)


def test_blanks_around_a_name_do_not_make_another_reader():
    assert checked_reader("  Ann Bee\n") == "Ann Bee"


def test_the_same_name_from_two_keyboards_is_one_reader():
    assert checked_reader("Mu\u0308ller") == checked_reader("M\u00fcller") == "M\u00fcller"


@given(st.text())
def test_a_checked_name_stays_as_it_is(name):
    try:
        checked = checked_reader(name)
    except MarkError:
        return
    assert checked_reader(checked) == checked
    assert checked.encode("utf-8").decode("utf-8") == checked
    assert 0 < len(checked) <= LONGEST_NAME


@pytest.mark.parametrize("field", ["study_uid", "reading_id"])
@pytest.mark.parametrize("value", ["", None, 5, "a\nb"])
def test_identifiers_are_texts(field, value, reading):
    with pytest.raises(MarkError, match=field):
        replace(reading, **{field: value})


@pytest.mark.parametrize(("field", "kind"), [("purpose", Purpose), ("role", Role)])
def test_purpose_and_role_are_from_the_table(field, kind, reading):
    for member in kind:
        assert getattr(replace(reading, **{field: member.value}), field) is member
    for value in ("boss", "", None, 5, [], {}, True):
        with pytest.raises(MarkError, match="is not one of"):
            replace(reading, **{field: value})


def test_the_start_is_kept_in_utc_to_the_millisecond(reading):
    local = datetime(2024, 5, 6, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=2)))
    started = replace(reading, started_at=local).started_at
    assert started == datetime(2024, 5, 5, 23, 2, 3, 456000, tzinfo=UTC)
    assert started.tzinfo is UTC


NO_TIMES = [
    datetime(2024, 5, 6),  # noqa: DTZ001 - without a time zone on purpose
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))),
    "2024-05-06T00:00:00Z",
    None,
    0,
]


@pytest.mark.parametrize("value", NO_TIMES)
def test_a_start_that_is_no_moment_is_refused(value, reading):
    with pytest.raises(MarkError, match="time"):
        replace(reading, started_at=value)


def test_each_reading_has_an_identifier_of_its_own():
    first, second = (Reading(study_uid="1.2", reader="Ann") for _ in range(2))
    assert first.reading_id != second.reading_id
