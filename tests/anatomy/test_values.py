from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from fluoro_annotator.anatomy import Code, Side, Site, Source, SourceRead
from fluoro_annotator.errors import AnatomyError


def test_labels_show_nerve_and_vertebra(anatomy):
    labels = {nerve.id: nerve.label for nerve in anatomy.nerves.values()}
    assert labels["L3_MB"] == "L3 medial branch, at L4"
    assert labels["L5_DR"] == "L5 dorsal ramus, at S1"
    assert labels["C8_MB"] == "C8 medial branch, at T1"
    assert labels["C5_MB"] == "C5 medial branch, at C5"
    assert labels["C3_DMB"] == "C3 deep medial branch, at C3"
    assert labels["TON"] == "Third occipital nerve, at C3"
    assert len(set(labels.values())) == 24


def test_values_cannot_be_changed(anatomy):
    values = [
        Site("L3_MB", "L4", ("L3-L4",), Side.LEFT),
        anatomy.nerve("L3_MB"),
        anatomy.joint("L4-L5"),
        anatomy.vertebra("L4"),
        anatomy.vertebra("L4").code,
        anatomy.sources["LAU2004"],
    ]
    for value in values:
        name = value.__slots__[0]
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "x")


def test_equal_sites_are_one_key():
    one = Site("L3_MB", "L4", ("L3-L4", "L4-L5"), Side.LEFT)
    same = Site(nerve="L3_MB", vertebra="L4", joints=("L3-L4", "L4-L5"), side=Side("left"))
    other = replace(one, side=Side.RIGHT)
    assert {one: 1, same: 2} == {one: 2}
    assert one != other


def test_sides_and_texts_compare():
    assert [side.value for side in Side] == ["left", "right", "midline"]
    assert f"{Side.LEFT}" == "left"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("nerve", "", "nerve is ''"),
        ("nerve", None, "nerve is None"),
        ("vertebra", " L4", "vertebra is ' L4'"),
        ("vertebra", 4, "vertebra is 4"),
        ("joints", ["L3-L4"], "joints is"),
        ("joints", "L3-L4", "joints is 'L3-L4'"),
        ("joints", ("L3-L4", "L3-L4"), "joints repeats an entry"),
        ("joints", (3,), "joints is 3"),
        ("side", "left", "side is 'left'"),
        ("side", None, "side is None"),
    ],
)
def test_a_site_with_a_malformed_field_is_refused(field, value, problem):
    good = Site("L3_MB", "L4", ("L3-L4",), Side.LEFT)
    with pytest.raises(AnatomyError) as caught:
        replace(good, **{field: value})
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("name", None),
        ("short_name", " "),
        ("landmark", ""),
        ("spinal_nerve", 3),
        ("vertebra", ""),
        ("joints", ()),
        ("joints", ["L3-L4"]),
        ("sides", ()),
        ("sides", ("left",)),
        ("sides", (Side.LEFT, Side.LEFT)),
        ("sides", (Side.LEFT, Side.MIDLINE)),
        ("region", "lumbar"),
        ("evidence", "established"),
        ("confidence", "high"),
        ("sources", ()),
        ("aliases", ("a", "a")),
    ],
)
def test_a_malformed_nerve_is_refused(anatomy, field, value):
    with pytest.raises(AnatomyError):
        replace(anatomy.nerve("L3_MB"), **{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("vertebrae", ("L4", "S1")), ("vertebrae", ("L4-L5",)), ("vertebrae", ("L5", "L4")), ("nerves", ())],
)
def test_a_malformed_joint_is_refused(anatomy, field, value):
    with pytest.raises(AnatomyError, match="joint L4-L5"):
        replace(anatomy.joint("L4-L5"), **{field: value})


@pytest.mark.parametrize("order", [0, -1, 1.0, "1", True])
def test_a_vertebra_needs_a_place_in_the_column(anatomy, order):
    with pytest.raises(AnatomyError, match="Count from cranial"):
        replace(anatomy.vertebra("L4"), order=order)


def test_malformed_codes_and_sources_are_refused():
    with pytest.raises(AnatomyError, match="value is 11994002"):
        Code(11994002, "SCT", "L4 vertebra")
    with pytest.raises(AnatomyError, match="read is 'excerpt'"):
        Source(key="A", citation="B", address=None, read="excerpt")
    with pytest.raises(AnatomyError, match="address is ''"):
        Source(key="A", citation="B", address="", read=SourceRead.FULL)
