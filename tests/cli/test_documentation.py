"""The pages for users say what the program does."""

import re
from pathlib import Path

import pytest
import typer.main

from fluoro_annotator.cli import app
from fluoro_annotator.cli.exit_codes import MEANINGS

PAGE = Path(__file__).parents[2] / "docs" / "user" / "command-line.md"
HELP = {"--help"}


def _commands(group, name):
    """Yield the full name and the command of every command below a group."""
    for key, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} {key}")
        else:
            yield f"{name} {key}", command


PROGRAM = typer.main.get_command(app)
COMMANDS = {"fluoro-annotator": PROGRAM} | dict(_commands(PROGRAM, "fluoro-annotator"))


def _sections():
    """Return the text below each heading of the page, by the command that the heading names."""
    parts = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _section_of(name):
    headings = [heading for heading in _sections() if re.fullmatch(rf"{name}( [A-Z.]+)*", heading)]
    assert len(headings) == 1, f"{name} needs one section"
    return headings[0], _sections()[headings[0]]


def _rows(text):
    return [
        tuple(cell.strip() for cell in line.strip("| ").split("|", 1))
        for line in text.splitlines()
        if line.startswith("| ")
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_on_the_page_and_no_other(name):
    command = COMMANDS[name]
    options = {
        option
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
    } - HELP
    documented = {cell.strip("`") for cell, _ in _rows(_section_of(name)[1]) if cell.startswith("`--")}
    assert documented == options


@pytest.mark.parametrize("name", COMMANDS)
def test_headings_name_the_arguments(name):
    heading, _ = _section_of(name)
    arguments = [p.name.upper() for p in COMMANDS[name].params if p.param_type_name == "argument"]
    assert re.findall(r"[A-Z]{2,}", heading) == arguments


def test_every_section_of_a_command_is_a_command():
    named = {re.sub(r"( [A-Z.]+)+$", "", heading) for heading in _sections() if heading.startswith("fluoro-")}
    assert named == set(COMMANDS)


def test_the_table_of_exit_codes_is_the_one_of_the_program():
    rows = _rows(_sections()["Exit codes"])[1:]
    assert rows == [(str(code.value), meaning) for code, meaning in MEANINGS.items()]
