"""Labels can be read."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_fluoro_annotator.labels import Box, Label, Screen, _box, arrange

SCREEN = Screen(669.0, 624.0)
RIGHT_LETTER = Box(290.0, 635.0, 340.0, 669.0)
LABEL = "L3 medial branch,\nat L4, right"
PLACES = st.tuples(st.floats(0, 700), st.floats(0, 700))


def label(row, column, text=LABEL, offset=(-18, 14)):
    return Label(text, row, column, offset)


def boxes(labels, width=700, avoid=()):
    return [
        _box(each, place) for each, place in zip(labels, arrange(labels, Screen(width), avoid), strict=True)
    ]


def overlaps(found):
    return [(first, other) for first, other in itertools.combinations(found, 2) if first.meets(other)]


def test_a_single_label_is_where_it_wants_to_be():
    assert arrange([label(300, 200)], Screen(700)) == [(-18, 14)]


def test_a_label_that_would_leave_the_window_goes_to_the_other_side():
    one = label(300, 650)
    ((_, right),) = arrange([one], Screen(700))
    assert right == -14 - one.width


@pytest.mark.parametrize("apart", [0, 3, 10, 25])
def test_left_and_right_targets_of_a_lateral_view_can_both_be_read(apart):
    assert not overlaps(boxes([label(300, 200), label(300 + apart, 200 + apart)]))


def test_needle_and_target_at_one_place_can_both_be_read():
    needle = label(300, 200, "Needle, L3 medial branch,\nat L4, right", (50, 14))
    assert not overlaps(boxes([label(300, 200), needle]))


def test_the_first_label_keeps_its_place():
    assert arrange([label(300, 200), label(300, 200)], Screen(700))[0] == (-18, 14)


def test_too_many_labels_at_one_place_are_all_shown():
    assert len(arrange([label(300, 200)] * 40, Screen(700))) == 40


@given(st.lists(PLACES, min_size=1, max_size=5))
def test_a_few_labels_never_cover_each_other(places):
    assert not overlaps(boxes([label(row, column) for row, column in places], 2000))


def test_a_label_near_the_left_edge_is_not_put_beyond_it_while_there_is_room():
    wide = "L2 medial branch,\nat L3, left"
    first = Label(wide, 100.0, 20.0, (-18, 14))
    (_, (down, right)) = arrange([first, Label(wide, 104.0, 22.0, (-18, 14))], Screen(600.0))
    assert 22.0 + right >= 0
    assert abs(down) > 0


@given(st.floats(0, 624), st.floats(0, 669))
def test_a_name_goes_beside_the_letter_of_a_side_and_stays_within_the_view(row, column):
    one = label(row, column)
    (place,) = arrange([one], SCREEN, [RIGHT_LETTER])
    box = _box(one, place)
    assert not box.meets(RIGHT_LETTER)
    assert SCREEN.holds(box)


def test_a_name_far_from_the_letters_stays_where_it_wants_to_be():
    assert arrange([label(300, 200)], SCREEN, [RIGHT_LETTER]) == [(-18, 14)]


def test_the_name_of_a_mark_that_is_out_of_sight_stays_beside_it():
    assert arrange([label(-200, 300)], SCREEN, [RIGHT_LETTER]) == [(-18, 14)]
