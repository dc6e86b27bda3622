"""Colour with more than 8 bits a sample: exact as stored, scaled to 8 bits as shown."""

import shutil
import subprocess

import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader, FrameStack, scan

NATIVE = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"]
COMPRESSED = [
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
]
CAPTURE = "1.2.840.10008.5.1.4.1.1.7.4"


@pytest.fixture
def colors(rng):
    def of(bits, frames=2):
        made = rng.integers(0, 1 << bits, (frames, 12, 15, 3)).astype(np.uint16)
        made[0, 0, 0], made[0, 0, 1] = 0, (1 << bits) - 1
        return made

    return of


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_stored_values_are_exact(syntax, bits, write, read_one, colors):
    frames = colors(bits)
    image = read_one(write("deep.dcm", frames, syntax=syntax, bits=bits, sop_class=CAPTURE))
    for index in (1, 0):
        found = FrameReader(image).read(index)
        np.testing.assert_array_equal(found, frames[index])
        assert found.dtype == np.uint16


def test_planes_are_joined(write, read_one, colors):
    frames = colors(16, 1)
    planes = np.moveaxis(frames, -1, 1).astype("<u2").tobytes()
    image = read_one(write("planes.dcm", frames, pixel_data=planes, PlanarConfiguration=1))
    np.testing.assert_array_equal(FrameReader(image).read(0), frames[0])


@pytest.mark.parametrize("bits", [7, 10, 16])
def test_the_range_of_bits_stored_is_shown_as_0_to_255(bits, write, read_one, colors):
    frames = colors(bits)
    stack = FrameStack([read_one(write("deep.dcm", frames, bits=bits))])
    expected = np.floor(frames / ((1 << bits) - 1) * 255 + 0.5)
    assert (stack.dtype, stack.shape) == (np.uint8, frames.shape)
    assert stack.display.rgb
    assert stack.display.contrast_limits == (0.0, 255.0)
    assert stack[0][0, :2].tolist() == [[0] * 3, [255] * 3]
    np.testing.assert_allclose(stack[:], expected, atol=1e-9)
    np.testing.assert_array_equal(stack.picture(1), stack[1])


def test_bits_above_the_value_are_masked(write, read_one, colors):
    frames = colors(12)
    image = read_one(write("high.dcm", frames | 0xF000, bits=12))
    np.testing.assert_array_equal(FrameReader(image).read(0), frames[0])


@pytest.mark.skipif(shutil.which("dcm2pnm") is None, reason="needs dcmtk's dcm2pnm")
@pytest.mark.parametrize("bits", [12, 16])
def test_it_looks_as_dcmtk_shows_it(bits, write, read_one, colors, tmp_path):
    path = write("deep.dcm", colors(bits), bits=bits, sop_class=CAPTURE)
    output = tmp_path / "frame.ppm"
    subprocess.run(["dcm2pnm", "--write-raw-pnm", path, output], check=True, capture_output=True)
    content = output.read_bytes()
    shown = np.frombuffer(content[-12 * 15 * 3 :], np.uint8).reshape(12, 15, 3)
    assert b"\n255\n" in content[:40]
    np.testing.assert_allclose(FrameStack([read_one(path)])[0].astype(int), shown, atol=1)


@pytest.mark.parametrize("photometric", ["YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420"])
def test_other_colour_models_have_8_bits_or_a_reason(photometric, write, colors):
    path = write("ybr.dcm", colors(16), PhotometricInterpretation=photometric)
    (entry,) = scan([path]).skipped
    assert (
        entry.problem == f"is a colour picture in {photometric} with 16 bits a sample, which is not supported"
    )
    assert entry.remedy == "Export it as RGB with 8 or 16 bits a sample."


def test_colour_with_32_bits_has_a_reason(write, rng):
    frames = rng.integers(0, 1 << 20, (1, 4, 5, 3)).astype(np.uint32)
    (entry,) = scan([write("words.dcm", frames)]).skipped
    assert "with 32 bits a sample" in entry.problem
