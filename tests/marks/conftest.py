"""A small study, sessions on it, and a recorder that remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    EventMark,
    FrameRef,
    ImageRecord,
    Landmark,
    LevelLabel,
    MarkSession,
    Needle,
    NerveCourse,
    Numbering,
    PlanChoice,
    Reading,
    SlotState,
    StudyRecord,
    Submission,
    Target,
    TargetZone,
    UserCalibration,
    ViewAssignment,
    ViewJudgement,
)

ROWS, COLUMNS, FRAMES = 200, 300, 4
CINE, STILL = "1.2.826.1", "1.2.826.2"


class RememberingRecorder:
    """Keeps every draft in order, and can be told to fail."""

    def __init__(self):
        self.drafts = []
        self.calls = []
        self.failure = None

    def record(self, drafts):
        if self.failure is not None:
            raise self.failure
        self.calls.append(list(drafts))
        self.drafts.extend(drafts)


class SteppingClock:
    """Goes on by one second each time it is asked."""

    def __init__(self):
        self.now = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="session")
def anatomy():
    return load_anatomy()


@pytest.fixture(scope="session")
def study():
    cine = ImageRecord(sop_instance_uid=CINE, series_uid="1.2.3", rows=ROWS, columns=COLUMNS, frames=FRAMES)
    still = ImageRecord(sop_instance_uid=STILL, series_uid="1.2.4", rows=50, columns=60, frames=1)
    return StudyRecord("1.2.840.1", (cine, still))


@pytest.fixture(scope="session")
def frames():
    """All frames of the study, in order."""
    return (*(FrameRef(CINE, number) for number in range(1, FRAMES + 1)), FrameRef(STILL, 1))


@pytest.fixture(scope="session")
def sites(anatomy):
    return tuple(
        anatomy.site(nerve, side)
        for nerve, side in (("L3_MB", Side.RIGHT), ("L4_MB", Side.LEFT), ("TON", Side.RIGHT))
    )


@pytest.fixture
def target(frames, sites):
    return Target(frame=frames[0], site=sites[0], position=Point(10.25, 20.5))


@pytest.fixture
def needle(frames, sites):
    return Needle(frame=frames[1], site=sites[1], tip=Point(30, 40), hub=Point(90.125, 140))


@pytest.fixture
def level(frames):
    return LevelLabel(frame=frames[2], vertebra="L4", position=Point(100, 150))


@pytest.fixture
def three(target, needle, level):
    """A mark of each kind at once."""
    return target, needle, level


@pytest.fixture
def course(frames, sites):
    return NerveCourse(frame=frames[0], site=sites[0], vertices=(Point(1, 2), Point(3, 4), Point(5, 4)))


@pytest.fixture
def zone(frames, sites):
    corners = (Point(10, 10), Point(10, 30), Point(25, 20))
    return TargetZone(frame=frames[0], site=sites[0], form="polygon", vertices=corners)


@pytest.fixture
def ellipse(frames, sites):
    ends = (Point(40, 30), Point(40, 70), Point(30, 50), Point(50, 50))
    return TargetZone(frame=frames[1], site=sites[1], form="ellipse", vertices=ends, confidence="probable")


@pytest.fixture
def full_needle(frames, sites):
    return Needle(
        frame=frames[1],
        site=sites[0],
        tip=Point(30, 40),
        hub=Point(90, 140),
        shaft=(Point(50, 60), Point(70, 100)),
        needle_id="needle A",
        gauge=22,
        length_mm=90,
        active_tip_mm=10,
        status="advance",
    )


@pytest.fixture
def landmark(frames):
    return Landmark(frame=frames[0], name="sap_apex", vertebra="L4", side="right", position=Point(9, 8))


@pytest.fixture
def event(frames, sites):
    return EventMark(frame=frames[3], event="vascular_uptake", site=sites[0], position=Point(7, 7))


@pytest.fixture
def judgement(frames):
    return ViewJudgement(frame=frames[0], view="AP_TRUE", adequate="no", corrections=("tilt_cranial",))


@pytest.fixture
def plan_choice():
    return PlanChoice(
        protocol_id="lumbar_mbb", version="1.0", content_hash="0a", joints=("L4-L5",), sides=("right",)
    )


@pytest.fixture
def slot_state():
    return SlotState(slot_id="L3_MB:R:AP_TRUE:target", state="not_visible")


@pytest.fixture
def numbering():
    return Numbering(
        scheme="4_lumbar_type",
        counted_from="sacrum_up",
        confidence="uncertain",
        lstv="castellvi_II",
        lstv_side="left",
        rib_count=12,
    )


@pytest.fixture
def own_scale():
    return UserCalibration(
        sop_instance_uid=CINE,
        method="known_length",
        start=Point(0, 0),
        end=Point(0, 100),
        mm=25,
        plane="skin",
    )


@pytest.fixture
def assignment():
    return ViewAssignment(sop_instance_uid=CINE, view="IPSI_OBLIQUE", side="right")


@pytest.fixture
def submission():
    return Submission(comment="L5 could not be seen")


NEW_MARKS = ["course", "zone", "ellipse", "full_needle", "landmark", "event", "judgement"]
FACTS = ["plan_choice", "slot_state", "numbering", "own_scale", "assignment"]
LAST = "submission"
"""What ends a reading, so that it stands behind everything else."""


@pytest.fixture(params=[*NEW_MARKS, *FACTS, LAST])
def new_record(request):
    """One record of each kind that is neither a plain target, needle nor level label, in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def every_edit(request, three):
    """A record of every kind at once, but for the submission, after which nothing can be changed."""
    return (*three, *(request.getfixturevalue(name) for name in (*NEW_MARKS, *FACTS)))


@pytest.fixture
def every_kind(request, every_edit):
    """A record of every kind at once."""
    return (*every_edit, request.getfixturevalue(LAST))


@pytest.fixture(params=["target", "needle", "level"])
def mark(request):
    """One mark of each kind in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def reading(study):
    return Reading(study_uid=study.uid, reader="Ada Reader")


@pytest.fixture(scope="session")
def recorder_type():
    return RememberingRecorder


@pytest.fixture
def recorder():
    return RememberingRecorder()


@pytest.fixture(scope="session")
def make_session(reading, study, anatomy):
    """Build a session on the study from a recorder and the drafts that are stored."""

    def make(recorder, revisions=()):
        return MarkSession(
            reading,
            study,
            recorder,
            revisions=revisions,
            anatomy=anatomy,
            client="test 1",
            clock=SteppingClock(),
        )

    return make


@pytest.fixture(scope="session")
def reopened(make_session):
    """Return a session on stored drafts, as after a restart."""

    def reopen(drafts):
        return make_session(RememberingRecorder(), drafts)

    return reopen


@pytest.fixture
def session(make_session, recorder):
    return make_session(recorder)


@pytest.fixture(scope="session")
def facts():
    """Return everything about a session that a restart has to bring back."""

    def of(session):
        return (
            session.records,
            session.can_undo,
            session.can_redo,
            session.undo_text,
            session.redo_text,
            session._history,
        )

    return of


@pytest.fixture
def heard(session):
    """Return the list of all changes that the session announces."""
    announced = []

    def listen(changes):
        announced.append(changes)

    session.changed.connect(listen)
    yield announced
    session.changed.disconnect(listen)
