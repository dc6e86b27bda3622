"""What every store has to do, run against each of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import (
    ChainError,
    StoreConflictError,
    StoreUnavailableError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.geometry import UNCALIBRATED, Point
from fluoro_annotator.marks import (
    Cause,
    Draft,
    FrameRef,
    LevelLabel,
    Needle,
    Purpose,
    Reading,
    RevisionKind,
    Role,
    StudyRecord,
    Target,
    chain,
    check_chain,
)
from fluoro_annotator.store import PostgresStore, SqliteStore

ANATOMY = load_anatomy()
EARLY, LATE = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001  # hypothesis adds the time zones
PAIRED = [nerve.id for nerve in ANATOMY.nerves.values() if Side.LEFT in nerve.sides]


class TestStudies:
    def test_an_unknown_study_is_named_in_the_error(self, store):
        with pytest.raises(UnknownStudyError, match=r"1\.9\.9"):
            store.study("1.9.9")

    def test_a_study_comes_back_as_it_was_saved(self, store, study):
        store.save_study(study)
        assert store.study(study.uid) == study

    def test_a_study_without_images_is_kept(self, store):
        store.save_study(StudyRecord("1.5", ()))
        assert store.study("1.5").images == ()

    def test_studies_are_listed_in_the_order_of_saving(self, store):
        for uid in ("1.9", "1.10", "1.2", "1.9"):
            store.save_study(StudyRecord(uid, ()))
        assert store.studies() == ("1.9", "1.10", "1.2")

    def test_new_images_join_and_newer_facts_win(self, store, study, image):
        other = replace(image, sop_instance_uid="1.2.3.1")
        corrected = replace(image, view="lateral", calibration=UNCALIBRATED)
        store.save_study(study)
        store.save_study(StudyRecord(study.uid, (other,)))
        store.save_study(StudyRecord(study.uid, (corrected,)))
        assert store.study(study.uid).images == (corrected, other)

    def test_one_image_may_belong_to_two_studies(self, store, study, image):
        store.save_study(study)
        store.save_study(StudyRecord("1.7", (replace(image, frames=1),)))
        assert store.study(study.uid).images[0].frames == 30
        assert store.study("1.7").images[0].frames == 1


class TestReadings:
    def test_a_reading_needs_its_study(self, store, reading):
        with pytest.raises(UnknownStudyError):
            store.begin(reading)
        with pytest.raises(UnknownStudyError):
            store.add_reading(reading)
        assert store.readings() == ()

    def test_a_reading_comes_back_as_it_was(self, store, study):
        store.save_study(study)
        reading = Reading(
            study_uid=study.uid, reader="Ré O'Hara; --", purpose=Purpose.AUDIT, role=Role.AUDITOR
        )
        assert store.begin(reading) == reading
        assert store.reading(reading.reading_id) == reading

    def test_begin_goes_on_with_the_reading_under_way(self, store, known):
        again = Reading(study_uid=known.study_uid, reader=known.reader, role=Role.TRAINEE)
        assert store.begin(again) == known
        assert store.readings() == (known,)

    @pytest.mark.parametrize("other", [{"reader": "Reader B"}, {"purpose": Purpose.REFERENCE}])
    def test_begin_keeps_readers_and_purposes_apart(self, store, known, other):
        second = Reading(**{"study_uid": known.study_uid, "reader": known.reader} | other)
        assert store.begin(second) == second
        assert len(store.readings()) == 2

    def test_begin_returns_the_reading_that_was_kept_first(self, store, known):
        older = replace(known, reading_id="imported", started_at=known.started_at - timedelta(days=9))
        store.add_reading(older)
        assert store.begin(replace(known, reading_id="new")) == known

    def test_readings_are_selected_and_sorted_by_their_start(self, store, known):
        store.save_study(StudyRecord("1.7", ()))
        early = Reading(study_uid="1.7", reader="Reader B", started_at=datetime(2020, 1, 1, tzinfo=UTC))
        store.add_reading(early)
        assert store.readings() == (early, known)
        assert store.readings(study_uid=known.study_uid) == (known,)
        assert store.readings(reader="Reader B") == (early,)
        assert store.readings(study_uid=known.study_uid, reader="Reader B") == ()

    def test_adding_a_reading_twice_changes_nothing(self, store, known):
        store.add_reading(known)
        assert store.readings() == (known,)

    def test_an_identifier_is_not_given_to_another_reading(self, store, known):
        with pytest.raises(StoreConflictError, match=known.reading_id):
            store.add_reading(replace(known, reader="Reader B"))
        assert store.reading(known.reading_id) == known

    def test_an_unknown_reading_is_named_in_the_error(self, store, known, make_draft):
        for ask in (
            store.reading,
            store.revisions,
            lambda uid: store.append(uid, [make_draft()], after=0),
            lambda uid: store.append_chained(uid, chain(uid, [make_draft()])),
        ):
            with pytest.raises(UnknownReadingError, match="nothing-here"):
                ask("nothing-here")


class TestAppending:
    def test_changes_come_back_numbered_and_chained(self, store, known, make_draft):
        drafts = [make_draft(row) for row in (1, 2.5, 3)]
        first = store.append(known.reading_id, drafts[:2], after=0)
        second = store.append(known.reading_id, drafts[2:], after=2)
        kept = store.revisions(known.reading_id)
        assert kept == first + second == chain(known.reading_id, drafts)
        check_chain(kept)

    def test_later_changes_can_be_asked_for_alone(self, store, known, make_draft):
        store.append(known.reading_id, [make_draft() for _ in range(4)], after=0)
        assert [revision.sequence for revision in store.revisions(known.reading_id, after=2)] == [3, 4]
        assert store.revisions(known.reading_id, after=4) == ()
        assert len(store.revisions(known.reading_id, after=-5)) == 4

    def test_appending_nothing_is_allowed(self, store, known):
        assert store.append(known.reading_id, [], after=0) == ()
        store.append_chained(known.reading_id, [])
        assert store.revisions(known.reading_id) == ()

    @pytest.mark.parametrize("after", [-1, 0, 1, 3])
    def test_a_writer_who_does_not_know_the_last_change_is_refused(self, store, known, make_draft, after):
        store.append(known.reading_id, [make_draft(), make_draft()], after=0)
        with pytest.raises(StoreConflictError, match=f"2, not {after}"):
            store.append(known.reading_id, [make_draft()], after=after)
        assert len(store.revisions(known.reading_id)) == 2

    def test_streams_of_two_readings_are_independent(self, store, known, make_draft):
        other = store.begin(replace(known, reading_id="other", reader="Reader B"))
        store.append(known.reading_id, [make_draft()], after=0)
        store.append(other.reading_id, [make_draft()], after=0)
        assert [len(store.revisions(each.reading_id)) for each in (known, other)] == [1, 1]
        assert store.verify() == ()

    def test_a_chained_stream_is_kept_in_parts(self, store, known, make_draft):
        stream = chain(known.reading_id, [make_draft(row) for row in range(5)])
        store.append_chained(known.reading_id, stream[:2])
        store.append_chained(known.reading_id, stream[2:])
        assert store.revisions(known.reading_id) == stream
        assert store.verify() == ()

    def test_a_chained_stream_has_to_continue_the_one_that_is_kept(self, store, known, make_draft):
        stream = chain(known.reading_id, [make_draft(row) for row in range(4)])
        store.append_chained(known.reading_id, stream[:2])
        foreign = chain(known.reading_id, [make_draft(9), make_draft(10), make_draft(11)])
        for part in (stream[:1], stream[3:], foreign[2:]):
            with pytest.raises(StoreConflictError, match="does not follow"):
                store.append_chained(known.reading_id, part)
        assert store.revisions(known.reading_id) == stream[:2]

    def test_a_chained_stream_is_checked_to_its_end_before_any_of_it_is_kept(self, store, known, make_draft):
        stream = chain(known.reading_id, [make_draft(row) for row in range(3)])
        changed = replace(stream[2], draft=make_draft(7))
        strange = replace(stream[2], reading_id="other")
        for last, reason in ((changed, "was changed"), (strange, "another reading")):
            with pytest.raises(ChainError, match=reason):
                store.append_chained(known.reading_id, (*stream[:2], last))
        with pytest.raises(ChainError, match="does not follow"):
            store.append_chained(known.reading_id, (stream[0], stream[2]))
        assert store.revisions(known.reading_id) == ()


class TestClosing:
    def test_a_closed_store_says_so(self, store, known, make_draft):
        store.close()
        store.close()
        for ask in (
            store.studies,
            store.verify,
            lambda: store.save_study(StudyRecord("1.3", ())),
            lambda: store.append(known.reading_id, [make_draft()], after=0),
        ):
            with pytest.raises(StoreUnavailableError, match="is closed"):
                ask()

    def test_a_store_says_where_it_keeps_things(self, store, path):
        place = store.describe()
        assert place in {str(path), "memory only, until the program ends"} or "store_owner@127.0.0.1" in place


shown = st.characters(categories=("L", "N", "P", "S"), include_characters="éé٣'\"\\% ")
texts = st.text(shown, min_size=1, max_size=20)
names = texts.filter(str.strip)
points = st.builds(Point, *[st.floats(-1e6, 1e6) | st.integers(-1000, 1000)] * 2)
frames = {"frame": st.builds(FrameRef, texts, st.integers(1, 2**31 - 1)), "mark_id": texts}
sites = st.builds(ANATOMY.site, st.sampled_from(PAIRED), st.sampled_from([Side.LEFT, Side.RIGHT]))
pairs = st.tuples(points, points).filter(lambda pair: pair[0] != pair[1])
marks = (
    st.builds(Target, **frames, site=sites, position=points)
    | st.builds(LevelLabel, **frames, vertebra=st.sampled_from(list(ANATOMY.vertebrae)), position=points)
    | pairs.flatmap(
        lambda ends: st.builds(Needle, **frames, site=sites, tip=st.just(ends[0]), hub=st.just(ends[1]))
    )
)
causes = st.sampled_from([(Cause.EDIT, None), (Cause.IMPORT, None), (Cause.UNDO, "a"), (Cause.REDO, "é'\"")])
drafts = causes.flatmap(
    lambda cause: st.builds(
        Draft,
        kind=st.sampled_from(RevisionKind),
        mark=marks,
        author=names,
        recorded_at=st.datetimes(min_value=EARLY, max_value=LATE, timezones=st.timezones()),
        client=texts,
        action_id=texts,
        cause=st.just(cause[0]),
        concerns=st.just(cause[1]),
    )
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def durable(request):
    """Return a function that opens one and the same store again and again."""
    if request.param == "postgres":
        database = request.getfixturevalue("shared_server_store")
        yield lambda: PostgresStore(database.url())
    else:
        with TemporaryDirectory() as folder:
            yield lambda: SqliteStore(Path(folder) / "readings.sqlite")


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(changes=st.lists(drafts, max_size=4), reader=names)
def test_whatever_can_be_marked_comes_back_from_the_disk_the_same(durable, changes, reader):
    reading = Reading(study_uid="1.2", reader=reader)
    with durable() as store:
        store.save_study(StudyRecord("1.2", ()))
        store.add_reading(reading)
        written = store.append(reading.reading_id, changes, after=0)
    with durable() as store:
        assert store.reading(reading.reading_id) == reading
        assert store.revisions(reading.reading_id) == written
        assert [revision.draft for revision in written] == changes
        check_chain(store.revisions(reading.reading_id))


def test_threads_take_turns(store, known, make_draft):
    readings = [store.begin(replace(known, reading_id=f"r{n}", reader=f"Reader {n}")) for n in range(4)]

    def write(reading):
        for number in range(25):
            store.append(reading.reading_id, [make_draft(number)], after=number)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, readings)) == [None] * 4
    assert [len(store.revisions(reading.reading_id)) for reading in readings] == [25] * 4
    assert store.verify() == ()


class TestAppendingBehindOthers:
    def test_what_was_added_meanwhile_is_seen_and_followed_in_one_turn(self, store, known, make_draft):
        theirs = store.append(known.reading_id, [make_draft(1), make_draft(2)], after=0)
        ours, met = make_draft(3), []

        def choose(found):
            met.append(tuple(found))
            return [ours]

        (new,) = store.append_behind(known.reading_id, choose, after=1)
        assert met == [theirs[1:]]
        assert (new.sequence, new.draft) == (3, ours)
        assert store.revisions(known.reading_id) == (*theirs, new)
        assert store.head(known.reading_id).sequence == 3
        assert store.verify() == ()

    def test_nothing_new_and_nothing_to_add(self, store, known, make_draft):
        store.append(known.reading_id, [make_draft(1)], after=0)
        met = []

        def choose(found):
            met.append(tuple(found))
            return []

        assert store.append_behind(known.reading_id, choose, after=1) == ()
        assert met == [()]
        assert store.head(known.reading_id).sequence == 1

    def test_a_reading_that_ends_before_is_a_conflict(self, store, known, make_draft):
        with pytest.raises(StoreConflictError):
            store.append_behind(known.reading_id, lambda _found: [make_draft(1)], after=5)
        assert store.revisions(known.reading_id) == ()

    def test_an_unknown_reading(self, store):
        with pytest.raises(UnknownReadingError):
            store.append_behind("nobody's", lambda _found: [], after=0)
