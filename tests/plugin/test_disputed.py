"""Disputed anatomy is said where the reader looks, not only in a tip of the list."""

import pytest

from fluoro_annotator.anatomy import Side
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.placing import Placing, Tool


@pytest.mark.parametrize("tool", [None, Tool.TARGET, Tool.NEEDLE])
@pytest.mark.parametrize(("nerve", "disputed"), [("T5_MB", True), ("L3_MB", False)])
def test_the_hint_says_when_a_nerve_is_disputed(anatomy, tool, nerve, disputed):
    placing = Placing(anatomy, nerve=nerve, side=Side.LEFT, tool=tool)
    assert (texts.DISPUTED in placing.hint()) is disputed


def test_a_level_is_not_disputed_because_of_the_nerve_beside_it(anatomy):
    placing = Placing(anatomy, nerve="T5_MB", vertebra="T6", tool=Tool.LEVEL)
    assert texts.DISPUTED not in placing.hint()
