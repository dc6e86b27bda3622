"""A report as a value: headings, paragraphs, lists, tables and charts, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fluoro_annotator.errors import ReportError
from fluoro_annotator.reporting.charts import Chart

SHORT_CELL: Final = 16
"""A cell of so many characters, such as "12 of 298", is not broken into lines."""


def typeset(text: str) -> str:
    """Return a text in which a number and its per cent sign stay on one line.

    Examples
    --------
    >>> len(typeset("8 of 10, 80 %").split(" "))
    4

    """
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


class Tone(StrEnum):
    """How much a paragraph asks to be seen."""

    PLAIN = "plain"
    SMALL = "small"
    """How numbers were made, where they are from."""
    NOTICE = "notice"
    """What has to be known before the numbers are read."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short sentences one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of each row names it.

    Parameters
    ----------
    title : str
        What it shows.
    headers : tuple of str
        One for each column.
    rows : tuple of tuple of str
        The cells.

    Raises
    ------
    ReportError
        If a row has more or fewer cells than there are headings.

    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headers) for row in self.rows):
            raise ReportError(f"table {self.title}", "has a row that does not fit its headings")


Block = Heading | Paragraph | Bullets | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report.

    Parameters
    ----------
    title : str
        What it is, on top.
    facts : tuple of (str, str)
        What it is about: name and value of each.
    blocks : tuple of Heading, Paragraph, Bullets, Table or chart
        The content.
    footer : str
        Stands at the end of the page, on paper below each one.

    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    footer: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ReportError("report", "has no title", "Say what it is.")
