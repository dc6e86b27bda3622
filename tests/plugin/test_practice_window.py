"""Exercises of all kinds in a real window, by mouse and by keys alone, with an engine that says what comes next."""

import logging

import pytest
from mocked_practice import (
    PlannedEngine,
    PlannedSource,
    five_questions,
    target_of,
    teaching_set,
)
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from fluoro_annotator.errors import FluoroAnnotatorError, StoreUnavailableError
from fluoro_annotator.marks import Adequacy, Correction, MarkConfidence
from fluoro_annotator.training import Variant
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.dock import AnnotateDock
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_keys import PRACTICE_BINDINGS
from napari_fluoro_annotator.practice_launch import make_practice_window, show_practice

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
TARGET, BY_NAME, NAME, VIEW, JUDGE, NEEDLE = range(6)


class Trainee:
    """Somebody at mouse and keyboard of a practice window."""

    def __init__(self, viewer, dock, hand, pump, engine):
        self.viewer, self.dock, self.hand, self.pump, self.engine = viewer, dock, hand, pump, engine
        self.window = dock.window()

    def press(self, name):
        """Press a button of the dock with the mouse."""
        button = self.dock.findChild(QWidget, name)
        assert button.isVisible(), name
        QTest.mouseClick(button, LEFT)
        self.pump(2)

    def key(self, key, widget=None, modifiers=Qt.KeyboardModifier.NoModifier):
        """Press a key where the focus is."""
        QTest.keyClick(widget or QApplication.focusWidget() or self.window, key, modifiers)
        self.pump(2)

    def choose(self, name, text):
        """Choose an entry of a list with the arrow keys while the list has the focus."""
        combo = self.dock.findChild(QWidget, name)
        combo.setFocus()
        for _ in range(combo.count()):
            if combo.currentText().startswith(text):
                break
            self.key(Qt.Key.Key_Down, combo)
        assert combo.currentText().startswith(text)

    def hint(self):
        return self.dock.view.exercise._hint.text()

    def answers(self):
        return [answer for _, answer, _, _ in self.engine.committed]


@pytest.fixture
def practise(qapp, pump, hand_on, monkeypatch):
    """Return a function that opens a window on some questions and starts; gives a trainee."""
    opened = []

    def begin(order=range(6), *, variants=(), start=True):
        questions = tuple(five_questions()[place] for place in order)
        engine = PlannedEngine(questions, tuple(variants))
        source = PlannedSource(engine, teaching_set(questions), assigned=True)
        images = PracticeImages([])
        viewer, dock = make_practice_window(source=source, reader="Reader A", images=images)
        opened.append(viewer)
        viewer.window.resize(1366, 768)
        viewer.window.activate()
        pump(5)
        for _ in range(200):
            if not images.looking:
                break
            pump(5)
        assert not images.looking
        trainee = Trainee(viewer, dock, hand_on(viewer, dock.binding), pump, engine)
        if start:
            trainee.press("practice_start")
            pump(5)
        return trainee

    yield begin
    for viewer in opened:
        viewer.close()
    pump(3)


def test_a_target_is_placed_dragged_and_committed_with_the_mouse(practise):
    trainee = practise([TARGET])
    place = target_of("ap", "L3_MB", "right")
    trainee.hand.click(place.row + 30, place.column + 30)
    assert trainee.hint() == texts.PRACTICE_NEED_CONFIDENCE
    trainee.hand.drag((place.row + 30, place.column + 30), (place.row, place.column))
    trainee.press("practice_confidence_probable")
    trainee.press("practice_commit")
    (answer,) = trainee.answers()
    assert answer.confidence is MarkConfidence.PROBABLE
    assert answer.mark.site == trainee.engine.questions[0].site
    reach = 1.5 * trainee.hand.pixel_size()
    assert abs(answer.mark.position.row - place.row) < reach
    assert abs(answer.mark.position.column - place.column) < reach
    steps = trainee.engine.committed[0][2]
    assert [step.what for step in steps] == ["add", "move", "confidence"]
    assert steps == tuple(trainee.engine.kept)


