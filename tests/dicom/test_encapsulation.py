"""Walking the items of encapsulated pixel data, right and wrong ones."""

import struct

import pytest

from fluoro_annotator.dicom.codestream import is_complete, read_jpeg, read_jpeg_2000, starts_picture
from fluoro_annotator.dicom.encapsulation import Span, first_spans, frame_spans
from fluoro_annotator.errors import DamagedFileError

PICTURE = b"\xff\xd8\xff\xe0" + bytes(16) + b"\xff\xd9"
REST = bytes(20) + b"\xff\xd9"


def reader_of(data, log=None):
    def read(offset, size):
        if log is not None:
            log.append(size)
        return data[offset : offset + size]

    return read


def contents(data, frames, log=None):
    spans = frame_spans("file", reader_of(data, log), 0, frames)
    return [b"".join(data[span.offset : span.offset + span.length] for span in parts) for parts in spans]


def item(value):
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(value)) + value


END = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("fragments", [1, 2, 3])
def test_frames_come_back_whole(encapsulated, table, fragments):
    frames = [PICTURE, PICTURE + REST, PICTURE + REST + REST]
    data = encapsulated(frames, fragments=fragments, table=table)
    assert contents(data, 3) == frames


def test_only_heads_are_read_when_each_frame_has_one_fragment(encapsulated):
    log = []
    contents(encapsulated([PICTURE * 100] * 50), 50, log)
    assert sum(log) <= 8 * 52


def test_a_wrong_offset_table_gives_way_to_the_markers(encapsulated):
    data = bytearray(encapsulated([PICTURE + REST] * 2, fragments=2))
    data[12:16] = struct.pack("<L", 5)
    assert contents(bytes(data), 2) == [PICTURE + REST] * 2


def test_an_offset_table_that_points_into_a_frame_is_not_believed(encapsulated):
    data = bytearray(encapsulated([PICTURE + REST] * 2, fragments=2))
    second_fragment = 8 + len(PICTURE + REST) // 2
    data[12:16] = struct.pack("<L", second_fragment)
    found = frame_spans("file", reader_of(bytes(data)), 0, 2)
    assert [len(parts) for parts in found] in ([2, 2], [1, 3])


def test_the_offset_table_decides_where_a_fragment_merely_looks_like_a_picture():
    """The second half of the first frame begins as a picture does, with a thumbnail."""
    parts = [item(b"\xff\xd8\xff\xe1 head"), item(PICTURE), item(PICTURE)]
    table = item(struct.pack("<2L", 0, len(parts[0]) + len(parts[1])))
    assert contents(table + b"".join(parts) + END, 2) == [b"\xff\xd8\xff\xe1 head" + PICTURE, PICTURE]


@pytest.mark.parametrize(
    ("declared", "message"), [(2, "declares 2 frames but holds 3"), (4, "declares 4 frames but holds 3")]
)
def test_another_number_of_frames_is_an_error(encapsulated, declared, message):
    with pytest.raises(DamagedFileError, match=message):
        contents(encapsulated([PICTURE] * 3), declared)


def test_a_missing_number_of_frames_does_not_hide_frames(encapsulated):
    for table in (True, False):
        with pytest.raises(DamagedFileError, match="declares 1 frame but holds 3"):
            contents(encapsulated([PICTURE] * 3, table=table), 1)


def test_a_missing_delimiter_at_the_end_of_the_file_is_forgiven(encapsulated):
    data = encapsulated([PICTURE] * 2)
    assert contents(data[: -len(END)], 2) == [PICTURE] * 2


@pytest.mark.parametrize("cut", [3, 9, 15])
def test_a_file_that_ends_early_is_an_error(encapsulated, cut):
    data = encapsulated([PICTURE] * 2)
    with pytest.raises(DamagedFileError, match="ends in the middle"):
        contents(data[: -len(END) - cut], 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "ends in the middle"),
        (END, "without content"),
        (item(b"") + END, "declares 1 frame but holds 0"),
        (item(b"") + b"\1\2\3\4\5\6\7\x08", "not divided into items"),
        (item(b"") + struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF), "ends in the middle"),
    ],
)
def test_malformed_items_are_errors(data, message):
    with pytest.raises(DamagedFileError, match=message):
        frame_spans("file", reader_of(data), 0, 1)


