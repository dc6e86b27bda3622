"""The outcomes an answer can have, and why one is not assessable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fluoro_annotator.protocols import Severity, TipSide


class Outcome(StrEnum):
    """What became of an answer; never a number, and never averaged into a distance."""

    CORRECT = "correct"
    NEAR = "near"
    OFF_TARGET = "off_target"
    WRONG_LEVEL = "wrong_level"
    WRONG_SIDE = "wrong_side"
    UNSAFE = "unsafe"
    WRONG_NERVE_NAME = "wrong_nerve_name"
    MISSING = "missing"
    EXTRA = "extra"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class OutcomeMeaning:
    """What an outcome says.

    Attributes
    ----------
    title : str
        Name for the screen.
    meaning : str
        When it is given.
    success : bool or None
        Whether it counts as on target; None if it counts neither way.
    fault : str
        Code in the protocol's list of faults that goes with it by itself; may be empty.

    """

    title: str
    meaning: str
    success: bool | None
    fault: str = ""


OUTCOMES: Final = MappingProxyType(
    {
        Outcome.CORRECT: OutcomeMeaning(
            "Correct",
            "Within the zone of acceptance, and named as asked; or a judgement that agrees with the reference.",
            success=True,
        ),
        Outcome.NEAR: OutcomeMeaning(
            "Near",
            "In the marginal part of the zone; or a judgement that is right as far as it goes, with the wrong "
            "error or the wrong correction.",
            success=False,
        ),
        Outcome.OFF_TARGET: OutcomeMeaning(
            "Off target",
            "Outside of the zone, on the side of safety and at the right level; or a judgement that is wrong.",
            success=False,
        ),
        Outcome.WRONG_LEVEL: OutcomeMeaning(
            "Wrong level",
            "Nearer to the reference of another vertebra than to that of the one that was asked for; or another "
            "vertebra and nerve named; or a needle at the wrong level accepted.",
            success=False,
            fault="WRONG_LEVEL",
        ),
        Outcome.WRONG_SIDE: OutcomeMeaning(
            "Wrong side",
            "On the other side, or named for it; or a needle on the wrong side accepted.",
            success=False,
            fault="WRONG_SIDE",
        ),
        Outcome.UNSAFE: OutcomeMeaning(
            "Unsafe",
            "Past a safety line of the protocol on which the reference is on the safe side; or a needle accepted "
            "that is.",
            success=False,
        ),
        Outcome.WRONG_NERVE_NAME: OutcomeMeaning(
            "Wrong nerve name",
            "The right bone on the right side, but nerve, vertebra or joint named otherwise than they belong together, "
            "or the place of the other nerve of that bone.",
            success=False,
        ),
        Outcome.MISSING: OutcomeMeaning(
            "Missing", "Not answered, although the reference has it.", success=False
        ),
        Outcome.EXTRA: OutcomeMeaning(
            "Extra",
            "Marked, although neither the plan nor the reference has it, or marked twice.",
            success=False,
        ),
        Outcome.NOT_ASSESSABLE: OutcomeMeaning(
            "Not assessable", "Nothing can be said; the reason stands beside it.", success=None
        ),
    }
)
"""The table of outcomes; the user guide shows the same one."""

WITH_DISTANCE: Final = frozenset(
    {Outcome.CORRECT, Outcome.NEAR, Outcome.OFF_TARGET, Outcome.UNSAFE, Outcome.WRONG_NERVE_NAME}
)
"""Outcomes whose distance from the reference means anything: right level, right side."""


class Reason(StrEnum):
    """Why an answer is not assessable."""

    NO_REFERENCE = "no_reference"
    NO_SCALE = "no_scale"
    NO_THRESHOLD = "no_threshold"
    OTHER_FRAME = "other_frame"
    EXPERTS_DISAGREE_ON_LEVEL = "experts_disagree_on_level"
    EXPERTS_DISAGREE_ON_SIDE = "experts_disagree_on_side"
    EXPERTS_DISAGREE_ON_PLACE = "experts_disagree_on_place"
    EXPERTS_DISAGREE_ON_VIEW = "experts_disagree_on_view"
    NUMBERING_UNCERTAIN = "numbering_uncertain"
    REFERENCE_UNSURE = "reference_unsure"
    REFERENCE_MARGINAL = "reference_marginal"
    REFERENCE_PURGED = "reference_purged"
    REFERENCE_CHANGED = "reference_changed"
    PROTOCOL_EDITED = "protocol_edited"
    IMAGE_FACTS_CHANGED = "image_facts_changed"
    RULES_CHANGED = "rules_changed"


REASONS: Final = MappingProxyType(
    {
        Reason.NO_REFERENCE: "No reference reading has this mark on this frame.",
        Reason.NO_SCALE: "The only limits of the protocol here are in mm, and the image has no scale that holds in the patient.",
        Reason.NO_THRESHOLD: "The protocol has no limit for this place and view that can be used with what is marked.",
        Reason.OTHER_FRAME: "The mark is on another frame or image than the reference.",
        Reason.EXPERTS_DISAGREE_ON_LEVEL: "The experts do not agree on the level.",
        Reason.EXPERTS_DISAGREE_ON_SIDE: "The experts do not agree on the side.",
        Reason.EXPERTS_DISAGREE_ON_PLACE: "The experts are farther apart than the protocol allows anybody to be.",
        Reason.EXPERTS_DISAGREE_ON_VIEW: "The experts do not agree on whether the view is true.",
        Reason.NUMBERING_UNCERTAIN: "The numbering of the vertebrae is uncertain in a reference, so that no level can be called wrong.",
        Reason.REFERENCE_UNSURE: "The reference itself is unsure.",
        Reason.REFERENCE_MARGINAL: "The needle lies in the marginal part of the zone: neither answer is wrong.",
        Reason.REFERENCE_PURGED: "The study was purged from the store, and the reference with it, before the answer was scored.",
        Reason.REFERENCE_CHANGED: "A reference was changed after the answer was given.",
        Reason.PROTOCOL_EDITED: "The protocol was edited after the answer was given.",
        Reason.IMAGE_FACTS_CHANGED: "Scale or view of the image were changed after the answer was given.",
        Reason.RULES_CHANGED: "The rules of scoring were changed after the answer was given.",
    }
)
"""The sentence that goes with each reason."""

LINE_FAULTS: Final = MappingProxyType(
    {
        TipSide.DORSAL: ("TOO_VENTRAL", None),
        TipSide.CAUDAL: ("TOO_CEPHALAD", None),
        TipSide.LATERAL: ("TOO_MEDIAL", Severity.CRITICAL),
        TipSide.INSIDE: ("TOO_LATERAL", None),
    }
)
"""Which fault crossing a safety line is, by the side on which the tip has to be.

TOO_MEDIAL is critical beyond the medial border of the pillar, as the meaning of that fault in the
catalogue says; all other severities are those of the protocol.
"""

DIRECTION_FAULTS: Final = MappingProxyType(
    {
        "cranial": "TOO_CEPHALAD",
        "caudal": "TOO_CAUDAL",
        "lateral": "TOO_LATERAL",
        "medial": "TOO_MEDIAL",
        "dorsal": "TOO_DORSAL",
        "ventral": "",
    }
)
"""Which fault lies in a direction; TOO_VENTRAL is kept for what is past a safety line."""
