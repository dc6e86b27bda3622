"""The result of a whole scan, kept so that an unchanged selection needs no work for each of its files."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from fluoro_annotator.dicom.collecting import seldom_collecting
from fluoro_annotator.dicom.index_records import LeftOut, Outcome, unpacked
from fluoro_annotator.dicom.listing import Member
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.outcomes import SkippedFile

Run = tuple[int, int, int]
"""Number of a folder, first row in its record, and number of rows."""

Content = Callable[[str, bytes], bytes | None]
"""Gives the record of a folder if it begins with these bytes."""

_LEVEL: Final = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What a scan found in the files that it looked at.

    Attributes
    ----------
    studies : tuple of Study
        By date.
    left : tuple of SkippedFile
        Files that were looked at and left out.

    """

    studies: tuple[Study, ...]
    left: tuple[SkippedFile, ...]

    @property
    def image_count(self) -> int:
        """Number of images; does not make them."""
        return sum(study.image_count for study in self.studies)


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the index the images of a result are.

    Attributes
    ----------
    folders : list of (str, bytes)
        Folders, and how their records begin.
    of_image : dict of str to (int, int)
        By SOP Instance UID, the place of the folder in `folders` and the row in its record.

    """

    folders: list[tuple[str, bytes]]
    of_image: dict[str, tuple[int, int]]


def pack_result(result: Result, places: Places) -> bytes:
    """Return a result as bytes; it holds no images, but says where they are."""
    head = {
        "folders": [(folder, check.hex()) for folder, check in places.folders],
        "studies": [_packed_study(study, places) for study in result.studies],
        "left": [(str(each.path), each.problem, each.remedy) for each in result.left],
    }
    return zlib.compress(json.dumps(head).encode("ascii"), _LEVEL)


def _packed_study(study: Study, places: Places) -> list[Any]:
    return [study.uid, study.date, study.description, [_packed_series(each, places) for each in study.series]]


def _packed_series(series: Series, places: Places) -> list[Any]:
    rows = (places.of_image[image.sop_instance_uid] for image in series.images)
    return [series.uid, series.number, series.modality, series.description, runs_of(rows)]


def runs_of(rows: Iterable[tuple[int, int]]) -> list[Run]:
    """Return rows of folders as runs of rows that follow each other.

    >>> runs_of([(0, 3), (0, 4), (0, 5), (1, 6)])
    [(0, 3, 3), (1, 6, 1)]

    """
    runs: list[Run] = []
    for folder, row in rows:
        last, start, count = runs[-1] if runs else (-1, 0, 0)
        if folder == last and row == start + count:
            runs[-1] = folder, start, count + 1
        else:
            runs.append((folder, row, 1))
    return runs


def unpack_result(packed: bytes, content: Content, members: Mapping[str, Member]) -> Result | None:
    """Return a result whose images are made when they are asked for; None if a record has changed.

    Parameters
    ----------
    packed : bytes
        What `pack_result` made.
    content : callable
        Gives the records of folders.
    members : mapping of str to Member
        What to call files that were unpacked from archives.

    """
    head = json.loads(zlib.decompress(packed))
    records: list[tuple[str, bytes]] = []
    for folder, check in head["folders"]:
        record = content(folder, bytes.fromhex(check))
        if record is None:
            return None
        records.append((folder, record))
    maker = _Maker(records, members)
    studies = tuple(_study(maker, *parts) for parts in head["studies"])
    left = tuple(SkippedFile(Path(path), problem, remedy) for path, problem, remedy in head["left"])
    return Result(studies, left)


def _study(maker: _Maker, uid: str, date: str | None, description: str, parts: list[list[Any]]) -> Study:
    series = tuple(_series(maker, *part) for part in parts)
    return Study(uid=uid, series=series, date=date, description=description)


def _series(maker: _Maker, uid: str, number: int | None, *rest: Any) -> Series:
    modality, description, runs = rest
    return Series.later(
        uid=uid,
        number=number,
        modality=modality,
        description=description,
        count=sum(count for _, _, count in runs),
        make=partial(maker.images, runs),
    )


def named(image: Image, members: Mapping[str, Member]) -> Image:
    """Return an image that says where it is from, if it was unpacked from an archive."""
    member = members.get(str(image.path)) if members else None
    return image if member is None else replace(image, origin=str(member))


class _Maker:
    """Makes images from the records of folders, each record at most once."""

    def __init__(self, records: Sequence[tuple[str, bytes]], members: Mapping[str, Member]) -> None:
        self._records, self._members = records, members
        self._rows: dict[int, list[Outcome]] = {}

    def images(self, runs: list[Run]) -> tuple[Image, ...]:
        """Return the images of runs of rows."""
        with seldom_collecting():
            found = [
                outcome
                for folder, start, count in runs
                for outcome in self._of(folder)[start : start + count]
            ]
        return tuple(named(each, self._members) for each in found if not isinstance(each, LeftOut))

    def _of(self, number: int) -> list[Outcome]:
        if number not in self._rows:
            folder, record = self._records[number]
            self._rows[number] = [outcome for _, outcome in unpacked(folder, record).values()]
        return self._rows[number]
