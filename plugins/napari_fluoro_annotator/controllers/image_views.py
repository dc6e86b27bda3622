"""Which view of a protocol an image shows: by the reader's word, or by a header that leaves no doubt.

Pixels and angles decide nothing here. Angles only say which entries of the list are worth a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import FrameStack, Image
from fluoro_annotator.dicom.orientation import KNOWN_VIEWS
from fluoro_annotator.marks import MarkSession, ViewAssignment
from fluoro_annotator.protocols import ANY_VIEW, Protocol, Slot, ViewFamily, ViewSpec, suitable_views
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice

FAMILIES = {
    "AP": ViewFamily.AP,
    "PA": ViewFamily.AP,
    "lateral": ViewFamily.LATERAL,
    "oblique": ViewFamily.OBLIQUE,
}
CONTRADICTED = "contradicted"
SIDES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True, slots=True)
class ShownView:
    """What an image shows.

    Attributes
    ----------
    view : str
        Identifier of the view.
    side : Side or None
        Towards which side it is turned; None if towards none.
    by_reader : bool
        Whether the reader said so; otherwise the header does.

    """

    view: str
    side: Side | None = None
    by_reader: bool = True

    def serves(self, slot: Slot) -> bool:
        """Return whether a slot may be filled on the image."""
        same_side = None in (self.side, slot.side) or self.side is slot.side
        return slot.view == ANY_VIEW or (slot.view == self.view and same_side)

    @property
    def key(self) -> str:
        """What stands for it in the list of views."""
        return view_key(self.view, self.side)


def view_key(view: str, side: Side | None) -> str:
    """Return what stands for a view and a side in a list."""
    return f"{view}:{side.value}" if side else view


def from_key(key: str) -> tuple[str, Side | None]:
    """Return view and side of a key; the inverse of `view_key`."""
    view, _, side = key.partition(":")
    return view, Side(side) if side else None


def shown_view(image: Image, session: MarkSession, protocol: Protocol) -> ShownView | None:
    """Return what an image shows, None if nobody has said and the header leaves it open."""
    said = session.find(f"view:{image.sop_instance_uid}")
    if isinstance(said, ViewAssignment):
        return ShownView(said.view, said.side)
    return header_view(image, protocol)


def header_view(image: Image, protocol: Protocol) -> ShownView | None:
    """Return the view that the header names, if the protocol has just one of that kind without a side."""
    if image.view_label not in KNOWN_VIEWS or CONTRADICTED in image.view.rule:
        return None
    named = {family for word, family in FAMILIES.items() if word in image.view_label.split()}
    found = [view for view in protocol.views if view.family in named]
    if len(found) != 1 or found[0].sided:
        return None
    return ShownView(found[0].id, by_reader=False)


def view_choices(image: Image, protocol: Protocol) -> list[Choice]:
    """Return the views an image can be said to show; a sided one once for each side."""
    fitting = _fitting(image, protocol)
    return [
        Choice(view_key(view.id, side), _choice_text(view, side, fits=view in fitting), view.setup)
        for view in protocol.views
        for side in (SIDES if view.sided else (None,))
    ]


def view_title(protocol: Protocol, view: str, side: Side | None = None) -> str:
    """Return the name of a view for the screen."""
    if view == ANY_VIEW:
        return texts.PLAN_ANY_VIEW
    title = next((spec.title for spec in protocol.views if spec.id == view), view)
    return texts.PLAN_SIDED_VIEW.format(view=title, side=side.value) if side else title


def slot_view_title(protocol: Protocol, slot: Slot) -> str:
    """Return the name of the view of a slot, with the side for which it is turned."""
    sided = any(spec.id == slot.view and spec.sided for spec in protocol.views)
    return view_title(protocol, slot.view, slot.side if sided else None)


def place_for(
    slot: Slot, stacks: Iterable[FrameStack], session: MarkSession, protocol: Protocol
) -> tuple[FrameStack, int] | None:
    """Return a view that is open and the frame of it at which a slot can be filled.

    Parameters
    ----------
    slot : Slot
        The slot.
    stacks : iterable of FrameStack
        The views that are open, the ones to be preferred first.
    session : MarkSession
        The reading.
    protocol : Protocol
        What the reading follows.

    """
    for stack in stacks:
        for image in stack.images:
            shown = shown_view(image, session, protocol)
            index = stack.index_of(image.sop_instance_uid, 1)
            if shown is not None and shown.serves(slot) and index is not None:
                return stack, index
    return None


def image_at(stack: FrameStack, index: int) -> Image:
    """Return the image that holds a frame of a view."""
    uid = stack.frame_ref(index)[0]
    return next(image for image in stack.images if image.sop_instance_uid == uid)


def _fitting(image: Image, protocol: Protocol) -> Sequence[ViewSpec]:
    if image.primary_angle is None or image.secondary_angle is None:
        return ()
    return suitable_views(protocol.views, image.primary_angle, image.secondary_angle)


def _choice_text(view: ViewSpec, side: Side | None, *, fits: bool) -> str:
    text = texts.PLAN_SIDED_VIEW.format(view=view.title, side=side.value) if side else view.title
    return texts.PLAN_FITS_ANGLES.format(view=text) if fits else text
