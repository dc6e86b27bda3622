"""The trainee's own steps, gone through again."""

from dataclasses import dataclass

import pytest

from fluoro_annotator.geometry import Point
from fluoro_annotator.training import Role, replay


@dataclass
class Did:
    seconds: float
    what: str
    record: dict | None = None


STEPS = (
    Did(2.0, "add", {"points": [[10, 20]]}),
    Did(5.5, "move", {"points": [[12, 26]]}),
    Did(6.0, "move", {"points": [[11, 25]]}),
    Did(9.0, "confidence", {"points": [[11, 25]], "confidence": "certain"}),
)


def test_each_step_is_a_moment_between_the_image_and_the_commit():
    moments = replay(STEPS, seconds=11.0)
    assert [one.seconds for one in moments] == [0.0, 2.0, 5.5, 6.0, 9.0, 11.0]
    assert [one.text for one in moments] == [
        "The image was shown.",
        "Placed.",
        "Moved.",
        "Moved.",
        "Confidence stated: confidence certain.",
        "Committed.",
    ]
    assert moments[0].points == ()
    assert moments[2].points == (Point(12, 26),)
    assert moments[-1].points == (Point(11, 25),)


def test_the_way_of_the_mark_grows_with_its_moves_alone():
    moments = replay(STEPS)
    assert [len(one.trail) for one in moments] == [0, 1, 2, 3, 3]
    drawn = {one.role: one.points for one in moments[-1].drawn}
    assert drawn == {
        Role.TRAIL: (Point(10, 20), Point(12, 26), Point(11, 25)),
        Role.REPLAYED: (Point(11, 25),),
    }
    assert moments[0].drawn == ()


def test_what_is_taken_away_is_gone_and_may_come_again():
    moments = replay(
        [STEPS[0], Did(3, "delete", {}), Did(4, "undo", {"points": [[10, 20]]}), Did(5, "odd", None)]
    )
    assert [len(one.points) for one in moments] == [0, 1, 0, 1, 1]
    assert moments[-1].text == "odd."


def test_a_needle_is_a_tip_and_then_a_shaft():
    moments = replay([STEPS[0], Did(3, "add", {"points": [[10, 20], [40, 60]]})])
    assert [one.points for one in moments[-1].drawn] == [(Point(10, 20),), (Point(10, 20), Point(40, 60))]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"nerve": "L3_MB"}, "Named: nerve L3 medial branch."),
        ({"side": "right"}, "Named: side right."),
        ({"ways": ["oblique", "tilt"]}, "Named: ways oblique and tilt."),
        ({"fault": "TOO_CEPHALAD"}, "Named: fault TOO CEPHALAD."),
    ],
)
def test_what_was_said_is_said_again(record, text):
    assert replay([Did(1, "name", record)])[-1].text == text
