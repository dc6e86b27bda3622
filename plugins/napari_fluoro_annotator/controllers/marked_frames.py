"""Which frames of a view carry marks, and what happens on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import Change, FrameRef, MarkKind
from fluoro_annotator.marks.values import frame_of
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.signs import Sign, sign_of


@dataclass(frozen=True, slots=True)
class StripFrame:
    """What a frame carries, for the strip: a kind for each mark, and signs of what happens."""

    index: int
    kinds: tuple[MarkKind, ...]
    signs: tuple[Sign, ...] = ()


class MarkedFrames:
    """The frames of one view that carry marks, counted once and then only where something changes.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.

    """

    def __init__(self, desk: ReadingDesk) -> None:
        self._desk = desk
        self._stack: FrameStack | None = None
        self._frames: dict[int, StripFrame] = {}

    def frames(self) -> list[StripFrame]:
        """Return the frames that carry marks, in order."""
        return [self._frames[index] for index in sorted(self._frames) if self._frames[index].kinds]

    def count(self, stack: FrameStack | None) -> None:
        """Turn to a view, and count the marks of all its frames."""
        self._stack = stack
        self._frames.clear()
        session = self._desk.session
        for frame in () if session is None else session.marked_frames:
            self._count(frame)

    def take_in(self, changes: Sequence[Change]) -> None:
        """Count the marks of the frames that changed; a reading may hold thousands."""
        records = (record for change in changes for record in (change.before, change.after))
        for frame in {frame_of(record) for record in records if record is not None} - {None}:
            self._count(cast("FrameRef", frame))

    def _count(self, frame: FrameRef) -> None:
        """Count the marks of one frame, if it is one of the view."""
        stack, session = self._stack, self._desk.session
        if stack is None or session is None:
            return
        index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
        if index is not None:
            marks = session.marks_on(frame)
            signs = (sign for mark in marks if (sign := sign_of(mark)) is not None)
            self._frames[index] = StripFrame(index, tuple(sorted(mark.kind for mark in marks)), tuple(signs))
