"""The published studies for practice: intact, silent about their answers, and their truth agrees with the geometry."""

import hashlib
import json
import math
from itertools import pairwise

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames
from scipy.ndimage import map_coordinates

from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.aiming import Frame, Stand, aimed, stand_of
from fluoro_annotator.simulation.landmarks import Endplate, endplate, landmarks_of
from fluoro_annotator.simulation.meshes import box, ray_crossings
from fluoro_annotator.simulation.outlines import MOST_POINTS, outline, simplified, traced
from fluoro_annotator.simulation.practice import practice_images
from fluoro_annotator.simulation.practice_cases import AP, LATERAL, OBLIQUE, PLACES, practice_cases
from fluoro_annotator.simulation.practice_truth import adequacy, practice_truth

PLATE = Endplate((0.0, 0.0, 50.0), (0.0, 0.0, 1.0), *[(0.0, 0.0, 50.0)] * 4)
TELLING = (
    "true",
    "high",
    "lateral t",
    "ventral",
    "wrong",
    "medial",
    "short",
    "good",
    "deg",
    "tilt",
    "MB",
    "DR",
)


@pytest.fixture(scope="module")
def folder(sample_folder):
    return sample_folder / "practice"


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def entries(truth):
    return list(truth["images"].values())


def pixels_of(folder, entry):
    dataset = pydicom.dcmread(folder / entry["file"])
    part = next(generate_frames(dataset.PixelData, number_of_frames=1))
    return imagecodecs.jpeg2k_decode(part).astype(float)


def pose_of(entry):
    pose = entry["pose"]
    return CArmPose(
        primary_angle=pose["primary_angle_deg"],
        secondary_angle=pose["secondary_angle_deg"],
        isocentre_mm=tuple(pose["isocentre_mm"]),
        source_to_detector_mm=pose["source_to_detector_mm"],
        source_to_isocentre_mm=pose["source_to_isocentre_mm"],
        rows=pose["rows"],
        columns=pose["columns"],
        pixel_pitch_mm=pose["pixel_pitch_mm"],
    )


def at(place):
    return np.array([place["row"], place["column"]])


# ---------------------------------------------------------------------- the files


def test_checksums_cover_everything(folder):
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    for digest, name in lines:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert {name for _, name in lines} == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}


def test_images_are_those_of_the_truth(folder, truth):
    assert len(truth["images"]) == len(list(folder.glob("*.dcm"))) == 127
    for uid, entry in truth["images"].items():
        header = pydicom.dcmread(folder / entry["file"], stop_before_pixels=True)
        assert (header.SOPInstanceUID, header.StudyInstanceUID) == (uid, entry["study_instance_uid"])
        assert header.SeriesInstanceUID == entry["series_instance_uid"]
        assert header.PatientIdentityRemoved == "YES"
        assert max(header.Rows, header.Columns) <= 512


def test_every_case_is_a_study_of_its_own(truth, entries):
    assert len({entry["study_instance_uid"] for entry in entries}) == len(practice_cases()) == 89
    assert truth["source"] == "geometry of the phantom, not a physician"


def test_pixels_are_twelve_bits_and_the_corners_are_black(folder, entries):
    for entry in entries[::9]:
        pixels = pixels_of(folder, entry)
        assert pixels.shape == (entry["pose"]["rows"], entry["pose"]["columns"])
        assert pixels.max() < 4096
        assert not pixels[:8, :8].any()


def test_headers_say_nothing_of_the_answers(folder, entries):
    for entry in entries:
        header = pydicom.dcmread(folder / entry["file"], stop_before_pixels=True)
        said = f"{header.StudyDescription} {header.SeriesDescription} {header.StudyID} {entry['file']}"
        assert not [word for word in TELLING if word in said]
        if entry["group"] == "views":
            assert header.PositionerPrimaryAngle is None
            assert header.PositionerSecondaryAngle is None


def test_the_order_of_the_files_says_nothing_of_the_answers(entries):
    places = [entry["needle"]["place"] for entry in entries if entry["needle"]]
    assert places != sorted(places)
    groups = [entry["group"] for entry in entries]
    assert len([1 for one, other in pairwise(groups) if one != other]) > 30


# ---------------------------------------------------------------------- projections


