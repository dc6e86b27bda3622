"""The recorder: nothing is lost, nothing is stored twice, and the state is told truly."""

from __future__ import annotations

import errno
import os

import pytest

from fluoro_annotator.errors import StoreConflictError
from fluoro_annotator.marks import MarkSession, StudyRecord
from fluoro_annotator.store import (
    MemoryStore,
    SaveState,
    SqliteStore,
    StoreRecorder,
    open_session,
    recover,
    rescued,
)
from fluoro_annotator.store import delivery as delivery_module
from fluoro_annotator.store.rescue import RescueFile


@pytest.fixture
def recorder(failing_store, study, reading):
    recorder = StoreRecorder(failing_store, reading, after=0, study=study)
    yield recorder
    recorder.close()


@pytest.fixture
def told(recorder):
    """Every state that the recorder announces."""
    states: list[SaveState] = []
    recorder.state_changed.connect(states.append)
    return states


def kept(store, reading):
    return [revision.draft for revision in store.revisions(reading.reading_id)]


class TestSaving:
    def test_nothing_is_pending_at_first(self, recorder):
        assert recorder.state == SaveState(saved=True, pending=0, saved_at=None)

    def test_a_change_is_stored_before_it_is_called_saved(self, recorder, failing_store, reading, make_draft):
        stored_when_told = []
        recorder.state_changed.connect(lambda _: stored_when_told.append(kept(failing_store, reading)))
        drafts = [make_draft(), make_draft()]
        recorder.record(drafts)
        assert stored_when_told == [drafts]
        assert recorder.state.saved
        assert recorder.state.saved_at is not None

    def test_no_rescue_file_is_made_while_all_is_well(self, recorder, make_draft, rescue_folder):
        recorder.record([make_draft()])
        assert not rescue_folder.exists()

    def test_a_retry_with_nothing_pending_does_nothing(self, recorder, told):
        assert recorder.retry() == recorder.state
        assert told == []

    def test_it_goes_on_behind_what_is_stored(self, failing_store, reading, make_draft):
        failing_store.append(reading.reading_id, [make_draft()], after=0)
        recorder = StoreRecorder(failing_store, reading, after=1)
        met = []
        recorder.merged.connect(lambda drafts, _: met.extend(drafts))
        recorder.record([make_draft()])
        recorder.record([make_draft()])
        assert len(kept(failing_store, reading)) == 3
        assert met == []


