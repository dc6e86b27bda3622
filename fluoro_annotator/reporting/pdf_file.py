"""A report as PDF, on A4, with the letters that charts have, so that names with accents stay right."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fluoro_annotator.reporting.document import (
    SHORT_CELL,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
    typeset,
)
from fluoro_annotator.reporting.drawing import WIDTH, height_of, png
from fluoro_annotator.reporting.extras import needed

FONT: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
SOFT: Final = "#444444"
LINE: Final = "#bbbbbb"
NOTICE: Final = "#fbf1e0"
MARGIN_MM: Final = 18.0
BODY: Final = 9.0
CELL: Final = 7.5
PADDING: Final = 6.0
FRAME_PADDING: Final = 6.0
"""What reportlab leaves free on both sides of a page frame, in points, unless it is told otherwise."""
LONGEST_CELL: Final = 150.0
"""Cells longer than this are wrapped before others are."""
POINTS_PER_INCH: Final = 72.0
ROOM_MM: Final = 50.0
ROOM_OF_CHART_MM: Final = 95.0
"""With less room than this left on a page, a part begins on the next one, so that no heading stands alone."""
KEPT_ROWS: Final = 14
"""A table with at most so many rows is not torn between two pages."""


def pdf_bytes(document: Document) -> bytes:
    """Return a report as the content of a PDF file.

    Raises
    ------
    MissingExtraError
        If reportlab or matplotlib is not installed.

    """
    _register_fonts()
    units, sizes = needed("reportlab.lib.units"), needed("reportlab.lib.pagesizes")
    platypus = needed("reportlab.platypus")
    margin = MARGIN_MM * units.mm
    file = BytesIO()
    template = platypus.SimpleDocTemplate(
        file,
        pagesize=sizes.A4,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
        title=document.title,
        author="",
        subject="",
        creator="fluoro-annotator",
        lang="en",
    )
    writer = _Writer(template.width - 2 * FRAME_PADDING)
    story = writer.head(document)
    waiting: list[Any] = []
    for block in document.blocks:
        made = writer.flowables(block)
        if isinstance(block, Heading):
            waiting += made
            continue
        if waiting:
            room = ROOM_MM if isinstance(block, Paragraph | Bullets | Table) else ROOM_OF_CHART_MM
            story.append(platypus.CondPageBreak(room * units.mm))
        story += [*waiting, *made]
        waiting = []
    story += waiting
    foot = _footer(document, margin)
    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _register_fonts() -> None:
    """Make the letters of matplotlib known; they cover Latin, Greek and Cyrillic scripts."""
    metrics, fonts = needed("reportlab.pdfbase.pdfmetrics"), needed("reportlab.pdfbase.ttfonts")
    folder = Path(needed("matplotlib").get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        if name not in metrics.getRegisteredFontNames():
            metrics.registerFont(fonts.TTFont(name, str(folder / f"{name}.ttf")))


def _footer(document: Document, margin: float) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 7)
        canvas.setFillColor(SOFT)
        canvas.drawString(margin, margin / 2, document.footer)
        canvas.drawRightString(page.pagesize[0] - margin, margin / 2, f"{page.page}")
        canvas.restoreState()

    return draw


class _Writer:
    """Turns blocks into what reportlab lays out on pages of a certain width."""

    def __init__(self, width: float) -> None:
        self._platypus = needed("reportlab.platypus")
        self._colors = needed("reportlab.lib.colors")
        self._width = width
        self._styles = self._make_styles()

    def head(self, document: Document) -> list[Any]:
        facts = [f"{escape(name)}: {escape(value)}" for name, value in document.facts]
        made = [self._paragraph(escape(document.title), "title")]
        return [*made, *(self._paragraph(fact, "plain") for fact in facts)]

    def flowables(self, block: Any) -> list[Any]:
        return _MAKERS.get(type(block), _Writer._chart)(self, block)

    def _make_styles(self) -> dict[str, Any]:
        style = needed("reportlab.lib.styles").ParagraphStyle
        plain = style("plain", fontName=FONT, fontSize=BODY, leading=BODY * 1.4, spaceAfter=3)
        return {
            "plain": plain,
            "title": style("title", plain, fontName=BOLD, fontSize=16, leading=20, spaceAfter=6),
            "heading": style(
                "heading", plain, fontName=BOLD, fontSize=12, leading=15, spaceBefore=12, keepWithNext=1
            ),
            "small": style("small", plain, fontSize=CELL, leading=CELL * 1.4, textColor=SOFT),
            "notice": style("notice", plain, backColor=NOTICE, borderPadding=5, spaceBefore=8, spaceAfter=10),
            "caption": style("caption", plain, fontName=BOLD, spaceBefore=6, keepWithNext=1),
            "cell": style("cell", plain, fontSize=CELL, leading=CELL * 1.3, spaceAfter=0),
            "header": style(
                "header",
                plain,
                fontName=BOLD,
                fontSize=CELL,
                leading=CELL * 1.3,
                textColor=SOFT,
                spaceAfter=0,
            ),
        }

    def _paragraph(self, markup: str, style: str) -> Any:
        return self._platypus.Paragraph(typeset(markup), self._styles[style])

    def _heading(self, block: Heading) -> list[Any]:
        return [self._paragraph(escape(block.text), "heading")]

    def _text(self, block: Paragraph) -> list[Any]:
        return [self._paragraph(escape(block.text), block.tone.value)]

    def _bullets(self, block: Bullets) -> list[Any]:
        return [self._paragraph(f"\N{BULLET} {escape(item)}", "plain") for item in block.items]

    def _table(self, block: Table) -> list[Any]:
        cells = [[self._paragraph(escape(name), "header") for name in block.headers]]
        cells += [[self._paragraph(escape(cell), "cell") for cell in row] for row in block.rows]
        table = self._platypus.Table(cells, colWidths=self._widths(block), repeatRows=1, hAlign="LEFT")
        table.setStyle(
            self._platypus.TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, self._colors.HexColor(LINE)),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
                    ("TOPPADDING", (0, 0), (-1, -1), 2),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ]
            )
        )
        caption, space = self._paragraph(escape(block.title), "caption"), self._platypus.Spacer(1, 8)
        if len(block.rows) <= KEPT_ROWS:
            return [self._platypus.KeepTogether([caption, table, space])]
        return [caption, table, space]

    def _widths(self, block: Table) -> list[float]:
        """Return widths in which no word is broken, if there is room; the rest goes to columns with long cells."""
        width_of = needed("reportlab.pdfbase.pdfmetrics").stringWidth
        columns = list(zip(block.headers, *block.rows, strict=True))
        least = [
            PADDING + max(width_of(word, BOLD, CELL) for cell in column for word in _unbroken(cell))
            for column in columns
        ]
        wanted = [
            min(LONGEST_CELL, max(width_of(cell, FONT, CELL) for cell in column)) - one
            for column, one in zip(columns, least, strict=True)
        ]
        rest, more = self._width - sum(least), [max(one, 1.0) for one in wanted]
        if rest <= 0:
            return [self._width * one / sum(least) for one in least]
        return [one + rest * extra / sum(more) for one, extra in zip(least, more, strict=True)]

    def _chart(self, block: Any) -> list[Any]:
        width = min(self._width, WIDTH * POINTS_PER_INCH)
        height = width * height_of(block) / WIDTH
        return [self._platypus.Image(BytesIO(png(block)), width=width, height=height, hAlign="LEFT")]


def _unbroken(cell: str) -> list[str]:
    """Return the parts of a cell that stay on one line."""
    return [cell] if len(cell) <= SHORT_CELL else typeset(cell).split(" ")


_MAKERS: Final[dict[type, Callable[[_Writer, Any], list[Any]]]] = {
    Heading: _Writer._heading,  # noqa: SLF001 - a table of the class above
    Paragraph: _Writer._text,  # noqa: SLF001 - a table of the class above
    Bullets: _Writer._bullets,  # noqa: SLF001 - a table of the class above
    Table: _Writer._table,  # noqa: SLF001 - a table of the class above
}
