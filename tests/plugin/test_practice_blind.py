"""Before an answer is committed nothing in the program knows what would be right: keys with tell-tale values are looked for."""

import gc
import logging
from pathlib import Path

import numpy as np
import pytest
from mocked_practice import five_questions, key_of, publish
from qtpy.QtWidgets import QApplication, QComboBox, QListWidget, QTableWidget, QWidget

from fluoro_annotator.store import ExerciseKey, open_store
from fluoro_annotator.training import Key, Marking, ReferenceReading, Score
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_launch import make_practice_window

pytestmark = pytest.mark.gui

TELLTALE = "Telltale Expert"
SHIFT = 0.0625037
"""What the places of these keys are moved by: digits that nothing else has."""
KINDS = {
    "place_target": 0,
    "place_by_name": 1,
    "name_marked": 2,
    "judge_view": 3,
    "judge_needle": 4,
    "place_needle": 5,
}


def places_in_key(asked):
    """Return the coordinates of a key that the question does not show."""
    points = [
        point
        for record in key_of(asked, shift=SHIFT).references[0].marking.records
        for point in record.points
    ]
    return {round(value, 4) for point in points for value in point if round(value, 3) != round(value, 4)}


@pytest.fixture
def practised(qapp, tmp_path, pump, request, caplog):
    """A window in which one exercise is asked, on a store of the disk with its key."""
    kinds = request.param.split(", ")
    questions = [five_questions()[KINDS[kind]] for kind in kinds]
    asked = questions[0]
    caplog.set_level(logging.DEBUG)
    store = open_store(tmp_path / "store" / "readings.sqlite")
    publish(store, questions, expert=TELLTALE, shift=SHIFT)
    gc.collect()
    images = PracticeImages([])
    viewer, dock = make_practice_window(store=store, reader="Trainee A", images=images)
    viewer.window.resize(1366, 768)
    for _ in range(200):
        pump(5)
        if not images.looking:
            break
    dock.sets.choose("lumbar-test")
    dock.sets.start()
    pump(5)
    assert dock.exercise.sheet.open
    yield asked, viewer, dock
    viewer.close()
    pump(3)
    store.close()


def answer(dock, asked):
    """Answer as somebody does who knows nothing."""
    exercise = dock.exercise
    for row, column in ((111.0, 122.0), (133.0, 144.0))[: 2 if asked.needle else 1]:
        exercise.hand.press(type(asked.shown or dock.binding.middle)(row, column), None)
    if asked.kind == "name_marked":
        for part, value in (("nerve", "L2_MB"), ("vertebra", "L3"), ("joint", "L2-L3"), ("side", "right")):
            exercise.answer(part, value)
    elif asked.kind == "judge_view":
        exercise.answer("true", "no")
        exercise.choose_way("tilt")
        exercise.answer("tilt", "tilt_cranial")
    elif asked.kind == "judge_needle":
        exercise.answer("acceptable", "yes")
    exercise.certain()


def texts_of(widget):
    yield from (widget.toolTip(), widget.accessibleName(), widget.whatsThis(), widget.windowTitle())
    if hasattr(widget, "text") and callable(widget.text):
        yield str(widget.text())
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
        yield from (str(widget.itemData(row, 3)) for row in range(widget.count()))
    if isinstance(widget, QListWidget):
        yield from (widget.item(row).text() + widget.item(row).toolTip() for row in range(widget.count()))
    if isinstance(widget, QTableWidget):
        cells = ((row, column) for row in range(widget.rowCount()) for column in range(widget.columnCount()))
        yield from (item.text() for cell in cells if (item := widget.item(*cell)) is not None)


