"""The published samples: intact, readable, and the truth agrees with what the pixels show."""

import hashlib
import json

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder
from pydicom.uid import JPEG2000Lossless
from scipy.ndimage import map_coordinates

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation import Size
from fluoro_annotator.simulation.soft_tissue import skin
from fluoro_annotator.simulation.study import file_name
from fluoro_annotator.simulation.truth import study_truth
from fluoro_annotator.simulation.views import lumbar_views

SERIES = ["ap", "right_oblique", "left_oblique", "lateral", "needle_advance", "contrast"]


def entry_of(truth, series):
    return next(entry for entry in truth["images"].values() if entry["series"] == series)


def frames_of(folder, entry):
    dataset = pydicom.dcmread(folder / entry["file"])
    parts = generate_frames(dataset.PixelData, number_of_frames=len(entry["frames"]))
    return np.stack([imagecodecs.jpeg2k_decode(part) for part in parts]).astype(float)


def profile(frame, start, end, count=60):
    places = np.linspace(start, end, count).T
    return map_coordinates(frame, places, order=1)


def test_checksums(sample_folder):
    for line in (sample_folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((sample_folder / name).read_bytes()).hexdigest() == digest, name


def test_checksums_cover_every_image(sample_folder):
    listed = {line.split("  ")[1] for line in (sample_folder / "SHA256SUMS").read_text().splitlines()}
    lumbar = (sample_folder / "lumbar").glob("*.dcm")
    present = {path.relative_to(sample_folder).as_posix() for path in lumbar}
    assert present | {"truth.json"} == listed


def test_folder_is_small(sample_folder):
    parts = {
        name: [p for p in (sample_folder / name).rglob("*") if p.is_file()] for name in ("lumbar", "practice")
    }
    sizes = {name: sum(path.stat().st_size for path in paths) for name, paths in parts.items()}
    assert sizes["lumbar"] < 15e6
    assert sizes["practice"] < 25e6
    assert max(path.stat().st_size for path in parts["practice"] if path.suffix == ".dcm") < 1e6


def test_licence_and_credit(sample_folder, sample_truth):
    assert "Copyright (c) 2021, Robin Remus" in (sample_folder / "LICENSE-meshes").read_text()
    assert "10.1371/journal.pone.0250456" in sample_truth["credit"]
    assert "10.1371/journal.pone.0250456" in (sample_folder / "README.md").read_text()


def test_images_are_those_of_the_truth(sample_folder, sample_truth):
    assert [entry["series"] for entry in sample_truth["images"].values()] == SERIES
    for uid, entry in sample_truth["images"].items():
        dataset = pydicom.dcmread(sample_folder / entry["file"], stop_before_pixels=True)
        assert uid == dataset.SOPInstanceUID
        assert dataset.StudyInstanceUID == sample_truth["study_instance_uid"]
        assert dataset.SeriesInstanceUID == entry["series_instance_uid"]
        assert int(dataset.get("NumberOfFrames", 1)) == len(entry["frames"])


@pytest.mark.parametrize("series", SERIES)
def test_pixels_decode_to_twelve_bits(sample_folder, sample_truth, series):
    entry = entry_of(sample_truth, series)
    frames = frames_of(sample_folder, entry)
    pose = entry["pose"]
    assert frames.shape == (len(entry["frames"]), pose["rows"], pose["columns"])
    assert frames.max() < 4096
    assert not frames[:, :8, :8].any()


def test_pydicom_decodes_the_same_pixels(sample_folder, sample_truth):
    if not get_decoder(JPEG2000Lossless).is_available:
        pytest.skip("pydicom has no JPEG 2000 decoder here (it comes with pillow or pylibjpeg-openjpeg)")
    entry = entry_of(sample_truth, "needle_advance")
    array = pydicom.dcmread(sample_folder / entry["file"]).pixel_array
    assert np.array_equal(array, frames_of(sample_folder, entry))


@pytest.mark.parametrize("series", SERIES)
def test_header_and_truth_give_the_same_projection(sample_folder, sample_truth, series):
    entry = entry_of(sample_truth, series)
    header = pydicom.dcmread(sample_folder / entry["file"], stop_before_pixels=True)
    pose = CArmPose(
        primary_angle=float(header.PositionerPrimaryAngle),
        secondary_angle=float(header.PositionerSecondaryAngle),
        isocentre_mm=tuple(entry["pose"]["isocentre_mm"]),
        source_to_detector_mm=float(header.DistanceSourceToDetector),
        source_to_isocentre_mm=float(header.DistanceSourceToPatient),
        rows=header.Rows,
        columns=header.Columns,
        pixel_pitch_mm=float(header.ImagerPixelSpacing[0]),
    )
    places = [*entry["targets"], *entry["vertebrae"]]
    expected = np.array([(place["row"], place["column"]) for place in places])
    assert pose.project([place["mm"] for place in places]) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("series", ["needle_advance", "contrast"])
def test_needle_is_dark_between_tip_and_hub_in_every_frame(sample_folder, sample_truth, series):
    """The shaft is darker than two lines beside it."""
    entry = entry_of(sample_truth, series)
    for frame, pixels in zip(entry["frames"], frames_of(sample_folder, entry), strict=True):
        tip, hub = (
            np.array([frame["needle"][end]["row"], frame["needle"][end]["column"]]) for end in ("tip", "hub")
        )
        along = (hub - tip) / np.linalg.norm(hub - tip)
        across = 5 * np.array([-along[1], along[0]])
        shaft = profile(pixels, tip + 12 * along, hub).mean()
        beside = [profile(pixels, tip + 12 * along + side, hub + side).mean() for side in (across, -across)]
        assert shaft < min(beside) - 500


def test_needle_begins_at_its_tip(sample_folder, sample_truth):
    """Along the needle's axis, averaged over frames at rest, brightness falls within 1.5 pixels of the tip."""
    entry = entry_of(sample_truth, "needle_advance")
    pixels = frames_of(sample_folder, entry)[-4:].mean(axis=0)
    needle = entry["frames"][-1]["needle"]
    tip, hub = (np.array([needle[end]["row"], needle[end]["column"]]) for end in ("tip", "hub"))
    along = (hub - tip) / np.linalg.norm(hub - tip)
    offsets = np.arange(-8, 8.01, 0.25)
    values = map_coordinates(pixels, (tip[:, None] + along[:, None] * offsets), order=1)
    middle = (values[:12].mean() + values[-12:].mean()) / 2
    assert offsets[np.argmax(values < middle)] == pytest.approx(0, abs=1.5)


def test_needle_ends_at_its_target(sample_truth):
    entry = entry_of(sample_truth, "needle_advance")
    target = next(t for t in entry["targets"] if (t["nerve"], t["side"]) == ("L4_MB", "right"))
    tip = entry["frames"][-1]["needle"]["tip"]
    assert tip["mm"] == target["mm"]
    assert entry["needle"] == {"nerve": "L4_MB", "side": "right"}
    distances = [
        np.hypot(f["needle"]["tip"]["row"] - tip["row"], f["needle"]["tip"]["column"] - tip["column"])
        for f in entry["frames"]
    ]
    assert distances[0] > 40
    assert distances == sorted(distances, reverse=True)


def test_contrast_appears_when_the_truth_says(sample_folder, sample_truth):
    entry = entry_of(sample_truth, "contrast")
    pixels = frames_of(sample_folder, entry)
    first = entry["contrast"]["first_visible_frame_number"]
    tip = entry["frames"][0]["needle"]["tip"]
    row, column = round(tip["row"]), round(tip["column"])
    patch = pixels[:, row - 14 : row + 2, column - 4 : column + 14].mean(axis=(1, 2))
    noise = patch[: first - 1].std()
    assert np.abs(patch[: first - 1] - patch[: first - 1].mean()).max() < 4 * noise + 10
    assert patch[first - 1] < patch[: first - 1].mean() - 15
    assert patch[-1] < patch[first - 1] - 100
    states = [frame["contrast"]["state"] for frame in entry["frames"]]
    assert states[: first - 1] == ["none"] * (first - 1)
    assert states[first - 1] == "flowing"
    assert states[-1] == "complete"


@pytest.mark.parametrize("series", ["ap", "right_oblique", "left_oblique", "lateral"])
def test_bodies_are_darker_than_what_lies_in_front_of_them(sample_folder, sample_truth, series):
    entry = entry_of(sample_truth, series)
    image = frames_of(sample_folder, entry)[0]
    size = entry["pose"]["rows"]
    centres = [(v["row"], v["column"]) for v in entry["vertebrae"] if v["vertebra"] in {"L4", "L5"}]
    field = np.hypot(*(np.indices(image.shape) - size / 2)) < 0.45 * size
    for row, column in np.rint(centres).astype(int):
        body = image[row - 12 : row + 13, column - 12 : column + 13].mean()
        assert body < np.percentile(image[field], 70)


def test_mesh_folder_reproduces_the_published_truth(phantom, sample_truth):
    images = [(file_name(view), view) for view in lumbar_views(phantom, skin(), Size())]
    again = json.loads(json.dumps(study_truth(phantom, images)))
    assert again == sample_truth
