"""Turning and mirroring the screen: exact, reversible, and the letters follow."""

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    ALL_TURNS,
    AS_STORED,
    Point,
    Turn,
    angle_direction,
    direction_angle,
    direction_in_image,
    edge_letters,
)

SHAPE = (3, 5)
IMAGE = np.arange(15).reshape(SHAPE)

each_turn = pytest.mark.parametrize("turn", ALL_TURNS, ids=str)


def shown(image, turn):
    """The image on the screen by numpy's own means."""
    return np.rot90(np.fliplr(image) if turn.mirrored else image, -turn.quarters)


@each_turn
def test_every_pixel_goes_where_numpy_puts_it_and_back(turn):
    screen = shown(IMAGE, turn)
    assert turn.shape(SHAPE) == screen.shape
    for row, column in np.ndindex(SHAPE):
        place = turn.to_display(Point(row, column), SHAPE)
        assert screen[place] == IMAGE[row, column]
        assert turn.to_image(place, SHAPE) == (row, column)


@each_turn
def test_matrices_do_the_same_and_are_exact_inverses(turn):
    forth, back = np.array(turn.display_matrix(SHAPE)), np.array(turn.image_matrix(SHAPE))
    assert (forth @ back == np.eye(3)).all()
    assert (back @ forth == np.eye(3)).all()
    place = turn.to_display(Point(0.25, 3.5), SHAPE)
    assert tuple(forth @ (0.25, 3.5, 1)) == (*place, 1)


@each_turn
@pytest.mark.parametrize("other", ALL_TURNS, ids=str)
def test_two_turns_make_one(turn, other):
    both = turn.then(other)
    assert (shown(shown(IMAGE, turn), other) == shown(IMAGE, both)).all()


@each_turn
def test_the_inverse_leads_back(turn):
    assert turn.then(turn.inverse) == AS_STORED
    assert turn.inverse.then(turn) == AS_STORED


def test_steps_of_a_reader():
    assert AS_STORED.clockwise().clockwise() == Turn(2)
    assert AS_STORED.flipped() == Turn(mirrored=True)
    assert AS_STORED.clockwise().flipped() == Turn(3, mirrored=True)
    assert Turn(1).flipped().flipped() == Turn(1)


@each_turn
@pytest.mark.parametrize("degrees", [0, 30, 90, 135.5, 270, 359])
def test_angles_go_there_and_back(turn, degrees):
    rows, columns = angle_direction(degrees)
    there = turn.angle_to_display(degrees)
    assert 0 <= there < 360
    assert angle_direction(there) == pytest.approx(turn.direction_to_display((rows, columns)), abs=1e-12)
    assert turn.angle_to_image(there) == pytest.approx(degrees)
    assert turn.direction_to_image(turn.direction_to_display((rows, columns))) == (rows, columns)


def test_directions_have_the_angles_that_the_module_states():
    assert direction_angle((0, 2)) == 0
    assert direction_angle((3, 0)) == 90
    assert direction_angle((-1, -1)) == pytest.approx(225)


@pytest.mark.parametrize("direction", [(0, 0), (float("nan"), 1), (float("inf"), 1)])
def test_a_direction_without_length_has_no_angle(direction):
    with pytest.raises(GeometryError, match="no length"):
        direction_angle(direction)


@pytest.mark.parametrize(
    ("turn", "edges"),
    [
        (AS_STORED, ("H", "R", "F", "L")),
        (Turn(1), ("L", "H", "R", "F")),
        (Turn(2), ("F", "L", "H", "R")),
        (Turn(3), ("R", "F", "L", "H")),
        (Turn(mirrored=True), ("H", "L", "F", "R")),
        (Turn(1, mirrored=True), ("R", "H", "L", "F")),
    ],
)
def test_side_markers_of_a_prone_ap_view_follow(turn, edges):
    assert turn.edges(("R", "F")) == edges


@each_turn
def test_letters_stay_at_their_pixels(turn):
    """The edge that a letter names is where the middle of the old edge goes."""
    orientation = ("RA", "FP")
    edges = edge_letters(orientation)
    middles = dict(zip(edges, [(0, 2), (1, 4), (2, 2), (1, 0)], strict=True))
    rows, columns = turn.shape(SHAPE)
    new = turn.edges(orientation)
    where = dict(
        zip(
            new,
            [
                (0, columns // 2),
                (rows // 2, columns - 1),
                (rows - 1, columns // 2),
                (rows // 2, 0),
            ],
            strict=True,
        )
    )
    for letters, place in middles.items():
        assert turn.to_display(Point(*place), SHAPE) == where[letters]
    assert turn.orientation_to_image(turn.orientation_to_display(orientation)) == orientation


@pytest.mark.parametrize(
    ("letter", "orientation", "step"),
    [
        ("dorsal", ("P", "F"), (0, 1)),
        ("dorsal", ("A", "F"), (0, -1)),
        ("caudal", ("R", "F"), (1, 0)),
        ("H", ("RA", "FP"), (-1, 0)),
        ("L", ("R", "F"), (0, -1)),
        ("dorsal", ("R", "F"), None),
    ],
)
def test_where_a_direction_of_the_body_points(letter, orientation, step):
    assert direction_in_image(letter, orientation) == step


def test_an_unknown_direction_is_refused():
    with pytest.raises(GeometryError, match="not a direction of the body"):
        direction_in_image("upwards", ("R", "F"))


@pytest.mark.parametrize("orientation", [("R",), ("R", "L"), ("R", ""), ("X", "F"), ("RL", "F"), "RF", ()])
def test_letters_that_name_no_directions_are_refused(orientation):
    with pytest.raises(GeometryError, match="two directions"):
        edge_letters(orientation)


@pytest.mark.parametrize("quarters", [-1, 4, 0.5, True])
def test_other_turns_are_refused(quarters):
    with pytest.raises(GeometryError, match="one of the four"):
        Turn(quarters)
