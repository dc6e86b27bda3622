"""Marks are valid on construction and never change."""

import copy
import math
import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, LevelLabel, MarkKind, Needle, Target, new_mark_id
from fluoro_annotator.marks.values import MARK_TYPES, moved, relabelled

NO_POINTS = [
    (math.nan, 1),
    (1, math.inf),
    (-math.inf, 1),
    (10**400, 1),
    ("1", "2"),
    (True, 1),
    (None, 1),
    (1j, 1),
    ([1], [2]),
    (1,),
    (1, 2, 3),
    (),
    None,
    5,
    "12",
    {"row": 1, "column": 2},
]
NO_COUNTS = [0, -1, True, False, 1.0, 1.5, "1", None, [1], np.float64(1), np.array([1, 2]), 2**31, 10**30]
NO_TEXTS = ["", None, 5, b"1.2", ["1.2"], "1.2\x00", "1.2\n", "\ud800"]


@pytest.mark.parametrize("number", NO_COUNTS)
def test_frame_numbers_are_whole_and_start_at_one(number):
    with pytest.raises(MarkError):
        FrameRef("1.2", number)


@pytest.mark.parametrize("uid", NO_TEXTS)
def test_a_frame_names_its_image(uid):
    with pytest.raises(MarkError):
        FrameRef(uid, 1)


def test_a_frame_number_of_numpy_becomes_one_of_python():
    frame = FrameRef("1.2", np.int64(3))
    assert frame == FrameRef("1.2", 3)
    assert type(frame.frame_number) is int


@pytest.mark.parametrize("value", NO_POINTS)
def test_points_are_two_finite_numbers(value, frames, sites):
    with pytest.raises(MarkError, match="position"):
        Target(frame=frames[0], site=sites[0], position=value)
    with pytest.raises(MarkError, match="position"):
        LevelLabel(frame=frames[0], vertebra="L4", position=value)
    with pytest.raises(MarkError, match="tip"):
        Needle(frame=frames[0], site=sites[0], tip=value, hub=Point(1, 2))
    with pytest.raises(MarkError, match="hub"):
        Needle(frame=frames[0], site=sites[0], tip=Point(1, 2), hub=value)


@pytest.mark.parametrize(
    "value", [Point(3, 4), (3, 4.0), [3.0, 4], np.array([3, 4]), np.array([3, 4], dtype=np.float32)]
)
def test_points_are_kept_as_python_floats(value, frames, sites):
    position = Target(frame=frames[0], site=sites[0], position=value).position
    assert position == Point(3.0, 4.0)
    assert isinstance(position, Point)
    assert [type(number) for number in position] == [float, float]


@pytest.mark.parametrize("hub", [Point(3, 4), (3, 4), np.array([3.0, 4.0])])
def test_a_needle_has_a_length(hub, frames, sites):
    with pytest.raises(MarkError, match="same place"):
        Needle(frame=frames[0], site=sites[0], tip=Point(3, 4), hub=hub)


@pytest.mark.parametrize("mark_id", NO_TEXTS)
def test_every_mark_has_an_identifier(mark_id, mark):
    with pytest.raises(MarkError, match="mark_id"):
        replace(mark, mark_id=mark_id)


@pytest.mark.parametrize("vertebra", NO_TEXTS)
def test_a_level_label_names_something(vertebra, level):
    with pytest.raises(MarkError, match="vertebra"):
        replace(level, vertebra=vertebra)


def test_new_identifiers_differ(frames, sites):
    made = [Target(frame=frames[0], site=sites[0], position=Point(1, 1)).mark_id for _ in range(20)]
    assert len({*made, new_mark_id()}) == 21


def test_marks_are_frozen_hashable_and_can_be_copied(mark):
    with pytest.raises(FrozenInstanceError):
        mark.mark_id = "other"
    assert hash(mark) == hash(copy.deepcopy(mark))
    assert pickle.loads(pickle.dumps(mark)) == mark  # noqa: S301 - bytes made on this line


def test_every_kind_has_its_type():
    assert set(MARK_TYPES) == set(MarkKind)
    assert [MARK_TYPES[kind].kind for kind in MarkKind] == list(MarkKind)


def test_points_come_in_the_order_of_their_names(target, needle, level):
    assert target.points == (target.position,)
    assert needle.points == (needle.tip, needle.hub)
    assert level.points == (level.position,)


def test_labels_name_nerve_vertebra_and_side(target, needle, level, anatomy):
    assert target.label(anatomy) == "L3 medial branch, at L4, right"
    assert needle.label(anatomy) == "Needle, L4 medial branch, at L5, left"
    assert level.label(anatomy) == anatomy.vertebra("L4").name


def test_moving_changes_only_the_named_points(needle):
    after = moved(needle, hub=Point(1, 2))
    assert after.hub == (1, 2)
    assert replace(after, hub=needle.hub) == needle


@pytest.mark.parametrize("name", ["tip", "mark_id", "frame", "site", "positions"])
def test_moving_a_point_that_a_target_does_not_have_is_refused(name, target):
    with pytest.raises(MarkError, match=f"no point called '{name}'"):
        moved(target, **{name: Point(1, 1)})


def test_moving_the_tip_onto_the_hub_is_refused(needle):
    with pytest.raises(MarkError, match="same place"):
        moved(needle, tip=needle.hub)


def test_relabelling_changes_only_the_name(target, needle, level, sites):
    for mark in (target, needle):
        after = relabelled(mark, site=sites[2])
        assert after.site == sites[2]
        assert replace(after, site=mark.site) == mark
    assert replace(relabelled(level, vertebra="L5"), vertebra="L4") == level


def test_relabelling_with_a_name_of_another_sort_is_refused(target, needle, level, sites):
    for mark in (target, needle):
        for name in ({}, {"vertebra": "L4"}, {"site": sites[0], "vertebra": "L4"}):
            with pytest.raises(MarkError, match="takes a nerve"):
                relabelled(mark, **name)
    for name in ({}, {"site": sites[0]}, {"site": sites[0], "vertebra": "L4"}):
        with pytest.raises(MarkError, match="takes a vertebra"):
            relabelled(level, **name)


def test_sides_are_part_of_the_identity_of_a_site(anatomy):
    assert anatomy.site("L3_MB", Side.LEFT) != anatomy.site("L3_MB", Side.RIGHT)
