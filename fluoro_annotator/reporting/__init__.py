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
from fluoro_annotator.reporting.drawing import DARK, LIGHT, PAGE, Palette, figure, png, svg

__all__ = [
    "DARK",
    "LIGHT",
    "PAGE",
    "Chart",
    "ControlChart",
    "Palette",
    "RateBars",
    "RateCurve",
    "figure",
    "png",
    "svg",
]
