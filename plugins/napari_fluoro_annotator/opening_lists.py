"""What the lists of opening show: studies to choose from, and files that were not opened."""

from __future__ import annotations

from collections.abc import Container, Sequence

from fluoro_annotator.dicom import FrameStack, SkippedFile
from napari_fluoro_annotator.studies import study_day, study_name, view_title
from napari_fluoro_annotator.view_layers import worth_a_word
from napari_fluoro_annotator.views.opening import SkippedRow, StudyRow, ViewRow


def study_rows(stacks: Sequence[FrameStack], opened: Container[str]) -> list[StudyRow]:
    """Return studies and their views, in the order of the views.

    Parameters
    ----------
    stacks : sequence of FrameStack
        The views, study by study.
    opened : container of str
        SOP Instance UIDs of the images that are open.

    """
    by_study: dict[str, list[FrameStack]] = {}
    for stack in stacks:
        by_study.setdefault(stack.study_uid, []).append(stack)
    return [_study_row(of_study, opened) for of_study in by_study.values()]


def _study_row(stacks: Sequence[FrameStack], opened: Container[str]) -> StudyRow:
    return StudyRow(
        title=study_name(stacks[0]),
        date=study_day(stacks[0]),
        views=[ViewRow(view_title(stack), len(stack)) for stack in stacks],
        opened=all(image.sop_instance_uid in opened for stack in stacks for image in stack.images),
    )


def skipped_rows(skipped: Sequence[SkippedFile]) -> list[SkippedRow]:
    """Return files that were not opened, those first whose absence somebody may wonder about."""
    first = worth_a_word(skipped)
    rest = [file for file in skipped if file not in first]
    return [SkippedRow(str(file.path), _sentence(file.problem), file.remedy) for file in (*first, *rest)]


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:].rstrip('.')}."
