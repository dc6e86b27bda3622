"""What is drawn after an answer, by numbers: every outcome and kind of exercise."""

from dataclasses import dataclass

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, FrameRef, Landmark, Needle, NerveCourse, Target, ViewJudgement
from fluoro_annotator.training import (
    JudgeNeedle,
    JudgeView,
    Marking,
    NamedAnswer,
    NameMarked,
    NeedleAnswer,
    Outcome,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
    Role,
    ViewAnswer,
    picture_of,
    score,
)

ANATOMY = load_anatomy()
L3, L4 = (ANATOMY.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))
UP, LEFT = np.array([0, 0, 1.0]), np.array([0, 1.0, 0])
KEY = ("L3_MB", Side.RIGHT)


@dataclass
class Bone:
    vertebra: str
    points: tuple


BONES = tuple(
    Bone(name, tuple(Point(at + r, 500 + c) for r, c in ((-50, -50), (-50, 50), (50, 50), (50, -50))))
    for name, at in (("L3", 200), ("L4", 410), ("L5", 670))
)


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def mm(ap):
    return ap.targets[KEY]


def only(picture, role):
    """Return what has a role, which is one line or place."""
    (found,) = picture.of(role)
    return found


def answered(setting, point, *, exercise=PlaceByName, site=L3):
    """Return the picture and the outcome of a mark."""
    asked = exercise(setting, site)
    answer = PlacedAnswer(mark=Target(frame=setting.frame, site=site, position=point))
    return picture_of(asked, answer, outlines=BONES), score(asked, answer).outcome


# ---------------------------------------------------------------------- a place


def test_mark_reference_distance_zone_line_and_bone_are_drawn_together(ap, mm, references, make_setting):
    setting = make_setting(ap, [references["AP_TRUE"]], mm)
    place, at = ap.point(mm - 9 * UP), ap.point(mm)
    picture, outcome = answered(setting, place)
    assert outcome is Outcome.OFF_TARGET
    assert only(picture, Role.ANSWER).points == (place,)
    assert only(picture, Role.REFERENCE).points == (at,)
    assert only(picture, Role.REFERENCE).label == "Expert A"
    distance = only(picture, Role.DISTANCE)
    assert distance.points == (place, at)
    apart = place.distance(at)
    assert f"{apart:.1f} px" in distance.meaning
    assert f"{apart * ap.mm_per_px(mm):.1f} mm" in distance.label
    assert "scale" in distance.meaning
    assert {one.role for one in picture.drawn if one.closed} == {Role.GOOD, Role.MARGINAL, Role.BONE}
    line = only(picture, Role.SAFETY)
    assert line.points == tuple(ap.point(mm + 6 * UP - step * LEFT) for step in (0, 15))
    assert only(picture, Role.BONE).points == BONES[1].points
    assert not picture.of(Role.OTHER_BONE, Role.ELSEWHERE, Role.OUTLIER, Role.MIDDLE)
    assert picture.not_drawn == ()


def test_a_distance_without_a_scale_is_in_pixels_alone_and_the_zone_says_why_it_is_missing(
    ap, mm, references, make_setting
):
    picture, outcome = answered(make_setting(ap, [references["AP_TRUE"]]), ap.point(mm - 9 * UP))
    assert outcome is Outcome.NOT_ASSESSABLE
    distance = only(picture, Role.DISTANCE)
    assert "mm" not in distance.label
    assert distance.meaning.endswith("not in mm: the image has no scale that holds in the patient")
    assert not picture.of(Role.GOOD, Role.MARGINAL)
    assert picture.not_drawn == ("Zone: the image has no scale that holds in the patient.",)


def test_a_wrong_level_shows_the_bone_that_was_hit_and_gives_no_distance(ap, mm, references, make_setting):
    there = ap.point(ap.targets["L4_MB", Side.RIGHT])
    picture, outcome = answered(make_setting(ap, [references["AP_TRUE"]], mm), there)
    assert outcome is Outcome.WRONG_LEVEL
    assert only(picture, Role.BONE).points == BONES[1].points
    assert only(picture, Role.OTHER_BONE).points == BONES[2].points
    assert only(picture, Role.ELSEWHERE).points == (there,)
    assert only(picture, Role.ELSEWHERE).label == "L4 medial branch, at L5, right"
    distance = only(picture, Role.DISTANCE)
    assert distance.label == ""
    assert not any(unit in distance.meaning for unit in ("mm", "px"))


