"""``inspect`` shows what there is, says why the rest is skipped, and never names the patient."""

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pydicom
import pytest

from fluoro_annotator.cli.screen import progress

STUDY_UID = "1.2.826.0.1.3680043.10.7"
CT = "1.2.840.10008.5.1.4.1.1.2"


@pytest.fixture
def folder(write_dicom):
    """Return a folder with an image, a calibrated cine and three files that are skipped."""
    first = write_dicom("IM0001")
    write_dicom(
        "IM0002.dcm",
        NumberOfFrames=4,
        FrameTime=40.0,
        PositionerPrimaryAngle=-155.0,
        PositionerSecondaryAngle=5.0,
        ImagerPixelSpacing=[0.3, 0.3],
        EstimatedRadiographicMagnificationFactor=1.5,
    )
    write_dicom("CT.dcm", SOPClassUID=CT, Modality="CT")
    (first.parent / "empty.dcm").write_bytes(b"")
    (first.parent / "notes.txt").write_text("no DICOM")
    return first.parent


def _tables(text):
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return {
        block[0]: [dict(zip(block[1].split("\t"), line.split("\t"), strict=True)) for line in block[2:]]
        for block in blocks
    }


def test_images_and_skipped_files_in_a_pipe(run, folder):
    result = run("inspect", folder)
    assert result.exit_code == 0
    tables = _tables(result.stdout)
    images = tables[f"Study {STUDY_UID}, 2026-01-31"]
    assert len(images) == 2
    cine = images[1]
    assert (cine["series"], cine["frames"], cine["frames/s"]) == ("3", "4", "25.0")
    assert (cine["primary °"], cine["secondary °"]) == ("-155.0", "5.0")
    assert cine["rows x columns"] == "8 x 6"
    assert cine["transfer syntax"] == "Explicit VR Little Endian"
    assert cine["mm per pixel"] == "0.2000 x 0.2000"
    assert images[0]["mm per pixel"] == ""
    assert images[0]["scale from"] == "no calibration"
    skipped = {Path(row["file"]).name: row["reason"] for row in tables["Skipped files"]}
    assert set(skipped) == {"CT.dcm", "empty.dcm", "notes.txt"}
    assert "CT" in skipped["CT.dcm"]
    assert all(skipped.values())


def test_the_patient_is_never_shown(run, folder):
    for options in ([], ["--json"]):
        output = run("inspect", folder, *options).output
        assert "CANARY" not in output
        assert "19010203" not in output


def test_json_holds_the_same_facts(run, folder):
    result = run("inspect", folder, "--json")
    values = json.loads(result.stdout)
    (study,) = values["studies"]
    images = study["series"][0]["images"]
    assert study["study_instance_uid"] == STUDY_UID
    assert [image["frames"] for image in images] == [1, 4]
    assert images[1]["frames_per_second"] == pytest.approx(25)
    assert images[1]["calibration"]["row_mm_per_px"] == pytest.approx(0.2)
    assert images[1]["calibration"]["usable"] is True
    assert len(values["skipped"]) == 3


def test_overlays_that_may_carry_a_name_are_announced(run, folder):
    path = folder / "IM0001"
    dataset = pydicom.dcmread(path)
    for element, vr, value in (
        (0x10, "US", 8),
        (0x11, "US", 6),
        (0x40, "CS", "G"),
        (0x50, "SS", [1, 1]),
        (0x100, "US", 1),
        (0x102, "US", 0),
        (0x3000, "OW", bytes(6)),
    ):
        dataset.add_new((0x6000, element), vr, value)
    dataset.save_as(path)
    (row,) = _tables(run("inspect", folder).stdout)["Overlays, which are not shown"]
    assert (Path(row["file"]).name, row["planes"]) == ("IM0001", "1")
    (study,) = json.loads(run("inspect", folder, "--json").stdout)["studies"]
    assert [image["overlays"] for image in study["series"][0]["images"]] == [1, 0]


FULL = {
    "NumberOfFrames": 4,
    "FrameTime": 40.0,
    "CineRate": 10,
    "ViewPosition": "LL",
    "PatientPosition": "HFP",
    "PatientOrientation": ["L", "F"],
    "PositionerPrimaryAngle": 90.0,
    "WindowCenter": [100, 200],
    "WindowWidth": [50, 60],
    "PixelSpacing": [0.2, 0.3],
    "PixelSpacingCalibrationType": "GEOMETRY",
    "ShutterShape": "RECTANGULAR",
    "ShutterLeftVerticalEdge": 2,
    "ShutterRightVerticalEdge": 5,
    "ShutterUpperHorizontalEdge": 2,
    "ShutterLowerHorizontalEdge": 7,
}


def test_verbose_gives_a_block_for_each_image(run, write_dicom):
    path = write_dicom(**FULL)
    tables = _tables(run("inspect", path, "--verbose").stdout)
    ((title, rows),) = tables.items()
    assert title == f"Study {STUDY_UID}, 2026-01-31, series 3 Lumbar, image 1"
    lines = {row["what"]: row["value"] for row in rows}
    assert lines["pixels"] == "8 x 6, 12 of 16 bits, unsigned, MONOCHROME2"
    assert lines["times"] == "25 frames/s, Frame Time"
    assert "10" in lines["times contradict"]
    assert lines["window"] == "center 100 width 50, center 200 width 60"
    assert lines["shutter"] == "rectangle"
    assert "View Position" in lines["view from"]
    assert lines["angles"] == "primary 90.0°"
    assert lines["patient"].startswith("HFP, top H, right L")
    assert lines["scale"].startswith("0.2000 x 0.3000 mm, from Pixel Spacing")
    assert lines["scale interval"] == "0.1800 to 0.2200 mm per pixel (an engineering default)"
    assert "overlays" not in lines


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"PhotometricInterpretation": "MONOCHROME1"}, "small values are bright"),
        ({"PresentationLUTShape": "INVERSE"}, "small values are bright"),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "IDENTITY"}, None),
        ({"PhotometricInterpretation": "MONOCHROME2"}, None),
    ],
)
def test_verbose_says_whether_small_values_are_bright(run, write_dicom, attributes, said):
    ((_, rows),) = _tables(run("inspect", write_dicom(**attributes), "--verbose").stdout).items()
    assert {row["what"]: row["value"] for row in rows}.get("window") == said


