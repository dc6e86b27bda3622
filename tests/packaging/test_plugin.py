"""napari finds the plugin; and the check that says so sees what can go wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest
from npe2 import PluginManifest

NAME = "fluoro-annotator"


@pytest.fixture
def check(tool):
    return tool("check_plugin")


@pytest.fixture
def manifest(repository):
    return PluginManifest.from_file(repository / "plugins" / "napari_fluoro_annotator" / "napari.yaml")


def made(python_name, **contributions):
    command = {"id": f"{NAME}.go", "title": "Go", "python_name": python_name}
    return PluginManifest(name=NAME, contributions={"commands": [command], **contributions})


def test_napari_discovers_the_plugin_and_can_import_all_it_offers(repository):
    command = [sys.executable, repository / "tools" / "check_plugin.py"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"napari discovers {NAME} ")


def test_the_manifest_is_valid_and_bears_the_name_of_the_distribution(manifest):
    assert manifest.name == NAME
    manifest.validate_imports()


def test_the_reader_accepts_folders_and_names_without_extension(manifest):
    (reader,) = manifest.contributions.readers
    assert reader.accepts_directories
    assert reader.filename_patterns == ["*"]


def test_a_name_that_differs_from_the_distribution_is_seen(check, monkeypatch, capsys):
    monkeypatch.setattr(check, "discovered", lambda: None)
    assert check.main() == 1
    assert "manifest's name must be the same" in capsys.readouterr().err


def test_a_missing_entry_point_is_seen(check, monkeypatch, capsys):
    monkeypatch.setattr(check, "entry_point_names", list)
    assert check.main() == 1
    assert "napari.manifest" in capsys.readouterr().err


def test_kinds_of_contribution_that_are_missing_are_seen(check):
    problems = check.problems_of(made("json:loads"))
    assert problems == [
        f"The manifest offers no {kind}." for kind in ("readers", "sample_data", "widgets", "menus")
    ]


@pytest.mark.parametrize(
    ("python_name", "problem"),
    [
        ("no_module_of_this_name:go", "cannot be imported"),
        ("json:no_function_of_this_name", "cannot be imported"),
        ("json:__all__", "cannot be called"),
    ],
)
def test_a_command_that_leads_nowhere_is_seen(check, python_name, problem):
    assert any(f"{NAME}.go" in line and problem in line for line in check.problems_of(made(python_name)))
