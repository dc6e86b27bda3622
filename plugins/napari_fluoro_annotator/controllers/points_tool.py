"""A tool that takes a fixed number of presses on one frame and hands them on together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, Mark
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.placing import NotReady

TakePoints = Callable[[FrameRef, tuple[Point, ...]], None]


class PointsTool:
    """What presses go to while a scale, a line or a distance is placed.

    Parameters
    ----------
    prompts : sequence of str
        What to press on, one for each press; at least one.
    take : callable
        Is handed the frame and the points after the last press. It may raise a
        `FluoroAnnotatorError`; then the points are forgotten and the tool waits for new ones.

    """

    def __init__(self, prompts: Sequence[str], take: TakePoints) -> None:
        self._prompts = tuple(prompts)
        self._take = take
        self._frame: FrameRef | None = None
        self._points: tuple[Point, ...] = ()

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; what the last one completes is no mark, so None is returned.

        Raises
        ------
        NotReady
            If the presses before were on another frame.
        FluoroAnnotatorError
            If nothing can be made of the points.

        """
        if self._frame not in {None, frame}:
            self._forget()
            raise NotReady(texts.POINTS_ELSEWHERE)
        self._frame, self._points = frame, (*self._points, point)
        if len(self._points) == len(self._prompts):
            points = self._points
            self._forget()
            self._take(frame, points)
        return None

    def finish(self) -> Mark | None:
        """Return None: every press is needed."""
        return None

    def step_back(self) -> bool:
        """Forget the press before; return whether there was one."""
        known = bool(self._points)
        self._points = self._points[:-1]
        if not self._points:
            self._frame = None
        return known

    def leave_for(self, frame: FrameRef) -> bool:
        """Forget presses on another frame; return whether there were any."""
        if self._frame in {None, frame}:
            return False
        self._forget()
        return True

    def waiting_on(self, frame: FrameRef) -> tuple[Point, ...]:
        """Return the presses so far, if they are on this frame."""
        return self._points if self._frame == frame else ()

    def hint(self) -> str:
        """Return what to press on next."""
        return self._prompts[len(self._points)]

    def clear(self) -> None:
        """Forget every press."""
        self._forget()

    def _forget(self) -> None:
        self._frame, self._points = None, ()
