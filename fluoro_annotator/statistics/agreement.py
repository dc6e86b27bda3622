"""How far readers agree: in categories, and in numbers.

A table has one row for each item and one column for each reader. Raw agreement and Gwet's coefficient
are given beside kappa, because kappa collapses where most items fall into one category.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics.proportions import LEVEL, check_level, quantile

Rows = Sequence[Sequence[Hashable]]
Weights = Callable[[int, int, int], float]

REPEATS: Final = 2000
"""Samples that are drawn for a bootstrap interval."""

FEWEST_READERS: Final = 2


def identity(first: int, second: int, _categories: int) -> float:
    """Weight of agreement for categories without an order: 1 for the same, 0 otherwise."""
    return float(first == second)


def linear(first: int, second: int, categories: int) -> float:
    """Weight of agreement for ordered categories that falls evenly with their distance."""
    return 1 - abs(first - second) / max(1, categories - 1)


def quadratic(first: int, second: int, categories: int) -> float:
    """Weight of agreement for ordered categories that falls with the square of their distance."""
    return 1 - ((first - second) / max(1, categories - 1)) ** 2


def raw_agreement(rows: Rows) -> float:
    """Return the share of pairs of readers that agree, over all items.

    Raises
    ------
    StatisticsError
        If there are no items, fewer than two readers, or not all readers for all items.

    """
    counts = _counts(rows, None)[0]
    readers = counts.sum(axis=1)[0]
    return float(np.mean((counts * (counts - 1)).sum(axis=1) / (readers * (readers - 1))))


def cohen_kappa(rows: Rows, categories: Sequence[Hashable], weights: Weights = identity) -> float | None:
    """Return (weighted) kappa of two readers.

    Parameters
    ----------
    rows : sequence of pairs
        What the two readers say of each item.
    categories : sequence
        All categories, in their order if they have one.
    weights : callable
        `identity`, `linear` or `quadratic`.

    Returns
    -------
    float or None
        None where chance alone would agree always, and kappa says nothing.

    Raises
    ------
    StatisticsError
        As of `raw_agreement`; or if there are more than two readers, or an unknown category.

    Notes
    -----
    Cohen J. Educ Psychol Meas 1960;20:37-46; with weights Psychol Bull 1968;70:213-20.

    """
    places = _places(rows, categories)
    if places.shape[1] != FEWEST_READERS:
        raise StatisticsError(f"kappa of {places.shape[1]} readers", "is for two", "Use gwet_ac.")
    size = len(categories)
    table = np.zeros((size, size))
    np.add.at(table, (places[:, 0], places[:, 1]), 1 / len(places))
    weight = _weight_table(weights, size)
    seen = float((weight * table).sum())
    chance = float((weight * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return _above_chance(seen, chance)


def gwet_ac(rows: Rows, categories: Sequence[Hashable], weights: Weights = identity) -> float | None:
    """Return Gwet's AC1, or AC2 with weights other than `identity`, of two or more readers.

    Parameters
    ----------
    rows : sequence of sequences
        What each reader says of each item.
    categories : sequence
        All categories, at least two, in their order if they have one.
    weights : callable
        `identity`, `linear` or `quadratic`.

    Returns
    -------
    float or None
        None where chance alone would agree always.

    Raises
    ------
    StatisticsError
        As of `raw_agreement`; or if there are fewer than two categories, or an unknown one.

    Notes
    -----
    Gwet KL. Br J Math Stat Psychol 2008;61:29-48. Agreement by chance is
    ``T / (q (q - 1)) Σ π (1 - π)``, with T the sum of all weights, q the number of categories and π their
    mean shares.

    """
    size = len(categories)
    if size < FEWEST_READERS:
        raise StatisticsError("Gwet's coefficient", "needs at least two categories")
    counts, readers = _counts(rows, categories)
    weight = _weight_table(weights, size)
    met = counts @ weight
    seen = float(np.mean((counts * (met - 1)).sum(axis=1) / (readers * (readers - 1))))
    shares = counts.mean(axis=0) / readers
    chance = float(weight.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum())
    return _above_chance(seen, chance)


def icc_2_1(ratings: ArrayLike) -> float:
    """Return the intraclass correlation ICC(2,1): single readers drawn at random, absolute agreement.

    Parameters
    ----------
    ratings : array_like, shape (items, readers)
        At least two of each.

    Raises
    ------
    StatisticsError
        If the table is too small, holds a number that is not finite, or all its numbers are equal.

    Notes
    -----
    ``(BMS - EMS) / (BMS + (k - 1) EMS + k (JMS - EMS) / n)`` (Shrout PE, Fleiss JL. Psychol Bull
    1979;86:420-8).

    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < FEWEST_READERS or not np.isfinite(table).all():  # noqa: PLR2004 - items and readers
        raise StatisticsError("ICC", "needs finite numbers of two items and two readers at least")
    items, readers = table.shape
    grand = table.mean()
    between = readers * ((table.mean(axis=1) - grand) ** 2).sum() / (items - 1)
    judges = items * ((table.mean(axis=0) - grand) ** 2).sum() / (readers - 1)
    whole = ((table - grand) ** 2).sum()
    error = (whole - between * (items - 1) - judges * (readers - 1)) / ((items - 1) * (readers - 1))
    below = between + (readers - 1) * error + readers * (judges - error) / items
    if whole == 0 or below == 0:
        raise StatisticsError("ICC", "is of numbers that do not differ")
    return float((between - error) / below)


