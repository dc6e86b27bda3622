"""What a store may look studies up by: read from headers, without any name or number of a patient."""

import hashlib
import hmac
import unicodedata
from datetime import date

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr._snomed_dict import mapping as snomed
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, XRayAngiographicImageStorage

from fluoro_annotator.anatomy import Region
from fluoro_annotator.dicom import StatedFacts, read_study_facts, scan
from fluoro_annotator.dicom.patients import PATIENT_TAGS, PSEUDONYM_DIGITS, names_somebody, patient_pseudonym
from fluoro_annotator.dicom.reading import IMAGE_TAGS
from fluoro_annotator.dicom.study_facts import (
    BODY_PARTS,
    LONGEST_EQUIPMENT,
    REGION_CODES,
    equipment_of,
    facts_of,
    region_of,
)
from fluoro_annotator.dicom.values import quiet

KEY = bytes(range(32))


def header(**attributes):
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    with quiet():
        for keyword, value in attributes.items():
            setattr(dataset, keyword, value)
    return dataset


def item(scheme, value, meaning=""):
    return header(CodingSchemeDesignator=scheme, CodeValue=value, CodeMeaning=meaning)


# ---------------------------------------------------------------------- pseudonyms


def test_a_pseudonym_is_a_keyed_digest_of_issuer_and_number():
    message = b"fluoro_annotator patient 1\0Clinic\0AB-123"
    expected = hmac.new(KEY, message, hashlib.sha256).hexdigest()[:PSEUDONYM_DIGITS]
    assert patient_pseudonym(header(PatientID="AB-123", IssuerOfPatientID="Clinic"), KEY) == expected
    assert len(expected) == 32


def test_one_patient_has_one_pseudonym_however_the_number_is_padded():
    composed, taken_apart = (unicodedata.normalize(form, "é7") for form in ("NFC", "NFD"))
    for first, second in (("AB 12", "  AB 12 \0"), (composed, taken_apart)):
        assert patient_pseudonym(header(PatientID=first), KEY) == patient_pseudonym(
            header(PatientID=second), KEY
        )


def test_different_patients_clinics_and_keys_have_different_pseudonyms():
    headers = [
        header(PatientID="12"),
        header(PatientID="012"),
        header(PatientID="ab"),
        header(PatientID="AB"),
        header(PatientID="1 2"),
        header(PatientID="12", IssuerOfPatientID="Clinic"),
        header(PatientID="Clinic12"),
        header(PatientID=["12", "13"]),
        header(PatientID=["12", "14"]),
    ]
    found = [patient_pseudonym(each, key) for each in headers for key in (KEY, bytes(32))]
    assert len(set(found)) == len(found)
    assert all(found)


@pytest.mark.parametrize(
    "number",
    [None, "", "  ", "\0", "0", "000", "00-00", "-", "?", "ANONYMOUS", "Anon", "n/a", "UNKNOWN", "*"],
)
def test_a_number_that_stands_for_nobody_gives_no_pseudonym(number):
    dataset = header() if number is None else header(PatientID=number)
    assert patient_pseudonym(dataset, KEY) == ""
    assert facts_of(header(PatientID="12"), None).pseudonym == ""


# ---------------------------------------------------------------------- region


@pytest.mark.parametrize(("term", "region"), BODY_PARTS.items())
def test_defined_terms_of_the_body_part_name_a_region(term, region):
    assert region_of(header(BodyPartExamined=term)) is region
    assert region_of(header(BodyPartExamined=f" {term.lower()} ")) is region


@pytest.mark.parametrize(
    "text",
    ["", "SPINE", "CTSPINE", "TLSPINE", "LSSPINE", "COCCYX", "PELVIS", "L-SPINE", "LUMBAR SPINE", "L4"],
)
def test_what_names_two_parts_none_or_is_free_text_names_no_region(text):
    assert region_of(header(BodyPartExamined=text)) is None


@pytest.mark.parametrize(("code", "region"), REGION_CODES.items())
def test_codes_name_a_region_wherever_they_stand(code, region):
    coded = Sequence([item(*code)])
    assert region_of(header(AnatomicRegionSequence=coded)) is region
    anatomy = Sequence([header(AnatomicRegionSequence=coded)])
    shared = Sequence([header(FrameAnatomySequence=anatomy)])
    assert region_of(header(SharedFunctionalGroupsSequence=shared)) is region


