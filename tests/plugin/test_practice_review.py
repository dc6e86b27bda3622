"""What a commit brought back is shown and remembered, and listed again at the end of a sitting."""

from dataclasses import dataclass, replace

import pytest
from practice_sitting import CERTAIN, FRAME, PROBABLE, fed_back
from psygnal import Signal

from fluoro_annotator.errors import DicomError, StoreUnavailableError
from fluoro_annotator.training import Role
from napari_fluoro_annotator.controllers.practice_feedback import FeedbackController
from napari_fluoro_annotator.controllers.practice_review import ReviewController


class Binding:
    frame_changed = Signal()
    frame = FRAME
    drawn = ()

    def draw_picture(self, drawn):
        self.drawn = tuple(drawn)


class Told:
    """Stands for both the feedback and the list, and keeps what it is told."""

    moment_chosen, play_requested, woken = Signal(int), Signal(), Signal()
    answer_chosen, refresh_requested = Signal(int), Signal()

    def __init__(self):
        self.remarks = self.problem = None
        self.rows, self.notes, self.moments, self.not_drawn, self.summary = (), (), 0, (), ""

    def set_remarks(self, remarks):
        self.remarks = remarks

    def set_prompt(self, text):
        self.prompt = text

    def set_notes(self, notes):
        self.notes = tuple(notes)

    def set_legend(self, rows, not_drawn):
        self.not_drawn = tuple(not_drawn)

    def set_moments(self, count):
        self.moments = count

    def set_moment(self, number, moment):
        self.moment = number, moment.text

    def set_playing(self, playing):
        self.playing = playing

    def set_answers(self, rows, summary):
        self.rows, self.summary = tuple(rows), summary

    def set_problem(self, text):
        self.problem = text


@dataclass
class Sitting:
    binding: Binding
    told: Told
    feedback: FeedbackController
    review: ReviewController
    images: list
    kept: dict

    def commit(self, feedback):
        """Show what a commit brought back, as a store has it."""
        self.kept[feedback.answer.answer_id] = feedback
        self.feedback.show(feedback)


@pytest.fixture
def sitting():
    binding, told, images, kept = Binding(), Told(), [], {}
    feedback = FeedbackController(binding, told)

    def bring_back(chosen):
        images.append(chosen)
        return kept[chosen.answer.answer_id]

    review = ReviewController(told, feedback, bring_back)
    yield Sitting(binding, told, feedback, review, images, kept)
    review.close()
    feedback.close()


def test_what_a_commit_brings_back_is_drawn_with_the_keys_outlines_and_the_own_steps(sitting):
    sitting.feedback.show(fed_back(1, (135, 165), CERTAIN))
    roles = {one.role for one in sitting.binding.drawn}
    assert {Role.ANSWER, Role.REFERENCE, Role.ELSEWHERE, Role.BONE} <= roles
    assert sitting.told.remarks.first == "You were certain, and it is wrong."
    assert sitting.told.remarks.learning == (("Count twice.", "own teaching"),)
    assert (sitting.told.moments, sitting.told.moment) == (4, (3, "Committed."))
    assert (sitting.told.notes, sitting.told.prompt) == ((), "")


def test_what_could_not_be_kept_or_put_together_is_said(sitting):
    made = fed_back(1, (135, 165))
    sitting.feedback.show(replace(made, kept=False, notes=("The set was withdrawn.",)))
    assert sitting.told.notes == (
        "The set was withdrawn.",
        "The score is not in the store yet; the answer is.",
    )
    sitting.feedback.show(replace(made, key=None, exercise=None))
    assert sitting.binding.drawn == ()
    assert sitting.told.not_drawn[0].startswith("The key of this exercise is not there any more")
    assert sitting.told.remarks.title == "Wrong level"
    assert sitting.told.remarks.remedies == ()


def test_the_sitting_is_listed_with_confident_and_wrong_first(sitting):
    right, level, unsure = (60, 150), (135, 165), (131, 161)
    for number, (place, confidence) in enumerate(((right, CERTAIN), (unsure, PROBABLE), (level, CERTAIN))):
        sitting.feedback.show(fed_back(number, place, confidence))
    sitting.review.refresh()
    assert [row.urgent for row in sitting.told.rows] == [True, False, False]
    assert sitting.told.rows[0].text == (
        "Certain and wrong: \N{BALLOT X} Wrong level. Place the target: L3 medial branch, at L4, right."
    )
    assert sitting.told.rows[2].text.startswith("\N{CHECK MARK} Correct.")
    assert sitting.told.summary == "3 answers: 2 wrong level, 1 correct. Press on one to see it again."


def test_an_answer_is_seen_again_with_its_image_and_counted_once(sitting):
    for number, place in enumerate(((60, 150), (135, 165))):
        sitting.commit(fed_back(number, place))
    sitting.review.refresh()
    sitting.told.answer_chosen.emit(1)
    (shown,) = sitting.images
    assert shown.answer.answer_id == "answer-0"
    assert sitting.told.remarks.title == "Correct"
    assert {Role.ANSWER, Role.REFERENCE} <= {one.role for one in sitting.binding.drawn}
    assert sitting.told.prompt == shown.question.prompt
    assert len(sitting.feedback.sitting) == 2
    sitting.told.answer_chosen.emit(7)
    assert len(sitting.images) == 1


def test_the_sitting_holds_nothing_of_a_reference(sitting):
    made = fed_back(1, (135, 165), CERTAIN)
    sitting.feedback.show(made)
    (held,) = sitting.feedback.sitting
    assert made.key is not None
    assert (held.key, held.exercise, held.score.zone, held.score.measures) == (None,) * 4
    assert (held.score.why, held.score.cautions, held.score.basis.references) == ((), (), ())
    assert "Expert A" in repr(made)
    assert "Expert A" not in repr(held)
    for name in ("outcome", "success", "severity", "confidence", "confident_and_wrong"):
        assert getattr(held.score, name) == getattr(made.score, name)


@pytest.mark.parametrize("problem", [DicomError, StoreUnavailableError])
def test_what_has_gone_is_said_and_nothing_is_drawn_on_another(sitting, problem):
    def gone(_feedback):
        raise problem("IM1", "is not there any more", "Look for it.")

    review = ReviewController(sitting.told, sitting.feedback, gone)
    sitting.feedback.show(fed_back(1, (60, 150)))
    review.refresh()
    review.show(0)
    assert "is not there any more" in sitting.told.problem
    assert sitting.binding.drawn == ()
    assert sitting.told.remarks is None
    review.close()


def test_an_empty_sitting_says_so(sitting):
    sitting.review.refresh()
    assert (sitting.told.rows, sitting.told.summary) == ((), "Nothing was answered in this sitting.")
