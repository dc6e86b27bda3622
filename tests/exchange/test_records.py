"""Records of every kind leave and come back; files of version 1.0 are still read."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange import (
    MarksDocument,
    ReadingContent,
    apply_import,
    csv_text,
    document_from_bytes,
    json_text,
    plan_import,
    read_json,
    write_json,
)
from fluoro_annotator.exchange.schema import load_schema
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    EventMark,
    Fact,
    ImageRecord,
    Landmark,
    LevelLabel,
    MarkKind,
    Needle,
    NerveCourse,
    Numbering,
    PlanChoice,
    SlotState,
    StudyFacts,
    StudyRecord,
    Target,
    TargetZone,
    UserCalibration,
    ViewAssignment,
    ViewJudgement,
    chain,
)
from fluoro_annotator.marks.serialise import mark_to_dict
from fluoro_annotator.marks.values import MARK_TYPES
from fluoro_annotator.store import MemoryStore, SqliteStore

OLD = Path(__file__).with_name("marks-1.0.json")


@pytest.fixture
def full_session(new_session, ap, sites):
    """A session with a record of every kind, one of them changed and one step undone."""
    session, site = new_session(), sites["right"]
    records = (
        Target(frame=ap, site=site, position=Point(9, 9), confidence="unsure", mark_id="target"),
        LevelLabel(frame=ap, vertebra="L4", position=Point(5, 5)),
        NerveCourse(frame=ap, site=site, vertices=((-0.5, 2), (3, 4)), confidence="certain"),
        TargetZone(frame=ap, site=site, form="polygon", vertices=((1, 1), (1, 4), (4, 1)), mark_id="zone"),
        TargetZone(frame=ap, site=site, form="ellipse", vertices=((0, 5), (10, 5), (5, 2), (5, 8))),
        Landmark(frame=ap, name="sap_apex", vertebra="L4", side="right", position=Point(1, 2)),
        Landmark(frame=ap, name="spinous_process", vertebra="L4", position=Point(1, 2)),
        EventMark(frame=ap, event="vascular_uptake", site=site, position=Point(3, 3)),
        EventMark(frame=ap, event="final_position"),
        ViewJudgement(frame=ap, view="AP_TRUE", adequate="no", corrections=["tilt_cranial", "oblique_left"]),
        PlanChoice(
            protocol_id="lumbar_mbb", version="1.0", content_hash="0a", joints=["L4-L5"], sides=["right"]
        ),
        SlotState(slot_id="L3_MB:R:LATERAL_TRUE:needle", state="not_visible"),
        ViewAssignment(sop_instance_uid=ap.sop_instance_uid, view="IPSI_OBLIQUE", side="right"),
        Numbering(
            scheme="4_lumbar_type",
            counted_from="sacrum_up",
            confidence="uncertain",
            lstv="suspected",
            lstv_side="left",
            rib_count=12,
        ),
        Needle(
            frame=ap,
            site=site,
            tip=Point(100, 40),
            hub=Point(40, 40),
            shaft=((80, 40), (60, 60)),
            gauge=22,
            length_mm=90,
            active_tip_mm=10,
            status="final",
            needle_id="A",
            mark_id="needle",
        ),
    )
    for record in records:
        session.put(record)
    session.renumber({"L4": "L5"})
    session.undo()
    return session


@pytest.fixture
def own_scale(ap):
    return UserCalibration(
        sop_instance_uid=ap.sop_instance_uid,
        method="instrument_width",
        start=Point(0, 0),
        end=Point(0, 4),
        gauge=22,
        plane="instrument",
    )


@pytest.fixture
def document_of(study):
    def of(session):
        content = ReadingContent(session.reading, chain("reading-1", session.tape.drafts))
        return MarksDocument(studies=(study,), readings=(content,))

    return of


@pytest.fixture
def full(full_session, own_scale, document_of):
    full_session.put(own_scale)
    full_session.submit("L5 could not be seen")
    return document_of(full_session)


@pytest.fixture
def values(full):
    return json.loads(json_text(full))


def test_the_example_holds_every_kind(full):
    kinds = {entry.mark.kind for entry in full.readings[0].state}
    assert kinds == set(MarkKind)


def test_every_kind_is_written_and_read_back_equal(full, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write_json(full, first)
    assert read_json(first) == full
    write_json(read_json(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_the_plain_schema_accepts_what_is_written(values):
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(values)


def test_marks_and_other_records_are_told_apart(values):
    reading = values["readings"][0]
    facts = {kind.value for kind, cls in MARK_TYPES.items() if issubclass(cls, Fact)}
    assert {record["kind"] for record in reading["records"]} == facts
    assert not {mark["kind"] for mark in reading["marks"]} & facts
    assert {revision.get("what") for revision in reading["revisions"]} == {None, "renumber"}


@pytest.mark.parametrize("kind", MARK_TYPES)
def test_the_schema_refuses_what_a_kind_does_not_have_or_lacks(kind, values):
    document = json.dumps(values)
    number = next(
        order
        for order, revision in enumerate(values["readings"][0]["revisions"])
        if revision["mark"]["kind"] == kind
    )

    def refused(change):
        altered = json.loads(document)
        change(altered["readings"][0]["revisions"][number]["mark"])
        with pytest.raises(ExchangeError, match=rf"revisions\[{number}\]\.mark"):
            document_from_bytes(json.dumps(altered).encode(), "file")
        assert not plain.is_valid(altered)

    plain = jsonschema.Draft202012Validator(load_schema())
    record = MARK_TYPES[kind]
    for name in record.required:
        refused(lambda mark, name=name: mark.pop(name))
    foreign = "event" if kind is not MarkKind.EVENT else "gauge"
    refused(lambda mark: mark.update({foreign: "final_position"}))
    unknown = "comment" if kind is not MarkKind.SUBMISSION else "remark"
    refused(lambda mark: mark.update({unknown: "a name"}))
    if record.single_points or record.point_list:
        refused(lambda mark: mark.pop("points"))
        refused(lambda mark: mark["points"].update({"centre": [1, 2]}))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("needle", {"gauge": 18}),
        ("needle", {"status": None}),
        ("target", {"confidence": "certain"}),
        ("nerve_course", {"points": {"vertices": [[1, 2], [3, 5]]}}),
        ("landmark", {"side": "left"}),
        ("numbering", {"confidence": "certain"}),
        ("plan_choice", {"joints": ["L5-S1"]}),
        ("user_calibration", {"gauge": 25}),
        ("slot_state", {"state": "unsure"}),
        ("view_assignment", {"side": "left"}),
        ("submission", {"comment": "L4 could not be seen"}),
    ],
)
def test_what_is_present_has_to_follow_from_the_revisions(kind, change, values):
    reading = values["readings"][0]
    found = [record for record in reading["marks"] + reading["records"] if record["kind"] == kind]
    found[0].update(change)
    with pytest.raises(ExchangeError):
        document_from_bytes(json.dumps(values).encode(), "file")


def test_a_present_mark_may_not_claim_more_than_the_revisions(values):
    level = next(mark for mark in values["readings"][0]["marks"] if mark["kind"] == "target")
    del level["confidence"]
    with pytest.raises(ExchangeError, match="confidence: differs"):
        document_from_bytes(json.dumps(values).encode(), "file")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_every_kind_is_imported_and_merged(kind, full, tmp_path):
    with MemoryStore() if kind == "memory" else SqliteStore(tmp_path / "s.sqlite") as store:
        apply_import(plan_import(full, store), store)
        assert store.revisions("reading-1") == full.readings[0].revisions
        assert store.verify() == ()
        assert plan_import(full, store).changes == 0


def test_records_that_differ_here_are_listed_and_left_alone(full, study, new_session, anatomy):
    here = new_session(full.readings[0].reading)
    here.put(Numbering(scheme="unknown", counted_from="not_determinable", confidence="not_determinable"))
    with MemoryStore() as store:
        store.save_study(study)
        store.add_reading(full.readings[0].reading)
        store.append("reading-1", here.tape.drafts, after=0)
        plan = plan_import(full, store)
        lines = "\n".join(plan.lines(anatomy))
        apply_import(plan, store)
        stored = [revision.draft for revision in store.revisions("reading-1")]
    assert "not determinable differs in the file; it stays as it is here." in lines
    merged = new_session(full.readings[0].reading, chain("reading-1", stored))
    assert merged.numbering == here.numbering
    assert {entry.mark.kind for entry in merged.records} == set(MarkKind) - {MarkKind.SUBMISSION}
    assert "  Submission: L5 could not be seen is left out: the reading went another way here" in lines


@pytest.fixture
def submitted_here(full, study, new_session, ap, sites):
    """A store in which the reading of the file went another way and was submitted."""
    here = new_session(full.readings[0].reading)
    here.add(Target(frame=ap, site=sites["right"], position=Point(1, 1), mark_id="target"))
    here.submit("finished here")
    with MemoryStore() as store:
        store.save_study(study)
        store.add_reading(full.readings[0].reading)
        store.append("reading-1", here.tape.drafts, after=0)
        yield store


def test_nothing_is_added_to_a_reading_that_is_submitted_here(full, submitted_here, anatomy):
    plan = plan_import(full, submitted_here)
    lines = plan.lines(anatomy)
    assert plan.changes == 0
    assert "0 marks added" in lines[0]
    left_out = [
        line for line in lines if line.endswith("is left out, because the reading is submitted here.")
    ]
    present = {entry.mark.mark_id for entry in full.readings[0].state}
    assert len(left_out) == len(present - {"target", "submission"})
    assert sum("differs in the file; it stays as it is here" in line for line in lines) == 2
    before = submitted_here.revisions("reading-1")
    apply_import(plan, submitted_here)
    assert submitted_here.revisions("reading-1") == before


def test_a_reading_that_was_submitted_elsewhere_is_continued(full, study, new_session):
    content = full.readings[0]
    with MemoryStore() as store:
        store.save_study(study)
        store.add_reading(content.reading)
        store.append_chained("reading-1", content.revisions[:-1])
        apply_import(plan_import(full, store), store)
        session = new_session(content.reading, store.revisions("reading-1"))
    assert session.submitted


def test_what_a_store_looks_studies_up_by_stays_there(full, study):
    facts = StudyFacts(pseudonym="0" * 32, study_date=date(2026, 1, 31), region="lumbar", equipment="Maker")
    known = replace(full, studies=(replace(study, facts=facts),))
    assert known == full
    assert json_text(known) == json_text(full)
    other = ImageRecord(sop_instance_uid="2.25.9", series_uid="2.25", rows=9, columns=9, frames=1)
    with MemoryStore() as store:
        store.save_study(StudyRecord(study.uid, (other,), facts))
        plan = plan_import(full, store)
    assert [(each.facts, len(each.images)) for each in plan.studies] == [(facts, 3)]


# ---------------------------------------------------------------------- older files


def test_a_file_of_version_1_0_is_read_with_its_hashes(tmp_path):
    old = json.loads(OLD.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(load_schema("1.0")).validate(old)
    document = read_json(OLD)
    (content,) = document.readings
    assert [revision.hash for revision in content.revisions] == [
        revision["hash"] for revision in old["readings"][0]["revisions"]
    ]
    assert [mark.mark_id for mark in content.state.marks] == ["target-1", "needle-1", "needle-2"]
    assert content.state.mark("needle-1").needle_id == "needle-1"
    write_json(document, tmp_path / "new.json")
    new = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))
    assert new["version"] == "1.2"
    assert new["readings"][0]["revisions"] == old["readings"][0]["revisions"]
    assert read_json(tmp_path / "new.json") == document


def test_what_came_after_1_0_is_refused_in_a_file_of_1_0(values):
    old = json.loads(OLD.read_text(encoding="utf-8"))
    with pytest.raises(ExchangeError, match="records"):
        document_from_bytes(json.dumps(values | {"version": "1.0"}).encode(), "file")
    old["readings"][0]["revisions"][1]["mark"]["gauge"] = 22
    with pytest.raises(ExchangeError, match="gauge"):
        document_from_bytes(json.dumps(old).encode(), "file")
    old = json.loads(OLD.read_text(encoding="utf-8"))
    with pytest.raises(ExchangeError, match="lacks records"):
        document_from_bytes(json.dumps(old | {"version": "1.1"}).encode(), "file")


def test_a_file_of_version_1_1_is_read_and_holds_no_submission(full, document_of, full_session):
    full_session.reopen()
    newer = json.loads(json_text(document_of(full_session)))
    with pytest.raises(ExchangeError, match=r"revisions\[\d+\]\.mark: holds comment"):
        document_from_bytes(json.dumps(newer | {"version": "1.1"}).encode(), "file")
    reading = newer["readings"][0]
    reading["revisions"] = reading["revisions"][:-2]
    old = json.dumps(newer | {"version": "1.1"}).encode()
    document = document_from_bytes(old, "file")
    assert document.readings[0].revisions == full.readings[0].revisions[:-1]
    assert json.loads(json_text(document))["version"] == "1.2"


# ---------------------------------------------------------------------- table


def test_the_table_has_a_row_for_every_mark_on_a_frame(full):
    rows = list(csv.DictReader(io.StringIO(csv_text(full))))
    marks = full.readings[0].state.marks
    assert [row["mark_id"] for row in rows] == [mark.mark_id for mark in marks]
    for row, mark in zip(rows, marks, strict=True):
        values = mark_to_dict(mark)
        assert row["kind"] == values["kind"]
        for column, name in (
            ("confidence", "confidence"),
            ("zone_form", "form"),
            ("gauge", "gauge"),
            ("needle_status", "status"),
            ("landmark", "name"),
            ("event", "event"),
            ("judged_view", "view"),
            ("view_is_true", "adequate"),
        ):
            assert row[column] == str(values.get(name, ""))
        assert row["numbering_confidence"] == "uncertain"
        assert (row["lstv"], row["lstv_side"], row["rib_count"]) == ("suspected", "left", "12")


def test_points_of_courses_and_zones_are_in_the_table(full):
    rows = {row["mark_id"]: row for row in csv.DictReader(io.StringIO(csv_text(full)))}
    course = next(row for row in rows.values() if row["kind"] == "nerve_course")
    assert course["outline"] == "(-0.500 2.000) (3.000 4.000)"
    assert (course["row_px"], course["column_px"]) == ("-0.500", "2.000")
    assert (rows["zone"]["row_px"], rows["zone"]["column_px"]) == ("2.000", "2.000")
    judged = next(row for row in rows.values() if row["kind"] == "view_judgement")
    assert (judged["row_px"], judged["row_mm"], judged["corrections"]) == (
        "",
        "",
        "oblique_left;tilt_cranial",
    )


def test_lengths_are_along_the_shaft_and_in_the_readers_own_scale(full_session, own_scale, document_of):
    def needle():
        rows = csv.DictReader(io.StringIO(csv_text(document_of(full_session))))
        return next(row for row in rows if row["mark_id"] == "needle")

    before = needle()
    assert before["needle_length_px"] == f"{20 + 800**0.5 + 800**0.5:.3f}"
    assert before["calibration_source"] == "pixel_spacing_geometry"
    assert (before["stated_length_mm"], before["stated_active_tip_mm"]) == ("90.000", "10.000")
    full_session.put(replace(own_scale, pixel_aspect=2.0))
    after = needle()
    assert after["calibration_source"] == "instrument_width"
    assert float(after["column_mm_per_px"]) == pytest.approx(0.18)
    assert float(after["row_mm_per_px"]) == pytest.approx(0.36)  # pixels are not square
    mark = next(
        mark
        for mark in json.loads(json_text(document_of(full_session)))["readings"][0]["marks"]
        if mark["mark_id"] == "needle"
    )
    assert f"{mark['length']['mm']:.3f}" == after["needle_length_mm"]
    assert mark["length"]["calibration_source"] == "instrument_width"
