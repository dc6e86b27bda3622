"""Every store keeps records of every kind, and the name of a step, as they are."""

from __future__ import annotations

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import ReadingSubmittedError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Change,
    Draft,
    EventMark,
    FrameRef,
    Landmark,
    MarkKind,
    Needle,
    NerveCourse,
    Numbering,
    PlanChoice,
    SlotState,
    Submission,
    Target,
    TargetZone,
    UserCalibration,
    ViewAssignment,
    ViewJudgement,
)
from fluoro_annotator.store import open_session

FRAME = FrameRef("1.2.3.4", 7)
SITE = load_anatomy().site("L3_MB", Side.RIGHT)
RECORDS = (
    Target(frame=FRAME, site=SITE, position=Point(1, 1), confidence="probable"),
    Needle(frame=FRAME, site=SITE, tip=(1, 1), hub=(9, 9), shaft=((2, 3),), needle_id="A", gauge=22),
    NerveCourse(frame=FRAME, site=SITE, vertices=((1, 1), (2, 2))),
    TargetZone(frame=FRAME, site=SITE, form="polygon", vertices=((1, 1), (2, 2), (1, 3))),
    Landmark(frame=FRAME, name="sap_apex", vertebra="L4", side="right", position=Point(1, 1)),
    EventMark(frame=FRAME, event="final_position"),
    ViewJudgement(frame=FRAME, view="AP_TRUE", adequate="unsure", corrections=["tilt_caudal"]),
    PlanChoice(protocol_id="a", version="1", content_hash="b", joints=["L4-L5"], sides=["right"]),
    SlotState(slot_id="a:b", state="not_applicable"),
    ViewAssignment(sop_instance_uid="1.2.3.4", view="FORAMINAL_OBLIQUE", side="left"),
    Numbering(scheme="unknown", counted_from="C2_down", confidence="probable"),
    UserCalibration(sop_instance_uid="1.2.3.4", method="known_length", start=(0, 0), end=(0, 50), mm=10),
)


SUBMISSION = Submission(comment="finished")


@pytest.fixture
def session(store, study):
    opened, recorder = open_session(store, study, reader="Reader A")
    yield opened
    recorder.close()


def test_the_example_holds_every_new_kind():
    kinds = {record.kind for record in (*RECORDS, SUBMISSION)}
    assert kinds == set(MarkKind) - {MarkKind.LEVEL_LABEL}


def test_every_kind_is_kept_and_found_again(store, study, session):
    for record in RECORDS:
        session.put(record)
    session.edit([Change(record, None) for record in RECORDS[:5]], what="clear")
    session.undo()
    session.renumber({"L4": "L5"})
    later, recorder = open_session(store, study, reader="Reader A")
    recorder.close()
    assert later.records == session.records
    assert later.drafts == session.drafts
    assert later.undo_text == session.undo_text == "renumber 5 marks"
    later.undo()
    assert {entry.mark for entry in later.records} == set(RECORDS)
    assert store.verify() == ()


def test_a_submission_is_kept_and_closes_every_window(store, study, session):
    other, recorder = open_session(store, study, reader="Reader A")
    session.put(RECORDS[0])
    session.submit(SUBMISSION.comment)
    with pytest.raises(ReadingSubmittedError):
        session.delete(RECORDS[0].mark_id)
    late = other.put(RECORDS[1])
    assert other.submitted
    with pytest.raises(ReadingSubmittedError):
        other.delete(RECORDS[1].mark_id)
    assert recorder.state.pending == 1
    assert "was submitted" in recorder.state.problem
    recorder.close()
    later, recorder = open_session(store, study, reader="Reader A")
    assert later.submission == session.submission
    assert later.submission.mark == SUBMISSION
    assert not later.can_undo
    assert {entry.mark for entry in later.records} == {RECORDS[0], SUBMISSION}
    later.reopen()
    recorder.close()
    later, recorder = open_session(store, study, reader="Reader A")
    recorder.close()
    assert {entry.mark for entry in later.records} == {RECORDS[0], late}
    assert store.verify() == ()


def test_changes_that_waited_in_a_rescue_file_are_kept_whole(study, failing_store, rescue_folder):
    session, recorder = open_session(failing_store, study, reader="Reader A")
    failing_store.away = True
    for record in RECORDS:
        session.put(record)
    session.edit([Change(record, None) for record in RECORDS[:2]], what="clear")
    assert recorder.state.pending == len(RECORDS) + 2
    recorder.close()
    failing_store.away = False
    later, recorder = open_session(failing_store, study, reader="Reader A")
    recorder.close()
    assert later.drafts == session.drafts
    assert later.undo_text == "clear 2 marks"


def test_two_windows_that_set_the_same_fact_agree(store, study):
    first, one = open_session(store, study, reader="Reader A")
    second, other = open_session(store, study, reader="Reader A")
    first.put(RECORDS[9])
    second.put(Numbering(scheme="other", counted_from="C2_down", confidence="certain"))
    first.put(RECORDS[8])
    assert first.numbering == second.numbering
    assert first.numbering.confidence == "certain"
    third, last = open_session(store, study, reader="Reader A")
    assert {entry.mark for entry in third.records} == {entry.mark for entry in first.records}
    for recorder in (one, other, last):
        recorder.close()


def test_a_record_without_a_reading_is_found_by_a_check(begun, sqlite_store, tamper):
    sqlite_store.append(begun.reading_id, [Draft(kind="add", mark=RECORDS[9], author="A")], after=0)
    assert sqlite_store.verify() == ()
    tamper("DELETE FROM reading")
    assert "belongs to no reading" in " ".join(sqlite_store.verify())
