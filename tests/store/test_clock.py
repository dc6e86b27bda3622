"""Clocks that run backwards: nothing is refused or moved, and it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fluoro_annotator.store import StoreRecorder, clock_notes, open_session
from fluoro_annotator.store.clock import ClockWatch, span

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(make_draft):
    """Return a change that was made so many minutes after noon."""
    return lambda minutes: make_draft(100.0, recorded_at=NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=12.9), "12 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_lengths_of_time_in_words(time, said):
    assert span(time) == said


class TestWatch:
    def test_nothing_is_said_of_times_that_go_on(self, at):
        watch = ClockWatch()
        watch.take([at(0), at(0), at(5)])
        assert watch.notice == ""

    def test_clocks_of_two_computers_may_differ_a_little(self, at):
        watch = ClockWatch(NOON)
        watch.take([at(-1)])
        assert watch.notice == ""

    def test_a_clock_that_is_behind_is_said_until_it_has_caught_up(self, at):
        watch = ClockWatch(NOON)
        watch.take([at(-12)])
        assert watch.notice.startswith("The clock of this computer is 12 minutes behind the last change")
        watch.take([at(-9)])
        assert "9 minutes behind" in watch.notice
        watch.take([at(0)])
        assert watch.notice == ""

    def test_changes_of_others_are_compared_with_but_not_complained_of(self, at):
        watch = ClockWatch()
        watch.see([at(30), at(-30)])
        assert watch.notice == ""
        watch.take([at(0)])
        assert "30 minutes behind" in watch.notice


class TestRecorder:
    def test_a_clock_that_is_set_back_costs_nothing_and_is_said(self, store, known, at):
        recorder = StoreRecorder(store, known, after=0)
        recorder.record([at(0)])
        assert recorder.state.notice == ""
        recorder.record([at(-45)])
        assert recorder.state.saved
        assert "45 minutes behind" in recorder.state.notice
        recorder.close()
        stored = store.revisions(known.reading_id)
        assert [revision.sequence for revision in stored] == [1, 2]
        assert [revision.draft.recorded_at for revision in stored] == [NOON, NOON - timedelta(minutes=45)]
        assert store.verify() == ()

    def test_what_is_in_the_reading_when_it_is_opened_counts(self, store, study, known, make_draft):
        ahead = datetime.now(UTC) + timedelta(days=3, hours=1)
        store.append(known.reading_id, [make_draft(recorded_at=ahead)], after=0)
        session, recorder = open_session(store, study, reader="Reader A")
        session.submit()
        assert recorder.state.saved
        assert "3 days behind" in recorder.state.notice
        recorder.close()

    def test_changes_of_another_window_count(self, store, known, at):
        recorder = StoreRecorder(store, known, after=0)
        store.append(known.reading_id, [at(20)], after=0)
        recorder.record([at(0)])
        recorder.record([at(1)])
        assert "19 minutes behind" in recorder.state.notice
        recorder.close()

    def test_it_is_said_while_the_store_is_away_too(self, failing_store, reading, at):
        recorder = StoreRecorder(failing_store, failing_store.begin(reading), after=0)
        recorder.record([at(0)])
        failing_store.away = True
        recorder.record([at(-5)])
        assert not recorder.state.saved
        assert "5 minutes behind" in recorder.state.notice
        recorder.close()


class TestNotes:
    def test_none_where_times_go_on(self, store, known, at):
        store.append(known.reading_id, [at(0), at(0.5), at(0)], after=0)
        assert list(clock_notes(store)) == []

    def test_the_first_place_and_their_number(self, store, known, at):
        store.append(known.reading_id, [at(0), at(-90), at(-80), at(-200)], after=0)
        (note,) = clock_notes(store)
        assert note.startswith(f"reading {known.reading_id}: revision 2 bears a time 1 hour before")
        assert "2 such places in all" in note
        assert store.verify() == ()
