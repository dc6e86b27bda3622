"""What a single field of a mark, revision or reading has to satisfy, whoever wrote it.

Values arrive from clicks, scripts and files. Each function below returns the value in the
one form in which it is kept, so that a value that was written and read again is equal to
the first and has the same hash, or raises MarkError.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from numbers import Real
from operator import index
from typing import Any, SupportsIndex, TypeVar

from fluoro_annotator.errors import MarkError, UnknownKindError
from fluoro_annotator.geometry import Point

LARGEST_COUNT = 2**31 - 1
"""Largest value of the DICOM value representation IS, in which frames are counted (PS3.5 section 6.2)."""

LONGEST_NAME = 64
"""Longest name of a reader, in characters."""

JOINERS = frozenset({"\u200c", "\u200d"})
"""Invisible characters that several scripts need inside words: zero-width non-joiner and joiner."""

UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that cannot be shown or stored: control, format, surrogate, ..., line separator."""

KIND_NAME = re.compile(r"[a-z][a-z_]{0,39}")
"""What the name of a kind looks like; anything else is not repeated in an error."""

MOST_POINTS = 500
"""Most points of one course, zone or shaft: far more than anybody sets by hand."""

Member = TypeVar("Member", bound=StrEnum)
Checked = TypeVar("Checked")


def taken(subject: str, values: object, name: str) -> Any:
    """Return one named value of a JSON object.

    Raises
    ------
    MarkError
        If `values` is not a JSON object or has no such name.

    """
    if type(values) is not dict and not isinstance(
        values, Mapping
    ):  # dict first: asking an abstract class takes long
        raise MarkError(subject, f"cannot be read: a group with {name!r} was expected")
    if name not in values:
        raise MarkError(subject, f"cannot be read: {name!r} is missing")
    return values[name]


def checked_text(subject: str, name: str, value: object, *, may_be_empty: bool = False) -> str:
    """Return a text without control characters or halves of characters."""
    if not isinstance(value, str):
        raise MarkError(subject, f"cannot be read: {name!r} is not a text")
    if not value and not may_be_empty:
        raise MarkError(subject, f"cannot be used: {name!r} is empty")
    if not _can_be_shown(value):
        raise MarkError(subject, f"cannot be used: {name!r} holds control characters")
    return value


def checked_member(subject: str, name: str, value: object, kind: type[Member]) -> Member:
    """Return the member of an enumeration that a value names."""
    member = kind._value2member_map_.get(value) if isinstance(value, str) else None
    if not isinstance(member, kind):
        allowed = ", ".join(kind)
        raise MarkError(subject, f"cannot be read: {name!r} is not one of {allowed}")
    return member


def checked_kind(subject: str, value: object, table: type[Member]) -> Member:
    """Return the member of a table of kinds; a name that it does not hold may be of a newer version.

    Raises
    ------
    UnknownKindError
        If it is a name, but not of this table.
    MarkError
        If it is no name.

    """
    if isinstance(value, str) and value not in table._value2member_map_:
        named = f" ({value})" if KIND_NAME.fullmatch(value) else ""
        raise UnknownKindError(
            subject,
            f"is of a kind that this version of the program does not know{named}",
            "If a newer version wrote it, update this one; nothing in it was changed.",
        )
    return checked_member(subject, "kind", value, table)


def checked_count(subject: str, name: str, value: SupportsIndex) -> int:
    """Return a whole number of at least 1; numpy's whole numbers become Python's."""
    try:
        number = index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise MarkError(subject, f"cannot be used: {name!r} is not a whole number")
    if not 1 <= number <= LARGEST_COUNT:
        raise MarkError(subject, f"cannot be used: {name!r} is not between 1 and {LARGEST_COUNT}")
    return number


def checked_point(subject: str, name: str, value: Iterable[object]) -> Point:
    """Return ``(row, column)`` in pixels as a point of two finite Python floats."""
    try:
        row, column = value
    except (TypeError, ValueError):
        raise MarkError(subject, f"cannot be used: {name!r} is not a pair of row and column") from None
    return Point(_coordinate(subject, name, row), _coordinate(subject, name, column))