def test_the_codes_are_those_of_the_standard():
    for name, region in (
        ("CervicalSpine", Region.CERVICAL),
        ("ThoracicSpine", Region.THORACIC),
        ("LumbarSpine", Region.LUMBAR),
        ("Sacrum", Region.SACRAL),
    ):
        code = getattr(codes.cid4031, name)
        assert REGION_CODES[code.scheme_designator, code.value] is region
        assert REGION_CODES["SRT", snomed["SCT"][code.value]] is region
    assert set(REGION_CODES.values()) == set(Region) == set(BODY_PARTS.values())


def test_older_designators_and_unknown_codes():
    for scheme in ("SNM3", "99SDM", "SRT"):
        assert region_of(header(AnatomicRegionSequence=[item(scheme, "T-11503")])) is Region.LUMBAR
    for scheme, value in (("SCT", "T-11503"), ("99LOCAL", "122496007"), ("", "122496007"), ("SCT", "")):
        assert region_of(header(AnatomicRegionSequence=[item(scheme, value, "Lumbar spine")])) is None


def test_a_header_that_contradicts_itself_names_no_region():
    lumbar = [item("SCT", "122496007")]
    assert region_of(header(BodyPartExamined="LSPINE", AnatomicRegionSequence=lumbar)) is Region.LUMBAR
    assert region_of(header(BodyPartExamined="SPINE", AnatomicRegionSequence=lumbar)) is Region.LUMBAR
    assert region_of(header(BodyPartExamined="CSPINE", AnatomicRegionSequence=lumbar)) is None


# ---------------------------------------------------------------------- equipment


@pytest.mark.parametrize(
    ("maker", "model", "expected"),
    [
        ("Maker", "Arm 9", "Maker Arm 9"),
        ("Maker", "MAKER Arm 9", "MAKER Arm 9"),
        ("", "Arm 9", "Arm 9"),
        ("Maker", "", "Maker"),
        ("", "", ""),
        ("  Ma\tker\x1b[1m", "Arm\u200b 9\u2028", "Ma ker [1m Arm 9"),
        ("Mäker", "x" * 200, "Mäker " + "x" * (LONGEST_EQUIPMENT - 6)),
    ],
)
def test_equipment_is_manufacturer_and_model_in_one_line(maker, model, expected):
    assert equipment_of(header(Manufacturer=maker, ManufacturerModelName=model)) == expected


@pytest.mark.parametrize(
    ("model", "person"),
    [
        ("Arm of CANARY", {"PatientName": "Canary^Patient"}),
        ("Arm_patient_7", {"PatientName": "Canary^Patient"}),
        ("CanaryPatient", {"PatientName": "Canary^Patient"}),
        ("Arm Muller", {"PatientName": "Müller^A"}),
        ("Arm MÜLLER", {"PatientName": "muller"}),
        ("Arm 山田", {"PatientName": "Yamada^Taro=山田^太郎"}),
        ("アーム山田装置", {"PatientName": "Yamada^Taro=山田^太郎"}),
        ("Arm Li", {"PatientName": "Li^X"}),
        ("Arm AB-1234", {"PatientID": "ab1234"}),
        ("Arm 19700131", {"PatientBirthDate": "19700131"}),
        ("Arm 77-8899", {"OtherPatientIDsSequence": [header(PatientID="778899")]}),
        ("Arm 5551234", {"AccessionNumber": "5551234"}),
        ("Arm of Dr Surgeon", {"OperatorsName": ["Nurse^A", "Surgeon^B"]}),
        ("Arm Referrer", {"ReferringPhysicianName": "Referrer^C"}),
    ],
)
def test_equipment_that_names_somebody_is_left_out(model, person):
    assert equipment_of(header(ManufacturerModelName=model)) == model
    assert equipment_of(header(ManufacturerModelName=model, Manufacturer="Maker", **person)) == ""
    assert names_somebody(model, header(**person))


def test_short_parts_of_names_are_not_found_within_words():
    assert not names_somebody("Philips Allura", header(PatientName="Li^Al", PatientID="7"))
    assert not names_somebody("", header(PatientName="Canary"))


# ---------------------------------------------------------------------- files


def write(path, number=1, *, series="1", **attributes):
    dataset = header(
        SOPClassUID=XRayAngiographicImageStorage,
        SOPInstanceUID=f"2.25.9.{series}.{number}",
        StudyInstanceUID="2.25.9",
        SeriesInstanceUID=f"2.25.9.{series}",
        Modality="XA",
        Rows=4,
        Columns=4,
        SamplesPerPixel=1,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelRepresentation=0,
        PhotometricInterpretation="MONOCHROME2",
        **attributes,
    )
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.PixelData = bytes(16)
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


