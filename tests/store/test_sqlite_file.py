"""Files that are no store, cannot be written, or were written by another version."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from contextlib import closing

import pytest

from fluoro_annotator.errors import StoreUnavailableError, StoreVersionError
from fluoro_annotator.settings import STORE_VARIABLE
from fluoro_annotator.store import SqliteStore, open_store, sqlite_file


def problem_of(path) -> str:
    with pytest.raises(StoreUnavailableError) as caught:
        SqliteStore(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    return caught.value.problem


class TestNewStore:
    def test_the_folder_and_the_file_are_made_and_nothing_else(self, path):
        SqliteStore(path).close()
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.skipif(os.name != "posix", reason="file permissions of POSIX")
    def test_only_its_owner_may_read_it(self, path, sqlite_store, study):
        sqlite_store.save_study(study)
        modes = {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        assert modes == {0o600}

    def test_it_is_durable_and_lets_others_read(self, sqlite_store):
        with sqlite_store._reading_transaction() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

    def test_a_name_with_signs_of_addresses_is_a_name(self, tmp_path, study):
        path = tmp_path / "a?mode=memory#b%20ü" / "readings & co.sqlite"
        with SqliteStore(path) as store:
            store.save_study(study)
        assert path.is_file()
        with SqliteStore(path) as store:
            assert store.studies() == (study.uid,)

    def test_the_place_comes_from_the_settings(self, tmp_path, monkeypatch):
        monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "shared.sqlite"))
        with open_store() as store:
            assert store.describe() == str(tmp_path / "shared.sqlite")

    def test_whoever_comes_first_makes_it(self, path, study, monkeypatch):
        """Another program makes the store between the look for it and its making."""
        fill = sqlite_file.publish

        def late(draft, name):
            monkeypatch.undo()
            with SqliteStore(path) as first:
                first.save_study(study)
            return fill(draft, name)

        monkeypatch.setattr(sqlite_file, "publish", late)
        with SqliteStore(path) as second:
            assert second.studies() == (study.uid,)
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_system_without_links_will_do(self, path, study, monkeypatch):
        def no_links(*_):
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", no_links)
        with SqliteStore(path) as store:
            store.save_study(study)
        assert list(path.parent.iterdir()) == [path]


class TestNoStore:
    def test_a_folder(self, tmp_path):
        assert "is a folder" in problem_of(tmp_path)

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110  # read before tmp_path exists
    def test_a_device(self, tmp_path):
        link = tmp_path / "full.sqlite"
        link.symlink_to("/dev/full")
        assert "is not a file" in problem_of(link)

    def test_a_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("taken")
        assert "cannot be used" in problem_of(tmp_path / "file" / "deep" / "readings.sqlite")

    def test_an_empty_file(self, tmp_path):
        path = tmp_path / "empty.sqlite"
        path.touch()
        assert "is empty" in problem_of(path)
        assert path.stat().st_size == 0

    def test_a_text(self, tmp_path):
        path = tmp_path / "notes.sqlite"
        path.write_text("L4 medial branch, at L5\n" * 400)
        assert "is not a store of readings" in problem_of(path)
        assert path.read_text().startswith("L4")

    def test_a_database_of_another_program(self, tmp_path):
        path = tmp_path / "other.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE songs (title)")
        before = path.read_bytes()
        assert "another program" in problem_of(path)
        assert path.read_bytes() == before

    def test_a_store_cut_short(self, closed_store):
        content = closed_store.read_bytes()
        closed_store.write_bytes(content[: len(content) // 2])
        assert "is damaged" in problem_of(closed_store)

    def test_a_store_without_a_version(self, closed_store, raw):
        raw("DELETE FROM meta")
        assert "which version" in problem_of(closed_store)

    def test_a_store_with_a_hole(self, path, study):
        with SqliteStore(path) as store:
            store.save_study(study)
        content = bytearray(path.read_bytes())
        content[4096:] = os.urandom(len(content) - 4096)
        path.write_bytes(content)
        assert "damaged" in problem_of(path)


class TestVersions:
    @pytest.mark.parametrize(("version", "words"), [(4, "newer"), (99, "newer"), (2, "older")])
    def test_another_version_is_refused_and_both_are_named(self, closed_store, raw, version, words):
        raw("UPDATE meta SET schema_version = ?", version)
        with pytest.raises(StoreVersionError, match=rf"{words} version.*schema {version};.* 3\)") as caught:
            SqliteStore(closed_store)
        assert caught.value.remedy


class TestNotWritable:
    def test_a_store_that_only_root_may_write(self, closed_store):
        """Permissions do not bind root, so SQLite itself is told to refuse."""
        closed_store.chmod(0o400)
        if os.access(closed_store, os.W_OK):
            pytest.skip("this account may write everything")
        assert "may not be written" in problem_of(closed_store)

    def test_what_sqlite_says_of_a_file_that_is_write_protected(self, closed_store, monkeypatch):
        connect = sqlite_file.connect

        def protected(path):
            connection = connect(path)
            connection.execute("PRAGMA query_only = ON")
            return connection

        monkeypatch.setattr(sqlite_file, "connect", protected)
        assert "may not be written" in problem_of(closed_store)

    @pytest.mark.usefixtures("impatient")
    def test_a_store_that_another_program_holds(self, closed_store):
        with closing(sqlite3.connect(closed_store, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "held by another program" in problem_of(closed_store)

    @pytest.mark.usefixtures("impatient")
    def test_a_program_that_takes_the_store_while_it_is_open(self, path, study):
        with SqliteStore(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailableError, match="held by another program"):
                store.save_study(study)
            assert store.studies() == ()
            other.execute("ROLLBACK")
            store.save_study(study)
            assert store.studies() == (study.uid,)

    def test_a_full_disk_keeps_all_or_nothing(self, sqlite_store, begun, make_draft):
        with sqlite_store._reading_transaction() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreUnavailableError, match="disk is full"):
            sqlite_store.append(begun.reading_id, [make_draft() for _ in range(50)], after=0)
        assert sqlite_store.revisions(begun.reading_id) == ()
        with sqlite_store._reading_transaction() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert len(sqlite_store.append(begun.reading_id, [make_draft()], after=0)) == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
    def test_a_file_that_is_moved_away_while_open(self, path, sqlite_store, begun, make_draft):
        aside = path.with_name("aside.sqlite")
        path.rename(aside)
        with pytest.raises(StoreUnavailableError, match="was moved or deleted"):
            sqlite_store.append(begun.reading_id, [make_draft()], after=0)
        assert not path.exists()
        aside.rename(path)
        assert len(sqlite_store.append(begun.reading_id, [make_draft()], after=0)) == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
    def test_a_file_that_is_replaced_by_another_store_while_open(self, path, sqlite_store, begun, tmp_path):
        before = sqlite_store.store_id
        with SqliteStore(tmp_path / "backup.sqlite") as other:
            assert other.studies() == ()
            put_there = other.store_id
        (tmp_path / "backup.sqlite").replace(path)
        for aside in ("-wal", "-shm"):
            path.with_name(path.name + aside).unlink()
        assert sqlite_store.studies() == ()
        assert sqlite_store.store_id == put_there != before

    def test_errors_carry_no_marks(self, sqlite_store, begun, make_draft):
        """What the database layer reports of a failed statement holds no values of it."""
        with sqlite_store._writing_transaction() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(StoreUnavailableError) as caught:
            sqlite_store.append(begun.reading_id, [make_draft(author="CANARY") for _ in range(90)], after=0)
        chain = [caught.value, caught.value.__cause__]
        assert not any("CANARY" in f"{error}{error!r}" for error in chain)


def test_the_store_holds_neither_paths_nor_accounts(tmp_path, monkeypatch, study, make_draft, reading):
    for name in ("USER", "LOGNAME", "HOSTNAME", "HOME"):
        monkeypatch.setenv(name, f"CANARY-{name}")
    path = tmp_path / "CANARY-folder" / "CANARY-readings.sqlite"
    with SqliteStore(path) as store:
        store.save_study(study)
        store.append(store.begin(reading).reading_id, [make_draft()], after=0)
        contents = [each.read_bytes() for each in path.parent.iterdir()]
    contents.append(path.read_bytes())
    assert any(b"1.2.3.4" in content for content in contents)
    assert not any(b"CANARY" in content or b"department" in content for content in contents)


def test_the_tables_have_no_column_for_a_patient(sqlite_store, raw):
    """A new column has to be looked at by somebody who asks what may stand in it."""
    columns = {
        table: {row[1] for row in raw(f"PRAGMA table_info({table})")}
        for (table,) in raw("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    facts = {"pseudonym", "study_date", "region", "equipment"}
    image = {
        *("study_uid", "sop_instance_uid", "series_uid", "rows", "columns", "frames", "modality", "view"),
        *("calibration_source", "row_mm", "column_mm", "relative_error", "calibration_note", "entry"),
    }
    assert columns == {
        "alembic_version": {"version_num"},
        "meta": {"id", "schema_version", "store_id", "created_at", "created_by"},
        "study_entry": {"entry", "uid", "saved_at", *facts},
        "study": {"entry", "uid", *facts},
        "image_entry": {"saved_at", *image},
        "image": image,
        "reading": {"entry", "reading_id", "study_uid", "reader", "purpose", "role", "started_at", "hash"},
        "head": {"reading_id", "study_uid", "sequence", "hash", "submitted", "plan", "changed_at"},
        "current_record": {"reading_id", "mark_id", "sequence", "record_kind", "deleted"},
        "tombstone": {
            *("entry", "subject_kind", "subject", "study_uid", "revisions", "last_hash"),
            *("purged_at", "purged_by", "reason"),
        },
        "grant_entry": {"entry", "login", "role", "granted", "changed_at", "changed_by"},
        "revision": {
            *("reading_id", "sequence", "kind", "mark_id", "sop_instance_uid", "frame_number", "cause"),
            *("action_id", "concerns", "author", "recorded_at", "client", "content", "previous_hash", "hash"),
        },
        "practice_set": {
            *(
                "entry",
                "set_id",
                "version",
                "title",
                "author",
                "published_at",
                "content",
                "withdrawn",
                "hash",
            ),
        },
        "practice_exercise": {
            *("entry", "set_id", "version", "exercise_id", "study_uid", "key_hash", "hash"),
        },
        "practice_key": {"set_id", "version", "exercise_id", "study_uid", "content", "hash"},
        "practice_answer": {
            *("entry", "answer_id", "set_id", "set_version", "exercise_id", "trainee", "presented_at"),
            *("committed_at", "client", "content", "hash", "kept_at"),
        },
        "practice_score": {
            *("entry", "answer_id", "outcome", "success", "critical", "cause", "scored_at", "scored_by"),
            *("content", "hash"),
        },
        "practice_assignment": {
            *("entry", "set_id", "trainee", "assigned_by", "assigned_at", "due", "withdrawn", "hash"),
        },
    }
