"""What a DICOMDIR refers to, followed no further than its own folder; links; and cancelling."""

import os
import shutil
import struct
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest
from pydicom import config
from pydicom.data import get_testdata_file
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import helpers, media, scan, skimming
from fluoro_annotator.dicom.media import follow

MEDIA = "1.2.840.10008.1.3.10"
EXPLICIT = "1.2.840.10008.1.2.1"


def write_index(path, *names, undefined=False, syntax=EXPLICIT):
    """Write a DICOMDIR with an image record for each name, given as a list of parts."""
    index = Dataset()
    index.FileSetID = "TEST"
    index.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    items = []
    for parts in names:
        item = Dataset()
        item.OffsetOfTheNextDirectoryRecord = 0
        item.OffsetOfReferencedLowerLevelDirectoryEntity = 0
        item.DirectoryRecordType = "IMAGE"
        item.add(DataElement(0x00041500, "CS", parts, validation_mode=config.IGNORE))
        item.is_undefined_length_sequence_item = undefined
        items.append(item)
    index.DirectoryRecordSequence = Sequence(items)
    index["DirectoryRecordSequence"].is_undefined_length = undefined
    index.file_meta = FileMetaDataset()
    index.file_meta.MediaStorageSOPClassUID = MEDIA
    index.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    index.file_meta.TransferSyntaxUID = syntax
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's, about names that no medium may have
        dcmwrite(path, index, enforce_file_format=True)
    return path


def reasons(result):
    return {entry.path.name: entry.problem for entry in result.skipped}


@pytest.fixture
def medium(write, tmp_path, cine):
    times = {"StudyTime": "101010", "StudyID": "1", "AccessionNumber": "1"}
    for number in range(3):
        write(f"cd/IMAGES/A{number}", cine[:1], SOPInstanceUID=f"1.{number}", **times)
    return tmp_path / "cd"


@pytest.mark.parametrize("undefined", [False, True])
def test_a_dicomdir_opens_the_images_it_refers_to(medium, undefined):
    index = write_index(medium / "DICOMDIR", ["IMAGES", "A0"], ["IMAGES", "A2"], undefined=undefined)
    result = scan([index])
    assert [image.path.name for image in result.studies[0].images] == ["A0", "A2"]
    assert result.skipped == ()


def test_dicomdirs_packaged_with_pydicom_are_understood():
    """It refers to 31 images; those of accepted kinds open, the others are named as what they are."""
    index = Path(get_testdata_file("DICOMDIR"))
    result = scan([index])
    assert result.studies
    assert len(result.skipped) + sum(len(study.images) for study in result.studies) == 31
    assert {entry.problem for entry in result.skipped} <= {
        "is a CT Image, not a fluoroscopic image",
        "is an MR Image, not a fluoroscopic image",
    }


@pytest.mark.validator
@pytest.mark.skipif(shutil.which("dcmmkdir") is None, reason="dcmmkdir of dcmtk is not installed")
def test_a_dicomdir_written_by_dcmtk_is_understood(medium):
    command = ["dcmmkdir", "--general-purpose", "--no-consistency-check", "--invent", "--recurse", "IMAGES"]
    subprocess.run([*command, "+id", "."], cwd=medium, check=True, capture_output=True, timeout=60)
    result = scan([medium / "DICOMDIR"])
    assert {image.sop_instance_uid for image in result.studies[0].images} == {"1.0", "1.1", "1.2"}


def test_a_walk_and_the_dicomdir_find_the_same_images_once(medium):
    write_index(medium / "DICOMDIR", ["IMAGES", "A0"], ["IMAGES", "A1"])
    result = scan([medium, medium / "DICOMDIR"])
    assert len(result.studies[0].images) == 3
    assert reasons(result) == {"DICOMDIR": "is the index of a medium; its images are opened without it"}


def test_names_in_small_letters_are_found(medium):
    (medium / "IMAGES" / "A0").rename(medium / "IMAGES" / "a0")
    (medium / "IMAGES").rename(medium / "images")
    result = scan([write_index(medium / "DICOMDIR", ["IMAGES", "A0"])])
    assert [image.path.name for image in result.studies[0].images] == ["a0"]


def test_missing_images_are_listed(medium):
    write_index(medium / "DICOMDIR", ["IMAGES", "A0"], ["IMAGES", "GONE"], ["IMAGES"])
    for selection in (medium, medium / "DICOMDIR"):
        found = reasons(scan([selection]))
        assert found["GONE"] == found["IMAGES"] == "is listed in the DICOMDIR but is not there"


