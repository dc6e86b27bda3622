from __future__ import annotations

import pickle

import pytest

from fluoro_annotator import errors
from fluoro_annotator.errors import FluoroAnnotatorError

TREE = sorted(
    (
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, FluoroAnnotatorError)
    ),
    key=lambda kind: kind.__name__,
)


def test_a_message_says_subject_problem_and_remedy():
    error = FluoroAnnotatorError("image 3", "it is empty", "Choose another one.")
    assert str(error) == "image 3: it is empty. Choose another one."


def test_a_message_without_remedy_ends_with_the_problem():
    assert str(FluoroAnnotatorError("image 3", "it is empty")) == "image 3: it is empty."


def test_a_full_stop_is_not_doubled():
    assert str(FluoroAnnotatorError("image 3", "it is empty.")) == "image 3: it is empty."


def test_the_parts_can_be_read_one_by_one():
    error = FluoroAnnotatorError("a", "b", "c")
    assert (error.subject, error.problem, error.remedy) == ("a", "b", "c")


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_says_what_it_is_for_and_keeps_its_parts(kind):
    assert kind.__name__.endswith("Error")
    assert kind.__doc__
    error = kind("a", "b", "c")
    assert str(error) == "a: b. c"
    with pytest.raises(FluoroAnnotatorError):
        raise error


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_errors_travel_between_processes(kind):
    error = pickle.loads(pickle.dumps(kind("a", "b", "c")))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert (error.subject, error.problem, error.remedy) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        (errors.UnknownNerveError, errors.AnatomyError),
        (errors.WrongVertebraError, errors.AnatomyError),
        (errors.WrongJointError, errors.AnatomyError),
        (errors.SideNotAllowedError, errors.AnatomyError),
        (errors.AnatomyDataError, errors.AnatomyError),
        (errors.MarkOutsideImageError, errors.MarkError),
        (errors.NotDicomError, errors.DicomError),
        (errors.StoreConflictError, errors.StoreError),
    ],
)
def test_a_whole_family_can_be_caught_at_once(kind, family):
    with pytest.raises(family):
        raise kind("a", "b")


def test_families_are_apart():
    assert not issubclass(errors.DicomError, errors.StoreError)
    assert not issubclass(errors.AnatomyError, errors.MarkError)
