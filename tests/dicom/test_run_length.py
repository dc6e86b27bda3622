"""Run-length encoding against the encoder of another package."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rle.utils import encode_pixel_data

from fluoro_annotator.dicom.run_length import decode_run_length


def encode(frame, samples=1):
    return encode_pixel_data(
        np.ascontiguousarray(frame).tobytes(),
        byteorder="<",
        rows=frame.shape[0],
        columns=frame.shape[1],
        samples_per_pixel=samples,
        bits_allocated=frame.dtype.itemsize * 8,
        number_of_frames=1,
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (16, 130), (40, 7)])
def test_noise_and_runs_come_back(dtype, shape, rng):
    noise = rng.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)
    for frame in (noise, np.zeros(shape, dtype), np.repeat(noise[:, :1], shape[1], axis=1)):
        (plane,) = decode_run_length(encode(frame), frame.size, 1, frame.dtype.itemsize)
        np.testing.assert_array_equal(plane.reshape(shape), frame)
        assert plane.dtype == dtype


def test_color_has_a_plane_for_each_sample(rng):
    frame = rng.integers(0, 256, (6, 7, 3), dtype=np.uint8)
    planes = decode_run_length(encode(frame, 3), 42, 3, 1)
    np.testing.assert_array_equal(planes.T.reshape(6, 7, 3), frame)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "table of segments"),
        (struct.pack("<16L", 2, 64, 66, *[0] * 13) + b"\0A\0A", "2 segments instead of 1"),
        (struct.pack("<16L", 1, 80, *[0] * 14) + b"\0A", "out of order"),
        (struct.pack("<16L", 1, 3, *[0] * 14) + b"\0A", "out of order"),
        (struct.pack("<16L", 1, 64, *[0] * 14) + b"\x05A", "middle of a run"),
        (struct.pack("<16L", 1, 64, *[0] * 14) + b"\x00A", "1 of 9 bytes"),
    ],
)
def test_damage_is_named(data, reason):
    with pytest.raises(ValueError, match=reason):
        decode_run_length(data, 9, 1, 1)


@given(st.binary(max_size=60), st.integers(0, 3))
def test_any_bytes_give_a_plane_or_an_error(body, segments):
    data = struct.pack("<16L", segments, *range(64, 64 + 15 * 4, 4)) + body
    try:
        planes = decode_run_length(data, 5, 1, max(segments, 1) if segments != 3 else 1)
    except ValueError:
        return
    assert planes.shape == (1, 5)
