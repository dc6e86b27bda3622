"""A sitting in a real practice window with a store: answers, feedback, the list, progress and the report."""

import pytest
from exercise_makers import teaching_set
from mocked_practice import image_of, question, target_of
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QFileDialog, QTabWidget, QWidget

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.marks import FrameRef, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import open_store
from fluoro_annotator.training import (
    ExerciseKind,
    ImageFacts,
    Key,
    Marking,
    ReferenceReading,
    keep_version,
)
from napari_fluoro_annotator.feedback_looks import FEEDBACK_LINES, FEEDBACK_NAMES, FEEDBACK_PLACES
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_launch import make_practice_window

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
NERVES = ("L2_MB", "L3_MB", "L4_MB")
LAYERS = (FEEDBACK_LINES, FEEDBACK_PLACES, FEEDBACK_NAMES)


def pair(series, nerve):
    """Return a question for a place on an image of the sample study, and its key."""
    uid, _ = image_of(series)
    anatomy, frame = load_anatomy(), FrameRef(uid, 1)
    sites = [anatomy.site(one, Side.RIGHT) for one in NERVES]
    records = tuple(
        Target(frame=frame, site=site, position=target_of(series, site.nerve, "right")) for site in sites
    )
    expert = Marking("Expert A", records)
    asked = question(ExerciseKind.PLACE_BY_NAME, series, site=anatomy.site(nerve, Side.RIGHT))
    view = {"ap": "AP_TRUE"}.get(series, "IPSI_OBLIQUE")
    key = Key(
        exercise_id=asked.exercise_id,
        references=(
            ReferenceReading(reading_id="reading-1", marking=expert, reading_fingerprint=expert.fingerprint),
        ),
        image=ImageFacts(view=view, orientation=("R", "F"), turned_to=None),
    )
    return asked, key


class Trainee:
    """Somebody at mouse and keyboard of a practice window."""

    def __init__(self, viewer, dock, hand, pump):
        self.viewer, self.dock, self.hand, self.pump = viewer, dock, hand, pump

    def press(self, name):
        button = self.dock.findChild(QWidget, name)
        assert button.isVisible(), name
        QTest.mouseClick(button, LEFT)
        self.pump(3)

    def answer(self, place, confidence="certain"):
        """Place the target with the mouse, say how sure, and commit."""
        self.hand.click(place.row, place.column)
        self.press(f"practice_confidence_{confidence}")
        self.press("practice_commit")

    def turn_to(self, page):
        tabs = self.dock.findChild(QTabWidget, "practice_pages")
        QTest.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(page).center())
        self.pump(5)

    def drawn(self):
        """Return how much the layers of the feedback hold."""
        return [len(layer.data) for layer in self.viewer.layers if layer.name in LAYERS]


@pytest.fixture
def trainee(qapp, pump, hand_on, tmp_path):
    """Somebody who has begun a set of two exercises on the sample study."""
    store = open_store(tmp_path / "readings.sqlite")
    pairs = [pair("ap", "L3_MB"), pair("ap", "L4_MB")]
    protocol = load_protocols(folders=()).get("lumbar_mbb")
    made = teaching_set(protocol, pairs, mixed=False)
    keep_version(store.practice, made, {asked.exercise_id: key for asked, key in pairs}, by=made.author)
    images = PracticeImages([])
    viewer, dock = make_practice_window(store=store, reader="Trainee A", images=images)
    viewer.window.resize(1366, 768)
    pump(5)
    for _ in range(400):
        if not images.looking:
            break
        pump(5)
    dock.sets.choose(made.set_id)
    pump(3)
    person = Trainee(viewer, dock, hand_on(viewer, dock.binding), pump)
    person.press("practice_start")
    pump(5)
    yield person
    viewer.close()
    store.close()
    pump(3)


def wrong_level_then_right(trainee):
    trainee.answer(target_of("ap", "L4_MB", "right"))
    trainee.press("practice_next")
    trainee.answer(target_of("ap", "L4_MB", "right"), "probable")


def test_feedback_comes_with_the_commit_and_goes_with_the_next_exercise(trainee):
    assert sum(trainee.drawn()) == 0
    assert not trainee.dock.feedback_view.isVisible()
    place = target_of("ap", "L4_MB", "right")
    trainee.hand.click(place.row, place.column)
    trainee.press("practice_confidence_certain")
    assert sum(trainee.drawn()) == 0
    trainee.press("practice_commit")
    assert all(trainee.drawn())
    view = trainee.dock.feedback_view
    assert view._first.text() == "You were certain, and it is wrong."
    assert view._title.text().endswith("Wrong level")
    assert view._replay.isVisible()
    view._slider.setFocus()
    QTest.keyClick(view._slider, Qt.Key.Key_Left)
    trainee.pump(2)
    assert view._moment.text().startswith("3 of 4")
    trainee.press("practice_next")
    assert sum(trainee.drawn()) == 0
    assert not view.isVisible()
    assert view._first.text() == view._title.text() == ""


def test_the_sitting_is_gone_through_again_at_its_end(trainee):
    wrong_level_then_right(trainee)
    trainee.turn_to(1)
    listed = trainee.dock.panels.review_view._list
    assert [listed.item(row).text().split(".")[0] for row in range(listed.count())] == [
        "Certain and wrong: \N{BALLOT X} Wrong level",
        "\N{CHECK MARK} Correct",
    ]
    QTest.mouseClick(listed.viewport(), LEFT, pos=listed.visualItemRect(listed.item(0)).center())
    trainee.pump(5)
    view = trainee.dock.feedback_view
    assert view.isVisible()
    assert view._prompt.text() == "Mark the L3 medial branch on the right."
    assert view._title.text().endswith("Wrong level")
    assert all(trainee.drawn())


def test_an_open_exercise_is_not_taken_away_to_look_at_another(trainee):
    trainee.answer(target_of("ap", "L4_MB", "right"))
    trainee.press("practice_next")
    image = trainee.dock.binding.frame
    trainee.turn_to(1)
    listed = trainee.dock.panels.review_view._list
    QTest.mouseClick(listed.viewport(), LEFT, pos=listed.visualItemRect(listed.item(0)).center())
    trainee.pump(3)
    assert "Commit its answer" in trainee.dock.panels.review_view._problem.text()
    assert sum(trainee.drawn()) == 0
    assert trainee.dock.binding.frame == image
    assert trainee.dock.exercise.sheet.open


def test_progress_and_report_of_the_sitting(trainee, tmp_path, monkeypatch):
    wrong_level_then_right(trainee)
    trainee.turn_to(2)
    controller, view = trainee.dock.panels.progress, trainee.dock.panels.progress_view
    for _ in range(600):
        trainee.pump(3)
        if controller._making is None:
            break
    assert view._about.text() == "Lumbar medial branch block."
    assert "2 of 40 answers that count." in view._lacking.text()
    assert "Answers: 2, of which 2 count" in view._numbers.text()
    path = tmp_path / "report.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), "Page (*.html)"))
    QTest.mouseClick(view._save, LEFT)
    for _ in range(600):
        trainee.pump(3)
        if controller._saving is None:
            break
    assert view._state.text() == f"Written: {path}"
    written = path.read_text(encoding="utf-8")
    assert "Trainee A" in written
    assert "not validated" in written
