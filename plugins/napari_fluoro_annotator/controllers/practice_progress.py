"""How a trainee gets on: the pass rule, rates and curves, as plots and as tables, and the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError, MissingExtraError
from fluoro_annotator.reporting import DARK, LIGHT, Chart, ControlChart, RateBars, RateCurve, figure
from fluoro_annotator.statistics import Median, Proportion
from fluoro_annotator.training import PassRule, ScoredAnswer
from fluoro_annotator.training.charts import KIND_TITLES, charts_of
from fluoro_annotator.training.summary import Summary, summarise
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.scan_job import Cancelled, Job, Report
from napari_fluoro_annotator.wiring import Wires, Wiring

LOOK_MS: Final = 50
INCH: Final = 96
"""Pixels of the screen that a chart takes for an inch, so that its letters are as large as those of the dock."""
MOST_ROWS: Final = 40
"""Rows of a table that stands for a curve: the latest."""
LEAST_PIXELS, MOST_PIXELS = 300, 900
LAST_SECONDS: Final = 30.0
"""For which a window that is closed waits for a report that is being written; engineering default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a page of progress is made from.

    Attributes
    ----------
    answers : tuple of ScoredAnswer
        Of one trainee, to sets that are judged by one rule.
    rule : PassRule or None
        The rule; None for the proposed one.
    title : str
        What the sets have in common; may be empty.
    others : tuple of str
        What else was practised that is judged by another rule.

    """

    answers: Sequence[ScoredAnswer]
    rule: PassRule | None = None
    title: str = ""
    others: tuple[str, ...] = ()


Know = Callable[[], Known]
"""Returns what is known now; raises FluoroAnnotatorError if the store is away."""
CollectReport = Callable[[], Callable[[Path], None]]
"""Takes all answers as they are now, and returns what writes them to a file, on any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A chart as it is shown: as a picture, in words and as a table.

    Attributes
    ----------
    title, alt : str
        What it shows, and the same in words.
    headers, rows : tuple
        The table.
    png : bytes
        The picture; empty if none can be drawn.

    """

    title: str
    alt: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    png: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressShown:
    """What the page shows.

    Attributes
    ----------
    summary : Summary
        What it is made from.
    rule : str
        The pass rule in words, with what it rests on.
    lacking : tuple of str
        What is lacking to meet it; nothing if it is met.
    about : str
        Which sets it is about, and which not; may be empty.
    numbers : tuple of (str, str)
        Names and values, each with its denominator.
    plots : tuple of Plot
        The charts.
    problem : str
        Why there are no pictures; empty if there are.

    """

    summary: Summary
    rule: str
    lacking: tuple[str, ...]
    about: str
    numbers: tuple[tuple[str, str], ...]
    plots: tuple[Plot, ...]
    problem: str = ""


class ProgressViewProtocol(Protocol):
    """The page."""

    refresh_requested: SignalInstance
    save_requested: SignalInstance

    @property
    def chart_width(self) -> int:
        """How many pixels wide a chart can be."""

    @property
    def is_dark(self) -> bool:
        """Whether the window is dark."""

    def set_progress(self, shown: ProgressShown) -> None:
        """Show progress."""

    def set_state(self, text: str, *, warning: bool = False) -> None:
        """Say what goes on, or what went wrong."""

    def set_saving(self, saving: bool) -> None:
        """Show that a report is being written."""


class ProgressController:
    """Shows progress and writes the report, both on a thread of their own.

    Parameters
    ----------
    view : ProgressViewProtocol
        The page.
    ticker : TickerProtocol
        The clock.
    know : callable
        Returns the answers of the trainee and their rule.
    report : callable
        Returns what writes the report.
    view_titles : mapping of str to str, optional
        What views are called.

    """

    def __init__(
        self,
        view: ProgressViewProtocol,
        ticker: TickerProtocol,
        *,
        know: Know,
        report: CollectReport,
        view_titles: Mapping[str, str] | None = None,
    ) -> None:
        self._view, self._ticker = view, ticker
        self._know, self._report = know, report
        self._titles = dict(view_titles or {})
        self._making: Job[ProgressShown] | None = None
        self._saving: tuple[Job[None], str] | None = None
        self._again = False
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        return (
            (self._view.refresh_requested, self.refresh),
            (self._view.save_requested, self.save),
            (self._ticker.ticked, self._look),
        )

    def close(self) -> None:
        """Wait for a report that is being written; may be called more than once."""
        self._wiring.close()
        if self._making is not None:
            self._making.cancel()
        saving, self._making, self._saving = self._saving, None, None
        if saving is not None:
            saving[0].wait(LAST_SECONDS)

    def refresh(self) -> None:
        """Make the page anew, from all answers that are known now."""
        if self._making is not None:
            self._again = True
            return
        try:
            known = self._know()
        except FluoroAnnotatorError as error:
            self._view.set_state(str(error), warning=True)
            return
        titles, dark = self._titles, self._view.is_dark
        draw = partial(picture_of_chart, width=self._view.chart_width, dark=dark)

        def work(_report: Report, cancelled: Cancelled) -> ProgressShown:
            summary = summarise(known.answers, known.rule)
            return progress_shown(summary, draw, titles, about=_about(known), cancelled=cancelled)

        self._making = Job(work)
        self._view.set_state(texts.PROGRESS_MAKING)
        self._ticker.wake_in(LOOK_MS)

    def save(self, path: str) -> None:
        """Write the report to a file."""
        if self._saving is not None:
            return
        try:
            write = self._report()
        except FluoroAnnotatorError as error:
            self._view.set_state(str(error), warning=True)
            return

        def work(_report: Report, _cancelled: Cancelled) -> None:
            write(Path(path))

        self._saving = Job(work), path
        self._view.set_saving(True)
        self._view.set_state(texts.PROGRESS_WRITING)
        self._ticker.wake_in(LOOK_MS)

    def _look(self) -> None:
        """Take what is ready."""
        if self._making is not None and self._making.finished:
            self._take_page(self._making)
        if self._saving is not None and self._saving[0].finished:
            self._take_report(*self._saving)
        if self._making is not None or self._saving is not None:
            self._ticker.wake_in(LOOK_MS)

    def _take_page(self, job: Job[ProgressShown]) -> None:
        self._making = None
        try:
            shown = job.result()
        except FluoroAnnotatorError as error:
            self._view.set_state(str(error), warning=True)
        else:
            self._view.set_progress(shown)
            self._view.set_state(shown.problem, warning=bool(shown.problem))
        if self._again:
            self._again = False
            self.refresh()

    def _take_report(self, job: Job[None], path: str) -> None:
        self._saving = None
        self._view.set_saving(False)
        try:
            job.result()
        except FluoroAnnotatorError as error:
            self._view.set_state(str(error), warning=True)
        else:
            self._view.set_state(texts.PROGRESS_SAVED.format(path=path))


# ---------------------------------------------------------------------- what is shown


def progress_shown(
    summary: Summary,
    draw: Callable[[Chart], bytes],
    titles: Mapping[str, str] | None = None,
    *,
    about: str = "",
    cancelled: Cancelled | None = None,
) -> ProgressShown:
    """Return the page of a summary.

    Parameters
    ----------
    summary : Summary
        What many answers say.
    draw : callable
        Returns a chart as a PNG; raises MissingExtraError if nothing can be drawn, and then there are tables only.
    titles : mapping of str to str, optional
        What views are called.
    about : str
        Which sets it is about.
    cancelled : callable, optional
        Asked before each chart; once it says True no more are drawn.

    """
    plots, problem = [], ""
    for chart in charts_of(summary, titles).values():
        if cancelled is not None and cancelled():
            break
        headers, rows = table_of(chart)
        picture = b""
        if not problem:
            try:
                picture = draw(chart)
            except MissingExtraError as error:
                problem = str(error)
        plots.append(Plot(title=chart.title, alt=chart.alt, headers=headers, rows=rows, png=picture))
    return ProgressShown(
        summary=summary,
        rule=texts.PROGRESS_RULE.format(rule=summary.rule.text),
        lacking=summary.progress.lacking,
        about=about,
        numbers=tuple(_numbers(summary)),
        plots=tuple(plots),
        problem=problem,
    )


def picture_of_chart(chart: Chart, width: int, *, dark: bool) -> bytes:
    """Return a chart as a PNG of a width in pixels, with letters of the size of the window's.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    """
    made = figure(chart, DARK if dark else LIGHT)
    inches = min(max(width, LEAST_PIXELS), MOST_PIXELS) / INCH
    made.set_size_inches(inches, made.get_size_inches()[1])
    file = BytesIO()
    made.savefig(file, format="png", dpi=2 * INCH, facecolor="none", metadata={"Software": None})
    return file.getvalue()


