"""JSON texts of practice, read strictly: every value is asked for by its kind, and what is left over is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from fluoro_annotator.errors import ExchangeError, FluoroAnnotatorError, TrainingFormatError
from fluoro_annotator.exchange import strict_json
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.fields import (
    checked_count,
    checked_member,
    checked_point,
    checked_text,
)
from fluoro_annotator.marks.revisions import time_from_text
from fluoro_annotator.marks.serialise import canonical_json

REMEDY: Final = "It is damaged or was edited by hand; export it again, or take it from a backup."

Made = TypeVar("Made")
Member = TypeVar("Member", bound=StrEnum)


class Group:
    """One object of a JSON text, with its place in the text.

    Every method that takes a value raises TrainingFormatError, naming text and place, if the value is missing or
    of another kind. The value itself is not repeated.

    Parameters
    ----------
    values : object
        What the text has there.
    subject : str
        The text, for refusals.
    path : str
        The place in it, as a JSON path.

    """

    __slots__ = ("_left", "_values", "path", "subject")

    def __init__(self, values: object, subject: str, path: str = "$") -> None:
        self.subject, self.path = subject, path
        if not isinstance(values, dict):
            raise TrainingFormatError(self.place, "is not a group of named values", REMEDY)
        self._values: dict[str, Any] = values
        self._left = set(values)

    @property
    def place(self) -> str:
        """Text and place in it."""
        return f"{self.subject}, at {self.path}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all values."""
        return tuple(self._values)

    def has(self, name: str) -> bool:
        """Return whether a value is there; where it may be left out, it never is null."""
        return name in self._values

    def value(self, name: str) -> Any:
        """Return a value of any kind."""
        if name not in self._values:
            raise TrainingFormatError(self.place, f"lacks {name!r}", REMEDY)
        self._left.discard(name)
        return self._values[name]

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a text without control characters."""
        return self._checked(checked_text, name, may_be_empty=may_be_empty)

    def whole(self, name: str) -> int:
        """Return a whole number of at least 1."""
        return self._checked(checked_count, name)

    def number(self, name: str) -> float:
        """Return a number; whatever was read is finite."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TrainingFormatError(f"{self.place}.{name}", "is not a number", REMEDY)
        return float(value)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.value(name)
        if not isinstance(value, bool):
            raise TrainingFormatError(f"{self.place}.{name}", "is neither true nor false", REMEDY)
        return value

    def member(self, name: str, kind: type[Member]) -> Member:
        """Return a member of an enumeration."""
        found: Member = self._checked(checked_member, name, kind)
        return found

    def time(self, name: str) -> datetime:
        """Return a time in UTC."""
        text = self.text(name)
        return self.named(lambda: time_from_text(text))

    def point(self, name: str) -> Point:
        """Return ``[row, column]`` in pixels as a point."""
        return self._checked(checked_point, name)

    def points(self, name: str) -> tuple[Point, ...]:
        """Return a list of ``[row, column]`` as points."""
        values = self.items(name)
        return self.named(lambda: tuple(checked_point("list", name, value) for value in values))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.items(name)
        return self.named(lambda: tuple(checked_text("list", name, value) for value in values))

    def items(self, name: str) -> list[Any]:
        """Return a list of anything."""
        value = self.value(name)
        if not isinstance(value, list):
            raise TrainingFormatError(f"{self.place}.{name}", "is not a list", REMEDY)
        return value

    def group(self, name: str) -> Group:
        """Return an object within this one."""
        return Group(self.value(name), self.subject, f"{self.path}.{name}")

    def groups(self, name: str) -> Iterator[Group]:
        """Yield the objects of a list."""
        for number, value in enumerate(self.items(name)):
            yield Group(value, self.subject, f"{self.path}.{name}[{number}]")

    def made(self, build: Callable[[Group], Made]) -> Made:
        """Return what is built from the object, all of whose values have to be used up."""
        result = self.named(lambda: build(self))
        if self._left:
            named = ", ".join(repr(name[:40]) for name in sorted(self._left))
            raise TrainingFormatError(self.place, f"holds {named}, which do not belong there", REMEDY)
        return result

    def named(self, build: Callable[[], Made]) -> Made:
        """Return what is built; a refusal of a value becomes one that names text and place."""
        try:
            return build()
        except TrainingFormatError:
            raise
        except FluoroAnnotatorError as error:
            problem = f"{error.subject} {error.problem}"
            raise TrainingFormatError(self.place, problem, error.remedy or REMEDY) from error

    def _checked(self, check: Callable[..., Made], name: str, *more: Any, **options: Any) -> Made:
        value = self.value(name)
        return self.named(lambda: check("value", name, value, *more, **options))


def read_text(text: str | bytes, subject: str, expected: str, version: int) -> Group:
    """Return the outermost object of a JSON text of a known format.

    Parameters
    ----------
    text : str or bytes
        The text.
    subject : str
        What it is, for refusals.
    expected : str
        Name of the format, which the text has to state as its ``format``.
    version : int
        Newest version of the format that can be read.

    Raises
    ------
    TrainingFormatError
        If it is not JSON, of another format, or of a newer version.

    """
    content = text.encode("utf-8") if isinstance(text, str) else text
    try:
        values = strict_json.parse(content, subject)
    except ExchangeError as error:
        raise TrainingFormatError(subject, error.problem, REMEDY) from error
    group = Group(values, subject)
    if values.get("format") != expected:
        raise TrainingFormatError(
            subject, "is JSON, but of another format", f'Expected is "format": "{expected}".'
        )
    group.value("format")
    found = group.whole("version")
    if found > version:
        raise TrainingFormatError(
            subject,
            f"is of version {found} of its format; this program reads up to version {version}",
            "It was written by a newer version of the program; update this one.",
        )
    return group


def written(format_name: str, version: int, values: dict[str, Any]) -> str:
    """Return a JSON text of a format in its only form; hashes are made of it. The inverse of `read_text`."""
    return canonical_json({"format": format_name, "version": version, **values})


def stated(**values: Any) -> dict[str, Any]:
    """Return the values that are not None, empty or false: the others are left out of a text."""
    return {name: value for name, value in values.items() if value not in (None, "", False, [], ())}
