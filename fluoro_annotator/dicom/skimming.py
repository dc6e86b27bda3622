"""A fast walk over the head of a DICOM file, for files that are as plain as most are.

The walk understands little endian data sets with their file meta information, and nothing else.
Whatever is unusual makes it give up, and the file is read with all care instead; it never
guesses. It uses the standard library only, so that a helper process starts within
milliseconds: `serve` runs in a bare interpreter that imports nothing else of the package.
"""

from __future__ import annotations

import marshal
import os
import struct
import sys
from hashlib import blake2b
from typing import IO, Any, NamedTuple

FIRST_PIECE = 1 << 14
SECOND_PIECE = 1 << 18
"""Bytes that are read at first, and once more if the head is longer."""

DEEPEST = 16
UNDEFINED = 0xFFFFFFFF
PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
LONG_VR = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
SHORT_VR = frozenset(
    {
        *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT"),
        *(b"PN", b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US"),
    }
)
IMPLICIT = b"1.2.840.10008.1.2"
LEFT_ALONE = frozenset({b"1.2.840.10008.1.2.2", b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.4.95"})
"""Big endian and deflated transfer syntaxes."""

IDENTITY = {
    0x00080018: b"UI",  # SOP Instance UID
    0x00080022: b"DA",  # Acquisition Date
    0x00080023: b"DA",  # Content Date
    0x0008002A: b"DT",  # Acquisition DateTime
    0x00080032: b"TM",  # Acquisition Time
    0x00080033: b"TM",  # Content Time
    0x00200013: b"IS",  # Instance Number
}
"""What tells the images of one series apart that are alike otherwise, and its VR."""

ITEM = 0xFFFEE000
ITEM_END = 0xFFFEE00D
SEQUENCE_END = 0xFFFEE0DD

_explicit = struct.Struct("<HH2sH").unpack_from
_implicit = struct.Struct("<HHL").unpack_from
_long = struct.Struct("<L").unpack_from


class Skimmed(NamedTuple):
    """What the walk found in one file.

    Attributes
    ----------
    key : bytes
        Digest of all wanted elements that are not in `IDENTITY`, and of how they are encoded.
    identity : tuple of (bytes or None)
        Raw values in the order of `IDENTITY`; None for what is absent.
    pixels : tuple of (int, int, int, bytes or None)
        Tag, position, length and VR of the pixel data.
    file : tuple of (int, int, bytes, bytes)
        Size, position of the data set, transfer syntax, and SOP class of the file meta information.
    elements : tuple of (int, str or None, int, bytes)
        Tag, VR, position and raw value of all wanted elements.
    plain : bool
        Whether `elements` are all; False where a wanted sequence has no stated length.

    """

    key: bytes
    identity: tuple[bytes | None, ...]
    pixels: tuple[int, int, int, bytes | None]
    file: tuple[int, int, bytes, bytes]
    elements: tuple[tuple[int, str | None, int, bytes], ...]
    plain: bool


class UnusualError(Exception):
    """The walk met something that it leaves to the careful way."""


def skim(path: str, wanted: frozenset[int]) -> Skimmed | None:
    """Walk over the head of a file.

    Parameters
    ----------
    path : str
        The file.
    wanted : frozenset of int
        Tags of the main data set whose values are wanted.

    Returns
    -------
    Skimmed or None
        None if the file has to be read with all care, for whatever reason.

    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, FIRST_PIECE)
        found = skim_bytes(data, size, wanted)
        if found is None and len(data) == FIRST_PIECE and data[128:132] == b"DICM":
            data += os.read(descriptor, SECOND_PIECE - FIRST_PIECE)
            found = skim_bytes(data, size, wanted)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return found


def skim_bytes(data: bytes, size: int, wanted: frozenset[int]) -> Skimmed | None:
    """Walk over the first bytes of a file of a given size; None as in `skim`."""
    try:
        start, syntax, media_class = file_meta(data)
        implicit = syntax == IMPLICIT
        if (data[start + 4 : start + 6] in _KNOWN_VR) == implicit:
            return None
        return _data_set(data, start, wanted, implicit, (size, start, syntax, media_class))
    except (UnusualError, struct.error):
        return None


_KNOWN_VR = LONG_VR | SHORT_VR


def file_meta(data: bytes) -> tuple[int, bytes, bytes]:
    """Return where the data set begins, the transfer syntax, and the SOP class; raises `UnusualError`."""
    if data[128:132] != b"DICM" or data[132:138] != b"\x02\x00\x00\x00UL":
        raise UnusualError
    position, before, uids = 132, 0, {0x00020010: b"", 0x00020002: b""}
    while True:
        tag, vr, value, length = head(data, position)
        if tag >> 16 != 2:  # noqa: PLR2004 - group of the file meta information
            break
        if tag <= before or length == UNDEFINED:
            raise UnusualError
        if tag in uids:
            uids[tag] = _uid(vr, data[value : value + length])
        before, position = tag, value + length
    syntax = uids[0x00020010]
    if syntax in LEFT_ALONE or not syntax.startswith(IMPLICIT):
        raise UnusualError
    return position, syntax, uids[0x00020002]


def _uid(vr: bytes, value: bytes) -> bytes:
    found = value.rstrip(b"\0 ")
    if vr != b"UI" or not found.replace(b".", b"").isdigit():
        raise UnusualError
    return found


def head(data: bytes, position: int) -> tuple[int, bytes, int, int]:
    """Return tag, VR, position of the value and length of an explicit element."""
    group, element, vr, length = _explicit(data, position)
    if vr in SHORT_VR:
        return group << 16 | element, vr, position + 8, length
    if vr not in LONG_VR:
        if group != 0xFFFE:  # noqa: PLR2004 - items have no VR
            # the data set may be implicit, in which case its first element looks like this
            return group << 16 | element, b"", position + 8, 0
        raise UnusualError
    return group << 16 | element, vr, position + 12, _long(data, position + 8)[0]


def _data_set(  # noqa: C901 - one loop over all elements; calls would double its time
    data: bytes, position: int, wanted: frozenset[int], implicit: bool, file: tuple[int, int, bytes, bytes]
) -> Skimmed:
    digest = blake2b(b"%d %b %b" % (implicit, file[2], file[3]), digest_size=16)
    identity: dict[int, bytes | None] = dict.fromkeys(IDENTITY)
    elements: list[tuple[int, str | None, int, bytes]] = []
    end, before, plain = len(data), 0, True
    while True:
        start = position
        if implicit:
            group, element, length = _implicit(data, position)
            vr, value = b"", position + 8
        else:
            group, element, vr, length = _explicit(data, position)
            value = position + 8
            if vr not in SHORT_VR:
                if vr not in LONG_VR:
                    raise UnusualError
                (length,) = _long(data, value)
                value += 4
        tag = group << 16 | element
        if tag <= before or group == 0xFFFE:  # noqa: PLR2004 - items have no place here
            raise UnusualError
        if tag in PIXELS:
            break
        position = after_sequence(data, value, vr, implicit, 0) if length == UNDEFINED else value + length
        if position > end:
            raise UnusualError
        before = tag
        if tag not in wanted:
            continue
        plain = plain and length != UNDEFINED
        raw = data[value:position]
        elements.append((tag, None if implicit else vr.decode(), value, raw))
        if tag not in identity:
            digest.update(data[start:position])
        elif implicit or vr == IDENTITY[tag]:
            identity[tag] = raw
        else:
            raise UnusualError
    digest.update(vr)
    return Skimmed(
        digest.digest(),
        tuple(identity.values()),
        (tag, value, length, None if implicit else vr),
        file,
        tuple(elements),
        plain,
    )


def after_sequence(data: bytes, position: int, vr: bytes, implicit: bool, depth: int) -> int:
    """Return where a sequence without stated length ends."""
    if depth > DEEPEST or not (implicit or vr == b"SQ"):
        raise UnusualError
    while True:
        group, element, length = _implicit(data, position)
        tag, position = group << 16 | element, position + 8
        if tag == SEQUENCE_END and length == 0:
            return position
        if tag != ITEM:
            raise UnusualError
        position = _after_item(data, position, implicit, depth) if length == UNDEFINED else position + length


def _after_item(data: bytes, position: int, implicit: bool, depth: int) -> int:
    """Return where an item without stated length ends."""
    while True:
        group, element, length = _implicit(data, position)
        tag = group << 16 | element
        if tag == ITEM_END and length == 0:
            return position + 8
        if group == 0xFFFE:  # noqa: PLR2004 - another delimiter has no place here
            raise UnusualError
        vr, value = b"", position + 8
        if not implicit:
            _, vr, value, length = head(data, position)
            if not vr:
                raise UnusualError
        position = (
            after_sequence(data, value, vr, implicit, depth + 1) if length == UNDEFINED else value + length
        )


def item_end(data: bytes, position: int) -> int:
    """Return where an explicit item without stated length ends; raises `UnusualError`."""
    return _after_item(data, position, implicit=False, depth=0)


def serve() -> None:
    """Skim files for another process, until its end of the pipe is closed.

    Of standard input the first message is the wanted tags, each other one a list of paths; of
    each list a list of findings goes to standard output. A message is its length in 4 bytes and a
    value in the format of `marshal`, which both sides understand because they are the same
    interpreter. The elements of a kind of image are sent with the first image of it only.
    """
    source, target = sys.stdin.buffer, sys.stdout.buffer
    wanted: frozenset[int] = frozenset(received(source) or ())
    sent: set[bytes] = set()
    while (paths := received(source)) is not None:
        found = [skim(path, wanted) for path in paths]
        message = [None if each is None else tuple(_shortened(each, sent)) for each in found]
        target.write(packed(message))
        target.flush()


def _shortened(found: Skimmed, sent: set[bytes]) -> Skimmed:
    if found.key in sent:
        return found._replace(elements=())
    sent.add(found.key)
    return found


def packed(value: Any) -> bytes:
    """Return a message."""
    content = marshal.dumps(value)
    return struct.pack("<L", len(content)) + content


def received(source: IO[bytes]) -> Any:
    """Return the next message, None at the end."""
    size = source.read(4)
    content = source.read(_long(size)[0]) if len(size) == 4 else b""  # noqa: PLR2004 - a whole length
    return marshal.loads(content) if content else None  # noqa: S302 - from our own process, through a pipe of our own


if __name__ == "__main__":
    serve()
