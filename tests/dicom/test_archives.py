"""Images in zip archives, and archives that are up to no good."""

import os
import shutil
import stat
import struct
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator import settings
from fluoro_annotator.dicom import FrameReader, ScanIndex, archives, scan


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def image(write, cine):
    return write("plain/one.dcm", cine, bits=12).read_bytes()


@pytest.fixture
def zipped(tmp_path):
    """Write an archive of (name or ZipInfo, content) pairs."""

    def write_archive(*members, name="export.zip", method=zipfile.ZIP_DEFLATED):
        (tmp_path / "in").mkdir(exist_ok=True)
        path = tmp_path / "in" / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, content in members:
                archive.writestr(member, content)
        return path

    return write_archive


def reasons(result):
    return {str(entry.path.name): entry.problem for entry in result.skipped}


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_images_of_an_archive_open(zipped, image, cine, method):
    path = zipped(("a/b/IM1", image), ("README.txt", b"Read me"), method=method)
    before = path.read_bytes()
    result = scan([path.parent])
    (found,) = result.studies[0].images
    np.testing.assert_array_equal(FrameReader(found).read(3), cine[3])
    (entry,) = result.skipped
    assert (entry.path, entry.problem) == (path / "README.txt", "is not a DICOM file")
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path]
    assert scan([path]) == result


def test_a_second_scan_unpacks_nothing(zipped, image, cache, monkeypatch):
    path = zipped(("one", image))
    index = ScanIndex(cache / "scans.sqlite")
    first = scan([path], index=index)
    monkeypatch.setattr(archives._Unpacking, "_unpack", lambda *_: pytest.fail("unpacked again"))
    assert scan([path], index=ScanIndex(index.path)) == first


def test_an_archive_that_was_written_anew_is_unpacked_anew(zipped, image, write, cine):
    scan([zipped(("one", image))])
    other = write("plain/other.dcm", cine + 1, bits=12, SOPInstanceUID="1.2.9").read_bytes()
    (found,) = scan([zipped(("one", other))]).studies[0].images
    np.testing.assert_array_equal(FrameReader(found).read(0), cine[0] + 1)


def test_names_in_the_cache_say_nothing(zipped, image, cache):
    scan([zipped(("MUELLER_HANS/one", image), name="MUELLER.zip")])
    paths = [str(path.relative_to(cache)) for path in cache.rglob("*")]
    assert paths
    assert not any("MUELLER" in path for path in paths)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_only_the_user_may_read_what_was_unpacked(zipped, image, cache):
    scan([zipped(("one", image))])
    (file,) = files_in(cache)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_duplicates_and_other_kinds_are_named_as_members(zipped, image, write, cache):
    ct = write("plain/ct", np.ones((1, 9, 9), np.uint16), sop_class="1.2.840.10008.5.1.4.1.1.2").read_bytes()
    path = zipped(("x/one", image), ("x/two", image), ("ct", ct))
    result = scan([path])
    assert {str(entry.path): entry.problem for entry in result.skipped} == {
        str(path / "x/two"): f"holds the same image as {path / 'x/one'}",
        str(path / "ct"): "is a CT Image, not a fluoroscopic image",
    }
    assert len(files_in(cache)) == 2


def linked(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil", "leads out of its archive"),
        ("a/../../evil", "leads out of its archive"),
        ("/etc/evil", "leads out of its archive"),
        ("..\\evil", "leads out of its archive"),
        ("C:evil", "leads out of its archive"),
        (linked("evil"), "is a link inside an archive"),
        ("evil.zip", "is an archive inside an archive"),
        ("evil.tar", "is an archive inside an archive"),
    ],
    ids=str,
)
def test_members_that_lead_elsewhere_are_refused(name, reason, zipped, image, tmp_path):
    before = set(files_in(tmp_path))
    path = zipped((name, image), ("good", image))
    result = scan([path])
    assert [entry.problem for entry in result.skipped if reason in entry.problem]
    assert len(result.skipped) == 1
    assert result.skipped[0].path.is_relative_to(path)
    assert len(result.studies[0].images) == 1
    assert {
        file for file in set(files_in(tmp_path)) - before - {path} if tmp_path / "cache" not in file.parents
    } == set()


def test_encrypted_members_are_refused(zipped, image):
    path = zipped(("one", image))
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.index(signature) + offset
        content[at] |= 1
    path.write_bytes(content)
    assert reasons(scan([path])) == {"one": "is encrypted in its archive"}


def test_a_bomb_is_refused_before_it_is_unpacked(zipped, image, cache):
    path = zipped(("bomb", image + bytes(archives.SUSPICIOUS_SIZE)), ("good", image))
    assert path.stat().st_size < 1 << 20
    result = scan([path])
    assert reasons(result) == {"bomb": "claims to be far larger than what is stored of it"}
    assert sum(file.stat().st_size for file in files_in(cache)) == len(image)


def test_a_member_that_holds_more_than_it_claims_is_damaged(zipped, image, cache):
    path = zipped(("liar", image + bytes(1 << 20)))
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = content.index(signature) + offset
        content[at : at + 4] = struct.pack("<L", len(image))
    path.write_bytes(content)
    assert reasons(scan([path])) == {"liar": "is damaged in its archive"}
    assert files_in(cache) == []


