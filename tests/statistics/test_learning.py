"""Moving rates, reliability of stated chances, and medians."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluoro_annotator.errors import MixedMeasuresError, StatisticsError
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource, Ruler
from fluoro_annotator.statistics import median_of, median_with_interval, moving_rate, reliability, wilson

unhurried = settings(deadline=None, max_examples=60)


@unhurried
@given(st.lists(st.booleans(), max_size=60), st.integers(1, 20))
def test_each_window_holds_the_last_cases(successes, window):
    found = moving_rate(successes, window)
    wanted = [
        wilson(sum(successes[max(0, end - window) : end]), min(end, window))
        for end in range(1, len(successes) + 1)
    ]
    assert [point.proportion for point in found] == wanted
    assert [point.case for point in found] == list(range(1, len(successes) + 1))


@pytest.mark.parametrize("window", [0, -1, 2.5, True])
def test_windows_without_cases_are_refused(window):
    with pytest.raises(StatisticsError):
        moving_rate([True], window)


cases = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.7, 0.95, 1.0]), st.booleans()), min_size=1)


@unhurried
@given(cases)
def test_the_parts_make_the_brier_score(given_cases):
    found = reliability(given_cases)
    stated, true = np.array([case[0] for case in given_cases]), np.array([case[1] for case in given_cases])
    assert found.brier == pytest.approx(np.mean((stated - true) ** 2))
    assert found.brier == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    assert sum(row.observed.trials for row in found.rows) == found.trials == len(given_cases)
    for row in found.rows:
        assert row.observed == wilson(
            int(true[stated == row.stated].sum()), int((stated == row.stated).sum())
        )


def test_extremes_of_calibration():
    perfect = reliability([(1.0, True)] * 3 + [(0.0, False)])
    assert (perfect.brier, perfect.reliability, perfect.resolution) == (0, 0, perfect.uncertainty)
    timid = reliability([(0.5, True), (0.5, False)])
    assert (timid.brier, timid.reliability, timid.resolution) == (0.25, 0, 0)
    wrong = reliability([(1.0, False)] * 4)
    assert (wrong.brier, wrong.reliability) == (1, 1)


@pytest.mark.parametrize("given_cases", [[], [(1.2, True)], [(float("nan"), True)]])
def test_chances_that_are_none_are_refused(given_cases):
    with pytest.raises(StatisticsError):
        reliability(given_cases)


@pytest.mark.parametrize(("trials", "level"), list(product((6, 9, 14, 25), (0.9, 0.95))))
def test_the_interval_of_a_median_covers_as_often_as_it_says(trials, level):
    rng = np.random.default_rng(trials)
    samples = rng.exponential(size=(2000, trials))
    founds = [median_with_interval(sample, level) for sample in samples]
    covered = np.mean([found.low <= np.log(2) <= found.high for found in founds])
    assert founds[0].coverage >= level
    assert covered == pytest.approx(founds[0].coverage, abs=4 * np.sqrt(0.25 / 2000))


def test_of_few_numbers_there_is_no_interval():
    assert [median_with_interval(range(n)).low is None for n in (1, 2, 5, 6)] == [True, True, True, False]
    assert median_with_interval([3.0, 1.0, 2.0, 10.0]).value == 2.5
    for values in ([], [1.0, float("inf")]):
        with pytest.raises(StatisticsError):
            median_with_interval(values)


@dataclass(frozen=True)
class Number:
    value: float
    unit: str = "mm"
    calibration: str | None = "a scale"


def test_calibrated_and_uncalibrated_are_never_mixed():
    scaled = Ruler(Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5, 0.02))
    plain = Ruler(UNCALIBRATED)
    mm, px = [[ruler.length(value, 1.0) for value in (4.0, 6.0, 9.0)] for ruler in (scaled, plain)]
    found = median_of(mm)
    assert (found.value, found.unit, found.trials) == (3.0, "mm", 3)
    assert found.scales == ("a length known to the reader, in its own plane",)
    assert (median_of(px).value, median_of(px).unit, median_of(px).scales) == (6.0, "px", ())
    with pytest.raises(MixedMeasuresError, match="mixes 3 calibrated measures and 1 that are not"):
        median_of([*mm, px[0]])
    with pytest.raises(MixedMeasuresError):
        median_of([Number(1.0), Number(1.0, "px")])
    with pytest.raises(MixedMeasuresError):
        median_of([Number(1.0, calibration=None), Number(1.0)])
    with pytest.raises(StatisticsError, match="no numbers"):
        median_of([])


def test_the_interval_of_many_numbers_is_that_of_the_normal_approximation():
    """For 100,000 numbers the ranks are n/2 minus and plus 1.96 sqrt(n)/2, within one."""
    trials = 100_000
    found = median_with_interval(range(trials))
    half = 1.959964 * np.sqrt(trials) / 2
    assert found.low == pytest.approx(trials / 2 - half, abs=1.5)
    assert found.high == pytest.approx(trials / 2 + half, abs=1.5)
    assert 0.95 <= found.coverage < 0.951
