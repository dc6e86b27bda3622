"""What is measured on a frame: its marks, its scale, how the patient lies, and what the plan asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.geometry import Ruler
from fluoro_annotator.marks import FrameRef, Mark, MarkKind, MarkSession, Needle, PlanChoice, ViewJudgement
from fluoro_annotator.protocols import Band, Protocol, ProtocolLibrary
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.image_views import shown_view
from napari_fluoro_annotator.measuring import NeedleMeasures, Scene, measure_needle
from napari_fluoro_annotator.reference_lines import LineKind, line_kinds, placed_lines
from napari_fluoro_annotator.scales import image_at, ruler_at


class FrameMeasures:
    """Measures the needles of any frame of the study that is open.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    library : callable
        Returns the protocols that are installed.

    """

    def __init__(self, desk: ReadingDesk, library: Callable[[], ProtocolLibrary]) -> None:
        self._desk, self._library = desk, library
        self._chosen: tuple[Protocol, ...] = ()
        self._kinds: tuple[LineKind, ...] | None = None
        self._last: tuple[object, tuple[NeedleMeasures, ...]] = (None, ())

    def read_plans(self) -> None:
        """Take note of which protocols the reading follows."""
        session = self._desk.session
        records = session.records_of(MarkKind.PLAN_CHOICE) if session is not None else ()
        wanted = {record.protocol_id for record in records if isinstance(record, PlanChoice)}
        protocols = self._library().protocols if wanted else ()
        self._chosen = tuple(protocol for protocol in protocols if protocol.id in wanted)
        self._kinds = None

    def measured(
        self, frame: FrameRef, marks: tuple[Mark, ...], *, bands: bool
    ) -> tuple[NeedleMeasures, ...]:
        """Return what is measured at each needle of a frame.

        Parameters
        ----------
        frame : FrameRef
            Any frame of the study.
        marks : tuple of Mark
            Its marks as they are to be seen, one that is dragged where it is now.
        bands : bool
            Whether numbers are compared with the bands of the plan.

        """
        session = self._desk.session
        if session is None or not any(isinstance(mark, Needle) for mark in marks):
            return ()
        ruler = self.ruler_of(frame)
        key = (
            frame,
            marks,
            ruler,
            self._chosen,
            bands,
            session.find(f"view:{frame.sop_instance_uid}"),
        )
        if self._last[0] != key:
            self._last = (key, self._measure(session, self._scene(frame, marks, ruler, bands=bands)))
        return self._last[1]

    def _measure(self, session: MarkSession, scene: Scene) -> tuple[NeedleMeasures, ...]:
        return tuple(
            NeedleMeasures(mark.mark_id, session.label(mark), measure_needle(mark, scene))
            for mark in scene.marks
            if isinstance(mark, Needle)
        )

    def _scene(self, frame: FrameRef, marks: tuple[Mark, ...], ruler: Ruler, *, bands: bool) -> Scene:
        return Scene(
            marks=marks,
            lines=placed_lines(self.kinds, marks),
            ruler=ruler,
            orientation=self._orientation_of(frame),
            bands=self._bands_of if bands else lambda _nerve: (),
            views=self._views_of(frame, marks),
            titles={view.id: view.title for protocol in self._chosen for view in protocol.views},
        )

    def _place_of(self, frame: FrameRef) -> tuple[FrameStack, int] | None:
        """Return the view and the index of a frame; None if its image is not open."""
        for stack in self._desk.binding.stacks:
            index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
            if index is not None:
                return stack, index
        return None

    def ruler_of(self, frame: FrameRef) -> Ruler:
        """Return what is measured with on a frame."""
        session, place = self._desk.session, self._place_of(frame)
        return Ruler() if session is None or place is None else ruler_at(session, *place)

    def _orientation_of(self, frame: FrameRef) -> tuple[str, ...] | None:
        place = self._place_of(frame)
        if place is None:
            return None
        image, index = image_at(*place)
        return image.geometry_at(index).patient_orientation

    def _views_of(self, frame: FrameRef, marks: Sequence[Mark]) -> frozenset[str]:
        """Return which views reader or header say that a frame shows; nothing is inferred."""
        said = {mark.view for mark in marks if isinstance(mark, ViewJudgement)}
        session, place = self._desk.session, self._place_of(frame)
        if session is not None and place is not None:
            image, _ = image_at(*place)
            found = [shown_view(image, session, protocol) for protocol in self._chosen]
            said |= {one.view for one in found if one is not None}
        return frozenset(said)

    def _bands_of(self, nerve: str) -> tuple[Band, ...]:
        bands = [band for protocol in self._chosen for band in protocol.bands_of(nerve)]
        return tuple({band.id: band for band in bands}.values())

    @property
    def kinds(self) -> tuple[LineKind, ...]:
        """Return the lines of the plans that were chosen, of all protocols if none was."""
        if self._kinds is None:
            self._kinds = line_kinds(self._chosen or self._library().protocols, self._desk.anatomy)
        return self._kinds
