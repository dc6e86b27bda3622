"""Fields of a file taken out by type; every complaint names file and line, left-overs are refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from fluoro_annotator.errors import FluoroAnnotatorError, ProtocolFileError
from fluoro_annotator.protocols.placed import Node

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
_KINDS: Final = {
    dict: "named fields",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "empty",
}


class Entry:
    """One mapping of a file.

    Parameters
    ----------
    name : str
        What errors call the file.
    node : Node
        The mapping.

    Raises
    ------
    ProtocolFileError
        From every method: with file, line, problem and remedy.

    """

    def __init__(self, name: str, node: Node) -> None:
        self.name = name
        self.node = node
        if not isinstance(node.value, dict):
            self.refuse(f"there is {_kind(node)} where named fields are expected")
        self._fields: dict[str, Node] = dict(node.value)
        self._known: list[str] = []

    def refuse(self, problem: str, remedy: str = "Correct the entry.", node: Node | None = None) -> NoReturn:
        """Raise with the line of `node`, or that of the entry."""
        raise ProtocolFileError(f"{self.name}, line {(node or self.node).line}", problem, remedy)

    def has(self, key: str) -> bool:
        """Return whether the field is there and has not been taken."""
        self._known.append(key)
        return key in self._fields

    def take(self, key: str) -> Node:
        """Take a field out, whatever it is."""
        self._known.append(key)
        if key not in self._fields:
            self.refuse(f"the field {key} is missing")
        return self._fields.pop(key)

    def text(self, key: str, otherwise: str | None = None) -> str:
        """Take a text out; without one, return `otherwise` if that is given."""
        if otherwise is not None and not self.has(key):
            return otherwise
        node = self.take(key)
        return self._text(key, node)

    def written(self, key: str) -> str:
        """Take a text or number out as it is written, so that 1.10 does not become 1.1."""
        node = self.take(key)
        if isinstance(node.value, dict | list):
            self.refuse(f"the field {key} is {_kind(node)} where a text is expected", node=node)
        return node.raw

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts out; nothing if the field is not there."""
        return tuple(self._text(key, node) for node in self.items(key))

    def numbers(self, key: str) -> tuple[float, ...]:
        """Take a list of numbers out; nothing if the field is not there."""
        return tuple(float(self._number(key, node)) for node in self.items(key))

    def integers(self, key: str) -> tuple[int, ...]:
        """Take a list of whole numbers out; nothing if the field is not there."""
        return tuple(self._integer(key, node) for node in self.items(key))

    def interval(self, key: str) -> tuple[float, float]:
        """Take two numbers out."""
        node = self._fields.get(key)
        values = self.numbers(key)
        if len(values) != 2:  # noqa: PLR2004 - an interval has two ends
            self.refuse(f"the field {key} holds {len(values)} numbers where two are expected", node=node)
        return values[0], values[1]

    def number(self, key: str) -> float:
        """Take a number out."""
        return float(self._number(key, self.take(key)))

    def integer(self, key: str) -> int:
        """Take a whole number out."""
        return self._integer(key, self.take(key))

    def entry(self, key: str) -> Entry:
        """Take a mapping out; it has to be finished by itself."""
        return Entry(self.name, self.take(key))

    def flag(self, key: str, *, otherwise: bool) -> bool:
        """Take true or false out."""
        if not self.has(key):
            return otherwise
        node = self.take(key)
        if not isinstance(node.value, bool):
            self.refuse(f"the field {key} is {_kind(node)}", "Write true or false.", node)
        return node.value

    def choice(self, key: str, kind: type[_E], otherwise: _E | None = None) -> _E:
        """Take one word of a closed vocabulary out."""
        if otherwise is not None and not self.has(key):
            return otherwise
        node = self.take(key)
        if not isinstance(node.value, str) or node.value not in set(kind):
            self.refuse(
                f"the field {key} is {node.raw or _kind(node)!r:.60}", f"Use one of: {', '.join(kind)}.", node
            )
        return kind(node.value)

    def reference(self, key: str, what: str, known: Collection[str]) -> str:
        """Take the name of something that has to exist out."""
        node = self.take(key)
        return self._referred(what, self._text(key, node), node, known)

    def references(self, key: str, what: str, known: Collection[str]) -> tuple[str, ...]:
        """Take a list of names of things that have to exist out; nothing if it is not there."""
        nodes = self.items(key)
        found = tuple(self._referred(what, self._text(key, node), node, known) for node in nodes)
        for place, node in enumerate(nodes):
            if found[place] in found[:place]:
                self.refuse(f"the {what} {found[place]} is named twice", "Name each one once.", node)
        return found

    def entries(self, key: str) -> Iterator[Entry]:
        """Take a list of mappings out; each is finished when the next is asked for."""
        for node in self.items(key):
            entry = Entry(self.name, node)
            yield entry
            entry.finish()

    def items(self, key: str) -> list[Node]:
        """Take a list out; nothing if the field is not there."""
        if not self.has(key):
            return []
        node = self.take(key)
        if not isinstance(node.value, list):
            self.refuse(f"the field {key} is {_kind(node)} where a list is expected", node=node)
        return node.value

    def build(self, maker: Callable[..., _T], *arguments: Any, **fields: Any) -> _T:
        """Make a value; what it refuses is said with the line of the entry."""
        try:
            return maker(*arguments, **fields)
        except ProtocolFileError:
            raise
        except FluoroAnnotatorError as error:
            self.refuse(f"{error.subject}: {error.problem}", error.remedy)

    def finish(self) -> None:
        """Refuse fields that nobody took."""
        for key, node in self._fields.items():
            near = get_close_matches(key, self._known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else "Remove it."
            self.refuse(f"the field {key:.60} is not known", remedy, node)

    def _text(self, key: str, node: Node) -> str:
        if not isinstance(node.value, str) or not node.value.strip():
            self.refuse(f"the field {key} holds {_kind(node)} where a text is expected", node=node)
        return node.value.strip()

    def _number(self, key: str, node: Node) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            self.refuse(f"the field {key} holds {_kind(node)} where a number is expected", node=node)
        return node.value

    def _integer(self, key: str, node: Node) -> int:
        number = self._number(key, node)
        if not isinstance(number, int):
            self.refuse(f"the field {key} holds {number:g} where a whole number is expected", node=node)
        return number

    def _referred(self, what: str, name: str, node: Node, known: Collection[str]) -> str:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Add the {what} or correct the name."
            self.refuse(f"the {what} {name:.60} is not known", remedy, node)
        return name


def _kind(node: Node) -> str:
    return _KINDS[type(node.value)]
