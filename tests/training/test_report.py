"""Reports of practice say what was answered, with denominators and intervals, and call nobody competent."""

import re
from datetime import UTC, datetime

import pytest
from practice_answers import many_answers, scored_answer

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.reporting import Bullets, ControlChart, Heading, Paragraph, RateCurve, Table, html_text
from fluoro_annotator.statistics import wilson
from fluoro_annotator.training import Outcome, PassRule
from fluoro_annotator.training.report import (
    NOTICE,
    OTHER,
    Context,
    Track,
    attending_report,
    tracks_with,
    trainee_report,
)
from fluoro_annotator.training.summary import compare, summarise, tally

RULE = PassRule(last=20, standing="engineering default, not validated")
CONTEXT = Context(
    made_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
    tracks=(Track("Lumbar medial branch block", RULE, frozenset({"lumbar"})),),
    sets={"lumbar": "First steps"},
    views={"AP_TRUE": "True AP"},
)


@pytest.fixture(scope="module")
def answers():
    return many_answers(900)


@pytest.fixture(scope="module")
def own(answers):
    return [one for one in answers if one.trainee == "Trainee A"]


def tables(document):
    return {block.title: block for block in document.blocks if isinstance(block, Table)}


def headings(document):
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def words(document):
    parts = [document.title, document.footer]
    for block in document.blocks:
        parts += list(block.items) if isinstance(block, Bullets) else [getattr(block, "text", "")]
    return " ".join(parts)


def test_every_rate_of_a_table_has_count_denominator_and_interval(own):
    found, report = tally(own), trainee_report(own, CONTEXT)
    shown = tables(report)
    assert shown["On target by nerve"].headers == ("nerve", "count", "rate", "95 % interval")
    for row, rate in zip(shown["On target by nerve"].rows, found.by_nerve.values(), strict=True):
        assert row[1] == f"{rate.count} of {rate.trials}"
        assert row[2:] == (
            f"{100 * rate.rate:.0f} %",
            f"{100 * rate.low:.0f} to {100 * rate.high:.0f} %",
        )
    assert [row[0] for row in shown["On target by view"].rows] == ["True AP", "IPSI_OBLIQUE", "LATERAL_TRUE"]
    assert len(shown["On target by kind of exercise"].rows) == 5


def test_it_begins_with_what_it_does_not_say_and_calls_nobody_competent(own, answers):
    for report in (trainee_report(own, CONTEXT), attending_report(answers, CONTEXT)):
        assert report.blocks[0] == Paragraph(NOTICE, report.blocks[0].tone)
        assert "not validated" in report.footer
        said = words(report).replace(NOTICE, "")
        assert not re.search(r"competen|proficien|certified|qualified|passed", said, re.IGNORECASE)


def test_progress_is_judged_by_the_rule_of_the_protocol(own):
    report = trainee_report(own, CONTEXT)
    found = summarise(own, RULE)
    assert "Progress: Lumbar medial branch block" in headings(report)
    assert f"Pass rule: {RULE.text}" in words(report)
    curve = next(block for block in report.blocks if isinstance(block, RateCurve))
    chart = next(block for block in report.blocks if isinstance(block, ControlChart))
    assert (curve.points, chart.chart) == (found.progress.curve, found.progress.chart)
    assert chart.parameters in words(report)


def test_what_is_lacking_is_listed_and_nothing_more_is_said_where_nothing_is():
    few = trainee_report([scored_answer(1)], CONTEXT)
    lacking = next(block for block in few.blocks if isinstance(block, Bullets))
    assert lacking.items[0] == "1 of 20 answers that count."
    enough = trainee_report([scored_answer(n) for n in range(1, 41)], CONTEXT)
    assert not any(isinstance(block, Bullets) for block in enough.blocks)
    assert "Nothing is lacking by this rule. That is all it says." in words(enough)


def test_sets_of_another_protocol_have_progress_of_their_own_under_their_rule():
    mixed = [scored_answer(1), scored_answer(2, set_id="unknown"), scored_answer(3, Outcome.NEAR)]
    found = tracks_with(mixed, CONTEXT)
    assert [(track.title, len(own)) for track, own in found] == [
        ("Lumbar medial branch block", 2),
        (OTHER, 1),
    ]
    assert found[1][0].rule == PassRule()
    assert [text for text in headings(trainee_report(mixed, CONTEXT)) if text.startswith("Progress")] == [
        "Progress: Lumbar medial branch block",
        f"Progress: {OTHER}",
    ]