@dataclass(frozen=True, slots=True)
class LimitsOfAgreement:
    """Differences of two readers.

    Attributes
    ----------
    pairs : int
        How many were compared.
    bias : float
        Mean difference, first minus second.
    low, high : float
        Limits between which most differences lie, if they are distributed normally.
    level : float
        How many: 0.95 for the usual limits.

    """

    pairs: int
    bias: float
    low: float
    high: float
    level: float


def bland_altman(first: ArrayLike, second: ArrayLike, level: float = LEVEL) -> LimitsOfAgreement:
    """Return the limits of agreement of two readers.

    Raises
    ------
    StatisticsError
        If there are fewer than two pairs, not the same number of both, or a number that is not finite.

    Notes
    -----
    Mean difference plus and minus 1.96 standard deviations (Bland JM, Altman DG. Lancet 1986;1:307-10).

    """
    one, other = (np.asarray(values, dtype=np.float64) for values in (first, second))
    if one.shape != other.shape or one.ndim != 1 or len(one) < FEWEST_READERS:
        raise StatisticsError("limits of agreement", "need two pairs of numbers at least")
    difference = one - other
    if not np.isfinite(difference).all():
        raise StatisticsError("limits of agreement", "are of a number that is not finite")
    bias, half = float(difference.mean()), quantile(level) * float(difference.std(ddof=1))
    return LimitsOfAgreement(len(one), bias, bias - half, bias + half, level)


def bootstrap_interval(
    statistic: Callable[[list[Sequence[Hashable]]], float | None],
    rows: Rows,
    *,
    seed: int,
    level: float = LEVEL,
    repeats: int = REPEATS,
) -> tuple[float, float] | None:
    """Return an interval for a statistic of a table, from samples of its items with replacement.

    Percentiles, without correction for bias (Efron B, Tibshirani RJ. An Introduction to the Bootstrap,
    chapter 13, 1993). The same seed gives the same interval.

    Parameters
    ----------
    statistic : callable
        Takes rows; None where a sample does not allow it.
    rows : sequence of sequences
        One row for each item.
    seed : int
        Of the random numbers.
    level : float
        Confidence level.
    repeats : int
        Number of samples.

    Returns
    -------
    tuple of (float, float) or None
        None if no sample allowed the statistic.

    Raises
    ------
    StatisticsError
        If there are no rows.

    """
    check_level(level)
    if not rows:
        raise StatisticsError("bootstrap interval", "is of no items")
    draws = np.random.default_rng(seed).integers(0, len(rows), size=(repeats, len(rows)))
    found = [statistic([rows[place] for place in draw]) for draw in draws]
    kept = [value for value in found if value is not None]
    if not kept:
        return None
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _above_chance(seen: float, chance: float) -> float | None:
    return None if np.isclose(chance, 1) else (seen - chance) / (1 - chance)


def _weight_table(weights: Weights, size: int) -> NDArray[np.float64]:
    return np.array([[weights(a, b, size) for b in range(size)] for a in range(size)])


def _places(rows: Rows, categories: Sequence[Hashable] | None) -> NDArray[np.intp]:
    """Return the table with the number of its category in place of each entry."""
    widths = {len(row) for row in rows}
    if len(widths) != 1 or min(widths) < FEWEST_READERS:
        raise StatisticsError(
            "agreement", "needs two readers at least, and all of them for every item", "Leave items out."
        )
    known = categories if categories is not None else list(dict.fromkeys(v for row in rows for v in row))
    place = {category: number for number, category in enumerate(known)}
    unknown = {str(value) for row in rows for value in row if value not in place}
    if unknown:
        raise StatisticsError("agreement", f"has entries of no category: {', '.join(sorted(unknown))}")
    return np.array([[place[value] for value in row] for row in rows], dtype=np.intp)


def _counts(rows: Rows, categories: Sequence[Hashable] | None) -> tuple[NDArray[np.float64], int]:
    """Return how many readers chose each category for each item, and the number of readers."""
    places = _places(rows, categories)
    size = len(categories) if categories is not None else int(places.max()) + 1
    counts = np.zeros((len(places), size))
    for column in places.T:
        counts[np.arange(len(places)), column] += 1
    return counts, places.shape[1]
