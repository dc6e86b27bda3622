"""Whatever happens to a file, the outcome is a frame or a reason: no traceback, hang or flood of memory."""

import struct
import sys
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluoro_annotator.dicom import FrameReader, apply_display, scan, views
from fluoro_annotator.dicom import frames as frames_module
from fluoro_annotator.dicom.header import PIECES
from fluoro_annotator.errors import DamagedFileError, FluoroAnnotatorError

LIMIT = 2 * PIECES[-1]
"""Bytes that looking at one small file may allocate."""


def outcome(path):
    """Open a file as the front end does; return the frames that came out and the reasons."""
    frames, reasons = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = scan([path])
        reasons += [entry.problem for entry in result.skipped]
        for stack in (stack for study in result.studies for stack in views(study)):
            image = stack.images[0]
            for index in {0, min(len(stack), 5) - 1}:
                try:
                    frames.append(stack[index])
                    apply_display(FrameReader(image).read(index), image)
                    assert stack.display.contrast_limits[0] < stack.display.contrast_limits[1]
                except FluoroAnnotatorError as error:
                    reasons.append(error.problem)
    return frames, reasons


JUNK = {
    "empty": b"",
    "text": b"These are notes about a procedure.\n" * 20,
    "only a preamble": bytes(128) + b"DICM",
    "zeros": bytes(5000),
    "half a preamble": bytes(60),
    "magic and noise": bytes(128) + b"DICM" + bytes(range(256)) * 20,
    "one byte": b"\x08",
    "eight bytes": b"\x08\x00\x05\x00CS\x0a\x00",
    "group 8 and noise": b"\x08\x00\x05\x00CS\x0a\x00" + bytes(range(256)) * 9,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a zip": b"PK\x03\x04" + bytes(500),
    "an empty zip": b"PK\x05\x06" + bytes(18),
    "the end of a zip before a preamble": b"PK\x05\x06" + bytes(128) + b"DICM" + bytes(500),
}


@pytest.mark.parametrize("content", JUNK.values(), ids=JUNK.keys())
def test_junk_has_a_reason(content, tmp_path):
    path = tmp_path / "junk"
    path.write_bytes(content)
    frames, reasons = outcome(path)
    assert frames == []
    assert len(reasons) == 1


def test_a_folder_of_junk_does_not_stop_the_rest(tmp_path, write, cine):
    for name, content in JUNK.items():
        (tmp_path / name).write_bytes(content)
    write("good.dcm", cine)
    result = scan([tmp_path])
    assert len(result.skipped) == len(JUNK)
    assert [image.path.name for image in result.studies[0].images] == ["good.dcm"]


@pytest.mark.parametrize(
    "syntax",
    [
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.4.80",
    ],
)
def test_a_file_cut_anywhere_is_never_read_as_whole(syntax, write, cine, tmp_path):
    content = write("whole.dcm", cine, syntax=syntax, bits=12).read_bytes()
    last = len(content) - 16
    for end in [*range(0, min(900, last), 37), *range(900, last, 997), last]:
        path = tmp_path / "cut.dcm"
        path.write_bytes(content[:end])
        frames, reasons = outcome(path)
        assert frames == [], end
        assert reasons, end


def test_a_truncated_cine_says_how_much_is_there(write, cine):
    path = write("cut.dcm", cine, bits=12)
    path.write_bytes(path.read_bytes()[:-4000])
    (entry,) = scan([path]).skipped
    assert "declares 5 frames of 33 x 47 but ends after" in entry.problem
    assert entry.remedy


def test_a_file_that_shrinks_after_the_scan_is_an_error(write, read_one, cine):
    image = read_one(write("shrinks.dcm", cine, bits=12))
    reader = FrameReader(image)
    reader.read(0)
    image.path.write_bytes(image.path.read_bytes()[:-3000])
    with pytest.raises(DamagedFileError, match="ends after"):
        reader.read(4)


def peak_of(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "options",
    [
        {"Rows": 65535, "Columns": 65535},
        {"Rows": 20000, "Columns": 20000, "NumberOfFrames": 100000},
        {"NumberOfFrames": 2**31 - 1},
        {"syntax": "1.2.840.10008.1.2.5", "Rows": 65535, "Columns": 65535},
        {"syntax": "1.2.840.10008.1.2.5", "Rows": 11000, "Columns": 11000},
        {"syntax": "1.2.840.10008.1.2.4.80", "Rows": 11000, "Columns": 11000},
        {"syntax": "1.2.840.10008.1.2.4.90", "NumberOfFrames": 2**31 - 1},
        {"syntax": "1.2.840.10008.1.2.1.99", "Rows": 11000, "Columns": 11000},
    ],
    ids=str,
)
def test_an_absurd_size_is_refused_with_little_memory(options, write, cine):
    path = write("absurd.dcm", cine[:1], bits=12, **options)
    found = []
    assert peak_of(lambda: found.append(outcome(path))) < LIMIT
    assert found[0][0] == []


