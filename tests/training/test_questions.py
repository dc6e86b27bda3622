"""Questions say what is asked and nothing of the answer; keys hold the rest; both survive being written."""

import json
import uuid

import pytest
from exercise_makers import ASKED, SITE, judged, key, question, teaching_set

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import AnatomyError, MarkError, TrainingError, TrainingFormatError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction
from fluoro_annotator.training import (
    ExerciseKind,
    NamedAnswer,
    NeedleAnswer,
    Outcome,
    PlacedAnswer,
    ViewAnswer,
    exercise_of,
    key_from_text,
    key_hash,
    key_to_text,
    score,
    set_from_text,
    set_to_text,
)

KINDS = list(ExerciseKind)


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def made(ap, references):
    """Return a function: kind -> question and key."""

    def of(kind):
        asked = question(ap, kind)
        marking = judged(ap) if kind is ExerciseKind.JUDGE_VIEW else references["AP_TRUE"]
        return asked, key(ap, asked, [marking], ap.targets["L3_MB", Side.RIGHT])

    return of


@pytest.fixture
def whole_set(made, block):
    return teaching_set(block, [made(kind) for kind in KINDS])


def edited(text, change):
    """Return a JSON text after a change of its values."""
    values = json.loads(text)
    change(values)
    return json.dumps(values)


# ---------------------------------------------------------------------- questions


@pytest.mark.parametrize("kind", KINDS)
def test_the_prompt_is_that_of_the_exercise(made, block, kind):
    asked, one = made(kind)
    assert asked.prompt == exercise_of(asked, one, block).prompt


def test_a_needle_is_asked_for_by_its_name(ap):
    asked = question(ap, ExerciseKind.PLACE_BY_NAME)
    assert asked.prompt == "Place the needle for the L3 medial branch on the right."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted({name for given in ASKED.values() for name in given}))
def test_a_question_has_what_its_kind_asks_and_nothing_of_the_answer(ap, kind, name):
    other = next(given[name] for given in ASKED.values() if name in given)
    own = ASKED[kind].get(name)
    if own is None and not (name == "needle" and kind is ExerciseKind.PLACE_TARGET):
        with pytest.raises(TrainingError, match=f"must not have {name}"):
            question(ap, kind, **{name: other})
    elif own is not None and name not in {"needle", "active_tip_mm"}:
        empty = () if name == "parts" else "" if name.startswith("view") else None
        with pytest.raises(TrainingError, match=f"lacks {name}"):
            question(ap, kind, **{name: empty})


@pytest.mark.parametrize(
    "identifier", ["L3-right", "", None, str(uuid.uuid1()), str(uuid.uuid4()).upper(), uuid.uuid4().hex]
)
def test_an_identifier_says_nothing(ap, identifier):
    with pytest.raises(TrainingError, match="random UUID"):
        question(ap, ExerciseKind.PLACE_TARGET, exercise_id=identifier)


@pytest.mark.parametrize(
    ("error", "kind", "change"),
    [
        (MarkError, ExerciseKind.PLACE_TARGET, {"study_uid": ""}),
        (MarkError, ExerciseKind.PLACE_TARGET, {"difficulty": "brutal"}),
        (MarkError, ExerciseKind.PLACE_TARGET, {"kind": "guess"}),
        (MarkError, ExerciseKind.JUDGE_NEEDLE, {"shown_needle": (Point(1.0, 2.0),)}),
        (MarkError, ExerciseKind.JUDGE_NEEDLE, {"active_tip_mm": -1.0}),
        (MarkError, ExerciseKind.NAME_MARKED, {"shown": (1.0, float("nan"))}),
        (TrainingError, ExerciseKind.NAME_MARKED, {"parts": ("nerve", "age")}),
        (
            AnatomyError,
            ExerciseKind.PLACE_TARGET,
            {"site": Site("L3_MB", "L3", ("L3-L4",), Side.RIGHT)},
        ),
    ],
)
def test_values_of_a_question_are_checked(ap, error, kind, change):
    with pytest.raises(error):
        question(ap, **({"kind": kind} | change))


# ---------------------------------------------------------------------- keys


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_was_written_scores_as_before(made, block, kind):
    asked, one = made(kind)
    read = key_from_text(key_to_text(one))
    assert read == one
    assert exercise_of(asked, read, block) == exercise_of(asked, one, block)
    basis = [exercise_of(asked, either, block).setting.basis for either in (read, one)]
    assert basis[0] == basis[1]


