"""One exercise after the other: asked, answered, committed, and only then compared with the reference."""

from __future__ import annotations

from fluoro_annotator.anatomy import Anatomy, load_anatomy
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import ExerciseAnswer, Offer, Question, TeachingSet, Waiting
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_draft import WAYS, YES, Draft, answer_of, missing
from napari_fluoro_annotator.controllers.practice_hand import PracticeHand
from napari_fluoro_annotator.controllers.practice_look import PracticeLook
from napari_fluoro_annotator.controllers.practice_protocols import (
    Asking,
    Engine,
    ExerciseViewProtocol,
    FeedbackShower,
    ImagesProtocol,
    PracticeBindingProtocol,
    PracticePagesProtocol,
)
from napari_fluoro_annotator.controllers.practice_sheet import AnswerSheet
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.practice_keys import PRACTICE_SHOWN
from napari_fluoro_annotator.studies import stated_orientation
from napari_fluoro_annotator.wiring import Wires, Wiring

COMMIT, GIVE_UP = "commit", "give up"
SOON_MS = 30
"""After which the next image is read ahead, so that the window shows the feedback first; engineering default."""

STEP_OF = {
    "nerve": "name",
    "vertebra": "name",
    "joint": "name",
    "side": "name",
    "true": "view",
    "oblique": "view",
    "tilt": "view",
    "acceptable": "needle",
    "fault": "needle",
    "confidence": "confidence",
}
"""How a step is called that changes a field of the draft."""


