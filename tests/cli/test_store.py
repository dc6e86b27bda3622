"""The commands below store: what they print, what they refuse, and that nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.cli import command_store
from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Draft, FrameRef, Reading, RevisionKind, Target
from fluoro_annotator.settings import rescue_folder
from fluoro_annotator.store import SqliteStore, StoreRole
from fluoro_annotator.store.rescue import RescueFile

STUDY_UID = "1.2.826.0.1.3680043.10.7"
OLD = Path(__file__).parents[1] / "store" / "databases" / "schema_1.sqlite"
SECRET = "tiger-9"  # noqa: S105  # of nobody


def a_change(minutes: float = 0, row: float = 1.0) -> Draft:
    site = load_anatomy().site("L3_MB", Side.RIGHT)
    mark = Target(frame=FrameRef(f"{STUDY_UID}.1.1", 1), site=site, position=Point(row, 2.0))
    time = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return Draft(kind=RevisionKind.ADD, mark=mark, author="Reader A", recorded_at=time)


@pytest.fixture
def reading_of(filled_store):
    """Return the identifier of the reading of somebody in the filled store."""

    def find(reader: str) -> str:
        with SqliteStore(filled_store) as store:
            (reading,) = store.readings(reader=reader)
        return reading.reading_id

    return find


def tamper(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, trigger in triggers:
            connection.execute(trigger)


def content(path: Path) -> list:
    with SqliteStore(path) as store:
        ids = [reading.reading_id for reading in store.readings()]
        return [store.study(uid) for uid in store.studies()] + [store.revisions(name) for name in ids]


class TestStatus:
    def test_it_says_where_what_and_who_is_kept_from_what(self, run, filled_store):
        result = run("store", "status", "--store", filled_store)
        assert result.exit_code == 0
        lines = dict(line.split(": ", 1) for line in result.stdout.splitlines() if ": " in line)
        assert lines["Place"] == str(filled_store)
        assert lines["Kept by"].startswith("SQLite 3.")
        assert lines["Version of the tables"] == "3"
        assert lines["Holds"] == "1 study, 2 readings, 2 changes"
        assert lines["Practice"] == "0 versions of teaching sets, 0 answers"
        assert lines["Protection"].startswith("none: whoever can read the file can read every reading in it")
        assert lines["Waiting on this computer"] == "nothing"

    def test_what_waits_is_said_for_each_store(self, run, filled_store, study):
        reading = Reading(study_uid=STUDY_UID, reader="Reader A")
        with SqliteStore(filled_store) as store:
            mine = store.store_id
        for store_id, number in ((mine, 2), ("another", 1), ("", 1)):
            file = RescueFile(rescue_folder(), reading, study)
            file.belongs_to(store_id)
            file.add([a_change(each) for each in range(number)])
            file.leave()
        broken = rescue_folder() / "9-9-9.jsonl"
        broken.write_bytes(b"nothing of ours\n")
        said = run("store", "status", "--store", filled_store).stdout
        assert "Waiting on this computer: 2 changes for this store, stored when it is next opened" in said
        assert "Waiting on this computer: 1 change for store another" in said
        assert "Waiting on this computer: 1 change for the store that their writer did not reach" in said
        assert f"{broken} holds lines that cannot be read; keep it" in said

    def test_a_store_that_is_not_there_is_not_made(self, run, tmp_path):
        result = run("store", "status", "--store", "none.sqlite")
        assert (result.exit_code, result.stdout) == (ExitCode.STORE, "")
        assert "none.sqlite: does not exist." in result.stderr
        assert not (tmp_path / "none.sqlite").exists()

    def test_tombstones_are_listed(self, run, filled_store, reading_of):
        name = reading_of("Dr Ito")
        run(
            "store",
            "purge",
            "--reading",
            name,
            "--reason",
            "made by mistake",
            "--yes",
            "--store",
            filled_store,
        )
        said = run("store", "status", "--store", filled_store).stdout
        (row,) = [line for line in said.splitlines() if name in line]
        assert row.split("\t")[:3] == ["reading", name, "0"]
        assert row.endswith("\tmade by mistake")


class TestVerify:
    def test_a_sound_store(self, run, filled_store):
        result = run("store", "verify", "--store", filled_store)
        assert result.exit_code == 0
        assert result.stdout == (
            f"Every chain is complete and unchanged: 2 readings, 2 changes in {filled_store}.\n"
        )

    def test_each_problem_and_the_first_broken_link_of_each_chain(self, run, filled_store, reading_of):
        name = reading_of("Dr Müller")
        with SqliteStore(filled_store) as store:
            store.append(name, [a_change(), a_change(row=3.0)], after=2)
        tamper(filled_store, "UPDATE revision SET author = 'Somebody' WHERE sequence IN (2, 3)")
        tamper(filled_store, "UPDATE reading SET reader = 'Somebody' WHERE reader = 'Dr Ito'")
        result = run("store", "verify", "--store", filled_store)
        assert result.exit_code == ExitCode.DAMAGED
        assert len(result.stdout.splitlines()) == 2
        assert f"revision 2 of reading {name}: was changed after it was stored." in result.stdout
        assert "its reader, study, purpose, role or start was changed" in result.stdout
        assert "has 2 problems, each named above" in result.stderr

    def test_an_unknown_kind_of_change_is_named(self, run, filled_store):
        tamper(filled_store, "UPDATE revision SET kind = 'paint' WHERE sequence = 2")
        result = run("store", "verify", "--store", filled_store)
        assert result.exit_code == ExitCode.DAMAGED
        assert "does not know its kind, 'paint'" in result.stdout
        assert "Update fluoro-annotator" in result.stdout

    def test_a_clock_that_ran_backwards_is_a_note(self, run, filled_store, reading_of):
        with SqliteStore(filled_store) as store:
            store.append(reading_of("Dr Müller"), [a_change(0), a_change(-30, row=3.0)], after=2)
        result = run("store", "verify", "--store", filled_store)
        assert result.exit_code == 0
        assert "Note: reading" in result.stderr
        assert "revision" in result.stderr

    def test_ends_noted_before_find_a_chain_that_was_cut_off(self, run, filled_store, reading_of):
        noted = run("store", "verify", "--store", filled_store, "--write-heads", "heads.json")
        assert (noted.exit_code, Path("heads.json").is_file()) == (0, True)
        assert run("store", "verify", "--store", filled_store, "--against", "heads.json").exit_code == 0
        name = reading_of("Dr Müller")
        with closing(sqlite3.connect(filled_store)) as raw:
            (first,) = raw.execute("SELECT hash FROM revision WHERE sequence = 1").fetchone()
            (lost,) = raw.execute("SELECT mark_id FROM revision WHERE sequence = 2").fetchone()
        tamper(filled_store, "DELETE FROM revision WHERE sequence = 2")
        earlier = f"sequence = 1, hash = '{first}', changed_at = (SELECT recorded_at FROM revision WHERE hash = '{first}')"  # noqa: S608  # a test
        tamper(filled_store, f"UPDATE head SET {earlier} WHERE sequence = 2")  # noqa: S608  # a test
        tamper(filled_store, f"DELETE FROM current_record WHERE mark_id = '{lost}'")  # noqa: S608  # a test
        assert run("store", "verify", "--store", filled_store).exit_code == 0
        result = run("store", "verify", "--store", filled_store, "--against", "heads.json")
        assert result.exit_code == ExitCode.DAMAGED
        assert f"reading {name}: was cut off: it ended with revision 2" in result.stdout

    def test_ends_are_not_noted_of_a_store_with_problems(self, run, filled_store):
        tamper(filled_store, "UPDATE revision SET author = 'Somebody' WHERE sequence = 2")
        run("store", "verify", "--store", filled_store, "--write-heads", "heads.json")
        assert not Path("heads.json").exists()

    def test_a_note_is_not_replaced(self, run, filled_store):
        Path("heads.json").write_text("of somebody else")
        result = run("store", "verify", "--store", filled_store, "--write-heads", "heads.json")
        assert result.exit_code == ExitCode.REFUSED
        assert Path("heads.json").read_text() == "of somebody else"

    def test_what_is_no_note_is_refused_before_anything(self, run, filled_store):
        result = run("store", "verify", "--store", filled_store, "--against", filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert "is not a note of the ends of chains" in result.stderr


class TestUpgrade:
    def test_it_names_the_backup(self, run, tmp_path):
        (tmp_path / "old.sqlite").write_bytes(OLD.read_bytes())
        refused = run("store", "status", "--store", "old.sqlite")
        assert refused.exit_code == ExitCode.STORE
        assert "fluoro-annotator store upgrade" in refused.stderr
        done = run("store", "upgrade", "--store", "old.sqlite")
        assert done.exit_code == 0
        (kept,) = tmp_path.glob("old.sqlite.version1-*")
        assert done.stdout == f"old.sqlite was upgraded. The store as it was before is kept in {kept.name}.\n"
        assert run("store", "verify", "--store", "old.sqlite").exit_code == 0

    def test_a_store_of_this_version_is_left_alone(self, run, filled_store):
        before = filled_store.read_bytes()
        result = run("store", "upgrade", "--store", filled_store)
        assert (result.exit_code, filled_store.read_bytes()) == (0, before)
        assert "nothing was changed" in result.stdout

    def test_there_has_to_be_one(self, run):
        assert run("store", "upgrade", "--store", "none.sqlite").exit_code == ExitCode.STORE


class TestBackupAndRestore:
    def test_there_and_back(self, run, filled_store):
        made = run("store", "backup", "backup.sqlite", "--store", filled_store)
        assert made.exit_code == 0
        assert made.stdout.startswith("The backup is in backup.sqlite.\nIt was verified")
        done = run("store", "restore", "backup.sqlite", "--store", "new/place.sqlite")
        assert done.exit_code == 0
        assert done.stdout == "backup.sqlite was verified and restored to new/place.sqlite.\n"
        assert content(Path("new/place.sqlite")) == content(filled_store)

    def test_what_waits_for_the_usual_store_does_not_go_into_another_one(
        self, run, filled_store, monkeypatch
    ):
        with SqliteStore(filled_store) as store:
            usual = store.store_id
        run("store", "backup", "backup.sqlite", "--store", filled_store)
        beside = run("store", "restore", "backup.sqlite", "--store", "beside.sqlite")
        assert "has an identifier of its own" in beside.stderr
        monkeypatch.setenv("FLUORO_ANNOTATOR_STORE", str(filled_store))
        in_place = run("store", "restore", "backup.sqlite", "--replace")
        assert (in_place.exit_code, in_place.stderr) == (0, "")
        with SqliteStore("beside.sqlite") as other, SqliteStore(filled_store) as again:
            assert other.store_id != usual
            assert again.store_id == usual

    def test_a_backup_does_not_replace_anything(self, run, filled_store):
        Path("backup.sqlite").write_text("of somebody else")
        result = run("store", "backup", "backup.sqlite", "--store", filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert Path("backup.sqlite").read_text() == "of somebody else"

    def test_nor_the_store_itself(self, run, filled_store):
        result = run("store", "backup", filled_store, "--store", filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert "is the store itself" in result.stderr

    def test_a_store_with_a_problem_is_backed_up_and_it_is_said(self, run, filled_store):
        tamper(filled_store, "UPDATE revision SET author = 'Somebody' WHERE sequence = 2")
        result = run("store", "backup", "backup.sqlite", "--store", filled_store)
        assert result.exit_code == ExitCode.DAMAGED
        assert "was changed after it was stored" in result.stdout
        assert Path("backup.sqlite").is_file()

    def test_a_restore_replaces_a_store_only_if_told_to(self, run, filled_store):
        run("store", "backup", "backup.sqlite", "--store", filled_store)
        before = content(filled_store)
        refused = run("store", "restore", "backup.sqlite", "--store", filled_store)
        assert (refused.exit_code, content(filled_store)) == (ExitCode.REFUSED, before)
        done = run("store", "restore", "backup.sqlite", "--store", filled_store, "--replace")
        assert done.exit_code == 0
        (aside,) = filled_store.parent.glob("filled.sqlite.replaced-*")
        assert f"The store that was there before is kept in {aside}." in done.stdout
        assert content(aside) == before

    def test_a_damaged_backup_changes_nothing(self, run, filled_store):
        run("store", "backup", "backup.sqlite", "--store", filled_store)
        tamper(Path("backup.sqlite"), "UPDATE revision SET author = 'Somebody' WHERE sequence = 2")
        before = content(filled_store)
        result = run("store", "restore", "backup.sqlite", "--store", filled_store, "--replace")
        assert (result.exit_code, content(filled_store)) == (ExitCode.DAMAGED, before)
        assert "Choose another backup" in result.stderr

    def test_an_old_backup_says_that_it_was_upgraded(self, run):
        result = run("store", "restore", OLD, "--store", "new.sqlite")
        assert "It was of version 1 and was upgraded on the way" in result.stdout


class TestCopy:
    def test_it_says_what_was_added(self, run, filled_store):
        first = run("store", "copy", filled_store, "other.sqlite")
        assert first.exit_code == 0
        assert "Copied to other.sqlite: 1 new study, 2 changes of 2 readings, 0 tombstones." in first.stdout
        assert "The ends of all chains are the same in both stores." in first.stdout
        again = run("store", "copy", filled_store, "other.sqlite")
        assert "0 new studies, 0 changes of 0 readings" in again.stdout
        assert content(Path("other.sqlite")) == content(filled_store)

    def test_conflicts_are_named(self, run, filled_store, reading_of):
        run("store", "copy", filled_store, "other.sqlite")
        for place, row in ((filled_store, 5.0), ("other.sqlite", 6.0)):
            with SqliteStore(place) as store:
                store.append(reading_of("Dr Müller"), [a_change(row=row)], after=2)
        result = run("store", "copy", filled_store, "other.sqlite")
        assert result.exit_code == ExitCode.REFUSED
        assert "Left alone: reading " in result.stdout
        assert "1 entry named above was left alone" in result.stderr

    def test_not_into_itself(self, run, filled_store):
        result = run("store", "copy", filled_store, filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert "cannot be copied into itself" in result.stderr

    def test_from_nowhere(self, run, tmp_path):
        result = run("store", "copy", "none.sqlite", "other.sqlite")
        assert result.exit_code == ExitCode.STORE
        assert not list(tmp_path.glob("*.sqlite"))

    def test_what_waits_for_the_source_is_said(self, run, filled_store, study):
        with SqliteStore(filled_store) as store:
            mine = store.store_id
        file = RescueFile(rescue_folder(), Reading(study_uid=STUDY_UID, reader="Reader A"), study)
        file.belongs_to(mine)
        file.add([a_change()])
        file.leave()
        result = run("store", "copy", filled_store, "other.sqlite")
        assert "Note: 1 change of this computer wait in rescue files" in result.stderr


class TestPurge:
    def test_a_reading_leaves_a_tombstone(self, run, filled_store, reading_of, monkeypatch):
        monkeypatch.setenv("FLUORO_ANNOTATOR_READER", "Reader A")
        name = reading_of("Dr Müller")
        options = ("--reason", "made by mistake", "--store", filled_store)
        result = run("store", "purge", "--reading", name, *options, input="y\n")
        assert result.exit_code == 0
        assert "Purged the reading of Dr Müller (procedure, begun" in result.stdout
        assert "with 2 changes" in result.stdout
        assert "do not name a patient" in result.stderr
        with SqliteStore(filled_store) as store:
            (grave,) = store.tombstones()
            assert (grave.subject, grave.purged_by, grave.reason) == (name, "Reader A", "made by mistake")
            assert store.verify() == ()

    def test_a_study_goes_with_its_readings(self, run, filled_store):
        options = ("--reason", "withdrawn", "--yes", "--store", filled_store)
        result = run("store", "purge", "--study", STUDY_UID, *options)
        assert "with 2 readings with 2 changes" in result.stdout
        assert "3 tombstones left" in result.stdout
        assert content(filled_store) == []

    @pytest.mark.parametrize(("answer", "code"), [("n\n", 0), ("", ExitCode.REFUSED)])
    def test_without_a_yes_nothing_goes(self, run, filled_store, reading_of, answer, code):
        before = content(filled_store)
        options = ("--reason", "made by mistake", "--store", filled_store)
        result = run("store", "purge", "--reading", reading_of("Dr Müller"), *options, input=answer)
        assert (result.exit_code, content(filled_store)) == (code, before)

    @pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "a\x1b[2Jtrick"])
    def test_a_reason_is_one_line(self, run, filled_store, reading_of, reason):
        before = content(filled_store)
        options = ("--reason", reason, "--yes", "--store", filled_store)
        result = run("store", "purge", "--reading", reading_of("Dr Müller"), *options)
        assert (result.exit_code, content(filled_store)) == (ExitCode.REFUSED, before)
        assert "is not one line of plain text" in result.stderr

    @pytest.mark.parametrize("name", ["a\x07bell", "a\nline"])
    def test_who_purges_has_a_name_that_can_be_shown(self, run, filled_store, monkeypatch, name):
        monkeypatch.setenv("FLUORO_ANNOTATOR_READER", name)
        before = content(filled_store)
        options = ("--reason", "withdrawn", "--yes", "--store", filled_store)
        result = run("store", "purge", "--study", STUDY_UID, *options)
        assert (result.exit_code, content(filled_store)) == (ExitCode.REFUSED, before)
        assert "has no purged by that can be kept" in result.stderr

    @pytest.mark.parametrize("choice", [[], ["--reading", "x", "--study", "y"]])
    def test_one_thing_at_a_time(self, run, filled_store, choice):
        result = run("store", "purge", *choice, "--reason", "why", "--yes", "--store", filled_store)
        assert result.exit_code == ExitCode.USAGE

    def test_there_has_to_be_a_reason(self, run, filled_store):
        assert run("store", "purge", "--study", STUDY_UID, "--yes", "--store", filled_store).exit_code == 2

    @pytest.mark.parametrize("choice", [("--reading", "none"), ("--study", "1.2.3")])
    def test_what_is_not_there(self, run, filled_store, choice):
        result = run("store", "purge", *choice, "--reason", "why", "--yes", "--store", filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert "is not in the store" in result.stderr


class TestPeople:
    @pytest.mark.parametrize(
        "command", [["grant", "reader_a", "trainee"], ["revoke", "reader_a", "trainee"], ["users"]]
    )
    def test_a_file_has_none(self, run, filled_store, command):
        result = run("store", *command, "--store", filled_store)
        assert result.exit_code == ExitCode.REFUSED
        assert "a file protects nobody from anybody" in result.stderr

    def test_a_new_file_says_so_too(self, run):
        result = run("store", "init", "--store", "new.sqlite")
        assert (result.exit_code, Path("new.sqlite").is_file()) == (0, True)
        assert "Protection: none" in result.stdout
        assert run("store", "init", "--store", "new.sqlite").exit_code == ExitCode.REFUSED

    def test_roles_are_those_of_the_store(self):
        assert list(command_store.Role) == list(StoreRole)


class TestBadInput:
    @pytest.mark.parametrize("command", [["status"], ["verify"], ["upgrade"], ["backup", "b.sqlite"]])
    @pytest.mark.parametrize("held", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 84])
    def test_what_is_no_store(self, run, command, held):
        Path("readings.sqlite").write_bytes(held)
        result = run("store", *command, "--store", "readings.sqlite")
        assert result.exit_code == ExitCode.STORE
        assert "readings.sqlite" in result.stderr
        assert Path("readings.sqlite").read_bytes() == held
        assert not Path("b.sqlite").exists()

    @pytest.mark.parametrize("command", [["status"], ["verify"], ["upgrade"], ["backup", "b.sqlite"]])
    def test_a_newer_version(self, run, filled_store, command):
        with closing(sqlite3.connect(filled_store)) as connection, connection:
            connection.execute("UPDATE meta SET schema_version = 99")
        result = run("store", *command, "--store", filled_store)
        assert result.exit_code == ExitCode.STORE
        assert "newer version" in result.stderr

    def test_a_store_that_was_cut_off(self, run, filled_store):
        with filled_store.open("rb+") as file:
            file.truncate(filled_store.stat().st_size // 2)
        result = run("store", "verify", "--store", filled_store)
        assert result.exit_code in {ExitCode.STORE, ExitCode.DAMAGED}
        assert "is damaged" in result.stderr + result.stdout

    @pytest.mark.parametrize(
        "command",
        [
            ["store", "status", "--store"],
            ["store", "backup", "b.sqlite", "--store"],
            ["store", "users", "--store"],
            ["store", "init", "--store"],
            ["store", "copy", "filled.sqlite"],
            ["marks", "list", "--store"],
            ["marks", "export", "marks.json", "--store"],
            ["studies", "list", "--store"],
        ],
    )
    def test_a_server_that_cannot_be_reached(self, run, filled_store, command):
        pytest.importorskip("psycopg")
        result = run(*command, f"postgresql://reader_a:{SECRET}@127.0.0.1:1/readings")
        assert result.exit_code == ExitCode.STORE
        assert "postgresql://reader_a@127.0.0.1:1/readings" in result.stderr
        assert "cannot be reached" in result.stderr
        assert SECRET not in result.output
        assert not Path("b.sqlite").exists()

    def test_neither_the_log_nor_a_traceback_repeats_a_password(self, start, tmp_path):
        address = f"mysql://reader_a:{SECRET}@127.0.0.1/readings"
        for options in ([], ["--debug"]):
            result = start(*options, "store", "status", "--store", address)
            assert result.returncode == ExitCode.STORE
            assert SECRET.encode() not in result.stdout + result.stderr
        assert not [path for path in (tmp_path / "logs").rglob("*") if SECRET in path.read_text()]


NAMES = ['Reader "A"', "Reader 'A'; DROP TABLE reading; --", "Reader Å̈ 读"]


@pytest.mark.parametrize("reader", NAMES)
def test_names_with_quotes_are_names(run, study, reader):
    with SqliteStore("names.sqlite") as store:
        store.save_study(study)
        store.add_reading(Reading(study_uid=STUDY_UID, reader=reader))
        kept = store.readings()[0].reader
    listed = run("studies", "list", "--reader", kept, "--store", "names.sqlite")
    assert f"{kept}, procedure" in listed.stdout
    assert run("store", "copy", "names.sqlite", "other.sqlite").exit_code == 0
    assert run("store", "verify", "--store", "other.sqlite").exit_code == 0
