"""The zone that is drawn is the zone that was used: a place is within it exactly if the rules call it good."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point, Ruler, point_in_polygon
from fluoro_annotator.marks import Landmark, Needle, NerveCourse, Target, TargetZone, ZoneForm
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import BandState, Marking, PlacedAnswer, PlaceTarget, Setting
from fluoro_annotator.training.scoring import place_case
from fluoro_annotator.training.zone_shapes import zone_shapes

ANATOMY = load_anatomy()
SITES = {
    "AP_TRUE": ANATOMY.site("L3_MB", Side.RIGHT),
    "IPSI_RIGHT": ANATOMY.site("L4_MB", Side.RIGHT),
    "IPSI_LEFT": ANATOMY.site("L2_MB", Side.LEFT),
    "LATERAL_TRUE": ANATOMY.site("L3_MB", Side.RIGHT),
}
POINTS = 150


@pytest.fixture
def random():
    return np.random.default_rng(6)


def state_drawn(shapes, point):
    """Return in which outline a point lies: the best one."""
    inside = {shape.state for shape in shapes if point_in_polygon(point, shape.outline)}
    return next(
        (state for state in (BandState.GOOD, BandState.MARGINAL) if state in inside), BandState.OUTSIDE
    )


def case_at(exercise, point):
    setting, site = exercise.setting, exercise.site
    mark = Target(frame=setting.frame, site=site, position=point)
    if exercise.needle:
        hub = Point(point.row + 90, point.column + 20)
        mark = Needle(frame=setting.frame, site=site, tip=point, hub=hub)
    return place_case(exercise, PlacedAnswer(mark=mark))


def assert_drawn_as_judged(exercise, centre, random, *, spread=30.0):
    """Compare the outlines with the rules at random places around the reference; return the states that occurred."""
    met = set()
    for down, right in random.normal(0, spread, (POINTS, 2)):
        point = Point(centre.row + down, centre.column + right)
        case = case_at(exercise, point)
        if case.measures.same_place:
            continue  # good whatever the outline is, because it cannot be told from the reference
        drawn = state_drawn(zone_shapes(case), point)
        assert drawn is case.place, (point, drawn, case.place)
        met.add(drawn)
    return met


@pytest.mark.parametrize("shown", [*product(SITES, (True, False), ("lumbar_mbb", "lumbar_rfn"))], ids=str)
def test_bands_are_drawn_as_they_are_judged(shown, views, references, random):
    name, scaled, protocol = shown
    view, site = views[name], SITES[name]
    mm = view.targets[site.nerve, site.side]
    used = load_protocols(folders=()).get(protocol)
    setting = Setting(
        protocol=used,
        references=(references[name],),
        frame=view.frame,
        image=view.facts(mm if scaled else None),
    )
    exercise, centre = PlaceTarget(setting, site), view.point(mm)
    if case_at(exercise, Point(centre.row + 40, centre.column)).place is None:
        assert zone_shapes(case_at(exercise, centre)) == ()
        return
    met = assert_drawn_as_judged(exercise, centre, random)
    assert {BandState.GOOD, BandState.OUTSIDE} <= met


def test_a_radius_in_mm_is_an_ellipse_where_pixels_are_not_square(views, references, block, random):
    view, site = views["AP_TRUE"], SITES["AP_TRUE"]
    ruler = Ruler(Calibration(CalibrationSource.KNOWN_LENGTH, 0.3, 0.2, 0.02))
    setting = Setting(
        protocol=block,
        references=(references["AP_TRUE"],),
        frame=view.frame,
        image=replace(view.facts(), ruler=ruler),
    )
    exercise, centre = PlaceTarget(setting, site), view.point(view.targets[site.nerve, site.side])
    good = zone_shapes(case_at(exercise, centre))[-1]
    assert max(p.column for p in good.outline) - centre.column == pytest.approx(3 / 0.2)
    assert max(p.row for p in good.outline) - centre.row == pytest.approx(3 / 0.3)
    assert_drawn_as_judged(exercise, centre, random, spread=15)


def test_a_reference_that_is_marginal_itself_asks_for_no_more(views, block, random):
    """The band along the axis is 0.25 to 0.75; this reference has a place beyond it in its marginal part."""
    view, site = views["IPSI_RIGHT"], SITES["IPSI_RIGHT"]
    at = view.point(view.targets[site.nerve, site.side])
    bands = tuple(
        replace(one, marginal=(0.1, 0.9)) if one.id == "angle_to_notch" else one for one in block.bands
    )
    records = [Target(frame=view.frame, site=site, position=Point(at.row - 9, at.column))]
    for name, down in (("sap_tp_angle", -30), ("mamillo_accessory_notch", 30)):
        place = Point(at.row + down, at.column + down / 3)
        records.append(
            Landmark(frame=view.frame, name=name, vertebra=site.vertebra, side=site.side, position=place)
        )
    for shift, expected in ((0.0, (0.25, 0.75)), (-16.0, (0.1, 0.9))):
        records[0] = replace(records[0], position=Point(at.row - 3 + shift, at.column))
        setting = Setting(
            protocol=replace(block, bands=bands),
            references=(Marking("Expert A", tuple(records)),),
            frame=view.frame,
            image=view.facts(),
        )
        exercise = PlaceTarget(setting, site)
        assert_drawn_as_judged(exercise, at, random, spread=20)
        good = zone_shapes(case_at(exercise, at))[-1]
        assert f"{expected[0]:g} to {expected[1]:g}" in good.title


def test_the_ellipses_of_a_region_hold_what_is_judged_good_and_marginal(
    views, make_reading, make_setting, random
):
    view, site = views["AP_TRUE"], SITES["AP_TRUE"]
    shifts = ((0, 0, 0), (0, 2, 1), (0, -2, 2), (0, 0.5, -2), (0, 1, 0))
    experts = [make_reading(view, f"Expert {n}", shift=shift) for n, shift in enumerate(shifts)]
    exercise = PlaceTarget(make_setting(view, experts), site)
    met = assert_drawn_as_judged(exercise, view.point(view.targets[site.nerve, site.side]), random)
    assert met == {BandState.GOOD, BandState.MARGINAL, BandState.OUTSIDE}


@pytest.mark.parametrize("form", ZoneForm)
def test_a_zone_that_was_drawn_is_shown_with_the_radius_around_it(
    form, views, make_reading, make_setting, random
):
    view, site = views["AP_TRUE"], SITES["AP_TRUE"]
    mm = view.targets[site.nerve, site.side]
    at = view.point(mm)
    offsets = (
        ((0, -12), (0, 20), (-9, 4), (9, 4)) if form is ZoneForm.ELLIPSE else ((-9, -9), (14, 0), (-6, 16))
    )
    corners = tuple(Point(at.row + down, at.column + right) for down, right in offsets)
    zone = TargetZone(frame=view.frame, site=site, vertices=corners, form=form)
    expert = Marking("Expert A", (*make_reading(view).records, zone))
    exercise = PlaceTarget(make_setting(view, [expert], mm), site)
    met = assert_drawn_as_judged(exercise, at, random)
    assert met == {BandState.GOOD, BandState.MARGINAL, BandState.OUTSIDE}


@pytest.mark.parametrize(
    "bends", [((-60, 0), (60, 0)), ((-60, -10), (0, 10), (55, -25)), ((-50, 0), (0, 0), (0, 60))]
)
def test_the_reach_around_a_course_is_drawn_as_it_is_judged(bends, views, neurotomy, random):
    view, site = views["AP_TRUE"], SITES["AP_TRUE"]
    mm = view.targets[site.nerve, site.side]
    at = view.point(mm)
    course = NerveCourse(
        frame=view.frame, site=site, vertices=tuple(Point(at.row + r, at.column + c) for r, c in bends)
    )
    expert = Marking("Expert A", (Target(frame=view.frame, site=site, position=course.vertices[0]), course))
    setting = Setting(protocol=neurotomy, references=(expert,), frame=view.frame, image=view.facts(mm))
    met = assert_drawn_as_judged(PlaceTarget(setting, site, needle=True), at, random)
    assert met == {BandState.GOOD, BandState.MARGINAL, BandState.OUTSIDE}


def test_the_zone_is_there_although_nothing_was_placed(views, references, make_setting):
    view, site = views["AP_TRUE"], SITES["AP_TRUE"]
    mm = view.targets[site.nerve, site.side]
    exercise = PlaceTarget(make_setting(view, [references["AP_TRUE"]], mm), site)
    missing = zone_shapes(place_case(exercise, PlacedAnswer(mark=None)))
    assert missing == zone_shapes(case_at(exercise, view.point(mm)))
