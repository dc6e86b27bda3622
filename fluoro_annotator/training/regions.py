"""The region in which several experts place one target, estimated from their marks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.geometry import Ellipse, Point

FEWEST_EXPERTS: Final = 3
"""From how many marks on a region is estimated."""

GOOD_SHARE: Final = 0.95
MARGINAL_SHARE: Final = 0.99
"""Shares of a two-dimensional normal distribution that the two ellipses hold: engineering defaults."""

OUTLIER_SD: Final = 3.5
"""Standard deviations beyond which a mark is set aside (Iglewicz B, Hoaglin DC. How to Detect and Handle
Outliers. ASQC 1993, there of modified z-scores)."""

RAYLEIGH_MEDIAN: Final = math.sqrt(2 * math.log(2))
"""Median distance from the middle of a circular normal distribution, in its standard deviations."""

METHOD: Final = (
    "robust covariance ellipse: marks farther than 3.5 standard deviations (from the median distance) from the "
    "geometric median of all are set aside; covariance of the others plus the placement of points; 95 % and 99 % of a "
    "normal distribution"
)
"""The method in words; all its numbers are engineering defaults, not validated."""

STEPS: Final = 200
CONVERGED: Final = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlier:
    """A mark that was set aside, to be reported to the attending.

    Attributes
    ----------
    reader : str
        Whose mark it is.
    position : Point
        Where it lies.
    deviations : float
        Distance from the geometric median, in robust standard deviations.

    """

    reader: str
    position: Point
    deviations: float


@dataclass(frozen=True, slots=True)
class Region:
    """Where experts place one target in one view.

    Attributes
    ----------
    centre : Point
        Mean of the marks that were kept.
    good, marginal : Ellipse
        Inner and outer limit.
    experts : tuple of str
        Readers whose marks were kept.
    method : str
        How it was estimated, in words.

    """

    centre: Point
    good: Ellipse
    marginal: Ellipse
    experts: tuple[str, ...]
    method: str = METHOD


def split_outliers(
    marks: Mapping[str, Point], *, aspect: float, placement_px: float
) -> tuple[dict[str, Point], tuple[Outlier, ...]]:
    """Return the marks of three or more experts that lie together, and those that do not.

    The standard deviation comes from the median distance, which one mark cannot carry away, and is never less than
    the placement of points. Of fewer than three marks none can be called the one that is off.

    Parameters
    ----------
    marks : mapping of str to Point
        Each reader's mark.
    aspect : float
        Height of a pixel divided by its width.
    placement_px : float
        How far a placed point may be off, in pixel widths.

    """
    if len(marks) < FEWEST_EXPERTS:
        return dict(marks), ()
    places = _places(marks.values(), aspect)
    away = np.linalg.norm(places - geometric_median(places), axis=1)
    spread = max(float(np.median(away)) / RAYLEIGH_MEDIAN, placement_px, CONVERGED)
    kept, outliers = {}, []
    for (reader, point), distance in zip(marks.items(), away, strict=True):
        if distance > OUTLIER_SD * spread:
            outliers.append(Outlier(reader, point, float(distance / spread)))
        else:
            kept[reader] = point
    return kept, tuple(outliers)


def estimate_region(marks: Mapping[str, Point], *, aspect: float, placement_px: float) -> Region | None:
    """Return the region of marks that lie together; None of fewer than three.

    Parameters
    ----------
    marks : mapping of str to Point
        Each reader's mark, without outliers.
    aspect : float
        Height of a pixel divided by its width.
    placement_px : float
        How far a placed point may be off, in pixel widths; keeps marks at one place from making a region without
        an area.

    """
    if len(marks) < FEWEST_EXPERTS:
        return None
    places = _places(marks.values(), aspect)
    covariance = np.cov(places.T) + np.eye(2) * max(placement_px, CONVERGED) ** 2
    variances, axes = np.linalg.eigh(covariance)
    middle = places.mean(axis=0)
    centre = Point(float(middle[0]) / aspect, float(middle[1]))
    degrees = math.degrees(math.atan2(axes[0, 1], axes[1, 1]))
    radii = math.sqrt(variances[1]), math.sqrt(variances[0])

    def holding(share: float) -> Ellipse:
        reach = math.sqrt(-2 * math.log(1 - share))
        return Ellipse.around(centre, (reach * radii[0], reach * radii[1]), degrees, aspect=aspect)

    return Region(centre, holding(GOOD_SHARE), holding(MARGINAL_SHARE), tuple(marks))


def geometric_median(places: Floats) -> Floats:
    """Return the point whose distances from others have the least sum.

    Weiszfeld's iteration in the form that may start at or pass through one of the points (Vardi Y, Zhang CH. Proc
    Natl Acad Sci USA 2000;97:1423-6).

    Parameters
    ----------
    places : numpy.ndarray, shape (n, 2)
        At least one point.

    """
    middle = np.asarray(places.mean(axis=0), dtype=np.float64)
    for _ in range(STEPS):
        away = np.linalg.norm(places - middle, axis=1)
        apart = away > CONVERGED
        if not apart.any():
            break
        weights = 1 / away[apart]
        pull = (places[apart] * weights[:, None]).sum(axis=0) / weights.sum()
        force = float(np.linalg.norm(((places[apart] - middle) * weights[:, None]).sum(axis=0)))
        here = int((~apart).sum())
        stay = min(1.0, here / force) if force > CONVERGED else 1.0
        step = (1 - stay) * (pull - middle)
        middle = middle + step
        if float(np.linalg.norm(step)) < CONVERGED:
            break
    return middle


def _places(points: Iterable[Point], aspect: float) -> Floats:
    return np.array([(point.row * aspect, point.column) for point in points], dtype=np.float64)
