"""Views side by side: panes with frames, marks and the mouse of their own."""

from dataclasses import replace
from unittest.mock import MagicMock

import numpy as np
import pytest
from mocked_desk import MockedDesk, mocked
from psygnal import SignalInstance
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QColor, QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QDockWidget

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import Display, scan, views
from fluoro_annotator.errors import DamagedFileError
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from fluoro_annotator.marks import FrameRef, Target
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.companions import CompanionsController
from napari_fluoro_annotator.controllers.guides import Conflict, Guide
from napari_fluoro_annotator.controllers.panes import (
    MOST_PANES,
    CompanionsViewProtocol,
    PaneImage,
    pane_image,
)
from napari_fluoro_annotator.controllers.picture import Picture
from napari_fluoro_annotator.controllers.placing import Placing, Tool
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark, Handle
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.views.companions import CompanionsView
from napari_fluoro_annotator.views.pane_canvas import PaneCanvas

SIGNALS = {
    **dict.fromkeys(("opened", "check_due"), ()),
    "count_chosen": (int,),
    "guides_chosen": (bool,),
    **dict.fromkeys(("view_chosen", "frame_chosen"), (int, int)),
    "swap_requested": (int,),
}


def stacks_of(folder):
    return [ShownFrames(stack.images) for study in scan([folder]).studies for stack in views(study)]


@pytest.fixture
def stacks(study_folder):
    return stacks_of(study_folder)


class Side2Side(MockedDesk):
    """A controller between a mocked view and a mocked binding."""

    def __init__(self, stacks):
        super().__init__(stacks)
        self.view = mocked(CompanionsView, SIGNALS)
        self.view.is_open = False
        self.view.set_open.side_effect = self.set_open
        self.turns, self.binding.look.turned = {}, SignalInstance(())
        self.binding.look.turn_of.side_effect = lambda stack: self.turns.get(stack, AS_STORED)
        self.binding.display_at.side_effect = lambda stack, index: stack.display_at(index)
        self.controller = CompanionsController(self.desk, self.pointer, self.view)

    def set_open(self, open_):
        self.view.is_open = open_
        if open_:
            self.view.opened.emit()

    def shown(self, pane):
        """Return the title of the view in a pane and the frame, as last told to the view."""
        (rows, position) = self.last("set_views", pane)
        index, count = self.last("set_frame", pane)
        return (None if position is None else rows[position]), index, count

    def last(self, method, pane):
        calls = [call.args[1:] for call in getattr(self.view, method).call_args_list if call.args[0] == pane]
        return calls[-1]

    def arm(self, tool=Tool.TARGET):
        placing = Placing(self.desk.anatomy, nerve="L3_MB", side=Side.LEFT, vertebra="L4")
        placing.prepare(tool)
        self.pointer.arm(placing)

    def target(self, stack, index=0, at=(60, 70)):
        site = self.desk.anatomy.site("L3_MB", Side.RIGHT)
        return self.desk.session.add_target(FrameRef(*stack.frame_ref(index)), site, Point(*at))


@pytest.fixture
def side(stacks):
    return Side2Side(stacks)


@pytest.fixture
def opened(side):
    side.controller.side_by_side()
    return side


# ---------------------------------------------------------------------- which view, which frame


def test_the_mock_stands_for_what_the_controller_asks_of_a_view():
    wanted = {
        name
        for name in (*vars(CompanionsViewProtocol), *CompanionsViewProtocol.__annotations__)
        if not name.startswith("_")
    }
    assert wanted <= set(dir(CompanionsView))


def test_while_closed_nothing_is_read_or_drawn(side):
    side.target(side.binding.stacks[1])
    for method in ("set_image", "set_marks", "set_views"):
        getattr(side.view, method).assert_not_called()


def test_panes_show_the_other_views(opened):
    opened.view.set_count.assert_called_with(2)
    assert opened.shown(0) == ("2 Right oblique", 0, 1)
    assert opened.shown(1) == ("3 Needle advance", 0, 8)
    opened.controller.side_by_side()
    opened.view.set_open.assert_called_with(False)


def test_views_from_elsewhere_come_first(tmp_path, write_xa):
    for number, angle in ((1, 0), (2, 25), (3, 4), (4, 90)):
        write_xa(tmp_path / "angles" / f"IM{number}", number=number, PositionerPrimaryAngle=angle)
    side = Side2Side(stacks_of(tmp_path / "angles"))
    side.controller.choose_count(3)
    side.controller.side_by_side()
    assert [side.shown(pane)[0] for pane in range(3)] == ["4 Series 4", "2 Series 2", "3 Series 3"]


