"""What looks wrong is said, with the marks it is about; what is right is left in peace."""

import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    EventMark,
    FindingCode,
    FrameRef,
    LevelLabel,
    Needle,
    Severity,
    Target,
    ViewFacts,
    ViewJudgement,
    findings,
)

FRAME = FrameRef("1.2.3", 1)
UPRIGHT = ViewFacts(("L", "F"), oblique_deg=0.0, tilt_deg=0.0)
TURNS = {
    "upright": (UPRIGHT.letters, Point),
    "mirrored": (("R", "F"), lambda row, column: Point(row, -column)),
    "upside down": (("L", "H"), lambda row, column: Point(-row, column)),
    "half turn": (("R", "H"), lambda row, column: Point(-row, -column)),
    "quarter turn": (("F", "L"), lambda row, column: Point(column, row)),
    "other quarter turn": (("H", "R"), lambda row, column: Point(-column, -row)),
    "oblique letters": (("LA", "FP"), Point),
}


@pytest.fixture(params=TURNS)
def turn(request):
    """Orientation letters, and where a point of the upright image lies then."""
    return TURNS[request.param]


@pytest.fixture(scope="module")
def find(anatomy):
    def run(marks, facts=UPRIGHT):
        return findings(marks, anatomy, lambda _uid: facts)

    return run


@pytest.fixture(scope="module")
def target(anatomy):
    def make(nerve, side, row, column=50.0, frame=FRAME):
        return Target(frame=frame, site=anatomy.site(nerve, Side(side)), position=Point(row, column))

    return make


def label(vertebra, row, column=50.0, frame=FRAME):
    return LevelLabel(frame=frame, vertebra=vertebra, position=Point(row, column))


@pytest.fixture
def spine(target):
    """Labels of L3 to S1 down the middle, and targets on both sides where they belong."""
    labels = [label(name, 100.0 * order) for order, name in enumerate(["L3", "L4", "L5", "S1"], start=1)]
    nerves = {"L2_MB": 80, "L3_MB": 180, "L4_MB": 280, "L5_DR": 380}
    return [
        *labels,
        *(
            target(nerve, side, row, column)
            for nerve, row in nerves.items()
            for side, column in (("left", 80.0), ("right", 20.0))
        ),
    ]


def turned(marks, place):
    return [replace(mark, position=place(*mark.position)) for mark in marks]


def codes(found):
    return [finding.code for finding in found]


def test_nothing_is_said_of_what_is_right(spine, turn, find):
    letters, place = turn
    assert find(turned(spine, place), replace(UPRIGHT, letters=letters)) == ()
    assert find(turned(spine, place), ViewFacts()) == ()
    assert find([]) == ()


def test_marks_on_other_frames_and_images_are_not_compared(spine, target, find):
    for frame in (FrameRef("1.2.3", 2), FrameRef("1.2.4", 1)):
        elsewhere = [label("L3", 300, frame=frame), target("L2_MB", "left", 300, frame=frame)]
        assert find([*spine, *elsewhere]) == ()


def test_labels_out_of_order(turn, find):
    letters, place = turn
    marks = turned([label("L3", 100), label("L4", 300), label("L5", 200)], place)
    (finding,) = find(marks, replace(UPRIGHT, letters=letters))
    assert finding.code is FindingCode.ORDER
    assert finding.severity is Severity.MAJOR
    assert finding.mark_ids == (marks[1].mark_id, marks[2].mark_id)
    assert finding.text.startswith("L5 is not marked below (towards the feet of) L4.")


def test_levels_that_are_far_apart_are_compared_too(find):
    assert codes(find([label("T12", 300), label("L5", 200)])) == [FindingCode.ORDER]


def test_without_letters_the_marks_contradict_each_other_or_nothing(find):
    two = [label("L3", 200), label("L4", 100)]
    assert find(two, ViewFacts()) == ()
    assert codes(find(two)) == [FindingCode.ORDER]
    assert codes(find([label("L2", 0), *two, label("L5", 300)], ViewFacts())) == [FindingCode.ORDER]


def test_targets_out_of_order(target, find):
    marks = [target("L3_MB", "left", 200), target("L4_MB", "right", 100), target("L3_MB", "right", 90)]
    found = find(marks, replace(UPRIGHT, letters=("", "F")))
    assert [finding.mark_ids for finding in found] == [(marks[0].mark_id, marks[1].mark_id)]


def test_a_target_may_be_seen_beside_another_body_when_the_beam_is_tilted(target, find):
    """Labels and targets are not compared by height."""
    assert find([label("L4", 100), target("L4_MB", "left", 90)], ViewFacts(("L", "F"), 0, 40)) == ()


@pytest.mark.parametrize("kind", ["target", "label", "needle", "event", "judgement"])
def test_the_same_thing_twice_on_a_frame(kind, target, anatomy, find):
    site = anatomy.site("L3_MB", Side.LEFT)
    make = {
        "target": lambda row: target("L3_MB", "left", row),
        "label": lambda row: label("L4", row),
        "needle": lambda row: Needle(
            frame=FRAME, site=site, tip=Point(row, 1), hub=Point(row, 9), needle_id="A"
        ),
        "event": lambda row: EventMark(
            frame=FRAME, event="final_position", site=site, position=Point(row, 1)
        ),
        "judgement": lambda row: ViewJudgement(frame=FRAME, view="AP_TRUE", adequate="yes", mark_id=str(row)),
    }[kind]
    first, second = make(10), make(20)
    (finding,) = find([first, second])
    assert (finding.code, finding.severity) == (FindingCode.DUPLICATE, Severity.MINOR)
    assert finding.mark_ids == (first.mark_id, second.mark_id)
    assert "2 times on this frame" in finding.text


