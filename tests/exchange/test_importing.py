"""An import adds what is missing and never loses or replaces a mark."""

from dataclasses import replace

import pytest

from fluoro_annotator.errors import ExchangeError, StoreConflictError
from fluoro_annotator.exchange import (
    Finding,
    MarksDocument,
    Outcome,
    ReadingContent,
    apply_import,
    collect,
    plan_import,
    read_json,
    write_json,
)
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Cause, Reading, StudyRecord, chain, check_chain
from fluoro_annotator.store import MemoryStore, SqliteStore


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    with MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "s.sqlite") as opened:
        yield opened


@pytest.fixture
def bring_in(store):
    """Return a function that imports a document and returns the plan."""

    def run(document):
        plan = plan_import(document, store)
        apply_import(plan, store)
        return plan

    return run


@pytest.fixture
def continue_here(store, new_session, content):
    """Return a function that edits the stored reading as a user of this store would."""

    def run(edit):
        stored = store.revisions("reading-1")
        session = new_session(content.reading, stored)
        edit(session)
        store.append("reading-1", session.tape.drafts, after=len(stored))
        return session

    return run


def _stored_marks(store):
    return collect(store).readings[0].state.marks


def test_export_import_export_is_equal(document, store, bring_in, tmp_path):
    write_json(document, tmp_path / "first.json")
    plan = bring_in(read_json(tmp_path / "first.json"))
    again = collect(store)
    assert [entry.outcome for entry in plan.readings] == [Outcome.ADDED]
    assert (again.studies, again.readings) == (document.studies, document.readings)
    write_json(replace(again, created_at=document.created_at, program=document.program), tmp_path / "2.json")
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "first.json").read_bytes()


def test_planning_changes_nothing(document, store):
    plan_import(document, store)
    assert (store.studies(), store.readings()) == ((), ())


def test_the_same_file_again_is_nothing_to_do(document, store, bring_in):
    bring_in(document)
    plan = bring_in(document)
    assert [entry.outcome for entry in plan.readings] == [Outcome.KNOWN]
    assert plan.changes == 0
    assert plan.studies == ()
    assert collect(store).readings == document.readings


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_longer_history_in_the_file_is_continued(document, content, store, bring_in, length):
    start = replace(document, readings=(ReadingContent(content.reading, content.revisions[:length]),))
    bring_in(start)
    plan = bring_in(document)
    assert plan.readings[0].outcome is Outcome.CONTINUED
    assert plan.changes == len(content.revisions) - length
    assert store.revisions("reading-1") == content.revisions


def test_an_older_file_leaves_a_longer_history_alone(document, content, store, bring_in):
    bring_in(document)
    old = replace(document, readings=(ReadingContent(content.reading, content.revisions[:4]),))
    assert bring_in(old).readings[0].outcome is Outcome.KNOWN
    assert store.revisions("reading-1") == content.revisions


