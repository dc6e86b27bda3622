"""Every answer of a store as a CSV table: one row per score, so that nothing that was scored again is hidden."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fluoro_annotator.exchange.csv_table import guarded
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store import KeptAnswer, ScoreEntry
from fluoro_annotator.training.outcomes import WITH_DISTANCE
from fluoro_annotator.training.scored import summary_in

DECIMALS: Final = 3
_WITH_DISTANCE: Final = frozenset(outcome.value for outcome in WITH_DISTANCE)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What the columns of one row are made of.

    Parameters
    ----------
    kept : KeptAnswer
        The answer.
    score : ScoreEntry or None
        The score; None for an answer that waits for its first one.
    number : int
        Which score of the answer it is, from 1; 0 without one.
    said : mapping
        The summary in the content of the score; of an unscored answer what its own content says.

    """

    kept: KeptAnswer
    score: ScoreEntry | None
    number: int
    said: dict[str, Any]

    @property
    def counts(self) -> str:
        """Whether this is the score that counts now, the latest one."""
        if self.score is None:
            return ""
        return _yes_no(self.number == len(self.kept.scores))

    def distance(self, name: str) -> str:
        """Return a distance; nothing where the outcome leaves it without a meaning."""
        if self.score is None or self.score.outcome not in _WITH_DISTANCE:
            return ""
        return _number(self.said.get(name))


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One column: its heading, what it holds, and the text of its cell; numbers need no guard against formulas."""

    name: str
    description: str
    value: Callable[[ResultRow], str]
    number: bool = False


def result_rows(kept: Iterable[KeptAnswer]) -> Iterator[ResultRow]:
    """Yield one row per score in the order of answers and scores, and one for each answer without a score.

    Raises
    ------
    TrainingError
        If a score cannot be read.

    """
    for one in kept:
        for number, score in enumerate(one.scores, start=1):
            yield ResultRow(one, score, number, summary_in(score.content))
        if not one.scores:
            yield ResultRow(one, None, 0, json.loads(one.answer.content))


def results_csv(kept: Iterable[KeptAnswer]) -> str:
    """Return the table as CSV (RFC 4180: comma, CRLF, quotes where needed), header first.

    Parameters
    ----------
    kept : iterable of KeptAnswer
        As `PracticeRecords.answers` gives them.

    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in RESULT_COLUMNS)
    for row in result_rows(kept):
        writer.writerow(_cell(column, row) for column in RESULT_COLUMNS)
    return text.getvalue()


def _cell(column: ResultColumn, row: ResultRow) -> str:
    text = column.value(row)
    return text if column.number else guarded(text)


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _time(at: datetime) -> str:
    return time_to_text(at)


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}"


def _of_answer(name: str) -> Callable[[ResultRow], str]:
    return lambda row: str(getattr(row.kept.answer, name))


def _of_score(name: str) -> Callable[[ResultRow], str]:
    return lambda row: "" if row.score is None else str(getattr(row.score, name))


def _said(name: str) -> Callable[[ResultRow], str]:
    def text(row: ResultRow) -> str:
        value = row.said.get(name)
        return value if isinstance(value, str) else ""

    return text


def _listed(name: str) -> Callable[[ResultRow], str]:
    def text(row: ResultRow) -> str:
        value = row.said.get(name)
        return ";".join(map(str, value)) if isinstance(value, list) else ""

    return text


def _confidence(row: ResultRow) -> str:
    if row.score is not None:
        return row.said.get("confidence") or ""
    answer = row.said.get("answer")
    return (answer.get("confidence") or "") if isinstance(answer, dict) else ""


