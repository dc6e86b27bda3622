"""Tolerant access to the values of a header: a malformed value counts as absent.

Nothing here raises for what a file contains. Whether an absent value matters is decided by
the caller, who knows what it is needed for.
"""

from __future__ import annotations

import logging
import math
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence as DicomSequence
from pydicom.tag import BaseTag, Tag

MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    EOFError,
    OSError,
    RecursionError,
    struct.error,
    BytesLengthException,
    InvalidDicomError,
)
"""What pydicom raises for values that do not follow the standard (it parses them in memory)."""

_WARNINGS_LOCK = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pydicom's warnings about malformed values, which quote them, from callers and logs.

    Warning filters and loggers belong to the whole process, therefore only one thread at a
    time may change them.
    """
    logger = logging.getLogger("pydicom")
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, logger.disabled = logger.disabled, True
        try:
            yield
        finally:
            logger.disabled = before


def raw_value(dataset: Dataset, keyword: str | int) -> Any:
    """Return a value as pydicom gives it, or None if it is absent, empty or malformed.

    Repeating groups have no keywords; their attributes are named by their tag.
    """
    tag = _tag(keyword)
    if tag not in dataset:
        return None
    try:
        value = dataset[tag].value
        empty = value is None or value in ("", b"")
    except MALFORMED:
        return None
    return None if empty else value


@cache
def _tag(keyword: str | int) -> BaseTag:
    """Return the tag of a keyword or number; looked up once, since most attributes are absent from most files."""
    found = tag_for_keyword(keyword) if isinstance(keyword, str) else None
    return Tag(keyword) if found is None else BaseTag(found)


def values(dataset: Dataset, keyword: str | int) -> tuple[Any, ...]:
    """Return all values of an attribute, an empty tuple if there are none.

    A sequence in the place of a value has none: its text would be all that it holds.
    """
    value = raw_value(dataset, keyword)
    if value is None or isinstance(value, DicomSequence):
        return ()
    if isinstance(value, (MultiValue, list, tuple)):
        return tuple(value)
    return (value,)


def text(dataset: Dataset, keyword: str | int) -> str:
    """Return the first value as text without surrounding blanks and null bytes, or ``""``."""
    found = values(dataset, keyword)
    if not found or isinstance(found[0], (bytes, Dataset)):
        return ""
    return str(found[0]).replace("\0", "").strip()


def texts(dataset: Dataset, keyword: str | int) -> tuple[str, ...]:
    """Return all values as text without surrounding blanks."""
    return tuple(str(value).replace("\0", "").strip() for value in values(dataset, keyword))


def _finite(value: Any) -> float | None:
    try:
        number_ = float(value)
    except MALFORMED:
        return None
    return number_ if math.isfinite(number_) else None


def numbers(dataset: Dataset, keyword: str | int) -> tuple[float, ...]:
    """Return all values as finite numbers, an empty tuple if one of them is not."""
    found = [_finite(value) for value in values(dataset, keyword)]
    kept = tuple(value for value in found if value is not None)
    return kept if len(kept) == len(found) else ()


def number(dataset: Dataset, keyword: str | int) -> float | None:
    """Return the first value as a finite number, or None."""
    found = values(dataset, keyword)
    return _finite(found[0]) if found else None


def integer(dataset: Dataset, keyword: str | int) -> int | None:
    """Return the first value as an integer, or None if it is not a whole number."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found.is_integer() else None


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """Return the items of a sequence, an empty tuple if it is absent or malformed."""
    found = raw_value(dataset, keyword)
    return tuple(found) if isinstance(found, DicomSequence) else ()
