"""Every action is done, taken back and repeated; the stored stream brings it all back after a restart."""

from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import MarkOutsideImageError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Cause, Change, Draft, ReadingState, RevisionKind
from fluoro_annotator.marks.values import moved, relabelled

INSIDE = Point(50, 60)


def add(session, mark):
    session.add(replace(mark, mark_id="another"))


def move(session, mark):
    session.move(mark.mark_id, **{mark.point_names[-1]: INSIDE})


def relabel(session, mark):
    site = session.anatomy.site("TON", Side.RIGHT)
    session.relabel(mark.mark_id, **({"site": site} if hasattr(mark, "site") else {"vertebra": "C3"}))


def delete(session, mark):
    session.delete(mark.mark_id)


def delete_several(session, mark):
    session.delete("second", mark.mark_id, "third")


def restore(session, mark):
    session.restore("gone")


ACTIONS = [add, move, relabel, delete, delete_several, restore]


@pytest.fixture
def filled(session, mark, three):
    """Fill a session with the mark, two others and a deleted one, on different frames."""
    target, needle, level = three
    session.add(mark)
    session.add(replace(target, mark_id="second"))
    session.add(replace(needle, mark_id="third"))
    session.add(replace(level, mark_id="gone"))
    session.delete("gone")
    return session


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_done_undone_and_redone(action, filled, heard, recorder):
    before = filled.marks
    action(filled, before[0])
    after = filled.marks
    assert after != before
    done = recorder.calls[-1]
    for _ in range(2):
        undone = filled.undo()
        assert filled.marks == before
        assert heard[-1] == undone
        assert recorder.calls[-1][0].cause is Cause.UNDO
        redone = filled.redo()
        assert filled.marks == after
        assert heard[-1] == redone
        assert recorder.calls[-1][0].cause is Cause.REDO
    concerned = {draft.concerns for call in recorder.calls[-4:] for draft in call}
    assert concerned == {done[0].action_id}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("reversals", ["", "u", "ur", "uru", "urur"])
def test_a_restart_brings_back_marks_and_undo(action, reversals, filled, facts, reopened):
    action(filled, filled.marks[0])
    for letter in reversals:
        {"u": filled.undo, "r": filled.redo}[letter]()
    later = reopened(filled._recorder.drafts)
    assert facts(later) == facts(filled)
    for session in (filled, later):
        for _ in range(10):
            session.undo()
        assert session.marks == ()
        assert not session.can_undo
    assert facts(later)[1:] == facts(filled)[1:]


def test_undo_and_redo_of_nothing_do_nothing(session, recorder, heard):
    assert (session.can_undo, session.can_redo) == (False, False)
    assert (session.undo_text, session.redo_text) == ("", "")
    assert session.undo() == session.redo() == ()
    assert recorder.calls == []
    assert heard == []


def test_undo_crosses_frames_and_images(session, frames, sites):
    made = [session.add_target(frame, sites[0], Point(5, 5)) for frame in frames]
    for count in range(len(made), 0, -1):
        assert session.marks == tuple(made[:count])
        assert session.undo() == (Change(made[count - 1], None),)
    for count in range(1, len(made) + 1):
        session.redo()
        assert session.marks == tuple(made[:count])


def test_a_new_edit_ends_redo(session, target, needle):
    session.add(target)
    session.undo()
    session.add(needle)
    assert not session.can_redo
    assert session.redo() == ()
    session.undo()
    assert session.redo_text.startswith("add Needle")


def test_a_refused_edit_does_not_end_redo(session, target):
    session.add(target)
    session.undo()
    with pytest.raises(MarkOutsideImageError):
        session.add(moved(replace(target, mark_id="x"), position=Point(-9, 0)))
    assert session.can_redo


