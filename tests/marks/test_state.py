"""The state of a reading is what its stream of changes leads to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fluoro_annotator.errors import MarkError, UnknownMarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Change, Draft, MarkRecord, ReadingState, RevisionKind
from fluoro_annotator.marks.values import moved, relabelled

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def draft_of():
    """Build drafts, each a minute after the one before."""
    made = []

    def build(kind, mark, author="Ann"):
        made.append(kind)
        when = START + timedelta(minutes=len(made))
        return Draft(kind=RevisionKind(kind), mark=mark, author=author, recorded_at=when)

    return build


def test_an_empty_stream_leads_to_no_marks():
    state = ReadingState.of(())
    assert (list(state), len(state), state.marks) == ([], 0, ())
    assert "x" not in state
    assert 5 not in state


def test_a_change_is_of_one_mark(target, needle):
    with pytest.raises(MarkError, match="not of one mark"):
        Change(None, None)
    with pytest.raises(MarkError, match="not of one mark"):
        Change(target, needle)


def test_the_inverse_of_a_change_takes_it_back(target):
    elsewhere = moved(target, position=Point(1, 1))
    for change in (Change(None, target), Change(target, None), Change(target, elsewhere)):
        assert change.inverse.inverse == change
        assert (change.inverse.before, change.inverse.after) == (change.after, change.before)
        assert change.mark_id == change.inverse.mark_id == target.mark_id
    assert Change(target, elsewhere).mark == elsewhere
    assert Change(target, None).mark == target


def test_a_record_keeps_its_first_time_and_takes_the_last_author(target, draft_of):
    elsewhere = moved(target, position=Point(1, 1))
    state = ReadingState.of([draft_of("add", target, "Ann"), draft_of("move", elsewhere, "Bob")])
    assert state.record(target.mark_id) == MarkRecord(
        mark=elsewhere,
        created_at=START + timedelta(minutes=1),
        changed_at=START + timedelta(minutes=2),
        author="Bob",
    )


def test_a_deleted_mark_is_known_but_not_present(target, needle, draft_of):
    state = ReadingState.of(
        [draft_of("add", target), draft_of("add", needle), draft_of("delete", target, "Bob")]
    )
    assert state.marks == (needle,)
    assert len(state) == 1
    assert target.mark_id not in state
    assert state.knows(target.mark_id)
    assert state.present(target.mark_id) is None
    record = state.record(target.mark_id)
    assert (record.mark, record.deleted, record.author) == (target, True, "Bob")
    with pytest.raises(UnknownMarkError, match=r"is deleted\. Undo the deletion"):
        state.mark(target.mark_id)


def test_a_restored_mark_stands_where_it_stood(target, needle, draft_of):
    state = ReadingState.of(
        [
            draft_of("add", target),
            draft_of("add", needle),
            draft_of("delete", target),
            draft_of("restore", target),
        ]
    )
    assert state.marks == (target, needle)
    assert not state.record(target.mark_id).deleted


def test_an_unknown_mark_is_refused():
    state = ReadingState()
    for look in (state.record, state.mark):
        with pytest.raises(UnknownMarkError, match="mark m-9: is not part of this reading"):
            look("m-9")
    assert not state.knows("m-9")


@pytest.mark.parametrize("kind", list(RevisionKind))
def test_a_change_applies_to_any_state(kind, target, draft_of):
    """Another window may have deleted, or never seen, what is changed here."""
    deleted = [draft_of("add", target), draft_of("delete", target)]
    for earlier in ((), deleted, deleted[:1]):
        state = ReadingState.of(earlier)
        state.apply(draft_of(kind, target))
        assert (target.mark_id in state) == (kind is not RevisionKind.DELETE)


def test_a_stream_tells_what_it_altered_in_all(target, needle, level, draft_of):
    state = ReadingState.of([draft_of("add", target), draft_of("add", needle)])
    elsewhere = moved(target, position=Point(1, 1))
    changes = state.take(
        [
            draft_of("move", moved(target, position=Point(2, 2))),
            draft_of("add", level),
            draft_of("delete", needle),
            draft_of("move", elsewhere),
            draft_of("delete", level),
        ]
    )
    assert changes == (Change(target, elsewhere), Change(needle, None))


@pytest.mark.parametrize("kind", ["add", "restore", "move"])
def test_a_stream_that_alters_nothing_tells_so(kind, target, draft_of):
    state = ReadingState.of([draft_of("add", target)])
    assert state.take([draft_of(kind, target)]) == ()
    assert state.take(()) == ()
    state.apply(draft_of("delete", target))
    assert state.take([draft_of("delete", target)]) == ()


def test_changes_onto_a_state_that_has_them_already_vanish(target, needle, draft_of):
    state = ReadingState.of([draft_of("add", target)])
    changes = [Change(None, target), Change(needle, None), Change(None, replace(needle, mark_id="n"))]
    assert state.onto_present(changes) == (Change(None, replace(needle, mark_id="n")),)


def test_every_change_has_its_name(target, level, sites, draft_of):
    state = ReadingState.of([draft_of("add", target), draft_of("add", level)])
    kinds = {
        RevisionKind.MOVE: Change(target, moved(target, position=Point(1, 1))),
        RevisionKind.CHANGE: Change(target, replace(target, confidence="probable")),
        RevisionKind.RELABEL: Change(target, relabelled(target, site=sites[1])),
        RevisionKind.DELETE: Change(target, None),
        RevisionKind.RESTORE: Change(None, target),
        RevisionKind.ADD: Change(None, replace(target, mark_id="new")),
    }
    assert {kind: state.kind_of(change) for kind, change in kinds.items()} == {kind: kind for kind in kinds}
    assert set(kinds) == set(RevisionKind)
    assert state.kind_of(Change(level, relabelled(level, vertebra="L5"))) is RevisionKind.RELABEL
    assert state.kind_of(Change(level, moved(level, position=Point(1, 1)))) is RevisionKind.MOVE
