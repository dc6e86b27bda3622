import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import generate_frames
from pydicom.uid import JPEG2000Lossless, XRayAngiographicImageStorage

from fluoro_annotator.errors import MissingExtraError, SimulationError
from fluoro_annotator.simulation import make_lumbar_study, requirements
from fluoro_annotator.simulation.dicom_writer import identifier, image_dataset, image_uid
from fluoro_annotator.simulation.render import Renderer, display_window
from fluoro_annotator.simulation.scene import Scene
from fluoro_annotator.simulation.soft_tissue import skin
from fluoro_annotator.simulation.views import lumbar_views

SCRIPT = Path(__file__).parents[2] / "sample_dicoms" / "make_samples.py"


def read(path):
    dataset = pydicom.dcmread(path)
    count = int(dataset.get("NumberOfFrames", 1))
    frames = [
        imagecodecs.jpeg2k_decode(part) for part in generate_frames(dataset.PixelData, number_of_frames=count)
    ]
    return dataset, np.stack(frames)


@pytest.fixture
def images(tiny_study):
    return [read(path) for path in sorted((tiny_study / "lumbar").glob("*.dcm"))]


def test_files_and_checksums(tiny_study):
    lines = (tiny_study / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 7
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tiny_study / name).read_bytes()).hexdigest() == digest


def test_one_study_six_series_unique_images(images):
    datasets = [dataset for dataset, _ in images]
    assert len({d.StudyInstanceUID for d in datasets}) == 1
    assert len({d.SeriesInstanceUID for d in datasets}) == 6
    assert len({d.SOPInstanceUID for d in datasets}) == 6
    assert [d.SeriesNumber for d in datasets] == [1, 2, 3, 4, 5, 6]


def test_every_image_is_twelve_bit_xa_without_loss(images):
    for dataset, frames in images:
        assert dataset.SOPClassUID == XRayAngiographicImageStorage
        assert dataset.file_meta.TransferSyntaxUID == JPEG2000Lossless
        assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
        assert dataset.PhotometricInterpretation == "MONOCHROME2"
        assert frames.shape == (int(dataset.get("NumberOfFrames", 1)), dataset.Rows, dataset.Columns)
        assert frames.max() < 4096
        assert frames.std() > 100


def test_no_patient(images):
    for dataset, _ in images:
        assert dataset.PatientName == "PHANTOM^LUMBAR"
        assert dataset.PatientIdentityRemoved == "YES"
        assert dataset.PatientBirthDate == dataset.ReferringPhysicianName == ""


def test_geometry_attributes_agree_with_the_pose(images, cubes, tiny_size):
    for (dataset, _), view in zip(images, lumbar_views(cubes, skin(), tiny_size), strict=True):
        pose = view.pose
        assert float(dataset.PositionerPrimaryAngle) == pose.primary_angle
        assert float(dataset.PositionerSecondaryAngle) == pytest.approx(pose.secondary_angle)
        assert float(dataset.DistanceSourceToDetector) == 1000
        assert float(dataset.DistanceSourceToPatient) == 700
        assert float(dataset.EstimatedRadiographicMagnificationFactor) == pytest.approx(1000 / 700)
        assert [float(v) for v in dataset.ImagerPixelSpacing] == pytest.approx([pose.pixel_pitch_mm] * 2)
        assert tuple(dataset.PatientOrientation) == pose.patient_orientation
        assert dataset.PatientPosition == "HFP"


def test_runs_have_frame_times_and_stills_do_not(images):
    for dataset, frames in images:
        if len(frames) > 1:
            assert dataset.FrameIncrementPointer == pydicom.tag.Tag("FrameTime")
            assert float(dataset.FrameTime) == pytest.approx(1000 / 15, abs=0.1)
        else:
            assert "FrameTime" not in dataset
            assert "NumberOfFrames" not in dataset


def test_default_window_shows_the_field(images):
    for dataset, frames in images:
        low, high = (float(dataset.WindowCenter) + sign * float(dataset.WindowWidth) / 2 for sign in (-1, 1))
        middle = frames[0][
            dataset.Rows // 4 : -dataset.Rows // 4, dataset.Columns // 4 : -dataset.Columns // 4
        ]
        assert ((middle > low) & (middle < high)).mean() > 0.9


def test_rendering_is_repeatable_and_sized_by_the_view(cubes, tiny_size):
    renderer = Renderer(cubes, Scene(()))
    view = lumbar_views(cubes, skin(), tiny_size)[4]
    first, second = renderer.frames(view), renderer.frames(view)
    assert first.shape == (8, 64, 64)
    assert np.array_equal(first, second)
    assert not np.array_equal(first[6], first[7])


def test_needle_darkens_its_line_and_nothing_else(cubes, tiny_size):
    view = lumbar_views(cubes, skin(), replace(tiny_size, run=256))[4]
    bare = replace(view, advance=None)
    renderer = Renderer(cubes, Scene(()), 1)
    changed = renderer.frames(bare)[7].astype(int) - renderer.frames(view)[7].astype(int) > 400
    tip, hub = view.pose.project([view.needle_at(7).tip_mm, view.needle_at(7).hub_mm])
    middle = np.rint((tip + hub) / 2).astype(int)
    assert changed[middle[0] - 1 : middle[0] + 2, middle[1] - 1 : middle[1] + 2].any()
    rows, _ = np.nonzero(changed)
    assert rows.min() == pytest.approx(tip[0], abs=3)


