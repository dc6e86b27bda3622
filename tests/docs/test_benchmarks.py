"""The benchmarks run and compare; how fast anything is, is not a matter of tests."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest


@pytest.fixture
def run(repository, tmp_path):
    def run_script(*options):
        command = [sys.executable, repository / "benchmarks" / "run.py", *options, "--folder", tmp_path]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    return run_script


def test_it_prints_ratios_side_by_side_and_writes_them_as_json(run, tmp_path):
    file = tmp_path / "results.json"
    small = ("--files", "JPEG-LS", "--frames", "4", "--side", "64", "--runs", "1", "--saves", "3")
    done = run(*small, "--json", str(file))
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


def test_an_unknown_file_is_refused(run):
    done = run("--files", "video")
    assert done.returncode == 2
    assert "video" in done.stderr


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
