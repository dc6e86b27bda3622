"""The views of the lumbar sample study: where the C-arm stands and what happens in each.

The patient lies prone, head first; the tube is under the table and the detector over the back.
Obliques turn the detector 25 degrees to the patient's right or left. The secondary angle of each
view squares the superior endplate of L5 (see `squared_secondary_angle`), which squares L4 within two
degrees as well. In the lateral view the detector stands at the patient's left, as in a
left lateral radiograph: ventral is at the left of the image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.geometry.projection import CArmPose, squared_secondary_angle
from fluoro_annotator.simulation.contrast import Injection
from fluoro_annotator.simulation.detector import FIELD_MARGIN
from fluoro_annotator.simulation.meshes import TriangleMesh, ray_crossings
from fluoro_annotator.simulation.needle import Advance, Capsule, Needle, Point
from fluoro_annotator.simulation.phantom import Phantom

DETECTOR_MM = 230.0
"""Edge of the square that encloses the round field of view (9 inch)."""

SQUARED_VERTEBRA = "L5"
NEEDLE_NERVE, NEEDLE_SIDE = "L4_MB", "right"
NEEDLE_PRIMARY, NEEDLE_SECONDARY = -151.0, -6.0
"""Direction (degrees) from the target to the hub: nearly along the right oblique beam, from caudal."""

CONTACT_MM = 3.0
"""The target lies on bone and may lie just below its surface; crossings nearer than this are contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large and how long the rendered images are.

    Parameters
    ----------
    still, run : int
        Edge in pixels of single images and of runs.
    advance_frames, contrast_frames : int
        Length of the two runs.
    oversampling : int
        Rays per pixel edge.

    """

    still: int = 1024
    run: int = 512
    advance_frames: int = 30
    contrast_frames: int = 20
    oversampling: int = 2

    def __post_init__(self) -> None:
        if min(self.still, self.run) < 16 or self.advance_frames < 8 or self.contrast_frames < 8:  # noqa: PLR2004  # smallest sizes that make sense
            raise SimulationError("sample study", "images have at least 16 pixels and runs 8 frames")
        if self.oversampling < 1:
            raise SimulationError("sample study", "at least one ray per pixel is needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLabel:
    """The study that a view belongs to.

    Parameters
    ----------
    key : str
        Stable name; ``""`` for the lumbar sample study.
    number : str
        Study ID.
    description : str
        Study description.

    """

    key: str = ""
    number: str = "1"
    description: str = "Lumbar medial branch block, right L4 (simulated)"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One series of the study.

    Parameters
    ----------
    key : str
        Stable name; files and identifiers are derived from it.
    number : int
        Series number.
    name : str
        View in a physician's words, for example ``AP``.
    description : str
        Series description.
    pose : CArmPose
        Geometry.
    frames : int
        Number of frames.
    time : str
        Acquisition time, HHMMSS.
    marker_at : tuple of float, optional
        Place of the lead R as shares (row, column) of the image.
    advance : Advance, optional
        The needle that advances in this view.
    needle : Needle, optional
        The needle that lies still in this view.
    injection : Injection, optional
        Contrast medium injected in this view.
    study : StudyLabel
        The study it belongs to.
    margin : float
        Gap between the round field and the border of the image, as a share of its edge.
    quanta_per_mm2 : float, optional
        Absorbed quanta; by default those of a single shot or of a run.
    scaled, angles_stated : bool
        Whether the header has the size of the detector's pixels, and the angles of the C-arm.
    rods : tuple of Capsule
        Objects that lie on the patient, as a rule of known length.

    """

    key: str
    number: int
    name: str
    description: str
    pose: CArmPose
    frames: int = 1
    time: str
    marker_at: tuple[float, float] | None = None
    advance: Advance | None = None
    needle: Needle | None = None
    injection: Injection | None = None
    study: StudyLabel = StudyLabel()
    margin: float = FIELD_MARGIN
    quanta_per_mm2: float | None = None
    scaled: bool = True
    angles_stated: bool = True
    rods: tuple[Capsule, ...] = ()

    @property
    def field_mm(self) -> float:
        """Edge of the square around the detector that is read out."""
        return self.pose.pixel_pitch_mm * self.pose.columns

    def needle_at(self, frame: int) -> Needle | None:
        """Return the needle in a frame (counted from 0), or None."""
        return self.advance.needle(frame) if self.advance else self.needle


