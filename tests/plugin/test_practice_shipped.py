"""The sets of the samples: installed in the window where a store has none, and a whole one practised with the keyboard."""

import pytest
from pydicom import dcmread
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from fluoro_annotator.errors import StorePermissionError
from fluoro_annotator.store import open_store
from fluoro_annotator.training import Variant, shipped_folder
from napari_fluoro_annotator import practice_shelf, texts
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_launch import make_practice_window

pytestmark = pytest.mark.gui

ELECTRODES, EXERCISES = "phantom-electrode-critique", 8


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "readings.sqlite") as store:
        yield store


@pytest.fixture
def opened(qapp, store, pump, hand_on, module_close):
    viewer, dock = make_practice_window(store=store, reader="Trainee A", images=PracticeImages([]))
    viewer.window.resize(1366, 768)
    viewer.window.activate()
    for _ in range(400):
        pump(5)
        if not dock.images.looking:
            break
    yield dock, hand_on(viewer, dock.binding)
    module_close(viewer)


def press(dock, name, pump):
    button = dock.findChild(QWidget, name)
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    pump(3)


def test_sets_are_installed_from_the_window_and_a_whole_one_is_practised(opened, store, pump):
    dock, hand = opened
    offered = dock.findChild(QWidget, "practice_samples")
    assert dock.view.sets._hint.text() == texts.PRACTICE_NO_SETS
    press(dock, "practice_samples", pump)
    assert not offered.isVisible()
    versions = {one.set_id: one for one in store.practice.set_versions()}
    assert len(versions) == 4
    assert {one.author for one in versions.values()} == {"Phantom geometry"}
    dock.sets.choose(ELECTRODES)
    press(dock, "practice_start", pump)
    asked = []
    for _ in range(EXERCISES):
        assert dock.exercise.sheet.open
        asked.append(dock.exercise.sheet.question.exercise_id)
        hand.key("A")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        for key in ("2", "Return", "Return"):
            hand.key(key)
        assert dock.feedback_view.isVisible(), dock.view.exercise._hint.text()
        hand.key("N")
    assert len(set(asked)) == EXERCISES
    assert not dock.exercise.sheet.open
    kept = store.practice.answers(trainee="Trainee A")
    assert [one.answer.exercise_id for one in kept] == asked
    outcomes = {one.scores[0].outcome for one in kept}
    assert "correct" in outcomes
    assert len(outcomes) > 1


def test_images_of_any_size_fill_the_window_one_after_the_other(opened, pump):
    dock, _ = opened
    stacks = {}
    for file in sorted(shipped_folder().glob("*.dcm")):
        stack = dock.images.stack(dcmread(file, stop_before_pixels=True).SOPInstanceUID)
        stacks.setdefault(stack.shape, stack)
    assert len(stacks) > 2
    for stack in (*stacks.values(), *reversed(stacks.values())):
        dock.binding.put(stack, 0, Variant(), "image")
        pump(2)
        middle = dock.binding.middle
        assert (middle.row, middle.column) == pytest.approx([side / 2 for side in stack.shape[-2:]], abs=1)


def test_a_store_that_takes_no_sets_says_why(opened, store, pump, monkeypatch):
    def refuse(_store):
        raise StorePermissionError("teaching set", "is published by attendings", "Ask one.")

    monkeypatch.setattr(practice_shelf, "install_shipped", refuse)
    dock, _ = opened
    press(dock, "practice_samples", pump)
    assert "is published by attendings" in dock.view.sets._hint.text()
    assert store.practice.set_versions() == ()
