"""The answer to an exercise while it is being given: what is chosen, what is still open, and the value it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction, MarkConfidence, Needle, Target
from fluoro_annotator.training import (
    ExerciseAnswer,
    ExerciseKind,
    NamedAnswer,
    NeedleAnswer,
    PlacedAnswer,
    Question,
    ViewAnswer,
)
from napari_fluoro_annotator import texts

YES, NO = "yes", "no"
WAYS: Final[Mapping[str, tuple[Correction, Correction]]] = MappingProxyType(
    {
        "oblique": (Correction.OBLIQUE_LEFT, Correction.OBLIQUE_RIGHT),
        "tilt": (Correction.TILT_CRANIAL, Correction.TILT_CAUDAL),
    }
)
"""The second question about a view, and the answers to the third that belong to each answer."""

PLACING: Final = frozenset({ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME})
"""The kinds whose answer is a mark on the image."""
PART_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nerve": texts.PRACTICE_NERVE,
        "vertebra": texts.PRACTICE_VERTEBRA,
        "joint": texts.PRACTICE_JOINT,
        "side": texts.PRACTICE_SIDE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a trainee has answered so far; an empty field is not answered.

    Parameters
    ----------
    points : tuple of Point
        What was placed: a target, or the tip and the hub of a needle.
    nerve, vertebra, joint, side : str
        What was named, by identifier.
    true : str
        Whether a view is true, ``"yes"`` or ``"no"``.
    ways : tuple of str
        What has to change to make it true: keys of `WAYS`.
    oblique, tilt : str
        Which way, a value of `Correction`.
    acceptable : str
        Whether a needle is acceptable, ``"yes"`` or ``"no"``.
    fault : str
        Code of what is wrong with it.
    confidence : str
        A value of `MarkConfidence`.

    """

    points: tuple[Point, ...] = ()
    nerve: str = ""
    vertebra: str = ""
    joint: str = ""
    side: str = ""
    true: str = ""
    ways: tuple[str, ...] = ()
    oblique: str = ""
    tilt: str = ""
    acceptable: str = ""
    fault: str = ""
    confidence: str = ""

    def to_record(self) -> dict[str, Any]:
        """Return what is answered as values of JSON; `from_record` is the way back."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        known["points"] = [[point.row, point.column] for point in self.points]
        known["ways"] = list(self.ways)
        return {name: value for name, value in known.items() if value}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Draft:
        """Return a draft from what `to_record` returned; what is not known is left out."""
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in record.items() if name in names}
        known["points"] = tuple(Point(float(row), float(column)) for row, column in known.get("points", ()))
        known["ways"] = tuple(known.get("ways", ()))
        return cls(**known)


def points_wanted(question: Question) -> int:
    """Return how many points the answer to a question has on the image."""
    if question.kind not in PLACING:
        return 0
    return 2 if question.needle else 1


def missing(question: Question, draft: Draft) -> str:
    """Return what has to be answered next, or an empty text."""
    return MISSING[question.kind](question, draft) or (
        "" if draft.confidence else texts.PRACTICE_NEED_CONFIDENCE
    )


def answer_of(question: Question, draft: Draft) -> ExerciseAnswer:
    """Return the answer as a value; of an empty draft that of a trainee who gives up."""
    confidence = MarkConfidence(draft.confidence) if draft.confidence else None
    return ANSWERS[question.kind](question, draft, confidence)


# ---------------------------------------------------------------------- what is open


def _placing_open(question: Question, draft: Draft) -> str:
    placed = len(draft.points)
    if placed >= points_wanted(question):
        return ""
    if not question.needle:
        return texts.PRACTICE_NEED_TARGET
    return texts.PRACTICE_NEED_HUB if placed else texts.PRACTICE_NEED_TIP


def _naming_open(question: Question, draft: Draft) -> str:
    parts = [PART_TEXTS[part].lower() for part in question.parts if not getattr(draft, part)]
    return texts.PRACTICE_NEED_PARTS.format(parts=", ".join(parts)) if parts else ""


def _view_open(question: Question, draft: Draft) -> str:  # noqa: ARG001 - one signature for all kinds
    if draft.true == YES:
        return ""
    if not draft.true:
        return texts.PRACTICE_NEED_TRUE
    if not draft.ways:
        return texts.PRACTICE_NEED_WAY
    return "" if all(getattr(draft, way) for way in draft.ways) else texts.PRACTICE_NEED_DIRECTION


def _needle_open(question: Question, draft: Draft) -> str:  # noqa: ARG001 - one signature for all kinds
    if not draft.acceptable:
        return texts.PRACTICE_NEED_ACCEPTABLE
    return texts.PRACTICE_NEED_FAULT if draft.acceptable == NO and not draft.fault else ""


# ---------------------------------------------------------------------- the answer as a value


def mark_of(question: Question, points: tuple[Point, ...]) -> Target | Needle | None:
    """Return the mark that the points make, None while some are missing; its name is that of the question."""
    if question.site is None or len(points) < max(points_wanted(question), 1):
        return None
    if question.needle:
        return Needle(frame=question.frame, site=question.site, tip=points[0], hub=points[1], mark_id=OWN)
    return Target(frame=question.frame, site=question.site, position=points[0], mark_id=OWN)


OWN: Final = "answer"
"""The identifier of the mark that is being placed."""


def _placed(question: Question, draft: Draft, confidence: MarkConfidence | None) -> ExerciseAnswer:
    return PlacedAnswer(mark=mark_of(question, draft.points), confidence=confidence)


def _named(question: Question, draft: Draft, confidence: MarkConfidence | None) -> ExerciseAnswer:
    given = {part: getattr(draft, part) or None for part in question.parts}
    side = given.pop("side", None)
    return NamedAnswer(**given, side=Side(side) if side else None, confidence=confidence)


def _viewed(question: Question, draft: Draft, confidence: MarkConfidence | None) -> ExerciseAnswer:  # noqa: ARG001 - one signature for all kinds
    if not draft.true:
        return ViewAnswer(adequate=Adequacy.UNSURE, confidence=confidence)
    wanted = tuple(Correction(getattr(draft, way)) for way in WAYS if way in draft.ways)
    return ViewAnswer(
        adequate=Adequacy(draft.true), corrections=wanted if draft.true == NO else (), confidence=confidence
    )


def _judged(question: Question, draft: Draft, confidence: MarkConfidence | None) -> ExerciseAnswer:  # noqa: ARG001 - one signature for all kinds
    if not draft.acceptable:
        return NeedleAnswer(acceptable=None, confidence=confidence)
    accepted = draft.acceptable == YES
    return NeedleAnswer(acceptable=accepted, fault="" if accepted else draft.fault, confidence=confidence)


MISSING: Final[Mapping[ExerciseKind, Callable[[Question, Draft], str]]] = MappingProxyType(
    {
        ExerciseKind.PLACE_TARGET: _placing_open,
        ExerciseKind.PLACE_BY_NAME: _placing_open,
        ExerciseKind.NAME_MARKED: _naming_open,
        ExerciseKind.JUDGE_VIEW: _view_open,
        ExerciseKind.JUDGE_NEEDLE: _needle_open,
    }
)
ANSWERS: Final[Mapping[ExerciseKind, Callable[[Question, Draft, MarkConfidence | None], ExerciseAnswer]]] = (
    MappingProxyType(
        {
            ExerciseKind.PLACE_TARGET: _placed,
            ExerciseKind.PLACE_BY_NAME: _placed,
            ExerciseKind.NAME_MARKED: _named,
            ExerciseKind.JUDGE_VIEW: _viewed,
            ExerciseKind.JUDGE_NEEDLE: _judged,
        }
    )
)
