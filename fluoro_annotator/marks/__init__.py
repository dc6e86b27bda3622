"""Marks, the reading they belong to, and the session in which they are edited."""

from fluoro_annotator.marks.base import FrameRef, MarkConfidence, MarkKind, new_mark_id
from fluoro_annotator.marks.checks import check_mark, check_point
from fluoro_annotator.marks.facts import (
    CountedFrom,
    Fact,
    Lstv,
    LstvSide,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    PlanChoice,
    SlotMissing,
    SlotState,
    Submission,
    ViewAssignment,
)
from fluoro_annotator.marks.findings import Finding, FindingCode, ViewFacts, findings
from fluoro_annotator.marks.needle import GAUGES, Needle, NeedleStatus
from fluoro_annotator.marks.observations import (
    Adequacy,
    Correction,
    EventMark,
    Landmark,
    LevelLabel,
    ViewJudgement,
)
from fluoro_annotator.marks.own_scale import CalibrationMethod, CalibrationPlane, UserCalibration
from fluoro_annotator.marks.reading import Purpose, Reading, Role
from fluoro_annotator.marks.renumbering import shift
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
from fluoro_annotator.marks.scales import scale_of
from fluoro_annotator.marks.serialise import mark_from_dict, mark_to_dict
from fluoro_annotator.marks.session import MarkSession, NoRecorder, Recorder
from fluoro_annotator.marks.shapes import NerveCourse, TargetZone, ZoneForm, ellipse_dragged
from fluoro_annotator.marks.slots import PlanSlot, SlotProgress, SlotStatus, slot_states
from fluoro_annotator.marks.state import Change, MarkRecord, ReadingState
from fluoro_annotator.marks.study import ImageRecord, StudyFacts, StudyRecord
from fluoro_annotator.marks.summary import ChangeSummary, Difference
from fluoro_annotator.marks.values import Mark, Record, Target, frame_of, image_of, site_of, vertebra_of
from fluoro_annotator.protocols.words import EventKind, Severity

__all__ = [
    "FIRST_HASH",
    "GAUGES",
    "Adequacy",
    "CalibrationMethod",
    "CalibrationPlane",
    "Cause",
    "Change",
    "ChangeSummary",
    "Correction",
    "CountedFrom",
    "Difference",
    "Draft",
    "EventKind",
    "EventMark",
    "Fact",
    "Finding",
    "FindingCode",
    "FrameRef",
    "ImageRecord",
    "Landmark",
    "LevelLabel",
    "Lstv",
    "LstvSide",
    "Mark",
    "MarkConfidence",
    "MarkKind",
    "MarkRecord",
    "MarkSession",
    "Needle",
    "NeedleStatus",
    "NerveCourse",
    "NoRecorder",
    "Numbering",
    "NumberingConfidence",
    "NumberingScheme",
    "PlanChoice",
    "PlanSlot",
    "Purpose",
    "Reading",
    "ReadingState",
    "Record",
    "Recorder",
    "Revision",
    "RevisionKind",
    "Role",
    "Severity",
    "SlotMissing",
    "SlotProgress",
    "SlotState",
    "SlotStatus",
    "StudyFacts",
    "StudyRecord",
    "Submission",
    "Target",
    "TargetZone",
    "UserCalibration",
    "ViewAssignment",
    "ViewFacts",
    "ViewJudgement",
    "ZoneForm",
    "chain",
    "check_chain",
    "check_mark",
    "check_point",
    "ellipse_dragged",
    "findings",
    "frame_of",
    "image_of",
    "mark_from_dict",
    "mark_to_dict",
    "new_mark_id",
    "scale_of",
    "shift",
    "site_of",
    "slot_states",
    "utc_now",
    "vertebra_of",
]
