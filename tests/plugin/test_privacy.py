"""Nothing of the patient, and of nobody else in the header, is in any file that the program writes.

Unique marks stand in every text, name, number and date of the header that the dictionary of DICOM knows for
patient, visit, request, study, series, equipment and image, in the names of files and folders, and in an overlay. Then
a study is opened, marked, exported and imported, and every file is looked through for them.
"""

import contextlib
import hashlib
import logging
import os
import re
import subprocess
import sys
import time
import zlib

import pytest
from pydicom import dcmread
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator import logs, settings
from fluoro_annotator.dicom import ScanIndex, default_index, read_study_facts, scan
from fluoro_annotator.dicom.patients import PATIENT_TAGS
from fluoro_annotator.dicom.values import quiet
from napari_fluoro_annotator.opening import opener_of

STUDY = "2.25.7700"
GROUPS = {0x0008, 0x0010, 0x0012, 0x0018, 0x0020, 0x0028, 0x0032, 0x0038, 0x0040, 0x0088, 0x2050, 0x4008}
TEXTS = {"LO", "SH", "LT", "ST", "UT", "UC", "AE", "UR"}
MARK = re.compile(rb"ZQ[0-9A-F]{8}")
LEFT_OUT = {0x00080005, 0x00080070, 0x00081090}
"""Character set, and manufacturer and model, which the store keeps."""

SERIES_DESCRIPTION = "ZQ0008103E"
KNOWN_TO_THE_SCREEN = {
    SERIES_DESCRIPTION,
    "ZQ00081030",
    "ZQ00281055",
    "ZQFFFF0001",
    "ZQFFFF0002",
    "ZQFFFF0008",
    "ZQ00080060",
}
"""Descriptions of study, series, windows and view, modality, and the places of files: a person needs them to find a file. They
are kept nowhere but in the index, masked."""

NUMBERS = {
    "PatientBirthDate": "18470929",
    "PatientBirthTime": "034159",
    "PatientAge": "179Y",
    "PatientWeight": "71.84729",
    "PatientSize": "1.684729",
    "PatientTelephoneNumbers": "+99 184 72947",
    "AdmittingDate": "18470930",
    "LastMenstrualDate": "18470831",
}
FOLDER, FILE = "ZQFFFF0001", "ZQFFFF0002"
ISSUER_AND_NUMBER = ("ZQ00100021", "ZQ00100020")


def planted():
    """Return keywords and values of marks for all attributes, by keyword."""
    found = {}
    for tag, (vr, _, _, retired, keyword) in DicomDictionary.items():
        if tag >> 16 not in GROUPS or tag in LEFT_OUT or not keyword:
            continue
        if vr == "PN":
            found[keyword] = f"ZQ{tag:08X}^Given"
        elif vr in TEXTS and (retired != "Retired" or tag >> 16 == 0x0010):
            found[keyword] = f"ZQ{tag:08X}"
    return found | NUMBERS


def sequences(values):
    other, person = Dataset(), Dataset()
    other.PatientID, other.IssuerOfPatientID = "ZQFFFF0003", "ZQFFFF0004"
    person.PersonName, person.PersonAddress, person.InstitutionName = (
        "ZQFFFF0005",
        "ZQFFFF0006",
        "ZQFFFF0007",
    )
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "1", "99X", "ZQFFFF0008"
    return values | {
        "OtherPatientIDsSequence": Sequence([other]),
        "OperatorIdentificationSequence": Sequence([person]),
        "ReferringPhysicianIdentificationSequence": Sequence([person]),
        "ViewCodeSequence": Sequence([view]),
    }


@pytest.fixture
def folder(tmp_path, write_xa):
    """Two series full of marks; the model of the second one holds the name of the patient."""
    place = tmp_path / FOLDER
    with quiet():
        values = sequences(planted()) | {"BodyPartExamined": "LSPINE", "Manufacturer": "Maker"}
        values |= {
            "PixelSpacing": [0.2, 0.2],
            "PixelSpacingCalibrationType": "FIDUCIAL",
            "StudyDate": "20260131",
        }
        for number, model in ((1, "Arm 9"), (2, "Arm of ZQ00100010")):
            own = {"SeriesNumber": number, "ManufacturerModelName": model}
            write_xa(place / f"{FILE}.{number}", number=number, study=STUDY, frames=3, **values | own)
            add_overlay(place / f"{FILE}.{number}")
    (place / f"{FILE}.txt").write_text("ZQFFFF0009", encoding="utf-8")
    (place / f"{FILE}.dcm").write_bytes((place / f"{FILE}.1").read_bytes()[:900])
    return place


