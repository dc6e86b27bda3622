"""A score: the outcome first, then why, then what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fluoro_annotator.anatomy import Site
from fluoro_annotator.geometry import Quantity
from fluoro_annotator.marks import FrameRef, MarkConfidence, MarkKind
from fluoro_annotator.protocols import Backing, Protocol, RubricItem, Severity
from fluoro_annotator.training.material import Basis
from fluoro_annotator.training.measured import Measures
from fluoro_annotator.training.outcomes import OUTCOMES, WITH_DISTANCE, Outcome, Reason
from fluoro_annotator.training.regions import Outlier, Region

GRAVITY: Final = (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)
"""From least to most serious."""


class ZoneMethod(StrEnum):
    """How the zone of acceptance was had."""

    BANDS = "bands"
    """Limits of the protocol around the reference."""
    DRAWN = "drawn"
    """A zone that the only expert drew."""
    REGION = "region"
    """A region estimated from the marks of three or more experts."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for an outcome.

    Parameters
    ----------
    rule : str
        Identifier of the rule that found it.
    sentence : str
        One or two sentences: what is wrong, and the landmark or manoeuvre that mends it.
    about : tuple of str
        Identifiers of landmarks, bands, lines or nerves it is about.
    fault : str
        Code in the protocol's list of faults; may be empty.
    backing : Backing or None
        What the sentence rests on: basis, confidence and sources; None for what follows from the marks alone.
    severity : Severity or None
        How serious it is, where that is not what the protocol says of the fault.

    """

    rule: str
    sentence: str
    about: tuple[str, ...] = ()
    fault: str = ""
    backing: Backing | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneUsed:
    """The zone of acceptance of a score.

    Attributes
    ----------
    method : ZoneMethod
        How it was had.
    text : str
        The same in words, with its sources' confidence.
    experts : tuple of str
        Readers whose marks count.
    outliers : tuple of Outlier
        Marks that were set aside, to be reported to the attending.
    region : Region or None
        For the method region.
    validated : bool
        Whether every limit that was used has been shown to tell good from bad placement.

    """

    method: ZoneMethod
    text: str
    experts: tuple[str, ...]
    outliers: tuple[Outlier, ...]
    region: Region | None
    validated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of one answer.

    Attributes
    ----------
    outcome : Outcome
        The outcome; what follows explains it and never changes it.
    reason : Reason or None
        For what is not assessable: why not.
    why : tuple of Why
        The first one decided; others were found besides.
    severity : Severity or None
        Of the most serious fault found.
    cautions : tuple of str
        What a reader of the score has to know, as sentences.
    kind : MarkKind
        What was marked, named or judged.
    site : Site or None
        What was asked for.
    frame : FrameRef or None
        On which frame; None for an empty slot.
    confidence : MarkConfidence or None
        How sure the trainee was.
    zone : ZoneUsed or None
        The zone, for what marks a place.
    measures : Measures or None
        Distances and more, for what marks a place.
    questions : tuple of (str, bool)
        For a judgement of the view: each of the three questions and whether it was answered rightly.
    basis : Basis
        Protocol, references and image on which it rests.

    """

    outcome: Outcome
    reason: Reason | None = None
    why: tuple[Why, ...] = ()
    severity: Severity | None = None
    cautions: tuple[str, ...] = ()
    kind: MarkKind
    site: Site | None = None
    frame: FrameRef | None
    confidence: MarkConfidence | None = None
    zone: ZoneUsed | None = None
    measures: Measures | None = None
    questions: tuple[tuple[str, bool], ...] = ()
    basis: Basis

    @property
    def success(self) -> bool | None:
        """Whether it counts as on target; None if it counts neither way."""
        return OUTCOMES[self.outcome].success

    @property
    def faults(self) -> tuple[str, ...]:
        """Codes of the protocol's faults that were found, each once."""
        return tuple(dict.fromkeys(one.fault for one in self.why if one.fault))

    @property
    def critical(self) -> bool:
        """Whether a critical fault was found."""
        return self.severity is Severity.CRITICAL

    @property
    def distance(self) -> Quantity | None:
        """The distance from the reference where it means anything, in mm if there is a scale."""
        if self.measures is None or self.outcome not in WITH_DISTANCE:
            return None
        return self.measures.millimetres or self.measures.pixels

    @property
    def confident_and_wrong(self) -> bool:
        """Whether the trainee was certain of something that is wrong: to be shown first."""
        return self.success is False and self.confidence is MarkConfidence.CERTAIN


def severity_of(protocol: Protocol, whys: Iterable[Why]) -> Severity | None:
    """Return the severity of the most serious of some faults, as the protocol or the rule says."""
    said = {fault.code: fault.severity for fault in protocol.faults}
    found = [severity for why in whys if (severity := why.severity or said.get(why.fault)) is not None]
    return max(found, key=GRAVITY.index, default=None)


def rubric_of(protocol: Protocol, fault: str) -> RubricItem | None:
    """Return the question of the protocol's rubric whose unfavourable answer carries a fault."""
    return next((item for item in protocol.rubric if fault and fault in item.faults), None)


def feedback_order(scores: Iterable[Score]) -> tuple[Score, ...]:
    """Return scores in the order in which a trainee should see them.

    Confident and wrong comes first, then what is wrong by severity, then what is not assessable, then
    what is right; otherwise the order stays.
    """
    return tuple(sorted(scores, key=_rank))


def _rank(score: Score) -> tuple[bool, int, int]:
    wrong = {False: 0, None: 1, True: 2}[score.success]
    gravity = -1 if score.severity is None else GRAVITY.index(score.severity)
    return not score.confident_and_wrong, wrong, -gravity
