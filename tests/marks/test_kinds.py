"""Every kind of record is valid on construction; what cannot be is refused with a reason."""

import math
from dataclasses import replace

import pytest

from fluoro_annotator.errors import AnatomyError, MarkError, MarkOutsideImageError, UnknownImageError
from fluoro_annotator.geometry import NEEDLE_DIAMETERS_MM, CalibrationSource, Point
from fluoro_annotator.marks import (
    GAUGES,
    EventMark,
    FrameRef,
    MarkKind,
    Needle,
    Numbering,
    PlanChoice,
    SlotState,
    UserCalibration,
    ViewAssignment,
    check_mark,
    ellipse_dragged,
    frame_of,
    image_of,
    site_of,
    vertebra_of,
)
from fluoro_annotator.marks.fields import MOST_POINTS
from fluoro_annotator.marks.values import MARK_TYPES, inserted, moved, relabelled, removed

NOT_NUMBERS = ["5", None, True, [5], math.nan, math.inf, -1, 0, 10**400]


def test_there_is_a_record_of_every_kind_in_the_tests(every_kind):
    assert {record.kind for record in every_kind} == set(MarkKind) == set(MARK_TYPES)


def test_every_record_has_a_label_and_an_identifier(every_kind, anatomy):
    labels = [record.label(anatomy) for record in every_kind]
    assert all(labels)
    assert len({record.mark_id for record in every_kind}) == len(every_kind)


def test_every_gauge_of_a_known_diameter_can_be_chosen():
    assert set(NEEDLE_DIAMETERS_MM) <= set(GAUGES)


# ---------------------------------------------------------------------- needles


def test_a_needle_is_by_default_one_of_its_own(needle, full_needle):
    assert needle.needle_id == needle.mark_id
    assert full_needle.needle_id == "needle A"


def test_the_points_of_a_bent_needle(full_needle):
    assert full_needle.point_names == ("tip", "hub", "shaft_1", "shaft_2")
    assert full_needle.path == ((30, 40), (50, 60), (70, 100), (90, 140))
    assert full_needle.point("shaft_2") == (70, 100)
    with pytest.raises(MarkError, match="no point called 'shaft_3'"):
        full_needle.point("shaft_3")


@pytest.mark.parametrize(
    "wrong",
    [
        {"gauge": 24},
        {"gauge": 22.0},
        {"gauge": "22"},
        {"length_mm": 301},
        {"active_tip_mm": 51},
        {"active_tip_mm": 20, "length_mm": 10},
        {"status": "stuck"},
        {"shaft": (Point(30, 40),)},
        {"shaft": (Point(1, 1), Point(1, 1))},
        {"shaft": (Point(90, 140),)},
        {"shaft": Point(1, 1)},
        {"shaft": "12"},
        {"shaft": None},
        {"shaft": [(0, k) for k in range(MOST_POINTS + 1)]},
        {"needle_id": 5},
        *({"length_mm": value} for value in NOT_NUMBERS if value is not None),
    ],
)
def test_needles_that_cannot_be_are_refused(wrong, full_needle):
    with pytest.raises(MarkError):
        replace(full_needle, **wrong)


# ---------------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    "vertices", [(), ((1, 2),), ((1, 2), (1, 2)), ((1, 2), (3, math.nan)), 5, "12", {"a": 1}, None]
)
def test_courses_that_cannot_be_are_refused(vertices, course):
    with pytest.raises(MarkError):
        replace(course, vertices=vertices)


@pytest.mark.parametrize("vertices", [((1, 2), (3, 4)), ((1, 1), (2, 2), (1, 1)), ((1, 1), (1, 1), (3, 4))])
def test_polygons_that_cannot_be_are_refused(vertices, zone):
    with pytest.raises(MarkError):
        replace(zone, vertices=vertices)


@pytest.mark.parametrize(
    ("vertices", "reason"),
    [
        (((0, 0), (0, 10), (5, 5)), "3 points"),
        (((0, 0), (0, 10), (5, 5), (-5, 5), (1, 1)), "5 points"),
        (((0, 0), (0, 0), (5, 5), (-5, 5)), "without length"),
        (((0, 0), (0, 10), (5, 6), (-5, 6)), "bisect"),
        (((0, 0), (0, 10), (5, 6), (-5, 4)), "bisect"),
    ],
)
def test_ellipses_that_cannot_be_are_refused(vertices, reason, ellipse):
    with pytest.raises(MarkError, match=reason):
        replace(ellipse, vertices=vertices)


def test_a_form_that_does_not_exist_is_refused(zone):
    with pytest.raises(MarkError, match="polygon, ellipse"):
        replace(zone, form="circle")


