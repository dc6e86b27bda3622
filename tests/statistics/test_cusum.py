"""CUSUM against the table of the clinical reference, and against likelihoods computed by scipy."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bernoulli

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics import CusumPlan, cusum

unhurried = settings(deadline=None, max_examples=60)

PUBLISHED_RATES = [
    (0.10, 0.20, 0.145, 0.855, 2.71),
    (0.10, 0.25, 0.166, 0.834, 2.00),
    (0.10, 0.30, 0.186, 0.814, 1.63),
    (0.15, 0.30, 0.219, 0.781, 2.48),
    (0.20, 0.35, 0.271, 0.729, 2.86),
]
"""p0, p1, s, 1 - s, h0 = h1 for risks of 0.1."""

plans = st.builds(
    lambda p0, gap, alpha, beta: CusumPlan(p0, p0 + gap, alpha, beta),
    st.floats(0.02, 0.4),
    st.floats(0.05, 0.4),
    st.floats(0.01, 0.3),
    st.floats(0.01, 0.3),
)


@pytest.mark.parametrize(("p0", "p1", "down", "up", "boundary"), PUBLISHED_RATES)
def test_steps_and_boundaries_of_the_table(p0, p1, down, up, boundary):
    plan = CusumPlan(p0, p1)
    assert (plan.step, 1 - plan.step) == pytest.approx((down, up), abs=5e-4)
    assert (-plan.lower, plan.upper) == pytest.approx((boundary, boundary), abs=5e-3)


@unhurried
@given(plans, st.lists(st.booleans(), min_size=1, max_size=80))
def test_the_curve_is_walds_likelihood_ratio(plan, successes):
    failures = [not success for success in successes]
    ratio = sum(bernoulli.logpmf(failures, plan.p1) - bernoulli.logpmf(failures, plan.p0))
    scale = math.log(plan.p1 / plan.p0) + math.log((1 - plan.p0) / (1 - plan.p1))
    assert cusum(successes, plan).curve[-1] * scale == pytest.approx(ratio, abs=1e-8)
    assert plan.upper * scale == pytest.approx(math.log((1 - plan.beta) / plan.alpha))
    assert plan.lower * scale == pytest.approx(math.log(plan.beta / (1 - plan.alpha)))


@unhurried
@given(plans, st.lists(st.booleans(), max_size=120))
def test_crossings_are_the_first_ones(plan, successes):
    chart = cusum(successes, plan)
    assert len(chart.curve) == len(successes)
    for at, beyond in (
        (chart.lower_at, lambda value: value <= plan.lower),
        (chart.upper_at, lambda value: value >= plan.upper),
    ):
        crossed = [number for number, value in enumerate(chart.curve, 1) if beyond(value)]
        assert at == (crossed[0] if crossed else None)


def test_only_successes_cross_below_and_only_failures_above():
    plan = CusumPlan(0.10, 0.20)
    good, bad = cusum([True] * 30, plan), cusum([False] * 30, plan)
    assert (good.lower_at, good.upper_at) == (math.ceil(-plan.lower / plan.step), None)
    assert (bad.lower_at, bad.upper_at) == (None, math.ceil(plan.upper / (1 - plan.step)))


@pytest.mark.parametrize(
    "numbers", [(0.2, 0.2), (0.3, 0.2), (0.0, 0.2), (0.1, 1.0), (0.1, 0.2, 0.0), (0.1, 0.2, 0.6, 0.5)]
)
def test_plans_that_cannot_be_drawn_are_refused(numbers):
    with pytest.raises(StatisticsError):
        CusumPlan(*numbers)
