"""A window whose store is on a server that knows who reads."""

from __future__ import annotations

import pytest

from fluoro_annotator.marks import ImageRecord, Role, StudyRecord
from fluoro_annotator.settings import ROLE_VARIABLE, STORE_VARIABLE
from fluoro_annotator.store import MemoryStore
from fluoro_annotator.store.postgres import PostgresStore
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.shelf import Shelf

LOGIN = "Reader A"


class TestShelf:
    def test_a_file_takes_any_name(self, tmp_path, monkeypatch):
        monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "readings.sqlite"))
        assert Shelf(None).login == ""
        with MemoryStore() as store:
            assert Shelf(store).login == ""

    def test_the_login_is_known_while_the_server_is_away(self, monkeypatch):
        monkeypatch.setenv(STORE_VARIABLE, "postgresql://reader_a:tiger-9@127.0.0.1:1/readings")
        assert Shelf(None).login == "reader_a"

    def test_one_that_the_address_does_not_name_is_that_of_the_library(self, monkeypatch):
        monkeypatch.setenv(STORE_VARIABLE, "postgresql://127.0.0.1:1/readings")
        monkeypatch.setenv("PGUSER", "reader_b")
        assert Shelf(None).login == "reader_b"

    def test_an_address_that_cannot_be_used_is_not_complained_of_yet(self, monkeypatch):
        monkeypatch.setenv(STORE_VARIABLE, "mysql://reader_a@127.0.0.1/readings")
        assert Shelf(None).login == ""


@pytest.fixture
def server(server_store):
    server_store.add_login(LOGIN, "attending")
    return server_store


def test_a_store_of_the_settings_is_read_under_the_login_and_with_its_role(server, tmp_path, monkeypatch):
    monkeypatch.setenv(ROLE_VARIABLE, "trainee")
    monkeypatch.setenv(STORE_VARIABLE, server.url(LOGIN))
    shelf = Shelf(None, tmp_path / "rescue")
    image = ImageRecord(sop_instance_uid="1.2.3.4", series_uid="1.2.3", rows=64, columns=64, frames=1)
    session, recorder = shelf.open_reading(StudyRecord("1.2", (image,)), shelf.login)
    assert (session.reading.reader, session.reading.role) == (LOGIN, Role.ATTENDING)
    recorder.close()
    shelf.close()


@pytest.mark.gui
def test_the_window_reads_under_the_login_and_says_so(server, open_window):
    with PostgresStore(server.url(LOGIN)) as store:
        _, dock, _ = open_window(store=store, reader="Somebody")
        view, desk = dock.view, dock.desk
        assert (desk.reader, desk.session.reading.reader) == (LOGIN, LOGIN)
        assert (view._reader.text(), view._reader.isReadOnly()) == (LOGIN, True)
        assert view._login.isVisible()
        assert view._login.text() == texts.LOGIN_AS.format(role="attending")
        session = desk.session
        dock.controller.change_reader("Somebody")
        assert (desk.session, view._reader.text()) == (session, LOGIN)
        assert [reading.reader for reading in store.readings()] == [LOGIN]


@pytest.mark.gui
def test_a_store_in_a_file_takes_the_name_that_is_typed(open_window):
    _, dock, _ = open_window(reader="Reader B")
    assert not dock.view._login.isVisible()
    assert not dock.view._reader.isReadOnly()
    dock.controller.change_reader("Reader C")
    assert dock.desk.session.reading.reader == "Reader C"
