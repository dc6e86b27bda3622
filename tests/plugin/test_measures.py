"""The Measure page: measures at needles, lines, the reader's own scale, whether a view is true."""

from dataclasses import replace
from unittest.mock import MagicMock

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.geometry import UNCALIBRATED, Answer, Calibration, CalibrationSource, Point
from fluoro_annotator.marks import (
    Adequacy,
    CalibrationPlane,
    Correction,
    FrameRef,
    Landmark,
    MarkKind,
    Needle,
    NerveCourse,
    PlanChoice,
    TargetZone,
    ViewAssignment,
    ViewJudgement,
    ZoneForm,
)
from fluoro_annotator.protocols import load_protocols
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.adequacy import AdequacyController, AdequacyViewProtocol
from napari_fluoro_annotator.controllers.calibrating import CalibrationController, CalibrationViewProtocol
from napari_fluoro_annotator.controllers.measures import MeasuresController, MeasuresViewProtocol
from napari_fluoro_annotator.controllers.placing import NotReady
from napari_fluoro_annotator.controllers.points_tool import PointsTool
from napari_fluoro_annotator.drawing import Handle, waiting_handles
from napari_fluoro_annotator.reference_lines import ENDPLATE, line_kinds, placed_lines
from napari_fluoro_annotator.views.adequacy import AdequacyView
from napari_fluoro_annotator.views.calibration import CalibrationView
from napari_fluoro_annotator.views.measures import MeasuresView

LATERAL = {"PatientOrientation": ["P", "F"]}
SIGNALS = {
    MeasuresView: {
        **dict.fromkeys(("line_chosen", "vertebra_chosen", "side_chosen", "needle_chosen"), (str,)),
        **dict.fromkeys(("line_requested", "distance_requested"), ()),
        **dict.fromkeys(("lines_shown", "bands_shown"), (bool,)),
    },
    CalibrationView: {
        "length_entered": (float,),
        **dict.fromkeys(("gauge_chosen", "plane_chosen"), (str,)),
        **dict.fromkeys(("length_requested", "width_requested", "remove_requested"), ()),
    },
    AdequacyView: dict.fromkeys(("view_chosen", "answered", "oblique_chosen", "tilt_chosen"), (str,)),
}


class Workbench(MockedDesk):
    """The panels of the Measure page between mocked widgets and a mocked binding."""

    def __init__(self, stacks, store=None):
        super().__init__(stacks, store)
        self.view, self.scale, self.judging = (mocked(cls, signals) for cls, signals in SIGNALS.items())
        self.shown = MagicMock()
        parts = (self.desk, self.pointer)
        self.measures = MeasuresController(*parts, self.view, show=self.shown)
        self.calibration = CalibrationController(*parts, self.scale, show=self.shown)
        self.adequacy = AdequacyController(*parts, self.judging, show=self.shown)

    @property
    def frame(self):
        return self.desk.frame

    @property
    def rows(self):
        needles = self.view.set_measures.call_args.args[0]
        return {row.what: row for needle in needles for row in needle.rows}

    @property
    def drawn(self):
        return self.binding.draw.call_args.args[2]

    @property
    def names(self):
        return [drawn.label for drawn in self.binding.draw.call_args.args[0]]

    def press(self, *places):
        for place in places:
            self.pointer.press(Point(*place), None)

    def needle(self, site, tip=(100, 100), hub=(100, 200)):
        return self.session.add_needle(self.frame, site, Point(*tip), Point(*hub))

    def line(self, key, vertebra, side, *places):
        self.view.line_chosen.emit(key)
        self.view.vertebra_chosen.emit(vertebra)
        self.view.side_chosen.emit(side)
        self.view.line_requested.emit()
        self.press(*places)

    def plan(self, protocol="lumbar_rfn"):
        self.session.put(
            PlanChoice(
                protocol_id=protocol, version="1.0", content_hash="0", joints=("L4-L5",), sides=(Side.RIGHT,)
            )
        )


@pytest.fixture
def bench(study_folder):
    return Workbench(stacks_of(study_folder))


