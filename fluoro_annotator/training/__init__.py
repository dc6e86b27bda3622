"""Practice: answers and whole readings scored against references, in memory and without a store.

The outcome comes first and is never averaged into a distance; every limit is the protocol's and carries its
sources. Everything here is a draft for teaching and needs sign-off by an interventional pain physician.

Examples
--------
>>> from fluoro_annotator.anatomy import Side, load_anatomy
>>> from fluoro_annotator.geometry import Point
>>> from fluoro_annotator.marks import FrameRef, Target
>>> from fluoro_annotator.protocols import load_protocols
>>> from fluoro_annotator.training import ImageFacts, Marking, PlaceByName, PlacedAnswer, Setting, score
>>> frame, anatomy = FrameRef("1.2.3.4", 1), load_anatomy()
>>> l3, l4 = (anatomy.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))
>>> expert = Marking(
...     "Expert A",
...     (
...         Target(frame=frame, site=l3, position=Point(420.0, 650.0)),
...         Target(frame=frame, site=l4, position=Point(629.0, 678.0)),
...     ),
... )
>>> setting = Setting(
...     protocol=load_protocols(folders=()).get("lumbar_mbb"),
...     references=(expert,),
...     frame=frame,
...     image=ImageFacts(view="AP_TRUE", orientation=("R", "F")),
... )
>>> exercise = PlaceByName(setting, l4)
>>> exercise.prompt
'Mark the L4 medial branch on the right.'
>>> at_vertebra_l4 = Target(frame=frame, site=l4, position=Point(424.0, 652.0))
>>> found = score(exercise, PlacedAnswer(mark=at_vertebra_l4))
>>> found.outcome.value, found.faults
('wrong_level', ('WRONG_LEVEL', 'NAME_CONVENTION_CONFUSION'))

"""

from fluoro_annotator.training.answers import AnswerRecord, read_answer
from fluoro_annotator.training.exercises import (
    NAME_PARTS,
    Exercise,
    ExerciseAnswer,
    JudgeNeedle,
    JudgeView,
    NamedAnswer,
    NameMarked,
    NeedleAnswer,
    NeedleVerdict,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
    Setting,
    ViewAnswer,
)
from fluoro_annotator.training.key_text import key_from_text, key_hash, key_to_text
from fluoro_annotator.training.keys import Key, LearningPoint, Outline, ReferenceReading, exercise_of
from fluoro_annotator.training.material import RULES_VERSION, Basis, ImageFacts, Marking
from fluoro_annotator.training.measured import BandResult, BandState, LineResult, Measures, Share
from fluoro_annotator.training.offers import CaughtUp, Feedback, Offer, Waiting
from fluoro_annotator.training.outbox import Delivered, Outbox
from fluoro_annotator.training.outcomes import OUTCOMES, REASONS, Outcome, OutcomeMeaning, Reason
from fluoro_annotator.training.pictures import Drawn, Picture, Role, picture_of
from fluoro_annotator.training.practice import Practice
from fluoro_annotator.training.progress import (
    PROPOSED,
    PassRule,
    Progress,
    Scored,
    confidence_calibration,
    confidence_rates,
    distances,
    fault_rates,
    outcome_rates,
    outliers_reported,
    progress,
    rates,
)
from fluoro_annotator.training.publishing import draft_from, keep_version, newest_version, publish, withdraw
from fluoro_annotator.training.questions import Difficulty, ExerciseKind, Question, new_exercise_id
from fluoro_annotator.training.readings import ReadingScore, score_reading
from fluoro_annotator.training.reference_changes import ReferenceChange, ReferenceFate, reference_changes
from fluoro_annotator.training.references import ReferenceSource, reference_sources
from fluoro_annotator.training.regions import Outlier, Region, estimate_region, split_outliers
from fluoro_annotator.training.remarks import Remarks, remarks_on
from fluoro_annotator.training.remedies import Statement
from fluoro_annotator.training.replay import Moment, replay
from fluoro_annotator.training.rescoring import (
    NotRescored,
    RescoreReport,
    Rescoring,
    ScoreDifference,
    check_scores,
    rescore_answers,
)
from fluoro_annotator.training.scored import ScoredAnswer, scored_answers
from fluoro_annotator.training.scores import Score, Why, ZoneMethod, ZoneUsed, feedback_order
from fluoro_annotator.training.scoring import Rescored, needle_verdict, rescore, score
from fluoro_annotator.training.set_checks import SetFinding, check, exercise_label
from fluoro_annotator.training.set_drafts import (
    DraftExercise,
    SetDraft,
    new_set_id,
    offered_exercises,
    taken_anew,
)
from fluoro_annotator.training.set_files import SetFile, install, read_set_file, set_file_of, write_set_file
from fluoro_annotator.training.sets import TeachingSet, set_from_text, set_to_text
from fluoro_annotator.training.shelf import (
    RefusedVersion,
    SetShelf,
    key_of,
    keys_of,
    load_sets,
    problems_of,
    protocol_of,
)
from fluoro_annotator.training.shipped import install_shipped, shipped_folder, shipped_set_files
from fluoro_annotator.training.steps import Step, Variant
from fluoro_annotator.training.trials import SetSeverity

