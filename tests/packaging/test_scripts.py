"""The shell scripts: where windows open, which Python is taken, what stays in the checkout."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cases are those of Linux")


@pytest.fixture
def run(repository, tmp_path):
    """Return a function that runs a script of ``tools`` with a given environment only."""

    def start(script, *arguments, **variables):
        command = ["/bin/sh", repository / "tools" / script, *arguments]
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **variables}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return start


def put(folder, name, text):
    script = folder / name
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)


@pytest.mark.parametrize(
    ("variables", "present"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0", "CI": "true"}, False),
        ({"DISPLAY": ":0", "HEADLESS": "1"}, False),
    ],
)
def test_which_screen_counts(run, variables, present):
    assert (run("display.sh", "present", **variables).returncode == 0) is present


def test_with_a_screen_the_command_runs_on_it(run):
    result = run("display.sh", "run", "sh", "-c", 'echo "$DISPLAY|$QT_QPA_PLATFORM"', DISPLAY=":7")
    assert result.stdout == ":7|\n"


def test_without_a_screen_the_command_runs_on_a_virtual_one(run, tmp_path):
    put(tmp_path, "xvfb-run", 'echo "$*|$QT_QPA_PLATFORM|$WAYLAND_DISPLAY"')
    result = run(
        "display.sh", "run", "napari", "a b", CI="1", WAYLAND_DISPLAY="w", QT_QPA_PLATFORM="offscreen"
    )
    assert result.stdout == "-a -s -screen 0 1600x1000x24 napari a b|xcb|\n"


def test_the_exit_code_of_the_command_is_handed_on(run):
    assert run("display.sh", "run", "sh", "-c", "exit 5", DISPLAY=":7").returncode == 5


@pytest.mark.parametrize("arguments", [(), ("walk",)])
def test_a_wrong_call_is_answered_with_the_usage(run, arguments):
    result = run("display.sh", *arguments)
    assert result.returncode == 2
    assert "Usage:" in result.stderr


def test_a_chosen_python_that_is_too_old_is_refused_by_name(run, tmp_path):
    put(tmp_path, "old-python", "exit 1")
    result = run("setup.sh", "tools", PYTHON="old-python")
    assert result.returncode == 2
    assert "PYTHON is set to old-python" in result.stderr


def test_without_any_python_it_says_what_to_install(run, tmp_path):
    for name in ("python3", "python", *(f"python3.{minor}" for minor in range(11, 15))):
        put(tmp_path, name, "exit 1")
    result = run("setup.sh", "tools")
    assert result.returncode == 2
    assert "apt-get install python3 python3-venv" in result.stderr


def test_the_first_python_that_is_new_enough_is_taken(run, tmp_path):
    put(tmp_path, "python3", "exit 1")
    put(tmp_path, "python3.14", 'case "$1" in -c) exit 0 ;; *) echo "took $*" ;; esac')
    result = run("setup.sh", "tools")
    assert result.stdout.startswith("took ")
    assert result.stdout.endswith("environment.py tools\n")


def test_continuous_integration_runs_the_commands_of_the_readme(repository):
    script = (repository / ".ci" / "run").read_text(encoding="utf-8")
    for command in ("make test", "make lint", "make wheel"):
        assert command in script
