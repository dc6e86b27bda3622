"""The JSON Schema of the file of marks, and refusals that name the place and no content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

from fluoro_annotator.errors import ExchangeError

SCHEMA_FILE = "marks-1.2.schema.json"
SCHEMA_FILES = {"1.0": "marks-1.0.schema.json", "1.1": "marks-1.1.schema.json", "1.2": SCHEMA_FILE}
"""The schema of every version that can be read; the last one is that which is written."""


BY_KIND = "x-by-kind"
"""Keyword of the table of rules for each kind, made in memory from the schema of the file."""


def load_schema(version: str = "1.2") -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a version of the format."""
    text = files(__package__).joinpath("schemas", SCHEMA_FILES[version]).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def validate(values: Any, subject: str) -> None:
    """Refuse a document that does not fit the schema.

    Parameters
    ----------
    values : dict
        The parsed file; its version is one of `SCHEMA_FILES`.
    subject : str
        Its name.

    Raises
    ------
    ExchangeError
        With the JSON path of the worst fault. Values of the file are not repeated.

    """
    fault = best_match(_validator(values["version"]).iter_errors(values))
    if fault is None:
        return
    raise ExchangeError(
        f"{subject}, at {fault.json_path}",
        _reason(fault),
        "Export the marks again, or correct the file there.",
    )


@cache
def _validator(version: str) -> Draft202012Validator:
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    strict: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]  # untyped in its stubs
        Draft202012Validator, {BY_KIND: _check_by_kind}, type_checker=checker
    )
    schema = load_schema(version)
    return strict(_dispatched(_inlined(schema, schema["$defs"])))


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    """Return a part of the schema with its references filled in, which makes validation 3 times faster."""
    if isinstance(part, list):
        return [_inlined(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        return _inlined(definitions[name] | {key: part[key] for key in part if key != "$ref"}, definitions)
    return {key: _inlined(value, definitions) for key, value in part.items() if key != "$defs"}


def _dispatched(part: Any) -> Any:
    """Return a part of the schema with its rules for each kind in a table.

    The schema asks "if it is of this kind, then ..." once for each kind; looking the kind up gives the
    same answers and takes half the time.
    """
    if isinstance(part, list):
        return [_dispatched(item) for item in part]
    if not isinstance(part, dict):
        return part
    rules = list(_kind_rules(part))
    kept = {key: _dispatched(value) for key, value in part.items() if key != "allOf" or not rules}
    table: dict[str, list[Any]] = {}
    for kind, rule in rules:
        table.setdefault(kind, []).append(_dispatched(rule))
    return kept | {BY_KIND: table} if table else kept


def _kind_rules(part: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield kind and rule of every entry of an ``allOf``, or nothing if one of them is something else."""
    found: list[tuple[str, Any]] = []
    for entry in part.get("allOf", ()):
        inner = list(_kind_rules(entry)) if entry.keys() == {"allOf"} else _kind_rule(entry)
        if not inner:
            return
        found += inner
    yield from found


def _kind_rule(entry: dict[str, Any]) -> list[tuple[str, Any]]:
    if entry.keys() != {"if", "then"} or entry["if"].keys() != {"properties"}:
        return []
    condition = entry["if"]["properties"]
    if condition.keys() != {"kind"} or condition["kind"].keys() != {"const"}:
        return []
    return [(condition["kind"]["const"], entry["then"])]


def _check_by_kind(validator: Any, table: dict[str, list[Any]], instance: Any, _schema: Any) -> Iterator[Any]:
    kind = instance.get("kind") if isinstance(instance, dict) else None
    for rule in table.get(kind, ()) if isinstance(kind, str) else ():
        yield from validator.descend(instance, rule)


def _is_integer(_checker: object, value: object) -> bool:
    """Whether a value is a whole number written without a decimal point."""
    return isinstance(value, int) and not isinstance(value, bool)


def _listed(values: list[Any]) -> str:
    return ", ".join("null" if value is None else str(value) for value in values)


def _missing(fault: Any) -> str:
    absent = [name for name in fault.validator_value if name not in fault.instance]
    return f"lacks {_listed(absent)}"


def _unexpected(fault: Any) -> str:
    extra = [name[:40] for name in fault.instance if name not in fault.schema["properties"]]
    return f"holds {_listed(extra)}, which has no place there"


def _wrong_type(fault: Any) -> str:
    wanted = fault.validator_value
    return f"is not of type {' or '.join([wanted] if isinstance(wanted, str) else wanted)}"


_REASONS: dict[str, Callable[[Any], str]] = {
    "required": _missing,
    "additionalProperties": _unexpected,
    "type": _wrong_type,
    "enum": lambda fault: f"is not one of {_listed(fault.validator_value)}",
    "const": lambda fault: f"is not {fault.validator_value!r}",
    "pattern": lambda _fault: "is not written in the way it has to be",
    "minimum": lambda fault: f"is below {fault.validator_value}",
    "exclusiveMinimum": lambda fault: f"is not above {fault.validator_value}",
    "minLength": lambda _fault: "is empty",
    "maxLength": lambda fault: f"is longer than {fault.validator_value} characters",
    "maximum": lambda fault: f"is above {fault.validator_value}",
    "minItems": lambda fault: f"has fewer than {fault.validator_value} items",
    "items": lambda _fault: "has too many items",
    "maxItems": lambda _fault: "has items where none may be",
    "maxProperties": lambda _fault: "has points that a mark of this kind does not have",
    "propertyNames": lambda _fault: "holds something that a mark of this kind does not have",
    "uniqueItems": lambda _fault: "lists something twice",
}


def _reason(fault: Any) -> str:
    explain = _REASONS.get(str(fault.validator))
    return explain(fault) if explain else "does not belong there for a mark of this kind"
