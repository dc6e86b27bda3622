"""The views that a plan requires, and which images of the study are known to be them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import MarkKind, MarkSession, ViewAssignment
from fluoro_annotator.protocols import Plan
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.image_views import ShownView, view_key, view_title
from napari_fluoro_annotator.controllers.plan_protocols import SlotRow
from napari_fluoro_annotator.studies import view_title as series_title

PREFIX = "view "
"""Begins the identifier of a row that stands for a view; no slot begins so."""
MOST_NAMED = 2
"""How many images of one view are named."""

Place = tuple[FrameStack, int]
Shown = Callable[[str], ShownView | None]


@dataclass(frozen=True, slots=True)
class RequiredView:
    """A view that a plan requires.

    Attributes
    ----------
    key : str
        Stands for view and side.
    title : str
        Its name on the screen.
    setup : str
        How to get it.
    images : tuple of str
        What is known to be this view; empty if it is missing.
    place : (FrameStack, int) or None
        Where the first of them can be shown; None if none is open.

    """

    key: str
    title: str
    setup: str
    images: tuple[str, ...]
    place: Place | None

    @property
    def missing(self) -> bool:
        """Whether the reading is not complete without it."""
        return not self.images

    @property
    def row(self) -> SlotRow:
        """How it stands in the list."""
        images = self.images[:MOST_NAMED]
        more = len(self.images) - len(images)
        named = texts.PLAN_LIST.join(images) + (texts.PLAN_MORE_IMAGES.format(count=more) if more else "")
        symbol = texts.PLAN_SYMBOLS["empty" if self.missing else "marked"]
        text = texts.PLAN_VIEW_ROW.format(
            symbol=symbol, view=self.title, image=named or texts.PLAN_VIEW_MISSING
        )
        tip = texts.PLAN_VIEW_TIP if self.images else texts.PLAN_VIEW_MISSING_TIP
        return SlotRow(
            PREFIX + self.key,
            texts.PLAN_VIEWS,
            text,
            f"{text}. {tip} {self.setup}".strip(),
            not self.missing,
        )


def required_views(
    plan: Plan,
    session: MarkSession,
    stacks: Iterable[FrameStack],
    shown: Shown,
) -> tuple[RequiredView, ...]:
    """Return the views that a plan requires, one turned to a side once for each side of the plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    session : MarkSession
        The reading.
    stacks : iterable of FrameStack
        The views that are open.
    shown : callable
        Returns which view an image shows for its SOP Instance UID.

    """
    here = [stack for stack in stacks if stack.study_uid == session.study.uid]
    known = [*_open_images(here, shown), *_images_elsewhere(session, here)]
    found = []
    for view in plan.required_views:
        for side in plan.sides if view.sided else (None,):
            serving = [(title, place) for title, what, place in known if _serves(what, view.id, side)]
            found.append(
                RequiredView(
                    view_key(view.id, side),
                    view_title(plan.protocol, view.id, side),
                    view.setup,
                    tuple(dict.fromkeys(title for title, _ in serving)),
                    next((place for _, place in serving if place is not None), None),
                )
            )
    return tuple(found)


def missing_text(views: Iterable[RequiredView]) -> str:
    """Return which required views are missing, as a sentence; empty if none is."""
    missing = [view.title for view in views if view.missing]
    if not missing:
        return ""
    sentence = texts.PLAN_ONE_VIEW_MISSING if len(missing) == 1 else texts.PLAN_VIEWS_MISSING
    return sentence.format(views=texts.PLAN_LIST.join(missing))


def _serves(shown: ShownView, view: str, side: Side | None) -> bool:
    return shown.view == view and (None in (shown.side, side) or shown.side is side)


def _open_images(stacks: Sequence[FrameStack], shown: Shown) -> Iterator[tuple[str, ShownView, Place | None]]:
    for stack in stacks:
        for image in stack.images:
            what = shown(image.sop_instance_uid)
            if what is not None:
                index = stack.index_of(image.sop_instance_uid, 1)
                yield series_title(stack), what, None if index is None else (stack, index)


def _images_elsewhere(
    session: MarkSession, stacks: Sequence[FrameStack]
) -> Iterator[tuple[str, ShownView, Place | None]]:
    """Yield what was said of images that are not open now."""
    opened = {image.sop_instance_uid for stack in stacks for image in stack.images}
    for record in session.records_of(MarkKind.VIEW_ASSIGNMENT):
        if isinstance(record, ViewAssignment) and record.sop_instance_uid not in opened:
            yield texts.PLAN_IMAGE_NOT_OPEN, ShownView(record.view, record.side), None
