"""Closed triangle meshes: reading, checking, shrinking and simple shapes.

All lengths are millimetres in the patient frame (x anterior, y left, z cranial).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fluoro_annotator.errors import SimulationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CORNERS = 3
PLY_TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2",
    "ushort": "u2", "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
PLY_REMEDY = "Use the binary little endian PLY files of the phantom, unchanged."


@dataclass(frozen=True, slots=True, eq=False)
class TriangleMesh:
    """A surface made of triangles that are wound outwards.

    Parameters
    ----------
    vertices : numpy.ndarray, shape (v, 3), float64
        Points in mm.
    triangles : numpy.ndarray, shape (t, 3), int64
        Indices into `vertices`, anticlockwise seen from outside.

    Raises
    ------
    SimulationError
        If shapes are wrong, an index does not exist or a coordinate is not finite.

    """

    vertices: FloatArray
    triangles: IntArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "vertices", np.asarray(self.vertices, dtype=np.float64))
        object.__setattr__(self, "triangles", np.asarray(self.triangles, dtype=np.int64))
        if self.vertices.shape[1:] != (CORNERS,) or self.triangles.shape[1:] != (CORNERS,):
            raise SimulationError("triangle mesh", "vertices and triangles are not arrays of three columns")
        if not np.isfinite(self.vertices).all():
            raise SimulationError("triangle mesh", "a vertex has a coordinate that is not a number")
        if self.triangles.size and not 0 <= self.triangles.min() <= self.triangles.max() < len(self.vertices):
            raise SimulationError("triangle mesh", "a triangle refers to a vertex that does not exist")

    @property
    def corners(self) -> FloatArray:
        """Corner points of the triangles, shape (t, 3 corners, 3 axes)."""
        return self.vertices[self.triangles]

    @property
    def volume_mm3(self) -> float:
        """Enclosed volume; negative if the winding is inwards."""
        first, second, third = np.moveaxis(self.corners, 1, 0)
        return float(np.einsum("ij,ij->", first, np.cross(second, third)) / 6)

    def vertex_normals(self) -> FloatArray:
        """Outward unit normals of the vertices, shape (v, 3), weighted by triangle area."""
        first, second, third = np.moveaxis(self.corners, 1, 0)
        faces = np.cross(second - first, third - first)
        normals = np.zeros_like(self.vertices)
        for corner in range(CORNERS):
            np.add.at(normals, self.triangles[:, corner], faces)
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        return np.asarray(normals / np.where(lengths > 0, lengths, 1.0), dtype=np.float64)

    def shrunk(self, distance_mm: float) -> TriangleMesh:
        """Return the mesh moved inwards along its normals by `distance_mm`."""
        return TriangleMesh(self.vertices - distance_mm * self.vertex_normals(), self.triangles)

    def moved(self, offset_mm: ArrayLike) -> TriangleMesh:
        """Return the mesh shifted by (x, y, z)."""
        return TriangleMesh(self.vertices + np.asarray(offset_mm, dtype=np.float64), self.triangles)

    def scaled(self, factors: ArrayLike) -> TriangleMesh:
        """Return the mesh stretched about the origin, by one factor or one for each axis."""
        return TriangleMesh(self.vertices * np.asarray(factors, dtype=np.float64), self.triangles)


def require_closed(mesh: TriangleMesh, name: str) -> TriangleMesh:
    """Return the mesh if it encloses a volume, with every edge used once in each direction.

    Raises
    ------
    SimulationError
        If the mesh is empty, has a hole, or is wound inconsistently or inwards.

    """
    if len(mesh.triangles) == 0:
        raise SimulationError(name, "the mesh has no triangles", "Only closed surfaces can be rendered.")
    start, end = mesh.triangles.ravel(), np.roll(mesh.triangles, -1, axis=1).ravel()
    forward, backward = start * len(mesh.vertices) + end, end * len(mesh.vertices) + start
    if not np.array_equal(np.sort(forward), np.sort(backward)):
        remedy = "Only closed surfaces can be rendered; repair the mesh."
        raise SimulationError(name, "the surface has a hole or triangles of opposite winding", remedy)
    if mesh.volume_mm3 <= 0:
        raise SimulationError(
            name, "the surface is wound inwards", "Reverse the order of its triangles' corners."
        )
    return mesh


def join(meshes: Sequence[TriangleMesh]) -> TriangleMesh:
    """Return one mesh that holds all triangles of several."""
    offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    vertices = np.concatenate([mesh.vertices for mesh in meshes])
    pairs = zip(meshes, offsets, strict=True)
    return TriangleMesh(vertices, np.concatenate([mesh.triangles + offset for mesh, offset in pairs]))


def read_ply(path: Path) -> TriangleMesh:
    """Read a binary little endian PLY file of triangles.

    Parameters
    ----------
    path : pathlib.Path
        File with ``vertex`` (at least x, y, z) and ``face`` (one list of three indices).

    Returns
    -------
    TriangleMesh

    Raises
    ------
    SimulationError
        If the file is missing or malformed; the message names the file.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        remedy = "Check the name of the folder that holds the meshes."
        raise SimulationError(path.name, "the mesh file cannot be read", remedy) from error
    try:
        return _parse_ply(content)
    except (ValueError, KeyError, IndexError, UnicodeDecodeError, TypeError) as error:
        raise SimulationError(path.name, f"this is not a usable mesh ({error})", PLY_REMEDY) from error