def test_a_study_of_one_view_opens_no_pane(stacks):
    side = Side2Side(stacks[:1])
    side.controller.side_by_side()
    assert side.said[-1] == (texts.NO_OTHER_VIEW, True)
    side.view.set_open.assert_not_called()


def test_a_pane_without_a_view_is_empty_and_says_so(opened):
    opened.view.count_chosen.emit(3)
    assert opened.last("set_image", 2) == (None,)
    assert opened.last("set_note", 2) == (texts.NO_VIEW_FOR_PANE,)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (1, 1), (9, MOST_PANES)])
def test_there_are_one_to_three_panes(opened, asked, given):
    opened.view.count_chosen.emit(asked)
    opened.view.set_count.assert_called_with(given)


def test_each_pane_has_its_own_frame_and_a_view_keeps_it(opened):
    opened.view.frame_chosen.emit(1, 5)
    assert opened.shown(1) == ("3 Needle advance", 5, 8)
    assert opened.binding.index == 0
    opened.view.view_chosen.emit(1, 1)
    assert opened.shown(1) == ("2 Right oblique", 0, 1)
    opened.view.view_chosen.emit(1, 2)
    assert opened.shown(1) == ("3 Needle advance", 5, 8)
    opened.view.frame_chosen.emit(1, 99)
    assert opened.shown(1)[1] == 7
    opened.view.view_chosen.emit(1, 17)
    assert opened.shown(1)[1] == 7


def test_a_frame_is_read_once_however_often_marks_are_drawn(opened):
    count = opened.view.set_image.call_count
    opened.target(opened.binding.stacks[1])
    opened.pointer.redraw()
    assert opened.view.set_image.call_count == count


def test_a_frame_is_drawn_anew_when_its_window_or_its_options_changed(opened):
    stack = opened.binding.stacks[1]
    wide = opened.last("set_image", 0)[0].pixels
    opened.binding.display_at.side_effect = lambda stack, index: Display((2000.0, 2100.0), True, False, "")
    opened.view.opened.emit()
    narrow = opened.last("set_image", 0)[0].pixels
    assert np.isin(narrow, (0, 255)).mean() > 0.9 > np.isin(wide, (0, 255)).mean()
    count = opened.view.set_image.call_count
    opened.view.opened.emit()
    assert opened.view.set_image.call_count == count
    stack.choose(replace(stack.options, shutter=False))
    opened.view.opened.emit()
    assert opened.view.set_image.call_count == count + 1


def test_a_frame_whose_file_cannot_be_asked_is_empty(opened):
    opened.binding.display_at.side_effect = DamagedFileError("IM2", "is damaged")
    opened.view.opened.emit()
    assert opened.last("set_image", 0) == (None,)


def test_a_view_lies_in_a_pane_as_it_was_turned_in_the_main_image(opened):
    stack = opened.binding.stacks[1]
    assert opened.last("set_image", 0)[0].turn == AS_STORED
    opened.turns[stack] = Turn(1, mirrored=True)
    opened.binding.look.turned.emit()
    image = opened.last("set_image", 0)[0]
    assert image.turn == Turn(1, mirrored=True)
    assert np.array_equal(image.pixels, stack.picture(0))


def test_pane_and_main_image_change_places(opened):
    stacks = opened.binding.stacks
    opened.view.frame_chosen.emit(1, 4)
    opened.view.swap_requested.emit(1)
    assert (opened.binding.current, opened.binding.index) == (stacks[2], 4)
    assert opened.shown(1) == ("1 AP", 0, 1)
    assert opened.shown(0)[0] == "2 Right oblique"


def test_the_view_that_the_main_image_turns_to_leaves_its_pane(opened):
    opened.show(opened.binding.stacks[1])
    assert opened.shown(0)[0] == "1 AP"


def test_views_of_another_study_are_not_offered(opened, tmp_path, write_xa):
    write_xa(tmp_path / "other" / "IM1", number=1, study="2.25.999")
    other = stacks_of(tmp_path / "other")
    opened.binding.stacks = (*opened.binding.stacks, *other)
    opened.binding.views_changed.emit()
    assert len(opened.last("set_views", 0)[0]) == 3
    opened.show(other[0])
    assert opened.last("set_views", 0) == (["1 Series 1"], None)
    assert opened.last("set_image", 0) == (None,)


def test_a_view_that_was_closed_leaves_its_pane(opened):
    opened.binding.stacks = opened.binding.stacks[:2]
    opened.binding.views_changed.emit()
    assert opened.shown(0)[0] == "2 Right oblique"
    assert opened.last("set_views", 1)[1] is None
    opened.open([])
    opened.binding.views_changed.emit()
    assert opened.last("set_image", 0) == (None,)
    assert not opened.controller.press(0, Point(1, 1), None)