def test_a_target_is_placed_and_committed_with_keys_alone(practise):
    trainee = practise([TARGET])
    trainee.hand.key("P")
    middle = trainee.dock.exercise.sheet.draft.points[0]
    for key in ("Left", "Up", "Up"):
        trainee.hand.key(key)
    trainee.hand.key("Right", control=True)
    (point,) = trainee.dock.exercise.sheet.draft.points
    assert (point.row - middle.row, point.column - middle.column) == (-2, 19)
    trainee.hand.key("Delete")
    assert trainee.dock.exercise.sheet.draft.points == ()
    trainee.hand.key("Z", control=True)
    assert trainee.dock.exercise.sheet.draft.points == (point,)
    trainee.hand.key("1")
    trainee.hand.key("Return")
    assert trainee.answers() == []
    assert "once more" in trainee.hint()
    trainee.hand.key("Return")
    (answer,) = trainee.answers()
    assert (answer.mark.position, answer.confidence) == (point, MarkConfidence.CERTAIN)


def test_enter_commits_nothing_by_accident(practise):
    trainee = practise([TARGET])
    trainee.hand.key("Return")
    assert trainee.hint() == texts.PRACTICE_NEED_TARGET
    trainee.hand.key("P")
    trainee.hand.key("3")
    trainee.hand.key("Return")
    trainee.hand.key("Left")
    trainee.hand.key("Return")
    trainee.hand.key("Escape")
    trainee.hand.key("Return")
    assert trainee.answers() == []
    trainee.hand.key("N")
    assert trainee.answers() == []
    trainee.hand.key("Return")
    assert len(trainee.answers()) == 1


def test_a_needle_is_placed_tip_first(practise):
    trainee = practise([NEEDLE])
    trainee.hand.click(200, 220)
    assert trainee.hint() == texts.PRACTICE_NEED_HUB
    trainee.hand.click(330, 240)
    trainee.hand.drag((330, 240), (340, 260))
    trainee.hand.key("Semicolon")
    before = trainee.dock.exercise.sheet.draft.points
    trainee.hand.key("Down")
    after = trainee.dock.exercise.sheet.draft.points
    assert after[0].row == before[0].row + 1
    assert after[1] == before[1]
    trainee.hand.key("2")
    trainee.press("practice_commit")
    needle = trainee.answers()[0].mark
    assert (needle.tip, needle.hub) == after
    assert abs(needle.hub.row - 340) < 3 * trainee.hand.pixel_size()


def test_what_is_marked_is_named_with_keys_and_nothing_is_chosen_beforehand(practise):
    trainee = practise([NAME])
    for part in ("nerve", "vertebra", "joint"):
        assert trainee.dock.findChild(QWidget, f"practice_{part}").chosen() == ""
    assert len(trainee.dock.binding._marks._groups[-1][1]) == 1
    trainee.hand.key("A")
    assert QApplication.focusWidget().objectName() == "practice_nerve"
    trainee.choose("practice_nerve", "L4 medial")
    trainee.choose("practice_vertebra", "L5")
    trainee.choose("practice_joint", "L4")
    trainee.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget().objectName() == "practice_side_left"
    trainee.key(Qt.Key.Key_Space)
    trainee.hand.key("2")
    trainee.hand.key("Return")
    trainee.hand.key("Enter")
    (answer,) = trainee.answers()
    assert (answer.nerve, answer.vertebra, answer.side) == ("L4_MB", "L5", "left")
    assert answer.joint.startswith("L4")


def test_a_view_is_judged_by_three_questions_in_order(practise):
    trainee = practise([VIEW])
    assert not trainee.dock.findChild(QWidget, "practice_way_tilt").isEnabled()
    trainee.press("practice_true_no")
    assert not trainee.dock.findChild(QWidget, "practice_tilt_tilt_caudal").isEnabled()
    trainee.press("practice_way_tilt")
    assert not trainee.dock.findChild(QWidget, "practice_oblique_oblique_left").isEnabled()
    trainee.press("practice_tilt_tilt_caudal")
    trainee.press("practice_confidence_unsure")
    trainee.press("practice_commit")
    (answer,) = trainee.answers()
    assert (answer.adequate, answer.corrections) == (Adequacy.NO, (Correction.TILT_CAUDAL,))


