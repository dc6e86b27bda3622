"""Makes images from skimmed headers; of images of one kind only the first is read with all care.

Most images of a series differ in a UID, a number and a time. Once one of them has been
understood the others are copies of it in which these are replaced.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import fields
from itertools import repeat
from operator import call
from pathlib import Path
from typing import Any, Final

from pydicom.dataelem import DataElement, RawDataElement, empty_value_for_VR
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from fluoro_annotator.dicom.header import read_header
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.parsing import Header, PixelElement, dataset_of
from fluoro_annotator.dicom.pixel_checks import check_pixels
from fluoro_annotator.dicom.reading import IMAGE_TAGS, acquisition_of, image_of
from fluoro_annotator.dicom.skimming import UNDEFINED, Skimmed, skim
from fluoro_annotator.dicom.values import quiet
from fluoro_annotator.errors import NotAnXrayImageError

VARYING: Final = ("path", "sop_instance_uid", "instance_number", "acquisition")
"""Attributes of `Image` in which images of one kind differ."""

_PLAIN: Final = {
    b"UI": re.compile(rb"[0-9.]+"),
    b"IS": re.compile(rb"[+-]?[0-9]{1,9}"),
    b"DA": re.compile(rb"[0-9.]*"),
    b"TM": re.compile(rb"[0-9.:]*"),
    b"DT": re.compile(rb"[0-9.+-]*"),
}


_SLOTS: Final[dict[str, Any]] = {field.name: Image.__dict__[field.name].__set__ for field in fields(Image)}
_put_path, _put_uid, _put_number, _put_acquisition = (_SLOTS[name] for name in VARYING)


class Copier:
    """Makes images that differ from one image in `VARYING` only.

    Parameters
    ----------
    image : Image
        What is common to all.

    """

    __slots__ = ("_puts", "_values", "image")

    def __init__(self, image: Image) -> None:
        self.image = image
        names = [field.name for field in fields(Image) if field.name not in VARYING]
        self._puts = [_SLOTS[name] for name in names]
        self._values = [getattr(image, name) for name in names]

    def image_with(
        self, path: Path, uid: str, number: int | None, acquisition: tuple[str | None, str | None]
    ) -> Image:
        """Return an image with these values of `VARYING`."""
        image = object.__new__(Image)
        deque(map(call, self._puts, repeat(image), self._values), maxlen=0)  # the fastest way to do all
        _put_path(image, path)
        _put_uid(image, uid)
        _put_number(image, number)
        _put_acquisition(image, acquisition)
        return image


class Kinds:
    """Turns what was skimmed into images, and remembers the kinds of images it has met."""

    def __init__(self) -> None:
        self._copiers: dict[bytes, Copier] = {}
        self._refused: dict[bytes, tuple[str, str]] = {}

    def image(self, path: Path, found: Skimmed) -> Image:
        """Return the image of a file; raises as `reading.read_image` does."""
        refused = self._refused.get(found.key)
        if refused is not None:
            raise NotAnXrayImageError(str(path), *refused)
        copier = self._copiers.get(found.key)
        identity = None if copier is None else _plain_identity(found.identity)
        if copier is not None and identity is not None:
            image = copier.image_with(path, *identity)
            check_pixels(image, _header(found, _NOTHING))
            return image
        return self._learn(path, found)

    def _learn(self, path: Path, found: Skimmed) -> Image:
        careful = not found.plain or not found.elements
        with quiet():
            header = read_header(path, IMAGE_TAGS) if careful else _header(found, _dataset(found))
        try:
            image = image_of(path, header)
        except NotAnXrayImageError as error:
            self._refused[found.key] = error.problem, error.remedy
            raise
        self._copiers.setdefault(found.key, Copier(image))
        return image


def quick_header(path: Path, tags: frozenset[int]) -> Header:
    """Return what `header.read_header` does, by the quick walk where that is enough; raises as it does."""
    found = skim(str(path), tags)
    if found is None or not found.plain or not found.elements:
        return read_header(path, tags)
    with quiet():
        return _header(found, _dataset(found))


def _plain_identity(
    identity: tuple[bytes | None, ...],
) -> tuple[str, int | None, tuple[str | None, str | None]] | None:
    """Return UID, number and acquisition, or None if one of the raw values is odd."""
    texts = []
    for raw, pattern in zip(identity, _PATTERNS, strict=True):
        value = (raw or b"").rstrip(b"\0").strip(b" ")
        if value and not pattern.fullmatch(value):
            return None
        texts.append(value.decode("ascii"))
    uid, acquisition_date, content_date, combined, acquisition_time, content_time, number = texts
    if not uid:
        return None
    when = acquisition_of(combined, acquisition_date, acquisition_time, content_date, content_time)
    return uid, int(number) if number else None, when


_PATTERNS: Final = [_PLAIN[vr] for vr in (b"UI", b"DA", b"DA", b"DT", b"TM", b"TM", b"IS")]


_NOTHING: Final = Dataset()


def _dataset(found: Skimmed) -> Dataset:
    implicit = found.pixels[3] is None
    raw: list[RawDataElement | DataElement] = [
        RawDataElement(
            BaseTag(tag),
            vr,
            len(value),
            value or empty_value_for_VR(vr, raw=True),  # type: ignore[arg-type]
            place,
            implicit,
            is_little_endian=True,
        )
        for tag, vr, place, value in found.elements
    ]
    return dataset_of(raw, implicit, little=True)


def _header(found: Skimmed, dataset: Dataset) -> Header:
    tag, offset, length, vr = found.pixels
    size, start, syntax, media_class = found.file
    pixels = PixelElement(
        offset=offset, length=None if length == UNDEFINED else length, tag=tag, words=vr != b"OB"
    )
    return Header(
        dataset=dataset,
        transfer_syntax_uid=syntax.decode("ascii"),
        media_class_uid=media_class.decode("ascii"),
        pixels=pixels,
        file_size=size,
        data_start=start,
    )
