"""Tables of a store in a database, and the triggers that keep revisions as they are.

Version 1. A change of anything here needs a new `SCHEMA_VERSION`.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    event,
)

SCHEMA_VERSION = 1

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
)

study = Table(
    "study",
    metadata,
    Column("entry", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
)

image = Table(
    "image",
    metadata,
    Column("study_uid", Text, ForeignKey("study.uid"), primary_key=True),
    Column("sop_instance_uid", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("series_uid", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("modality", Text, nullable=False),
    Column("view", Text, nullable=False),
    Column("calibration_source", Text, nullable=False),
    Column("row_mm", Float),
    Column("column_mm", Float),
    Column("relative_error", Float),
    Column("calibration_note", Text, nullable=False),
)
Index("image_by_uid", image.c.sop_instance_uid)

reading = Table(
    "reading",
    metadata,
    Column("entry", Integer, primary_key=True),
    Column("reading_id", Text, nullable=False, unique=True),
    Column("study_uid", Text, ForeignKey("study.uid"), nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("started_at", Text, nullable=False),
)
Index("reading_by_study", reading.c.study_uid, reading.c.reader, reading.c.purpose)

revision = Table(
    "revision",
    metadata,
    Column("reading_id", Text, ForeignKey("reading.reading_id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("mark_id", Text, nullable=False),
    Column("sop_instance_uid", Text, nullable=False),
    Column("frame_number", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("concerns", Text),
    Column("author", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("revision_by_image", revision.c.sop_instance_uid, revision.c.frame_number)

# SQLite's INSERT OR REPLACE deletes the old row without firing its delete trigger, so the
# insert triggers have to refuse it before.
SQLITE_TRIGGERS = (
    *(
        (
            table,
            f"""CREATE TRIGGER {table.name}_{verb.lower()} BEFORE {verb} ON {table.name}
            BEGIN SELECT RAISE(ABORT, '{table.name} rows are never changed or deleted'); END""",
        )
        for table in (reading, revision)
        for verb in ("UPDATE", "DELETE")
    ),
    (
        reading,
        """CREATE TRIGGER reading_insert BEFORE INSERT ON reading
        WHEN EXISTS (SELECT 1 FROM reading WHERE reading_id = NEW.reading_id OR entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'reading rows are never replaced'); END""",
    ),
    (
        revision,
        """CREATE TRIGGER revision_insert BEFORE INSERT ON revision
        WHEN NEW.sequence IS NOT 1 + (
            SELECT coalesce(max(sequence), 0) FROM revision WHERE reading_id = NEW.reading_id)
        OR EXISTS (SELECT 1 FROM revision WHERE rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, 'revisions of a reading are numbered without gaps'); END""",
    ),
)
for _table, _statement in SQLITE_TRIGGERS:
    _ddl = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    event.listen(_table, "after_create", _ddl.execute_if(dialect="sqlite"))
