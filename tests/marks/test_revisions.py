"""Changes, their written form, and the chain that proves them complete."""

import hashlib
import itertools
import json
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.errors import ChainError, MarkError, UnknownKindError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    FIRST_HASH,
    Cause,
    Draft,
    FrameRef,
    LevelLabel,
    RevisionKind,
    chain,
    check_chain,
    frame_of,
    utc_now,
)
from fluoro_annotator.marks.revisions import revision_hash, time_from_text, time_to_text
from fluoro_annotator.marks.values import moved

NOON = datetime(2024, 5, 6, 12, 0, 0, 123000, tzinfo=UTC)
ANY_TIME = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - hypothesis adds the zones
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001 - hypothesis adds the zones
    timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
CAUSES = st.sampled_from([Cause.EDIT, Cause.IMPORT]).map(lambda cause: (cause, None)) | st.tuples(
    st.sampled_from([Cause.UNDO, Cause.REDO]), PRINTABLE
)
COORDINATES = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)


GOLDEN = [
    ("target", "05e70290577a63d5"),
    ("needle", "aef11a5b834c8c7c"),
    ("level_label", "253533bc6688f2d3"),
    ("nerve_course", "76d360a849562378"),
    ("target_zone", "6ff20ba7eef157b6"),
    ("target_zone", "e42562217cb9fa62"),
    ("needle", "6d773c8320ba8c01"),
    ("landmark", "ca5a446601a62e91"),
    ("event", "ee74f734d736066b"),
    ("view_judgement", "bddce59b00078d14"),
    ("plan_choice", "2daaea19d8ae1604"),
    ("slot_state", "3ad219575f833412"),
    ("numbering", "bd031cd486413602"),
    ("user_calibration", "a047a10aa3d72acc"),
    ("view_assignment", "2e1f070c714038f1"),
    ("submission", "0d16a6172192a00b"),
    ("target", "78d005e0ee3c3d4c"),
]
"""The beginning of the hash of a record of each kind, one behind the other."""


@st.composite
def drafts(draw):
    """Drafts as a script might make them: whole numbers, times of any zone, names of any script."""
    cause, concerns = draw(CAUSES)
    mark = LevelLabel(
        frame=FrameRef(draw(PRINTABLE), draw(st.integers(1, 500))),
        vertebra="L4",
        position=Point(draw(COORDINATES), draw(COORDINATES)),
    )
    return Draft(
        kind=draw(st.sampled_from(RevisionKind)),
        mark=mark,
        author=draw(PRINTABLE),
        recorded_at=draw(ANY_TIME),
        client=draw(st.just("") | PRINTABLE),
        action_id=draw(PRINTABLE),
        cause=cause,
        concerns=concerns,
        what=draw(st.just("") | PRINTABLE),
    )


@pytest.fixture
def draft(target):
    return Draft(kind=RevisionKind.ADD, mark=target, author="Ann", recorded_at=NOON, client="test 1")


@pytest.fixture
def revisions(draft, mark, level):
    stream = [
        draft,
        replace(draft, kind=RevisionKind.MOVE, mark=moved(draft.mark, position=Point(1, 1))),
        replace(draft, mark=level, cause=Cause.UNDO, concerns=draft.action_id),
        replace(draft, kind=RevisionKind.DELETE, mark=mark),
    ]
    return chain("reading-1", stream)


# ---------------------------------------------------------------------- times


def test_now_is_in_utc_to_the_millisecond():
    now = utc_now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


@given(ANY_TIME)
def test_times_come_back_from_text_to_the_millisecond(time):
    back = time_from_text(time_to_text(time))
    assert timedelta(0) <= time - back < timedelta(milliseconds=1)
    assert time_to_text(back) == time_to_text(time)


