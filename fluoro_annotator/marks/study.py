"""What marks need to know of a study: its images, their sizes and scales; nothing about the patient."""

from __future__ import annotations

from dataclasses import dataclass, field

from fluoro_annotator.errors import MarkError, UnknownImageError
from fluoro_annotator.geometry import UNCALIBRATED, Calibration
from fluoro_annotator.marks.fields import checked_count, checked_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRecord:
    """One image (SOP instance) as far as marks are concerned.

    Parameters
    ----------
    sop_instance_uid, series_uid : str
        DICOM identifiers.
    rows, columns, frames : int
        Size, each at least 1.
    modality, view : str
        DICOM modality, and the name of the view.
    calibration : Calibration
        Scale of the image.

    Raises
    ------
    MarkError
        If it has no UID or a size is not a whole number of at least 1.

    """

    sop_instance_uid: str
    series_uid: str
    rows: int
    columns: int
    frames: int
    modality: str = ""
    view: str = ""
    calibration: Calibration = UNCALIBRATED

    def __post_init__(self) -> None:
        subject = f"image {self.sop_instance_uid}"
        checked_text(subject, "sop_instance_uid", self.sop_instance_uid)
        checked_text(subject, "series_uid", self.series_uid)
        for name in ("rows", "columns", "frames"):
            object.__setattr__(self, name, checked_count(subject, name, getattr(self, name)))


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """One study as far as marks are concerned.

    Parameters
    ----------
    uid : str
        Study Instance UID.
    images : tuple of ImageRecord
        Its images, each SOP Instance UID once.

    Raises
    ------
    MarkError
        If it has no UID or two images have the same SOP Instance UID.

    """

    uid: str
    images: tuple[ImageRecord, ...]
    _by_uid: dict[str, ImageRecord] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checked_text("study", "uid", self.uid)
        object.__setattr__(self, "images", tuple(self.images))
        by_uid = {image.sop_instance_uid: image for image in self.images}
        if len(by_uid) != len(self.images):
            raise MarkError(f"study {self.uid}", "lists an image twice")
        object.__setattr__(self, "_by_uid", by_uid)

    def image(self, sop_instance_uid: str) -> ImageRecord:
        """Return one image.

        Raises
        ------
        UnknownImageError
            If the study has no such image.

        """
        try:
            return self._by_uid[sop_instance_uid]
        except KeyError:
            raise UnknownImageError(
                f"image {sop_instance_uid}",
                "is not part of the study",
                "Open the folder that holds the image, then mark it there.",
            ) from None

    def __contains__(self, sop_instance_uid: object) -> bool:
        return sop_instance_uid in self._by_uid

    def merged(self, other: StudyRecord) -> StudyRecord:
        """Return this study with the images of another record of it; the other's facts win.

        Raises
        ------
        MarkError
            If the other record is of another study.

        """
        if other.uid != self.uid:
            raise MarkError(f"study {self.uid}", f"is not study {other.uid}")
        return StudyRecord(self.uid, tuple((self._by_uid | other._by_uid).values()))
