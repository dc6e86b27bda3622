"""Lists the files below folders, without following links that lead elsewhere."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom import archives, media
from fluoro_annotator.dicom.header import unreadable
from fluoro_annotator.dicom.listing import Block, Member, stamps_of
from fluoro_annotator.dicom.outcomes import SkippedFile, left_out

_BY_NAME: Final = attrgetter("name")

SYSTEM_FILES: Final = {
    media.NAME: "is the index of a medium; its images are opened without it",
    "thumbs.db": "is a file of the operating system",
    "desktop.ini": "is a file of the operating system",
}


@dataclass(slots=True)
class Finder:
    """Lists the files of a selection.

    Attributes
    ----------
    skipped : list of SkippedFile
        Gets an entry for all that is not looked at.
    cancelled : callable
        Asked for every folder and archive; the listing ends once it says True.
    members : dict of str to Member
        Gets an entry for each file that was unpacked from an archive.

    """

    skipped: list[SkippedFile]
    cancelled: Callable[[], bool]
    members: dict[str, Member]

    def blocks(self, paths: Iterable[str | Path]) -> list[Block]:
        """Return the files of a selection; one that is reached in two ways may be there twice."""
        found: list[Block] = []
        for path in (Path(path).absolute() for path in paths):
            for block in self._selected(path):
                _append(found, block)
        return found

    def unpacked(self, archive: Path) -> list[Block]:
        """Return what could be opened of an archive."""
        found: list[Block] = []
        for block in self._unpacked(archive):
            _append(found, block)
        return found

    def _selected(self, path: Path) -> Iterator[Block]:
        status = self._status(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._below(path)
        elif path.name.lower() == media.NAME:
            yield from self._alone(media.follow(path, self.skipped))
        else:
            yield from self._file(str(path.parent), path.name, status)

    def _alone(self, paths: Iterable[Path]) -> Iterator[Block]:
        for path in paths:
            status = self._status(path)
            if status is not None:
                yield from self._file(str(path.parent), path.name, status)

    def _below(self, root: Path) -> Iterator[Block]:
        waiting = [str(root)]
        real: str | None = None
        while waiting and not self.cancelled():
            folder = waiting.pop()
            block, others = self._listed(folder)
            yield block
            folders: list[str] = []
            for entry in others:
                if entry.is_symlink():
                    real = real or os.path.realpath(root)
                    if self._leads_out(entry, real):
                        continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                    continue
                status = self._status(entry)
                if status is not None and not stat.S_ISDIR(status.st_mode):
                    yield from self._file(folder, entry.name, status)
            waiting += [os.path.join(folder, name) for name in reversed(self._opened(folder, folders))]  # noqa: PTH118 - thousands of times

    def _listed(self, folder: str) -> tuple[Block, list[os.DirEntry[str]]]:
        """Return the files of a folder that are just looked at, and whatever else is there, by name."""
        entries = self._entries(folder)
        plain = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
        others: list[os.DirEntry[str]] = []
        if _perhaps_special([entry.name for entry in plain]):
            plain = [entry for entry in plain if not _special(entry.name)]
        if len(plain) < len(entries):
            chosen = {entry.name for entry in plain}
            others = [entry for entry in entries if entry.name not in chosen]
        names = [entry.name for entry in plain]
        try:
            return Block(folder, names, _stamps(folder, plain)), others
        except OSError:
            return self._patiently(folder, names), others

    def _patiently(self, folder: str, names: list[str]) -> Block:
        """Return those of the files of a folder whose status can be had, and say why of the others."""
        found = {name: status for name in names if (status := self._status(Path(folder, name))) is not None}
        return Block(folder, list(found), stamps_of(found.values()))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=_BY_NAME)
        except OSError as error:
            self.skipped.append(left_out(unreadable(Path(folder), error)))
            return []

    def _opened(self, folder: str, names: list[str]) -> list[str]:
        for hidden in (name for name in names if name.startswith(".")):
            self.skipped.append(SkippedFile(Path(folder, hidden), "is a hidden folder"))
        return [name for name in names if not name.startswith(".")]

    def _leads_out(self, entry: os.DirEntry[str], root: str) -> bool:
        target = os.path.realpath(entry.path)
        if not os.path.exists(target) or target.startswith(os.path.join(root, "")):  # noqa: PTH110, PTH118 - thousands of times
            return False
        self.skipped.append(
            SkippedFile(Path(entry.path), "leads out of the folder that was opened", "Open what it leads to.")
        )
        return True

    def _file(self, folder: str, name: str, status: os.stat_result) -> Iterator[Block]:
        special = SYSTEM_FILES.get(name.lower())
        if special:
            self.skipped.append(SkippedFile(Path(folder, name), special))
            if name.lower() == media.NAME:
                yield from self._alone(self._referred(Path(folder, name)))
        elif name.startswith("."):
            self.skipped.append(SkippedFile(Path(folder, name), "is a hidden file"))
        elif archives.named_so(name) and archives.begins_so(Path(folder, name)):
            yield from self._unpacked(Path(folder, name))
        else:
            yield Block(folder, [name], stamps_of([status]))

    def _referred(self, index: Path) -> list[Path]:
        """Return what an index refers to; one that cannot be read does not matter in a folder."""
        noted: list[SkippedFile] = []
        found = media.follow(index, noted)
        self.skipped += [entry for entry in noted if not media.unreadable_index(entry)]
        return found

    def _unpacked(self, archive: Path) -> Iterator[Block]:
        for unpacked in archives.unpack(archive, self.skipped, self.cancelled):
            self.members[str(unpacked.path)] = unpacked.member
            yield from self._alone([unpacked.path])

    def _status(self, path: Path | os.DirEntry[str]) -> os.stat_result | None:
        """Return the status of a file or folder; for anything else None, with a reason.

        Devices and named pipes are left alone, because opening one may never return.
        """
        try:
            status = _look(path)
        except OSError as error:
            dangling = isinstance(error, FileNotFoundError) and os.path.islink(path)  # noqa: PTH114 - of both kinds
            reason = SkippedFile(Path(path), "leads nowhere")
            self.skipped.append(reason if dangling else left_out(unreadable(Path(path), error)))
            return None
        except ValueError:
            self.skipped.append(SkippedFile(Path(path), "is not a valid path"))
            return None
        if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
            return status
        self.skipped.append(SkippedFile(Path(path), "is neither a file nor a folder"))
        return None


def _append(blocks: list[Block], block: Block) -> None:
    """Append a block, or its files to the last one if they are in the same folder."""
    if blocks and blocks[-1].folder == block.folder:
        blocks[-1].names.extend(block.names)
        blocks[-1].stamps.extend(block.stamps)
    elif block.names:
        blocks.append(block)


def _perhaps_special(names: list[str]) -> bool:
    """Whether one of many names may be special: a quick look at all of them at once."""
    text = "\0".join(["", *names, ""]).lower()
    return "\0." in text or archives.SUFFIX in text or any(f"\0{name}\0" in text for name in SYSTEM_FILES)


def _special(name: str) -> bool:
    """Whether a name says that a file is not just looked at."""
    return name[0] == "." or archives.named_so(name) or name.lower() in SYSTEM_FILES


_RELATIVE: Final = os.stat in os.supports_dir_fd
"""Whether the status of a file can be had relative to an open folder: not on Windows."""


def _stamps(folder: str, entries: list[os.DirEntry[str]]) -> array[int]:
    """Return what tells whether files have changed; raises OSError if that of one cannot be had."""
    if not _RELATIVE:
        return stamps_of([entry.stat() for entry in entries])  # Windows: known from the listing
    opened = os.open(folder, os.O_RDONLY)
    try:
        # relative to the folder, which spares the system the way to it, thousands of times
        return stamps_of([os.stat(entry.name, dir_fd=opened) for entry in entries])
    finally:
        os.close(opened)


def _look(path: Path | os.DirEntry[str]) -> os.stat_result:
    return path.stat()
