"""From real answers in a store to results and reports: what was practised is what is told."""

import csv
import io

import pytest
from practising import TRAINEE, answer_to, desk_with_a_set

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.reporting import Heading, Table
from fluoro_annotator.statistics import wilson
from fluoro_annotator.training import PassRule, Step, load_sets, scored_answers
from fluoro_annotator.training.report import context_of, trainee_report
from fluoro_annotator.training.results_csv import results_csv
from fluoro_annotator.training.summary import summarise

SET = "lumbar-first"
ROUNDS = 12


@pytest.fixture
def practised(tmp_path, views, make_reading):
    """Return a desk at which some exercises were answered, every third one wrongly."""
    desk = desk_with_a_set(tmp_path / "state", views, make_reading)
    practice = desk.program()
    for number in range(ROUNDS):
        offer = practice.next(SET)
        given = answer_to(
            offer.question, views, right=number % 3 != 2, confidence=[*MarkConfidence][number % 3]
        )
        steps = (Step(0.5, "add", None), Step(1.0, "move", None))
        desk.clock.go(hours=30)
        practice.commit(offer, given, steps, 2.0 + number)
    yield desk
    desk.close()


def test_the_report_counts_what_was_answered(practised):
    kept = practised.kept()
    answers = scored_answers(kept)
    shelf = load_sets(practised.records)
    context = context_of(shelf, load_protocols(folders=()), practised.clock())
    report = trainee_report(answers, context)
    shown = {block.title: block for block in report.blocks if isinstance(block, Table)}
    right = sum(bool(one.success) for one in answers)
    counted = sum(one.success is not None for one in answers)
    assert 0 < right < counted
    assert shown["At a glance"].rows[0][1] == f"{right} of {counted}"
    assert summarise(answers).tally.on_target == wilson(right, counted)
    protocol = load_protocols(folders=()).get(shelf.get(SET).protocol_id)
    assert Heading(f"Progress: {protocol.title}") in report.blocks
    assert context.tracks[0].rule == PassRule.of(protocol)
    assert dict(report.facts)["Teaching sets"] == shelf.get(SET).title
    assert report.title == f"Practice report: {TRAINEE}"


def test_the_table_has_every_answer_with_its_score(practised):
    kept = practised.kept()
    rows = list(csv.DictReader(io.StringIO(results_csv(kept), newline="")))
    assert [row["answer_id"] for row in rows] == [one.answer.answer_id for one in kept]
    assert [row["outcome"] for row in rows] == [one.scores[-1].outcome for one in kept]
    assert [float(row["seconds"]) for row in rows] == [2.0 + number for number in range(ROUNDS)]
    assert {row["cause"] for row in rows} == {"first"}
    assert [row["confidence"] for row in rows[:3]] == [word.value for word in MarkConfidence]
    placed = [row for row in rows if row["kind"].startswith("place") and row["outcome"] == "correct"]
    assert placed
    assert all(row["distance_px"] and row["experts"] for row in placed)
