"""Records as plain values for JSON, and back.

A field that may be left out is written only where it differs from its default. What was written
before the field existed is therefore written again in the same way, and keeps its hash.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import AnatomyError, MarkError
from fluoro_annotator.marks.base import FrameRef, MarkKind
from fluoro_annotator.marks.facts import Fact
from fluoro_annotator.marks.fields import checked_kind, checked_member, taken
from fluoro_annotator.marks.needle import Needle
from fluoro_annotator.marks.values import MARK_TYPES, Record

SITE_FIELDS = ("nerve", "vertebra", "joints", "side")
FRAME_FIELDS = ("sop_instance_uid", "frame_number")

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical_json(values: Any) -> str:
    """Write plain values as JSON of which there is only one form, in ASCII; hashes are made of it."""
    return _ENCODER.encode(values)


def site_to_dict(site: Site) -> dict[str, Any]:
    """Return the four fields of a site; the inverse of `site_from_dict`."""
    return {
        "nerve": site.nerve,
        "vertebra": site.vertebra,
        "joints": list(site.joints),
        "side": site.side.value,
    }


def site_from_dict(values: dict[str, Any]) -> Site:
    """Return the site written by `site_to_dict`.

    Raises
    ------
    MarkError
        If a value is missing or of the wrong kind.

    """
    nerve, vertebra, joints, side = (taken("site", values, name) for name in SITE_FIELDS)
    if not isinstance(joints, list | tuple):
        raise MarkError("site", "cannot be read: 'joints' is not a list")
    try:
        return _site(nerve, vertebra, tuple(joints), side)
    except AnatomyError as error:
        raise MarkError(error.subject, error.problem, error.remedy) from error
    except TypeError:
        raise MarkError("site", "cannot be read: a name is not a text") from None


@lru_cache(maxsize=1024)
def _site(nerve: str, vertebra: str, joints: tuple[str, ...], side: str) -> Site:
    """Return a site; the same few come again and again in a reading."""
    return Site(nerve, vertebra, joints, checked_member("site", "side", side, Side))


def mark_to_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain values.

    Points are ``[row, column]`` in pixels, centre of the top-left pixel ``[0, 0]``. Nothing
    is lost; `mark_from_dict` is the inverse.
    """
    values: dict[str, Any] = {"kind": record.kind.value, "mark_id": record.mark_id}
    if not isinstance(record, Fact):
        frame = record.frame
        values["sop_instance_uid"] = frame.sop_instance_uid
        values["frame_number"] = frame.frame_number
    if record.single_points or record.point_list:
        values["points"] = _points(record)
    for name in record.required:
        values[name] = _plain(getattr(record, name))
    for name in record.optional:
        value = getattr(record, name)
        if value != _default(record, name):
            values[name] = _plain(value)
    return values


def mark_to_text(record: Record) -> str:
    """Return `mark_to_dict` as canonical JSON, put together from parts: an import needs it 100,000 times."""
    record_type: Any = type(record)
    return f"{{{','.join([text for write in _writers(record_type) if (text := write(record))])}}}"


Writer = Callable[[Any], str]
"""Writes one field of a record with its name, or nothing where the field is left out."""


@cache
def _writers(record_type: Any) -> tuple[Writer, ...]:
    """Return what writes the fields of a kind of record, in the order of their names."""
    kind = f'"kind":{quoted(record_type.kind.value)}'
    made: dict[str, Writer] = {
        "kind": lambda _record: kind,
        "mark_id": lambda record: f'"mark_id":{quoted(record.mark_id)}',
    }
    if not issubclass(record_type, Fact):
        made["sop_instance_uid"] = _image_text
        made["frame_number"] = lambda record: f'"frame_number":{int.__repr__(record.frame.frame_number)}'
    if _has_points(record_type):
        made["points"] = _points_text
    made |= {name: _always(name) for name in record_type.required}
    made |= {name: _where_it_differs(record_type, name) for name in record_type.optional}
    return tuple(made[name] for name in sorted(made))


