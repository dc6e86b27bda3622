"""Draws and says what an answer was worth, once it is committed, and goes through the trainee's own steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from psygnal import SignalInstance

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from fluoro_annotator.training import (
    Drawn,
    Exercise,
    ExerciseAnswer,
    Feedback,
    Moment,
    Picture,
    Remarks,
    Role,
    Score,
    picture_of,
    read_answer,
    remarks_on,
    replay,
)
from fluoro_annotator.training.pictures import BoneOutline
from fluoro_annotator.training.replay import StepLike
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.wiring import Wires, Wiring

LONGEST_PAUSE: Final = 1.5
SHORTEST_PAUSE: Final = 0.15
"""Seconds between two steps that are played, however long the trainee waited: engineering defaults."""


class PictureBinding(Protocol):
    """The image, as the feedback needs it."""

    frame_changed: SignalInstance

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""

    def draw_picture(self, drawn: Sequence[Drawn]) -> None:
        """Show an answer beside its reference, and no other."""


class FeedbackViewProtocol(Protocol):
    """What is said, in the dock."""

    moment_chosen: SignalInstance
    play_requested: SignalInstance
    woken: SignalInstance

    def set_remarks(self, remarks: Remarks | None) -> None:
        """Say what is said of an answer; None for nothing."""

    def set_prompt(self, text: str) -> None:
        """Say what was asked; nothing where the question is shown anyway."""

    def set_notes(self, notes: Sequence[str]) -> None:
        """Say what else is to be known of the answer."""

    def set_legend(self, rows: Sequence[tuple[Role, str]], not_drawn: Sequence[str]) -> None:
        """Say what is what on the image, and what is not drawn and why."""

    def set_moments(self, count: int) -> None:
        """Offer to go through so many moments."""

    def set_moment(self, number: int, moment: Moment) -> None:
        """Show which moment is shown, counted from 0."""

    def set_playing(self, playing: bool) -> None:
        """Show whether the steps are played."""

    def wake_in(self, milliseconds: int) -> None:
        """Emit ``woken`` after so many milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer with everything that is shown of it.

    Attributes
    ----------
    frame : FrameRef
        The frame that it is about.
    exercise : Exercise or None
        What was asked, with its references; None if it cannot be put together any more.
    answer : ExerciseAnswer
        What was answered.
    score : Score
        What became of it.
    shown : Point or None
        The place that was shown to be named.
    outlines : tuple of BoneOutline
        Outlines of vertebrae.
    learning : tuple of (str, str)
        Learning points and their sources.
    steps : tuple of StepLike
        The trainee's steps.
    seconds : float or None
        When it was committed, since the image was shown.
    notes : tuple of str
        What else is to be said, as sentences.

    """

    frame: FrameRef
    exercise: Exercise | None
    answer: ExerciseAnswer
    score: Score
    shown: Point | None = None
    outlines: tuple[BoneOutline, ...] = ()
    learning: tuple[tuple[str, str], ...] = ()
    steps: tuple[StepLike, ...] = ()
    seconds: float | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, feedback: Feedback) -> Answered:
        """Return what is shown of what a commit brought back."""
        record, key = read_answer(feedback.answer.content), feedback.key
        return cls(
            frame=feedback.question.frame,
            exercise=feedback.exercise,
            answer=feedback.given,
            score=feedback.score,
            shown=feedback.question.shown,
            outlines=() if key is None else key.outlines,
            learning=() if key is None else tuple((one.text, one.source) for one in key.learning_points),
            steps=record.steps,
            seconds=record.seconds,
            notes=feedback.notes if feedback.kept else (*feedback.notes, texts.FEEDBACK_NOT_KEPT),
        )

    @property
    def picture(self) -> Picture:
        """What is drawn; nothing without the exercise."""
        if self.exercise is None:
            return Picture((), (texts.FEEDBACK_NO_KEY,))
        return picture_of(self.exercise, self.answer, outlines=self.outlines, shown=self.shown)

    @property
    def remarks(self) -> Remarks:
        """What is said."""
        return remarks_on(self.exercise, self.score, self.answer, self.learning)


class FeedbackController:
    """Shows one answer beside its reference until it is told to clear.

    Parameters
    ----------
    binding : PictureBinding
        The image.
    view : FeedbackViewProtocol
        The dock.

    """

    def __init__(self, binding: PictureBinding, view: FeedbackViewProtocol) -> None:
        self._binding, self._view = binding, view
        self._frame: FrameRef | None = None
        self._drawn: tuple[Drawn, ...] = ()
        self._moments: tuple[Moment, ...] = ()
        self._sitting: list[Feedback] = []
        self._at = 0
        self._playing = False
        self._wiring = Wiring(self._wires())
        view.set_remarks(None)

    def _wires(self) -> Wires:
        return (
            (self._binding.frame_changed, self._draw),
            (self._view.moment_chosen, self.go_to),
            (self._view.play_requested, self.play_or_pause),
            (self._view.woken, self._on_woken),
        )

    def close(self) -> None:
        """Let go of image and dock; may be called more than once."""
        self._wiring.close()
        self._frame, self._drawn, self._moments = None, (), ()

    # ------------------------------------------------------------------ one answer

    @property
    def sitting(self) -> tuple[Feedback, ...]:
        """What was answered since the window was opened, in the order of the answers, without the references.

        The same image may be asked about again, and nothing may know its reference then.
        """
        return tuple(self._sitting)

    def show(self, feedback: Feedback) -> None:
        """Draw and say what a commit brought back, and remember the outcome for the end of the sitting."""
        if all(one.answer.answer_id != feedback.answer.answer_id for one in self._sitting):
            self._sitting.append(feedback.without_reference)
        self.show_answered(Answered.of(feedback))

    def show_again(self, feedback: Feedback) -> None:
        """Draw and say it once more, with the question, which stands nowhere else any more."""
        self.show_answered(Answered.of(feedback))
        self._view.set_prompt(feedback.question.prompt)

    def show_answered(self, answered: Answered) -> None:
        """Draw and say what an answer was worth."""
        picture = answered.picture
        self._frame, self._drawn = answered.frame, picture.drawn
        self._moments = replay(answered.steps, seconds=answered.seconds) if answered.steps else ()
        self._at, self._playing = max(len(self._moments) - 1, 0), False
        self._view.set_prompt("")
        self._view.set_remarks(answered.remarks)
        self._view.set_notes(answered.notes)
        self._view.set_legend(picture.legend, picture.not_drawn)
        self._view.set_moments(len(self._moments))
        self._view.set_playing(False)
        self._show_moment()

    def clear(self) -> None:
        """Take everything off image and dock."""
        was_drawn = self._frame is not None
        self._frame, self._drawn, self._moments = None, (), ()
        self._playing = False
        if was_drawn:
            self._view.set_playing(False)
            self._view.set_remarks(None)
            self._view.set_notes(())
            self._view.set_legend((), ())
            self._view.set_moments(0)
        self._draw()

    def _draw(self) -> None:
        """Draw what belongs to the frame that is shown; on another one nothing."""
        if self._frame is None or self._binding.frame != self._frame:
            self._binding.draw_picture(())
            return
        last = self._at >= len(self._moments) - 1
        step: Iterable[Drawn] = () if last else self._moments[self._at].drawn
        self._binding.draw_picture((*self._drawn, *step))

    # ------------------------------------------------------------------ the trainee's own steps

    def go_to(self, number: int) -> None:
        """Show a moment, counted from 0, and stop playing."""
        self._stop()
        self._go(number)

    def step_back(self) -> None:
        """Show the moment before."""
        self.go_to(self._at - 1)

    def step_on(self) -> None:
        """Show the next moment."""
        self.go_to(self._at + 1)

    def play_or_pause(self) -> None:
        """Play the steps, from the first one if the last is shown, or stop."""
        if self._playing:
            self._stop()
        elif len(self._moments) > 1:
            self._playing = True
            self._view.set_playing(True)
            self._go(0 if self._at >= len(self._moments) - 1 else self._at)
            self._wake()

    def _stop(self) -> None:
        if self._playing:
            self._playing = False
            self._view.set_playing(False)

    def _go(self, number: int) -> None:
        if self._moments:
            self._at = min(max(number, 0), len(self._moments) - 1)
            self._show_moment()

    def _show_moment(self) -> None:
        if self._moments:
            self._view.set_moment(self._at, self._moments[self._at])
        self._draw()

    def _wake(self) -> None:
        """Ask to be woken for the next step: after as long as the trainee took, within limits."""
        if self._at >= len(self._moments) - 1:
            self._stop()
            return
        waited = self._moments[self._at + 1].seconds - self._moments[self._at].seconds
        self._view.wake_in(round(1000 * min(max(waited, SHORTEST_PAUSE), LONGEST_PAUSE)))

    def _on_woken(self) -> None:
        if self._playing:
            self._go(self._at + 1)
            self._wake()