def test_times_are_written_in_utc():
    local = datetime(2024, 5, 6, 1, 2, 3, 999999, tzinfo=timezone(timedelta(hours=2)))
    assert time_to_text(local) == "2024-05-05T23:02:03.999Z"


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2024-05-06", "2024-05-06T12:00:00", "2024-13-01T00:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"),
        *(None, 5, True, [], {}),
    ],
)
def test_a_text_that_is_no_moment_is_refused(text):
    with pytest.raises(MarkError, match="time"):
        time_from_text(text)


def test_writing_a_time_without_a_zone_is_refused():
    with pytest.raises(MarkError, match="no time zone"):
        time_to_text(datetime(2024, 5, 6))  # noqa: DTZ001 - without a time zone on purpose


# ---------------------------------------------------------------------- drafts


@given(drafts())
def test_drafts_come_back_from_json_exactly_with_the_same_hash(draft):
    text = json.dumps(draft.to_dict(), allow_nan=False)
    back = Draft.from_dict(json.loads(text))
    assert back == draft
    assert json.dumps(back.to_dict()) == text
    assert revision_hash("r", 1, back, FIRST_HASH) == revision_hash("r", 1, draft, FIRST_HASH)


def test_whole_number_coordinates_have_the_hash_of_their_floats(draft):
    whole = replace(draft, mark=moved(draft.mark, position=Point(3, 4)))
    floats = replace(draft, mark=moved(draft.mark, position=Point(3.0, 4.0)))
    assert revision_hash("r", 1, whole, FIRST_HASH) == revision_hash("r", 1, floats, FIRST_HASH)


def test_drafts_are_frozen(draft):
    with pytest.raises(FrozenInstanceError):
        draft.author = "Bob"


@pytest.mark.parametrize("cause", [Cause.UNDO, Cause.REDO])
def test_an_undo_says_of_what(cause, draft):
    with pytest.raises(MarkError, match="does not say of what"):
        replace(draft, cause=cause)


@pytest.mark.parametrize("cause", [Cause.EDIT, Cause.IMPORT])
def test_an_edit_concerns_no_other(cause, draft):
    with pytest.raises(MarkError, match="does not say of what"):
        replace(draft, cause=cause, concerns="x")


@pytest.mark.parametrize("name", [entry.name for entry in fields(Draft) if entry.name != "what"])
def test_every_missing_value_is_refused_and_named(name, draft):
    values = draft.to_dict()
    del values[name]
    with pytest.raises(MarkError, match=f"'{name}' is missing"):
        Draft.from_dict(values)


NOTHING_RIGHT = [True, False, 5, 1.5, [], {}, [None], {"kind": "add"}, "\x00", "\ud800"]


@pytest.mark.parametrize("name", [entry.name for entry in fields(Draft) if entry.name != "what"])
def test_every_value_of_another_kind_is_refused(name, draft):
    values = draft.to_dict()
    wrong = [*NOTHING_RIGHT, *([""] if name != "client" else []), *([None] if name != "concerns" else [])]
    for value in wrong:
        with pytest.raises(MarkError):
            Draft.from_dict(values | {name: value})


@pytest.mark.parametrize("values", [None, 5, True, "text", [], {}, [{}], {"revision": {}}])
def test_plain_values_that_are_no_change_are_refused(values):
    with pytest.raises(MarkError, match="revision: cannot be read"):
        Draft.from_dict(values)


def test_a_change_nested_too_deep_is_refused(draft):
    values = draft.to_dict()
    for wrong in ({"draft": values}, [values], values | {"mark": {"mark": values["mark"]}}):
        with pytest.raises(MarkError, match="cannot be read"):
            Draft.from_dict(wrong)


@pytest.mark.parametrize("name", ["O'Neill", 'Ann "eye"', "王小明", "Müller; --", "\\n"])
def test_authors_of_any_script_are_hashed_and_kept(name, draft):
    named = replace(draft, author=name)
    assert Draft.from_dict(json.loads(json.dumps(named.to_dict()))).author == name
    assert revision_hash("r", 1, named, FIRST_HASH) != revision_hash("r", 1, draft, FIRST_HASH)


