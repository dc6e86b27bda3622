"""The scale of an image: that of the file, or one that the reader makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol as Shape

from psygnal import SignalInstance

from fluoro_annotator.geometry import (
    NEEDLE_DIAMETERS_MM,
    Point,
    Ruler,
    midpoint,
    nearest_on_polyline,
    shaft_to_line,
)
from fluoro_annotator.marks import CalibrationMethod, CalibrationPlane, FrameRef, Needle, UserCalibration
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.placing import NotReady
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.points_tool import PointsTool
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.scales import aspect_of, own_scale, scale_text
from napari_fluoro_annotator.wiring import Wires, Wiring

LEAST_ACROSS_DEG = 70.0
"""A width pressed at less to the shaft comes out more than 6 % too large: an engineering default."""


class CalibrationViewProtocol(Shape):
    """The form of the scale as the controller sees it."""

    length_entered: SignalInstance
    gauge_chosen: SignalInstance
    plane_chosen: SignalInstance
    length_requested: SignalInstance
    width_requested: SignalInstance
    remove_requested: SignalInstance

    def set_gauges(self, choices: Sequence[Choice]) -> None:
        """Offer these sizes of needle."""

    def set_gauge(self, key: str) -> None:
        """Show which size is chosen."""

    def set_planes(self, choices: Sequence[Choice]) -> None:
        """Offer these depths."""

    def set_plane(self, key: str) -> None:
        """Show which depth is chosen."""

    def set_scale(self, text: str, *, own: bool) -> None:
        """Show which scale holds, and whether it is the reader's own."""

    def ask_for_length(self) -> None:
        """Let the reader type a length."""

    def ask_for_gauge(self) -> None:
        """Let the reader choose a size of needle."""


