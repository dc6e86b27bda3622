"""What is measured on the frame that is shown, live while a mark is dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol as Shape

from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    MarkKind,
    MarkSession,
    site_of,
    vertebra_of,
)
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.frame_measures import FrameMeasures
from napari_fluoro_annotator.controllers.measure_tools import DistanceTool, LinePlacing
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.points_tool import PointsTool
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.measuring import NeedleMeasures
from napari_fluoro_annotator.reference_lines import (
    ENDPLATE,
    LineKind,
    LineRole,
    PlacedLine,
    placed_lines,
)
from napari_fluoro_annotator.scales import own_scale
from napari_fluoro_annotator.wiring import Wires, Wiring

LINE_COLOURS = {
    LineRole.ENDPLATE: styles.PURPLE,
    LineRole.DEPTH: styles.GREEN,
    LineRole.SAFETY: styles.VERMILLION,
}


class MeasuresViewProtocol(Shape):
    """The table of measures and the tools beneath it, as the controller sees them."""

    line_chosen: SignalInstance
    vertebra_chosen: SignalInstance
    side_chosen: SignalInstance
    line_requested: SignalInstance
    distance_requested: SignalInstance
    needle_chosen: SignalInstance
    lines_shown: SignalInstance
    bands_shown: SignalInstance

    def set_lines(self, choices: Sequence[Choice]) -> None:
        """Offer these lines."""

    def set_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae."""

    def set_vertebra(self, key: str) -> None:
        """Show which vertebra is chosen."""

    def set_side(self, key: str) -> None:
        """Show which side is chosen."""

    def set_measures(self, needles: Sequence[NeedleMeasures]) -> None:
        """Show what was measured at each needle of the frame."""


