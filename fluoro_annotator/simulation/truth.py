"""The ground truth of rendered images, as JSON.

Everything here is geometry of the phantom, projected with the pose that also rendered the
image. It is not a physician's reading, and the file says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.detector import round_field
from fluoro_annotator.simulation.dicom_writer import EDITION, identifier, image_uid, study_uid
from fluoro_annotator.simulation.phantom import Phantom
from fluoro_annotator.simulation.views import NEEDLE_NERVE, NEEDLE_SIDE, View

FORMAT = "fluoro_annotator.truth"
VERSION = 1
SOURCE = "geometry of the phantom, not a physician"
MESH_CREDIT = (
    "Renderings of the lumbosacral meshes of Remus R, Lipphaus A, Neumann M, Bender B (2021), "
    "PLoS ONE 16(4): e0250456, doi:10.1371/journal.pone.0250456; BSD 3-Clause, see LICENSE-meshes"
)
DIGITS = 3

Json = dict[str, Any]


def study_truth(phantom: Phantom, images: Sequence[tuple[str, View]]) -> Json:
    """Return the ground truth of a study.

    Parameters
    ----------
    phantom : Phantom
        Holds the targets and vertebrae.
    images : sequence of (str, View)
        File name and view of each image.

    Returns
    -------
    dict
        Ready for `json.dumps`; the layout is described in ``sample_dicoms/README.md``.

    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "edition": EDITION,
        "source": SOURCE,
        "credit": MESH_CREDIT,
        "coordinates": {
            "row_column": "array positions in pixels, centre of the top-left pixel = (0, 0)",
            "mm": "patient frame: x anterior, y left, z cranial; millimetres",
            "frame_number": "counts from 1, as in DICOM",
        },
        "study_instance_uid": study_uid(),
        "images": {image_uid(view): image_truth(phantom, name, view) for name, view in images},
    }


def image_truth(phantom: Phantom, file_name: str, view: View) -> Json:
    """Return the ground truth of one image."""
    return {
        "file": file_name,
        "series_instance_uid": identifier("series", view.key),
        "series": view.key,
        "view": view.name,
        "source": SOURCE,
        "pose": pose_facts(view.pose),
        "targets": _targets(phantom, view),
        "vertebrae": [
            {"vertebra": name, **place(view, vertebra.centroid_mm)}
            for name, vertebra in phantom.vertebrae.items()
        ],
        "needle": _needle_aim(view),
        "contrast": _injection(view),
        "frames": [_frame(view, index) for index in range(view.frames)],
    }


def _targets(phantom: Phantom, view: View) -> list[Json]:
    return [
        {
            "nerve": target.nerve,
            "vertebra": target.vertebra,
            "side": target.side,
            **place(view, target.point_mm),
        }
        for target in phantom.targets
    ]


def pose_facts(pose: CArmPose) -> Json:
    """Return everything that a projection needs."""
    return {
        "primary_angle_deg": pose.primary_angle,
        "secondary_angle_deg": pose.secondary_angle,
        "isocentre_mm": list(pose.isocentre_mm),
        "source_mm": rounded(pose.source_mm),
        "detector_centre_mm": rounded(pose.detector_centre_mm),
        "row_direction": rounded(pose.row_direction, 6),
        "column_direction": rounded(pose.column_direction, 6),
        "source_to_detector_mm": pose.source_to_detector_mm,
        "source_to_isocentre_mm": pose.source_to_isocentre_mm,
        "rows": pose.rows,
        "columns": pose.columns,
        "pixel_pitch_mm": pose.pixel_pitch_mm,
    }


def _needle_aim(view: View) -> Json | None:
    if view.needle_at(0) is None:
        return None
    return {"nerve": NEEDLE_NERVE, "side": NEEDLE_SIDE}


def _injection(view: View) -> Json | None:
    if view.injection is None:
        return None
    return {
        "first_visible_frame_number": view.injection.first_frame + 1,
        "flow_ends_frame_number": view.injection.last_frame + 1,
        "volume_ml": view.injection.volume_ml,
        "pattern": "periosteal",
    }


def _frame(view: View, index: int) -> Json:
    needle = view.needle_at(index)
    injection = view.injection
    return {
        "frame_number": index + 1,
        "needle": needle and {"tip": place(view, needle.tip_mm), "hub": place(view, needle.hub_mm)},
        "contrast": {
            "state": injection.state_at(index) if injection else "none",
            "volume_ml": round(injection.volume_at(index), DIGITS) if injection else 0.0,
        },
    }


def place(view: View, point_mm: Sequence[float]) -> Json:
    """Return a point of the patient in mm and in the image of a view."""
    row, column = (float(value) for value in view.pose.project([point_mm])[0])
    return {
        "row": round(row, DIGITS),
        "column": round(column, DIGITS),
        "in_field": _in_field(view, row, column),
        "mm": rounded(point_mm),
    }


def _in_field(view: View, row: float, column: float) -> bool:
    pose = view.pose
    if not (0 <= row <= pose.rows - 1 and 0 <= column <= pose.columns - 1):
        return False
    return bool(round_field(pose.rows, pose.columns, margin=view.margin)[round(row), round(column)] >= 1.0)


def rounded(values: Sequence[float] | Any, digits: int = DIGITS) -> list[float]:
    """Return numbers with a few decimals, without a negative zero."""
    return [round(float(value), digits) + 0.0 for value in values]
