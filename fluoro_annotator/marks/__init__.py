"""Marks, the reading they belong to, and the session in which they are edited."""

from fluoro_annotator.marks.checks import check_mark, check_point
from fluoro_annotator.marks.reading import Purpose, Reading, Role
from fluoro_annotator.marks.revisions import (
    FIRST_HASH,
    Cause,
    Draft,
    Revision,
    RevisionKind,
    chain,
    check_chain,
    utc_now,
)
from fluoro_annotator.marks.serialise import mark_from_dict, mark_to_dict
from fluoro_annotator.marks.session import MarkSession, NoRecorder, Recorder
from fluoro_annotator.marks.state import Change, MarkRecord, ReadingState
from fluoro_annotator.marks.study import ImageRecord, StudyRecord
from fluoro_annotator.marks.values import (
    FrameRef,
    LevelLabel,
    Mark,
    MarkKind,
    Needle,
    Target,
    new_mark_id,
)

__all__ = [
    "FIRST_HASH",
    "Cause",
    "Change",
    "Draft",
    "FrameRef",
    "ImageRecord",
    "LevelLabel",
    "Mark",
    "MarkKind",
    "MarkRecord",
    "MarkSession",
    "Needle",
    "NoRecorder",
    "Purpose",
    "Reading",
    "ReadingState",
    "Recorder",
    "Revision",
    "RevisionKind",
    "Role",
    "StudyRecord",
    "Target",
    "chain",
    "check_chain",
    "check_mark",
    "check_point",
    "mark_from_dict",
    "mark_to_dict",
    "new_mark_id",
    "utc_now",
]
