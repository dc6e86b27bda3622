"""A store that moves to a server and back: who may, and that everything arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fluoro_annotator.errors import StoreConflictError, StoreError, StorePermissionError
from fluoro_annotator.marks import Purpose, Reading
from fluoro_annotator.store import PostgresStore, SqliteStore, backup, compare_heads, copy, heads_of, restore

pytest.importorskip("psycopg")


@pytest.fixture
def filled(sqlite_store, study, make_draft) -> SqliteStore:
    for number, reader in enumerate(("Reader A", "Reader B"), start=1):
        sqlite_store.save_study(replace(study, uid=f"1.{number}"))
        reading = Reading(study_uid=f"1.{number}", reader=reader, reading_id=reader, purpose=Purpose.PRACTICE)
        sqlite_store.add_reading(reading)
        drafts = [make_draft(float(row), author=reader) for row in range(5)]
        sqlite_store.append(reader, drafts, after=0)
    return sqlite_store


@pytest.fixture
def server(server_store):
    for login, role in (("Reader A", "attending"), ("Reader B", "trainee"), ("Reader C", "auditor")):
        server_store.add_login(login, role)
    with PostgresStore(server_store.url()) as owner:
        yield owner


@pytest.fixture
def as_login(server_store):
    """Return a function that opens the server's store as somebody."""
    opened = []

    def open_as(login: str) -> PostgresStore:
        opened.append(PostgresStore(server_store.url(login)))
        return opened[-1]

    yield open_as
    for store in opened:
        store.close()


def test_ends_noted_in_a_file_are_those_on_the_server(filled, server):
    noted = heads_of(filled)
    copy(filled, server)
    assert list(compare_heads(server, noted)) == []
    assert heads_of(server).heads == noted.heads


def test_work_goes_on_under_the_login_after_the_move(filled, server, as_login, make_draft):
    copy(filled, server)
    mine = as_login("Reader A")
    mine.append("Reader A", [make_draft(9.0)], after=5)
    assert len(server.revisions("Reader A")) == 6
    assert server.verify() == ()


@pytest.mark.parametrize("login", ["Reader A", "Reader B", "Reader C"])
def test_only_the_owner_copies_into_a_server(filled, server, as_login, login):
    with pytest.raises(StorePermissionError) as caught:
        copy(filled, as_login(login))
    assert "its owner" in caught.value.remedy
    assert server.readings() == ()


@pytest.mark.parametrize("login", ["Reader A", "Reader C"])
def test_whoever_sees_everything_makes_backups(filled, server, as_login, tmp_path, login):
    copy(filled, server)
    made = backup(as_login(login), tmp_path / "backup.sqlite")
    assert (made.problems, made.conflicts) == ((), ())
    with SqliteStore(made.path) as opened:
        assert heads_of(opened).heads == heads_of(filled).heads


def test_a_trainee_does_not(filled, server, as_login, tmp_path):
    copy(filled, server)
    with pytest.raises(StorePermissionError, match="only a part"):
        backup(as_login("Reader B"), tmp_path / "backup.sqlite")
    assert not (tmp_path / "backup.sqlite").exists()


def test_a_backup_is_restored_into_a_new_store_on_a_server(filled, server, tmp_path):
    made = backup(filled, tmp_path / "backup.sqlite")
    done = restore(made.path, server)
    assert done.copied.revisions == 10
    assert heads_of(server).heads == heads_of(filled).heads
    with pytest.raises(StoreError, match="holds something already"):
        restore(made.path, server)


def test_a_server_is_not_copied_into_itself(filled, server, server_store):
    copy(filled, server)
    again = server_store.url().replace("127.0.0.1", "localhost")
    with PostgresStore(again) as other, pytest.raises(StoreError, match="copied into itself"):
        copy(server, other)


def test_tombstones_go_there_and_come_back(filled, server, tmp_path):
    filled.purge_reading("Reader A", reason="made by mistake", by="Reader A")
    copy(filled, server)
    assert server.tombstones() == filled.tombstones()
    with SqliteStore(tmp_path / "back.sqlite") as back:
        copy(server, back)
        assert back.tombstones() == filled.tombstones()
        with pytest.raises(StoreConflictError, match="was purged"):
            back.add_reading(Reading(study_uid="1.1", reader="Reader A", reading_id="Reader A"))
