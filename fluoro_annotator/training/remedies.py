"""What mends a fault: the landmark or the manoeuvre, from the protocol and from what was measured.

Nothing is invented here: a remedy is the opposite of a direction that was measured or that the name of a fault says,
a rule, hint or criterion of the protocol with its sources, or a published rule of moving the C-arm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.anatomy import Confidence, Site
from fluoro_annotator.geometry import Quantity
from fluoro_annotator.protocols import (
    Backing,
    Basis,
    ConstructionKind,
    Measure,
    Protocol,
    SlotKind,
    TipSide,
    ViewFamily,
)
from fluoro_annotator.training import sentences
from fluoro_annotator.training.exercises import Exercise, JudgeNeedle, JudgeView, NameMarked, PlaceTarget
from fluoro_annotator.training.ground import Ground
from fluoro_annotator.training.measured import BandResult, BandState
from fluoro_annotator.training.outcomes import Outcome, Reason
from fluoro_annotator.training.scores import Score


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two, and what they rest on.

    Attributes
    ----------
    text : str
        For the screen.
    backing : Backing or None
        Basis, confidence and sources; None for what follows from the marks alone.

    """

    text: str
    backing: Backing | None = None


BACK: Final = {
    "cranial": "towards the feet",
    "caudal": "towards the head",
    "lateral": "medially",
    "medial": "laterally",
    "ventral": "dorsally",
    "dorsal": "ventrally",
}
"""Where something has to go that lies in a direction."""

FAULT_DIRECTIONS: Final = {
    "TOO_CEPHALAD": "cranial",
    "TOO_CAUDAL": "caudal",
    "TOO_LATERAL": "lateral",
    "TOO_MEDIAL": "medial",
    "TOO_VENTRAL": "ventral",
    "TOO_DORSAL": "dorsal",
}
"""In which direction something lies that has a fault."""

SAFE_SIDES: Final = {
    TipSide.DORSAL: "dorsal to",
    TipSide.CAUDAL: "caudal to",
    TipSide.LATERAL: "lateral to",
    TipSide.INSIDE: "within",
}
"""Where the tip has to be, as words before the name of a line."""

MANOEUVRE: Final = Statement(
    "A spinous process off the midline is mended by turning the C-arm, a superior endplate that is a double line by "
    "tilting it.",
    Backing(Basis.PUBLISHED, Confidence.HIGH, ("WARING_TN2025", "WARING_REL2025")),
)
"""How an AP becomes true: the rule of the published three-question format."""

WHAT_NEXT: Final = {
    Reason.NO_REFERENCE: "Tell the author of the teaching set that the reference lacks this mark.",
    Reason.NO_SCALE: "Compare the two marks on the image; only a scale would allow more.",
    Reason.NO_THRESHOLD: "Compare the two marks on the image.",
    Reason.OTHER_FRAME: "Place the mark on the frame that the question shows.",
    Reason.EXPERTS_DISAGREE_ON_LEVEL: "Tell the author of the teaching set; the experts have to settle it.",
    Reason.EXPERTS_DISAGREE_ON_SIDE: "Tell the author of the teaching set; the experts have to settle it.",
    Reason.EXPERTS_DISAGREE_ON_PLACE: "Compare their marks on the image, and tell the author of the teaching set.",
    Reason.EXPERTS_DISAGREE_ON_VIEW: "Tell the author of the teaching set; the experts have to settle it.",
    Reason.NUMBERING_UNCERTAIN: "Say on what you count before you name a level here.",
    Reason.REFERENCE_UNSURE: "Compare what you saw with what to look for.",
    Reason.REFERENCE_MARGINAL: "Look at where the tip lies in the zone.",
    Reason.REFERENCE_PURGED: "Go on with the next exercise; nothing is left to compare this answer with.",
    Reason.REFERENCE_CHANGED: "The answer can be scored again on the present reference; the old score is kept.",
    Reason.PROTOCOL_EDITED: "The answer can be scored again on the present protocol; the old score is kept.",
    Reason.IMAGE_FACTS_CHANGED: "The answer can be scored again on the present facts; the old score is kept.",
    Reason.RULES_CHANGED: "The answer can be scored again by the present rules; the old score is kept.",
}
"""What to do about an answer that is not assessable; it counts neither way."""