@pytest.mark.parametrize(
    "parts",
    [["..", "SECRET"], ["IMAGES", "..", "..", "SECRET"], ["/etc", "passwd"], ["C:", "X"], ["", "X"], ["."]],
)
def test_nothing_outside_the_medium_is_opened(parts, medium, write, cine, monkeypatch):
    write("SECRET", cine[:1], SOPInstanceUID="6.6.6")
    index = write_index(medium / "DICOMDIR", ["IMAGES", "A0"], parts)
    touched, real = [], os.stat

    def noted(path, *arguments, **options):
        touched.append(str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", noted)
    result = scan([index])
    assert [image.sop_instance_uid for image in result.studies[0].images] == ["1.0"]
    assert "refers to a file outside its folder" in result.skipped[0].problem
    assert not any("SECRET" in path or "passwd" in path for path in touched)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_that_lead_out_are_not_followed(medium, write, cine):
    secret = write("elsewhere/SECRET", cine[:1], SOPInstanceUID="6.6.6")
    (medium / "IMAGES" / "LINK").symlink_to(secret)
    (medium / "FOLDER").symlink_to(secret.parent)
    (medium / "IMAGES" / "INSIDE").symlink_to(medium / "IMAGES" / "A0")
    write_index(medium / "DICOMDIR", ["IMAGES", "LINK"], ["FOLDER", "SECRET"])
    alone = scan([medium / "DICOMDIR"])
    assert alone.studies == ()
    assert set(reasons(alone).values()) == {"leads out of the folder of its medium"}
    found = scan([medium])
    assert {image.sop_instance_uid for image in found.studies[0].images} == {"1.0", "1.1", "1.2"}
    assert reasons(found)["FOLDER"] == "leads out of the folder that was opened"
    assert reasons(found)["INSIDE"].startswith("holds the same image")
    assert scan([medium / "IMAGES" / "LINK"]).studies[0].images[0].sop_instance_uid == "6.6.6"


def test_an_index_that_refers_to_itself_or_another_is_not_followed(medium):
    write_index(medium / "IMAGES" / "DICOMDIR", ["DICOMDIR"])
    index = write_index(medium / "DICOMDIR", ["DICOMDIR"], ["IMAGES", "DICOMDIR"], ["IMAGES", "A1"])
    result = scan([index])
    assert [image.path.name for image in result.studies[0].images] == ["A1"]
    assert [entry.problem for entry in result.skipped] == ["is an index that another index refers to"] * 2


def test_records_in_a_circle_end(medium):
    index = write_index(medium / "DICOMDIR", ["IMAGES", "A0"], ["IMAGES", "A1"])
    content = index.read_bytes()
    items = [at for at in range(len(content)) if content[at : at + 4] == b"\xfe\xff\x00\xe0"]
    first = content.index(struct.pack("<HH2sH", 0x0004, 0x1200, b"UL", 4)) + 8
    content = content[:first] + struct.pack("<L", items[0]) + content[first + 4 :]
    for item, target in zip(items, (items[1], items[0]), strict=True):
        at = content.index(struct.pack("<HH2sH", 0x0004, 0x1400, b"UL", 4), item) + 8
        content = content[:at] + struct.pack("<L", target) + content[at + 4 :]
    index.write_bytes(content)
    result = scan([index])
    assert len(result.studies[0].images) == 2
    assert reasons(result) == {"DICOMDIR": "has records that refer to each other in a circle"}


def test_a_damaged_index_is_a_reason_at_most(medium, tmp_path):
    content = write_index(
        medium / "DICOMDIR", ["IMAGES", "A0"], ["IMAGES", "A1"], undefined=True
    ).read_bytes()
    copy = medium / "DICOMDIR"
    for end in range(0, len(content), 7):
        copy.write_bytes(content[:end])
        scan([copy])
    copy.write_bytes(content[:-60])
    assert reasons(scan([copy])) == {"DICOMDIR": "is the index of a medium and cannot be read"}
    copy.write_bytes(b"anything")
    assert len(scan([medium]).studies[0].images) == 3


def test_an_index_too_large_to_be_one_is_not_read(medium, monkeypatch):
    index = write_index(medium / "DICOMDIR", ["IMAGES", "A0"])
    monkeypatch.setattr(media, "LARGEST", 100)
    skipped = []
    assert follow(index, skipped) == []
    assert skipped[0].problem == "is the index of a medium and cannot be read"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_cancelled_scan_gives_what_it_has_found(write, cine, tmp_path, workers):
    for number in range(300):
        write(f"many/{number:03}", cine[:1], SOPInstanceUID=f"1.{number}")
    seen = []
    result = scan(
        [tmp_path / "many"],
        workers=workers,
        progress=lambda done, _: seen.append(done),
        cancel=lambda: len(seen) >= 10,
    )
    assert result.cancelled
    assert seen == list(range(1, 11))
    assert len(result.studies[0].images) == 10
    before = scan([tmp_path], cancel=lambda: True)
    assert before.cancelled
    assert before.studies == ()


def test_cancelling_does_not_wait_for_a_slow_drive(write, cine, tmp_path, monkeypatch):
    """Helpers that hang on a file are stopped; the scan ends within a fifth of a second."""
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(skimming, "__file__", str(slow))
    for number in range(70):
        write(f"many/{number:03}", cine[:1], SOPInstanceUID=f"1.{number}")
    asked = []

    def cancel():
        asked.append(time.monotonic())
        return len(asked) > 1 and asked[-1] - asked[0] > 0.3

    assert scan([tmp_path / "many"], workers=2, cancel=cancel).cancelled
    first_yes = next(at for at in asked if at - asked[0] > 0.3)
    assert time.monotonic() - first_yes < 0.2


def test_workers_do_not_change_what_is_found(write, cine, tmp_path, monkeypatch, kinds):
    for number in range(20):
        write(f"many/{number:03}", cine[:1], SOPInstanceUID=f"1.{number % 15}")
    write("many/ct", cine[:1], sop_class=kinds["CT"])
    write("many/big", cine[:1], syntax=kinds["BIG"], SOPInstanceUID="1.99")
    (tmp_path / "many/text").write_text("text")
    monkeypatch.setattr(helpers, "CHUNK", 3)
    assert scan([tmp_path / "many"], workers=2) == scan([tmp_path / "many"], workers=1)
