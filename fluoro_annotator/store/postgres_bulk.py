"""Adding many revisions to a PostgreSQL store in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Integer, text

from fluoro_annotator.marks import Revision
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import revision_to_row

# COPY would be refused to everybody but the owner: PostgreSQL does not let it into a table with row-level
# security. A statement with one array for each column is as quick, and its triggers fire once, too.
TYPES = {
    column.name: "integer" if isinstance(column.type, Integer) else "text" for column in schema.revision.c
}
COLUMNS = ", ".join(TYPES)
ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in TYPES.items())
INSERT = text(f"INSERT INTO revision ({COLUMNS}) SELECT * FROM unnest({ARRAYS})")  # noqa: S608  # own names
AT_ONCE = 20_000
"""Most revisions in one statement, so that none gets larger than some 20 MB."""


def insert_many(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Add revisions, all of them or none.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A transaction.
    revisions : sequence of Revision
        Revisions that follow from those that are kept.

    """
    for start in range(0, len(revisions), AT_ONCE):
        rows = [revision_to_row(revision) for revision in revisions[start : start + AT_ONCE]]
        connection.execute(INSERT, {name: [row[name] for row in rows] for name in TYPES})