__all__ = [
    "NAME_PARTS",
    "OUTCOMES",
    "PROPOSED",
    "REASONS",
    "RULES_VERSION",
    "AnswerRecord",
    "BandResult",
    "BandState",
    "Basis",
    "CaughtUp",
    "Delivered",
    "Difficulty",
    "DraftExercise",
    "Drawn",
    "Exercise",
    "ExerciseAnswer",
    "ExerciseKind",
    "Feedback",
    "ImageFacts",
    "JudgeNeedle",
    "JudgeView",
    "Key",
    "LearningPoint",
    "LineResult",
    "Marking",
    "Measures",
    "Moment",
    "NameMarked",
    "NamedAnswer",
    "NeedleAnswer",
    "NeedleVerdict",
    "NotRescored",
    "Offer",
    "Outbox",
    "Outcome",
    "OutcomeMeaning",
    "Outlier",
    "Outline",
    "PassRule",
    "Picture",
    "PlaceByName",
    "PlaceTarget",
    "PlacedAnswer",
    "Practice",
    "Progress",
    "Question",
    "ReadingScore",
    "Reason",
    "ReferenceChange",
    "ReferenceFate",
    "ReferenceReading",
    "ReferenceSource",
    "RefusedVersion",
    "Region",
    "Remarks",
    "RescoreReport",
    "Rescored",
    "Rescoring",
    "Role",
    "Score",
    "ScoreDifference",
    "Scored",
    "ScoredAnswer",
    "SetDraft",
    "SetFile",
    "SetFinding",
    "SetSeverity",
    "SetShelf",
    "Setting",
    "Share",
    "Statement",
    "Step",
    "TeachingSet",
    "Variant",
    "ViewAnswer",
    "Waiting",
    "Why",
    "ZoneMethod",
    "ZoneUsed",
    "check",
    "check_scores",
    "confidence_calibration",
    "confidence_rates",
    "distances",
    "draft_from",
    "estimate_region",
    "exercise_label",
    "exercise_of",
    "fault_rates",
    "feedback_order",
    "install",
    "install_shipped",
    "keep_version",
    "key_from_text",
    "key_hash",
    "key_of",
    "key_to_text",
    "keys_of",
    "load_sets",
    "needle_verdict",
    "new_exercise_id",
    "new_set_id",
    "newest_version",
    "offered_exercises",
    "outcome_rates",
    "outliers_reported",
    "picture_of",
    "problems_of",
    "progress",
    "protocol_of",
    "publish",
    "rates",
    "read_answer",
    "read_set_file",
    "reference_changes",
    "reference_sources",
    "remarks_on",
    "replay",
    "rescore",
    "rescore_answers",
    "score",
    "score_reading",
    "scored_answers",
    "set_file_of",
    "set_from_text",
    "set_to_text",
    "shipped_folder",
    "shipped_set_files",
    "split_outliers",
    "taken_anew",
    "withdraw",
    "write_set_file",
]
