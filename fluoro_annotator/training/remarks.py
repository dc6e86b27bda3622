"""What a trainee is told after an answer: the outcome in words, what was wrong, what mends it, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.geometry import Quantity
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import sentences
from fluoro_annotator.training.answer_words import answer_words
from fluoro_annotator.training.exercises import Exercise, ExerciseAnswer
from fluoro_annotator.training.measured import BandResult, BandState, LineResult, Measures
from fluoro_annotator.training.outcomes import OUTCOMES, Outcome
from fluoro_annotator.training.remedies import Statement, remedies
from fluoro_annotator.training.scores import Score

CONFIDENT_AND_WRONG: Final = "You were certain, and it is wrong."
CONFIDENT_AND_NEAR: Final = "You were certain, and it is only near."
CRITICAL: Final = "Critical: {meaning}."
COUNTS_NEITHER_WAY: Final = "It counts neither for you nor against you."
STATES: Final = {
    BandState.GOOD: "within",
    BandState.MARGINAL: "marginal",
    BandState.OUTSIDE: "OUTSIDE",
    BandState.NOT_USED: "not used",
}
ELSEWHERE: Final = frozenset({"another_level", "other_side"})
"""Rules that say that a place is at another level or on the other side."""
NO_DISTANCE: Final = "not given: at another level or on the other side it says nothing"
RIGHT: Final = {True: "right", False: "wrong"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What is said of an answer, in the order in which it is said.

    Attributes
    ----------
    first : str
        That the trainee was certain of something wrong; empty otherwise.
    title : str
        The outcome in words.
    success : bool or None
        Whether it counts as on target; None if it counts neither way.
    critical : str
        The critical fault in words; empty if none was found.
    answered : str
        What was answered, in words; empty for a mark, which is on the image.
    wrong : tuple of Statement
        What decided, a sentence or two.
    remedies : tuple of Statement
        What mends it.
    besides : tuple of Statement
        What was found besides.
    cautions : tuple of str
        What has to be known of the score.
    zone : str
        How the zone was had, with its sources and that it is not validated; empty for a judgement or a name.
    learning : tuple of (str, str)
        Learning points of the author and their sources.
    details : tuple of (str, str)
        Names and values of everything that was measured.
    citations : tuple of (str, str)
        Key and citation of every source that is named.

    """

    first: str
    title: str
    success: bool | None
    critical: str
    answered: str
    wrong: tuple[Statement, ...]
    remedies: tuple[Statement, ...]
    besides: tuple[Statement, ...]
    cautions: tuple[str, ...]
    zone: str
    learning: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]
    citations: tuple[tuple[str, str], ...]


def remarks_on(
    exercise: Exercise | None,
    score: Score,
    answer: ExerciseAnswer | None = None,
    learning: Iterable[tuple[str, str]] = (),
) -> Remarks:
    """Return what is said of an answer.

    Parameters
    ----------
    exercise : Exercise or None
        What was asked; None if it cannot be put together any more, so that nothing says what would mend it.
    score : Score
        What became of the answer.
    answer : NamedAnswer, ViewAnswer, NeedleAnswer or PlacedAnswer, optional
        The answer itself, to say it again where it is in words.
    learning : iterable of (str, str)
        Learning points of the author, each with its source.

    """
    protocol = None if exercise is None else exercise.setting.protocol
    wrong = tuple(Statement(one.sentence, one.backing) for one in score.why[:1])
    if score.outcome is Outcome.NOT_ASSESSABLE:
        wrong = (*wrong, Statement(COUNTS_NEITHER_WAY))
    mended = () if exercise is None else remedies(exercise, score)
    besides = tuple(Statement(one.sentence, one.backing) for one in score.why[1:] if one.sentence)
    points = tuple(learning)
    return Remarks(
        first=_first(score),
        title=OUTCOMES[score.outcome].title,
        success=score.success,
        critical=_critical(protocol, score),
        answered="" if answer is None or protocol is None else answer_words(answer, protocol),
        wrong=wrong,
        remedies=_new(mended, wrong),
        besides=_new(besides, (*wrong, *mended)),
        cautions=score.cautions,
        zone="" if score.zone is None else score.zone.text,
        learning=points,
        details=tuple(_details(score)),
        citations=_citations(protocol, score, (*wrong, *mended, *besides)),
    )


