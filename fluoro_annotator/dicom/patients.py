"""Who the patient is, turned into a pseudonym, and nothing else: numbers and names are not kept.

The functions here get a header that holds the attributes of `PATIENT_TAGS`. What they read from
it stays in their local variables; what they return tells nobody who the patient is.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.header import tags_of
from fluoro_annotator.dicom.values import items, texts

PSEUDONYM_DIGITS: Final = 32
"""Hexadecimal digits of a pseudonym: 128 bits, so that two of a billion patients hardly ever share
one. An engineering default."""

PURPOSE: Final = "fluoro_annotator patient 1"
"""What the key is used for here: any other use of it has to give other texts."""

_STAND_INS: Final = """anon anonym anonymous anonymized anonymised anonymisiert deidentified none null unknown
unbekannt na nn noid nopid patient test xxx"""
NOBODY: Final = frozenset(_STAND_INS.split())
"""What stands for the number of a patient who has none, in lower case without blanks and signs."""

_NAMES: Final = """PatientName OtherPatientNames PatientBirthName PatientMotherBirthName ResponsiblePerson
ReferringPhysicianName ConsultingPhysicianName PerformingPhysicianName OperatorsName PhysiciansOfRecord
NameOfPhysiciansReadingStudy RequestingPhysician PersonName"""
_NUMBERS: Final = """PatientID OtherPatientIDs PatientBirthDate AccessionNumber AdmissionID MedicalRecordLocator
PatientTelephoneNumbers PatientAddress InsurancePlanIdentification"""
IDENTIFYING: Final = (*_NAMES.split(), *_NUMBERS.split())

PATIENT_TAGS: Final = tags_of(
    [*IDENTIFYING, "SpecificCharacterSet", "IssuerOfPatientID", "OtherPatientIDsSequence"]
)
"""What has to be read for a pseudonym, and to know a name when it stands where none should."""

SHORTEST_WORD: Final = 2
SHORTEST_PART: Final = 4
"""Characters from which a name is looked for as a word of its own, and within words; one in a script that
has no blanks between words is looked for within words from the former."""


def patient_pseudonym(dataset: Dataset, key: bytes) -> str:
    """Return the keyed pseudonym of a patient.

    HMAC with SHA-256 over the issuer of the number and the number, in Unicode NFC and without
    blanks at their ends, cut to 128 bits. Patients without a number, or with one that stands for
    nobody, have none: they would all be taken for one.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        A header with Patient ID and Issuer of Patient ID.
    key : bytes
        The secret key.

    Returns
    -------
    str
        32 hexadecimal digits, or ``""``.

    """
    number = _normalised(dataset, "PatientID")
    signs = "".join(filter(str.isalnum, number)).casefold()
    if not signs.strip("0") or signs in NOBODY:
        return ""
    message = "\0".join((PURPOSE, _normalised(dataset, "IssuerOfPatientID"), number))
    return hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256").hex()[:PSEUDONYM_DIGITS]


def _normalised(dataset: Dataset, keyword: str) -> str:
    return unicodedata.normalize("NFC", "\\".join(texts(dataset, keyword)))


def names_somebody(text: str, dataset: Dataset) -> bool:
    """Return whether a text holds a part of a name or number of the patient, or of a person at work.

    Words are compared without accents and capitals; a longer one is also found within a word. It is
    rather found too often than not at all.
    """
    words = set(_words(text))
    whole = "".join(_words(text))
    return any(part in words or (_long(part) and part in whole) for part in _identifying(dataset))


def _long(part: str) -> bool:
    return len(part) >= (SHORTEST_PART if part.isascii() else SHORTEST_WORD)


def _identifying(dataset: Dataset) -> Iterator[str]:
    for holder in (dataset, *items(dataset, "OtherPatientIDsSequence")):
        for keyword in IDENTIFYING:
            for value in texts(holder, keyword):
                yield from (word for word in _words(value) if len(word) >= SHORTEST_WORD)
                yield from filter(None, ["".join(_words(value))])


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", letters)