def test_contrast_darkens_the_target_only_from_its_first_frame(images):
    dataset, frames = images[5]
    assert dataset.ContrastBolusAgent
    before, after = frames[:2].astype(float).mean(axis=0), frames[-2:].astype(float).mean(axis=0)
    assert (before - after).max() > 300
    assert abs(np.median(before - after)) < 40


def test_truth_covers_every_image_frame_and_target(tiny_study, images):
    truth = json.loads((tiny_study / "truth.json").read_text())
    assert (truth["format"], truth["version"]) == ("fluoro_annotator.truth", 1)
    assert set(truth["images"]) == {dataset.SOPInstanceUID for dataset, _ in images}
    for dataset, frames in images:
        entry = truth["images"][dataset.SOPInstanceUID]
        assert entry["source"] == "geometry of the phantom, not a physician"
        assert [frame["frame_number"] for frame in entry["frames"]] == list(range(1, len(frames) + 1))
        assert {(t["nerve"], t["side"]) for t in entry["targets"]} == {("L4_MB", "left"), ("L4_MB", "right")}
        assert [v["vertebra"] for v in entry["vertebrae"]] == ["L4", "L5"]


def test_truth_equals_projection(tiny_study, cubes, tiny_size):
    truth = json.loads((tiny_study / "truth.json").read_text())
    for view in lumbar_views(cubes, skin(), tiny_size):
        entry = truth["images"][image_uid(view)]
        for place in entry["targets"] + entry["vertebrae"]:
            assert view.pose.project([place["mm"]])[0] == pytest.approx(
                (place["row"], place["column"]), abs=2e-3
            )
        for index, frame in enumerate(entry["frames"]):
            needle = view.needle_at(index)
            assert (frame["needle"] is None) == (needle is None)
            if needle:
                tip = frame["needle"]["tip"]
                assert view.pose.project([needle.tip_mm])[0] == pytest.approx(
                    (tip["row"], tip["column"]), abs=2e-3
                )


def test_truth_says_what_lies_outside_the_field(tiny_study):
    truth = json.loads((tiny_study / "truth.json").read_text())
    entries = list(truth["images"].values())
    for entry in entries:
        size = entry["pose"]["rows"]
        for place in entry["targets"] + entry["vertebrae"]:
            distance = np.hypot(place["row"] - (size - 1) / 2, place["column"] - (size - 1) / 2)
            assert place["in_field"] == (distance < size * 0.488) or abs(distance - size * 0.488) < 2


def test_identifiers_are_stable_valid_and_different():
    assert identifier("image", "ap") == identifier("image", "ap")
    assert identifier("image", "ap") != identifier("series", "ap")
    uid = pydicom.uid.UID(identifier("image", "ap"))
    assert uid.is_valid
    assert uid.startswith("2.25.")


def test_window_is_whole_numbers(cubes, tiny_size):
    view = lumbar_views(cubes, skin(), tiny_size)[0]
    frames = np.tile(np.linspace(1000, 3000, 96).astype(np.uint16), (1, 96, 1))
    centre, width = display_window(frames)
    assert centre == pytest.approx(2000, abs=20)
    assert 1300 < width < 2800
    dataset = image_dataset(view, frames, (centre, width))
    assert (dataset.WindowCenter, dataset.WindowWidth) == (centre, width)


def test_progress_names_the_files_and_folder_that_cannot_be_made_is_named(cubes, tiny_size, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SimulationError, match="taken: the samples cannot be written here"):
        make_lumbar_study(cubes, tmp_path / "taken", tiny_size)
    named = []
    files = make_lumbar_study(cubes, tmp_path / "fine", tiny_size, progress=named.append)
    assert named == [file.relative_to(tmp_path / "fine").as_posix() for file in files[:6]]


def test_study_of_a_phantom_without_l5_is_refused(cubes, tiny_size, tmp_path):
    without = replace(cubes, vertebrae={"L4": cubes.vertebra("L4")})
    with pytest.raises(SimulationError, match="no vertebra L5"):
        make_lumbar_study(without, tmp_path, tiny_size)
    assert not list(tmp_path.iterdir())


def test_missing_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(requirements, "PACKAGES", ("numpy", "no_such_package_here"))
    with pytest.raises(
        MissingExtraError,
        match=r"no_such_package_here\. Install them with: pip install fluoro-annotator\[simulation\]",
    ):
        requirements.require_packages()


def test_script_refuses_a_folder_without_meshes(tmp_path):
    done = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no meshes in this folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.validator
def test_dciodvfy_accepts_every_tiny_image(tiny_study):
    validate(tiny_study)


@pytest.mark.validator
def test_dciodvfy_accepts_every_sample(sample_folder):
    validate(sample_folder)


def validate(folder):
    tool = shutil.which("dciodvfy")
    if tool is None:
        pytest.skip("dciodvfy is not installed (Debian package dicom3tools)")
    for path in sorted(folder.rglob("*.dcm")):
        for options in ([], ["-new"]):
            done = subprocess.run([tool, *options, path], capture_output=True, text=True, check=False)
            report = done.stdout + done.stderr
            assert done.returncode == 0
            assert "XAImage" in report
            assert "Error" not in report
            assert "Warning" not in report
