"""From a protocol file to a protocol; every complaint names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from fluoro_annotator.anatomy import Anatomy, Evidence, Region, load_anatomy
from fluoro_annotator.protocols import parts
from fluoro_annotator.protocols.checks import backings
from fluoro_annotator.protocols.entries import Entry
from fluoro_annotator.protocols.judging import Band
from fluoro_annotator.protocols.parts import Catalogue
from fluoro_annotator.protocols.placed import Node, read_nodes
from fluoro_annotator.protocols.protocol import NerveGroup, Protocol
from fluoro_annotator.protocols.values import Construction, SafetyLine, ViewSpec
from fluoro_annotator.protocols.words import Procedure, WorkingOrder

FORMAT: Final = "fluoro_annotator.protocol"
CATALOGUE_FORMAT: Final = "fluoro_annotator.protocol_catalogue"
SCHEMA: Final = 1
DATA: Final = Path(__file__).parent / "data"
CATALOGUE: Final = DATA / "catalogue.yaml"

_T = TypeVar("_T")


def read_protocol(path: Path | str, *, anatomy: Anatomy | None = None) -> Protocol:
    """Read a protocol file.

    Parameters
    ----------
    path : pathlib.Path or str
        A YAML file in the format that ``docs/user/protocols.md`` describes.
    anatomy : Anatomy, optional
        The table that nerves, joints and sources are looked up in; that of the package if it is
        not given.

    Returns
    -------
    Protocol
        With everything that it refers to.

    Raises
    ------
    ProtocolFileError
        With file, line, what is wrong and what to do.

    """
    file = Path(path)
    return protocol_from(read_nodes(file), str(file), anatomy or load_anatomy())


def protocol_from(node: Node, name: str, anatomy: Anatomy) -> Protocol:
    """Make a protocol from the content of a file; `name` is what errors call the file.

    Raises
    ------
    ProtocolFileError
        As `read_protocol` does.

    """
    entry = Entry(name, node)
    _check_head(entry, FORMAT)
    catalogue = _catalogue_of(anatomy).copy()
    if entry.has("define"):
        own = Entry(name, entry.take("define"))
        parts.add_definitions(own, catalogue)
        own.finish()
    protocol = _protocol(entry, catalogue, anatomy)
    entry.finish()
    return protocol


def _check_head(entry: Entry, wanted: str) -> None:
    node = entry.take("format")
    if node.value != wanted:
        entry.refuse(f"the format is {node.raw!r:.60}", f"It has to be {wanted}.", node)
    node = entry.take("schema")
    if node.value != SCHEMA or isinstance(node.value, bool):
        entry.refuse(f"the schema is {node.raw!r:.60}", f"This program reads schema {SCHEMA}.", node)


@cache
def _catalogue_of(anatomy: Anatomy) -> Catalogue:
    """Return the catalogue of the package, with the sources of the anatomy table."""
    entry = Entry(str(CATALOGUE), read_nodes(CATALOGUE))
    _check_head(entry, CATALOGUE_FORMAT)
    catalogue = Catalogue(sources=dict(anatomy.sources))
    parts.add_definitions(entry, catalogue)
    entry.finish()
    return catalogue


def _protocol(entry: Entry, catalogue: Catalogue, anatomy: Anatomy) -> Protocol:
    views = _views(entry, catalogue)
    bands = tuple(parts.band(item, catalogue) for item in entry.entries("bands"))
    groups = _groups(entry, catalogue, anatomy, bands)
    lines = _used(catalogue.safety_lines, (key for group in groups for key in group.safety_lines))
    axes = (band.axis for band in bands if band.axis)
    figures = _used(
        catalogue.constructions, (*axes, *(key for group in groups for key in group.constructions))
    )
    drawn: tuple[Construction | SafetyLine, ...] = (*figures, *lines)
    marks = (key for figure in drawn for key in figure.landmarks)
    rubric = _used(catalogue.rubric, entry.references("rubric", "rubric item", catalogue.rubric))
    events = _used(catalogue.events, entry.references("events", "event", catalogue.events))
    needles = entry.entry("needles")
    passing = entry.entry("pass_rule") if entry.has("pass_rule") else None
    head = {
        "id": entry.text("id"),
        "version": entry.written("version"),
        "title": entry.text("title"),
        "status": entry.text("status"),
        "region": entry.choice("region", Region),
        "procedure": entry.choice("procedure", Procedure),
        "evidence": entry.choice("evidence", Evidence, Evidence.ESTABLISHED),
        "evidence_note": entry.text("evidence_note", ""),
        "order": entry.choice("order", WorkingOrder, WorkingOrder.CAUDAL_TO_CRANIAL),
        "joints": entry.references("joints", "joint", anatomy.joints),
        "views": views,
        "groups": groups,
        "landmarks": _used(catalogue.landmarks, marks),
        "constructions": figures,
        "bands": bands,
        "safety_lines": lines,
        "events": events,
        "rubric": rubric,
        "faults": _used(catalogue.faults, (code for item in rubric for code in item.faults)),
        "needles": parts.needles(needles, catalogue),
        "notes": tuple(parts.note(item, catalogue) for item in entry.entries("notes")),
        "pass_rule": parts.pass_rule(passing, catalogue) if passing else None,
    }
    needles.finish()
    if passing:
        passing.finish()
    protocol = entry.build(Protocol, **head, sources=tuple(catalogue.sources.values()))
    named = (key for _, backing in backings(protocol) for key in backing.sources)
    return replace(protocol, sources=_used(catalogue.sources, named))


def _views(entry: Entry, catalogue: Catalogue) -> tuple[ViewSpec, ...]:
    """Return the views in working order; all are required but those listed as optional."""
    names = entry.references("views", "view", catalogue.views)
    optional = entry.references("optional_views", "view", names)
    return tuple(replace(catalogue.views[name], required=name not in optional) for name in names)


def _groups(
    entry: Entry, catalogue: Catalogue, anatomy: Anatomy, bands: Iterable[Band]
) -> tuple[NerveGroup, ...]:
    known = {band.id: band for band in bands}
    return tuple(parts.group(item, catalogue, anatomy.nerves, known) for item in entry.entries("groups"))


def _used(table: Mapping[str, _T], keys: Iterable[str]) -> tuple[_T, ...]:
    """Return what is named, each once, in the order of the first mention."""
    return tuple(table[key] for key in dict.fromkeys(keys))
