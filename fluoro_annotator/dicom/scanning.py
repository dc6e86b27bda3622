"""Finds the studies in files and folders."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom.header import unreadable
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.reading import read_image
from fluoro_annotator.errors import FluoroAnnotatorError, NothingToOpenError

Progress = Callable[[int, int], None]

SYSTEM_FILES: Final = {
    "dicomdir": "is the index of a medium; its images are opened without it",
    "thumbs.db": "is a file of the operating system",
    "desktop.ini": "is a file of the operating system",
}


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file or folder that was not opened, and why.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    problem : str
        What is wrong, as one clause: ``"is a CT Image, not a fluoroscopic image"``.
    remedy : str
        What can be done; may be empty.

    """

    path: Path
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.path}: {self.problem.rstrip('.')}."
        return f"{text} {self.remedy}" if self.remedy else text


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found: studies, and every file that was left out."""

    studies: tuple[Study, ...]
    skipped: tuple[SkippedFile, ...]

    def require(self) -> ScanResult:
        """Return the result itself if there is something to open.

        Raises
        ------
        NothingToOpenError
            If no study was found; the message counts the reasons.

        """
        if self.studies:
            return self
        raise NothingToOpenError(
            "the selection",
            f"holds no fluoroscopic image ({self._reasons()})",
            "Choose the folder into which the C-arm or the archive exported its images.",
        )

    def _reasons(self) -> str:
        if not self.skipped:
            return "it is empty"
        if len(self.skipped) == 1:
            only = self.skipped[0]
            return f"{only.path} {only.problem}"
        counted = Counter(entry.problem for entry in self.skipped).most_common()
        listed = "; ".join(f"{count} x {problem}" for problem, count in counted[:LISTED_REASONS])
        left = sum(count for _, count in counted[LISTED_REASONS:])
        return f"{listed}; {left} more" if left else listed


LISTED_REASONS: Final = 5


def scan(paths: Iterable[str | Path], *, progress: Progress | None = None) -> ScanResult:
    """Find the fluoroscopic studies in files and folders.

    Only headers are read. A file that cannot be used is listed with its reason and never stops
    the scan. Of several files with the same SOP Instance UID the first is kept.

    Parameters
    ----------
    paths : iterable of str or pathlib.Path
        Files and folders; folders are searched to any depth, in the order of names.
    progress : callable, optional
        Called with the number of files looked at and the number of all files.

    Returns
    -------
    ScanResult
        The studies, and what was left out.

    """
    skipped: list[SkippedFile] = []
    files = list(dict.fromkeys(_files(paths, skipped)))
    images: dict[str, Image] = {}
    for done, path in enumerate(files, start=1):
        outcome = _look_at(path, images)
        if isinstance(outcome, SkippedFile):
            skipped.append(outcome)
        else:
            images[outcome.sop_instance_uid] = outcome
        if progress is not None:
            progress(done, len(files))
    return ScanResult(_studies(images.values()), tuple(skipped))


def _look_at(path: Path, known: dict[str, Image]) -> Image | SkippedFile:
    special = SYSTEM_FILES.get(path.name.lower())
    if special:
        return SkippedFile(path, special)
    if path.name.startswith("."):
        return SkippedFile(path, "is a hidden file")
    try:
        image = read_image(path)
    except FluoroAnnotatorError as error:
        return _left_out(error)
    first = known.get(image.sop_instance_uid)
    if first is None:
        return image
    return SkippedFile(path, f"holds the same image as {first.path}", "Nothing needs to be done.")


def _files(paths: Iterable[str | Path], skipped: list[SkippedFile]) -> Iterator[Path]:
    for path in (Path(path).absolute() for path in paths):
        mode = _mode(path, skipped)
        if stat.S_ISDIR(mode):
            yield from _files_in(path, skipped)
        elif stat.S_ISREG(mode):
            yield path


def _files_in(folder: Path, skipped: list[SkippedFile]) -> Iterator[Path]:
    def unreadable_folder(error: OSError) -> None:
        skipped.append(_left_out(unreadable(Path(str(error.filename)), error)))

    for root, folders, names in os.walk(folder, onerror=unreadable_folder):
        folders.sort()
        for hidden in [name for name in folders if name.startswith(".")]:
            folders.remove(hidden)
            skipped.append(SkippedFile(Path(root, hidden), "is a hidden folder"))
        paths = (Path(root, name) for name in sorted(names))
        yield from (path for path in paths if stat.S_ISREG(_mode(path, skipped)))


def _mode(path: Path, skipped: list[SkippedFile]) -> int:
    """Return the mode of a file or folder; for anything else 0, with a reason.

    Devices and named pipes are left alone, because opening one may never return.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        dangling = isinstance(error, FileNotFoundError) and path.is_symlink()
        skipped.append(SkippedFile(path, "leads nowhere") if dangling else _left_out(unreadable(path, error)))
        return 0
    except ValueError:
        skipped.append(SkippedFile(path, "is not a valid path"))
        return 0
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return mode
    skipped.append(SkippedFile(path, "is neither a file nor a folder"))
    return 0


def _left_out(error: FluoroAnnotatorError) -> SkippedFile:
    return SkippedFile(Path(error.subject), error.problem, error.remedy)


def _studies(images: Iterable[Image]) -> tuple[Study, ...]:
    grouped: dict[str, dict[str, list[Image]]] = {}
    for image in images:
        grouped.setdefault(image.study_uid, {}).setdefault(image.series_uid, []).append(image)
    studies = (_study(uid, by_series) for uid, by_series in grouped.items())
    return tuple(sorted(studies, key=lambda study: (study.date or "", study.uid)))


def _study(uid: str, by_series: dict[str, list[Image]]) -> Study:
    series = sorted((_series(key, images) for key, images in by_series.items()), key=_series_order)
    first = series[0].images[0]
    return Study(uid=uid, series=tuple(series), date=first.study_date, description=first.study_description)


def _series(uid: str, images: list[Image]) -> Series:
    ordered = tuple(sorted(images, key=_image_order))
    first = ordered[0]
    return Series(
        uid=uid,
        number=first.series_number,
        modality=first.modality,
        description=first.series_description,
        images=ordered,
    )


def _series_order(series: Series) -> tuple[bool, int, str]:
    return series.number is None, series.number or 0, series.uid


def _image_order(image: Image) -> tuple[bool, int, str, str, str]:
    date, time = image.acquisition
    number = image.instance_number
    return number is None, number or 0, date or "", time or "", image.sop_instance_uid
