"""Agreement of readers against published examples and direct counts."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics.agreement import (
    bland_altman,
    bootstrap_interval,
    cohen_kappa,
    gwet_ac,
    icc_2_1,
    identity,
    linear,
    quadratic,
    raw_agreement,
)

unhurried = settings(deadline=None, max_examples=60)

SHROUT_FLEISS_1979 = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Six targets rated by four judges: ICC(2,1) is .29."""

PARADOX = [("+", "+")] * 118 + [("+", "-")] * 5 + [("-", "+")] * 2
"""Two readers who agree on 94 % of 125 items, nearly all of one category: kappa is below 0."""

tables = st.integers(2, 4).flatmap(
    lambda readers: st.lists(
        st.lists(st.sampled_from("abc"), min_size=readers, max_size=readers), min_size=1, max_size=30
    )
)


def test_icc_of_the_published_example():
    assert icc_2_1(SHROUT_FLEISS_1979) == pytest.approx(0.29, abs=0.005)


def test_kappa_collapses_where_one_category_prevails_and_ac1_does_not():
    assert raw_agreement(PARADOX) == pytest.approx(118 / 125)
    assert cohen_kappa(PARADOX, "+-") == pytest.approx(-0.0234, abs=5e-5)
    assert gwet_ac(PARADOX, "+-") == pytest.approx(0.9408, abs=5e-5)


@unhurried
@given(tables)
def test_raw_agreement_counts_pairs(rows):
    pairs = [one == other for row in rows for one, other in combinations(row, 2)]
    assert raw_agreement(rows) == pytest.approx(np.mean(pairs))


@unhurried
@given(tables, st.sampled_from([identity, linear, quadratic]))
def test_ac_compares_weighted_pairs_with_chance(rows, weights):
    place = {name: number for number, name in enumerate("abc")}
    seen = np.mean(
        [weights(place[one], place[other], 3) for row in rows for one, other in combinations(row, 2)]
    )
    shares = [np.mean([entry == name for row in rows for entry in row]) for name in "abc"]
    total = sum(weights(a, b, 3) for a in range(3) for b in range(3))
    chance = total / 6 * sum(share * (1 - share) for share in shares)
    assert gwet_ac(rows, "abc", weights) == pytest.approx((seen - chance) / (1 - chance))


@unhurried
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_quadratic_kappa_is_concordance(rows):
    """With squared weights kappa is Lin's concordance coefficient of the numbers (Fleiss and Cohen 1973)."""
    first, second = np.array(rows, dtype=float).T
    spread = first.var() + second.var() + (first.mean() - second.mean()) ** 2
    found = cohen_kappa(rows, [0, 1, 2, 3], quadratic)
    if spread == 0:
        assert found is None
    else:
        both = np.mean((first - first.mean()) * (second - second.mean()))
        assert found == pytest.approx(2 * both / spread, abs=1e-9)


def test_perfect_agreement_is_one_and_constant_readers_say_nothing():
    rows = [("a", "a"), ("b", "b"), ("c", "c")]
    for weights in (identity, linear, quadratic):
        assert cohen_kappa(rows, "abc", weights) == pytest.approx(1)
        assert gwet_ac(rows, "abc", weights) == pytest.approx(1)
    assert cohen_kappa([("a", "a")] * 4, "ab") is None
    assert icc_2_1([[1, 1], [2, 2], [3, 3]]) == pytest.approx(1)


def test_limits_of_agreement():
    found = bland_altman([10.0, 12.0, 9.0, 11.0], [9.0, 12.5, 8.0, 9.5])
    differences = np.array([1.0, -0.5, 1.0, 1.5])
    half = 1.959964 * np.sqrt(((differences - 0.75) ** 2).sum() / 3)
    assert (found.pairs, found.bias) == (4, pytest.approx(0.75))
    assert (found.low, found.high) == pytest.approx((0.75 - half, 0.75 + half), abs=1e-6)


def test_the_bootstrap_is_the_same_for_a_seed_and_holds_the_estimate():
    def coefficient(rows):
        return gwet_ac(rows, "+-")

    first = bootstrap_interval(coefficient, PARADOX, seed=7, repeats=300)
    assert first == bootstrap_interval(coefficient, PARADOX, seed=7, repeats=300)
    assert first != bootstrap_interval(coefficient, PARADOX, seed=8, repeats=300)
    assert first[0] < coefficient(PARADOX) < first[1]
    assert bootstrap_interval(lambda _rows: None, PARADOX, seed=7, repeats=5) is None


def test_the_bootstrap_of_a_mean_is_as_wide_as_its_standard_error():
    rng = np.random.default_rng(3)
    rows = [(float(value),) for value in rng.normal(size=200)]
    low, high = bootstrap_interval(lambda drawn: float(np.mean(drawn)), rows, seed=1)
    error = np.std(rows, ddof=1) / np.sqrt(200)
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: raw_agreement([]),
        lambda: raw_agreement([("a",)]),
        lambda: raw_agreement([("a", "b"), ("a", "b", "a")]),
        lambda: cohen_kappa([("a", "a", "b")], "ab"),
        lambda: gwet_ac([("a", "z")], "ab"),
        lambda: gwet_ac([("a", "a")], "a"),
        lambda: icc_2_1([[1.0, 2.0]]),
        lambda: icc_2_1([[1.0, 1.0], [1.0, 1.0]]),
        lambda: icc_2_1([[1.0, float("nan")], [1.0, 2.0]]),
        lambda: bland_altman([1.0], [2.0]),
        lambda: bland_altman([1.0, 2.0], [2.0]),
        lambda: bland_altman([1.0, float("inf")], [2.0, 3.0]),
        lambda: bootstrap_interval(lambda _rows: 1.0, [], seed=1),
    ],
)
def test_tables_that_allow_nothing_are_refused(call):
    with pytest.raises(StatisticsError):
        call()
