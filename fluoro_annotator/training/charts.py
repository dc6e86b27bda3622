"""The charts of a `Summary`, free of Qt: for the dock and for reports.

Each function returns a chart as a value; `fluoro_annotator.reporting` draws it: ``svg(chart, DARK)`` gives the text of an
SVG element, ``png(chart, DARK, dots_per_inch=96)`` the bytes of a PNG, ``figure(chart, DARK)`` a figure of matplotlib for a
canvas, and ``chart.alt`` says the same in words.

- `learning_curve`: rate on target from answer to answer with its interval, and the line of the pass rule
- `control_chart`: CUSUM with both boundaries and its parameters
- `nerve_rates`, `view_rates`, `kind_rates`, `fault_rates_chart`, `outcome_chart`, `confidence_chart`: bars with Wilson intervals
- `charts_of`: all of them that have something to show, by name
- `trainee_rates`: trainees side by side, of a `Comparison`

Examples
--------
>>> from fluoro_annotator.training.charts import charts_of
>>> from fluoro_annotator.training.summary import summarise
>>> list(charts_of(summarise([])))
['learning_curve', 'control_chart']

"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.reporting import Chart, ControlChart, RateBars, RateCurve
from fluoro_annotator.statistics import Proportion
from fluoro_annotator.training.outcomes import OUTCOMES
from fluoro_annotator.training.questions import ExerciseKind
from fluoro_annotator.training.summary import Comparison, Summary, Tally

KIND_TITLES: Final[Mapping[str, str]] = {
    ExerciseKind.PLACE_TARGET.value: "Place the target",
    ExerciseKind.PLACE_BY_NAME.value: "Place by name",
    ExerciseKind.NAME_MARKED.value: "Name what is marked",
    ExerciseKind.JUDGE_VIEW.value: "Judge the view",
    ExerciseKind.JUDGE_NEEDLE.value: "Judge a needle",
}
"""What each kind of exercise is called."""

MOST_BARS: Final = 20
"""A chart of faults or trainees shows so many at most; tables show all."""

Titles = Mapping[str, str]


def learning_curve(summary: Summary) -> RateCurve:
    """Return the moving rate on target, with the share that the pass rule asks for."""
    return RateCurve(
        f"On target, in the last {summary.rule.last} answers",
        summary.progress.curve,
        wanted=summary.rule.on_target,
        wanted_label="asked for by the pass rule, not validated"
        if "not validated" in summary.rule.standing
        else "asked for by the pass rule",
        x_label="Answer that counts",
    )


def control_chart(summary: Summary) -> ControlChart:
    """Return the CUSUM chart over all answers that count."""
    return ControlChart(
        "Control chart of failures (CUSUM)", summary.progress.chart, x_label="Answer that counts"
    )


def nerve_rates(tally: Tally) -> RateBars:
    """Return rates on target by nerve."""
    names = {key: nerve_title(key) for key in tally.by_nerve}
    return RateBars("On target by nerve", _titled(tally.by_nerve, names))


def view_rates(tally: Tally, titles: Titles | None = None) -> RateBars:
    """Return rates on target by view; `titles` says what views are called."""
    return RateBars("On target by view", _titled(tally.by_view, titles or {}))


def kind_rates(tally: Tally) -> RateBars:
    """Return rates on target by kind of exercise."""
    return RateBars("On target by kind of exercise", _titled(tally.by_kind, KIND_TITLES))


def fault_rates_chart(tally: Tally) -> RateBars:
    """Return how often each error was made."""
    rows = tuple((fault_title(code), rate) for code, rate in tally.faults.items())
    return RateBars("Errors", rows[:MOST_BARS], x_label="of all answers that count")


def outcome_chart(tally: Tally) -> RateBars:
    """Return how often each outcome was given that was given at all."""
    rows = tuple(
        (OUTCOMES[outcome].title, rate)
        for outcome, rate in tally.outcomes.items()
        if rate.count and OUTCOMES[outcome].success is not None
    )
    return RateBars("Outcomes", rows, x_label="of all answers that count")


def confidence_chart(tally: Tally) -> RateBars:
    """Return rates on target by stated confidence: sure answers should be right more often."""
    rows = tuple((f"said: {word.value}", rate) for word, rate in tally.confidence.items())
    return RateBars("On target by stated confidence", rows)


def trainee_rates(comparison: Comparison) -> RateBars:
    """Return rates on target of trainees side by side, over the last answers that the pass rule looks at."""
    rows = tuple((one.trainee, one.progress.latest) for one in comparison.trainees)
    last = comparison.trainees[0].rule.last if comparison.trainees else 0
    return RateBars(f"On target by trainee, last {last} answers", rows[:MOST_BARS])


def charts_of(summary: Summary, titles: Titles | None = None) -> dict[str, Chart]:
    """Return the charts of a summary by name; bars of which there are none yet are left out."""
    bars: dict[str, Callable[[], RateBars]] = {
        "outcomes": lambda: outcome_chart(summary.tally),
        "nerves": lambda: nerve_rates(summary.tally),
        "views": lambda: view_rates(summary.tally, titles),
        "kinds": lambda: kind_rates(summary.tally),
        "faults": lambda: fault_rates_chart(summary.tally),
        "confidence": lambda: confidence_chart(summary.tally),
    }
    made = {name: make() for name, make in bars.items()}
    first: dict[str, Chart] = {
        "learning_curve": learning_curve(summary),
        "control_chart": control_chart(summary),
    }
    return first | {name: chart for name, chart in made.items() if chart.rows}


def nerve_title(nerve_id: str) -> str:
    """Return the name of a nerve, for example "L3 medial branch"; of an unknown one its identifier."""
    known = load_anatomy().nerves
    return known[nerve_id].name if nerve_id in known else nerve_id


def fault_title(code: str) -> str:
    """Return a code of a fault as words, for example "too ventral"."""
    return code.replace("_", " ").lower()


def _titled(found: Mapping[str, Proportion], titles: Titles) -> tuple[tuple[str, Proportion], ...]:
    return tuple((titles.get(key, key), rate) for key, rate in found.items())