def _coordinate(subject: str, name: str, value: object) -> float:
    if type(value) is not float and (isinstance(value, bool) or not isinstance(value, Real)):
        raise MarkError(subject, f"cannot be used: row and column of {name!r} are not both numbers")
    number = _as_float(value)
    if not math.isfinite(number):
        raise MarkError(subject, f"cannot be used: row and column of {name!r} are not both finite")
    return number


def checked_points(
    subject: str, name: str, values: Iterable[Iterable[object]], *, least: int = 0
) -> tuple[Point, ...]:
    """Return points as a tuple of at least ``least`` and at most `MOST_POINTS`."""
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise MarkError(subject, f"cannot be used: {name!r} is not a list of points")
    given = list(islice(values, MOST_POINTS + 1))
    if not least <= len(given) <= MOST_POINTS:
        raise MarkError(subject, f"cannot be used: {name!r} does not hold {least} to {MOST_POINTS} points")
    return tuple(checked_point(subject, name, value) for value in given)


def checked_number(subject: str, name: str, value: object, most: float) -> float:
    """Return a finite number above 0 and at most ``most`` as a Python float."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise MarkError(subject, f"cannot be used: {name!r} is not a number")
    number = _as_float(value)
    if not 0 < number <= most:  # false for NaN too
        raise MarkError(subject, f"cannot be used: {name!r} is not above 0 and at most {most:g}")
    return number


def checked_optional(
    check: Callable[..., Checked], subject: str, name: str, value: Any, *more: Any
) -> Checked | None:
    """Return None for None, otherwise what ``check`` makes of the value."""
    return None if value is None else check(subject, name, value, *more)


def checked_members(subject: str, name: str, values: object, kind: type[Member]) -> tuple[Member, ...]:
    """Return different members of an enumeration as a tuple, in the order of the enumeration."""
    members = [checked_member(subject, name, value, kind) for value in _listed(subject, name, values)]
    if len(set(members)) < len(members):
        raise MarkError(subject, f"cannot be used: {name!r} repeats an entry")
    return tuple(member for member in kind if member in members)


def checked_texts(subject: str, name: str, values: object) -> tuple[str, ...]:
    """Return different texts as a tuple, in the order given."""
    texts = tuple(checked_text(subject, name, value) for value in _listed(subject, name, values))
    if len(set(texts)) < len(texts):
        raise MarkError(subject, f"cannot be used: {name!r} repeats an entry")
    return texts


def _listed(subject: str, name: str, values: object) -> list[object]:
    if not isinstance(values, list | tuple):
        raise MarkError(subject, f"cannot be used: {name!r} is not a list")
    return list(values)


def _as_float(value: Real | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def checked_reader(name: str) -> str:
    """Return a reader's name, trimmed and with accents composed (Unicode NFC).

    Composed, because the same name typed on two keyboards must not become two readers.

    Raises
    ------
    MarkError
        If the name is empty, longer than 64 characters or holds control characters.

    """
    if not isinstance(name, str):
        raise MarkError("reader", "has a name that is not a text", "Type the name again.")
    return _checked_name(str(name))


@lru_cache(maxsize=256)
def _checked_name(name: str) -> str:
    """Check a name and return it as it is kept; the same few come with every change that is read."""
    trimmed = unicodedata.normalize("NFC", name.strip())
    if not trimmed.strip("".join(JOINERS)):
        raise MarkError("reader", "has no name", "Enter the name under which your marks are kept.")
    if len(trimmed) > LONGEST_NAME:
        raise MarkError("reader", f"has a name of more than {LONGEST_NAME} characters", "Use a shorter one.")
    if not _can_be_shown(trimmed):
        raise MarkError("reader", "has a name with control characters", "Type the name again.")
    return trimmed


def _can_be_shown(text: str) -> bool:
    if text.isprintable():
        return True
    return all(character in JOINERS or unicodedata.category(character) not in UNWANTED for character in text)
