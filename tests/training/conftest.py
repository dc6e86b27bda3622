"""Readings of the simulated lumbar study: everything is projected from three dimensions, nothing is rendered."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point, Ruler
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.marks import FrameRef, Landmark, Needle, NerveCourse, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import ImageFacts, Marking, Setting

TRUTH = Path(__file__).parents[2] / "sample_dicoms" / "truth.json"
ANATOMY = load_anatomy()
SERIES = {
    "AP_TRUE": ("ap", None),
    "IPSI_RIGHT": ("right_oblique", Side.RIGHT),
    "IPSI_LEFT": ("left_oblique", Side.LEFT),
    "LATERAL_TRUE": ("lateral", None),
}
"""The still images of the study, and towards which side each is turned."""

CRANIAL, ANTERIOR, LEFT = np.array([0, 0, 1.0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


def outward(side):
    """Return the direction away from the midline on a side."""
    return LEFT if side is Side.LEFT else -LEFT


BONES = {
    "sap_tp_angle": lambda target, out: target + 6 * CRANIAL,
    "mamillo_accessory_notch": lambda target, out: target - 6 * CRANIAL,
    "tp_border_medial": lambda target, out: target + 6 * CRANIAL,
    "tp_border_lateral": lambda target, out: target + 6 * CRANIAL + 15 * out,
    "sap_anterior": lambda target, out: target + 6 * ANTERIOR,
    "sap_posterior": lambda target, out: target - 6 * ANTERIOR,
    "foramen_posterior_upper": lambda target, out: target + 6 * ANTERIOR + 8 * CRANIAL,
    "foramen_posterior_lower": lambda target, out: target + 6 * ANTERIOR - 8 * CRANIAL,
}
"""Landmarks that a reader could place, in mm from the target: 12 mm of process, lines 6 mm away."""


@dataclass
class View:
    """An image of the study."""

    name: str
    frame: FrameRef
    pose: CArmPose
    turned_to: Side | None
    targets: dict

    @property
    def view_id(self):
        return "IPSI_OBLIQUE" if self.name.startswith("IPSI") else self.name

    def point(self, mm):
        row, column = self.pose.project([mm])[0]
        return Point(float(row), float(column))

    def mm_per_px(self, mm):
        depth = float((np.array(mm) - self.pose.source_mm) @ self.pose.detector_direction)
        return self.pose.pixel_pitch_mm * depth / self.pose.source_to_detector_mm

    def facts(self, mm=None, **changes):
        """Return what is known of the image; with a scale that is right at the depth of a point."""
        scale = Calibration(CalibrationSource.NONE)
        if mm is not None:
            size = self.mm_per_px(mm)
            scale = Calibration(CalibrationSource.KNOWN_LENGTH, size, size, 0.02)
        known = {
            "view": self.view_id,
            "ruler": Ruler(scale),
            "orientation": self.pose.patient_orientation,
            "turned_to": self.turned_to,
        }
        return ImageFacts(**(known | changes))


def read_views():
    truth = json.loads(TRUTH.read_text())
    series = {image["series"]: (uid, image) for uid, image in truth["images"].items()}
    views = {}
    for name, (key, side) in SERIES.items():
        uid, image = series[key]
        pose = image["pose"]
        views[name] = View(
            name,
            FrameRef(uid, 1),
            CArmPose(
                primary_angle=pose["primary_angle_deg"],
                secondary_angle=pose["secondary_angle_deg"],
                isocentre_mm=tuple(pose["isocentre_mm"]),
                source_to_detector_mm=pose["source_to_detector_mm"],
                source_to_isocentre_mm=pose["source_to_isocentre_mm"],
                rows=pose["rows"],
                columns=pose["columns"],
                pixel_pitch_mm=pose["pixel_pitch_mm"],
            ),
            side,
            {(one["nerve"], Side(one["side"])): np.array(one["mm"]) for one in image["targets"]},
        )
    return views


def reading(view, reader="Expert A", *, shift=(0, 0, 0), kinds=("target", "landmark"), skip=()):
    """Return a reference with all targets of the study and, where wanted, landmarks, courses and needles."""
    records = []
    for (nerve, side), mm in view.targets.items():
        if (nerve, side) in skip:
            continue
        site, place = ANATOMY.site(nerve, side), mm + np.array(shift)
        out = outward(side)
        if "target" in kinds:
            records.append(Target(frame=view.frame, site=site, position=view.point(place)))
        if "needle" in kinds:
            hub = view.point(place - 60 * CRANIAL * 0.7 + 20 * out - 40 * ANTERIOR)
            records.append(Needle(frame=view.frame, site=site, tip=view.point(place), hub=hub))
        if "course" in kinds:
            ends = (view.point(mm + 8 * CRANIAL), view.point(mm - 8 * CRANIAL))
            records.append(NerveCourse(frame=view.frame, site=site, vertices=ends))
        if "landmark" in kinds:
            records += [
                Landmark(
                    frame=view.frame,
                    name=name,
                    vertebra=site.vertebra,
                    side=side,
                    position=view.point(bone(mm, out)),
                )
                for name, bone in BONES.items()
            ]
    return Marking(reader, tuple(records))


@pytest.fixture(scope="session")
def views():
    return read_views()


@pytest.fixture(scope="session")
def anatomy():
    return ANATOMY


@pytest.fixture(scope="session")
def block():
    return load_protocols(folders=()).get("lumbar_mbb")


@pytest.fixture(scope="session")
def neurotomy():
    return load_protocols(folders=()).get("lumbar_rfn")


@pytest.fixture(scope="session")
def references(views):
    """One expert's reading of each image."""
    return {name: reading(view) for name, view in views.items()}


@pytest.fixture(scope="session")
def make_reading():
    """Return `reading`."""
    return reading


@pytest.fixture(scope="session")
def directions():
    """Return the directions of the patient: cranial, anterior, and away from the midline on a side."""
    return CRANIAL, ANTERIOR, outward


@pytest.fixture(scope="session")
def make_setting(block):
    """Return a function: view, references, a point in mm for the scale, protocol -> setting."""

    def made(shown, references, mm=None, protocol=block, **changes):
        return Setting(
            protocol=protocol,
            references=tuple(references),
            frame=shown.frame,
            image=shown.facts(mm, **changes),
        )

    return made