def test_spans_give_offset_and_length(encapsulated):
    data = encapsulated([PICTURE], table=False)
    assert frame_spans("file", reader_of(data), 0, 1) == [[Span(16, len(PICTURE))]]


def first_of(data, frames, log=None):
    spans = first_spans("file", reader_of(data, log), 0, frames)
    return (
        None if spans is None else b"".join(data[each.offset : each.offset + each.length] for each in spans)
    )


@pytest.mark.parametrize("fragments", [1, 2, 3])
def test_the_first_frame_is_found_without_the_others(encapsulated, fragments):
    frames = [PICTURE + REST] + [PICTURE] * 50
    log = []
    assert first_of(encapsulated(frames, fragments=fragments), 51, log) == frames[0]
    assert sum(log) <= 4 * 51 + 8 * (4 + 2 * fragments)


def with_offset(data, place, value):
    changed = bytearray(data)
    changed[8 + 4 * place : 12 + 4 * place] = struct.pack("<L", value)
    return bytes(changed)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: with_offset(data, 0, 2), id="first offset not 0"),
        pytest.param(lambda data: with_offset(data, 1, 5), id="second offset inside a fragment"),
        pytest.param(lambda data: with_offset(data, 1, 1 << 30), id="second offset beyond the end"),
        pytest.param(lambda data: with_offset(data, 2, 9), id="offsets out of order"),
        pytest.param(lambda data: data[: -len(END) - 3], id="last frame cut"),
        pytest.param(lambda data: data[:18], id="table cut"),
        pytest.param(lambda data: data[:60], id="cut after the first frame"),
    ],
)
def test_only_the_walk_can_tell_where_the_offset_table_fails(encapsulated, change):
    assert first_of(change(encapsulated([PICTURE] * 3)), 3) is None


def test_only_the_walk_can_tell_without_a_fitting_offset_table(encapsulated):
    assert first_of(encapsulated([PICTURE] * 3, table=False), 3) is None
    assert first_of(encapsulated([PICTURE] * 3), 2) is None
    assert first_of(encapsulated([PICTURE]), 1) is None


def test_heads_of_codestreams(encoders, cine):
    jpeg = read_jpeg(encoders["1.2.840.10008.1.2.4.70"](cine[0], 12))
    assert (jpeg.rows, jpeg.columns, jpeg.components, jpeg.bits, jpeg.lossless) == (33, 47, 1, 12, True)
    jls = read_jpeg(encoders["1.2.840.10008.1.2.4.80"](cine[0], 12))
    assert (jls.rows, jls.columns, jls.components) == (33, 47, 1)
    j2k = read_jpeg_2000(encoders["1.2.840.10008.1.2.4.90"](cine[0], 12))
    assert (j2k.rows, j2k.columns, j2k.components, j2k.bits) == (33, 47, 1, 12)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xff\xff\xff",
        b"\xff\xd8\xff\xc0\x00\x08\x08\x00\x10\x00\x10\x03",
        b"\xff\xd8\xff\xda\x00\x02",
    ],
)
def test_a_jpeg_without_a_head_has_none(data):
    assert read_jpeg(data) is None


def test_a_jpeg_2000_without_a_head_has_none():
    assert read_jpeg_2000(b"\xff\x4f\xff\x51" + bytes(10)) is None
    assert read_jpeg_2000(bytes(60)) is None


def test_what_starts_and_ends_a_picture():
    assert starts_picture(PICTURE)
    assert starts_picture(b"\x02\0\0\0\x40\0\0\0")
    assert not starts_picture(b"\x00\0\0\0\x40\0\0\0")
    assert not starts_picture(REST)
    assert not starts_picture(b"")
    assert is_complete(PICTURE + b"\0\0")
    assert not is_complete(PICTURE[:-1])


@pytest.mark.parametrize("padding", [0, 1, 61, 62, 63, 64, 65, 66, 1000])
def test_any_padding_may_follow_the_end_marker(padding):
    assert is_complete(PICTURE + bytes(padding))
    assert is_complete(PICTURE + b"\xff" * padding)
    assert not is_complete(PICTURE[:-2] + b"\x01" + bytes(padding))
    assert not is_complete(bytes(padding))