RESULT_COLUMNS: Final = (
    ResultColumn(
        "entry",
        "Place of the answer in the order in which the store took them; clocks order nothing.",
        lambda row: str(row.kept.entry),
        number=True,
    ),
    ResultColumn("answer_id", "Identifier of the answer.", _of_answer("answer_id")),
    ResultColumn("trainee", "Who answered.", _of_answer("trainee")),
    ResultColumn("set_id", "Identifier of the teaching set.", _of_answer("set_id")),
    ResultColumn("set_version", "Its version.", _of_answer("set_version"), number=True),
    ResultColumn("exercise_id", "Identifier of the exercise.", _of_answer("exercise_id")),
    ResultColumn(
        "kind",
        "Kind of the exercise: place_target, place_by_name, name_marked, judge_view or judge_needle.",
        _said("kind"),
    ),
    ResultColumn(
        "nerve", "Identifier of the nerve that was asked for; empty where there is none.", _said("nerve")
    ),
    ResultColumn("vertebra", "The vertebra on which it is targeted.", _said("vertebra")),
    ResultColumn("side", "left or right.", _said("side")),
    ResultColumn("view", "View of the protocol.", _said("view")),
    ResultColumn(
        "presented_at",
        "When the image was shown, ISO 8601 in UTC, by the clock of the trainee's computer.",
        lambda row: _time(row.kept.answer.presented_at),
    ),
    ResultColumn(
        "committed_at",
        "When the answer was committed, by the same clock.",
        lambda row: _time(row.kept.answer.committed_at),
    ),
    ResultColumn(
        "kept_at", "When the store took it, by the clock of the store.", lambda row: _time(row.kept.kept_at)
    ),
    ResultColumn(
        "seconds",
        "Time from the image shown to the answer committed, by a clock that nobody sets.",
        lambda row: _number(row.said.get("seconds")),
        number=True,
    ),
    ResultColumn(
        "moves",
        "How often something that had been placed was put elsewhere.",
        lambda row: "" if row.said.get("moves") is None else f"{int(row.said['moves'])}",
        number=True,
    ),
    ResultColumn("confidence", "How sure the trainee was: certain, probable or unsure.", _confidence),
    ResultColumn(
        "score_number",
        "Which score of the answer this row is, from 1; 0 if the answer waits for its first one.",
        lambda row: str(row.number),
        number=True,
    ),
    ResultColumn("counts", "yes for the score that counts now, the latest one.", lambda row: row.counts),
    ResultColumn("cause", "first, or why the answer was scored again.", _of_score("cause")),
    ResultColumn(
        "scored_at",
        "When this score was made.",
        lambda row: "" if row.score is None else _time(row.score.scored_at),
    ),
    ResultColumn("scored_by", "Whose program made it.", _of_score("scored_by")),
    ResultColumn("outcome", "The outcome, one of ten.", _of_score("outcome")),
    ResultColumn("reason", "For not_assessable: why.", _said("reason")),
    ResultColumn(
        "on_target",
        "yes or no; empty if it counts neither way.",
        lambda row: "" if row.score is None else _yes_no(row.score.success),
    ),
    ResultColumn(
        "critical",
        "Whether a critical fault was found.",
        lambda row: "" if row.score is None else _yes_no(row.score.critical),
    ),
    ResultColumn("severity", "Of the most serious fault: minor, major or critical.", _said("severity")),
    ResultColumn("faults", "Codes of the faults, separated by semicolons.", _listed("faults")),
    ResultColumn(
        "distance_px",
        "Distance from the reference in pixels; empty where it means nothing, as at the wrong level or side.",
        lambda row: row.distance("pixels"),
        number=True,
    ),
    ResultColumn(
        "distance_mm",
        "The same in mm; only where the image has a scale that holds in the patient.",
        lambda row: row.distance("millimetres"),
        number=True,
    ),
    ResultColumn(
        "distance_mm_error",
        "How far the distance in mm may be off.",
        lambda row: row.distance("mm_error"),
        number=True,
    ),
    ResultColumn(
        "scale",
        "Where the scale is from.",
        lambda row: _said("scale")(row) if row.distance("millimetres") else "",
    ),
    ResultColumn(
        "experts", "Readers of the references that count, separated by semicolons.", _listed("experts")
    ),
    ResultColumn(
        "outliers",
        "Readers of references that were set aside as outliers, separated by semicolons.",
        _listed("outliers"),
    ),
    ResultColumn("client", "Program and version with which the answer was given.", _of_answer("client")),
)
"""The columns in their order."""
