"""Follows the references of a DICOMDIR, within its own folder only (PS3.10 8, PS3.3 F.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom.outcomes import SkippedFile
from fluoro_annotator.dicom.skimming import SEQUENCE_END, UNDEFINED, UnusualError, file_meta, head, item_end

NAME: Final = "dicomdir"
LARGEST: Final = 1 << 26
MOST_REFERENCES: Final = 200_000
"""Bytes and references of a DICOMDIR that are still believed."""

_FIRST, _RECORDS = 0x00041200, 0x00041220
_NEXT, _LOWER, _FILE = 0x00041400, 0x00041420, 0x00041500
_ITEM: Final = 0xFFFEE000
_UNREADABLE: Final = "is the index of a medium and cannot be read"
_OPEN_FOLDER: Final = "Open the folder that it is in."

_Record = dict[int, bytes]


def follow(path: Path, skipped: list[SkippedFile]) -> list[Path]:
    """Return the files that a DICOMDIR refers to and that are there.

    Parameters
    ----------
    path : pathlib.Path
        The DICOMDIR. Its references are followed in its own folder and below.
    skipped : list of SkippedFile
        Gets an entry for each reference that leads nowhere or out of the folder, and for records
        that refer to each other in a circle.

    """
    try:
        first, records = _records(_content(path))
    except (OSError, UnusualError, struct.error):
        skipped.append(SkippedFile(path, _UNREADABLE, _OPEN_FOLDER))
        return []
    if _circular(first, records):
        skipped.append(
            SkippedFile(path, "has records that refer to each other in a circle", "Each was looked at once.")
        )
    names = list(dict.fromkeys(record[_FILE] for record in records.values() if record.get(_FILE)))
    return [found for name in names[:MOST_REFERENCES] if (found := _file(path, name, skipped)) is not None]


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise UnusualError
    return path.read_bytes()


def unreadable_index(entry: SkippedFile) -> bool:
    """Whether an entry of `follow` says that the DICOMDIR itself cannot be read."""
    return entry.problem == _UNREADABLE


def _records(data: bytes) -> tuple[int, dict[int, _Record]]:
    """Return the position of the first record, and all records by their positions."""
    position, _, _ = file_meta(data)
    first = 0
    while position < len(data):
        tag, vr, value, length = head(data, position)
        if not vr:
            raise UnusualError
        if tag == _RECORDS:
            return first, dict(_items(data, value, length))
        if tag == _FIRST and length == 4:  # noqa: PLR2004 - length of UL
            first = _number(data[value : value + 4])
        if length == UNDEFINED:
            raise UnusualError
        position = value + length
    return first, {}


def _items(data: bytes, position: int, length: int) -> Iterator[tuple[int, _Record]]:
    end = len(data) if length == UNDEFINED else position + length
    if end > len(data):
        raise UnusualError
    while position < end:
        group, element, size = struct.unpack_from("<HHL", data, position)
        tag = group << 16 | element
        if tag == SEQUENCE_END and length == UNDEFINED:
            return
        if tag != _ITEM:
            raise UnusualError
        stop = item_end(data, position + 8) if size == UNDEFINED else position + 8 + size
        if stop > end:
            raise UnusualError
        yield position, _record(data, position + 8, stop)
        position = stop


def _record(data: bytes, position: int, end: int) -> _Record:
    found: _Record = {}
    while position < end:
        tag, vr, value, length = head(data, position) if end - position > 8 else (0, b"", end, 0)  # noqa: PLR2004 - not only the delimiter
        if not vr or length == UNDEFINED or tag > _FILE:
            break
        if tag in (_NEXT, _LOWER, _FILE):
            found[tag] = data[value : value + length]
        position = value + length
    return found


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _circular(first: int, records: dict[int, _Record]) -> bool:
    """Whether following the records from the first one reaches a record twice."""
    seen: set[int] = set()
    waiting = [first]
    while waiting:
        position = waiting.pop()
        if not position or position not in records:
            continue
        if position in seen:
            return True
        seen.add(position)
        waiting += [_number(records[position].get(tag, b"")) for tag in (_NEXT, _LOWER)]
    return False


def _file(index: Path, name: bytes, skipped: list[SkippedFile]) -> Path | None:
    parts = [part.strip() for part in name.decode("ascii", "replace").rstrip("\0 ").split("\\")]
    shown = index.parent.joinpath(*(part.replace("/", "_") for part in parts))
    if any(part in {"", ".", ".."} or "/" in part or ":" in part or "\0" in part for part in parts):
        skipped.append(
            SkippedFile(index, f"refers to a file outside its folder ({name!a})", "It was not opened.")
        )
        return None
    found: Path | None = index.parent
    for part in parts:
        found = None if found is None else _child(found, part)
    if found is None or not found.is_file():
        skipped.append(
            SkippedFile(shown, "is listed in the DICOMDIR but is not there", "Copy the whole medium again.")
        )
        return None
    if not found.resolve().is_relative_to(index.parent.resolve()):
        skipped.append(SkippedFile(shown, "leads out of the folder of its medium", "It was not opened."))
        return None
    if found.name.lower() == NAME:
        skipped.append(SkippedFile(found, "is an index that another index refers to", _OPEN_FOLDER))
        return None
    return found


def _child(folder: Path, name: str) -> Path | None:
    """Return the file of this name in a folder, in capitals or small letters."""
    if (folder / name).exists():
        return folder / name
    other = folder / name.lower()
    return other if other.exists() else None