def test_the_texts_say_what_is_taken_back(session, target, needle, sites):
    session.add(target)
    assert session.undo_text == "add L3 medial branch, at L4, right"
    session.move(target.mark_id, position=INSIDE)
    assert session.undo_text == "move L3 medial branch, at L4, right"
    session.relabel(target.mark_id, site=sites[1])
    assert session.undo_text == "relabel L4 medial branch, at L5, left"
    session.add(needle)
    session.delete(target.mark_id, needle.mark_id)
    assert session.undo_text == "delete L4 medial branch, at L5, left and 1 more"
    session.undo()
    assert session.redo_text == "delete L4 medial branch, at L5, left and 1 more"
    session.redo()
    session.restore(target.mark_id)
    assert session.undo_text == "restore L4 medial branch, at L5, left"


def test_marks_deleted_together_come_back_together_and_in_place(session, recorder, three):
    target, needle, level = three
    for mark in three:
        session.add(mark)
    session.delete(level.mark_id, target.mark_id)
    assert session.undo() == (Change(None, target), Change(None, level))
    assert session.marks == (target, needle, level)
    assert {draft.kind for draft in recorder.calls[-1]} == {RevisionKind.RESTORE}
    session.redo()
    assert session.marks == (needle,)


def test_repeating_the_making_of_a_mark_restores_it(session, recorder, target):
    session.add(target)
    session.undo()
    session.redo()
    assert [draft.kind.value for draft in recorder.drafts] == ["add", "delete", "restore"]


def test_undo_has_no_limit(session, reopened, recorder, target):
    session.add(target)
    for row in range(150):
        session.move(target.mark_id, position=Point(row, 1))
    later = reopened(recorder.drafts)
    for row in range(148, -1, -1):
        later.undo()
        assert later.mark(target.mark_id).position == (row, 1)


# ---------------------------------------------------------------------- two windows on one reading


def edit(kind, mark, **more):
    return Draft(kind=RevisionKind(kind), mark=mark, author="Ada Reader", **more)


def test_changes_of_another_window_are_announced_once_per_mark(session, heard, target, needle):
    session.add(target)
    elsewhere = moved(target, position=INSIDE)
    session.merge(
        [edit("move", moved(target, position=Point(1, 1))), edit("add", needle), edit("move", elsewhere)]
    )
    assert heard[-1] == (Change(target, elsewhere), Change(None, needle))
    assert session.marks == (elsewhere, needle)


def test_changes_of_another_window_that_alter_nothing_are_not_announced(session, heard, recorder, target):
    session.add(target)
    session.delete(target.mark_id)
    heard.clear()
    session.merge([edit("delete", target), edit("add", target), edit("delete", target)])
    session.merge([])
    assert heard == []
    assert len(recorder.calls) == 2


def test_marks_with_changes_of_our_own_stay_as_they_are(session, heard, target, needle):
    session.add(target)
    session.add(needle)
    heard.clear()
    theirs = [edit("delete", target), edit("move", moved(needle, tip=INSIDE))]
    session.merge(theirs, keep=[target.mark_id])
    assert session.marks == (target, moved(needle, tip=INSIDE))
    assert heard == [(Change(needle, moved(needle, tip=INSIDE)),)]


def test_undo_takes_back_the_last_edit_of_this_window(session, target, needle):
    session.add(target)
    session.merge([edit("add", needle)])
    session.undo()
    assert session.marks == (needle,)
    assert not session.can_undo


def test_undo_passes_over_what_another_window_did_already(session, recorder, target, needle):
    session.add(target)
    session.add(needle)
    session.merge([edit("delete", needle)])
    assert session.undo_text == "add L3 medial branch, at L4, right"
    session.undo()
    assert session.marks == ()
    assert not session.can_undo
    assert [draft.mark for draft in recorder.calls[-1]] == [target]


def test_undo_of_several_takes_back_what_is_left_to_take_back(session, target, needle):
    session.add(target)
    session.add(needle)
    session.delete(target.mark_id, needle.mark_id)
    session.merge([edit("restore", target)])
    assert session.undo() == (Change(None, needle),)
    assert session.redo() == (Change(needle, None),)
    assert session.undo() == (Change(None, needle),)


