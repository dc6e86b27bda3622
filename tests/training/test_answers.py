"""Answers as texts and back, and flat answers beside scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction, FrameRef, MarkConfidence, Needle, Target
from fluoro_annotator.training import (
    AnswerRecord,
    NamedAnswer,
    NeedleAnswer,
    PlacedAnswer,
    Step,
    Variant,
    ViewAnswer,
    read_answer,
)

FRAME, SITE = FrameRef("1.2.3.4", 1), load_anatomy().site("L3_MB", Side.RIGHT)
coordinates = st.floats(-2000, 4000, allow_nan=False)
points = st.builds(Point, coordinates, coordinates)
confidences = st.none() | st.sampled_from(MarkConfidence)
words = st.none() | st.sampled_from(("L3_MB", "L4", "L4-L5"))
answers = st.one_of(
    st.builds(PlacedAnswer, mark=st.none(), confidence=confidences),
    st.builds(
        PlacedAnswer,
        mark=st.builds(Target, frame=st.just(FRAME), site=st.just(SITE), position=points),
        confidence=confidences,
    ),
    st.builds(
        NamedAnswer,
        nerve=words,
        vertebra=words,
        joint=words,
        side=st.none() | st.sampled_from(Side),
        confidence=confidences,
    ),
    st.builds(
        ViewAnswer,
        adequate=st.just(Adequacy.NO),
        corrections=st.lists(st.sampled_from(Correction), unique=True).map(tuple),
        confidence=confidences,
    ),
    st.builds(ViewAnswer, adequate=st.sampled_from(Adequacy), confidence=confidences),
    st.builds(
        NeedleAnswer,
        acceptable=st.just(False),
        fault=st.sampled_from(("", "TOO_VENTRAL")),
        confidence=confidences,
    ),
    st.builds(NeedleAnswer, acceptable=st.sampled_from((True, None)), confidence=confidences),
)
seconds = st.floats(0, 1e5, allow_nan=False)
steps = st.lists(
    st.builds(
        Step,
        seconds,
        st.sampled_from(("add", "move", "delete", "name", "view")),
        st.none() | st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    ),
    max_size=5,
).map(tuple)
variants = st.builds(
    Variant,
    mirrored=st.booleans(),
    contrast=st.floats(0.1, 10, allow_nan=False),
    brightness=st.floats(-1, 1, allow_nan=False),
)


@given(answer=answers, seconds=seconds, steps=steps, variant=variants)
def test_what_is_written_is_read_as_it_was(answer, seconds, steps, variant):
    record = AnswerRecord(
        kind="place_target",
        prompt="Place the target.",
        key_hash="ab12",
        answer=answer,
        seconds=seconds,
        steps=steps,
        variant=variant,
    )
    again = read_answer(record.text)
    assert again == record
    assert again.text == record.text
    assert again.moves == sum(step.what == "move" for step in steps)


def test_a_needle_is_read_as_it_was():
    needle = Needle(frame=FRAME, site=SITE, tip=Point(10.5, 20.25), hub=Point(30.0, 40.0))
    record = AnswerRecord(
        kind="place_target", prompt="?", key_hash="", answer=PlacedAnswer(mark=needle), seconds=1.0
    )
    assert read_answer(record.text).answer.mark == needle


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format":"fluoro_annotator.answer","version":2}',
        '{"format":"fluoro_annotator.answer","version":1,"kind":"k","prompt":"p","key_hash":"","answer":{}}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_said_to_be(text):
    with pytest.raises(TrainingError):
        read_answer(text)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf"), True, "1"])
def test_times_are_numbers_of_at_least_nothing(wrong):
    with pytest.raises(TrainingError):
        Step(wrong, "add")


@pytest.mark.parametrize(("contrast", "brightness"), [(0, 0), (-1, 0), (float("nan"), 0), (1, float("inf"))])
def test_a_variant_can_be_shown(contrast, brightness):
    with pytest.raises(TrainingError):
        Variant(contrast=contrast, brightness=brightness)


def test_a_step_that_is_no_plain_value_is_refused():
    record = AnswerRecord(
        kind="place_target",
        prompt="?",
        key_hash="",
        answer=PlacedAnswer(mark=None),
        seconds=1.0,
        steps=(Step(0.5, "add", {"mark": object()}),),
    )
    with pytest.raises(TrainingError, match="plain values"):
        _ = record.text