def test_two_sides_and_two_needles_are_not_the_same_thing(target, anatomy, find):
    site = anatomy.site("L3_MB", Side.LEFT)
    needles = [Needle(frame=FRAME, site=site, tip=Point(row, 1), hub=Point(row, 9)) for row in (10, 20)]
    assert find([target("L3_MB", "left", 9, 80), target("L3_MB", "right", 9, 20), *needles]) == ()


def test_left_and_right_exchanged(turn, target, find):
    letters, place = turn
    marks = turned([target("L3_MB", "left", 100, 20), target("L3_MB", "right", 100, 80)], place)
    facts = replace(UPRIGHT, letters=letters, oblique_deg=25.0)
    (finding,) = find(marks, facts)
    assert (finding.code, finding.severity) == (FindingCode.SIDE, Severity.CRITICAL)
    assert set(finding.mark_ids) == {mark.mark_id for mark in marks}
    assert "each other's side" in finding.text
    assert " / ".join(letters) in finding.text
    assert find(marks, replace(facts, letters=("", ""))) == ()


def test_a_target_on_the_other_side_of_the_label(turn, target, find):
    letters, place = turn
    labels = [label("L4", 100), label("L5", 200)]
    wrong = target("L3_MB", "right", 90, 75)
    facts = replace(UPRIGHT, letters=letters)
    (finding,) = find(turned([*labels, wrong], place), facts)
    assert finding.code is FindingCode.SIDE
    assert finding.mark_ids == (wrong.mark_id, labels[0].mark_id)
    assert "other side of the L4 label" in finding.text


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        (ViewFacts(("", "F"), 0.0, 0.0), 75),
        (ViewFacts(("A", "F"), 0.0, 0.0), 75),
        (ViewFacts(("L", "F"), 25.0, 0.0), 75),
        (ViewFacts(("L", "F"), None, 0.0), 75),
        (UPRIGHT, 60),
    ],
)
def test_a_side_is_not_judged_without_grounds(facts, column, target, find):
    """No letters, a lateral view, an oblique one, an unknown one, hardly beside the label."""
    assert find([label("L4", 100), label("L5", 200), target("L3_MB", "right", 90, column)], facts) == ()
    assert find([label("L4", 100), target("L3_MB", "right", 90, 75)], UPRIGHT) == ()


def test_a_vertebras_number_taken_for_a_nerves(turn, target, find):
    letters, place = turn
    labels = [label("L4", 100), label("L5", 200)]
    wrong = target("L4_MB", "left", 110, 80)
    marks = turned([*labels, wrong], place)
    for facts in (replace(UPRIGHT, letters=letters), ViewFacts()):
        (finding,) = find(marks, facts)
        assert (finding.code, finding.severity) == (FindingCode.NAME_CONVENTION, Severity.MAJOR)
        assert finding.mark_ids == (wrong.mark_id, labels[0].mark_id)
        assert "L4 medial branch, at L5, left is marked beside L4" in finding.text
        assert "at L4 lies the L3 medial branch, at L4" in finding.text


def test_a_nerve_is_not_said_to_be_misnamed_without_grounds(target, find):
    both = [label("L4", 100), label("L5", 200)]
    low, high = target("L4_MB", "left", 160, 80), target("L4_MB", "left", 110, 80)
    assert find([*both, low]) == ()
    assert find([both[0], high]) == ()
    assert find([both[1], high]) == ()
    assert find([*both, high], replace(UPRIGHT, tilt_deg=-40.0)) == ()
    assert find([label("C5", 100), label("C6", 200), target("C5_MB", "left", 100, 80)]) == ()


def many(target, count, seed):
    generator = np.random.default_rng(seed)
    nerves, sides = ("L2_MB", "L3_MB", "L4_MB"), ("left", "right")
    return [
        target(
            nerves[generator.integers(3)],
            sides[generator.integers(2)],
            *map(float, generator.uniform(0, 900, 2)),
        )
        for _ in range(count)
    ]


def pairs_one_by_one(marks, anatomy):
    """Return what is out of order and on the wrong side, pair by pair, as the rules are stated."""
    order = lambda mark: anatomy.vertebra(mark.site.vertebra).order  # noqa: E731 - a key, used twice
    placed, found = sorted(marks, key=order), []
    for above, below in combinations(placed, 2):
        if order(below) - order(above) == 1 and below.position.row <= above.position.row:
            found.append((FindingCode.ORDER, above.mark_id, below.mark_id))
    for first, second in combinations(marks, 2):
        left, right = sorted((first, second), key=lambda mark: mark.site.side)
        exchanged = (left.site.side, right.site.side) == (Side.LEFT, Side.RIGHT)
        if (
            exchanged
            and left.site.nerve == right.site.nerve
            and left.position.column <= right.position.column
        ):
            found.append((FindingCode.SIDE, left.mark_id, right.mark_id))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_among_many_marks_the_same_is_found_as_pair_by_pair(target, find, anatomy, seed):
    marks = many(target, 40, seed)
    found = [(each.code, *each.mark_ids) for each in find(marks) if each.code is not FindingCode.DUPLICATE]
    assert found == pairs_one_by_one(marks, anatomy)
    assert {code for code, *_ in found} == {FindingCode.ORDER, FindingCode.SIDE}


@pytest.mark.parametrize("count", [300, 600])
def test_thousands_of_marks_of_one_thing_are_not_compared_one_with_each_other(
    target, find, monkeypatch, count
):
    rules = sys.modules[findings.__module__]
    asked, along = [], rules._along
    monkeypatch.setattr(rules, "_along", lambda point, direction: asked.append(1) or along(point, direction))
    marks = [target("L3_MB", "right", float(row)) for row in range(count)]
    assert [each.code for each in find(marks)] == [FindingCode.DUPLICATE]
    assert len(asked) <= 4 * count
