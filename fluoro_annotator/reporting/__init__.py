"""One look for every report and every chart: HTML, PDF, SVG and PNG; it knows nothing of what it reports.

Charts are values (`RateCurve`, `ControlChart`, `RateBars`), each with a description in words; `svg`, `png` and
`figure` draw them. The libraries of the extra ``reports`` are loaded when something is drawn or written.

Examples
--------
>>> from fluoro_annotator.reporting import RateBars
>>> from fluoro_annotator.statistics import wilson
>>> RateBars("On target by view", (("True AP", wilson(8, 10)),)).alt
'On target by view: True AP, 8 of 10, 80 % (49 to 94 %).'

"""

from fluoro_annotator.reporting.charts import Chart, ControlChart, RateBars, RateCurve
from fluoro_annotator.reporting.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
    Tone,
)
from fluoro_annotator.reporting.drawing import DARK, LIGHT, PAGE, Palette, figure, png, svg
from fluoro_annotator.reporting.html_file import html_text
from fluoro_annotator.reporting.pdf_file import pdf_bytes

__all__ = [
    "DARK",
    "LIGHT",
    "PAGE",
    "Block",
    "Bullets",
    "Chart",
    "ControlChart",
    "Document",
    "Heading",
    "Palette",
    "Paragraph",
    "RateBars",
    "RateCurve",
    "Table",
    "Tone",
    "figure",
    "html_text",
    "pdf_bytes",
    "png",
    "svg",
]