# ---------------------------------------------------------------------- marking in a pane


def test_a_press_in_a_pane_places_on_its_frame(opened):
    opened.view.frame_chosen.emit(1, 3)
    opened.arm()
    assert opened.controller.press(1, Point(20, 30), None)
    (mark,) = opened.desk.session.marks
    assert mark.frame == FrameRef(*opened.binding.stacks[2].frame_ref(3))
    assert (mark.position, mark.site.side) == (Point(20, 30), Side.LEFT)
    assert opened.pointer.tool is None
    assert [drawn.mark for drawn in opened.last("set_marks", 1)[0].marks] == [mark]
    assert opened.last("set_marks", 0)[0].marks == []
    assert opened.desk.session.undo()
    assert opened.last("set_marks", 1)[0].marks == []


def test_a_press_beside_the_image_of_a_pane_is_refused(opened):
    opened.arm()
    opened.controller.press(0, Point(20, 3000), None)
    assert opened.desk.session.marks == ()
    assert "lies outside the image" in opened.said[-1][0]


def test_nothing_is_marked_on_a_frame_that_cannot_be_read(opened):
    stack = opened.binding.stacks[1]
    stack._remember(0, "IM2: is damaged")
    opened.arm()
    assert opened.controller.press(0, Point(20, 30), None)
    assert opened.desk.session.marks == ()
    assert opened.said[-1] == (texts.UNREADABLE.format(problem="IM2: is damaged"), True)


def test_tip_and_hub_belong_on_one_frame(opened):
    opened.arm(Tool.NEEDLE)
    opened.controller.press(1, Point(20, 30), None)
    assert opened.last("set_marks", 1)[0].waiting == (Point(20, 30),)
    opened.controller.press(0, Point(40, 50), None)
    assert opened.said[-1] == (texts.OTHER_FRAME, True)
    assert opened.desk.session.marks == ()


def test_a_tip_is_forgotten_with_its_frame_but_not_with_another_pane(opened):
    opened.arm(Tool.NEEDLE)
    opened.controller.press(1, Point(20, 30), None)
    opened.view.view_chosen.emit(0, 0)
    assert opened.last("set_marks", 1)[0].waiting == (Point(20, 30),)
    opened.view.frame_chosen.emit(1, 6)
    assert opened.last("set_marks", 1)[0].waiting == ()
    opened.controller.press(1, Point(1, 2), None)
    opened.controller.press(1, Point(20, 30), None)
    (needle,) = opened.desk.session.marks
    assert (needle.tip, needle.frame.frame_number) == (Point(1, 2), 7)


def test_a_mark_is_selected_and_dragged_in_a_pane(opened):
    mark = opened.target(opened.binding.stacks[1])
    handle = Handle(mark.mark_id, "position", mark.position, "disc", "", selected=False)
    assert opened.controller.press(0, Point(61, 70), handle)
    assert opened.desk.session.selected == mark.mark_id
    opened.controller.drag(0, Point(81, 100))
    (drawn,) = opened.last("set_marks", 0)[0].marks
    assert drawn.mark.position == Point(80, 100)
    assert opened.desk.session.marks[0].position == Point(60, 70)
    opened.controller.release(0, Point(81, 100))
    assert opened.desk.session.marks[0].position == Point(80, 100)


def test_the_loupe_does_not_show_the_main_image_while_a_pane_is_worked_in(opened):
    shown = []
    opened.pointer.point_shown.connect(shown.append)
    for pane, stack in ((0, opened.binding.stacks[1]), (None, opened.binding.stacks[0])):
        mark = opened.target(stack)
        handle = Handle(mark.mark_id, "position", mark.position, "disc", "", selected=False)
        press = opened.pointer.press if pane is None else lambda *held: opened.controller.press(0, *held)
        press(mark.position, handle)
        opened.pointer.drag(Point(80, 90))
        opened.pointer.release(Point(80, 90))
    assert [point for point in shown if point is not None] == [Point(80, 90)]


def test_with_shift_a_needle_is_bent_in_a_pane_and_nothing_else_happens(opened):
    taken = []
    opened.pointer.give_shifted_presses_to(taken.append)
    assert not opened.controller.press(0, Point(20, 30), None, shifted=True)
    opened.arm(Tool.NEEDLE)
    for place, shifted in (((20, 30), False), ((40, 50), True), ((60, 55), False)):
        opened.controller.press(0, Point(*place), None, shifted=shifted)
    (needle,) = opened.desk.session.marks
    assert needle.path == (Point(20, 30), Point(40, 50), Point(60, 55))
    assert taken == []


