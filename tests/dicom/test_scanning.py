"""From files and folders to studies, with a reason for everything that is left out."""

import os
import shutil
import stat
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import FrameReader, scan
from fluoro_annotator.errors import NothingToOpenError


def reasons(result):
    return {entry.path.name: entry.problem for entry in result.skipped}


@pytest.fixture
def folder(write, tmp_path, cine):
    """Two studies in nested folders, without and with extensions."""
    write("a/IM0001", cine[:1], SOPInstanceUID="1.1", InstanceNumber=2)
    write("a/deep/er/IM0002", cine[:1], SOPInstanceUID="1.2", InstanceNumber=1)
    write(
        "a/cine.dcm",
        cine,
        SOPInstanceUID="1.3",
        SeriesInstanceUID="1.2.3.2",
        SeriesNumber=1,
        InstanceNumber=None,
    )
    write("b/other", cine[:1], SOPInstanceUID="2.1", StudyInstanceUID="9.9", StudyDate="20230101")
    return tmp_path


def test_studies_series_and_images_are_ordered(folder):
    result = scan([folder])
    assert result.skipped == ()
    assert [study.uid for study in result.studies] == ["9.9", "1.2.3"]
    study = result.studies[1]
    assert [series.number for series in study.series] == [1, 2]
    assert [image.sop_instance_uid for image in study.images] == ["1.3", "1.2", "1.1"]
    assert (study.date, study.description) == ("20240131", "Medial branch block")
    assert study.image("1.2").path.name == "IM0002"
    assert study.image("nothing") is None
    assert result.require() is result


def test_what_an_image_says(write, read_one, cine):
    image = read_one(
        write(
            "x",
            cine,
            bits=12,
            PatientPosition="HFP",
            PatientOrientation=["L", "F"],
            PositionerPrimaryAngle="-155",
            PositionerSecondaryAngle="5",
            AcquisitionDate="20240131",
            AcquisitionTime="101112.5",
        )
    )
    assert (image.rows, image.columns, image.frames, image.samples) == (33, 47, 5, 1)
    assert (image.bits_allocated, image.bits_stored, image.signed) == (16, 12, False)
    assert (image.modality, image.patient_position, image.patient_orientation) == ("XA", "HFP", ("L", "F"))
    assert (image.primary_angle, image.secondary_angle, image.frame_time_ms) == (-155.0, 5.0, 125.0)
    assert image.acquisition == ("20240131", "101112.5")
    assert image.title == "2 Lumbar, oblique, primary -155.0°, secondary 5.0°"


def test_times_fall_back_on_rates_and_content(write, read_one, cine):
    options = {"FrameTime": None, "CineRate": 8, "ContentDate": "20240201", "ContentTime": "0900"}
    image = read_one(write("x", cine, **options))
    assert image.frame_time_ms == 125.0
    assert image.acquisition == ("20240201", "0900")
    combined = read_one(write("y", cine, AcquisitionDateTime="20240102030405.6+0100"))
    assert combined.acquisition == ("20240102", "030405.6+0100")
    assert read_one(write("z", cine[:1])).acquisition == (None, None)


