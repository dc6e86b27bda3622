"""Versions of teaching sets, put into a store and withdrawn; what is published never changes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from fluoro_annotator.errors import StoreConflictError, TeachingSetError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.protocols import ProtocolLibrary
from fluoro_annotator.store import ExerciseKey, PracticeRecords, SetVersion, Store
from fluoro_annotator.training.key_text import key_hash, key_to_text, text_hash
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.plain import written
from fluoro_annotator.training.set_checks import check
from fluoro_annotator.training.set_drafts import SetDraft
from fluoro_annotator.training.sets import TeachingSet, set_to_text
from fluoro_annotator.training.shelf import keys_of, load_sets, protocol_of

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


# ---------------------------------------------------------------------- drafts


def publish(
    draft: SetDraft,
    store: Store,
    author: str,
    protocols: ProtocolLibrary,
    *,
    at: datetime | None = None,
) -> TeachingSet:
    """Publish a draft as the next version of its set.

    Questions of a set that is mixed are put into a random order, so that their order tells nothing.

    Parameters
    ----------
    draft : SetDraft
        The draft.
    store : Store
        Where the reference readings are, and the set is kept.
    author : str
        Who publishes it; a server puts the login in its place.
    protocols : ProtocolLibrary
        The protocols that are installed.
    at : datetime.datetime, optional
        When; now by default.

    Raises
    ------
    TeachingSetError
        If something stands against it (`check`).
    StoreConflictError
        If another version was published since the draft was begun.

    """
    against = [one.sentence for one in check(draft, store, protocols) if one.blocks]
    if against:
        raise TeachingSetError(
            f"teaching set {draft.title or draft.set_id}", "cannot be published", " ".join(against)
        )
    newest = newest_version(store.practice, draft.set_id)
    if newest is not None and newest.version != draft.based_on:
        raise StoreConflictError(
            f"teaching set {draft.set_id}",
            f"has a version {newest.version}, {_how(newest)}, and the draft was begun from version {draft.based_on}",
            "Look at what is there, and begin the draft from it.",
        )
    exercises = list(draft.exercises)
    if draft.mixed:
        secrets.SystemRandom().shuffle(exercises)
    by = person(store, author)
    teaching_set = TeachingSet(
        set_id=draft.set_id,
        version=draft.based_on + 1,
        title=draft.title,
        description=draft.description,
        author=by,
        protocol_id=draft.protocol.id,
        protocol_version=draft.protocol.version,
        protocol_hash=draft.protocol.content_hash,
        questions=tuple(one.question for one in exercises),
        key_hashes={one.exercise_id: key_hash(one.key) for one in exercises},
        mixed=draft.mixed,
        published_at=utc_now() if at is None else at,
    )
    keep_version(store.practice, teaching_set, {one.exercise_id: one.key for one in exercises}, by=by)
    return teaching_set


def draft_from(store: Store, set_id: str, protocols: ProtocolLibrary, *, reader: str) -> SetDraft:
    """Return the draft of the next version of a set that is in a store; a set that was withdrawn can come back so.

    The draft has the protocol that the set was published with, or today's one of the same name if that is gone.

    Raises
    ------
    TeachingSetError
        If there is no such set, it cannot be read, or keys were purged with their studies.
    KeyWithheldError
        If the store does not give the keys to this reader.
    UnknownProtocolError
        If no protocol of that name is installed.

    """
    shelf = load_sets(store.practice)
    versions = [one for one in shelf.sets if one.set_id == set_id]
    newest = max(versions, key=lambda one: one.version) if set_id in shelf.withdrawn and versions else None
    found = newest or shelf.get(set_id)
    try:
        protocol = protocol_of(found, protocols)
    except TeachingSetError:
        protocol = protocols.get(found.protocol_id)
    keys = keys_of(store.practice, found, reader=person(store, reader))
    return replace(SetDraft.of(found, keys, protocol), based_on=shelf.newest[set_id].version)