def test_a_press_on_nothing_is_left_to_panning_and_selects_nothing(opened):
    mark = opened.target(opened.binding.stacks[1])
    opened.desk.session.select(mark.mark_id)
    assert not opened.controller.press(0, Point(1, 1), None)
    assert opened.desk.session.selected is None


def test_while_a_cine_is_played_the_panes_stay_as_they_are(opened):
    opened.binding.playing = True
    count = opened.view.set_marks.call_count
    opened.show(opened.binding.current, 0)
    assert opened.view.set_marks.call_count == count


# ---------------------------------------------------------------------- notes and warnings


def test_the_note_says_what_the_guide_assumes_or_why_there_is_none(opened):
    mark = opened.target(opened.binding.stacks[0])
    opened.desk.session.select(mark.mark_id)
    (note,) = opened.last("set_note", 0)
    assert note.startswith("No guide line: first view: the header does not state both positioner angles")
    opened.view.set_main_note.assert_called_with("")
    opened.show(opened.binding.stacks[2])
    assert opened.view.set_main_note.call_args.args[0].startswith("Main image: No guide line: ")
    opened.view.guides_chosen.emit(False)
    assert opened.last("set_note", 0) == ("",)


def test_a_guide_line_reaches_the_pane_and_the_main_image(opened, monkeypatch):
    line = DrawnLine(points=(Point(1, 1), Point(2, 2)), dashed=True)
    monkeypatch.setattr(opened.controller.guides, "guide", lambda frame: Guide(line, "why"))
    monkeypatch.setattr(opened.controller.guides, "shown", True)
    opened.pointer.redraw()
    assert opened.last("set_marks", 0)[0].lines == [line]
    assert opened.last("set_note", 0) == ("why",)
    assert opened.binding.draw.call_args.args[2] == [line]


def test_conflicts_are_listed_and_only_new_ones_are_said(opened, monkeypatch):
    found = [Conflict(("a", "b"), "they cannot be one")]
    monkeypatch.setattr(opened.controller.guides, "conflicts", lambda shown: tuple(found))
    opened.view.check_due.emit()
    opened.view.set_conflicts.assert_called_with("they cannot be one")
    assert opened.said == []  # it was so when the study was opened
    opened.target(opened.binding.stacks[0])
    opened.view.check_in.assert_called_with(250)
    found.append(Conflict(("a", "c"), "nor can these"))
    opened.view.check_due.emit()
    opened.view.check_due.emit()
    assert opened.said == [("nor can these", True)]
    opened.view.set_conflicts.assert_called_with("they cannot be one\nnor can these")
    found += [Conflict(("c", "d"), "third"), Conflict(("c", "e"), "fourth")]
    opened.view.check_due.emit()
    listed = opened.view.set_conflicts.call_args.args[0].splitlines()
    assert listed == ["they cannot be one", "nor can these", texts.MORE_CONFLICTS.format(count=2)]
    found.clear()
    opened.view.check_due.emit()
    opened.view.set_conflicts.assert_called_with("")


def test_marks_are_not_compared_while_a_cine_is_played(opened, monkeypatch):
    asked = MagicMock(return_value=())
    monkeypatch.setattr(opened.controller.guides, "conflicts", asked)
    opened.binding.playing = True
    opened.view.check_due.emit()
    asked.assert_not_called()
    opened.binding.playing = False
    opened.view.check_due.emit()
    asked.assert_called_once()
    assert set(asked.call_args.args[0]) == {FrameRef(*stack.frame_ref(0)) for stack in opened.binding.stacks}


def test_frames_that_were_late_are_shown_when_they_are_there(opened):
    stack = opened.binding.stacks[1]
    stack._remember(0, texts.STILL_READING)
    opened.pointer.redraw()
    assert texts.STILL_READING in opened.last("set_note", 0)[0]
    stack._problems.clear()
    count = opened.view.set_image.call_count
    stack._remember(0, texts.STILL_READING)
    opened.binding.frame_changed.emit()
    assert opened.view.set_image.call_count == count + 1
    assert opened.last("set_note", 0) == ("",)


def test_after_closing_nobody_is_listened_to(opened):
    opened.controller.close()
    opened.controller.close()
    opened.view.reset_mock()
    for name in SIGNALS:
        assert len(getattr(opened.view, name)) == 0
    opened.target(opened.binding.stacks[0])
    opened.show(opened.binding.stacks[1])
    assert opened.view.method_calls == []


# ---------------------------------------------------------------------- the picture


