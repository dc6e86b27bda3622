from __future__ import annotations

import pytest

from fluoro_annotator.anatomy import load_anatomy, read_anatomy
from fluoro_annotator.errors import AnatomyDataError


def refusal(path):
    """Read a table that has to be refused; return the error."""
    with pytest.raises(AnatomyDataError) as caught:
        read_anatomy(path)
    assert str(path) in caught.value.subject
    return caught.value


def test_a_copy_of_the_table_reads_the_same(raw, write):
    copy, own = read_anatomy(write(raw)), load_anatomy()
    for name in ("vertebrae", "joints", "excluded_joints", "nerves", "sources"):
        assert dict(getattr(copy, name)) == dict(getattr(own, name))
        assert list(getattr(copy, name)) == list(getattr(own, name))
    assert copy.status == own.status


def test_a_path_may_be_a_text(raw, write):
    assert len(read_anatomy(str(write(raw))).nerves) == 24


def test_a_missing_file(tmp_path):
    assert "cannot be read" in refusal(tmp_path / "none.yaml").problem


def test_a_folder_instead_of_a_file(tmp_path):
    assert "cannot be read" in refusal(tmp_path).problem


@pytest.mark.parametrize("content", ["", "just text", "- 1\n- 2\n", "1: 2\n", "? [a, b]\n: c\n"])
def test_a_file_that_is_no_table(write, content):
    refusal(write(content))


def test_a_file_that_is_not_yaml_names_the_line(write):
    error = refusal(write("format: a\nversion: [1\nstatus: b\n"))
    assert "line 3" in error.subject
    assert "not valid YAML" in error.problem


def test_a_file_with_control_characters(write):
    assert "not valid YAML" in refusal(write("format: \x07\n")).problem


def test_a_file_that_runs_code_is_refused(write):
    assert "not valid YAML" in refusal(write("format: !!python/object/apply:os.getcwd []\n")).problem


def test_a_file_in_another_encoding(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("status: gepr\u00fcft\n".encode("latin-1"))
    assert "UTF-8" in refusal(path).problem


def test_a_field_written_twice(write):
    error = refusal(write("format: a\nversion: 1\nversion: 2\n"))
    assert "line 3" in error.subject
    assert "version is written twice" in error.problem


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("format", "something.else", "the format is not"),
        ("version", 2, "the version is 2"),
        ("version", "1", "the version is '1'"),
        ("nerves", {}, "the field nerves is a mapping where a list is expected"),
        ("nerves", None, "the field nerves is empty where a list is expected"),
        ("comment", "x", "fields that are not known: comment"),
    ],
)
def test_a_wrong_head(raw, write, field, value, problem):
    raw[field] = value
    assert problem in refusal(write(raw)).problem


@pytest.mark.parametrize("section", ["vertebrae", "joints", "excluded_joints", "nerves", "sources", "status"])
def test_a_missing_section(raw, write, section):
    del raw[section]
    assert f"the field {section} is missing" in refusal(write(raw)).problem


