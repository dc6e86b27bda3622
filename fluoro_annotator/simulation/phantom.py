"""The bony phantom: meshes and landmarks read from its folder.

The folder holds ``meshes/*.ply`` and ``landmarks.json``. The landmarks are geometry of the
phantom and not a physician's marks; everything derived from them has to say so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.meshes import CORNERS, TriangleMesh, read_ply, require_closed

Point = tuple[float, float, float]

SIDES = ("left", "right")
FOLDER_REMEDY = "Give the folder that holds landmarks.json and the folder meshes."


@dataclass(frozen=True, slots=True)
class Vertebra:
    """Body centroid (mm) and unit axis of a vertebra, normal to its endplates."""

    centroid_mm: Point
    cranial_axis: Point


@dataclass(frozen=True, slots=True)
class Target:
    """Where one nerve is to be met on one side, on the bone of a vertebra (mm).

    Parameters
    ----------
    nerve, vertebra, side : str
        Which target it is.
    point_mm : tuple of float
        The target.
    notch_mm, lower_mm : tuple of float, optional
        Upper angle between articular and transverse process, and the lower end of the nerve's way over the bone
        near the mamillo-accessory notch, where the phantom has them.

    """

    nerve: str
    vertebra: str
    side: str
    point_mm: Point
    notch_mm: Point | None = None
    lower_mm: Point | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phantom:
    """Bones and landmarks of one spine.

    Parameters
    ----------
    bones : mapping of str to TriangleMesh
        Closed surfaces by name, for example ``L5`` or ``sacrum``.
    vertebrae : mapping of str to Vertebra
        By identifier, L1 to S1.
    targets : tuple of Target
        All nerves on both sides, cranial to caudal.

    """

    bones: Mapping[str, TriangleMesh]
    vertebrae: Mapping[str, Vertebra]
    targets: tuple[Target, ...]

    def target(self, nerve: str, side: str) -> Target:
        """Return the target of a nerve on a side.

        Raises
        ------
        SimulationError
            If the phantom has no such target.

        """
        for target in self.targets:
            if (target.nerve, target.side) == (nerve, side):
                return target
        raise SimulationError("phantom", f"it has no target {nerve}, {side}")

    def vertebra(self, name: str) -> Vertebra:
        """Return a vertebra; `SimulationError` if the phantom does not have it."""
        if name not in self.vertebrae:
            raise SimulationError("phantom", f"it has no vertebra {name}")
        return self.vertebrae[name]


def load_phantom(folder: Path) -> Phantom:
    """Read the phantom from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        Holds ``meshes`` and ``landmarks.json``.

    Raises
    ------
    SimulationError
        If folder, meshes or landmarks are missing or malformed, or a mesh is not closed.

    """
    paths = sorted((folder / "meshes").glob("*.ply"))
    if not paths:
        raise SimulationError(str(folder), "there are no meshes in this folder", FOLDER_REMEDY)
    bones = {path.stem: require_closed(read_ply(path), path.name) for path in paths}
    landmarks = _read_landmarks(folder / "landmarks.json")
    return Phantom(
        bones=MappingProxyType(bones),
        vertebrae=MappingProxyType(landmarks[0]),
        targets=landmarks[1],
    )


def _read_landmarks(path: Path) -> tuple[dict[str, Vertebra], tuple[Target, ...]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _vertebrae(content["vertebrae"]), _targets(content["nerves"])
    except OSError as error:
        raise SimulationError(path.name, "the landmarks cannot be read", FOLDER_REMEDY) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"the landmarks are malformed ({type(error).__name__}: {error})"
        raise SimulationError(path.name, problem, "Use the file of the phantom, unchanged.") from error


def _vertebrae(entries: Mapping[str, Any]) -> dict[str, Vertebra]:
    return {
        name: Vertebra(_point(entry["body_centroid_mm"]), _point(entry["cranial_axis"]))
        for name, entry in entries.items()
    }


def _targets(entries: Mapping[str, Any]) -> tuple[Target, ...]:
    return tuple(
        Target(
            nerve,
            str(entry["vertebra"]),
            side,
            _point(entry[side]["target_mm"]),
            _optional_point(entry[side], "superior_notch_mm"),
            _optional_point(entry[side], "inferior_end_mm"),
        )
        for nerve, entry in entries.items()
        for side in SIDES
    )


def _optional_point(entry: Mapping[str, Any], name: str) -> Point | None:
    return _point(entry[name]) if name in entry else None


def _point(values: Any) -> Point:
    x, y, z = (float(value) for value in values)
    if not all(map(math.isfinite, (x, y, z))):
        raise ValueError(f"a point needs {CORNERS} finite numbers")
    return x, y, z
