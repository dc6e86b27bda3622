"""A report as one HTML file that needs nothing else: styles and charts are inside, scripts there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fluoro_annotator.reporting.charts import Chart
from fluoro_annotator.reporting.document import SHORT_CELL, Document, typeset
from fluoro_annotator.reporting.drawing import svg
from fluoro_annotator.reporting.extras import needed

TEMPLATE: Final = Path(__file__).with_name("page.html")


def html_text(document: Document) -> str:
    """Return a report as the text of an HTML file.

    It follows the light or dark theme of the reader, prints without loss, and its content policy forbids to load anything.

    Raises
    ------
    MissingExtraError
        If Jinja2 or matplotlib is not installed.

    """
    jinja = needed("jinja2")
    safe = needed("markupsafe").Markup
    page = jinja.Environment(
        autoescape=True, undefined=jinja.StrictUndefined, keep_trailing_newline=True, finalize=_typeset
    )

    def drawn(chart: Chart) -> str:
        picture: str = safe(svg(chart))  # every text in it was escaped when it was drawn
        return picture

    template = page.from_string(TEMPLATE.read_text(encoding="utf-8"))
    blocks = [(type(block).__name__, block) for block in document.blocks]
    text: str = template.render(document=document, blocks=blocks, drawn=drawn, short=SHORT_CELL)
    return text


def _typeset(value: Any) -> Any:
    """Set plain texts; what is markup already stays as it is."""
    return typeset(value) if type(value) is str else value