@pytest.mark.parametrize("index", range(4))
def test_an_ellipse_that_is_dragged_stays_one(index, ellipse):
    place = Point(33, 41)
    after = moved(ellipse, **{f"vertex_{index + 1}": place})
    assert after.vertices[index] == place
    before_ends, ends = ellipse.vertices, after.vertices
    other = 2 if index < 2 else 0
    assert ends[other].distance(ends[other + 1]) == pytest.approx(
        before_ends[other].distance(before_ends[other + 1])
    )
    assert ends[other].distance(before_ends[other]) <= ends[other + 1].distance(before_ends[other])
    with pytest.raises(MarkError, match="no length"):
        ellipse_dragged(ellipse.vertices, index, Point(40, 50))


@pytest.mark.parametrize("name", ["certain", "probable", "unsure", None])
def test_places_may_be_unsure(name, target, course, zone):
    for mark in (target, course, zone):
        assert replace(mark, confidence=name).confidence == name
        with pytest.raises(MarkError, match="confidence"):
            replace(mark, confidence="sure")


def test_points_of_a_list_are_moved_inserted_and_removed(course, target, zone):
    assert moved(course, vertex_2=Point(8, 8)).vertices == ((1, 2), (8, 8), (5, 4))
    assert inserted(course, 0, Point(0, 0)).vertices[0] == (0, 0)
    assert inserted(course, 3, Point(0, 0)).vertices[3] == (0, 0)
    assert removed(course, 1).vertices == ((1, 2), (5, 4))
    for mark, index in ((course, 4), (course, -1), (target, 0)):
        with pytest.raises(MarkError, match="no place"):
            inserted(mark, index, Point(0, 0))
    for mark, index in ((course, 3), (course, -1), (target, 0)):
        with pytest.raises(MarkError, match="no point number"):
            removed(mark, index)
    with pytest.raises(MarkError, match="3 to"):
        removed(zone, 0)


# ---------------------------------------------------------------------- observations


def test_a_judgement_does_not_contradict_itself(judgement):
    assert replace(judgement, adequate="yes", corrections=()).point_names == ()
    for wrong in (
        {"adequate": "yes"},
        {"corrections": ("oblique_left", "oblique_right")},
        {"corrections": ("tilt_cranial", "tilt_cranial")},
        {"corrections": ("up",)},
        {"corrections": "tilt_cranial"},
        {"adequate": "maybe"},
        {"view": ""},
    ):
        with pytest.raises(MarkError):
            replace(judgement, **wrong)


def test_an_event_needs_no_place(frames, anatomy):
    event = EventMark(frame=frames[0], event="contrast_appears")
    assert (event.points, event.point_names, site_of(event), vertebra_of(event)) == ((), (), None, None)
    assert event.label(anatomy) == "Contrast appears"
    assert moved(event, position=Point(1, 2)).position == (1, 2)
    with pytest.raises(MarkError, match="contrast_appears, vascular_uptake"):
        EventMark(frame=frames[0], event="bleeding")


def test_landmarks_carry_a_vertebra(landmark, sites):
    assert relabelled(landmark, vertebra="L5").vertebra == "L5"
    with pytest.raises(MarkError, match="takes a vertebra"):
        relabelled(landmark, site=sites[0])
    with pytest.raises(MarkError, match="side"):
        replace(landmark, side="upper")


def test_what_names_nothing_cannot_be_renamed(judgement, numbering, sites):
    for record in (judgement, numbering):
        with pytest.raises(MarkError, match="names no nerve"):
            relabelled(record, site=sites[0])


# ---------------------------------------------------------------------- facts


def test_facts_are_on_no_frame_and_named_for_what_they_are_about(
    plan_choice, slot_state, numbering, own_scale, assignment
):
    facts = (plan_choice, slot_state, numbering, own_scale, assignment)
    assert [frame_of(record) for record in facts] == [None] * 5
    assert plan_choice.mark_id == "plan:lumbar_mbb"
    assert slot_state.mark_id == f"slot:{slot_state.slot_id}"
    assert numbering.mark_id == "numbering"
    assert image_of(own_scale) == own_scale.sop_instance_uid
    assert image_of(assignment) == assignment.sop_instance_uid
    assert assignment.mark_id == f"view:{assignment.sop_instance_uid}"


@pytest.mark.parametrize("wrong", [{"view": ""}, {"sop_instance_uid": ""}, {"side": "up"}])
def test_views_that_cannot_be_are_not_assigned(wrong, assignment):
    with pytest.raises(MarkError):
        replace(assignment, **wrong)


def test_an_assigned_view_names_its_side_where_it_has_one(assignment, anatomy):
    assert assignment.label(anatomy) == "View IPSI_OBLIQUE, right"
    plain = ViewAssignment(sop_instance_uid="1.2", view="AP_TRUE")
    assert plain.label(anatomy) == "View AP_TRUE"


