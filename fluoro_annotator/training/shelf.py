"""The teaching sets that a store holds: what can be practised, with which protocol, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import TeachingSetError, TrainingError
from fluoro_annotator.protocols import Protocol, ProtocolLibrary
from fluoro_annotator.store import ExerciseKey, PracticeRecords, SetVersion
from fluoro_annotator.training.key_text import key_from_text, text_hash
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.sets import TeachingSet, set_from_text

SAME: Final = ("set_id", "version", "title", "published_at")
"""What the store says of a version, and its text as well. The author may differ: whoever installs a set answers for it."""

NAMED_STUDIES: Final = 3
"""How many missing studies are named; engineering default."""


@dataclass(frozen=True, slots=True)
class RefusedVersion:
    """A version in a store that cannot be used, and why."""

    kept: SetVersion
    error: TrainingError


@dataclass(frozen=True, slots=True)
class SetShelf:
    """The teaching sets of a store.

    Attributes
    ----------
    sets : tuple of TeachingSet
        Every version that can be read, in the order in which they were kept.
    kept : tuple of SetVersion
        Every version as the store has it, withdrawals included.
    refused : tuple of RefusedVersion
        Versions that cannot be read: of a newer program, or damaged.

    """

    sets: tuple[TeachingSet, ...]
    kept: tuple[SetVersion, ...]
    refused: tuple[RefusedVersion, ...] = ()

    @property
    def current(self) -> tuple[TeachingSet, ...]:
        """The sets that can be practised: the newest version of each, if it can be read and withdraws nothing."""
        newest = self.newest
        return tuple(one for one in self.sets if newest[one.set_id].version == one.version)

    @property
    def newest(self) -> dict[str, SetVersion]:
        """The newest version of each set as the store has it, by identifier."""
        found: dict[str, SetVersion] = {}
        for version in self.kept:
            if version.set_id not in found or version.version > found[version.set_id].version:
                found[version.set_id] = version
        return found

    @property
    def withdrawn(self) -> frozenset[str]:
        """Identifiers of the sets that were withdrawn."""
        return frozenset(set_id for set_id, version in self.newest.items() if version.withdrawn)

    def get(self, set_id: str, version: int | None = None) -> TeachingSet:
        """Return a set, in the version that can be practised unless another one is named.

        Raises
        ------
        TeachingSetError
            If there is none, it was withdrawn, or it cannot be read.

        """
        among = self.current if version is None else self.sets
        for one in among:
            if one.set_id == set_id and version in {None, one.version}:
                return one
        raise self._lacking(set_id, version)

    def _lacking(self, set_id: str, version: int | None) -> TrainingError:
        wanted = version if version is not None or set_id not in self.newest else self.newest[set_id].version
        for refused in self.refused:
            if (refused.kept.set_id, refused.kept.version) == (set_id, wanted):
                return refused.error
        if version is None and set_id in self.withdrawn:
            return TeachingSetError(
                f"teaching set {set_id}", "was withdrawn", "Choose another one, or ask its author."
            )
        which = f"version {version} of the teaching set {set_id}" if version else f"teaching set {set_id}"
        return TeachingSetError(
            which, "is not in the store", "Choose one that `practice sets list` names, or install it."
        )


def load_sets(practice: PracticeRecords) -> SetShelf:
    """Return the teaching sets of a store; what cannot be read is named and hides nothing else."""
    kept = practice.set_versions()
    sets: list[TeachingSet] = []
    refused: list[RefusedVersion] = []
    for version in kept:
        if version.withdrawn:
            continue
        try:
            sets.append(_read(version))
        except TrainingError as error:
            refused.append(RefusedVersion(version, error))
    return SetShelf(tuple(sets), kept, tuple(refused))


def _read(version: SetVersion) -> TeachingSet:
    subject = f"version {version.version} of the teaching set {version.set_id}"
    found = set_from_text(version.content, subject)
    if any(getattr(found, name) != getattr(version, name) for name in SAME):
        raise TeachingSetError(
            subject, "is not what the store says it is", "Check the store; then publish the set again."
        )
    return found


# ---------------------------------------------------------------------- keys


def key_of(practice: PracticeRecords, teaching_set: TeachingSet, exercise_id: str, *, reader: str) -> Key:
    """Return the key of an exercise, once the store gives it.

    Raises
    ------
    KeyWithheldError
        If the reader has not answered yet.
    UnknownExerciseError
        If there is no such exercise, or its key was purged with the study.
    TrainingError
        If it is not the key that the set was published with, or cannot be read.

    """
    kept = practice.key(teaching_set.set_id, teaching_set.version, exercise_id, reader=reader)
    return opened_key(kept, teaching_set)


def keys_of(practice: PracticeRecords, teaching_set: TeachingSet, *, reader: str) -> dict[str, Key]:
    """Return all keys of a set to its author or, on a server, an attending; those that were purged are left out.

    Errors are those of `key_of`.
    """
    kept = practice.keys(teaching_set.set_id, teaching_set.version, reader=reader)
    return {one.exercise_id: opened_key(one, teaching_set) for one in kept}


def opened_key(kept: ExerciseKey, teaching_set: TeachingSet) -> Key:
    """Return a key if it is the one that the set was published with.

    Raises
    ------
    TrainingError
        If it is not, or cannot be read.

    """
    if teaching_set.key_hashes.get(kept.exercise_id) != text_hash(kept.content):
        raise TeachingSetError(
            f"key of exercise {kept.exercise_id}",
            "is not the one that the teaching set was published with",
            "Nothing is scored by it. Tell the author, who can publish the set again.",
        )
    return key_from_text(kept.content, f"key of exercise {kept.exercise_id}")


# ---------------------------------------------------------------------- before practice begins


def protocol_of(teaching_set: TeachingSet, protocols: ProtocolLibrary) -> Protocol:
    """Return the protocol that a set was published with, whatever is used for new plans today.

    Raises
    ------
    TeachingSetError
        If it was edited since, or is not installed.

    """
    same_name = [one.protocol for one in protocols.installed if one.protocol.id == teaching_set.protocol_id]
    for protocol in same_name:
        if protocol.content_hash == teaching_set.protocol_hash:
            return protocol
    subject = f"protocol {teaching_set.protocol_id}, version {teaching_set.protocol_version}"
    if same_name:
        raise TeachingSetError(
            subject,
            "is not installed as it was when the teaching set was published",
            "Ask the author to publish the set again with today's protocol.",
        )
    raise TeachingSetError(subject, "is not installed", "Put its file into the folder of protocols.")


def problems_of(
    teaching_set: TeachingSet,
    *,
    protocols: ProtocolLibrary,
    studies: Collection[str],
    shelf: SetShelf | None = None,
) -> tuple[str, ...]:
    """Return what stands against practising a set, as sentences for the screen; nothing if nothing does.

    Parameters
    ----------
    teaching_set : TeachingSet
        The set.
    protocols : ProtocolLibrary
        The protocols that are installed.
    studies : collection of str
        Study Instance UIDs of the studies whose files are at hand. Exercises on others cannot be shown.
    shelf : SetShelf, optional
        The sets of the store, to tell whether this one was withdrawn or has a newer version.

    """
    return tuple(_problems(teaching_set, protocols, studies, shelf))


def _problems(
    teaching_set: TeachingSet, protocols: ProtocolLibrary, studies: Collection[str], shelf: SetShelf | None
) -> Iterator[str]:
    if shelf is not None:
        yield from _newer(teaching_set, shelf)
    try:
        protocol_of(teaching_set, protocols)
    except TeachingSetError as error:
        yield str(error)
    missing = [uid for uid in teaching_set.studies if uid not in studies]
    if missing:
        yield _missing(teaching_set, missing)


def _newer(teaching_set: TeachingSet, shelf: SetShelf) -> Iterator[str]:
    newest = shelf.newest.get(teaching_set.set_id)
    if newest is None or newest.version <= teaching_set.version:
        return
    if newest.withdrawn:
        yield f"The set was withdrawn on {newest.published_at:%Y-%m-%d} by {newest.author}."
    else:
        yield f"This is version {teaching_set.version}; version {newest.version} has taken its place."


def _missing(teaching_set: TeachingSet, missing: Iterable[str]) -> str:
    gone = set(missing)
    count = sum(question.study_uid in gone for question in teaching_set.questions)
    studies = "The images of 1 study" if len(gone) == 1 else f"The images of {len(gone)} studies"
    listed = sorted(gone)
    named = ", ".join(listed[:NAMED_STUDIES])
    if len(listed) > NAMED_STUDIES:
        named = f"{named} and {len(listed) - NAMED_STUDIES} more"
    return (
        f"{studies} were not found ({named}): {count} of {len(teaching_set.questions)} exercises "
        "cannot be shown. Open the folder that holds the images."
    )
