"""The second version: facts of studies and images are added to, too; present states are kept up to date.

Only SQLite stores have had a first version. The tables and triggers are those of version 2 as they
were released, in ``schema_2_sqlite.sql``.
"""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"

OLD = ("meta", "study", "image", "reading", "revision")
TABLES = Path(__file__).with_name("schema_2_sqlite.sql")
READING = ("reading_id", "study_uid", "reader", "purpose", "role", "started_at")
FACTS = (
    "study_uid, sop_instance_uid, series_uid, rows, columns, frames, modality, view,"
    " calibration_source, row_mm, column_mm, relative_error, calibration_note"
)
REVISION = (
    "reading_id, sequence, kind, mark_id, sop_instance_uid, frame_number, cause, action_id, concerns,"
    " author, recorded_at, client, content, previous_hash, hash"
)


def upgrade() -> None:
    """Put the old tables aside, make the new ones, and take everything over in the same order."""
    for kind in ("trigger", "index"):
        for name in _names(kind):
            op.execute(f'DROP {kind} "{name}"')
    for table in OLD:
        op.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for statement in TABLES.read_text("utf-8").split("\n;;\n"):
        if statement.strip():
            op.execute(text(statement.replace(":", "\\:")))
    _take_over()
    for table in reversed(OLD):
        op.execute(f"DROP TABLE old_{table}")


def _names(kind: str) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = :kind AND sql IS NOT NULL"
    return list(op.get_bind().scalars(text(query), {"kind": kind}))


def _take_over() -> None:
    bind = op.get_bind()
    bind.execute(
        text(
            "INSERT INTO meta (id, schema_version, store_id, created_at, created_by)"
            " SELECT 1, 2, :store_id, created_at, created_by FROM old_meta"
        ),
        {"store_id": str(uuid.uuid4())},
    )
    op.execute(
        "INSERT INTO study_entry (entry, uid, pseudonym, study_date, region, equipment, saved_at)"
        " SELECT entry, uid, '', '', '', '', (SELECT created_at FROM old_meta) FROM old_study ORDER BY entry"
    )
    op.execute(
        f"INSERT INTO image_entry ({FACTS}, saved_at)"  # noqa: S608  # own names
        f" SELECT {FACTS}, (SELECT created_at FROM old_meta) FROM old_image"
        " ORDER BY (SELECT entry FROM old_study WHERE uid = old_image.study_uid), position"
    )
    _take_over_readings()
    take = f"INSERT INTO revision ({REVISION}) SELECT {REVISION} FROM old_revision"  # noqa: S608  # own names
    op.execute(f"{take} ORDER BY reading_id, sequence")
    _derive()


def _take_over_readings() -> None:
    bind = op.get_bind()
    names = ", ".join(READING)
    old = bind.execute(text(f"SELECT entry, {names} FROM old_reading ORDER BY entry")).mappings().all()  # noqa: S608  # own names
    new = text(f"INSERT INTO reading (entry, {names}, hash) VALUES (:entry, :{', :'.join(READING)}, :hash)")  # noqa: S608  # own names
    for row in old:
        bind.execute(new, dict(row) | {"hash": _hash({name: row[name] for name in READING})})


def _hash(facts: dict[str, Any]) -> str:
    content = json.dumps(facts, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _derive() -> None:
    op.execute(
        "INSERT INTO current_record (reading_id, mark_id, sequence, record_kind, deleted)"
        " SELECT reading_id, mark_id, max(sequence), json_extract(content, '$.kind'), kind = 'delete'"
        " FROM revision GROUP BY reading_id, mark_id"
    )
    op.execute(
        "UPDATE head SET (sequence, hash, changed_at) = (SELECT r.sequence, r.hash, r.recorded_at"
        " FROM revision r WHERE r.reading_id = head.reading_id ORDER BY r.sequence DESC LIMIT 1)"
        " WHERE EXISTS (SELECT 1 FROM revision r WHERE r.reading_id = head.reading_id)"
    )
    op.execute(
        "UPDATE head SET plan = coalesce((SELECT json_extract(r.content, '$.protocol_id')"
        " FROM current_record c JOIN revision r ON r.reading_id = c.reading_id AND r.sequence = c.sequence"
        " WHERE c.reading_id = head.reading_id AND c.record_kind = 'plan_choice' AND NOT c.deleted"
        " ORDER BY c.sequence DESC LIMIT 1), '')"
    )
