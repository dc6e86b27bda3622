"""What the dock says of views, marks and saving."""

from __future__ import annotations

from collections.abc import Sequence

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import FrameRef, Lstv, LstvSide, Mark, MarkSession, Numbering
from fluoro_annotator.store import SaveState
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import MarkRow
from napari_fluoro_annotator.studies import study_title, view_number, view_title


def stack_of(mark: Mark, stacks: Sequence[FrameStack]) -> FrameStack | None:
    """Return the view that a mark is on, None if it is not open."""
    return _stack_with(mark.frame, stacks)


def where_text(frame: FrameRef, stacks: Sequence[FrameStack]) -> str:
    """Return view and number of a frame in words."""
    stack = _stack_with(frame, stacks)
    if stack is None:
        return texts.VIEW_AND_FRAME.format(view=texts.NOT_OPEN, number=frame.frame_number)
    index = stack.index_of(frame.sop_instance_uid, frame.frame_number) or 0
    return texts.VIEW_AND_FRAME.format(view=view_number(stack), number=index + 1)


def _stack_with(frame: FrameRef, stacks: Sequence[FrameStack]) -> FrameStack | None:
    for stack in stacks:
        if stack.index_of(frame.sop_instance_uid, frame.frame_number) is not None:
            return stack
    return None


def image_label(session: MarkSession, mark: Mark) -> str:
    """Return the text beside a mark on the image; a question mark stands for the doubt, the caption has its words."""
    name = mark.label(session.anatomy)
    return texts.IN_DOUBT.format(label=name) if session.doubt_about(mark) else name


def numbering_value(value: str) -> str:
    """Return a value of the numbering in words."""
    return texts.NUMBERING_VALUES.get(value, value.replace("_", " "))


def numbering_text(numbering: Numbering) -> str:
    """Return what a reader has stated of the numbering, and what it means for the names of levels."""
    said = (numbering.scheme, numbering.counted_from, numbering.confidence)
    scheme, start, confidence = (numbering_value(value.value) for value in said)
    text = texts.NUMBERING_KEPT.format(scheme=scheme, start=start, confidence=confidence)
    if numbering.lstv is not Lstv.NONE:
        text += texts.NUMBERING_AND_LSTV.format(lstv=_lstv_words(numbering))
    if numbering.rib_count is not None:
        text += texts.NUMBERING_AND_RIBS.format(count=numbering.rib_count)
    return text if numbering.certain else texts.NUMBERING_DOUBT.format(text=text)


def _lstv_words(numbering: Numbering) -> str:
    words = numbering_value(numbering.lstv.value)
    if numbering.lstv_side is LstvSide.NOT_APPLICABLE:
        return words
    return f"{words}, {numbering_value(numbering.lstv_side.value)}"


def mark_row(session: MarkSession, mark: Mark, stacks: Sequence[FrameStack]) -> MarkRow:
    """Return the row of a mark in the table."""
    stack = stack_of(mark, stacks)
    view = view_number(stack) if stack is not None else texts.NOT_OPEN
    return MarkRow(mark.mark_id, mark.kind.value, session.label(mark), view, mark.frame.frame_number)


def view_rows(stacks: Sequence[FrameStack], session: MarkSession | None) -> list[str]:
    """Return the list of views; each names its study where there are several."""
    rows = [_view_row(stack, session) for stack in stacks]
    if len({stack.study_uid for stack in stacks}) == 1:
        return rows
    named = zip(stacks, rows, strict=True)
    return [texts.OF_STUDY.format(study=study_title(stack), text=row) for stack, row in named]


def _view_row(stack: FrameStack, session: MarkSession | None) -> str:
    frames = texts.plural(len(stack), texts.ONE_FRAME, texts.FRAMES)
    count = 0
    if session is not None and stack.study_uid == session.study.uid:
        count = session.count_on({image.sop_instance_uid for image in stack.images})
    marks = texts.MARKS_IN_VIEW.format(count=count) if count else ""
    return texts.VIEW_ROW.format(title=view_title(stack), frames=frames, marks=marks)


def submitted_at(session: MarkSession) -> str:
    """Return when a reading was submitted, by the clock of this place; empty if it is not."""
    entry = session.submission
    if entry is None:
        return ""
    return texts.SUBMITTED_AT.format(time=entry.changed_at.astimezone().strftime("%Y-%m-%d %H:%M"))


def save_text(state: SaveState, marks: int) -> str:
    """Return what is said about saving.

    Parameters
    ----------
    state : SaveState
        The state of the recorder.
    marks : int
        Number of marks of the reading.

    """
    return " ".join(filter(None, (_saved_text(state, marks), state.notice)))


def _saved_text(state: SaveState, marks: int) -> str:
    if state.problem and not state.pending:
        return texts.OUT_OF_REACH.format(problem=state.problem, remedy=state.remedy)
    if not state.saved:
        return _not_saved_text(state)
    count = texts.plural(marks, texts.ONE_MARK, texts.MARKS)
    if state.saved_at is None:
        return texts.SAVED_BEFORE.format(count=count) if marks else texts.SAVED_NOTHING
    return texts.SAVED.format(time=state.saved_at.astimezone().strftime("%H:%M:%S"), count=count)


def _not_saved_text(state: SaveState) -> str:
    pending = texts.plural(state.pending, texts.ONE_CHANGE, texts.CHANGES)
    text = texts.NOT_SAVED.format(pending=pending, problem=state.problem, remedy=state.remedy)
    if state.rescue_file is not None:
        text += " " + texts.RESCUED.format(path=state.rescue_file)
    return text
