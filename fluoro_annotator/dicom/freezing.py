"""Turns the values of an image into JSON and back, whatever dataclasses they are made of."""

from __future__ import annotations

import base64
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from fluoro_annotator.dicom.models import Image

_SIMPLE: Final = (str, int, float, type(None))


class CannotFreezeError(Exception):
    """A value of a type that is not part of an image."""


@cache
def known_classes() -> dict[str, type]:
    """Return the dataclasses and enumerations that images are made of, by name."""
    found: dict[str, type] = {}
    _collect(Image, found)
    return found


def _collect(hint: Any, found: dict[str, type]) -> None:
    for part in get_args(hint):
        _collect(part, found)
    if not isinstance(hint, type) or isinstance(hint, types.GenericAlias) or hint.__name__ in found:
        return
    if is_dataclass(hint):
        found[hint.__name__] = hint
        for part in get_type_hints(hint).values():
            _collect(part, found)
    elif issubclass(hint, Enum):
        found[hint.__name__] = hint


def shape() -> str:
    """Return the names and types of all fields as one text, which changes when one of them does."""
    return repr([(name, _parts(kind)) for name, kind in sorted(known_classes().items())])


def _parts(kind: Any) -> list[str]:
    if is_dataclass(kind):
        return [f"{field.name}: {field.type}" for field in fields(kind)]
    return [str(member.value) for member in kind]


def freeze(value: Any) -> Any:
    """Return a value as lists, texts and numbers.

    Raises
    ------
    CannotFreezeError
        If it is made of something that images are not made of.

    """
    if isinstance(value, Enum):
        return ["enum", type(value).__name__, value.value]
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, bytes):
        return ["bytes", base64.b64encode(value).decode("ascii")]
    if isinstance(value, Path):
        return ["path", str(value)]
    if isinstance(value, tuple):
        return ["tuple", *map(freeze, value)]
    if is_dataclass(value) and known_classes().get(type(value).__name__) is type(value):
        parts = [freeze(getattr(value, field.name)) for field in fields(value)]
        return ["class", type(value).__name__, *parts]
    raise CannotFreezeError(type(value).__name__)


def thaw(frozen: Any) -> Any:
    """Return the value that was frozen.

    Raises
    ------
    ValueError, TypeError, LookupError
        If it was not frozen by `freeze`.

    """
    if not isinstance(frozen, list):
        return frozen
    kind, *rest = frozen
    return _THAWED[kind](rest)


def _thaw_class(rest: list[Any]) -> Any:
    kind: Any = known_classes()[rest[0]]
    names = [field.name for field in fields(kind)]
    return kind(**dict(zip(names, map(thaw, rest[1:]), strict=True)))


_THAWED: Final = {
    "enum": lambda rest: known_classes()[rest[0]](rest[1]),
    "bytes": lambda rest: base64.b64decode(rest[0]),
    "path": lambda rest: Path(rest[0]),
    "tuple": lambda rest: tuple(map(thaw, rest)),
    "class": _thaw_class,
}
