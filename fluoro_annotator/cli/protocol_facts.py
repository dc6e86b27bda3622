"""What ``protocols list``, ``protocols show`` and ``protocols check`` print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from fluoro_annotator.cli.screen import Table, on_terminal, say, show, tell
from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols import (
    ANY_VIEW,
    Backing,
    Band,
    Installed,
    Plan,
    Protocol,
    ProtocolLibrary,
    Slot,
    load_protocols,
    parse_request,
    plan,
    read_protocol,
)
from fluoro_annotator.settings import protocols_folder
from fluoro_annotator.training import PassRule

SLOT_COLUMNS: dict[str, Callable[[Slot, Mapping[str, str]], str]] = {
    "slot": lambda slot, _: slot.slot_id,
    "where": lambda slot, _: slot.label,
    "view": lambda slot, titles: titles[slot.view],
    "mark": lambda slot, _: slot.what.value,
    "": lambda slot, _: "required" if slot.required else "",
    "press on": lambda slot, _: slot.hint,
    "acceptable": lambda slot, _: slot.accept,
    "note": lambda slot, _: slot.badge,
}
"""Headings of the list of slots, and what stands in them; a terminal is too narrow for the first."""


def list_protocols(folder: Path | None) -> None:
    """Print the protocols that can be chosen, then the files that are not used.

    Parameters
    ----------
    folder : pathlib.Path or None
        The folder of own protocols; None for the usual one.

    """
    library = _library(folder)
    rows = [_listed(entry) for entry in library.current]
    show(Table("Protocols", ("name", "version", "title", "from", "evidence"), rows))
    if library.refused:
        refused = [(one.error.subject, one.error.problem, one.error.remedy) for one in library.refused]
        show(Table("Not used", ("file", "problem", "what to do"), refused))
    say(f"Own protocols are looked for in {folder or protocols_folder()}.")


def show_protocol(folder: Path | None, name: str, *, version: str | None, request: str | None) -> None:
    """Print a protocol, or its plan for a request.

    Parameters
    ----------
    folder : pathlib.Path or None
        The folder of own protocols; None for the usual one.
    name : str
        Identifier.
    version : str or None
        A certain version; None for the one in use.
    request : str or None
        Joints and sides in words; None to print the protocol itself.

    Raises
    ------
    UnknownProtocolError
        If it is not installed.
    ProtocolError
        If the request is not clear or cannot be planned.

    """
    protocol = _library(folder).get(name, version)
    if request is None:
        _show_protocol(protocol)
    else:
        _show_plan(_planned(protocol, request))


def check_files(files: Iterable[Path]) -> None:
    """Print whether each file can be used.

    Parameters
    ----------
    files : iterable of pathlib.Path
        Protocol files.

    Raises
    ------
    ProtocolError
        After all files were looked at, if any cannot be used.

    """
    wrong = 0
    for file in files:
        try:
            protocol = read_protocol(file)
        except ProtocolError as error:
            wrong += 1
            say(str(error))
        else:
            slots = sum(len(group.nerves) * len(group.slots) for group in protocol.groups)
            tell(
                f"{file}: {protocol.id}, version {protocol.version}, can be used ({slots} slots on each side)."
            )
    if wrong:
        raise ProtocolError(f"{wrong} of the files", "cannot be used", "Each reason is said above.")


def _library(folder: Path | None) -> ProtocolLibrary:
    return load_protocols() if folder is None else load_protocols([folder])


def _listed(entry: Installed) -> tuple[str, ...]:
    one = entry.protocol
    origin = "the program" if entry.shipped else entry.path.name
    if entry.overrides:
        origin += f", instead of version {entry.overrides} of the program"
    return one.id, one.version, one.title, origin, one.evidence.value


def _planned(protocol: Protocol, request: str) -> Plan:
    understood = parse_request(request)
    if not understood.complete:
        raise ProtocolError(
            f"request {request!r:.80}",
            f"understood was {understood.understood}, but it is not clear",
            " ".join(understood.unclear),
        )
    return plan(protocol, understood.joints, understood.sides)


def _show_plan(planned: Plan) -> None:
    tell(planned.text)
    columns = {
        heading: cell for heading, cell in SLOT_COLUMNS.items() if heading != "slot" or not on_terminal()
    }
    titles = {view.id: view.title for view in planned.protocol.views} | {ANY_VIEW: "any"}
    rows = [tuple(cell(slot, titles) for cell in columns.values()) for slot in planned.slots]
    show(Table("Slots", tuple(columns), rows))


def _show_protocol(one: Protocol) -> None:
    tell(f"{one.title} ({one.id}), version {one.version}: {one.status}.")
    if one.evidence_note:
        tell(f"Evidence {one.evidence}: {one.evidence_note}")
    tell(f"Joints: {', '.join(one.joints)}. Nerves: {', '.join(one.nerves)}.")
    tell(f"Content: {one.content_hash}.")
    if one.pass_rule:
        tell(f"Pass rule of practice: {PassRule.of(one).text}")
    for part in (_views, _slots, _bands, _lines, _rubric, _notes, _sources):
        table = part(one)
        if table.rows:
            show(table)


def _views(one: Protocol) -> Table:
    rows = [
        (
            view.id,
            "required" if view.required else "",
            view.setup,
            "; ".join(view.criteria),
            _backed(view.backing),
        )
        for view in one.views
    ]
    return Table("Views", ("view", "", "set-up", "true if", "rests on"), rows)


def _slots(one: Protocol) -> Table:
    rows = [
        (
            ", ".join(group.nerves),
            " ".join(slot.key),
            "required" if slot.required else "",
            slot.hint,
            slot.accept,
            _backed(slot.backing),
        )
        for group in one.groups
        for slot in group.slots
    ]
    return Table("Slots", ("nerves", "slot", "", "press on", "acceptable", "rests on"), rows)


def _bands(one: Protocol) -> Table:
    rows = [
        (
            band.title,
            band.view,
            f"{_interval(band.good)} {band.unit}",
            _interval(band.marginal) if band.marginal else "",
            _standing(band),
            band.note,
            _backed(band.backing),
        )
        for band in one.bands
    ]
    return Table("Bands", ("band", "view", "good", "marginal", "standing", "note", "rests on"), rows)


def _lines(one: Protocol) -> Table:
    rows = [
        (line.id, line.view, line.tip.value, line.rule, _backed(line.backing)) for line in one.safety_lines
    ]
    return Table("Safety lines", ("line", "view", "tip has to be", "rule", "rests on"), rows)


def _rubric(one: Protocol) -> Table:
    rows = [
        (item.question, item.severity.value, ", ".join(item.faults), _backed(item.backing))
        for item in one.rubric
    ]
    return Table("Rubric", ("question", "severity", "codes", "rests on"), rows)


def _notes(one: Protocol) -> Table:
    groups = [(", ".join(group.nerves), note) for group in one.groups for note in group.notes]
    notes = [("all", note) for note in one.notes] + groups
    return Table(
        "Notes",
        ("nerves", "note", "rests on"),
        [(nerves, note.text, _backed(note.backing)) for nerves, note in notes],
    )


def _sources(one: Protocol) -> Table:
    rows = [(source.key, source.citation, source.read.value, source.address or "") for source in one.sources]
    return Table("Sources", ("source", "citation", "read", "address"), rows)


def _standing(band: Band) -> str:
    return f"{band.use}, {'validated' if band.validated else 'not validated'}"


def _interval(ends: Sequence[float]) -> str:
    return f"{ends[0]:g} to {ends[1]:g}"


def _backed(backing: Backing) -> str:
    """Return basis, confidence and sources, for example "published, high: LAU2004"."""
    head = f"{backing.basis}, {backing.confidence}"
    return f"{head}: {', '.join(backing.sources)}" if backing.sources else head
