"""Random sequences of edits in two windows on one reading keep what must always hold.

The windows share one stored stream, as two windows on one store do: each appends behind what
the other stored, after taking that in. A window without connection keeps its changes and
delivers them later; a window that is closed and opened again starts from the stream.
"""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Cause,
    Draft,
    EventMark,
    Fact,
    FrameRef,
    ImageRecord,
    LevelLabel,
    MarkSession,
    Needle,
    NerveCourse,
    NoRecorder,
    Numbering,
    Reading,
    ReadingState,
    RevisionKind,
    SlotState,
    StudyRecord,
    Target,
    chain,
    check_chain,
    site_of,
)

ANATOMY = load_anatomy()
IMAGE = ImageRecord(sop_instance_uid="1.2.3", series_uid="1.2", rows=8, columns=9, frames=3)
STUDY = StudyRecord("1.2.840.1", (IMAGE,))
READING = Reading(study_uid=STUDY.uid, reader="Ada Reader")
SITES = [ANATOMY.site(nerve, side) for nerve in ("L3_MB", "TON") for side in (Side.LEFT, Side.RIGHT)]

WINDOWS = st.integers(0, 1)
PICKS = st.integers(0, 1000)
FRAMES = st.builds(FrameRef, st.just(IMAGE.sop_instance_uid), st.integers(1, IMAGE.frames))
POINTS = st.builds(Point, st.integers(0, 7) | st.floats(-0.5, 7.5), st.integers(0, 8) | st.floats(-0.5, 8.5))
MARKS = st.one_of(
    st.builds(Target, frame=FRAMES, site=st.sampled_from(SITES), position=POINTS),
    st.builds(
        Needle,
        frame=FRAMES,
        site=st.sampled_from(SITES),
        tip=st.just(Point(1, 1.5)),
        hub=st.just(Point(7, 8)),
    ),
    st.builds(LevelLabel, frame=FRAMES, vertebra=st.sampled_from(["L3", "L4"]), position=POINTS),
    st.builds(
        NerveCourse,
        frame=FRAMES,
        site=st.sampled_from(SITES),
        vertices=st.just((Point(9 / 2, 1), Point(3, 8), Point(1, 2))),
    ),
    st.builds(EventMark, frame=FRAMES, event=st.just("vascular_uptake"), position=POINTS),
)
FACTS = st.one_of(
    st.builds(SlotState, slot_id=st.sampled_from("ab"), state=st.sampled_from(["unsure", "not_visible"])),
    st.builds(
        Numbering,
        scheme=st.just("unknown"),
        counted_from=st.just("sacrum_up"),
        confidence=st.sampled_from(["certain", "uncertain"]),
    ),
)


def session_on(drafts, recorder=None):
    return MarkSession(
        READING, STUDY, recorder or NoRecorder(), revisions=drafts, anatomy=ANATOMY, client="test"
    )


def facts(session):
    """Return all that a restart has to bring back."""
    return session.records, session._history, session.undo_text, session.redo_text


def undo_all(session):
    """Take back every step and return how many there were."""
    for count in range(1000):
        if not session.undo():
            return count
    raise AssertionError("undo does not come to an end")


def everything(session):
    return {entry.mark for entry in session.records}


def by_id(records):
    return {record.mark.mark_id: record for record in records}


class Window:
    """A session, and the recorder that keeps its changes in a stream shared with other windows."""

    def __init__(self, stream):
        self.stream = stream
        self.seen = len(stream)
        self.pending = []
        self.online = True
        self.alone = True
        self.session = session_on(stream, self)

    def record(self, drafts):
        self.pending.extend(drafts)
        if self.online:
            self.deliver()

    def deliver(self):
        self.online = True
        theirs = self.stream[self.seen :]
        if theirs:
            self.alone = False
            self.session.merge(theirs, keep=[draft.mark.mark_id for draft in self.pending])
        self.stream.extend(self.pending)
        self.pending.clear()
        self.seen = len(self.stream)

    @property
    def known(self):
        """What the window has seen, and its own changes behind that."""
        return [*self.stream[: self.seen], *self.pending]

    def any_present(self, pick):
        marks = self.session.marks
        return marks[pick % len(marks)] if marks else None