@pytest.fixture
def scaled(tmp_path, write_xa):
    """A lateral of which the header says how large a pixel is in the patient."""
    header = {"PixelSpacing": [0.5, 0.5], "PixelSpacingCalibrationType": "FIDUCIAL", **LATERAL}
    write_xa(tmp_path / "scaled" / "IM1", number=1, ViewPosition="LL", **header)
    return Workbench(stacks_of(tmp_path / "scaled"))


@pytest.mark.parametrize(
    ("protocol", "real"),
    [
        (MeasuresViewProtocol, MeasuresView),
        (CalibrationViewProtocol, CalibrationView),
        (AdequacyViewProtocol, AdequacyView),
    ],
)
def test_the_mocks_stand_for_what_the_controllers_ask_of_a_view(protocol, real):
    wanted = {name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_")}
    assert wanted <= set(dir(real))


# ---------------------------------------------------------------------- measures


def test_tip_to_target_is_in_pixels_where_the_file_states_no_scale(bench, right_l3):
    bench.needle(right_l3)
    assert bench.rows == {}
    bench.session.add_target(bench.frame, right_l3, Point(103, 104))
    row = bench.rows[texts.TIP_TO_TARGET]
    assert row.text == "5.0 px (2.0 to 8.0)"
    assert "pixel spacing" in row.note


def test_millimetres_say_where_they_come_from(scaled, right_l3):
    scaled.needle(right_l3)
    scaled.session.add_target(scaled.frame, right_l3, Point(103, 104))
    row = scaled.rows[texts.TIP_TO_TARGET]
    assert row.text.startswith("2.5 mm (0.9 to 4.3)")
    assert "Pixel Spacing, calibrated on an object of known size" in row.note


@pytest.mark.parametrize(("nerve", "side"), [("L4_MB", Side.RIGHT), ("L3_MB", Side.LEFT)])
def test_nothing_is_measured_to_another_nerve_or_side(bench, anatomy, right_l3, nerve, side):
    bench.needle(right_l3)
    bench.session.add_target(bench.frame, anatomy.site(nerve, side), Point(103, 104))
    assert bench.rows == {}


def test_course_angle_and_zone_are_measured(bench, right_l3):
    bench.needle(right_l3, tip=(100, 100), hub=(100, 200))
    course = (Point(80, 110), Point(120, 110))
    bench.session.add(NerveCourse(frame=bench.frame, site=right_l3, vertices=course))
    corners = (Point(90, 90), Point(90, 130), Point(110, 130), Point(110, 90))
    bench.session.add(TargetZone(frame=bench.frame, site=right_l3, form=ZoneForm.POLYGON, vertices=corners))
    assert bench.rows[texts.TIP_TO_COURSE].text == "10.0 px (7.0 to 13.0)"
    assert bench.rows[texts.SHAFT_TO_COURSE].text.startswith("90\N{DEGREE SIGN}")
    assert bench.rows[texts.TIP_IN_ZONE].text == f"{texts.IN_ZONE[Answer.YES]}: -10.0 px (-13.0 to -7.0)"


def test_a_zone_that_encloses_nothing_says_so_instead_of_a_number(bench, right_l3):
    bench.needle(right_l3)
    flat = (Point(90, 90), Point(90, 130), Point(90, 110))
    bench.session.add(TargetZone(frame=bench.frame, site=right_l3, form=ZoneForm.POLYGON, vertices=flat))
    assert "encloses nothing" in bench.rows[texts.TIP_IN_ZONE].text


def test_measures_follow_a_mark_while_it_is_dragged_and_nothing_is_stored(bench, right_l3):
    needle = bench.needle(right_l3)
    bench.session.add_target(bench.frame, right_l3, Point(100, 90))
    before = len(bench.session.drafts)
    bench.pointer.press(needle.tip, Handle(needle.mark_id, "tip", needle.tip, "disc", "", selected=True))
    bench.pointer.drag(Point(100, 120))
    assert bench.rows[texts.TIP_TO_TARGET].text.startswith("30.0 px")
    assert [line.text for line in bench.drawn if line.text] == ["30.0 px (27.0 to 33.0)"]
    assert len(bench.session.drafts) == before
    bench.pointer.disarm()
    assert bench.rows[texts.TIP_TO_TARGET].text.startswith("10.0 px")


def test_nothing_is_measured_or_drawn_while_a_cine_is_played(bench, right_l3):
    bench.needle(right_l3)
    bench.session.add_target(bench.frame, right_l3, Point(103, 104))
    calls = bench.view.set_measures.call_count
    bench.binding.playing = True
    bench.pointer.redraw()
    assert bench.view.set_measures.call_count == calls
    assert bench.drawn == []


def test_lines_of_the_selected_needle_only_are_shown_and_can_be_switched_off(bench, right_l3):
    first, second = bench.needle(right_l3), bench.needle(right_l3, tip=(50, 50), hub=(50, 150))
    bench.session.add_target(bench.frame, right_l3, Point(103, 104))
    assert bench.drawn == []
    bench.view.needle_chosen.emit(second.mark_id)
    assert bench.drawn[0].points[1] == second.tip
    bench.view.needle_chosen.emit(first.mark_id)
    assert bench.drawn[0].points[1] == first.tip
    bench.view.lines_shown.emit(False)
    assert bench.drawn == []
    bench.view.needle_chosen.emit("nobody")
    assert bench.session.selected == first.mark_id


# ---------------------------------------------------------------------- lines


def test_an_endplate_is_two_landmarks_placed_in_one_step(bench, right_l3):
    bench.needle(right_l3, tip=(100, 100), hub=(100, 200))
    bench.line(ENDPLATE.key, "L4", "", (50, 50), (80, 80))
    ends = [mark for mark in bench.session.marks if isinstance(mark, Landmark)]
    assert [(mark.name, mark.vertebra, mark.side) for mark in ends] == [
        ("superior_endplate_1", "L4", None),
        ("superior_endplate_2", "L4", None),
    ]
    what = texts.SHAFT_TO_ENDPLATE.format(vertebra="L4")
    assert bench.rows[what].text.startswith("45\N{DEGREE SIGN}")
    assert "endplate, L4" in [line.text for line in bench.drawn]
    assert bench.names.count("") == 2
    assert bench.session.undo_text == "place line of superior endplate, 2 marks"
    bench.session.undo()
    assert [mark.kind for mark in bench.session.marks] == [MarkKind.NEEDLE]


def test_the_name_of_a_landmark_returns_when_it_is_selected(bench):
    bench.line(ENDPLATE.key, "L4", "", (50, 50), (80, 80))
    first = bench.session.marks[0]
    bench.session.select(first.mark_id)
    assert bench.session.label(first) in bench.names


def test_placing_a_line_again_moves_it(bench):
    bench.line(ENDPLATE.key, "L4", "", (50, 50), (80, 80))
    before = [mark.mark_id for mark in bench.session.marks]
    bench.line(ENDPLATE.key, "L4", "", (60, 50), (60, 80))
    assert [mark.mark_id for mark in bench.session.marks] == before
    assert [mark.position for mark in bench.session.marks] == [Point(60, 50), Point(60, 80)]


def test_a_line_at_another_vertebra_is_not_measured_against(bench, right_l3):
    bench.needle(right_l3)
    bench.line(ENDPLATE.key, "L5", "", (50, 50), (80, 80))
    assert bench.rows == {}


@pytest.mark.parametrize(
    ("key", "vertebra", "side", "refusal"),
    [
        (ENDPLATE.key, "", "", texts.NEED_LINE_VERTEBRA),
        ("SL_L_FORAMEN", "L4", "", texts.NEED_LINE_SIDE),
        (
            "SL_S_ALA",
            "L4",
            "right",
            "Anterior margin of the S1 superior articular process is placed at S1 only.",
        ),
    ],
)
def test_a_line_without_its_vertebra_or_side_is_asked_for(bench, key, vertebra, side, refusal):
    bench.line(key, vertebra, side, (50, 50), (80, 80))
    assert bench.said[0] == (refusal, True)
    bench.shown.assert_called_once_with()
    assert bench.session.marks == ()


def test_vertebra_and_side_follow_the_mark_that_is_selected(bench, right_l3):
    bench.session.select(bench.needle(right_l3).mark_id)
    bench.view.set_vertebra.assert_called_with("L4")
    bench.view.set_side.assert_called_with("right")


@pytest.mark.parametrize(
    ("tip", "answer", "warning"),
    [((100, 140), Answer.YES, False), ((100, 90), Answer.NO, True), ((100, 101), Answer.CANNOT_TELL, False)],
)
def test_a_tip_in_front_of_the_foramen_is_a_warning(scaled, right_l3, tip, answer, warning):
    scaled.needle(right_l3, tip=tip, hub=(180, 220))
    scaled.line("SL_L_FORAMEN", "L4", "right", (60, 100), (140, 100))
    (what,) = (what for what in scaled.rows if "foramen" in what)
    row = scaled.rows[what]
    assert row.text.startswith(texts.SAFE_SIDE[answer])
    assert row.warning is warning
    assert "dorsal to the posterior border" in row.note


def test_without_an_orientation_no_side_of_a_line_is_called_safe(bench, right_l3):
    bench.needle(right_l3)
    bench.line("SL_L_FORAMEN", "L4", "right", (60, 100), (140, 100))
    (row,) = bench.rows.values()
    assert row.text == texts.SAFE_SIDE_UNKNOWN


def test_depth_is_a_fraction_between_the_margins_and_judged_by_the_plan(scaled, right_l3):
    scaled.needle(right_l3, tip=(100, 150), hub=(180, 220))
    scaled.line("sap_depth", "L4", "right", (100, 100), (100, 200))
    row = scaled.rows["Depth of the superior articular process"]
    assert row.text == "0.50 (0.47 to 0.53)"
    scaled.plan()
    row = scaled.rows["Depth of the superior articular process"]
    assert row.text == "0.50 (0.47 to 0.53)\nwithin 0.25 to 0.75"
    assert texts.NOT_VALIDATED.strip() in row.note
    assert {"0.25", "0.75"} <= {line.text for line in scaled.drawn}
    scaled.view.bands_shown.emit(False)
    assert scaled.rows["Depth of the superior articular process"].text == "0.50 (0.47 to 0.53)"


def test_a_band_is_used_only_on_a_frame_that_is_said_to_show_its_view(scaled, right_l3):
    scaled.plan()
    scaled.needle(right_l3)
    course = (Point(80, 104), Point(120, 104))
    scaled.session.add(NerveCourse(frame=scaled.frame, site=right_l3, vertices=course))
    assert scaled.rows[texts.TIP_TO_COURSE].text.endswith("wanted in True AP: 0 to 2 mm")
    scaled.session.add(ViewJudgement(frame=scaled.frame, view="AP_TRUE", adequate=Adequacy.YES))
    assert scaled.rows[texts.TIP_TO_COURSE].text.endswith("cannot be told from 0 to 2 mm")
    assert scaled.rows[texts.SHAFT_TO_COURSE].text.endswith("OUTSIDE 0 to 15\N{DEGREE SIGN}")


def test_the_view_that_the_reader_gives_an_image_counts(scaled, right_l3):
    scaled.plan()
    scaled.needle(right_l3)
    scaled.session.add_target(scaled.frame, right_l3, Point(100, 110))
    course = (Point(80, 104), Point(120, 104))
    scaled.session.add(NerveCourse(frame=scaled.frame, site=right_l3, vertices=course))
    scaled.session.put(ViewAssignment(sop_instance_uid=scaled.frame.sop_instance_uid, view="AP_TRUE"))
    assert scaled.rows[texts.SHAFT_TO_COURSE].text.endswith("OUTSIDE 0 to 15\N{DEGREE SIGN}")


def test_a_frame_in_another_pane_is_measured_with_its_own_scale(tmp_path, write_xa, right_l3):
    header = {"PixelSpacingCalibrationType": "FIDUCIAL"}
    write_xa(tmp_path / "two" / "IM1", number=1)
    write_xa(tmp_path / "two" / "IM2", number=2, PixelSpacing=[0.5, 0.5], **header)
    bench = Workbench(stacks_of(tmp_path / "two"))
    other = FrameRef(*bench.binding.stacks[1].frame_ref(0))
    bench.session.add_target(other, right_l3, Point(103, 104))
    bench.session.add_needle(other, right_l3, Point(100, 100), Point(100, 200))
    (needle,) = bench.measures.measured(other)
    assert needle.rows[0].text.startswith("2.5 mm")
    assert bench.measures.measured(bench.frame) == ()


def test_the_lines_on_offer_are_those_of_the_plan(bench):
    keys = [choice.key for choice in bench.view.set_lines.call_args.args[0]]
    assert {"superior_endplate", "SL_C_PILLAR", "SL_L_FORAMEN", "sap_depth"} <= set(keys)
    bench.plan()
    keys = [choice.key for choice in bench.view.set_lines.call_args.args[0]]
    assert keys[0] == "superior_endplate"
    assert "SL_C_PILLAR" not in keys
    assert {"SL_L_FORAMEN", "sap_depth"} <= set(keys)


def test_a_plan_of_a_protocol_that_is_not_installed_offers_every_line_and_no_band(scaled, right_l3):
    scaled.plan("gone")
    scaled.needle(right_l3, tip=(100, 150), hub=(180, 220))
    scaled.line("sap_depth", "L4", "right", (100, 100), (100, 200))
    assert scaled.rows["Depth of the superior articular process"].text == "0.50 (0.47 to 0.53)"


def test_a_line_needs_all_its_landmarks_and_the_last_of_each_counts(bench, anatomy):
    kinds = line_kinds(load_protocols(folders=()).protocols, anatomy)
    frame = bench.frame

    def mark(name, row, vertebra="L4"):
        return Landmark(frame=frame, name=name, vertebra=vertebra, side=Side.RIGHT, position=Point(row, row))

    one = [mark("sap_anterior", 10), mark("sap_anterior", 20)]
    assert placed_lines(kinds, one) == ()
    assert placed_lines(kinds, [*one, mark("sap_posterior", 30, "L5")]) == ()
    (line,) = placed_lines(kinds, [*one, mark("sap_posterior", 30)])
    assert (line.kind.key, line.vertebra, line.points) == ("sap_depth", "L4", (Point(20, 20), Point(30, 30)))


# ---------------------------------------------------------------------- distance


def test_a_free_distance_is_shown_and_not_stored(bench):
    bench.measures.measure_distance()
    assert bench.said[-1][0] == texts.HINT_DISTANCE_FIRST
    bench.press((10, 10))
    assert bench.said[-1][0] == texts.HINT_DISTANCE_SECOND
    bench.press((10, 60))
    assert "50.0 px (47.0 to 53.0)" in bench.said[-1][0]
    assert bench.drawn[0].text == "50.0 px (47.0 to 53.0)"
    assert bench.session.drafts == ()
    bench.press((20, 20))
    assert bench.drawn == []
    bench.press((20, 30))
    assert bench.drawn[0].text == "10.0 px (7.0 to 13.0)"
    bench.pointer.disarm()
    assert bench.drawn == []


def test_a_distance_belongs_to_its_frame(bench):
    cine = bench.binding.stacks[-1]
    bench.show(cine, 0)
    bench.measures.measure_distance()
    bench.press((10, 10), (10, 60))
    bench.show(cine, 1)
    assert bench.drawn == []
    bench.press((30, 10))
    bench.show(cine, 2)
    assert bench.pointer.tool.waiting_on(bench.frame) == ()


def test_two_presses_on_one_place_are_no_line(bench):
    bench.measures.measure_distance()
    bench.press((10, 10), (10, 10))
    assert "0.0 px" in bench.said[-1][0]
    assert bench.drawn == []


def test_a_press_beside_the_image_is_refused(bench):
    bench.measures.measure_distance()
    bench.press((-5, 10))
    assert bench.said[-1][1]
    assert bench.pointer.tool.waiting_on(bench.frame) == ()


def test_points_of_two_frames_make_nothing(bench):
    tool = PointsTool(("first", "second"), MagicMock())
    other = FrameRef("2.25.700.3.1", 2)
    tool.press(bench.frame, Point(1, 1))
    with pytest.raises(NotReady, match="another frame"):
        tool.press(other, Point(2, 2))
    assert (tool.hint(), tool.finish(), tool.step_back()) == ("first", None, False)
    tool.press(other, Point(1, 1))
    assert tool.step_back()
    assert not tool.leave_for(bench.frame)


# ---------------------------------------------------------------------- scale


def test_a_known_length_makes_a_scale_that_can_be_undone(bench, right_l3):
    bench.needle(right_l3)
    bench.session.add_target(bench.frame, right_l3, Point(100, 110))
    assert "pixel spacing" in bench.scale.set_scale.call_args.args[0]
    bench.scale.length_entered.emit(25.0)
    bench.scale.plane_chosen.emit("skin")
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (20, 120))
    (record,) = bench.session.records_of(MarkKind.USER_CALIBRATION)
    assert (record.mm, record.plane, record.sop_instance_uid) == (
        25.0,
        CalibrationPlane.SKIN,
        bench.frame.sop_instance_uid,
    )
    assert bench.pointer.tool is None
    assert bench.rows[texts.TIP_TO_TARGET].text.startswith("2.5 mm")
    text = bench.scale.set_scale.call_args.args[0]
    assert "0.246 to 0.254 mm per pixel, by a length known to the reader" in text
    assert text.endswith("Taken at the skin.")
    assert bench.scale.set_scale.call_args.kwargs == {"own": True}
    assert "25 mm" in [line.text for line in bench.drawn]
    bench.session.undo()
    assert bench.rows[texts.TIP_TO_TARGET].text.startswith("10.0 px")
    assert bench.scale.set_scale.call_args.kwargs == {"own": False}