def test_verbose_says_that_a_series_has_no_number(run, write_dicom):
    path = write_dicom(SeriesNumber=None, SeriesDescription="")
    ((title, _),) = _tables(run("inspect", path, "--verbose").stdout).items()
    assert "series without number" in title


def test_verbose_says_why_there_is_no_scale(run, write_dicom):
    ((_, rows),) = _tables(run("inspect", write_dicom(), "--verbose").stdout).items()
    lines = {row["what"]: row["value"] for row in rows}
    assert lines["scale"] == "none: the header states no pixel spacing"
    assert "scale interval" not in lines
    assert lines["angles"] == "not stated"


def test_json_says_where_everything_comes_from(run, write_dicom):
    values = json.loads(run("inspect", write_dicom(**FULL), "--json").stdout)
    assert values["schema_version"] == 1
    ((image,),) = (series["images"] for series in values["studies"][0]["series"])
    assert image["clock"]["source"] == "frame_time"
    assert image["clock"]["step_ms"] == 40
    assert len(image["clock"]["contradictions"]) == 1
    assert image["display"]["windows"] == [{"center": 100, "width": 50}, {"center": 200, "width": 60}]
    assert image["display"]["shutter"] == ["rectangle"]
    assert image["geometry"]["edge_letters"] == ["H", "L", "F", "R"]
    assert image["calibration"]["source"] == "pixel_spacing_geometry"
    assert image["calibration"]["relative_error_is_default"] is True
    assert image["calibration"]["row_interval_mm"] == pytest.approx([0.18, 0.22])
    assert image["calibration"]["plane"]
    assert image["calibration"]["reason"] == ""
    assert image["view_rule"].startswith("View Position")


def test_an_image_of_an_archive_is_named_by_the_archive(run, write_dicom, tmp_path):
    archive = tmp_path / "export"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(write_dicom(**FULL), "CD1/IM1")
    shown = f"{archive}: CD1/IM1"
    tables = _tables(run("inspect", archive, "--verbose").stdout)
    assert {"what": "file", "value": shown} in next(iter(tables.values()))
    (study,) = json.loads(run("inspect", archive, "--json").stdout)["studies"]
    (image,) = study["series"][0]["images"]
    assert image["where"] == shown
    assert Path(image["path"]).is_file()


def test_every_key_of_the_json_is_documented(run, write_dicom):
    page = (Path(__file__).parents[2] / "docs" / "user" / "command-line.md").read_text(encoding="utf-8")
    values = json.loads(run("inspect", write_dicom(**FULL), "--json").stdout)
    missing = {key for key in _keys(values) if f"`{key}`" not in page}
    assert missing == set()


def _keys(value):
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from _keys(below)
    elif isinstance(value, list):
        for below in value:
            yield from _keys(below)


def test_nothing_usable_is_told_and_gives_1(run, folder):
    result = run("inspect", folder / "notes.txt", folder / "empty.dcm")
    assert result.exit_code == 1
    assert len(_tables(result.stdout)["Skipped files"]) == 2
    assert "holds no fluoroscopic image" in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_path_beside_a_good_one_is_listed(run, folder, tmp_path):
    result = run("inspect", folder / "IM0001", tmp_path / "nowhere")
    assert result.exit_code == 0
    assert "does not exist" in result.stdout


def test_control_characters_of_a_header_are_not_printed(run, write_dicom):
    path = write_dicom(SeriesDescription="evil\x1b[31m\tname")
    output = run("inspect", path).stdout
    assert "\x1b" not in output
    assert "evil?[31m name" in output


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")
def test_on_a_terminal_the_table_has_a_frame(folder):
    master, slave = os.openpty()
    command = [sys.executable, "-m", "fluoro_annotator", "inspect", str(folder)]
    with subprocess.Popen(command, stdout=slave, stderr=slave, env=os.environ | {"TERM": "xterm"}) as process:
        os.close(slave)
        output = b""
        while chunk := _read(master):
            output += chunk
    os.close(master)
    text = output.decode("utf-8")
    assert process.returncode == 0
    assert "─" in text
    assert "\t" not in text
    assert "Lumbar" in text
    assert "[/" not in text


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def test_the_progress_bar_ends_with_the_work_and_not_with_the_window(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    before = set(threading.enumerate())
    with progress("Reading") as report:
        report(1, 2)
        (refreshing,) = set(threading.enumerate()) - before
        report(2, 2)
        refreshing.join(10)
        assert not refreshing.is_alive()
    assert "Reading" in sys.stderr.getvalue()


def test_without_a_terminal_there_is_no_progress_bar(capsys):
    with progress("Reading") as report:
        assert report is None
    assert capsys.readouterr().err == ""