@pytest.mark.parametrize("name", ["", " ", "Ann\nBob", "Ann\x00", "a" * 65])
def test_authors_that_no_reader_could_have_are_refused(name, draft):
    with pytest.raises(MarkError, match="reader"):
        replace(draft, author=name)


# ---------------------------------------------------------------------- the chain


def test_revisions_are_numbered_and_linked(revisions):
    assert [revision.sequence for revision in revisions] == [1, 2, 3, 4]
    assert revisions[0].previous_hash == FIRST_HASH
    for before, after in itertools.pairwise(revisions):
        assert after.previous_hash == before.hash
    assert len({revision.hash for revision in revisions}) == 4
    check_chain(revisions)


def test_an_empty_chain_is_complete():
    check_chain(())
    assert chain("reading-1", ()) == ()


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
def test_a_chain_is_the_same_however_it_was_appended(cut, revisions):
    stream = [revision.draft for revision in revisions]
    first = chain("reading-1", stream[:cut])
    rest = chain("reading-1", stream[cut:], first[-1] if first else None)
    assert first + rest == revisions


def test_the_hash_of_a_known_revision_stays_what_it_is(frames):
    """Stored chains must verify with later versions: this number, from sha256sum, may never change."""
    mark = LevelLabel(frame=frames[0], mark_id="m-1", vertebra="L4", position=Point(10, 20.5))
    draft = Draft(
        kind=RevisionKind.ADD, mark=mark, author="Müller", recorded_at=NOON, client="c", action_id="a-1"
    )
    assert json.dumps(draft.to_dict(), sort_keys=True) == (
        '{"action_id": "a-1", "author": "M\\u00fcller", "cause": "edit", "client": "c", "concerns": null, '
        '"kind": "add", "mark": {"frame_number": 1, "kind": "level_label", "mark_id": "m-1", '
        '"points": {"position": [10.0, 20.5]}, "sop_instance_uid": "1.2.826.1", "vertebra": "L4"}, '
        '"recorded_at": "2024-05-06T12:00:00.123Z"}'
    )
    assert revision_hash("reading-1", 1, draft, FIRST_HASH) == (
        "b43387f4014d7737f1244ab1fb50f24922623f1cf6ba0d617904b5ba840b6399"
    )


def renamed(record, mark_id):
    """Return a record under an identifier that is the same in each run."""
    if frame_of(record) is None:
        return record
    alone = {"needle_id": ""} if getattr(record, "needle_id", None) == record.mark_id else {}
    return replace(record, mark_id=mark_id, **alone)


def test_hashes_of_every_kind_of_record_stay_what_they_are(every_kind):
    """As above: these were computed by the program as it first stored each kind."""
    fixed = [renamed(mark, f"m-{number}") for number, mark in enumerate(every_kind)]
    stream = [
        Draft(kind=RevisionKind.ADD, mark=mark, author='王 "Ann"', recorded_at=NOON, action_id=f"a-{number}")
        for number, mark in enumerate(fixed)
    ]
    stream.append(replace(stream[0], cause=Cause.UNDO, concerns="a-0", what="renumber", client="test 1"))
    assert [(each.draft.mark.kind.value, each.hash[:16]) for each in chain("reading-1", stream)] == GOLDEN


@given(drafts(), st.integers(1, 10**6), PRINTABLE)
def test_the_hash_is_that_of_canonical_json(draft, sequence, reading_id):
    content = [reading_id, sequence, FIRST_HASH, draft.to_dict()]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    assert draft.to_text() in text
    assert (
        revision_hash(reading_id, sequence, draft, FIRST_HASH)
        == hashlib.sha256(text.encode("ascii")).hexdigest()
    )


