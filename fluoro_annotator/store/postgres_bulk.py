"""Adding many revisions to a PostgreSQL store in few statements."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, text

from fluoro_annotator.marks import Revision
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import revision_to_row

# COPY would be refused to everybody but the owner: PostgreSQL does not let it into a table with row-level
# security. Rows in one JSON text cost about as little; triggers then fire once for all of them.
COLUMNS = {
    column.name: "integer" if isinstance(column.type, Integer) else "text" for column in schema.revision.c
}
NAMES = ", ".join(COLUMNS)
TYPED = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
INSERT = text(
    f"INSERT INTO revision ({NAMES}) SELECT {NAMES} FROM json_to_recordset(CAST(:rows AS json)) AS r ({TYPED})"  # noqa: S608  # own names
)
AT_ONCE = 2000
"""Most revisions in one statement; more take no less time each."""


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
        connection.execute(INSERT, {"rows": json.dumps(rows)})