@pytest.mark.parametrize(
    "limit",
    [
        ("LARGEST_MEMBER", 1000, "too large to be unpacked"),
        ("LARGEST_TOTAL", 20000, "would make the unpacked archive too large"),
        ("MOST_MEMBERS", 2, "holds more than 2 files"),
        ("SPARE", 1 << 60, "does not fit on the disk"),
    ],
)
def test_limits_hold(limit, zipped, image, monkeypatch):
    name, value, reason = limit
    monkeypatch.setattr(archives, name, value)
    result = scan([zipped(("1", image), ("2", image), ("3", b"text"))])
    assert any(reason in entry.problem for entry in result.skipped)


def test_damaged_archives_are_a_reason(zipped, image, tmp_path):
    path = zipped(("one", image), ("two", image))
    content = path.read_bytes()
    for end in range(0, len(content) - 1, len(content) // 9):
        path.write_bytes(content[:end])
        reason = "is not a zip archive, or a damaged one" if end else "is empty"
        assert reasons(scan([path])) == {"export.zip": reason}
    flipped = bytearray(content)
    flipped[2000:2100] = bytes(100)
    path.write_bytes(flipped)
    assert set(reasons(scan([path])).values()) == {"is damaged in its archive"} or scan([path]).studies


def test_a_cache_that_cannot_be_written_is_a_reason(zipped, image, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(settings, "cache_folder", lambda: tmp_path / "file")
    (entry,) = scan([zipped(("one", image))]).skipped
    assert "cannot be" in entry.problem


def test_what_nobody_opened_for_a_week_is_removed(zipped, image, cache):
    scan([zipped(("one", image))])
    (file,) = files_in(cache)
    archives.forget_old(time.time())
    assert file.exists()
    old = time.time() - archives.KEPT_SECONDS - 10
    os.utime(file.parent, (old, old))
    scan([zipped(("two", image), name="other.zip")])
    assert not file.exists()


def test_unpacking_can_be_cancelled(zipped, image, cache):
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 2

    result = scan([zipped(*((f"{number}", image) for number in range(9)))], cancel=cancel)
    assert result.cancelled
    assert len(files_in(cache)) < 9
    assert not [path for path in files_in(cache) if path.suffix == ".part"]


def test_a_missing_archive_is_a_reason(tmp_path):
    assert reasons(scan([Path(tmp_path / "no.zip")])) == {"no.zip": "does not exist"}


@pytest.mark.parametrize("name", ["IM0001", "export.dcm", "EXPORT.ZIP", "export.docx"])
def test_an_archive_is_known_by_its_content(name, zipped, image, cine, cache):
    path = zipped(("a/IM1", image), name=name)
    index = ScanIndex(cache / "scans.sqlite")
    for used in (None, index, index, ScanIndex(index.path)):
        result = scan([path.parent], index=used)
        assert result.skipped == ()
        (found,) = result.studies[0].images
        np.testing.assert_array_equal(FrameReader(found).read(3), cine[3])
        assert found.where == f"{path}: a/IM1"
        assert found.path.is_relative_to(cache)


def test_an_archive_under_another_name_is_unpacked_again_when_the_cache_was_emptied(zipped, image, cache):
    path = zipped(("one", image), name="IM0001")
    index = ScanIndex(cache / "scans.sqlite")
    first = scan([path], index=index)
    shutil.rmtree(cache / archives.FOLDER)
    assert scan([path], index=index) == first
    assert first.studies[0].images[0].path.exists()


def test_progress_grows_with_an_archive_that_is_not_named_like_one(zipped, image):
    path = zipped(("one", image), ("two", image), name="IM0001")
    seen = []
    scan([path], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 1), (2, 3), (3, 3)]


def test_a_document_that_is_an_archive_has_one_reason(zipped, image):
    path = zipped(("word/document.xml", b"<x/>"), ("word/styles.xml", b"<x/>"), name="letter.docx")
    assert reasons(scan([path])) == {"letter.docx": "is an archive without a DICOM file"}


def test_a_file_that_only_begins_like_an_archive_is_damaged(tmp_path):
    (tmp_path / "IM1").write_bytes(b"PK\3\4" + bytes(500))
    assert reasons(scan([tmp_path / "IM1"])) == {"IM1": "is not a zip archive, or a damaged one"}


def test_an_image_that_is_named_like_an_archive_opens(write, cine):
    path = write("one.zip", cine, bits=12)
    (found,) = scan([path.parent]).studies[0].images
    assert found.where == str(path)
    content = path.read_bytes()
    path.write_bytes(b"PK\3\4" + content[4:])  # a preamble may hold anything
    (found,) = scan([path]).studies[0].images
    np.testing.assert_array_equal(FrameReader(found).read(3), cine[3])


def test_an_archive_in_an_archive_is_known_by_its_content(zipped, image, tmp_path):
    inner = zipped(("one", image), name="inner").read_bytes()
    (tmp_path / "in/inner").unlink()
    path = zipped(("IM1", inner), ("good", image))
    assert reasons(scan([path])) == {"IM1": "is an archive inside an archive"}
