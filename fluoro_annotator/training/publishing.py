"""Versions of teaching sets, put into a store and withdrawn; what is published never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from fluoro_annotator.errors import StoreConflictError, TeachingSetError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.store import ExerciseKey, PracticeRecords, SetVersion, Store
from fluoro_annotator.training.key_text import key_to_text, text_hash
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.plain import written
from fluoro_annotator.training.sets import TeachingSet, set_to_text

WITHDRAWAL_FORMAT: Final = "fluoro_annotator.teaching_set_withdrawal"


def keep_version(
    practice: PracticeRecords,
    teaching_set: TeachingSet,
    keys: Mapping[str, Key],
    *,
    by: str,
) -> SetVersion:
    """Keep a version of a set with its keys; the same one once more changes nothing.

    Parameters
    ----------
    practice : PracticeRecords
        What the store keeps of practice.
    teaching_set : TeachingSet
        The version.
    keys : mapping of str to Key
        The key of each exercise.
    by : str
        Who answers for it in this store; its keys are given to this person.

    Returns
    -------
    SetVersion
        As the store has it.

    Raises
    ------
    TeachingSetError
        If a key is not the one that the set names.
    StoreConflictError
        If the number is taken by another version.

    """
    version = SetVersion(
        set_id=teaching_set.set_id,
        version=teaching_set.version,
        title=teaching_set.title,
        author=by,
        published_at=teaching_set.published_at,
        content=set_to_text(teaching_set),
    )
    try:
        practice.publish(version, _exercise_keys(teaching_set, keys))
    except StoreConflictError as error:
        taken = _taken(practice, version)
        if taken is None:
            raise
        if taken.content == version.content:
            return taken
        raise StoreConflictError(
            f"version {version.version} of the teaching set {version.set_id}",
            f"is in the store already with another content, {_how(taken)}",
            "Look at what is there, then publish again under the next number.",
        ) from error
    return version


def _exercise_keys(teaching_set: TeachingSet, keys: Mapping[str, Key]) -> list[ExerciseKey]:
    made = []
    for question in teaching_set.questions:
        key = keys.get(question.exercise_id)
        text = "" if key is None else key_to_text(key)
        if text_hash(text) != teaching_set.key_hashes[question.exercise_id]:
            raise TeachingSetError(
                f"key of exercise {question.exercise_id}",
                "is missing, or not the one that the teaching set names",
                "Put the set together again.",
            )
        made.append(
            ExerciseKey(
                set_id=teaching_set.set_id,
                version=teaching_set.version,
                exercise_id=question.exercise_id,
                study_uid=question.study_uid,
                content=text,
            )
        )
    return made


def _taken(practice: PracticeRecords, version: SetVersion) -> SetVersion | None:
    same = (one for one in practice.set_versions(version.set_id) if one.version == version.version)
    return next(same, None)


def _how(taken: SetVersion) -> str:
    done = "withdrawn" if taken.withdrawn else "published"
    return f"{done} by {taken.author} on {taken.published_at:%Y-%m-%d at %H:%M} UTC"


def newest_version(practice: PracticeRecords, set_id: str) -> SetVersion | None:
    """Return the newest version of a set, withdrawals included, None if the store has none."""
    return max(practice.set_versions(set_id), key=lambda one: one.version, default=None)


def withdraw(
    store: Store, set_id: str, *, by: str, reason: str = "", at: datetime | None = None
) -> SetVersion:
    """Withdraw a set: nothing of it is to be practised any more, and nothing of it is taken away.

    Parameters
    ----------
    store : Store
        The store.
    set_id : str
        The set.
    by : str
        Who withdraws it; a server puts the login in its place.
    reason : str
        Why, in one line; everybody may see it.
    at : datetime.datetime, optional
        When; now by default.

    Raises
    ------
    TeachingSetError
        If there is no such set, or it was withdrawn already.
    StoreConflictError
        If somebody else published or withdrew it at the same moment.

    """
    newest = newest_version(store.practice, set_id)
    if newest is None or newest.withdrawn:
        problem = "is not in the store" if newest is None else f"is withdrawn already, {_how(newest)}"
        raise TeachingSetError(f"teaching set {set_id}", problem, "`practice sets list` names all sets.")
    version = SetVersion(
        set_id=set_id,
        version=newest.version + 1,
        title=newest.title,
        author=person(store, by),
        published_at=utc_now() if at is None else at,
        content=written(WITHDRAWAL_FORMAT, 1, {"set_id": set_id, "reason": reason}),
        withdrawn=True,
    )
    store.practice.publish(version, ())
    return version


def person(store: Store, name: str) -> str:
    """Return under whose name something is kept: that of the login where a server says who it is."""
    identity = store.identity()
    return name if identity is None else identity.reader
