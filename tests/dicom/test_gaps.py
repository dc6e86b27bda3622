"""Damaged frames of JPEG 2000 and High-Throughput JPEG 2000 are errors."""

import struct

import imagecodecs
import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader
from fluoro_annotator.dicom.codestream import LEAST_GAP, has_lost_part
from fluoro_annotator.errors import DamagedFileError

HTJ2K = "1.2.840.10008.1.2.4.201"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
END = b"\xff\xd9"
START_OF_DATA = b"\xff\x93"
TILE_PART = b"\xff\x90"
CASES = 12


def cut(data, at):
    return data[:at] + END


def cut_with_fitting_tile_part(data, at):
    """Cut a stream and let its tile-part claim just what is left, as if it had been written so."""
    left = bytearray(cut(data, at))
    start = left.index(TILE_PART)
    left[start + 6 : start + 10] = struct.pack(">L", at - start)
    return bytes(left)


def filled(byte):
    def fill(data, at):
        return data[:at] + byte * (len(data) - len(END) - at) + END

    return fill


def shifted(data, at):
    return data[:at] + data[at + 8 : -len(END)] + bytes(8) + END


def with_noise(data, at):
    noise = np.random.default_rng(at).integers(0, 256, 4096, dtype=np.uint8).tobytes()
    return (data[:at] + noise + data[at + len(noise) :])[: len(data)]


DAMAGES = {
    "cut, end marker kept": cut,
    "cut, length adjusted": cut_with_fitting_tile_part,
    "zeros to the end": filled(b"\0"),
    "ones to the end": filled(b"\xff"),
    "8 bytes lost": shifted,
    "noise": with_noise,
}


@pytest.fixture(scope="module")
def frame():
    generator = np.random.default_rng(20262)
    rows, columns = np.mgrid[0:200, 0:180] / 200
    shading = 2000 + 900 * np.sin(5 * rows) * np.cos(4 * columns)
    return np.clip(shading + generator.normal(0, 12, shading.shape), 0, 4095).astype(np.uint16)


CASES_OF_BOTH = [
    *((HTJ2K, damage) for damage in DAMAGES),
    *((JPEG_2000, damage) for damage in ("cut, end marker kept", "zeros to the end", "ones to the end")),
]


@pytest.mark.parametrize(("syntax", "name"), CASES_OF_BOTH)
def test_a_damaged_stream_is_never_half_a_picture(*, syntax, name, frame, write, read_one, encoders):
    damage, data = DAMAGES[name], encoders[syntax](frame, 12)
    first = data.index(START_OF_DATA) + 2
    last = len(data) - len(END) - (5000 if damage is with_noise else 200)
    for at in np.linspace(first, last, CASES).astype(int):
        image = read_one(
            write("damaged.dcm", frame[None], syntax=syntax, bits=12, encoded=[damage(data, at)])
        )
        with pytest.raises(DamagedFileError, match=r"holds a frame that|ends in the middle"):
            FrameReader(image).read(0)


@pytest.mark.parametrize("syntax", [HTJ2K, JPEG_2000])
@pytest.mark.parametrize("change", [lambda frame: frame, np.zeros_like, lambda frame: frame // 2000 * 2000])
def test_the_undamaged_stream_is_exact(*, syntax, change, frame, write, read_one):
    frames = change(frame)[None]
    image = read_one(write("whole.dcm", frames, syntax=syntax, bits=12))
    np.testing.assert_array_equal(FrameReader(image).read(0), frames[0])


@pytest.mark.parametrize("size", [LEAST_GAP - 1, LEAST_GAP + 1, 4096])
def test_a_gap_is_a_run_of_more_zeros_than_there_can_be_packets(size, frame, encoders):
    data = encoders[JPEG_2000](frame, 12)
    assert has_lost_part(data[:9000] + bytes(size) + data[9000 + size :]) == (size > LEAST_GAP)


def test_as_many_zeros_as_empty_packets_are_no_gap(encoders):
    """An even frame in many layers is little else than empty packets, one zero byte each."""
    layers, even = 300, np.full((64, 64), 2048, np.uint16)
    data = bytearray(encoders[JPEG_2000](even, 12))
    style, tile = data.index(b"\xff\x52"), data.index(TILE_PART)
    packets = layers * (data[style + 9] + 1)
    data[style + 6 : style + 8] = struct.pack(">H", layers)
    data[tile + 6 : tile + 10] = struct.pack(">L", 14 + packets)
    whole = bytes(data[: data.index(START_OF_DATA) + 2]) + bytes(packets) + END
    np.testing.assert_array_equal(imagecodecs.jpeg2k_decode(whole), even)
    assert packets > LEAST_GAP
    assert not has_lost_part(whole)


def test_a_codestream_without_its_own_head_has_no_limit_to_judge_by():
    assert not has_lost_part(b"\xff\x4f\xff\x51" + bytes(5000))
