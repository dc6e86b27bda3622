"""A scan of an unchanged selection gives what the last one found, and never anything else."""

import os
import random
import shutil
import sqlite3
from array import array
from pathlib import Path

import pytest

from fluoro_annotator.dicom import ScanIndex, Series, kept_results, scan, scan_index
from fluoro_annotator.dicom.kept_results import runs_of
from fluoro_annotator.dicom.listing import Block, Member, digest_of, each_once, stamps_of


@pytest.fixture
def index(tmp_path):
    return ScanIndex(tmp_path / "cache" / "scans.sqlite")


@pytest.fixture
def folder(write, tmp_path, cine, kinds):
    for number in range(8):
        write(
            f"in/S{number % 2}/{number}",
            cine[:1],
            bits=12,
            SOPInstanceUID=f"1.{number}",
            SeriesInstanceUID=f"1.9.{number // 3}",
            InstanceNumber=9 - number,
        )
    write("in/S0/ct", cine[:1], sop_class=kinds["CT"])
    shutil.copy(tmp_path / "in/S1/1", tmp_path / "in/S1/copy of 1")
    return tmp_path / "in"


@pytest.fixture
def made(monkeypatch):
    """Folders whose records are made into images."""
    folders = []
    unpacked = kept_results.unpacked

    def noted(folder, content):
        folders.append(folder)
        return unpacked(folder, content)

    monkeypatch.setattr(kept_results, "unpacked", noted)
    return folders


def test_images_are_made_only_when_they_are_asked_for(folder, index, made):
    first = scan([folder], index=index)
    again = scan([folder], index=ScanIndex(index.path))
    (study,) = again.studies
    assert study.image_count == 8
    assert [(series.uid, series.image_count) for series in study.series] == [
        ("1.9.0", 3),
        ("1.9.1", 3),
        ("1.9.2", 2),
    ]
    assert made == []
    assert study.series[2].images == first.studies[0].series[2].images
    assert again == first == scan([folder])
    assert sorted(made) == [str(folder / "S0"), str(folder / "S1")]
    assert study.series[0].images is study.series[0].images


def test_in_one_program_the_images_are_the_same_objects(folder, index):
    first = scan([folder], index=index)
    assert scan([folder], index=index).studies[0].images[5] is first.studies[0].images[5]


def test_progress_is_complete_at_once(folder, index):
    scan([folder], index=index)
    seen = []
    scan([folder], index=index, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(10, 10)]


def remove(files, chance):
    chance.choice(files).unlink()


def change_in_place(files, chance):
    """Write other content of the same length, which leaves the folder as it is."""
    file = chance.choice(files)
    content = file.read_bytes().replace(b"Lumbar", b"Cervic")
    file.write_bytes(content)


def rename(files, chance):
    file = chance.choice(files)
    file.rename(file.with_name(f"{file.name}x"))


def move(files, chance):
    file = chance.choice(files)
    file.rename(file.parents[1] / f"S{chance.randrange(3)}" / file.name)


def copy(files, chance):
    file = chance.choice(files)
    shutil.copy(file, file.with_name(f"{file.name} copy"))


def swap(files, chance):
    first, second = chance.sample(files, 2)
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)


def spoil(files, chance):
    chance.choice(files).write_bytes(b"not DICOM any more")


def older(files, chance):
    os.utime(chance.choice(files), (1000, 1000))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_the_result_is_that_of_a_scan_without_index(folder, index, seed):
    chance = random.Random(seed)  # noqa: S311 - a reproducible choice of test cases
    (folder / "S2").mkdir()
    for change in chance.choices((remove, change_in_place, rename, move, copy, swap, spoil, older), k=12):
        change(sorted(path for path in folder.rglob("*") if path.is_file()), chance)
        selection = chance.choice([[folder], [folder / "S0"], [folder / "S1", folder], []])
        expected = scan(selection)
        assert scan(selection, index=index) == expected
        assert scan(selection, index=index) == expected
        assert scan(selection, index=ScanIndex(index.path)) == expected


def test_a_record_that_another_scan_replaced_is_not_taken_for_the_old_one(folder, index):
    """The listing is as it was for the first scan, but the record of a folder has other rows."""
    first = scan([folder], index=index)
    for name in ("0", "2"):
        (folder / "S0" / name).rename(folder / name)
    shutil.copy(folder / "0", folder / "S0" / "new")
    scan([folder / "S0"], index=ScanIndex(index.path))
    (folder / "S0" / "new").unlink()
    for name in ("0", "2"):
        (folder / name).rename(folder / "S0" / name)
    assert scan([folder], index=ScanIndex(index.path)) == first


