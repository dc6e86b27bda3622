"""Records of every kind in a session: set, changed together, copied, renamed, summed up, undone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fluoro_annotator.errors import FluoroAnnotatorError, MarkError, UnknownMarkError
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point
from fluoro_annotator.marks import (
    Change,
    Draft,
    FrameRef,
    ImageRecord,
    MarkKind,
    MarkSession,
    NoRecorder,
    Reading,
    RevisionKind,
    StudyRecord,
    shift,
)


@pytest.fixture
def full(session, every_edit):
    """A session that holds a record of every kind that can be edited."""
    for record in every_edit:
        session.put(record)
    return session


def everything(session):
    return {entry.mark for entry in session.records}


# ---------------------------------------------------------------------- undo over all kinds


def test_every_kind_is_undone_redone_and_found_again(full, every_edit, recorder, reopened, facts):
    assert everything(full) == set(every_edit)
    for record in every_edit:
        full.delete(record.mark_id)
    assert everything(full) == set()
    assert facts(reopened(recorder.drafts)) == facts(full)
    for _ in every_edit:
        assert full.undo()
    assert everything(full) == set(every_edit)
    later = reopened(recorder.drafts)
    assert facts(later) == facts(full)
    for _ in every_edit:
        assert later.undo()
    assert everything(later) == set()
    for _ in range(2 * len(every_edit)):
        assert later.redo()
    assert everything(later) == set()


def test_marks_are_those_on_frames(full, every_edit, frames, target, numbering):
    facts = {MarkKind.PLAN_CHOICE, MarkKind.SLOT_STATE, MarkKind.NUMBERING, MarkKind.USER_CALIBRATION}
    facts.add(MarkKind.VIEW_ASSIGNMENT)
    assert {record.kind for record in every_edit} - {mark.kind for mark in full.marks} == facts
    assert full.marks_on(frames[2]) == tuple(mark for mark in full.marks if mark.frame == frames[2])
    assert full.marked_frames == {mark.frame for mark in full.marks}
    assert full.records_of(MarkKind.TARGET) == (target,)
    assert full.numbering == numbering
    assert full.record("numbering") == full.find("numbering") == numbering
    assert full.find("unknown") is None
    with pytest.raises(UnknownMarkError, match="on no frame"):
        full.mark("numbering")


def test_a_deleted_mark_comes_back_to_its_place(session, target, needle, level, frames):
    three = [replace(mark, frame=frames[0]) for mark in (target, needle, level)]
    for mark in three:
        session.add(mark)
    session.delete(three[0].mark_id)
    assert session.marks == session.marks_on(frames[0]) == tuple(three[1:])
    session.undo()
    assert session.marks == session.marks_on(frames[0]) == tuple(three)


# ---------------------------------------------------------------------- setting and changing


def test_put_sets_what_there_is_one_of(session, numbering, heard):
    other = replace(numbering, confidence="certain")
    session.put(numbering)
    session.put(numbering)
    session.put(other)
    assert len(heard) == 2
    assert session.numbering == other
    session.delete("numbering")
    assert session.numbering is None
    session.put(numbering)
    assert session.numbering == numbering
    assert session.undo_text == "restore Numbering: 4 lumbar type, counted from sacrum up, uncertain"
    for expected in (None, other, numbering, None):
        session.undo()
        assert session.numbering == expected


def test_a_fact_that_is_no_place_and_no_name_is_changed(session, needle, recorder):
    session.add(needle)
    session.replace(replace(needle, status="final", gauge=22))
    assert recorder.drafts[-1].kind is RevisionKind.CHANGE
    assert session.undo_text == "change Needle, L4 medial branch, at L5, left"
    session.undo()
    assert session.marks == (needle,)


def test_replace_refuses_what_is_not_there_or_of_another_kind(session, target, level):
    session.add(target)
    with pytest.raises(UnknownMarkError):
        session.replace(level)
    with pytest.raises(MarkError, match="is a target, not a level label"):
        session.replace(replace(level, mark_id=target.mark_id))


def test_vertices_are_put_in_and_taken_out(session, course, target):
    session.add(course)
    session.add(target)
    session.insert_vertex(course.mark_id, 1, Point(2, 2))
    assert session.mark(course.mark_id).vertices[1] == (2, 2)
    session.move(course.mark_id, vertex_2=Point(2, 9))
    session.remove_vertex(course.mark_id, 0)
    assert session.mark(course.mark_id).vertices == ((2, 9), (3, 4), (5, 4))
    for _ in range(3):
        session.undo()
    assert session.mark(course.mark_id) == course
    for attempt in (
        lambda: session.insert_vertex(course.mark_id, 1, Point(500, 1)),
        lambda: session.insert_vertex(target.mark_id, 0, Point(1, 1)),
        lambda: session.remove_vertex(target.mark_id, 0),
        lambda: session.move(course.mark_id, vertex_4=Point(1, 1)),
    ):
        with pytest.raises(FluoroAnnotatorError):
            attempt()
    assert session.mark(course.mark_id) == course


def test_a_copy_on_another_frame_is_the_same_needle(session, needle, frames):
    session.add(needle)
    copy = session.copy_to_frame(needle.mark_id, frames[0])
    again = session.copy_to_frame(copy.mark_id, frames[3])
    assert copy.mark_id != needle.mark_id
    assert {copy.needle_id, again.needle_id} == {needle.needle_id}
    assert session.marks_on(frames[0]) == (copy,)
    assert replace(copy, mark_id=needle.mark_id, frame=needle.frame) == needle
    with pytest.raises(MarkError, match="on this frame already"):
        session.copy_to_frame(needle.mark_id, needle.frame)
    with pytest.raises(MarkError, match="outside the image"):
        session.copy_to_frame(needle.mark_id, frames[4])


# ---------------------------------------------------------------------- several changes at once


def test_several_changes_are_one_step(session, recorder, three, reopened):
    target, needle, level = three
    session.add(target)
    session.add(needle)
    after = replace(target, position=Point(1, 1))
    session.edit([Change(target, after), Change(needle, None), Change(None, level)], what="tidy up")
    assert everything(session) == {after, level}
    assert session.undo_text == "tidy up 3 marks"
    later = reopened([Draft.from_dict(draft.to_dict()) for draft in recorder.drafts])
    assert later.undo_text == "tidy up 3 marks"
    later.undo()
    assert everything(later) == {target, needle}
    assert later.redo_text == "tidy up 3 marks"


def test_a_step_that_cannot_be_made_whole_is_not_made(session, recorder, target, needle):
    session.add(target)
    before = list(recorder.drafts)
    outside = replace(target, position=Point(500, 1))
    for changes, reason in (
        ([Change(None, needle), Change(target, outside)], "outside the image"),
        ([Change(None, needle), Change(outside, target)], "in the meantime"),
        ([Change(None, needle), Change(needle, None)], "twice"),
        ([Change(None, target)], "in the meantime"),
    ):
        with pytest.raises(MarkError, match=reason):
            session.edit(changes)
        assert recorder.drafts == before
    assert session.edit([Change(target, target)]) == ()
    assert recorder.drafts == before


# ---------------------------------------------------------------------- renumbering


def test_renumbering_renames_everything_in_one_step(full, every_edit, anatomy, numbering):
    before = everything(full)
    counted_again = replace(numbering, confidence="certain")
    full.renumber({"L4": "L3", "L5": "L4"}, counted_again)
    names = {
        MarkKind.TARGET: "L2_MB",
        MarkKind.NERVE_COURSE: "L2_MB",
        MarkKind.EVENT: "L2_MB",
    }
    for kind, nerve in names.items():
        assert {mark.site.nerve for mark in full.records_of(kind)} == {nerve}
    assert {mark.site.nerve for mark in full.records_of(MarkKind.TARGET_ZONE)} == {"L2_MB", "L3_MB"}
    assert {mark.site.nerve for mark in full.records_of(MarkKind.NEEDLE)} == {"L2_MB", "L3_MB"}
    assert [mark.vertebra for mark in full.records_of(MarkKind.LEVEL_LABEL)] == ["L3"]
    assert [mark.vertebra for mark in full.records_of(MarkKind.LANDMARK)] == ["L3"]
    for mark in full.marks:
        if getattr(mark, "site", None) is not None:
            anatomy.check_site(mark.site)
    assert full.numbering == counted_again
    assert [mark.points for mark in full.marks] == [
        record.points
        for record in every_edit
        if not record.mark_id.startswith(("plan", "slot", "num", "cal", "view"))
    ]
    assert full.undo_text.startswith("renumber ")
    full.undo()
    assert everything(full) == before
    full.redo()
    assert full.numbering == counted_again


def test_joints_keep_their_place_beside_the_nerve(session, target):
    one = replace(target, site=replace(target.site, joints=("L4-L5",)))
    session.add(one)
    session.renumber({"L4": "L5"})
    assert session.mark(one.mark_id).site.joints == ("L5-S1",)
    session.renumber({"L5": "S1"})
    assert session.mark(one.mark_id).site == session.anatomy.site("L5_DR", target.site.side)


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"L4": "L5"}, "the same name, L5"),
        ({"L4": "L9"}, "no vertebra of that name"),
        ({"L4": "C1", "L5": "C2"}, "no nerve is targeted"),
        ({"C3": "C4"}, "third occipital nerve"),
    ],
)
def test_a_renumbering_that_cannot_be_leaves_everything(session, three, sites, mapping, reason):
    target, _, level = three
    session.add(target)
    session.add(replace(level, vertebra="L5"))
    session.add_target(target.frame, sites[2], Point(9, 9))
    before = everything(session)
    with pytest.raises(FluoroAnnotatorError, match=reason):
        session.renumber(mapping)
    assert everything(session) == before


def test_marks_on_images_that_are_not_open_are_not_left_behind(reopened, target):
    elsewhere = replace(target, frame=FrameRef("1.2.3.4", 7))
    session = reopened([Draft(kind=RevisionKind.ADD, mark=elsewhere, author="Ann")])
    with pytest.raises(MarkError, match="not open"):
        session.renumber({"L4": "L5"})
    assert session.marks == (elsewhere,)


def test_names_are_shifted_along_the_spine(anatomy):
    assert shift(["L4", "L5", "T12"], 1, anatomy) == {"L4": "L5", "L5": "S1", "T12": "L1"}
    assert shift(["T1"], -1, anatomy) == {"T1": "C7"}
    for name, steps in (("S1", 1), ("C1", -1)):
        with pytest.raises(MarkError, match=r"levels? away"):
            shift([name], steps, anatomy)


# ---------------------------------------------------------------------- scale


def test_the_readers_own_scale_goes_before_that_of_the_file(anatomy, own_scale):
    spacing = Calibration(CalibrationSource.DETECTOR_PLANE, 0.4, 0.2)
    image = ImageRecord(
        sop_instance_uid=own_scale.sop_instance_uid,
        series_uid="1",
        rows=200,
        columns=300,
        frames=1,
        calibration=spacing,
    )
    study = StudyRecord("1", (image,))
    session = MarkSession(Reading(study_uid="1", reader="A"), study, NoRecorder(), anatomy=anatomy)
    assert session.scale(image.sop_instance_uid) == spacing
    session.put(replace(own_scale, pixel_aspect=2.0))
    scale = session.scale(image.sop_instance_uid)
    assert (scale.row_mm, scale.column_mm) == (0.5, 0.25)
    session.undo()
    assert session.scale(image.sop_instance_uid) == spacing


# ---------------------------------------------------------------------- what has changed


def test_what_changed_since_is_summed_up(session, three, slot_state, sites):
    target, needle, level = three
    session.add(target)
    session.add(needle)
    session.add(level)
    seen = len(session.drafts)
    time = session.drafts[-1].recorded_at
    session.put(slot_state)
    session.move(target.mark_id, position=Point(1, 1))
    session.move(target.mark_id, position=Point(2, 2))
    session.relabel(needle.mark_id, site=sites[0])
    session.delete(level.mark_id)
    extra = session.add(replace(level, mark_id="extra"))
    session.delete(extra.mark_id)
    theirs = Draft(
        kind=RevisionKind.ADD,
        mark=replace(target, mark_id="theirs"),
        author="Ann",
        recorded_at=time + timedelta(hours=1),
    )
    session.merge([theirs])
    for summary in (session.changes_since(seen), session.changed_since(time)):
        assert summary.counts == {
            "Ada Reader": {
                RevisionKind.ADD: 1,
                RevisionKind.MOVE: 1,
                RevisionKind.RELABEL: 1,
                RevisionKind.DELETE: 1,
            },
            "Ann": {RevisionKind.ADD: 1},
        }
        assert summary.text() == "Ada Reader: added 1, moved 1, renamed 1, deleted 1\nAnn: added 1"
        line = summary.differences[1].line(session.anatomy)
        assert line == "moved L3 medial branch, at L4, right (frame 1), Ada Reader"
    assert len(session.changes_since(len(session.drafts))) == 0
    assert len(session.changes_since(0)) == 4
    with pytest.raises(MarkError, match="time zone"):
        session.changed_since(datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused


def test_what_was_brought_back_is_no_addition(session, target):
    session.add(target)
    session.delete(target.mark_id)
    seen = len(session.drafts)
    session.undo()
    assert session.changes_since(seen).counts == {"Ada Reader": {RevisionKind.RESTORE: 1}}


# ---------------------------------------------------------------------- thousands of marks


def test_many_marks_are_looked_up_and_not_searched(make_session, recorder, target, frames, monkeypatch):
    stored = [
        Draft(kind=RevisionKind.ADD, mark=replace(target, mark_id=f"m{number}"), author="Ann")
        for number in range(3000)
    ]
    session = make_session(recorder, stored)
    visited = []
    original = MarkSession.label
    monkeypatch.setattr(MarkSession, "label", lambda self, mark: visited.append(mark) or original(self, mark))
    added = session.add(replace(target, frame=frames[3], mark_id="new"))
    assert session.marks_on(frames[3]) == (added,)
    assert session.undo_text.startswith("add ")
    assert visited == [added]
    assert session.marks is session.marks
