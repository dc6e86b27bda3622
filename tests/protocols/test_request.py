"""Requests in words: understood in the forms that are in use, and never guessed."""

import random

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.protocols import parse_request

BOTH = (Side.LEFT, Side.RIGHT)
LEFT, RIGHT = (Side.LEFT,), (Side.RIGHT,)

CLEAR = {
    "L4-5 and L5-S1, right": (("L4-L5", "L5-S1"), RIGHT),
    "L4/5, L5/S1 left": (("L4-L5", "L5-S1"), LEFT),
    "right L4-L5": (("L4-L5",), RIGHT),
    "Right-sided L4 - L5 facet joint": (("L4-L5",), RIGHT),
    "L4\u20135 rt.": (("L4-L5",), RIGHT),
    "l5s1 lt": (("L5-S1",), LEFT),
    "L 4-5 left": (("L4-L5",), LEFT),
    "L5/S1 bilaterally": (("L5-S1",), BOTH),
    "bilateral L3-4, L4-5": (("L3-L4", "L4-L5"), BOTH),
    "both sides: L3-4, 4-5": (("L3-L4", "L4-L5"), BOTH),
    "L4-5 b/l": (("L4-L5",), BOTH),
    "L4-5 right and left": (("L4-L5",), BOTH),
    "L3-S1 left": (("L3-L4", "L4-L5", "L5-S1"), LEFT),
    "L3/4/5 left": (("L3-L4", "L4-L5"), LEFT),
    "L3 to S1, right": (("L3-L4", "L4-L5", "L5-S1"), RIGHT),
    "L4-5/L5-S1 right": (("L4-L5", "L5-S1"), RIGHT),
    "C2-3 left": (("C2-C3",), LEFT),
    "C7/T1 right": (("C7-T1",), RIGHT),
    "T12-L1 left": (("T12-L1",), LEFT),
    "t9-10 (left)": (("T9-T10",), LEFT),
    "L4-5 medial branch blocks, both": (("L4-L5",), BOTH),
    "MBB L4-5 and L5-S1 right": (("L4-L5", "L5-S1"), RIGHT),
    "L3-5 facet MBB right": (("L3-L4", "L4-L5"), RIGHT),
    "right lumbar radiofrequency ablation L4/L5 & L5/S1": (("L4-L5", "L5-S1"), RIGHT),
    "L5-S1, L4-5 right": (("L4-L5", "L5-S1"), RIGHT),
    "L4-5 right, L5-S1 right": (("L4-L5", "L5-S1"), RIGHT),
}
UNCLEAR = {
    "": ((), (), "No joint is named"),
    "L4-5": (("L4-L5",), (), "No side is named"),
    "right": ((), RIGHT, "No joint is named"),
    "L4-5 R": (("L4-L5",), (), "A single letter, R"),
    "L4-5 (L)": (("L4-L5",), (), "A single letter, L"),
    "L-spine L4-5 right": (("L4-L5",), RIGHT, "was not understood"),
    "L4 right": ((), RIGHT, "L4 is one vertebra"),
    "C8 right": ((), RIGHT, "C8 is no vertebra"),
    "L3 and L4 medial branches, right": ((), RIGHT, "names nerves"),
    "L5 dorsal ramus left": ((), LEFT, "names nerves"),
    "TON left": ((), LEFT, "names nerves"),
    "L3-5 medial branch blocks right": (("L3-L4", "L4-L5"), RIGHT, "can mean nerves or the joints"),
    "C1-2 left": ((), LEFT, "no medial branch target"),
    "SI joint left": ((), LEFT, "Sacroiliac joint"),
    "L5-4 right": ((), RIGHT, "upper one first"),
    "L5-L6 right": ((), RIGHT, "L5-L6 is not a facet joint"),
    "S1-2 right": ((), RIGHT, "S1-S2 is not a facet joint"),
    "4-5 right": ((), RIGHT, "4-5 is not a facet joint"),
    "L4-5 right, L5-S1 left": (("L4-L5", "L5-S1"), (), "Different sides are named"),
    "right L4-5 and left L5-S1": (("L4-L5", "L5-S1"), (), "Different sides are named"),
    "L4-5 bilateral, L5-S1 right": (("L4-L5", "L5-S1"), (), "Different sides are named"),
    "L4-5 not left": ((), (), "“not” was not followed"),
    "L4-5 right, no L5-S1": ((), (), "“no” was not followed"),
    "L4-5 links": (("L4-L5",), (), "“links” was not understood"),
    "x" * 501: ((), (), "longer than 500"),
}


@pytest.mark.parametrize(("text", "joints", "sides"), [(text, *found) for text, found in CLEAR.items()])
def test_what_is_clear_is_understood(text, joints, sides):
    request = parse_request(text)
    assert (request.joints, request.sides, request.unclear) == (joints, sides, ())
    assert request.complete


@pytest.mark.parametrize(
    ("text", "joints", "sides", "reason"), [(text, *found) for text, found in UNCLEAR.items()]
)
def test_what_is_not_clear_is_said_and_not_guessed(text, joints, sides, reason):
    request = parse_request(text)
    assert (request.joints, request.sides) == (joints, sides)
    assert not request.complete
    assert any(reason in sentence for sentence in request.unclear)


@pytest.mark.parametrize("joint", load_anatomy().joints)
@pytest.mark.parametrize("form", ["{0}-{1}", "{0}/{1}", "{0}{1}", "{0} - {1}", "{0}\u2013{1}"])
def test_every_joint_is_understood_in_every_form(joint, form):
    upper, lower = joint.split("-")
    assert parse_request(f"{form.format(upper, lower)} left").joints == (joint,)
    assert parse_request(f"left {form.format(upper, lower).lower()}").joints == (joint,)


@pytest.mark.parametrize("joint", load_anatomy().joints)
def test_the_letter_of_the_lower_vertebra_may_be_left_out_within_a_region(joint):
    upper, lower = joint.split("-")
    if upper[0] == lower[0]:
        assert parse_request(f"{upper}-{lower[1:]} left").joints == (joint,)


def test_a_request_may_be_as_long_as_the_limit():
    assert parse_request("L4-5 left" + " " * 491).complete


def test_what_was_understood_is_said_for_confirmation():
    assert parse_request("L3-S1 bilat").understood == "L3-L4, L4-L5 and L5-S1, left and right"
    assert parse_request("perhaps").understood == "no joint, no side"


def test_any_text_gets_an_answer_and_no_joint_that_does_not_exist():
    chance = random.Random(4)  # noqa: S311 - a test is no secret
    words = [
        "L4-5",
        "l",
        "4",
        "/",
        "-",
        "s1",
        "right",
        "left",
        "both",
        "c",
        "t12",
        "to",
        "mb",
        "\u2013",
        "\0",
        "ß",
        "٣",
        ",",
    ]
    for _ in range(500):
        request = parse_request("".join(chance.choice([*words, " "]) for _ in range(chance.randrange(12))))
        assert set(request.joints) <= set(load_anatomy().joints)
        assert request.complete or request.unclear


def test_a_request_never_takes_long():
    import time

    for text in ("L4-" * 160, "l4 to " * 80, "- " * 250, "(" * 500, "9" * 500, "medial branch " * 35):
        begun = time.process_time()
        parse_request(text)
        assert time.process_time() - begun < 0.5
