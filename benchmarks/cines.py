"""Cines to read: made on the fly, seeded, of any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGLSLossless, XRayAngiographicImageStorage

Frames = npt.NDArray[np.uint16]
BITS = 12
NOISE = 12.0
ROOT = "2.25.4711"


def make_frames(frames: int, side: int) -> Frames:
    """Return frames of smooth shading with noise, 12 bits; shape (frames, side, side)."""
    generator = np.random.default_rng(20260101)
    rows, columns = np.mgrid[0:side, 0:side] / side
    shading = 2000 + 900 * np.sin(5 * rows) * np.cos(4 * columns)
    cine = np.empty((frames, side, side), np.uint16)
    for frame in cine:
        frame[:] = np.clip(shading + generator.normal(0, NOISE, shading.shape), 0, (1 << BITS) - 1)
    return cine


def write_native(path: Path, cine: Frames) -> None:
    """Write uncompressed frames."""
    dataset = _dataset(cine, ExplicitVRLittleEndian)
    dataset.PixelData = cine.tobytes()
    dataset.save_as(path, enforce_file_format=True)


def write_jpeg_ls(path: Path, cine: Frames) -> None:
    """Write frames in JPEG-LS, lossless."""
    dataset = _dataset(cine, JPEGLSLossless)
    dataset.PixelData = encapsulate([imagecodecs.jpegls_encode(frame) for frame in cine])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(path, enforce_file_format=True)


WRITERS: dict[str, Callable[[Path, Frames], None]] = {"native": write_native, "JPEG-LS": write_jpeg_ls}


def make_cine(folder: Path, encoding: str, frames: int, side: int) -> Path:
    """Write a cine into a folder; returns the file.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is written.
    encoding : str
        One of `WRITERS`.
    frames, side : int
        Number of frames, and of rows and columns.

    """
    path = folder / f"{encoding}.dcm"
    WRITERS[encoding](path, make_frames(frames, side))
    return path


def _dataset(cine: Frames, syntax: UID) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = XRayAngiographicImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = f"{ROOT}.3"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"{ROOT}.1", f"{ROOT}.2"
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber = "XA", 1, 1
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = cine.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, BITS, BITS - 1
    dataset.PixelRepresentation, dataset.FrameTime = 0, 66
    dataset.WindowCenter, dataset.WindowWidth = 2048, 4096
    return dataset
