"""Flat scored answers say what the scores say, and statistics take both alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import MarkConfidence, Target
from fluoro_annotator.store import Answer, KeptAnswer, ScoreEntry
from fluoro_annotator.training import (
    Outcome,
    PlacedAnswer,
    PlaceTarget,
    confidence_rates,
    distances,
    fault_rates,
    outcome_rates,
    progress,
    score,
    scored_answers,
)
from fluoro_annotator.training.scored import score_text, summary_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def kept_answer(number, scores, causes=("first",)):
    """Return what a store gives back of an answer with some scores."""
    answer = Answer(
        answer_id=f"answer-{number}",
        set_id="set",
        set_version=1,
        exercise_id=f"exercise-{number}",
        trainee="Trainee A",
        presented_at=NOW,
        committed_at=NOW,
        client="",
        content="{}",
    )
    entries = tuple(
        ScoreEntry(
            answer_id=answer.answer_id,
            outcome=found.outcome.value,
            success=found.success,
            critical=found.critical,
            cause=cause,
            scored_at=NOW,
            scored_by="Trainee A",
            content=score_text(
                summary_of(found, kind="place_target", view="AP_TRUE", seconds=12.5, moves=2), {"why": "x"}
            ),
        )
        for found, cause in zip(scores, causes, strict=True)
    )
    return KeptAnswer(number, NOW, answer, entries)


@pytest.fixture(scope="module")
def scores(views, references, make_setting, directions):
    """Return scores of answers at every target of the true AP with and without a scale, displaced more and more."""
    view = views["AP_TRUE"]
    found = []
    for number, ((nerve, side), mm) in enumerate(view.targets.items()):
        setting = make_setting(view, [references["AP_TRUE"]], mm if number % 2 else None)
        site = next(
            one.site
            for one in references["AP_TRUE"].of_kind(Target)
            if (one.site.nerve, one.site.side) == (nerve, side)
        )
        other = replace(site, side=Side.LEFT) if number % 5 == 4 else site
        place = view.point(mm + 1.2 * number * directions[0])
        answer = PlacedAnswer(
            mark=Target(frame=view.frame, site=other, position=place),
            confidence=list(MarkConfidence)[number % 3],
        )
        found.append(score(PlaceTarget(setting, site), answer))
    return found


def test_statistics_of_flat_answers_are_those_of_scores(scores):
    flat = scored_answers(kept_answer(number, [one]) for number, one in enumerate(scores, start=1))
    assert len({one.outcome for one in scores}) > 2  # otherwise this shows nothing
    assert {one.distance.unit for one in flat if one.distance} == {"mm", "px"}
    for statistic in (progress, outcome_rates, fault_rates, distances, confidence_rates):
        assert statistic(flat) == statistic(scores)


def test_fields_are_those_of_the_score(scores):
    for number, one in enumerate(scores, start=1):
        (flat,) = scored_answers([kept_answer(number, [one])])
        mm = one.measures.millimetres
        assert (flat.entry, flat.nerve, flat.vertebra, flat.side) == (
            number,
            one.site.nerve,
            one.site.vertebra,
            one.site.side,
        )
        assert (flat.outcome, flat.success, flat.faults) == (one.outcome, one.success, one.faults)
        assert (flat.severity, flat.confidence) == (one.severity, one.confidence)
        assert flat.confident_and_wrong == one.confident_and_wrong
        assert flat.pixels == one.measures.pixels.value
        assert flat.millimetres == (None if mm is None else mm.value)
        assert mm is None or flat.millimetres + flat.mm_error >= mm.high - 1e-9
        assert (flat.seconds, flat.moves, flat.rescored, flat.cause) == (12.5, 2, False, "first")


def test_the_last_score_counts_and_the_first_is_told(scores):
    first, last = scores[0], next(one for one in scores if one.outcome is not scores[0].outcome)
    (flat,) = scored_answers([kept_answer(1, [first, last], ("first", "protocol_edited"))])
    assert (flat.outcome, flat.first_outcome) == (last.outcome, first.outcome)
    assert (flat.cause, flat.rescored) == ("protocol_edited", True)


def test_answers_without_a_score_are_left_out():
    assert scored_answers([kept_answer(1, [], ())]) == ()


def test_a_summary_is_found_wherever_it_stands(scores):
    kept = kept_answer(1, [scores[0]])
    (entry,) = kept.scores
    turned = replace(entry, content='{"details":{},' + entry.content[1:].replace(',"details"', ',"more"'))
    assert scored_answers([replace(kept, scores=(turned,))]) == scored_answers([kept])


@pytest.mark.parametrize(
    "content",
    ["{}", '{"summary":', '{"summary":[]}', '{"summary":{}}', '{"summary":{"kind":"place_target"}}'],
)
def test_a_score_that_cannot_be_read_is_said_to_be(content, scores):
    kept = kept_answer(1, [scores[0]])
    object.__setattr__(kept.scores[0], "content", content)
    with pytest.raises(TrainingError, match="cannot be read"):
        scored_answers([kept])


def test_an_unknown_outcome_is_not_taken_for_another(scores):
    kept = kept_answer(1, [scores[0]])
    object.__setattr__(kept.scores[0], "outcome", "marvellous")
    with pytest.raises(TrainingError):
        scored_answers([kept])
    assert "marvellous" not in set(Outcome)
