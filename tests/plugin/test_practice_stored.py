"""Practice on a store of the disk: interrupted and gone on with, and a store that goes away."""

import pytest
from mocked_practice import five_questions, publish
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QWidget

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_launch import make_practice_window

pytestmark = pytest.mark.gui

TRAINEE = "Trainee A"


class Leaving:
    """A store that goes away and comes back."""

    def __init__(self, store):
        self.store, self.away = store, False

    def __getattr__(self, name):
        return getattr(self.store, name)

    @property
    def practice(self):
        if self.away:
            raise StoreUnavailableError("the store", "is away", "Try again.")
        return self.store.practice


@pytest.fixture
def store(tmp_path):
    store = Leaving(open_store(tmp_path / "readings.sqlite"))
    publish(store.store, five_questions()[:3])
    yield store
    store.store.close()


@pytest.fixture
def window(qapp, store, pump, hand_on, module_close):
    """Return a function that opens a window and starts the set; gives its dock and a hand."""
    opened = []

    def begin(**fields):
        images = PracticeImages([])
        viewer, dock = make_practice_window(store=store, reader=TRAINEE, images=images, **fields)
        opened.append(viewer)
        viewer.window.resize(1366, 768)
        viewer.window.activate()
        for _ in range(200):
            pump(5)
            if not images.looking:
                break
        dock.sets.choose("lumbar-test")
        press(dock, "practice_start", pump)
        return viewer, dock, hand_on(viewer, dock.binding)

    yield begin
    for viewer in opened:
        module_close(viewer)


def press(dock, name, pump):
    button = dock.findChild(QWidget, name)
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    pump(3)


def hint(dock):
    return dock.view.exercise._hint.text()


def test_an_answer_is_committed_scored_and_shown_and_the_next_one_comes(window, store, pump):
    _, dock, hand = window()
    first = dock.exercise.sheet.question
    hand.click(300, 300)
    hand.key("1")
    press(dock, "practice_commit", pump)
    (kept,) = store.practice.answers(trainee=TRAINEE)
    assert (kept.answer.exercise_id, len(kept.scores)) == (first.exercise_id, 1)
    assert dock.feedback_view.isVisible()
    assert hint(dock) == texts.PRACTICE_COMMITTED
    hand.key("N")
    assert dock.exercise.sheet.question.exercise_id != first.exercise_id
    assert dock.exercise.sheet.open


def test_what_was_interrupted_comes_first_with_its_mark(window, store, pump, close_window):
    viewer, dock, hand = window()
    question = dock.exercise.sheet.question
    hand.click(300, 320)
    hand.key("3")
    draft = dock.exercise.sheet.draft
    close_window(viewer)
    _, again, _ = window()
    assert again.exercise.sheet.question == question
    assert again.exercise.sheet.draft == draft
    assert again.findChild(QWidget, "practice_resumed").text() == texts.PRACTICE_RESUMED
    press(again, "practice_commit", pump)
    (kept,) = store.practice.answers(trainee=TRAINEE)
    assert kept.answer.exercise_id == question.exercise_id


def test_while_the_store_is_away_answers_wait_and_are_scored_when_it_is_back(window, store, pump):
    _, dock, hand = window()
    hand.click(300, 300)
    hand.key("2")
    store.away = True
    press(dock, "practice_commit", pump)
    assert "kept on this computer" in hint(dock)
    assert not dock.exercise.sheet.open
    hand.drag((300, 300), (330, 330))
    assert dock.exercise.sheet.draft.points[0].row < 310
    store.away = False
    assert store.practice.answers(trainee=TRAINEE) == ()
    press(dock, "practice_leave", pump)
    press(dock, "practice_start", pump)
    (kept,) = store.practice.answers(trainee=TRAINEE)
    assert len(kept.scores) == 1


def test_a_store_that_is_away_at_first_is_said_and_asked_again(qapp, store, pump):
    store.away = True
    viewer, dock = make_practice_window(store=store, reader=TRAINEE, images=PracticeImages([]))
    pump(5)
    assert "is away" in dock.view.sets._hint.text()
    store.away = False
    press(dock, "practice_retry", pump)
    assert dock.view.sets._sets.count() == 1
    viewer.close()
    pump(3)


def test_an_image_that_is_not_there_is_left_out_and_said(qapp, store, pump):
    images = PracticeImages([], samples=False)
    viewer, dock = make_practice_window(store=store, reader=TRAINEE, images=images)
    pump(20)
    dock.sets.choose("lumbar-test")
    assert texts.PRACTICE_MISSING.format(count=3) in [
        dock.view.sets._problems.item(row).text() for row in range(dock.view.sets._problems.count())
    ]
    press(dock, "practice_start", pump)
    assert dock.view.sets._hint.text() == texts.PRACTICE_ALL_MISSING
    assert not dock.exercise.sheet.open
    viewer.close()
    pump(3)


def test_a_mark_is_within_the_image_wherever_it_is_dragged(window, pump):
    _, dock, hand = window()
    hand.click(5, 500)
    hand.drag((5, 500), (-60, 500))
    assert dock.exercise.sheet.draft.points[0] == Point(0.0, pytest.approx(500, abs=3))