class TestDiverged:
    """The same reading was continued here and, differently, in the file."""

    @pytest.fixture
    def there(self, document, content, new_session, bring_in):
        """Return the document of the other machine, after the common start was brought here."""
        bring_in(document)
        session = new_session(content.reading, content.revisions)
        target, needle, free = session.marks
        self.target_id, self.needle_id, self.free_id = target.mark_id, needle.mark_id, free.mark_id
        self.new = session.add_target(target.frame, free.site, Point(7.0, 8.0))
        session.move(self.target_id, position=Point(1.0, 1.0))
        session.delete(self.free_id)
        last = content.revisions[-1]
        stream = content.revisions + chain("reading-1", session.tape.drafts, last)
        return replace(document, readings=(ReadingContent(content.reading, stream),))

    def test_marks_missing_here_are_added_with_author_and_time(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.move(self.needle_id, tip=Point(3.0, 3.0)))
        plan = bring_in(there)
        assert plan.readings[0].outcome is Outcome.MERGED
        added = store.revisions("reading-1")[-1].draft
        original = there.readings[0].state.record(self.new.mark_id)
        assert (added.mark, added.cause) == (self.new, Cause.IMPORT)
        assert (added.author, added.recorded_at) == (original.author, original.changed_at)
        check_chain(store.revisions("reading-1"))

    def test_marks_that_differ_stay_as_they_are_and_are_listed(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.move(self.target_id, position=Point(2.0, 2.0)))
        notes = bring_in(there).readings[0].notes
        assert (self.target_id, Finding.DIFFERS) in [(note.mark.mark_id, note.finding) for note in notes]
        kept = {mark.mark_id: mark for mark in _stored_marks(store)}
        assert kept[self.target_id].position == Point(2.0, 2.0)

    def test_marks_deleted_here_stay_deleted_and_are_listed(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.delete(self.target_id))
        notes = bring_in(there).readings[0].notes
        assert (self.target_id, Finding.DELETED_HERE) in [(note.mark.mark_id, note.finding) for note in notes]
        assert self.target_id not in {mark.mark_id for mark in _stored_marks(store)}

    def test_marks_deleted_in_the_file_stay_here_and_are_listed(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.move(self.needle_id, tip=Point(3.0, 3.0)))
        notes = bring_in(there).readings[0].notes
        assert (self.free_id, Finding.DELETED_THERE) in [(note.mark.mark_id, note.finding) for note in notes]
        assert self.free_id in {mark.mark_id for mark in _stored_marks(store)}

    def test_importing_again_adds_nothing_more(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.move(self.needle_id, tip=Point(3.0, 3.0)))
        bring_in(there)
        before = store.revisions("reading-1")
        assert bring_in(there).changes == 0
        assert store.revisions("reading-1") == before

    def test_no_stored_change_is_lost(self, there, store, bring_in, continue_here):
        continue_here(lambda session: session.delete(self.needle_id))
        before = store.revisions("reading-1")
        bring_in(there)
        assert store.revisions("reading-1")[: len(before)] == before

    def test_the_plan_reads_as_sentences(self, there, store, continue_here, anatomy):
        continue_here(lambda session: session.delete(self.target_id))
        lines = plan_import(there, store).lines(anatomy)
        assert lines[0].endswith("changed here and in the file; 1 mark added, 2 marks left alone.")
        assert "  L3 medial branch, at L4, right on frame 1 is deleted here; it stays deleted." in lines

    def test_a_change_between_plan_and_import_is_not_overrun(self, there, store, continue_here):
        continue_here(lambda session: session.move(self.needle_id, tip=Point(3.0, 3.0)))
        plan = plan_import(there, store)
        continue_here(lambda session: session.delete(self.needle_id))
        before = store.revisions("reading-1")
        with pytest.raises(StoreConflictError):
            apply_import(plan, store)
        assert store.revisions("reading-1") == before


def test_a_reading_beside_one_of_the_same_reader_is_kept_apart(document, content, store, bring_in, anatomy):
    store.save_study(document.studies[0])
    own = Reading(study_uid=content.reading.study_uid, reader=content.reading.reader)
    store.add_reading(own)
    plan = bring_in(document)
    assert plan.readings[0].beside
    assert "beside another reading" in plan.lines(anatomy)[1]
    assert {reading.reading_id for reading in store.readings()} == {own.reading_id, "reading-1"}
    assert store.revisions(own.reading_id) == ()


def test_an_identifier_taken_by_another_reader_is_refused(document, content, store):
    store.save_study(document.studies[0])
    store.add_reading(replace(content.reading, reader="somebody else"))
    with pytest.raises(ExchangeError, match="reading reading-1: is known here with another"):
        plan_import(document, store)


def test_an_image_of_another_size_is_refused(document, store):
    first, second = document.studies[0].images
    store.save_study(StudyRecord(document.studies[0].uid, (replace(first, rows=100), second)))
    with pytest.raises(ExchangeError, match="100 x 400 x 1 rows, columns and frames here, but 512 x 400 x 1"):
        plan_import(document, store)
    assert store.readings() == ()


def test_facts_known_here_win_and_images_missing_here_are_added(document, store, bring_in):
    first, second = document.studies[0].images
    own = replace(first, view="as named here")
    store.save_study(StudyRecord(document.studies[0].uid, (own,)))
    bring_in(document)
    assert store.study(document.studies[0].uid).images == (own, second)


def test_an_empty_document_is_nothing_to_do(store, bring_in, anatomy):
    plan = bring_in(MarksDocument(studies=(), readings=()))
    assert (plan.changes, plan.lines(anatomy)) == (0, ())
