"""Values that are valid when they exist, also without a file."""

from dataclasses import FrozenInstanceError, is_dataclass, replace

import pytest

from fluoro_annotator import protocols
from fluoro_annotator.anatomy import Confidence
from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols import Backing, Basis, Landmark, NeedleDefaults, load_protocols

BLOCK = load_protocols(folders=()).get("lumbar_mbb")
OURS = Backing(Basis.ENGINEERING, Confidence.LOW)


def test_a_protocol_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        BLOCK.title = "Other"


@pytest.mark.parametrize(
    "kind",
    [value for value in vars(protocols).values() if isinstance(value, type) and is_dataclass(value)],
    ids=lambda kind: kind.__name__,
)
def test_every_value_is_frozen_and_has_no_room_for_more(kind):
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


@pytest.mark.parametrize(
    "good", [(0.2,), (0.1, 0.2, 0.3), [0.2, 0.8], (0.2, float("nan")), (True, 1.0), ("a", "b"), 3]
)
def test_an_interval_is_two_numbers(good):
    with pytest.raises(ProtocolError):
        replace(BLOCK.band("process_depth"), good=good)


def test_a_text_may_be_as_long_as_the_limit():
    assert len(Landmark("point", "x" * 2000).title) == 2000


@pytest.mark.parametrize("what", ["view", "landmark", "construction", "band", "safety_line", "rubric_item"])
def test_looking_up_what_is_not_there_is_refused(what):
    with pytest.raises(ProtocolError, match="has none of that name"):
        getattr(BLOCK, what)("nothing")


def test_what_holds_for_a_nerve_can_be_asked():
    assert [line.id for line in BLOCK.safety_lines_of("L3_MB")] == ["SL_L_FORAMEN", "SL_L_TP_TOP"]
    assert [band.id for band in BLOCK.bands_of("L3_MB")] == [
        "target_radius",
        "angle_to_notch",
        "process_depth",
    ]
    assert {one.id for one in BLOCK.constructions_of("L5_DR")} == {"sap_depth"}
    for ask in (BLOCK.safety_lines_of, BLOCK.bands_of, BLOCK.constructions_of):
        assert ask("C5_MB") == ()
    assert BLOCK.group_of("C5_MB") is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"views": ()}, "it has no views"),
        ({"groups": ()}, "it has no groups"),
        ({"joints": ("L4-L5", "L4-L5")}, "joint L4-L5 is named twice"),
        ({"views": BLOCK.views[1:2]}, "names the view"),
        ({"views": BLOCK.views * 2}, "is named twice"),
        ({"bands": ()}, "names the band"),
        ({"landmarks": ()}, "names the landmark"),
        ({"safety_lines": ()}, "names the safety line"),
        ({"faults": ()}, "names the fault"),
        ({"events": ()}, "names the event"),
        ({"sources": ()}, "names the source"),
        ({"title": " Block"}, "title is ' Block'"),
        ({"region": "lumbar spine"}, "region is"),
        ({"groups": BLOCK.groups + BLOCK.groups[:1]}, "is named twice"),
    ],
)
def test_a_protocol_that_contradicts_itself_cannot_be_made(changes, problem):
    with pytest.raises(ProtocolError) as caught:
        replace(BLOCK, **changes)
    assert problem in caught.value.problem


def test_more_slots_than_anybody_can_mark_are_refused():
    slots = BLOCK.groups[0].slots
    many = tuple(replace(slots[0], hint=f"Hint {number}") for number in range(2))
    with pytest.raises(ProtocolError, match="is named twice"):
        replace(BLOCK.groups[0], slots=many)


@pytest.mark.parametrize("title", ["", " ", "x" * 2001, None, 3])
def test_texts_are_texts(title):
    with pytest.raises(ProtocolError):
        Landmark("point", title)


@pytest.mark.parametrize("name", ["", "1st", "a b", "a-b", "../x", "x\n", None])
def test_identifiers_are_plain(name):
    with pytest.raises(ProtocolError):
        Landmark(name, "a point")


@pytest.mark.parametrize("gauges", [(9,), (31,), (22, 22), (True,), (22.0,), ("22",)])
def test_gauges_are_whole_numbers_that_exist(gauges):
    with pytest.raises(ProtocolError):
        NeedleDefaults(gauges, (), OURS)


@pytest.mark.parametrize("length", [0.0, 101.0, float("nan"), float("inf"), -5.0])
def test_lengths_of_tips_are_finite_and_plausible(length):
    with pytest.raises(ProtocolError):
        NeedleDefaults((22,), (length,), OURS)


def test_a_statement_needs_a_source_unless_it_is_our_own():
    assert OURS.sources == ()
    with pytest.raises(ProtocolError, match="names no source"):
        Backing(Basis.TAUGHT, Confidence.LOW)
    with pytest.raises(ProtocolError, match="named twice"):
        Backing(Basis.PUBLISHED, Confidence.LOW, ("A", "A"))


@pytest.mark.parametrize("protocol", load_protocols(folders=()).protocols, ids=lambda one: one.id)
def test_needles_that_are_offered_can_be_marked(protocol):
    from fluoro_annotator.marks.needle import GAUGES

    assert set(protocol.needles.gauges) <= set(GAUGES)
