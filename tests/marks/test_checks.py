"""Marks that cannot be true are refused with the reason."""

import math
from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    MarkOutsideImageError,
    SideNotAllowedError,
    UnknownImageError,
    UnknownNerveError,
    UnknownVertebraError,
    WrongJointError,
    WrongVertebraError,
)
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, check_mark
from fluoro_annotator.marks.values import moved

ROWS, COLUMNS = 200, 300
LAST_ROW, LAST_COLUMN = ROWS - 0.5, COLUMNS - 0.5

ON_THE_BORDER = [
    Point(-0.5, -0.5),
    Point(-0.5, LAST_COLUMN),
    Point(LAST_ROW, -0.5),
    Point(LAST_ROW, LAST_COLUMN),
    Point(0, 0),
    Point(199, 299),
]
BEYOND = [
    Point(math.nextafter(-0.5, -1), 10),
    Point(10, math.nextafter(-0.5, -1)),
    Point(math.nextafter(LAST_ROW, 999), 10),
    Point(10, math.nextafter(LAST_COLUMN, 999)),
    Point(COLUMNS - 1, ROWS - 1),
    Point(-1e300, 1),
    Point(1, 1e300),
]


@pytest.mark.parametrize("point", ON_THE_BORDER)
def test_the_outer_corners_of_the_image_belong_to_it(point, mark, study, anatomy):
    for name in mark.point_names:
        check_mark(moved(mark, **{name: point}), study, anatomy)


@pytest.mark.parametrize("point", BEYOND)
def test_a_point_beyond_the_image_is_refused_by_name(point, mark, study, anatomy):
    for name in mark.point_names:
        with pytest.raises(MarkOutsideImageError, match=rf"^{name} at row .* 200 rows and 300 columns"):
            check_mark(moved(mark, **{name: point}), study, anatomy)


@pytest.mark.parametrize("number", [1, 4])
def test_first_and_last_frame_exist(number, mark, study, anatomy):
    check_mark(replace(mark, frame=replace(mark.frame, frame_number=number)), study, anatomy)


def test_the_frame_after_the_last_does_not_exist(mark, study, anatomy):
    beyond = replace(mark, frame=replace(mark.frame, frame_number=5))
    with pytest.raises(MarkOutsideImageError, match="frame 5: does not exist: the image has 4 frames"):
        check_mark(beyond, study, anatomy)


def test_a_still_image_has_one_frame(mark, study, anatomy):
    uid = study.images[1].sop_instance_uid
    with pytest.raises(MarkOutsideImageError, match="the image has 1 frame"):
        check_mark(replace(mark, frame=FrameRef(uid, 2)), study, anatomy)


def test_the_size_of_the_marks_own_image_counts(target, study, anatomy):
    on_still = replace(target, frame=FrameRef(study.images[1].sop_instance_uid, 1))
    check_mark(moved(on_still, position=Point(49.5, 59.5)), study, anatomy)
    with pytest.raises(MarkOutsideImageError, match="50 rows and 60 columns"):
        check_mark(moved(on_still, position=Point(50, 10)), study, anatomy)


def test_an_unknown_image_is_refused(mark, study, anatomy):
    with pytest.raises(UnknownImageError, match="not part of the study"):
        check_mark(replace(mark, frame=FrameRef("1.2", 1)), study, anatomy)


WRONG_SITES = [
    (Site("L9_MB", "L4", ("L3-L4",), Side.LEFT), UnknownNerveError),
    (Site("L3_MB", "L3", ("L3-L4",), Side.LEFT), WrongVertebraError),
    (Site("L3_MB", "L9", ("L3-L4",), Side.LEFT), UnknownVertebraError),
    (Site("L3_MB", "L4", ("L3-L4",), Side.MIDLINE), SideNotAllowedError),
    (Site("L3_MB", "L4", (), Side.LEFT), WrongJointError),
    (Site("L3_MB", "L4", ("L5-S1",), Side.LEFT), WrongJointError),
]


@pytest.mark.parametrize(("site", "error"), WRONG_SITES)
def test_a_site_that_does_not_exist_is_refused(site, error, three, study, anatomy):
    for mark in three[:2]:
        with pytest.raises(error) as refusal:
            check_mark(replace(mark, site=site), study, anatomy)
        assert refusal.value.remedy


@pytest.mark.parametrize("vertebra", ["L9", "l4", "C0", "L3_MB", "4"])
def test_a_vertebra_that_does_not_exist_is_refused(vertebra, level, study, anatomy):
    with pytest.raises(UnknownVertebraError):
        check_mark(replace(level, vertebra=vertebra), study, anatomy)


def test_every_site_of_the_table_can_be_marked(target, study, anatomy):
    for nerve in anatomy.nerves.values():
        for side in nerve.sides:
            check_mark(replace(target, site=anatomy.site(nerve.id, side)), study, anatomy)


def test_a_refusal_names_no_patient_and_no_path(target, study, anatomy):
    with pytest.raises(FluoroAnnotatorError) as refusal:
        check_mark(moved(target, position=Point(-3, 4)), study, anatomy)
    assert str(refusal.value) == (
        "position at row -3.0, column 4.0: lies outside the image of 200 rows and 300 columns. "
        "Place the mark on the image."
    )