def test_the_other_side_of_the_same_bone_has_no_second_outline(ap, mm, references, make_setting):
    there = ap.point(ap.targets["L3_MB", Side.LEFT])
    picture, outcome = answered(make_setting(ap, [references["AP_TRUE"]], mm), there)
    assert outcome is Outcome.WRONG_SIDE
    assert only(picture, Role.ELSEWHERE).points == (there,)
    assert not picture.of(Role.OTHER_BONE)
    assert only(picture, Role.DISTANCE).label == ""


def test_a_line_is_continued_to_a_mark_past_its_end(ap, mm, references, make_setting):
    place = ap.point(mm + 9 * UP - 25 * LEFT)
    picture, outcome = answered(make_setting(ap, [references["AP_TRUE"]], mm), place)
    assert outcome is Outcome.UNSAFE
    line, beyond = only(picture, Role.SAFETY), only(picture, Role.SAFETY_BEYOND)
    assert beyond.points[0] == line.points[1]
    way, further = (np.subtract(end, start) for start, end in (line.points, beyond.points))
    assert way[0] * further[1] == pytest.approx(way[1] * further[0])
    along = np.dot(np.subtract(place, line.points[0]), way) / np.dot(way, way)
    reached = np.dot(np.subtract(beyond.points[1], line.points[0]), way) / np.dot(way, way)
    assert 1 < along < reached < along + 1


def test_without_landmarks_there_is_no_line_and_it_is_said(views, make_reading, make_setting):
    view = views["LATERAL_TRUE"]
    mm = view.targets[KEY]
    setting = make_setting(view, [make_reading(view, kinds=("target",))], mm)
    picture, _ = answered(setting, view.point(mm))
    assert not picture.of(Role.SAFETY, Role.AXIS)
    (said,) = picture.not_drawn
    assert said.startswith("Posterior border of the foramen: landmarks are not placed:")


def test_without_outlines_it_is_said_of_each_vertebra(ap, mm, references, make_setting):
    setting = make_setting(ap, [references["AP_TRUE"]], mm)
    mark = Target(frame=ap.frame, site=L3, position=ap.point(ap.targets["L4_MB", Side.RIGHT]))
    said = picture_of(PlaceByName(setting, L3), PlacedAnswer(mark=mark)).not_drawn
    assert [text.split(":")[0] for text in said] == ["Outline of L4", "Outline of L5"]


def test_every_expert_is_drawn_and_the_outlier_told_apart(ap, mm, make_reading, make_setting):
    shifts = ((0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 12, 14))
    experts = [make_reading(ap, f"Expert {n}", shift=shift) for n, shift in enumerate(shifts)]
    picture, _ = answered(make_setting(ap, experts, mm), ap.point(mm - 9 * UP))
    kept, (outlier,) = picture.of(Role.REFERENCE), picture.of(Role.OUTLIER)
    assert [one.meaning for one in kept] == [f"reference: Expert {n}" for n in range(3)]
    assert [one.label for one in kept] == ["", "", ""]
    assert only(picture, Role.MIDDLE).label == "3 experts"
    assert outlier.label == "Expert 3, set aside"
    assert outlier.points == (ap.point(mm + np.array(shifts[3])),)
    assert "set aside" in outlier.meaning
    mean = np.mean([ap.point(mm + np.array(shift)) for shift in shifts[:3]], axis=0)
    assert only(picture, Role.MIDDLE).points[0] == pytest.approx(tuple(mean))
    assert only(picture, Role.DISTANCE).points[1] == only(picture, Role.MIDDLE).points[0]
    assert len(picture.of(Role.GOOD)) == len(picture.of(Role.MARGINAL)) == 1


