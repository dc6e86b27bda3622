"""The tool that fills a slot of a plan: the tool of its kind, on a view that serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fluoro_annotator.anatomy import Anatomy, Side, Site
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import EventKind, EventMark, FrameRef, Mark
from fluoro_annotator.protocols import Slot, SlotKind
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.placing import NotReady, Placing, Tool
from napari_fluoro_annotator.controllers.protocols import BendingTool, PlacingTool
from napari_fluoro_annotator.controllers.shaping import CourseTool, LandmarkTool, PolygonTool


class SlotTool:
    """Takes presses for one slot.

    Parameters
    ----------
    slot : Slot
        What is to be marked.
    anatomy : Anatomy
        The table of nerves.
    problem : callable
        Returns why the slot cannot be filled on a frame, or an empty text.
    lead : str
        What comes before the hint, for example how far the plan has got.

    Attributes
    ----------
    slot : Slot
        What is to be marked.
    made : Mark or None
        The mark that was completed.

    """

    def __init__(
        self, slot: Slot, anatomy: Anatomy, problem: Callable[[FrameRef], str], lead: str = ""
    ) -> None:
        self.slot = slot
        self.made: Mark | None = None
        self._problem, self._lead = problem, lead
        self._tool = _TOOLS[slot.what](slot, anatomy)

    @property
    def tip_first(self) -> bool:
        """Whether the first press is on the tip of a needle."""
        return self.slot.what is SlotKind.NEEDLE

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; return the mark that it completes, or None if more are needed.

        Raises
        ------
        NotReady
            If the frame is not of the view of the slot, or another one than that of the press before.
        MarkError
            If the points make no mark.

        """
        self._check(frame)
        self.made = self._tool.press(frame, point)
        return self.made

    def bend(self, frame: FrameRef, point: Point) -> None:
        """Let the shaft of a needle bend; raises `NotReady` if the slot is not for a needle with its tip."""
        self._check(frame)
        if not isinstance(self._tool, BendingTool):
            raise NotReady(texts.BEND_AFTER_TIP)
        self._tool.bend(frame, point)

    def finish(self) -> Mark | None:
        """Return a course or zone that has enough points; raises `NotReady` if it has not."""
        self.made = self._tool.finish()
        return self.made

    def step_back(self) -> bool:
        """Forget the press before; return whether there was one."""
        return self._tool.step_back()

    def leave_for(self, frame: FrameRef) -> bool:
        """Forget presses on another frame; return whether there were any."""
        return self._tool.leave_for(frame)

    def waiting_on(self, frame: FrameRef) -> Sequence[Point]:
        """Return the points of an incomplete mark that are on a frame."""
        return self._tool.waiting_on(frame)

    def hint(self) -> str:
        """Return what to press on next."""
        return f"{self._lead} {self._tool.hint()}".strip()

    def clear(self) -> None:
        """Forget all presses: the tool is put away."""
        self._tool.clear()

    def _check(self, frame: FrameRef) -> None:
        problem = self._problem(frame)
        if problem:
            raise NotReady(problem)


@dataclass
class _EventTool(LandmarkTool):
    """One press where an event is seen."""

    site: Site | None = None

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Return the event."""
        return EventMark(frame=frame, event=EventKind(self.name), site=self.site, position=point)

    def hint(self) -> str:
        """Return what to look for."""
        return texts.PLAN_PRESS_EVENT.format(event=self.name.replace("_", " "), label=self.title)


def _target(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return _placing(slot, anatomy, Tool.TARGET)


def _needle(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return _placing(slot, anatomy, Tool.NEEDLE)


def _level(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return _placing(slot, anatomy, Tool.LEVEL)


def _placing(slot: Slot, anatomy: Anatomy, tool: Tool) -> PlacingTool:
    placing = Placing(anatomy, nerve=slot.nerve, side=slot.side, vertebra=slot.vertebra)
    placing.prepare(tool)
    return placing


def _course(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return CourseTool(_site(slot, anatomy), slot.label)


def _zone(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return PolygonTool(_site(slot, anatomy), slot.label)


def _landmark(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    title = slot.label.removesuffix(f", {slot.vertebra}, {slot.side}")
    return LandmarkTool(slot.name, title, slot.vertebra, slot.side, anatomy)


def _event(slot: Slot, anatomy: Anatomy) -> PlacingTool:
    return _EventTool(slot.name, slot.label, slot.vertebra, slot.side, anatomy, _site(slot, anatomy))


def _site(slot: Slot, anatomy: Anatomy) -> Site:
    return anatomy.site(slot.nerve, slot.side or Side.MIDLINE)


_TOOLS: Mapping[SlotKind, Callable[[Slot, Anatomy], PlacingTool]] = MappingProxyType(
    {
        SlotKind.TARGET: _target,
        SlotKind.NEEDLE: _needle,
        SlotKind.COURSE: _course,
        SlotKind.ZONE: _zone,
        SlotKind.LANDMARK: _landmark,
        SlotKind.LEVEL: _level,
        SlotKind.EVENT: _event,
    }
)
