"""Readings to exchange: made in real sessions, with edits, undo, deletion and every kind of mark."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.exchange import MarksDocument, Program, ReadingContent
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point
from fluoro_annotator.marks import (
    FrameRef,
    ImageRecord,
    MarkSession,
    Purpose,
    Reading,
    Role,
    StudyRecord,
    chain,
)

STUDY_UID = "1.2.826.0.1.3680043.10.1"
SCALE = Calibration(
    CalibrationSource.PIXEL_SPACING_GEOMETRY,
    0.25,
    0.125,
    relative_error=0.07,
    note="plane of the isocentre, °",
)


class Tape:
    """A recorder that keeps the changes in a list."""

    def __init__(self):
        self.drafts = []

    def record(self, drafts):
        self.drafts.extend(drafts)


@pytest.fixture
def anatomy():
    return load_anatomy()


@pytest.fixture
def study():
    common = {"series_uid": f"{STUDY_UID}.9", "rows": 512, "columns": 400, "modality": "XA"}
    return StudyRecord(
        STUDY_UID,
        (
            ImageRecord(sop_instance_uid=f"{STUDY_UID}.1", frames=1, view="AP", calibration=SCALE, **common),
            ImageRecord(
                sop_instance_uid=f"{STUDY_UID}.2", frames=30, view="oblique, primary -155°", **common
            ),
        ),
    )


@pytest.fixture
def ap():
    return FrameRef(f"{STUDY_UID}.1", 1)


@pytest.fixture
def cine():
    return FrameRef(f"{STUDY_UID}.2", 17)


@pytest.fixture
def sites(anatomy):
    return {"right": anatomy.site("L3_MB", Side.RIGHT), "left": anatomy.site("L5_DR", Side.LEFT)}


@pytest.fixture
def clock():
    """Return a clock that ticks a second and a millisecond at each look, without rounding errors."""
    ticks = count()
    start = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    return lambda: start + next(ticks) * timedelta(milliseconds=1001)


@pytest.fixture
def new_session(study, clock):
    """Return a function that opens a session; its changes are on ``session.tape``."""

    def open_session(reading=None, revisions=()):
        reading = reading or Reading(
            study_uid=study.uid,
            reader="Müller",
            purpose=Purpose.PROCEDURE,
            role=Role.TRAINEE,
            reading_id="reading-1",
            started_at=clock(),
        )
        tape = Tape()
        session = MarkSession(
            reading,
            study,
            tape,
            revisions=[revision.draft for revision in revisions],
            client="test 1.0",
            clock=clock,
        )
        session.tape = tape
        return session

    return open_session


@pytest.fixture
def content(new_session, ap, cine, sites):
    """Return a reading with four marks, one of them deleted, one deleted and brought back."""
    session = new_session()
    target = session.add_target(ap, sites["right"], Point(100.125, 33.3333333333333))
    session.add_needle(ap, sites["right"], Point(100.0, 40.0), Point(40.0, 200.0))
    session.add_needle(cine, sites["left"], Point(1 / 3, 2.0), Point(30.0, 42.0))
    label = session.add_level_label(cine, "L4", Point(-0.5, 399.5))
    session.move(target.mark_id, position=Point(101.0, 34.5))
    session.relabel(label.mark_id, vertebra="L5")
    session.undo()
    session.redo()
    session.delete(target.mark_id)
    session.undo()
    session.delete(label.mark_id)
    return ReadingContent(session.reading, chain("reading-1", session.tape.drafts))


@pytest.fixture
def document(study, content, clock):
    return MarksDocument(
        studies=(study,),
        readings=(content,),
        created_at=clock(),
        program=Program("fluoro_annotator", "0.0.7"),
    )


@pytest.fixture
def empty_document(study):
    return MarksDocument(
        studies=(study,),
        readings=(ReadingContent(Reading(study_uid=study.uid, reader="nobody yet"), ()),),
    )