def add_overlay(path):
    with quiet():
        dataset = dcmread(path)
        dataset.add_new(0x60000010, "US", dataset.Rows)
        dataset.add_new(0x60000011, "US", dataset.Columns)
        dataset.add_new(0x60000022, "LO", "ZQ60000022")
        dataset.add_new(0x60000040, "CS", "G")
        dataset.add_new(0x60000050, "SS", [1, 1])
        dataset.add_new(0x60000100, "US", 1)
        dataset.add_new(0x60000102, "US", 0)
        dataset.add_new(0x60001500, "LO", "ZQ60001500")
        dataset.add_new(0x60003000, "OW", b"ZQFFFF000A".ljust(dataset.Rows * dataset.Columns // 8, b"\0"))
        dataset.private_block(0x0029, "ZQFFFF000B", create=True).add_new(0x01, "LO", "ZQFFFF000C")
        dataset.save_as(path)


def digests():
    """Return what somebody who knows no key could compute from the number of the patient."""
    issuer, number = ISSUER_AND_NUMBER
    for text in (number, issuer + number, number + issuer):
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            yield hashlib.new(name, text.encode()).hexdigest()


def marks_in(content):
    """Return the marks in bytes, however they are written."""
    forms = [content, content.replace(b"\0", b"")]  # as UTF-16, too
    for start in (at.start() for at in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content)):
        with contextlib.suppress(zlib.error):
            forms.append(zlib.decompressobj().decompress(content[start:]))
    found = set()
    for form in forms:
        upper = form.upper()
        found |= {mark.decode() for mark in MARK.findall(upper)}
        found |= {each for each in NUMBERS.values() if each.upper().encode() in upper}
        found |= {each for each in digests() if each[:32].upper().encode() in upper}
    return found


def written(place):
    """Return the name and the content of every file in a folder."""
    files = [path for path in place.rglob("*") if path.is_file()]
    return {path: path.name.encode() + b"\n" + path.read_bytes() for path in files}


def assert_clean(files):
    assert {path.name: marks for path, content in files.items() if (marks := marks_in(content))} == {}


# ---------------------------------------------------------------------- the test is able to fail


def test_the_files_hold_marks_in_every_attribute_of_the_patient(folder):
    content = (folder / f"{FILE}.1").read_bytes()
    found = marks_in(content)
    texts = {keyword for keyword, value in planted().items() if str(value).startswith("ZQ")}
    assert len(texts) > 300
    assert len({mark for mark in found if mark.startswith("ZQ")}) >= len(texts)
    assert set(NUMBERS.values()) <= found
    of_patients = {f"ZQ{tag:08X}" for tag in PATIENT_TAGS if DicomDictionary[tag][0] in TEXTS | {"PN"}}
    assert of_patients <= found | {"ZQ00080005", "ZQ00102154"}  # NUMBERS has that of the telephone
    assert {"ZQ60000022", "ZQ60001500", "ZQFFFF000A", "ZQFFFF000B", "ZQFFFF000C", "ZQFFFF0003"} <= found


@pytest.mark.parametrize(
    "hide",
    [
        lambda text: text.encode(),
        lambda text: text.lower().encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: b"head" + zlib.compress(b"x" * 90 + text.encode(), 1),
        lambda text: b"\1" * 50 + zlib.compress(text.encode(), 9),
    ],
)
def test_a_mark_in_a_file_is_found(tmp_path, hide):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "some.sqlite-wal").write_bytes(b"\0\xff" * 9 + hide("ZQ00100010"))
    with pytest.raises(AssertionError, match="ZQ00100010"):
        assert_clean(written(tmp_path))


def test_a_name_of_a_file_and_a_number_without_its_key_are_found(tmp_path):
    (tmp_path / f"{FILE}.json").write_bytes(b"")
    with pytest.raises(AssertionError, match=FILE):
        assert_clean(written(tmp_path))
    assert marks_in(hashlib.sha256(b"ZQ00100020").hexdigest().encode())
    assert marks_in(b"born 18470929")


