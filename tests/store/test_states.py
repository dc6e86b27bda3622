"""What is derived from revisions, in every store: heads, present records, lists, submissions, purges."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import (
    ReadingClosedError,
    StoreConflictError,
    StoreError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.marks import (
    FIRST_HASH,
    Draft,
    PlanChoice,
    Purpose,
    Reading,
    RevisionKind,
    StudyFacts,
    StudyRecord,
    Submission,
    chain,
)
from fluoro_annotator.store import Purged, ReadingStatus, StudyFilter

PLAN = PlanChoice(
    protocol_id="lumbar_mbb",
    version="1",
    content_hash="0" * 64,
    joints=("L4-L5",),
    sides=(Side.RIGHT,),
)


def fact(record, kind=RevisionKind.ADD) -> Draft:
    return Draft(kind=kind, mark=record, author="Reader A")


def append(store, reading, *drafts):
    return store.append(reading.reading_id, drafts, after=store.head(reading.reading_id).sequence)


class TestHeads:
    def test_a_new_reading_ends_before_its_first_change(self, store, known):
        head = store.head(known.reading_id)
        assert (head.sequence, head.hash, head.submitted, head.plan) == (0, FIRST_HASH, False, "")
        assert head.changed_at == known.started_at

    def test_it_follows_the_last_change(self, store, known, make_draft):
        stored = append(store, known, make_draft(1), make_draft(2))
        head = store.head(known.reading_id)
        assert (head.sequence, head.hash) == (2, stored[-1].hash)
        assert head.changed_at == stored[-1].draft.recorded_at

    def test_an_unknown_reading_has_none(self, store):
        with pytest.raises(UnknownReadingError):
            store.head("nobody's")

    def test_the_plan_chosen_last_counts(self, store, known):
        other = replace(PLAN, protocol_id="lumbar_rf")
        append(store, known, fact(PLAN), fact(other))
        assert store.head(known.reading_id).plan == "lumbar_rf"
        append(store, known, fact(other, RevisionKind.DELETE))
        assert store.head(known.reading_id).plan == "lumbar_mbb"
        append(store, known, fact(PLAN, RevisionKind.DELETE))
        assert store.head(known.reading_id).plan == ""


class TestPresentRecords:
    def test_they_are_those_of_the_last_changes(self, store, known, make_draft):
        first, second = make_draft(1, mark_id="a"), make_draft(2, mark_id="b")
        moved = make_draft(9, mark_id="a", kind=RevisionKind.MOVE)
        append(store, known, first, second, moved)
        assert store.records(known.reading_id) == (second.mark, moved.mark)

    def test_what_is_deleted_is_not_among_them_until_it_is_restored(self, store, known, make_draft):
        for kind in (RevisionKind.ADD, RevisionKind.DELETE):
            append(store, known, make_draft(1, mark_id="a", kind=kind))
        assert store.records(known.reading_id) == ()
        back = make_draft(1, mark_id="a", kind=RevisionKind.RESTORE)
        append(store, known, back)
        assert store.records(known.reading_id) == (back.mark,)

    def test_an_unknown_reading_has_none(self, store):
        with pytest.raises(UnknownReadingError):
            store.records("nobody's")

    def test_what_is_derived_is_verified(self, store, known, make_draft):
        append(store, known, fact(PLAN), make_draft(1), fact(Submission()))
        assert store.verify() == ()


class TestSubmission:
    def test_a_submitted_reading_takes_no_change(self, store, known, make_draft):
        append(store, known, make_draft(1), fact(Submission()))
        assert store.head(known.reading_id).submitted
        with pytest.raises(ReadingClosedError, match="was submitted") as caught:
            append(store, known, make_draft(2))
        assert "Reopen" in caught.value.remedy
        assert store.head(known.reading_id).sequence == 2

    def test_nor_in_one_step_with_the_submission(self, store, known, make_draft):
        with pytest.raises(ReadingClosedError):
            append(store, known, fact(Submission()), make_draft(2))
        assert store.head(known.reading_id).sequence == 0

    def test_nor_with_numbers_and_hashes(self, store, known, make_draft):
        (last,) = append(store, known, fact(Submission()))
        with pytest.raises(ReadingClosedError):
            store.append_chained(known.reading_id, chain(known.reading_id, [make_draft(2)], last))

    def test_it_can_be_reopened(self, store, known, make_draft):
        append(store, known, fact(Submission()))
        append(store, known, fact(Submission(), RevisionKind.DELETE), make_draft(2))
        assert not store.head(known.reading_id).submitted

    def test_an_answer_of_practice_never_is(self, store, study):
        store.save_study(study)
        practice = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE))
        append(store, practice, fact(Submission()))
        with pytest.raises(ReadingClosedError) as caught:
            append(store, practice, fact(Submission(), RevisionKind.DELETE))
        assert "new reading" in caught.value.remedy

    def test_after_it_practice_begins_anew(self, store, study):
        store.save_study(study)
        first = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE))
        append(store, first, fact(Submission()))
        second = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE))
        assert second != first
        assert store.begin(replace(second, reading_id="a third one")) == second
        assert store.readings() == (first, second)
        append(store, second, fact(Submission()))
        third = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE))
        assert store.readings() == (first, second, third)
        assert store.verify() == ()

    def test_one_that_was_begun_before_it_was_submitted_is_not_begun_twice(self, store, study):
        store.save_study(study)
        first = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE))
        append(store, first, fact(Submission()))
        assert store.begin(first) == first
        assert store.readings() == (first,)

    def test_practice_of_somebody_else_does_not_count(self, store, study):
        store.save_study(study)
        mine, other = (Reading(study_uid=study.uid, reader=f"Reader {x}", purpose="practice") for x in "AB")
        append(store, store.begin(mine), fact(Submission()))
        assert store.begin(other) == other
        assert store.begin(replace(other, reading_id="again")) == other

    @pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.PRACTICE])
    def test_any_other_reading_is_gone_on_with(self, store, study, purpose):
        store.save_study(study)
        first = store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=purpose))
        append(store, first, fact(Submission()))
        assert store.begin(Reading(study_uid=study.uid, reader="Reader A", purpose=purpose)) == first


@pytest.fixture
def studies(store, image) -> list[StudyRecord]:
    """Four studies: submitted, begun, not begun, begun by another reader with a plan; one without a date."""
    facts = [
        StudyFacts(region="lumbar", equipment="Maker A Arm 1", study_date=date(2026, 1, 5)),
        StudyFacts(region="cervical", equipment="Maker B 100%_Arm", study_date=date(2026, 2, 5)),
        StudyFacts(region="lumbar", equipment="maker a", study_date=date(2026, 3, 5), pseudonym="0a" * 16),
        StudyFacts(),
    ]
    records = []
    for number, fact_ in enumerate(facts, start=1):
        images = tuple(
            replace(image, sop_instance_uid=f"1.2.{number}.1.{instance}") for instance in range(number)
        )
        records.append(StudyRecord(f"1.2.{number}", images, fact_))
        store.save_study(records[-1])
    return records


@pytest.fixture
def listed(store, studies):
    first, second, _, last = (study.uid for study in studies)
    for uid, reader, drafts in (
        (first, "Reader A", [fact(PLAN), fact(Submission())]),
        (first, "Reader B", []),
        (second, "Reader A", []),
        (last, "Reader B", [fact(PLAN)]),
    ):
        reading = store.begin(Reading(study_uid=uid, reader=reader))
        if drafts:
            append(store, reading, *drafts)

    def uids(**wanted) -> str:
        page = store.index(StudyFilter(**wanted))
        assert page.total == len(page.studies)
        return "".join(study.uid[-1] for study in page.studies)

    return uids


class TestLists:
    def test_facts_images_and_readings_of_each_study_are_listed(self, store, studies, listed):
        page = store.index()
        assert [(study.uid, study.facts, study.images) for study in page.studies] == [
            (study.uid, study.facts, len(study.images)) for study in studies
        ]
        first = page.studies[0].readings
        assert [entry.reading.reader for entry in first] == ["Reader A", "Reader B"]
        assert [entry.state for entry in first] == [ReadingStatus.SUBMITTED, ReadingStatus.IN_PROGRESS]

    def test_marks_that_are_present_are_counted(self, store, known, make_draft):
        gone = make_draft(3, mark_id="a")
        append(store, known, fact(PLAN), make_draft(1), make_draft(2), gone, replace(gone, kind="delete"))
        assert store.index().studies[0].readings[0].marks == 2

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({}, "1234"),
            ({"region": "lumbar"}, "13"),
            ({"region": "thoracic"}, ""),
            ({"first_date": date(2026, 2, 5)}, "23"),
            ({"last_date": date(2026, 2, 5)}, "12"),
            ({"first_date": date(2026, 1, 6), "last_date": date(2026, 2, 28)}, "2"),
            ({"equipment": "maker A"}, "13"),
            ({"equipment": "100%_arm"}, "2"),
            ({"equipment": "100__arm"}, ""),
            ({"procedure": "lumbar_mbb"}, "14"),
            ({"procedure": "lumbar"}, ""),
            ({"state": ReadingStatus.NOT_BEGUN}, "3"),
            ({"state": ReadingStatus.IN_PROGRESS}, "124"),
            ({"state": ReadingStatus.SUBMITTED}, "1"),
            ({"reader": "Reader B"}, "14"),
            ({"reader": "Reader B", "state": ReadingStatus.SUBMITTED}, ""),
            ({"reader": "Reader B", "procedure": "lumbar_mbb"}, "4"),
            ({"reader": "Reader B", "state": ReadingStatus.NOT_BEGUN}, ""),
            ({"reader": "reader b"}, ""),
            ({"region": "lumbar", "state": ReadingStatus.NOT_BEGUN}, "3"),
        ],
    )
    def test_a_filter(self, listed, wanted, found):
        assert listed(**wanted) == found

    @pytest.mark.usefixtures("studies")
    def test_pages_make_up_the_whole(self, store):
        pages = [store.index(limit=3, offset=offset) for offset in (0, 3, 6)]
        assert [[study.uid for study in page.studies] for page in pages] == [
            ["1.2.1", "1.2.2", "1.2.3"],
            ["1.2.4"],
            [],
        ]
        assert {page.total for page in pages} == {4}

    @pytest.mark.parametrize(("limit", "offset"), [(0, 0), (1001, 0), (10, -1)])
    def test_a_page_that_there_cannot_be(self, store, limit, offset):
        with pytest.raises(StoreError, match="cannot be listed"):
            store.index(limit=limit, offset=offset)

    def test_facts_that_are_learnt_later_join(self, store, studies):
        store.save_study(StudyRecord("1.2.4", (), StudyFacts(region="thoracic")))
        store.save_study(StudyRecord("1.2.1", (), StudyFacts(equipment="Maker C")))
        first, *_, last = store.index().studies
        assert (last.facts, last.images) == (StudyFacts(region="thoracic"), 4)
        assert first.facts == replace(studies[0].facts, equipment="Maker C")


class TestPurging:
    def test_a_purged_reading_is_gone_and_leaves_a_tombstone(self, store, known, make_draft, study):
        stored = append(store, known, make_draft(1), make_draft(2))
        grave = store.purge_reading(known.reading_id, reason="wrong patient", by="Administrator")
        assert (grave.subject_kind, grave.subject) == (Purged.READING, known.reading_id)
        assert (grave.revisions, grave.last_hash, grave.study_uid) == (2, stored[-1].hash, study.uid)
        assert store.tombstones() == (grave,)
        assert store.readings() == ()
        with pytest.raises(UnknownReadingError, match="was purged"):
            store.append(known.reading_id, [make_draft(3)], after=2)
        with pytest.raises(UnknownReadingError):
            store.revisions(known.reading_id)
        assert store.study(study.uid) == study
        assert store.verify() == ()

    def test_it_does_not_come_back(self, store, known):
        store.purge_reading(known.reading_id, reason="wrong patient", by="Administrator")
        with pytest.raises(StoreConflictError, match="was purged"):
            store.add_reading(known)
        with pytest.raises(StoreConflictError, match="was purged"):
            store.begin(known)

    def test_the_others_stay(self, store, known, make_draft, study):
        other = store.begin(Reading(study_uid=study.uid, reader="Reader B"))
        append(store, other, make_draft(1, author="Reader B"))
        store.purge_reading(known.reading_id, reason="wrong patient", by="Administrator")
        assert store.readings() == (other,)
        assert len(store.records(other.reading_id)) == 1

    def test_a_purged_study_takes_its_readings_with_it(self, store, known, make_draft, study):
        append(store, known, make_draft(1))
        graves = store.purge_study(study.uid, reason="consent withdrawn", by="Administrator")
        assert [grave.subject for grave in graves] == [known.reading_id, study.uid]
        assert store.studies() == ()
        with pytest.raises(UnknownStudyError):
            store.study(study.uid)
        assert store.verify() == ()

    def test_a_purged_study_can_be_opened_again(self, store, known, study):
        store.purge_study(study.uid, reason="consent withdrawn", by="Administrator")
        store.save_study(study)
        assert store.begin(Reading(study_uid=study.uid, reader="Reader A")) != known

    @pytest.mark.parametrize(("reason", "by"), [("", "A"), (" ", "A"), ("a\nb", "A"), ("good", "")])
    def test_reason_and_person_are_asked_for(self, store, known, reason, by):
        with pytest.raises(StoreError, match="purge of reading"):
            store.purge_reading(known.reading_id, reason=reason, by=by)
        assert store.readings() == (known,)

    def test_what_is_unknown_cannot_be_purged(self, store):
        with pytest.raises(UnknownReadingError):
            store.purge_reading("nobody's", reason="wrong", by="Administrator")
        with pytest.raises(UnknownStudyError):
            store.purge_study("1.9", reason="wrong", by="Administrator")

    def test_a_tombstone_of_another_store_is_kept_once(self, store, known, study):
        grave = store.purge_reading(known.reading_id, reason="wrong patient", by="Administrator")
        other = replace(grave, subject="reading of the other store")
        for _ in range(2):
            store.keep_tombstone(other)
        assert store.tombstones() == (grave, other)

    def test_a_tombstone_of_what_is_held_is_refused(self, store, known):
        grave = store.purge_reading(known.reading_id, reason="wrong patient", by="Administrator")
        again = store.begin(Reading(study_uid=known.study_uid, reader="Reader A"))
        with pytest.raises(StoreConflictError, match="held by this one"):
            store.keep_tombstone(replace(grave, subject=again.reading_id))


class TestStatus:
    def test_it_counts_what_is_there(self, store, known, make_draft):
        append(store, known, make_draft(1))
        other = store.begin(Reading(study_uid=known.study_uid, reader="Reader B"))
        store.purge_reading(other.reading_id, reason="wrong patient", by="Administrator")
        status = store.status()
        assert (status.studies, status.readings, status.revisions, status.tombstones) == (1, 1, 1, 1)
        assert status.store_id == store.store_id
        assert status.place == store.describe()


class TestPurgedFile:
    def test_nothing_is_left_in_the_file(self, sqlite_store, begun, make_draft, path):
        append(sqlite_store, begun, *(make_draft(number, client="CANARY") for number in range(50)))
        sqlite_store.purge_reading(begun.reading_id, reason="wrong patient", by="Administrator")
        assert not any(b"CANARY" in file.read_bytes() for file in path.parent.iterdir())

    def test_raw_sql_cannot_delete_without_a_tombstone(self, sqlite_store, begun, make_draft, raw):
        append(sqlite_store, begun, make_draft(1))
        other = sqlite_store.begin(Reading(study_uid=begun.study_uid, reader="Reader B"))
        sqlite_store.purge_reading(other.reading_id, reason="wrong patient", by="Administrator")
        for table in ("revision", "reading", "study_entry", "image_entry", "tombstone"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed or deleted"):
                raw(f"DELETE FROM {table}")  # noqa: S608  # own names
