"""What the editor of a teaching set says of references, exercises and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.training import DraftExercise, SetDraft, SetFinding, exercise_label
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.image_views import view_title
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_draft import BAD, FOLLOWS, GOOD, key_of_verdict
from napari_fluoro_annotator.controllers.set_rows import (
    ExerciseForm,
    ExerciseRow,
    FindingRow,
    ReadingRow,
    StudyRow,
)
from napari_fluoro_annotator.set_work import ReferenceStudy

SHORT = 8
"""Digits of a pseudonym that are shown: enough to tell patients apart on a screen."""


def study_rows(studies: Iterable[ReferenceStudy]) -> tuple[StudyRow, ...]:
    """Return studies with their experts, as rows."""
    return tuple(
        StudyRow(
            study.listed.uid,
            (
                _study_name(study),
                study.listed.facts.pseudonym[:SHORT],
                "" if study.listed.facts.region is None else study.listed.facts.region.value,
                ", ".join(study.views),
                "",
                "",
            ),
            tuple(
                ReadingRow(
                    one.reading.reading_id,
                    (
                        one.reading.reader,
                        "",
                        "",
                        "",
                        str(one.marks),
                        one.head.changed_at.astimezone().strftime("%Y-%m-%d %H:%M"),
                    ),
                )
                for one in study.experts
            ),
        )
        for study in studies
    )


def _study_name(study: ReferenceStudy) -> str:
    day = study.listed.facts.study_date
    return texts.SET_STUDY_UNDATED if day is None else day.isoformat()


def exercise_rows(draft: SetDraft | None, studies: Iterable[ReferenceStudy]) -> tuple[ExerciseRow, ...]:
    """Return the exercises of a draft, as rows; each names its study where there are several."""
    if draft is None:
        return ()
    names = {study.listed.uid: _study_name(study) for study in studies}
    several = len({one.question.study_uid for one in draft.exercises}) > 1
    return tuple(
        ExerciseRow(
            one.exercise_id,
            (
                str(number),
                _asked(one),
                _where(one, draft, names.get(one.question.study_uid, "") if several else ""),
                texts.SET_DIFFICULTIES[one.question.difficulty.value],
                str(len(one.key.learning_points) or ""),
            ),
        )
        for number, one in enumerate(draft.exercises, 1)
    )


def _asked(exercise: DraftExercise) -> str:
    """Return what is asked; of a mark that is to be named also its name, by which the author tells exercises apart."""
    if exercise.key.site is None:
        return exercise.question.prompt
    return texts.SET_EXERCISE_AND_ANSWER.format(prompt=exercise.question.prompt, answer=_answer(exercise))


def _where(exercise: DraftExercise, draft: SetDraft, study: str) -> str:
    image = exercise.key.image
    view = view_title(draft.protocol, image.view, image.turned_to) if image.view else texts.SET_VIEW_UNKNOWN
    where = texts.SET_WHERE.format(view=view, number=exercise.question.frame.frame_number)
    return texts.SET_WHERE_STUDY.format(study=study, where=where) if study else where


def exercise_form(draft: SetDraft, exercise_id: str) -> ExerciseForm:
    """Return what can be said of an exercise."""
    exercise = draft.exercise(exercise_id)
    key = exercise.key
    return ExerciseForm(
        heading=exercise.question.prompt,
        answer=texts.SET_ANSWER.format(
            answer=_answer(exercise), experts=", ".join(one.reader for one in key.markings)
        ),
        difficulty=exercise.question.difficulty.value,
        points=tuple((point.text, point.source) for point in key.learning_points),
        verdicts=_verdicts(draft) if exercise.question.shown_needle else (),
        verdict=key_of_verdict(key.verdict),
    )


def _answer(exercise: DraftExercise) -> str:
    if exercise.key.site is not None:
        return load_anatomy().site_label(exercise.key.site)
    if exercise.question.view:
        return texts.SET_ANSWER_VIEW
    if exercise.question.shown_needle:
        return texts.SET_ANSWER_NEEDLE
    return texts.SET_ANSWER_PLACE


def _verdicts(draft: SetDraft) -> tuple[Choice, ...]:
    faults = (
        Choice(fault.code, texts.SET_VERDICT_FAULT.format(meaning=fault.meaning))
        for fault in draft.protocol.faults
    )
    return (
        Choice(FOLLOWS, texts.SET_VERDICT_FOLLOWS),
        Choice(GOOD, texts.SET_VERDICT_GOOD),
        Choice(BAD, texts.SET_VERDICT_BAD),
        *faults,
    )


def finding_rows(found: Iterable[SetFinding], draft: SetDraft) -> tuple[FindingRow, ...]:
    """Return what the check has found, as rows; what is found of several exercises is said once, errors are called so.

    Parameters
    ----------
    found : iterable of SetFinding
        The findings.
    draft : SetDraft
        The draft that was checked.

    """
    numbers = {one.exercise_id: number for number, one in enumerate(draft.exercises, 1)}
    labels = {one.exercise_id: f"({exercise_label(one)}) " for one in draft.exercises}
    same: dict[tuple[bool, str], list[str]] = {}
    for one in found:
        _, _, rest = one.sentence.partition(labels.get(one.exercise_id, "\0"))
        same.setdefault((one.blocks, rest or one.sentence), []).append(one.exercise_id)
    return tuple(_finding(text, blocks, of, numbers) for (blocks, text), of in same.items())


def _finding(text: str, blocks: bool, of: Sequence[str], numbers: Mapping[str, int]) -> FindingRow:
    places = [str(numbers[one]) for one in of if one in numbers]
    said = text
    if len(places) == 1:
        said = texts.SET_OF_ONE.format(number=places[0], text=text)
    elif places:
        said = texts.SET_OF_SEVERAL.format(numbers=", ".join(places[:-1]), last=places[-1], text=text)
    return FindingRow(texts.SET_ERROR_ROW.format(text=said) if blocks else said, blocks, of[0])


def summary_of(found: Sequence[FindingRow]) -> str:
    """Return whether a set can be published."""
    errors = sum(one.error for one in found)
    if errors:
        return texts.plural(errors, texts.SET_ERROR_ONE, texts.SET_ERRORS)
    return texts.plural(len(found), texts.SET_WARNING_ONE, texts.SET_WARNINGS) if found else texts.SET_FINE