def test_header_and_truth_give_the_same_projection(folder, entries):
    for entry in entries:
        header = pydicom.dcmread(folder / entry["file"], stop_before_pixels=True)
        pose = pose_of(entry)
        assert list(pose.patient_orientation) == list(header.PatientOrientation)
        if entry["scaled"]:
            assert float(header.ImagerPixelSpacing[0]) == pytest.approx(pose.pixel_pitch_mm)
        if entry["group"] != "views":
            assert float(header.PositionerPrimaryAngle) == pytest.approx(pose.primary_angle)
        places = [*entry["targets"], *entry["vertebrae"], *entry["landmarks"]]
        if entry["needle"]:
            places += [entry["needle"]["tip"], entry["needle"]["hub"]]
        expected = np.array([at(place) for place in places])
        assert pose.project([place["mm"] for place in places]) == pytest.approx(expected, abs=0.01)


def test_scale_is_there_or_is_not(folder, entries):
    bare = [entry for entry in entries if not entry["scaled"]]
    assert len(bare) == 5
    for entry in bare:
        assert not read_calibration(pydicom.dcmread(folder / entry["file"], stop_before_pixels=True)).usable
    for entry in entries:
        if entry["scaled"]:
            found = read_calibration(pydicom.dcmread(folder / entry["file"], stop_before_pixels=True))
            assert found.usable
            pose = pose_of(entry)
            assert found.column_mm == pytest.approx(pose.pixel_pitch_mm / pose.magnification)


def test_rule_is_thirty_millimetres_and_dark(folder, entries):
    ruled = [entry for entry in entries if entry["rule"]]
    assert len(ruled) == 2
    for entry in ruled:
        ends = [np.array(end["mm"]) for end in entry["rule"]]
        assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(30, abs=0.01)
        pixels = pixels_of(folder, entry)
        start, end = (at(end) for end in entry["rule"])
        along = map_coordinates(pixels, np.linspace(start, end, 40).T, order=1)
        beside = map_coordinates(pixels, (np.linspace(start, end, 40) + np.array([0.0, 6.0])).T, order=1)
        assert along.mean() < beside.mean() - 400


# ---------------------------------------------------------------------- needles


def needle_entries(entries):
    return [entry for entry in entries if entry["needle"]]


def test_needles_are_dark_from_tip_to_hub(folder, entries):
    """Along the shaft it is darker than beside it, averaged over the part in the field."""
    for entry in needle_entries(entries):
        tip, hub = at(entry["needle"]["tip"]), at(entry["needle"]["hub"])
        length = np.linalg.norm(hub - tip)
        if length < 25 or not (entry["needle"]["tip"]["in_field"] and entry["needle"]["hub"]["in_field"]):
            continue  # seen end-on, or not whole
        pixels = pixels_of(folder, entry)
        along = (hub - tip) / length
        across = 5 * np.array([-along[1], along[0]])
        line = np.linspace(tip + 3 * along, hub, 80)
        shaft = map_coordinates(pixels, line.T, order=1).mean()
        beside = [map_coordinates(pixels, (line + side).T, order=1).mean() for side in (across, -across)]
        assert shaft < min(beside) - 150, entry["file"]


def test_tips_lie_from_the_target_as_the_truth_says(entries):
    for entry in needle_entries(entries):
        needle = entry["needle"]
        meant = next(
            t for t in entry["targets"] if (t["nerve"], t["side"]) == (needle["nerve"], needle["side"])
        )
        assert np.subtract(needle["tip"]["mm"], meant["mm"]) == pytest.approx(
            needle["from_target_mm"], abs=0.002
        )
        assert math.dist(needle["tip"]["mm"], needle["hub"]["mm"]) == pytest.approx(
            needle["length_mm"], abs=0.01
        )


def test_every_planned_fault_is_shown_on_both_sides_or_more_than_one_level(entries):
    seen = {}
    for entry in needle_entries(entries):
        needle = entry["needle"]
        for fault in needle["faults"]:
            seen.setdefault(fault, set()).add((needle["nerve"], needle["side"]))
    wanted = {fault for place in PLACES.values() for faults in place.faults.values() for fault in faults}
    assert set(seen) == wanted
    assert all(len(sites) >= 2 for sites in seen.values())


