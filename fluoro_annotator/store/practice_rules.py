"""The rules for practice that every store keeps, whatever engine is below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fluoro_annotator.errors import (
    KeyWithheldError,
    StoreConflictError,
    StoreError,
    UnknownAnswerError,
    UnknownExerciseError,
)
from fluoro_annotator.store.practice_values import (
    FIRST_SCORE,
    Answer,
    Assignment,
    ExerciseKey,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
)


def exercises_of(
    version: SetVersion, keys: Sequence[ExerciseKey], keyless: Sequence[PublishedExercise]
) -> tuple[PublishedExercise, ...]:
    """Return the exercises of a version that is to be published.

    Raises
    ------
    StoreError
        If one is of another version, there are two of one name, or none at all.

    """
    subject = named(version.set_id, version.version)
    exercises = (*(key.exercise for key in keys), *keyless)
    if any((each.set_id, each.version) != (version.set_id, version.version) for each in exercises):
        raise StoreError(subject, "is published with a key of another set or version", "Publish it again.")
    if len({each.exercise_id for each in exercises}) < len(exercises):
        raise StoreError(subject, "is published with two keys of one exercise", "Take one of them out.")
    if not exercises and not version.withdrawn:
        raise StoreError(subject, "has no exercise", "Add exercises before publishing.")
    return exercises


def check_same_version(
    kept: SetVersion,
    kept_exercises: Iterable[PublishedExercise],
    new: SetVersion,
    exercises: Iterable[PublishedExercise],
) -> None:
    """Refuse a version whose number is taken by another one.

    Raises
    ------
    StoreConflictError
        If the two, or their exercises, differ.

    """
    if kept != new or set(kept_exercises) != set(exercises):
        raise StoreConflictError(
            named(new.set_id, new.version),
            "is kept already, with another content or other keys",
            "Publish it under the next number.",
        )


def check_same_answer(kept: Answer, new: Answer) -> None:
    """Refuse an answer whose identifier is taken by another one.

    Raises
    ------
    StoreConflictError
        If the two differ.

    """
    if kept != new:
        raise StoreConflictError(
            f"answer {new.answer_id}",
            "is kept already, with another content; a committed answer cannot be changed",
            "Give the new answer an identifier of its own.",
        )


def is_new_score(kept: Sequence[ScoreEntry], new: ScoreEntry) -> bool:
    """Return whether a score is to be added to those that an answer has.

    Raises
    ------
    StoreConflictError
        If it is a first score and there is one already.

    """
    if new in kept:
        return False
    if kept and new.cause == FIRST_SCORE:
        raise StoreConflictError(
            f"answer {new.answer_id}",
            "has been scored already",
            "Read the score that is kept; to score anew, give a reason.",
        )
    return True


def scores_to_add(
    answer_id: str, kept: Sequence[ScoreEntry], given: Sequence[ScoreEntry]
) -> tuple[ScoreEntry, ...]:
    """Return what another store has behind the scores that are kept here.

    Raises
    ------
    StoreConflictError
        If neither goes on from the other.

    """
    common = min(len(kept), len(given))
    if tuple(kept[:common]) != tuple(given[:common]):
        raise StoreConflictError(f"answer {answer_id}", "has other scores in the destination")
    return tuple(given[common:])


def current(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Return the assignments that count, the one kept first for a set and a trainee giving the place."""
    last = {(each.set_id, each.trainee): each for each in assignments}
    return tuple(each for each in last.values() if not each.withdrawn)


def named(set_id: str, version: int) -> str:
    """Return the name of a version of a teaching set for a message."""
    return f"version {version} of teaching set {set_id}"


def unknown_version(set_id: str, version: int) -> UnknownExerciseError:
    """Return the error for a version that is not kept."""
    return UnknownExerciseError(
        named(set_id, version),
        "is not in the store",
        "Check that this is the store in which it was published.",
    )


def unknown_set(set_id: str) -> UnknownExerciseError:
    """Return the error for a teaching set that is not kept."""
    return UnknownExerciseError(
        f"teaching set {set_id}", "is not in the store", "Publish or install it first."
    )


def unknown_exercise(set_id: str, version: int, exercise_id: str) -> UnknownExerciseError:
    """Return the error for an exercise that a version does not have."""
    return UnknownExerciseError(
        f"exercise {exercise_id}",
        f"is not part of {named(set_id, version)}",
        "Load the teaching set again.",
    )


def unknown_answer(answer_id: str) -> UnknownAnswerError:
    """Return the error for an answer that is not kept."""
    return UnknownAnswerError(f"answer {answer_id}", "is not in the store", "Commit the answer first.")


def purged_key(exercise_id: str) -> UnknownExerciseError:
    """Return the error for a key that went with its study."""
    return UnknownExerciseError(
        f"exercise {exercise_id}",
        "has no key any more: its study was purged from the store",
        "The answer stays as it was given; go on with another exercise.",
    )


def withheld(exercise_id: str, reader: str) -> KeyWithheldError:
    """Return the error for whoever asks for a key too early."""
    return KeyWithheldError(
        f"exercise {exercise_id}",
        f"keeps its key until {reader} has committed an answer to it",
        "Commit the answer first.",
    )


def all_withheld(set_id: str, version: int, reader: str) -> KeyWithheldError:
    """Return the error for whoever asks for all keys of a set of somebody else."""
    return KeyWithheldError(
        named(set_id, version),
        f"does not show all its keys to {reader}, who is not its author",
        "Ask the author, or an attending where a server keeps the store.",
    )