def test_the_text_of_a_record_does_not_outlive_it(draft):
    before = draft.mark_text
    other = replace(draft, mark=moved(draft.mark, position=Point(1, 1)))
    assert json.loads(other.mark_text)["points"]["position"] == [1, 1]
    assert (draft.mark_text, replace(draft), pickle.loads(pickle.dumps(draft))) == (before, draft, draft)  # noqa: S301 - our own


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "Mallory"),
        ("recorded_at", NOON + timedelta(milliseconds=1)),
        ("client", "other"),
        ("action_id", "other"),
        ("kind", RevisionKind.RESTORE),
    ],
)
def test_a_change_of_any_field_of_any_revision_is_found(position, field, value, revisions):
    stream = list(revisions)
    stream[position] = replace(stream[position], draft=replace(stream[position].draft, **{field: value}))
    with pytest.raises(ChainError, match=f"revision {position + 1} of reading reading-1: was changed"):
        check_chain(stream)


@pytest.mark.parametrize("position", range(4))
def test_a_mark_moved_by_the_smallest_step_is_found(position, revisions):
    stream = list(revisions)
    draft = stream[position].draft
    name = draft.mark.point_names[0]
    point = getattr(draft.mark, name)
    shifted = moved(draft.mark, **{name: Point(point.row + 2**-40, point.column)})
    stream[position] = replace(stream[position], draft=replace(draft, mark=shifted))
    with pytest.raises(ChainError, match="was changed"):
        check_chain(stream)


@pytest.mark.parametrize("position", range(3))
def test_a_missing_revision_is_found(position, revisions):
    with pytest.raises(ChainError, match=f"revision {position + 1} .*: has number {position + 2}"):
        check_chain(revisions[:position] + revisions[position + 1 :])


def test_a_missing_revision_is_found_even_if_the_rest_is_renumbered(revisions):
    stream = [revisions[0], *(replace(late, sequence=late.sequence - 1) for late in revisions[2:])]
    with pytest.raises(ChainError, match=r"revision 2 .*does not follow"):
        check_chain(stream)


def test_revisions_in_another_order_are_found(revisions):
    for order in itertools.permutations(revisions):
        if order != revisions:
            with pytest.raises(ChainError):
                check_chain(order)


def test_a_revision_stored_twice_is_found(revisions):
    with pytest.raises(ChainError, match=r"revision 5 .*has number 4"):
        check_chain((*revisions, revisions[-1]))


def test_an_inserted_revision_is_found(revisions):
    forged = chain("reading-1", [revisions[3].draft], revisions[0])[0]
    with pytest.raises(ChainError, match=r"revision 3 .*has number 2"):
        check_chain((revisions[0], forged, *revisions[1:]))


@pytest.mark.parametrize("field", ["hash", "previous_hash"])
def test_an_altered_hash_is_found(field, revisions):
    for position in range(len(revisions)):
        stream = list(revisions)
        stream[position] = replace(stream[position], **{field: "f" * 64})
        with pytest.raises(ChainError, match=f"revision {position + 1} "):
            check_chain(stream)


def test_a_reading_cannot_be_passed_off_as_another(revisions):
    with pytest.raises(ChainError, match="was changed"):
        check_chain([replace(revision, reading_id="reading-2") for revision in revisions])


def test_revisions_of_two_readings_do_not_make_a_chain(revisions):
    foreign = chain("reading-2", [revisions[1].draft], revisions[0])
    with pytest.raises(ChainError, match="stands among those of reading reading-1"):
        check_chain((revisions[0], *foreign))


def test_a_change_of_a_kind_from_a_newer_version_is_named(target):
    values = Draft(kind=RevisionKind.ADD, mark=target, author="Ann").to_dict()
    with pytest.raises(UnknownKindError, match=r"revision: is of a kind .* does not know \(split\)"):
        Draft.from_dict(values | {"kind": "split"})
    with pytest.raises(UnknownKindError, match=r"mark: is of a kind .* does not know \(angle\)"):
        Draft.from_dict(values | {"mark": values["mark"] | {"kind": "angle"}})
    with pytest.raises(MarkError, match="'cause' is not one of edit, undo, redo, import"):
        Draft.from_dict(values | {"cause": "magic"})
