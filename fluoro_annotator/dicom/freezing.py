"""Turns values of this package, whatever dataclasses they are made of, into JSON and back."""

from __future__ import annotations

import base64
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "fluoro_annotator."
_SIMPLE: Final = (str, int, float, type(None))


class CannotFreezeError(Exception):
    """A value of a type that cannot be turned into JSON and back."""


@cache
def _known(module: str, name: str) -> Any:
    """Return a dataclass or an enumeration of this package, and nothing else."""
    if not module.startswith(PACKAGE):
        raise ValueError(f"{module} is not a part of this package")
    found = getattr(import_module(module), name)
    if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
        return found
    raise ValueError(f"{name} is not a value of this package")


def _named(value: Any) -> tuple[str, str]:
    kind = type(value)
    try:
        if _known(kind.__module__, kind.__qualname__) is kind:
            return kind.__module__, kind.__qualname__
    except (ValueError, AttributeError) as error:
        raise CannotFreezeError(kind.__qualname__) from error
    raise CannotFreezeError(kind.__qualname__)


def freeze(value: Any) -> Any:
    """Return a value as lists, texts and numbers.

    Raises
    ------
    CannotFreezeError
        If it is made of something else than simple values, tuples, bytes, paths, and dataclasses and
        enumerations of this package.

    """
    if isinstance(value, Enum):
        return ["enum", *_named(value), value.value]
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, bytes):
        return ["bytes", base64.b64encode(value).decode("ascii")]
    if isinstance(value, Path):
        return ["path", str(value)]
    if isinstance(value, tuple):
        return ["tuple", *map(freeze, value)]
    if is_dataclass(value) and not isinstance(value, type):
        return ["class", *_named(value), *(freeze(getattr(value, field.name)) for field in fields(value))]
    raise CannotFreezeError(type(value).__name__)


def thaw(frozen: Any) -> Any:
    """Return the value that was frozen.

    Raises
    ------
    ValueError, TypeError, LookupError, AttributeError, ImportError
        If it was not frozen by `freeze`.

    """
    if not isinstance(frozen, list):
        return frozen
    kind, *rest = frozen
    return _THAWED[kind](rest)


def _thaw_class(rest: list[Any]) -> Any:
    kind = _known(rest[0], rest[1])
    names = [field.name for field in fields(kind)]
    return kind(**dict(zip(names, map(thaw, rest[2:]), strict=True)))


_THAWED: Final = {
    "enum": lambda rest: _known(rest[0], rest[1])(rest[2]),
    "bytes": lambda rest: base64.b64decode(rest[0]),
    "path": lambda rest: Path(rest[0]),
    "tuple": lambda rest: tuple(map(thaw, rest)),
    "class": _thaw_class,
}
