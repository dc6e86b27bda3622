"""The file of marks loses nothing and lets nothing wrong in."""

import copy
import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange import (
    MarksDocument,
    ReadingContent,
    document_from_bytes,
    json_text,
    read_json,
    write_json,
)
from fluoro_annotator.exchange.schema import load_schema
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Draft,
    FrameRef,
    ImageRecord,
    Needle,
    Reading,
    RevisionKind,
    StudyRecord,
    Target,
    chain,
)


@pytest.fixture
def values(document):
    return json.loads(json_text(document))


@pytest.fixture
def read_values(tmp_path):
    """Return a function that writes plain values to a file and reads it as marks."""

    def read(values):
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        return read_json(path)

    return read


def test_what_is_written_is_read_back_equal(document, tmp_path):
    path = tmp_path / "marks.json"
    write_json(document, path)
    assert read_json(path) == document
    assert list(tmp_path.iterdir()) == [path]


def test_writing_again_gives_the_same_bytes(document, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write_json(document, first)
    write_json(read_json(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_reading_without_marks_and_a_document_without_readings(empty_document, tmp_path):
    for document in (empty_document, MarksDocument(studies=(), readings=())):
        write_json(document, tmp_path / "marks.json")
        assert read_json(tmp_path / "marks.json") == document


def test_the_schema_is_valid_and_accepts_what_is_written(values):
    jsonschema.Draft202012Validator.check_schema(load_schema())
    jsonschema.validate(values, load_schema())


def test_present_marks_have_four_fields_a_label_and_a_length(values):
    target, needle, free = values["readings"][0]["marks"]
    assert {key: target[key] for key in ("nerve", "vertebra", "joints", "side", "label")} == {
        "nerve": "L3_MB",
        "vertebra": "L4",
        "joints": ["L3-L4", "L4-L5"],
        "side": "right",
        "label": "L3 medial branch, at L4, right",
    }
    assert target["points"] == {"position": [101.0, 34.5]}
    assert target["length"] is None
    assert needle["length"] == {
        "px": pytest.approx((60**2 + 160**2) ** 0.5),
        "mm": pytest.approx((15**2 + 20**2) ** 0.5),
        "calibration_source": "pixel_spacing_geometry",
    }
    assert free["length"]["mm"] is None
    assert free["frame_number"] == 17


def test_a_number_without_a_decimal_point_is_the_same_position(values, document, read_values):
    for holder in (values["readings"][0]["marks"], [r["mark"] for r in values["readings"][0]["revisions"]]):
        for mark in holder:
            mark["points"] = {
                name: [int(c) if c == int(c) else c for c in point] for name, point in mark["points"].items()
            }
    assert read_values(values) == document


def test_a_byte_order_mark_is_no_obstacle(document, tmp_path):
    path = tmp_path / "marks.json"
    path.write_text(json_text(document), encoding="utf-8-sig")
    assert read_json(path) == document


def test_an_old_label_is_not_a_contradiction(values, document, read_values):
    values["readings"][0]["marks"][0]["label"] = "worded otherwise in an older table"
    assert read_values(values) == document


# ------------------------------------------------------------------ files that are not files of marks


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON"),
        (b"hello", "is not JSON .line 1, column 1"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"[1, 2]", "not a file of marks"),
        (b'{"images": [], "annotations": []}', "not a file of marks"),
        (b'{"format": "fluoro_annotator.marks", "format": "x"}', "key 'format' twice"),
        (b'{"format": NaN}', "NaN"),
        (b'{"format": -Infinity}', "-Infinity"),
        (b'{"format": 1e999}', "too large"),
        (b'{"format": 9007199254740993}', "integer too large"),
        (b'{"format": ' + b"9" * 5000 + b"}", "integer too large"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"format": "fluoro_annotator.marks"}', r"\$.version.*'None'"),
    ],
)
def test_another_file_is_refused_by_name_and_reason(tmp_path, content, reason):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match=reason) as caught:
        read_json(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("version", "remedy"),
    [
        ("1.3", "update"),
        ("2.0", "update"),
        ("10.0", "update"),
        ("0.9", "Export"),
        ("one", "Export"),
        (2, "Export"),
    ],
)
def test_another_version_is_refused_with_a_remedy(values, read_values, version, remedy):
    values["version"] = version
    with pytest.raises(ExchangeError, match=r"\$\.version") as caught:
        read_values(values)
    assert remedy in caught.value.remedy


def test_missing_files_and_folders(tmp_path, document):
    with pytest.raises(ExchangeError, match="does not exist"):
        read_json(tmp_path / "none.json")
    with pytest.raises(ExchangeError, match="is a folder"):
        read_json(tmp_path)
    with pytest.raises(ExchangeError, match="is a folder"):
        write_json(document, tmp_path)
    with pytest.raises(ExchangeError, match="cannot be written"):
        write_json(document, tmp_path / "no such folder" / "marks.json")


# ------------------------------------------------------------------ files that were changed


