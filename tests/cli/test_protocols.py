"""The commands on protocols."""

import pytest

from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.protocols import load_protocols

OWN = """\
format: fluoro_annotator.protocol
schema: 1
id: {id}
version: "{version}"
status: approved
title: Block as we do it
region: lumbar
procedure: block
joints: [L4-L5]
views: [AP_TRUE]
groups:
  - nerves: [L3_MB, L4_MB]
    slots:
      - {{what: target, view: AP_TRUE, hint: "Press on {{vertebra}}.", basis: engineering}}
needles: {{gauges: [22], basis: engineering}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Use a folder of the test for own protocols."""
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setenv("FLUORO_ANNOTATOR_PROTOCOLS", str(own))
    return own


@pytest.fixture
def put(folder):
    """Return a function that puts a protocol file into the folder."""

    def put(name="own.yaml", identifier="site_block", version="1.0", text=OWN):
        path = folder / name
        path.write_text(text.format(id=identifier, version=version), encoding="utf-8")
        return path

    return put


def test_list_names_every_protocol_and_the_folder(run, folder):
    result = run("protocols", "list")
    assert result.exit_code == ExitCode.DONE
    for protocol in load_protocols(folders=()).protocols:
        assert f"{protocol.id}\t{protocol.version}\t{protocol.title}\tthe program" in result.stdout
    assert str(folder) in result.stderr
    assert "Not used" not in result.stdout


def test_list_says_what_is_overridden_and_what_is_not_used_and_why(run, put):
    put("ours.yaml", "lumbar_mbb", "3")
    bad = put("bad.yaml", text="format: {id}")
    result = run("protocols", "list")
    assert (
        "lumbar_mbb\t3\tBlock as we do it\tours.yaml, instead of version 1.1 of the program" in result.stdout
    )
    assert f"{bad}, line 1\tthe format is 'site_block'" in result.stdout
    assert result.exit_code == ExitCode.DONE


def test_another_folder_can_be_looked_into(run, put, tmp_path):
    put()
    assert "site_block" in run("protocols", "list").stdout
    assert "site_block" not in run("protocols", "list", "--folder", tmp_path / "none").stdout


@pytest.mark.parametrize("protocol", load_protocols(folders=()).protocols, ids=lambda one: one.id)
def test_show_prints_every_statement_with_what_it_rests_on(run, protocol):
    result = run("protocols", "show", protocol.id)
    assert result.exit_code == ExitCode.DONE
    for text in (
        *(view.setup for view in protocol.views),
        *(slot.hint for group in protocol.groups for slot in group.slots),
        *(line.rule for line in protocol.safety_lines),
        *(band.title for band in protocol.bands),
        *(item.question for item in protocol.rubric),
        *(note.text for note in protocol.notes),
        *(source.citation for source in protocol.sources),
        protocol.content_hash,
        protocol.evidence_note,
    ):
        assert text in result.stdout


def test_show_for_joints_prints_the_plan(run):
    result = run("protocols", "show", "lumbar_mbb", "--for", "L4/5 right")
    assert result.exit_code == ExitCode.DONE
    assert (
        "Nerves: L4 medial branch, at L5 (for L4-L5); L3 medial branch, at L4 (for L4-L5)." in result.stdout
    )
    assert (
        "L3_MB:R:AP_TRUE:target\tL3 medial branch, at L4, right\tTrue AP\ttarget\trequired" in result.stdout
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lumbar_mbb", "--for", "L4-5"], "No side is named"),
        (["lumbar_mbb", "--for", "somewhere left"], "“somewhere” was not understood"),
        (["lumbar_mbb", "--for", "C3-4 left"], "is not for the joint C3-C4"),
        (["lumbar"], "it is not installed"),
        (["lumbar_mbb", "--version", "9"], "version 9"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(run, arguments, words):
    result = run("protocols", "show", *arguments)
    assert result.exit_code == ExitCode.REFUSED
    assert words in result.stderr


def test_a_certain_version_can_be_shown(run, put):
    put("a.yaml", version="1.0")
    put("b.yaml", version="2.0")
    assert "version 2.0" in run("protocols", "show", "site_block").stdout
    assert "version 1.0" in run("protocols", "show", "site_block", "--version", "1.0").stdout


def test_check_says_what_can_be_used(run, put):
    path = put()
    result = run("protocols", "check", path)
    assert result.exit_code == ExitCode.DONE
    assert result.stdout == f"{path}: site_block, version 1.0, can be used (2 slots on each side).\n"


def test_check_goes_on_after_a_broken_file_and_ends_with_a_code(run, put, tmp_path):
    bad = put("bad.yaml", text=OWN.replace("region: lumbar", "region: tail"))
    result = run("protocols", "check", bad, tmp_path / "none.yaml", put())
    assert result.exit_code == ExitCode.REFUSED
    assert f"{bad}, line 7: the field region is 'tail'" in result.stderr
    assert "none.yaml: it is not a file" in result.stderr
    assert "can be used" in result.stdout
    assert "2 of the files: cannot be used" in result.stderr
