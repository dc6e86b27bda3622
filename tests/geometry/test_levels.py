"""Vertebrae offered from others that are labelled."""

import itertools
import math

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.levels import offer_levels

LUMBAR = ("L1", "L2", "L3", "L4", "L5", "S1")
BIG = (2000, 2000)


def even(place):
    """A straight column that leans, 100 pixels from one vertebra to the next."""
    return Point(200.0 + 80 * place, 300.0 + 60 * place)


def bent(place):
    return Point(200.0 + 100 * place, 500 + 6 * place**2)


def labels(course, *places):
    return {LUMBAR[place]: course(place) for place in places}


def offered(found):
    return {level.vertebra: level for level in found.levels}


def test_two_labels_offer_the_rest_of_a_straight_column():
    found = offer_levels(LUMBAR, labels(even, 2, 3), BIG)
    assert [level.vertebra for level in found.levels] == ["L1", "L2", "L5"]
    for level in found.levels:
        assert level.position == pytest.approx(even(LUMBAR.index(level.vertebra)))
    assert not found.curved
    assert not found.reason


def test_three_labels_follow_the_bend():
    found = offer_levels(LUMBAR, labels(bent, 1, 2, 3), BIG)
    assert found.curved
    for level in found.levels:
        assert level.position == pytest.approx(bent(LUMBAR.index(level.vertebra)))


@pytest.mark.parametrize("order", [LUMBAR, LUMBAR[::-1]])
@pytest.mark.parametrize("upside_down", [False, True])
def test_the_direction_of_the_head_does_not_matter(order, upside_down):
    where = {
        name: Point(1500 - p.row, p.column) if upside_down else p for name, p in labels(bent, 1, 2, 4).items()
    }
    found = offered(offer_levels(order, where, BIG))
    assert set(found) == {"L1", "L4"}
    row = bent(3).row
    assert found["L4"].position.row == pytest.approx(1500 - row if upside_down else row)


def test_uncertainty_grows_with_each_step_and_less_between_labels():
    found = offered(offer_levels(LUMBAR, labels(even, 0, 2), BIG))
    assert [found[name].steps for name in ("L2", "L4")] == [1, 1]
    assert found["L2"].radius_px == pytest.approx(0.3 * 1 * 1 / 2 * 100 + 1.5)
    assert found["L4"].radius_px == pytest.approx(0.3 * 3 * 1 / 2 * 100 + 1.5 * (1.5 + 0.5))
    adjacent = offered(offer_levels(LUMBAR, labels(even, 3, 4), BIG))
    radii = [1.5, *(adjacent[name].radius_px for name in ("L3", "L2"))]
    assert 0 < radii[1] - radii[0] < radii[2] - radii[1]


def test_what_may_be_the_neighbour_is_marked_and_what_is_hopeless_not_offered():
    found = offered(offer_levels(LUMBAR, labels(even, 3, 4), BIG))
    assert not found["L3"].doubtful
    assert found["L2"].doubtful
    assert "L1" not in found
    long = tuple(f"T{number}" for number in range(1, 13))
    far = offer_levels(long, {"T11": even(10), "T12": even(11)}, BIG)
    assert [level.vertebra for level in far.levels] == ["T9", "T10"]


def test_places_outside_the_image_are_not_offered():
    found = offer_levels(LUMBAR, labels(even, 2, 3), (520, 700))
    assert [level.vertebra for level in found.levels] == ["L1", "L2"]


def test_an_extra_vertebra_comes_in_by_the_order():
    order = ("L3", "L4", "L5", "L6", "S1")
    found = offer_levels(order, {"L4": even(1), "L5": even(2)}, BIG)
    assert offered(found)["L6"].position == pytest.approx(even(3))


def test_the_sacrum_is_neither_offered_nor_used():
    found = offer_levels(LUMBAR, labels(even, 3, 4) | {"S1": Point(1999, 0)}, BIG)
    assert offered(found)["L3"].position == pytest.approx(even(2))
    alone = offer_levels(LUMBAR, labels(even, 4, 5), BIG)
    assert (alone.levels, alone.reason) == (
        (),
        "two labelled vertebrae, not counting S1, are needed to offer others",
    )
    wanted = offer_levels(LUMBAR, labels(even, 3, 4), BIG, apart=())
    assert offered(wanted)["S1"].position == pytest.approx(even(5))


@pytest.mark.parametrize("chosen", list(itertools.combinations(range(5), 3)))
@pytest.mark.parametrize("view", ["01_ap", "02_right_oblique", "03_left_oblique", "04_lateral"])
def test_the_phantom_lies_within_the_stated_uncertainty(simulated, view, chosen):
    truth = {name: Point(p.row + 600, p.column) for name, p in simulated[view].vertebrae.items()}
    names = list(truth)
    found = offer_levels(names, {names[place]: truth[names[place]] for place in chosen}, (2400, 1024))
    assert {level.vertebra for level in found.levels} == set(names[:5]) - {names[p] for p in chosen}
    assert found.curved
    for level in found.levels:
        assert level.position.distance(truth[level.vertebra]) <= level.radius_px