def shown(viewer):
    """Yield every text of the window: of widgets, layers and overlays."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, QWidget):
            yield from texts_of(widget)
    for layer in viewer.layers:
        yield from (layer.name, str(layer.metadata), str(layer.source), str(getattr(layer, "features", "")))
        yield str(getattr(layer, "text", ""))
    yield from (viewer.title, str(viewer.status), viewer.help, viewer.canvas.overlays.text.text)


def drawn(viewer):
    """Yield every coordinate of the layers of marks, hidden ones too."""
    for layer in viewer.layers:
        if type(layer).__name__ in {"Points", "Vectors", "Shapes"}:
            data = layer.data if not isinstance(layer.data, list) else np.concatenate(layer.data or [[]])
            yield from (round(float(value), 4) for value in np.ravel(data))


def files_beside(store):
    """Yield what the program has written elsewhere than into the store."""
    folder = Path(store).parents[1]
    for path in folder.rglob("*"):
        if path.is_file() and "store" not in path.relative_to(folder).parts:
            yield path.read_bytes()


def known_objects():
    """Return what is in memory that only a key can have made."""
    gc.collect()
    kinds = (Key, ReferenceReading, Score, ExerciseKey)
    found = [one for one in gc.get_objects() if isinstance(one, (*kinds, Marking))]
    return [one for one in found if TELLTALE in repr(one)]


def leaks(viewer, caplog, tmp_path, hidden):
    """Return where something of the key was found."""
    found = [text for text in shown(viewer) if TELLTALE in text or "not the joint" in text]
    found += [value for value in drawn(viewer) if value in hidden]
    found += [line for line in caplog.messages if TELLTALE in line]
    found += [content for content in files_beside(tmp_path / "store" / "x") if TELLTALE.encode() in content]
    return found + [type(one).__name__ for one in known_objects()]


@pytest.mark.parametrize("practised", KINDS, indirect=True)
def test_nothing_of_the_key_is_anywhere_before_the_commit_and_all_of_it_after(
    practised, caplog, tmp_path, pump
):
    asked, viewer, dock = practised
    hidden = places_in_key(asked)
    assert leaks(viewer, caplog, tmp_path, hidden) == []
    answer(dock, asked)
    pump(5)
    assert leaks(viewer, caplog, tmp_path, hidden) == []
    dock.exercise.commit()
    pump(5)
    assert not dock.exercise.sheet.open
    found = leaks(viewer, caplog, tmp_path, hidden)
    assert any("not the joint" in str(one) for one in found)
    (given,) = dock.feedback.sitting
    held = dock.panels.review._bring_back(given)
    found = leaks(viewer, caplog, tmp_path, hidden)
    assert held.question == asked
    assert {"Key", "Marking"} <= set(map(str, found))


def next_asked(dock, pump):
    """Go on until something is asked: what is not due has to be asked for a second time."""
    for _ in range(2):
        if not dock.exercise.sheet.open:
            dock.exercise.go_on()
            pump(5)
    assert dock.exercise.sheet.open
    return dock.exercise.sheet.question


@pytest.mark.parametrize("practised", ["place_target", "place_target, name_marked"], indirect=True)
@pytest.mark.parametrize("seen_again", [False, True])
def test_nothing_of_an_answer_before_is_left_when_its_image_is_asked_about_again(
    practised, seen_again, caplog, tmp_path, pump
):
    asked, viewer, dock = practised
    hidden = places_in_key(asked)
    answer(dock, asked)
    dock.exercise.commit()
    pump(5)
    assert hidden & set(drawn(viewer))
    assert any("not the joint" in text for text in shown(viewer))
    if seen_again:
        dock.panels.review.refresh()
        dock.panels.review.show(0)
        pump(5)
        assert hidden & set(drawn(viewer))
        assert any("not the joint" in text for text in shown(viewer))
    question = next_asked(dock, pump)
    assert question.frame == asked.frame
    assert leaks(viewer, caplog, tmp_path, hidden) == []
    dock.panels.review.refresh()
    dock.panels.review.show(0)
    pump(5)
    assert dock.exercise.sheet.open
    assert leaks(viewer, caplog, tmp_path, hidden) == []