class ExerciseController:
    """What happens on the page of an exercise.

    Parameters
    ----------
    binding : PracticeBindingProtocol
        The image.
    view : ExerciseViewProtocol
        The page.
    pages : PracticePagesProtocol
        Shows it.
    images : ImagesProtocol
        Finds images.
    feedback : FeedbackShower
        Draws and says what an answer was worth; it is given nothing before the answer is committed.
    ticker : TickerProtocol
        Wakes it when the next image can be read ahead.
    anatomy : Anatomy, optional
        The table of nerves, vertebrae and joints.

    """

    def __init__(
        self,
        binding: PracticeBindingProtocol,
        view: ExerciseViewProtocol,
        pages: PracticePagesProtocol,
        images: ImagesProtocol,
        *,
        feedback: FeedbackShower,
        ticker: TickerProtocol,
        anatomy: Anatomy | None = None,
    ) -> None:
        self._binding, self._view, self._pages = binding, view, pages
        self._images, self._feedback, self._ticker = images, feedback, ticker
        self._anatomy = anatomy or load_anatomy()
        self.sheet = AnswerSheet()
        self.hand = PracticeHand(binding, self.sheet, self._say)
        self.look = PracticeLook(binding, self.sheet)
        self._engine: Engine | None = None
        self._set: TeachingSet | None = None
        self._offer: Offer | None = None
        self._asked_again = ""
        self._ahead = False
        self._number = 0
        self._offer_names()
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        view, sheet = self._view, self.sheet
        return (
            (view.answered, self.answer),
            (view.ways_chosen, self.choose_way),
            (view.place_requested, self.hand.place),
            (view.delete_requested, self.hand.delete),
            (view.undo_requested, self.undo),
            (view.redo_requested, self.redo),
            (view.commit_requested, self.commit),
            (view.give_up_requested, self.give_up_twice),
            (view.next_requested, self.go_on),
            (view.leave_requested, self.leave),
            (view.frame_requested, self.show_asked_frame),
            (sheet.changed, self._on_changed),
            (sheet.stepped, self._on_stepped),
            (self._binding.frame_changed, self._on_frame),
            (self._ticker.ticked, self._read_ahead),
        )

    def close(self) -> None:
        """Let go of image and widget; an exercise that is open comes first next time. May be called more than once."""
        self._wiring.close()
        if self._engine is not None:
            self._engine.leave()
        self.hand.close()
        self.look.close()

    def _offer_names(self) -> None:
        """Offer all that the anatomy table knows: a shorter list would tell where to look."""
        anatomy = self._anatomy
        self._view.set_names("nerve", [Choice(one.id, one.name) for one in anatomy.nerves.values()])
        self._view.set_names("vertebra", [Choice(one.id, one.name) for one in anatomy.vertebrae.values()])
        self._view.set_names("joint", [Choice(one.id, one.name) for one in anatomy.joints.values()])

    # ------------------------------------------------------------------ one set

    def start(self, engine: Engine, teaching_set: TeachingSet, protocol: Protocol) -> None:
        """Practise a set: the first exercise is shown."""
        self._engine, self._set, self._ahead = engine, teaching_set, False
        self._number, _ = engine.counts(teaching_set.set_id)
        self._view.set_faults(
            [Choice(fault.code, _in_words(fault.code), fault.meaning) for fault in protocol.faults]
        )
        self._pages.show_exercise()
        self._ask_next()

    def leave(self) -> None:
        """Go back to the sets; an exercise that is not committed comes first next time."""
        if self._engine is not None:
            self._engine.leave()
        self._put_down()
        self._binding.take_away()
        self._engine = self._set = None
        self._pages.show_sets()

    def _put_down(self) -> None:
        """Take exercise, feedback and everything that is known of it off the window."""
        self._feedback.clear()
        self._offer = None
        self._asked_again = ""
        self.sheet.clear()

    def go_on(self) -> None:
        """Show the next exercise, once the answer to this one is committed."""
        if self._engine is None or self.sheet.open:
            return
        self._ask_next()

    def _ask_next(self) -> None:
        engine, teaching_set = self._engine, self._set
        if engine is None or teaching_set is None:
            return
        self._put_down()
        try:
            offer = engine.next(teaching_set.set_id, ahead=self._ahead)
            if offer is not None:
                self._ask(offer, teaching_set)
                return
        except FluoroAnnotatorError as error:
            self._show_nothing(str(error), texts.PRACTICE_TRY_AGAIN, warning=True)
        else:
            self._show_done(engine, teaching_set)

    def _show_done(self, engine: Engine, teaching_set: TeachingSet) -> None:
        """Say that nothing is due, when something is, and that it can be brought forward."""
        due = engine.next_due(teaching_set.set_id)
        offered, self._ahead = "" if self._ahead or due is None else texts.PRACTICE_AHEAD, True
        when = (
            "" if due is None else texts.PRACTICE_DUE_AGAIN.format(when=f"{due.astimezone():%Y-%m-%d %H:%M}")
        )
        self._show_nothing(" ".join(filter(None, (texts.PRACTICE_DONE, when))), offered)

    def _show_nothing(self, text: str, next_text: str, *, warning: bool = False) -> None:
        self._binding.take_away()
        self._view.set_asking(None)
        self._view.set_live(False)
        self._view.set_next(next_text)
        self._say(text, warning)

    def _ask(self, offer: Offer, teaching_set: TeachingSet) -> None:
        question = offer.question
        self._number += 1
        stack = self._images.stack(question.frame.sop_instance_uid)
        index = stack.index_of(question.frame.sop_instance_uid, question.frame.frame_number) or 0
        if stated_orientation(stack, index) is None:
            offer = offer.not_mirrored  # nobody could tell left from right
        self._offer = offer
        self._binding.put(stack, index, offer.variant, texts.PRACTICE_POSITION.format(number=self._number))
        self.look.take(offer.variant)
        self.sheet.begin(question, offer.steps)
        self._view.set_position(teaching_set.title)
        self._view.set_asking(_asking(offer, len(stack)))
        self._view.set_live(True)
        self._on_frame()
        self._on_changed()

    # ------------------------------------------------------------------ answering

    def answer(self, field: str, value: str) -> None:
        """Take what is answered: a field of the draft, and its value."""
        changes: dict[str, object] = {field: value}
        if field == "true" and value == YES:
            changes |= {"ways": (), "oblique": "", "tilt": ""}
        if field == "acceptable" and value == YES:
            changes["fault"] = ""
        self.sheet.put(STEP_OF[field], **changes)
        self._show_draft()

    def choose_way(self, way: str) -> None:
        """Take what has to change to make a view true, or take it back."""
        ways = self.sheet.draft.ways
        if way in ways:
            self.sheet.put("view", ways=tuple(one for one in ways if one != way), **{way: ""})
        else:
            self.sheet.put("view", ways=tuple(one for one in WAYS if one in (*ways, way)))
        self._show_draft()

    def certain(self) -> None:
        """Say that the answer is certain."""
        self.answer("confidence", "certain")

    def probable(self) -> None:
        """Say that it is probable."""
        self.answer("confidence", "probable")

    def unsure(self) -> None:
        """Say that it is unsure."""
        self.answer("confidence", "unsure")

    def undo(self) -> None:
        """Take back the last change of the answer."""
        self.sheet.undo()

    def redo(self) -> None:
        """Repeat what was taken back."""
        self.sheet.redo()

    def to_the_answer(self) -> None:
        """Put the focus on the first part of the answer."""
        if self.sheet.open:
            self._view.ask()

    def show_asked_frame(self) -> None:
        """Go back to the frame that the question is about."""
        self.look.show_asked_frame()

    # ------------------------------------------------------------------ committing

    def commit_twice(self) -> None:
        """Commit the answer if the key is pressed a second time: the first asks whether it is meant."""
        if self._is_complete() and self._meant(COMMIT):
            self.commit()

    def give_up_twice(self) -> None:
        """Commit that the trainee does not know, when asked for a second time."""
        question = self.sheet.question
        if question is not None and self.sheet.open and self._meant(GIVE_UP):
            self._hand_in(answer_of(question, Draft()))

    def commit(self) -> None:
        """Commit the answer."""
        question = self.sheet.question
        if question is not None and self._is_complete():
            self._hand_in(answer_of(question, self.sheet.draft))

    def take_back(self) -> None:
        """Take back the question whether to commit or to give up."""
        self._asked_again = ""
        self._say_next()

    def _is_complete(self) -> bool:
        """Return whether everything is answered, and say what is not."""
        question = self.sheet.question
        if question is None or not self.sheet.open:
            return False
        problem = missing(question, self.sheet.draft)
        if problem:
            self._asked_again = ""
            self._say(problem, True)
        return not problem

    def _meant(self, what: str) -> bool:
        """Return whether this is the second time; the first time ask."""
        if self._asked_again == what:
            return True
        self._asked_again = what
        text, action = {
            COMMIT: (texts.PRACTICE_COMMIT_AGAIN, "commit_twice"),
            GIVE_UP: (texts.PRACTICE_GIVE_UP_AGAIN, "give_up_twice"),
        }[what]
        self._say(text.format(key=PRACTICE_SHOWN[action]), True)
        return False

    def _hand_in(self, answer: ExerciseAnswer) -> None:
        """Commit; what comes after is shown only when the answer is on the disk."""
        engine, offer = self._engine, self._offer
        if engine is None or offer is None:
            return
        self._asked_again = ""
        try:
            told = engine.commit(offer, answer, self.sheet.steps, self.sheet.seconds)
        except FluoroAnnotatorError as error:
            self._say(texts.PRACTICE_NOT_COMMITTED.format(problem=error), True)
            return
        self.sheet.close()
        self._view.set_live(False)
        self._view.set_next(texts.PRACTICE_NEXT)
        if isinstance(told, Waiting):
            self._say(texts.PRACTICE_WAITING.format(reason=told.reason), True)
        else:
            self._binding.draw(())  # from here on the feedback draws, the answer beside the reference
            self._say(texts.PRACTICE_COMMITTED)
            self._feedback.show(told)
        self._ticker.wake_in(SOON_MS)

    def _read_ahead(self) -> None:
        """Read the image that comes next while the trainee reads the feedback."""
        if self._engine is None or self._set is None or self.sheet.open:
            return
        question = self._engine.peek(self._set.set_id)
        if question is not None:
            self._images.read_ahead(question.frame.sop_instance_uid, question.frame.frame_number - 1)

    # ------------------------------------------------------------------ following and showing

    def _on_changed(self) -> None:
        self._asked_again = ""
        self._show_draft()
        self._say_next()

    def _on_stepped(self) -> None:
        if self._engine is not None:
            problem = self._engine.keep_step(self.sheet.steps[-1])
            if problem:
                self._say(problem, True)

    def _on_frame(self) -> None:
        question = self.sheet.question
        other = question is not None and self._binding.frame not in (None, question.frame)
        number = question.frame.frame_number if question is not None else 0
        self._view.set_frame_button(texts.PRACTICE_SHOW_FRAME.format(number=number) if other else "")

    def _show_draft(self) -> None:
        sheet = self.sheet
        self._view.set_draft(sheet.draft, undo=sheet.can_undo, redo=sheet.can_redo)

    def _say_next(self) -> None:
        """Say what is still open."""
        question = self.sheet.question
        if question is not None and self.sheet.open:
            self._say(missing(question, self.sheet.draft) or texts.PRACTICE_READY)

    def _say(self, text: str, warning: bool = False) -> None:
        self._view.set_hint(text, warning=warning)


def _asking(offer: Offer, frames: int) -> Asking:
    question: Question = offer.question
    frame = texts.PRACTICE_FRAME.format(number=question.frame.frame_number, count=frames)
    return Asking(
        kind=question.kind.value,
        prompt=question.prompt,
        why=texts.PRACTICE_WHY.format(why=offer.why),
        difficulty=texts.PRACTICE_DIFFICULTY.format(difficulty=question.difficulty.value),
        needle=question.needle,
        parts=question.parts,
        view=question.view_title,
        frame=frame if frames > 1 else "",
        resumed=texts.PRACTICE_RESUMED if offer.interrupted else "",
    )


def _in_words(code: str) -> str:
    return code.replace("_", " ").capitalize()