def test_needles_go_through_no_bone(phantom, entries):
    done = set()
    for entry in needle_entries(entries):
        tip, hub = (np.array(entry["needle"][end]["mm"]) for end in ("tip", "hub"))
        if tuple(tip) in done:
            continue
        done.add(tuple(tip))
        outward = (hub - tip) / np.linalg.norm(hub - tip)
        for name, bone in phantom.bones.items():
            assert not ray_crossings(bone, tip + outward, outward).size, (entry["file"], name)


# ---------------------------------------------------------------------- views


def test_views_are_off_as_they_were_planned(phantom, entries):
    for entry in entries:
        pose = pose_of(entry)
        for vertebra, seen in entry["seen"].items():
            stand = stand_of(pose, endplate(phantom, vertebra))
            assert (seen["turn_deg"], seen["tilt_deg"]) == pytest.approx((stand.turn, stand.tilt), abs=0.01)


def test_aims_are_true_except_where_they_are_meant_to_be_off(entries):
    for entry in entries:
        seen = entry["seen"][entry["aimed_at"]]
        if entry["group"] != "views" and entry["family"] != OBLIQUE:
            assert seen["true"], entry["file"]
        if entry["family"] == OBLIQUE:
            assert 14.9 < abs(seen["turn_deg"]) < 35.1
            assert abs(seen["tilt_deg"]) < 0.1
    views = [entry["seen"][entry["aimed_at"]] for entry in entries if entry["group"] == "views"]
    assert sum(seen["true"] for seen in views) == 7
    corrections = {tuple(seen["corrections"]) for seen in views if len(seen["corrections"]) == 1}
    assert corrections == {("oblique_left",), ("oblique_right",), ("tilt_cranial",), ("tilt_caudal",)}


@pytest.mark.parametrize("base", [0.0, 90.0, -90.0])
@pytest.mark.parametrize(
    ("turn", "tilt", "expected"),
    [
        (0, 0, ()),
        (8, 0, ("oblique_right",)),
        (-8, 0, ("oblique_left",)),
        (0, 8, ("tilt_caudal",)),
        (0, -8, ("tilt_cranial",)),
        (4, -4, ("oblique_right", "tilt_cranial")),
    ],
)
def test_a_correction_takes_the_detector_back(base, turn, tilt, expected):
    """The detector of a view that is off lies where the error says, and the correction names the way back."""
    pose = aimed(PLATE, Stand(base + turn, tilt), (0.0, 0.0, 50.0), Frame(edge=256, field_mm=200))
    family = LATERAL if base else AP
    seen = stand_of(pose, PLATE)
    assert adequacy(seen.turn, seen.tilt, family).corrections == expected
    true = aimed(PLATE, Stand(base, 0), (0.0, 0.0, 50.0), Frame(edge=256, field_mm=200))
    moved = pose.detector_direction - true.detector_direction
    way_left = np.array([math.sin(math.radians(base)), math.cos(math.radians(base)), 0.0])
    for name, direction in {
        "oblique_right": way_left,
        "oblique_left": -way_left,
        "tilt_caudal": np.array([0, 0, 1.0]),
        "tilt_cranial": np.array([0, 0, -1.0]),
    }.items():
        assert (name in expected) == (float(moved @ direction) > 0.03), name


def test_the_way_to_the_left_of_an_ap_is_the_patients_left():
    pose = aimed(PLATE, Stand(8, 0), (0.0, 0.0, 50.0), Frame(edge=256, field_mm=200))
    assert pose.detector_direction[1] > 0.1
    assert pose.detector_direction[0] < -0.9


def test_an_off_centre_vertebra_is_judged_by_its_own_ray():
    """The central ray of this pose is oblique and tilted, yet the vertebra is seen truly."""
    pose = aimed(PLATE, Stand(0, 0), (0.0, 30.0, 10.0), Frame(edge=256, field_mm=200))
    assert abs(pose.secondary_angle) > 2
    assert abs(abs(pose.primary_angle) - 180) > 2
    stand = stand_of(pose, PLATE)
    assert (stand.turn, stand.tilt) == pytest.approx((0, 0), abs=0.02)


def test_obliques_have_no_true_view():
    assert adequacy(25, 0, OBLIQUE) is None


