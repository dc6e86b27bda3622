"""``open`` and ``demo`` hand over to the front end, or say what is missing."""

import sys
from types import ModuleType

import pytest

from fluoro_annotator.cli import front_end
from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.errors import NothingToOpenError
from fluoro_annotator.marks import Purpose


@pytest.fixture
def calls(monkeypatch, filled_store):
    """Put a front end in place that notes how it is called; return the notes."""
    notes = []
    launch, demo = ModuleType("launch"), ModuleType("demo")
    launch.open_window = lambda paths, progress, purpose: notes.append((paths, progress, purpose))

    def run(output, *, headless):
        output.mkdir()
        (output / "marks.json").write_text("{}")
        notes.append((output, headless))
        return filled_store

    demo.run = run
    monkeypatch.setitem(sys.modules, "napari_fluoro_annotator.launch", launch)
    monkeypatch.setitem(sys.modules, "napari_fluoro_annotator.demo", demo)
    monkeypatch.setenv("DISPLAY", ":0")
    return notes


def test_open_hands_the_paths_over(run, calls, tmp_path):
    assert run("open", tmp_path, "other").exit_code == 0
    ((paths, progress, purpose),) = calls
    assert [str(path) for path in paths] == [str(tmp_path), "other"]
    assert (progress, purpose) == (None, None)


@pytest.mark.parametrize("purpose", [Purpose.PROCEDURE, Purpose.REFERENCE])
def test_open_says_what_is_marked_for(run, calls, tmp_path, purpose):
    assert run("open", "--purpose", purpose.value, tmp_path).exit_code == 0
    assert calls[0][2] is purpose


def test_open_knows_no_other_purpose(run, calls, tmp_path):
    result = run("open", "--purpose", "practice", tmp_path)
    assert (result.exit_code, calls) == (ExitCode.USAGE, [])
    assert "'procedure', 'reference'" in result.stderr


@pytest.mark.parametrize(("options", "headless"), [([], False), (["--headless"], True)])
def test_demo_lists_the_marks_and_the_files(run, calls, tmp_path, options, headless):
    result = run("demo", "--output", tmp_path / "shown", *options)
    assert result.exit_code == 0
    assert calls == [(tmp_path / "shown", headless)]
    assert f"Marks in {tmp_path / 'filled.sqlite'}" in result.stdout
    assert result.stdout.count("L3 medial branch, at L4, right") == 2
    assert f"Files in {tmp_path / 'shown'}: marks.json." in result.stdout


def test_a_missing_front_end_names_the_command_that_installs_it(run, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setitem(sys.modules, "napari_fluoro_annotator.launch", None)
    result = run("open", ".")
    assert result.exit_code == ExitCode.MISSING
    assert 'python -m pip install ".[napari]"' in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_screen_is_told_before_qt_aborts(run, calls, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in front_end.DISPLAY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for command in (["open", "."], ["demo"]):
        result = run(*command)
        assert result.exit_code == ExitCode.MISSING
        assert "neither an X server nor Wayland" in result.stderr
    assert calls == []


def test_other_systems_always_have_a_screen(run, calls, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("DISPLAY")
    front_end.require_screen()


def test_nothing_to_open_is_one_sentence(run, calls, monkeypatch):
    def refuse(paths, progress, purpose):
        raise NothingToOpenError("the selection", "holds no fluoroscopic image")

    monkeypatch.setattr(sys.modules["napari_fluoro_annotator.launch"], "open_window", refuse)
    result = run("open", ".")
    assert (result.exit_code, result.stderr) == (
        ExitCode.REFUSED,
        "the selection: holds no fluoroscopic image.\n",
    )
