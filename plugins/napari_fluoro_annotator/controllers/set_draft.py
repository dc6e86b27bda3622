"""A teaching set while it is edited: its draft, and what is ticked to go into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import (
    Difficulty,
    DraftExercise,
    LearningPoint,
    NeedleVerdict,
    SetDraft,
    new_set_id,
)
from fluoro_annotator.training.sets import SET_ID, checked_description, checked_set_id
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.set_rows import AboutForm
from napari_fluoro_annotator.set_work import ReferenceStudy

NOT_NAMED = "not-named-yet"
"""The identifier of a draft until its set is published."""
FOLLOWS, GOOD, BAD = "", "good", "bad"
"""What can be said of a needle, besides one of the faults of the protocol."""


@dataclass(slots=True)
class EditedSet:
    """What is edited.

    Attributes
    ----------
    form : AboutForm
        What it is called and rests on, as it was typed.
    draft : SetDraft or None
        The exercises; None until a protocol is chosen.
    changed : bool
        Whether something was changed that is not published.
    ticked : tuple of str
        Identifiers of the references that are ticked.
    kinds : tuple of str
        The kinds of exercise that are wanted.

    """

    form: AboutForm = field(
        default_factory=lambda: AboutForm(
            title="", set_id="", description="", protocol="", mixed=True, new=True
        )
    )
    draft: SetDraft | None = None
    changed: bool = False
    ticked: tuple[str, ...] = ()
    kinds: tuple[str, ...] = tuple(texts.SET_KIND_NAMES)

    @classmethod
    def of(cls, draft: SetDraft) -> EditedSet:
        """Return what the next version of a set, or a draft that was left behind, begins with."""
        form = AboutForm(
            title=draft.title,
            set_id="" if draft.set_id == NOT_NAMED else draft.set_id,
            description=draft.description,
            protocol=draft.protocol.id,
            mixed=draft.mixed,
            new=not draft.based_on,
        )
        return cls(form, draft)

    @property
    def heading(self) -> str:
        """Which set and version it is."""
        if self.form.new or self.draft is None:
            return texts.SET_EDITOR_NEW
        return texts.SET_EDITOR_NEXT.format(title=self.form.title, version=self.draft.based_on + 1)

    @property
    def exercises(self) -> tuple[DraftExercise, ...]:
        """The exercises in their order."""
        return () if self.draft is None else self.draft.exercises

    def describe(self, form: AboutForm, protocol: Protocol | None) -> None:
        """Take in what it is called and rests on.

        Raises
        ------
        TrainingError
            If the description cannot be kept.

        """
        self.changed = True
        self.form = form
        description = checked_description(" ".join(form.description.split()))
        if protocol is None:
            return
        before = self.draft or SetDraft(set_id=NOT_NAMED, protocol=protocol)
        typed = form.set_id.strip()
        self.draft = replace(
            before,
            set_id=(typed if SET_ID.fullmatch(typed) else NOT_NAMED) if form.new else before.set_id,
            protocol=protocol,
            title=form.title.strip(),
            description=description,
            mixed=form.mixed,
        )

    def change(self, draft: SetDraft) -> None:
        """Go on with another draft."""
        self.draft, self.changed = draft, True

    def chosen_readers(self, studies: Iterable[ReferenceStudy]) -> dict[str, list[str]]:
        """Return the experts that are ticked, by study."""
        found = {
            study.listed.uid: [
                one.reading.reader for one in study.experts if one.reading.reading_id in self.ticked
            ]
            for study in studies
        }
        return {uid: readers for uid, readers in found.items() if readers}

    def reorder(self, order: Sequence[str]) -> None:
        """Put the exercises into another order."""
        if self.draft is not None and set(order) == {one.exercise_id for one in self.draft.exercises}:
            self.change(replace(self.draft, exercises=tuple(map(self.draft.exercise, order))))

    def set_difficulty(self, exercise_id: str, difficulty: str) -> None:
        """Say how hard an exercise is."""
        if self.draft is not None:
            self.change(self.draft.changed(exercise_id, difficulty=Difficulty(difficulty)))

    def set_verdict(self, exercise_id: str, verdict: str) -> None:
        """Say what is right to say of a needle."""
        if self.draft is not None:
            self.change(self.draft.judged(exercise_id, verdict_of(verdict)))

    def set_points(self, exercise_id: str, points: Iterable[tuple[str, str]]) -> None:
        """Say what is to be learned; raises an error if it cannot be kept."""
        if self.draft is not None:
            kept = [LearningPoint(text, source) for text, source in points]
            self.change(self.draft.changed(exercise_id, learning_points=kept))

    def to_publish(self) -> SetDraft | None:
        """Return the draft with its identifier, None if there is none; raises TrainingError if it cannot be used."""
        if self.draft is None:
            return None
        if not self.form.new:
            return self.draft
        typed = self.form.set_id.strip()
        set_id = checked_set_id(typed) if typed else new_set_id(self.draft.title)
        return replace(self.draft, set_id=set_id)


def verdict_of(key: str) -> NeedleVerdict | None:
    """Return what a choice says of a needle; None if it follows from the references."""
    if key == FOLLOWS:
        return None
    if key == GOOD:
        return NeedleVerdict(acceptable=True)
    return NeedleVerdict(acceptable=False, faults=() if key == BAD else (key,))


def key_of_verdict(verdict: NeedleVerdict | None) -> str:
    """Return the choice that says this of a needle; the inverse of `verdict_of`."""
    if verdict is None:
        return FOLLOWS
    if verdict.acceptable:
        return GOOD
    return verdict.faults[0] if verdict.faults else BAD