def table_of(chart: Chart) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return what a chart shows as the headers and rows of a table, the latest answers first."""
    if isinstance(chart, RateBars):
        return texts.PROGRESS_BARS, tuple((name, *_rate(rate)) for name, rate in chart.rows)
    if isinstance(chart, RateCurve):
        points = chart.points[: -MOST_ROWS - 1 : -1]
        return texts.PROGRESS_CURVE, tuple((str(one.case), *_rate(one.proportion)) for one in points)
    return texts.PROGRESS_CUSUM, tuple(_cusum_rows(chart))


def _cusum_rows(chart: ControlChart) -> Iterator[tuple[str, ...]]:
    plan, curve = chart.chart.plan, chart.chart.curve
    for number in range(len(curve), max(len(curve) - MOST_ROWS, 0), -1):
        values = (curve[number - 1], plan.lower, plan.upper)
        yield str(number), *(f"{value:.2f}".replace("-", "\N{MINUS SIGN}") for value in values)


def _rate(rate: Proportion) -> tuple[str, str, str]:
    """Return how often of how many, the share and its interval."""
    share = texts.PROGRESS_NO_RATE if rate.rate is None else f"{100 * rate.rate:.0f} %"
    return f"{rate.count} of {rate.trials}", share, f"{100 * rate.low:.0f} to {100 * rate.high:.0f} %"


def _about(known: Known) -> str:
    """Return which sets the page is about, and which other ones there are."""
    others = texts.PROGRESS_OTHERS.format(others=", ".join(known.others)) if known.others else ""
    return " ".join(
        filter(None, (texts.PROGRESS_ABOUT.format(title=known.title) if known.title else "", others))
    )


def _numbers(summary: Summary) -> Iterator[tuple[str, str]]:
    progress, tally = summary.progress, summary.tally
    yield (
        texts.PROGRESS_ANSWERS,
        texts.PROGRESS_COUNTS.format(
            answers=tally.answers, assessed=progress.assessed, not_assessable=progress.not_assessable
        ),
    )
    yield texts.PROGRESS_LATEST.format(last=summary.rule.last), progress.latest.text
    yield texts.PROGRESS_FIRST, tally.first_time.text
    yield texts.PROGRESS_CERTAIN, tally.certain_and_wrong.text
    for unit, found in tally.distances.items():
        yield texts.PROGRESS_DISTANCE.format(unit=unit), _median(found, unit)
    for kind, found in tally.seconds.items():
        yield texts.PROGRESS_SECONDS.format(kind=_kind(kind)), _median(found, "s")
    for kind, found in tally.moves.items():
        yield texts.PROGRESS_MOVES.format(kind=_kind(kind)), _median(found, "")


def _kind(kind: str) -> str:
    return KIND_TITLES.get(kind, kind).lower()


def _median(found: Median, unit: str) -> str:
    """Return a median with its interval, where there are enough for one, and of how many answers it is."""
    value = f"{found.value:.1f} {unit}".strip()
    if found.low is None or found.high is None:
        return texts.PROGRESS_MEDIAN_ALONE.format(value=value, count=found.trials)
    return texts.PROGRESS_MEDIAN.format(value=value, low=found.low, high=found.high, count=found.trials)
