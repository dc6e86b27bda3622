"""Every kind of bad input in one place: the type of its error, its reason, and what to do about it."""

import os
import socket
import stat
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator import settings
from fluoro_annotator.dicom import FrameReader, ScanIndex, scan
from fluoro_annotator.dicom.reading import read_image
from fluoro_annotator.errors import (
    DamagedFileError,
    NotAnXrayImageError,
    NotDicomError,
    UnreadableFileError,
    UnsupportedTransferSyntaxError,
)

JPEG_LS = "1.2.840.10008.1.2.4.80"
VIDEO = "1.2.840.10008.1.2.4.102"

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def nested(depth):
    """Return a data set with sequences within sequences, as bytes of explicit little endian."""
    opening = struct.pack("<HH", 0x0008, 0x1140) + b"SQ\0\0\xff\xff\xff\xff"
    opening += struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    return opening * depth


def with_bomb(path):
    content = path.read_bytes()
    start = 144 + struct.unpack("<L", content[140:144])[0]
    path.write_bytes(content[:start] + nested(5000) + content[start:])
    return path


def claims_gigabytes(write, cine):
    """Write 2 kB that claim 8 GB: 1,000 frames of 2048 x 2048 with 16 bits."""
    path = write(
        "claims.dcm", cine[:1], bits=12, pixel_data=bytes(1000), Rows=2048, Columns=2048, NumberOfFrames=1000
    )
    assert path.stat().st_size < 2048
    return path


def text_of(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    return path


def cut(path, size):
    path.write_bytes(path.read_bytes()[:size])
    return path


NOTES = b"These are notes about a procedure.\n" * 20

BAD = {
    "no file": (lambda write, cine, tmp: tmp / "gone.dcm", UnreadableFileError, "does not exist"),
    "an empty file": (lambda write, cine, tmp: text_of(tmp, b""), UnreadableFileError, "is empty"),
    "a note": (lambda write, cine, tmp: text_of(tmp, NOTES), NotDicomError, "is not a DICOM file"),
    "only a preamble": (
        lambda write, cine, tmp: text_of(tmp, bytes(128) + b"DICM"),
        NotAnXrayImageError,
        "is a file that does not say what it holds",
    ),
    "another kind of image": (
        lambda write, cine, tmp: write("x", cine[:1], sop_class="1.2.840.10008.5.1.4.1.1.2"),
        NotAnXrayImageError,
        "is a CT Image, not a fluoroscopic image",
    ),
    "a video": (
        lambda write, cine, tmp: write("x", cine[:1], syntax=VIDEO, encoded=[b"moov"]),
        UnsupportedTransferSyntaxError,
        "MPEG-4 AVC/H.264 High Profile / Level 4.1",
    ),
    "cut in the header": (
        lambda write, cine, tmp: cut(write("x", cine), 600),
        DamagedFileError,
        "",
    ),
    "cut in the pixels": (
        lambda write, cine, tmp: cut(write("x", cine), -5000),
        DamagedFileError,
        "declares 5 frames of 33 x 47 but ends after",
    ),
    "2 kB that claim 8 GB": (
        lambda write, cine, tmp: claims_gigabytes(write, cine),
        DamagedFileError,
        "declares 1000 frames of 2048 x 2048 but ends after 1000 of 8388608000 bytes",
    ),
    "frames no detector makes": (
        lambda write, cine, tmp: write("x", cine[:1], syntax=JPEG_LS, Rows=65535, Columns=65535),
        DamagedFileError,
        "larger than any detector makes",
    ),
    "a bomb of sequences": (
        lambda write, cine, tmp: with_bomb(write("x", cine[:1])),
        DamagedFileError,
        "",
    ),
    "no pixels": (
        lambda write, cine, tmp: write("x", cine[:1], pixel_data=b""),
        DamagedFileError,
        "ends after 0 of",
    ),
    "no identity": (
        lambda write, cine, tmp: write("x", cine[:1], StudyInstanceUID=None),
        DamagedFileError,
        "has no StudyInstanceUID",
    ),
    "rows of the wrong VR": (
        lambda write, cine, tmp: write("x", cine[:1], raw={"Rows": ("LO", b"many ")}),
        DamagedFileError,
        "does not say how many rows",
    ),
    "frames of the wrong VR": (
        lambda write, cine, tmp: write("x", cine, raw={"NumberOfFrames": ("OB", b"\x05\0")}),
        DamagedFileError,
        "number of frames",
    ),
    "bits of the wrong VR": (
        lambda write, cine, tmp: write("x", cine[:1], raw={"BitsAllocated": ("SQ", b"")}),
        DamagedFileError,
        "bits allocated",
    ),
    "more bits stored than allocated": (
        lambda write, cine, tmp: write("x", cine[:1], BitsStored=20),
        DamagedFileError,
        "states 20 bits stored in 16 bits",
    ),
    "three samples of grey": (
        lambda write, cine, tmp: write("x", cine[:1], SamplesPerPixel=3),
        DamagedFileError,
        "contradict each other",
    ),
    "pixels that are not as the syntax says": (
        lambda write, cine, tmp: rename_syntax(write("x", cine[:1])),
        DamagedFileError,
        "not stored as its transfer syntax requires",
    ),
}


def rename_syntax(path):
    """State that native pixel data are compressed."""
    content = path.read_bytes()
    native, claimed = b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"
    path.write_bytes(content.replace(native, claimed, 1))
    return path


@pytest.mark.parametrize(("make", "kind", "reason"), BAD.values(), ids=BAD.keys())
def test_one_file_is_a_typed_error_with_its_reason_and_a_remedy(*, make, kind, reason, write, cine, tmp_path):
    path = make(write, cine, tmp_path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(kind) as caught:
        read_image(path)
    error = caught.value
    assert type(error) is kind
    assert error.subject == str(path)
    assert reason in error.problem
    assert error.remedy.endswith(".")
    (entry,) = scan([path]).skipped
    assert (entry.path, entry.problem, entry.remedy) == (path, error.problem, error.remedy)
    assert before is None or path.read_bytes() == before


@pytest.fixture
def folder(write, cine, tmp_path):
    """Return a folder with one image that opens whatever else is there."""
    write("studies/good.dcm", cine, bits=12)
    return tmp_path / "studies"


def reasons(result):
    assert [image.path.name for study in result.studies for image in study.images] == ["good.dcm"]
    return {os.fsdecode(entry.path.name): (entry.problem, entry.remedy) for entry in result.skipped}


def socket_in(folder):
    listener = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    try:
        os.chdir(folder)  # names of sockets are short
        listener.bind("socket")
    finally:
        os.chdir(before)
        listener.close()


def device_in(folder):
    try:
        os.mknod(folder / "device", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only the superuser makes devices")


@on_unix
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda folder: os.mkfifo(folder / "pipe"), "pipe"),
        (socket_in, "socket"),
        (device_in, "device"),
    ],
    ids=["pipe", "socket", "device"],
)
def test_what_is_no_file_is_left_alone(make, name, folder):
    """To open one may block for ever, and a device may never end."""
    make(folder)
    assert reasons(scan([folder]))[name][0] == "is neither a file nor a folder"


