"""The benchmarks run and compare; how fast anything is, is not a matter of tests."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

NO_CINES = ("--long-frames", "0", "--scanned-files", "0", "--window-frames", "0")
NO_PRACTICE = ("--practised", "0", "--reported", "0", "--exercises", "0")
NO_TABLE = (*NO_CINES, "--imported", "0", *NO_PRACTICE)


@pytest.fixture
def run(repository, tmp_path):
    def run_script(*options):
        command = [sys.executable, repository / "benchmarks" / "run.py", *options, "--folder", tmp_path]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return run_script


def test_it_prints_ratios_side_by_side_and_writes_them_as_json(run, tmp_path):
    file = tmp_path / "results.json"
    small = ("--files", "JPEG-LS", "--frames", "4", "--side", "64", "--runs", "1", "--saves", "3")
    done = run(*small, *NO_TABLE, "--json", str(file))
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if " ms" in line and line.endswith(" x")]
    assert sum("pydicom" in row for row in rows) == 2
    results = json.loads(file.read_text(encoding="utf-8"))
    ours, everything, one = results["reading"]
    assert ours["contender"] == "fluoro_annotator"
    assert ours["time_ratio"] is None
    for peer in (everything, one):
        assert peer["decoder"] == "pyjpegls"
        assert peer["time_ratio"] > 0
        assert peer["seconds"] / ours["seconds"] == pytest.approx(peer["time_ratio"])
    assert results["saving"]["saves"] == 3
    assert results["saving"]["ratio"] > 0
    assert results["machine"]["cores"] >= 1


def test_the_store_is_compared_with_a_smaller_one_and_an_import_with_single_changes(run, tmp_path):
    file = tmp_path / "results.json"
    reading = ("--files", "JPEG-LS", "--frames", "2", "--side", "32", "--runs", "1", "--saves", "2")
    done = run(
        *reading, *NO_CINES, "--imported", "300", "--stored", "20000", *NO_PRACTICE, "--json", str(file)
    )
    assert done.returncode == 0, done.stderr
    lines = {line["what"]: line for line in json.loads(file.read_text(encoding="utf-8"))["targets"]}
    assert lines.pop("import of 300 revisions, each")["wanted"] == 50
    grown = {
        f"{what}, 20,000 in the store" for what in ("open a reading of 100 revisions", "list 50 studies")
    }
    assert {what for what, line in lines.items() if line["wanted"] == 3} == grown
    assert all(line["met"] == (line["ratio"] <= 3) for what, line in lines.items() if what in grown)
    assert set(lines) - grown <= {"one change on a PostgreSQL server"}


def test_practice_is_compared_with_fewer_answers_and_with_reading_everything(run, tmp_path):
    file = tmp_path / "results.json"
    reading = ("--files", "JPEG-LS", "--frames", "2", "--side", "32", "--runs", "1", "--saves", "2")
    few = ("--imported", "0", "--practised", "12", "--flat", "50", "--reported", "0", "--exercises", "0")
    done = run(*reading, *NO_CINES, *few, "--json", str(file))
    assert done.returncode == 0, done.stderr
    lines = {line["what"]: line for line in json.loads(file.read_text(encoding="utf-8"))["targets"]}
    assert lines.keys() == {"commit and next exercise, 12 earlier answers", "50 scored answers made flat"}
    assert all(line["ratio"] > 0 and line["met"] is not None for line in lines.values())


def test_a_report_of_practice_is_compared_with_parsing_the_same_rows(run, tmp_path):
    file = tmp_path / "results.json"
    reading = ("--files", "JPEG-LS", "--frames", "2", "--side", "32", "--runs", "1", "--saves", "2")
    done = run(*reading, *NO_TABLE, "--reported", "300", "--json", str(file))
    assert done.returncode == 0, done.stderr
    (line,) = json.loads(file.read_text(encoding="utf-8"))["targets"]
    assert (line["what"], line["against"]) == (
        "report of 300 answers, HTML",
        "sqlite3 and json, the same rows",
    )
    assert line["ratio"] > 0
    assert "10 s at most" in done.stdout


def test_the_table_says_of_each_target_whether_it_is_met(run, tmp_path):
    file = tmp_path / "results.json"
    reading = ("--files", "JPEG-LS", "--frames", "2", "--side", "32", "--runs", "1", "--saves", "2")
    table = ("--long-frames", "3", "--long-files", "JPEG-LS", "--long-runs", "1")
    table += ("--scanned-files", "6", "--window-frames", "0", "--imported", "0", *NO_PRACTICE)
    done = run(*reading, *table, "--json", str(file))
    assert done.returncode == 0, done.stderr
    lines = {line["what"]: line for line in json.loads(file.read_text(encoding="utf-8"))["targets"]}
    assert len(lines) == 3 + 3
    for what in (
        "first of 3 frames, JPEG-LS",
        "random frame, JPEG-LS",
        "first scan, 6 files",
        "repeated scan",
    ):
        assert lines[what]["ratio"] > 0
    for line in lines.values():
        known = line["ratio"] is not None and line["wanted"] is not None
        assert (line["met"] is not None) == known
    shown = [row for row in done.stdout.splitlines() if row.startswith("repeated scan")]
    assert len(shown) == 2


def test_a_target_is_met_when_the_ratio_reaches_it(benchmark_module):
    targets = benchmark_module("targets")
    assert targets.faster("what", "peer", 1.0, 4.0, 4.0).met is True
    assert targets.faster("what", "peer", 1.0, 3.9, 4.0).met is False
    assert targets.faster("what", "peer", 1.0, None, 4.0).met is None
    assert targets.smaller("memory", 4.9, 100.0).met is True
    assert targets.smaller("memory", 5.0, 100.0).met is False
    assert targets.smaller("memory", None, 100.0).met is None


def test_a_scanned_folder_holds_as_many_images_as_were_asked_for(benchmark_module, tmp_path, monkeypatch):
    from fluoro_annotator.dicom import scan

    cines = benchmark_module("cines")
    monkeypatch.setattr(cines, "SERIES_FILES", 3)
    cines.make_folder(tmp_path / "files", 7)
    result = scan([tmp_path / "files"]).require()
    assert not result.skipped
    ((_, series),) = [(study, study.series) for study in result.studies]
    assert [len(each.images) for each in series] == [3, 3, 1]


def test_a_window_is_measured_by_what_it_shows(benchmark_module):
    window, targets = benchmark_module("window"), benchmark_module("targets")
    assert window._rate_line(20.0, 25.0).met is True
    assert window._rate_line(19.9, 5.0).met is False
    assert window._press_line(0.050).met is True
    assert window._press_line(0.051).met is False
    assert window._opening_line([1.4, 1.5, 9.0], [3.0] * 3, [2.0] * 3).met is True
    assert window._opening_line([1.4, 1.6, 9.0], [3.0] * 3, [2.0] * 3).met is False
    assert targets.row_of(window._rate_line(22.0, 44.0))[-3:] == ("0.5 x", "20 frames/s", "yes")


@pytest.mark.gui
def test_windows_are_measured_in_processes_of_their_own(benchmark_module, tmp_path):
    window = benchmark_module("window")
    cines = benchmark_module("cines")
    cine = cines.make_cine(tmp_path, "JPEG-LS", frames=2, side=64)
    store = window._store(tmp_path, cine, 6)
    opened = window._probe("opening", cine, store)
    assert opened["marks"] == 6
    assert opened["seconds"] > 0


def test_an_unknown_file_is_refused(run):
    done = run("--files", "video")
    assert done.returncode == 2
    assert "video" in done.stderr


@pytest.mark.parametrize("encoding", ["JPEG lossless", "JPEG 2000", "HTJ2K"])
def test_a_long_cine_repeats_its_frames_without_loss(benchmark_module, tmp_path, encoding, monkeypatch):
    from fluoro_annotator.dicom import FrameStack, scan

    cines = benchmark_module("cines")
    monkeypatch.setattr(cines, "DISTINCT", 2)
    made = cines.make_frames(2, 32)
    (image,) = scan([cines.make_cine(tmp_path, encoding, frames=5, side=32)]).require().studies[0].images
    assert (FrameStack([image])[:] == made[[0, 1, 0, 1, 0]]).all()


@pytest.mark.parametrize("encoding", ["native", "JPEG-LS"])
def test_the_cines_are_read_alike_by_both(benchmark_module, tmp_path, encoding):
    import pydicom

    from fluoro_annotator.dicom import FrameStack, scan

    cines = benchmark_module("cines")
    path = cines.make_cine(tmp_path, encoding, frames=3, side=32)
    made = cines.make_frames(3, 32)
    (image,) = scan([path]).require().studies[0].images
    assert (pydicom.dcmread(path).pixel_array == made).all()
    assert (FrameStack([image])[:] == made).all()


def turn(ours, peer):
    return {
        "fluoro_annotator": {"seconds": ours, "import_seconds": 1.0, "extra_bytes": 10},
        "pydicom_all": {"seconds": peer, "import_seconds": 2.0, "extra_bytes": None},
    }


def test_ratios_are_formed_within_a_turn(benchmark_module):
    reading = benchmark_module("reading")
    turns = [turn(1.0, 10.0), turn(2.0, 4.0), turn(4.0, 20.0)]
    result = reading._result("cine", "pydicom_all", "pillow", turns)
    assert result.seconds == 10.0
    assert result.time_ratio == 5.0
    assert result.extra_bytes is None
    assert result.memory_ratio is None
    assert math.isclose(reading._result("cine", "fluoro_annotator", "", turns).seconds, 2.0)
