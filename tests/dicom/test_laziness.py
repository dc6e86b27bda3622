"""A frame costs the bytes and the memory of one frame, whatever the size of the cine."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader, FrameStack, scan
from fluoro_annotator.dicom.header import PIECES

FRAMES, SIDE = 40, 128
FRAME_BYTES = SIDE * SIDE * 2

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="counts bytes with /proc, which is Linux's"
)


def bytes_read_by(action):
    """Return how many bytes the process asked the system for while an action ran."""

    def count():
        lines = Path("/proc/self/io").read_text().splitlines()
        return int(dict(line.split(": ") for line in lines)["rchar"])

    own = -count() + count()
    before = count()
    action()
    return count() - before - own


@pytest.fixture
def long_cine(rng):
    return rng.integers(0, 4096, (FRAMES, SIDE, SIDE)).astype(np.uint16)


@pytest.fixture(params=["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5"])
def path(request, write, long_cine):
    return write("cine.dcm", long_cine, syntax=request.param, bits=12)


@linux_only
def test_a_scan_reads_one_piece_of_the_file(path):
    scan([path])
    assert path.stat().st_size > 10 * PIECES[0]
    assert bytes_read_by(lambda: scan([path])) <= PIECES[0] + 4096


@linux_only
def test_the_first_frame_costs_a_header_and_a_frame(path, read_one):
    image = read_one(path)
    FrameReader(image).read(0)
    assert bytes_read_by(lambda: FrameReader(image).read(FRAMES // 2)) <= PIECES[0] + 1.2 * FRAME_BYTES + 4096


@linux_only
def test_the_next_frame_costs_a_frame(path, read_one):
    reader = FrameReader(read_one(path))
    reader.read(0)
    assert bytes_read_by(lambda: reader.read(FRAMES - 1)) <= 1.2 * FRAME_BYTES + 1024


def test_memory_stays_at_a_few_frames(path, read_one):
    image = read_one(path)
    FrameReader(image).read(0)
    tracemalloc.start()
    try:
        stack = FrameStack([image], cache_bytes=2 * FRAME_BYTES)
        for index in range(FRAMES):
            stack[index]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * FRAME_BYTES < FRAMES * FRAME_BYTES / 3
    assert stack.cached_bytes <= 2 * FRAME_BYTES


def test_making_a_stack_reads_nothing(path, read_one):
    image = read_one(path)
    path.unlink()
    stack = FrameStack([image])
    assert stack.shape == (FRAMES, SIDE, SIDE)
    assert stack.dtype == np.uint16
    assert stack.display.contrast_limits == (0.0, 4095.0)
