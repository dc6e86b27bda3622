"""A reading is submitted and reopened in a real window, with mouse and keys."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from fluoro_annotator.geometry import Point
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import texts

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window, right_l3):
    """A window on a reading with one target: its viewer, its dock and the hand."""
    viewer, dock, hand = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    return viewer, dock, hand


def press(button, pump):
    QTest.mouseClick(button, LEFT)
    pump()


def submit(dock, hand, pump, comment=""):
    hand.key("S", shift=True)
    pump()
    QTest.keyClicks(dock.submission_view._comment, comment)
    press(dock.submission_view._confirm, pump)


def state(dock):
    return dock.view._save_state.text()


def test_submit_refuse_reopen(window, pump):
    _, dock, hand = window
    session, view = dock.controller.session, dock.submission_view
    press(view.button, pump)
    assert view.isVisible()
    assert "You can reopen it later" in view._follows.text()
    assert texts.SUBMIT_NO_PLAN in [view._missing.item(row).text() for row in range(view._missing.count())]
    QTest.keyClicks(view._comment, "second look")
    QTest.keyClick(view._comment, Qt.Key.Key_Return)
    pump()
    assert not session.submitted
    press(view._confirm, pump)
    assert session.submission.mark.comment == "second look"
    assert not view.isVisible()
    assert state(dock).startswith("Submitted 2")
    assert "Saved" in state(dock)
    assert "Comment: second look" in dock.view._submitted.text()
    assert view.button.text() == texts.REOPEN

    before = len(session.drafts)
    changing = (dock.view._delete, dock.view._undo, *dock.view._tools.values(), *dock.view._changing)
    assert not any(widget.isEnabled() for widget in changing)
    press(dock.view._tools["target"], pump)
    hand.key("T")
    hand.click(80, 90)
    hand.drag((60, 70), (70, 80))
    hand.key("Z", control=True)
    assert "was submitted on" in dock.view._hint.text()
    assert len(session.drafts) == before

    hand.key("S", shift=True)
    pump()
    assert view._follows.text() == texts.REOPEN_FOLLOWS
    assert not view._comment.isVisible()
    press(view._confirm, pump)
    assert not session.submitted
    assert dock.view._submitted.isHidden()
    assert all(widget.isEnabled() for widget in dock.view._changing)
    assert "Submitted" not in state(dock)
    dock.view.set_nerve("L3_MB")
    QTest.mouseClick(dock.view._side_buttons["right"], LEFT)
    hand.key("T")
    hand.click(90, 90)
    assert len(session.marks) == 2


def test_it_survives_closing(window, open_window, close_window, tmp_path, pump):
    viewer, dock, hand = window
    submit(dock, hand, pump, "done")
    said = dock.view._submitted.text()
    assert said
    close_window(viewer)
    _, again, hand = open_window(store=open_store(tmp_path / "readings.sqlite"))
    assert again.controller.session.submitted
    assert again.view._submitted.text() == said
    assert state(again).startswith("Submitted 2")
    assert not any(widget.isEnabled() for widget in again.view._tools.values())
    hand.key("S", shift=True)
    pump()
    press(again.submission_view._confirm, pump)
    assert not again.controller.session.submitted


def test_not_now_changes_nothing_and_forgets_the_comment(window, pump):
    _, dock, hand = window
    view = dock.submission_view
    hand.key("S", shift=True)
    pump()
    QTest.keyClicks(view._comment, "too early")
    press(view._back, pump)
    assert not dock.controller.session.submitted
    hand.key("S", shift=True)
    pump()
    assert view._comment.text() == ""


def test_a_window_learns_by_itself_that_another_one_submitted(
    window, open_window, tmp_path, pump, monkeypatch
):
    monkeypatch.setattr("napari_fluoro_annotator.controllers.watching.EVERY_MS", 50)
    _, dock, first_hand = window
    _, other, hand = open_window(store=open_store(tmp_path / "readings.sqlite"))
    submit(dock, first_hand, pump)
    wait_for(lambda: other.controller.session.submitted, pump)
    assert other.view._submitted.text() == dock.view._submitted.text()
    assert other.view._hint.text() == texts.SUBMITTED_ELSEWHERE
    assert not any(widget.isEnabled() for widget in other.view._tools.values())
    hand.key("S", shift=True)
    pump()
    press(other.submission_view._confirm, pump)
    assert not other.controller.session.submitted


def wait_for(done, pump, rounds=600):
    for _ in range(rounds):
        if done():
            break
        pump(1)
    pump()
    assert done()
