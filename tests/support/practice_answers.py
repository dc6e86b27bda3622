"""Scored answers as a store would give them back, made up and seeded."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.training import ExerciseKind, Outcome, ScoredAnswer

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def scored_answer(entry=1, outcome=Outcome.CORRECT, **changes):
    """Return one answer; success and the rest follow from the outcome unless they are given."""
    success = {Outcome.CORRECT: True, Outcome.NOT_ASSESSABLE: None}.get(outcome, False)
    values = {
        "entry": entry,
        "answer_id": f"answer-{entry}",
        "set_id": "lumbar",
        "set_version": 1,
        "exercise_id": f"exercise-{entry}",
        "trainee": "Trainee A",
        "committed_at": BEGIN + timedelta(minutes=entry),
        "kind": ExerciseKind.PLACE_TARGET.value,
        "nerve": "L3_MB",
        "vertebra": "L4",
        "side": "right",
        "view": "AP_TRUE",
        "outcome": outcome,
        "reason": "no_scale" if success is None else "",
        "success": success,
        "critical": outcome in {Outcome.WRONG_LEVEL, Outcome.WRONG_SIDE},
        "faults": (outcome.name,) if outcome in {Outcome.WRONG_LEVEL, Outcome.WRONG_SIDE} else (),
        "severity": None,
        "confidence": MarkConfidence.PROBABLE,
        "millimetres": 1.5,
        "mm_error": 0.1,
        "scale": "calibrated in the file",
        "pixels": 5.0,
        "seconds": 12.0,
        "moves": 1,
        "cause": "first",
        "first_outcome": outcome,
        "rescored": False,
    }
    return ScoredAnswer(**values | changes)


def many_answers(count, trainees=3, seed=11):
    """Return answers of every kind, by several trainees who get better."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    weights = [60, 8, 8, 3, 2, 2, 2, 1, 1, 5]
    made = []
    for entry in range(1, count + 1):
        weights[0] = 60 + 200 * entry / count
        outcome = rng.choices(list(Outcome), weights)[0]
        scaled = rng.random() < 0.6
        made.append(
            scored_answer(
                entry,
                outcome,
                exercise_id=f"exercise-{rng.randrange(60)}",
                trainee=f"Trainee {'ABCDEFGHIJ'[rng.randrange(trainees)]}",
                kind=rng.choice([kind.value for kind in ExerciseKind]),
                nerve=rng.choice(["L1_MB", "L2_MB", "L3_MB", "L4_MB", "L5_DR"]),
                view=rng.choice(["AP_TRUE", "IPSI_OBLIQUE", "LATERAL_TRUE"]),
                confidence=rng.choice([*MarkConfidence, None]),
                millimetres=rng.expovariate(0.5) if scaled else None,
                mm_error=0.1 if scaled else None,
                scale="calibrated in the file" if scaled else None,
                pixels=rng.expovariate(0.1),
                seconds=rng.expovariate(0.05),
                moves=rng.randrange(5),
                experts=("Expert A", "Expert B", "Expert C"),
                outliers=("Expert C",) if rng.random() < 0.1 else (),
            )
        )
    return made