COUNT_AGAIN: Final = "Count again from a landmark that you trust."
MARKER: Final = "The file does not say how the patient lies: look for a side marker, or ask."
LETTERS: Final = "The letters at the edges of the image say which side of the patient lies there."


def remedies(exercise: Exercise, score: Score) -> tuple[Statement, ...]:
    """Return what mends what is wrong, at most two statements; nothing for what is right.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    score : Score
        What became of the answer.

    """
    said = " ".join(one.sentence for one in score.why)
    return tuple(one for one in _remedies(exercise, score) if one.text not in said)


def _remedies(exercise: Exercise, score: Score) -> tuple[Statement, ...]:
    if score.outcome is Outcome.NOT_ASSESSABLE:
        return (Statement(WHAT_NEXT[score.reason]),) if score.reason is not None else ()
    if isinstance(exercise, JudgeView):
        return _of_view(exercise, score)
    if isinstance(exercise, JudgeNeedle):
        return _of_needle(exercise, score)
    if isinstance(exercise, NameMarked):
        return _of_name(exercise, score)
    found = _OF_PLACES.get(score.outcome)
    return () if found is None else found(exercise, score)


# ---------------------------------------------------------------------- judgements and names


def _of_view(exercise: JudgeView, score: Score) -> tuple[Statement, ...]:
    is_ap = exercise.spec.family is ViewFamily.AP
    return (MANOEUVRE,) if score.outcome is not Outcome.CORRECT and is_ap else ()


def _of_name(exercise: NameMarked, score: Score) -> tuple[Statement, ...]:
    found = []
    if score.outcome in {Outcome.WRONG_LEVEL, Outcome.WRONG_NERVE_NAME, Outcome.MISSING}:
        rule = sentences.name_rule(exercise.site)
        if not any(rule in one.sentence for one in score.why):
            found.append(Statement(rule))
    if score.outcome is Outcome.WRONG_LEVEL:
        found.append(_count_again(exercise.setting.protocol))
    if score.outcome is Outcome.WRONG_SIDE:
        found.append(_side(exercise))
    return tuple(found[:2])


def _of_needle(exercise: JudgeNeedle, score: Score) -> tuple[Statement, ...]:
    """Return what would mend the needle that was shown, whatever was said of it; nothing for an acceptable one."""
    protocol, site = exercise.setting.protocol, exercise.needle.site
    faults = [name for one in score.why for name in one.about if name in _codes(protocol)]
    if not faults:
        return ()
    directions = [FAULT_DIRECTIONS[code] for code in faults if code in FAULT_DIRECTIONS]
    found = []
    if "WRONG_LEVEL" in faults or "NAME_CONVENTION_CONFUSION" in faults:
        found.append(_count_again(protocol))
    elif "WRONG_SIDE" in faults:
        found.append(_side(exercise))
    elif directions:
        found.append(Statement(f"It would have to go {BACK[directions[0]]}."))
    return (*found, *_landmark(exercise, site))[:2]


def _codes(protocol: Protocol) -> frozenset[str]:
    return frozenset(fault.code for fault in protocol.faults)


# ---------------------------------------------------------------------- places


def _wrong_level(exercise: PlaceTarget, _score: Score) -> tuple[Statement, ...]:
    return _count_again(exercise.setting.protocol), *_landmark(exercise, exercise.site)


def _wrong_side(exercise: PlaceTarget, _score: Score) -> tuple[Statement, ...]:
    return (_side(exercise),)


def _unsafe(exercise: PlaceTarget, score: Score) -> tuple[Statement, ...]:
    lines = score.measures.lines if score.measures else ()
    past = next((one.line for one in lines if one.past), None)
    if past is None:
        return _landmark(exercise, exercise.site)
    text = f"Bring it {SAFE_SIDES[past.tip]} the line: {sentences.in_words(past.title)}."
    return Statement(text, past.backing), *_landmark(exercise, exercise.site)


