"""Lists the files below folders, without following links that lead elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from fluoro_annotator.dicom import archives, media
from fluoro_annotator.dicom.header import unreadable
from fluoro_annotator.dicom.outcomes import SkippedFile, left_out

SYSTEM_FILES: Final = {
    media.NAME: "is the index of a medium; its images are opened without it",
    "thumbs.db": "is a file of the operating system",
    "desktop.ini": "is a file of the operating system",
}


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
    stamp: tuple[int, int, int]


@dataclass(slots=True)
class Finder:
    """Lists the files of a selection.

    Attributes
    ----------
    skipped : list of SkippedFile
        Gets an entry for all that is not looked at.
    cancelled : callable
        Asked for every folder and archive; the listing ends once it says True.
    shown : dict of str to pathlib.Path
        What to call a file that was unpacked from an archive.

    """

    skipped: list[SkippedFile]
    cancelled: Callable[[], bool]
    shown: dict[str, Path]

    def files(self, paths: Iterable[str | Path]) -> list[Found]:
        """Return the files of a selection, each once, in the order of names."""
        found: dict[str, Found] = {}
        for path in (Path(path).absolute() for path in paths):
            for each in self._selected(path):
                found.setdefault(each.path, each)
        return list(found.values())

    def _selected(self, path: Path) -> Iterator[Found]:
        status = self._status(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._below(path)
        elif path.name.lower() == media.NAME:
            yield from self._alone(media.follow(path, self.skipped))
        else:
            yield from self._file(str(path), str(path.parent), path.name, status)

    def _alone(self, paths: Iterable[Path]) -> Iterator[Found]:
        for path in paths:
            status = self._status(path)
            if status is not None:
                yield from self._file(str(path), str(path.parent), path.name, status)

    def _below(self, root: Path) -> Iterator[Found]:
        waiting = [str(root)]
        real: str | None = None
        while waiting and not self.cancelled():
            folder = waiting.pop()
            folders: list[str] = []
            for entry in self._entries(folder):
                if entry.is_file(follow_symlinks=False) and not _special(entry.name):
                    try:
                        status = _look(entry)
                    except OSError:
                        self._status(entry)  # says why
                        continue
                    stamp = status.st_size, status.st_mtime_ns, status.st_ino
                    yield Found(entry.path, folder, entry.name, stamp)
                    continue
                if entry.is_symlink():
                    real = real or os.path.realpath(root)
                    if self._leads_out(entry, real):
                        continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                    continue
                other = self._status(entry)
                if other is not None and not stat.S_ISDIR(other.st_mode):
                    yield from self._file(entry.path, folder, entry.name, other)
            waiting += [os.path.join(folder, name) for name in reversed(self._opened(folder, folders))]  # noqa: PTH118 - thousands of times

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=_name)
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

    def _file(self, path: str, folder: str, name: str, status: os.stat_result) -> Iterator[Found]:
        special = SYSTEM_FILES.get(name.lower())
        if special:
            self.skipped.append(SkippedFile(Path(path), special))
            if name.lower() == media.NAME:
                yield from self._alone(self._referred(Path(path)))
        elif name.startswith("."):
            self.skipped.append(SkippedFile(Path(path), "is a hidden file"))
        elif name.lower().endswith(archives.SUFFIX):
            yield from self._unpacked(Path(path))
        else:
            yield Found(path, folder, name, (status.st_size, status.st_mtime_ns, status.st_ino))

    def _referred(self, index: Path) -> list[Path]:
        """Return what an index refers to; one that cannot be read does not matter in a folder."""
        noted: list[SkippedFile] = []
        found = media.follow(index, noted)
        self.skipped += [entry for entry in noted if not media.unreadable_index(entry)]
        return found

    def _unpacked(self, archive: Path) -> Iterator[Found]:
        for member in archives.unpack(archive, self.skipped, self.cancelled):
            self.shown[str(member.path)] = member.shown
            yield from self._alone([member.path])

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


def _special(name: str) -> bool:
    """Whether a name says that a file is not just looked at."""
    return name[0] == "." or name[-_ENDING:].lower() == archives.SUFFIX or name.lower() in SYSTEM_FILES


_ENDING: Final = len(archives.SUFFIX)


def _look(path: Path | os.DirEntry[str]) -> os.stat_result:
    return path.stat()


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
