"""The band in which a point of another view can lie, as an outline and as a rule."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fluoro_annotator.geometry.clipping import clipped_to_image, in_image
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PLACEMENT_PX
from fluoro_annotator.geometry.view_geometry import FloatArray, UsableView, as_points


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
        unit = (end - start) / np.linalg.norm(end - start)
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


def drawn_band(middle: FloatArray, deviations: FloatArray, view: UsableView, *, tied: bool) -> EpipolarBand:
    """Return the band around a line.

    Parameters
    ----------
    middle : numpy.ndarray, shape (k, 2)
        The line, in mm (down, across) on the second detector.
    deviations : numpy.ndarray, shape (k, 2)
        Worst deviations along and beside it, in mm.
    view : UsableView
        The second view.
    tied : bool
        Whether structures marked in both views place the band.

    """
    unit = (middle[-1] - middle[0]) / np.linalg.norm(middle[-1] - middle[0])
    normal = np.array([-unit[1], unit[0]])
    along = (middle - middle[0]) @ unit
    ahead, beside = deviations.T
    half = _widest_within(along, ahead, beside)
    stops = np.concatenate([[along[0] - ahead[0]], along, [along[-1] + ahead[-1]]])
    halves = np.concatenate([[half[0]], half, [half[-1]]])
    spine = middle[0] + np.outer(stops, unit)
    outline = np.vstack([spine + halves[:, None] * normal, (spine - halves[:, None] * normal)[::-1]])
    start, end = as_points(view.to_image(middle[[0, -1]]))
    shown = np.array([in_image(point, view.shape) for point in as_points(view.to_image(spine))])
    return EpipolarBand(
        polygon=clipped_to_image(as_points(view.to_image(outline)), view.shape),
        line=(start, end),
        half_width_px=float((halves[shown] if shown.any() else halves).max()) / view.pixel_mm[1],
        tied=tied,
        _view=view,
        _along=tuple(map(float, stops)),
        _half=tuple(map(float, halves)),
    )


def _widest_within(along: FloatArray, ahead: FloatArray, beside: FloatArray) -> FloatArray:
    """Return for each stop the greatest width of all stops that can come to lie there."""
    reachable = np.abs(along[:, None] - along[None, :]) <= ahead[None, :] + np.diff(along).max()
    return np.asarray(np.where(reachable, beside[None, :], 0.0).max(axis=1))