def test_a_missing_answer_shows_the_reference_and_its_zone(ap, mm, references, make_setting):
    exercise = PlaceTarget(make_setting(ap, [references["AP_TRUE"]], mm), L3)
    picture = picture_of(exercise, PlacedAnswer(mark=None), outlines=BONES)
    assert not picture.of(Role.ANSWER, Role.DISTANCE)
    assert picture.of(Role.REFERENCE, Role.GOOD, Role.SAFETY, Role.BONE)


def test_a_mark_on_another_frame_is_not_drawn_on_this_one(ap, mm, references, make_setting):
    exercise = PlaceTarget(make_setting(ap, [references["AP_TRUE"]], mm), L3)
    mark = Target(frame=FrameRef(ap.frame.sop_instance_uid, 2), site=L3, position=ap.point(mm))
    picture = picture_of(exercise, PlacedAnswer(mark=mark), outlines=BONES)
    assert not picture.of(Role.ANSWER, Role.DISTANCE)
    assert "Your mark: it is on another frame or image." in picture.not_drawn


def test_without_a_reference_nothing_is_invented(ap, mm, make_reading, make_setting):
    setting = make_setting(ap, [make_reading(ap, skip=[KEY])], mm)
    picture, outcome = answered(setting, ap.point(mm))
    assert outcome is Outcome.NOT_ASSESSABLE
    assert {one.role for one in picture.drawn} <= {Role.ANSWER, Role.BONE, Role.OTHER_BONE, Role.ELSEWHERE}
    assert any("no reference" in text for text in picture.not_drawn)


@pytest.mark.parametrize("view_id", ["AP_TRUE", "IPSI_RIGHT", "LATERAL_TRUE"])
def test_every_view_has_its_zone_and_reference_where_they_are_in_three_dimensions(
    view_id, views, references, make_setting
):
    view = views[view_id]
    mm = view.targets[KEY]
    picture, _ = answered(make_setting(view, [references[view_id]], mm), view.point(mm))
    assert only(picture, Role.REFERENCE).points[0] == view.point(mm)
    assert picture.of(Role.GOOD)
    axes = {"IPSI_RIGHT": (UP * 6, UP * -6), "LATERAL_TRUE": ((6, 0, 0), (-6, 0, 0))}
    if view_id in axes:
        assert only(picture, Role.AXIS).points == tuple(view.point(mm + np.array(d)) for d in axes[view_id])


# ---------------------------------------------------------------------- needles


def test_the_needle_of_trainee_and_expert_are_drawn_with_their_shafts(ap, mm, make_reading, make_setting):
    setting = make_setting(ap, [make_reading(ap, kinds=("needle", "landmark"))], mm)
    mark = Needle(frame=ap.frame, site=L3, tip=ap.point(mm), hub=ap.point(mm - 50 * UP))
    picture = picture_of(PlaceTarget(setting, L3, needle=True), PlacedAnswer(mark=mark), outlines=BONES)
    tip, shaft = picture.of(Role.ANSWER)
    assert (tip.points, shaft.points) == ((mark.tip,), mark.path)
    tips, shafts = picture.of(Role.REFERENCE)
    assert tips.points == shafts.points[:1]
    assert len(shafts.points) == 2


def test_a_needle_that_is_judged_is_drawn_beside_the_targets(ap, mm, references, make_setting):
    setting = make_setting(ap, [references["AP_TRUE"]], mm)
    needle = Needle(frame=ap.frame, site=L3, tip=ap.point(mm + 12 * UP), hub=ap.point(mm - 40 * LEFT))
    picture = picture_of(JudgeNeedle(setting, needle), NeedleAnswer(acceptable=True), outlines=BONES)
    assert not picture.of(Role.ANSWER)
    assert [one.points for one in picture.of(Role.SHOWN)] == [(needle.tip,), needle.path]
    assert only(picture, Role.DISTANCE).points == (needle.tip, ap.point(mm))
    assert picture.of(Role.GOOD, Role.SAFETY)


