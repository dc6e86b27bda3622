"""The main job in a real window, with a real mouse and keyboard."""

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import MarkKind

pytestmark = pytest.mark.gui


def choose(dock, nerve="L3_MB", side=Side.RIGHT):
    dock.view.set_nerve(nerve)
    dock.view.set_side(side)


def test_a_target_takes_one_key_and_one_press(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.press(50, 60)
    (mark,) = dock.controller.session.marks
    assert mark.kind is MarkKind.TARGET
    assert dock.controller.session.label(mark) == "L3 medial branch, at L4, right"
    assert mark.position == pytest.approx((50, 60), abs=hand.pixel_size())
    hand.release(50, 60)
    assert len(dock.controller.session.marks) == 1
