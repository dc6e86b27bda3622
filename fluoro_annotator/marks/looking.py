"""What can be asked of a reading that is being edited."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.errors import UnknownMarkError
from fluoro_annotator.geometry import Calibration
from fluoro_annotator.marks.base import FrameRef, MarkKind
from fluoro_annotator.marks.facts import Fact, Numbering
from fluoro_annotator.marks.revisions import Draft, stored_time
from fluoro_annotator.marks.scales import scale_of
from fluoro_annotator.marks.state import MarkRecord, ReadingState
from fluoro_annotator.marks.study import StudyRecord
from fluoro_annotator.marks.summary import ChangeSummary, summarise
from fluoro_annotator.marks.values import Mark, Record, vertebra_of


class Looking:
    """The part of a `MarkSession` that changes nothing.

    Attributes
    ----------
    study : StudyRecord
        The study, for the sizes and scales of its images.
    anatomy : Anatomy
        The table of nerves.

    """

    study: StudyRecord
    anatomy: Anatomy
    _state: ReadingState
    _stream: list[Draft]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks on frames, in the order in which they were made."""
        return self._state.marks

    @property
    def records(self) -> tuple[MarkRecord, ...]:
        """Everything the reading holds, with author and times."""
        return tuple(self._state)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Every change that led to the present marks, stored or not, as this session took them in."""
        return tuple(self._stream)

    def mark(self, mark_id: str) -> Mark:
        """Return one mark; raises UnknownMarkError if there is none."""
        record = self._state.mark(mark_id)
        if isinstance(record, Fact):
            raise UnknownMarkError(f"mark {mark_id}", "is on no frame")
        return record

    def record(self, mark_id: str) -> Record:
        """Return one record of any kind; raises UnknownMarkError if there is none."""
        return self._state.mark(mark_id)

    def find(self, mark_id: str) -> Record | None:
        """Return one record of any kind, None if there is none."""
        return self._state.present(mark_id)

    def marks_on(self, frame: FrameRef) -> tuple[Mark, ...]:
        """Return the marks of one frame, in the order in which they were made."""
        return self._state.marks_on(frame)

    def count_on(self, images: Container[str]) -> int:
        """Return how many marks lie on images, by their SOP Instance UIDs."""
        return self._state.count_on(images)

    def records_of(self, kind: MarkKind) -> tuple[Record, ...]:
        """Return the records of one kind, in the order in which they were made."""
        return self._state.of_kind(kind)

    @property
    def marked_frames(self) -> frozenset[FrameRef]:
        """The frames that carry marks."""
        return self._state.frames

    @property
    def submission(self) -> MarkRecord | None:
        """Who said when that the reading is finished, and with what comment; None while it is not."""
        found = next(iter(self.records_of(MarkKind.SUBMISSION)), None)
        return None if found is None else self._state.record(found.mark_id)

    @property
    def submitted(self) -> bool:
        """Whether the reader has said that the reading is finished; then nothing can be changed."""
        return self.submission is not None

    @property
    def numbering(self) -> Numbering | None:
        """On what the names of the vertebrae rest, None if nobody has said."""
        found = next(iter(self.records_of(MarkKind.NUMBERING)), None)
        return found if isinstance(found, Numbering) else None

    def scale(self, sop_instance_uid: str) -> Calibration:
        """Return the scale of an image: the reader's own, or that of the file.

        Raises
        ------
        UnknownImageError
            If the image is not part of the study.

        """
        return scale_of(self.study.image(sop_instance_uid), self._state)

    def label(self, mark: Record) -> str:
        """Return what a mark is called; with the doubt if it names a vertebra and the numbering is in doubt."""
        doubt = self.doubt_about(mark)
        name = mark.label(self.anatomy)
        return f"{name} ({doubt})" if doubt else name

    def doubt_about(self, mark: Record) -> str:
        """Return the doubt about the level that a mark names, for example "numbering uncertain", or ``""``."""
        numbering = self.numbering
        return numbering.doubt if numbering is not None and vertebra_of(mark) is not None else ""

    def changes_since(self, sequence: int, *, ahead: int = 0) -> ChangeSummary:
        """Return what is not as it was after so many changes, for example when the study was opened.

        Parameters
        ----------
        sequence : int
            Number of changes, as ``len(session.drafts)`` was then.
        ahead : int
            How many changes stand ahead of these but were made later: those that were made here before the
            store could be asked what it holds.

        """
        own, stored = self._stream[:ahead], self._stream[ahead:]
        return summarise(stored[:sequence], [*own, *stored[sequence:]])

    def changed_since(self, time: datetime) -> ChangeSummary:
        """Return what is not as it was at a time, by the times at which changes were recorded.

        Parameters
        ----------
        time : datetime.datetime
            With its time zone.

        """
        moment = stored_time(time)
        earlier = [draft for draft in self._stream if draft.recorded_at <= moment]
        return summarise(earlier, [draft for draft in self._stream if draft.recorded_at > moment])

    def __contains__(self, mark_id: object) -> bool:
        return mark_id in self._state