def _change(values, path, value):
    for key in path[:-1]:
        values = values[key]
    if value is KeyError:
        del values[path[-1]]
    else:
        values[path[-1]] = value


MARK = ("readings", 0, "marks", 0)
NEEDLE = ("readings", 0, "marks", 1)
REVISION = ("readings", 0, "revisions", 2)

CHANGES = [
    (("readings",), KeyError, r"at \$: lacks readings"),
    (("patient_name",), "x", r"at \$: holds patient_name, which has no place"),
    (("created_at",), "2026-01-31", r"at \$.created_at: is not written"),
    (("created_at",), "2026-13-31T00:00:00.000Z", r"at \$.created_at: .*not an ISO 8601"),
    (("coordinates",), "x, y", r"at \$.coordinates"),
    (("studies",), [], r"at \$.readings\[0\].study_instance_uid: names a study"),
    (("studies", 0, "images", 0, "rows"), 0, r"at \$.studies\[0\].images\[0\].rows: is below 1"),
    (("studies", 0, "images", 0, "rows"), 512.0, r"rows: is not of type integer"),
    (
        ("studies", 0, "images", 0, "sop_instance_uid"),
        "1.2.826.0.1.3680043.10.1.2",
        r"studies\[0\].*image twice",
    ),
    (("studies", 0, "images", 0, "calibration", "source"), "guess", r"images\[0\].calibration"),
    (
        ("studies", 0, "images", 0, "calibration", "row_mm_per_px"),
        None,
        r"images\[0\].calibration.*pixel spacing",
    ),
    (("studies", 0, "images", 0, "calibration", "row_mm_per_px"), 0, r"row_mm_per_px: is not above 0"),
    (("readings", 0, "reader"), "", r"at \$.readings\[0\].reader"),
    (("readings", 0, "role"), "visitor", r"role: is not one of not_stated, trainee, attending, auditor"),
    ((*MARK, "nerve"), "L6_MB", r"at \$.readings\[0\].marks\[0\]: nerve 'L6_MB' there is no nerve"),
    ((*MARK, "side"), "midline", r"marks\[0\]: .*side cannot be midline"),
    ((*MARK, "vertebra"), "L3", r"marks\[0\]: .*targeted at L4, not at L3"),
    ((*MARK, "joints"), ["L5-S1"], r"marks\[0\]: .*does not supply"),
    ((*MARK, "side"), None, r"marks\[0\].side: is not of type string"),
    ((*MARK, "points"), {"position": [513, 10]}, r"marks\[0\]: .*outside the image of 512 rows"),
    ((*MARK, "points"), {"position": [1]}, r"marks\[0\].points.position: has fewer"),
    ((*MARK, "points"), {"position": [1, 2, 3]}, r"marks\[0\].points.position: has too many"),
    (
        (*MARK, "points"),
        {"tip": [1, 2], "hub": [3, 4]},
        r"marks\[0\].points: (lacks position|has points|is not one of position)",
    ),
    ((*MARK, "points"), {"position": [101.0, 34.6]}, r"marks\[0\].points: differs from what the revisions"),
    ((*MARK, "frame_number"), 2, r"marks\[0\]: frame 2 does not exist"),
    ((*MARK, "frame_number"), 0, r"marks\[0\].frame_number: is below 1"),
    ((*MARK, "frame_number"), True, r"marks\[0\].frame_number: is not of type integer"),
    ((*MARK, "sop_instance_uid"), "1.9", r"marks\[0\]: image 1.9 is not part"),
    ((*MARK, "author"), "somebody else", r"marks\[0\].author: differs"),
    ((*NEEDLE, "length", "mm"), 30.0, r"marks\[1\].length: differs"),
    ((*NEEDLE, "length"), None, r"marks\[1\].length: is not of type object"),
    (MARK, KeyError, r"\.marks: holds 2 marks, but the revisions lead to 3"),
    ((*REVISION, "hash"), "0" * 64, r"readings\[0\]: revision 3 .* was changed"),
    ((*REVISION, "author"), "somebody else", r"readings\[0\]: revision 3 .* was changed"),
    ((*REVISION, "sequence"), 7, r"readings\[0\]: revision 3 .* has number 7"),
    ((*REVISION, "cause"), "undo", r"revisions\[2\]: .*does not say of what"),
    ((*REVISION, "mark", "frame_number"), 31, r"revisions\[2\].mark: frame 31 does not exist"),
    ((*REVISION, "mark", "site"), KeyError, r"revisions\[2\].mark: lacks site"),
    ((*REVISION, "mark", "site", "side"), "both", r"side: is not one of left, right, midline"),
    (
        (*REVISION, "mark", "points", "hub"),
        [1 / 3, 2.0],
        r"revisions\[2\]: .*tip and its hub in the same place",
    ),
    (REVISION, KeyError, r"readings\[0\]: revision 3 .* has number 4"),
]


@pytest.mark.parametrize(("path", "value", "reason"), CHANGES)
def test_a_changed_file_is_refused_with_place_and_reason(values, read_values, path, value, reason):
    _change(values, path, value)
    with pytest.raises(ExchangeError, match=reason):
        read_values(values)