class TestStoreAway:
    def test_changes_wait_in_memory_and_on_disk(self, recorder, told, failing_store, reading, make_draft):
        failing_store.away = True
        drafts = [make_draft(row) for row in (1, 2, 3)]
        recorder.record(drafts[:2])
        recorder.record(drafts[2:])
        state = recorder.state
        assert (state.saved, state.pending, told[-1]) == (False, 3, state)
        assert "drive that is gone" in state.problem
        assert state.remedy == "Connect the drive."
        assert state.rescue_file.is_file()
        assert rescued(reading.reading_id) == tuple(drafts)

    def test_while_it_waits_for_a_slow_store_a_change_is_on_disk(
        self, recorder, failing_store, make_draft, monkeypatch
    ):
        seen = []
        failing_store.away = True
        recorder.record([make_draft()])
        append = failing_store.append

        def slow(reading_id, drafts, *, after):
            seen.append(rescued(reading_id) == tuple(drafts))
            return append(reading_id, drafts, after=after)

        monkeypatch.setattr(failing_store, "append", slow)
        recorder.record([make_draft()])
        assert seen == [True]

    @pytest.mark.parametrize("come_back", ["retry", "record"])
    def test_they_are_delivered_once_and_in_order(
        self, recorder, failing_store, make_draft, rescue_folder, come_back
    ):
        drafts = [make_draft(row) for row in range(4)]
        recorder.record(drafts[:1])
        failing_store.away = True
        recorder.record(drafts[1:2])
        recorder.record(drafts[2:3])
        assert not recorder.retry().saved
        failing_store.away = False
        if come_back == "retry":
            assert recorder.retry().saved
        recorder.record(drafts[3:])
        assert kept(failing_store, recorder.reading) == drafts
        assert recorder.state.saved
        assert list(rescue_folder.iterdir()) == []

    def test_a_second_failure_makes_a_second_rescue_file(self, recorder, failing_store, make_draft, reading):
        for _ in range(2):
            failing_store.away = True
            draft = make_draft()
            recorder.record([draft])
            assert rescued(reading.reading_id) == (draft,)
            failing_store.away = False
            assert recorder.retry().rescue_file is None
        assert len(kept(failing_store, reading)) == 2

    def test_an_answer_that_got_lost_does_not_store_twice(self, recorder, failing_store, reading, make_draft):
        failing_store.fails_after_keeping = True
        drafts = [make_draft(1), make_draft(2)]
        recorder.record(drafts[:1])
        assert recorder.state.pending == 1
        recorder.record(drafts[1:])
        assert recorder.state.saved
        assert kept(failing_store, reading) == drafts

    def test_nudges_of_one_step_are_all_delivered(self, failing_store, study, reading, make_draft):
        """They share action, mark and kind; none may be taken for another one that is stored already."""
        recorder = StoreRecorder(failing_store, reading, after=0, study=study)
        session = MarkSession(reading, study, recorder)
        mark = session.add(make_draft(100).mark)
        failing_store.fails_after_keeping = True
        session.nudge(mark.mark_id, position=(101, 200.5))
        failing_store.away = True
        session.nudge(mark.mark_id, position=(100, 200.5))
        session.nudge(mark.mark_id, position=(101, 200.5))
        assert recorder.state.pending == 3
        assert len(rescued(reading.reading_id)) == 3
        failing_store.away = False
        assert recorder.retry().saved
        assert [draft.mark.position.row for draft in kept(failing_store, reading)] == [100, 101, 100, 101]
        assert kept(failing_store, reading) == list(session.drafts)
        recorder.close()

    def test_a_store_that_never_knew_the_reading_is_not_fatal(self, make_draft, reading):
        recorder = StoreRecorder(MemoryStore(), reading, after=0)
        recorder.record([make_draft()])
        assert recorder.state.pending == 1
        assert reading.reading_id in recorder.state.problem
        recorder.close()

    def test_pending_changes_stay_on_disk_when_the_window_closes(
        self, recorder, failing_store, reading, make_draft
    ):
        failing_store.away = True
        draft = make_draft()
        recorder.record([draft])
        recorder.close()
        assert rescued(reading.reading_id) == (draft,)