def test_each_kind_is_scored_by_its_key(ap, made, block, references):
    right = next(mark for mark in references["AP_TRUE"].marks if getattr(mark, "site", None) == SITE)
    answers = {
        ExerciseKind.PLACE_TARGET: PlacedAnswer(mark=right),
        ExerciseKind.PLACE_BY_NAME: PlacedAnswer(mark=None),
        ExerciseKind.NAME_MARKED: NamedAnswer(nerve="L3_MB", vertebra="L4", side=Side.RIGHT),
        ExerciseKind.JUDGE_VIEW: ViewAnswer(adequate=Adequacy.NO, corrections=(Correction.TILT_CRANIAL,)),
        ExerciseKind.JUDGE_NEEDLE: NeedleAnswer(acceptable=False, fault="WRONG_LEVEL"),
    }
    outcomes = {kind: score(exercise_of(*made(kind), block), answers[kind]).outcome for kind in KINDS}
    assert outcomes == dict.fromkeys(KINDS, Outcome.CORRECT) | {ExerciseKind.PLACE_BY_NAME: Outcome.MISSING}


def test_the_bends_of_a_needle_are_judged_too(made, block):
    asked, one = made(ExerciseKind.JUDGE_NEEDLE)
    needle = exercise_of(asked, one, block).needle
    assert needle.path == asked.shown_needle
    assert needle.active_tip_mm == 10.0


def test_the_hash_of_a_key_says_nothing_of_the_key(ap, made, references):
    asked, one = made(ExerciseKind.PLACE_TARGET)
    again = key(ap, asked, [references["AP_TRUE"]], ap.targets["L3_MB", Side.RIGHT])
    assert again.references == one.references
    assert key_hash(again) != key_hash(one)
    assert key_hash(key_from_text(key_to_text(one))) == key_hash(one)


def test_question_and_key_have_to_go_together(made, block):
    asked, _ = made(ExerciseKind.PLACE_TARGET)
    _, other = made(ExerciseKind.PLACE_TARGET)
    with pytest.raises(TrainingError, match="key of another one"):
        exercise_of(asked, other, block)


def test_a_key_that_does_not_name_the_mark(ap, block, references):
    asked = question(ap, ExerciseKind.NAME_MARKED)
    with pytest.raises(TrainingError, match="does not say what is marked"):
        exercise_of(asked, key(ap, asked, [references["AP_TRUE"]], site=None), block)


def test_references_are_of_different_experts(ap, references):
    asked, both = question(ap, ExerciseKind.PLACE_TARGET), [references["AP_TRUE"]] * 2
    for markings in ([], both):
        with pytest.raises(TrainingError, match="references"):
            key(ap, asked, markings)


def test_an_image_without_a_scale_and_orientation(ap, references):
    asked = question(ap, ExerciseKind.PLACE_TARGET)
    bare = key(ap, asked, [references["AP_TRUE"]], image=ap.facts(orientation=None))
    image = ap.facts(orientation=None, view="", turned_to=Side.LEFT)
    for one in (bare, key(ap, asked, [references["AP_TRUE"]], image=image)):
        read = key_from_text(key_to_text(one))
        assert (read.image, read.image.key) == (one.image, one.image.key)


# ---------------------------------------------------------------------- sets


def test_a_set_that_was_written_is_the_same(whole_set):
    text = set_to_text(whole_set)
    assert set_from_text(text) == whole_set
    assert set_to_text(set_from_text(text.encode())) == text


def test_nothing_in_a_set_gives_an_answer_away(whole_set, made):
    """What differs between keys of one question is nowhere in the text of the set."""
    for kind, words in (
        (ExerciseKind.NAME_MARKED, ("L3_MB", "L4", "right")),
        (ExerciseKind.JUDGE_VIEW, ("tilt", "adequate")),
        (ExerciseKind.JUDGE_NEEDLE, ("WRONG_LEVEL", "acceptable")),
    ):
        asked = next(one for one in whole_set.questions if one.kind is kind)
        values = json.loads(set_to_text(whole_set))
        shown = next(one for one in values["questions"] if one["exercise_id"] == asked.exercise_id)
        assert not [word for word in words if word in json.dumps(shown | {"site": None})]
    everything = set_to_text(whole_set)
    for secret in ("reader", "Expert A", "learning", "notch", "records", "verdict", "salt"):
        assert secret not in everything


def test_a_nerve_asked_for_by_name_comes_without_its_vertebra(ap, made, block):
    """The vertebra is the trap: it stands nowhere in what a trainee's program is given."""
    pair = made(ExerciseKind.PLACE_BY_NAME)
    values = json.loads(set_to_text(teaching_set(block, [pair])))
    assert values["questions"][0]["site"] == {"nerve": "L3_MB", "side": "right"}
    fewer = Site("L3_MB", "L4", ("L3-L4",), Side.RIGHT)
    assert question(ap, ExerciseKind.PLACE_BY_NAME, site=fewer).site == SITE


