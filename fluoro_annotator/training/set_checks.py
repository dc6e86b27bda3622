"""What is to be said of a draft before it is published: what stands against it, and what its author should know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.protocols import ProtocolLibrary
from fluoro_annotator.store import Store
from fluoro_annotator.training.questions import ExerciseKind
from fluoro_annotator.training.references import ReferenceSource, image_in, reference_sources, snapshot
from fluoro_annotator.training.set_drafts import DraftExercise, SetDraft
from fluoro_annotator.training.trials import Said, SetSeverity, blocks, try_out, warns

PLACING: Final = frozenset({ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME})
"""The kinds of exercise that a place shown by another one would give away."""


@dataclass(frozen=True, slots=True)
class SetFinding:
    """Something that the author of a set is told.

    Attributes
    ----------
    severity : SetSeverity
        Whether it stands against publication.
    sentence : str
        What it is, and what to do.
    exercise_id : str
        The exercise; empty for the set as a whole.

    """

    severity: SetSeverity
    sentence: str
    exercise_id: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stands against publication."""
        return self.severity is SetSeverity.BLOCKS


def check(
    draft: SetDraft,
    store: Store,
    protocols: ProtocolLibrary,
    *,
    at_hand: Collection[str] | None = None,
) -> tuple[SetFinding, ...]:
    """Return what is to be said of a draft: first what stands against it, then the rest, in the order of exercises.

    Parameters
    ----------
    draft : SetDraft
        The draft.
    store : Store
        Where the reference readings are.
    protocols : ProtocolLibrary
        The protocols that are installed.
    at_hand : collection of str, optional
        Studies whose images were found; not looked at if it is not given.

    Raises
    ------
    StoreError
        If the store cannot be read.

    """
    look = _Look(store, draft, at_hand)
    found = [SetFinding(one.severity, one.text) for one in _of_the_whole(draft, protocols)]
    earlier: set[tuple[Any, ...]] = set()
    shown = _shown(draft)
    for number, exercise in enumerate(draft.exercises, 1):
        name = f"Exercise {number} ({exercise_label(exercise)})"
        said = [*look.at(exercise)]
        asks = (exercise.question.study_uid, *exercise.asked.same)
        if asks in earlier:
            said.append(warns("asks what an earlier one asks already. Leave one of them out."))
        earlier.add(asks)
        if _placed(exercise) in shown:
            said.append(
                warns(
                    f"asks to place what exercise {shown[_placed(exercise)]} shows: whoever has seen that one knows the "
                    "place. Put them into different sets, or leave one of them out."
                )
            )
        found += [SetFinding(one.severity, f"{name} {one.text}", exercise.exercise_id) for one in said]
    return tuple(sorted(found, key=lambda one: not one.blocks))


def _shown(draft: SetDraft) -> dict[tuple[Any, ...], int]:
    """Return which marks are shown by a question, and the number of the first exercise that does."""
    found: dict[tuple[Any, ...], int] = {}
    for number, exercise in enumerate(draft.exercises, 1):
        if exercise.question.shown is not None or exercise.question.shown_needle is not None:
            needle = exercise.question.shown_needle is not None
            found.setdefault(_mark_of(exercise, needle=needle), number)
    return found


def _placed(exercise: DraftExercise) -> tuple[Any, ...]:
    """Return which mark an answer is to place; nothing that is shown anywhere, if none is."""
    if exercise.question.kind not in PLACING:
        return ()
    return _mark_of(exercise, needle=exercise.question.needle)


def _mark_of(exercise: DraftExercise, *, needle: bool) -> tuple[Any, ...]:
    asked, uid = exercise.asked, exercise.question.study_uid
    return uid, asked.frame, asked.site and (asked.site.nerve, asked.site.side), needle


def exercise_label(exercise: DraftExercise) -> str:
    """Return an exercise in a few words for its author; the answer of one that asks for a name is among them."""
    words, site = exercise.question.kind.value.replace("_", " "), exercise.asked.site
    if site is None:
        return f"{words}: {exercise.question.view_title}"
    return f"{words}: {load_anatomy().site_label(site)}"


def _of_the_whole(draft: SetDraft, protocols: ProtocolLibrary) -> Iterator[Said]:
    if not draft.title.strip():
        yield blocks("The set has no title. Type one that tells no answer.")
    if not draft.exercises:
        yield blocks("The set has no exercise. Add some from a reference reading.")
    same = [one.protocol for one in protocols.installed if one.protocol.id == draft.protocol.id]
    name = f"{draft.protocol.title} ({draft.protocol.id}, version {draft.protocol.version})"
    if not same:
        yield blocks(f"The protocol {name} is not installed. Choose another one, or install it.")
    elif draft.protocol.content_hash not in {one.content_hash for one in same}:
        yield blocks(f"The protocol {name} was edited since the draft was begun. Choose the protocol again.")
    if draft.exercises and not any(one.key.learning_points for one in draft.exercises):
        yield warns("No exercise has a learning point: what is taught is left to the sentences of the rules.")


class _Look:
    """Looks at exercises beside what a store has of them; each study is read once."""

    def __init__(self, store: Store, draft: SetDraft, at_hand: Collection[str] | None) -> None:
        self._store, self._draft, self._at_hand = store, draft, at_hand
        self._studies = frozenset(store.studies())
        self._known: dict[str, tuple[ReferenceSource, ...]] = {}

    def at(self, exercise: DraftExercise) -> Iterator[Said]:
        """Yield what is to be said of an exercise."""
        uid = exercise.question.study_uid
        if uid not in self._studies:
            yield blocks(
                f"is of the study {uid}, which is not in this store. Open its images once, or leave it out."
            )
            return
        if image_in(self._store.study(uid), exercise.question.frame) is None:
            yield blocks("is of an image or frame that its study does not have. Leave it out.")
            return
        if self._at_hand is not None and uid not in self._at_hand:
            yield warns("is of a study whose images were not found here. Trainees need them.")
        yield from self._references(exercise)
        yield from self._tried(exercise)

    def _sources(self, study_uid: str) -> tuple[ReferenceSource, ...]:
        if study_uid not in self._known:
            self._known[study_uid] = reference_sources(self._store, study_uid)
        return self._known[study_uid]

    def _references(self, exercise: DraftExercise) -> Iterator[Said]:
        present = {one.reading.reading_id: one for one in self._sources(exercise.question.study_uid)}
        for reference in exercise.key.references:
            source, reader = present.pop(reference.reading_id, None), reference.marking.reader
            if source is None:
                yield blocks(
                    f"rests on a reference reading of {reader} that is not in this store, or whose place another one "
                    "has taken. Take the references over anew."
                )
            elif not source.submitted:
                yield blocks(f"rests on a reference reading of {reader} that is not submitted.")
            elif snapshot(source, exercise.asked).marking.fingerprint != reference.marking.fingerprint:
                yield blocks(
                    f"rests on marks of {reader} that were changed since. Take the references over anew."
                )
        for source in present.values():
            if source.submitted:
                yield warns(
                    f"does not use the reference reading of {source.reading.reader}. Take the references over anew, "
                    "if it is to count."
                )

    def _tried(self, exercise: DraftExercise) -> Iterator[Said]:
        present = {one.reading.reading_id: one for one in self._sources(exercise.question.study_uid)}
        whole = tuple(
            present[one.reading_id].marking if one.reading_id in present else one.marking
            for one in exercise.key.references
        )
        try:
            yield from [*try_out(exercise, self._draft.protocol, whole)]
        except FluoroAnnotatorError as error:
            yield blocks(f"cannot be scored: {error}")
