"""What happens on which frame: events with a key each, and the story of a study as a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.anatomy import Site
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import Change, EventKind, EventMark, FrameRef, MarkKind, MarkSession, Needle
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.placing import NotReady
from napari_fluoro_annotator.controllers.wording import where_text
from napari_fluoro_annotator.wiring import Wires, Wiring

TELLING = frozenset({MarkKind.EVENT, MarkKind.NEEDLE})
"""Kinds of marks of which the story tells."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A line of the story: the mark that tells it, in words, and whether it is on the frame shown."""

    mark_id: str
    text: str
    here: bool


class EventsViewProtocol(Protocol):
    """The events of the Needle page as the controller sees them."""

    event_chosen: SignalInstance
    row_chosen: SignalInstance
    with_nerve_chosen: SignalInstance

    def set_story(self, rows: Sequence[StoryRow]) -> None:
        """List what happens, in order."""


class EventsController:
    """Marks events on the frame that is shown, and tells the story of the study.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : EventsViewProtocol
        The widget.
    site : callable
        Returns the nerve and side that are chosen; raises `NotReady` if they are not.

    """

    def __init__(self, desk: ReadingDesk, view: EventsViewProtocol, *, site: Callable[[], Site]) -> None:
        self._desk, self._view, self._site = desk, view, site
        self._with_nerve = False
        self._wiring = Wiring(self._wires())
        self._show()

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
        return (
            (view.event_chosen, self.mark),
            (view.row_chosen, self.go_to),
            (view.with_nerve_chosen, self.choose_with_nerve),
            (desk.reading_changed, self._show),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ keys

    def contrast_appears(self) -> None:
        """Mark that contrast appears on the frame that is shown."""
        self.mark(EventKind.CONTRAST_APPEARS)

    def vascular_uptake(self) -> None:
        """Mark vascular uptake on the frame that is shown."""
        self.mark(EventKind.VASCULAR_UPTAKE)

    def epidural_spread(self) -> None:
        """Mark epidural spread on the frame that is shown."""
        self.mark(EventKind.EPIDURAL_SPREAD)

    def foraminal_spread(self) -> None:
        """Mark foraminal spread on the frame that is shown."""
        self.mark(EventKind.FORAMINAL_SPREAD)

    def intrathecal_spread(self) -> None:
        """Mark intrathecal spread on the frame that is shown."""
        self.mark(EventKind.INTRATHECAL_SPREAD)

    def intra_articular_spread(self) -> None:
        """Mark intra-articular spread on the frame that is shown."""
        self.mark(EventKind.INTRA_ARTICULAR_SPREAD)

    def final_position(self) -> None:
        """Mark that the needle is in its final position on the frame that is shown."""
        self.mark(EventKind.FINAL_POSITION)

    # ------------------------------------------------------------------ doing

    def choose_with_nerve(self, wanted: bool) -> None:
        """Say whether events are for the nerve and side that are chosen, or for none."""
        self._with_nerve = wanted

    def mark(self, event: str) -> None:
        """Mark an event on the frame that is shown; a cine that is played stops there."""
        self._desk.pause_requested.emit()
        session, frame = self._desk.session, self._desk.frame
        if session is None or frame is None:
            self._desk.say(self._desk.refusal or texts.NEED_VIEW, warning=True)
            return
        if self._desk.binding.problem:
            self._desk.say(self._desk.binding.problem, warning=True)
            return
        try:
            self._add(session, EventMark(frame=frame, event=EventKind(event), site=self._chosen()))
        except NotReady as reason:
            self._desk.say(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)

    def _chosen(self) -> Site | None:
        return self._site() if self._with_nerve else None

    def _add(self, session: MarkSession, mark: EventMark) -> None:
        label, number = session.label(mark), self._desk.binding.index + 1
        if any(_tells_the_same(mark, other) for other in session.marks_on(mark.frame)):
            self._desk.say(texts.EVENT_THERE.format(label=label, number=number), warning=True)
            return
        session.add(mark)
        session.select(mark.mark_id)
        self._desk.say(texts.EVENT_MARKED.format(label=label, number=number))

    def go_to(self, mark_id: str) -> None:
        """Show the frame of a line of the story, and select the mark that tells it."""
        session = self._desk.session
        if session is not None and mark_id in session:
            session.select(mark_id)
            self._desk.go_to(session.mark(mark_id))

    # ------------------------------------------------------------------ showing

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        if any(change.mark.kind in TELLING for change in changes):
            self._show()

    def _on_frame(self) -> None:
        if not self._desk.binding.playing:
            self._show()

    def _show(self) -> None:
        session = self._desk.session
        self._view.set_story([] if session is None else self._story(session))

    def _story(self, session: MarkSession) -> list[StoryRow]:
        """Return events and what was done with needles, in the order of views and frames."""
        told = [mark for mark in session.records_of(MarkKind.EVENT) if isinstance(mark, EventMark)]
        needles = [mark for mark in session.records_of(MarkKind.NEEDLE) if isinstance(mark, Needle)]
        done = [needle for needle in needles if needle.status is not None]
        both: list[EventMark | Needle] = [*told, *done]
        marks = sorted(both, key=lambda mark: self._order(mark.frame))
        return [
            StoryRow(mark.mark_id, self._line(session, mark), mark.frame == self._desk.frame)
            for mark in marks
        ]

    def _order(self, frame: FrameRef) -> tuple[int, int]:
        """Return where a frame comes: views in the order of the list, those that are not open last."""
        for place, stack in enumerate(self._desk.binding.stacks):
            index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
            if index is not None:
                return place, index
        return len(self._desk.binding.stacks), frame.frame_number

    def _line(self, session: MarkSession, mark: EventMark | Needle) -> str:
        what = session.label(mark)
        if isinstance(mark, Needle) and mark.status is not None:
            what = texts.STORY_STATUS.format(status=texts.STATUSES[mark.status], label=what)
        return texts.STORY_LINE.format(where=where_text(mark.frame, self._desk.binding.stacks), what=what)


def _tells_the_same(mark: EventMark, other: object) -> bool:
    return isinstance(other, EventMark) and (other.event, other.site) == (mark.event, mark.site)