def test_an_own_scale_keeps_the_shape_of_the_pixels(tmp_path, write_xa):
    """Whoever reads the scale later does not have the file at hand."""
    write_xa(tmp_path / "tall" / "IM1", number=1, PixelAspectRatio=[2, 1])
    bench = Workbench(stacks_of(tmp_path / "tall"))
    bench.scale.length_entered.emit(25.0)
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (20, 120))
    scale = bench.session.scale(bench.frame.sop_instance_uid)
    assert (scale.row_mm, scale.column_mm) == pytest.approx((0.5, 0.25))


def test_removing_the_own_scale_returns_to_that_of_the_file(scaled):
    scaled.scale.length_entered.emit(25.0)
    scaled.calibration.calibrate_by_length()
    scaled.press((20, 20), (20, 120))
    assert texts.SCALE_OTHER.format(ratio=2.0) in scaled.scale.set_scale.call_args.args[0]
    scaled.scale.remove_requested.emit()
    assert "calibrated on an object" in scaled.scale.set_scale.call_args.args[0]
    scaled.session.undo()
    assert "known to the reader" in scaled.scale.set_scale.call_args.args[0]
    scaled.session.redo()
    scaled.scale.remove_requested.emit()
    assert scaled.said[-1] == (texts.NO_OWN_SCALE, True)


