"""Make the studies for practice: many small images of many poses, their ground truth and checksums.

Files, descriptions and numbers say nothing of the answer: cases are numbered in an order that follows from a hash of
their names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.aiming import Frame, Stand, aimed
from fluoro_annotator.simulation.dicom_writer import write_image
from fluoro_annotator.simulation.landmarks import Endplate, endplate
from fluoro_annotator.simulation.materials import MATERIALS
from fluoro_annotator.simulation.meshes import ray_crossings
from fluoro_annotator.simulation.needle import Capsule
from fluoro_annotator.simulation.phantom import Phantom, Point
from fluoro_annotator.simulation.practice_cases import AP, LATERAL, PracticeCase, Shot, practice_cases
from fluoro_annotator.simulation.practice_needles import PlacedNeedle, placed_needle
from fluoro_annotator.simulation.practice_truth import TRUTH_NAME, practice_truth
from fluoro_annotator.simulation.render import Renderer, display_window
from fluoro_annotator.simulation.scene import Scene, bone_bodies, disc_bodies
from fluoro_annotator.simulation.soft_tissue import skin, soft_tissue
from fluoro_annotator.simulation.study import CHECKSUM_NAME, checksums
from fluoro_annotator.simulation.views import StudyLabel, View

RULE_MM = 30.0
RULE_OFFSET_MM = (42.0, 12.0)
"""Length of the lead wire on the skin, and where its cranial end lies: to the left, and caudal of the endplate."""

RULE_DIAMETER_MM = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeImage:
    """One image for practice with everything that is known of it.

    Parameters
    ----------
    file : str
        Path below the folder, with forward slashes.
    case : PracticeCase
        What it belongs to.
    shot : Shot
        How it was planned.
    view : View
        What is rendered.
    placed : PlacedNeedle or None
        The needle in it.
    rule_mm : tuple of Point, or None
        Ends of the lead wire on the skin.

    """

    file: str
    case: PracticeCase
    shot: Shot
    view: View
    placed: PlacedNeedle | None
    rule_mm: tuple[Point, Point] | None = None


def practice_images(phantom: Phantom, *, scale: float = 1.0) -> tuple[PracticeImage, ...]:
    """Return all images in the order of their files.

    Parameters
    ----------
    phantom : Phantom
        Bones and landmarks.
    scale : float
        Factor on the number of rows and columns, to try things out quickly.

    """
    ordered = sorted(practice_cases(), key=lambda case: hashlib.sha256(case.key.encode()).hexdigest())
    return tuple(
        image
        for number, case in enumerate(ordered, start=1)
        for image in _images_of(phantom, case, number, scale)
    )


def make_practice_studies(
    phantom: Phantom,
    folder: Path,
    *,
    scale: float = 1.0,
    oversampling: int = 2,
    progress: Callable[[str], None] | None = None,
) -> tuple[PracticeImage, ...]:
    """Render the studies for practice into a folder.

    Parameters
    ----------
    phantom : Phantom
        Bones and landmarks.
    folder : pathlib.Path
        Takes ``s001_1.dcm`` and so on, ``truth.json`` and ``SHA256SUMS``; created if missing.
    scale : float
        Factor on the number of rows and columns.
    oversampling : int
        Rays per pixel edge.
    progress : callable, optional
        Called with the name of each file when it is written.

    Returns
    -------
    tuple of PracticeImage
        What was rendered.

    Raises
    ------
    SimulationError
        If the phantom does not fit the cases or the folder cannot be written.

    """
    images = practice_images(phantom, scale=scale)
    scene = Scene(bone_bodies(phantom) + disc_bodies(phantom) + soft_tissue())
    renderer = Renderer(phantom, scene, oversampling)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for image in images:
            frames = renderer.frames(image.view)
            write_image(folder / image.file, image.view, frames, display_window(frames))
            if progress:
                progress(image.file)
        text = (
            json.dumps(practice_truth(phantom, images), separators=(",", ":")).replace('},"', '},\n"') + "\n"
        )
        (folder / TRUTH_NAME).write_text(text, encoding="utf-8")
        write_checksums(folder)
    except OSError as error:
        remedy = "Choose a folder that exists on a disk with free space and that you may write to."
        raise SimulationError(
            str(folder), f"the practice studies cannot be written here ({error.strerror})", remedy
        ) from error
    return images


def write_checksums(folder: Path) -> None:
    """Write the checksums of everything in a folder besides the list itself."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != CHECKSUM_NAME)
    (folder / CHECKSUM_NAME).write_text(checksums(folder, names), encoding="utf-8")


def _images_of(phantom: Phantom, case: PracticeCase, number: int, scale: float) -> Iterator[PracticeImage]:
    plate = endplate(phantom, case.vertebra)
    placed = placed_needle(phantom, case.needle) if case.needle else None
    label = StudyLabel(
        key=f"practice/{case.key}",
        number=str(100 + number),
        description=f"Practice study {number} (simulated)",
    )
    for index, shot in enumerate(case.shots, start=1):
        rule = _rule(plate) if shot.ruler else None
        lead = MATERIALS["lead"].per_mm
        view = View(
            key=f"practice/{case.key}/{index}",
            number=index,
            name=_view_name(shot),
            description=f"Lumbar {_view_name(shot)}{', lead wire of 30 mm on the skin' if rule else ''}",
            pose=_pose(plate, shot, scale),
            time=f"09{index:02d}00",
            marker_at=None if shot.family == LATERAL else (0.20, 0.845),
            needle=placed.needle if placed else None,
            study=label,
            margin=shot.margin,
            quanta_per_mm2=shot.quanta_per_mm2,
            scaled=shot.scaled,
            angles_stated=case.group != "views",
            rods=() if rule is None else (Capsule(*rule, RULE_DIAMETER_MM / 2, lead),),
        )
        file = f"s{number:03d}_{index}.dcm"
        yield PracticeImage(file=file, case=case, shot=shot, view=view, placed=placed, rule_mm=rule)


def _pose(plate: Endplate, shot: Shot, scale: float) -> CArmPose:
    x, y, z = (float(value) for value in np.round(np.add(plate.middle_mm, shot.shift_mm), 2))
    frame = Frame(
        edge=round(shot.edge * scale),
        field_mm=shot.field_mm,
        source_to_isocentre_mm=shot.source_to_isocentre_mm,
    )
    return aimed(plate, Stand(shot.turn, shot.tilt), (x, y, z), frame)


def _view_name(shot: Shot) -> str:
    if shot.family in {AP, LATERAL}:
        return shot.family
    return f"{'left' if shot.turn > 0 else 'right'} oblique"


def _rule(plate: Endplate) -> tuple[Point, Point]:
    """Return the ends of a wire along the spine on the skin of the back, to the left of the spine."""
    left, caudal = RULE_OFFSET_MM
    ends = []
    for step in (0.0, RULE_MM):
        inside = np.array([plate.middle_mm[0], left, plate.middle_mm[2] - caudal - step])
        reach = ray_crossings(skin(), inside, (-1.0, 0.0, 0.0))[-1]
        ends.append(inside + (reach + RULE_DIAMETER_MM) * np.array([-1.0, 0.0, 0.0]))
    along = ends[1] - ends[0]
    second = ends[0] + along * RULE_MM / np.linalg.norm(along)
    return _point(ends[0]), _point(second)


def _point(values: np.ndarray) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z
