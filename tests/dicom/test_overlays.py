"""Overlay planes: read for each frame, drawn only when somebody asks."""

import numpy as np
import pydicom
import pytest

from fluoro_annotator.dicom import DisplayOptions, FrameReader, FrameStack, apply_display, scan
from fluoro_annotator.errors import DamagedFileError, UnreadableFileError

DRAWN = DisplayOptions(overlays=True)
BIG_ENDIAN = "1.2.840.10008.1.2.2"
IMPLICIT = "1.2.840.10008.1.2"


@pytest.fixture
def plane(rng):
    return rng.random((33, 47)) < 0.2


def add_overlay(path, planes, *, group=0x6000, kind="G", origin=(1, 1), first=None, count=None, vr="OW"):
    dataset = pydicom.dcmread(path)
    planes = np.asarray(planes, bool).reshape(-1, *np.shape(planes)[-2:])
    data = np.packbits(planes.ravel(), bitorder="little").tobytes()
    data += b"\0" * (len(data) % 2)
    if dataset.file_meta.TransferSyntaxUID == BIG_ENDIAN and vr == "OW":
        data = np.frombuffer(data, "<u2").byteswap().tobytes()
    for element, kind_, value in (
        (0x10, "US", planes.shape[1]),
        (0x11, "US", planes.shape[2]),
        (0x15, "IS", count),
        (0x22, "LO", "SECRET^PERSON"),
        (0x40, "CS", kind),
        (0x50, "SS", list(origin)),
        (0x51, "US", first),
        (0x100, "US", 1),
        (0x102, "US", 0),
        (0x3000, vr, data),
    ):
        if value is not None:
            dataset.add_new((group, element), kind_, value)
    pydicom.dcmwrite(path, dataset)
    return path


@pytest.fixture
def with_overlay(write, read_one, cine):
    def opened(planes, frames=None, *, syntax="1.2.840.10008.1.2.1", header=None, **overlay):
        frames = cine if frames is None else frames
        return read_one(
            add_overlay(write("x", frames, bits=12, syntax=syntax, **(header or {})), planes, **overlay)
        )

    return opened


def test_an_image_says_that_it_has_overlays_and_does_not_show_them(with_overlay, plane, cine):
    image = with_overlay(plane)
    assert image.has_overlays
    stack = FrameStack([image])
    assert stack.has_overlays
    np.testing.assert_array_equal(stack[0], cine[0])


def test_an_image_without_overlays(write, read_one, cine):
    image = read_one(write("x", cine, bits=12))
    assert not image.has_overlays
    assert FrameReader(image).read_overlays(0) == ()
    np.testing.assert_array_equal(FrameStack([image], options=DRAWN)[0], cine[0])


def test_labels_of_overlays_are_not_kept(with_overlay, plane):
    assert "SECRET" not in repr(with_overlay(plane))


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", IMPLICIT, BIG_ENDIAN, "1.2.840.10008.1.2.4.80"])
@pytest.mark.parametrize("kind", ["G", "R"])
def test_planes_are_read_exactly(with_overlay, plane, syntax, kind):
    (found,) = FrameReader(with_overlay(plane, syntax=syntax, kind=kind)).read_overlays(2)
    assert (found.group, found.kind, found.pixels.dtype) == (0x6000, kind, np.bool_)
    np.testing.assert_array_equal(found.pixels, plane)


def test_planes_of_several_frames(with_overlay, plane, rng):
    planes = [plane, ~plane, rng.random(plane.shape) < 0.5]
    reader = FrameReader(with_overlay(planes, first=2, count=3))
    assert reader.read_overlays(0) == ()
    for index in (1, 2, 3):
        (found,) = reader.read_overlays(index)
        np.testing.assert_array_equal(found.pixels, planes[index - 1])
    assert reader.read_overlays(4) == ()


def test_planes_in_the_high_bits_of_the_pixels(write, read_one, cine, rng):
    planes = rng.random(cine.shape) < 0.3
    path = write("x", (cine | (planes.astype(np.uint16) << 13)), bits=12)
    dataset = pydicom.dcmread(path)
    for element, vr, value in (
        (0x10, "US", 33),
        (0x11, "US", 47),
        (0x40, "CS", "G"),
        (0x50, "SS", [1, 1]),
        (0x100, "US", 16),
        (0x102, "US", 13),
    ):
        dataset.add_new((0x6002, element), vr, value)
    dataset.save_as(path)
    image = read_one(path)
    reader = FrameReader(image)
    for index in range(5):
        np.testing.assert_array_equal(reader.read(index), cine[index])
        (found,) = reader.read_overlays(index)
        np.testing.assert_array_equal(found.pixels, planes[index])