def test_redo_brings_back_what_undo_took_away(session, target):
    session.add(target)
    elsewhere = moved(target, position=INSIDE)
    session.merge([edit("move", elsewhere)])
    session.undo()
    session.redo()
    assert session.marks == (elsewhere,)


def test_a_mark_deleted_in_two_windows_can_be_undone_after_a_restart(reopened, target):
    stored = [edit("add", target), edit("delete", target), edit("delete", target)]
    later = reopened(stored)
    assert later.undo() == (Change(None, target),)
    assert later.undo() == (Change(target, None),)
    assert not later.can_undo


def test_an_undo_behind_an_edit_of_another_window_counts_as_an_edit(reopened, target):
    added = edit("add", target)
    shifted = edit("move", moved(target, position=INSIDE))
    taken_back = edit("delete", target, cause=Cause.UNDO, concerns=added.action_id)
    later = reopened([added, shifted, taken_back])
    assert later.marks == ()
    assert later.undo() == (Change(None, moved(target, position=INSIDE)),)
    assert later.undo() == (Change(moved(target, position=INSIDE), target),)
    assert later.undo() == (Change(target, None),)


def test_an_undo_with_another_outcome_than_its_writer_saw_counts_as_an_edit(reopened, target):
    """One window takes a mark away; the other, which has not heard, moves it there and back."""
    added, shifted = edit("add", target), edit("move", moved(target, position=INSIDE))
    taken_away = edit("delete", target, cause=Cause.UNDO, concerns=added.action_id)
    back = edit("move", target, cause=Cause.UNDO, concerns=shifted.action_id)
    later = reopened([added, taken_away, shifted, back])
    assert later.marks == (target,)
    assert later.undo() == (Change(target, moved(target, position=INSIDE)),)
    assert later.undo() == (Change(moved(target, position=INSIDE), None),)
    assert not later.can_undo


def test_two_windows_that_take_back_the_same_edit_took_it_back_once(reopened, target, needle):
    added = edit("add", target)
    taken_back = edit("delete", target, cause=Cause.UNDO, concerns=added.action_id)
    again = edit("delete", target, cause=Cause.UNDO, concerns=added.action_id)
    later = reopened([edit("add", needle), added, taken_back, again])
    assert later.redo() == (Change(None, target),)
    assert later.undo() == (Change(target, None),)
    assert later.undo_text.startswith("add Needle")


@pytest.mark.parametrize("cause", [Cause.UNDO, Cause.REDO])
def test_an_undo_of_something_unknown_counts_as_an_edit(cause, reopened, target):
    later = reopened([edit("restore", target, cause=cause, concerns="unknown")])
    assert later.marks == (target,)
    later.undo()
    assert later.marks == ()


def test_imported_marks_are_not_taken_back(reopened, target, sites):
    stored = [edit("add", target, cause=Cause.IMPORT)]
    later = reopened(stored)
    assert not later.can_undo
    later.relabel(target.mark_id, site=sites[1])
    later.delete(target.mark_id)
    later.undo()
    later.undo()
    assert later.marks == (target,)
    assert not later.can_undo


def test_changes_merged_while_recording_stand_before_our_own(
    make_session, recorder_type, target, needle, sites
):
    """A recorder that finds a conflict hands over the other window's changes at once."""

    class ConflictingRecorder(recorder_type):
        def record(self, drafts):
            theirs = [edit("add", needle), edit("delete", target)]
            self.drafts.extend(theirs)
            session.merge(theirs, keep=[draft.mark.mark_id for draft in drafts])
            super().record(drafts)

    recorder = ConflictingRecorder()
    session = make_session(recorder, [edit("add", target)])
    after = session.relabel(target.mark_id, site=sites[2])
    assert after == relabelled(target, site=sites[2])
    assert session.marks == (after, needle)
    assert ReadingState.of([edit("add", target), *recorder.drafts]).marks == session.marks
    session.undo()
    assert session.mark(target.mark_id) == target
