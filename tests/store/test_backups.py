"""Backups and restores: whole or not at all, proved to be sound, and nothing is ever overwritten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from fluoro_annotator.errors import StoreDamagedError, StoreError, StoreUnavailableError, StoreVersionError
from fluoro_annotator.marks import Reading
from fluoro_annotator.store import MemoryStore, SqliteStore, backup, backups, open_session, restore
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.sqlite_file import version_of

RELEASED = Path(__file__).parent / "databases" / "schema_1.sqlite"


@pytest.fixture
def filled(sqlite_store, begun, make_draft) -> SqliteStore:
    sqlite_store.append(begun.reading_id, [make_draft(float(row)) for row in range(4)], after=0)
    return sqlite_store


@pytest.fixture
def saved(filled, tmp_path) -> Path:
    """A backup of the filled store."""
    return backup(filled, tmp_path / "backup.sqlite").path


@pytest.fixture
def small_disk():
    """Return a context in which no file can grow beyond 20,000 bytes, which stands for a full disk."""
    if sys.platform != "linux":
        pytest.skip("limits of Linux")
    import resource
    import signal

    @contextmanager
    def limited():
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, old)

    return limited


def content(path: Path) -> list:
    with closing(sqlite3.connect(path)) as connection:
        tables = ("meta", "study_entry", "image_entry", "reading", "revision", "head", "tombstone")
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608  # own names


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestBackup:
    def test_it_holds_what_the_store_holds_and_is_one_file(self, filled, path, tmp_path):
        made = backup(filled, tmp_path / "backup.sqlite")
        assert (made.problems, made.conflicts) == ((), ())
        assert content(made.path) == content(path)
        assert {name for name in names(tmp_path) if "backup" in name} == {"backup.sqlite"}

    def test_it_is_made_while_somebody_writes(self, filled, begun, make_draft, tmp_path):
        with filled._writing_transaction() as connection:
            connection.exec_driver_sql("UPDATE meta SET created_by = 'half done'")
            made = backup(filled, tmp_path / "backup.sqlite")
        assert made.problems == ()
        assert [row[4] for row in content(made.path)[0]] != ["half done"]

    def test_a_store_that_is_no_file_is_copied_into_one(self, study, make_draft, tmp_path):
        with MemoryStore() as store:
            store.save_study(study)
            store.add_reading(Reading(study_uid="1.2", reader="Reader A", reading_id="one"))
            revisions = store.append("one", [make_draft()], after=0)
            made = backup(store, tmp_path / "backup.sqlite")
        assert names(tmp_path) == {"backup.sqlite"}
        with SqliteStore(made.path) as opened:
            assert opened.revisions("one") == revisions

    @pytest.mark.skipif(os.name != "posix", reason="file permissions of POSIX")
    def test_only_its_owner_may_read_it(self, saved):
        assert saved.stat().st_mode & 0o777 == 0o600

    def test_what_is_wrong_with_the_store_is_said_and_still_backed_up(self, filled, begun, tamper, tmp_path):
        tamper("UPDATE revision SET author = 'Somebody' WHERE sequence = 2")
        made = backup(filled, tmp_path / "backup.sqlite")
        assert len(made.problems) == 1
        assert "revision 2" in made.problems[0]
        assert made.path.is_file()

    def test_it_replaces_nothing(self, filled, saved):
        before = saved.read_bytes()
        with pytest.raises(StoreError, match="exists already, and a backup replaces nothing"):
            backup(filled, saved)
        assert saved.read_bytes() == before

    def test_not_what_another_program_makes_at_the_same_time(self, filled, tmp_path, monkeypatch):
        make = backups._make_one_file

        def late(draft):
            make(draft)
            (tmp_path / "backup.sqlite").write_text("of another program")

        monkeypatch.setattr(backups, "_make_one_file", late)
        with pytest.raises(StoreError, match="exists already"):
            backup(filled, tmp_path / "backup.sqlite")
        assert (tmp_path / "backup.sqlite").read_text() == "of another program"
        assert not [name for name in names(tmp_path) if ".new-" in name]

    def test_not_the_store_itself(self, filled, path):
        with pytest.raises(StoreError, match="is the store itself"):
            backup(filled, path)
        link = path.with_name("link.sqlite")
        link.symlink_to(path)
        with pytest.raises(StoreError, match="is the store itself"):
            backup(filled, link)

    def test_a_folder_that_is_not_there(self, filled, tmp_path):
        with pytest.raises(StoreUnavailableError) as caught:
            backup(filled, tmp_path / "nowhere" / "backup.sqlite")
        assert caught.value.subject == f"backup {tmp_path / 'nowhere' / 'backup.sqlite'}"
        assert caught.value.remedy == "Check the folder, or choose another folder."

    def test_a_full_disk_leaves_nothing_behind(self, filled, tmp_path, small_disk):
        with (
            small_disk(),
            pytest.raises(
                StoreUnavailableError, match=r"backup .*backup\.sqlite: (has no room|could not be)"
            ),
        ):
            backup(filled, tmp_path / "backup.sqlite")
        assert not [name for name in names(tmp_path) if "backup" in name]
        assert filled.verify() == ()


class TestRestore:
    def test_it_brings_back_what_the_store_held(self, saved, tmp_path):
        place = tmp_path / "elsewhere" / "readings.sqlite"
        done = restore(saved, place)
        assert (done.aside, done.upgraded_from) == (None, None)
        assert content(place) == content(saved)
        assert names(place.parent) == {"readings.sqlite"}

    def test_work_goes_on_in_write_ahead_mode(self, saved, study, tmp_path):
        place = tmp_path / "restored.sqlite"
        restore(saved, place)
        with SqliteStore(place) as store:
            with store._reading_transaction() as connection:
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            session, recorder = open_session(store, store.study(study.uid), reader="Reader A")
            session.undo()
            assert recorder.state.saved
            recorder.close()
            assert store.verify() == ()

    def test_the_backup_stays_as_it_was(self, saved, tmp_path):
        before = saved.read_bytes()
        restore(saved, tmp_path / "restored.sqlite")
        assert saved.read_bytes() == before
        assert {name for name in names(tmp_path) if "backup" in name} == {"backup.sqlite"}

    def test_an_empty_store_gives_way_and_is_kept(self, saved, tmp_path):
        place = tmp_path / "restored.sqlite"
        SqliteStore(place).close()
        empty = content(place)
        done = restore(saved, place)
        assert content(place) == content(saved)
        assert content(done.aside) == empty

    def test_a_store_that_holds_something_does_not(self, filled, saved, path, begun, make_draft):
        filled.append(begun.reading_id, [make_draft(9.0)], after=4)
        before = content(path)
        with pytest.raises(StoreError, match="holds readings already") as caught:
            restore(saved, path)
        assert "--replace" in caught.value.remedy
        assert content(path) == before

    def test_it_is_kept_under_another_name_if_it_has_to(self, filled, saved, path, begun, make_draft):
        filled.append(begun.reading_id, [make_draft(9.0)], after=4)
        filled.close()
        before = content(path)
        done = restore(saved, path, replace=True)
        assert content(path) == content(saved)
        assert done.aside.parent == path.parent
        assert content(done.aside) == before
        assert names(path.parent) == {path.name, done.aside.name}

    def test_not_while_another_program_has_it_open(self, filled, saved, path):
        before = content(path)
        with pytest.raises(StoreUnavailableError, match="is open in another window or program"):
            restore(saved, path, replace=True)
        assert content(path) == before
        assert not [name for name in names(path.parent) if "replaced" in name or ".new-" in name]

    @pytest.mark.parametrize("held", [b"", b"something else", b"SQLite format 3\0" + b"\1" * 4000])
    def test_what_is_no_store_is_kept_as_well(self, saved, tmp_path, held):
        place = tmp_path / "restored.sqlite"
        place.write_bytes(held)
        with pytest.raises(StoreError, match="exists already"):
            restore(saved, place)
        assert place.read_bytes() == held
        done = restore(saved, place, replace=True)
        assert done.aside.read_bytes() == held
        assert content(place) == content(saved)

    def test_a_folder_in_its_place(self, saved, tmp_path):
        (tmp_path / "folder").mkdir()
        with pytest.raises(StoreError):
            restore(saved, tmp_path / "folder", replace=True)
        assert (tmp_path / "folder").is_dir()

    def test_a_writer_that_waited_does_not_write_into_what_was_put_aside(
        self, filled, saved, begun, make_draft, monkeypatch
    ):
        """The file is replaced between the look at it and the beginning of the transaction."""
        filled.close()
        path = filled.path
        with SqliteStore(path) as store:
            check = store._check_in_place

            def replaced():
                check()
                monkeypatch.undo()
                store._engine.dispose()
                aside.append(restore(saved, path, replace=True).aside)

            aside: list[Path] = []
            monkeypatch.setattr(store, "_check_in_place", replaced)
            with pytest.raises(StoreUnavailableError, match="was replaced or moved"):
                store.append(begun.reading_id, [make_draft(9.0)], after=4)
            assert len(content(aside[0])[4]) == 4
            assert len(store.append(begun.reading_id, [make_draft(9.0)], after=4)) == 1

    def test_an_older_backup_is_upgraded_on_the_way(self, tmp_path):
        place, before = tmp_path / "restored.sqlite", RELEASED.read_bytes()
        done = restore(RELEASED, place)
        assert done.upgraded_from == 1
        assert version_of(place) == SCHEMA_VERSION
        assert RELEASED.read_bytes() == before
        assert names(tmp_path) == {"restored.sqlite"}
        with SqliteStore(place) as store:
            assert len(store.readings()) == 3
            assert store.verify() == ()

    def test_another_store_beside_it_has_an_identifier_of_its_own(self, filled, saved, tmp_path):
        restore(saved, tmp_path / "same.sqlite")
        restore(saved, tmp_path / "another.sqlite", another=True)
        with SqliteStore(tmp_path / "same.sqlite") as same, SqliteStore(tmp_path / "another.sqlite") as other:
            assert same.store_id == filled.store_id
            assert other.store_id != filled.store_id
            assert other.verify() == ()
        assert not [name for name in names(tmp_path) if "new" in name or "wal" in name]

    def test_into_a_store_that_is_no_file(self, saved, filled, begun):
        with MemoryStore() as store:
            done = restore(saved, store)
            assert done.copied.revisions == 4
            assert store.revisions(begun.reading_id) == filled.revisions(begun.reading_id)

    def test_not_into_one_that_holds_something(self, saved, study):
        with MemoryStore() as store:
            store.save_study(study)
            with pytest.raises(StoreError, match="holds something already"):
                restore(saved, store)


class TestBadBackups:
    def refused(self, source, tmp_path, kind=StoreUnavailableError) -> StoreError:
        place = tmp_path / "place" / "restored.sqlite"
        with pytest.raises(kind) as caught:
            restore(source, place)
        assert not place.exists()
        assert not [name for name in names(tmp_path) if ".new-" in name]
        assert str(source) in str(caught.value)
        return caught.value

    def test_none_at_all(self, tmp_path):
        assert self.refused(tmp_path / "none.sqlite", tmp_path).problem == "does not exist"

    @pytest.mark.parametrize("held", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 84])
    def test_no_store(self, tmp_path, held):
        (tmp_path / "backup.sqlite").write_bytes(held)
        self.refused(tmp_path / "backup.sqlite", tmp_path)

    def test_a_database_of_another_program(self, tmp_path):
        with closing(sqlite3.connect(tmp_path / "other.sqlite")) as connection:
            connection.execute("CREATE TABLE pets (name TEXT)")
        assert "another program" in self.refused(tmp_path / "other.sqlite", tmp_path).problem

    def test_cut_off(self, saved, tmp_path):
        with saved.open("rb+") as file:
            file.truncate(saved.stat().st_size // 2)
        self.refused(saved, tmp_path, StoreDamagedError)

    def test_a_page_overwritten(self, saved, tmp_path):
        with saved.open("rb+") as file:
            file.seek(saved.stat().st_size // 2)
            file.write(b"\xff" * 8192)
        assert "is damaged" in self.refused(saved, tmp_path, StoreDamagedError).problem

    def test_a_chain_that_was_changed(self, saved, tmp_path):
        with closing(sqlite3.connect(saved)) as connection, connection:
            (trigger,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = 'revision_update'"
            ).fetchone()
            connection.execute("DROP TRIGGER revision_update")
            connection.execute("UPDATE revision SET author = 'Somebody' WHERE sequence = 3")
            connection.execute(trigger)
        error = self.refused(saved, tmp_path, StoreDamagedError)
        assert error.problem.startswith("is damaged: revision 3 of reading")
        assert error.remedy == "Choose another backup, and keep this one."

    def test_an_older_one_with_a_chain_that_was_changed(self, tmp_path):
        source = tmp_path / "old.sqlite"
        shutil.copy(RELEASED, source)
        with closing(sqlite3.connect(source)) as connection, connection:
            connection.execute("DROP TRIGGER revision_update")
            connection.execute("UPDATE revision SET author = 'Somebody' WHERE sequence = 1")
        self.refused(source, tmp_path, StoreDamagedError)
        assert names(tmp_path) == {"old.sqlite", "place"}

    def test_of_a_newer_version(self, saved, tmp_path):
        with closing(sqlite3.connect(saved)) as connection, connection:
            connection.execute("UPDATE meta SET schema_version = 99")
        assert "newer version" in self.refused(saved, tmp_path, StoreVersionError).problem

    def test_the_store_itself(self, path, filled):
        with pytest.raises(StoreError, match="is the backup itself"):
            restore(path, path, replace=True)

    def test_a_full_disk_leaves_nothing_behind(self, saved, tmp_path, small_disk):
        with small_disk(), pytest.raises(StoreUnavailableError) as caught:
            restore(saved, tmp_path / "place" / "restored.sqlite")
        assert not isinstance(caught.value, StoreDamagedError)
        assert caught.value.subject == f"store {tmp_path / 'place' / 'restored.sqlite'}"
        assert names(tmp_path / "place") == set()
