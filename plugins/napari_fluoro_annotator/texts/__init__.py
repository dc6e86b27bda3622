"""Every English text of the front end, in one place and ready for translation.

A module for each page; whoever shows a text takes it from here: ``texts.NERVE_PROMPT``. No name stands in two modules.
"""

# ruff: noqa: F403 - the names of all pages are offered here; mypy knows them

from __future__ import annotations

from napari_fluoro_annotator.texts.changes import *
from napari_fluoro_annotator.texts.cine import *
from napari_fluoro_annotator.texts.display import *
from napari_fluoro_annotator.texts.keys import *
from napari_fluoro_annotator.texts.levels import *
from napari_fluoro_annotator.texts.mark import *
from napari_fluoro_annotator.texts.measure import *
from napari_fluoro_annotator.texts.needle import *
from napari_fluoro_annotator.texts.opening import *
from napari_fluoro_annotator.texts.panes import *
from napari_fluoro_annotator.texts.plan import *
from napari_fluoro_annotator.texts.practice import *
from napari_fluoro_annotator.texts.practice_feedback import *
from napari_fluoro_annotator.texts.submitting import *
from napari_fluoro_annotator.texts.teaching_sets import *


def plural(count: int, one: str, many: str) -> str:
    """Return the text for a count, the singular for exactly one."""
    return one if count == 1 else many.format(count=count)