class CalibrationController:
    """Makes and removes the reader's own scale of the image that is shown.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : CalibrationViewProtocol
        The widget.
    show : callable
        Brings the page to the front.

    """

    def __init__(
        self, desk: ReadingDesk, pointer: Pointer, view: CalibrationViewProtocol, *, show: Callable[[], None]
    ) -> None:
        self._desk, self._pointer, self._view, self._show = desk, pointer, view, show
        self._mm = 0.0
        self._gauge: int | None = None
        self._plane = CalibrationPlane.NOT_STATED
        view.set_gauges(
            [
                Choice(str(gauge), texts.GAUGE_WIDTH.format(gauge=gauge, mm=mm))
                for gauge, mm in NEEDLE_DIAMETERS_MM.items()
            ]
        )
        view.set_planes([Choice(plane.value, texts.PLANES[plane]) for plane in CalibrationPlane])
        view.set_plane(self._plane.value)
        self._wiring = Wiring(self._wires())
        self._refresh()

    def _wires(self) -> Wires:
        desk, view = self._desk, self._view
        return (
            (view.length_entered, self.choose_length),
            (view.gauge_chosen, self.choose_gauge),
            (view.plane_chosen, self.choose_plane),
            (view.length_requested, self.calibrate_by_length),
            (view.width_requested, self.calibrate_by_width),
            (view.remove_requested, self.remove),
            (desk.selection_changed, self._on_selection),
            (self._pointer.redrawn, self._refresh),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ choosing

    def choose_length(self, mm: float) -> None:
        """Take the length that is known, in mm; 0 for none."""
        self._mm = mm

    def choose_gauge(self, key: str) -> None:
        """Take the size of the needle whose width is known."""
        self._gauge = int(key) if key else None

    def choose_plane(self, key: str) -> None:
        """Take the depth at which the scale is made."""
        self._plane = CalibrationPlane(key or CalibrationPlane.NOT_STATED)

    # ------------------------------------------------------------------ making

    def calibrate_by_length(self) -> None:
        """Let two presses on the ends of the known length make a scale."""
        if not self._mm:
            self._ask(texts.NEED_LENGTH, "calibrate_by_length")
            self._view.ask_for_length()
            return
        words = (texts.HINT_LENGTH_FIRST, texts.HINT_LENGTH_SECOND)
        self._arm([hint.format(mm=self._mm) for hint in words], self._take_length)

    def calibrate_by_width(self) -> None:
        """Let two presses on the edges of a shaft make a scale."""
        if self._gauge is None:
            self._ask(texts.NEED_GAUGE, "calibrate_by_width")
            self._view.ask_for_gauge()
            return
        words = (texts.HINT_WIDTH_FIRST, texts.HINT_WIDTH_SECOND)
        self._arm([hint.format(gauge=self._gauge) for hint in words], self._take_width)

    def _ask(self, text: str, action: str) -> None:
        self._show()
        self._desk.say(text.format(key=SHOWN[action]), warning=True)

    def _arm(self, prompts: Sequence[str], take: Callable[[FrameRef, tuple[Point, ...]], None]) -> None:
        tool = PointsTool(prompts, take)
        if self._pointer.arm(tool):
            self._desk.say(tool.hint())

    def _take_length(self, frame: FrameRef, points: tuple[Point, ...]) -> None:
        self._keep(frame, points, CalibrationMethod.KNOWN_LENGTH, mm=self._mm)

    def _take_width(self, frame: FrameRef, points: tuple[Point, ...]) -> None:
        across = self._angle_to_shaft(frame, points)
        if across is not None and across < LEAST_ACROSS_DEG:
            raise NotReady(texts.NOT_ACROSS.format(degrees=across))
        self._keep(frame, points, CalibrationMethod.INSTRUMENT_WIDTH, gauge=self._gauge)

    def _angle_to_shaft(self, frame: FrameRef, points: tuple[Point, ...]) -> float | None:
        """Return at which angle to a marked shaft the width was pressed; None if no shaft is marked there."""
        session, (start, end) = self._desk.session, points
        marks = session.marks_on(frame) if session is not None else ()
        middle, reach = midpoint(start, end), 2 * start.distance(end)
        for needle in marks:
            if isinstance(needle, Needle):
                near = nearest_on_polyline(middle, needle.path)
                if near.distance <= reach and start != end:
                    shaft = needle.path[near.segment : near.segment + 2]
                    return shaft_to_line(shaft, (start, end), Ruler()).value
        return None

    def _keep(
        self,
        frame: FrameRef,
        points: tuple[Point, ...],
        method: CalibrationMethod,
        *,
        mm: float | None = None,
        gauge: int | None = None,
    ) -> None:
        """Keep a scale that was taken between two points."""
        scale = UserCalibration(
            sop_instance_uid=frame.sop_instance_uid,
            method=method,
            start=points[0],
            end=points[1],
            mm=mm,
            gauge=gauge,
            plane=self._plane,
            pixel_aspect=aspect_of(self._desk.binding.stacks, frame),
        )
        session = self._desk.session
        if session is not None:
            session.put(scale)
            self._pointer.disarm()
            self._desk.say(texts.SCALE_MADE.format(label=session.label(scale)))

    def remove(self) -> None:
        """Go back to the scale of the file."""
        session, frame = self._desk.session, self._desk.frame
        own = (
            own_scale(session, frame.sop_instance_uid) if session is not None and frame is not None else None
        )
        if session is None or own is None:
            self._desk.say(texts.NO_OWN_SCALE, warning=True)
            return
        if self._desk.keep(lambda: session.delete(own.mark_id)):
            self._desk.say(texts.SCALE_REMOVED.format(label=session.label(own)))

    # ------------------------------------------------------------------ following

    def _on_selection(self, mark_id: str | None) -> None:
        """Offer the size of a needle that is selected."""
        session = self._desk.session
        mark = session.mark(mark_id) if session is not None and mark_id is not None else None
        if isinstance(mark, Needle) and mark.gauge in NEEDLE_DIAMETERS_MM:
            self._gauge = mark.gauge
            self._view.set_gauge(str(mark.gauge))

    def _refresh(self) -> None:
        session, stack, frame = self._desk.session, self._desk.stack, self._desk.frame
        if self._desk.binding.playing:
            return
        if session is None or stack is None or frame is None:
            self._view.set_scale("", own=False)
            return
        own = own_scale(session, frame.sop_instance_uid) is not None
        self._view.set_scale(scale_text(session, stack, self._desk.binding.index), own=own)
