"""What marks need to know of a study: its images, their sizes and scales; no name and no number of a patient."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from fluoro_annotator.anatomy import Region
from fluoro_annotator.errors import MarkError, UnknownImageError
from fluoro_annotator.geometry import UNCALIBRATED, Calibration
from fluoro_annotator.marks.fields import checked_count, checked_member, checked_optional, checked_text

PSEUDONYM = re.compile(r"[0-9a-f]{32}")
"""128 bits in hexadecimal: what a keyed pseudonym looks like, and what no hospital's numbers look like."""

LONGEST_EQUIPMENT = 100
"""Longest name of an equipment, in characters; Manufacturer and model have 64 each (PS3.5 section 6.2, LO)."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """What a study is looked up and grouped by; a field that is not there was not stated.

    Parameters
    ----------
    pseudonym : str
        Keyed pseudonym of the patient, 32 hexadecimal digits; empty if the patient has no number.
    study_date : datetime.date or None
        Day of the study.
    region : Region or None
        Part of the spine.
    equipment : str
        Manufacturer and model, at most `LONGEST_EQUIPMENT` characters.

    Raises
    ------
    MarkError
        If a value is not of its kind. The value is not repeated, because it may name a patient.

    """

    pseudonym: str = ""
    study_date: date | None = None
    region: Region | None = None
    equipment: str = ""

    def __post_init__(self) -> None:
        subject = "study facts"
        checked_text(subject, "pseudonym", self.pseudonym, may_be_empty=True)
        if self.pseudonym and not PSEUDONYM.fullmatch(self.pseudonym):
            raise MarkError(subject, "cannot be used: 'pseudonym' is not 32 hexadecimal digits")
        day = self.study_date
        if isinstance(day, datetime) or not isinstance(day, date | None):
            raise MarkError(subject, "cannot be used: 'study_date' is not a day")
        region = checked_optional(checked_member, subject, "region", self.region or None, Region)
        object.__setattr__(self, "region", region)
        checked_text(subject, "equipment", self.equipment, may_be_empty=True)
        if len(self.equipment) > LONGEST_EQUIPMENT:
            raise MarkError(
                subject, f"cannot be used: 'equipment' is longer than {LONGEST_EQUIPMENT} characters"
            )

    def merged(self, other: StudyFacts) -> StudyFacts:
        """Return these facts with those that the other one states; what it does not state stays."""
        stated = {entry.name: getattr(other, entry.name) for entry in fields(other)}
        return replace(self, **{name: value for name, value in stated.items() if value})


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """One study as far as marks are concerned.

    Parameters
    ----------
    uid : str
        Study Instance UID.
    images : tuple of ImageRecord
        Its images, each SOP Instance UID once.
    facts : StudyFacts
        What it is looked up by.

    Raises
    ------
    MarkError
        If it has no UID or two images have the same SOP Instance UID.

    """

    uid: str
    images: tuple[ImageRecord, ...]
    facts: StudyFacts = StudyFacts()
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
        """Return this study with images and facts of another record of it; what the other states wins.

        Raises
        ------
        MarkError
            If the other record is of another study.

        """
        if other.uid != self.uid:
            raise MarkError(f"study {self.uid}", f"is not study {other.uid}")
        images = tuple((self._by_uid | other._by_uid).values())
        return StudyRecord(self.uid, images, self.facts.merged(other.facts))
