"""A teaching set while an attending puts it together: exercises on offer, and the draft that takes them."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fluoro_annotator.anatomy import Site
from fluoro_annotator.errors import TeachingSetError
from fluoro_annotator.geometry import Ruler
from fluoro_annotator.marks import Adequacy, FrameRef, Needle, StudyRecord, Target, ViewJudgement
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.store import Store
from fluoro_annotator.training.exercises import NeedleVerdict
from fluoro_annotator.training.keys import Key, LearningPoint, Outline
from fluoro_annotator.training.material import ImageFacts
from fluoro_annotator.training.questions import Difficulty, ExerciseKind, Question, new_exercise_id
from fluoro_annotator.training.references import (
    Asked,
    ReferenceSource,
    image_facts,
    image_in,
    reference_sources,
    snapshot,
)
from fluoro_annotator.training.sets import TeachingSet, checked_description, checked_set_id

NAMED_PARTS: Final = ("nerve", "vertebra", "side")
"""What is asked of a mark that is to be named, unless the author says otherwise."""

LONGEST_SLUG: Final = 50


@dataclass(frozen=True, slots=True)
class DraftExercise:
    """A question with its key."""

    question: Question
    key: Key

    @property
    def exercise_id(self) -> str:
        """Identifier of the exercise."""
        return self.question.exercise_id

    @property
    def asked(self) -> Asked:
        """What it asks for, with the name of a mark that is to be named: for the author's eyes."""
        question = self.question
        site = self.key.site if question.kind is ExerciseKind.NAME_MARKED else question.site
        return Asked(
            kind=question.kind, frame=question.frame, site=site, needle=question.needle, view=question.view
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDraft:
    """What is to become a version of a teaching set; every change is a new draft.

    Parameters
    ----------
    set_id : str
        Identifier of the set.
    protocol : Protocol
        The protocol that answers will be scored by.
    title, description : str
        For the screen; a title may be lacking until the set is published.
    mixed : bool
        Whether each trainee gets an order of his own.
    based_on : int
        Version that it goes on from, 0 for none.
    exercises : tuple of DraftExercise
        Each exercise once.

    """

    set_id: str
    protocol: Protocol
    title: str = ""
    description: str = ""
    mixed: bool = True
    based_on: int = 0
    exercises: tuple[DraftExercise, ...] = ()

    def __post_init__(self) -> None:
        checked_set_id(self.set_id)
        checked_description(self.description)
        object.__setattr__(self, "exercises", tuple(self.exercises))
        identifiers = [one.exercise_id for one in self.exercises]
        if len(set(identifiers)) < len(identifiers):
            raise TeachingSetError(
                f"draft of {self.set_id}", "has an exercise twice", "Leave one of them out."
            )

    @classmethod
    def of(cls, teaching_set: TeachingSet, keys: Mapping[str, Key], protocol: Protocol) -> SetDraft:
        """Return the draft from which the next version of a set is made.

        Raises
        ------
        TeachingSetError
            If a key is missing: it was purged with its study.

        """
        lacking = [one for one in teaching_set.questions if one.exercise_id not in keys]
        if lacking:
            raise TeachingSetError(
                f"teaching set {teaching_set.set_id}",
                f"lacks the keys of {len(lacking)} exercises, whose studies were purged",
                "Begin a new set from studies that are there.",
            )
        return cls(
            set_id=teaching_set.set_id,
            protocol=protocol,
            title=teaching_set.title,
            description=teaching_set.description,
            mixed=teaching_set.mixed,
            based_on=teaching_set.version,
            exercises=tuple(DraftExercise(one, keys[one.exercise_id]) for one in teaching_set.questions),
        )

    def exercise(self, exercise_id: str) -> DraftExercise:
        """Return an exercise.

        Raises
        ------
        TeachingSetError
            If the draft has no such exercise.

        """
        return self.exercises[self._index(exercise_id)]

    def added(self, exercises: Iterable[DraftExercise]) -> SetDraft:
        """Return the draft with more exercises at its end; those that ask what it asks already are left out."""
        known = {(one.question.study_uid, *one.asked.same) for one in self.exercises}
        new = [one for one in exercises if (one.question.study_uid, *one.asked.same) not in known]
        return replace(self, exercises=(*self.exercises, *new))

    def removed(self, exercise_id: str) -> SetDraft:
        """Return the draft without an exercise."""
        gone = self._index(exercise_id)
        return replace(self, exercises=self.exercises[:gone] + self.exercises[gone + 1 :])

    def moved(self, exercise_id: str, index: int) -> SetDraft:
        """Return the draft with an exercise at another place, counted from 0; the order counts if it is not mixed."""
        one = self.exercise(exercise_id)
        others = [other for other in self.exercises if other.exercise_id != exercise_id]
        others.insert(max(0, index), one)
        return replace(self, exercises=tuple(others))

    def changed(
        self,
        exercise_id: str,
        *,
        difficulty: Difficulty | None = None,
        parts: tuple[str, ...] | None = None,
        learning_points: Iterable[LearningPoint] | None = None,
        outlines: Iterable[Outline] | None = None,
    ) -> SetDraft:
        """Return the draft with other properties of an exercise; what is not given stays."""
        asks = {"difficulty": difficulty, "parts": parts}
        holds = {
            "learning_points": None if learning_points is None else tuple(learning_points),
            "outlines": None if outlines is None else tuple(outlines),
        }
        old = self.exercise(exercise_id)
        new = DraftExercise(replace(old.question, **_given(asks)), replace(old.key, **_given(holds)))
        return self._with(new)

    def judged(self, exercise_id: str, verdict: NeedleVerdict | None) -> SetDraft:
        """Return the draft with what the experts say of a needle; None to have it follow from their targets.

        Raises
        ------
        TeachingSetError
            If no needle is judged there.

        """
        old = self.exercise(exercise_id)
        if old.question.kind is not ExerciseKind.JUDGE_NEEDLE:
            raise TeachingSetError(f"exercise {exercise_id}", "is not about judging a needle")
        return self._with(DraftExercise(old.question, replace(old.key, verdict=verdict)))

    def _with(self, new: DraftExercise) -> SetDraft:
        kept = tuple(new if one.exercise_id == new.exercise_id else one for one in self.exercises)
        return replace(self, exercises=kept)

    def _index(self, exercise_id: str) -> int:
        for index, one in enumerate(self.exercises):
            if one.exercise_id == exercise_id:
                return index
        raise TeachingSetError(f"exercise {exercise_id}", f"is not part of the draft of {self.set_id}")


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def new_set_id(title: str) -> str:
    """Return an identifier for a new set: words of its title, and six random digits that no other set has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-")
    return f"{slug or 'set'}-{secrets.token_hex(3)}"


# ---------------------------------------------------------------------- exercises on offer


def offered_exercises(
    store: Store,
    study_uid: str,
    protocol: Protocol,
    *,
    images: Mapping[str, ImageFacts] | None = None,
    readers: Iterable[str] | None = None,
) -> tuple[DraftExercise, ...]:
    """Return the exercises that can be made from the submitted reference readings of a study.

    Parameters
    ----------
    store : Store
        Where the readings are.
    study_uid : str
        The study.
    protocol : Protocol
        The protocol of the set; marks of nerves and views that it does not have are passed by.
    images : mapping of str to ImageFacts, optional
        What the files say of images, by SOP Instance UID.
    readers : iterable of str, optional
        The experts who are to count; everybody by default.

    Returns
    -------
    tuple of DraftExercise
        Image by image. Each is scored by all experts who count; what several of them have marked is asked once, at
        the place where the first of them has it. Nothing is offered of a reading that is not submitted.

    Raises
    ------
    UnknownStudyError
        If the store does not hold the study.

    """
    wanted = None if readers is None else set(readers)
    sources = [
        source
        for source in reference_sources(store, study_uid)
        if source.submitted and (wanted is None or source.reading.reader in wanted)
    ]
    made = _Offers(store.study(study_uid), protocol, sources, images or {})
    return tuple(made.all())


class _Offers:
    """The exercises of one study."""

    def __init__(
        self,
        study: StudyRecord,
        protocol: Protocol,
        sources: list[ReferenceSource],
        images: Mapping[str, ImageFacts],
    ) -> None:
        self._study, self._protocol, self._sources, self._images = study, protocol, sources, images

    def all(self) -> Iterator[DraftExercise]:
        """Yield every exercise, image by image and frame by frame."""
        frames = {mark.frame for source in self._sources for mark in source.marking.marks}
        order = {image.sop_instance_uid: number for number, image in enumerate(self._study.images)}
        known = [frame for frame in frames if image_in(self._study, frame) is not None]
        for frame in sorted(known, key=lambda one: (order[one.sop_instance_uid], one.frame_number)):
            yield from self._on(frame)

    def _on(self, frame: FrameRef) -> Iterator[DraftExercise]:
        for target in self._first(frame, Target):
            for kind in (ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME):
                yield self._made(Asked(kind=kind, frame=frame, site=target.site), site=target.site)
            asked = Asked(kind=ExerciseKind.NAME_MARKED, frame=frame, site=target.site)
            yield self._made(asked, shown=target.position, parts=NAMED_PARTS)
        for needle in self._first(frame, Needle):
            for kind in (ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME):
                asked = Asked(kind=kind, frame=frame, site=needle.site, needle=True)
                yield self._made(asked, site=needle.site, needle=True)
            yield self._needle(frame, needle)
        yield from self._views(frame)

    def _first(self, frame: FrameRef, kind: type[Any]) -> Iterator[Any]:
        """Yield the marks of a kind as the first expert has them who has one of that nerve and side."""
        seen: set[tuple[str, str]] = set()
        for source in self._sources:
            for mark in source.marking.on(frame, kind):
                name = (mark.site.nerve, mark.site.side.value)
                if name not in seen and self._protocol.group_of(mark.site.nerve) is not None:
                    seen.add(name)
                    yield mark

    def _needle(self, frame: FrameRef, needle: Needle) -> DraftExercise:
        asked = Asked(kind=ExerciseKind.JUDGE_NEEDLE, frame=frame, site=needle.site)
        return self._made(
            asked, site=needle.site, shown_needle=needle.path, active_tip_mm=needle.active_tip_mm
        )

    def _views(self, frame: FrameRef) -> Iterator[DraftExercise]:
        titles = {view.id: view.title for view in self._protocol.views}
        said = [one for source in self._sources for one in source.marking.on(frame, ViewJudgement)]
        known = (one.view for one in said if one.adequate is not Adequacy.UNSURE and one.view in titles)
        for view in dict.fromkeys(known):
            asked = Asked(kind=ExerciseKind.JUDGE_VIEW, frame=frame, view=view)
            yield self._made(asked, view=view, view_title=titles[view])

    def _made(self, asked: Asked, **shown: Any) -> DraftExercise:
        question = Question(
            exercise_id=new_exercise_id(),
            kind=asked.kind,
            study_uid=self._study.uid,
            frame=asked.frame,
            **shown,
        )
        return DraftExercise(question, self._key(question.exercise_id, asked))

    def _key(self, exercise_id: str, asked: Asked) -> Key:
        image = self._study.image(asked.frame.sop_instance_uid)
        base = self._images.get(image.sop_instance_uid)
        site: Site | None = asked.site if asked.kind is ExerciseKind.NAME_MARKED else None
        return Key(
            exercise_id=exercise_id,
            references=tuple(snapshot(source, asked) for source in self._sources),
            image=image_facts(image, self._sources, base),
            site=site,
        )


def taken_anew(draft: SetDraft, store: Store, *, images: Mapping[str, ImageFacts] | None = None) -> SetDraft:
    """Return the draft with all references as they are in the store now, and with its own protocol.

    Identifiers, difficulty, learning points, outlines and verdicts stay. An exercise whose mark no reference has any
    more stays as it is; the checks name it.

    Raises
    ------
    StoreError
        If the store cannot be read.

    """
    fresh: dict[tuple[Any, ...], DraftExercise] = {}
    for uid in dict.fromkeys(one.question.study_uid for one in draft.exercises):
        if uid in store.studies():
            stated = _as_stated(draft, store.study(uid)) | dict(images or {})
            for one in offered_exercises(store, uid, draft.protocol, images=stated):
                fresh.setdefault((uid, *one.asked.same), one)
    kept = tuple(
        _renewed(one, fresh.get((one.question.study_uid, *one.asked.same))) for one in draft.exercises
    )
    return replace(draft, exercises=kept)


def _as_stated(draft: SetDraft, study: StudyRecord) -> dict[str, ImageFacts]:
    """Return what the keys of a draft know of images from their files, without view and scale of the experts."""
    found: dict[str, ImageFacts] = {}
    for one in draft.exercises:
        uid, facts = one.question.frame.sop_instance_uid, one.key.image
        if one.question.study_uid == study.uid and uid in study:
            ruler = Ruler(study.image(uid).calibration, facts.ruler.aspect, facts.ruler.placement_px)
            found[uid] = ImageFacts(ruler=ruler, orientation=facts.orientation)
    return found


def _renewed(old: DraftExercise, new: DraftExercise | None) -> DraftExercise:
    if new is None:
        return old
    asked = old.question
    question = replace(
        new.question, exercise_id=asked.exercise_id, difficulty=asked.difficulty, parts=asked.parts
    )
    return DraftExercise(question, replace(old.key, references=new.key.references, image=new.key.image))
