"""What ``marks export``, ``marks import`` and ``marks list`` do: store and exchange, put together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.cli.screen import Table, on_terminal, say, show, tell
from fluoro_annotator.cli.stores import counted, existing, is_there, place_of
from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange import (
    MarksDocument,
    ReadingContent,
    apply_import,
    collect,
    csv_text,
    document_from_bytes,
    json_text,
    plan_import,
    read_json,
    write_csv,
    write_json,
)
from fluoro_annotator.exchange.csv_columns import Row, decimal
from fluoro_annotator.exchange.csv_table import marked
from fluoro_annotator.exchange.files import encoded
from fluoro_annotator.marks import Submission
from fluoro_annotator.store import MemoryStore, open_store

STANDARD_STREAM = "-"
TEXTS: dict[str, Callable[[MarksDocument], str]] = {"json": json_text, "csv": csv_text}
WRITERS: dict[str, Callable[..., None]] = {"json": write_json, "csv": write_csv}


def _length(row: Row) -> str:
    """Return the length; in mm never without what the scale was taken from."""
    parts = ((row.length_px, "px"), (row.length_mm, "mm"))
    lengths = ", ".join(f"{value:.1f} {unit}" for value, unit in parts if value is not None)
    return f"{lengths} ({_scale(row)})" if _scale(row) else lengths


def _scale(row: Row) -> str:
    return "" if row.length_mm is None else row.calibration.description


def _named(row: Row) -> str:
    """Return the label; where the numbering of the vertebrae is in doubt, never without the doubt."""
    label = row.mark.label(row.anatomy)
    doubt = "" if row.numbering is None else row.numbering.doubt
    return f"{label} ({doubt})" if doubt else label


def _time(at: datetime) -> str:
    return at.isoformat(" ", "seconds").replace("+00:00", " UTC")


LISTED: dict[str, Callable[[Row], str]] = {
    "reader": lambda row: row.reading.reader,
    "purpose": lambda row: row.reading.purpose.value,
    "view": lambda row: row.image.view or row.image.sop_instance_uid,
    "frame": lambda row: str(row.mark.frame.frame_number),
    "mark": _named,
    "row": lambda row: decimal(row.place.row if row.place else None),
    "column": lambda row: decimal(row.place.column if row.place else None),
    "length px": lambda row: decimal(row.length_px),
    "length mm": lambda row: decimal(row.length_mm),
    "scale from": _scale,
    "changed": lambda row: _time(row.record.changed_at),
}
"""Headings of the list of marks in a pipe, and what stands in them; the CSV table has more."""

NARROW: dict[str, Callable[[Row], str]] = {
    "reader": LISTED["reader"],
    "view": LISTED["view"],
    "frame": LISTED["frame"],
    "mark": LISTED["mark"],
    "row, column": lambda row: f"{row.place.row:.1f}, {row.place.column:.1f}" if row.place else "",
    "length": _length,
    "changed": LISTED["changed"],
}
"""The same in columns that fit on a terminal."""

READINGS = ("reader", "purpose", "study", "marks", "state")
"""Headings of the list of readings."""


def export(
    store: str | Path | None,
    output: str,
    kind: str,
    *,
    study: str | None,
    reader: str | None,
    overwrite: bool,
) -> None:
    """Write the chosen readings to a file or to standard output.

    Parameters
    ----------
    store : str, pathlib.Path or None
        The store, a file or an address; that of the settings by default.
    output : str
        The file, or ``-``.
    kind : str
        ``json`` or ``csv``.
    study, reader : str or None
        Only readings of this study and this reader.
    overwrite : bool
        Whether a file that exists may be replaced.

    """
    document = _collected(store, study, reader)
    if output == STANDARD_STREAM:
        sys.stdout.buffer.write(encoded(TEXTS[kind](document)))
        return
    WRITERS[kind](document, Path(output), overwrite=overwrite)
    marks = sum(len(content.state.marks) for content in document.readings)
    say(f"Wrote {counted(marks, 'mark')} of {counted(len(document.readings), 'reading')} to {output}.")


def bring_in(store: str | Path | None, file: str, *, dry_run: bool) -> None:
    """Bring the readings of a file into the store, or say what that would do.

    Parameters
    ----------
    store : str, pathlib.Path or None
        The store, a file or an address; that of the settings by default. It is made if it does not exist.
    file : str
        The JSON file, or ``-``.
    dry_run : bool
        Change nothing.

    """
    document = _read(file)
    place = place_of(store)
    empty = dry_run and not is_there(place)
    with MemoryStore() if empty else open_store(place) as destination:
        plan = plan_import(document, destination)
        for line in plan.lines(load_anatomy()):
            tell(line)
        if dry_run:
            tell("Nothing was changed.")
            return
        apply_import(plan, destination)
        tell(f"Stored {counted(plan.changes, 'change')} in {destination.describe()}.")


def list_marks(store: str | Path | None, *, study: str | None, reader: str | None) -> None:
    """Print one row per mark, then which readings were submitted.

    Parameters
    ----------
    store : str, pathlib.Path or None
        The store, a file or an address; that of the settings by default.
    study, reader : str or None
        Only readings of this study and this reader.

    """
    document = _collected(store, study, reader)
    columns = NARROW if on_terminal() else LISTED
    rows = [tuple(cell(row) for cell in columns.values()) for row in marked(document)]
    show(Table(f"Marks in {place_of(store).shown}", tuple(columns), rows))
    readings = [_reading_row(content) for content in document.readings]
    show(Table("Readings", READINGS, readings))


def _reading_row(content: ReadingContent) -> tuple[str, ...]:
    reading, state = content.reading, content.state
    submitted = [record for record in state if isinstance(record.mark, Submission)]
    said = f"submitted {_time(submitted[0].changed_at)}" if submitted else "not submitted"
    return reading.reader, reading.purpose.value, reading.study_uid, str(len(state.marks)), said


def list_files(folder: Path) -> None:
    """Print where a folder is and which files it holds, those that begin with a dot left out."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    tell(f"Files in {folder.resolve()}: {', '.join(names)}.")


def _read(file: str) -> MarksDocument:
    if file == STANDARD_STREAM:
        return document_from_bytes(sys.stdin.buffer.read(), "standard input")
    return read_json(Path(file))


def _collected(given: str | Path | None, study: str | None, reader: str | None) -> MarksDocument:
    place = place_of(given)
    with existing(place) as store:
        document = collect(store, study_uid=study, reader=reader)
    if not document.readings:
        raise ExchangeError(place.shown, "holds no reading of that choice", "Check the study and the reader.")
    return document
