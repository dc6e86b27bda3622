"""A real window with its readings on a real PostgreSQL server that goes away and comes back."""

import time

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.marks import Target
from fluoro_annotator.store import recorder
from fluoro_annotator.store.postgres import PostgresStore
from napari_fluoro_annotator.controllers import watching

pytestmark = pytest.mark.gui

READER = "Reader A"


@pytest.fixture
def server(server_store, monkeypatch):
    server_store.add_login(READER, "attending")
    monkeypatch.setattr(watching, "EVERY_MS", 20)
    return server_store


@pytest.fixture
def store(server):
    with PostgresStore(server.url(READER)) as opened:
        yield opened


@pytest.fixture
def window(store, open_window):
    _, dock, hand = open_window(store=store, reader=READER)
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    return dock, hand


def until(condition, pump, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    return condition()


def marks(store, dock):
    records = store.records(dock.desk.session.reading.reading_id)
    return [record for record in records if isinstance(record, Target)]


@pytest.fixture(params=[recorder.SLOW_SECONDS, -1], ids=["says so at once", "keeps one waiting"])
def pace(request, monkeypatch):
    monkeypatch.setattr(recorder, "SLOW_SECONDS", request.param)


@pytest.mark.usefixtures("pace")
def test_marks_wait_on_this_computer_until_the_server_is_back(server, store, window, pump):
    dock, hand = window
    places = [(60, 70), (80, 90), (100, 110)]
    hand.key("T")
    hand.click(*places[0])
    assert dock.view._save_state.text().startswith("Saved ")
    server.cluster.stop()
    for place in places[1:]:
        hand.key("T")
        hand.click(*place)
    text = dock.view._save_state.text()
    assert text.startswith("NOT SAVED: 2 changes.")
    assert "server" in text
    assert len(dock.desk.session.marks) == 3
    server.cluster.start()
    assert until(lambda: dock.view._save_state.text().startswith("Saved "), pump)
    stored = marks(store, dock)
    assert stored == list(dock.desk.session.marks)
    assert store.verify() == ()
    assert store.head(dock.desk.session.reading.reading_id).sequence == 3


def test_readings_are_kept_under_the_login(store, window):
    _, hand = window
    hand.key("T")
    hand.click(60, 70)
    (reading,) = store.readings()
    assert (reading.reader, str(reading.role)) == (READER, "attending")
    assert {revision.draft.author for revision in store.revisions(reading.reading_id)} == {READER}
