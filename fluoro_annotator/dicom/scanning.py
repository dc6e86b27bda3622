"""Finds the studies in files, folders, media and archives."""

from __future__ import annotations

import filecmp
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom.finding import Finder, Found
from fluoro_annotator.dicom.grouping import studies_of
from fluoro_annotator.dicom.helpers import skim_all, useful_helpers
from fluoro_annotator.dicom.kinds import Kinds
from fluoro_annotator.dicom.models import Image, Study
from fluoro_annotator.dicom.outcomes import SkippedFile
from fluoro_annotator.dicom.reading import IMAGE_TAGS, read_image
from fluoro_annotator.dicom.scan_index import LeftOut, Outcome, ScanIndex, Stamp
from fluoro_annotator.dicom.skimming import Skimmed
from fluoro_annotator.errors import FluoroAnnotatorError, NothingToOpenError, UnreadableFileError

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]

LISTED_REASONS: Final = 5
REPORTS: Final = 500
"""Reasons that a message names, and how often progress is reported at most."""

COLLECT_AFTER: Final = 100_000
"""New objects after which garbage is looked for during a scan."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found: studies, and every file that was left out.

    Attributes
    ----------
    studies : tuple of Study
        By date.
    skipped : tuple of SkippedFile
        What was left out, with reasons.
    cancelled : bool
        Whether the scan was ended early; then there may be more than was found.

    """

    studies: tuple[Study, ...]
    skipped: tuple[SkippedFile, ...]
    cancelled: bool = False

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
            return "the search was cancelled" if self.cancelled else "it is empty"
        if len(self.skipped) == 1:
            only = self.skipped[0]
            return f"{only.path} {only.problem}"
        counted = Counter(entry.problem for entry in self.skipped).most_common()
        listed = "; ".join(f"{count} x {problem}" for problem, count in counted[:LISTED_REASONS])
        left = sum(count for _, count in counted[LISTED_REASONS:])
        return f"{listed}; {left} more" if left else listed


def scan(
    paths: Iterable[str | Path],
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    index: ScanIndex | None = None,
    workers: int | None = None,
) -> ScanResult:
    """Find the fluoroscopic studies in files, folders, media and zip archives.

    Only headers are read. A file that cannot be used is listed with its reason and never stops
    the scan. Of several files with the same SOP Instance UID the first is kept.

    Parameters
    ----------
    paths : iterable of str or pathlib.Path
        Files, folders, DICOMDIRs and zip archives; folders are searched to any depth, in the
        order of names. Links that lead out of a folder are not followed, nor are references of a
        DICOMDIR that lead out of its own. Archives are unpacked into the cache folder.
    progress : callable, optional
        Called with the number of files looked at and the number of all files.
    cancel : callable, optional
        Asked again and again from the calling thread; once it returns True the scan ends and
        gives what it has found so far.
    index : ScanIndex, optional
        Remembers what was found; files that have not changed since are not read again.
    workers : int, optional
        Processes that read headers. By default one for each core if there are many files, else
        none but this one, which 1 always means.

    Returns
    -------
    ScanResult
        The studies, and what was left out.

    """
    with _seldom_collecting():
        return _Scan(progress, cancel or _never, index, workers).run(paths)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let the garbage collector look through all objects less often while many are made.

    Thousands of images that stay make it look again and again through all that the program has,
    which takes as long as the rest of a repeated scan.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], COLLECT_AFTER) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _never() -> bool:
    return False


def _same_content(first: Path, second: Path) -> bool:
    """Return whether two files are equal byte by byte; files that cannot be read are not."""
    try:
        return filecmp.cmp(first, second, shallow=False)
    except OSError:
        return False


def _twice(where: Path, *, identical: bool) -> tuple[str, str]:
    """Return problem and remedy for a second file with one SOP Instance UID."""
    if identical:
        return f"holds the same image as {where}", "Nothing needs to be done."
    return (
        f"has the same SOP Instance UID as {where}, but other content",
        "Find out which of the two is right: marks that are made on one would be shown on the other.",
    )


