"""A reading that is submitted: whatever is pressed, nothing in it changes, and the window says why."""

import pytest

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Numbering, UserCalibration, ViewJudgement
from napari_fluoro_annotator.keys import BINDINGS

pytestmark = pytest.mark.gui

ASKS = {"ask_for_export", "show_changes", "show_keys", "show_help", "play_or_pause", "play_backwards"}
"""What opens a window of its own or goes on by itself."""


@pytest.fixture
def submitted(open_window, right_l3):
    """A window on a submitted reading with a target that is selected, and more; its dock and hand."""
    _, dock, hand = open_window()
    session, frame = dock.controller.session, dock.binding.frame
    target = session.add_target(frame, right_l3, Point(60, 70))
    session.add_needle(frame, right_l3, Point(100, 60), Point(160, 60))
    session.add_level_label(frame, "L4", Point(40, 120))
    session.add_level_label(frame, "L3", Point(10, 120))
    session.put(ViewJudgement(frame=frame, view="AP_TRUE", adequate="yes"))
    session.put(Numbering(scheme="unknown", counted_from="sacrum_up", confidence="certain"))
    session.put(
        UserCalibration(
            sop_instance_uid=frame.sop_instance_uid, method="known_length", start=(5, 5), end=(5, 50), mm=20
        )
    )
    session.select(target.mark_id)
    session.submit()
    return dock, hand


def said(dock):
    return dock.view._hint.text()


def test_the_mouse_and_keys_change_nothing_and_the_window_says_why(submitted):
    dock, hand = submitted
    session = dock.controller.session
    before, count = session.records, len(session.drafts)
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    for attempt in (
        lambda: (hand.key("T"), hand.click(80, 90)),
        lambda: (hand.key("Escape"), hand.drag((60, 70), (70, 80))),
        lambda: hand.key("Delete"),
        lambda: hand.key("Z", control=True),
        lambda: hand.key("F2"),
        lambda: hand.key("Right"),
    ):
        dock.desk.say("")
        attempt()
        assert "was submitted on" in said(dock)
        assert "Reopen it first" in said(dock)
    assert session.records == before
    assert len(session.drafts) == count


@pytest.mark.parametrize("again", [False, True], ids=["once", "after a click"])
def test_no_action_changes_it_or_fails(submitted, again):
    dock, hand = submitted
    session = dock.controller.session
    before = session.records
    for binding in BINDINGS:
        if binding.action in ASKS:
            continue
        getattr(dock.panels[binding.panel], binding.action)()
        if again:
            hand.click(90, 90)
            hand.click(120, 120)
        assert session.records == before, binding.name
    dock.panels["adequacy"].answer("yes")
    dock.panels["levels"].withdraw_numbering()
    dock.panels["calibration"].remove()
    assert session.records == before
    assert "was submitted on" in said(dock)


def test_after_reopening_it_goes_on(submitted):
    dock, hand = submitted
    session = dock.controller.session
    session.reopen()
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    count = len(session.marks)
    hand.key("T")
    hand.click(80, 90)
    assert len(session.marks) == count + 1
    hand.key("Z", control=True)
    hand.key("Z", control=True)
    assert len(session.marks) == count
