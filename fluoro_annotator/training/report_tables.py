"""The tables of reports: every rate with its count, its denominator and its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fluoro_annotator.reporting import Table
from fluoro_annotator.statistics import CusumChart, Median, Proportion
from fluoro_annotator.store import FIRST_SCORE
from fluoro_annotator.training.charts import KIND_TITLES, Titles, fault_title, nerve_title
from fluoro_annotator.training.outcomes import OUTCOMES, REASONS, Outcome
from fluoro_annotator.training.summary import Comparison, ExerciseRow, Summary, Tally

RATE: Final = ("count", "rate", "95 % interval")
SHOWN_OF_IDENTIFIER: Final = 8
"""So many characters of an identifier are enough to find it in the CSV file."""
MOST_EXERCISES: Final = 20
"""So many of the hardest exercises are listed; the CSV file has all answers."""


def glance_table(found: Tally) -> Table:
    """Return the numbers to see first."""
    rows = (
        ("On target, all answers", found.on_target),
        ("On target, first answer to each exercise", found.first_time),
        ("Certain and wrong, of what was called certain", found.certain_and_wrong),
        ("Not assessable, of all answers", found.outcomes[Outcome.NOT_ASSESSABLE]),
    )
    return Table("At a glance", ("", *RATE), tuple((name, *_rate(rate)) for name, rate in rows))


def outcome_table(found: Tally) -> Table:
    """Return how often each outcome was given that was given at all."""
    rows = tuple(
        (OUTCOMES[outcome].title, *_rate(rate))
        for outcome, rate in found.outcomes.items()
        if rate.count and outcome is not Outcome.NOT_ASSESSABLE
    )
    return Table("Outcomes, of all answers that count", ("outcome", *RATE), rows)


def group_table(what: str, rates: Mapping[str, Proportion], titles: Titles | None = None) -> Table:
    """Return rates on target by nerve, view or kind of exercise."""
    rows = tuple((_named(what, key, titles or {}), *_rate(rate)) for key, rate in rates.items())
    return Table(f"On target by {what}", (what, *RATE), rows)


def fault_table(found: Tally) -> Table:
    """Return how often each error was made."""
    rows = tuple((fault_title(code), *_rate(rate)) for code, rate in found.faults.items())
    return Table("Errors, of all answers that count", ("error", *RATE), rows)


def confidence_table(found: Tally) -> Table:
    """Return rates on target by stated confidence; words are not turned into chances."""
    rows = tuple((word.value, *_rate(rate)) for word, rate in found.confidence.items())
    return Table(
        f"On target by stated confidence ({found.without_confidence} answers that count without one)",
        ("said", *RATE),
        rows,
    )


def distance_table(found: Tally) -> Table:
    """Return median distances, with a scale and without one in rows of their own."""
    names = {"mm": "with a scale, mm", "px": "without a scale, pixels"}
    rows = tuple(
        (names.get(unit, unit), *_median(one), "; ".join(filter(None, one.scales)))
        for unit, one in found.distances.items()
    )
    return Table(
        "Median distance from the reference",
        ("images", "median", "95 % interval", "marks", "scale from"),
        rows,
    )


def effort_table(found: Tally) -> Table:
    """Return median times and numbers of moves by kind of exercise."""
    rows = []
    for kind, seconds in found.seconds.items():
        moves = found.moves.get(kind)
        moved = ("", "") if moves is None else _median(moves)[:2]
        rows.append((KIND_TITLES.get(kind, kind), *_median(seconds), *moved))
    headers = ("exercise", "seconds, median", "95 % interval", "answers", "moves, median", "95 % interval")
    return Table("Time and number of moves for each answer", headers, tuple(rows))


def reason_table(found: Tally) -> Table:
    """Return why answers are not assessable."""
    said = {reason.value: sentence for reason, sentence in REASONS.items()}
    rows = tuple(
        (said.get(reason, reason or "no reason"), *_rate(rate)) for reason, rate in found.reasons.items()
    )
    return Table("Why answers are not assessable", ("reason", *RATE), rows)


def rescored_table(found: Tally) -> Table:
    """Return how many answers were scored again, and why."""
    again = found.rescored
    if not again.answers:
        return Table("Answers that were scored again", ("cause", "answers"), ())
    causes = tuple((cause_title(cause), str(count)) for cause, count in again.causes.items())
    changed = ("all, of which the outcome changed", f"{again.answers}, {again.changed}")
    return Table("Answers that were scored again", ("cause", "answers"), (*causes, changed))


def cause_title(cause: str) -> str:
    """Return the cause of a score in words; several are separated by commas or blanks in the store."""
    return "first score" if cause == FIRST_SCORE else cause.replace("_", " ")


def trainee_table(found: Comparison) -> Table:
    """Return trainees side by side, by name."""
    headers = (
        "trainee",
        "answers that count",
        "on target, all",
        "first answers",
        "latest answers",
        "critical faults in the latest",
        "control chart",
        "certain and wrong",
        "pass rule",
    )
    return Table("Trainees side by side", headers, tuple(map(_trainee, found.trainees)))


def exercise_table(found: Comparison, sets: Titles, views: Titles) -> Table:
    """Return the hardest exercises first."""
    asked = [row for row in found.exercises if row.rate.trials][:MOST_EXERCISES]
    sets = _needed_titles(found, sets)
    rows = tuple(
        (
            exercise_name(row, sets, views),
            *_rate(row.rate),
            str(row.trainees),
            ", ".join(f"{OUTCOMES[outcome].title.lower()} {count}" for outcome, count in row.wrong[:3]),
            str(row.critical),
        )
        for row in asked
    )
    headers = ("exercise", *RATE, "trainees", "most frequent errors", "critical faults")
    return Table(f"On target by exercise, the hardest {len(rows)} of {len(found.exercises)}", headers, rows)


def disputed_table(found: Comparison, sets: Titles, views: Titles) -> Table:
    """Return the exercises on which the experts disagree."""
    said = {reason.value: sentence for reason, sentence in REASONS.items()}
    sets = _needed_titles(found, sets)
    rows = tuple(
        (
            exercise_name(row, sets, views),
            " ".join(said.get(one, one) for one in row.disagreements),
            str(row.answers),
        )
        for row in found.disputed
    )
    return Table(
        "Exercises that cannot be scored because the experts disagree",
        ("exercise", "what they disagree on", "answers"),
        rows,
    )


def expert_table(found: Comparison) -> Table:
    """Return for each expert how often a mark was set aside as an outlier; nothing if none ever was."""
    if not any(rate.count for rate in found.set_aside.values()):
        return Table("References set aside", ("expert", *RATE), ())
    rows = tuple((reader, *_rate(rate)) for reader, rate in found.set_aside.items())
    return Table("References set aside", ("expert", *RATE), rows)


def exercise_name(row: ExerciseRow, sets: Titles, views: Titles) -> str:
    """Return an exercise in words, with enough of its identifier to be found."""
    parts = (
        KIND_TITLES.get(row.kind, row.kind),
        nerve_title(row.nerve) if row.nerve else "",
        row.side,
        views.get(row.view, row.view),
    )
    words = ", ".join(filter(None, parts))
    where = filter(None, (sets.get(row.set_id, row.set_id), row.exercise_id[:SHOWN_OF_IDENTIFIER]))
    return f"{words} ({', '.join(where)})"


def _needed_titles(found: Comparison, sets: Titles) -> Titles:
    """Return what sets are called; nothing to say where there is only one."""
    named = {row.set_id for row in found.exercises}
    return dict.fromkeys(named, "") if len(named) == 1 else sets


def _trainee(found: Summary) -> tuple[str, ...]:
    progress = found.progress
    return (
        found.trainee,
        str(progress.assessed),
        progress.on_target.text,
        found.tally.first_time.text,
        progress.latest.text,
        str(progress.critical),
        chart_state(progress.chart),
        found.tally.certain_and_wrong.text,
        "nothing lacking" if progress.passed else f"{len(progress.lacking)} of 4 parts lacking",
    )


def chart_state(chart: CusumChart) -> str:
    """Return which boundary was reached, and when."""
    reached = [
        f"{name} boundary at {at}"
        for name, at in (("lower", chart.lower_at), ("upper", chart.upper_at))
        if at is not None
    ]
    return ", ".join(reached) or "no boundary reached"


def _named(what: str, key: str, titles: Titles) -> str:
    return nerve_title(key) if what == "nerve" else titles.get(key, KIND_TITLES.get(key, key))


def _rate(rate: Proportion) -> tuple[str, str, str]:
    if rate.rate is None:
        return "0 of 0", "", ""
    return (
        f"{rate.count} of {rate.trials}",
        f"{rate.rate * 100:.0f} %",
        f"{rate.low * 100:.0f} to {rate.high * 100:.0f} %",
    )


def _median(found: Median) -> tuple[str, str, str]:
    interval = (
        "too few" if found.low is None or found.high is None else f"{found.low:.1f} to {found.high:.1f}"
    )
    return f"{found.value:.1f}", interval, str(found.trials)
