"""Finds the frames of encapsulated pixel data by walking its items (PS3.5 A.4).

Only the eight bytes at the head of each item are read, and the first bytes of fragments where
the number of fragments does not settle which frame they belong to.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from fluoro_annotator.dicom.codestream import starts_picture
from fluoro_annotator.errors import DamagedFileError

ITEM = (0xFFFE, 0xE000)
SEQUENCE_END = (0xFFFE, 0xE0DD)
HEAD = 8

ReadAt = Callable[[int, int], bytes]
"""Reads (offset, size); returns fewer bytes at the end of the file."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a file: where it begins and how many bytes it has."""

    offset: int
    length: int


def frame_spans(subject: str, read: ReadAt, start: int, frames: int) -> list[list[Span]]:
    """Return for each frame the fragments that make it up.

    Parameters
    ----------
    subject : str
        The file, for errors.
    read : callable
        Reads from the file.
    start : int
        Where the value of the pixel data begins, that is at the basic offset table.
    frames : int
        Number of frames that the header declares.

    Raises
    ------
    DamagedFileError
        If the items end too early, or hold more or fewer frames than declared.

    """
    walked = list(_items(subject, read, start))
    if not walked:
        raise _damaged(subject, "has compressed pixel data without content")
    table, fragments = walked[0], walked[1:]
    found = (
        _one_each(fragments, frames)
        or _by_offset_table(read, table, fragments, frames)
        or _by_start_marker(read, fragments, frames)
    )
    if found:
        return found
    count = sum(1 for fragment in fragments if starts_picture(read(fragment.offset, 12))) or len(fragments)
    raise _damaged(subject, f"declares {frames} frames but holds {count}")


def _damaged(subject: str, problem: str) -> DamagedFileError:
    return DamagedFileError(subject, problem, "Export the file again from the C-arm or the archive.")


def _items(subject: str, read: ReadAt, position: int) -> Iterator[Span]:
    while True:
        head = read(position, HEAD)
        if len(head) < HEAD:
            raise _damaged(subject, "ends in the middle of its pixel data")
        group, element, length = struct.unpack("<HHL", head)
        if (group, element) == SEQUENCE_END:
            return
        if (group, element) != ITEM:
            raise _damaged(subject, "has compressed pixel data that are not divided into items")
        position += HEAD
        if length and len(read(position + length - 1, 1)) < 1:
            raise _damaged(subject, "ends in the middle of a frame")
        yield Span(position, length)
        position += length


def _one_each(fragments: list[Span], frames: int) -> list[list[Span]] | None:
    if len(fragments) != frames:
        return None
    return [[fragment] for fragment in fragments]


def _by_offset_table(
    read: ReadAt, table: Span, fragments: list[Span], frames: int
) -> list[list[Span]] | None:
    """Group fragments by the basic offset table, if each of its offsets is where a fragment begins."""
    if table.length != 4 * frames or not fragments:
        return None
    offsets = struct.unpack(f"<{frames}L", read(table.offset, table.length))
    heads = [fragment.offset - HEAD - (fragments[0].offset - HEAD) for fragment in fragments]
    firsts = [bisect_left(heads, offset) for offset in offsets]
    exact = all(
        first < len(heads) and heads[first] == offset for first, offset in zip(firsts, offsets, strict=True)
    )
    if not exact or firsts[0] != 0 or any(after <= before for before, after in pairwise(firsts)):
        return None
    if frames == 1 and sum(starts_picture(read(fragment.offset, 12)) for fragment in fragments) > 1:
        return None
    return _split(fragments, firsts)


def _by_start_marker(read: ReadAt, fragments: list[Span], frames: int) -> list[list[Span]] | None:
    """Group fragments by the markers with which pictures begin."""
    firsts = [index for index, fragment in enumerate(fragments) if starts_picture(read(fragment.offset, 12))]
    if len(firsts) != frames or firsts[0] != 0:
        return None
    return _split(fragments, firsts)


def _split(fragments: list[Span], firsts: list[int]) -> list[list[Span]]:
    ends = [*firsts[1:], len(fragments)]
    return [fragments[first:end] for first, end in zip(firsts, ends, strict=True)]
