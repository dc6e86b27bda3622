"""How the patient lay, from Patient Position or from the codes of enhanced images."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import items, text

ROLLS: Final = {
    "40199007": "S",
    "F-10340": "S",
    "1240000": "P",
    "F-10310": "P",
    "102536004": "DL",
    "F-10319": "DL",
    "102535000": "DR",
    "F-10317": "DR",
}
"""Codes of PS3.16 CID 20 (SNOMED CT, and the older SNOMED RT) and the end of Patient Position."""

ENDS: Final = {"102540008": "HF", "F-10470": "HF", "102541007": "FF", "F-10480": "FF"}
"""Codes of PS3.16 CID 21 and the beginning of Patient Position."""

CONTRADICTION: Final = "the header contradicts itself about the patient's position"


def read_position(dataset: Dataset) -> tuple[str, str]:
    """Return the patient's position and what contradicts it, ``""`` where nothing does.

    Patient Position (0018,5100) is believed; enhanced images state codes instead (PS3.3
    C.7.3.1.1.2, C.8.19.2), of which one without the other says nothing.

    Examples
    --------
    >>> read_position(Dataset())
    ('', '')

    """
    stated, coded = text(dataset, "PatientPosition").upper(), _coded(dataset)
    if stated and coded and stated != coded:
        return stated, f"{CONTRADICTION}: {stated} as Patient Position, {coded} by its codes"
    return stated or coded, ""


def _coded(dataset: Dataset) -> str:
    modifiers = (
        modifier
        for orientation in items(dataset, "PatientOrientationCodeSequence")[:1]
        for modifier in items(orientation, "PatientOrientationModifierCodeSequence")
    )
    roll = next((ROLLS[code] for code in map(_code, modifiers) if code in ROLLS), "")
    ends = map(_code, items(dataset, "PatientGantryRelationshipCodeSequence"))
    end = next((ENDS[code] for code in ends if code in ENDS), "")
    return f"{end}{roll}" if end and roll else ""


def _code(item: Dataset) -> str:
    return text(item, "CodeValue")
