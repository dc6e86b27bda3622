"""The program starts fast and says what it can do."""

import re
import subprocess
import sys

import pytest

from fluoro_annotator import __version__
from fluoro_annotator.cli.exit_codes import MEANINGS

HEAVY = ("numpy", "pydicom", "napari", "sqlalchemy", "jsonschema", "imagecodecs", "qtpy", "yaml")
COMMANDS = ["open", "inspect", "demo", "marks"]

REPORT = f"""
import sys
sys.argv = ["fluoro-annotator", *sys.argv[1:]]
from fluoro_annotator.cli import main
try:
    main()
except SystemExit as end:
    print("heavy:", [name for name in {HEAVY!r} if name in sys.modules], "code:", end.code)
"""


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["marks", "--help"], ["open", "--help"], ["marks", "export", "--help"]],
)
def test_help_and_version_import_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "heavy: [] code: 0"


def test_the_module_is_the_program(start):
    done = start("--version")
    assert done.stdout.decode().strip() == f"fluoro-annotator {__version__}"
    assert (done.returncode, done.stderr) == (0, b"")


def test_running_the_module_imports_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "fluoro_annotator", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint(HEAVY)


def test_help_names_every_command_and_exit_code(run):
    text = run("--help").stdout
    assert [command for command in COMMANDS if re.search(rf"\b{command}\b", text)] == COMMANDS
    flat = " ".join(text.split())
    for code, meaning in MEANINGS.items():
        assert f"{code.value} {meaning}" in flat


def test_without_a_command_the_help_is_shown(run):
    result = run()
    assert "Usage" in result.output
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["inspect"], ["inspect", "--nonsense"], ["marks", "export"], ["marks", "nonsense"]],
)
def test_a_command_that_is_not_understood_is_usage(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr
    assert "Traceback" not in result.output