def test_a_huge_value_in_the_header_allocates_nothing(write, cine):
    path = write("huge.dcm", cine[:1], bits=12, raw={"SeriesDescription": ("UT", b"short")})
    content = path.read_bytes()
    head = struct.pack("<HH", 0x0008, 0x103E) + b"UT\0\0"
    at = content.index(head) + len(head)
    path.write_bytes(content[:at] + struct.pack("<L", 0xFFFFFFF0) + content[at + 4 :])
    found = []
    assert peak_of(lambda: found.append(outcome(path))) < LIMIT
    assert found[0][0] == []


def test_a_deflated_cine_beyond_the_limit_of_memory_is_refused(write, read_one, cine, monkeypatch):
    image = read_one(write("deflated.dcm", cine, syntax="1.2.840.10008.1.2.1.99", bits=12))
    monkeypatch.setattr(frames_module, "LARGEST_INFLATED", cine.nbytes - 1)
    with pytest.raises(DamagedFileError, match="too large to be inflated"):
        FrameReader(image).read(0)


def test_a_deflated_bomb_is_bounded(write, cine, tmp_path):
    content = write("deflated.dcm", cine[:1], syntax="1.2.840.10008.1.2.1.99").read_bytes()
    start = 144 + struct.unpack("<L", content[140:144])[0]
    bomb = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    body = bomb.compress(struct.pack("<HH", 0x0009, 0x0010) + b"OB\0\0" + struct.pack("<L", 400 << 20))
    for _ in range(400):
        body += bomb.compress(bytes(1 << 20))
    path = tmp_path / "bomb.dcm"
    path.write_bytes(content[:start] + body + bomb.flush())
    assert path.stat().st_size < 1 << 20
    found = []
    assert peak_of(lambda: found.append(outcome(path))) < 3 * PIECES[-1]
    assert found[0] == ([], found[0][1])
    assert found[0][1]


def test_deeply_nested_sequences_are_a_reason(write, cine, tmp_path):
    content = write("plain.dcm", cine[:1]).read_bytes()
    start = 144 + struct.unpack("<L", content[140:144])[0]
    depth = sys.getrecursionlimit() * 2
    sequence = struct.pack("<HH", 0x0008, 0x1140) + b"SQ\0\0\xff\xff\xff\xff"
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    path = tmp_path / "nested.dcm"
    path.write_bytes(content[:start] + (sequence + item) * depth + content[start:])
    assert outcome(path) == ([], outcome(path)[1])
    assert outcome(path)[1]


SYNTAXES = {
    "native": "1.2.840.10008.1.2.1",
    "implicit": "1.2.840.10008.1.2",
    "deflated": "1.2.840.10008.1.2.1.99",
    "big endian": "1.2.840.10008.1.2.2",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg lossless": "1.2.840.10008.1.2.4.70",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg 2000": "1.2.840.10008.1.2.4.90",
    "htj2k": "1.2.840.10008.1.2.4.201",
}

edits = st.lists(
    st.tuples(
        st.sampled_from(["set", "set header", "cut", "insert", "repeat", "zero"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def mutated(content, changes):
    data = bytearray(content)
    for kind, place, value in changes:
        at = int(place * (min(len(data), 900) if kind == "set header" else len(data)))
        if kind in {"set", "set header"}:
            data[at : at + len(value)] = value
        elif kind == "zero":
            data[at : at + 8 * len(value)] = bytes(8 * len(value))
        elif kind == "cut":
            del data[at : at + len(value) * 3]
        elif kind == "insert":
            data[at:at] = value
        else:
            data[at:at] = data[at : at + 40]
    return bytes(data)


@pytest.mark.parametrize("name", SYNTAXES)
def test_mutated_files_give_frames_or_reasons(name, write, cine, tmp_path):
    options = {"WindowCenter": 2000, "WindowWidth": 900, "PixelSpacing": [0.2, 0.2], "ViewPosition": "AP"}
    content = write("seed.dcm", cine[:2, :17, :19], syntax=SYNTAXES[name], bits=12, **options).read_bytes()
    path = tmp_path / "mutated.dcm"

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(edits)
    def check(changes):
        path.write_bytes(mutated(content, changes))
        frames, reasons = outcome(path)
        assert frames or reasons
        for frame in frames:
            assert isinstance(frame, np.ndarray)
            assert frame.size

    check()
