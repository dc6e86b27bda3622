"""What has become of the reference readings of a set since it was published; the set itself never changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fluoro_annotator.errors import UnknownReadingError
from fluoro_annotator.store import Store
from fluoro_annotator.training.keys import ReferenceReading
from fluoro_annotator.training.publishing import person
from fluoro_annotator.training.references import ReferenceSource, snapshot, source_of
from fluoro_annotator.training.set_drafts import DraftExercise
from fluoro_annotator.training.sets import TeachingSet
from fluoro_annotator.training.shelf import keys_of


class ReferenceFate(StrEnum):
    """What has become of a reference reading."""

    GONE = "gone"
    REOPENED = "reopened"
    EDITED = "edited"


SENTENCES: Final[Mapping[ReferenceFate, str]] = {
    ReferenceFate.GONE: "The reference reading of {reader} is not in this store: it was purged, or the set comes from elsewhere.",
    ReferenceFate.REOPENED: "The reference reading of {reader} was reopened and is not submitted.",
    ReferenceFate.EDITED: "The reference reading of {reader} was edited.",
}

UNTOUCHED: Final = "What its exercises are scored by is the same."
TOUCHED: Final = (
    "{count} of its exercises would be scored by other marks now. Answers are scored by the marks of the publication; "
    "to use the new ones, publish a new version."
)


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A reference reading that is not what it was when a set was published.

    Attributes
    ----------
    reading_id, reader : str
        The reading, and whose it is.
    fate : ReferenceFate
        What has become of it.
    exercise_ids : tuple of str
        Exercises that would be scored by other marks now.

    """

    reading_id: str
    reader: str
    fate: ReferenceFate
    exercise_ids: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is said of it to an attending."""
        text = SENTENCES[self.fate].format(reader=self.reader)
        if self.fate is ReferenceFate.GONE:
            return text
        return f"{text} {TOUCHED.format(count=len(self.exercise_ids)) if self.exercise_ids else UNTOUCHED}"


def reference_changes(teaching_set: TeachingSet, store: Store, *, reader: str) -> tuple[ReferenceChange, ...]:
    """Return which reference readings are not what they were when a set was published.

    Parameters
    ----------
    teaching_set : TeachingSet
        The set.
    store : Store
        Where it was published.
    reader : str
        Who asks: its author or, on a server, an attending.

    Raises
    ------
    KeyWithheldError
        If the store does not give the keys to this reader.

    """
    keys = keys_of(store.practice, teaching_set, reader=person(store, reader))
    exercises = [
        DraftExercise(one, keys[one.exercise_id]) for one in teaching_set.questions if one.exercise_id in keys
    ]
    used = {ref.reading_id: ref for exercise in exercises for ref in exercise.key.references}
    return tuple(found for ref in used.values() for found in _change(ref, exercises, store))


def _change(ref: ReferenceReading, exercises: list[DraftExercise], store: Store) -> Iterator[ReferenceChange]:
    reader = ref.marking.reader
    try:
        source = source_of(store, store.reading(ref.reading_id))
    except UnknownReadingError:
        yield ReferenceChange(ref.reading_id, reader, ReferenceFate.GONE, ())
        return
    touched = tuple(one.exercise_id for one in exercises if _is_touched(one, source))
    if not source.submitted:
        yield ReferenceChange(ref.reading_id, reader, ReferenceFate.REOPENED, touched)
    elif touched or source.marking.fingerprint != ref.reading_fingerprint:
        yield ReferenceChange(ref.reading_id, reader, ReferenceFate.EDITED, touched)


def _is_touched(exercise: DraftExercise, source: ReferenceSource) -> bool:
    now = snapshot(source, exercise.asked).marking.fingerprint
    return any(
        ref.reading_id == source.reading.reading_id and ref.marking.fingerprint != now
        for ref in exercise.key.references
    )
