"""Nudges that follow each other quickly are stored one by one and taken back at once."""

from datetime import timedelta

import pytest

from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Cause
from fluoro_annotator.marks.runs import LONGEST_PAUSE


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self, start):
        self.now = start

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(session):
    return Clock(session._clock())


@pytest.fixture
def nudged(session, recorder, clock, target, needle):
    """A session with a target and a needle, and a clock that stands still."""
    session._clock = clock
    session.add(target)
    session.add(needle)
    recorder.calls.clear()
    return session


def right(session, mark, name="position", by=1.0):
    place = session.mark(mark.mark_id).point(name)
    return session.nudge(mark.mark_id, **{name: Point(place.row, place.column + by)})


def test_each_nudge_is_recorded_at_once_and_all_are_one_step(nudged, target, recorder):
    before = nudged.marks
    for number in range(1, 6):
        after = right(nudged, target)
        assert len(recorder.calls) == number
        assert recorder.calls[-1][0].mark == after == nudged.mark(target.mark_id)
    assert after.position.column == target.position.column + 5
    (change,) = nudged.undo()
    assert (change.before, change.after) == (after, target)
    assert nudged.marks == before
    nudged.redo()
    assert nudged.mark(target.mark_id) == after


def test_nudges_of_one_moment_have_times_of_their_own(nudged, target, recorder):
    for _ in range(4):
        right(nudged, target)
    drafts = [draft for call in recorder.calls for draft in call]
    assert len({draft.action_id for draft in drafts}) == 1
    times = [draft.recorded_at for draft in drafts]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("pause", "steps"), [(LONGEST_PAUSE, 1), (LONGEST_PAUSE * 1.01, 2), (LONGEST_PAUSE * -1.01, 2)]
)
def test_a_long_pause_or_a_clock_put_back_begins_another_step(nudged, target, clock, pause, steps):
    right(nudged, target)
    clock.now += pause
    right(nudged, target)
    for _ in range(steps):
        assert nudged.mark(target.mark_id) != target
        nudged.undo()
    assert nudged.mark(target.mark_id) == target


@pytest.mark.parametrize(
    "between",
    [
        lambda session, target, needle: right(session, needle, "tip"),
        lambda session, target, needle: session.move(needle.mark_id, hub=Point(91, 141)),
        lambda session, target, needle: (session.select(needle.mark_id), session.select(target.mark_id)),
        lambda session, target, needle: (session.undo(), session.redo()),
    ],
    ids=["another mark", "another change", "another selection", "undo and redo"],
)
def test_anything_between_begins_another_step(nudged, target, needle, recorder, between):
    nudged.select(target.mark_id)
    once = right(nudged, target)
    between(nudged, target, needle)
    right(nudged, target)
    nudged.undo()
    assert nudged.mark(target.mark_id) == once


def test_another_point_of_the_mark_begins_another_step(nudged, needle):
    tip = right(nudged, needle, "tip")
    right(nudged, needle, "hub")
    nudged.undo()
    assert nudged.mark(needle.mark_id) == tip


def test_a_change_from_elsewhere_begins_another_step(nudged, target, make_session, recorder_type):
    elsewhere = make_session(recorder_type(), nudged.drafts)
    once = right(nudged, target)
    elsewhere.delete(nudged.marks[1].mark_id)
    nudged.merge(elsewhere.drafts[-1:])
    right(nudged, target)
    nudged.undo()
    assert nudged.mark(target.mark_id) == once


def test_to_and_fro_leaves_nothing_to_undo(nudged, target, needle, recorder):
    right(nudged, target)
    right(nudged, target, by=-1.0)
    assert nudged.mark(target.mark_id) == target
    assert nudged.undo()[0].mark == needle
    assert len(recorder.calls) == 3


@pytest.mark.parametrize("way", ["", "u", "ur", "uu", "uurr"])
@pytest.mark.parametrize("steps", [(1, 1, 1), (1, -1), (1, -1, 1)])
def test_a_restart_brings_the_step_back(nudged, target, facts, reopened, *, steps, way):
    nudged.undo()
    for by in steps:
        right(nudged, target, by=by)
    for letter in way:
        nudged.undo() if letter == "u" else nudged.redo()
    assert facts(reopened(nudged.drafts)) == facts(nudged)


def test_a_nudge_over_the_edge_leaves_no_trace(nudged, target, recorder):
    right(nudged, target)
    known = nudged.drafts
    with pytest.raises(MarkError):
        right(nudged, target, by=1000)
    assert (nudged.drafts, len(recorder.calls)) == (known, 1)
    right(nudged, target)
    nudged.undo()
    assert nudged.mark(target.mark_id) == target


def test_undo_says_of_what_it_is(nudged, target, recorder):
    for _ in range(2):
        right(nudged, target)
    action = recorder.calls[-1][0].action_id
    assert nudged.undo_text == f"move {nudged.label(target)}"
    nudged.undo()
    (draft,) = recorder.calls[-1]
    assert (draft.cause, draft.concerns) == (Cause.UNDO, action)
