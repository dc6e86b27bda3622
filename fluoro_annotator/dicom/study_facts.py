"""The facts by which a store looks studies up, read when a study is opened and never by a scan.

A scan reads neither names nor numbers of patients (`reading.IMAGE_TAGS`), so that neither its
images nor its index hold any. What is needed for the pseudonym is read here, from one file of each
series, and forgotten at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from pydicom.dataset import Dataset

from fluoro_annotator.anatomy import Region
from fluoro_annotator.dicom.header import tags_of
from fluoro_annotator.dicom.kinds import quick_header
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.patients import PATIENT_TAGS, names_somebody, patient_pseudonym
from fluoro_annotator.dicom.values import items, quiet, text
from fluoro_annotator.errors import DicomError

BODY_PARTS: Final[dict[str, Region]] = {
    "CSPINE": Region.CERVICAL,
    "TSPINE": Region.THORACIC,
    "LSPINE": Region.LUMBAR,
    "SSPINE": Region.SACRAL,
}
"""Defined terms of Body Part Examined that name one part of the spine (PS3.16 Annex L, Table L-1).
CTSPINE, TLSPINE and LSSPINE name two and SPINE all of it: nothing is claimed for them."""

REGION_CODES: Final[dict[tuple[str, str], Region]] = {
    ("SCT", "122494005"): Region.CERVICAL,
    ("SCT", "122495006"): Region.THORACIC,
    ("SCT", "122496007"): Region.LUMBAR,
    ("SCT", "54735007"): Region.SACRAL,
    ("SRT", "T-11501"): Region.CERVICAL,
    ("SRT", "T-11502"): Region.THORACIC,
    ("SRT", "T-11503"): Region.LUMBAR,
    ("SRT", "T-11AD0"): Region.SACRAL,
}
"""Codes of the same places (PS3.16 CID 4031, Common Anatomic Region), by scheme and value; those of
SNOMED-RT are found in older files."""

OLDER_SCHEMES: Final = {"SNM3": "SRT", "99SDM": "SRT"}
"""Designators that older files use for SNOMED-RT (PS3.16 section 8)."""

_KEYWORDS: Final = """BodyPartExamined AnatomicRegionSequence SharedFunctionalGroupsSequence Manufacturer
ManufacturerModelName"""
FACT_TAGS: Final = PATIENT_TAGS | tags_of(_KEYWORDS.split())
"""What is read of one file."""

LONGEST_EQUIPMENT: Final = 100
"""Characters of manufacturer and model that are kept."""

DATE_FORMATS: Final = {8: "%Y%m%d", 10: "%Y.%m.%d"}
"""How a date is written, by its length: as today, and as before 1993 (PS3.5 section 6.2, DA)."""

Stated = TypeVar("Stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFacts:
    """What headers say of a study that a store may keep; nothing where they say nothing or disagree.

    Attributes
    ----------
    pseudonym : str
        Keyed pseudonym of the patient; ``""`` without a number or without a key.
    study_date : datetime.date or None
        Day of the study.
    region : Region or None
        Part of the spine, from a defined term or a code, never from free text.
    equipment : str
        Manufacturer and model; ``""`` also where they name somebody.

    """

    pseudonym: str = ""
    study_date: date | None = None
    region: Region | None = None
    equipment: str = ""


def read_study_facts(images: Iterable[Image], key: bytes | None) -> StatedFacts:
    """Read the facts of a study from one file of each of its series.

    Parameters
    ----------
    images : iterable of Image
        Images of the study.
    key : bytes or None
        The key of the pseudonyms; None gives none.

    Returns
    -------
    StatedFacts
        A file that cannot be read any more says nothing.

    """
    first: dict[str, Image] = {}
    for image in images:
        first.setdefault(image.series_uid, image)
    found = [_of_file(image.path, image.sop_instance_uid, key) for image in first.values()]
    return StatedFacts(
        pseudonym=_agreed(facts.pseudonym for facts in found) or "",
        study_date=_agreed(day_of(image.study_date or "") for image in first.values()),
        region=_agreed(facts.region for facts in found),
        equipment=_agreed(facts.equipment for facts in found) or "",
    )


def _agreed(values: Iterable[Stated]) -> Stated | None:
    """Return the one value that is stated, None if there is none or several."""
    stated = {value for value in values if value}
    return stated.pop() if len(stated) == 1 else None


@lru_cache(maxsize=1024)
def _of_file(path: Path, _uid: str, key: bytes | None) -> StatedFacts:
    """Return the facts that one file states; those of the files read last are remembered, without any name."""
    try:
        dataset = quick_header(path, FACT_TAGS).dataset
    except DicomError:
        return StatedFacts()
    with quiet():
        return facts_of(dataset, key)


def facts_of(dataset: Dataset, key: bytes | None) -> StatedFacts:
    """Return the facts that a header with the attributes of `FACT_TAGS` states; the day is not among them."""
    return StatedFacts(
        pseudonym="" if key is None else patient_pseudonym(dataset, key),
        region=region_of(dataset),
        equipment=equipment_of(dataset),
    )


def region_of(dataset: Dataset) -> Region | None:
    """Return the part of the spine that codes and Body Part Examined state, None if they disagree."""
    stated = {BODY_PARTS.get(text(dataset, "BodyPartExamined").upper())}
    for code in _region_items(dataset):
        scheme = text(code, "CodingSchemeDesignator")
        stated.add(REGION_CODES.get((OLDER_SCHEMES.get(scheme, scheme), text(code, "CodeValue"))))
    return _agreed(stated)


def _region_items(dataset: Dataset) -> Iterable[Dataset]:
    yield from items(dataset, "AnatomicRegionSequence")
    for group in items(dataset, "SharedFunctionalGroupsSequence"):
        for anatomy in items(group, "FrameAnatomySequence"):
            yield from items(anatomy, "AnatomicRegionSequence")


def equipment_of(dataset: Dataset) -> str:
    """Return manufacturer and model, cut to `LONGEST_EQUIPMENT`; ``""`` if they name somebody."""
    maker, model = (text(dataset, keyword) for keyword in ("Manufacturer", "ManufacturerModelName"))
    named = model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}"
    shown = "".join(sign if sign.isprintable() else " " for sign in named)
    words = " ".join(shown.split())
    return "" if names_somebody(words, dataset) else words[:LONGEST_EQUIPMENT].rstrip()


def day_of(stated: str) -> date | None:
    """Return the day of a Study Date, None if it is none.

    Examples
    --------
    >>> day_of("20260131"), day_of("2026.01.31"), day_of("20261301"), day_of("")
    (datetime.date(2026, 1, 31), datetime.date(2026, 1, 31), None, None)

    """
    form = DATE_FORMATS.get(len(stated))
    if form is None or not stated.isascii():
        return None
    try:
        return datetime.strptime(stated, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
