"""Charts say in words what they show, and drawn they show every number, with nothing from elsewhere."""

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from fluoro_annotator import reporting
from fluoro_annotator.errors import MissingExtraError, ReportError
from fluoro_annotator.reporting import DARK, LIGHT, ControlChart, RateBars, RateCurve, figure, png, svg
from fluoro_annotator.reporting.charts import MOST_POINTS, thinned_curve, thinned_values
from fluoro_annotator.statistics import CusumPlan, cusum, moving_rate, wilson

SVG = "{http://www.w3.org/2000/svg}"
RESULTS = [True, True, False, True, True, True, False, True, True, True]


@pytest.fixture
def curve():
    return RateCurve("On target", moving_rate(RESULTS, 5), wanted=0.8, wanted_label="asked for")


@pytest.fixture
def control():
    return ControlChart("Failures", cusum(RESULTS, CusumPlan(0.2, 0.35)))


@pytest.fixture
def bars():
    return RateBars("By nerve", (("L3 <& medial branch", wilson(8, 10)), ("L4 medial branch", wilson(0, 0))))


@pytest.fixture(params=["curve", "control", "bars"])
def chart(request):
    return request.getfixturevalue(request.param)


def parsed(text):
    return ET.fromstring(text)  # noqa: S314 - our own text


def words(element):
    return [" ".join(one.itertext()).strip() for one in parsed(element).iter(f"{SVG}text")]


def test_the_words_hold_the_numbers(curve, control, bars):
    assert "from answer 1 to 10" in curve.alt
    assert wilson(4, 5).text in curve.alt
    assert "The line at 80 % is: asked for." in curve.alt
    assert "neither boundary" in control.alt
    assert "boundaries \N{MINUS SIGN}2.86 and 2.86" in control.alt
    assert "down by 0.271, a failure up by 0.729" in control.alt
    assert bars.alt == "By nerve: L3 <& medial branch, 8 of 10, 80 % (49 to 94 %); L4 medial branch, 0 of 0."


def test_the_words_say_where_a_boundary_was_reached():
    plan = CusumPlan(0.1, 0.2)
    chart = ControlChart("Failures", cusum([True] * 30, plan))
    assert "reached its lower boundary first at answer 19" in chart.alt
    assert "upper boundary first" not in chart.alt


@pytest.mark.parametrize(
    "chart",
    [RateCurve("A", ()), ControlChart("A", cusum([], CusumPlan(0.2, 0.35))), RateBars("A", ())],
    ids=lambda one: type(one).__name__,
)
def test_a_chart_of_nothing_can_be_drawn_and_says_so(chart):
    assert "no answers yet" in chart.alt
    assert "no answers yet" in svg(chart)


def test_an_svg_stands_alone_and_carries_its_description(chart):
    drawn = svg(chart)
    root = parsed(drawn)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert root.find(f"{SVG}title").text == chart.title
    assert root.find(f"{SVG}desc").text == chart.alt
    assert root.get("aria-labelledby").split() == [
        root.find(SVG + one).get("id") for one in ("title", "desc")
    ]
    assert len(ids) == len(set(ids))
    assert not set(ids) & {one.get("id") for one in parsed(svg(chart)).iter() if one.get("id")}
    assert set(re.findall(r'(?:href="|url\()([^")]+)', drawn)) <= {f"#{one}" for one in ids}
    outside = re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn)
    assert "http" not in outside
    assert "<script" not in outside
    assert root.get("viewBox")
    assert root.get("width") is None


def test_letters_of_a_page_follow_its_theme_and_those_of_a_palette_do_not(chart):
    assert "currentColor" in svg(chart)
    assert "#010203" not in svg(chart)
    assert DARK.ink in svg(chart, DARK)
    assert "currentColor" not in svg(chart, DARK)


def test_every_row_stands_beside_its_counts_and_names_are_text(bars):
    assert {"L3 <& medial branch", "8 of 10", "0 of 0", "on target, %"} <= set(words(svg(bars)))


def test_boundaries_and_the_wanted_line_are_labelled(curve, control):
    assert {"\N{MINUS SIGN}2.86", "2.86", control.lower_label, control.upper_label} <= set(
        words(svg(control))
    )
    assert {"80 % asked for", "95 % interval"} <= set(words(svg(curve)))


def test_bars_and_whiskers_are_where_the_numbers_are(bars):
    axes = figure(bars).axes[0]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([80, 0])
    low, high = axes.lines[0].get_xdata()
    assert (low, high) == pytest.approx((49.02, 94.33), abs=0.01)  # Wilson, 8 of 10
    assert len(axes.lines) == 2  # nothing was tried in the other group: no whisker


def test_a_curve_and_its_boundaries_are_drawn_at_their_values(control):
    axes = figure(control).axes[0]
    curve, upper, lower = axes.lines[:3]
    assert list(curve.get_xdata()) == list(range(11))
    assert list(curve.get_ydata()) == pytest.approx([0.0, *control.chart.curve])
    assert (upper.get_ydata()[0], lower.get_ydata()[0]) == (
        control.chart.plan.upper,
        control.chart.plan.lower,
    )


def test_a_png_is_a_picture_with_something_on_it(chart):
    image = Image.open(io.BytesIO(png(chart, LIGHT, 60)))
    pixels = np.asarray(image.convert("L"))
    assert image.size[0] == pytest.approx(6.6 * 60, abs=2)
    assert pixels.max() == 255
    assert 0.005 < (pixels < 128).mean() < 0.5


def test_nothing_of_matplotlib_changes_for_others(chart):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    figure(chart, DARK)
    svg(chart)
    assert dict(mpl.rcParams) == before
    code = "import sys; from fluoro_annotator.reporting import *; png(RateBars('A', ())); print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_matplotlib_is_not_loaded_before_it_is_needed():
    code = "import sys, fluoro_annotator.training.charts; print(sorted({'matplotlib', 'jinja2', 'reportlab'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_matplotlib_it_is_said_what_to_install(chart, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for draw in (svg, png, figure):
        with pytest.raises(MissingExtraError, match=r"fluoro-annotator\[reports\]"):
            draw(chart)


def test_long_series_are_thinned_and_keep_their_ends_and_extremes():
    rng = np.random.default_rng(7)
    results = [bool(one) for one in rng.random(50_000) < 0.8]
    points, values = moving_rate(results, 40), cusum(results, CusumPlan(0.2, 0.35)).curve
    kept = thinned_curve(points)
    assert len(kept) <= MOST_POINTS + 1
    assert kept[-1] is points[-1]
    drawn = thinned_values(values)
    assert len(drawn) <= MOST_POINTS + 2
    assert drawn[-1] == (50_000, values[-1])
    assert (min(v for _, v in drawn), max(v for _, v in drawn)) == (min(values), max(values))
    assert all(values[case - 1] == value for case, value in drawn)
    assert [case for case, _ in drawn] == sorted(case for case, _ in drawn)


def test_short_series_are_drawn_whole():
    points = moving_rate(RESULTS * 60, 5)
    assert thinned_curve(points) == points
    values = cusum(RESULTS, CusumPlan(0.2, 0.35)).curve
    assert thinned_values(values) == tuple(enumerate(values, start=1))


@pytest.mark.parametrize("make", [lambda: RateBars(" ", ()), lambda: RateCurve("A", (), wanted=80)])
def test_charts_that_cannot_be_are_refused(make):
    with pytest.raises(ReportError):
        make()


def test_all_public_names_are_there():
    assert all(hasattr(reporting, name) for name in reporting.__all__)