def lumbar_views(phantom: Phantom, skin: TriangleMesh, size: Size) -> tuple[View, ...]:
    """Return the six series of the lumbar sample study.

    Parameters
    ----------
    phantom : Phantom
        Holds L5 and the target of the right L4 medial branch.
    skin : TriangleMesh
        Body surface; the needle enters there.
    size : Size
        Image sizes and run lengths.

    """
    return (*_stills(phantom, size), *_runs(phantom, skin, size))


def planned_advance(phantom: Phantom, skin: TriangleMesh, frames: int) -> Advance:
    """Return the way of the needle to the right L4 medial branch.

    Raises
    ------
    SimulationError
        If the way from the target to the skin meets bone or never reaches the skin.

    """
    target = np.array(phantom.target(NEEDLE_NERVE, NEEDLE_SIDE).point_mm)
    outward = direction(NEEDLE_PRIMARY, NEEDLE_SECONDARY)
    clear = target + CONTACT_MM * outward
    blocked = [name for name, bone in phantom.bones.items() if ray_crossings(bone, clear, outward).size]
    crossings = ray_crossings(skin, target, outward)
    if blocked or not crossings.size:
        raise SimulationError("needle advance", f"no free way from the target to the skin (bones: {blocked})")
    x, y, z = (float(value) for value in target + crossings[0] * outward)
    return Advance(
        entry_mm=(x, y, z),
        target_mm=phantom.target(NEEDLE_NERVE, NEEDLE_SIDE).point_mm,
        frames=frames,
    )


def direction(primary_angle: float, secondary_angle: float) -> np.ndarray:
    """Return the unit vector (3,) from the isocentre at two positioner angles."""
    primary, secondary = np.radians([primary_angle, secondary_angle])
    level = np.cos(secondary)
    return np.array([level * np.cos(primary), level * np.sin(primary), np.sin(secondary)])


def _pose(phantom: Phantom, primary_angle: float, isocentre_mm: Point, edge: int) -> CArmPose:
    axis = phantom.vertebra(SQUARED_VERTEBRA).cranial_axis
    return CArmPose(
        primary_angle=primary_angle,
        secondary_angle=round(squared_secondary_angle(primary_angle, axis), 1) + 0.0,
        isocentre_mm=isocentre_mm,
        rows=edge,
        columns=edge,
        pixel_pitch_mm=DETECTOR_MM / edge,
    )


def _stills(phantom: Phantom, size: Size) -> tuple[View, ...]:
    def pose(angle: float, isocentre: Point) -> CArmPose:
        return _pose(phantom, angle, isocentre, size.still)

    return (
        View(key="ap", number=1, name="AP", description="Lumbar AP, L5 squared",
             pose=pose(180.0, (-5, 0, 55)), time="090500", marker_at=(0.20, 0.845)),
        View(key="right_oblique", number=2, name="right oblique", description="Lumbar right oblique 25 deg",
             pose=pose(-155.0, (-5, -4, 53)), time="090610", marker_at=(0.20, 0.845)),
        View(key="left_oblique", number=3, name="left oblique", description="Lumbar left oblique 25 deg",
             pose=pose(155.0, (-5, 4, 53)), time="090720", marker_at=(0.20, 0.845)),
        View(key="lateral", number=4, name="lateral", description="Lumbar lateral, detector at left",
             pose=pose(90.0, (2, 0, 50)), time="090840"),
    )  # fmt: skip


def _runs(phantom: Phantom, skin: TriangleMesh, size: Size) -> tuple[View, ...]:
    advance = planned_advance(phantom, skin, size.advance_frames)
    flow = Injection(
        first_frame=size.contrast_frames // 4, last_frame=2 * size.contrast_frames // 3, volume_ml=0.5
    )
    return (
        View(key="needle_advance", number=5, name="right oblique",
             description="Needle to right L4 medial branch at L5, right oblique",
             pose=_pose(phantom, -155.0, (-10, -8, 40), size.run),
             frames=size.advance_frames, time="091230", advance=advance),
        View(key="contrast", number=6, name="AP",
             description="Contrast, right L4 medial branch at L5, AP",
             pose=_pose(phantom, 180.0, (-10, -14, 42), size.run),
             frames=size.contrast_frames, time="091510",
             needle=advance.needle(size.advance_frames - 1), injection=flow),
    )  # fmt: skip
