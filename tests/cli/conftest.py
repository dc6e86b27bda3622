"""A machine of its own for every test: log, store and files in a temporary folder."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from typer.testing import CliRunner

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.cli import app
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point
from fluoro_annotator.marks import FrameRef, ImageRecord, Reading, StudyRecord
from fluoro_annotator.store import open_session, open_store

XA = "1.2.840.10008.5.1.4.1.1.12.1"
CT = "1.2.840.10008.5.1.4.1.1.2"
STUDY_UID = "1.2.826.0.1.3680043.10.7"
CANARY = "CANARY^PATIENT"


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """Keep log, store and rescue files of the test away from those of the person who runs it."""
    monkeypatch.setenv("FLUORO_ANNOTATOR_LOGS", str(tmp_path / "logs"))
    monkeypatch.setenv("FLUORO_ANNOTATOR_STORE", str(tmp_path / "usual.sqlite"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run():
    """Return a function that runs the program in this process."""
    runner = CliRunner()

    def invoke(*arguments, **options):
        return runner.invoke(app, [str(argument) for argument in arguments], **options)

    return invoke


@pytest.fixture
def start():
    """Return a function that runs the program as a process of its own."""

    def invoke(*arguments, **options):
        command = [sys.executable, "-m", "fluoro_annotator", *map(str, arguments)]
        options = {"capture_output": True, "timeout": 120, "env": dict(os.environ)} | options
        return subprocess.run(command, check=False, **options)

    return invoke


@pytest.fixture
def write_dicom(tmp_path):
    """Return a function that writes a small DICOM file with a canary for the patient's name."""

    def write(name="IM0001", **changes):
        path = tmp_path / "study" / name
        path.parent.mkdir(exist_ok=True)
        number = len(list(path.parent.iterdir())) + 1
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = changes.get("SOPClassUID", XA)
        meta.MediaStorageSOPInstanceUID = f"{STUDY_UID}.1.{number}"
        data = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
        frames = changes.get("NumberOfFrames", 1)
        values = {
            "SOPClassUID": XA,
            "SOPInstanceUID": f"{STUDY_UID}.1.{number}",
            "StudyInstanceUID": STUDY_UID,
            "SeriesInstanceUID": f"{STUDY_UID}.2",
            "StudyDate": "20260131",
            "PatientName": CANARY,
            "PatientID": "CANARY-ID",
            "PatientBirthDate": "19010203",
            "Modality": "XA",
            "SeriesNumber": 3,
            "SeriesDescription": "Lumbar",
            "InstanceNumber": number,
            "Rows": 8,
            "Columns": 6,
            "BitsAllocated": 16,
            "BitsStored": 12,
            "HighBit": 11,
            "PixelRepresentation": 0,
            "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2",
            "PixelData": np.arange(48 * frames, dtype="<u2").tobytes(),
        } | changes
        for keyword, value in values.items():
            setattr(data, keyword, value)
        data.save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def study():
    scale = Calibration(CalibrationSource.PIXEL_SPACING_GEOMETRY, 0.25, 0.25)
    image = ImageRecord(
        sop_instance_uid=f"{STUDY_UID}.1.1",
        series_uid=f"{STUDY_UID}.2",
        rows=512,
        columns=512,
        frames=30,
        calibration=scale,
    )
    return StudyRecord(STUDY_UID, (image,))


@pytest.fixture
def filled_store(tmp_path, study):
    """Return the path of a store with readings of two readers: two marks and none."""
    path = tmp_path / "filled.sqlite"
    site = load_anatomy().site("L3_MB", Side.RIGHT)
    with open_store(path) as store:
        session, recorder = open_session(store, study, reader="Dr Müller", client="test 1.0")
        session.add_target(FrameRef(f"{STUDY_UID}.1.1", 17), site, Point(10.5, 20.25))
        session.add_needle(FrameRef(f"{STUDY_UID}.1.1", 17), site, Point(0.0, 0.0), Point(30.0, 40.0))
        recorder.close()
        store.add_reading(
            Reading(study_uid=STUDY_UID, reader="Dr Ito", started_at=datetime(2099, 1, 1, tzinfo=UTC))
        )
    return path
