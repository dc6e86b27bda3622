"""The page for users says what the program does."""

import re
from pathlib import Path

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.protocols import (
    Answers,
    Basis,
    ConstructionKind,
    Measure,
    Severity,
    TipSide,
    load_protocols,
    parse_request,
    plan,
    read_protocol,
)
from fluoro_annotator.protocols.protocol import TEMPLATE_KINDS

PAGE = Path(__file__).parents[2] / "docs" / "user" / "protocols.md"


@pytest.fixture
def page():
    return PAGE.read_text(encoding="utf-8")


def _row(page, first):
    line = next(line for line in page.splitlines() if line.startswith(f"| {first} |"))
    return set(re.findall(r"`(\w+)`", line.split("|")[2]))


def test_the_example_can_be_used(page, write):
    example = re.search(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    protocol = read_protocol(write(example.group(1)))
    assert plan(protocol, ["L4-L5"], [Side.LEFT]).required_slots


def test_every_protocol_of_the_program_is_on_the_page(page):
    table = page[page.index("| name |") : page.index("The targets of T1")]
    assert set(re.findall(r"`(\w+)`", table)) == {one.id for one in load_protocols(folders=()).protocols}


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("`what`", TEMPLATE_KINDS),
        ("`kind` of a construction", ConstructionKind),
        ("`measure`", Measure),
        ("`tip` of a safety line", TipSide),
        ("`severity`", Severity),
        ("`answers`", Answers),
    ],
)
def test_the_vocabularies_are_those_of_the_program(page, first, words):
    assert _row(page, first) == {word.value for word in words}


def test_the_table_of_bases_is_that_of_the_program(page):
    table = page[page.index("| basis |") : page.index("Beside it stand")]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == [basis.value for basis in Basis]


def test_requests_on_the_page_are_clear_and_those_called_unclear_are_not(page):
    section = page[page.index("## From joints") : page.index("## Slots")]
    clear, unclear = section.split("What is not clear")
    for text in re.findall(r"“?\"([^\"]+)\"", clear):
        assert parse_request(text).complete, text
    for text in re.findall(r"\"([^\"]+)\"", unclear):
        assert not parse_request(" ".join(text.split()) + " left").complete, text


def test_the_plan_on_the_page_is_the_one_that_is_made(page):
    quoted = " ".join(line[2:] for line in page.splitlines() if line.startswith("> "))
    request = parse_request("L4-5 and L5-S1, right")
    made = plan(load_protocols(folders=()).get("lumbar_mbb"), request.joints, request.sides).text
    assert quoted == made
