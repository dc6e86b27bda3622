"""Marks as plain values, through real JSON and back."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import MarkError, UnknownKindError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    GAUGES,
    Correction,
    EventKind,
    EventMark,
    FrameRef,
    Landmark,
    LevelLabel,
    MarkConfidence,
    MarkKind,
    Needle,
    NeedleStatus,
    NerveCourse,
    PlanChoice,
    SlotMissing,
    SlotState,
    Target,
    TargetZone,
    ViewAssignment,
    ViewJudgement,
    mark_from_dict,
    mark_to_dict,
)
from fluoro_annotator.marks.serialise import canonical_json, mark_to_text, site_from_dict, site_to_dict

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6)
POINTS = st.builds(Point, NUMBERS, NUMBERS)
TEXTS = st.text("abcXYZ0123456789.-_äß王", min_size=1, max_size=20)
FRAMES = st.builds(FrameRef, TEXTS, st.integers(1, 2**31 - 1))
SITES = st.builds(
    Site, TEXTS, TEXTS, st.lists(TEXTS, unique=True, max_size=3).map(tuple), st.sampled_from(Side)
)
COORDINATES = st.integers(-500, 500).map(float)
DISTINCT = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=4, max_size=9, unique=True)
CONFIDENCES = st.none() | st.sampled_from(MarkConfidence)
BENT = DISTINCT.flatmap(
    lambda points: st.builds(
        Needle,
        frame=FRAMES,
        mark_id=TEXTS,
        site=SITES,
        tip=st.just(points[0]),
        hub=st.just(points[1]),
        shaft=st.just(points[2:]),
        needle_id=st.just("") | TEXTS,
        gauge=st.none() | st.sampled_from(GAUGES),
        length_mm=st.none() | st.floats(60, 300),
        active_tip_mm=st.none() | st.floats(0.5, 50),
        status=st.none() | st.sampled_from(NeedleStatus),
    )
)
LINES = st.builds(
    NerveCourse, frame=FRAMES, mark_id=TEXTS, site=SITES, vertices=DISTINCT, confidence=CONFIDENCES
)
ZONES = st.builds(
    TargetZone,
    frame=FRAMES,
    mark_id=TEXTS,
    site=SITES,
    form=st.just("polygon"),
    vertices=DISTINCT,
    confidence=CONFIDENCES,
)
MARKS = st.one_of(
    BENT,
    LINES,
    ZONES,
    st.builds(
        Landmark,
        frame=FRAMES,
        mark_id=TEXTS,
        name=TEXTS,
        vertebra=TEXTS,
        position=POINTS,
        side=st.none() | st.sampled_from(Side),
    ),
    st.builds(
        EventMark,
        frame=FRAMES,
        mark_id=TEXTS,
        event=st.sampled_from(EventKind),
        site=st.none() | SITES,
        position=st.none() | POINTS,
    ),
    st.builds(
        ViewJudgement,
        frame=FRAMES,
        mark_id=TEXTS,
        view=TEXTS,
        adequate=st.sampled_from(["no", "unsure"]),
        corrections=st.sampled_from([(), *((one,) for one in Correction), ("oblique_left", "tilt_caudal")]),
    ),
    st.builds(
        PlanChoice,
        protocol_id=TEXTS,
        version=TEXTS,
        content_hash=TEXTS,
        joints=st.lists(TEXTS, min_size=1, max_size=3, unique=True),
        sides=st.lists(st.sampled_from(Side), min_size=1, unique=True),
    ),
    st.builds(SlotState, slot_id=TEXTS, state=st.sampled_from(SlotMissing)),
    st.builds(ViewAssignment, sop_instance_uid=TEXTS, view=TEXTS, side=st.none() | st.sampled_from(Side)),
    st.builds(Target, frame=FRAMES, mark_id=TEXTS, site=SITES, position=POINTS, confidence=CONFIDENCES),
    st.builds(LevelLabel, frame=FRAMES, mark_id=TEXTS, vertebra=TEXTS, position=POINTS),
    st.tuples(POINTS, POINTS)
    .filter(lambda pair: tuple(map(float, pair[0])) != tuple(map(float, pair[1])))
    .flatmap(
        lambda pair: st.builds(
            Needle, frame=FRAMES, mark_id=TEXTS, site=SITES, tip=st.just(pair[0]), hub=st.just(pair[1])
        )
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def paths(values, prefix=()):
    """List the place of every value inside nested plain values."""
    yield prefix
    pairs = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from paths(value, (*prefix, key))
        else:
            yield (*prefix, key)


def with_value(values, path, new):
    """Return a copy of plain values with another one at a place."""
    if not path:
        return new
    copied = json.loads(json.dumps(values))
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return copied


def without(values, path):
    """Return a copy of plain values in which a name is missing."""
    copied = json.loads(json.dumps(values))
    place = copied
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return copied


@given(MARKS)
def test_marks_come_back_from_json_exactly(mark):
    text = json.dumps(mark_to_dict(mark), allow_nan=False)
    back = mark_from_dict(json.loads(text))
    assert back == mark
    assert type(back) is type(mark)
    assert json.dumps(mark_to_dict(back)) == text


@given(MARKS)
def test_a_text_put_together_from_parts_is_the_canonical_one(mark):
    assert mark_to_text(mark) == canonical_json(mark_to_dict(mark))


def test_so_is_that_of_every_kind(every_kind):
    assert [mark_to_text(each) for each in every_kind] == [
        canonical_json(mark_to_dict(each)) for each in every_kind
    ]


@given(SITES)
def test_sites_come_back_exactly(site):
    assert site_from_dict(json.loads(json.dumps(site_to_dict(site)))) == site


def test_the_written_form_is_the_documented_one(target):
    assert mark_to_dict(target) == {
        "kind": "target",
        "mark_id": target.mark_id,
        "sop_instance_uid": "1.2.826.1",
        "frame_number": 1,
        "points": {"position": [10.25, 20.5]},
        "site": {"nerve": "L3_MB", "vertebra": "L4", "joints": ["L3-L4", "L4-L5"], "side": "right"},
    }


def test_every_missing_name_is_refused_and_named(mark):
    values = mark_to_dict(mark)
    names = [path for path in paths(values) if path and isinstance(path[-1], str)]
    assert len(names) >= 7
    for path in names:
        with pytest.raises(MarkError, match=f"'{path[-1]}' is missing"):
            mark_from_dict(without(values, path))


def wrong_for(value):
    """List values of other kinds than the given one."""
    always = [None, True, False, {}, [], {"value": value}, [[value]], "", math.nan, math.inf, -1.5, 10**400]
    return [*always, str(value)] if not isinstance(value, str) else [*always, 7, value.encode()]


def test_every_value_of_another_kind_is_refused(mark):
    values = mark_to_dict(mark)
    for path in paths(values):
        value = values
        for key in path:
            value = value[key]
        for wrong in wrong_for(value):
            if path[-1:] == ("joints",) and wrong == []:
                continue  # well formed; that a joint is named is a rule of the anatomy
            if isinstance(value, float) and wrong == -1.5:
                continue  # a number like any other
            with pytest.raises(MarkError):
                mark_from_dict(with_value(values, path, wrong))


def test_new_kinds_come_back_exactly(new_record):
    text = json.dumps(mark_to_dict(new_record), allow_nan=False)
    back = mark_from_dict(json.loads(text))
    assert back == new_record
    assert type(back) is type(new_record)
    assert json.dumps(mark_to_dict(back)) == text


def test_what_a_new_kind_needs_is_refused_when_missing(new_record):
    values = mark_to_dict(new_record)
    for name in ("kind", "mark_id", *new_record.required):
        with pytest.raises(MarkError, match=f"'{name}' is missing"):
            mark_from_dict(without(values, (name,)))
    for name in new_record.optional:
        if name in values and name not in {"mm", "lstv"}:  # without these, others contradict
            mark_from_dict(without(values, (name,)))


def test_no_value_of_another_kind_gets_into_a_new_kind(new_record):
    values = mark_to_dict(new_record)
    for path in paths(values):
        for wrong in [{}, {"value": 1}, [[1]], "", "\x00", math.nan, 10**400, -1, True]:
            try:
                back = mark_from_dict(with_value(values, path, wrong))
            except MarkError:
                continue
            assert mark_from_dict(json.loads(json.dumps(mark_to_dict(back)))) == back


def test_a_fact_whose_identifier_does_not_follow_is_refused(slot_state):
    with pytest.raises(MarkError, match="does not follow"):
        mark_from_dict(mark_to_dict(slot_state) | {"mark_id": "slot:other"})


def test_what_is_not_stated_is_not_written(target, needle, level, full_needle):
    """So that what was written before these fields existed keeps its hash."""
    old = {"kind", "mark_id", "sop_instance_uid", "frame_number", "points"}
    assert set(mark_to_dict(target)) == old | {"site"}
    assert set(mark_to_dict(needle)) == old | {"site"}
    assert set(mark_to_dict(needle)["points"]) == {"tip", "hub"}
    assert set(mark_to_dict(level)) == old | {"vertebra"}
    assert set(mark_to_dict(full_needle)) == old | {"site"} | set(full_needle.optional)


@pytest.mark.parametrize("points", [["10.25", "20.5"], [True, 1], [1], [1, 2, 3], [[1, 2]], "12", {"1": 2}])
def test_coordinates_are_two_numbers(points, target):
    with pytest.raises(MarkError, match="position"):
        mark_from_dict(mark_to_dict(target) | {"points": {"position": points}})


@pytest.mark.parametrize("joints", ["L3-L4", "AB", {"L3-L4": 1}, [["L3-L4"]], [5], ["L3-L4", "L3-L4"], [""]])
def test_joints_are_a_list_of_different_texts(joints, target):
    values = mark_to_dict(target)
    with pytest.raises(MarkError):
        mark_from_dict(values | {"site": values["site"] | {"joints": joints}})


def test_a_kind_that_does_not_exist_is_refused(target):
    with pytest.raises(
        UnknownKindError, match=r"mark: is of a kind that .* does not know \(zone\)\. If a newer"
    ):
        mark_from_dict(mark_to_dict(target) | {"kind": "zone"})
    for value in ("", "Ann^Given", "zone\n", "x" * 41, "TARGET"):
        with pytest.raises(UnknownKindError, match=r"does not know\. If a newer"):
            mark_from_dict(mark_to_dict(target) | {"kind": value})
    for value in (None, 5, True, ["target"], {"target": 1}):
        with pytest.raises(MarkError, match="not one of target, needle, level_label, nerve_course"):
            mark_from_dict(mark_to_dict(target) | {"kind": value})


def test_a_kind_that_does_not_fit_the_rest_is_refused(target, level):
    for kind in set(MarkKind) - {MarkKind.TARGET}:
        reason = "does not follow" if kind is MarkKind.SUBMISSION else "is missing"
        with pytest.raises(MarkError, match=reason):
            mark_from_dict(mark_to_dict(target) | {"kind": kind.value})
    with pytest.raises(MarkError, match="'site' is missing"):
        mark_from_dict(mark_to_dict(level) | {"kind": "target"})


@given(JSON)
def test_no_json_escapes_as_another_error(values):
    with pytest.raises(MarkError):
        mark_from_dict(values)
    with pytest.raises(MarkError):
        site_from_dict(values)


@given(mark=MARKS, data=st.data())
def test_no_altered_mark_escapes_as_another_error(mark, data):
    values = mark_to_dict(mark)
    path = data.draw(st.sampled_from(list(paths(values))))
    altered = with_value(values, path, data.draw(JSON))
    try:
        back = mark_from_dict(altered)
    except MarkError:
        return
    assert mark_from_dict(json.loads(json.dumps(mark_to_dict(back)))) == back