class _Scan:
    """One scan under way."""

    def __init__(
        self, progress: Progress | None, cancel: Cancel, index: ScanIndex | None, workers: int | None
    ) -> None:
        self._progress, self._cancel, self._index, self._workers = progress, cancel, index, workers
        self._ended = False
        self._skipped: list[SkippedFile] = []
        self._shown: dict[str, Path] = {}
        self._images: dict[str, Image] = {}
        self._kinds = Kinds()

    def _cancelled(self) -> bool:
        self._ended = self._ended or self._cancel()
        return self._ended

    def run(self, paths: Iterable[str | Path]) -> ScanResult:
        files = Finder(self._skipped, self._cancelled, self._shown).files(paths)
        known = self._known(files)
        found: list[tuple[Found, Outcome]] = []
        step = max(len(files) // REPORTS, 1)
        for number, (file, outcome) in enumerate(self._outcomes(files, known), start=1):
            found.append((file, outcome))
            self._take(file, outcome)
            if self._progress is not None and (number % step == 0 or number == len(files)):
                self._progress(number, len(files))
        self._keep(found, known)
        return ScanResult(self._studies(), tuple(self._skipped), self._ended)

    def _known(self, files: Sequence[Found]) -> list[Outcome | None]:
        """Return what the index knows of each file that has not changed."""
        if self._index is None:
            return [None] * len(files)
        folders = {
            folder: self._index.look(folder) for folder in dict.fromkeys(file.folder for file in files)
        }
        known: list[Outcome | None] = []
        for _, folder, name, stamp in files:
            entry = folders[folder].get(name)
            known.append(entry[1] if entry is not None and entry[0] == stamp else None)
        return known

    def _outcomes(
        self, files: Sequence[Found], known: Sequence[Outcome | None]
    ) -> Iterator[tuple[Found, Outcome]]:
        new = [file.path for file, outcome in zip(files, known, strict=True) if outcome is None]
        helpers = useful_helpers(len(new), self._workers)
        with closing(skim_all(new, IMAGE_TAGS, helpers, self._cancelled)) as skimmed:
            for file, outcome in zip(files, known, strict=True):
                if self._cancelled():
                    return
                if outcome is not None:
                    yield file, outcome
                    continue
                try:
                    head = next(skimmed)
                except StopIteration:
                    return  # cancelled
                yield file, self._look_at(Path(file.path), head)

    def _look_at(self, path: Path, head: Skimmed | None) -> Outcome:
        try:
            return read_image(path) if head is None else self._kinds.image(path, head)
        except UnreadableFileError as error:
            return LeftOut(error.problem, error.remedy, lasting=False)
        except FluoroAnnotatorError as error:
            return LeftOut(error.problem, error.remedy)

    def _take(self, file: Found, outcome: Outcome) -> None:
        if isinstance(outcome, LeftOut):
            self._skip(file, outcome.problem, outcome.remedy)
            return
        first = self._images.setdefault(outcome.sop_instance_uid, outcome)
        if first is not outcome:
            where = self._shown.get(str(first.path), first.path)
            self._skip(file, *_twice(where, identical=_same_content(first.path, outcome.path)))

    def _skip(self, file: Found, problem: str, remedy: str) -> None:
        path = self._shown.get(file.path) or Path(file.path)
        self._skipped.append(SkippedFile(path, problem, remedy))

    def _keep(self, found: Sequence[tuple[Found, Outcome]], known: Sequence[Outcome | None]) -> None:
        """Tell the index about the folders in which something was new."""
        if self._index is None:
            return
        news = zip(found, known, strict=False)
        changed = {file.folder for (file, outcome), before in news if before is not outcome}
        folders: dict[str, dict[str, tuple[Stamp, Outcome]]] = {folder: {} for folder in changed}
        for file, outcome in found:
            lasting = not isinstance(outcome, LeftOut) or outcome.lasting
            if file.folder in changed and lasting:
                folders[file.folder][file.name] = file.stamp, outcome
        if folders:
            self._index.keep(folders)
        self._index.close()

    def _studies(self) -> tuple[Study, ...]:
        images = list(self._images.values())
        if self._index is None:
            return studies_of(images)
        studies = self._index.studies_of(images)
        if studies is None:
            studies = studies_of(images)
            self._index.remember_studies(images, studies)
        return studies
