"""Files that others made: those packaged with pydicom, and a folder of public ones."""

import csv
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_files

from fluoro_annotator.dicom import DisplayOptions, FrameReader, FrameStack, apply_display, reading, scan
from fluoro_annotator.errors import FluoroAnnotatorError

PACKAGED = sorted(
    path
    for path in get_testdata_files()
    if Path(path).is_file() and not Path(path).name.startswith("DICOMDIR")
)
PUBLIC = Path(__file__).parents[3] / "shared" / "dicom"
needs_public = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the folder of public DICOM files is not here")

LOSSY = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"}


def reference(image):
    """Return the first frame as pydicom decodes it, None where it has no decoder for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pydicom.pixels.pixel_array(image.path, index=0)
        except (RuntimeError, NotImplementedError, ValueError, AttributeError):
            return None


def images_of(paths):
    return [image for path in paths for study in scan([path]).studies for image in study.images]


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: Path(path).name)
def test_a_packaged_file_is_a_frame_or_has_a_reason(path):
    result = scan([path])
    assert len(result.skipped) + len(result.studies) == 1
    for entry in result.skipped:
        assert len(entry.problem) > 5
        assert "Error" not in entry.problem
    for study in result.studies:
        assert_frame_or_reason(study.images[0])


def frame_or_reason(image):
    try:
        return FrameReader(image).read(0)
    except FluoroAnnotatorError as error:
        return str(error)


def assert_frame_or_reason(image):
    frame = frame_or_reason(image)
    if isinstance(frame, str):
        assert image.path.name in frame
        return
    assert frame.shape == image.frame_shape
    assert apply_display(frame, image).shape == image.shown_shape
    expected = reference(image)
    if expected is not None and (image.samples == 1 or image.photometric == "RGB"):
        tolerance = 1 if image.transfer_syntax_uid in LOSSY else 0
        np.testing.assert_allclose(frame.astype(int), expected.astype(int), atol=tolerance)


def test_most_packaged_images_of_accepted_kinds_open():
    images = images_of(PACKAGED)
    assert len(images) >= 30
    readable = 0
    for image in images:
        try:
            readable += FrameReader(image).read(image.frames - 1).shape == image.frame_shape
        except FluoroAnnotatorError:
            continue
    assert readable >= len(images) - 3


@needs_public
def test_public_files_of_accepted_kinds_open_and_others_are_named():
    with (PUBLIC / "INDEX.csv").open(newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    accepted = ("Secondary Capture", "Digital X-Ray", "Computed Radiography")
    wanted = {name for name, row in rows.items() if row["sop_class"].startswith(accepted)}
    result = scan([PUBLIC])
    images = {image.path.name: image for study in result.studies for image in study.images}
    assert set(images) == wanted
    for name, image in images.items():
        rows_, columns, frames = map(int, rows[name]["size"].split("x"))
        stack = FrameStack([image])
        assert stack.shape == (frames, rows_, columns)
        assert stack[0].max() > stack[0].min()


@needs_public
@pytest.mark.validator
@pytest.mark.skipif(shutil.which("dcm2pnm") is None, reason="dcm2pnm of dcmtk is not installed")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("dx_image.dcm", ["+Wi", "1"]),
        ("vlut_04.dcm", ["+Wl", "1"]),
        ("mlut_18.dcm", []),
        ("overlay.dcm", ["-O"]),
        ("overlay.dcm", ["+O", "0", "+Omr"]),
    ],
)
def test_public_files_look_as_dcmtk_shows_them(name, arguments, tmp_path):
    (image,) = images_of([PUBLIC / name])
    output = tmp_path / "frame.pgm"
    command = ["dcm2pnm", "--quiet", "+op", *arguments, str(image.path), str(output)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    content = output.read_bytes()
    expected = np.frombuffer(content[-image.frame_pixels :], np.uint8).reshape(image.frame_shape)
    options = DisplayOptions(overlays="+O" in arguments)
    found = apply_display(FrameReader(image).read(0), image, options)
    assert np.abs(found.astype(int) - expected).max() <= 1


def first_frames(paths, monkeypatch):
    """Read files of other classes as well, since they have the odd encapsulations."""
    monkeypatch.setattr(reading, "_check_class", lambda *_: None)
    return {image.path.name: FrameReader(image).read(image.frames - 1) for image in images_of(paths)}


@needs_public
@pytest.mark.parametrize("family", ["CT0012", "CT1_UNC"])
def test_lossless_encapsulations_of_one_image_are_equal(family, monkeypatch):
    frames = first_frames(sorted(PUBLIC.glob(f"{family}.*")), monkeypatch)
    plain = frames.pop(f"{family}.explicit_little_endian.dcm")
    assert len(frames) >= 4
    frames.pop(f"{family}.fragmented_no_bot_jpeg_baseline.51.dcm", None)
    for name, frame in frames.items():
        near_lossless = ".81." in name
        assert np.abs(frame.astype(int) - plain).max() <= (5 if near_lossless else 0), name


@needs_public
def test_a_lossy_cine_in_fragments_is_close_to_the_plain_one(monkeypatch):
    plain = first_frames([PUBLIC / "IM00001.implicit_little_endian.dcm"], monkeypatch)
    lossy = first_frames([PUBLIC / "IM00001.fragmented_no_bot_jpeg_baseline.50.dcm"], monkeypatch)
    (first,), (other,) = plain.values(), lossy.values()
    assert np.abs(first.astype(int) - other).mean() < 3


@needs_public
@pytest.mark.validator
@pytest.mark.skipif(shutil.which("dcmdjpeg") is None, reason="dcmdjpeg of dcmtk is not installed")
def test_jpeg_lossless_decodes_as_dcmtk_does(tmp_path):
    output = tmp_path / "plain.dcm"
    subprocess.run(
        ["dcmdjpeg", str(PUBLIC / "JPEG-LL.dcm"), str(output)], check=True, capture_output=True, timeout=60
    )
    ours, theirs = images_of([PUBLIC / "JPEG-LL.dcm"]), images_of([output])
    np.testing.assert_array_equal(FrameReader(ours[0]).read(0), FrameReader(theirs[0]).read(0))
