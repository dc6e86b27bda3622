"""Makes DICOM files of every kind from arrays, so that what is read can be compared exactly."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID
from rle.utils import encode_pixel_data

XA = "1.2.840.10008.5.1.4.1.1.12.1"
RF = "1.2.840.10008.5.1.4.1.1.12.2"
DX = "1.2.840.10008.5.1.4.1.1.1.1"
SC = "1.2.840.10008.5.1.4.1.1.7"
CT = "1.2.840.10008.5.1.4.1.1.2"

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"
NATIVE = (IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN)

PATIENT = "SECRET^PERSON"
BIRTH_DATE = "19010203"


def _rle(frame, bits):
    samples = 1 if frame.ndim == 2 else 3
    return encode_pixel_data(
        np.ascontiguousarray(frame).tobytes(),
        byteorder="<",
        rows=frame.shape[0],
        columns=frame.shape[1],
        samples_per_pixel=samples,
        bits_per_pixel=frame.dtype.itemsize * 8,
        bits_allocated=frame.dtype.itemsize * 8,
        number_of_frames=1,
    )


def _unsigned(frame, bits):
    """Give the bit pattern that lossless coders without a sign store."""
    return (
        frame if frame.dtype.kind == "u" else (frame.astype(np.int32) & ((1 << bits) - 1)).astype(np.uint16)
    )


def _jpeg_lossless(frame, bits, predictor=1):
    pixels = _unsigned(frame, bits)
    if pixels.ndim == 3:
        return imagecodecs.jpeg8_encode(
            pixels,
            lossless=True,
            predictor=predictor,
            bitspersample=bits,
            colorspace="RGB",
            outcolorspace="RGB",
        )
    return imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=predictor, bitspersample=bits)


def _jpeg_2000(frame, bits):
    return imagecodecs.jpeg2k_encode(frame, level=0, codecformat="j2k", reversible=True, bitspersample=bits)


LOSSLESS = {
    RLE: _rle,
    "1.2.840.10008.1.2.4.57": lambda frame, bits: _jpeg_lossless(frame, bits, predictor=4),
    "1.2.840.10008.1.2.4.70": _jpeg_lossless,
    "1.2.840.10008.1.2.4.80": lambda frame, bits: imagecodecs.jpegls_encode(_unsigned(frame, bits)),
    "1.2.840.10008.1.2.4.90": _jpeg_2000,
    "1.2.840.10008.1.2.4.201": lambda frame, bits: imagecodecs.htj2k_encode(frame, reversible=True),
}
"""Encoders of one frame for each lossless compressed syntax."""

LOSSY = {
    "1.2.840.10008.1.2.4.50": (8, lambda frame: imagecodecs.jpeg8_encode(frame, 95)),
    "1.2.840.10008.1.2.4.51": (12, lambda frame: imagecodecs.jpeg8_encode(frame, 95, bitspersample=12)),
    "1.2.840.10008.1.2.4.81": (12, lambda frame: imagecodecs.jpegls_encode(frame, level=2)),
    "1.2.840.10008.1.2.4.91": (
        12,
        lambda frame: imagecodecs.jpeg2k_encode(frame, level=50, codecformat="j2k", bitspersample=12),
    ),
    "1.2.840.10008.1.2.4.203": (
        12,
        lambda frame: imagecodecs.htj2k_encode(frame, level=0.001, reversible=False),
    ),
}
"""Bits and encoder of one frame for each lossy syntax."""


def encapsulate(frames, fragments=1, table=True):
    """Return the value of encapsulated pixel data."""
    items, offsets, position = [], [], 0
    for frame in frames:
        offsets.append(position)
        padded = frame + b"\0" * (len(frame) % 2)
        size = max(-(-len(padded) // fragments) // 2 * 2, 2)
        for start in range(0, len(padded), size):
            part = padded[start : start + size]
            items.append(struct.pack("<HHL", 0xFFFE, 0xE000, len(part)) + part)
            position += len(items[-1])
    offset_table = struct.pack(f"<{len(offsets)}L", *offsets) if table else b""
    head = struct.pack("<HHL", 0xFFFE, 0xE000, len(offset_table)) + offset_table
    return head + b"".join(items) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def _native_bytes(frames, syntax):
    order = ">" if syntax == BIG_ENDIAN else "<"
    data = frames.astype(frames.dtype.newbyteorder(order)).tobytes()
    data += b"\0" * (len(data) % 2)
    if syntax == BIG_ENDIAN and frames.dtype.itemsize == 1:
        return np.frombuffer(data, "<u2").astype(">u2").tobytes()
    return data


def header_for(frames, *, color, bits, sop_class):
    dataset = Dataset()
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.StudyInstanceUID = "1.2.3"
    dataset.SeriesInstanceUID = "1.2.3.1"
    dataset.PatientName = PATIENT
    dataset.PatientBirthDate = BIRTH_DATE
    dataset.PatientID = "SECRETID"
    dataset.Modality = "XA"
    dataset.SeriesNumber = 2
    dataset.InstanceNumber = 1
    dataset.SeriesDescription = "Lumbar"
    dataset.StudyDate = "20240131"
    dataset.StudyDescription = "Medial branch block"
    count, rows, columns = frames.shape[:3]
    dataset.Rows, dataset.Columns = rows, columns
    if count > 1:
        dataset.NumberOfFrames = count
        dataset.FrameTime = 125
    dataset.SamplesPerPixel = 3 if color else 1
    dataset.PhotometricInterpretation = "RGB" if color else "MONOCHROME2"
    if color:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = frames.dtype.itemsize * 8
    dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(frames.dtype.kind == "i")
    return dataset


def write_file(
    path: Path,
    frames: np.ndarray,
    *,
    syntax: str = EXPLICIT,
    bits: int | None = None,
    sop_class: str = XA,
    encoded: list[bytes] | None = None,
    fragments: int = 1,
    table: bool = True,
    preamble: bool = True,
    pixel_data: bytes | None = None,
    raw: dict[str, tuple[str, bytes]] | None = None,
    **attributes: object,
) -> Path:
    """Write frames of shape (frames, rows, columns[, 3]) as one file.

    Attributes given as None are removed from the header; `raw` gives VR and bytes of values that
    pydicom would refuse to write.
    """
    color = frames.ndim == 4
    bits = bits or frames.dtype.itemsize * 8
    dataset = header_for(frames, color=color, bits=bits, sop_class=sop_class)
    for keyword, value in attributes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    if syntax in NATIVE:
        dataset.PixelData = _native_bytes(frames, syntax) if pixel_data is None else pixel_data
    else:
        encoder = LOSSLESS.get(syntax)
        encoded = encoded if encoded is not None else [encoder(frame, bits) for frame in frames]
        dataset.PixelData = encapsulate(encoded, fragments, table)[:-8] if pixel_data is None else pixel_data
        dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OW" if syntax in NATIVE else "OB"
    identity = dataset.get("SOPInstanceUID") or "1.2.3.4"
    for keyword in raw or {}:
        dataset.pop(keyword, None)
    save(path, dataset, syntax, preamble=preamble, identity=identity)
    for keyword, (vr, value) in (raw or {}).items():
        _insert(path, tag_for_keyword(keyword), vr, value)
    return path


LONG = (b"OB", b"OW", b"SQ", b"UN", b"UT")


def _insert(path, tag, vr, value):
    """Insert an element into an explicit little endian file, whatever its value."""
    content = path.read_bytes()
    position = 144 + struct.unpack("<L", content[140:144])[0]
    while True:
        group, element, found, length = struct.unpack("<HH2sH", content[position : position + 8])
        if group << 16 | element > tag:
            break
        long = found in LONG
        if long:
            (length,) = struct.unpack("<L", content[position + 8 : position + 12])
        position += (12 if long else 8) + length
    size = b"\0\0" + struct.pack("<L", len(value)) if vr.encode() in LONG else struct.pack("<H", len(value))
    new = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + size + value
    path.write_bytes(content[:position] + new + content[position:])


def save(path, dataset, syntax=EXPLICIT, *, preamble=True, identity="1.2.3.4"):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", XA)
    meta.MediaStorageSOPInstanceUID = identity
    path.parent.mkdir(parents=True, exist_ok=True)
    if not preamble:
        little = syntax != BIG_ENDIAN
        dcmwrite(
            path, dataset, implicit_vr=syntax == IMPLICIT, little_endian=little, enforce_file_format=False
        )
        return path
    dataset.file_meta = meta
    dcmwrite(path, dataset, enforce_file_format=True)
    return path


@pytest.fixture
def write(tmp_path):
    """Write a file below the temporary folder: ``write("name", frames, **options)``."""

    def write_below(name, frames, **options):
        return write_file(tmp_path / name, frames, **options)

    return write_below


@pytest.fixture
def rng():
    return np.random.default_rng(20240131)


@pytest.fixture
def cine(rng):
    """Five smooth 12-bit frames with odd sides."""
    rows, columns = np.mgrid[0:33, 0:47]
    base = 2000 + 900 * np.sin(rows / 9) + 700 * np.cos(columns / 7)
    frames = base + 40 * np.arange(5)[:, None, None] + rng.normal(0, 15, (5, 33, 47))
    return np.clip(frames, 0, 4095).astype(np.uint16)


@pytest.fixture
def kinds():
    """Names of SOP classes and syntaxes that tests use."""
    return {
        "XA": XA,
        "RF": RF,
        "DX": DX,
        "SC": SC,
        "CT": CT,
        "DEFLATED": DEFLATED,
        "BIG": BIG_ENDIAN,
        "IMPLICIT": IMPLICIT,
    }


@pytest.fixture
def read_one(tmp_path):
    """Scan one file and return its image."""
    from fluoro_annotator.dicom import scan

    def read(path):
        result = scan([path])
        assert not result.skipped, [str(entry) for entry in result.skipped]
        ((image,),) = (study.images for study in result.studies)
        return image

    return read


@pytest.fixture
def dcm2pnm(tmp_path):
    """Show a file with dcmtk: ``dcm2pnm(image, *arguments)``; skips the test where it is missing."""
    if shutil.which("dcm2pnm") is None:
        pytest.skip("dcm2pnm of dcmtk is not installed")

    def shown(image, *arguments, index=0):
        output = tmp_path / "shown.pnm"
        command = [
            "dcm2pnm",
            "--quiet",
            "+op",
            "+F",
            str(index + 1),
            *arguments,
            str(image.path),
            str(output),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        content = output.read_bytes()
        shape = image.frame_shape if content.startswith(b"P5") else (image.rows, image.columns, 3)
        size = int(np.prod(shape))
        return np.frombuffer(content[-size:], np.uint8).reshape(shape).astype(int)

    return shown


@pytest.fixture
def encapsulated():
    return encapsulate


@pytest.fixture
def encoders():
    return LOSSLESS


@pytest.fixture
def save_dataset(tmp_path):
    def save_below(name, dataset, syntax=EXPLICIT):
        return save(tmp_path / name, dataset, syntax)

    return save_below