def test_the_width_of_a_needle_makes_a_scale(bench, right_l3):
    needle = Needle(frame=bench.frame, site=right_l3, tip=Point(9, 9), hub=Point(9, 50), gauge=22)
    bench.session.select(bench.session.add(needle).mark_id)
    bench.scale.set_gauge.assert_called_with("22")
    bench.scale.width_requested.emit()
    bench.press((7, 20), (11, 20))
    (record,) = bench.session.records_of(MarkKind.USER_CALIBRATION)
    assert record.calibration().column_mm == pytest.approx(0.72 / 4)
    assert "nominal width of an instrument" in bench.scale.set_scale.call_args.args[0]


@pytest.mark.parametrize(
    ("edges", "kept"),
    [
        (((48, 100), (52, 100)), True),
        (((48, 100), (52, 104)), False),
        (((50, 98), (50, 102)), False),
        (((148, 100), (152, 104)), True),
    ],
    ids=["across", "at 45 degrees", "along", "beside every marked shaft"],
)
def test_a_width_that_is_not_pressed_straight_across_a_marked_shaft_is_refused(bench, right_l3, edges, kept):
    bench.needle(right_l3, tip=(50, 50), hub=(50, 200))
    bench.scale.gauge_chosen.emit("22")
    bench.calibration.calibrate_by_width()
    bench.press(*edges)
    assert len(bench.session.records_of(MarkKind.USER_CALIBRATION)) == kept
    assert bench.said[-1][1] is not kept
    assert (bench.pointer.tool is None) is kept


