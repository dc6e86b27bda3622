"""Rates, medians, control charts, calibration and agreement, each with its formula and reference.

What needs numpy is not imported here: agreement of readers is in the module `agreement`.

Examples
--------
>>> from fluoro_annotator.statistics import CusumPlan, cusum, wilson
>>> wilson(36, 40).text
'36 of 40, 90 % (77 to 96 %)'
>>> cusum([True] * 19, CusumPlan(0.10, 0.20)).lower_at
19

"""

from fluoro_annotator.statistics.calibration import Reliability, ReliabilityRow, reliability
from fluoro_annotator.statistics.cusum import CusumChart, CusumPlan, cusum
from fluoro_annotator.statistics.learning import CurvePoint, moving_rate
from fluoro_annotator.statistics.medians import Measured, Median, median_of, median_with_interval
from fluoro_annotator.statistics.proportions import Proportion, clopper_pearson, wilson

__all__ = [
    "CurvePoint",
    "CusumChart",
    "CusumPlan",
    "Measured",
    "Median",
    "Proportion",
    "Reliability",
    "ReliabilityRow",
    "clopper_pearson",
    "cusum",
    "median_of",
    "median_with_interval",
    "moving_rate",
    "reliability",
    "wilson",
]
