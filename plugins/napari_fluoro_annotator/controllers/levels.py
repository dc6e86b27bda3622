"""The Levels panel: how vertebrae were counted, offered labels, renaming, and what looks wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Change,
    CountedFrom,
    Finding,
    FrameRef,
    LevelLabel,
    Mark,
    MarkSession,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.checking import Checks
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.level_offers import Ghost, LevelOffers, ghost_lines
from napari_fluoro_annotator.controllers.numbering_form import NumberingForm, form_of, numbering_of
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.renaming import Renaming, Scope, planned_renaming, used_vertebrae
from napari_fluoro_annotator.controllers.wording import numbering_text, stack_of
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.studies import view_number
from napari_fluoro_annotator.wiring import Wires, Wiring

NUMBERING = "numbering"
"""Identifier of the one record of the numbering."""
MOST_ROWS = 200
"""So many findings are listed; whoever has more begins with these."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A line of the list of what looks wrong, and the mark to go to."""

    mark_id: str
    text: str


class LevelsViewProtocol(Protocol):
    """The Levels page as the controller sees it."""

    numbering_stated: SignalInstance
    numbering_withdrawn: SignalInstance
    offer_switched: SignalInstance
    accept_requested: SignalInstance
    renaming_chosen: SignalInstance
    renaming_requested: SignalInstance
    finding_chosen: SignalInstance
    page_shown: SignalInstance
    lists_wanted: SignalInstance

    def set_numbering(self, form: NumberingForm, text: str) -> None:
        """Show what is stated of the numbering."""

    def set_offer(self, text: str, *, acceptable: bool) -> None:
        """Say what is offered on the frame, or why nothing is."""

    def set_renaming_choices(self, used: Sequence[Choice], names: Sequence[Choice]) -> None:
        """Offer vertebrae to rename, and names."""

    def set_renaming(self, lines: Sequence[str], button: str, *, possible: bool) -> None:
        """Show what renaming would do."""

    def set_findings(self, rows: Sequence[FindingRow], count: int) -> None:
        """List what looks wrong, and how much there is in all."""

    def ask_for_lists_soon(self) -> None:
        """Emit ``lists_wanted`` once, shortly: lists of everything must not delay what is drawn."""

    def set_enabled(self, enabled: bool) -> None:
        """Allow or forbid changes."""


class Banner(Protocol):
    """What is seen whatever page is open."""

    def set_check(self, text: str, tip: str = "") -> None:
        """Say what looks wrong on the frame that is shown."""


