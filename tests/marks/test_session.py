"""Editing: every change is checked, recorded and announced, or leaves no trace."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    MarkError,
    MarkOutsideImageError,
    SideNotAllowedError,
    StoreUnavailableError,
    UnknownImageError,
    UnknownMarkError,
    UnknownNerveError,
    WrongVertebraError,
)
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Cause,
    Change,
    Draft,
    FrameRef,
    MarkSession,
    NoRecorder,
    RevisionKind,
    StudyRecord,
)
from fluoro_annotator.marks.values import moved

INSIDE = Point(50, 60)


def test_a_session_is_of_the_study_of_its_reading(reading):
    with pytest.raises(MarkError, match="is not of study"):
        MarkSession(reading, StudyRecord("1.9", ()), NoRecorder())


def test_a_session_without_recorder_works_in_scripts(reading, study, target):
    session = MarkSession(reading, study, NoRecorder())
    session.add(target)
    assert session.marks == (target,)
    assert session.undo() == (Change(target, None),)


def test_each_way_of_adding_makes_its_mark(session, frames, sites):
    made = (
        session.add_target(frames[0], sites[0], INSIDE),
        session.add_needle(frames[1], sites[1], INSIDE, Point(90, 90)),
        session.add_level_label(frames[4], "L4", Point(1, 1)),
    )
    assert session.marks == made
    assert [mark.kind.value for mark in made] == ["target", "needle", "level_label"]
    assert session.marks_on(frames[1]) == (made[1],)
    assert session.marks_on(frames[3]) == ()
    assert session.label(made[0]) == "L3 medial branch, at L4, right"


def test_an_edit_is_recorded_with_everything_that_is_known_of_it(session, recorder, target):
    session.add(target)
    (draft,) = recorder.drafts
    assert (draft.kind, draft.mark, draft.author) == (RevisionKind.ADD, target, "Ada Reader")
    assert (draft.client, draft.cause, draft.concerns) == ("test 1", Cause.EDIT, None)
    assert draft.recorded_at.tzinfo is UTC
    assert draft.recorded_at.microsecond == 123000


def test_an_edit_is_recorded_before_it_is_announced(session, recorder, target):
    seen = []
    session.changed.connect(lambda changes: seen.append((len(recorder.drafts), session.marks, changes)))
    session.add(target)
    assert seen == [(1, (target,), (Change(None, target),))]


def test_every_edit_is_recorded_once_in_order(session, recorder, heard, mark, sites):
    session.add(mark)
    shifted = session.move(mark.mark_id, **{mark.point_names[0]: INSIDE})
    name = {"vertebra": "L5"} if mark.kind.value == "level_label" else {"site": sites[2]}
    renamed = session.relabel(mark.mark_id, **name)
    session.delete(mark.mark_id)
    session.restore(mark.mark_id)
    assert [draft.kind.value for draft in recorder.drafts] == ["add", "move", "relabel", "delete", "restore"]
    assert [draft.mark for draft in recorder.drafts] == [mark, shifted, renamed, renamed, renamed]
    assert heard == [
        (Change(None, mark),),
        (Change(mark, shifted),),
        (Change(shifted, renamed),),
        (Change(renamed, None),),
        (Change(None, renamed),),
    ]
    assert len({draft.action_id for draft in recorder.drafts}) == 5


def test_times_of_a_mark_come_from_the_clock(session, target):
    session.add(target)
    session.move(target.mark_id, position=INSIDE)
    (record,) = session.records
    assert record.changed_at - record.created_at == timedelta(seconds=1)
    assert record.author == "Ada Reader"


def test_marks_deleted_together_share_an_action(session, recorder, heard, three):
    target, needle, level = three
    for mark in three:
        session.add(mark)
    session.delete(level.mark_id, target.mark_id, level.mark_id)
    assert session.marks == (needle,)
    assert len(recorder.calls[-1]) == 2
    assert len({draft.action_id for draft in recorder.calls[-1]}) == 1
    assert heard[-1] == (Change(level, None), Change(target, None))


def test_an_edit_that_alters_nothing_is_no_edit(session, recorder, heard, target):
    session.add(target)
    before = len(recorder.calls)
    assert session.move(target.mark_id, position=target.position) == target
    assert session.move(target.mark_id, position=(10.25, 20.5)) == target
    assert session.move(target.mark_id) == target
    assert session.relabel(target.mark_id, site=target.site) == target
    assert session.restore(target.mark_id) == target
    session.delete()
    assert len(recorder.calls) == before
    assert len(heard) == 1
    session.undo()
    assert session.marks == ()


REFUSED_MARKS = {
    "before the first row": (lambda mark: moved(mark, position=Point(-0.6, 1)), MarkOutsideImageError),
    "after the last column": (lambda mark: moved(mark, position=Point(1, 299.6)), MarkOutsideImageError),
    "after the last frame": (
        lambda mark: replace(mark, frame=replace(mark.frame, frame_number=5)),
        MarkOutsideImageError,
    ),
    "unknown image": (lambda mark: replace(mark, frame=FrameRef("1.2", 1)), UnknownImageError),
    "unknown nerve": (
        lambda mark: replace(mark, site=Site("L9_MB", "L4", ("L3-L4",), Side.LEFT)),
        UnknownNerveError,
    ),
    "midline": (
        lambda mark: replace(mark, site=replace(mark.site, side=Side.MIDLINE)),
        SideNotAllowedError,
    ),
    "vertebra of the nerve's number": (
        lambda mark: replace(mark, site=replace(mark.site, vertebra="L3")),
        WrongVertebraError,
    ),
}


@pytest.fixture
def started(session, heard, facts, three):
    """Fill the session, with something to undo and to redo; return a check that it is unaltered."""
    target, _, level = three
    recorder = session._recorder
    for mark in three:
        session.add(mark)
    session.delete(level.mark_id)
    session.move(target.mark_id, position=INSIDE)
    session.undo()
    session.select(target.mark_id)
    heard.clear()
    before, drafts = repr(facts(session)), list(recorder.drafts)

    def is_unaltered():
        return (
            repr(facts(session)) == before
            and recorder.drafts == drafts
            and heard == []
            and session.selected == target.mark_id
        )

    return is_unaltered


@pytest.mark.parametrize("name", REFUSED_MARKS)
def test_a_refused_mark_leaves_no_trace(name, started, session, target):
    alter, error = REFUSED_MARKS[name]
    with pytest.raises(error):
        session.add(alter(replace(target, mark_id="new")))
    assert started()


def test_every_refused_change_leaves_no_trace(started, session, three, sites, frames):
    target, needle, level = three
    wrong_site = replace(sites[0], vertebra="L3")
    refused = [
        lambda: session.add(target),
        lambda: session.add(level),  # deleted, and still part of the reading
        lambda: session.add_target(frames[0], sites[0], (float("nan"), 1)),
        lambda: session.add_target(FrameRef("1.2.826.1", 0), sites[0], INSIDE),
        lambda: session.add_needle(frames[0], sites[0], INSIDE, INSIDE),
        lambda: session.add_needle(frames[0], sites[0], INSIDE, Point(200, 1)),
        lambda: session.add_level_label(frames[0], "L9", INSIDE),
        lambda: session.move(target.mark_id, position=Point(1, 300)),
        lambda: session.move(target.mark_id, position=("1", "2")),
        lambda: session.move(target.mark_id, hub=INSIDE),
        lambda: session.move(needle.mark_id, tip=needle.hub),
        lambda: session.move(level.mark_id, position=INSIDE),
        lambda: session.move("unknown", position=INSIDE),
        lambda: session.relabel(target.mark_id),
        lambda: session.relabel(target.mark_id, vertebra="L4"),
        lambda: session.relabel(target.mark_id, site=wrong_site),
        lambda: session.relabel("unknown", site=sites[0]),
        lambda: session.delete(target.mark_id, level.mark_id),
        lambda: session.delete(needle.mark_id, "unknown"),
        lambda: session.restore("unknown"),
        lambda: session.select("unknown"),
        lambda: session.select(level.mark_id),
        lambda: session.mark(level.mark_id),
    ]
    for attempt in refused:
        with pytest.raises(FluoroAnnotatorError):
            attempt()
        assert started()


def test_a_recorder_that_fails_leaves_no_trace(started, session, recorder, three, sites):
    target, needle, level = three
    recorder.failure = StoreUnavailableError("store", "is gone")
    attempts = [
        lambda: session.add(replace(target, mark_id="new")),
        lambda: session.move(target.mark_id, position=INSIDE),
        lambda: session.relabel(needle.mark_id, site=sites[0]),
        lambda: session.delete(target.mark_id, needle.mark_id),
        lambda: session.restore(level.mark_id),
        session.undo,
        session.redo,
    ]
    for attempt in attempts:
        with pytest.raises(StoreUnavailableError):
            attempt()
        assert started()


# ---------------------------------------------------------------------- selection


@pytest.fixture
def selections(session):
    announced = []
    session.selection_changed.connect(announced.append)
    return announced


def test_selection_is_announced_when_it_changes(session, selections, target, needle):
    session.add(target)
    session.add(needle)
    for mark_id in (target.mark_id, target.mark_id, needle.mark_id, None, None):
        session.select(mark_id)
        assert session.selected == mark_id
    assert selections == [target.mark_id, needle.mark_id, None]


def test_a_mark_that_goes_is_not_selected_any_more(session, selections, target):
    session.add(target)
    session.select(target.mark_id)
    session.delete(target.mark_id)
    assert session.selected is None
    session.undo()
    session.select(target.mark_id)
    session.merge([Draft(kind=RevisionKind.DELETE, mark=target, author="Ann")])
    assert session.selected is None
    assert selections == [target.mark_id, None, target.mark_id, None]


def test_a_mark_that_moves_stays_selected(session, selections, target):
    session.add(target)
    session.select(target.mark_id)
    session.move(target.mark_id, position=INSIDE)
    session.undo()
    assert selections == [target.mark_id]


# ---------------------------------------------------------------------- looking


def test_present_and_deleted_marks_are_told_apart(session, target):
    assert target.mark_id not in session
    session.add(target)
    assert target.mark_id in session
    assert session.mark(target.mark_id) == target
    session.delete(target.mark_id)
    assert target.mark_id not in session
    with pytest.raises(UnknownMarkError, match="is deleted"):
        session.mark(target.mark_id)


def test_marks_on_images_that_are_not_open_are_kept(reopened, target):
    """A study may be opened without all of its files."""
    elsewhere = replace(target, frame=FrameRef("1.2.3.4", 7))
    stored = [Draft(kind=RevisionKind.ADD, mark=elsewhere, author="Ann")]
    later = reopened(stored)
    assert later.marks == (elsewhere,)
    with pytest.raises(UnknownImageError):
        later.move(elsewhere.mark_id, position=INSIDE)
    later.delete(elsewhere.mark_id)
    later.undo()
    assert later.marks == (elsewhere,)