@pytest.mark.parametrize(
    ("problem", "change"),
    [
        ("no exercise", {"questions": (), "key_hashes": {}}),
        ("without a key", {"key_hashes": {}}),
        ("no title", {"title": "  "}),
        ("more than 100", {"title": "x" * 101}),
        ("identifier", {"set_id": "First Steps"}),
        ("identifier", {"set_id": "../first"}),
        ("no name", {"author": " "}),
        ("whole number|between", {"version": 0}),
    ],
)
def test_values_of_a_set_are_checked(made, block, problem, change):
    with pytest.raises((TrainingError, MarkError), match=problem):
        teaching_set(block, [made(ExerciseKind.PLACE_TARGET)], **change)


def test_an_exercise_comes_once(made, block):
    pair = made(ExerciseKind.PLACE_TARGET)
    with pytest.raises(TrainingError, match="twice"):
        teaching_set(block, [pair, pair])
    whole = teaching_set(block, [pair])
    assert whole.question(pair[0].exercise_id) == pair[0]
    with pytest.raises(TrainingError, match="not part of version 1"):
        whole.question(str(uuid.uuid4()))


# ---------------------------------------------------------------------- damaged texts


SET_DAMAGES = {
    "lacks 'title'": lambda values: values.pop("title"),
    "'colour', which do not belong": lambda values: values.update(colour="red"),
    "another format": lambda values: values.update(format="fluoro_annotator.marks"),
    "newer version": lambda values: values.update(version=2),
    "whole number": lambda values: values.update(version="1"),
    r"\$\.mixed: is neither true nor false": lambda values: values.update(mixed=1),
    r"\$\.questions: is not a list": lambda values: values.update(questions={}),
    r"\$\.questions\[1\]: .*must not have shown": lambda values: values["questions"][1].update(shown=[1, 2]),
    r"\$\.questions\[0\]: lacks 'frame'": lambda values: values["questions"][0].pop("frame"),
    r"\$\.questions\[0\]\.site: .*L9": lambda values: values["questions"][0]["site"].update(nerve="L9_MB"),
    r"\$\.questions\[0\]\.frame: holds 'path'": lambda values: values["questions"][0]["frame"].update(
        path=""
    ),
    r"\$\.key_hashes: lacks|without a key": lambda values: values["key_hashes"].clear(),
    "a hash of a key that is none": lambda values: values.update(
        key_hashes=dict.fromkeys(values["key_hashes"], "0")
    ),
    "not a group": lambda values: values.update(protocol=[]),
    "ISO 8601": lambda values: values.update(published_at="yesterday"),
}


@pytest.mark.parametrize("problem", SET_DAMAGES)
def test_a_damaged_set_is_refused_with_place_and_reason(whole_set, problem):
    with pytest.raises(TrainingFormatError, match=problem):
        set_from_text(edited(set_to_text(whole_set), SET_DAMAGES[problem]))


KEY_DAMAGES = {
    r"\$\.references\[0\]: .*does not belong": lambda values: _first_record(values).update(note="x"),
    r"\$\.references\[0\]: .*'points'": lambda values: _first_record(values).pop("points"),
    r"\$\.references\[0\]: .*targeted at L4": lambda values: _first_record(values)["site"].update(
        vertebra="L3"
    ),
    r"\$\.image\.placement_px: is not a number": lambda values: values["image"].update(placement_px=True),
    r"\$\.image: .*two directions": lambda values: values["image"].update(orientation=["L"]),
    r"\$\.image: pixel spacing": lambda values: values["image"].update(row_mm_per_px=-1),
    r"\$\.outlines\[0\]: ": lambda values: values["outlines"][0].update(vertebra="L9"),
    "references are missing": lambda values: values.update(references=[]),
    "random UUID": lambda values: values.update(exercise_id="1"),
}


def _first_record(values):
    records = values["references"][0]["records"]
    return next(one for one in records if one.get("site", {}).get("nerve") == "L3_MB")


@pytest.mark.parametrize("problem", KEY_DAMAGES)
def test_a_damaged_key_is_refused_with_place_and_reason(made, problem):
    text = key_to_text(made(ExerciseKind.NAME_MARKED)[1])
    with pytest.raises(TrainingFormatError, match=problem):
        key_from_text(edited(text, KEY_DAMAGES[problem]))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"format": ', '{"a": 1, "a": 2}', '{"a": NaN}', "\ud800".encode("utf-8", "replace")],
)
def test_what_is_no_set_at_all(text):
    with pytest.raises(TrainingFormatError):
        set_from_text(text)


def test_a_set_that_is_cut_off_anywhere_is_refused(whole_set):
    text = set_to_text(whole_set)
    for end in range(0, len(text), 97):
        with pytest.raises(TrainingFormatError):
            set_from_text(text[:end])
