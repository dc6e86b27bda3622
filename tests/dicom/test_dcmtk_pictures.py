"""Every file that dcmtk can show, too, looks as dcmtk shows it: within one grey level of 255."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_files

from fluoro_annotator.dicom import FrameStack, scan
from fluoro_annotator.dicom.voi import voi_kind
from fluoro_annotator.errors import FluoroAnnotatorError

PUBLIC = Path(__file__).parents[3] / "shared" / "dicom"

TOOLS = {
    "1.2.840.10008.1.2": "dcm2pnm",
    "1.2.840.10008.1.2.1": "dcm2pnm",
    "1.2.840.10008.1.2.2": "dcm2pnm",
    "1.2.840.10008.1.2.1.99": "dcm2pnm",
    "1.2.840.10008.1.2.5": "dcm2pnm",
    "1.2.840.10008.1.2.4.50": "dcmj2pnm",
    "1.2.840.10008.1.2.4.51": "dcmj2pnm",
    "1.2.840.10008.1.2.4.57": "dcmj2pnm",
    "1.2.840.10008.1.2.4.70": "dcmj2pnm",
    "1.2.840.10008.1.2.4.80": "dcml2pnm",
    "1.2.840.10008.1.2.4.81": "dcml2pnm",
}
"""Which of dcmtk's programs decodes a transfer syntax; none decodes JPEG 2000."""

ARGUMENTS = {"VOI LUT": ("+Wl", "1"), "window": ("+Wi", "1"), "sigmoid": ("+Wi", "1")}
FROM_PIXELS = ("+Wm",)
REFUSED = {"SC_rgb_jpeg.dcm": "its header is implicit where its transfer syntax says explicit"}
"""Files that dcmtk does not read, and why."""


def accepted():
    """Yield every image that opens, of the files packaged with pydicom and of the public ones if they are here."""
    for path in sorted({*map(Path, get_testdata_files()), *PUBLIC.glob("*")}):
        if path.is_file() and not path.name.startswith("DICOMDIR"):
            for study in scan([path]).studies:
                yield from study.images


IMAGES = [image for image in accepted() if image.transfer_syntax_uid in TOOLS]


def shown_by_dcmtk(image, arguments, index, output):
    tool = TOOLS[image.transfer_syntax_uid]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} of dcmtk is not installed")
    command = [tool, "-q", "-O", "+op", "+F", str(index + 1), *arguments, image.path, output]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if done.returncode or not output.exists():
        return None
    content = output.read_bytes()
    shape = image.frame_shape if content.startswith(b"P5") else (image.rows, image.columns, 3)
    return np.frombuffer(content[-int(np.prod(shape)) :], np.uint8).reshape(shape).astype(int)


@pytest.mark.validator
@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.path.name)
def test_it_looks_as_dcmtk_shows_it(image, tmp_path):
    stack = FrameStack([image])
    kind = voi_kind(image)
    from_pixels = kind == "none" and stack.display.source == "first frame"
    arguments = FROM_PIXELS if from_pixels else ARGUMENTS.get(kind, ())
    for index in sorted({0, image.frames - 1}):
        expected = shown_by_dcmtk(image, arguments, index, tmp_path / f"{index}.pnm")
        if expected is None:
            assert image.path.name in REFUSED
            return
        try:
            found = stack.picture(index).astype(int)
        except FluoroAnnotatorError as error:
            pytest.fail(f"dcmtk shows what is refused here: {error}")
        assert np.abs(found - expected).max() <= 1


def test_there_is_something_to_compare():
    assert len(IMAGES) >= 25
    assert {voi_kind(image) for image in IMAGES} >= {"colour", "none", "window"}