@pytest.mark.parametrize(
    ("action", "text", "ask"),
    [
        ("calibrate_by_length", texts.NEED_LENGTH.format(key="Q"), "ask_for_length"),
        ("calibrate_by_width", texts.NEED_GAUGE.format(key="Shift+Q"), "ask_for_gauge"),
    ],
)
def test_a_scale_asks_for_its_length_or_size_first(bench, action, text, ask):
    getattr(bench.calibration, action)()
    assert bench.said[-1] == (text, True)
    bench.shown.assert_called_once_with()
    getattr(bench.scale, ask).assert_called_once_with()
    assert bench.pointer.tool is None


def test_a_length_of_no_pixels_and_a_width_of_one_are_refused_and_asked_for_again(bench):
    bench.scale.length_entered.emit(25.0)
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (20, 20))
    assert bench.said[-1][1]
    bench.press((20, 20), (20, 70))
    assert len(bench.session.records_of(MarkKind.USER_CALIBRATION)) == 1
    bench.scale.gauge_chosen.emit("25")
    bench.calibration.calibrate_by_width()
    bench.press((20, 20), (20, 21))
    assert "less" in bench.said[-1][0] or "at least" in bench.said[-1][0]
    (record,) = bench.session.records_of(MarkKind.USER_CALIBRATION)
    assert record.mm == 25.0