class TestRescueFileAway:
    @pytest.fixture
    def full(self):
        """A disk that takes what is written and then says that it is full."""

        def fail(_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            yield patch

    def test_the_window_is_asked_to_stay_open(self, recorder, failing_store, make_draft, full):
        failing_store.away = True
        recorder.record([make_draft()])
        assert "nor can the changes be put into a rescue file" in recorder.state.problem
        assert recorder.state.remedy.startswith("Leave this window open")
        assert recorder.state.pending == 1

    def test_a_folder_that_cannot_be_made(self, failing_store, reading, make_draft, tmp_path):
        (tmp_path / "file").touch()
        recorder = StoreRecorder(failing_store, reading, after=0, rescue_folder=tmp_path / "file" / "rescue")
        failing_store.away = True
        recorder.record([make_draft()])
        assert "nor can the changes be put into a rescue file" in recorder.state.problem
        assert recorder.state.rescue_file is None

    def test_no_file_is_named_that_holds_nothing(self, recorder, failing_store, make_draft, full):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", lambda _: None)
            failing_store.away = True
            recorder.record([make_draft()])
            assert recorder.state.rescue_file is not None
        failing_store.away = False
        assert recorder.retry().saved
        failing_store.away = True
        recorder.record([make_draft()])
        assert recorder.state.rescue_file is None

    def test_later_everything_is_put_aside_once(self, recorder, failing_store, make_draft, full):
        failing_store.away = True
        drafts = [make_draft(1), make_draft(2)]
        recorder.record(drafts[:1])
        full.undo()
        recorder.record(drafts[1:])
        assert "rescue" not in recorder.state.problem
        assert rescued(recorder.reading.reading_id) == tuple(drafts)

    def test_a_write_that_failed_leaves_no_half_line(self, tmp_path, reading, study, make_draft, full):
        rescue = RescueFile(tmp_path, reading, study)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            rescue.add([make_draft(1) for _ in range(3)])
        full.undo()
        second = make_draft(2)
        rescue.add([second])
        rescue.leave()
        assert rescued(reading.reading_id, tmp_path) == (second,)


class TestOpener:
    def test_a_store_is_opened_when_it_is_needed_and_again_after_a_failure(
        self, path, study, reading, make_draft
    ):
        opened = []

        def opener():
            opened.append(SqliteStore(path))
            return opened[-1]

        with SqliteStore(path) as store:
            store.save_study(study)
            store.begin(reading)
        recorder = StoreRecorder(opener, reading, after=0, study=study)
        assert opened == []
        recorder.record([make_draft()])
        aside = path.with_name("aside")
        path.rename(aside)
        path.mkdir()
        recorder.record([make_draft()])
        assert recorder.state.pending == 1
        path.rmdir()
        aside.rename(path)
        assert recorder.retry().saved
        recorder.close()
        assert len(opened) == 2
        with SqliteStore(path) as store:
            assert len(kept(store, reading)) == 2
            assert store.verify() == ()


class TestTwoWriters:
    @pytest.fixture
    def two(self, failing_store, study, reading):
        """Two windows on one reading."""
        recorders = [StoreRecorder(failing_store, reading, after=0, study=study) for _ in range(2)]
        sessions = [MarkSession(reading, study, recorder) for recorder in recorders]
        for recorder, session in zip(recorders, sessions, strict=True):
            recorder.merged.connect(session.merge)
        return sessions

    def test_both_streams_are_kept_and_seen(self, two, failing_store, reading, make_draft):
        first, second = two
        ours, theirs = first.add(make_draft(1).mark), second.add(make_draft(2).mark)
        assert set(second.marks) == {ours, theirs}
        first.select(ours.mark_id)
        first.delete(ours.mark_id)
        assert first.marks == (theirs,)
        assert len(kept(failing_store, reading)) == 3
        assert failing_store.verify() == ()

    def test_the_later_change_of_one_mark_wins_everywhere(self, two, failing_store, reading, make_draft):
        first, second = two
        mark = first.add(make_draft(1).mark)
        second.add(make_draft(2).mark)
        first.move(mark.mark_id, position=(50, 60))
        later = second.move(mark.mark_id, position=(70, 80))
        assert second.mark(mark.mark_id) == later
        first.add(make_draft(3).mark)
        assert first.mark(mark.mark_id) == later
        stored = MarkSession(reading, first.study, first._recorder, revisions=kept(failing_store, reading))
        assert {mark.mark_id: mark for mark in stored.marks} == {mark.mark_id: mark for mark in first.marks}

    def test_marks_with_pending_changes_are_named(self, recorder, failing_store, reading, make_draft):
        met = []
        recorder.merged.connect(lambda drafts, keep: met.append((drafts, keep)))
        failing_store.away = True
        ours = [make_draft(1), make_draft(2, mark_id="shared")]
        recorder.record(ours)
        failing_store.away = False
        theirs = make_draft(3, mark_id="shared", author="Reader B")
        failing_store.append(reading.reading_id, [theirs], after=0)
        recorder.retry()
        assert kept(failing_store, reading) == [theirs, *ours]
        ((drafts, keep),) = met
        assert drafts == (theirs,)
        assert set(keep) == {ours[0].mark.mark_id, "shared"}

    def test_a_change_of_others_behind_our_own_is_the_later_one(
        self, recorder, failing_store, reading, make_draft
    ):
        """Ours was stored without our hearing of it, then somebody else changed the same mark."""
        met = []
        recorder.merged.connect(lambda drafts, keep: met.append((drafts, keep)))
        failing_store.fails_after_keeping = True
        recorder.record([make_draft(1, mark_id="shared")])
        theirs = make_draft(2, mark_id="shared", author="Reader B")
        failing_store.append(reading.reading_id, [theirs], after=1)
        assert recorder.retry().saved
        assert met == [((theirs,), ())]
        assert len(kept(failing_store, reading)) == 2

    def test_a_store_that_forgot_changes_is_reported_and_ours_are_kept(
        self, failing_store, reading, make_draft
    ):
        recorder = StoreRecorder(failing_store, reading, after=5)
        recorder.record([make_draft()])
        assert "fewer changes" in recorder.state.problem
        assert recorder.state.pending == 1
        recorder.close()
        assert recover(failing_store) == 1

    def test_a_reading_that_never_rests_ends_as_pending(
        self, recorder, failing_store, reading, make_draft, monkeypatch
    ):
        monkeypatch.setattr(delivery_module, "ATTEMPTS", 3)
        append = failing_store.append

        def overtaken(reading_id, drafts, *, after):
            last = len(failing_store.revisions(reading_id))
            append(reading_id, [make_draft(author="Reader B")], after=last)
            return append(reading_id, drafts, after=after)

        monkeypatch.setattr(failing_store, "append", overtaken)
        recorder.record([make_draft()])
        assert "all the time" in recorder.state.problem
        monkeypatch.undo()
        assert recorder.retry().saved
        assert len(kept(failing_store, reading)) == 5
        with pytest.raises(StoreConflictError):
            failing_store.append(reading.reading_id, [make_draft()], after=0)


def test_a_recorder_without_a_study_still_makes_a_usable_rescue_file(failing_store, reading, make_draft):
    failing_store.away = True
    recorder = StoreRecorder(failing_store, reading, after=0)
    recorder.record([make_draft()])
    recorder.close()
    with MemoryStore() as other:
        assert recover(other) == 0
        other._store_id = failing_store.store_id  # the same store, restored from an empty backup
        assert recover(other) == 1
        assert other.study(reading.study_uid) == StudyRecord(reading.study_uid, ())
        assert other.readings() == (reading,)


class TestSubmittedElsewhere:
    @pytest.fixture
    def two(self, failing_store, study):
        """Two windows on one reading: their sessions, their recorders."""
        opened = [open_session(failing_store, study, reader="Reader A") for _ in range(2)]
        yield [session for session, _ in opened], [recorder for _, recorder in opened]
        for _, recorder in opened:
            recorder.close()

    def test_what_came_too_late_waits_and_follows_a_reopening_here(self, two, failing_store, make_draft):
        (first, second), (_, recorder) = two
        first.submit()
        late = second.add(make_draft(1).mark)
        assert (second.submitted, recorder.state.pending) == (True, 1)
        assert len(rescued(second.reading.reading_id)) == 1
        second.reopen()
        assert recorder.state.saved
        assert not second.submitted
        assert failing_store.records(second.reading.reading_id) == (late,)
        assert failing_store.verify() == ()

    def test_it_follows_a_reopening_there(self, two, failing_store, make_draft):
        (first, second), (_, recorder) = two
        first.submit()
        late = second.add(make_draft(1).mark)
        first.reopen()
        assert recorder.retry().saved
        assert not second.submitted
        assert failing_store.records(second.reading.reading_id) == (late,)

    @pytest.mark.parametrize("again", [False, True], ids=["submitted", "reopened"])
    def test_both_say_the_same(self, two, failing_store, again):
        sessions, recorders = two
        for session in sessions:
            session.submit("both")
        if again:
            recorders[0].retry()
            for session in sessions:
                session.reopen()
        assert [recorder.state.pending for recorder in recorders] == [0, 0]
        assert {session.submitted for session in sessions} == {not again}
        assert failing_store.head(sessions[0].reading.reading_id).submitted is not again
        assert failing_store.head(sessions[0].reading.reading_id).sequence == 1 + again