@pytest.mark.parametrize("chosen", list(itertools.combinations(range(5), 2)))
def test_two_labels_of_the_phantom_do_so_too(simulated, chosen):
    for view in ("01_ap", "02_right_oblique", "03_left_oblique", "04_lateral"):
        truth = {name: Point(p.row + 600, p.column) for name, p in simulated[view].vertebrae.items()}
        names = list(truth)
        found = offer_levels(names, {names[place]: truth[names[place]] for place in chosen}, (2400, 1024))
        for level in found.levels:
            assert level.position.distance(truth[level.vertebra]) <= level.radius_px


def test_pixels_that_are_not_square():
    flat = {name: Point(p.row / 2, p.column) for name, p in labels(bent, 1, 2, 3).items()}
    square = offered(offer_levels(LUMBAR, labels(bent, 1, 2, 3), BIG))
    found = offered(offer_levels(LUMBAR, flat, BIG, aspect=2.0))
    for name, level in square.items():
        assert found[name].position == pytest.approx((level.position.row / 2, level.position.column))
        assert found[name].radius_px == pytest.approx(level.radius_px)


@pytest.mark.parametrize("places", [(1, 2), (0, 3), (1, 2, 3), (0, 1, 2, 4)])
def test_misplaced_labels_move_an_offer_by_no_more_than_stated(places):
    """Even spacing leaves only placement to be uncertain about."""
    generator = np.random.default_rng(18)
    for _ in range(50):
        signs = generator.choice([-4.0, 4.0], len(places))
        where = {
            LUMBAR[i]: Point(even(i).row + s * 0.8, even(i).column + s * 0.6)
            for i, s in zip(places, signs, strict=True)
        }
        calm = offered(offer_levels(LUMBAR, where, BIG, placement_px=0))
        for name, level in offered(offer_levels(LUMBAR, where, BIG, placement_px=4)).items():
            off = level.position.distance(even(LUMBAR.index(name)))
            assert off <= level.radius_px - calm[name].radius_px + 1e-9


def test_labels_off_the_curve_make_everything_less_certain():
    clean = offered(offer_levels(LUMBAR, labels(even, 0, 1, 2, 3), BIG))["L5"]
    noisy = labels(even, 0, 1, 2, 3) | {"L2": Point(even(1).row - 20, even(1).column + 30)}
    assert offered(offer_levels(LUMBAR, noisy, BIG))["L5"].radius_px > clean.radius_px + 5


def test_a_parabola_is_not_followed_round_the_bend():
    places = {"T10": Point(500, 500), "T11": Point(500, 600), "T12": Point(500, 640)}
    order = ("T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3")
    found = offer_levels(order, places, BIG)
    assert [level.vertebra for level in found.levels if level.vertebra.startswith("L")] == []


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({}, "two labelled vertebrae"),
        ({"L4": even(3)}, "two labelled vertebrae"),
        ({"L3": even(2), "L4": even(2)}, "do not follow each other"),
        ({"L2": even(2), "L3": even(4), "L4": even(3)}, "L2, L3, L4 do not follow"),
    ],
)
def test_when_nothing_is_offered_the_reason_is_said(where, reason):
    found = offer_levels(LUMBAR, where, BIG)
    assert found.levels == ()
    assert reason in found.reason


def test_when_all_is_labelled_nothing_is_wrong():
    found = offer_levels(LUMBAR, labels(even, 0, 1, 2, 3, 4), BIG)
    assert (found.levels, found.reason) == ((), "")


@pytest.mark.parametrize(
    ("order", "where"),
    [
        (("L3", "L4", "L3"), {}),
        (LUMBAR, {"T9": even(0), "L1": even(1)}),
        (LUMBAR, {"L1": Point(math.nan, 0), "L2": even(1)}),
    ],
)
def test_impossible_labels_are_refused(order, where):
    with pytest.raises(GeometryError):
        offer_levels(order, where, BIG)


def test_random_smooth_columns_are_followed():
    generator = np.random.default_rng(16)
    for _ in range(100):
        start, step, bend = (
            generator.uniform(800, 1000, 2),
            generator.uniform(60, 90, 2),
            generator.uniform(-4, 4, 2),
        )
        places = [Point(*(start + step * i + bend * i**2)) for i in range(6)]
        found = offer_levels(LUMBAR, {LUMBAR[i]: places[i] for i in (1, 2, 4)}, BIG)
        for level in found.levels:
            assert level.position.distance(places[LUMBAR.index(level.vertebra)]) <= level.radius_px
