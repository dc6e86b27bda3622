"""A second scan reads what is new or changed, and nothing else."""

import json
import os
import sqlite3
import stat
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator import settings
from fluoro_annotator.dicom import ScanIndex, default_index, index_records, scan, scan_index, scanning
from fluoro_annotator.dicom.freezing import CannotFreezeError, freeze, thaw
from fluoro_annotator.dicom.index_records import LeftOut


@pytest.fixture
def index(tmp_path):
    return ScanIndex(tmp_path / "cache" / "scans.sqlite")


@pytest.fixture
def again(index):
    """A fresh index over the same file, as another process has it."""
    return lambda: ScanIndex(index.path)


@pytest.fixture
def folder(write, tmp_path, cine, kinds):
    for number in range(6):
        options = {
            "WindowCenter": 100 + number % 2,
            "WindowWidth": 50,
            "SeriesInstanceUID": f"1.9.{number // 3}",
        }
        write(f"in/S{number // 3}/{number}", cine[:1], bits=12, SOPInstanceUID=f"1.{number}", **options)
    write("in/S0/ct", cine[:1], sop_class=kinds["CT"])
    (tmp_path / "in/S0/note").write_text("not DICOM")
    return tmp_path / "in"


@pytest.fixture
def reads(monkeypatch):
    """Names of files whose heads are read."""
    names = []
    skim_all = scanning.skim_all

    def noted(paths, *arguments):
        names.extend(Path(path).name for path in paths)
        return skim_all(paths, *arguments)

    monkeypatch.setattr(scanning, "skim_all", noted)
    return names


def test_a_repeated_scan_reads_nothing_and_finds_the_same(folder, index, again, reads):
    first = scan([folder], index=index)
    assert first == scan([folder])
    assert len(first.studies[0].images) == 6
    assert {entry.path.name for entry in first.skipped} == {"ct", "note"}
    reads.clear()
    assert scan([folder], index=index) == first
    assert scan([folder], index=again()) == first
    assert scan([folder / "S1"], index=again()).studies[0].images == first.studies[0].series[1].images
    assert reads == []


@pytest.mark.parametrize(
    "used", [lambda index: index, lambda index: ScanIndex(index.path)], ids=["same", "fresh"]
)
def test_only_what_is_new_or_changed_is_read(folder, index, reads, write, used):
    scan([folder], index=index)
    write("in/S0/1", np.ones((1, 9, 9), np.uint16), SOPInstanceUID="1.1")
    write("in/S1/new", np.ones((1, 9, 9), np.uint16), SOPInstanceUID="1.99")
    (folder / "S0/0").unlink()
    (folder / "S0/note").write_text("other text, still not DICOM")
    reads.clear()
    result = scan([folder], index=used(index))
    assert sorted(reads) == ["1", "new", "note"]
    assert result == scan([folder])
    assert {image.path.name for image in result.studies[0].images} == {"1", "2", "3", "4", "5", "new"}


def test_a_file_that_takes_the_place_of_another_is_read(folder, index, reads, write, cine):
    scan([folder], index=index)
    other = write(
        "other",
        cine[:1],
        bits=12,
        SOPInstanceUID="1.7",
        WindowCenter=100,
        WindowWidth=50,
        SeriesInstanceUID="1.9.0",
    )
    place = folder / "S0/2"
    before = place.stat()
    assert other.stat().st_size == before.st_size
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(place)
    reads.clear()
    result = scan([folder], index=index)
    assert reads == ["2"]
    assert result.studies[0].image("1.7") is not None


def test_a_moved_folder_is_read_anew_and_has_its_new_paths(folder, index, reads):
    scan([folder], index=index)
    moved = folder.rename(folder.with_name("moved"))
    images = scan([moved], index=index).studies[0].images
    assert len(reads) == 2 * 8
    assert all(image.path.is_relative_to(moved) for image in images)


def test_a_file_that_could_not_be_read_is_tried_again(folder, index, reads, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            scanning.Kinds,
            "image",
            lambda *_: (_ for _ in ()).throw(scanning.UnreadableFileError("x", "is away")),
        )
        assert len(scan([folder], index=index).skipped) == 8
    assert scan([folder], index=index) == scan([folder])


DAMAGE = {
    "not a database": lambda path: path.write_bytes(b"nonsense " * 1000),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "zeros inside": lambda path: path.write_bytes(
        path.read_bytes()[:4096] + bytes(len(path.read_bytes()) - 4096)
    ),
    "records changed": lambda path: change(path, "update folder set content = zeroblob(100)"),
    "another version": lambda path: change(path, "update about set version = 'older'"),
    "no table": lambda path: change(path, "drop table folder"),
    "other columns": lambda path: change(path, "drop table folder", "create table folder (x)"),
    "no salt": lambda path: change(path, "update about set salt = null"),
}


