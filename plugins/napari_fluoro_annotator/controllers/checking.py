"""What looks wrong in the reading, frame by frame, looked at again only where something changed."""

from __future__ import annotations

from collections.abc import Iterable

from fluoro_annotator.dicom import FrameStack, Image
from fluoro_annotator.marks import Change, Finding, FrameRef, ViewFacts, findings, frame_of
from fluoro_annotator.marks.findings import NOTHING_KNOWN
from napari_fluoro_annotator.controllers.desk import ReadingDesk

HALF_TURN = 180.0


class Checks:
    """The findings in the reading that is worked on.

    Parameters
    ----------
    desk : ReadingDesk
        The reading.

    """

    def __init__(self, desk: ReadingDesk) -> None:
        self._desk = desk
        self._found: dict[FrameRef, tuple[Finding, ...]] = {}

    def on(self, frame: FrameRef) -> tuple[Finding, ...]:
        """Return what looks wrong on a frame."""
        session = self._desk.session
        if session is None:
            return ()
        if frame not in self._found:
            facts = facts_of(self._desk.binding.stacks, frame)
            marks = session.marks_on(frame)
            self._found[frame] = findings(marks, session.anatomy, lambda _uid: facts) if marks else ()
        return self._found[frame]

    def everywhere(self) -> tuple[tuple[FrameRef, Finding], ...]:
        """Return what looks wrong in the whole reading, image by image and frame by frame."""
        session = self._desk.session
        if session is None:
            return ()
        order = dict.fromkeys(mark.frame for mark in session.marks)
        return tuple((frame, finding) for frame in order for finding in self.on(frame))

    def forget(self, changes: Iterable[Change]) -> None:
        """Look again at the frames that changes concern."""
        for change in changes:
            for record in (change.before, change.after):
                frame = None if record is None else frame_of(record)
                if frame is not None:
                    self._found.pop(frame, None)

    def forget_all(self) -> None:
        """Look again at everything: another reading, or other images."""
        self._found.clear()


def facts_of(stacks: Iterable[FrameStack], frame: FrameRef) -> ViewFacts:
    """Return what the file says of the direction of a frame; nothing if its image is not open."""
    for stack in stacks:
        for image in stack.images:
            if image.sop_instance_uid == frame.sop_instance_uid:
                return _facts(image, frame.frame_number - 1)
    return NOTHING_KNOWN


def _facts(image: Image, index: int) -> ViewFacts:
    geometry = image.geometry_at(index)
    letters = geometry.patient_orientation if geometry.edge_letters is not None else None
    along_columns, along_rows = letters or ("", "")
    primary = geometry.primary_angle
    return ViewFacts(
        letters=(along_columns, along_rows),
        oblique_deg=None if primary is None else off_sagittal(primary),
        tilt_deg=geometry.secondary_angle,
    )


def off_sagittal(primary: float) -> float:
    """Return by how many degrees a beam is turned off the sagittal plane, 0 for AP and PA, 90 for a lateral.

    It is the same for a patient on the back and on the belly.

    Examples
    --------
    >>> off_sagittal(-155.0), off_sagittal(180.0), off_sagittal(90.0)
    (25.0, 0.0, 90.0)

    """
    angle = abs(primary) % (2 * HALF_TURN)
    angle = min(angle, 2 * HALF_TURN - angle)
    return min(angle, HALF_TURN - angle)