def test_a_needle_is_judged_and_its_fault_named(practise):
    trainee = practise([JUDGE])
    trainee.hand.key("A")
    trainee.key(Qt.Key.Key_Tab)
    trainee.key(Qt.Key.Key_Space)
    trainee.choose("practice_fault", "Too ventral")
    trainee.hand.key("1")
    trainee.press("practice_commit")
    (answer,) = trainee.answers()
    assert (answer.acceptable, answer.fault) == (False, "TOO_VENTRAL")


def test_giving_up_is_asked_twice(practise):
    trainee = practise([TARGET, NAME])
    trainee.press("practice_give_up")
    assert trainee.answers() == []
    assert "Give up" in trainee.hint()
    trainee.press("practice_give_up")
    (answer,) = trainee.answers()
    assert (answer.mark, answer.confidence) == (None, None)


def test_after_the_commit_the_controls_are_dead(practise):
    trainee = practise([TARGET, NAME])
    trainee.hand.click(300, 300)
    trainee.hand.key("1")
    trainee.press("practice_commit")
    sheet = trainee.dock.exercise.sheet
    draft, steps = sheet.draft, sheet.steps
    trainee.hand.drag((300, 300), (350, 350))
    for key in ("P", "Delete", "Left", "2", "K", "K", "Return", "Return"):
        trainee.hand.key(key)
    trainee.hand.key("Z", control=True)
    assert (sheet.draft, sheet.steps) == (draft, steps)
    assert len(trainee.answers()) == 1
    names = ("practice_place", "practice_delete", "practice_undo", "practice_confidence_certain")
    assert not any(trainee.dock.findChild(QWidget, name).isEnabled() for name in names)
    assert not trainee.dock.findChild(QWidget, "practice_commit").isVisible()


def test_the_next_exercise_has_nothing_of_the_one_before(practise):
    trainee = practise([TARGET, NAME, TARGET])
    trainee.hand.click(300, 300)
    trainee.hand.key("1")
    trainee.press("practice_commit")
    trainee.press("practice_next")
    assert trainee.dock.exercise.sheet.question.kind == "name_marked"
    assert not any(trainee.dock.findChild(QWidget, f"practice_confidence_{one}").isChecked()
                   for one in ("certain", "probable", "unsure"))  # fmt: skip
    assert trainee.dock.binding._marks.handles == ()
    images = [layer for layer in trainee.viewer.layers if layer.name == texts.PRACTICE_IMAGE]
    assert len(images) == 1


def test_a_mirrored_picture_takes_its_letters_along_and_marks_keep_their_pixels(practise):
    trainee = practise([TARGET, TARGET], variants=(Variant(), Variant(mirrored=True, contrast=1.2)))
    plain = trainee.dock.binding._letters.texts()
    trainee.hand.key("K")
    trainee.hand.key("K")
    trainee.hand.key("N")
    mirrored = trainee.dock.binding._letters.texts()
    assert (mirrored[1], mirrored[3]) == (plain[3], plain[1])
    assert {plain[1], plain[3]} == {"L", "R"}
    place = target_of("ap", "L3_MB", "right")
    trainee.hand.click(place.row, place.column)
    (point,) = trainee.dock.exercise.sheet.draft.points
    assert abs(point.column - place.column) < 1.5 * trainee.hand.pixel_size()
    trainee.hand.key("Right")
    assert trainee.dock.exercise.sheet.draft.points[0].column == point.column - 1
    assert texts.PRACTICE_MIRRORED in trainee.viewer.canvas.overlays.text.text


