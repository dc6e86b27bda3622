"""Frames of every transfer syntax equal the arrays they were made from."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader
from fluoro_annotator.dicom.syntaxes import SYNTAXES, ybr_to_rgb
from fluoro_annotator.errors import DamagedFileError, UnreadableFileError, UnsupportedTransferSyntaxError

NATIVE = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"]
RLE = "1.2.840.10008.1.2.5"
JPEG_LOSSLESS = ["1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"]
JPEG_LS = "1.2.840.10008.1.2.4.80"
J2K = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"
COMPRESSED = [RLE, *JPEG_LOSSLESS, JPEG_LS, J2K, HTJ2K]
LOSSY = {
    "1.2.840.10008.1.2.4.50": (8, lambda frame: imagecodecs.jpeg8_encode(frame, 95)),
    "1.2.840.10008.1.2.4.51": (12, lambda frame: imagecodecs.jpeg8_encode(frame, 95, bitspersample=12)),
    "1.2.840.10008.1.2.4.81": (12, lambda frame: imagecodecs.jpegls_encode(frame, level=2)),
    "1.2.840.10008.1.2.4.91": (
        12,
        lambda frame: imagecodecs.jpeg2k_encode(frame, level=60, codecformat="j2k", bitspersample=12),
    ),
    "1.2.840.10008.1.2.4.203": (12, lambda frame: imagecodecs.htj2k_encode(frame, reversible=True)),
}


def assert_frames_equal(image, frames):
    reader = FrameReader(image)
    for index in reversed(range(len(frames))):
        frame = reader.read(index)
        np.testing.assert_array_equal(frame, frames[index])
        assert frame.dtype == frames.dtype


@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_twelve_bit_frames_are_exact(syntax, write, read_one, cine):
    image = read_one(write("cine.dcm", cine, syntax=syntax, bits=12))
    assert (image.frames, image.rows, image.columns, image.samples) == (5, 33, 47, 1)
    assert image.transfer_syntax_uid == syntax
    assert_frames_equal(image, cine)


@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_signed_frames_keep_their_sign(syntax, write, read_one, cine):
    frames = cine.astype(np.int16) - 2048
    assert frames.min() < 0 < frames.max()
    assert_frames_equal(read_one(write("signed.dcm", frames, syntax=syntax, bits=12)), frames)


@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_eight_bit_frames_of_an_odd_number_of_bytes_are_exact(syntax, write, read_one, cine):
    frames = (cine >> 4).astype(np.uint8)
    assert frames[0].size % 2 == 1
    assert_frames_equal(read_one(write("bytes.dcm", frames, syntax=syntax)), frames)


@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_sixteen_bit_frames_are_exact(syntax, write, read_one, cine):
    frames = (cine * 16 + 15).astype(np.uint16)
    assert_frames_equal(read_one(write("words.dcm", frames, syntax=syntax)), frames)


@pytest.mark.parametrize("syntax", [*NATIVE, RLE, *JPEG_LOSSLESS, JPEG_LS, J2K])
def test_color_frames_are_exact(syntax, write, read_one, rng):
    frames = rng.integers(0, 256, (2, 12, 15, 3), dtype=np.uint8)
    image = read_one(write("color.dcm", frames, syntax=syntax, sop_class="1.2.840.10008.5.1.4.1.1.7.4"))
    assert image.samples == 3
    assert_frames_equal(image, frames)


def test_color_planes_are_joined(write, read_one, rng):
    frames = rng.integers(0, 256, (1, 6, 8, 3), dtype=np.uint8)
    planes = np.moveaxis(frames, -1, 1).tobytes()
    image = read_one(write("planes.dcm", frames, pixel_data=planes, PlanarConfiguration=1))
    assert_frames_equal(image, frames)


def test_ybr_full_is_converted(write, read_one):
    ybr = np.array([[[[128, 128, 128], [76, 85, 255], [255, 128, 128], [29, 255, 107]]]], np.uint8)
    image = read_one(write("ybr.dcm", ybr, PhotometricInterpretation="YBR_FULL"))
    expected = np.array([[[128, 128, 128], [254, 0, 0], [255, 255, 255], [0, 0, 254]]])
    np.testing.assert_allclose(FrameReader(image).read(0), expected, atol=1)


def test_ybr_full_422_has_two_bytes_a_pixel(write, read_one):
    grey = np.array([[10, 20, 128, 128, 30, 40, 128, 128]], np.uint8)
    frames = np.zeros((1, 1, 4, 3), np.uint8)
    path = write("ybr422.dcm", frames, PhotometricInterpretation="YBR_FULL_422", pixel_data=grey.tobytes())
    np.testing.assert_array_equal(FrameReader(read_one(path)).read(0)[0, :, 0], [10, 20, 30, 40])


def test_ybr_to_rgb_leaves_grey_alone():
    grey = np.stack([np.arange(256), np.full(256, 128), np.full(256, 128)], axis=-1).astype(np.uint8)
    np.testing.assert_array_equal(ybr_to_rgb(grey), np.repeat(np.arange(256)[:, None], 3, axis=1))


def test_single_bit_frames_need_not_begin_at_a_byte(write, read_one, rng):
    frames = rng.integers(0, 2, (3, 5, 7), dtype=np.uint8)
    packed = np.packbits(frames.ravel(), bitorder="little").tobytes() + b"\0"
    path = write("bits.dcm", frames, pixel_data=packed, BitsAllocated=1, BitsStored=1, HighBit=0)
    assert_frames_equal(read_one(path), frames)


def test_overlay_bits_above_the_value_are_masked(write, read_one, cine):
    image = read_one(write("masked.dcm", cine | 0xF000, bits=12))
    assert_frames_equal(image, cine)


def test_values_that_do_not_begin_at_the_lowest_bit_are_moved(write, read_one, cine):
    image = read_one(write("high.dcm", cine << 4, BitsStored=12, HighBit=15))
    assert_frames_equal(image, cine)


@pytest.mark.parametrize("syntax", LOSSY)
def test_lossy_frames_are_close(syntax, write, read_one, cine):
    bits, encode = LOSSY[syntax]
    frames = (cine >> 4).astype(np.uint8) if bits == 8 else cine
    encoded = [encode(frame) for frame in frames]
    image = read_one(write("lossy.dcm", frames, syntax=syntax, bits=bits, encoded=encoded))
    for index in range(5):
        difference = np.abs(FrameReader(image).read(index).astype(int) - frames[index])
        assert difference.mean() < (8 if bits == 12 else 2)


def test_color_jpeg_follows_its_own_marker(write, read_one):
    frame = np.zeros((16, 16, 3), np.uint8)
    frame[..., 0] = 200
    for stored, photometric in (("YCBCR", "YBR_FULL_422"), ("RGB", "RGB"), ("YCBCR", "RGB")):
        encoded = imagecodecs.jpeg8_encode(frame, 95, colorspace="RGB", outcolorspace=stored)
        path = write(
            f"{stored}{photometric}.dcm",
            frame[None],
            syntax="1.2.840.10008.1.2.4.50",
            encoded=[encoded],
            PhotometricInterpretation=photometric,
        )
        np.testing.assert_allclose(FrameReader(read_one(path)).read(0), frame, atol=2)


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K, *JPEG_LOSSLESS, HTJ2K])
@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("fragments", [1, 2, 5])
def test_fragments_of_a_frame_are_joined(*, syntax, table, fragments, write, read_one, cine):
    path = write("f.dcm", cine, syntax=syntax, bits=12, fragments=fragments, table=table)
    assert_frames_equal(read_one(path), cine)


def test_one_frame_in_many_fragments(write, read_one, cine):
    for table in (True, False):
        path = write(f"{table}.dcm", cine[:1], syntax=RLE, bits=12, fragments=7, table=table)
        assert_frames_equal(read_one(path), cine[:1])


def test_padding_after_the_end_marker_is_allowed(write, read_one, cine, encoders):
    encoded = [encoders[JPEG_LS](frame, 12) + bytes(6) for frame in cine]
    assert_frames_equal(read_one(write("padded.dcm", cine, syntax=JPEG_LS, bits=12, encoded=encoded)), cine)


def test_an_index_outside_the_image_is_refused(write, read_one, cine):
    reader = FrameReader(read_one(write("cine.dcm", cine, bits=12)))
    for index in (-1, 5):
        with pytest.raises(IndexError, match="5 frames"):
            reader.read(index)


def test_threads_read_the_same_frames(write, read_one, cine):
    reader = FrameReader(read_one(write("cine.dcm", cine, syntax=JPEG_LS, bits=12)))
    wanted = [index % 5 for index in range(60)]
    with ThreadPoolExecutor(6) as pool:
        for index, frame in zip(wanted, pool.map(reader.read, wanted), strict=True):
            np.testing.assert_array_equal(frame, cine[index])


def test_a_vanished_file_says_so(write, read_one, cine):
    image = read_one(write("gone.dcm", cine, bits=12))
    image.path.unlink()
    with pytest.raises(UnreadableFileError, match=r"gone\.dcm: does not exist"):
        FrameReader(image).read(0)


def test_a_file_that_became_another_image_is_refused(write, read_one, cine):
    image = read_one(write("file.dcm", cine, bits=12))
    reader = FrameReader(image)
    reader.read(0)
    write("file.dcm", cine, bits=12, SOPInstanceUID="1.2.3.99", SeriesDescription="Another")
    with pytest.raises(DamagedFileError, match="another image"):
        reader.read(1)


def test_a_rewritten_file_is_indexed_again(write, read_one, cine):
    image = read_one(write("file.dcm", cine, bits=12))
    reader = FrameReader(image)
    reader.read(0)
    write("file.dcm", cine, bits=12, SeriesDescription="A much longer text moves the pixels")
    np.testing.assert_array_equal(reader.read(4), cine[4])


@pytest.mark.parametrize(
    ("syntax", "name"), [("1.2.840.10008.1.2.4.102", "MPEG-4 AVC"), ("1.2.3.4.5", r"1\.2\.3\.4\.5")]
)
def test_an_unsupported_syntax_is_named(syntax, name, write, read_one, cine):
    import dataclasses

    image = dataclasses.replace(read_one(write("x.dcm", cine, bits=12)), transfer_syntax_uid=syntax)
    with pytest.raises(UnsupportedTransferSyntaxError, match=name):
        FrameReader(image)


def test_each_syntax_is_listed_once_with_its_family():
    assert len(SYNTAXES) == 16
    assert {uid for uid, syntax in SYNTAXES.items() if not syntax.encapsulated} == set(NATIVE)


@pytest.mark.parametrize("syntax", COMPRESSED)
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_truncated_stream_is_an_error_and_never_half_a_picture(
    *, syntax, kept, write, read_one, cine, encoders
):
    encoded = [encoders[syntax](frame, 12) for frame in cine]
    encoded[2] = encoded[2][: int(len(encoded[2]) * kept) // 2 * 2]
    reader = FrameReader(read_one(write("cut.dcm", cine, syntax=syntax, bits=12, encoded=encoded)))
    with pytest.raises(DamagedFileError, match=r"cut\.dcm: holds a frame that"):
        reader.read(2)
    np.testing.assert_array_equal(reader.read(3), cine[3])


@pytest.mark.parametrize("syntax", COMPRESSED[1:])
def test_a_stream_of_another_size_is_refused_before_decoding(syntax, write, read_one, cine, encoders):
    encoded = [encoders[syntax](frame[:-1], 12) for frame in cine]
    reader = FrameReader(read_one(write("size.dcm", cine, syntax=syntax, bits=12, encoded=encoded)))
    with pytest.raises(DamagedFileError, match="32 x 47 x 1 where the header says 33 x 47 x 1"):
        reader.read(0)


def test_reading_does_not_change_the_file(write, read_one, cine):
    path: Path = write("cine.dcm", cine, syntax=J2K, bits=12)
    before = path.read_bytes(), path.stat().st_mtime_ns
    FrameReader(read_one(path)).read(3)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("syntax", [RLE, JPEG_LS])
def test_the_first_frame_does_not_wait_for_the_others(syntax, write, read_one, cine):
    image = read_one(write("cine.dcm", cine, syntax=syntax, bits=12))
    reader = FrameReader(image)
    content = bytearray(image.path.read_bytes())
    item = b"\xfe\xff\x00\xe0"
    at = content.index(item, content.index(item, content.index(item) + 4) + 4)
    content[at : at + 4] = b"JUNK"
    image.path.write_bytes(content)
    np.testing.assert_array_equal(reader.read(0), cine[0])
    with pytest.raises(DamagedFileError, match="not divided into items"):
        reader.read(2)


@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_each_reading_gives_an_array_of_its_own(syntax, write, read_one, cine):
    reader = FrameReader(read_one(write("cine.dcm", cine, syntax=syntax, bits=12)))
    first = reader.read(1)
    first[:] = 0
    np.testing.assert_array_equal(reader.read(1), cine[1])


@pytest.mark.skipif(not hasattr(os, "pread"), reason="the other way to read is the only one here")
@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_systems_without_positioned_reads_read_the_same(syntax, write, read_one, cine, monkeypatch):
    monkeypatch.delattr(os, "pread")
    assert_frames_equal(read_one(write("cine.dcm", cine, syntax=syntax, bits=12)), cine)
