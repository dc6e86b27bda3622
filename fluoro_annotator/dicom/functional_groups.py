"""Functional groups of enhanced images as ordinary headers, one for each frame.

An enhanced image keeps windows, angles, spacings and times in nested sequences, shared by all
frames or one by one (PS3.3 C.7.6.16). Here their attributes are laid over those of the main
data set, so that the readers of ordinary images read them without knowing where they stood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from fluoro_annotator.dicom.header import tags_of
from fluoro_annotator.dicom.values import items, text

T = TypeVar("T")

CONTENT: Final = "FrameContentSequence"
GEOMETRY_GROUPS: Final = (
    "PositionerPositionSequence",
    "IsocenterReferenceSystemSequence",
    "TablePositionSequence",
    "XRayGeometrySequence",
    "FieldOfViewSequence",
    "PatientOrientationInFrameSequence",
    "FrameAnatomySequence",
    "FramePixelDataPropertiesSequence",
    "ProjectionPixelCalibrationSequence",
)
"""Groups that say how the X-ray system, the table and the patient stood."""

CALIBRATION_GROUPS: Final = (
    "FramePixelDataPropertiesSequence",
    "ProjectionPixelCalibrationSequence",
    "XRayGeometrySequence",
    "PixelMeasuresSequence",
)
"""Groups that say how large a pixel is."""

PIXEL_SHIFTS: Final = "FramePixelShiftSequence"
"""Shifts of masks, an item for each mask operation, so that it is laid over as a whole."""

RENDERING_GROUPS: Final = (
    PIXEL_SHIFTS,
    "FrameVOILUTSequence",
    "FrameDisplayShutterSequence",
    "FramePixelDataPropertiesSequence",
    "PixelValueTransformationSequence",
)
"""Groups that say how grey levels are shown."""

GROUPS: Final = tuple(dict.fromkeys((CONTENT, *GEOMETRY_GROUPS, *CALIBRATION_GROUPS, *RENDERING_GROUPS)))
_SHIFT_TAGS: Final = tuple(BaseTag(tag) for tag in tags_of([PIXEL_SHIFTS]))
SHARED: Final = "SharedFunctionalGroupsSequence"
PER_FRAME: Final = "PerFrameFunctionalGroupsSequence"


class FrameHeaders:
    """The header of every frame of an image.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image, of an ordinary or of an enhanced one.
    frames : int
        Number of frames.

    """

    def __init__(self, dataset: Dataset, frames: int) -> None:
        self._frames = frames
        self._shared = _laid_over(dataset, items(dataset, SHARED)[:1])
        found = items(dataset, PER_FRAME)
        self._items = found if len(found) == frames else ()
        self.contradictions: tuple[str, ...] = ()
        if found and not self._items:
            self.contradictions = (f"there are functional groups for {len(found)} of {frames} frames",)
        self._varying = frozenset(name for item in self._items for name in GROUPS if name in item)

    @property
    def first(self) -> Dataset:
        """The header of the first frame."""
        return self.header(0)

    def header(self, index: int) -> Dataset:
        """Return the header of a frame (0-based): its own groups go before shared ones."""
        return _laid_over(self._shared, self._items[index : index + 1]) if self._items else self._shared

    def times(self) -> tuple[str, ...]:
        """Return date and time of each frame (VR DT, may be empty), none for an ordinary image."""
        if CONTENT not in self._varying:
            return ()
        return tuple(_frame_time(item) for item in self._items)

    def each(self, read: Callable[[Dataset], T], groups: tuple[str, ...]) -> tuple[T, ...]:
        """Return what a reader finds in the header of each frame.

        Parameters
        ----------
        read : callable
            Reads one header; its values are compared for equality.
        groups : tuple of str
            Keywords of the functional groups that it looks at.

        Returns
        -------
        tuple
            One value if it is the same for all frames, otherwise one for each frame.

        """
        if self._varying.isdisjoint(groups):
            return (read(self._shared),)
        found = tuple(read(self.header(index)) for index in range(self._frames))
        return found[:1] if all(value == found[0] for value in found) else found


def at_frame(found: tuple[T, ...], index: int, frames: int) -> T:
    """Return the value of a frame from what `FrameHeaders.each` returned.

    Raises
    ------
    IndexError
        If there is no such frame.

    """
    if not 0 <= index < frames:
        raise IndexError(f"frame index {index} of {frames} frames")
    return found[index] if len(found) > 1 else found[0]


def _laid_over(dataset: Dataset, groups: tuple[Dataset, ...]) -> Dataset:
    """Return the header with the attributes of functional groups in the place of its own."""
    nested = [item for group in groups for name in GROUPS for item in items(group, name)[:1]]
    if not nested:
        return dataset
    elements = dict(dataset.items())
    for item in nested:
        elements.update(item.items())
    elements.update((tag, group.get_item(tag)) for group in groups for tag in _SHIFT_TAGS if tag in group)
    merged = Dataset(elements)
    implicit, little = dataset.original_encoding
    merged.set_original_encoding(implicit, little, dataset.original_character_set)
    return merged


def _frame_time(item: Dataset) -> str:
    for content in items(item, CONTENT)[:1]:
        return text(content, "FrameAcquisitionDateTime") or text(content, "FrameReferenceDateTime")
    return ""
