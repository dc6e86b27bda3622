"""A store that takes long to say that it is away keeps nobody waiting, and loses nothing."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.store import StoreRecorder, recorder, rescued

AWAY = StoreUnavailableError("store", "does not answer", "Check the network.")


@pytest.fixture
def slow(monkeypatch):
    """Let every failure count as one that took long."""
    monkeypatch.setattr(recorder, "SLOW_SECONDS", -1)


@pytest.fixture
def asked(failing_store, monkeypatch):
    spy = MagicMock(wraps=failing_store.append)
    monkeypatch.setattr(failing_store, "append", spy)
    return spy


@pytest.fixture
def keeper(failing_store, reading):
    made = StoreRecorder(failing_store, reading, after=0)
    yield made
    made.close()


@pytest.mark.usefixtures("slow")
def test_it_is_asked_once_and_then_only_when_it_is_told_to(keeper, failing_store, asked, reading, make_draft):
    failing_store.away = True
    drafts = [make_draft(row) for row in (1, 2, 3)]
    states = []
    keeper.state_changed.connect(states.append)
    for draft in drafts:
        keeper.record([draft])
    assert asked.call_count == 1
    assert keeper.slow
    assert [state.pending for state in states] == [1, 2, 3]
    assert rescued(reading.reading_id) == tuple(drafts)
    failing_store.away = False
    keeper.record([make_draft(4)])
    assert asked.call_count == 1
    assert keeper.retry().saved
    assert not keeper.slow
    kept = [revision.draft for revision in failing_store.revisions(reading.reading_id)]
    assert kept[:3] == drafts
    assert len(kept) == 4
    assert rescued(reading.reading_id) == ()


def test_one_that_says_so_at_once_is_asked_with_every_change(keeper, failing_store, asked, make_draft):
    failing_store.away = True
    for row in (1, 2):
        keeper.record([make_draft(row)])
    assert asked.call_count == 2
    assert not keeper.slow
    assert keeper.knock() is None


@pytest.mark.usefixtures("slow")
def test_a_knock_tells_whether_it_is_back(failing_store, reading, make_draft):
    opener = MagicMock(return_value=failing_store)
    keeper = StoreRecorder(opener, reading, after=0)
    failing_store.away = True
    keeper.record([make_draft(1)])
    knock = keeper.knock()
    opener.side_effect = AWAY
    with pytest.raises(StoreUnavailableError):
        knock()
    opener.side_effect = None
    knock()
    assert keeper.state.pending == 1
    keeper.close()


@pytest.mark.usefixtures("slow")
def test_more_images_do_not_wait_for_it_either(keeper, failing_store, study, make_draft, monkeypatch):
    failing_store.away = True
    keeper.record([make_draft(1)])
    saved = MagicMock(wraps=failing_store.save_study)
    monkeypatch.setattr(failing_store, "save_study", saved)
    keeper.extend_study(study)
    saved.assert_not_called()
    failing_store.away = False
    assert keeper.retry().saved
    saved.assert_called_once_with(study)


def test_a_wait_that_somebody_else_had_counts(failing_store, reading, make_draft, asked):
    keeper = StoreRecorder(failing_store, reading, after=0)
    keeper.store_is_away(AWAY, 6.0)
    assert keeper.slow
    keeper.record([make_draft(1)])
    asked.assert_not_called()
    assert "does not answer" in keeper.state.problem
    assert keeper.retry().saved
    keeper.close()