class MeasuresController:
    """Measures at needles, the lines they are measured against, and a free distance.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses, and says what is drawn.
    view : MeasuresViewProtocol
        The widget.
    show : callable
        Brings the page to the front.
    library : callable
        Returns the protocols that are installed.

    """

    def __init__(
        self,
        desk: ReadingDesk,
        pointer: Pointer,
        view: MeasuresViewProtocol,
        *,
        show: Callable[[], None],
        library: Callable[[], ProtocolLibrary] = load_protocols,
    ) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self._show = show
        self._source = FrameMeasures(desk, library)
        self._line, self._vertebra, self._side = ENDPLATE.key, "", ""
        self._lines_shown = self._bands_shown = True
        self._distance = DistanceTool(self._source.ruler_of)
        view.set_vertebrae([Choice(one.id, one.name) for one in desk.anatomy.vertebrae.values()])
        pointer.add_backdrop(self.lines_on)
        pointer.leave_unnamed(self.named_by_lines)
        self._wiring = Wiring(self._wires())
        self._on_reading()

    def _wires(self) -> Wires:
        desk, view = self._desk, self._view
        return (
            (view.line_chosen, self.choose_line),
            (view.vertebra_chosen, self.choose_vertebra),
            (view.side_chosen, self.choose_side),
            (view.line_requested, self.place_line),
            (view.distance_requested, self.measure_distance),
            (view.needle_chosen, self._choose_needle),
            (view.lines_shown, self._show_lines),
            (view.bands_shown, self._show_bands),
            (desk.reading_changed, self._on_reading),
            (desk.marks_changed, self._on_marks),
            (desk.selection_changed, self._on_selection),
            (self._pointer.redrawn, self._on_redrawn),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    def measured(self, frame: FrameRef) -> tuple[NeedleMeasures, ...]:
        """Return what is measured at each needle of a frame, with a dragged mark where it is now."""
        return self._source.measured(frame, self._pointer.marks_shown(frame), bands=self._bands_shown)

    # ------------------------------------------------------------------ lines

    def _offer_lines(self) -> None:
        """Offer the lines of the plans that were chosen."""
        self._source.read_plans()
        kinds = self._source.kinds
        self._view.set_lines([Choice(kind.key, kind.title, kind.rule) for kind in kinds])
        if self._line not in {kind.key for kind in kinds}:
            self._line = ENDPLATE.key

    def choose_line(self, key: str) -> None:
        """Take the line that is placed next."""
        self._line = key or ENDPLATE.key

    def choose_vertebra(self, key: str) -> None:
        """Take the vertebra that the next line belongs to."""
        self._vertebra = key

    def choose_side(self, key: str) -> None:
        """Take the side of the patient that the next line is on."""
        self._side = key

    def place_line(self) -> None:
        """Let the next presses place the chosen line, a landmark each."""
        kind = next(kind for kind in self._source.kinds if kind.key == self._line)
        problem = self._missing(kind)
        if problem:
            self._show()
            self._desk.say(problem, warning=True)
            return
        side = Side(self._side) if kind.sided else None
        words = {"vertebra": self._vertebra, "side": texts.LINE_SIDE.format(side=side) if side else ""}
        prompts = [texts.HINT_LINE.format(point=point, **words) for point in kind.prompts]
        tool = PointsTool(prompts, LinePlacing(self._desk, self._pointer, kind, self._vertebra, side).take)
        if self._pointer.arm(tool):
            self._desk.say(tool.hint())

    def _missing(self, kind: LineKind) -> str:
        if not self._vertebra:
            return texts.NEED_LINE_VERTEBRA
        if not kind.is_at(self._vertebra):
            known = [one for one in self._desk.anatomy.vertebrae if kind.is_at(one)]
            return texts.LINE_ELSEWHERE.format(line=kind.short_title, vertebrae=", ".join(known))
        return texts.NEED_LINE_SIDE if kind.sided and not self._side else ""

    def measure_distance(self) -> None:
        """Let two presses measure a distance that is shown and not stored."""
        if self._pointer.arm(self._distance, marks=False):
            self._desk.say(self._distance.hint())

    def lines_on(self, frame: FrameRef) -> list[DrawnLine]:
        """Return the lines beneath the marks of a frame: reference lines, measures, the reader's own scale."""
        session = self._desk.session
        if session is None or self._desk.binding.playing:
            return []
        lines = list(self._distance.lines_on(frame))
        if self._lines_shown:
            lines += {line.points: _reference(line) for line in self._placed(frame)}.values()
            lines += self._measure_lines(session, frame)
            lines += _scale_line(session, frame)
        return lines

    def named_by_lines(self, frame: FrameRef) -> frozenset[str]:
        """Return the landmarks that belong to a line with a name of its own: theirs would hide the image."""
        if not self._lines_shown or self._desk.binding.playing:
            return frozenset()
        return frozenset(mark_id for line in self._placed(frame) for mark_id in line.mark_ids)

    def _placed(self, frame: FrameRef) -> tuple[PlacedLine, ...]:
        return placed_lines(self._source.kinds, self._pointer.marks_shown(frame))

    def _measure_lines(self, session: MarkSession, frame: FrameRef) -> list[DrawnLine]:
        """Return the measures at the selected needle, at the only one if none is selected."""
        needles = self.measured(frame)
        shown = [one for one in needles if one.mark_id == session.selected or len(needles) == 1]
        return [line for needle in shown for row in needle.rows for line in row.lines]

    # ------------------------------------------------------------------ following

    def _choose_needle(self, mark_id: str) -> None:
        session = self._desk.session
        if session is not None and mark_id in session:
            session.select(mark_id)

    def _show_lines(self, shown: bool) -> None:
        self._lines_shown = shown
        self._pointer.redraw()

    def _show_bands(self, shown: bool) -> None:
        self._bands_shown = shown
        self._pointer.redraw()

    def _on_reading(self) -> None:
        self._offer_lines()
        self._pointer.redraw()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        if any(change.mark.kind is MarkKind.PLAN_CHOICE for change in changes):
            self._offer_lines()
            self._pointer.redraw()

    def _on_selection(self, mark_id: str | None) -> None:
        """Choose the vertebra and side of the mark, as the Annotate panel does."""
        session = self._desk.session
        if mark_id is None or session is None or self._pointer.tool is not None:
            return
        mark = session.mark(mark_id)
        site, vertebra = site_of(mark), vertebra_of(mark)
        if vertebra:
            self._vertebra = vertebra
            self._view.set_vertebra(vertebra)
        side = site.side if site is not None else getattr(mark, "side", None)
        if side in {Side.LEFT, Side.RIGHT}:
            self._side = side.value
            self._view.set_side(side.value)

    def _on_redrawn(self) -> None:
        if self._desk.binding.playing:
            return
        frame = self._desk.frame
        self._view.set_measures(self.measured(frame) if frame is not None else ())


def _reference(line: PlacedLine) -> DrawnLine:
    """Return a line with its name, which stands for the names of its landmarks."""
    name = texts.LINE_NAME.format(line=texts.LINE_ROLES[line.kind.role], vertebra=line.vertebra)
    if line.side is not None:
        name += texts.LINE_SIDE.format(side=line.side)
    return DrawnLine(points=line.points, colour=LINE_COLOURS[line.kind.role], dashed=True, text=name)


def _scale_line(session: MarkSession, frame: FrameRef) -> list[DrawnLine]:
    own = own_scale(session, frame.sop_instance_uid)
    if own is None or own.mm is None:
        return []
    text = texts.SCALE_ON_IMAGE.format(mm=own.mm)
    return [DrawnLine(points=(own.start, own.end), colour=styles.YELLOW, text=text)]
