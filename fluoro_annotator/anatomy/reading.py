"""From the YAML file to the frozen table; every complaint names file and entry."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from fluoro_annotator.anatomy.table import Anatomy
from fluoro_annotator.anatomy.values import (
    Code,
    Confidence,
    Evidence,
    ExcludedJoint,
    Joint,
    Nerve,
    Region,
    Side,
    Source,
    SourceRead,
    Vertebra,
)
from fluoro_annotator.errors import AnatomyDataError, AnatomyError

FORMAT = "fluoro_annotator.anatomy"
VERSION = 1

_HEAD = ("format", "version", "status", "vertebrae", "joints", "excluded_joints", "nerves", "sources")
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, refusing a field that is written twice in one entry."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key_node.value in seen:
                problem = f"the field {key_node.value} is written twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


@cache
def load_anatomy() -> Anatomy:
    """Return the table that comes with the package; read once per process."""
    return read_anatomy(Path(__file__).parent / "data" / "spine.yaml")


def read_anatomy(path: Path | str) -> Anatomy:
    """Read an anatomy table.

    Parameters
    ----------
    path : pathlib.Path or str
        A YAML file in the format of ``data/spine.yaml``.

    Returns
    -------
    Anatomy
        The table, with all cross references checked.

    Raises
    ------
    AnatomyDataError
        Naming the file, the entry and what is wrong with it.

    """
    file = Path(path)
    try:
        return _table(_Entry("head of the table", _parse(file)))
    except AnatomyError as error:
        raise AnatomyDataError(f"{file}, {error.subject}", error.problem, error.remedy) from error


def _parse(file: Path) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise AnatomyDataError(
            "whole file", f"it cannot be read ({error.strerror})", "Check path and permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise AnatomyDataError("whole file", "it is not UTF-8 text", "Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "whole file"
        problem = getattr(error, "problem", None) or "unexpected character"
        raise AnatomyDataError(place, f"it is not valid YAML ({problem})", "Correct the file.") from error


class _Entry:
    """One mapping of the file; fields are taken out by type, left-overs are refused."""

    def __init__(self, subject: str, fields: object) -> None:
        self.subject = subject
        if not isinstance(fields, dict) or not all(isinstance(key, str) for key in fields):
            self.refuse(f"it is {_kind(fields)} where named fields are expected")
        self._fields: dict[str, Any] = dict(fields)

    def refuse(self, problem: str) -> NoReturn:
        raise AnatomyDataError(self.subject, problem, "Correct the entry.")

    def take(self, key: str) -> Any:
        if key not in self._fields:
            self.refuse(f"the field {key} is missing")
        return self._fields.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"the field {key} is {_kind(value)} where a text is expected")
        return value.strip()

    def optional_text(self, key: str) -> str:
        return self.text(key) if key in self._fields else ""

    def items(self, key: str) -> list[Any]:
        value = self.take(key)
        if not isinstance(value, list):
            self.refuse(f"the field {key} is {_kind(value)} where a list is expected")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(f"the field {key} holds something that is not a text")
        return tuple(values)

    def choice(self, key: str, kind: type[_E]) -> _E:
        return self._member(key, self.text(key), kind)

    def choices(self, key: str, kind: type[_E]) -> tuple[_E, ...]:
        return tuple(self._member(key, value, kind) for value in self.texts(key))

    def code(self, key: str) -> Code:
        inner = _Entry(f"{self.subject}, {key}", self.take(key))
        code = Code(inner.text("value"), inner.text("scheme"), inner.text("meaning"))
        inner.finish()
        return code

    def finish(self) -> None:
        if self._fields:
            self.refuse(f"it has fields that are not known: {', '.join(sorted(self._fields))}")

    def _member(self, key: str, value: str, kind: type[_E]) -> _E:
        if value not in set(kind):
            self.refuse(f"the field {key} is {value!r}, which is none of {', '.join(kind)}")
        return kind(value)


def _kind(value: object) -> str:
    names: Mapping[type, str] = {dict: "a mapping", list: "a list", str: "a text", type(None): "empty"}
    return names.get(type(value), f"a value of type {type(value).__name__}")


def _table(head: _Entry) -> Anatomy:
    _check_head(head)
    vertebrae = _entries(head, "vertebrae", "vertebra", _vertebra)
    table = Anatomy(
        status=head.text("status"),
        vertebrae={entry.id: entry for entry in vertebrae},
        joints={entry.id: entry for entry in _entries(head, "joints", "joint", _joint)},
        excluded_joints={
            entry.id: entry for entry in _entries(head, "excluded_joints", "excluded joint", _excluded)
        },
        nerves={entry.id: entry for entry in _entries(head, "nerves", "nerve", _nerve)},
        sources={entry.key: entry for entry in _entries(head, "sources", "source", _source, name="key")},
    )
    head.finish()
    return table


def _check_head(head: _Entry) -> None:
    if head.text("format") != FORMAT:
        head.refuse(f"the format is not {FORMAT}")
    version = head.take("version")
    if version != VERSION:
        head.refuse(f"the version is {version!r}, this program reads version {VERSION}")


def _entries(
    head: _Entry, key: str, kind: str, build: Callable[[_Entry, int], _T], *, name: str = "id"
) -> Iterable[_T]:
    seen: set[str] = set()
    for place, fields in enumerate(head.items(key), start=1):
        own = fields.get(name) if isinstance(fields, dict) else None
        label = own if isinstance(own, str) else f"number {place}"
        entry = _Entry(f"{kind} {label}", fields)
        if label in seen:
            entry.refuse("it is listed twice")
        seen.add(label)
        yield build(entry, place)
        entry.finish()


def _vertebra(entry: _Entry, place: int) -> Vertebra:
    return Vertebra(
        id=entry.text("id"),
        name=entry.text("name"),
        region=entry.choice("region", Region),
        order=place,
        code=entry.code("code"),
        sources=entry.texts("sources"),
        note=entry.optional_text("note"),
    )


def _joint(entry: _Entry, _place: int) -> Joint:
    upper_and_lower = entry.texts("vertebrae")
    if len(upper_and_lower) != 2:  # noqa: PLR2004 - a joint has two bones
        entry.refuse(f"it names {len(upper_and_lower)} vertebrae, a joint has two")
    return Joint(
        id=entry.text("id"),
        name=entry.text("name"),
        vertebrae=(upper_and_lower[0], upper_and_lower[1]),
        nerves=entry.texts("nerves"),
        level_code=entry.code("level_code"),
        sources=entry.texts("sources"),
        confidence=entry.choice("confidence", Confidence),
        note=entry.optional_text("note"),
    )


def _excluded(entry: _Entry, _place: int) -> ExcludedJoint:
    return ExcludedJoint(
        id=entry.text("id"),
        name=entry.text("name"),
        reason=entry.text("reason"),
        sources=entry.texts("sources"),
    )


def _nerve(entry: _Entry, _place: int) -> Nerve:
    return Nerve(
        id=entry.text("id"),
        name=entry.text("name"),
        short_name=entry.text("short_name"),
        aliases=entry.texts("aliases"),
        region=entry.choice("region", Region),
        spinal_nerve=entry.text("spinal_nerve"),
        vertebra=entry.text("vertebra"),
        joints=entry.texts("joints"),
        sides=entry.choices("sides", Side),
        landmark=entry.text("landmark"),
        evidence=entry.choice("evidence", Evidence),
        confidence=entry.choice("confidence", Confidence),
        sources=entry.texts("sources"),
        note=entry.optional_text("note"),
    )


def _source(entry: _Entry, _place: int) -> Source:
    return Source(
        key=entry.text("key"),
        citation=entry.text("citation"),
        address=entry.optional_text("address") or None,
        read=entry.choice("read", SourceRead),
    )