def test_a_pane_shows_the_window_of_the_file_and_its_letters(tmp_path, write_xa):
    pixels = write_xa(
        tmp_path / "one" / "IM1",
        number=1,
        PhotometricInterpretation="MONOCHROME1",
        WindowCenter=1500,
        WindowWidth=1000,
        PatientOrientation=["L", "F"],
        PixelAspectRatio=["6", "5"],
    )
    (stack,) = stacks_of(tmp_path / "one")
    image = pane_image(stack, 0, stack.display_at(0))
    assert (image.aspect, image.letters) == (1.2, ("H", "L", "F", "R"))
    assert pane_image(stack, 0, stack.display_at(0), Turn(1)).letters == ("R", "H", "L", "F")
    assert pane_image(stack, 0, stack.display_at(0), Turn(mirrored=True)).letters == ("H", "R", "F", "L")
    assert image.pixels.dtype == np.uint8
    assert np.array_equal(image.pixels, stack.picture(0))
    assert image.pixels[pixels[0] > 2100].max() == 0


@pytest.fixture
def canvas(qapp):
    canvas = PaneCanvas()
    canvas.resize(400, 300)
    yield canvas
    canvas.close()
    canvas.deleteLater()


def an_image(key="one", rows=100, columns=200, aspect=1.0, value=200):
    return PaneImage(key, np.full((rows, columns), value, np.uint8), aspect, ("H", "L", "F", "R"))


def test_image_and_screen_are_inverse_at_every_zoom_and_aspect(canvas):
    for aspect in (1.0, 1.2, 0.5):
        canvas.set_image(an_image(f"aspect {aspect}", aspect=aspect))
        assert canvas.to_screen(Point(49.5, 99.5)) == QPointF(200, 150)
        for point in (Point(0, 0), Point(31.5, 170.25)):
            assert canvas.to_image(canvas.to_screen(point)) == pytest.approx(point)


def turn_wheel(canvas, at, notches):
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_a_turned_image_lies_as_the_turn_says_with_its_marks_on_the_same_pixels(canvas, turn):
    """A bright pixel off all axes of symmetry is seen where its place is said to be, and nowhere else."""
    pixels = np.zeros((40, 60), np.uint8)
    pixels[5, 50] = 255
    canvas.set_image(PaneImage("one", pixels, aspect=1.5, turn=turn))
    place = canvas.to_screen(Point(5, 50))
    assert canvas.to_image(place) == pytest.approx((5, 50))
    seen = canvas.grab().toImage()
    assert seen.pixelColor(place.toPoint()).lightness() > 200
    for other in {Point(5, 9), Point(34, 50), Point(34, 9)}:
        assert seen.pixelColor(canvas.to_screen(other).toPoint()).lightness() < 50
    expected = turn.to_display(Point(5, 50), (40, 60))
    middle = [(size - 1) / 2 for size in turn.shape((40, 60))]
    assert (place.x() > canvas.width() / 2) == (expected.column > middle[1])
    assert (place.y() > canvas.height() / 2) == (expected.row > middle[0])


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_wheel_and_drag_work_on_a_turned_image(canvas, turn):
    canvas.set_image(PaneImage("one", np.zeros((40, 60), np.uint8), aspect=1.5, turn=turn))
    canvas.set_mouse((lambda *_: False, lambda _: None, lambda _: None))
    place = QPoint(130, 90)
    before = canvas.to_image(QPointF(place))
    turn_wheel(canvas, place, 2)
    assert canvas.to_image(QPointF(place)) == pytest.approx(before)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(canvas, QPoint(170, 120))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(170, 120))
    assert canvas.to_image(QPointF(170, 120)) == pytest.approx(before)


def test_a_pane_that_does_not_know_the_side_says_so(canvas):
    canvas.set_image(PaneImage("one", np.zeros((40, 60), np.uint8)))
    without = canvas.grab().toImage()
    canvas.set_image(PaneImage("one", np.zeros((40, 60), np.uint8), letters=("H", "L", "F", "R")))
    assert orange(without)
    assert not orange(canvas.grab().toImage())


def orange(seen):
    wanted = QColor(styles.ORANGE)
    return any(
        seen.pixelColor(column, row) == wanted
        for row in range(seen.height())
        for column in range(seen.width())
    )


def test_the_wheel_zooms_about_the_mouse_and_every_view_keeps_its_own(canvas):
    canvas.set_image(an_image())
    before = canvas.look
    held = canvas.to_image(QPointF(100, 200))
    turn_wheel(canvas, QPoint(100, 200), 3)
    assert canvas.look.scale == pytest.approx(before.scale * 1.2**3)
    assert canvas.to_image(QPointF(100, 200)) == pytest.approx(held)
    zoomed = canvas.look
    canvas.set_image(an_image("two"))
    assert canvas.look == before
    canvas.set_image(an_image())
    assert canvas.look == zoomed
    canvas.fit()
    assert canvas.look == before
    turn_wheel(canvas, QPoint(100, 200), -50)
    assert canvas.look.scale == pytest.approx(before.scale / 2)
    turn_wheel(canvas, QPoint(100, 200), 500)
    assert canvas.look.scale == 40


