"""What SQLite needs besides the tables: triggers that keep what was added, and keep up what is derived.

SQLite has no users. The triggers stop mistakes, not somebody who removes them first; such changes
are found by the chains of hashes.
"""

from __future__ import annotations

from sqlalchemy import Connection

from fluoro_annotator.marks import FIRST_HASH
from fluoro_annotator.store.models import Base, ImageFactColumns, StudyFactColumns

KEPT = ("study_entry", "image_entry", "reading", "revision", "tombstone", "grant_entry")
PRACTICE = {
    "practice_set": "entry = NEW.entry OR (set_id = NEW.set_id AND version = NEW.version)",
    "practice_exercise": "entry = NEW.entry"
    " OR (set_id = NEW.set_id AND version = NEW.version AND exercise_id = NEW.exercise_id)",
    "practice_key": "rowid = NEW.rowid"
    " OR (set_id = NEW.set_id AND version = NEW.version AND exercise_id = NEW.exercise_id)",
    "practice_answer": "entry = NEW.entry OR answer_id = NEW.answer_id",
    "practice_score": "entry = NEW.entry OR (answer_id = NEW.answer_id AND hash = NEW.hash)",
    "practice_assignment": "entry = NEW.entry",
}
"""The tables of practice, and which row a new one would replace."""

STUDY_FACTS = tuple(StudyFactColumns.__annotations__)
IMAGE_FACTS = tuple(ImageFactColumns.__annotations__)

PURGED = {
    "reading": "subject_kind = 'reading' AND subject = OLD.reading_id",
    "revision": "subject_kind = 'reading' AND subject = OLD.reading_id",
    "study_entry": "subject_kind = 'study' AND subject = OLD.uid",
    "image_entry": "subject_kind = 'study' AND subject = OLD.study_uid",
    "practice_key": "subject_kind = 'study' AND subject = OLD.study_uid",
}
"""The tombstone that lets a row go."""


def _never_updated(table: str) -> str:
    return f"""CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} rows are never changed or deleted'); END"""


def _deleted_by_purge(table: str) -> str:
    tombstone = PURGED.get(table, "0")
    return f"""CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE {tombstone})
        BEGIN SELECT RAISE(ABORT, '{table} rows are never changed or deleted'); END"""  # noqa: S608  # own names


def _never_replaced(table: str, same: str = "entry = NEW.entry") -> str:
    # INSERT OR REPLACE deletes the old row without firing its delete trigger
    return f"""CREATE TRIGGER {table}_insert BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
        BEGIN SELECT RAISE(ABORT, '{table} rows are never replaced'); END"""  # noqa: S608  # own names


NUMBERED = """CREATE TRIGGER revision_insert BEFORE INSERT ON revision
    WHEN NEW.sequence IS NOT 1 + (
        SELECT coalesce(max(sequence), 0) FROM revision WHERE reading_id = NEW.reading_id)
    OR EXISTS (SELECT 1 FROM revision WHERE rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'revisions of a reading are numbered without gaps'); END"""


def _kept_up(table: str, entry_table: str, key: str, facts: tuple[str, ...]) -> str:
    """Return the trigger that takes the facts of a new entry into the table of present facts."""
    columns = [name for name in facts if name not in key.split(", ")]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f'NEW."{name}"' for name in columns)
    new_key = ", ".join(f"NEW.{name}" for name in key.split(", "))
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    return f"""CREATE TRIGGER {entry_table}_added AFTER INSERT ON {entry_table} BEGIN
        INSERT INTO {table} (entry, {key}, {names}) VALUES (NEW.entry, {new_key}, {values})
        ON CONFLICT ({key}) DO UPDATE SET {changes}; END"""  # noqa: S608  # own names


FIRST_HEAD = f"""CREATE TRIGGER reading_added AFTER INSERT ON reading BEGIN
    INSERT INTO head (reading_id, study_uid, sequence, hash, submitted, plan, changed_at)
    VALUES (NEW.reading_id, NEW.study_uid, 0, '{FIRST_HASH}', 0, '', NEW.started_at); END"""  # noqa: S608  # own names

TRIGGERS = (
    *map(_never_updated, KEPT),
    *map(_deleted_by_purge, KEPT),
    *(_never_replaced(table) for table in KEPT if table not in {"revision", "reading"}),
    _never_replaced("reading", "reading_id = NEW.reading_id OR entry = NEW.entry"),
    NUMBERED,
    _kept_up("study", "study_entry", "uid", STUDY_FACTS),
    _kept_up("image", "image_entry", "study_uid, sop_instance_uid", IMAGE_FACTS),
    FIRST_HEAD,
    *map(_never_updated, PRACTICE),
    *map(_deleted_by_purge, PRACTICE),
    *(_never_replaced(table, same) for table, same in PRACTICE.items()),
)


def create_tables(connection: Connection) -> None:
    """Make the tables and triggers of a new store in an empty database."""
    Base.metadata.create_all(connection)
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger)


def switched_off(connection: Connection) -> list[str]:
    """Return which triggers of a store are gone, or are not as they were made."""
    kept = set(connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalars())
    return [trigger.split()[2] for trigger in TRIGGERS if trigger not in kept]
