"""Charts drawn with matplotlib, without a display and without its global state: as SVG, PNG or figure.

matplotlib is loaded when the first chart is drawn, not before.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from fluoro_annotator.reporting.charts import (
    Chart,
    ControlChart,
    RateBars,
    RateCurve,
    percent,
    thinned_curve,
    thinned_values,
)
from fluoro_annotator.reporting.extras import needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a chart, as ``#rrggbb``; told apart by the form of a line, too, never by colour alone.

    Attributes
    ----------
    ink : str
        Letters and axes.
    line : str
        The curve, bars and their whiskers.
    limit : str
        Boundaries and lines to compare with.
    paper : str or None
        Background; None for none.

    """

    ink: str
    line: str
    limit: str
    paper: str | None = None


LIGHT: Final = Palette("#1a1a1a", "#1f6fb4", "#b4470e", "#ffffff")
"""For paper and light windows."""
DARK: Final = Palette("#e6e6e6", "#6cb2ee", "#f0965a")
"""For dark windows."""
PAGE: Final = Palette("#010203", "#3a83c4", "#c8602a")
"""For a page that follows the reader's theme: the ink becomes the colour of the text around it."""

WIDTH: Final = 6.6
HEIGHT: Final = 3.1
ROW: Final = 0.3
"""Size of a chart, and of one bar, in inches; letters have `LETTERS` points."""
LETTERS: Final = 9
_PRINTED: Final = 200
_FEWEST_SHOWN: Final = 10
"""So many cases the axis has room for at least."""

_LOCK: Final = threading.RLock()
"""Settings of matplotlib belong to the process: one chart at a time is drawn."""
_NUMBER: Final = count(1)


def figure(chart: Chart, palette: Palette = LIGHT) -> Figure:
    """Return a chart as a figure of matplotlib that no window owns.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    """
    with _LOCK, _settings(palette):
        return _figure(chart, palette)


def svg(chart: Chart, palette: Palette = PAGE) -> str:
    """Return a chart as an SVG element that can stand in a page or be written to a file.

    It carries its description as text, its letters are letters, and it refers to nothing outside. Names inside of it
    differ from those of any other chart of this process.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    """
    file = BytesIO()
    with _LOCK, _settings(palette):
        _figure(chart, palette).savefig(file, format="svg", metadata=_NO_METADATA)
    return _embeddable(file.getvalue().decode("utf-8"), chart, palette)


def png(chart: Chart, palette: Palette = LIGHT, dots_per_inch: int = _PRINTED) -> bytes:
    """Return a chart as a PNG file.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    """
    file = BytesIO()
    with _LOCK, _settings(palette):
        _figure(chart, palette).savefig(file, format="png", dpi=dots_per_inch, metadata={"Software": None})
    return file.getvalue()


_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def _settings(palette: Palette) -> Any:
    matplotlib = needed("matplotlib")
    names = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    return matplotlib.rc_context(
        {
            **dict.fromkeys(names, palette.ink),
            "font.family": "DejaVu Sans",
            "font.size": LETTERS,
            "axes.titlesize": LETTERS + 1,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.facecolor": "none",
            "figure.facecolor": palette.paper or "none",
            "savefig.facecolor": palette.paper or "none",
            "svg.fonttype": "none",
            "svg.hashsalt": "fluoro-annotator",
        }
    )


def _figure(chart: Chart, palette: Palette) -> Figure:
    made: Figure = needed("matplotlib.figure").Figure(figsize=(WIDTH, height_of(chart)), layout="constrained")
    axes = made.add_subplot()
    axes.set_title(chart.title)
    _DRAWERS[type(chart)](axes, chart, palette)
    return made


def height_of(chart: Chart) -> float:
    """Return the height of a chart in inches; all are `WIDTH` wide."""
    return (
        HEIGHT
        if not isinstance(chart, RateBars)
        else 0.95 + ROW * max(1, len(chart.rows)) + (0.2 if chart.wanted is not None else 0)
    )


def _draw_curve(axes: Axes, chart: RateCurve, palette: Palette) -> None:
    points = thinned_curve(chart.points)
    cases = [one.case for one in points]
    rates = [100 * (one.proportion.rate or 0.0) for one in points]
    lows, highs = ([100 * getattr(one.proportion, end) for one in points] for end in ("low", "high"))
    axes.fill_between(cases, lows, highs, color=palette.line, alpha=0.22, linewidth=0, label="95 % interval")
    axes.plot(cases, rates, color=palette.line, linewidth=1.8, marker="o" if len(cases) == 1 else "")
    axes.set_ylim(0, 103)
    axes.set_ylabel("on target, %")
    _wanted(axes, chart, palette, along_y=True)
    _count_cases(axes, chart.x_label, len(chart.points))
    _explain(axes)