def _off(exercise: PlaceTarget, score: Score) -> tuple[Statement, ...]:
    """Return the way back, or how the shaft has to be turned, and the landmark."""
    measures = score.measures
    found: list[Statement] = []
    if measures is not None:
        angles = [one for one in measures.bands if _is_bad_angle(one)]
        if angles and angles[0].measured is not None:
            found.append(_turned(angles[0], angles[0].measured))
        elif measures.directions:
            found.append(Statement(f"Bring it {_way_back(measures.directions)}."))
    return (*found, *_landmark(exercise, exercise.site))[:2]


def _is_bad_angle(result: BandResult) -> bool:
    return result.band.measure is Measure.ANGLE_TO_COURSE and result.state in {
        BandState.MARGINAL,
        BandState.OUTSIDE,
    }


def _turned(result: BandResult, measured: Quantity) -> Statement:
    low, high = result.band.good
    text = f"The shaft lies at {measured.value:.0f}\N{DEGREE SIGN} to the course of the nerve; {low:g} to {high:g} are accepted."
    return Statement(text, result.band.backing)


def _way_back(directions: tuple[tuple[str, float], ...]) -> str:
    """Return the way back, in both directions where the smaller is more than half of the larger."""
    longest = directions[0][1]
    return " and ".join(BACK[word] for word, length in directions if length > longest / 2)


def _name(exercise: PlaceTarget, score: Score) -> tuple[Statement, ...]:
    rule = sentences.name_rule(exercise.site)
    said = any(rule in one.sentence for one in score.why)
    other = any(one.rule == "other_nerve" for one in score.why)
    found = () if said else (Statement(rule),)
    return (*found, *(_landmark(exercise, exercise.site) if other else ()))[:2]


_OF_PLACES: Final[dict[Outcome, Callable[[PlaceTarget, Score], tuple[Statement, ...]]]] = {
    Outcome.WRONG_LEVEL: _wrong_level,
    Outcome.WRONG_SIDE: _wrong_side,
    Outcome.UNSAFE: _unsafe,
    Outcome.OFF_TARGET: _off,
    Outcome.NEAR: _off,
    Outcome.WRONG_NERVE_NAME: _name,
}
"""What mends each outcome of a marked place; the sentence of a missing one holds its hint already."""


# ---------------------------------------------------------------------- from the protocol


def _view(exercise: Exercise, site: Site) -> str:
    """Return the view whose limits hold for a site; ``""`` if nobody says which it is, or it is turned away."""
    setting = exercise.setting
    return Ground(setting.protocol, site, setting.image, setting.frame, setting.references).view


def _landmark(exercise: Exercise, site: Site) -> tuple[Statement, ...]:
    """Return where the protocol has the point in this view: its hint, when a needle is accepted, or a construction."""
    protocol, view = exercise.setting.protocol, _view(exercise, site)
    hint, backing = sentences.hint_of(protocol, site, SlotKind.TARGET, view)
    if hint:
        return (Statement(hint, backing),)
    accept, backing = sentences.accept_of(protocol, site, SlotKind.NEEDLE, view)
    if accept:
        return (Statement(sentences.accepted(accept), backing),)
    points = {ConstructionKind.MIDPOINT, ConstructionKind.DIAGONALS, ConstructionKind.FRACTIONS}
    made = [one for one in protocol.constructions_of(site.nerve) if one.view == view and one.kind in points]
    return (
        (Statement(f"Construct the point: {sentences.in_words(made[0].title)}.", made[0].backing),)
        if made
        else ()
    )


def _count_again(protocol: Protocol) -> Statement:
    """Return how a level is counted, with what the protocol's localizer rests on."""
    return Statement(COUNT_AGAIN, _localizer(protocol))


def _side(exercise: Exercise) -> Statement:
    """Return what tells the side: the letters, or a marker where the file does not say how the patient lies."""
    if exercise.setting.image.orientation is not None:
        return Statement(LETTERS)
    return Statement(MARKER, _localizer(exercise.setting.protocol))


def _localizer(protocol: Protocol) -> Backing | None:
    view = next((one for one in protocol.views if one.family is ViewFamily.LOCALIZER), None)
    return None if view is None else view.backing
