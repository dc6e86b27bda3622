"""The band in which a point of another view can lie, as an outline and as a rule."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fluoro_annotator.geometry.beams import TINY, Spread
from fluoro_annotator.geometry.clipping import clipped_to_image, in_image
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PLACEMENT_PX
from fluoro_annotator.geometry.view_geometry import UsableView, as_points


@dataclass(frozen=True, slots=True, kw_only=True)
class EpipolarBand:
    """Where a point of the first view can lie in the second.

    Attributes
    ----------
    polygon : tuple of Point
        Outline in the second image, clipped to it; empty where the band runs beside it.
    line : tuple of (Point, Point)
        The middle of the band, from far from to near the first detector, not clipped.
    half_width_px : float
        Largest distance of the edge from the middle within the image, in pixel widths; of the whole
        band where its middle runs beside the image.
    tied : bool
        Whether structures marked in both views place the band.

    """

    polygon: tuple[Point, ...]
    line: tuple[Point, Point]
    half_width_px: float
    tied: bool
    _view: UsableView = field(repr=False)
    _along: tuple[float, ...] = field(repr=False)
    _half: tuple[float, ...] = field(repr=False)

    def excess_px(self, point: Point, placement_px: float = PLACEMENT_PX) -> float:
        """Return by how many pixel widths a point of the second image lies outside the band.

        Parameters
        ----------
        point : Point
            Position in the second image.
        placement_px : float
            How far this point itself may be off.

        Returns
        -------
        float
            0 or less inside.

        """
        start, end, place = self._view.to_detector([*self.line, point])
        unit = (end - start) / max(float(np.linalg.norm(end - start)), TINY)
        offset = place - start
        along, beside = float(offset @ unit), abs(float(offset @ (-unit[1], unit[0])))
        beyond = max(self._along[0] - along, along - self._along[-1])
        half = float(np.interp(along, self._along, self._half))
        pitch = self._view.pixel_mm[1]
        slack = placement_px * max(self._view.pixel_mm) / pitch
        return max(beside - half, beyond) / pitch - slack

    def allows(self, point: Point, placement_px: float = PLACEMENT_PX) -> bool:
        """Whether a point of the second image can be the one that was marked in the first."""
        return self.excess_px(point, placement_px) <= 0


def drawn_band(spread: Spread, view: UsableView, margin: float, *, tied: bool) -> EpipolarBand:
    """Return the band around a line.

    Parameters
    ----------
    spread : Spread
        The line and how far it may be off.
    view : UsableView
        The second view.
    margin : float
        Factor on the width.
    tied : bool
        Whether structures marked in both views place the band.

    """
    first, last = spread.ends
    unit = (last - first) / max(float(np.linalg.norm(last - first)), TINY)
    half = spread.half * margin
    spine = first + np.outer(spread.stops, unit)
    aside = half[:, None] * np.array([-unit[1], unit[0]])
    outline = as_points(view.to_image(np.vstack([spine + aside, (spine - aside)[::-1]])))
    start, end = as_points(view.to_image(spread.ends))
    shown = np.array([in_image(point, view.shape) for point in as_points(view.to_image(spine))])
    return EpipolarBand(
        polygon=clipped_to_image(outline, view.shape),
        line=(start, end),
        half_width_px=float((half[shown] if shown.any() else half).max()) / view.pixel_mm[1],
        tied=tied,
        _view=view,
        _along=tuple(map(float, spread.stops)),
        _half=tuple(map(float, half)),
    )
