"""The Needle page without a window: shapes, landmarks, bends, needles as instruments, points, events."""

from unittest.mock import MagicMock

import numpy as np
import pytest
from mocked_desk import MockedDesk, mocked, stacks_of
from napari.layers import Image

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource, Point, measure
from fluoro_annotator.geometry.orientation import AS_STORED, Turn
from fluoro_annotator.marks import (
    CalibrationMethod,
    Change,
    EventKind,
    FrameRef,
    MarkKind,
    Needle,
    NeedleStatus,
    TargetZone,
    UserCalibration,
    ZoneForm,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.active_tip import active_tip_bar
from napari_fluoro_annotator.controllers.cine import CineController
from napari_fluoro_annotator.controllers.events import EventsController, EventsViewProtocol
from napari_fluoro_annotator.controllers.loupe import LoupeController, LoupeViewProtocol
from napari_fluoro_annotator.controllers.needles import OWN, NeedlesController, NeedlesViewProtocol
from napari_fluoro_annotator.controllers.placing import NotReady, Placing, Tool
from napari_fluoro_annotator.controllers.points import PointsController
from napari_fluoro_annotator.controllers.shape_tools import ShapesViewProtocol, ShapeTools
from napari_fluoro_annotator.controllers.shaping import CourseTool, EllipseTool, PolygonTool, ellipse_ends
from napari_fluoro_annotator.controllers.vertices import place_for
from napari_fluoro_annotator.drawing import Handle, handles_of
from napari_fluoro_annotator.loupe_patch import patch_of
from napari_fluoro_annotator.views.events import EventsView
from napari_fluoro_annotator.views.loupe import LoupeView
from napari_fluoro_annotator.views.needles import NeedlesView

SIGNALS = {
    NeedlesView: {
        "gauge_chosen": (int,),
        **dict.fromkeys(("length_entered", "active_tip_entered"), (float,)),
        **dict.fromkeys(("shown", "copy_requested"), ()),
        **dict.fromkeys(("status_chosen", "same_chosen", "tool_chosen"), (str,)),
        **dict.fromkeys(("landmark_chosen", "landmark_vertebra_chosen", "landmark_side_chosen"), (str,)),
    },
    EventsView: {
        **dict.fromkeys(("event_chosen", "row_chosen"), (str,)),
        "with_nerve_chosen": (bool,),
    },
    LoupeView: {},
}
LANDMARKS = {"sap_apex": "apex of the superior articular process"}
A, B, C = Point(50, 50), Point(60, 80), Point(90, 120)


class Workbench(MockedDesk):
    """The controllers of the Needle page between mocked widgets and a mocked binding."""

    def __init__(self, stacks):
        super().__init__(stacks, current=-1)
        self.binding.look.turn = AS_STORED
        self.binding.share_across.return_value = 0.3
        self.paused, self.steps = [], MagicMock()
        self.desk.pause_requested.connect(self._on_pause)
        self.placing = Placing(self.desk.anatomy)
        self.view, self.events_view, self.loupe_view = (mocked(cls, names) for cls, names in SIGNALS.items())
        site, find = self.placing.site, MagicMock(return_value=LANDMARKS)
        self.find = find
        shapes = ShapeTools(self.desk, self.pointer, self.view, site=site, landmarks=find)
        self.needles = NeedlesController(self.desk, self.pointer, self.view, shapes)
        self.events = EventsController(self.desk, self.events_view, site=site)
        self.points = PointsController(self.desk, self.pointer, self.steps)
        self.loupe = LoupeController(self.desk, self.pointer, self.loupe_view)
        self.placing.nerve, self.placing.side = "L3_MB", Side.RIGHT

    def _on_pause(self):
        self.paused.append(self.binding.frame)

    def press(self, *points):
        for point in points:
            self.pointer.press(point, None)

    def needle(self, tip=A, hub=B):
        self.placing.prepare(Tool.NEEDLE)
        self.pointer.arm(self.placing)
        self.press(tip, hub)
        return self.marks[-1]

    def hold(self, mark, name):
        self.pointer.press(
            mark.point(name), Handle(mark.mark_id, name, mark.point(name), "disc", "", selected=False)
        )
        self.pointer.release(mark.point(name))

    @property
    def marks(self):
        return self.session.marks

    @property
    def shown(self):
        return self.view.set_needle.call_args.args[0]

    @property
    def story(self):
        return self.events_view.set_story.call_args.args[0]

    @property
    def lines(self):
        return self.binding.draw.call_args.args[2]


@pytest.fixture
def bench(study_folder):
    bench = Workbench(stacks_of(study_folder))
    yield bench
    for part in (bench.needles, bench.events, bench.points, bench.loupe, bench.pointer, bench.desk):
        part.close()
        part.close()


@pytest.mark.parametrize(
    ("protocol", "real"),
    [
        (NeedlesViewProtocol, NeedlesView),
        (ShapesViewProtocol, NeedlesView),
        (EventsViewProtocol, EventsView),
        (LoupeViewProtocol, LoupeView),
    ],
)
def test_the_mocks_stand_for_what_the_controllers_ask_of_a_view(protocol, real):
    wanted = {name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_")}
    assert wanted <= set(dir(real))


# ---------------------------------------------------------------------- shapes


def test_a_course_takes_presses_until_it_is_ended(bench):
    bench.needles.arm_course()
    bench.press(A, B, C)
    assert bench.marks == ()
    assert [line.points for line in bench.lines] == [(A, B, C)]
    bench.points.finish_mark()
    (course,) = bench.marks
    assert (course.kind, course.vertices, course.site.nerve) == (MarkKind.NERVE_COURSE, (A, B, C), "L3_MB")
    assert bench.pointer.tool is None


def test_a_press_is_taken_back(bench):
    bench.needles.arm_course()
    bench.press(A, B, C)
    bench.points.take_back()
    bench.points.finish_mark()
    assert bench.marks[0].vertices == (A, B)


@pytest.mark.parametrize(("arm", "presses"), [("arm_course", (A,)), ("arm_zone", (A, B))])
def test_a_shape_with_too_few_points_is_not_ended(bench, arm, presses):
    getattr(bench.needles, arm)()
    bench.press(*presses)
    bench.points.finish_mark()
    assert bench.marks == ()
    assert bench.said[-1][1]
    assert bench.pointer.tool is not None


def test_a_double_click_is_one_point(bench):
    bench.needles.arm_course()
    bench.press(A, B, B)
    assert texts.SAME_PLACE in bench.said[-1][0]
    bench.points.finish_mark()
    assert bench.marks[0].vertices == (A, B)


def test_a_shape_stays_on_one_frame(bench):
    bench.needles.arm_course()
    bench.press(A, B)
    bench.show(bench.binding.current, 1)
    bench.points.finish_mark()
    assert bench.marks == ()


def test_a_tool_that_is_pressed_on_another_frame_says_so(right_l3):
    tool = CourseTool(right_l3, "L3")
    tool.press(FrameRef("1.2", 1), A)
    with pytest.raises(NotReady, match="another frame"):
        tool.press(FrameRef("1.2", 2), B)
    assert tool.waiting_on(FrameRef("1.2", 1)) == ()


def test_a_zone_may_be_closed_on_its_first_corner(bench):
    bench.needles.arm_zone()
    bench.press(A, B, C, A)
    bench.points.finish_mark()
    assert (bench.marks[0].form, bench.marks[0].vertices) == (ZoneForm.POLYGON, (A, B, C))


def test_three_corners_of_which_two_are_one_are_no_zone(right_l3):
    tool = PolygonTool(right_l3, "L3")
    for point in (A, B, A):
        tool.press(FrameRef("1.2", 1), point)
    with pytest.raises(NotReady):
        tool.finish()


def test_an_ellipse_takes_three_presses(bench):
    bench.needles.arm_ellipse()
    bench.press(Point(50, 40), Point(50, 80), Point(58, 70))
    (zone,) = bench.marks
    assert zone.form is ZoneForm.ELLIPSE
    assert zone.vertices[:2] == (Point(50, 40), Point(50, 80))
    assert set(zone.vertices[2:]) == {Point(58, 60), Point(42, 60)}


def test_the_longer_axis_of_an_ellipse_comes_first(right_l3):
    ends = ellipse_ends(Point(50, 40), Point(50, 60), Point(90, 45))
    assert ends[2:] == (Point(50, 40), Point(50, 60))
    assert ends[0].distance(ends[1]) == pytest.approx(80)
    TargetZone(frame=FrameRef("1.2", 1), site=right_l3, form=ZoneForm.ELLIPSE, vertices=ends)


def test_random_ellipses_are_ellipses(right_l3):
    generator = np.random.default_rng(5)
    for _ in range(50):
        tool = EllipseTool(right_l3, "L3")
        points = [Point(*place) for place in generator.uniform((0, 0), (60, 200), (2, 2))]
        points.append(Point(*generator.uniform((80, 0), (199, 200))))
        marks = [tool.press(FrameRef("1.2", 1), point) for point in points]
        assert marks[:2] == [None, None]
        assert isinstance(marks[2], TargetZone)


def test_an_edge_on_the_axis_is_refused_and_the_tool_waits_on(bench):
    bench.needles.arm_ellipse()
    bench.press(Point(50, 40), Point(50, 80), Point(50, 60))
    assert bench.said[-1] == (texts.ELLIPSE_FLAT, True)
    bench.press(Point(58, 60))
    assert len(bench.marks) == 1


@pytest.mark.parametrize("arm", ["arm_course", "arm_zone", "arm_ellipse"])
def test_a_shape_needs_a_nerve_and_a_side(bench, arm):
    bench.placing.side = None
    getattr(bench.needles, arm)()
    assert bench.said[-1] == (texts.NEED_SIDE, True)
    assert bench.pointer.tool is None


def test_the_button_of_an_armed_tool_puts_it_away(bench):
    bench.view.tool_chosen.emit("zone")
    assert bench.view.set_tool.call_args.args == ("zone",)
    bench.view.tool_chosen.emit("zone")
    assert bench.pointer.tool is None
    assert bench.view.set_tool.call_args.args == (None,)


# ---------------------------------------------------------------------- landmarks


def test_a_landmark_needs_a_name_and_a_vertebra_and_may_lack_a_side(bench):
    bench.view.shown.emit()
    bench.needles.arm_landmark()
    assert bench.said[-1] == (texts.NEED_LANDMARK, True)
    bench.view.landmark_chosen.emit("sap_apex")
    bench.needles.arm_landmark()
    assert bench.said[-1] == (texts.NEED_LANDMARK_VERTEBRA, True)
    bench.view.landmark_vertebra_chosen.emit("L4")
    bench.needles.arm_landmark()
    bench.press(A)
    (mark,) = bench.marks
    assert (mark.name, mark.vertebra, mark.side, mark.position) == ("sap_apex", "L4", None, A)


def test_landmarks_are_looked_up_once_and_when_the_page_is_seen(bench):
    assert not bench.find.called
    bench.view.shown.emit()
    bench.view.shown.emit()
    assert bench.find.call_count == 1
    assert [choice.key for choice in bench.view.set_landmarks.call_args.args[0]] == ["sap_apex"]


def test_another_choice_puts_the_landmark_tool_away(bench):
    bench.view.shown.emit()
    bench.view.landmark_chosen.emit("sap_apex")
    bench.view.landmark_vertebra_chosen.emit("L4")
    bench.needles.arm_landmark()
    bench.view.landmark_side_chosen.emit("left")
    assert bench.pointer.tool is None
    bench.needles.arm_landmark()
    bench.press(A)
    assert bench.marks[0].side is Side.LEFT


# ---------------------------------------------------------------------- bends and points


def test_shift_and_a_press_bend_the_shaft(bench):
    bench.placing.prepare(Tool.NEEDLE)
    bench.pointer.arm(bench.placing)
    bench.press(A)
    assert bench.pointer.press(B, None, shifted=True)
    bench.press(C)
    (needle,) = bench.marks
    assert needle.path == (A, B, C)


def test_a_bend_comes_after_the_tip(bench):
    bench.placing.prepare(Tool.NEEDLE)
    bench.pointer.arm(bench.placing)
    bench.pointer.press(B, None, shifted=True)
    assert bench.said[-1] == (texts.BEND_AFTER_TIP, True)
    bench.press(A)
    bench.pointer.press(A, None, shifted=True)
    assert bench.said[-1] == (texts.SAME_PLACE, True)


def test_taking_back_a_bend_keeps_the_tip(bench):
    bench.placing.prepare(Tool.NEEDLE)
    bench.pointer.arm(bench.placing)
    bench.press(A)
    bench.pointer.press(B, None, shifted=True)
    bench.points.take_back()
    bench.press(C)
    assert bench.marks[0].path == (A, C)


def test_shift_is_naparis_where_there_is_nothing_to_bend(bench):
    assert not bench.pointer.press(A, None, shifted=True)
    bench.placing.prepare(Tool.TARGET)
    bench.pointer.arm(bench.placing)
    bench.pointer.press(A, None, shifted=True)
    assert bench.marks == ()


def test_a_point_is_put_into_the_selected_needle_and_taken_out(bench):
    needle = bench.needle(Point(50, 50), Point(50, 90))
    assert bench.pointer.press(Point(54, 70), None, shifted=True)
    assert bench.marks[0].path == (Point(50, 50), Point(54, 70), Point(50, 90))
    assert bench.pointer.selected_point == "shaft_1"
    assert bench.session.undo_text == f"{texts.STEP_POINT_IN} 1 mark"
    bench.points.take_back()
    assert bench.marks == (needle,)
    bench.session.undo()
    assert len(bench.marks[0].shaft) == 1


def test_a_tip_is_not_taken_out(bench):
    needle = bench.needle()
    bench.hold(needle, "tip")
    bench.points.take_back()
    assert bench.marks == (needle,)
    assert "cannot be taken out" in bench.said[-1][0]


def test_a_point_is_put_behind_the_selected_one_by_key(bench):
    needle = bench.needle(Point(50, 50), Point(50, 90))
    bench.hold(needle, "tip")
    bench.points.insert_point()
    assert bench.marks[0].shaft == (Point(50, 70),)


@pytest.mark.parametrize(
    ("point", "index"),
    [(Point(51, 5), 0), (Point(51, 55), 1), (Point(61, 95), 2), (Point(51, 130), 3)],
)
def test_a_point_goes_where_the_line_is_nearest(bench, point, index):
    bench.needles.arm_course()
    bench.press(Point(50, 20), Point(50, 80), Point(70, 100))
    bench.points.finish_mark()
    assert place_for(bench.marks[0], point) == index


def test_nudging_moves_the_point_that_was_taken_hold_of(bench):
    needle = bench.needle(A, B)
    bench.hold(needle, "hub")
    bench.points.right()
    bench.points.up_half()
    assert (bench.marks[0].tip, bench.marks[0].hub) == (A, Point(B.row - 0.5, B.column + 1))
    assert bench.loupe_view.show_patch.call_args.kwargs == {"at_right": True, "lasting": False}


def test_keys_go_from_point_to_point(bench):
    bench.needle(A, B)
    bench.points.next_point()
    bench.points.left()
    bench.points.next_point()
    bench.points.down()
    assert bench.marks[0].hub == Point(B.row, B.column - 1)
    assert bench.marks[0].tip == Point(A.row + 1, A.column)


@pytest.mark.parametrize(
    ("turn", "moved"),
    [(Turn(1), Point(A.row - 1, A.column)), (Turn(mirrored=True), Point(A.row, A.column - 1))],
)
def test_nudging_follows_the_screen(bench, turn, moved):
    bench.needle(A, B)
    bench.binding.look.turn = turn
    bench.points.right()
    assert bench.marks[0].tip == moved


def test_without_a_selection_the_arrows_step(bench):
    bench.points.left()
    bench.points.right()
    assert [call.args for call in bench.steps.step.call_args_list] == [(-1,), (1,)]
    bench.points.up()
    assert bench.said[-1] == (texts.NEED_SELECTION, True)


def test_a_mark_on_another_frame_is_not_nudged(bench):
    needle = bench.needle()
    bench.show(bench.binding.current, 3)
    bench.points.right()
    assert bench.marks == (needle,)
    assert bench.steps.step.called


def test_nudging_over_the_edge_is_refused(bench):
    bench.needle(Point(0, 0), B)
    bench.points.up()
    assert bench.marks[0].tip == Point(0, 0)
    assert "outside" in bench.said[-1][0]


# ---------------------------------------------------------------------- the instrument


def copied(bench):
    needle = bench.needle()
    bench.needles.copy_on()
    return needle, bench.marks[-1]


def test_a_copy_is_the_same_needle_on_the_next_frame(bench):
    needle, copy = copied(bench)
    assert (copy.needle_id, copy.path, copy.frame.frame_number) == (needle.needle_id, needle.path, 2)
    assert bench.binding.index == 1
    assert bench.session.selected == copy.mark_id


def test_a_copy_does_not_claim_what_was_done(bench):
    bench.needle()
    bench.view.status_chosen.emit("inject")
    bench.needles.copy_on()
    assert [mark.status for mark in bench.marks] == [NeedleStatus.INJECT, None]


def test_a_needle_is_copied_to_a_frame_once(bench):
    needle, _ = copied(bench)
    bench.show(bench.binding.current, 0)
    bench.session.select(needle.mark_id)
    bench.needles.copy_on()
    assert len(bench.marks) == 2
    assert bench.said[-1] == (texts.COPY_THERE.format(number=2), True)


def test_there_is_no_frame_after_the_last(bench):
    bench.show(bench.binding.current, 7)
    bench.needle()
    bench.needles.copy_on()
    assert bench.said[-1] == (texts.COPY_LAST, True)


def test_only_what_is_seen_is_copied(bench):
    bench.needles.copy_on()
    assert bench.said[-1] == (texts.NEED_SELECTION, True)
    bench.needle()
    bench.show(bench.binding.current, 4)
    bench.needles.copy_on()
    assert bench.said[-1] == (texts.COPY_FROM_HERE, True)
    assert len(bench.marks) == 1


def test_the_size_is_set_for_every_mark_of_the_needle_in_one_step(bench):
    copied(bench)
    bench.view.gauge_chosen.emit(18)
    assert [mark.gauge for mark in bench.marks] == [18, 18]
    assert bench.session.undo_text == f"{texts.STEP_INSTRUMENT} 2 marks"
    bench.session.undo()
    assert [mark.gauge for mark in bench.marks] == [None, None]


def test_zero_is_not_stated(bench):
    bench.needle()
    bench.view.length_entered.emit(100.0)
    bench.view.active_tip_entered.emit(10.0)
    assert (bench.marks[0].length_mm, bench.marks[0].active_tip_mm) == (100.0, 10.0)
    bench.view.active_tip_entered.emit(0.0)
    assert bench.marks[0].active_tip_mm is None


def test_an_active_tip_longer_than_the_needle_is_refused_and_the_field_goes_back(bench):
    bench.needle()
    bench.view.length_entered.emit(5.0)
    bench.view.active_tip_entered.emit(10.0)
    assert bench.said[-1][1]
    assert (bench.shown.length_mm, bench.shown.active_tip_mm) == (5.0, None)


def test_the_status_belongs_to_one_frame(bench):
    copied(bench)
    bench.view.status_chosen.emit("final")
    assert [mark.status for mark in bench.marks] == [None, NeedleStatus.FINAL]


def test_a_second_needle_is_asked_about_and_never_taken_for_the_first(bench):
    first = bench.needle()
    bench.view.gauge_chosen.emit(20)
    bench.show(bench.binding.current, 3)
    second = bench.needle()
    assert second.needle_id != first.needle_id
    assert "same needle" in bench.said[-1][0]
    assert [choice.text for choice in bench.shown.others] == ["view 3, frame 1"]
    bench.needles.same_needle()
    assert bench.marks[-1].needle_id == first.needle_id
    assert bench.marks[-1].gauge == 20
    bench.session.undo()
    assert bench.marks[-1] == second


def test_two_needles_on_one_frame_are_two(bench):
    bench.needle()
    bench.needle(C, A)
    assert list(bench.shown.others) == []
    bench.needles.same_needle()
    assert bench.said[-1] == (texts.NO_OTHER_NEEDLE, True)


def test_needles_of_other_nerves_are_not_offered(bench):
    bench.needle()
    bench.show(bench.binding.current, 3)
    bench.placing.side = Side.LEFT
    bench.needle()
    assert list(bench.shown.others) == []


def test_a_needle_can_be_one_of_its_own_again(bench):
    needle, _ = copied(bench)
    assert bench.shown.same == needle.needle_id
    bench.view.same_chosen.emit(OWN)
    assert bench.marks[-1].needle_id not in {needle.needle_id, ""}
    assert bench.shown.same == OWN


def test_without_a_needle_nothing_is_shown_and_nothing_happens(bench):
    assert bench.shown is None
    bench.view.gauge_chosen.emit(18)
    bench.needles.same_needle()
    assert bench.said[-1] == (texts.NEED_NEEDLE, True)
    assert bench.marks == ()


# ---------------------------------------------------------------------- the active tip

SCALE = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.25)


def needle_with(right_l3, *path, active_tip_mm=10.0):
    tip, *shaft, hub = path
    return Needle(
        frame=FrameRef("1.2", 1),
        site=right_l3,
        tip=tip,
        hub=hub,
        shaft=tuple(shaft),
        active_tip_mm=active_tip_mm,
    )


def middle(line):
    first, second = line.points
    return Point((first.row + second.row) / 2, (first.column + second.column) / 2)


def test_the_bar_is_as_far_from_the_tip_as_the_active_tip_is_long(right_l3):
    straight = needle_with(right_l3, Point(100, 100), Point(40, 20))
    assert measure(straight.tip, middle(active_tip_bar(straight, SCALE)), SCALE).mm == pytest.approx(10)


def test_the_active_tip_follows_a_bend(right_l3):
    bent = needle_with(right_l3, Point(100, 100), Point(100, 76), Point(20, 76))  # 6 mm, then 40 mm
    assert middle(active_tip_bar(bent, SCALE)) == Point(92, 76)


def test_no_bar_without_scale_or_length_or_room(right_l3):
    needle = needle_with(right_l3, Point(100, 100), Point(40, 20))
    assert active_tip_bar(needle, UNCALIBRATED) is None
    assert active_tip_bar(needle_with(right_l3, A, B, active_tip_mm=None), SCALE) is None
    assert active_tip_bar(needle_with(right_l3, A, Point(50, 60)), SCALE) is None


def test_the_page_says_why_there_is_no_bar_and_draws_it_with_a_scale(bench):
    bench.needle(Point(20, 20), Point(20, 220))
    bench.view.active_tip_entered.emit(10.0)
    assert bench.shown.note == texts.TIP_NOT_DRAWN.format(reason="the header states no pixel spacing")
    assert bench.lines == []
    uid = bench.binding.frame.sop_instance_uid
    method = CalibrationMethod.KNOWN_LENGTH
    bench.session.put(
        UserCalibration(sop_instance_uid=uid, method=method, start=A, end=Point(50, 150), mm=50.0)
    )
    assert [middle(line) for line in bench.lines] == [Point(20, 40)]
    assert "Scale" in bench.shown.note


# ---------------------------------------------------------------------- events


@pytest.mark.parametrize("event", [event for event in EventKind if event is not EventKind.PERIOSTEAL_SPREAD])
def test_an_event_has_a_key_that_marks_the_frame_shown(bench, event):
    bench.show(bench.binding.current, 4)
    getattr(bench.events, event.value)()
    (mark,) = bench.marks
    assert (mark.event, mark.frame.frame_number, mark.site) == (event, 5, None)
    assert bench.paused == [mark.frame]


def test_an_event_is_marked_once_on_a_frame(bench):
    bench.events.vascular_uptake()
    bench.events.vascular_uptake()
    assert len(bench.marks) == 1
    assert bench.said[-1][1]


def test_an_event_names_a_nerve_only_if_that_is_wanted(bench):
    bench.events_view.with_nerve_chosen.emit(True)
    bench.placing.nerve = None
    bench.events.contrast_appears()
    assert (bench.marks, bench.said[-1]) == ((), (texts.NEED_NERVE, True))
    bench.placing.nerve = "L3_MB"
    bench.events.contrast_appears()
    assert bench.marks[0].site.nerve == "L3_MB"


def test_nothing_happens_on_a_frame_that_cannot_be_shown(bench):
    bench.binding.problem = "damaged"
    bench.events.contrast_appears()
    assert (bench.marks, bench.said[-1]) == ((), ("damaged", True))


def test_the_story_is_told_in_the_order_of_the_frames(bench):
    bench.show(bench.binding.current, 5)
    bench.events.final_position()
    bench.show(bench.binding.current, 2)
    bench.needle()
    bench.view.status_chosen.emit("inject")
    assert [row.text for row in bench.story] == [
        "view 3, frame 3: injection; Needle, L3 medial branch, at L4, right",
        "view 3, frame 6: Final position",
    ]
    assert [row.here for row in bench.story] == [True, False]
    bench.events_view.row_chosen.emit(bench.story[1].mark_id)
    assert bench.binding.index == 5
    assert [row.here for row in bench.story] == [False, True]


def test_the_strip_has_signs_for_events_and_statuses(bench):
    view = MagicMock()
    cine = CineController(bench.desk, view)
    bench.needle()
    bench.view.status_chosen.emit("ablate")
    bench.events.vascular_uptake()
    (frame,) = view.set_marked.call_args.args[0]
    assert [sign.symbol for sign in frame.signs] == ["\N{BLACK DIAMOND}", "V"]
    assert frame.kinds == (MarkKind.EVENT, MarkKind.NEEDLE)
    cine.close()


# ---------------------------------------------------------------------- the loupe


@pytest.fixture
def layer():
    pixels = np.random.default_rng(3).integers(0, 256, (2, 30, 40)).astype(np.uint8)
    return Image(pixels, contrast_limits=(0, 255), colormap="gray")


def test_the_loupe_shows_the_pixels_around_the_point(layer):
    patch = patch_of(layer, 1, Point(10.4, 20.6), 3, AS_STORED)
    assert patch.shape == (7, 7, 3)
    assert np.abs(patch[..., 0].astype(int) - layer.data[1, 7:14, 18:25]).max() <= 1


@pytest.mark.parametrize("turn", [Turn(1), Turn(2), Turn(3), Turn(mirrored=True), Turn(1, mirrored=True)])
def test_the_loupe_lies_as_the_screen_does(layer, turn):
    plain = patch_of(layer, 0, Point(10, 20), 3, AS_STORED)
    turned = patch_of(layer, 0, Point(10, 20), 3, turn)
    for row, column in ((0, 0), (1, 5), (6, 2)):
        place = turn.to_display(Point(row, column), (7, 7))
        assert (turned[round(place.row), round(place.column)] == plain[row, column]).all()


@pytest.mark.parametrize("corner", [Point(0, 0), Point(29, 39), Point(0, 39), Point(29, 0)])
def test_beyond_the_edge_the_loupe_is_black(layer, corner):
    patch = patch_of(layer, 0, corner, 4, AS_STORED)
    assert (patch[4, 4] == patch_of(layer, 0, corner, 0, AS_STORED)[0, 0]).all()
    assert (patch == 0).all(axis=-1).sum() >= 81 - 25


def test_colours_stay_as_they_are():
    pixels = np.random.default_rng(4).integers(0, 256, (1, 9, 9, 3)).astype(np.uint8)
    patch = patch_of(Image(pixels, rgb=True), 0, Point(4, 4), 4, AS_STORED)
    assert (patch == pixels[0]).all()


def test_the_loupe_comes_with_a_drag_and_goes_with_it(bench):
    needle = bench.needle()
    handle = Handle(needle.mark_id, "tip", needle.tip, "disc", "", selected=True)
    bench.pointer.press(needle.tip, handle)
    bench.pointer.drag(Point(70.25, 71))
    assert bench.loupe_view.show_patch.call_args.args[1] == (0.25, 0)
    assert bench.loupe_view.show_patch.call_args.kwargs["lasting"]
    bench.loupe_view.put_away.reset_mock()
    bench.pointer.release(Point(70.25, 71))
    assert bench.loupe_view.put_away.called


def test_two_points_of_a_course_are_not_dragged_onto_each_other(bench):
    bench.needles.arm_course()
    bench.press(A, B)
    bench.points.finish_mark()
    (course,) = bench.marks
    bench.pointer.press(A, Handle(course.mark_id, "vertex_1", A, "disc", "", selected=True))
    bench.pointer.drag(B)
    bench.pointer.release(B)
    assert bench.marks == (course,)


def test_a_drag_in_another_pane_has_no_loupe_on_the_image(bench):
    needle = bench.needle()
    bench.show(bench.binding.current, 3)
    handle = Handle(needle.mark_id, "tip", needle.tip, "disc", "", selected=True)
    bench.pointer.press_on(needle.frame, needle.tip, handle)
    bench.pointer.drag(Point(70, 71))
    assert not bench.loupe_view.show_patch.called


def test_the_point_that_keys_act_on_is_told_apart(bench):
    bench.needle()
    bench.points.next_point()
    (drawn,) = bench.binding.draw.call_args.args[0]
    assert [(handle.name, handle.active) for handle in handles_of(drawn)] == [("tip", False), ("hub", True)]


def test_the_bar_of_the_active_tip_follows_a_drag(bench):
    needle = bench.needle(Point(20, 20), Point(20, 220))
    uid, method = needle.frame.sop_instance_uid, CalibrationMethod.KNOWN_LENGTH
    bench.session.put(
        UserCalibration(sop_instance_uid=uid, method=method, start=A, end=Point(50, 150), mm=50.0)
    )
    bench.view.active_tip_entered.emit(10.0)
    bench.pointer.press(needle.tip, Handle(needle.mark_id, "tip", needle.tip, "disc", "", selected=True))
    bench.pointer.drag(Point(20, 60))
    assert [middle(line) for line in bench.lines] == [Point(20, 80)]


def test_of_very_many_needles_the_newest_are_offered(bench, right_l3):
    frames = [FrameRef(*bench.binding.current.frame_ref(index)) for index in range(1, 8)]
    older = [
        Needle(frame=frames[number % 7], site=right_l3, tip=A, hub=B, gauge=22 if number == 49 else None)
        for number in range(50)
    ]
    bench.session.edit([Change(None, needle) for needle in older])
    bench.needle()
    assert [choice.key for choice in bench.shown.others] == [one.needle_id for one in older[-20:]]
    bench.needles.same_needle()
    assert (bench.marks[-1].needle_id, bench.marks[-1].gauge) == (older[-1].needle_id, 22)


def test_nothing_is_moved_or_added_where_it_cannot_be_seen(bench):
    needle = bench.needle(Point(50, 50), Point(50, 90))
    bench.binding.problem = "turned"
    bench.points.right()
    bench.points.insert_point()
    assert bench.pointer.press(Point(54, 70), None, shifted=True)
    bench.needles.copy_on()
    assert bench.marks == (needle,)
    assert bench.said[-1] == ("turned", True)
