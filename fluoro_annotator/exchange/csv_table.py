"""Marks as a CSV table: one row per mark that is present, for spreadsheets and statistics.

Losses: deleted marks, the history, records that are on no frame except the numbering, and digits
beyond a thousandth of a pixel or millimetre. It is a report; `fluoro_annotator.exchange.native_json` is the format to read back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from fluoro_annotator.anatomy import Anatomy, load_anatomy
from fluoro_annotator.exchange.csv_columns import COLUMNS, NUMERIC, Column, Row, numbering_of
from fluoro_annotator.exchange.document import MarksDocument
from fluoro_annotator.exchange.files import encoded, write_atomically
from fluoro_annotator.marks import Fact, scale_of

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - spreadsheets take the full-width forms for formulas too


def marked(document: MarksDocument, anatomy: Anatomy | None = None) -> Iterator[Row]:
    """Yield one row per mark that is present, in the order of readings and of making.

    Parameters
    ----------
    document : MarksDocument
        The readings.
    anatomy : Anatomy, optional
        For the labels; the package's own table by default.

    """
    table = anatomy or load_anatomy()
    for content in document.readings:
        study = document.study(content.reading.study_uid)
        state = content.state
        numbering = numbering_of(state)
        for record in state:
            if isinstance(record.mark, Fact):
                continue
            image = study.image(record.mark.frame.sop_instance_uid)
            yield Row(
                reading=content.reading,
                image=image,
                record=record,
                mark=record.mark,
                calibration=scale_of(image, state),
                numbering=numbering,
                anatomy=table,
            )


def guarded(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    A text that begins with ``= + - @``, their full-width forms or a control character, with
    or without blanks before it, gets an apostrophe in front, as OWASP advises on "CSV
    injection". Numbers are written as numbers and need no guard.
    """
    first = text.lstrip(" ")[:1]
    return f"'{text}" if first and first in FORMULA_STARTS else text


def _cell(column: Column, row: Row) -> str:
    text = column.value(row)
    return text if column.name in NUMERIC else guarded(text)


def csv_text(document: MarksDocument, anatomy: Anatomy | None = None) -> str:
    """Return the table as CSV (RFC 4180: comma, CRLF, quotes where needed), header first.

    Parameters
    ----------
    document : MarksDocument
        The readings.
    anatomy : Anatomy, optional
        For the labels; the package's own table by default.

    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    for row in marked(document, anatomy):
        writer.writerow(_cell(column, row) for column in COLUMNS)
    return text.getvalue()


def write_csv(
    document: MarksDocument,
    path: Path | str,
    *,
    anatomy: Anatomy | None = None,
    overwrite: bool = True,
) -> None:
    """Write the table to a file in UTF-8, whole or not at all.

    Parameters
    ----------
    document : MarksDocument
        The readings.
    path : path-like
        The file.
    anatomy : Anatomy, optional
        For the labels; the package's own table by default.
    overwrite : bool
        Whether a file that exists already may be replaced.

    Raises
    ------
    ExchangeError
        If the file cannot be written.

    """
    write_atomically(Path(path), encoded(csv_text(document, anatomy)), overwrite=overwrite)
