"""The feedback in a real window: layers after an answer, nothing in them before it and after it was taken away."""

from dataclasses import dataclass

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import AS_STORED
from fluoro_annotator.marks import Landmark, MarkConfidence, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import (
    ImageFacts,
    Marking,
    PlaceByName,
    PlacedAnswer,
    Role,
    Setting,
    score,
)
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.controllers.practice_feedback import Answered, FeedbackController
from napari_fluoro_annotator.feedback_looks import FEEDBACK_LINES, FEEDBACK_NAMES, FEEDBACK_PLACES, LOOKS

pytestmark = pytest.mark.gui

ANATOMY = load_anatomy()
L3, L4 = (ANATOMY.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))
AT = {L3: Point(60.0, 150.0), L4: Point(130.0, 160.0)}
HERE = (FEEDBACK_LINES, FEEDBACK_PLACES, FEEDBACK_NAMES)


@dataclass
class Bone:
    vertebra: str
    points: tuple


@dataclass
class Step:
    seconds: float
    what: str
    record: dict


def experts_of(frame, count=1):
    made = []
    for number in range(count):
        records = [
            Target(frame=frame, site=site, position=Point(at.row + number, at.column))
            for site, at in AT.items()
        ]
        for name, column in (("tp_border_medial", 140.0), ("tp_border_lateral", 190.0)):
            records.append(
                Landmark(frame=frame, name=name, vertebra="L4", side=Side.RIGHT, position=Point(40.0, column))
            )
        made.append(Marking(f"Expert {number}", tuple(records)))
    return tuple(made)


def answered(frame, place, *, experts=1, steps=()):
    setting = Setting(
        protocol=load_protocols(folders=()).get("lumbar_mbb"),
        references=experts_of(frame, experts),
        frame=frame,
        image=ImageFacts(view="AP_TRUE", orientation=("R", "F")),
    )
    exercise = PlaceByName(setting, L3)
    mark = Target(frame=frame, site=L3, position=Point(*place))
    answer = PlacedAnswer(mark=mark, confidence=MarkConfidence.CERTAIN)
    square = ((45, 70), (45, 130), (85, 130), (85, 70))
    bones = tuple(
        Bone(name, tuple(Point(r + down, c) for r, c in square)) for name, down in (("L4", 0), ("L5", 70))
    )
    return Answered(
        frame=frame,
        exercise=exercise,
        answer=answer,
        score=score(exercise, answer),
        outlines=bones,
        steps=steps,
        seconds=8.0 if steps else None,
    )


@pytest.fixture
def window(open_window, qapp):
    """Return a viewer, its binding, a controller and the view of the feedback in a dock."""
    from napari_fluoro_annotator.views.practice_feedback import FeedbackView

    viewer, dock, _ = open_window()
    view = FeedbackView()
    viewer.window.add_dock_widget(view, name="Feedback", area="left")
    controller = FeedbackController(dock.binding, view)
    yield viewer, dock.binding, controller, view
    controller.close()


def ours(viewer):
    return [layer.name for layer in viewer.layers if layer.name in HERE]


def places(viewer, role):
    """Return where something with the look of a role lies."""
    layer = viewer.layers[FEEDBACK_PLACES]
    wanted = np.array(styles.rgba(LOOKS[role].colour))
    symbols = [str(symbol) for symbol in layer.symbol]
    return [
        tuple(point)
        for point, colour, symbol in zip(layer.data, layer.border_color, symbols, strict=True)
        if np.allclose(colour, wanted, atol=0.01) and symbol.lower().endswith(LOOKS[role].symbol)
    ]


def words(viewer):
    """Return what is written on the image, once for each text."""
    return set(viewer.layers[FEEDBACK_NAMES].text.string.array if FEEDBACK_NAMES in viewer.layers else ())


def test_there_is_no_layer_before_an_answer_and_nothing_in_them_afterwards(window):
    viewer, binding, controller, view = window
    assert ours(viewer) == []
    assert not view.isVisible()
    controller.show_answered(answered(binding.frame, (135, 165)))
    assert ours(viewer) == list(HERE)
    assert view.isVisible()
    controller.clear()
    assert all(len(viewer.layers[name].data) == 0 for name in HERE)
    assert not view.isVisible()
    assert not any(label.text() for label in view._said.parentWidget().findChildren(type(view._first)))


def test_a_wrong_level_is_drawn_with_both_places_and_said_first(window):
    viewer, binding, controller, view = window
    controller.show_answered(answered(binding.frame, (135, 165)))
    assert places(viewer, Role.ANSWER) == [(135.0, 165.0)]
    assert places(viewer, Role.REFERENCE) == [tuple(AT[L3])]
    assert places(viewer, Role.ELSEWHERE) == [tuple(AT[L4])]
    written = words(viewer)
    assert {"your mark", "Expert 0", "L4", "L5", "safety line"} <= written
    assert not any(" px" in text or " mm" in text for text in written)
    assert view._first.text() == "You were certain, and it is wrong."
    assert view._title.text().endswith("Wrong level")


def test_three_experts_are_all_drawn(window):
    viewer, binding, controller, _ = window
    controller.show_answered(answered(binding.frame, (80, 165), experts=3))
    assert len(places(viewer, Role.REFERENCE)) == 3
    assert places(viewer, Role.MIDDLE) == [(61.0, 150.0)]
    assert "3 experts" in words(viewer)


