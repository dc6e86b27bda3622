"""Commands in the documentation exist, with the options that are shown."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from fluoro_annotator.cli import app

PROGRAM = "fluoro-annotator"
SHELLS = ("sh", "console", "powershell", "bash")


@pytest.fixture
def targets(repository):
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


def made_in(text):
    return set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", text, re.MULTILINE))


def test_make_targets_that_are_named_exist(page, targets):
    named = {first or second for first, second in made_in(page.read_text(encoding="utf-8"))}
    assert named <= targets


def test_the_page_for_contributors_names_every_target(repository, table, targets):
    rows = table(repository / "docs" / "developer" / "contributing.md", "command")
    named = {re.match(r"`make ([a-z]+)", row[0])[1] for row in rows}
    assert named == targets - {"help"}


def command_lines(page, code_blocks, prose):
    lines = [line.strip() for block in code_blocks(page, *SHELLS) for line in block.splitlines()]
    lines += re.findall(rf"`({PROGRAM} [^`]+)`", prose(page))
    return [line.removeprefix("$ ") for line in lines if line.removeprefix("$ ").startswith(f"{PROGRAM} ")]


def problem_with(line):
    """Return what the program would not understand in a command line, nothing if it all exists."""
    command, words = get_command(app), shlex.split(line)[1:]
    while words:
        word = words.pop(0)
        if word == "...":
            return ""
        if word.startswith("--"):
            options = {name for parameter in command.params for name in parameter.opts}
            if word != "--help" and word.partition("=")[0] not in options:
                return f"{word} is no option of {command.name}"
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return f"{word} is no command of {command.name}"
            command = command.commands[word]
    return ""


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("fluoro-annotator marks export marks.csv --reader 'Reader A'", ""),
        ("fluoro-annotator --debug inspect FOLDER", ""),
        ("fluoro-annotator marks export --quietly x", "--quietly is no option of export"),
        ("fluoro-annotator sing", "sing is no command of fluoro-annotator"),
    ],
)
def test_a_wrong_command_line_would_be_found(line, problem):
    assert problem_with(line) == problem


def test_command_lines_that_are_shown_are_understood(page, code_blocks, prose):
    problems = [problem_with(line) for line in command_lines(page, code_blocks, prose)]
    assert [problem for problem in problems if problem] == []


def test_the_readme_shows_the_commands(repository, code_blocks, prose):
    lines = command_lines(repository / "README.md", code_blocks, prose)
    shown = {" ".join(shlex.split(line)[1:3]) for line in lines}
    assert {"open FOLDER", "marks export", "marks import", "marks list", "inspect FOLDER"} <= shown


def test_the_documented_options_of_the_benchmark_exist(repository, pages, code_blocks):
    script = (repository / "benchmarks" / "run.py").read_text(encoding="utf-8")
    known = set(re.findall(r'add_argument\("(--\w+)"', script))
    blocks = [block for page in pages for block in code_blocks(page, *SHELLS)]
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("make bench")]
    assert set(re.findall(r"(--\w+)", " ".join(lines))) <= known
    assert any("--json" in line for line in lines)