# ---------------------------------------------------------------------- the program


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the only folder in which the program may write."""
    place = tmp_path / "home"
    for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(place / variable))
    monkeypatch.setenv("FLUORO_ANNOTATOR_LOGS", str(place / "logs"))
    monkeypatch.setenv("FLUORO_ANNOTATOR_STORE", str(place / "store" / "readings.sqlite"))
    monkeypatch.setenv("FLUORO_ANNOTATOR_READER", "Reader A")
    (place / "exports").mkdir(parents=True)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def opened(qapp, home, folder, *, close_window, pump, hand_on):
    """A window on which the folder was dropped, its dock, and a hand; the log is kept."""
    from napari_fluoro_annotator.launch import make_window

    with logs.kept():
        viewer, dock = make_window()
        viewer.window.resize(1200, 800)
        pump(5)
        viewer.window._qt_viewer._qt_open([str(folder)], stack=False, plugin="fluoro-annotator")
        end = time.monotonic() + 60
        while opener_of(viewer).busy or dock.controller.session is None:
            assert time.monotonic() < end, "waited in vain"
            pump(1)
        pump(5)
        yield dock, hand_on(viewer, dock.binding)
        close_window(viewer)


def mark(dock, hand):
    """Mark with mouse and keys, and by what panels call."""
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(50, 60)
    assert len(dock.controller.session.marks) == 1, dock.view._hint.text()
    hand.key("N")
    hand.click(80, 60)
    hand.click(120, 100)
    session = dock.controller.session
    assert len(session.marks) == 2
    session.add_level_label(session.marks[0].frame, "L4", (20, 30))
    hand.key("Z", control=True)
    session.submit("finished")


def fail_and_log(folder):
    try:
        int(f"{folder} ZQ00100010^Given")
    except ValueError:
        logging.getLogger("napari_fluoro_annotator.opening").exception("cannot show %s", folder / FILE)


def run(*arguments):
    """Run the command line as a process of its own; return what it printed."""
    command = [sys.executable, "-m", "fluoro_annotator", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=120, env=dict(os.environ))
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout + done.stderr


@pytest.mark.gui
def test_a_window_and_the_command_line_write_nothing_of_the_patient(opened, folder, home, qtbot):
    dock, hand = opened
    mark(dock, hand)
    for name in ("marks.json", "marks.csv"):
        dock.view.export_requested.emit(str(home / "exports" / name))
        qtbot.waitUntil(dock.view._export.isEnabled, timeout=20_000)
    fail_and_log(folder)
    stored = dock.controller.session.study.facts
    assert (str(stored.study_date), stored.region, stored.equipment) == (
        "2026-01-31",
        "lumbar",
        "Maker Arm 9",
    )
    assert len(stored.pseudonym) == 32
    files = written(home)
    names = {path.name for path in files}
    assert {"readings.sqlite", "readings.sqlite-wal", "scans.sqlite", "pseudonym.key"} <= names
    assert {"marks.json", "marks.csv", "fluoro_annotator.log"} <= names
    in_store = b"".join(content for path, content in files.items() if path.parent.name == "store")
    assert STUDY.encode() in in_store
    assert b"L3_MB" in in_store
    assert stored.pseudonym.encode() in in_store
    assert b"ValueError" in files[home / "logs" / "fluoro_annotator.log"]
    assert_clean(files)
    key = settings.pseudonym_key().hex().encode()
    assert [path.name for path, content in files.items() if key in content] == ["pseudonym.key"]

    shown = run("inspect", folder) + run("inspect", folder, "--json")
    assert marks_in(shown) <= KNOWN_TO_THE_SCREEN
    assert marks_in(run("marks", "list")) == set()
    for name in ("again.json", "again.csv"):
        run("marks", "export", home / "exports" / name)
    run("marks", "import", home / "exports" / "again.json", "--store", home / "store" / "other.sqlite")
    run("store", "backup", home / "exports" / "backup.sqlite")
    run("store", "copy", home / "store" / "readings.sqlite", home / "store" / "copy.sqlite")
    listed = run("studies", "list", "--region", "lumbar", "--json") + run("store", "status")
    assert STUDY.encode() in listed
    assert marks_in(listed) == set()
    files = written(home)
    made = {"again.json", "again.csv", "other.sqlite", "backup.sqlite", "copy.sqlite"}
    assert made <= {path.name for path in files}
    assert_clean(files)


@pytest.mark.gui
def test_changes_that_wait_in_a_rescue_file_say_nothing_of_the_patient(home, folder, request):
    (home / "store" / "readings.sqlite").mkdir(parents=True)  # a folder in the place of the store
    dock, hand = request.getfixturevalue("opened")
    mark(dock, hand)
    rescued = written(settings.rescue_folder())
    assert len(rescued) == 1
    assert b"L3_MB" in b"".join(rescued.values())
    assert_clean(written(home))


def test_the_index_of_scans_knows_descriptions_for_the_screen_only(folder, home):
    index = default_index()
    scan([folder], index=index)
    index.close()
    assert_clean(written(home))
    known = ScanIndex(index.path).look(str(folder))
    assert len(known) == 4
    assert SERIES_DESCRIPTION in marks_in(repr(known).encode()) <= KNOWN_TO_THE_SCREEN


def test_no_value_in_memory_tells_who_the_patient_is(folder, home):
    (study,) = scan([folder]).studies
    facts = read_study_facts(study.images, settings.pseudonym_key())
    assert marks_in(repr(facts).encode()) == set()
    assert marks_in(repr(study).encode()) <= KNOWN_TO_THE_SCREEN