def test_pixels_that_are_not_square_are_told_apart(tmp_path, write_xa):
    write_xa(tmp_path / "flat" / "IM1", number=1, PixelAspectRatio=[2, 1])
    bench = Workbench(stacks_of(tmp_path / "flat"))
    bench.scale.length_entered.emit(20.0)
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (70, 20))
    assert "down" in bench.scale.set_scale.call_args.args[0]
    bench.measures.measure_distance()
    bench.press((20, 20), (20, 120))
    assert "Distance: 20.0 mm" in bench.said[-1][0]


def test_each_frame_is_measured_with_the_scale_that_the_file_gives_it(study_folder):
    *_, cine = stacks_of(study_folder)
    scales = [
        Calibration(CalibrationSource.PIXEL_SPACING_FIDUCIAL, size, size, 0.0) for size in (0.1, 0.2, 0.4)
    ]
    images = [replace(cine.images[0], calibrations=(*scales, *[UNCALIBRATED] * (len(cine) - 3)))]
    bench = Workbench([FrameStack(images)])
    found = []
    for index in (0, 2, 5):
        bench.show(bench.binding.stacks[0], index)
        bench.measures.measure_distance()
        bench.press((10, 10), (10, 60))
        found.append(bench.said[-1][0].split(" (")[0])
    assert found == ["Distance: 5.0 mm", "Distance: 20.0 mm", "Distance: 50.0 px"]
    bench.scale.length_entered.emit(25.0)
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (20, 120))
    bench.show(bench.binding.stacks[0], 0)
    assert texts.SCALE_OWN_CHANGES in bench.scale.set_scale.call_args.args[0]