def _first(score: Score) -> str:
    if not score.confident_and_wrong:
        return ""
    return CONFIDENT_AND_NEAR if score.outcome is Outcome.NEAR else CONFIDENT_AND_WRONG


def _new(statements: tuple[Statement, ...], said: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements that were not said already."""
    texts = [one.text for one in said]
    return tuple(one for one in statements if not any(one.text in text for text in texts))


def _critical(protocol: Protocol | None, score: Score) -> str:
    if not score.critical or protocol is None:
        return ""
    meanings = {fault.code: fault.meaning for fault in protocol.faults}
    grave = [code for code in score.faults if code in meanings]
    return CRITICAL.format(meaning=meanings[grave[0]]) if grave else ""


# ---------------------------------------------------------------------- details


def _details(score: Score) -> Iterator[tuple[str, str]]:
    for question, right in score.questions:
        yield question, RIGHT[right]
    measures = score.measures
    if measures is None:
        return
    if any(one.rule in ELSEWHERE for one in score.why):
        yield "Distance", NO_DISTANCE
        return
    yield from _of_distance(measures)
    for band in measures.bands:
        yield band.band.title, band_words(band)
    for line in measures.lines:
        yield line.line.title, line_words(line)
    if measures.covered is not None:
        yield "Active tip along the course of the nerve", measures.covered.text


def _of_distance(measures: Measures) -> Iterator[tuple[str, str]]:
    yield "Distance", sentences.distance_words(measures)
    for word, pixels in measures.directions:
        yield f"of it {word}", f"{pixels:.1f} px"
    for share in measures.shares:
        yield f"in units of: {sentences.in_words(share.of)}", f"{share.value:.2f}"


def band_words(result: BandResult) -> str:
    """Return a measure beside its band, for example ``"4.2 mm (3.9 to 4.5): marginal, wanted 0 to 3 mm"``."""
    band, low, high = result.band, *result.band.good
    unit = "" if band.unit.value == "fraction" else f" {band.unit.value}"
    value = "not measured" if result.measured is None else result.measured.text
    wanted = f"wanted {low:g} to {high:g}{unit}"
    reference = f"; the reference: {result.reference.text}" if result.reference is not None else ""
    reason = f" ({result.reason})" if result.reason else ""
    valid = "validated" if band.validated else "not validated"
    return f"{value}: {STATES[result.state]}{reason}; {wanted}, {valid}{reference}"


def line_words(result: LineResult) -> str:
    """Return how far a mark lies from a safety line, and on which side."""
    if result.measured is None:
        return f"not measured: {result.reason}"
    found = result.measured.distance
    side = "PAST THE LINE" if found.value < 0 else "on the safe side"
    doubt = "; nearer than points can be placed" if result.borderline else ""
    return f"{_size(found)} {side}{doubt}"


def _size(found: Quantity) -> str:
    unit = found.unit.value
    return f"{abs(found.value):.1f} {unit}"


# ---------------------------------------------------------------------- sources


def _citations(
    protocol: Protocol | None, score: Score, statements: Iterable[Statement]
) -> tuple[tuple[str, str], ...]:
    if protocol is None:
        return ()
    backings = [one.backing for one in statements]
    if score.measures is not None:
        backings += [one.band.backing for one in score.measures.bands]
    keys = dict.fromkeys(key for one in backings if one is not None for key in one.sources)
    known = {source.key: source.citation for source in protocol.sources}
    return tuple((key, known[key]) for key in keys if key in known)
