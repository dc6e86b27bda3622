"""A study is opened, read, closed, and opened again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fluoro_annotator.errors import StoreUnavailableError, StoreVersionError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Purpose, Role, StudyRecord
from fluoro_annotator.store import MemoryStore, SqliteStore, open_session, rescued


def test_marks_and_undo_are_there_after_a_restart(path, study, make_draft):
    with SqliteStore(path) as store:
        session, recorder = open_session(store, study, reader="Reader A", client="test 1")
        kept, gone = session.add(make_draft(1).mark), session.add(make_draft(2).mark)
        session.move(kept.mark_id, position=Point(5, 6))
        session.delete(gone.mark_id)
        before = session.marks
        recorder.close()
    with SqliteStore(path) as store:
        session, recorder = open_session(store, study, reader="Reader A")
        assert session.marks == before
        session.undo()
        assert gone in session.marks
        assert recorder.state.saved
        assert len(store.revisions(session.reading.reading_id)) == 5
        assert store.verify() == ()


def test_reader_role_purpose_and_client_are_kept(study, make_draft):
    store = MemoryStore()
    session, _ = open_session(
        store, study, reader="Reader B", role=Role.TRAINEE, purpose=Purpose.PRACTICE, client="test 1"
    )
    session.add(make_draft().mark)
    (reading,) = store.readings()
    assert (reading.reader, reading.role, reading.purpose) == ("Reader B", Role.TRAINEE, Purpose.PRACTICE)
    (revision,) = store.revisions(reading.reading_id)
    assert (revision.draft.author, revision.draft.client) == ("Reader B", "test 1")


def test_new_images_of_a_study_are_added(study, image):
    store = MemoryStore()
    open_session(store, study, reader="Reader A")
    more = StudyRecord(study.uid, (*study.images, replace(image, sop_instance_uid="1.2.3.9")))
    open_session(store, more, reader="Reader A")
    assert store.study(study.uid) == more


def test_changes_of_another_window_appear(path, study, make_draft):
    with SqliteStore(path) as one, SqliteStore(path) as two:
        first, _ = open_session(one, study, reader="Reader A")
        second, _ = open_session(two, study, reader="Reader A")
        assert first.reading == second.reading
        seen = first.add(make_draft(1).mark)
        own = second.add(make_draft(2).mark)
        assert set(second.marks) == {seen, own}


def test_a_store_that_cannot_be_opened_is_not_taken_for_an_empty_one(tmp_path, study):
    with pytest.raises(StoreUnavailableError):
        open_session(lambda: SqliteStore(tmp_path), study, reader="Reader A")


def test_an_opener_is_used_for_the_session(path, study, make_draft):
    session, recorder = open_session(lambda: SqliteStore(path), study, reader="Reader A")
    session.add(make_draft().mark)
    recorder.close()
    with SqliteStore(path) as store:
        assert len(store.revisions(session.reading.reading_id)) == 1


def test_what_an_earlier_sitting_could_not_store_is_in_the_session(failing_store, study, reading, make_draft):
    session, recorder = open_session(failing_store, study, reader=reading.reader)
    failing_store.away = True
    mark = session.add(make_draft().mark)
    recorder.close()
    failing_store.away = False
    session, recorder = open_session(failing_store, study, reader=reading.reader)
    assert session.marks == (mark,)
    assert recorder.state.saved


class TestOffline:
    @pytest.fixture
    def earlier(self, path, study, make_draft):
        """A mark that the store holds already."""
        with SqliteStore(path) as store:
            session, _ = open_session(store, study, reader="Reader A")
            return session.add(make_draft(1).mark)

    @pytest.fixture
    def away(self, path, earlier):
        """The store's file is somewhere else, and something is in its place."""
        aside = path.with_name("aside")
        path.rename(aside)
        path.mkdir()

        def come_back():
            path.rmdir()
            aside.rename(path)

        return come_back

    @pytest.fixture
    def offline(self, path, study, away):
        session, recorder = open_session(lambda: SqliteStore(path), study, reader="Reader A", offline=True)
        yield session, recorder
        recorder.close()

    def test_changes_wait_and_join_what_is_stored(self, offline, away, path, earlier, make_draft):
        session, recorder = offline
        assert session.marks == ()
        mark = session.add(make_draft(2).mark)
        assert (recorder.state.saved, recorder.state.pending) == (False, 1)
        away()
        assert recorder.retry().saved
        assert set(session.marks) == {earlier, mark}
        with SqliteStore(path) as store:
            assert store.readings() == (session.reading,)
            drafts = [revision.draft.mark for revision in store.revisions(session.reading.reading_id)]
        assert drafts == [earlier, mark]

    def test_a_retry_without_changes_shows_what_is_stored(self, offline, away, earlier):
        session, recorder = offline
        assert recorder.retry().problem
        away()
        assert recorder.retry().saved
        assert session.marks == (earlier,)

    def test_closing_before_the_store_is_back_loses_nothing(self, offline, away, path, earlier, make_draft):
        session, recorder = offline
        mark = session.add(make_draft(2).mark)
        assert len(rescued(session.reading.reading_id)) == 1
        recorder.close()
        away()
        with SqliteStore(path) as store:
            session, _ = open_session(store, session.study, reader="Reader A")
            assert session.marks == (earlier, mark)
            assert len(store.readings()) == 1


def two_images(image):
    return StudyRecord("1.2", (image, replace(image, sop_instance_uid="1.2.3.99")))


def test_a_session_knows_the_images_of_earlier_sittings(image):
    store, whole = MemoryStore(), two_images(image)
    open_session(store, whole, reader="Reader A")
    session, _ = open_session(store, StudyRecord("1.2", (image,)), reader="Reader A")
    assert session.study == whole


def test_images_opened_later_reach_the_store(image):
    store, whole = MemoryStore(), two_images(image)
    session, recorder = open_session(store, StudyRecord("1.2", (image,)), reader="Reader A")
    session.study = session.study.merged(whole)
    recorder.extend_study(session.study)
    assert recorder.state.saved
    assert store.study("1.2") == whole


def test_a_reading_with_a_change_of_an_unknown_kind_is_not_opened(
    sqlite_store, study, begun, make_draft, tamper
):
    """Without it the reading would be another one than it is; nothing is lost, and the remedy is named."""
    sqlite_store.append(begun.reading_id, [make_draft(1.0), make_draft(2.0)], after=0)
    tamper("UPDATE revision SET content = replace(content, '\"target\"', '\"hologram\"') WHERE sequence = 2")
    with pytest.raises(StoreVersionError, match="does not know its kind, 'hologram'") as caught:
        open_session(sqlite_store, study, reader="Reader A")
    assert "Update fluoro-annotator" in caught.value.remedy
    assert sqlite_store.head(begun.reading_id).sequence == 2