def _draw_control(axes: Axes, chart: ControlChart, palette: Palette) -> None:
    drawn, plan = thinned_values(chart.chart.curve), chart.chart.plan
    cases, values = [0, *(case for case, _ in drawn)], [0.0, *(value for _, value in drawn)]
    axes.plot(cases, values, color=palette.line, linewidth=1.6)
    for height, label, style, side in (
        (plan.upper, chart.upper_label, "--", "bottom"),
        (plan.lower, chart.lower_label, "-.", "top"),
    ):
        axes.axhline(height, color=palette.limit, linestyle=style, linewidth=1.2, label=label)
        axes.annotate(
            f"{height:.2f}".replace("-", "\N{MINUS SIGN}"),
            (1.005, height),
            xycoords=("axes fraction", "data"),
            va=side,
            fontsize=LETTERS - 1,
            color=palette.limit,
            annotation_clip=False,
        )
    for at in (chart.chart.lower_at, chart.chart.upper_at):
        if at is not None:
            place = chart.chart.curve[at - 1]
            axes.plot([at], [place], "o", color=palette.limit, markersize=6, fillstyle="none")
    least, most = min(*values, plan.lower), max(*values, plan.upper)
    room = 0.1 * (most - least)
    axes.set_ylim(least - room, most + room)
    axes.set_ylabel("CUSUM")
    _count_cases(axes, chart.x_label, len(chart.chart.curve))
    _explain(axes)


def _draw_bars(axes: Axes, chart: RateBars, palette: Palette) -> None:
    places = range(len(chart.rows))
    rates = [100 * (rate.rate or 0.0) for _, rate in chart.rows]
    axes.barh(places, rates, height=0.6, color=palette.line, alpha=0.55)
    for place, (_, rate) in enumerate(chart.rows):
        if rate.trials:
            axes.plot([100 * rate.low, 100 * rate.high], [place, place], color=palette.ink, linewidth=1.3)
            axes.plot([100 * rate.low, 100 * rate.high], [place, place], "|", color=palette.ink, markersize=7)
        axes.annotate(
            f"{rate.count} of {rate.trials}",
            (1.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=LETTERS - 1,
            annotation_clip=False,
        )
    axes.set_yticks(list(places), [name for name, _ in chart.rows])
    axes.set_ylim(max(len(chart.rows), 1) - 0.4, -0.6)
    axes.set_xlim(0, 103)
    axes.set_xlabel(f"{chart.x_label}, %")
    axes.tick_params(axis="y", length=0)
    _wanted(axes, chart, palette, along_y=False)
    if chart.wanted is not None:
        _explain(axes)


def _wanted(axes: Axes, chart: RateCurve | RateBars, palette: Palette, *, along_y: bool) -> None:
    if chart.wanted is None:
        return
    draw = axes.axhline if along_y else axes.axvline
    label = f"{percent(chart.wanted)} {chart.wanted_label}".strip()
    draw(100 * chart.wanted, color=palette.limit, linestyle="--", linewidth=1.1, label=label)


def _count_cases(axes: Axes, label: str, cases: int) -> None:
    axes.set_xlabel(label)
    axes.set_xlim(0, max(cases, _FEWEST_SHOWN) * 1.01)
    axes.xaxis.set_major_locator(needed("matplotlib.ticker").MaxNLocator(integer=True))
    if cases == 0:
        axes.text(0.5, 0.5, "no answers yet", transform=axes.transAxes, ha="center", va="center")


def _explain(axes: Axes) -> None:
    """Say under the chart, where nothing lies behind it, what its lines are."""
    axes.get_figure().legend(  # type: ignore[union-attr]  # axes made here have a figure
        loc="outside lower left", frameon=False, fontsize=LETTERS - 1, ncols=1, borderaxespad=0.0
    )


_DRAWERS: Final[dict[type, Callable[[Axes, Any, Palette], None]]] = {
    RateCurve: _draw_curve,
    ControlChart: _draw_control,
    RateBars: _draw_bars,
}


def _embeddable(text: str, chart: Chart, palette: Palette) -> str:
    """Return the element alone, with a description, with names of its own and with sizes that follow the page."""
    own = f"c{next(_NUMBER)}"
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{own}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{own}-", body)
    head, _, rest = body.partition(">")
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    said = f'<title id="{own}-title">{escape(chart.title)}</title><desc id="{own}-desc">{escape(chart.alt)}</desc>'
    body = f'{head} role="img" aria-labelledby="{own}-title {own}-desc">{said}{rest}'
    return body.replace(PAGE.ink, "currentColor") if palette is PAGE else body
