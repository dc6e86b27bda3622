"""Finds the studies in files, folders, media and archives."""

from __future__ import annotations

import filecmp
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fluoro_annotator.dicom import archives
from fluoro_annotator.dicom.collecting import seldom_collecting
from fluoro_annotator.dicom.finding import Finder
from fluoro_annotator.dicom.grouping import studies_of
from fluoro_annotator.dicom.helpers import skim_all, useful_helpers
from fluoro_annotator.dicom.index_records import LeftOut, Outcome
from fluoro_annotator.dicom.kept_results import Result, named
from fluoro_annotator.dicom.kinds import Kinds
from fluoro_annotator.dicom.listing import Block, Found, Member, Stamp, digest_of, each_once
from fluoro_annotator.dicom.models import Image, Study
from fluoro_annotator.dicom.outcomes import SkippedFile
from fluoro_annotator.dicom.reading import IMAGE_TAGS, read_image
from fluoro_annotator.dicom.scan_index import ScanIndex
from fluoro_annotator.dicom.skimming import Skimmed
from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    NotDicomError,
    NothingToOpenError,
    UnreadableFileError,
)

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]

LISTED_REASONS: Final = 5
REPORTS: Final = 500
"""Reasons that a message names, and how often progress is reported at most."""

EMPTY: Final = "is empty"
NOT_DICOM: Final = "is not a DICOM file"
"""What is said of a file without content, which holds until it has some, and of one with other content."""

ARCHIVE: Final = LeftOut("is a zip archive", "Its images are opened.")
"""The outcome for an archive whose name does not say that it is one."""


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
        Called with the number of files looked at and the number of all files; the latter grows
        when an archive turns up that is not named like one.
    cancel : callable, optional
        Asked again and again from the calling thread; once it returns True the scan ends and
        gives what it has found so far.
    index : ScanIndex, optional
        Remembers what was found; files that have not changed since are not read again. If nothing
        has changed, images are made only when they are asked for (`Series.images`).
    workers : int, optional
        Processes that read headers. By default one for each core if there are many files, else
        none but this one, which 1 always means.

    Returns
    -------
    ScanResult
        The studies, and what was left out.

    """
    with seldom_collecting():
        return _Scan(progress, cancel or _never, index, workers).run(paths)


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
        self._members: dict[str, Member] = {}
        self._found: list[tuple[Found, Outcome]] = []
        self._changed: set[str] = set()
        self._images: dict[str, Image] = {}
        self._left: list[SkippedFile] = []
        self._archives: list[Path] = []
        self._lasting = True
        self._key = b"", b""
        self._kinds = Kinds()

    def _cancelled(self) -> bool:
        self._ended = self._ended or self._cancel()
        return self._ended

    def run(self, paths: Iterable[str | Path]) -> ScanResult:
        selected = [Path(path).absolute() for path in paths]
        finder = Finder(self._skipped, self._cancelled, self._members)
        blocks = finder.blocks(selected)
        self._key = _named(selected), digest_of(blocks, self._members)
        result = self._unchanged(sum(len(block.names) for block in blocks))
        if result is None:
            result = self._look_through(finder, blocks)
            self._keep(result)
        if self._index is not None:
            self._index.close()
        return ScanResult(result.studies, (*self._skipped, *result.left), self._ended)

    def _unchanged(self, files: int) -> Result | None:
        """Return what the last scan of this selection found, if nothing has changed since."""
        if self._index is None or self._cancelled():
            return None
        result = self._index.result(*self._key, self._members)
        if result is not None and self._progress is not None and files:
            self._progress(files, files)
        return result

    def _look_through(self, finder: Finder, blocks: Sequence[Block]) -> Result:
        files = each_once(blocks)
        self._look_at_all(files, 0)
        inside = [block for archive in self._archives for block in self._opened(finder, archive)]
        if inside:
            self._look_at_all(each_once(inside), len(files))
        return Result(studies_of(self._images.values()), tuple(self._left))

    def _opened(self, finder: Finder, archive: Path) -> list[Block]:
        """Return what is in an archive; of one that holds no DICOM at all only that is said."""
        before = len(self._skipped)
        blocks = finder.unpacked(archive)
        noted = self._skipped[before:]
        if not blocks and noted and all(entry.problem == NOT_DICOM for entry in noted):
            self._skipped[before:] = [SkippedFile(archive, "is an archive without a DICOM file")]
        return blocks

    def _look_at_all(self, files: Sequence[Found], done: int) -> None:
        known = self._known(files)
        total = done + len(files)
        step = max(total // REPORTS, 1)
        outcomes = zip(self._outcomes(files, known), known, strict=False)  # shorter when cancelled
        for number, ((file, outcome), before) in enumerate(outcomes, start=done + 1):
            self._found.append((file, outcome))
            if outcome is not before:
                self._changed.add(file.folder)
            self._take(file, outcome)
            if self._progress is not None and (number % step == 0 or number == total):
                self._progress(number, total)

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
            return LeftOut(error.problem, error.remedy, lasting=error.problem == EMPTY)
        except NotDicomError as error:
            return _not_dicom(path, error)
        except FluoroAnnotatorError as error:
            return LeftOut(error.problem, error.remedy)

    def _take(self, file: Found, outcome: Outcome) -> None:
        if isinstance(outcome, Image):
            self._take_image(file, outcome)
        elif outcome == ARCHIVE:
            self._archives.append(Path(file.path))
        else:
            self._lasting = self._lasting and outcome.lasting
            self._leave(file, outcome.problem, outcome.remedy)

    def _take_image(self, file: Found, image: Image) -> None:
        image = named(image, self._members)
        first = self._images.setdefault(image.sop_instance_uid, image)
        if first is not image:
            where = self._shown(str(first.path))
            self._leave(file, *_twice(where, identical=_same_content(first.path, image.path)))

    def _leave(self, file: Found, problem: str, remedy: str) -> None:
        self._left.append(SkippedFile(self._shown(file.path), problem, remedy))

    def _shown(self, path: str) -> Path:
        member = self._members.get(path)
        return Path(path if member is None else member.path)

    def _keep(self, result: Result) -> None:
        """Tell the index what was found, and about the folders in which something was new."""
        if self._index is None:
            return
        folders: dict[str, dict[str, tuple[Stamp, Outcome]]] = {folder: {} for folder in self._changed}
        for file, outcome in self._found:
            if file.folder in folders and (isinstance(outcome, Image) or outcome.lasting):
                folders[file.folder][file.name] = file.stamp, outcome
        if folders:
            self._index.keep(folders)
        # what is unpacked here may be gone from the cache the next time
        if self._lasting and not self._ended and not self._archives:
            self._index.keep_result(*self._key, self._found, result)


def _named(selected: Sequence[Path]) -> bytes:
    return "\0".join(map(str, selected)).encode("utf-8", "surrogatepass")


def _not_dicom(path: Path, error: NotDicomError) -> LeftOut:
    if archives.begins_so(path):
        return ARCHIVE
    return LeftOut(*archives.BROKEN) if archives.named_so(path.name) else LeftOut(error.problem, error.remedy)