@on_unix
def test_links_in_a_circle_end(folder):
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "back").symlink_to(folder / "forth")
    (folder / "forth").symlink_to(folder / "back")
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    found = reasons(scan([folder]))
    assert set(found) == {"itself", "back", "forth", "up"}
    assert all(found[name][0].startswith("cannot be read") for name in ("itself", "back", "forth"))


@on_unix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows UTF-8 in names only")
def test_a_name_that_is_not_utf_8_opens_like_any_other(folder, write, cine, tmp_path):
    odd = os.fsdecode(os.fsencode(folder) + b"/caf\xe9.dcm")
    os.rename(write("x.dcm", cine, bits=12, SOPInstanceUID="1.9"), odd)  # noqa: PTH104 - the name has no text
    (folder / os.fsdecode(b"n\xf6te")).write_bytes(NOTES)
    index = ScanIndex(tmp_path / "cache" / "scans.sqlite")
    for kept in (None, index, index):
        result = scan([folder], index=kept)
        (study,) = result.studies
        image = next(image for image in study.images if image.sop_instance_uid == "1.9")
        np.testing.assert_array_equal(FrameReader(image).read(2), cine[2])
        (entry,) = result.skipped
        assert entry.problem == "is not a DICOM file"


@on_unix
@pytest.mark.parametrize("name", ["file", "folder"])
def test_what_may_not_be_read_says_so(name, folder):
    closed = folder / name
    closed.mkdir() if name == "folder" else closed.write_bytes(NOTES)
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("permissions do not bind the superuser")
    try:
        problem, remedy = reasons(scan([folder]))[name]
    finally:
        closed.chmod(0o700)
    assert problem == "may not be read by this user"
    assert remedy


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil"])
def test_an_entry_of_an_archive_that_leads_out_is_named(name, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "cache_folder", lambda: tmp_path / "cache")
    good = (folder / "good.dcm").read_bytes()
    with zipfile.ZipFile(folder / "study.zip", "w") as archive:
        archive.writestr(name, good)
    before = sorted(tmp_path.rglob("*"))
    ((problem, remedy),) = reasons(scan([folder])).values()
    assert "leads out of its archive" in problem
    assert remedy
    made = set(tmp_path.rglob("*")) - set(before)
    assert all(path.is_relative_to(tmp_path / "cache") and path.is_dir() for path in made)


AFTER_THE_SCAN = {
    "removed": (lambda path, other: path.unlink(), UnreadableFileError, "exist"),
    "emptied": (lambda path, other: path.write_bytes(b""), UnreadableFileError, "empty"),
    "truncated": (lambda path, other: cut(path, path.stat().st_size // 2), DamagedFileError, "end|cut"),
    "replaced by another image": (
        lambda path, other: path.write_bytes(other),
        DamagedFileError,
        "another image",
    ),
    "replaced by a note": (lambda path, other: path.write_bytes(NOTES), NotDicomError, "not a DICOM file"),
    "replaced by a folder": (
        lambda path, other: (path.unlink(), path.mkdir()),
        UnreadableFileError,
        "folder",
    ),
}


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", JPEG_LS])
@pytest.mark.parametrize("opened", [False, True], ids=["never read", "read before"])
@pytest.mark.parametrize(("change", "kind", "reason"), AFTER_THE_SCAN.values(), ids=AFTER_THE_SCAN.keys())
def test_a_file_that_changed_after_the_scan_is_an_error_and_no_picture(
    *, change, kind, reason, opened, syntax, write, read_one, cine
):
    image = read_one(write("here.dcm", cine, syntax=syntax, bits=12))
    other = write("other.dcm", cine, bits=12, SOPInstanceUID="9.9").read_bytes()
    reader = FrameReader(image)
    if opened:
        reader.read(0)
    change(image.path, other)
    with pytest.raises(kind, match=reason) as caught:
        reader.read(4)
    assert type(caught.value) is kind
    assert caught.value.subject == str(image.path)
    assert caught.value.remedy