def test_what_nobody_wants_moves_the_image(canvas):
    canvas.set_image(an_image())
    told = []
    canvas.set_mouse((lambda point, *_: bool(told.append(point)), told.append, told.append))
    middle = canvas.to_image(QPointF(200, 150))
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, Qt.KeyboardModifier.NoModifier, QPoint(200, 150))
    QTest.mouseMove(canvas, QPoint(230, 160))
    QTest.mouseRelease(canvas, left, Qt.KeyboardModifier.NoModifier, QPoint(230, 160))
    assert told == [middle]
    assert canvas.to_image(QPointF(230, 160)) == pytest.approx(middle)


def test_with_a_modifier_nothing_is_marked(canvas):
    canvas.set_image(an_image())
    told = []
    canvas.set_mouse((lambda point, *_: bool(told.append(point)), told.append, told.append))
    for modifier in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, QPoint(200, 150))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, QPoint(200, 150))
    QTest.keyRelease(canvas, Qt.Key.Key_Control)
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(200, 150))
    assert told == []


def drawn_on(canvas, anatomy, **changes):
    site = anatomy.site("L3_MB", Side.RIGHT)
    mark = Target(frame=FrameRef("2.25.1", 1), site=site, position=Point(50, 100))
    canvas.set_marks(Picture([DrawnMark(mark, "L3", **changes)], (Point(10, 20),), []))
    return mark


def test_marks_are_found_within_reach_and_waiting_points_are_not(canvas, anatomy):
    canvas.set_image(an_image())
    mark = drawn_on(canvas, anatomy)
    place = canvas.to_screen(mark.position)
    assert canvas.handle_at(place + QPointF(10, 5)).mark_id == mark.mark_id
    assert canvas.handle_at(place + QPointF(20, 0)) is None
    assert canvas.handle_at(canvas.to_screen(Point(10, 20))) is None


def colour_at(canvas, place):
    return canvas.grab().toImage().pixelColor(place.toPoint())


def test_what_is_drawn_is_at_its_place(canvas, anatomy):
    canvas.set_image(an_image())
    assert colour_at(canvas, QPointF(200, 150)).getRgb()[:3] == (200, 200, 200)
    assert colour_at(canvas, QPointF(200, 20)).getRgb()[:3] == (0, 0, 0)
    mark = drawn_on(canvas, anatomy, selected=True)
    ring = canvas.to_screen(mark.position) - QPointF(0, 9)
    assert colour_at(canvas, ring).getRgb()[:3] == (255, 255, 255)
    line = DrawnLine(points=(Point(20, 10), Point(20, 190)), colour="#D55E00")
    canvas.set_marks(Picture([], (), [line]))
    red, green, blue, _ = colour_at(canvas, canvas.to_screen(Point(20, 60))).getRgb()
    assert red > green + 40 > blue + 40


def test_a_name_stays_within_the_pane(canvas, anatomy):
    canvas.set_image(an_image(rows=300, columns=400, value=0))
    site = anatomy.site("L3_MB", Side.RIGHT)
    for row, column in ((1, 1), (1, 398), (298, 1), (298, 398)):
        mark = Target(frame=FrameRef("2.25.1", 1), site=site, position=Point(row, column))
        canvas.set_marks(Picture([DrawnMark(mark, "first line, at L4")], (), []))
        picture = canvas.grab().toImage()
        picture = picture.convertToFormat(picture.Format.Format_Grayscale8)
        seen = np.array(picture.constBits()).reshape(picture.height(), -1)[:, : picture.width()] > 60
        seen[max(0, row - 14) : row + 14, max(0, column - 14) : column + 14] = False
        seen[:22, 180:220] = seen[-22:, 180:220] = seen[130:170, :20] = seen[130:170, -20:] = False
        rows, columns = np.nonzero(seen)
        assert rows.size > 60
        assert min(rows.min(), columns.min()) >= 1
        assert (rows.max(), columns.max()) <= (298, 398)
        assert rows.max() - rows.min() > 18  # both lines of it


def test_an_empty_pane_is_black(canvas):
    canvas.set_image(None)
    assert colour_at(canvas, QPointF(200, 150)).getRgb()[:3] == (0, 0, 0)
    canvas.mousePressEvent(
        type(
            "Press",
            (),
            {"position": lambda self: QPointF(1, 1), "button": lambda self: Qt.MouseButton.LeftButton},
        )()
    )
    assert canvas.look.scale == 1.0