def _image_text(record: Any) -> str:
    return f'"sop_instance_uid":{quoted(record.frame.sop_instance_uid)}'


def _points_text(record: Any) -> str:
    if record.single_points == ("position",) and not record.point_list and record.position is not None:
        row, column = record.position
        return f'"points":{{"position":[{row!r},{column!r}]}}'
    return f'"points":{canonical_json(_points(record))}'


def _always(name: str) -> Writer:
    before = f"{quoted(name)}:"
    return lambda record: before + _text(getattr(record, name))


def _where_it_differs(record_type: Any, name: str) -> Writer:
    before, may_be_none = f"{quoted(name)}:", _defaults(record_type)[name] is None

    def write(record: Any) -> str:
        value = getattr(record, name)
        if (value is None and may_be_none) or value == _default(record, name):
            return ""
        return before + _text(value)

    return write


def _text(value: Any) -> str:
    if type(value) is str:
        return quoted(value)
    if isinstance(value, Site):
        return _site_text(value)
    return canonical_json(_plain(value))


@lru_cache(maxsize=1024)
def _site_text(site: Site) -> str:
    """Write a site; the same few come again and again in a reading."""
    return canonical_json(site_to_dict(site))


def mark_from_dict(values: dict[str, Any]) -> Record:
    """Return the record written by `mark_to_dict`.

    Raises
    ------
    UnknownKindError
        If this version of the program does not know its kind.
    MarkError
        If a value is missing or of the wrong kind.

    """
    kind = checked_kind("mark", taken("mark", values, "kind"), MarkKind)
    subject = f"mark ({kind.value})"
    record_type: Any = MARK_TYPES[kind]
    given = {name: taken(subject, values, name) for name in record_type.required}
    given |= {name: values[name] for name in record_type.optional if values.get(name) is not None}
    if "site" in given:
        given["site"] = site_from_dict(given["site"])
    if _has_points(record_type):
        given |= _points_from(subject, record_type, taken(subject, values, "points"))
    mark_id = taken(subject, values, "mark_id")
    if issubclass(record_type, Fact):
        return _checked_fact(record_type(**given), mark_id)
    frame = FrameRef(*(taken(subject, values, name) for name in FRAME_FIELDS))
    record: Record = record_type(frame=frame, mark_id=mark_id, **given)
    return record


def _checked_fact(record: Record, mark_id: object) -> Record:
    if record.mark_id != mark_id:
        raise MarkError(record.kind.words, "cannot be read: 'mark_id' does not follow from what it is about")
    return record


def _has_points(record_type: type[Record]) -> bool:
    return bool(record_type.single_points or record_type.point_list)


def _points(record: Record) -> dict[str, Any]:
    points: dict[str, Any] = {}
    for name in record.single_points:
        point = getattr(record, name)
        if point is not None:
            points[name] = list(point)
    if record.point_list and record.listed:
        points[record.point_list] = [list(point) for point in record.listed]
    return points


def _points_from(subject: str, record_type: Any, points: Any) -> dict[str, Any]:
    defaults = _defaults(record_type)
    names = [*record_type.single_points, *filter(None, [record_type.point_list])]
    needed = [name for name in names if name not in defaults]
    given = {name: taken(subject, points, name) for name in needed}
    if not needed and not isinstance(points, dict):
        raise MarkError(subject, "cannot be read: 'points' is not a group")
    return given | {name: points[name] for name in names if name in defaults and name in points}


@cache
def _defaults(record_type: Any) -> dict[str, Any]:
    return {entry.name: entry.default for entry in fields(record_type) if entry.default is not MISSING}


def _default(record: Record, name: str) -> Any:
    """Return what a field is if nothing is said; a needle is by default one of its own."""
    if isinstance(record, Needle) and name == "needle_id":
        return record.mark_id
    record_type: Any = type(record)
    return _defaults(record_type)[name]


def _plain(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, Site):
        return site_to_dict(value)
    if isinstance(value, Enum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