def test_on_another_frame_nothing_is_placed_and_a_button_goes_back(practise):
    trainee = practise([NEEDLE])
    trainee.hand.key("Comma")
    trainee.hand.click(200, 220)
    assert trainee.dock.exercise.sheet.draft.points == ()
    assert "Go back" in trainee.hint()
    trainee.press("practice_show_frame")
    trainee.hand.click(200, 220)
    assert len(trainee.dock.exercise.sheet.draft.points) == 1


def test_zoom_and_grey_levels_change_the_picture_and_not_the_answer(practise):
    trainee = practise([TARGET])
    before = trainee.dock.binding.look.limits
    trainee.hand.key("I")
    assert trainee.dock.binding.look.inverted
    canvas = trainee.hand._canvas.native
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyPress(canvas, Qt.Key.Key_Control, control)
    QTest.mousePress(canvas, LEFT, control, QPoint(300, 300))
    trainee.pump(2)
    QTest.mouseMove(canvas, QPoint(400, 300))
    trainee.pump(2)
    QTest.mouseRelease(canvas, LEFT, control, QPoint(400, 300))
    QTest.keyRelease(canvas, Qt.Key.Key_Control)
    trainee.pump(2)
    assert trainee.dock.binding.look.limits != before
    trainee.hand.key("0")
    assert trainee.dock.binding.look.limits == before
    assert not trainee.dock.binding.look.inverted
    assert trainee.dock.exercise.sheet.steps == ()


def test_what_cannot_be_committed_is_said_and_nothing_is_lost(practise):
    trainee = practise([TARGET])
    trainee.hand.key("P")
    trainee.hand.key("1")
    trainee.engine.problem = StoreUnavailableError("the store", "is away", "Try again.")
    trainee.press("practice_commit")
    assert "is away" in trainee.hint()
    assert trainee.dock.exercise.sheet.open
    trainee.engine.problem = None
    trainee.press("practice_commit")
    assert len(trainee.answers()) == 1


def test_nothing_of_the_file_is_written_on_the_window_or_in_its_layers(practise, caplog):
    with caplog.at_level(logging.DEBUG):
        trainee = practise([VIEW])
    series = "lateral"
    path = trainee.dock.binding.current.images[0].path
    shown = [trainee.viewer.canvas.overlays.text.text, trainee.viewer.title, trainee.viewer.status]
    shown += [trainee.window.windowTitle(), *(layer.name for layer in trainee.viewer.layers)]
    shown += [str(layer.metadata) + str(layer.source) for layer in trainee.viewer.layers]
    description = trainee.dock.binding.current.images[0].series_description
    assert description
    for text in map(str, shown):
        assert path.name not in text
        assert description not in text
        assert series not in text.lower()
    assert path.name not in caplog.text


def test_leaving_goes_back_to_the_sets_and_shows_no_image(practise):
    trainee = practise([TARGET])
    trainee.press("practice_leave")
    assert trainee.engine.left == 1
    assert trainee.dock.view.sets.isVisible()
    assert trainee.dock.binding.current is None
    trainee.hand.key("S", shift=True)
    assert trainee.dock.exercise.sheet.open


def test_at_the_end_it_is_said_that_nothing_is_due(practise):
    trainee = practise([TARGET])
    trainee.hand.key("K")
    trainee.hand.key("K")
    trainee.hand.key("N")
    assert texts.PRACTICE_DONE in trainee.hint()
    assert trainee.dock.binding.current is None


def test_the_menu_shows_the_window_that_is_open(practise):
    trainee = practise(start=False)
    assert show_practice(trainee.viewer) is trainee.dock


def test_nothing_is_annotated_in_the_window_of_practice(practise):
    trainee = practise(start=False)
    with pytest.raises(FluoroAnnotatorError, match="window for practice"):
        AnnotateDock(trainee.viewer)


def test_the_table_of_keys_says_what_every_key_does():
    assert set(texts.PRACTICE_KEYS_DO) == {binding.name for binding in PRACTICE_BINDINGS}
    assert len({binding.key for binding in PRACTICE_BINDINGS}) == len(PRACTICE_BINDINGS)
    assert len({binding.action for binding in PRACTICE_BINDINGS}) == len(PRACTICE_BINDINGS)