# ---------------------------------------------------------------------- in a real window


class PaneHand:
    """Real presses in a pane."""

    def __init__(self, dock, pane, pump):
        self.canvas, self._pump = dock.companions_view.panes[pane].canvas, pump

    def _at(self, row, column):
        return self.canvas.to_screen(Point(row, column)).toPoint()

    def click(self, row, column):
        self.drag((row, column))

    def drag(self, *places):
        left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.canvas, left, no, self._at(*places[0]))
        for place in places[1:]:
            QTest.mouseMove(self.canvas, self._at(*place))
            self._pump(1)
        QTest.mouseRelease(self.canvas, left, no, self._at(*places[-1]))
        self._pump(2)


def docks_shown(viewer):
    window = viewer.window._qt_window
    return {dock.windowTitle() for dock in window.findChildren(QDockWidget) if dock.isVisible()}


@pytest.mark.gui
def test_marking_in_a_pane_of_a_real_window(open_window, pump):
    viewer, dock, hand = open_window()
    before = docks_shown(viewer)
    hand.key("B")
    pump(5)
    assert texts.SIDE_BY_SIDE in docks_shown(viewer)
    assert not {"layer list", "layer controls"} & docks_shown(viewer)
    assert dock.companions_view.width() > 250
    dock.view.nerve_chosen.emit("L3_MB")
    dock.view.side_chosen.emit("right")
    hand.key("T")
    pane = PaneHand(dock, 0, pump)
    pane.click(80, 90)
    (mark,) = dock.desk.session.marks
    assert mark.frame.sop_instance_uid == dock.binding.stacks[1].images[0].sop_instance_uid
    reach = 1 / pane.canvas.look.scale
    assert mark.position == pytest.approx((80, 90), abs=reach)
    pane.drag((80, 90), (84, 95), (100, 120))
    assert dock.desk.session.marks[0].position == pytest.approx((100, 120), abs=2 * reach)
    pane.canvas.setFocus()
    pump(2)
    QTest.keyClick(pane.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyRelease(pane.canvas, Qt.Key.Key_Control)
    pump(2)
    assert dock.desk.session.marks[0].position == mark.position
    assert len(dock.store.revisions(dock.desk.session.reading.reading_id)) == 3
    hand.key("B")
    pump(5)
    assert docks_shown(viewer) == before


@pytest.mark.gui
def test_a_view_turned_in_the_main_image_lies_so_in_its_pane_and_takes_marks_there(
    open_window, tmp_path, write_xa, pump
):
    for number in (1, 2):
        write_xa(tmp_path / "sides" / f"IM{number}", number=number, PatientOrientation=["L", "F"])
    _, dock, hand = open_window(tmp_path / "sides")
    dock.view.nerve_chosen.emit("L3_MB")
    dock.view.side_chosen.emit("right")
    hand.key("F")
    hand.key("R")
    main = dock.binding._letters.texts()
    assert main != ("H", "L", "F", "R")
    turned = dock.binding.stacks[0]
    hand.key("B")
    pump(3)
    dock.binding.show(dock.binding.stacks[1])
    pump(3)
    pane = PaneHand(dock, 0, pump)
    assert dock.companions._panes[0].stack is turned
    assert tuple(pane.canvas._image.letters) == main
    assert dock.binding._letters.texts() == ("H", "L", "F", "R")
    hand.key("T")
    pane.click(80, 90)
    (mark,) = dock.desk.session.marks
    assert mark.frame.sop_instance_uid == turned.images[0].sop_instance_uid
    assert mark.position == pytest.approx((80, 90), abs=1 / pane.canvas.look.scale)
    dock.binding.show(turned)
    pump(3)
    hand.drag((80, 90), (100, 120))
    assert dock.desk.session.marks[0].position.distance(Point(100, 120)) < 3 * hand.pixel_size()


@pytest.mark.gui
def test_panes_come_and_go_with_their_window(open_window, pump, study_folder):
    from napari_fluoro_annotator.dock import AnnotateDock

    viewer, dock, hand = open_window()
    hand.key("B")
    pump(3)
    dock.companions_view.findChild(object, "pane_slider_1").setValue(4)
    assert dock.companions_view.findChild(object, "pane_slider_1").maximum() == 7
    assert dock.companions._panes[1].index == 4
    dock.companions_view.findChild(object, "pane_swap_1").click()
    pump(3)
    assert (dock.binding.current, dock.binding.index) == (dock.binding.stacks[2], 4)
    dock.companions_view.findChild(object, "close_panes").click()
    pump(3)
    assert texts.SIDE_BY_SIDE not in docks_shown(viewer)
    other = AnnotateDock(viewer, store=dock.store, reader="tester")
    viewer.window.add_dock_widget(other, name="again", area="right")
    pump(3)
    assert list(viewer.window.dock_widgets).count(texts.SIDE_BY_SIDE) == 1
    assert viewer.window.dock_widgets[texts.SIDE_BY_SIDE] is other.companions_view
    assert dock.companions_view.panes[0].canvas._mouse is not None
    assert not dock.companions.press(0, Point(1, 1), None)


@pytest.mark.gui
def test_a_pane_keeps_the_window_that_was_set_for_its_view(open_window, pump):
    _viewer, dock, hand = open_window()
    first = dock.binding.current
    dock.binding.look.set_limits((2000.0, 2100.0))
    dock.binding.look.set_inverted(True)
    dock.binding.show(dock.binding.stacks[1])
    hand.key("B")
    pump(3)
    number = next(number for number, pane in enumerate(dock.companions._panes) if pane.stack is first)
    assert number < 2
    shown = dock.companions_view.panes[number].canvas._image.pixels
    assert np.array_equal(shown == 255, first.frame(0) <= 2000)
    assert np.array_equal(shown == 0, first.frame(0) >= 2100)
    other = dock.companions_view.panes[1 - number].canvas._image.pixels
    assert np.isin(other, (0, 255)).mean() < 0.1


@pytest.mark.gui
def test_a_window_closed_in_the_middle_of_a_drag_in_a_pane_loses_and_moves_nothing(
    open_window, pump, tmp_path, close_window
):
    from fluoro_annotator.store import open_store

    viewer, dock, hand = open_window()
    hand.key("B")
    pump(3)
    stack = dock.companions._panes[0].stack
    site = dock.desk.anatomy.site("L3_MB", Side.RIGHT)
    mark = dock.desk.session.add_target(FrameRef(*stack.frame_ref(0)), site, Point(80, 90))
    pump(2)
    canvas = dock.companions_view.panes[0].canvas
    place = canvas.to_screen(mark.position).toPoint()
    left, no = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, left, no, place)
    QTest.mouseMove(canvas, place + QPoint(30, 30))
    pump(1)
    assert dock.pointer.dragging
    close_window(viewer)
    with open_store(tmp_path / "readings.sqlite") as store:
        (reading,) = store.readings(reader="tester")
        (revision,) = store.revisions(reading.reading_id)
    assert revision.draft.mark == mark