FULL = {
    "PatientID": "AB-123",
    "PatientName": "Canary^Patient",
    "IssuerOfPatientID": "Clinic",
    "StudyDate": "20260131",
    "BodyPartExamined": "LSPINE",
    "Manufacturer": "Maker",
    "ManufacturerModelName": "Arm 9",
}


def images_of(folder):
    (study,) = scan([folder]).studies
    return study.images


def test_the_facts_of_a_study_are_read_from_its_files(tmp_path):
    write(tmp_path / "a", **FULL)
    facts = read_study_facts(images_of(tmp_path), KEY)
    assert facts == StatedFacts(
        pseudonym=patient_pseudonym(header(PatientID="AB-123", IssuerOfPatientID="Clinic"), KEY),
        study_date=date(2026, 1, 31),
        region=Region.LUMBAR,
        equipment="Maker Arm 9",
    )
    assert "AB-123" not in repr(facts)


def test_the_quick_walk_and_the_careful_way_read_the_same(tmp_path):
    write(tmp_path / "quick", **FULL)
    content = (tmp_path / "quick").read_bytes()
    (tmp_path / "careful").mkdir()
    (tmp_path / "careful" / "a").write_bytes(content[132:])  # without preamble it is read with all care
    (tmp_path / "other").mkdir()
    (tmp_path / "quick").rename(tmp_path / "other" / "a")
    first, second = (images_of(tmp_path / name) for name in ("careful", "other"))
    assert read_study_facts(first, KEY) == read_study_facts(second, KEY) != StatedFacts()


def test_one_file_of_each_series_is_read_and_each_only_once(tmp_path, monkeypatch):
    for series in "12":
        for number in (1, 2, 3):
            write(tmp_path / f"{series}{number}", number, series=series, **FULL)
    images = images_of(tmp_path)
    read = []
    original = module().quick_header
    monkeypatch.setattr(
        module(), "quick_header", lambda path, tags: read.append(path) or original(path, tags)
    )
    first = read_study_facts(images, KEY)
    assert first == read_study_facts(images, KEY)
    assert len(read) == 2
    assert read_study_facts(images, bytes(32)).pseudonym != first.pseudonym


def module():
    from fluoro_annotator.dicom import study_facts

    return study_facts


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"PatientID": "AB-124"}, "pseudonym"),
        ({"StudyDate": "20260201"}, "study_date"),
        ({"BodyPartExamined": "TSPINE"}, "region"),
        ({"ManufacturerModelName": "Arm 10"}, "equipment"),
    ],
)
def test_what_series_disagree_about_is_not_claimed(tmp_path, change, lost):
    write(tmp_path / "a", series="1", **FULL)
    write(tmp_path / "b", series="2", **FULL | change)
    facts = read_study_facts(images_of(tmp_path), KEY)
    named = ("pseudonym", "study_date", "region", "equipment")
    assert [name for name in named if not getattr(facts, name)] == [lost]


def test_what_one_series_does_not_say_another_may(tmp_path):
    write(tmp_path / "a", series="1", **FULL)
    write(tmp_path / "b", series="2", PatientID="AB-123", IssuerOfPatientID="Clinic")
    whole = read_study_facts(images_of(tmp_path), KEY)
    assert all((whole.pseudonym, whole.study_date, whole.region, whole.equipment))


def test_files_that_are_gone_or_damaged_say_nothing(tmp_path):
    write(tmp_path / "a", **FULL)
    images = images_of(tmp_path)
    (tmp_path / "a").write_bytes(b"")
    assert read_study_facts(images, KEY) == StatedFacts(study_date=date(2026, 1, 31))
    assert read_study_facts((), KEY) == StatedFacts()


@pytest.mark.parametrize(
    "stated", ["20261301", "yesterday", "2026", "", "\uff12\uff10\uff12\uff16\uff10\uff11\uff10\uff11"]
)
def test_a_date_that_is_none_is_no_date(stated):
    assert module().day_of(stated) is None


def test_a_scan_reads_nothing_that_names_a_patient():
    shared = PATIENT_TAGS & IMAGE_TAGS
    assert shared == {0x00080005}  # Specific Character Set
    assert not {tag for tag in IMAGE_TAGS if tag >> 16 == 0x0010}
