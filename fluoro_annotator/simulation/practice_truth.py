"""The ground truth of the studies for practice, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fluoro_annotator.simulation.aiming import stand_of
from fluoro_annotator.simulation.dicom_writer import EDITION, image_uid, study_uid
from fluoro_annotator.simulation.landmarks import Endplate, bone_of, endplate, landmarks_of
from fluoro_annotator.simulation.needle import LENGTH_MM
from fluoro_annotator.simulation.outlines import outline
from fluoro_annotator.simulation.phantom import Phantom, Point, Target
from fluoro_annotator.simulation.practice_cases import AP, LATERAL, LATERAL_TURN, PLACES
from fluoro_annotator.simulation.practice_needles import ACTIVE_TIP_MM, DIAMETER_20G_MM, ELECTRODE_MM
from fluoro_annotator.simulation.truth import (
    FORMAT,
    MESH_CREDIT,
    SOURCE,
    image_truth,
    place,
    rounded,
)

if TYPE_CHECKING:
    from fluoro_annotator.simulation.practice import PracticeImage

PRACTICE_VERSION = 2
"""Version 1 is that of the lumbar sample study; this one has more for each image and a study for each case."""

TRUTH_NAME = "truth.json"
TRUE_WITHIN_DEG = 2.0
"""A view is called true if turn and tilt are off by no more than this: an engineering default. No shipped view is off by
an angle between this and 4 degrees."""

OBLIQUE_LEFT, OBLIQUE_RIGHT = "oblique_left", "oblique_right"
TILT_CRANIAL, TILT_CAUDAL = "tilt_cranial", "tilt_caudal"
BASES = {AP: (0.0,), LATERAL: (LATERAL_TURN, -LATERAL_TURN)}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Whether a vertebra is seen truly, and otherwise what would mend it.

    Parameters
    ----------
    turn_error, tilt_error : float
        Degrees: positive if the C-arm is turned too far to the patient's left, or tilted too far to the head.

    """

    turn_error: float
    tilt_error: float

    @property
    def corrections(self) -> tuple[str, ...]:
        """What would mend the view, as the marks call it: the C-arm goes back against its error."""
        found = []
        if abs(self.turn_error) > TRUE_WITHIN_DEG:
            found.append(OBLIQUE_RIGHT if self.turn_error > 0 else OBLIQUE_LEFT)
        if abs(self.tilt_error) > TRUE_WITHIN_DEG:
            found.append(TILT_CAUDAL if self.tilt_error > 0 else TILT_CRANIAL)
        return tuple(found)

    @property
    def is_true(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.corrections


def adequacy(turn: float, tilt: float, family: str) -> Adequacy | None:
    """Return how far a view is off; None for obliques, of which there is no true one.

    Parameters
    ----------
    turn, tilt : float
        How the vertebra is seen, degrees.
    family : str
        AP, oblique or lateral.

    """
    if family not in BASES:
        return None
    base = min(BASES[family], key=lambda one: abs(turn - one))
    return Adequacy(turn - base, tilt)


@dataclass(frozen=True, slots=True)
class Bones:
    """What is derived from the meshes, once for all images."""

    phantom: Phantom
    plates: dict[str, Endplate]
    landmarks: tuple[tuple[Target, dict[str, Point]], ...]

    @classmethod
    def of(cls, phantom: Phantom) -> Bones:
        """Return the endplates and landmarks of a phantom."""
        plates = {name: endplate(phantom, name) for name in phantom.vertebrae}
        return cls(
            phantom, plates, tuple((target, landmarks_of(phantom, target)) for target in phantom.targets)
        )


def practice_truth(phantom: Phantom, images: Sequence[PracticeImage]) -> Json:
    """Return the ground truth of all studies for practice, ready for `json.dumps`."""
    bones = Bones.of(phantom)
    return {
        "format": FORMAT,
        "version": PRACTICE_VERSION,
        "edition": EDITION,
        "source": SOURCE,
        "credit": MESH_CREDIT,
        "coordinates": {
            "row_column": "array positions in pixels, centre of the top-left pixel = (0, 0)",
            "mm": "patient frame: x anterior, y left, z cranial; millimetres",
            "turn_deg": "from dorsal towards the patient's left, in the plane of the superior endplate",
            "tilt_deg": "to the superior endplate, positive with the detector towards the head",
        },
        "true_within_deg": TRUE_WITHIN_DEG,
        "images": {image_uid(image.view): _image(bones, image) for image in images},
    }


def _image(bones: Bones, image: PracticeImage) -> Json:
    known = image_truth(bones.phantom, image.file, image.view)
    kept = ("file", "series_instance_uid", "view", "pose", "targets", "vertebrae")
    return {
        **{name: known[name] for name in kept},
        "study_instance_uid": study_uid(image.view.study),
        "group": image.case.group,
        "family": image.shot.family,
        "scaled": image.shot.scaled,
        "aimed_at": image.case.vertebra,
        "seen": _seen(bones, image),
        "landmarks": _landmarks(bones, image),
        "outlines": _outlines(bones, image),
        "needle": _needle(image),
        "rule": None if image.rule_mm is None else [place(image.view, point) for point in image.rule_mm],
    }


def _seen(bones: Bones, image: PracticeImage) -> Json:
    """Return for each vertebra how it is seen, and whether that is a true view of it."""
    found: Json = {}
    for name, plate in bones.plates.items():
        stand = stand_of(image.view.pose, plate)
        judged = adequacy(stand.turn, stand.tilt, image.shot.family)
        found[name] = {"turn_deg": round(stand.turn, 2), "tilt_deg": round(stand.tilt, 2)}
        if judged is not None:
            found[name] |= {"true": judged.is_true, "corrections": list(judged.corrections)}
    return found


def _landmarks(bones: Bones, image: PracticeImage) -> list[Json]:
    found = []
    for target, points in bones.landmarks:
        for name, point in points.items():
            entry = place(image.view, point)
            if entry["in_field"]:
                found.append({"name": name, "vertebra": target.vertebra, "side": target.side, **entry})
    for name, plate in bones.plates.items():
        found += _endplate(plate, image, name)
    return found


def _endplate(plate: Endplate, image: PracticeImage, vertebra: str) -> list[Json]:
    """Return both ends of a superior endplate: right and left on an AP, anterior and posterior on a lateral."""
    ends = {AP: (plate.right_mm, plate.left_mm), LATERAL: (plate.anterior_mm, plate.posterior_mm)}
    names = ("superior_endplate_1", "superior_endplate_2")
    entries = [place(image.view, point) for point in ends.get(image.shot.family, ())]
    if not entries or not all(entry["in_field"] for entry in entries):
        return []
    return [
        {"name": name, "vertebra": vertebra, "side": None, **entry}
        for name, entry in zip(names, entries, strict=True)
    ]


def _outlines(bones: Bones, image: PracticeImage) -> Json:
    found = {name: outline(bone_of(bones.phantom, name), image.view.pose) for name in bones.plates}
    return {name: [rounded(point, 1) for point in points] for name, points in found.items() if points}


def _needle(image: PracticeImage) -> Json | None:
    plan, placed = image.case.needle, image.placed
    if plan is None or placed is None:
        return None
    faults = PLACES[plan.place].faults.get(image.shot.family)
    return {
        "nerve": plan.nerve,
        "side": plan.side,
        "place": plan.place,
        "kind": "electrode" if plan.electrode else "needle",
        "length_mm": ELECTRODE_MM if plan.electrode else LENGTH_MM,
        "diameter_mm": DIAMETER_20G_MM if plan.electrode else placed.needle.diameter_mm,
        "active_tip_mm": ACTIVE_TIP_MM if plan.electrode else None,
        "tip": place(image.view, placed.needle.tip_mm),
        "hub": place(image.view, placed.needle.hub_mm),
        "from_target_mm": list(placed.offset_mm),
        "judged_here": faults is not None,
        "faults": list(faults or ()),
    }
