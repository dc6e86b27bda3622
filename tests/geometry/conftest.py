"""The simulated study: what its header says and where everything really is."""

import json
from pathlib import Path

import pytest

from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.geometry.view_geometry import ViewGeometry

TRUTH = Path(__file__).parents[2] / "sample_dicoms" / "truth.json"


class SimulatedView:
    """One image of the simulated study."""

    def __init__(self, truth):
        pose = truth["pose"]
        self.pose = CArmPose(
            primary_angle=pose["primary_angle_deg"],
            secondary_angle=pose["secondary_angle_deg"],
            isocentre_mm=tuple(pose["isocentre_mm"]),
            source_to_detector_mm=pose["source_to_detector_mm"],
            source_to_isocentre_mm=pose["source_to_isocentre_mm"],
            rows=pose["rows"],
            columns=pose["columns"],
            pixel_pitch_mm=pose["pixel_pitch_mm"],
        )
        self.geometry = ViewGeometry.of_pose(self.pose)
        self.targets = {
            (one["nerve"], one["side"]): Point(one["row"], one["column"]) for one in truth["targets"]
        }
        self.vertebrae = {one["vertebra"]: Point(one["row"], one["column"]) for one in truth["vertebrae"]}
        self.needles = [frame["needle"] for frame in truth["frames"]]


@pytest.fixture(scope="session")
def simulated():
    """The images of the simulated study by name, for example ``01_ap``."""
    truth = json.loads(TRUTH.read_text())
    return {Path(image["file"]).stem: SimulatedView(image) for image in truth["images"].values()}
