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
MOST_OFFSETS = 1 << 20
"""Entries of an offset table that is read before the items have been walked."""

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


def first_spans(subject: str, read: ReadAt, start: int, frames: int) -> list[Span] | None:
    """Return the fragments of the first frame without looking at all others.

    The first frame begins with the first fragment however the rest is divided, and the offset
    table says where it ends. Frames after it are another matter: that the table numbers them
    rightly is known only once all items have been walked.

    Parameters
    ----------
    subject, read, start, frames
        As for `frame_spans`.

    Returns
    -------
    list of Span or None
        None where only the walk can tell: there is no table of plausible offsets, or the items of
        the first and of the last frame are not where it says, up to the end of the pixel data.

    """
    try:
        table = next(_items(subject, read, start), None)
        offsets = None if table is None else _plausible_offsets(read, table, frames)
        if table is None or offsets is None:
            return None
        base = table.offset + table.length
        first = _items_up_to(base + offsets[1], _items(subject, read, base))
        last = list(_items(subject, read, base + offsets[-1]))
    except DamagedFileError:
        return None
    return first if last else None


def _items_up_to(end: int, items: Iterator[Span]) -> list[Span] | None:
    """Return the items that lie before a position, None unless one of them ends just there."""
    found: list[Span] = []
    for item in items:
        found.append(item)
        if item.offset + item.length >= end:
            return found if item.offset + item.length == end else None
    return None


def _plausible_offsets(read: ReadAt, table: Span, frames: int) -> tuple[int, ...] | None:
    """Return the offsets of a table with one for each of several frames, in order, else None."""
    if table.length != OFFSET * frames or not 1 < frames <= MOST_OFFSETS:
        return None
    raw = read(table.offset, table.length)
    if len(raw) < table.length:
        return None
    offsets = struct.unpack(f"<{frames}L", raw)
    ordered = all(before < after for before, after in pairwise(offsets))
    return offsets if offsets[0] == 0 and ordered else None


def _counted(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"


def _damaged(subject: str, problem: str) -> DamagedFileError:
    return DamagedFileError(subject, problem, "Export the file again from the C-arm or the archive.")


_head = struct.Struct("<HHL").unpack


def _items(subject: str, read: ReadAt, position: int) -> Iterator[Span]:
    """Yield the items up to the delimiter, which may be missing at the very end of the file."""
    while True:
        head = read(position, HEAD)
        if not head and read(position - 1, 1):
            return
        if len(head) < HEAD:
            raise _damaged(subject, "ends in the middle of a frame")
        group, element, length = _head(head)
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