def test_distances_with_and_without_a_scale_stand_in_rows_of_their_own(own):
    table = tables(trainee_report(own, CONTEXT))["Median distance from the reference"]
    found = tally(own).distances
    assert [row[0] for row in table.rows] == ["with a scale, mm", "without a scale, pixels"]
    assert [row[3] for row in table.rows] == [str(found["mm"].trials), str(found["px"].trials)]
    assert [row[4] for row in table.rows] == ["calibrated in the file", ""]


def test_what_there_is_none_of_is_left_out():
    report = trainee_report([scored_answer(1, confidence=None)], CONTEXT)
    assert not {"Confidence", "Not assessable", "Scored again"} & set(headings(report))
    assert "Errors, of all answers that count" not in tables(report)
    assert tables(report)["Median distance from the reference"].rows[0][2] == "too few"


def test_answers_that_were_scored_again_and_certain_ones_that_are_wrong_are_told():
    report = trainee_report(
        [
            scored_answer(1, Outcome.NEAR, confidence=MarkConfidence.CERTAIN),
            scored_answer(2, rescored=True, cause="protocol_edited", first_outcome=Outcome.NEAR),
            scored_answer(3, Outcome.NOT_ASSESSABLE, reason="no_scale"),
        ],
        CONTEXT,
    )
    rows = tables(report)["Answers that were scored again"].rows
    assert rows == (("protocol edited", "1"), ("all, of which the outcome changed", "1, 1"))
    assert f"Certain and wrong: {wilson(1, 1).text}" in words(report)
    reasons = tables(report)["Why answers are not assessable"].rows
    assert (reasons[0][0].split(":")[0], reasons[0][1]) == (
        "The only limits of the protocol here are in mm, and the image has no scale that holds in the patient.",
        "1 of 3",
    )


def test_the_attending_sees_trainees_side_by_side_by_name(answers):
    table = tables(attending_report(answers, CONTEXT))["Trainees side by side"]
    found = compare(answers, RULE)
    assert [row[0] for row in table.rows] == ["Trainee A", "Trainee B", "Trainee C"]
    for row, one in zip(table.rows, found.trainees, strict=True):
        assert row[2] == one.progress.on_target.text
        assert row[4] == one.progress.latest.text
        assert row[5] == str(one.progress.critical)


def test_the_attending_sees_the_hardest_exercises_and_what_the_experts_disagree_on(answers):
    extra = [
        scored_answer(
            2000 + n, Outcome.WRONG_LEVEL, exercise_id="impossible-one", trainee=f"Trainee {'ABC'[n % 3]}"
        )
        for n in range(9)
    ]
    unclear = scored_answer(
        3000, Outcome.NOT_ASSESSABLE, exercise_id="unclear-one", reason="experts_disagree_on_side"
    )
    shown = tables(attending_report([*answers, *extra, unclear], CONTEXT))
    hardest = shown["On target by exercise, the hardest 20 of 62"].rows
    assert hardest[0] == (
        "Place the target, L3 medial branch, right, True AP (impossib)",
        "0 of 9",
        "0 %",
        "0 to 30 %",
        "3",
        "wrong level 9",
        "9",
    )
    disputed = shown["Exercises that cannot be scored because the experts disagree"].rows
    assert disputed == (
        (
            "Place the target, L3 medial branch, right, True AP (unclear-)",
            "The experts do not agree on the side.",
            "1",
        ),
    )
    aside = {row[0]: row[1] for row in shown["References set aside"].rows}
    assert set(aside) == {"Expert A", "Expert B", "Expert C"}
    assert aside["Expert A"].startswith("0 of ")
    assert not aside["Expert C"].startswith("0 of ")


def test_names_stand_in_the_page_as_they_are():
    name = "<script>alert(1)</script> & Ž"
    page = html_text(trainee_report([scored_answer(1, trainee=name)], CONTEXT))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Ž" in page


def test_a_report_of_two_trainees_as_one_is_refused(answers):
    with pytest.raises(ValueError, match="3 trainees"):
        trainee_report(answers, CONTEXT)


def test_reports_of_no_answers_can_be_made():
    assert "no answers yet" in dict(trainee_report([], CONTEXT).facts)["Committed"]
    assert "Trainees" in dict(attending_report([], CONTEXT).facts)
