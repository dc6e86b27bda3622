"""From transmitted X-rays to a 12-bit fluoroscopic image.

The chain: beam, scatter and veiling glare, focal-spot blur, Poisson statistics of the
absorbed quanta, light spread in the scintillator (which turns noise into mottle),
electronic noise, then the image processing of a C-arm: logarithm, partial removal of slow
brightness changes, edge enhancement, round field of view, 12 bits. The result is processed for
display, which DICOM calls PixelIntensityRelationship DISP. All constants are engineering
defaults chosen by the look of the images, except where a source is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.filters import wide_blur

FloatArray = NDArray[np.float64]
FrameArray = NDArray[np.uint16]

BITS = 12
MAXIMUM = 2**BITS - 1
FIELD_MARGIN = 0.012
"""Gap between the round field of view and the border of the image, as a share of its edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Properties of the imaging chain.

    Parameters
    ----------
    pixel_pitch_mm : float
        Edge of a pixel at the detector.
    quanta_per_mm2 : float
        Absorbed quanta per square millimetre at the brightness that automatic exposure keeps.
    scatter_to_primary : float
        Scattered radiation that passes the grid, relative to the primary.
    scatter_sigma_mm, glare_sigma_mm, focus_sigma_mm, light_sigma_mm : float
        Standard deviations of the blurs, at the detector.
    glare : float
        Fraction of the signal spread widely inside the detector.
    electronic : float
        Standard deviation of the electronic noise, relative to the kept brightness.
    gain : float
        Grey levels per natural logarithm of the signal.
    flattening : float
        Share (0 to 1) of slow brightness changes that is taken out.
    flattening_sigma_mm : float
        What counts as slow.
    sharpening, sharpening_sigma_mm : float
        Strength and width of edge enhancement.

    """

    pixel_pitch_mm: float
    quanta_per_mm2: float
    scatter_to_primary: float = 0.55
    scatter_sigma_mm: float = 32.0
    glare: float = 0.06
    glare_sigma_mm: float = 12.0
    focus_sigma_mm: float = 0.12
    light_sigma_mm: float = 0.2
    electronic: float = 0.006
    gain: float = 1000.0
    flattening: float = 0.55
    flattening_sigma_mm: float = 26.0
    sharpening: float = 0.8
    sharpening_sigma_mm: float = 0.7

    def __post_init__(self) -> None:
        if not (self.pixel_pitch_mm > 0 and self.quanta_per_mm2 > 0):
            raise SimulationError("detector", "pixel pitch and quanta have to be more than zero")

    def blur(self, image: FloatArray, sigma_mm: float) -> FloatArray:
        """Return the image blurred by a Gaussian of `sigma_mm` at the detector."""
        return wide_blur(image, sigma_mm / self.pixel_pitch_mm)

    def signal(self, attenuation: FloatArray) -> FloatArray:
        """Return the noise-free signal behind a patient, median in the middle = 1.

        Parameters
        ----------
        attenuation : numpy.ndarray, shape (rows, columns)
            Line integrals, as `Scene.attenuation` returns them.

        """
        primary = np.exp(-(attenuation - np.median(attenuation)))
        scattered = self.blur(np.minimum(primary, 3.0), self.scatter_sigma_mm)
        total = self.blur(primary, self.focus_sigma_mm) + self.scatter_to_primary * scattered
        total = (1 - self.glare) * total + self.glare * self.blur(total, self.glare_sigma_mm)
        return np.asarray(total / self._exposure_reference(total))

    def expose(self, signal: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Return one noisy exposure of a noise-free signal, in the same unit.

        Parameters
        ----------
        signal : numpy.ndarray, shape (rows, columns)
            Relative brightness.
        generator : numpy.random.Generator
            Source of the noise; the same generator state gives the same image.

        """
        quanta = self.quanta_per_mm2 * self.pixel_pitch_mm**2
        counted = generator.poisson(signal * quanta) / quanta
        light = self.blur(counted, self.light_sigma_mm)
        return np.asarray(light + generator.normal(0.0, self.electronic, signal.shape))

    def process(self, exposure: FloatArray, field: FloatArray) -> FrameArray:
        """Return the displayed 12-bit image of an exposure.

        Parameters
        ----------
        exposure : numpy.ndarray, shape (rows, columns)
            Relative brightness.
        field : numpy.ndarray, same shape
            1 inside the round field of view, 0 outside.

        """
        logarithm = np.log(np.clip(exposure, 0.02, 8.0))
        slow = self.blur(logarithm, self.flattening_sigma_mm)
        fine = logarithm - self.blur(logarithm, self.sharpening_sigma_mm)
        level = (MAXIMUM + 1) / 2 + self.gain * (logarithm - self.flattening * slow + self.sharpening * fine)
        return np.asarray(np.clip(np.rint(level * field), 0, MAXIMUM), dtype=np.uint16)

    def _exposure_reference(self, signal: FloatArray) -> float:
        rows, columns = signal.shape
        middle = signal[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4]
        return float(np.median(middle))


def round_field(
    rows: int, columns: int, *, margin: float = FIELD_MARGIN, softness: float = 1.2
) -> FloatArray:
    """Return a disc that is 1 inside the field of view and falls to 0 at its rim.

    Parameters
    ----------
    rows, columns : int
        Size of the image.
    margin : float
        Gap between disc and image border, as a share of the shorter edge.
    softness : float
        Width of the rim in pixels.

    """
    down, across = np.ogrid[:rows, :columns]
    distance = np.hypot(down - (rows - 1) / 2, across - (columns - 1) / 2)
    radius = min(rows, columns) * (0.5 - margin)
    return np.asarray(np.clip((radius - distance) / softness + 0.5, 0.0, 1.0))
