"""Summaries of many answers: every count is one that can be counted by hand, or by scipy."""

from dataclasses import replace
from statistics import median

import pytest
from practice_answers import many_answers, scored_answer
from scipy.stats import binomtest

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.statistics import wilson
from fluoro_annotator.training import Outcome, PassRule
from fluoro_annotator.training.charts import (
    charts_of,
    confidence_chart,
    control_chart,
    fault_rates_chart,
    learning_curve,
    nerve_rates,
    outcome_chart,
    trainee_rates,
    view_rates,
)
from fluoro_annotator.training.summary import compare, summarise, tally


@pytest.fixture(scope="module")
def answers():
    return many_answers(1500)


def test_rates_are_those_of_scipy(answers):
    found = tally(answers)
    for groups, name in ((found.by_nerve, "nerve"), (found.by_view, "view"), (found.by_kind, "kind")):
        assert groups
        for key, rate in groups.items():
            own = [one.success for one in answers if getattr(one, name) == key and one.success is not None]
            expected = binomtest(sum(own), len(own)).proportion_ci(0.95, method="wilson")
            assert (rate.count, rate.trials) == (sum(own), len(own))
            assert (rate.low, rate.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nerves_are_listed_from_cranial_to_caudal_and_faults_by_how_often(answers):
    found = tally(answers)
    assert list(found.by_nerve) == ["L1_MB", "L2_MB", "L3_MB", "L4_MB", "L5_DR"]
    counts = [rate.count for rate in found.faults.values()]
    assert counts == sorted(counts, reverse=True)


def test_what_is_not_assessable_counts_in_no_rate_but_its_own():
    gone = [scored_answer(n, Outcome.NOT_ASSESSABLE) for n in (1, 2)]
    found = tally([*gone, scored_answer(3), scored_answer(4, Outcome.NEAR)])
    assert (found.answers, found.not_assessable) == (4, 2)
    assert found.on_target == found.by_nerve["L3_MB"] == wilson(1, 2)
    assert found.outcomes[Outcome.NOT_ASSESSABLE] == wilson(2, 4)
    assert found.reasons == {"no_scale": wilson(2, 4)}


def test_only_the_first_answer_to_an_exercise_counts_as_the_first():
    again = {"exercise_id": "same"}
    found = tally(
        [
            scored_answer(1, Outcome.NEAR, **again),
            scored_answer(2, **again),
            scored_answer(3, **again),
            scored_answer(4, trainee="Trainee B", **again),
            scored_answer(5, set_id="other", **again),
        ]
    )
    assert (found.on_target, found.first_time) == (wilson(4, 5), wilson(2, 3))


def test_the_order_of_the_store_counts_not_that_of_clocks_or_of_the_list():
    answers = [scored_answer(n, Outcome.NEAR if n <= 10 else Outcome.CORRECT) for n in range(1, 51)]
    back = [replace(one, committed_at=answers[-n].committed_at) for n, one in enumerate(answers, start=1)]
    shuffled = sorted(back, key=lambda one: (one.entry * 7) % 53)
    assert summarise(shuffled).progress == summarise(answers).progress
    assert summarise(answers).progress.latest == wilson(40, 40)


def test_distances_with_and_without_a_scale_are_never_put_together(answers):
    found = tally(answers).distances
    with_scale = [one.millimetres for one in answers if one.distance and one.millimetres is not None]
    without = [one.pixels for one in answers if one.distance and one.millimetres is None]
    assert found["mm"].value == pytest.approx(median(with_scale))
    assert found["px"].value == pytest.approx(median(without))
    assert (found["mm"].trials, found["px"].trials) == (len(with_scale), len(without))
    assert {one.unit for one in found.values()} == {"mm", "px"}


def test_times_of_every_kind_and_moves_where_marks_are_placed(answers):
    found = tally(answers)
    for kind, time in found.seconds.items():
        own = [one.seconds for one in answers if one.kind == kind]
        assert (time.value, time.trials) == (pytest.approx(median(own)), len(own))
        assert time.low < time.value < time.high
    assert set(found.moves) == {"place_target", "place_by_name"}
    assert len(found.seconds) == 5


def test_confidence_has_words_and_rates_and_no_chances():
    found = tally(
        [
            scored_answer(1, confidence=MarkConfidence.CERTAIN),
            scored_answer(2, Outcome.WRONG_LEVEL, confidence=MarkConfidence.CERTAIN),
            scored_answer(3, Outcome.NOT_ASSESSABLE, confidence=MarkConfidence.CERTAIN),
            scored_answer(4, confidence=MarkConfidence.UNSURE),
            scored_answer(5, confidence=None),
        ]
    )
    assert found.confidence == {MarkConfidence.CERTAIN: wilson(1, 2), MarkConfidence.UNSURE: wilson(1, 1)}
    assert (found.certain_and_wrong, found.without_confidence) == (wilson(1, 2), 1)


def test_answers_scored_again_are_told_with_their_causes():
    again = {"rescored": True, "cause": "protocol_edited"}
    found = tally(
        [
            scored_answer(1, Outcome.NEAR, first_outcome=Outcome.CORRECT, **again),
            scored_answer(2, **again),
            scored_answer(3),
        ]
    ).rescored
    assert (found.answers, found.changed, found.causes) == (2, 1, {"protocol_edited": 2})


def test_one_summary_is_of_one_trainee(answers):
    with pytest.raises(ValueError, match="3 trainees"):
        summarise(answers)
    own = [one for one in answers if one.trainee == "Trainee A"]
    assert summarise(own).trainee == "Trainee A"
    assert summarise([]).tally.answers == 0


def test_a_comparison_is_made_of_the_summaries(answers):
    rule = PassRule(last=20)
    found = compare(answers, rule)
    assert [one.trainee for one in found.trainees] == ["Trainee A", "Trainee B", "Trainee C"]
    for one in found.trainees:
        assert one == summarise([a for a in answers if a.trainee == one.trainee], rule)
    assert found.everybody == tally(answers)
    assert sum(row.answers for row in found.exercises) == len(answers)


def test_hard_exercises_come_first_and_few_answers_make_none_hard():
    hard = [scored_answer(n, Outcome.NEAR, exercise_id="hard") for n in range(1, 9)]
    hard += [scored_answer(9, Outcome.WRONG_LEVEL, exercise_id="hard"), scored_answer(10, exercise_id="hard")]
    rare = [scored_answer(11, Outcome.NEAR, exercise_id="rare")]
    easy = [scored_answer(n, exercise_id="easy", trainee=f"Trainee {n}") for n in range(12, 20)]
    rows = compare([*easy, *rare, *hard]).exercises
    assert [row.exercise_id for row in rows] == ["hard", "rare", "easy"]
    assert rows[0].wrong == ((Outcome.NEAR, 8), (Outcome.WRONG_LEVEL, 1))
    assert (rows[0].rate, rows[0].critical, rows[0].trainees) == (wilson(1, 10), 1, 1)
    assert rows[2].trainees == 8


def test_disagreements_of_experts_are_listed_until_the_newest_answer_has_none():
    unclear = {"exercise_id": "unclear", "reason": "experts_disagree_on_level"}
    first = scored_answer(1, Outcome.NOT_ASSESSABLE, **unclear)
    found = compare([first, scored_answer(2)])
    assert [(row.exercise_id, row.disagreements) for row in found.disputed] == [
        ("unclear", ("experts_disagree_on_level",))
    ]
    assert compare([first, scored_answer(2, exercise_id="unclear")]).disputed == ()
    assert compare([replace(first, reason="no_scale")]).disputed == ()


def test_outliers_are_counted_by_exercise_not_by_answer():
    experts = {"experts": ("Expert A", "Expert B")}
    aside = {**experts, "outliers": ("Expert C",), "exercise_id": "one"}
    found = compare(
        [scored_answer(1, **aside), scored_answer(2, **aside), scored_answer(3, **experts), scored_answer(4)]
    )
    assert found.set_aside == {"Expert A": wilson(0, 2), "Expert B": wilson(0, 2), "Expert C": wilson(1, 1)}


def test_charts_show_the_numbers_of_the_summary(answers):
    summary = summarise([one for one in answers if one.trainee == "Trainee A"])
    found = summary.tally
    assert learning_curve(summary).points == summary.progress.curve
    assert learning_curve(summary).wanted == 0.8
    assert "not validated" in learning_curve(summary).wanted_label
    assert control_chart(summary).chart is summary.progress.chart
    assert dict(nerve_rates(found).rows)["L5 dorsal ramus"] == found.by_nerve["L5_DR"]
    assert dict(view_rates(found, {"AP_TRUE": "True AP"}).rows)["True AP"] == found.by_view["AP_TRUE"]
    assert dict(fault_rates_chart(found).rows)["wrong level"] == found.faults["WRONG_LEVEL"]
    assert dict(confidence_chart(found).rows)["said: certain"] == found.confidence[MarkConfidence.CERTAIN]
    assert {name for name, _ in outcome_chart(found).rows} >= {"Correct", "Near"}
    assert "Not assessable" not in dict(outcome_chart(found).rows)  # it is of all answers, the others are not
    rows = trainee_rates(compare(answers)).rows
    assert rows[0] == ("Trainee A", summary.progress.latest)


def test_charts_without_a_row_are_left_out():
    assert list(charts_of(summarise([]))) == ["learning_curve", "control_chart"]
    assert set(charts_of(summarise([scored_answer(1, Outcome.WRONG_LEVEL)]))) == {
        "learning_curve",
        "control_chart",
        "outcomes",
        "nerves",
        "views",
        "kinds",
        "faults",
        "confidence",
    }