def test_a_mirrored_image_keeps_everything_on_its_pixels(window, pump):
    viewer, binding, controller, _ = window
    controller.show_answered(answered(binding.frame, (80, 165)))
    before = {name: np.array(viewer.layers[name].data) for name in HERE[:2]}
    image = next(layer for layer in viewer.layers if layer.name == "1 AP")
    binding.look.set_turn(AS_STORED.flipped())
    pump()
    for name in HERE[:2]:
        layer = viewer.layers[name]
        assert layer.data_to_world((80, 165)) == pytest.approx(image.data_to_world((0, 80, 165))[-2:])
    assert np.array_equal(viewer.layers[FEEDBACK_PLACES].data, before[FEEDBACK_PLACES])
    lines = viewer.layers[FEEDBACK_LINES].data
    half = len(lines) // 2
    assert np.array_equal(lines[half:], before[FEEDBACK_LINES][half:])


def test_names_lie_clear_of_each_other_and_of_the_marks(window, pump):
    viewer, binding, controller, _ = window
    controller.show_answered(answered(binding.frame, (66, 154), experts=2))
    pump()
    boxes = []
    layer, zoom = viewer.layers[FEEDBACK_NAMES], viewer.scene.camera.zoom
    for text, point in dict(zip(layer.text.string.array, layer.data, strict=True)).items():
        lines = text.split("\n")
        width = styles.CHARACTER_WIDTH * max(map(len, lines)) / zoom
        boxes.append((point, (point[0] + styles.LINE_HEIGHT * len(lines) / zoom, point[1] + width)))
    assert len(boxes) >= 5
    for number, (start, end) in enumerate(boxes):
        for other_start, other_end in boxes[:number]:
            apart = (
                end[0] <= other_start[0] + 1
                or other_end[0] <= start[0] + 1
                or end[1] <= other_start[1] + 1
                or other_end[1] <= start[1] + 1
            )
            assert apart


@pytest.mark.parametrize("factor", [0.5, 4])
def test_symbols_keep_their_size_on_the_screen(window, factor):
    viewer, binding, controller, _ = window
    controller.show_answered(answered(binding.frame, (80, 165)))
    viewer.scene.camera.zoom *= factor
    sizes = {round(float(size)) for size in viewer.layers[FEEDBACK_PLACES].size * viewer.scene.camera.zoom}
    assert sizes == {LOOKS[Role.ANSWER].size, LOOKS[Role.REFERENCE].size}


def test_on_another_frame_of_the_image_nothing_is_drawn(window):
    viewer, binding, controller, _ = window
    cine = binding.stacks[2]
    binding.show(cine, 4)
    controller.show_answered(answered(binding.frame, (80, 165)))
    assert len(viewer.layers[FEEDBACK_PLACES].data)
    viewer.dims.set_current_step(0, 5)
    assert not any(len(viewer.layers[name].data) for name in HERE)
    viewer.dims.set_current_step(0, 4)
    assert len(viewer.layers[FEEDBACK_PLACES].data)


def test_the_own_steps_by_slider_and_keys(window, pump):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    viewer, binding, controller, view = window
    steps = (
        Step(1.0, "add", {"points": [[30, 40]]}),
        Step(2.0, "move", {"points": [[80, 165]]}),
    )
    controller.show_answered(answered(binding.frame, (80, 165), steps=steps))
    pump()
    assert view._replay.isVisible()
    assert view._moment.text() == "4 of 4, 8.0 s: Committed."
    view._slider.setFocus()
    QTest.keyClick(view._slider, Qt.Key.Key_Home)
    QTest.keyClick(view._slider, Qt.Key.Key_Right)
    assert view._moment.text() == "2 of 4, 1.0 s: Placed."
    assert places(viewer, Role.REPLAYED) == [(30.0, 40.0)]
    QTest.mouseClick(view._on, Qt.MouseButton.LeftButton)
    assert view._moment.text() == "3 of 4, 2.0 s: Moved."
    QTest.mouseClick(view._play, Qt.MouseButton.LeftButton)
    assert view._play.text() == "Pause"
    for _ in range(200):
        pump(2)
        if view._play.text() == "Play":
            break
    assert view._moment.text().startswith("4 of 4")


def test_details_are_hidden_until_they_are_asked_for(window, pump):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    _, binding, controller, view = window
    controller.show_answered(answered(binding.frame, (80, 165)))
    pump()
    assert not view._details.isVisible()
    QTest.mouseClick(view._details_button, Qt.MouseButton.LeftButton)
    assert view._details.isVisible()
    said = " ".join(label.text() for label in view._details.findChildren(type(view._first)))
    assert " px" in said
    assert "not validated" in said
    assert "BARNSLEY1993:" in said


def test_a_layer_that_somebody_deletes_is_made_again(window):
    viewer, binding, controller, _ = window
    controller.show_answered(answered(binding.frame, (80, 165)))
    viewer.layers.remove(viewer.layers[FEEDBACK_LINES])
    controller.show_answered(answered(binding.frame, (81, 165)))
    assert len(viewer.layers[FEEDBACK_LINES].data)