def test_one_file_of_two_with_one_uid_keeps_its_own_path(folder, index):
    scan([folder], index=index)
    chosen = folder / "S1" / "copy of 1"
    for _ in range(2):
        (image,) = scan([chosen], index=ScanIndex(index.path)).studies[0].images
        assert image.path == chosen


def test_a_result_with_a_file_that_could_not_be_read_is_not_kept(folder, index, monkeypatch):
    closed = folder / "S0/0"
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing(closed, os.open))
        patch.setattr(Path, "open", refusing(closed, Path.open))
        before = scan([folder], index=index, workers=1)
    assert "may not be read by this user" in {entry.problem for entry in before.skipped}
    assert scan([folder], index=index) == scan([folder]) != before


def refusing(closed, opened):
    def refuse(path, *arguments, **options):
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    return refuse


def test_a_cancelled_scan_is_not_kept(folder, index):
    asked = []

    def cancel():
        asked.append(1)
        return len(asked) > 9

    assert scan([folder], index=index, cancel=cancel).cancelled
    assert scan([folder], index=ScanIndex(index.path)) == scan([folder])


def test_results_are_bounded(folder, index, monkeypatch):
    monkeypatch.setattr(scan_index, "KEPT_RESULTS", 2)
    monkeypatch.setattr(scan_index, "REMEMBERED_RESULTS", 2)
    selections = [[folder], [folder / "S0"], [folder / "S1"], [folder / "S0/0"], [folder / "S1/1"]]
    for selection in selections:
        assert scan(selection, index=index) == scan(selection)
        assert len(index._results) <= 2
    connection = sqlite3.connect(index.path)
    assert connection.execute("select count(*) from result").fetchone()[0] <= 2
    connection.close()


def block(folder, **stamps):
    return Block(folder, list(stamps), array("Q", [number for stamp in stamps.values() for number in stamp]))


def test_the_digest_tells_listings_apart():
    listings = [
        ([], {}),
        ([block("/a", x=(1, 2, 3))], {}),
        ([block("/a", x=(1, 2, 4))], {}),
        ([block("/a", y=(1, 2, 3))], {}),
        ([block("/b", x=(1, 2, 3))], {}),
        ([block("/a", x=(1, 2, 3)), block("/a", y=(1, 2, 3))], {}),
        ([block("/a", x=(1, 2, 3), y=(1, 2, 3))], {}),
        ([block("/a", x=(1, 2, 3))], {"/a/x": Member("/z.zip", "x")}),
        ([block("/a", x=(1, 2, 3))], {"/a/x": Member("/z.zip", "y")}),
    ]
    assert len({digest_of(*listing) for listing in listings}) == len(listings)
    assert digest_of(*listings[1]) == digest_of([block("/a", x=(1, 2, 3))], {})


def test_odd_times_and_names_have_a_stamp(tmp_path):
    names = [b"old", "ümlaut".encode(), b"\xff\xfe not a text"]
    for name in names:
        path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - a path of bytes
        with open(path, "wb"):  # noqa: PTH123 - a path of bytes
            os.utime(path, (-1000.5, -1000.5))
    assert stamps_of([os.stat(tmp_path / "old")])[1] == (1 << 64) - 1_000_500_000_000  # noqa: PTH116 - as listed
    before = scan([tmp_path], index=ScanIndex(tmp_path / "index.sqlite"))
    (tmp_path / "index.sqlite").unlink(missing_ok=True)
    assert len(before.skipped) == 3
    assert scan([tmp_path]) == before


def test_blocks_give_each_file_once():
    first = block("/a", x=(1, 2, 3), y=(4, 5, 6))
    files = each_once([first, block("/a", y=(4, 5, 6)), block("/b", x=(7, 8, 9))])
    assert [(file.path, file.stamp) for file in files] == [
        ("/a/x", (1, 2, 3)),
        ("/a/y", (4, 5, 6)),
        ("/b/x", (7, 8, 9)),
    ]


def test_rows_that_follow_each_other_are_one_run():
    assert runs_of([]) == []
    assert runs_of([(0, 0), (0, 1), (1, 2), (1, 4), (1, 3)]) == [(0, 0, 2), (1, 2, 1), (1, 4, 1), (1, 3, 1)]


def test_a_series_made_later_is_the_same_series(folder):
    series = scan([folder]).studies[0].series[0]
    calls = []

    def make():
        calls.append(1)
        return series.images

    later = Series.later(
        uid=series.uid,
        number=series.number,
        modality=series.modality,
        description=series.description,
        count=3,
        make=make,
    )
    assert (later.image_count, calls) == (3, [])
    assert later == series
    assert hash(later) == hash(series)
    assert calls == [1]
    with pytest.raises(AttributeError, match="nothing"):
        _ = later.nothing