# ---------------------------------------------------------------------- landmarks and outlines


def test_landmarks_lie_as_their_names_say(phantom):
    for target in phantom.targets:
        plate = endplate(phantom, target.vertebra)
        found = {name: np.array(point) for name, point in landmarks_of(phantom, target).items()}
        assert found["sap_anterior"] @ plate.anterior > found["sap_posterior"] @ plate.anterior + 15
        assert (found["foramen_posterior_upper"] - found["foramen_posterior_lower"]) @ plate.normal > 3
        assert (
            np.array(target.point_mm) @ plate.anterior < found["foramen_posterior_lower"] @ plate.anterior - 5
        )
        assert ("mamillo_accessory_notch" in found) == (target.vertebra != "S1")
        if target.vertebra != "S1":
            assert abs(found["tp_border_lateral"][1]) > abs(found["tp_border_medial"][1]) + 5
            assert (found["sap_tp_angle"] - found["mamillo_accessory_notch"]) @ plate.normal > 3


def test_endplates_are_as_wide_as_vertebrae(phantom):
    for vertebra in phantom.vertebrae:
        plate = endplate(phantom, vertebra)
        assert 40 < math.dist(plate.right_mm, plate.left_mm) < 70
        assert 25 < math.dist(plate.anterior_mm, plate.posterior_mm) < 45
        assert plate.normal[1] == 0


def test_outline_of_a_box_is_its_shadow():
    pose = CArmPose(
        primary_angle=180, secondary_angle=0, isocentre_mm=(0, 0, 0), rows=200, columns=200, pixel_pitch_mm=1
    )
    points = np.array(outline(box((-0.5, -30, -20), (0.5, 30, 20)), pose))
    corners = pose.project([(0, y, z) for y in (-30, 30) for z in (-20, 20)])
    assert points.min(axis=0) == pytest.approx(corners.min(axis=0), abs=1.5)
    assert points.max(axis=0) == pytest.approx(corners.max(axis=0), abs=1.5)
    assert len(points) <= 12


def test_outline_of_a_bone_beside_the_image_is_empty():
    pose = CArmPose(
        primary_angle=180, secondary_angle=0, isocentre_mm=(0, 0, 0), rows=50, columns=50, pixel_pitch_mm=1
    )
    assert outline(box((-5, 150, -20), (5, 200, 20)), pose) == []


def test_tracing_goes_once_around_and_a_single_pixel_is_itself():
    shadow = np.zeros((6, 7), dtype=bool)
    shadow[1:4, 2:6] = True
    assert len(traced(shadow)) == 10
    shadow[:] = False
    shadow[2, 3] = True
    assert traced(shadow).tolist() == [[2, 3]]
    assert len(traced(np.zeros((3, 3), dtype=bool))) == 0


def test_simplifying_keeps_within_the_tolerance():
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = 50 * np.column_stack([np.cos(angles), np.sin(angles)])
    kept = simplified(circle, 0.5)
    assert len(kept) < 40
    middles = (kept + np.roll(kept, -1, axis=0)) / 2
    assert np.linalg.norm(middles, axis=1).min() > 49.4


def test_outlines_hold_the_centres_and_few_points(entries):
    for entry in entries:
        for vertebra, points in entry["outlines"].items():
            assert 3 <= len(points) <= MOST_POINTS
            centre = next(v for v in entry["vertebrae"] if v["vertebra"] == vertebra)
            inside = (
                0 <= centre["row"] < entry["pose"]["rows"]
                and 0 <= centre["column"] < entry["pose"]["columns"]
            )
            if vertebra != "S1" and inside:
                low, high = np.min(points, axis=0), np.max(points, axis=0)
                assert (low <= at(centre)).all()
                assert (at(centre) <= high).all()


def test_mesh_folder_reproduces_the_published_truth(phantom, truth):
    images = practice_images(phantom)
    chosen = tuple(image for image in images if image.file.endswith(("1_1.dcm", "5_2.dcm")))
    again = json.loads(json.dumps(practice_truth(phantom, chosen)))
    assert len(again["images"]) > 8
    for uid, entry in again["images"].items():
        assert entry == truth["images"][uid]


def test_cases_have_different_names():
    keys = [case.key for case in practice_cases()]
    assert len(set(keys)) == len(keys)
