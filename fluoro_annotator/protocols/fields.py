"""Checks of single fields, shared by all values of the room."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from fluoro_annotator.anatomy import fields as anatomy_fields
from fluoro_annotator.errors import ProtocolError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}", re.ASCII)
LONGEST_TEXT = 2000
"""No statement of a protocol is longer, in characters."""


def check_text(subject: str, /, **fields: object) -> None:
    """Refuse a field that is not a text, is blank at an end, or is endless."""
    anatomy_fields.check_text(ProtocolError, subject, **fields)
    for name, value in fields.items():
        length = len(str(value))
        if length > LONGEST_TEXT:
            raise ProtocolError(subject, f"{name} has {length} characters", f"Use at most {LONGEST_TEXT}.")


def check_name(subject: str, /, **fields: object) -> None:
    """Refuse an identifier that is not made of letters, digits and underscores."""
    for name, value in fields.items():
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ProtocolError(
                subject, f"{name} is {value!r:.60}", "Use letters, digits and underscores, a letter first."
            )


def check_version(subject: str, version: object) -> None:
    """Refuse a version that is not made of numbers and dots."""
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ProtocolError(subject, f"version is {version!r:.60}", "Use numbers and dots, for example 1.0.")


def version_order(version: str) -> tuple[int, ...]:
    """Return what versions are compared by.

    Examples
    --------
    >>> version_order("1.10") > version_order("1.9")
    True

    """
    return tuple(int(part) for part in version.split("."))


def check_member(subject: str, kind: type[StrEnum], /, **fields: object) -> None:
    """Refuse a field that is not a member of the enumeration `kind`."""
    anatomy_fields.check_member(ProtocolError, subject, kind, **fields)


def check_number(subject: str, low: float, high: float, /, **fields: object) -> None:
    """Refuse a field that is not a finite number from `low` to `high`."""
    for name, value in fields.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not (number and low <= value <= high):  # type: ignore[operator]  # a number by now
            raise ProtocolError(
                subject, f"{name} is {value!r:.60}", f"It has to be a number from {low:g} to {high:g}."
            )


def check_interval(subject: str, name: str, ends: object, low: float, high: float) -> None:
    """Refuse an interval whose two ends are not numbers in order."""
    if not isinstance(ends, tuple) or len(ends) != 2:  # noqa: PLR2004 - an interval has two ends
        raise ProtocolError(subject, f"{name} is {ends!r:.60}", "It has to be two numbers, the lower first.")
    check_number(subject, low, high, **{f"{name} from": ends[0], f"{name} to": ends[1]})
    if ends[0] > ends[1]:
        raise ProtocolError(subject, f"{name} goes from {ends[0]:g} down to {ends[1]:g}", "Swap the two.")


def check_different(subject: str, name: str, values: Iterable[object]) -> None:
    """Refuse something that is named twice."""
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ProtocolError(subject, f"{name} {value} is named twice", "Name each one once.")
        seen.add(value)


def check_known(subject: str, kind: str, wanted: Iterable[str], known: Collection[str]) -> None:
    """Refuse a reference to something that is not there."""
    missing = [key for key in wanted if key not in known]
    if missing:
        raise ProtocolError(
            subject, f"it names the {kind} {missing[0]}, which is not known", "Add it or correct the name."
        )
