"""YAML with line numbers, for files that come from outside.

Only what a protocol needs is read: mappings, lists, texts, numbers, true, false and null. Anchors,
aliases and tags are refused, so that a small file cannot become a large one, and depth and size
are bounded. A plain ``yes``, ``no`` or ``on`` stays a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml

from fluoro_annotator.errors import ProtocolFileError

LARGEST_FILE: Final = 512 * 1024
"""In bytes; the longest protocol of the package has a tenth of it."""
DEEPEST: Final = 12
"""How far mappings and lists may be nested."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"[-+]?\d{1,15}")
_NUMBER: Final = re.compile(r"[-+]?(\d{1,15}\.\d{0,15}|\.\d{1,15})([eE][-+]?\d{1,2})?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and the line where it begins, counted from 1.

    `value` is a dict of Node by key, a list of Node, or a scalar; `raw` is a scalar as it is
    written.
    """

    value: Any
    line: int
    raw: str = ""


def read_nodes(path: Path) -> Node:
    """Read a YAML file.

    Parameters
    ----------
    path : pathlib.Path
        A file of at most 512 KiB.

    Returns
    -------
    Node
        The one document that the file holds.

    Raises
    ------
    ProtocolFileError
        With the name of the file, the line where there is one, and what is wrong.

    """
    return parse_nodes(_text(path), str(path))


def parse_nodes(text: str, name: str) -> Node:
    """Read a YAML text; `name` is what errors call it.

    Raises
    ------
    ProtocolFileError
        As `read_nodes` does.

    """
    try:
        return _Builder(name, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}, line {mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unexpected character"
        raise ProtocolFileError(place, f"it is not valid YAML ({problem})", "Correct the file.") from error


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise ProtocolFileError(str(path), "it is not a file", "Name a YAML file.")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ProtocolFileError(
            str(path), f"it cannot be read ({error.strerror})", "Check path and permissions."
        ) from error
    if len(content) > LARGEST_FILE:
        raise ProtocolFileError(
            str(path), f"it is larger than {LARGEST_FILE // 1024} KiB", "A protocol is a short text."
        )
    return _decoded(content, str(path))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProtocolFileError(
            f"{name}, line {line}", "it is not UTF-8 text", "Save it as UTF-8."
        ) from error


class _Builder:
    """From the events of the parser to nodes; the parser itself does not recurse, nor remember."""

    def __init__(self, name: str, events: Iterator[Any]) -> None:
        self._name = name
        self._events = events

    def document(self) -> Node:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                node = self._node(event, 1)
                self._refuse_more()
                return node
        raise ProtocolFileError(self._name, "it is empty", "Copy one of the protocols of the program.")

    def _refuse_more(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._refuse(event, "a second document begins", "Put one protocol into one file.")

    def _refuse(self, event: Any, problem: str, remedy: str) -> NoReturn:
        raise ProtocolFileError(f"{self._name}, line {event.start_mark.line + 1}", problem, remedy)

    def _node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._refuse(event, "it uses an anchor or an alias", "Write the content out.")
        if event.tag:
            self._refuse(event, f"it uses the tag {event.tag:.60}", "Remove it.")
        if depth > DEEPEST:
            self._refuse(event, f"it is nested deeper than {DEEPEST} levels", "Flatten it.")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "")
            return Node(_scalar(event.value) if plain else event.value, line, event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(list(self._items(depth)), line)
        return Node(self._fields(depth), line)

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _fields(self, depth: int) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in fields:
                self._refuse(event, f"the field {key} is written twice", "Keep one of them.")
            fields[key] = self._node(next(self._events), depth + 1)
        return fields

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "the name of a field is not a text", "Use a plain word.")
        self._node(event, 1)
        return str(event.value)


def _scalar(text: str) -> str | float | int | bool | None:
    """Return what a plain scalar means; everything that is no number and no constant is a text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
