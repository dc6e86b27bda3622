"""An attending makes a teaching set in a real window, with mouse and keys, from a reference to the next version."""

import json
import time

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QPushButton

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import KeyWithheldError, StorePermissionError
from fluoro_annotator.marks import Adequacy, Purpose
from fluoro_annotator.store import open_store
from fluoro_annotator.store.postgres import PostgresStore
from fluoro_annotator.training import ExerciseKind, keys_of, load_sets
from napari_fluoro_annotator import commands, texts

pytestmark = pytest.mark.gui

READER, TRAINEE = "Reader A", "Trainee A"
LEFT = Qt.MouseButton.LeftButton
NERVES = ("L3_MB", "L4_MB")


@pytest.fixture(scope="module")
def places():
    """Where the targets are on the AP view of the sample study, by nerve, on the right."""
    truth = json.loads((settings.sample_folder() / "truth.json").read_text(encoding="utf-8"))
    ap = next(image for image in truth["images"].values() if image["series"] == "ap")
    right = [target for target in ap["targets"] if target["side"] == "right"]
    return {target["nerve"]: (target["row"], target["column"]) for target in right}


@pytest.fixture
def window(open_window):
    """A window on the sample study."""

    def open_one(**options):
        return open_window(settings.sample_folder() / "lumbar", **options)

    return open_one


def until(condition, pump, seconds=30.0, told=str):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    pump(2)
    assert condition(), told()


def press(widget, pump, *, at=None):
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, at or QPoint())
    pump(2)


def press_row(table, row, pump):
    press(table.viewport(), pump, at=table.visualRect(table.model().index(row, 1)).center())


def turn_to_reference(dock, pump):
    combo = dock.view._purpose
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    pump()
    assert dock.controller.session.reading.purpose is Purpose.REFERENCE


def mark_reference(dock, hand, places, pump):
    """Mark two targets, a needle and a judgement of the view on the AP; return the session."""
    for nerve in NERVES:
        dock.view.set_nerve(nerve)
        dock.view.set_side(Side.RIGHT)
        hand.key("T")
        hand.click(*places[nerve])
    row, column = places["L4_MB"]
    hand.key("N")
    hand.click(row, column + 2)
    hand.click(row + 120, column + 160)
    hand.key("A", shift=True)
    adequacy = dock.measures_view.adequacy
    adequacy._view.setFocus()
    adequacy._view.setCurrentIndex(adequacy._view.findData("AP_TRUE"))
    press(adequacy._answers[Adequacy.YES.value], pump)
    assert len(dock.controller.session.marks) == 4
    return dock.controller.session


def submit_or_reopen(dock, hand, pump):
    before = dock.controller.session.submitted
    hand.key("S", shift=True)
    pump()
    press(dock.submission_view._confirm, pump)
    assert dock.controller.session.submitted is not before


def type_the_first_page(editor, pump, title="Lumbar targets"):
    page = editor.about
    QTest.keyClicks(page._title, title)
    QTest.keyClicks(page._description, "Right side, true AP")
    page._protocol.setFocus()
    QTest.keyClick(page._protocol, Qt.Key.Key_Down)
    until(lambda: page._protocol.chosen() != "", pump)
    while page._protocol.chosen() != "lumbar_mbb":
        QTest.keyClick(page._protocol, Qt.Key.Key_Down)
    pump()


def tick_the_study(editor, pump):
    """Tick the only study with the space bar, and wait for what it gives."""
    tree = editor.references._tree
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    until(editor.references._take.isEnabled, pump)


def to_page(editor, page, pump):
    """Go to a page as the keyboard does."""
    tabs = editor._pages.tabBar()
    tabs.setFocus()
    while editor._pages.currentIndex() != page:
        QTest.keyClick(tabs, Qt.Key.Key_Right)
        pump(2)


def publish(editor, pump):
    to_page(editor, 3, pump)
    until(editor._publish.isEnabled, pump, seconds=5.0, told=lambda: lines(editor._findings))
    press(editor._publish, pump)
    until(lambda: not editor.isVisible(), pump)


def lines(widget):
    return [widget.item(row).text() for row in range(widget.count())]


def cells(table):
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_from_a_reference_to_the_second_version_of_a_set(window, places, pump, tmp_path):
    viewer, dock, hand = window(reader=READER)
    turn_to_reference(dock, pump)
    mark_reference(dock, hand, places, pump)
    submit_or_reopen(dock, hand, pump)

    commands.show_teaching_sets(viewer)
    sets, editor = dock._sets.list_view, dock._sets.editor_view
    until(lambda: sets._message.text() == texts.SETS_NONE, pump)
    press(sets._buttons["new"], pump)
    until(lambda: editor.isVisible() and editor._message.text() == "", pump)
    type_the_first_page(editor, pump)
    to_page(editor, 1, pump)
    tick_the_study(editor, pump)
    press(editor.references._take, pump)
    made = cells(editor.exercises._table)
    assert len(made) == 3 * 2 + 2 + 1 + 1  # targets, placing and judging the needle, the view

    to_page(editor, 2, pump)
    order_and_teach(editor, pump)
    wanted = editor.exercises._table.keys
    choose_fixed_order(editor, pump)
    publish(editor, pump)
    until(lambda: sets._table.rowCount() == 1, pump)
    assert cells(sets._table)[0][:5] == ["Lumbar targets", "1", READER, "10", "0"]
    assert sets._message.text() == texts.SET_PUBLISHED.format(title="Lumbar targets", version=1)
    press_row(sets._table, 0, pump)
    assert lines(sets._told)[0] == texts.SETS_FINE

    submit_or_reopen(dock, hand, pump)
    press(sets._buttons["refresh"], pump)
    until(lambda: "was reopened and is not submitted" in lines(sets._told)[0], pump)
    start = places["L3_MB"]
    hand.drag(start, (start[0] + 12, start[1] + 12))
    submit_or_reopen(dock, hand, pump)
    press(sets._buttons["refresh"], pump)
    until(lambda: "was edited" in lines(sets._told)[0], pump)
    assert "would be scored by other marks now" in lines(sets._told)[0]
    assert cells(sets._table)[0][-1] == texts.SETS_LOOK_ONE

    press(sets._buttons["edit"], pump)
    until(lambda: editor.isVisible() and "References" not in editor._message.text(), pump)
    until(lambda: "taken as they are in the store now" in editor._message.text(), pump)
    assert editor.about._id.isReadOnly()
    publish(editor, pump)
    until(lambda: cells(sets._table)[0][1] == "2", pump)
    assert lines(sets._told)[0] == texts.SETS_FINE

    assign(sets, pump)
    until(lambda: cells(sets._table)[0][5] == "1", pump)
    check_what_is_kept(tmp_path / "readings.sqlite", wanted, places)


