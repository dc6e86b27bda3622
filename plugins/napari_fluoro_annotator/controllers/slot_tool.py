"""The tool that fills a slot of a plan: as many presses as its kind takes, on a view that serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fluoro_annotator.anatomy import Anatomy, Side, Site
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    EventKind,
    EventMark,
    FrameRef,
    Landmark,
    LevelLabel,
    Mark,
    Needle,
    NerveCourse,
    Target,
    TargetZone,
    ZoneForm,
)
from fluoro_annotator.protocols import Slot, SlotKind
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.placing import NotReady

Maker = Callable[[Slot, Site | None, FrameRef, Sequence[Point]], Mark]


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of slot is filled.

    Attributes
    ----------
    make : callable
        Makes the mark.
    least : int
        Presses without which there is no mark.
    open_end : bool
        Whether more presses may come until the reader says that it is finished.
    hints : tuple of str
        What to press on, first to last.

    """

    make: Maker
    hints: tuple[str, ...]
    least: int = 1
    open_end: bool = False


def _target(_slot: Slot, site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return Target(frame=frame, site=_needed(site), position=points[0])


def _needle(_slot: Slot, site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return Needle(frame=frame, site=_needed(site), tip=points[0], hub=points[1])


def _course(_slot: Slot, site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return NerveCourse(frame=frame, site=_needed(site), vertices=tuple(points))


def _zone(_slot: Slot, site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return TargetZone(frame=frame, site=_needed(site), form=ZoneForm.POLYGON, vertices=tuple(points))


def _event(slot: Slot, site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return EventMark(frame=frame, event=EventKind(slot.name), site=site, position=points[0])


def _level(slot: Slot, _site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return LevelLabel(frame=frame, vertebra=slot.vertebra, position=points[0])


def _landmark(slot: Slot, _site: Site | None, frame: FrameRef, points: Sequence[Point]) -> Mark:
    return Landmark(frame=frame, name=slot.name, vertebra=slot.vertebra, side=slot.side, position=points[0])


def _needed(site: Site | None) -> Site:
    if site is None:
        raise NotReady(texts.NEED_NERVE)
    return site


WAYS: Mapping[SlotKind, Way] = MappingProxyType(
    {
        SlotKind.TARGET: Way(_target, (texts.PLAN_PRESS_TARGET,)),
        SlotKind.NEEDLE: Way(_needle, (texts.PLAN_PRESS_TIP, texts.PLAN_PRESS_HUB), least=2),
        SlotKind.COURSE: Way(_course, (texts.PLAN_PRESS_COURSE,), least=2, open_end=True),
        SlotKind.ZONE: Way(_zone, (texts.PLAN_PRESS_ZONE,), least=3, open_end=True),
        SlotKind.LANDMARK: Way(_landmark, (texts.PLAN_PRESS_LANDMARK,)),
        SlotKind.LEVEL: Way(_level, (texts.PLAN_PRESS_LEVEL,)),
        SlotKind.EVENT: Way(_event, (texts.PLAN_PRESS_EVENT,)),
    }
)


@dataclass
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
    made : Mark or None
        The mark that the last press completed.

    """

    slot: Slot
    anatomy: Anatomy
    problem: Callable[[FrameRef], str]
    lead: str = ""
    made: Mark | None = field(default=None, init=False)
    _frame: FrameRef | None = field(default=None, init=False)
    _points: list[Point] = field(default_factory=list, init=False)

    @property
    def way(self) -> Way:
        """How the slot is filled."""
        return WAYS[self.slot.what]

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; return the mark that it completes, or None if more are needed.

        Raises
        ------
        NotReady
            If the frame is not of the view of the slot, or another one than that of the press before.
        MarkError
            If the points make no mark.

        """
        problem = self.problem(frame)
        if problem:
            raise NotReady(problem)
        if self._frame is not None and self._frame != frame:
            self._forget()
            raise NotReady(texts.PLAN_OTHER_FRAME)
        points = [*self._points, point]
        if len(points) >= self.way.least and not self.way.open_end:
            self.made = self._made(frame, points)
            return self.made
        self._frame, self._points = frame, points
        return None

    def finish(self) -> Mark | None:
        """Return the course or zone if it has enough points, otherwise None."""
        if self._frame is None or not self.way.open_end or len(self._points) < self.way.least:
            return None
        self.made = self._made(self._frame, self._points)
        return self.made

    def _made(self, frame: FrameRef, points: Sequence[Point]) -> Mark:
        return self.way.make(self.slot, self._site(), frame, points)

    def _site(self) -> Site | None:
        slot = self.slot
        return self.anatomy.site(slot.nerve, Side(slot.side)) if slot.nerve and slot.side else None

    def step_back(self) -> bool:
        """Forget the press before; return whether there was one."""
        if not self._points:
            return False
        self._points.pop()
        self._frame = self._frame if self._points else None
        return True

    def leave_for(self, frame: FrameRef) -> bool:
        """Forget presses on another frame; return whether there were any."""
        if self._frame is None or self._frame == frame:
            return False
        self._forget()
        return True

    def waiting_on(self, frame: FrameRef) -> tuple[Point, ...]:
        """Return the points of an incomplete mark that are on a frame."""
        return tuple(self._points) if self._frame == frame else ()

    def hint(self) -> str:
        """Return what to press on next."""
        hints = self.way.hints
        hint = hints[min(len(self._points), len(hints) - 1)]
        event = self.slot.name.replace("_", " ")
        text = hint.format(label=self.slot.label, event=event)
        return f"{self.lead} {text}".strip()

    def clear(self) -> None:
        """Forget all presses: the tool is put away."""
        self._forget()

    def _forget(self) -> None:
        self._frame, self._points = None, []