def test_the_course_of_the_nerve_is_drawn_where_an_expert_drew_it(
    ap, mm, make_reading, make_setting, neurotomy
):
    expert = make_reading(ap, kinds=("target", "course"))
    setting = make_setting(ap, [expert], mm, protocol=neurotomy)
    mark = Needle(frame=ap.frame, site=L3, tip=ap.point(mm), hub=ap.point(mm - 50 * UP))
    picture = picture_of(PlaceTarget(setting, L3, needle=True), PlacedAnswer(mark=mark))
    course = next(one for one in expert.on(ap.frame, NerveCourse) if one.site == L3)
    assert only(picture, Role.COURSE).points == course.vertices


# ---------------------------------------------------------------------- names and views


def test_what_was_named_instead_is_shown_where_it_is(ap, mm, references, make_setting):
    exercise = NameMarked(make_setting(ap, [references["AP_TRUE"]], mm), L3)
    answer = NamedAnswer(nerve="L4_MB", vertebra="L5", joint="L4-L5", side=Side.RIGHT)
    picture = picture_of(exercise, answer, outlines=BONES, shown=ap.point(mm))
    assert only(picture, Role.SHOWN).points == (ap.point(mm),)
    assert only(picture, Role.SHOWN).label == "L3 medial branch, at L4, right"
    assert only(picture, Role.ELSEWHERE).points == (ap.point(ap.targets["L4_MB", Side.RIGHT]),)
    assert only(picture, Role.OTHER_BONE).points == BONES[2].points
    assert only(picture, Role.REFERENCE).points == (ap.point(mm),)
    assert not picture.of(Role.GOOD, Role.MARGINAL, Role.SAFETY, Role.DISTANCE, Role.ANSWER)


def test_a_vertebra_that_was_named_instead_is_outlined(ap, mm, references, make_setting):
    exercise = NameMarked(make_setting(ap, [references["AP_TRUE"]], mm), L3, ("vertebra",))
    picture = picture_of(exercise, NamedAnswer(vertebra="L3"), outlines=BONES)
    assert only(picture, Role.OTHER_BONE).points == BONES[0].points


def test_a_right_name_shows_no_other_place(ap, mm, references, make_setting):
    exercise = NameMarked(make_setting(ap, [references["AP_TRUE"]], mm), L3)
    answer = NamedAnswer(nerve="L3_MB", vertebra="L4", joint="L3-L4", side=Side.RIGHT)
    assert not picture_of(exercise, answer, outlines=BONES).of(Role.ELSEWHERE, Role.OTHER_BONE)


def test_of_a_view_all_outlines_and_the_endplates_are_drawn(ap, mm, make_setting):
    ends = (("superior_endplate_1", Point(380, 440)), ("superior_endplate_2", Point(384, 580)))
    records = [
        Landmark(frame=ap.frame, name=name, vertebra="L4", side=None, position=place) for name, place in ends
    ]
    judged = ViewJudgement(frame=ap.frame, view="AP_TRUE", adequate=Adequacy.YES)
    setting = make_setting(ap, [Marking("Expert A", (*records, judged))], mm)
    picture = picture_of(JudgeView(setting, "AP_TRUE"), ViewAnswer(adequate=Adequacy.YES), outlines=BONES)
    assert only(picture, Role.AXIS).points == (Point(380, 440), Point(384, 580))
    assert [one.label for one in picture.of(Role.BONE)] == ["L3", "L4", "L5"]
    bare = make_setting(ap, [Marking("Expert A", (judged,))], mm)
    empty = picture_of(JudgeView(bare, "AP_TRUE"), ViewAnswer(adequate=Adequacy.YES))
    assert empty.drawn == ()
    assert empty.not_drawn


# ---------------------------------------------------------------------- order and legend


def test_the_trainees_mark_lies_on_top_and_the_legend_names_each_meaning_once(
    ap, mm, make_reading, make_setting
):
    experts = [make_reading(ap, f"Expert {n}", shift=(0, n, 0)) for n in range(3)]
    picture, _ = answered(make_setting(ap, experts, mm), ap.point(mm - 9 * UP))
    assert picture.drawn[-1].role is Role.ANSWER
    assert picture.drawn[0].role is Role.BONE
    legend = dict(picture.legend)
    assert legend[Role.REFERENCE] == "reference: Expert 0; reference: Expert 1; reference: Expert 2"
    assert legend[Role.GOOD].startswith("zone: 95 % ellipse of 3 experts")
