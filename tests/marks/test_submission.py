"""A reading that is finished: nothing in it changes any more, unless it is reopened."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import MarkError, ReadingSubmittedError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Cause,
    Change,
    Draft,
    FrameRef,
    ImageRecord,
    LevelLabel,
    MarkSession,
    NoRecorder,
    Purpose,
    Reading,
    RevisionKind,
    SlotState,
    StudyRecord,
    Submission,
    mark_from_dict,
    mark_to_dict,
)
from fluoro_annotator.marks.facts import LONGEST_COMMENT

EDITS = {
    "add": lambda session, mark: session.add(replace(mark, mark_id="another")),
    "put": lambda session, mark: session.put(replace(mark, position=Point(1, 1))),
    "put the same": lambda session, mark: session.put(mark),
    "replace": lambda session, mark: session.replace(replace(mark, position=Point(1, 1))),
    "edit": lambda session, mark: session.edit([Change(mark, None)]),
    "edit nothing": lambda session, _mark: session.edit([]),
    "move": lambda session, mark: session.move(mark.mark_id, position=Point(1, 1)),
    "nudge": lambda session, mark: session.nudge(mark.mark_id, position=Point(1, 1)),
    "relabel": lambda session, mark: session.relabel(
        mark.mark_id, site=session.anatomy.site("TON", Side.LEFT)
    ),
    "add_target": lambda session, mark: session.add_target(mark.frame, mark.site, Point(1, 1)),
    "add_needle": lambda session, mark: session.add_needle(mark.frame, mark.site, Point(1, 1), Point(2, 2)),
    "add_level_label": lambda session, mark: session.add_level_label(mark.frame, "L4", Point(1, 1)),
    "copy_to_frame": lambda session, mark: session.copy_to_frame(
        mark.mark_id, replace(mark.frame, frame_number=2)
    ),
    "insert_vertex": lambda session, _mark: session.insert_vertex("course", 0, Point(1, 1)),
    "remove_vertex": lambda session, _mark: session.remove_vertex("course", 0),
    "renumber": lambda session, _mark: session.renumber({"L4": "L5"}),
    "delete": lambda session, mark: session.delete(mark.mark_id),
    "delete the submission": lambda session, _mark: session.delete("submission"),
    "restore": lambda session, _mark: session.restore("deleted"),
    "undo": lambda session, _mark: session.undo(),
    "redo": lambda session, _mark: session.redo(),
    "submit": lambda session, _mark: session.submit("again"),
}


def test_every_way_to_change_a_reading_is_tried():
    public = {name for name, value in vars(MarkSession).items() if callable(value) and name[0] != "_"}
    allowed = {"select", "merge", "reopen", "check_open"}
    assert public - allowed <= set(EDITS)


@pytest.fixture
def worked_on(session, target, course):
    """A session with marks present, one deleted, and a step that was taken back."""
    session.add(replace(course, mark_id="course"))
    session.add(target)
    session.add(replace(target, mark_id="deleted"))
    session.delete("deleted")
    session.move(target.mark_id, position=Point(5, 5))
    session.undo()
    assert session.can_undo
    assert session.can_redo
    return session


@pytest.fixture
def practice(study):
    reading = Reading(study_uid=study.uid, reader="Reader A", purpose=Purpose.PRACTICE)
    return MarkSession(reading, study, NoRecorder())


def test_a_reading_is_submitted_with_a_comment(worked_on, recorder, heard):
    assert not worked_on.submitted
    assert worked_on.submission is None
    worked_on.submit("L5 could not be seen")
    assert worked_on.submitted
    assert worked_on.submission.mark == Submission(comment="L5 could not be seen")
    assert worked_on.submission.author == worked_on.reading.reader
    assert [change.mark for change in heard[-1]] == [worked_on.submission.mark]
    assert recorder.drafts[-1].mark == worked_on.submission.mark
    assert worked_on.label(recorder.drafts[-1].mark) == "Submission: L5 could not be seen"
    assert worked_on.label(Submission()) == "Submission"


@pytest.mark.parametrize("name", EDITS)
def test_nothing_changes_after_it(worked_on, recorder, target, name):
    worked_on.submit()
    before, count = worked_on.records, len(recorder.drafts)
    with pytest.raises(
        ReadingSubmittedError, match=r"submitted on 2024-05-06 at .* UTC .*\. Reopen it first"
    ):
        EDITS[name](worked_on, target)
    assert worked_on.records == before
    assert len(recorder.drafts) == count


def test_neither_undo_nor_redo_crosses_it(worked_on, reopened, recorder, facts, target):
    worked_on.submit()
    for session in (worked_on, reopened(recorder.drafts)):
        assert (session.can_undo, session.can_redo) == (False, False)
        assert (session.undo_text, session.redo_text) == ("", "")
    worked_on.reopen()
    assert worked_on.undo() == worked_on.redo() == ()
    worked_on.move(target.mark_id, position=Point(7, 7))
    assert worked_on.undo()
    assert worked_on.undo() == ()
    assert worked_on.mark(target.mark_id) == target
    assert facts(reopened(recorder.drafts)) == facts(worked_on)


def test_reopening_is_a_change_that_is_kept(worked_on, recorder, reopened, target):
    worked_on.submit("first")
    worked_on.reopen()
    assert not worked_on.submitted
    last = recorder.drafts[-1]
    assert (last.kind, last.cause, last.mark) == (
        RevisionKind.DELETE,
        Cause.EDIT,
        Submission(comment="first"),
    )
    worked_on.move(target.mark_id, position=Point(7, 7))
    worked_on.submit("second")
    again = reopened(recorder.drafts)
    assert again.submission == worked_on.submission
    assert again.submission.mark.comment == "second"
    assert [draft.kind for draft in recorder.drafts if draft.mark.kind == "submission"] == [
        RevisionKind.ADD,
        RevisionKind.DELETE,
        RevisionKind.RESTORE,
    ]


def test_only_what_is_submitted_can_be_reopened(session):
    with pytest.raises(MarkError, match="is not submitted"):
        session.reopen()


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.PRACTICE])
def test_a_reading_of_any_other_purpose_is_reopened(study, purpose, target):
    reading = Reading(study_uid=study.uid, reader="Reader A", purpose=purpose)
    session = MarkSession(reading, study, NoRecorder())
    session.submit()
    session.reopen()
    assert session.add(target) == target


def test_a_practice_reading_is_never_reopened(practice, target):
    practice.add(target)
    practice.submit()
    with pytest.raises(ReadingSubmittedError, match=r"made for practice.*practise again in a new reading"):
        practice.reopen()
    with pytest.raises(ReadingSubmittedError, match=r"Practise again in a new reading"):
        practice.delete(target.mark_id)
    assert practice.submitted


def test_a_submission_in_another_window_closes_this_one(worked_on, target, recorder):
    theirs = Draft(kind=RevisionKind.ADD, mark=Submission(), author="Reader A")
    worked_on.merge([theirs])
    assert worked_on.submitted
    with pytest.raises(ReadingSubmittedError):
        worked_on.undo()
    worked_on.merge([Draft(kind=RevisionKind.DELETE, mark=Submission(), author="Reader A")])
    assert not worked_on.submitted
    assert worked_on.undo() == worked_on.redo() == ()
    worked_on.delete(target.mark_id)
    assert recorder.drafts[-1].kind is RevisionKind.DELETE


def test_of_two_submissions_the_one_that_is_stored_last_is_kept(worked_on, heard):
    worked_on.submit("ours")
    theirs = Draft(kind=RevisionKind.ADD, mark=Submission(comment="theirs"), author="Reader B")
    worked_on.merge([theirs], keep=["submission"])
    assert worked_on.submission.mark.comment == "ours"
    assert len(heard) == 1


def test_changes_that_another_window_had_not_delivered_yet_are_not_lost(worked_on, target):
    worked_on.submit()
    late = Draft(kind=RevisionKind.ADD, mark=replace(target, mark_id="late"), author="Reader A")
    worked_on.merge([late])
    assert "late" in worked_on
    assert worked_on.submitted


@pytest.mark.parametrize("comment", ["two\nlines", "\x00", "x" * (LONGEST_COMMENT + 1), None, 5])
def test_comments_that_cannot_be_shown_are_refused(session, comment):
    with pytest.raises(MarkError, match="comment"):
        session.submit(comment)
    assert not session.submitted


def test_a_submission_without_a_comment_says_nothing_about_it():
    assert mark_to_dict(Submission()) == {"kind": "submission", "mark_id": "submission"}
    assert mark_from_dict({"kind": "submission", "mark_id": "submission"}) == Submission()
    with pytest.raises(MarkError, match="does not follow"):
        mark_from_dict({"kind": "submission", "mark_id": "another"})


# ---------------------------------------------------------------------- random sequences


class Submitting(RuleBasedStateMachine):
    """One window that submits, reopens and starts again; undo never reaches behind the last of these."""

    def __init__(self):
        super().__init__()
        self.stream = []
        self.session = self.on_stream()
        self.line = set()

    def on_stream(self):
        return MarkSession(READING, STUDY, self, revisions=self.stream)

    def record(self, drafts):
        self.stream.extend(drafts)

    def present(self):
        return {entry.mark for entry in self.session.records}

    def attempt(self, edit):
        if not self.session.submitted:
            edit()
            return
        before = len(self.stream)
        with pytest.raises(ReadingSubmittedError):
            edit()
        assert len(self.stream) == before

    @rule(state=st.sampled_from(["unsure", "not_visible"]), slot=st.sampled_from("abc"))
    def put(self, state, slot):
        self.attempt(lambda: self.session.put(SlotState(slot_id=slot, state=state)))

    @rule(row=st.integers(0, 7))
    def mark(self, row):
        label = LevelLabel(frame=FrameRef("1.2.3", 1), vertebra="L4", position=Point(row, 1), mark_id="label")
        self.attempt(lambda: self.session.put(label))
        if not self.session.submitted:
            self.session.nudge("label", position=Point(row, 2))

    @rule(slot=st.sampled_from("abc"))
    def delete(self, slot):
        if f"slot:{slot}" in self.session:
            self.attempt(lambda: self.session.delete(f"slot:{slot}"))

    @rule()
    def undo(self):
        self.attempt(self.session.undo)

    @rule()
    def redo(self):
        self.attempt(self.session.redo)

    @rule()
    def submit(self):
        self.attempt(self.session.submit)
        self.line = self.present()

    @precondition(lambda self: self.session.submitted)
    @rule()
    def reopen(self):
        self.session.reopen()
        self.line = self.present()

    @rule()
    def start_again(self):
        self.session = self.on_stream()

    @rule()
    def undo_all(self):
        while not self.session.submitted and self.session.undo():
            pass
        assert self.present() == self.line

    @invariant()
    def a_restart_changes_nothing(self):
        again = self.on_stream()
        assert again.records == self.session.records
        assert again._history == self.session._history


IMAGE = ImageRecord(sop_instance_uid="1.2.3", series_uid="1.2", rows=8, columns=9, frames=3)
STUDY = StudyRecord("1.2.840.1", (IMAGE,))
READING = Reading(study_uid=STUDY.uid, reader="Reader A")
TestSubmitting = Submitting.TestCase
TestSubmitting.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