@pytest.mark.parametrize("name", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_a_file_without_preamble_opens(name, write, read_one, cine):
    image = read_one(write("bare", cine, syntax=name, bits=12, preamble=False))
    assert image.transfer_syntax_uid == name
    np.testing.assert_array_equal(FrameReader(image).read(4), cine[4])


def test_a_data_set_that_contradicts_its_meta_information_opens(write, read_one, cine, kinds):
    path = write("x", cine, syntax=kinds["IMPLICIT"], bits=12)
    content = path.read_bytes()
    uid = b"1.2.840.10008.1.2\0"
    assert content.count(uid) == 1
    explicit = write("y", cine, bits=12).read_bytes()
    start = content.index(uid) + len(uid)
    assert explicit
    length = content[start - len(uid) - 2 : start - len(uid)]
    assert length == b"\x12\0"
    header = content[: start - len(uid) - 2] + b"\x14\0" + b"1.2.840.10008.1.2.1\0"
    path.write_bytes(header + content[start:])
    np.testing.assert_array_equal(FrameReader(read_one(path)).read(2), cine[2])


def test_the_same_image_twice_is_opened_once(folder, tmp_path):
    shutil.copy(folder / "a/IM0001", folder / "a/Z_copy")
    result = scan([folder, folder / "a", folder / "b/other"])
    assert len(result.studies) == 2
    assert reasons(result) == {"Z_copy": f"holds the same image as {folder / 'a/IM0001'}"}


def test_another_picture_under_the_same_uid_is_told_from_a_copy(folder):
    content = bytearray((folder / "a/IM0001").read_bytes())
    content[-1] ^= 1
    (folder / "a/Z_other").write_bytes(content)
    (left,) = scan([folder / "a"]).skipped
    assert left.path.name == "Z_other"
    assert left.problem == f"has the same SOP Instance UID as {folder / 'a/IM0001'}, but other content"
    assert "which of the two is right" in left.remedy


def test_everything_left_out_has_its_reason(folder, write, cine, kinds):
    write("a/ct", cine[:1], sop_class=kinds["CT"])
    (folder / "a/DICOMDIR").write_bytes(b"anything")
    (folder / "a/.DS_Store").write_bytes(b"anything")
    (folder / "a/.hidden").mkdir()
    (folder / "a/truth.json").write_text("{}")
    (folder / "a/README").write_text("Read me, please")
    (folder / "a/empty").touch()
    (folder / "a/dangling").symlink_to(folder / "nowhere")
    found = reasons(scan([folder, folder / "missing"]))
    assert found == {
        "ct": "is a CT Image, not a fluoroscopic image",
        "DICOMDIR": "is the index of a medium; its images are opened without it",
        ".DS_Store": "is a hidden file",
        ".hidden": "is a hidden folder",
        "truth.json": "is not a DICOM file",
        "README": "is not a DICOM file",
        "empty": "is empty",
        "dangling": "leads nowhere",
        "missing": "does not exist",
    }
    assert len(scan([folder]).studies) == 2


def test_a_dicomdir_under_another_name_is_known_by_its_class(save_dataset):
    dataset = Dataset()
    dataset.FileSetID = "X"
    path = save_dataset("index.dcm", dataset)
    content = path.read_bytes().replace(
        b"1.2.840.10008.5.1.4.1.1.12.1", b"1.2.840.10008.1.3.10\0\0\0\0\0\0\0\0"
    )
    path.write_bytes(content)
    assert "index of a medium" in reasons(scan([path]))["index.dcm"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"Rows": None}, "does not say how many rows"),
        ({"Columns": None}, "does not say how many columns"),
        ({"SOPInstanceUID": None}, "has no SOPInstanceUID"),
        ({"StudyInstanceUID": None}, "has no StudyInstanceUID"),
        ({"SeriesInstanceUID": ""}, "has no SeriesInstanceUID"),
        ({"BitsAllocated": 12}, "12 bits allocated"),
        ({"BitsStored": 17}, "17 bits stored in 16"),
        ({"SamplesPerPixel": 3}, "contradict each other"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "without a complete palette"),
        ({"NumberOfFrames": 0}, "number of frames"),
        ({"NumberOfFrames": 6}, "declares 6 frames of 33 x 47 but ends"),
        ({"NumberOfFrames": None}, "declares 1 frames but holds 5"),
        ({"Rows": 60000, "Columns": 60000, "NumberOfFrames": 2000}, "larger than any detector"),
        ({"pixel_data": b""}, "ends after 0 of"),
        ({"raw": {"Rows": ("US", b"\1")}}, "does not say how many rows"),
        ({"raw": {"Rows": ("DS", b"many")}}, "does not say how many rows"),
        ({"raw": {"NumberOfFrames": ("IS", b"-3")}}, "number of frames"),
        ({"raw": {"NumberOfFrames": ("IS", b"9999999999999999")}}, "ends after"),
        ({"raw": {"SOPInstanceUID": ("UI", b"")}}, "has no SOPInstanceUID"),
    ],
)
def test_contradicting_headers_are_damaged_files(options, reason, write, cine):
    result = scan([write("bad.dcm", cine, **options)])
    assert result.studies == ()
    assert reason in result.skipped[0].problem


