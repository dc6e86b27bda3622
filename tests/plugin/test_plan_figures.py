"""What a protocol draws: figures from landmarks, and bands."""

from types import SimpleNamespace

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point, Ruler
from fluoro_annotator.marks import FrameRef, Landmark, Needle, Target
from fluoro_annotator.protocols import ConstructionKind, load_protocols, plan
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.plan_figures import FrameMarks, construction_lines, figures

FRAME = FrameRef("2.25.1", 1)
SCALED = Ruler(Calibration(CalibrationSource.PIXEL_SPACING_FIDUCIAL, 0.5, 0.5, 0.07))


@pytest.fixture(scope="module")
def planned():
    return plan(load_protocols(folders=()).get("lumbar_mbb"), ["L4-L5"], [Side.RIGHT])


def landmark(name, row, column, vertebra="L5", side=Side.RIGHT):
    return Landmark(frame=FRAME, name=name, vertebra=vertebra, side=side, position=Point(row, column))


def construction(kind, count, fractions=()):
    names = tuple(f"p{number}" for number in range(count))
    return SimpleNamespace(kind=kind, landmarks=names, fractions=fractions)


def crossings(lines):
    """Return the centres of the crosses."""
    return [
        line.points[0]._replace(row=(line.points[0].row + line.points[1].row) / 2)
        for line in lines
        if line.text
    ]


@pytest.mark.parametrize(
    ("kind", "points", "fractions", "expected"),
    [
        (ConstructionKind.MIDPOINT, [(0, 0), (20, 40)], (), [(10, 20)]),
        (ConstructionKind.FRACTIONS, [(0, 0), (20, 40)], (0.0, 0.5, 1.0), [(0, 0), (10, 20), (20, 40)]),
        (ConstructionKind.DIAGONALS, [(0, 0), (0, 10), (10, 0), (10, 10)], (), [(5, 5)]),
    ],
)
def test_points_of_a_construction_are_crosses_at_their_places(kind, points, fractions, expected):
    places = {f"p{number}": Point(*point) for number, point in enumerate(points)}
    lines = construction_lines(construction(kind, len(points), fractions), places, 1.0)
    assert [tuple(centre) for centre in crossings(lines)] == expected
    assert lines[0].dashed


def test_a_perpendicular_ends_at_its_foot_also_where_pixels_are_not_square():
    places = {"p0": Point(0, 0), "p1": Point(10, 10), "p2": Point(10, 0)}
    figure = construction(ConstructionKind.PERPENDICULAR, 3)
    assert construction_lines(figure, places, 1.0)[1].points[1] == Point(5, 5)
    foot = construction_lines(figure, places, 2.0)[1].points[1]
    assert foot.row == pytest.approx(8)


def test_a_polygon_is_closed():
    places = {"p0": Point(0, 0), "p1": Point(10, 10), "p2": Point(10, 0)}
    (line,) = construction_lines(construction(ConstructionKind.POLYGON, 3), places, 1.0)
    assert (line.closed, line.dashed, len(line.points)) == (True, True, 3)


@pytest.mark.parametrize("kind", ConstructionKind)
def test_every_kind_of_construction_is_drawn_but_axes_which_belong_to_measures(kind):
    places = {f"p{number}": Point(number**2, 7 * number % 5) for number in range(4)}
    counts = {ConstructionKind.PERPENDICULAR: 3, ConstructionKind.POLYGON: 3, ConstructionKind.DIAGONALS: 4}
    lines = construction_lines(construction(kind, counts.get(kind, 2), (0.5,)), places, 1.0)
    assert bool(lines) == (kind is not ConstructionKind.AXIS)


def test_without_all_landmarks_or_with_two_at_one_place_nothing_is_drawn():
    figure = construction(ConstructionKind.MIDPOINT, 2)
    assert construction_lines(figure, {"p0": Point(0, 0)}, 1.0) == []
    assert construction_lines(figure, {"p0": Point(0, 0), "p1": Point(0, 0)}, 1.0) == []


def test_figures_need_their_own_vertebra_side_and_view(planned):
    first = landmark("tp_border_medial", 10, 10)
    assert figures(planned, FrameMarks([first], Ruler(), "AP_TRUE")) == []
    pairs = {
        "ours": landmark("mamillo_accessory_notch", 30, 10),
        "other vertebra": landmark("mamillo_accessory_notch", 30, 10, vertebra="L4"),
        "other side": landmark("mamillo_accessory_notch", 30, 10, side=Side.LEFT),
    }
    drawn = {
        name: figures(planned, FrameMarks([first, second], Ruler(), "AP_TRUE"))
        for name, second in pairs.items()
    }
    assert [name for name, lines in drawn.items() if lines] == ["ours"]
    assert [line.text for line in drawn["ours"] if line.text] == [texts.PLAN_MIDPOINT]
    assert figures(planned, FrameMarks([first, pairs["ours"]], Ruler(), "LATERAL_TRUE")) == []


def target_and_needle(anatomy, *, needle):
    site = anatomy.site("L4_MB", Side.RIGHT)
    marks = [Target(frame=FRAME, site=site, position=Point(50, 50))]
    if needle:
        marks.append(Needle(frame=FRAME, site=site, tip=Point(52, 52), hub=Point(90, 90)))
    return marks


def test_bands_are_not_shown_before_the_needle_unless_somebody_asks(planned, anatomy):
    alone = target_and_needle(anatomy, needle=False)
    assert figures(planned, FrameMarks(alone, SCALED, "AP_TRUE")) == []
    wanted = figures(planned, FrameMarks(alone, SCALED, "AP_TRUE", bands_wanted=True))
    with_needle = figures(planned, FrameMarks(target_and_needle(anatomy, needle=True), SCALED, "AP_TRUE"))
    assert [line.text for line in wanted] == ["band 3 mm", "band 6 mm"]
    assert with_needle == wanted


def test_a_ring_has_its_radius_in_the_patient_and_none_without_a_scale(planned, anatomy):
    marks = target_and_needle(anatomy, needle=True)
    ring = figures(planned, FrameMarks(marks, SCALED, "AP_TRUE"))[0]
    centre = Point(50, 50)
    assert {round(point.distance(centre), 6) for point in ring.points} == {6.0}
    assert figures(planned, FrameMarks(marks, Ruler(), "AP_TRUE")) == []
    oblong = Ruler(Calibration(CalibrationSource.PIXEL_SPACING_FIDUCIAL, 1.0, 0.5, 0.07))
    ring = figures(planned, FrameMarks(marks, oblong, "AP_TRUE"))[0]
    assert (ring.points[0].row, ring.points[12].column) == (pytest.approx(47), pytest.approx(56))


def test_a_stretch_of_an_axis_has_a_tick_at_each_end(planned):
    places = [landmark("sap_tp_angle", 0, 0), landmark("mamillo_accessory_notch", 100, 0)]
    lines = figures(planned, FrameMarks(places, Ruler(), "IPSI_OBLIQUE", bands_wanted=True))
    ticks = [line for line in lines if line.colour == styles.GREEN]
    assert [{point.row for point in tick.points} for tick in ticks] == [{25.0}, {75.0}]
    assert ticks[0].text == "band 0.25 to 0.75"
    assert figures(planned, FrameMarks(places[:1], Ruler(), "IPSI_OBLIQUE", bands_wanted=True)) == []


def test_a_frame_without_landmarks_and_targets_has_no_figures(planned, anatomy):
    (_, needle) = target_and_needle(anatomy, needle=True)
    assert figures(planned, FrameMarks([needle], SCALED, "AP_TRUE", bands_wanted=True)) == []
