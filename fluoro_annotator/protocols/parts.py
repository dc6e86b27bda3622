"""The parts of a protocol file, one function each: an entry goes in, a checked value comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final

from fluoro_annotator.anatomy import Confidence, Evidence, Source, SourceRead
from fluoro_annotator.protocols.entries import Entry
from fluoro_annotator.protocols.judging import Band, Event, Fault, NeedleDefaults, Note, RubricItem
from fluoro_annotator.protocols.passing import PassCriteria
from fluoro_annotator.protocols.protocol import NerveGroup, SlotTemplate
from fluoro_annotator.protocols.values import Backing, Construction, Landmark, SafetyLine, ViewSpec
from fluoro_annotator.protocols.words import (
    UNIT_OF,
    Answers,
    Basis,
    ConstructionKind,
    EventKind,
    Measure,
    Sense,
    Severity,
    SlotKind,
    TipSide,
    Use,
    ViewFamily,
)


@dataclass(slots=True)
class Catalogue:
    """What protocols refer to by name, each table by identifier."""

    sources: dict[str, Source] = field(default_factory=dict)
    views: dict[str, ViewSpec] = field(default_factory=dict)
    landmarks: dict[str, Landmark] = field(default_factory=dict)
    constructions: dict[str, Construction] = field(default_factory=dict)
    safety_lines: dict[str, SafetyLine] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    rubric: dict[str, RubricItem] = field(default_factory=dict)

    def copy(self) -> Catalogue:
        """Return a catalogue whose tables can be added to without changing this one."""
        return replace(self, **{one.name: dict(getattr(self, one.name)) for one in fields(self)})


def add_definitions(entry: Entry, catalogue: Catalogue) -> None:
    """Read all tables of `entry` into `catalogue`; an entry replaces the one of the same name."""
    for name, (key, read) in _TABLES.items():
        table = getattr(catalogue, name)
        for item in entry.entries(name):
            value = read(item, catalogue)
            table[str(getattr(value, key))] = value


def _source(entry: Entry, _catalogue: Catalogue) -> Source:
    return entry.build(
        Source,
        key=entry.text("key"),
        citation=entry.text("citation"),
        address=entry.text("address", "") or None,
        read=entry.choice("read", SourceRead),
    )


def backing(entry: Entry, sources: Mapping[str, Source]) -> Backing:
    """Read what a statement rests on; what calls itself published has to have been read."""
    basis = entry.choice("basis", Basis, Basis.PUBLISHED)
    own = basis is Basis.ENGINEERING
    confidence = entry.choice("confidence", Confidence, Confidence.LOW if own else None)
    keys = entry.references("sources", "source", sources)
    read = any(sources[key].read is not SourceRead.NOT_READ for key in keys)
    if basis is Basis.PUBLISHED and keys and not read:
        entry.refuse("it is called published, but none of its sources was read", "Write basis: taught.")
    return entry.build(Backing, basis, confidence, keys)


def _view(entry: Entry, catalogue: Catalogue) -> ViewSpec:
    return entry.build(
        ViewSpec,
        id=entry.text("id"),
        title=entry.text("title"),
        setup=entry.text("setup"),
        family=entry.choice("family", ViewFamily),
        sided=entry.flag("sided", otherwise=False),
        oblique_deg=entry.interval("oblique_deg") if entry.has("oblique_deg") else None,
        tilt_deg=entry.interval("tilt_deg") if entry.has("tilt_deg") else None,
        criteria=entry.texts("criteria"),
        required=False,
        backing=backing(entry, catalogue.sources),
    )


def _landmark(entry: Entry, _catalogue: Catalogue) -> Landmark:
    return entry.build(Landmark, entry.text("id"), entry.text("title"))


def _construction(entry: Entry, catalogue: Catalogue) -> Construction:
    return entry.build(
        Construction,
        id=entry.text("id"),
        title=entry.text("title"),
        kind=entry.choice("kind", ConstructionKind),
        view=entry.reference("view", "view", catalogue.views),
        landmarks=entry.references("landmarks", "landmark", catalogue.landmarks),
        fractions=entry.numbers("fractions"),
        backing=backing(entry, catalogue.sources),
    )


def _safety_line(entry: Entry, catalogue: Catalogue) -> SafetyLine:
    return entry.build(
        SafetyLine,
        id=entry.text("id"),
        title=entry.text("title"),
        view=entry.reference("view", "view", catalogue.views),
        rule=entry.text("rule"),
        tip=entry.choice("tip", TipSide),
        landmarks=entry.references("landmarks", "landmark", catalogue.landmarks),
        backing=backing(entry, catalogue.sources),
    )


def _event(entry: Entry, catalogue: Catalogue) -> Event:
    return entry.build(
        Event,
        name=entry.choice("name", EventKind),
        sense=entry.choice("sense", Sense),
        look=entry.text("look"),
        backing=backing(entry, catalogue.sources),
    )


def _fault(entry: Entry, _catalogue: Catalogue) -> Fault:
    return entry.build(Fault, entry.text("code"), entry.choice("severity", Severity), entry.text("meaning"))


def _rubric_item(entry: Entry, catalogue: Catalogue) -> RubricItem:
    return entry.build(
        RubricItem,
        id=entry.text("id"),
        question=entry.text("question"),
        answers=entry.choice("answers", Answers),
        faults=entry.references("faults", "fault", catalogue.faults),
        severity=entry.choice("severity", Severity),
        backing=backing(entry, catalogue.sources),
    )


def band(entry: Entry, catalogue: Catalogue) -> Band:
    """Read an acceptance band; its unit follows from what is measured."""
    measure = entry.choice("measure", Measure)
    return entry.build(
        Band,
        id=entry.text("id"),
        title=entry.text("title"),
        measure=measure,
        unit=UNIT_OF[measure],
        view=entry.reference("view", "view", catalogue.views),
        good=entry.interval("good"),
        marginal=entry.interval("marginal") if entry.has("marginal") else None,
        axis=entry.reference("axis", "construction", catalogue.constructions) if entry.has("axis") else "",
        use=entry.choice("use", Use, Use.ACCEPT),
        validated=entry.flag("validated", otherwise=False),
        note=entry.text("note", ""),
        backing=backing(entry, catalogue.sources),
    )


def slot(entry: Entry, catalogue: Catalogue) -> SlotTemplate:
    """Read one thing to be marked at each nerve of a group."""
    return entry.build(
        SlotTemplate,
        what=entry.choice("what", SlotKind),
        view=entry.reference("view", "view", catalogue.views),
        hint=entry.text("hint"),
        accept=entry.text("accept", ""),
        required=entry.flag("required", otherwise=True),
        event=entry.choice("event", EventKind) if entry.has("event") else None,
        backing=backing(entry, catalogue.sources),
    )


def note(entry: Entry, catalogue: Catalogue) -> Note:
    """Read a caution or fact."""
    return entry.build(Note, entry.text("text"), backing(entry, catalogue.sources))


def needles(entry: Entry, catalogue: Catalogue) -> NeedleDefaults:
    """Read what is offered first when a needle is described."""
    return entry.build(
        NeedleDefaults,
        entry.integers("gauges"),
        entry.numbers("active_tips_mm"),
        backing(entry, catalogue.sources),
    )


def pass_rule(entry: Entry, catalogue: Catalogue) -> PassCriteria:
    """Read when practice counts as passed."""
    chart = entry.entry("cusum")
    rates = {name: chart.number(name) for name in ("p0", "p1", "alpha", "beta")}
    chart.finish()
    return entry.build(
        PassCriteria,
        last=entry.integer("last"),
        on_target=entry.number("on_target"),
        critical_allowed=entry.integer("critical_allowed"),
        **rates,
        validated=entry.flag("validated", otherwise=False),
        backing=backing(entry, catalogue.sources),
    )


def group(
    entry: Entry, catalogue: Catalogue, nerves: Mapping[str, object], bands: Mapping[str, Band]
) -> NerveGroup:
    """Read nerves that are treated alike."""
    return entry.build(
        NerveGroup,
        nerves=entry.references("nerves", "nerve", nerves),
        evidence=entry.choice("evidence", Evidence, Evidence.ESTABLISHED),
        slots=tuple(slot(item, catalogue) for item in entry.entries("slots")),
        constructions=entry.references("constructions", "construction", catalogue.constructions),
        bands=entry.references("bands", "band", bands),
        safety_lines=entry.references("safety_lines", "safety line", catalogue.safety_lines),
        notes=tuple(note(item, catalogue) for item in entry.entries("notes")),
    )


_TABLES: Final[dict[str, tuple[str, Callable[[Entry, Catalogue], object]]]] = {
    "sources": ("key", _source),
    "views": ("id", _view),
    "landmarks": ("id", _landmark),
    "constructions": ("id", _construction),
    "safety_lines": ("id", _safety_line),
    "events": ("name", _event),
    "faults": ("code", _fault),
    "rubric": ("id", _rubric_item),
}
"""The tables of a catalogue: which field names an entry, and what reads it; later ones refer to earlier ones."""
