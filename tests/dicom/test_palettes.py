"""Pictures in palette colours, their tables plain and segmented."""

import struct

import numpy as np
import pytest
from pydicom.pixels.processing import _expand_segmented_lut

from fluoro_annotator.dicom import FrameReader, FrameStack, apply_display, scan, views
from fluoro_annotator.dicom.luts import Lut, expand_segments

SC = "1.2.840.10008.5.1.4.1.1.7"
RLE = "1.2.840.10008.1.2.5"
COLORS = ("Red", "Green", "Blue")


def palette(tables, *, bits, first=0, kind="", as_bytes=False):
    attributes = {}
    for color, entries in zip(COLORS, tables, strict=True):
        data = np.asarray(entries, np.uint8 if as_bytes else "<u2").tobytes()
        attributes[f"{color}PaletteColorLookupTableDescriptor"] = [len(entries) % 65536, first, bits]
        attributes[f"{kind}{color}PaletteColorLookupTableData"] = data
    return attributes | {"PhotometricInterpretation": "PALETTE COLOR", "sop_class": SC}


@pytest.fixture
def tables(rng):
    def make(count, bits):
        return [rng.integers(0, 1 << bits, count) for _ in COLORS]

    return make


@pytest.fixture
def indices(rng):
    return rng.integers(0, 256, (2, 9, 11), dtype=np.uint8)


def test_stored_values_become_colors(write, read_one, indices, tables):
    made = tables(256, 8)
    image = read_one(write("x", indices, **palette(made, bits=8)))
    np.testing.assert_array_equal(FrameReader(image).read(1), indices[1])
    stack = FrameStack([image])
    assert (stack.shape, stack.dtype, stack.display.rgb) == ((2, 9, 11, 3), np.uint8, True)
    expected = np.stack([table[indices[1]] for table in made], axis=-1)
    np.testing.assert_array_equal(stack[1], expected)
    np.testing.assert_array_equal(stack.picture(1), expected)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", RLE])
def test_palettes_in_other_syntaxes(write, read_one, indices, tables, syntax):
    made = tables(256, 16)
    image = read_one(write("x", indices, syntax=syntax, **palette(made, bits=16)))
    expected = np.stack([table[indices[0]] >> 8 for table in made], axis=-1)
    np.testing.assert_array_equal(FrameStack([image])[0], expected)


CASES = {
    "16 bits": (256, {"bits": 16}),
    "8 bits in words": (256, {"bits": 8}),
    "8 bits in bytes": (256, {"bits": 8, "as_bytes": True}),
    "part of the values": (100, {"bits": 16, "first": 40}),
}


@pytest.fixture
def opened(write, read_one, indices):
    return lambda options: read_one(write("x", indices, **options))


@pytest.mark.validator
@pytest.mark.parametrize("case", CASES)
def test_colors_agree_with_dcmtk(opened, tables, dcm2pnm, case):
    count, options = CASES[case]
    image = opened(palette(tables(count, options["bits"]), **options))
    found = apply_display(FrameReader(image).read(1), image, index=1)
    assert np.abs(found.astype(int) - dcm2pnm(image, index=1)).max() <= 1


@pytest.mark.validator
def test_values_of_sixteen_bits_agree_with_dcmtk(write, read_one, rng, tables, dcm2pnm):
    frames = rng.integers(0, 5000, (1, 9, 11)).astype(np.uint16)
    image = read_one(write("x", frames, **palette(tables(4000, 16), bits=16, first=500)))
    found = apply_display(FrameReader(image).read(0), image)
    assert np.abs(found.astype(int) - dcm2pnm(image)).max() <= 1


def test_an_incomplete_palette_is_a_damaged_file(write, indices, tables):
    options = palette(tables(256, 8), bits=8)
    del options["GreenPaletteColorLookupTableData"]
    (skipped,) = scan([write("x", indices, **options)]).skipped
    assert "without a complete palette" in skipped.problem


def test_palettes_and_grey_levels_are_different_views(write, tmp_path, indices, tables):
    write("a", indices[:1], SOPInstanceUID="1.1", **palette(tables(256, 8), bits=8))
    write("b", indices[:1], SOPInstanceUID="1.2", sop_class=SC)
    (study,) = scan([tmp_path]).studies
    assert sorted(stack.ndim for stack in views(study)) == [3, 4]


def words(*values):
    return struct.pack(f"<{len(values)}H", *values)


SEGMENTED = {
    "discrete": words(0, 3, 10, 20, 30),
    "a line": words(0, 1, 100, 1, 50, 2100),
    "down again": words(0, 1, 0, 1, 127, 65535, 1, 128, 0),
    "repeated": words(0, 2, 7, 9, 1, 4, 49, 2, 2, 0, 0),
}


@pytest.mark.parametrize("case", SEGMENTED)
def test_segments_expand_as_for_pydicom(case):
    data = SEGMENTED[case]
    expected = _expand_segmented_lut(struct.unpack(f"<{len(data) // 2}H", data), "<H")
    found = expand_segments(data, len(expected), 16)
    assert np.abs(np.array(found) - np.array(expected)).max() <= 1


def test_segments_of_eight_bits():
    data = bytes([0, 2, 5, 6, 1, 4, 10, 2, 1, 0, 0, 0, 0])
    assert expand_segments(data, 8, 8) == [5, 6, 7, 8, 9, 10, 5, 6]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        words(0, 100, 1),
        words(1, 5, 10),
        words(9, 1, 1),
        words(0, 1, 5),
        words(2, 1, 0, 0),
        words(0, 1, 5, 2, 1, 400, 0),
        words(0, 1, 5, 2, 65535, 4, 0),
    ],
)
def test_segments_that_contradict_themselves_are_refused(data):
    assert expand_segments(data, 10, 16) is None


def test_segments_make_no_more_entries_than_declared():
    repeated = words(0, 1, 5, 1, 65535, 9) + words(2, 2, 0, 0) * 1000
    assert len(expand_segments(repeated, 300, 16)) == 300


def test_a_segmented_palette_is_read(write, read_one, indices):
    options = palette([np.arange(256)] * 3, bits=16)
    for color in COLORS:
        del options[f"{color}PaletteColorLookupTableData"]
        options[f"Segmented{color}PaletteColorLookupTableData"] = words(0, 1, 0, 1, 255, 65280)
    image = read_one(write("x", indices, **options))
    np.testing.assert_array_equal(FrameStack([image])[0], np.repeat(indices[0][..., None], 3, axis=-1))


def test_lut_of_one_entry():
    assert Lut(0, 8, b"\5\0").apply(np.arange(3)).tolist() == [5, 5, 5]
