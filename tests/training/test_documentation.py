"""The page for users says what the program does, and the table of rules covers what it can give."""

import re
from pathlib import Path

import pytest

from fluoro_annotator.training import OUTCOMES, REASONS, Outcome, PassRule, Reason
from fluoro_annotator.training.keys import _EXERCISES
from fluoro_annotator.training.outcomes import DIRECTION_FAULTS, LINE_FAULTS
from fluoro_annotator.training.placing import ACROSS_SHARE, PLACE_RULES
from fluoro_annotator.training.questions import BELONGS, ExerciseKind
from fluoro_annotator.training.references import _TAKES
from fluoro_annotator.training.regions import GOOD_SHARE, MARGINAL_SHARE, OUTLIER_SD
from fluoro_annotator.training.scoring import _SCORERS, ACCEPTED_FAULT
from fluoro_annotator.training.set_files import FILE_FORMAT, FILE_VERSION
from fluoro_annotator.training.trials import _TRIALS, BESIDE_PX

SETS = Path(__file__).parents[2] / "docs" / "user" / "teaching-sets.md"
PAGE = Path(__file__).parents[2] / "docs" / "user" / "practice-scoring.md"


@pytest.fixture
def page():
    return PAGE.read_text(encoding="utf-8")


def rows(page, heading):
    lines = page.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append(tuple(cell.strip().strip("`") for cell in line.strip("|").split(" |")))
    return found


COUNTS = {True: "yes", False: "no", None: "not counted"}


def test_the_table_of_outcomes_is_that_of_the_program(page):
    wanted = [(m.title, outcome.value, m.meaning, COUNTS[m.success]) for outcome, m in OUTCOMES.items()]
    assert rows(page, "outcome") == wanted
    assert list(OUTCOMES) == list(Outcome)


def test_the_table_of_rules_is_that_of_the_program(page):
    assert rows(page, "rule") == [(rule.id, OUTCOMES[rule.outcome].title) for rule in PLACE_RULES]


def test_the_table_of_reasons_is_that_of_the_program(page):
    assert rows(page, "reason") == [(reason.value, text) for reason, text in REASONS.items()]
    assert list(REASONS) == list(Reason)


def test_the_exercises_and_their_answers_are_those_of_the_program(page):
    shown = [(exercise.strip("` "), answer.strip("` ")) for exercise, answer, _ in rows(page, "exercise")]
    assert shown == [(kind.__name__, answer.__name__) for kind, (answer, _) in _SCORERS.items()]


def test_numbers_on_the_page_are_those_of_the_program(page):
    first = {row[0] for row in rows(page, "number")}
    assert {f"{GOOD_SHARE}, {MARGINAL_SHARE}", f"{OUTLIER_SD}", f"{ACROSS_SHARE}"} <= first
    rule, plain = PassRule(), re.sub(r"\s+", " ", page)
    assert f"{rule.on_target * 100:.0f} % on target in the last {rule.last}" in plain
    assert (
        f"acceptable failure {rule.cusum.p0 * 100:.0f} %, unacceptable {rule.cusum.p1 * 100:.0f} %" in plain
    )


def test_a_place_can_have_every_outcome_but_extra():
    """What is extra answers to no reference, so it is no place that is judged; a whole reading has it."""
    assert {rule.outcome for rule in PLACE_RULES} == set(Outcome) - {Outcome.EXTRA}
    assert all((rule.reason is not None) == (rule.outcome is Outcome.NOT_ASSESSABLE) for rule in PLACE_RULES)


def test_faults_of_the_tables_are_faults_of_the_protocols(block):
    known = {fault.code for fault in block.faults}
    used = {fault for fault, _ in LINE_FAULTS.values()} | set(DIRECTION_FAULTS.values()) - {""}
    own = {meaning.fault for meaning in OUTCOMES.values()} - {""}
    assert used | own | set(ACCEPTED_FAULT) <= known


def test_the_page_on_teaching_sets_names_what_the_program_uses():
    text = SETS.read_text(encoding="utf-8")
    assert f"`{FILE_FORMAT}`, version {FILE_VERSION})" in text
    assert f"marks {BESIDE_PX:g} pixels beside them" in text


def test_every_kind_of_exercise_is_in_every_table_that_is_looked_up_by_it():
    for table in (BELONGS, _EXERCISES, _TAKES, _TRIALS):
        assert set(table) == set(ExerciseKind)
