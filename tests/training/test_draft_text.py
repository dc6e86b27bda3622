"""Drafts of teaching sets as text: nothing of them is lost, and what does not fit is refused with its place."""

import json
from dataclasses import replace

import pytest
from exercise_makers import judged, key, question

from fluoro_annotator.errors import TrainingFormatError
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.training import DraftExercise, ExerciseKind, SetDraft
from fluoro_annotator.training.draft_text import draft_from_text, draft_to_text


@pytest.fixture(scope="module")
def library():
    return load_protocols(folders=())


@pytest.fixture(params=[0, 4], ids=["new", "next version"])
def draft(request, views, block):
    view = views["AP_TRUE"]
    asked = [question(view, kind) for kind in ExerciseKind]
    exercises = tuple(DraftExercise(one, key(view, one, [judged(view)], 0.3)) for one in asked)
    return SetDraft(
        set_id="lumbar",
        protocol=block,
        title="Lumbar",
        description="First steps",
        mixed=False,
        based_on=request.param,
        exercises=exercises,
    )


def test_there_and_back(draft, library):
    assert draft_from_text(draft_to_text(draft), library) == draft


def test_a_draft_without_title_and_exercise(block, library):
    empty = SetDraft(set_id="lumbar", protocol=block)
    assert draft_from_text(draft_to_text(empty), library) == empty


def test_an_edited_protocol_is_todays(draft, library, block):
    edited = replace(draft, protocol=replace(block, title="Edited"))
    assert draft_from_text(draft_to_text(edited), library).protocol == library.get("lumbar_mbb")


def test_a_protocol_that_is_not_installed_is_named(draft):
    with pytest.raises(TrainingFormatError, match="lumbar_mbb is not installed"):
        draft_from_text(draft_to_text(draft), ProtocolLibrary((), ()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mixed": "yes"}, "neither true nor false"),
        ({"based_on": 0}, "based_on"),
        ({"set_id": "Not One"}, "identifier"),
        ({"exercises": [{}]}, "lacks 'question'"),
        ({"more": 1}, "more"),
        ({"version": 2}, "newer version"),
    ],
)
def test_what_does_not_fit_is_refused(draft, library, change, said):
    values = json.loads(draft_to_text(draft)) | change
    with pytest.raises(TrainingFormatError, match=said):
        draft_from_text(json.dumps(values), library)


def test_a_text_that_is_cut_off_is_refused(draft, library):
    with pytest.raises(TrainingFormatError, match="draft"):
        draft_from_text(draft_to_text(draft)[:-20], library)