def test_a_scale_holds_for_all_frames_of_its_image_and_no_other(bench):
    cine = bench.binding.stacks[-1]
    bench.show(cine, 0)
    bench.scale.length_entered.emit(25.0)
    bench.calibration.calibrate_by_length()
    bench.press((20, 20), (20, 120))
    bench.show(cine, 5)
    assert bench.scale.set_scale.call_args.kwargs == {"own": True}
    bench.show(bench.binding.stacks[0], 0)
    assert bench.scale.set_scale.call_args.kwargs == {"own": False}


# ---------------------------------------------------------------------- is the view true


def answer_of(bench):
    return bench.judging.set_answer.call_args.args


def test_the_answer_is_kept_for_the_frame_and_can_be_undone(bench):
    bench.judging.view_chosen.emit("LATERAL_TRUE")
    bench.judging.answered.emit("no")
    bench.judging.oblique_chosen.emit("oblique_left")
    bench.judging.tilt_chosen.emit("tilt_cranial")
    (kept,) = bench.session.marks
    assert (kept.view, kept.adequate, kept.frame) == ("LATERAL_TRUE", Adequacy.NO, bench.frame)
    assert kept.corrections == (Correction.OBLIQUE_LEFT, Correction.TILT_CRANIAL)
    bench.judging.oblique_chosen.emit("oblique_right")
    assert bench.session.marks[0].corrections == (Correction.OBLIQUE_RIGHT, Correction.TILT_CRANIAL)
    bench.judging.oblique_chosen.emit("")
    assert bench.session.marks[0].corrections == (Correction.TILT_CRANIAL,)
    for _ in range(3):
        bench.session.undo()
    assert answer_of(bench) == ("no", (Correction.OBLIQUE_LEFT,))
    bench.session.undo()
    bench.session.undo()
    assert bench.session.marks == ()
    assert answer_of(bench) == ("", ())


