"""Wilson and Clopper-Pearson intervals against published examples, scipy, and their own promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics import clopper_pearson, wilson
from fluoro_annotator.statistics.proportions import binomial_tail

unhurried = settings(deadline=None, max_examples=60)

NEWCOMBE_1998 = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
"""The four worked examples of Newcombe, Stat Med 1998;17:857-72: methods 3 (score) and 5 (exact)."""


@pytest.mark.parametrize(("count", "trials", "score", "exact"), NEWCOMBE_1998)
def test_published_examples(count, trials, score, exact):
    for found, wanted in ((wilson(count, trials), score), (clopper_pearson(count, trials), exact)):
        assert (found.low, found.high) == pytest.approx(wanted, abs=5e-5)


@st.composite
def counts(draw):
    trials = draw(st.integers(1, 400))
    return draw(st.integers(0, trials)), trials


@unhurried
@given(counts(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_both_agree_with_scipy(case, level):
    test = binomtest(*case)
    for ours, name in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = test.proportion_ci(confidence_level=level, method=name)
        found = ours(*case, level)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-8)


@unhurried
@given(counts())
def test_the_rate_lies_in_its_interval_and_failures_mirror_successes(case):
    count, trials = case
    for method in (wilson, clopper_pearson):
        found, mirror = method(count, trials), method(trials - count, trials)
        assert 0 <= found.low <= found.rate <= found.high <= 1
        assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((found.low, found.high), abs=1e-9)


def test_no_trials_say_nothing():
    for method in (wilson, clopper_pearson):
        found = method(0, 0)
        assert (found.rate, found.low, found.high, found.text) == (None, 0.0, 1.0, "0 of 0")


@pytest.mark.parametrize(
    ("count", "trials", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (1.5, 2, 0.95), (True, 2, 0.95), (1, 2, 1.0)]
)
@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_what_is_no_proportion_is_refused(method, count, trials, level):
    with pytest.raises(StatisticsError):
        method(count, trials, level)


def test_tails_are_whole_at_their_ends():
    assert [binomial_tail(0, 5, 0.0), binomial_tail(1, 5, 0.0), binomial_tail(5, 5, 1.0)] == [1, 0, 1]
    assert binomial_tail(6, 5, 0.5) == 0
    assert binomial_tail(5000, 10_000, 0.5) == pytest.approx(0.50399, abs=1e-4)