SPOILED_FIELDS = [
    ("nerves", "L3_MB", "name", None, "nerve L3_MB", "the field name is empty"),
    ("nerves", "L3_MB", "name", 3, "nerve L3_MB", "a value of type int where a text is expected"),
    ("nerves", "L3_MB", "name", "  ", "nerve L3_MB", "where a text is expected"),
    ("nerves", "L3_MB", "region", "lumber", "nerve L3_MB", "'lumber', which is none of cervical"),
    ("nerves", "L3_MB", "sides", ["left", "up"], "nerve L3_MB", "'up', which is none of left"),
    ("nerves", "L3_MB", "sides", ["midline"], "nerve L3_MB", "its sides include the midline"),
    ("nerves", "L3_MB", "sides", [True], "nerve L3_MB", "something that is not a text"),
    ("nerves", "L3_MB", "sides", [], "nerve L3_MB", "sides is empty"),
    ("nerves", "L3_MB", "evidence", "certain", "nerve L3_MB", "none of established, disputed"),
    ("nerves", "L3_MB", "colour", "red", "nerve L3_MB", "fields that are not known: colour"),
    ("nerves", "L3_MB", "vertebra", "L6", "nerve L3_MB", "names the vertebra L6"),
    ("nerves", "L3_MB", "joints", ["L3-L4", "L6-S1"], "nerve L3_MB", "names the joint L6-S1"),
    ("nerves", "L3_MB", "joints", ["L3-L4"], "joint L4-L5", "that nerve does not name the joint"),
    ("nerves", "L3_MB", "sources", ["NOBODY2020"], "nerve L3_MB", "names the source NOBODY2020"),
    ("nerves", "L3_MB", "sources", [], "nerve L3_MB", "sources is empty"),
    ("nerves", "L3_MB", "id", "L2_MB", "nerve L2_MB", "it is listed twice"),
    ("nerves", "L3_MB", "id", ["L3"], "nerve number", "the field id is a list"),
    ("joints", "L4-L5", "nerves", ["L3_MB", "L6_MB"], "joint L4-L5", "names the nerve L6_MB"),
    ("joints", "L4-L5", "nerves", ["L3_MB"], "nerve L4_MB", "that joint does not name the nerve"),
    ("joints", "L4-L5", "vertebrae", ["L4"], "joint L4-L5", "it names 1 vertebrae, a joint has two"),
    ("joints", "L4-L5", "vertebrae", ["L5", "L4"], "joint L4-L5", "its vertebrae are"),
    ("joints", "L4-L5", "level_code", "1", "joint L4-L5, level_code", "it is a text"),
    ("vertebrae", "L4", "code", {"value": "1"}, "vertebra L4, code", "the field scheme is missing"),
    ("vertebrae", "L4", "id", "L3", "vertebra L3", "it is listed twice"),
    ("sources", "LAU2004", "read", "twice", "source LAU2004", "none of full, excerpt, not read"),
    ("sources", "LAU2004", "citation", "", "source LAU2004", "the field citation"),
    ("excluded_joints", "SI", "reason", None, "excluded joint SI", "the field reason is empty"),
    ("excluded_joints", "SI", "id", "L5-S1", "joint L5-S1", "both as a joint and as an excluded joint"),
]


@pytest.mark.parametrize("case", SPOILED_FIELDS)
def test_a_spoiled_field_is_named(raw, entry, write, case):
    section, key, field, value, subject, problem = case
    entry(section, key)[field] = value
    error = refusal(write(raw))
    assert subject in error.subject
    assert problem in error.problem


@pytest.mark.parametrize(
    ("section", "key"), [("vertebrae", "L4"), ("joints", "L4-L5"), ("nerves", "L4_MB"), ("sources", "GK")]
)
def test_a_missing_entry_breaks_the_references_to_it(raw, entry, write, section, key):
    raw[section].remove(entry(section, key))
    assert "does not hold" in refusal(write(raw)).problem


def test_two_vertebrae_with_one_code(raw, entry, write):
    entry("vertebrae", "L5")["code"] = entry("vertebrae", "L4")["code"]
    assert "the same code as L4: 11994002" in refusal(write(raw)).problem


def test_vertebrae_that_are_no_neighbours(raw, entry, write):
    entry("joints", "L5-S1").update(id="L4-S1", vertebrae=["L4", "S1"])
    entry("nerves", "L4_MB")["joints"] = ["L4-L5", "L4-S1"]
    entry("nerves", "L5_DR")["joints"] = ["L4-S1"]
    assert "not neighbours" in refusal(write(raw)).problem


@pytest.mark.parametrize(("section", "key"), [("joints", "L4-L5"), ("nerves", "TON")])
def test_entries_out_of_order(raw, entry, write, section, key):
    found = entry(section, key)
    raw[section].remove(found)
    raw[section].insert(0 if section == "joints" else len(raw[section]), found)
    assert "which lies below it" in refusal(write(raw)).problem


def test_a_code_that_is_a_number_is_refused(raw, entry, write):
    entry("vertebrae", "L4")["code"]["value"] = 11994002
    assert "a value of type int where a text is expected" in refusal(write(raw)).problem