@pytest.mark.parametrize(
    "wrong", [{"joints": ()}, {"sides": ()}, {"sides": ("up",)}, {"joints": "L4-L5"}, {"version": ""}]
)
def test_plans_that_cannot_be_are_refused(wrong, plan_choice):
    with pytest.raises(MarkError):
        replace(plan_choice, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheme": "5_lumbar"},
        {"counted_from": ""},
        {"confidence": "sure"},
        {"lstv": "castellvi_V"},
        {"lstv": "none"},
        {"rib_count": 9},
        {"rib_count": 15},
        {"rib_count": 12.0},
    ],
)
def test_numberings_that_cannot_be_are_refused(wrong, numbering):
    with pytest.raises(MarkError):
        replace(numbering, **wrong)


def test_a_numbering_says_whether_it_is_certain(numbering):
    assert not numbering.certain
    assert replace(numbering, confidence="certain").certain


def test_a_slot_is_empty_for_a_reason():
    with pytest.raises(MarkError, match="not_visible, not_applicable, unsure"):
        SlotState(slot_id="a", state="empty")
    with pytest.raises(MarkError, match="slot_id"):
        SlotState(slot_id="", state="unsure")


def test_a_known_length_makes_a_scale(own_scale):
    scale = own_scale.calibration()
    assert (scale.source, scale.column_mm, scale.row_mm) == (CalibrationSource.KNOWN_LENGTH, 0.25, 0.25)
    assert replace(own_scale, pixel_aspect=2.0).calibration().row_mm == 0.5


def test_the_width_of_a_needle_makes_a_scale():
    across = UserCalibration(
        sop_instance_uid="1.2", method="instrument_width", start=Point(0, 0), end=Point(0, 4), gauge=22
    )
    assert across.calibration().column_mm == pytest.approx(0.18)
    assert replace(across, pixel_aspect=2).calibration().row_mm == pytest.approx(0.36)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mm": None},
        {"pixel_aspect": 0},
        {"pixel_aspect": float("nan")},
        {"gauge": 22},
        {"method": "instrument_width"},
        {"method": "instrument_width", "mm": None, "gauge": 99},
        {"end": Point(0, 0)},
        {"mm": 1001},
        {"plane": "heart"},
        {"start": None},
        {"sop_instance_uid": ""},
        *({"mm": value} for value in NOT_NUMBERS if value is not None),
    ],
)
def test_scales_that_cannot_be_are_refused(wrong, own_scale):
    with pytest.raises(MarkError):
        replace(own_scale, **wrong)


# ---------------------------------------------------------------------- rules of study and anatomy


def test_every_kind_fits_its_study(every_kind, study, anatomy):
    for record in every_kind:
        check_mark(record, study, anatomy)


@pytest.mark.parametrize("name", ["course", "zone", "full_needle", "landmark", "event"])
def test_every_point_has_to_lie_on_the_image(name, request, study, anatomy):
    mark = request.getfixturevalue(name)
    for point in mark.point_names:
        with pytest.raises(MarkOutsideImageError, match=point.replace("_", " ")):
            check_mark(moved(mark, **{point: Point(199.6, 7)}), study, anatomy)


def test_every_frame_and_image_has_to_exist(every_kind, study, anatomy):
    for record in every_kind:
        if frame_of(record) is not None:
            with pytest.raises(MarkOutsideImageError, match="does not exist"):
                check_mark(replace(record, frame=FrameRef("1.2.826.1", 5)), study, anatomy)
            with pytest.raises(UnknownImageError):
                check_mark(replace(record, frame=FrameRef("1.2.826.9", 1)), study, anatomy)


@pytest.mark.parametrize("name", ["course", "zone", "event", "full_needle"])
def test_nerve_and_vertebra_have_to_fit(name, request, study, anatomy):
    mark = request.getfixturevalue(name)
    with pytest.raises(AnatomyError):
        check_mark(replace(mark, site=replace(mark.site, vertebra="L3")), study, anatomy)


def test_vertebrae_joints_and_images_have_to_exist(landmark, plan_choice, own_scale, study, anatomy):
    with pytest.raises(AnatomyError):
        check_mark(replace(landmark, vertebra="L9"), study, anatomy)
    with pytest.raises(AnatomyError):
        check_mark(replace(plan_choice, joints=("L4-S1",)), study, anatomy)
    with pytest.raises(UnknownImageError):
        check_mark(replace(own_scale, sop_instance_uid="1.2.826.9"), study, anatomy)
    with pytest.raises(MarkOutsideImageError, match="end"):
        check_mark(replace(own_scale, end=Point(0, 301)), study, anatomy)


def test_kinds_that_are_built_in_full(numbering, frames, sites):
    assert (
        Numbering(scheme="unknown", counted_from="not_determinable", confidence="not_determinable")
        != numbering
    )
    assert PlanChoice(
        protocol_id="p", version="1", content_hash="h", joints=["L4-L5"], sides=["right", "left"]
    ).sides == ("left", "right")
    assert Needle(frame=frames[0], site=sites[0], tip=(1, 1), hub=(2, 2), gauge=25).gauge == 25