def order_and_teach(editor, pump):
    """Move the first exercise down, leave none out, make it hard and say what is to be learned from it."""
    page = editor.exercises
    press_row(page._table, 0, pump)
    chosen = page._table.chosen
    QTest.keyClick(page._table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    pump()
    assert page._table.keys.index(chosen) == 1
    assert page._table.chosen == chosen
    page._difficulty.setFocus()
    QTest.keyClick(page._difficulty, Qt.Key.Key_Down)
    pump()
    add = page.findChild(QPushButton, "set_point_add")
    press(add, pump)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "The eye of the Scotty dog")
    QTest.keyClick(field, Qt.Key.Key_Return)
    pump()
    assert cells(page._table)[1][3:] == [texts.SET_DIFFICULTIES["hard"], "1"]


def choose_fixed_order(editor, pump):
    to_first = editor._pages.tabBar()
    to_first.setFocus()
    while editor._pages.currentIndex() != 0:
        QTest.keyClick(to_first, Qt.Key.Key_Left)
        pump(2)
    editor.about._order.setFocus()
    QTest.keyClick(editor.about._order, Qt.Key.Key_Down)
    pump()


def assign(sets, pump):
    press(sets._buttons["assign"], pump)
    until(sets._trainee.hasFocus, pump)
    press(sets._with_due, pump, at=QPoint(8, sets._with_due.height() // 2))
    QTest.keyClicks(sets._trainee, TRAINEE)
    QTest.keyClick(sets._trainee, Qt.Key.Key_Return)


def check_what_is_kept(path, wanted, places):
    with open_store(path) as store:
        shelf = load_sets(store.practice)
        first, second = shelf.sets
        assert [first.version, second.version] == [1, 2]
        assert tuple(question.exercise_id for question in second.questions) == wanted
        assert {question.kind for question in first.questions} == set(ExerciseKind)
        before = keys_of(store.practice, first, reader=READER)
        after = keys_of(store.practice, second, reader=READER)
        moved = [name for name in before if before[name].references != after[name].references]
        assert moved
        taught = after[wanted[1]].learning_points
        assert [point.text for point in taught] == ["The eye of the Scotty dog"]
        (assignment,) = store.practice.assignments(TRAINEE)
        assert assignment.due is not None
        with pytest.raises(KeyWithheldError):
            keys_of(store.practice, second, reader=TRAINEE)


def test_on_a_server_an_attending_publishes_and_a_trainee_is_refused(window, server_store, places, pump):
    for login, role in (("attending_a", "attending"), ("trainee_a", "trainee")):
        server_store.add_login(login, role)
    with PostgresStore(server_store.url("attending_a")) as store:
        _, dock, hand = window(store=store, reader="attending_a")
        turn_to_reference(dock, pump)
        mark_reference(dock, hand, places, pump)
        submit_or_reopen(dock, hand, pump)
        dock.show_teaching_sets()
        sets, editor = dock._sets.list_view, dock._sets.editor_view
        until(lambda: sets._message.text() == texts.SETS_NONE, pump)
        press(sets._buttons["new"], pump)
        until(lambda: editor.isVisible() and editor._message.text() == "", pump)
        type_the_first_page(editor, pump)
        to_page(editor, 1, pump)
        tick_the_study(editor, pump)
        press(editor.references._take, pump)
        publish(editor, pump)
        until(lambda: sets._table.rowCount() == 1, pump)
        assert cells(sets._table)[0][2] == "attending_a"
    with PostgresStore(server_store.url("trainee_a")) as store:
        _, dock, hand = window(store=store, reader="trainee_a")
        dock.show_teaching_sets()
        sets, editor = dock._sets.list_view, dock._sets.editor_view
        until(lambda: sets._table.rowCount() == 1, pump)
        press_row(sets._table, 0, pump)
        assert lines(sets._told)[0] == texts.SETS_FINE_BUT.format(author="attending_a")
        assert sets._intro.text() == texts.SETS_OF_ATTENDINGS.format(login="trainee_a")
        shut = [name for name, button in sets._buttons.items() if not button.isEnabled()]
        assert set(shut) == set(sets._buttons) - {"refresh"}
        press_row(sets._table, 0, pump)
        QTest.keyClick(sets._table, Qt.Key.Key_Return)
        pump()
        assert not editor.isVisible()
        work = dock._sets.list._work  # whoever gets round the window meets the server
        set_id = sets._table.chosen
        with pytest.raises(StorePermissionError, match="does not allow this"):
            work.withdraw(set_id)
        with pytest.raises(StorePermissionError, match="does not allow this"):
            work.assign(set_id, "trainee_a", None)
        with pytest.raises(KeyWithheldError, match="not its author"):
            work.next_draft(set_id, {})
        assert not load_sets(store.practice).withdrawn
