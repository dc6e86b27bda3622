"""Linear attenuation coefficients for one effective photon energy of 50 keV.

A tube at 75 to 90 kV behind a patient has an effective energy of about 50 keV. Values are
mass attenuation coefficient times density. Mass attenuation: NIST, X-Ray Mass Attenuation
Coefficients (Hubbell and Seltzer), tables 3 (elements) and 4 (ICRU-44 tissues), at 50 keV.
The figures are rounded and were written down from knowledge of those tables without the tables at hand:
check them there before using them for anything but pictures. Where `source` says "engineering
default", the value is a choice of this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

NIST: Final = "NIST mass attenuation at 50 keV, ICRU-44 density"
DEFAULT: Final = "engineering default"
ENERGY_KEV: Final = 50.0
MM_PER_CM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Material:
    """A homogeneous material.

    Parameters
    ----------
    name : str
        What it is.
    mass_attenuation_cm2_g : float
        At `ENERGY_KEV`.
    density_g_cm3 : float
        Grams per cubic centimetre.
    source : str
        Where the numbers come from.

    """

    name: str
    mass_attenuation_cm2_g: float
    density_g_cm3: float
    source: str

    @property
    def per_mm(self) -> float:
        """Linear attenuation coefficient in 1/mm."""
        return self.mass_attenuation_cm2_g * self.density_g_cm3 / MM_PER_CM


MATERIALS: Final = MappingProxyType(
    {
        "air": Material("air", 0.208, 0.0012, NIST),
        "fat": Material("adipose tissue", 0.212, 0.95, NIST),
        "muscle": Material("skeletal muscle", 0.226, 1.05, NIST),
        "viscera": Material("abdominal mixture of muscle, water and fat", 0.220, 0.99, DEFAULT),
        "cortical": Material("cortical bone", 0.424, 1.92, NIST),
        "shell": Material(
            "thin porous cortex, two thirds cortical bone, the rest marrow", 0.378, 1.58, DEFAULT
        ),
        "cancellous": Material("one part cortical bone in six, the rest marrow", 0.283, 1.18, DEFAULT),
        "disc": Material("intervertebral disc", 0.224, 1.08, DEFAULT),
        "steel": Material("stainless steel, taken as iron", 1.958, 7.9, "NIST mass attenuation at 50 keV"),
        "plastic": Material("polycarbonate hub", 0.205, 1.20, DEFAULT),
        "lead": Material("lead", 8.04, 11.35, "NIST mass attenuation at 50 keV"),
        "iodine": Material(
            "iodine, per gram in each cubic centimetre", 12.32, 1.0, "NIST mass attenuation at 50 keV"
        ),
    }
)


def difference(inside: str, outside: str) -> float:
    """Return by how much (1/mm) `inside` attenuates more than the `outside` it replaces."""
    return MATERIALS[inside].per_mm - MATERIALS[outside].per_mm
