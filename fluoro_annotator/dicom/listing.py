"""What a selection consists of, file by file, and a digest that tells whether it is as it was."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, NamedTuple

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in ns, and number (inode) of a file."""


class Found(NamedTuple):
    """A file to look at.

    Attributes
    ----------
    path : str
        The file.
    folder, name : str
        The two parts of it.
    stamp : tuple of (int, int, int)
        Size, time of the last change in ns, and number (inode).

    """

    path: str
    folder: str
    name: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Block:
    """Files of one folder, side by side, because there may be very many of them.

    Attributes
    ----------
    folder : str
        The folder.
    names : list of str
        Of the files, without their folder.
    stamps : array of int
        Three numbers for each name, see `Stamp`. Thousands of tuples would make the garbage
        collector look through all that the program has.

    """

    folder: str
    names: list[str]
    stamps: array[int]

    def files(self) -> Iterator[Found]:
        """Yield the files in their order."""
        start = os.path.join(self.folder, "")  # noqa: PTH118 - pathlib drops the separator at the end
        numbers = iter(self.stamps)
        for name, size, changed, number in zip(self.names, numbers, numbers, numbers, strict=True):
            yield Found(start + name, self.folder, name, (size, changed, number))


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was unpacked from an archive.

    Attributes
    ----------
    archive : str
        The archive.
    name : str
        What the archive calls the file.

    """

    archive: str
    name: str

    @property
    def path(self) -> str:
        """The name as if the archive were a folder."""
        return os.path.join(self.archive, self.name)  # noqa: PTH118 - becomes a Path where it is shown

    def __str__(self) -> str:
        return f"{self.archive}: {self.name}"


def each_once(blocks: Iterable[Block]) -> list[Found]:
    """Return the files of blocks in their order, each once."""
    found: dict[str, Found] = {}
    for block in blocks:
        for file in block.files():
            found.setdefault(file.path, file)
    return list(found.values())


def digest_of(blocks: Iterable[Block], members: Mapping[str, Member]) -> bytes:
    """Return a digest of folders, names, sizes, times and inodes, and of what unpacked files are called.

    It is the same only if nothing of this has changed; the order counts.
    """
    digest = blake2b(digest_size=32)
    for block in blocks:
        digest.update(_text(block.folder, str(len(block.names)), *block.names))
        digest.update(block.stamps.tobytes())
    for path, member in members.items():
        digest.update(_text(path, member.archive, member.name))
    return digest.digest()


def _text(*parts: str) -> bytes:
    return "\0".join(parts).encode("utf-8", "surrogatepass") + b"\0"


def stamps_of(statuses: Iterable[os.stat_result]) -> array[int]:
    """Return what `Block.stamps` holds of files.

    Times before 1970, and numbers of more than 64 bits, are kept by their last 64 bits.
    """
    numbers = [
        number for status in statuses for number in (status.st_size, status.st_mtime_ns, status.st_ino)
    ]
    try:
        return array("Q", numbers)
    except OverflowError:
        return array("Q", [number & _MASK for number in numbers])


_MASK: Final = (1 << 64) - 1
