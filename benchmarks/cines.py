"""Cines to read: made on the fly, seeded, of any size.

A long cine repeats a few frames, so that it is made quickly; nothing that reads it can know.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    XRayAngiographicImageStorage,
)

Frames = npt.NDArray[np.uint16]
BITS = 12
NOISE = 12.0
ROOT = "2.25.4711"
SERIES_FILES = 500
DISTINCT = 16
"""Frames that differ; a longer cine repeats them."""


def make_frames(frames: int, side: int) -> Frames:
    """Return frames of smooth shading with noise, 12 bits; shape (frames, side, side)."""
    generator = np.random.default_rng(20260101)
    rows, columns = np.mgrid[0:side, 0:side] / side
    shading = 2000 + 900 * np.sin(5 * rows) * np.cos(4 * columns)
    cine = np.empty((frames, side, side), np.uint16)
    for frame in cine:
        frame[:] = np.clip(shading + generator.normal(0, NOISE, shading.shape), 0, (1 << BITS) - 1)
    return cine


def _jpeg_lossless(frame: Frames) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(frame, lossless=True, predictor=1, bitspersample=BITS))


def _jpeg_2000(frame: Frames) -> bytes:
    options = {"level": 0, "codecformat": "j2k", "reversible": True, "bitspersample": BITS}
    return bytes(imagecodecs.jpeg2k_encode(frame, **options))


def _htj2k(frame: Frames) -> bytes:
    return bytes(imagecodecs.htj2k_encode(frame, reversible=True))


ENCODINGS: dict[str, tuple[UID, Callable[[Frames], bytes]]] = {
    "native": (ExplicitVRLittleEndian, lambda frame: frame.tobytes()),
    "JPEG lossless": (JPEGLosslessSV1, _jpeg_lossless),
    "JPEG-LS": (JPEGLSLossless, imagecodecs.jpegls_encode),
    "JPEG 2000": (JPEG2000Lossless, _jpeg_2000),
    "HTJ2K": (HTJ2KLossless, _htj2k),
}
"""Transfer syntax of each encoding, and what encodes one frame."""


def make_cine(folder: Path, encoding: str, frames: int, side: int) -> Path:
    """Write a cine into a folder; returns the file.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is written.
    encoding : str
        One of `ENCODINGS`.
    frames, side : int
        Number of frames, and of rows and columns.

    """
    path = folder / f"{encoding}.dcm"
    syntax, encode = ENCODINGS[encoding]
    cine = make_frames(min(frames, DISTINCT), side)
    encoded = [bytes(encode(frame)) for frame in cine]
    repeated = [encoded[index % len(encoded)] for index in range(frames)]
    dataset = _dataset(cine, frames, syntax)
    dataset.PixelData = encapsulate(repeated) if syntax.is_compressed else b"".join(repeated)
    dataset["PixelData"].VR = "OB" if syntax.is_compressed else "OW"
    dataset.save_as(path, enforce_file_format=True)
    return path


def _dataset(cine: Frames, frames: int, syntax: UID) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = XRayAngiographicImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = f"{ROOT}.3"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{ROOT}.1", f"{ROOT}.2"
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber = "XA", 1, 1
    dataset.NumberOfFrames, (dataset.Rows, dataset.Columns) = frames, cine.shape[1:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, BITS, BITS - 1
    dataset.PixelRepresentation, dataset.FrameTime = 0, 66
    dataset.WindowCenter, dataset.WindowWidth = 2048, 4096
    return dataset


def make_folder(folder: Path, files: int) -> None:
    """Write single-frame files of 32 x 32 pixels into nested folders, one for each series of 500.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are written; it is made.
    files : int
        How many.

    """
    (frame,) = make_frames(1, 32)
    dataset = _dataset(frame[None], 1, ExplicitVRLittleEndian)
    dataset.PixelData = frame.tobytes()
    _describe(dataset)
    for number in range(files):
        series = number // SERIES_FILES
        place = folder / f"study{series // 4}" / f"series{series}"
        place.mkdir(parents=True, exist_ok=True)
        dataset.SeriesInstanceUID, dataset.SeriesNumber = f"{ROOT}.2.{series}", series
        dataset.InstanceNumber = number + 1
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{ROOT}.3.{number}"
        dataset.ContentTime = f"10{number // 60 % 60:02}{number % 60:02}"
        dataset.save_as(place / f"IM{number:05}", enforce_file_format=True)


def _describe(dataset: Dataset) -> None:
    """Add what a C-arm writes besides, so that headers have a usual length."""
    del dataset.NumberOfFrames, dataset.FrameTime
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    dataset.StudyDate = dataset.ContentDate = dataset.AcquisitionDate = "20260131"
    dataset.StudyTime = dataset.AcquisitionTime = "101500"
    dataset.Manufacturer, dataset.ManufacturerModelName = "Benchmark", "C-arm"
    dataset.StudyDescription, dataset.SeriesDescription = "Spine", "Lumbar"
    dataset.PatientName, dataset.PatientID = "Nobody^No", "0"
    dataset.PatientPosition, dataset.PatientOrientation = "HFP", ["L", "F"]
    dataset.PositionerPrimaryAngle, dataset.PositionerSecondaryAngle = 12.5, -3.0
    dataset.DistanceSourceToDetector, dataset.DistanceSourceToPatient = 1000, 700
    dataset.ImagerPixelSpacing = [0.2, 0.2]
    dataset.KVP, dataset.ExposureTime, dataset.XRayTubeCurrent, dataset.Exposure = 75, 8, 40, 1
    dataset.RadiationSetting, dataset.PixelIntensityRelationship = "GR", "LIN"
    dataset.FieldOfViewShape, dataset.FieldOfViewDimensions = "RECTANGLE", [300, 300]