@pytest.mark.parametrize(
    "raw",
    [
        {"InstanceNumber": ("IS", b"x "), "SeriesNumber": ("US", b"\1\2\3")},
        {"WindowCenter": ("SQ", b"\1\2"), "WindowWidth": ("DS", b"1\\a ")},
        {"PositionerPrimaryAngle": ("DS", b"1e9 "), "FrameTime": ("DS", b"-1")},
        {"ViewCodeSequence": ("SQ", b"\xfe\xff\x00\xe0\xff\xff\xff\x7f")},
        {"SpecificCharacterSet": ("CS", b"ISO_IR 9999 ")},
        {"PixelSpacing": ("DS", b"0\\0 "), "ImagerPixelSpacing": ("DS", b"nan ")},
        {"SeriesDescription": ("LO", b"\xff\xfe\xfd\xfc"), "Modality": ("FD", b"\0\0\0")},
        {"PresentationLUTShape": ("OB", b"\1\2"), "PatientOrientation": ("UL", b"\1")},
    ],
)
def test_malformed_values_that_do_not_matter_count_as_absent(raw, write, cine, caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = scan([write("odd.dcm", cine, raw=raw)])
    assert [entry.problem for entry in result.skipped] == []
    assert caplog.text == ""
    image = result.studies[0].images[0]
    assert image.primary_angle is None
    assert not image.calibration.usable


def test_an_unsupported_syntax_is_a_reason(write, cine):
    path = write("video.dcm", cine, syntax="1.2.840.10008.1.2.4.102", encoded=[b"12"])
    assert "MPEG-4 AVC" in reasons(scan([path]))["video.dcm"]


def test_progress_counts_files(folder):
    seen = []
    scan([folder], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_to_open_lists_the_reasons(tmp_path):
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text("no")
    (tmp_path / "empty").touch()
    with pytest.raises(NothingToOpenError, match=r"8 x is not a DICOM file; 1 x is empty") as caught:
        scan([tmp_path]).require()
    assert "Choose the folder" in str(caught.value)


def test_nothing_to_open_names_a_single_file(tmp_path):
    with pytest.raises(NothingToOpenError, match=r"nowhere\.dcm does not exist"):
        scan([tmp_path / "nowhere.dcm"]).require()
    with pytest.raises(NothingToOpenError, match="it is empty"):
        scan([tmp_path]).require()


def test_identifiers_of_the_patient_are_not_kept(folder):
    (folder / "a/broken").write_bytes((folder / "a/cine.dcm").read_bytes()[:2000])
    text = repr(scan([folder]))
    assert "Lumbar" in text
    assert "broken" in text
    for secret in ("SECRET", "PERSON", "19010203"):
        assert secret not in text


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are files of Unix")
def test_a_named_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert reasons(scan([tmp_path, tmp_path / "pipe"]))["pipe"].startswith("is neither")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind the superuser"
)
def test_a_file_without_read_permission_is_a_reason(write, cine):
    path: Path = write("closed.dcm", cine)
    path.chmod(stat.S_IWUSR)
    assert reasons(scan([path])) == {"closed.dcm": "may not be read by this user"}


def test_a_refused_read_is_a_reason(write, cine, monkeypatch):
    path = write("closed.dcm", cine)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert reasons(scan([path])) == {"closed.dcm": "may not be read by this user"}


def test_a_path_that_may_not_even_be_looked_at_is_a_reason(folder, monkeypatch):
    look = os.stat

    def refuse(path, *arguments, **options):
        if not isinstance(path, int) and Path(path).name == "IM0001":
            raise PermissionError(13, "Permission denied")
        return look(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", refuse)
    result = scan([folder])
    assert reasons(result) == {"IM0001": "may not be read by this user"}
    assert len(result.studies) == 2


def test_an_impossible_path_is_a_reason(folder):
    result = scan(["no\0path", folder])
    assert [entry.problem for entry in result.skipped] == ["is not a valid path"]
    assert len(result.studies) == 2


def test_relative_paths_survive_a_change_of_folder(folder, monkeypatch, cine):
    monkeypatch.chdir(folder)
    image = scan(["b", "b/../b/other", "./b/other"]).studies[0].images[0]
    monkeypatch.chdir(folder.parent)
    assert image.path.is_absolute()
    np.testing.assert_array_equal(FrameReader(image).read(0), cine[0])


def test_a_folder_that_may_not_be_listed_is_a_reason(folder, monkeypatch):
    listing = os.scandir

    def refuse(path):
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert reasons(scan([folder])) == {"deep": "may not be read by this user"}