class LevelsController:
    """What the Levels panel does.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses and draws.
    view : LevelsViewProtocol
        The page.
    banner : Banner
        Shows what looks wrong on the frame while other pages are open.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, view: LevelsViewProtocol, banner: Banner) -> None:
        self._desk, self._pointer, self._view, self._banner = desk, pointer, view, banner
        self._offers = LevelOffers(desk)
        self._checks = Checks(desk)
        self._offering = True
        self._listing = False
        self._renaming: tuple[str, str, Scope] | None = None
        pointer.add_backdrop(self.lines_on)
        pointer.add_taker(self.take)
        self._wiring = Wiring(self._wires())
        self._on_reading()

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
        return (
            (view.numbering_stated, self.state_numbering),
            (view.numbering_withdrawn, self.withdraw_numbering),
            (view.offer_switched, self.switch_offer),
            (view.accept_requested, self.accept_all),
            (view.renaming_chosen, self.choose_renaming),
            (view.renaming_requested, self.rename),
            (view.finding_chosen, self.go_to),
            (view.page_shown, self._on_page),
            (view.lists_wanted, self._show_lists),
            (self._pointer.placed, self._on_placed),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    @property
    def _session(self) -> MarkSession | None:
        return self._desk.session

    # ------------------------------------------------------------------ numbering

    def state_numbering(self, form: NumberingForm) -> None:
        """Keep what the reader says of the numbering."""
        session = self._session
        if session is None:
            return
        if not form.complete:
            self._desk.say(texts.NUMBERING_INCOMPLETE, warning=True)
            return
        try:
            numbering = session.put(numbering_of(form))
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return
        text = numbering_text(numbering)
        at_odds = numbering.certain and numbering.counted_from is CountedFrom.NOT_DETERMINABLE
        self._desk.say(texts.NUMBERING_AT_ODDS.format(text=text) if at_odds else text, warning=at_odds)

    def withdraw_numbering(self) -> None:
        """Say nothing of the numbering any more."""
        session = self._session
        if session is None or session.numbering is None:
            return
        if self._desk.keep(lambda: session.delete(NUMBERING)):
            self._desk.say(texts.NUMBERING_GONE.format(undo=SHOWN["undo"]))

    # ------------------------------------------------------------------ offers

    def lines_on(self, frame: FrameRef) -> Sequence[DrawnLine]:
        """Return the lines of the vertebrae that are offered on a frame."""
        if self._desk.binding.playing:
            return ()
        return [line for ghost in self._ghosts(frame) for line in ghost_lines(ghost)]

    def take(self, frame: FrameRef, point: Point) -> bool:
        """Label the vertebra that is offered where the reader has pressed, if one is."""
        session = self._session
        found = next((ghost for ghost in self._ghosts(frame) if ghost.meets(point)), None)
        if session is None or found is None:
            return False
        try:
            label = session.add_level_label(frame, found.level.vertebra, point)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return True
        session.select(label.mark_id)
        self._desk.say(texts.OFFER_ACCEPTED_ONE.format(label=session.label(label)))
        self._warn_of(label)
        return True

    def accept_all(self) -> None:
        """Label every vertebra that is offered on the frame and is not doubtful."""
        session, frame = self._session, self._desk.frame
        if session is None or frame is None:
            self._desk.say(texts.NEED_VIEW, warning=True)
            return
        problem = self._reason_against(frame)
        if problem:
            self._desk.say(problem, warning=True)
            return
        ghosts = self._ghosts(frame)
        sure = [ghost for ghost in ghosts if not ghost.level.doubtful]
        if not sure:
            self._desk.say(texts.OFFER_NONE_SURE, warning=True)
            return
        if self._desk.keep(lambda: self._accept(session, frame, sure)):
            self._say_accepted(sure, [ghost for ghost in ghosts if ghost.level.doubtful])

    def _reason_against(self, frame: FrameRef) -> str:
        """Return why nothing can be accepted on a frame now, or an empty text."""
        if self._desk.binding.playing:
            self._desk.pause_requested.emit()
            return texts.STOPPED_FOR_PRESS.format(number=self._desk.binding.index + 1)
        if not self._offering:
            return texts.OFFER_OFF
        return self._desk.binding.problem or self._offers.on(frame).reason

    def _accept(self, session: MarkSession, frame: FrameRef, ghosts: Sequence[Ghost]) -> None:
        labels = [
            LevelLabel(frame=frame, vertebra=ghost.level.vertebra, position=ghost.level.position)
            for ghost in ghosts
        ]
        session.edit([Change(None, label) for label in labels], what=texts.OFFER_STEP)

    def _say_accepted(self, sure: Sequence[Ghost], left: Sequence[Ghost]) -> None:
        text = texts.OFFER_ACCEPTED.format(names=_names(sure), undo=SHOWN["undo"])
        self._desk.say(texts.OFFER_LEFT.format(accepted=text, names=_names(left)) if left else text)

    def switch_offer(self, wanted: bool) -> None:
        """Offer vertebrae on the image, or do not."""
        self._offering = wanted
        self._show_offer()
        self._pointer.redraw()

    def _ghosts(self, frame: FrameRef) -> tuple[Ghost, ...]:
        return self._offers.on(frame).ghosts if self._offering else ()

    # ------------------------------------------------------------------ renaming

    def choose_renaming(self, name: str, really: str, scope: str) -> None:
        """Show what happens if a vertebra is really another one."""
        self._renaming = (name, really, Scope(scope)) if name and really else None
        self._show_renaming()

    def rename(self) -> None:
        """Rename as it was shown, in one step."""
        session, planned = self._session, self._planned()
        if session is None or planned is None or not planned.count:
            return
        try:
            session.renumber(planned.mapping)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            marks = texts.plural(planned.count, texts.ONE_MARK, texts.MARKS)
            self._desk.say(texts.RENAMED.format(marks=marks, undo=SHOWN["undo"]))

    def _planned(self) -> Renaming | None:
        session = self._session
        if session is None or self._renaming is None:
            return None
        return planned_renaming(session, *self._renaming)

    # ------------------------------------------------------------------ what looks wrong

    def go_to(self, mark_id: str) -> None:
        """Show a mark that looks wrong."""
        session = self._session
        if session is not None and mark_id in session:
            session.select(mark_id)
            self._desk.go_to(session.mark(mark_id))

    def _on_placed(self, mark: Mark) -> None:
        self._warn_of(mark)

    def _warn_of(self, mark: Mark) -> None:
        """Say at once what looks wrong about a mark; it is kept."""
        found = next((each for each in self._checks.on(mark.frame) if mark.mark_id in each.mark_ids), None)
        if found is not None:
            self._desk.say(texts.MARKED_BUT.format(text=found.text, undo=SHOWN["undo"]), warning=True)

    # ------------------------------------------------------------------ following

    def _on_page(self, shown: bool) -> None:
        self._listing = shown
        self._show_lists()

    def _on_reading(self) -> None:
        self._checks.forget_all()
        self._renaming = None
        self._view.set_enabled(self._session is not None)
        self._show_frame()
        self._show_lists()

    def _on_frame(self) -> None:
        if not self._desk.binding.playing:
            self._show_offer()
            self._show_check()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        self._checks.forget(changes)
        self._show_frame()
        if self._listing:
            self._view.ask_for_lists_soon()

    # ------------------------------------------------------------------ showing

    def _show_frame(self) -> None:
        """Show what is stated, and what belongs to the frame that is shown."""
        self._show_numbering()
        self._show_offer()
        self._show_check()

    def _show_lists(self) -> None:
        """Show what is about the whole reading, if somebody is looking."""
        if self._listing:
            self._show_findings()
            self._show_renaming_choices()

    def _show_numbering(self) -> None:
        numbering = self._session.numbering if self._session is not None else None
        text = texts.NUMBERING_NONE if numbering is None else numbering_text(numbering)
        self._view.set_numbering(form_of(numbering), text)
        doubt = numbering.doubt if numbering is not None else ""
        self._desk.binding.set_caption_note(doubt.upper())

    def _show_offer(self) -> None:
        frame = self._desk.frame
        if frame is None or self._session is None or not self._offering:
            self._view.set_offer("" if self._offering else texts.OFFER_OFF, acceptable=False)
            return
        offer = self._offers.on(frame)
        sure = any(not ghost.level.doubtful for ghost in offer.ghosts)
        self._view.set_offer(offer.reason or _offer_text(offer.ghosts), acceptable=sure)

    def _show_check(self) -> None:
        """Say in the head of the dock what looks wrong on the frame that is shown."""
        frame = self._desk.frame
        found = self._checks.on(frame) if frame is not None else ()
        if not found:
            self._banner.set_check("")
            return
        titles = dict.fromkeys(texts.FINDING_TITLES[finding.code.value] for finding in found)
        line = texts.CHECK_LINE.format(titles="; ".join(titles))
        self._banner.set_check(line, "\n".join(finding.text for finding in found))

    def _show_findings(self) -> None:
        found = self._checks.everywhere()
        rows = [self._row(*entry) for entry in found[:MOST_ROWS]]
        self._view.set_findings(rows, len(found))

    def _row(self, frame: FrameRef, finding: Finding) -> FindingRow:
        mark_id = finding.mark_ids[-1]
        session = self._session
        stack = None if session is None else stack_of(session.mark(mark_id), self._desk.binding.stacks)
        where = view_number(stack) if stack is not None else texts.NOT_OPEN
        text = texts.FINDING_ROW.format(where=where, frame=frame.frame_number, text=finding.text)
        return FindingRow(mark_id, text)

    def _show_renaming_choices(self) -> None:
        session = self._session
        used = () if session is None else used_vertebrae(session)
        table = self._desk.anatomy.vertebrae
        choices = [Choice(vertebra.id, vertebra.name) for vertebra in table.values()]
        self._view.set_renaming_choices([choice for choice in choices if choice.key in used], choices)
        self._show_renaming()

    def _show_renaming(self) -> None:
        planned = self._planned()
        if planned is None:
            self._view.set_renaming([texts.RENAME_CHOOSE], texts.RENAME_BUTTON_NONE, possible=False)
            return
        lines = planned.lines or [planned.reason or texts.RENAME_NOTHING]
        marks = texts.plural(planned.count, texts.ONE_MARK, texts.MARKS)
        button = texts.RENAME_BUTTON.format(marks=marks) if planned.count else texts.RENAME_BUTTON_NONE
        self._view.set_renaming(lines, button, possible=planned.count > 0)


def _names(ghosts: Sequence[Ghost]) -> str:
    return ", ".join(ghost.level.vertebra for ghost in ghosts)


def _offer_text(ghosts: Sequence[Ghost]) -> str:
    text = texts.OFFERED.format(names=_names(ghosts), key=SHOWN["accept_all"])
    doubtful = [ghost for ghost in ghosts if ghost.level.doubtful]
    return texts.OFFERED_DOUBTFUL.format(offered=text, names=_names(doubtful)) if doubtful else text
