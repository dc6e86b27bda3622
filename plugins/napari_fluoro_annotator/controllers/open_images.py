"""What the files of images that are open say, as far as exercises are scored by it."""

from __future__ import annotations

from collections.abc import Iterable

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.geometry import Ruler
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import ImageFacts
from napari_fluoro_annotator.controllers.image_views import header_view
from napari_fluoro_annotator.scales import aspect_at, file_scale
from napari_fluoro_annotator.studies import stated_orientation


def facts_of_open(stacks: Iterable[FrameStack], protocol: Protocol | None = None) -> dict[str, ImageFacts]:
    """Return what is known of every image that is open, by SOP Instance UID.

    Parameters
    ----------
    stacks : iterable of FrameStack
        The views that are open.
    protocol : Protocol, optional
        The protocol whose view a header may name.

    """
    return {
        image.sop_instance_uid: _facts(stack, image.sop_instance_uid, protocol)
        for stack in stacks
        for image in stack.images
    }


def _facts(stack: FrameStack, uid: str, protocol: Protocol | None) -> ImageFacts:
    index = stack.index_of(uid, 1)
    if index is None:
        return ImageFacts()
    shown = None if protocol is None else header_view(stack.image_at(index), protocol)
    return ImageFacts(
        view="" if shown is None else shown.view,
        ruler=Ruler(file_scale(stack, index), aspect_at(stack, index)),
        orientation=stated_orientation(stack, index),
    )