class TwoWindows(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.stream = []
        self.imported = {}
        self.windows = [Window(self.stream), Window(self.stream)]

    # ------------------------------------------------------------------ what readers do

    @rule(number=WINDOWS, mark=MARKS)
    def add(self, number, mark):
        mark = replace(mark, mark_id=f"m{len(self.stream)}-{len(self.windows[number].pending)}-{number}")
        self.windows[number].session.add(mark)
        assert self.windows[number].session.mark(mark.mark_id) == mark

    @rule(number=WINDOWS, pick=PICKS, point=POINTS)
    def move(self, number, pick, point):
        mark = self.windows[number].any_present(pick)
        if mark is not None and float(point[0]) not in {place.row for place in mark.points}:
            self.windows[number].session.move(mark.mark_id, **{mark.point_names[0]: point})
            assert self.windows[number].session.mark(mark.mark_id).points[0] == point

    @rule(number=WINDOWS, pick=PICKS, steps=st.lists(st.sampled_from([-0.25, 0.25]), min_size=1, max_size=4))
    def nudge(self, number, pick, steps):
        session, mark = self.windows[number].session, self.windows[number].any_present(pick)
        if mark is None or not mark.points or not 1 < mark.points[0].row < IMAGE.rows - 2:
            return
        name = mark.point_names[0]
        for step in steps:
            place = session.mark(mark.mark_id).point(name)
            session.nudge(mark.mark_id, **{name: Point(place.row + step, place.column)})
        assert session.mark(mark.mark_id).points[0].row == mark.points[0].row + sum(steps)

    @rule(number=WINDOWS, pick=PICKS, site=st.sampled_from(SITES), vertebra=st.sampled_from(["L3", "L4"]))
    def relabel(self, number, pick, site, vertebra):
        mark = self.windows[number].any_present(pick)
        if isinstance(mark, LevelLabel) or (mark is not None and site_of(mark) is not None):
            name = {"vertebra": vertebra} if isinstance(mark, LevelLabel) else {"site": site}
            self.windows[number].session.relabel(mark.mark_id, **name)

    @rule(number=WINDOWS, fact=FACTS)
    def put(self, number, fact):
        self.windows[number].session.put(fact)
        assert self.windows[number].session.find(fact.mark_id) == fact

    @rule(number=WINDOWS, mapping=st.sampled_from([{"L3": "L2", "L4": "L3"}, {"L4": "L5", "L5": "S1"}]))
    def renumber(self, number, mapping):
        session = self.windows[number].session
        before, known = facts(session), self.windows[number].known
        try:
            session.renumber(mapping)
        except FluoroAnnotatorError:
            assert facts(session) == before
            assert self.windows[number].known == known

    @rule(number=WINDOWS, first=PICKS, second=PICKS)
    def delete(self, number, first, second):
        marks = [self.windows[number].any_present(pick) for pick in (first, second)]
        names = [mark.mark_id for mark in marks if mark is not None]
        self.windows[number].session.delete(*names)
        assert not any(name in self.windows[number].session for name in names)

    @rule(number=WINDOWS, pick=PICKS)
    def restore(self, number, pick):
        ever = list(dict.fromkeys(draft.mark.mark_id for draft in self.windows[number].known))
        if ever:
            mark = self.windows[number].session.restore(ever[pick % len(ever)])
            assert self.windows[number].session.record(mark.mark_id) == mark

    @rule(number=WINDOWS, pick=PICKS)
    def try_what_is_refused(self, number, pick):
        window = self.windows[number]
        mark = window.any_present(pick)
        if mark is None:
            return
        before, known = facts(window.session), window.known
        outside = Point(IMAGE.rows, 1)
        for attempt in (
            lambda: window.session.add(mark),
            lambda: window.session.move(mark.mark_id, **{mark.point_names[-1]: outside}),
            lambda: window.session.relabel(mark.mark_id, site=replace(SITES[0], vertebra="L3")),
            lambda: window.session.delete(mark.mark_id, "unknown"),
        ):
            with pytest.raises(FluoroAnnotatorError):
                attempt()
            assert facts(window.session) == before
            assert window.known == known

    # ------------------------------------------------------------------ undo and redo

    @rule(number=WINDOWS, cause=st.sampled_from([Cause.UNDO, Cause.REDO]))
    def reverse(self, number, cause):
        window = self.windows[number]
        session, before = window.session, len(window.stream) + len(window.pending)
        possible, reverse = (
            (session.can_undo, session.undo) if cause is Cause.UNDO else (session.can_redo, session.redo)
        )
        changes = reverse()
        assert bool(changes) == possible
        recorded = [*window.stream, *window.pending][before:]
        own = [draft for draft in recorded if draft.cause is cause]
        assert len(own) == len(changes)

    @rule(number=WINDOWS)
    def undo_all_and_redo_all(self, number):
        window = self.windows[number]
        window.deliver()
        before = everything(window.session)
        count = undo_all(window.session)
        if window.alone:
            assert everything(window.session) == set(self.imported.values())
        for _ in range(count):
            assert window.session.redo()
        assert everything(window.session) == before

    # ------------------------------------------------------------------ what happens around them

    @rule(number=WINDOWS)
    def go_offline(self, number):
        self.windows[number].online = False

    @rule(number=WINDOWS)
    def deliver(self, number):
        self.windows[number].deliver()

    @rule(number=WINDOWS)
    def restart(self, number):
        self.windows[number].deliver()
        self.windows[number] = Window(self.stream)

    @rule(mark=MARKS)
    def import_a_file(self, mark):
        mark = replace(mark, mark_id=f"imported-{len(self.imported)}")
        self.imported[mark.mark_id] = mark
        self.stream.append(Draft(kind=RevisionKind.ADD, mark=mark, author="Ann", cause=Cause.IMPORT))

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def each_state_is_what_its_stream_leads_to(self):
        for window in self.windows:
            assert by_id(window.session.records) == by_id(ReadingState.of(window.known))

    @invariant()
    def what_is_looked_up_is_what_is_there(self):
        for window in self.windows:
            session = window.session
            present = [entry.mark for entry in session.records]
            marks = tuple(record for record in present if not isinstance(record, Fact))
            assert session.marks == marks
            assert session.marked_frames == {mark.frame for mark in marks}
            for frame in session.marked_frames:
                assert session.marks_on(frame) == tuple(mark for mark in marks if mark.frame == frame)
                uid = frame.sop_instance_uid
                assert session.count_on({uid}) == sum(mark.frame.sop_instance_uid == uid for mark in marks)
            for kind in {record.kind for record in present}:
                assert session.records_of(kind) == tuple(each for each in present if each.kind is kind)

    @invariant()
    def undo_survives_a_restart(self):
        for window in self.windows:
            if window.alone:
                assert facts(session_on(window.known)) == facts(window.session)

    @invariant()
    def every_stored_edit_can_be_taken_back_and_repeated(self):
        session = session_on(self.stream)
        before = everything(session)
        count = undo_all(session)
        assert everything(session) == set(self.imported.values())
        for _ in range(count):
            session.redo()
        assert everything(session) == before

    @precondition(lambda self: len(self.stream) > 0)
    @invariant()
    def the_last_change_comes_back_from_json(self):
        draft = self.stream[-1]
        assert Draft.from_dict(json.loads(json.dumps(draft.to_dict()))) == draft

    def teardown(self):
        revisions = chain(READING.reading_id, self.stream)
        check_chain(revisions)
        read_again = [Draft.from_dict(json.loads(json.dumps(draft.to_dict()))) for draft in self.stream]
        assert chain(READING.reading_id, read_again) == revisions
        assert ReadingState.of(read_again) == ReadingState.of(self.stream)


TestTwoWindows = TwoWindows.TestCase
TestTwoWindows.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