def _parse_ply(content: bytes) -> TriangleMesh:
    header, mark, body = content.partition(b"end_header\n")
    lines = [line.split() for line in header.decode("ascii").splitlines()]
    if not mark or lines[:2] != [["ply"], ["format", "binary_little_endian", "1.0"]]:
        raise ValueError("no header of a binary little endian PLY file")
    elements = _ply_elements(lines)
    points = np.frombuffer(body, _record(elements["vertex"][1]), count=elements["vertex"][0])
    count, (face,) = elements["face"]
    record = np.dtype([("size", PLY_TYPES[face[1]]), ("corners", "<" + PLY_TYPES[face[2]], (CORNERS,))])
    faces = np.frombuffer(body, record, count=count, offset=points.nbytes)
    if not (faces["size"] == CORNERS).all():
        raise ValueError("a face is not a triangle")
    return TriangleMesh(np.column_stack([points[axis] for axis in "xyz"]), faces["corners"].astype(np.int64))


def _ply_elements(lines: list[list[str]]) -> dict[str, tuple[int, list[list[str]]]]:
    elements: dict[str, tuple[int, list[list[str]]]] = {}
    current: list[list[str]] = []
    for words in lines:
        if words[:1] == ["element"]:
            current = []
            elements[words[1]] = (int(words[2]), current)
        elif words[:1] == ["property"]:
            current.append(words[1:])
    return elements


def _record(properties: list[list[str]]) -> np.dtype[Any]:
    return np.dtype([(name, "<" + PLY_TYPES[kind]) for kind, name in properties])


def box(lower: Sequence[float], upper: Sequence[float]) -> TriangleMesh:
    """Return an axis-parallel box between two opposite corners (x, y, z)."""
    grid = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float64)
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [corners for a, b, c, d in sides for corners in ((a, b, c), (a, c, d))]
    low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
    return TriangleMesh(low + grid * (high - low), np.array(triangles))


def ellipsoid(centre: Sequence[float], radii: Sequence[float], *, steps: int = 16) -> TriangleMesh:
    """Return an axis-parallel ellipsoid as rings of latitude; `steps` rings from pole to pole."""
    latitudes = np.pi * np.arange(1, steps) / steps
    rings = [
        np.column_stack([np.sin(angle) * _circle(2 * steps), np.full(2 * steps, -np.cos(angle))])
        for angle in latitudes
    ]
    unit = loft(rings)
    return TriangleMesh(unit.vertices * np.asarray(radii) + np.asarray(centre), unit.triangles)


def loft(rings: Sequence[FloatArray]) -> TriangleMesh:
    """Return the closed surface through rings of points, capped at both ends.

    Parameters
    ----------
    rings : sequence of numpy.ndarray, each of shape (n, 3)
        Rings from caudal to cranial, each anticlockwise seen from cranial, all with the
        same number of points.

    """
    count, levels = len(rings[0]), len(rings)
    caps = [rings[0].mean(axis=0), rings[-1].mean(axis=0)]
    vertices = np.vstack([*rings, *caps])
    here = np.arange(count)
    after = np.roll(here, -1)
    triangles = []
    for level in range(levels - 1):
        low, high = level * count, (level + 1) * count
        triangles.append(np.column_stack([low + here, low + after, high + here]))
        triangles.append(np.column_stack([low + after, high + after, high + here]))
    bottom, top = np.full(count, levels * count), np.full(count, levels * count + 1)
    triangles.append(np.column_stack([bottom, after, here]))
    triangles.append(np.column_stack([top, (levels - 1) * count + here, (levels - 1) * count + after]))
    return TriangleMesh(vertices, np.vstack(triangles))


def _circle(points: int) -> FloatArray:
    angles = 2 * np.pi * np.arange(points) / points
    return np.column_stack([np.cos(angles), np.sin(angles)])


def ray_crossings(mesh: TriangleMesh, origin: ArrayLike, direction: ArrayLike) -> FloatArray:
    """Return where a half-line crosses a surface.

    Parameters
    ----------
    mesh : TriangleMesh
        The surface.
    origin, direction : array_like, shape (3,)
        Start and direction of the half-line.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Distances from the origin in mm, ascending; an odd number means that the origin
        lies inside a closed surface.

    """
    ray = np.asarray(direction, dtype=np.float64)
    ray = ray / np.linalg.norm(ray)
    first, second, third = np.moveaxis(mesh.corners - np.asarray(origin, dtype=np.float64), 1, 0)
    edges = [np.cross(a, b) @ ray for a, b in ((first, second), (second, third), (third, first))]
    hit = np.all([edge > 0 for edge in edges], axis=0) | np.all([edge < 0 for edge in edges], axis=0)
    volume = np.einsum("ij,ij->i", first, np.cross(second, third))
    distances = volume[hit] / np.sum(edges, axis=0)[hit]
    return np.asarray(np.sort(distances[distances > 0]), dtype=np.float64)
