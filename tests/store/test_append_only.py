"""Nothing that is kept can be changed in passing, and what was changed on purpose is found."""

from __future__ import annotations

import re
import sqlite3

import pytest

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.store import schema

REVISION = "SELECT * FROM revision WHERE sequence = 2"
REST = ", ".join(column.name for column in schema.revision.columns[2:])
WITH_A_GAP = f"INSERT INTO revision SELECT reading_id, 5, {REST} FROM revision LIMIT 1"  # noqa: S608  # own names
UNDER_A_TAKEN_ROW_NUMBER = (
    f"INSERT OR REPLACE INTO revision (rowid, reading_id, sequence, {REST})"  # noqa: S608  # own names
    f" SELECT 1, reading_id, 4, {REST} FROM revision LIMIT 1"
)

UNREADABLE_TOMBSTONE = (
    "INSERT INTO tombstone (subject_kind, subject, study_uid, revisions, last_hash, purged_at, purged_by, reason)"
    " VALUES ('reading', 'r', 's', 1, 'h', 'long ago', 'b', 'r')"
)


@pytest.fixture
def stream(sqlite_store, begun, make_draft):
    drafts = [make_draft(row) for row in (10, 20, 30)]
    return sqlite_store.append(begun.reading_id, drafts, after=0)


@pytest.mark.usefixtures("stream")
class TestTriggers:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE revision SET author = 'Somebody else'",
            "UPDATE revision SET sequence = 9 WHERE sequence = 3",
            "UPDATE OR REPLACE revision SET sequence = 1 WHERE sequence = 2",
            "DELETE FROM revision",
            "DELETE FROM revision WHERE sequence = 3",
            f"INSERT OR REPLACE INTO revision {REVISION}",
            f"INSERT INTO revision {REVISION}",
            WITH_A_GAP,
            UNDER_A_TAKEN_ROW_NUMBER,
            "UPDATE reading SET reader = 'Somebody else'",
            "DELETE FROM reading",
            "INSERT OR REPLACE INTO reading SELECT * FROM reading",
            "INSERT OR REPLACE INTO reading SELECT entry, 'new', study_uid, reader, purpose, role, started_at, hash FROM reading",
        ],
    )
    def test_raw_sql_is_refused(self, raw, statement):
        before = raw("SELECT * FROM revision"), raw("SELECT * FROM reading")
        with pytest.raises(sqlite3.IntegrityError, match=r"never|without gaps"):
            raw(statement)
        assert (raw("SELECT * FROM revision"), raw("SELECT * FROM reading")) == before

    def test_the_next_revision_can_be_added(self, sqlite_store, begun, make_draft, raw):
        sqlite_store.append(begun.reading_id, [make_draft()], after=3)
        assert raw("SELECT count(*) FROM revision") == [(4,)]


@pytest.mark.usefixtures("stream")
class TestVerifying:
    def test_an_untouched_store_has_no_problems(self, sqlite_store):
        assert sqlite_store.verify() == ()

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("UPDATE revision SET author = 'Somebody else' WHERE sequence = 2", "revision 2 of.*was changed"),
            (
                "UPDATE revision SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE sequence = 1",
                "revision 1 of.*changed",
            ),
            (
                "UPDATE revision SET content = replace(content, '20.0', '21.0') WHERE sequence = 2",
                "revision 2.*changed",
            ),
            ("UPDATE revision SET content = '{}' WHERE sequence = 2", "revision 2 of.*cannot be read"),
            ("UPDATE revision SET content = 'torn' WHERE sequence = 2", "revision 2 of.*cannot be read"),
            ("UPDATE revision SET kind = 'paint' WHERE sequence = 3", "revision 3 of.*cannot be read"),
            ("UPDATE revision SET sequence = sequence - 1", "revision 1 of.*has number 0"),
            ("DELETE FROM revision WHERE sequence = 2", "revision 2 of.*has number 3"),
            ("DELETE FROM revision WHERE sequence = 1", "revision 1 of.*has number 2"),
            (
                "UPDATE revision SET frame_number = 8 WHERE sequence = 2",
                "revision 2 of.*listed under another",
            ),
            ("UPDATE revision SET mark_id = 'x' WHERE sequence = 2", "revision 2 of.*listed under another"),
            ("UPDATE reading SET purpose = 'fun'", "reading .*: cannot be read"),
            ("UPDATE reading SET started_at = 'long ago'", "reading .*: cannot be read"),
            ("UPDATE image SET row_mm = -1", "image 1.2.3.4: cannot be read"),
            ("UPDATE image SET calibration_source = 'guess'", "image 1.2.3.4: cannot be read"),
            ("UPDATE image SET row_mm = 0.5", "image 1.2.3.4: its facts are not those"),
            ("UPDATE image_entry SET frames = 29", "image 1.2.3.4: its facts are not those"),
            ("UPDATE image SET entry = 9", "image 1.2.3.4: its facts are not those"),
            ("DELETE FROM image_entry", "image 1.2.3.4: its facts are not those"),
            ("UPDATE study SET equipment = 'other'", "study 1.2: its facts are not those"),
            ("UPDATE study_entry SET region = 'sacral'", "study 1.2: its facts are not those"),
            ("DELETE FROM study", "study 1.2: its facts are not those"),
            ("UPDATE head SET study_uid = '1.3'", "reading .*: is listed under another study"),
            (
                "UPDATE head SET changed_at = '2020-01-01T00:00:00.000Z'",
                "reading .*: is listed with another time",
            ),
            (
                UNREADABLE_TOMBSTONE,
                "tombstone of r: cannot be read",
            ),
            ("DELETE FROM reading", "revision 1 of.*belongs to no reading"),
            ("DELETE FROM image", "revision 1 of.*image that its study does not list"),
            (
                "UPDATE revision SET reading_id = 'other' WHERE sequence = 3",
                "revision 1 of reading other.*has number 3",
            ),
        ],
    )
    def test_what_was_tampered_with_is_named(self, sqlite_store, tamper, statement, words):
        tamper(statement)
        problems = sqlite_store.verify()
        assert problems
        assert any(pattern_found(words, problem) for problem in problems), problems

    @pytest.mark.parametrize(
        "name", ["revision_update", "reading_delete", "tombstone_insert", "image_entry_added"]
    )
    def test_a_trigger_that_was_taken_away_is_named(self, sqlite_store, raw, name):
        raw(f"DROP TRIGGER {name}")
        (problem,) = sqlite_store.verify()
        assert f"trigger {name} is gone" in problem

    def test_so_is_one_that_does_something_else(self, sqlite_store, raw):
        raw("DROP TRIGGER revision_update")
        raw("CREATE TRIGGER revision_update BEFORE UPDATE ON revision BEGIN SELECT 1; END")
        (problem,) = sqlite_store.verify()
        assert "trigger revision_update is gone or was changed" in problem

    def test_a_row_that_cannot_be_read_is_not_passed_over(self, sqlite_store, begun, tamper, make_draft):
        tamper("UPDATE revision SET content = '[' WHERE sequence = 3")
        with pytest.raises(StoreUnavailableError, match=r"revision 3 .* damaged"):
            sqlite_store.revisions(begun.reading_id)
        sqlite_store.append(begun.reading_id, [make_draft()], after=3)
        assert "revision 3" in " ".join(sqlite_store.verify())


def pattern_found(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None