def test_a_reading_twice_is_refused(values, read_values):
    values["readings"].append(copy.deepcopy(values["readings"][0]))
    with pytest.raises(ExchangeError, match=r"at \$: reading reading-1 is listed twice"):
        read_values(values)


def test_a_stream_of_another_reading_is_refused(values, read_values):
    values["readings"][0]["reading_id"] = "reading-2"
    with pytest.raises(ExchangeError, match="was changed"):
        read_values(values)


def test_a_fresh_chain_around_a_bad_mark_is_refused_all_the_same(document, content, values, read_values):
    """Somebody who recomputes the hashes still cannot bring in a mark outside its image."""
    last = content.revisions[-2].draft
    moved = last.to_dict()
    moved["mark"]["points"]["position"] = [900.0, 1.0]
    draft = type(last).from_dict(moved)
    forged = chain("reading-1", [*(r.draft for r in content.revisions[:-1]), draft])[-1]
    values["readings"][0]["revisions"][-1] = {
        "sequence": forged.sequence,
        "previous_hash": forged.previous_hash,
        "hash": forged.hash,
        **forged.draft.to_dict(),
    }
    with pytest.raises(ExchangeError, match=r"revisions\[\d+\].mark: position at row 900"):
        read_values(values)


def test_refusals_do_not_repeat_what_the_file_holds(values, read_values):
    values["readings"][0]["started_at"] = "CANARY^PATIENT"
    with pytest.raises(ExchangeError) as caught:
        read_values(values)
    assert "CANARY" not in str(caught.value)


# ------------------------------------------------------------------ writing


def test_nothing_is_replaced_unless_allowed(document, tmp_path):
    path = tmp_path / "marks.json"
    path.write_text("precious")
    with pytest.raises(ExchangeError, match="exists already"):
        write_json(document, path, overwrite=False)
    assert path.read_text() == "precious"
    write_json(document, path)
    assert read_json(path) == document


def test_a_crash_while_writing_leaves_the_old_file(document, tmp_path, monkeypatch):
    path = tmp_path / "marks.json"
    path.write_text("precious")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ExchangeError, match="no space left"):
        write_json(document, path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_document_that_does_not_fit_the_schema_is_not_written(document, content, tmp_path):
    bad = content.revisions[0].draft.to_dict() | {"client": "x" * 300}
    revisions = chain("reading-1", [type(content.revisions[0].draft).from_dict(bad)])
    broken = MarksDocument(studies=document.studies, readings=(type(content)(content.reading, revisions),))
    with pytest.raises(ExchangeError, match="longer than 200"):
        write_json(broken, tmp_path / "marks.json")
    assert list(tmp_path.iterdir()) == []


def test_positions_keep_every_digit(document, content):
    point = content.revisions[2].draft.mark.tip
    assert point == Point(1 / 3, 2.0)
    assert repr(1 / 3) in json_text(document)


def test_bytes_of_a_header_that_are_no_characters_are_kept(document, tmp_path):
    images = tuple(replace(image, view="AP \udc80 Ü") for image in document.studies[0].images)
    odd = replace(document, studies=(StudyRecord(document.studies[0].uid, images),))
    write_json(odd, tmp_path / "odd.json")
    assert read_json(tmp_path / "odd.json") == odd


# ------------------------------------------------------------------ any marks at all

SITES = [
    load_anatomy().site(nerve.id, side) for nerve in load_anatomy().nerves.values() for side in nerve.sides
]
IMAGE = ImageRecord(sop_instance_uid="1.2.3", series_uid="1.2", rows=1024, columns=768, frames=12)
POINTS = st.builds(Point, st.floats(-0.5, 1023.5), st.floats(-0.5, 767.5))
FRAMES = st.builds(FrameRef, st.just("1.2.3"), st.integers(1, 12))
MARKS = st.one_of(
    st.builds(Target, frame=FRAMES, site=st.sampled_from(SITES), position=POINTS),
    st.tuples(POINTS, POINTS)
    .filter(lambda ends: ends[0] != ends[1])
    .flatmap(
        lambda ends: st.builds(
            Needle, frame=FRAMES, site=st.sampled_from(SITES), tip=st.just(ends[0]), hub=st.just(ends[1])
        )
    ),
)


@given(st.lists(MARKS, max_size=5))
def test_any_marks_come_back_as_they_were(marks):
    reading = Reading(study_uid="1.2", reader="any one")
    drafts = [Draft(kind=RevisionKind.ADD, mark=mark, author="any one") for mark in marks]
    content = ReadingContent(reading, chain(reading.reading_id, drafts))
    document = MarksDocument(studies=(StudyRecord("1.2", (IMAGE,)),), readings=(content,))
    text = json_text(document)
    back = document_from_bytes(text.encode("utf-8"), "memory")
    assert back == document
    assert back.readings[0].state.marks == tuple(marks)
