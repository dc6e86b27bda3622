"""Placing marks with presses: one for a target or a level, two for a needle."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fluoro_annotator.anatomy import Anatomy, Evidence, Side, Site
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, LevelLabel, Mark, Needle, Target
from napari_fluoro_annotator import texts


class Tool(StrEnum):
    """What the next press places."""

    TARGET = "target"
    NEEDLE = "needle"
    LEVEL = "level"


class NotReady(Exception):  # noqa: N818 - not an error: it says what to choose first
    """Something has to be chosen first; the message says what."""


@dataclass
class Placing:
    """What is chosen, which tool waits, and the points of a mark that is not complete.

    Parameters
    ----------
    anatomy : Anatomy
        The table of nerves, vertebrae and sides.

    """

    anatomy: Anatomy
    nerve: str | None = None
    side: Side | None = None
    vertebra: str | None = None
    tool: Tool | None = None
    _frame: FrameRef | None = field(default=None, init=False)
    _points: list[Point] = field(default_factory=list, init=False)

    def site(self) -> Site:
        """Return the chosen nerve and side as a site.

        Raises
        ------
        NotReady
            If the nerve or the side has not been chosen.
        SideNotAllowedError
            If the nerve cannot have the side.

        """
        if self.nerve is None:
            raise NotReady(texts.NEED_NERVE)
        if self.side is None:
            raise NotReady(texts.NEED_SIDE)
        return self.anatomy.site(self.nerve, self.side)

    def chosen_vertebra(self) -> str:
        """Return the chosen vertebra; raises `NotReady` if there is none."""
        if self.vertebra is None:
            raise NotReady(texts.NEED_VERTEBRA)
        return self.vertebra

    def prepare(self, tool: Tool) -> None:
        """Let the next press place a mark; raises `NotReady` if something is not chosen."""
        self.clear()
        if tool is Tool.LEVEL:
            self.chosen_vertebra()
        else:
            self.site()
        self.tool = tool

    # ------------------------------------------------------------------ as a tool

    def clear(self) -> None:
        """Place nothing, and forget a tip without a hub."""
        self.tool = None
        self._forget()

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press and return the mark that it completes, if it does.

        Parameters
        ----------
        frame : FrameRef
            The frame that is shown.
        point : Point
            Where the press was.

        Raises
        ------
        NotReady
            If the tip of the needle is on another frame.

        """
        if self.tool is Tool.TARGET:
            return Target(frame=frame, site=self.site(), position=point)
        if self.tool is Tool.LEVEL:
            return LevelLabel(frame=frame, vertebra=self.chosen_vertebra(), position=point)
        if self.tool is Tool.NEEDLE:
            return self._press_needle(frame, point)
        return None

    def _press_needle(self, frame: FrameRef, point: Point) -> Mark | None:
        if self._frame is None:
            self._frame, self._points = frame, [point]
            return None
        if self._frame != frame:
            self._forget()
            raise NotReady(texts.OTHER_FRAME)
        tip, *bends = self._points
        return Needle(frame=frame, site=self.site(), tip=tip, hub=point, shaft=tuple(bends))

    def bend(self, frame: FrameRef, point: Point) -> None:
        """Let the shaft of the needle bend at a place, between its tip and its hub.

        Raises
        ------
        NotReady
            If the tool is not that of needles, or the tip is not marked on this frame.

        """
        if self.tool is not Tool.NEEDLE or self._frame != frame:
            raise NotReady(texts.BEND_AFTER_TIP)
        if point == self._points[-1]:
            raise NotReady(texts.SAME_PLACE)
        self._points.append(point)

    def finish(self) -> Mark | None:
        """Return the mark that needs no further press; there is none among targets, needles and levels."""
        return None

    def step_back(self) -> bool:
        """Forget the press before; return whether there was one."""
        known = bool(self._points)
        self._points = self._points[:-1]
        if not self._points:
            self._forget()
        return known

    def leave_for(self, frame: FrameRef) -> bool:
        """Forget a tip that is on another frame; return whether there was one."""
        if self._frame is None or self._frame == frame:
            return False
        self._forget()
        return True

    @property
    def tip_first(self) -> bool:
        """Whether the first press is on the tip of a needle."""
        return self.tool is Tool.NEEDLE

    def waiting_on(self, frame: FrameRef) -> tuple[Point, ...]:
        """Return the points of an incomplete mark, if it is on this frame."""
        return tuple(self._points) if self._frame == frame else ()

    def _forget(self) -> None:
        self._frame, self._points = None, []

    def hint(self) -> str:
        """Return what to do next, and whether the anatomy of the chosen nerve is disputed."""
        nerve = self.anatomy.nerves.get(self.nerve or "")
        disputed = nerve is not None and nerve.evidence is Evidence.DISPUTED
        if disputed and self.tool is not Tool.LEVEL:
            return f"{self._next_step()} {texts.DISPUTED}"
        return self._next_step()

    def _next_step(self) -> str:
        if self.tool is Tool.TARGET:
            return texts.HINT_TARGET.format(label=self.anatomy.site_label(self.site()))
        if self.tool is Tool.LEVEL:
            return texts.HINT_LEVEL.format(label=self.anatomy.vertebra(self.chosen_vertebra()).name)
        if self.tool is Tool.NEEDLE:
            hint = texts.HINT_HUB if self._points else texts.HINT_TIP
            return hint.format(label=self.anatomy.site_label(self.site()))
        return texts.HINT_IDLE