@pytest.mark.gui
def test_the_band_and_its_text_are_drawn_in_the_main_image_too(open_window, pump):
    import json
    from pathlib import Path

    samples = Path(__file__).resolve().parents[2] / "sample_dicoms"
    truth = json.loads((samples / "truth.json").read_text(encoding="utf-8"))["images"]
    viewer, dock, hand = open_window(samples / "lumbar")
    session, made = dock.desk.session, {}
    for uid, image in truth.items():
        for target in image["targets"]:
            name = (image["series"], target["nerve"])
            wanted = {("ap", "L3_MB"), ("ap", "L4_MB"), ("lateral", "L4_MB")}
            if name in wanted and target["side"] == "right":
                site = session.anatomy.site(target["nerve"], Side.RIGHT)
                place = Point(target["row"], target["column"])
                made[name] = session.add_target(FrameRef(uid, 1), site, place)
    session.select(made["ap", "L3_MB"].mark_id)
    hand.key("B")
    pump(3)
    pane = dock.companions_view.panes[0]
    assert pane.canvas._picture.lines[0].dashed
    assert "one point" in pane._note.text()
    assert "Guide lines" not in viewer.layers or len(viewer.layers["Guide lines"].data) == 0
    dock.companions_view.findChild(object, "pane_swap_0").click()
    pump(3)
    assert len(viewer.layers["Guide lines"].data) > 10
    assert any("in this band" in text for text in viewer.layers["Mark names"].text.values)
    assert "one point" in dock.companions_view._main_note.text()
    assert pane.canvas._picture.lines == []
    dock.companions_view.findChild(object, "guides").click()
    pump(2)
    assert len(viewer.layers["Guide lines"].data) == 0


def test_what_the_panes_leave_is_for_the_image(open_window, pump):
    viewer, dock, hand = open_window()
    viewer.window.resize(1366, 768)
    pump(5)
    image, before = viewer.window._qt_viewer.canvas.native, dock.width()
    seen = image.width()
    hand.key("B")
    pump(10)
    hand.key("B")
    pump(10)
    assert dock.width() == pytest.approx(before, abs=20)
    assert image.width() == pytest.approx(seen, abs=40)
