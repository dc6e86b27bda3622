"""Stores of every version that was released, brought to the present one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fluoro_annotator.errors import StoreUnavailableError, StoreVersionError
from fluoro_annotator.marks import Purpose
from fluoro_annotator.store import SqliteStore, migrations, open_session, upgrade_file, upgrading
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.sqlite_file import version_of

DATABASES = Path(__file__).parent / "databases"
RELEASED = sorted(DATABASES.glob("schema_*.sqlite"))


def number(path: Path) -> int:
    return int(path.stem.rpartition("_")[2])


def rows(path: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def layout(path: Path) -> set[tuple[str, str, str]]:
    found = rows(path, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name, " ".join(sql.split()).replace(" )", ")")) for kind, name, sql in found}


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def old(request, tmp_path) -> Path:
    copy = tmp_path / "readings.sqlite"
    shutil.copy(request.param, copy)
    return copy


def test_there_is_a_store_of_each_version_before_this_one():
    assert [number(path) for path in RELEASED] == list(range(1, SCHEMA_VERSION))


def test_an_older_store_is_refused_with_the_command_that_upgrades_it(old):
    with pytest.raises(StoreVersionError, match="older version") as caught:
        SqliteStore(old)
    assert f"fluoro-annotator store upgrade --store {old} " in caught.value.remedy


def test_an_upgraded_store_is_like_a_new_one(old, tmp_path):
    new = tmp_path / "new.sqlite"
    SqliteStore(new).close()
    upgrade_file(old)
    assert layout(old) == layout(new)
    assert rows(old, "SELECT * FROM alembic_version") == rows(new, "SELECT * FROM alembic_version")
    assert version_of(old) == SCHEMA_VERSION


def test_every_revision_is_as_it_was(old):
    revisions = "SELECT * FROM revision ORDER BY reading_id, sequence"
    before = rows(old, revisions)
    upgrade_file(old)
    assert rows(old, revisions) == before
    with SqliteStore(old) as store:
        assert store.verify() == ()


def test_what_the_old_store_held_is_there(old):
    upgrade_file(old)
    with SqliteStore(old) as store:
        assert store.studies() == ("2.25.1", "2.25.2")
        assert [image.view for image in store.study("2.25.1").images] == ["AP", "lateral"]
        assert store.study("2.25.1").images[0].calibration.row_mm == 0.25
        assert store.study("2.25.2").images[0].view == "lateral"
        assert [reading.reader for reading in store.readings()] == ["Reader A", "Reader B", "Reader A"]
        assert store.reading("reading-2").purpose is Purpose.REFERENCE
        head = store.head("reading-3")
        assert (head.sequence, head.submitted, head.plan) == (9, False, "lumbar_mbb")
        assert len(store.records("reading-1")) == 2
        assert {entry.marks for study in store.index().studies for entry in study.readings} == {1}


def test_work_goes_on_in_an_upgraded_store(old):
    upgrade_file(old)
    with SqliteStore(old) as store:
        session, recorder = open_session(store, store.study("2.25.1"), reader="Reader A")
        assert len(session.marks) == 1
        session.undo()
        assert recorder.state.saved
        recorder.close()
        assert store.head("reading-1").sequence == 10
        assert store.verify() == ()


def test_the_backup_is_the_store_as_it_was(old):
    before = rows(old, "SELECT * FROM revision"), layout(old)
    backup = upgrade_file(old)
    assert backup.parent == old.parent
    assert (rows(backup, "SELECT * FROM revision"), layout(backup)) == before


def test_a_store_of_this_version_is_left_alone(path):
    SqliteStore(path).close()
    before = sorted(path.parent.iterdir())
    assert upgrade_file(path) is None
    assert sorted(path.parent.iterdir()) == before


def test_a_newer_store_is_refused(closed_store, raw):
    raw("UPDATE meta SET schema_version = 99")
    with pytest.raises(StoreVersionError, match="newer version"):
        upgrade_file(closed_store)


def test_a_fault_in_the_middle_leaves_the_store_as_it_was(old, monkeypatch):
    before = layout(old), rows(old, "SELECT * FROM revision")

    def fails(connection):
        migrations.migrate(connection)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upgrading, "migrate", fails)
    with pytest.raises(OSError, match="No space"):
        upgrade_file(old)
    assert (layout(old), rows(old, "SELECT * FROM revision")) == before


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 84])
def test_what_is_not_a_store_is_refused(tmp_path, content):
    path = tmp_path / "readings.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailableError):
        upgrade_file(path)
    assert path.read_bytes() == content
