"""The installed command: it starts quickly, and says what it is."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

HEAVY = {
    "pydicom",
    "numpy",
    "napari",
    "sqlalchemy",
    "imagecodecs",
    "qtpy",
    "PySide6",
    "vispy",
    "pandas",
    "scipy",
}

REPORT_IMPORTS = """
import json, sys
from fluoro_annotator.cli import main
sys.argv[0] = "fluoro-annotator"
try:
    code = main()
except SystemExit as leaving:
    code = leaving.code
print(json.dumps([code, sorted(name for name in sys.modules if "." not in name)]), file=sys.stderr)
"""


@pytest.fixture
def start():
    """Return a function: arguments -> output, exit code and top-level modules that were imported."""

    def run(*arguments):
        command = [sys.executable, "-c", REPORT_IMPORTS, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        code, modules = json.loads(result.stderr.splitlines()[-1])
        return result.stdout, code, set(modules)

    return run


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["open", "--help"], ["marks", "--help"], ["demo", "--help"]]
)
def test_help_and_version_import_nothing_heavy(start, arguments):
    output, code, modules = start(*arguments)
    assert output
    assert code in {0, None}
    assert not modules & HEAVY


def test_the_probe_sees_heavy_imports_where_there_are_some(start, tmp_path):
    _, _, modules = start("inspect", str(tmp_path))
    assert "pydicom" in modules


def test_the_version_is_that_of_the_distribution(start):
    output, _, _ = start("--version")
    assert version("fluoro-annotator") in output
