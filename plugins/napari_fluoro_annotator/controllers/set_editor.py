"""Putting a teaching set together: what it is called, from which references, which exercises, and publishing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from psygnal import Signal

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import DraftExercise, SetDraft, SetFinding, TeachingSet
from fluoro_annotator.training.draft_text import draft_from_text, draft_to_text
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.errands import Errands
from napari_fluoro_annotator.controllers.open_images import facts_of_open
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_draft import EditedSet
from napari_fluoro_annotator.controllers.set_rows import AboutForm, SetEditorViewProtocol
from napari_fluoro_annotator.controllers.set_wording import (
    exercise_form,
    exercise_rows,
    finding_rows,
    study_rows,
    summary_of,
)
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.draft_file import DraftFile
from napari_fluoro_annotator.set_work import NextDraft, ReferenceStudy, SetWork
from napari_fluoro_annotator.wiring import Wires, Wiring


class SetEditorController:
    """What the editor of a teaching set does.

    Parameters
    ----------
    work : SetWork
        Store and training.
    desk : ReadingDesk
        The images that are open: what their files say, and where an exercise is shown.
    view : SetEditorViewProtocol
        The window.
    ticker : TickerProtocol
        The clock.
    drafts : DraftFile
        Where what is not published waits.

    Attributes
    ----------
    published : psygnal.Signal
        Emitted with the `TeachingSet` that was published.

    """

    published = Signal(object)

    def __init__(
        self,
        work: SetWork,
        desk: ReadingDesk,
        view: SetEditorViewProtocol,
        ticker: TickerProtocol,
        drafts: DraftFile,
    ) -> None:
        self._work, self._desk, self._view, self._drafts = work, desk, view, drafts
        self._errands = Errands(ticker)
        self._edited = EditedSet()
        self._studies: tuple[ReferenceStudy, ...] = ()
        self._offered: tuple[DraftExercise, ...] = ()
        self._protocols: dict[str, Protocol] = {}
        self._stale = False
        self._chosen = ""
        kinds = [Choice(key, text) for key, text in texts.SET_KIND_NAMES.items()]
        view.set_kinds(kinds, tuple(texts.SET_KIND_NAMES))
        view.set_difficulties([Choice(key, text) for key, text in texts.SET_DIFFICULTIES.items()])
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.about_changed, self._on_about),
            (view.readings_chosen, self._on_readings),
            (view.kinds_chosen, self._on_kinds),
            (view.take_requested, self._on_take),
            (view.exercise_chosen, self._on_exercise),
            (view.moved, self._on_moved),
            (view.remove_requested, self._on_remove),
            (view.show_requested, self._on_show),
            (view.difficulty_chosen, self._on_difficulty),
            (view.verdict_chosen, self._on_verdict),
            (view.points_changed, self._on_points),
            (view.renew_requested, self._on_renew),
            (view.check_requested, self._on_check),
            (view.publish_requested, self._on_publish),
            (view.discard_requested, self._on_discard),
        )

    def close(self) -> None:
        """Let go of window and store; may be called more than once."""
        self._wiring.close()
        self._errands.close()
        self._keep()
        self._drafts.leave()

    @property
    def exercise_ids(self) -> tuple[str, ...]:
        """Identifiers of the exercises in their order."""
        return tuple(one.exercise_id for one in self._edited.exercises)

    # ------------------------------------------------------------------ beginning

    def begin(self, set_id: str) -> None:
        """Edit the next version of a set, or a new one; what is not published yet goes first."""
        self._view.set_shown()
        if self._errands.busy:
            self._say(texts.SETS_BUSY, warning=True)
            return
        if self._edited.changed:
            self._say(texts.SETS_DRAFT_WAITS, warning=True)
            return
        self._start(EditedSet())
        self._view.show_first()
        self._say(texts.SET_READING)
        left, problem = self._left_behind()
        if left is not None:
            self._start(left)
        images = facts_of_open(self._desk.binding.stacks)
        wanted = "" if left is not None else set_id
        said = texts.SET_LEFT_BEHIND if left is not None else problem
        self._send(partial(self._material, wanted, images), partial(self._begun, said))

    def _left_behind(self) -> tuple[EditedSet | None, str]:
        """Return what a window that was closed had not published, or why it cannot be read."""
        text = self._drafts.take_up()
        if not text:
            return None, ""
        try:
            edited = EditedSet.of(draft_from_text(text, self._work.library))
        except FluoroAnnotatorError as error:
            self._drafts.leave()
            return None, str(error)
        edited.changed = True
        return edited, ""

    def _keep(self) -> None:
        """Keep what is not published on the disk."""
        if self._edited.changed and self._edited.draft is not None:
            problem = self._drafts.write(draft_to_text(self._edited.draft))
            if problem:
                self._say(texts.SET_NOT_KEPT.format(problem=problem), warning=True)

    def _material(self, set_id: str, images: Any) -> tuple[tuple[ReferenceStudy, ...], NextDraft | None]:
        """Return references, and what the next version begins with; on another thread."""
        return self._work.references(), self._work.next_draft(set_id, images) if set_id else None

    def _begun(self, said: str, material: tuple[tuple[ReferenceStudy, ...], NextDraft | None]) -> None:
        self._studies, begun = material
        if begun is not None:
            self._start(EditedSet.of(begun.draft))
        self._show_readings()
        self._say(" ".join(filter(None, (said, "" if begun is None else begun.said_of_it()))))
        self._ask_for_offer()

    def _start(self, edited: EditedSet) -> None:
        """Show a set from its beginning."""
        self._edited, self._offered, self._chosen = edited, (), ""
        self._protocols = {one.id: one for one in self._work.library.protocols}
        if edited.draft is not None:
            self._protocols[edited.draft.protocol.id] = edited.draft.protocol
        self._view.set_protocols([Choice(one.id, one.title) for one in self._protocols.values()])
        self._view.set_about(edited.form)
        self._view.set_heading(edited.heading)
        self._view.set_findings((), "", publishable=False)
        self._show_readings()
        self._show_exercises()
        self._show_offer()

    # ------------------------------------------------------------------ what it is called and rests on

    def _on_about(self, form: AboutForm) -> None:
        before = self._edited.form.protocol
        self._try(lambda: self._edited.describe(form, self._protocols.get(form.protocol)))
        self._view.set_heading(self._edited.heading)
        if form.protocol != before:
            self._show_exercises()
            self._ask_for_offer()

    # ------------------------------------------------------------------ references

    def _on_readings(self, ticked: tuple[str, ...]) -> None:
        self._edited.ticked = ticked
        self._ask_for_offer()

    def _on_kinds(self, kinds: tuple[str, ...]) -> None:
        self._edited.kinds = kinds
        self._show_offer()

    def _ask_for_offer(self) -> None:
        """Find out what can be made of what is ticked, behind whatever is being done."""
        self._offered = ()
        draft = self._edited.draft
        if draft is None or not self._edited.ticked:
            self._stale = False
            self._show_offer()
        elif self._errands.busy:
            self._stale = True
        else:
            self._stale = False
            images = facts_of_open(self._desk.binding.stacks, draft.protocol)
            chosen = self._edited.chosen_readers(self._studies)
            self._view.set_offer(texts.SET_OFFERING, some=False)
            self._errands.send(
                partial(self._work.offers, chosen, draft.protocol, images), self._offer_found, self._failed
            )

    def _offer_found(self, offered: tuple[DraftExercise, ...]) -> None:
        if self._stale:
            self._ask_for_offer()
            return
        self._offered = offered
        self._show_offer()

    def _wanted(self) -> tuple[DraftExercise, ...]:
        """Return what is offered, of the kinds that are wanted, and not in the set already."""
        draft = self._edited.draft
        if draft is None:
            return ()
        wanted = [one for one in self._offered if one.question.kind.value in self._edited.kinds]
        return draft.added(wanted).exercises[len(draft.exercises) :]

    def _on_take(self) -> None:
        wanted = self._wanted()
        if self._edited.draft is not None and wanted:
            self._edited.change(self._edited.draft.added(wanted))
            self._say(texts.plural(len(wanted), texts.SET_TAKEN_ONE, texts.SET_TAKEN))
            self._show_exercises()
            self._show_offer()
            self._keep()

    # ------------------------------------------------------------------ exercises

    def _on_exercise(self, exercise_id: str) -> None:
        self._chosen = exercise_id
        self._show_exercise()

    def _on_moved(self, order: tuple[str, ...]) -> None:
        self._edited.reorder(order)
        self._show_exercises()
        self._keep()

    def _on_remove(self, exercise_id: str) -> None:
        draft = self._needed(exercise_id)
        if draft is None:
            return
        place = [one.exercise_id for one in draft.exercises].index(exercise_id)
        self._edited.change(draft.removed(exercise_id))
        left = self._edited.exercises
        self._chosen = left[min(place, len(left) - 1)].exercise_id if left else ""
        self._show_exercises()
        self._show_offer()
        self._keep()

    def _on_show(self, exercise_id: str) -> None:
        draft = self._needed(exercise_id)
        if draft is None:
            return
        exercise = draft.exercise(exercise_id)
        frame = exercise.question.frame
        open_ = any(
            stack.index_of(frame.sop_instance_uid, frame.frame_number) is not None
            for stack in self._desk.binding.stacks
        )
        if not open_:
            self._say(texts.SET_NOT_OPEN, warning=True)
            return
        self._desk.go_to_frame(frame)
        session = self._desk.session
        marks = (mark.mark_id for one in exercise.key.markings for mark in one.marks)
        if session is not None:
            session.select(next((mark for mark in marks if mark in session), None))
        self._say("")

    def _on_difficulty(self, exercise_id: str, difficulty: str) -> None:
        self._change(lambda edited: edited.set_difficulty(exercise_id, difficulty), exercise_id)

    def _on_verdict(self, exercise_id: str, verdict: str) -> None:
        self._change(lambda edited: edited.set_verdict(exercise_id, verdict), exercise_id)

    def _on_points(self, exercise_id: str, points: tuple[tuple[str, str], ...]) -> None:
        self._change(lambda edited: edited.set_points(exercise_id, points), exercise_id)

    def _change(self, edit: Callable[[EditedSet], None], exercise_id: str) -> None:
        if self._needed(exercise_id) is not None:
            self._try(lambda: edit(self._edited))
            self._show_rows()
            self._keep()

    def _needed(self, exercise_id: str) -> SetDraft | None:
        """Return the draft if it has the exercise, otherwise say that none is chosen."""
        draft = self._edited.draft
        if draft is None or exercise_id not in {one.exercise_id for one in draft.exercises}:
            self._say(texts.SET_NEED_EXERCISE, warning=True)
            return None
        return draft

    # ------------------------------------------------------------------ publishing

    def _on_renew(self) -> None:
        draft = self._edited.draft
        if draft is not None:
            images = facts_of_open(self._desk.binding.stacks, draft.protocol)
            self._send(partial(self._work.renewed, draft, images), self._renewed)

    def _renewed(self, renewed: tuple[SetDraft, int]) -> None:
        draft, changed = renewed
        self._edited.change(draft)
        self._show_exercises()
        self._keep()
        self._on_check()
        self._say(texts.SET_RENEWED.format(count=changed))

    def _on_check(self) -> None:
        self._say("")
        draft = self._edited.draft
        if draft is None:
            self._view.set_findings((), texts.SET_NEED_PROTOCOL, publishable=False)
        else:
            self._view.set_findings((), texts.SET_CHECKING, publishable=False)
            self._send(partial(self._work.check, draft), self._checked)

    def _checked(self, found: Sequence[SetFinding]) -> None:
        if self._edited.draft is None:
            return
        rows = finding_rows(found, self._edited.draft)
        publishable = not any(row.error for row in rows)
        self._view.set_findings(rows, summary_of(rows), publishable=publishable)

    def _on_publish(self) -> None:
        try:
            draft = self._edited.to_publish()
        except FluoroAnnotatorError as error:
            self._say(str(error), warning=True)
            return
        if draft is not None:
            self._say(texts.SET_PUBLISHING)
            self._send(partial(self._work.publish, draft), self._on_published)

    def _on_published(self, teaching_set: TeachingSet) -> None:
        self._drafts.remove()
        self._start(EditedSet())
        self._say("")
        self._view.set_hidden()
        self.published.emit(teaching_set)

    def _on_discard(self) -> None:
        self._drafts.remove()
        self._start(EditedSet())
        self._say(texts.SET_DISCARDED)

    # ------------------------------------------------------------------ errands

    def _send(self, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        if self._errands.busy:
            self._say(texts.SETS_BUSY, warning=True)
            return
        self._view.set_busy(True)
        self._errands.send(work, partial(self._taken, take), self._failed)

    def _taken(self, take: Callable[[Any], None], result: Any) -> None:
        self._view.set_busy(False)
        take(result)

    def _failed(self, error: FluoroAnnotatorError) -> None:
        self._view.set_busy(False)
        self._say(str(error), warning=True)

    # ------------------------------------------------------------------ showing

    def _try(self, edit: Callable[[], None]) -> None:
        """Make a change, or say why it is refused."""
        try:
            edit()
        except FluoroAnnotatorError as error:
            self._say(str(error), warning=True)

    def _say(self, text: str, *, warning: bool = False) -> None:
        self._view.set_message(text, warning=warning)

    def _show_readings(self) -> None:
        self._view.set_readings(study_rows(self._studies), self._edited.ticked)

    def _show_offer(self) -> None:
        count = len(self._wanted())
        text = texts.plural(count, texts.SET_OFFER_ONE, texts.SET_OFFER) if count else texts.SET_OFFER_NONE
        if self._edited.draft is None or not self._edited.ticked:
            text = texts.SET_OFFER_ASK
        elif unopened := self._unopened():
            text = f"{text} {texts.plural(unopened, texts.SET_UNOPENED_ONE, texts.SET_UNOPENED)}"
        self._view.set_offer(text, some=count > 0)

    def _unopened(self) -> int:
        """Return how many of the studies that are ticked are not open in the window."""
        opened = {stack.study_uid for stack in self._desk.binding.stacks}
        return len(self._edited.chosen_readers(self._studies).keys() - opened)

    def _show_exercises(self) -> None:
        self._show_rows()
        self._show_exercise()

    def _show_rows(self) -> None:
        self._view.set_exercises(exercise_rows(self._edited.draft, self._studies), self._chosen)

    def _show_exercise(self) -> None:
        draft = self._edited.draft
        known = draft is not None and self._chosen in {one.exercise_id for one in draft.exercises}
        form = exercise_form(draft, self._chosen) if draft is not None and known else None
        self._view.set_exercise(form)
