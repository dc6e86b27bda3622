"""Every shipped exercise can be drawn and talked about, whatever was answered: right, beside it, elsewhere, nothing."""

from pathlib import Path

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Needle, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import (
    ExerciseKind,
    NamedAnswer,
    NeedleAnswer,
    Outcome,
    PlacedAnswer,
    Role,
    ViewAnswer,
    exercise_of,
    picture_of,
    remarks_on,
    score,
)
from fluoro_annotator.training.set_files import read_set_file

FOLDER = Path(__file__).parents[2] / "sample_dicoms" / "practice"
SETS = sorted(FOLDER.glob("*.set.json"))
OFFSETS = ((0, 0), (30, 10), (0, 60), (150, 0), (0, -300))
"""Rows and columns beside the reference: right, near, off, other levels and the other side."""
PLACED = {ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME}
EVERY = 4
"""Each exercise takes part of a second; so many are left out between two."""


def answers_to(asked, key):
    """Yield answers of the kind that a question takes."""
    if asked.kind in PLACED:
        records = [record for one in key.references for record in one.marking.records]
        place = next(
            one.points[0]
            for one in records
            if isinstance(one, Needle if asked.needle else Target) and one.site == asked.site
        )
        for down, right in OFFSETS:
            tip = Point(place.row + down, place.column + right)
            known = {"frame": asked.frame, "site": asked.site}
            hub = Point(tip.row + 90, tip.column + 40)
            mark = Needle(tip=tip, hub=hub, **known) if asked.needle else Target(position=tip, **known)
            yield PlacedAnswer(mark=mark)
        yield PlacedAnswer(mark=None)
    elif asked.kind is ExerciseKind.NAME_MARKED:
        yield NamedAnswer(nerve="L4_MB", vertebra="L4", joint="L4-L5", side=Side.RIGHT)
        yield NamedAnswer()
    elif asked.kind is ExerciseKind.JUDGE_VIEW:
        yield from (ViewAnswer(adequate=one) for one in Adequacy)
    else:
        yield NeedleAnswer(acceptable=True)
        yield NeedleAnswer(acceptable=False, fault="TOO_DORSAL")
        yield NeedleAnswer(acceptable=None)


def test_the_sets_are_there():
    assert len(SETS) >= 4


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name.partition(".")[0])
def test_every_answer_is_drawn_and_told(path):
    content = read_set_file(path)
    protocols, keys = load_protocols(folders=()), dict(content.keys)
    outcomes = set()
    for asked in content.teaching_set.questions[::EVERY]:
        key = keys[asked.exercise_id]
        exercise = exercise_of(asked, key, protocols.get(content.teaching_set.protocol_id))
        for answer in answers_to(asked, key):
            given = score(exercise, answer)
            picture = picture_of(exercise, answer, outlines=key.outlines, shown=asked.shown)
            told = remarks_on(exercise, given, answer)
            outcomes.add(given.outcome)
            assert told.wrong
            assert picture.of(Role.BONE)
            if asked.kind in PLACED and answer.mark is not None:
                assert picture.of(Role.REFERENCE)
                assert picture.of(Role.ANSWER)
                assert told.remedies or given.success
    assert Outcome.CORRECT in outcomes
    assert len(outcomes) >= 3