def test_a_true_view_loses_its_corrections_and_takes_none(bench):
    bench.judging.view_chosen.emit("AP_TRUE")
    bench.judging.answered.emit("unsure")
    bench.judging.tilt_chosen.emit("tilt_caudal")
    bench.judging.answered.emit("yes")
    assert bench.session.marks[0].corrections == ()
    bench.judging.set_correcting_enabled.assert_called_with(False)
    bench.judging.tilt_chosen.emit("tilt_caudal")
    assert bench.said[-1] == (texts.NEED_NOT_TRUE, True)


def test_the_same_answer_again_withdraws_it(bench):
    bench.judging.view_chosen.emit("AP_TRUE")
    bench.judging.answered.emit("yes")
    bench.judging.answered.emit("yes")
    assert bench.session.marks == ()
    bench.session.undo()
    assert answer_of(bench) == (Adequacy.YES, ())


def test_what_a_frame_is_meant_as_is_asked_for_and_never_guessed(bench):
    bench.adequacy.judge_view()
    bench.judging.ask.assert_called_once_with()
    bench.judging.answered.emit("yes")
    assert bench.said[-1] == (texts.NEED_JUDGED_VIEW, True)
    assert bench.session.marks == ()


def test_what_the_header_names_by_a_defined_term_is_filled_in(scaled):
    scaled.judging.set_view.assert_called_with("LATERAL_TRUE")


def test_the_judgement_before_says_what_the_image_is_meant_as(bench):
    cine = bench.binding.stacks[-1]
    bench.show(cine, 0)
    bench.judging.view_chosen.emit("AP_TRUE")
    bench.judging.answered.emit("yes")
    bench.show(bench.binding.stacks[0], 0)
    bench.judging.set_view.assert_called_with("")
    bench.show(cine, 3)
    bench.judging.set_view.assert_called_with("AP_TRUE")
    assert answer_of(bench) == ("", ())


def test_an_answer_while_playing_stops_the_cine_and_keeps_nothing(bench):
    paused = MagicMock()
    bench.desk.pause_requested.connect(paused)
    bench.judging.view_chosen.emit("AP_TRUE")
    bench.binding.playing = True
    bench.judging.answered.emit("yes")
    paused.assert_called_once_with()
    assert bench.session.marks == ()
    assert bench.said[-1][1]


def test_closed_panels_hear_nothing(bench, right_l3):
    for panel in (bench.measures, bench.calibration, bench.adequacy):
        panel.close()
        panel.close()
    bench.view.set_measures.reset_mock()
    bench.judging.set_answer.reset_mock()
    bench.needle(right_l3)
    bench.judging.view_chosen.emit("AP_TRUE")
    bench.judging.answered.emit("yes")
    bench.view.set_measures.assert_not_called()
    bench.judging.set_answer.assert_not_called()
    assert len(bench.session.marks) == 1


# ---------------------------------------------------------------------- what waits


def test_only_the_first_point_of_a_needle_is_called_a_tip(bench):
    bench.measures.measure_distance()
    bench.press((10, 10))
    assert not bench.pointer.picture(bench.frame).tip
    (handle,) = waiting_handles([Point(10, 10)])
    assert handle.text == ""
    assert [one.text for one in waiting_handles([Point(10, 10), Point(9, 9)], tip=True)] == [texts.TIP, ""]
