"""Finds the frames of encapsulated pixel data by walking its items (PS3.5 A.4).

Only the eight bytes at the head of each item are read, and the first bytes of fragments where
the number of fragments does not settle which frame they belong to.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from fluoro_annotator.dicom.codestream import starts_picture
from fluoro_annotator.errors import DamagedFileError

ITEM = (0xFFFE, 0xE000)
SEQUENCE_END = (0xFFFE, 0xE0DD)
HEAD = 8
OFFSET = 4
MARKER = 12
"""Bytes of the head of an item, of an offset in the table, and enough to know a picture."""

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
    firsts = _firsts_by_table(read, table, fragments, frames) if len(fragments) > frames else None
    if firsts is None:
        firsts = _firsts_by_marker(read, fragments, frames)
    if len(firsts) != frames:
        raise _damaged(subject, f"declares {_counted(frames)} but holds {len(firsts)}")
    ends = [*firsts[1:], len(fragments)]
    return [fragments[first:end] for first, end in zip(firsts, ends, strict=True)]


def _counted(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"


def _damaged(subject: str, problem: str) -> DamagedFileError:
    return DamagedFileError(subject, problem, "Export the file again from the C-arm or the archive.")


def _items(subject: str, read: ReadAt, position: int) -> Iterator[Span]:
    """Yield the items up to the delimiter, which may be missing at the very end of the file."""
    while True:
        head = read(position, HEAD)
        if not head and read(position - 1, 1):
            return
        if len(head) < HEAD:
            raise _damaged(subject, "ends in the middle of a frame")
        group, element, length = struct.unpack("<HHL", head)
        if (group, element) == SEQUENCE_END:
            return
        if (group, element) != ITEM:
            raise _damaged(subject, "has compressed pixel data that are not divided into items")
        position += HEAD
        yield Span(position, length)
        position += length


def _firsts_by_table(read: ReadAt, table: Span, fragments: list[Span], frames: int) -> list[int] | None:
    """Return the first fragment of each frame as the basic offset table says.

    None if there is no table, or one whose offsets are not where fragments begin.
    """
    if table.length != OFFSET * frames or frames == 1:
        return None
    offsets = struct.unpack(f"<{frames}L", read(table.offset, table.length))
    heads = {fragment.offset - fragments[0].offset: place for place, fragment in enumerate(fragments)}
    firsts = [heads.get(offset, -1) for offset in offsets]
    ordered = all(before < after for before, after in pairwise(firsts))
    return firsts if firsts[0] == 0 and ordered else None


def _firsts_by_marker(read: ReadAt, fragments: list[Span], frames: int) -> list[int]:
    """Return the first fragment of each frame by the markers with which pictures begin.

    Where there is a fragment for each frame, or one frame only, pictures that lack their marker
    are left to the decoder to judge.
    """
    if len(fragments) == frames:
        return list(range(frames))
    firsts = [place for place, item in enumerate(fragments) if starts_picture(read(item.offset, MARKER))]
    if frames == 1 and fragments and len(firsts) < 2:  # noqa: PLR2004 - no second picture
        return [0]
    return firsts or list(range(len(fragments)))