def change(path, *statements):
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_made_anew(folder, index, again, damage, reads):
    first = scan([folder], index=index)
    damage(index.path)
    assert scan([folder], index=again()) == first
    reads.clear()
    assert scan([folder], index=again()) == first
    assert reads == []


def test_every_byte_of_a_record_is_checked(folder, index, again):
    first = scan([folder], index=index)
    content = index.path.read_bytes()
    for place in range(4096, len(content), 499):
        index.path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        assert scan([folder], index=again()) == first


def test_an_index_that_cannot_be_made_does_not_matter(folder, tmp_path):
    (tmp_path / "file").write_text("in the way")
    index = ScanIndex(tmp_path / "file" / "scans.sqlite")
    first = scan([folder], index=index)
    assert first == scan([folder], index=index) == scan([folder])


def test_an_index_that_another_process_holds_does_not_matter(folder, index, again, monkeypatch):
    scan([folder], index=index)
    held = sqlite3.connect(index.path, isolation_level=None)
    held.execute("begin exclusive")
    monkeypatch.setattr(scan_index, "PATIENCE", 0.01)
    assert scan([folder], index=again()) == scan([folder])
    held.execute("rollback")
    assert held.execute("select count(*) from folder").fetchone() == (2,)
    held.close()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_only_the_user_may_read_the_index(folder, index):
    scan([folder], index=index)
    assert stat.S_IMODE(index.path.stat().st_mode) == 0o600


def test_nothing_legible_is_in_the_index(folder, index, write, cine):
    write("in/MUELLER_HANS/IM1", cine[:1], SOPInstanceUID="1.77", SeriesDescription="Mueller Hans, L4")
    result = scan([folder], index=index)
    assert result.studies[0].image("1.77").series_description == "Mueller Hans, L4"
    content = index.path.read_bytes()
    for secret in (b"SECRET", b"19010203", b"MUELLER", b"Mueller", b"Lumbar", b"Medial", b"1.77", b"1.2.3"):
        assert secret not in content, secret


def test_values_that_images_are_not_made_of_are_not_kept(folder, index, again, monkeypatch, reads):
    @dataclass(frozen=True)
    class Other:
        number: int = 1

    with pytest.raises(CannotFreezeError):
        freeze(Other())
    with pytest.raises(CannotFreezeError):
        freeze({1, 2})
    monkeypatch.setattr(index_records, "freeze", lambda _: freeze(Other()))
    first = scan([folder], index=index)
    reads.clear()
    assert scan([folder], index=again()) == first
    assert len(reads) == 8


def test_every_kind_of_value_survives(folder):
    image = scan([folder]).studies[0].images[0]
    whole = replace(image, series_description="\ud800 odd", bits_stored=7)
    assert thaw(freeze(whole)) == whole
    assert '"Calibration"' in json.dumps(freeze(whole))


@pytest.mark.parametrize(
    "frozen",
    [
        ["class", "os", "stat_result", [1]],
        ["class", "fluoro_annotator.dicom.scanning", "scan", "x"],
        ["class", "fluoro_annotator.nothing", "Image"],
        ["class", "fluoro_annotator.dicom.models", "Image", "too few"],
        ["enum", "fluoro_annotator.geometry.calibration", "CalibrationSource", "no such"],
        ["unknown", 1],
        [],
    ],
    ids=str,
)
def test_only_values_of_the_package_are_made(frozen):
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError, ImportError)):
        thaw(frozen)


def test_memory_and_file_are_bounded(folder, index, monkeypatch):
    monkeypatch.setattr(scan_index, "REMEMBERED_FILES", 3)
    monkeypatch.setattr(scan_index, "KEPT_FOLDERS", 1)
    assert scan([folder], index=index) == scan([folder], index=index) == scan([folder])
    assert sum(map(len, index._memory.values())) <= 5
    connection = sqlite3.connect(index.path)
    assert connection.execute("select count(*) from folder").fetchone()[0] <= 2
    connection.close()


def test_the_usual_index_is_in_the_cache_and_can_be_switched_off(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv(settings.INDEX_VARIABLE, raising=False)
    assert default_index().path.parent == tmp_path / "cache"
    assert default_index() is default_index()
    monkeypatch.setenv(settings.INDEX_VARIABLE, "off")
    assert default_index() is None


def test_what_is_left_out_is_kept_with_its_reason(index):
    folder = {"a": ((1, 2, 3), LeftOut("is odd", "Leave it."))}
    index.keep({"/x": folder})
    index._memory.clear()
    assert index.look("/x") == folder
    assert index.look("/y") == {}
    index.close()
