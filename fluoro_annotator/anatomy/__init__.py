"""Vertebrae, facet joints and the nerves that supply them, from one table with sources.

The table is data (``data/spine.yaml``); `load_anatomy` turns it into frozen values and
checks every cross reference on the way.

Examples
--------
>>> from fluoro_annotator.anatomy import Side, load_anatomy
>>> anatomy = load_anatomy()
>>> [nerve.label for nerve in anatomy.nerves_of(["L4-L5"])]
['L3 medial branch, at L4', 'L4 medial branch, at L5']
>>> anatomy.site_label(anatomy.site("L3_MB", Side.RIGHT))
'L3 medial branch, at L4, right'

"""

from __future__ import annotations

from fluoro_annotator.anatomy.reading import load_anatomy, read_anatomy
from fluoro_annotator.anatomy.table import Anatomy
from fluoro_annotator.anatomy.values import (
    Code,
    Confidence,
    Evidence,
    ExcludedJoint,
    Joint,
    Nerve,
    Region,
    Side,
    Site,
    Source,
    SourceRead,
    Vertebra,
)

__all__ = [
    "Anatomy",
    "Code",
    "Confidence",
    "Evidence",
    "ExcludedJoint",
    "Joint",
    "Nerve",
    "Region",
    "Side",
    "Site",
    "Source",
    "SourceRead",
    "Vertebra",
    "load_anatomy",
    "read_anatomy",
]