@pytest.mark.parametrize("origin", [(1, 1), (3, -1), (-4, 30), (20, 40), (34, 1), (1, 48), (-40, 1)])
def test_planes_lie_where_their_origin_says(with_overlay, plane, origin):
    (found,) = FrameReader(with_overlay(plane, origin=origin)).read_overlays(0)
    expected = np.zeros_like(plane)
    for row, column in np.argwhere(plane) + np.array(origin) - 1:
        if 0 <= row < 33 and 0 <= column < 47:
            expected[row, column] = True
    np.testing.assert_array_equal(found.pixels, expected)


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_drawn_overlays_are_white_under_any_window(with_overlay, plane, cine, photometric):
    header = {"PhotometricInterpretation": photometric, "WindowCenter": 2000, "WindowWidth": 900}
    image = with_overlay(plane, header=header)
    shown = FrameStack([image]).with_options(DRAWN)
    white = 4095 if photometric == "MONOCHROME2" else 0
    np.testing.assert_array_equal(shown[1], np.where(plane, white, cine[1]))
    assert (shown.picture(1)[plane] == 255).all()
    np.testing.assert_array_equal(shown.picture(1), apply_display(cine[1], image, DRAWN, 1))


@pytest.mark.validator
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
@pytest.mark.parametrize(
    "overlay",
    [{}, {"kind": "R"}, {"origin": (5, 9)}, {"origin": (-3, -2)}, {"vr": "OB"}],
    ids=str,
)
def test_drawn_overlays_agree_with_dcmtk(with_overlay, plane, dcm2pnm, overlay, photometric):
    header = {"PhotometricInterpretation": photometric, "WindowCenter": 2000, "WindowWidth": 1500}
    image = with_overlay(plane, header=header, **overlay)
    found = apply_display(FrameReader(image).read(2), image, DRAWN, 2)
    expected = dcm2pnm(image, "+Wi", "1", "+O", "0", "+Omr", index=2)
    assert np.abs(found.astype(int) - expected).max() <= 1


@pytest.mark.validator
def test_frames_of_overlays_agree_with_dcmtk(with_overlay, plane, dcm2pnm):
    image = with_overlay([plane, ~plane, plane], first=2, count=3)
    for index in range(5):
        found = apply_display(FrameReader(image).read(index), image, DRAWN, index)
        expected = dcm2pnm(image, "+O", "0", "+Omr", index=index)
        assert np.abs(found.astype(int) - expected).max() <= 1


def test_color_gets_white_overlays(write, read_one, rng, plane):
    frames = rng.integers(0, 200, (1, 33, 47, 3), dtype=np.uint8)
    image = read_one(add_overlay(write("x", frames), plane))
    shown = FrameStack([image], options=DRAWN)[0]
    assert (shown[plane] == 255).all()
    np.testing.assert_array_equal(shown[~plane], frames[0][~plane])


@pytest.mark.parametrize("element", [0x10, 0x11, 0x50, 0x3000])
@pytest.mark.parametrize("value", [None, b"\xff\xff", b"\0\0"])
def test_malformed_overlays_never_stop_an_image(with_overlay, read_one, plane, element, value):
    path = with_overlay(plane).path
    dataset = pydicom.dcmread(path)
    del dataset[0x6000, element]
    if value is not None:
        dataset.add_new((0x6000, element), "OB", value)
    dataset.save_as(path)
    image = read_one(path)
    shown = FrameStack([image], options=DRAWN)[0]
    assert shown.shape == (33, 47)
    assert all(found.pixels.shape == (33, 47) for found in FrameReader(image).read_overlays(0))


def test_a_file_that_was_replaced_or_vanished_is_an_error(with_overlay, write, cine, plane):
    image = with_overlay(plane)
    write("x", cine, bits=12, SOPInstanceUID="9.9")
    with pytest.raises(DamagedFileError, match="another image"):
        FrameReader(image).read_overlays(0)
    image.path.unlink()
    with pytest.raises(UnreadableFileError):
        FrameReader(image).read_overlays(0)


def test_scanning_reads_no_overlay_pixels_into_the_image(with_overlay, plane):
    image = with_overlay(plane)
    assert scan([image.path]).studies
    assert not any(isinstance(value, bytes) and len(value) > 64 for value in _values(image.overlays[0]))


def _values(overlay):
    return [getattr(overlay, name) for name in overlay.__slots__]
