"""Adding revisions to a PostgreSQL store: few statements, however many they are."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Integer, text
from sqlalchemy.exc import DBAPIError

from fluoro_annotator.marks import Revision
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import REVISION_COLUMNS, revision_to_row, revision_to_values

NAMES = ", ".join(REVISION_COLUMNS)
TYPED = ", ".join(
    f"{name} {'integer' if isinstance(schema.revision.c[name].type, Integer) else 'text'}"
    for name in REVISION_COLUMNS
)
INSERT = text(
    f"INSERT INTO revision ({NAMES}) SELECT {NAMES} FROM json_to_recordset(CAST(:rows AS json)) AS r ({TYPED})"  # noqa: S608  # own names
)
COPY = f"COPY revision ({NAMES}) FROM STDIN"
MAY_COPY = text("SELECT NOT row_security_active('revision')")

AT_ONCE = 2000
"""Most revisions in one INSERT; more take no less time each."""

MANY = 200
"""From so many revisions on it is asked whether they may be copied."""

COPIED_AT_ONCE = 20_000
"""Most revisions in one COPY, so that what its triggers look at stays small."""


def insert_many(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Add revisions, all of them or none.

    COPY is about twice as quick as INSERT, but PostgreSQL lets only the owner copy into a table with
    row-level security. Triggers fire once for each statement either way.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A transaction.
    revisions : sequence of Revision
        Revisions that follow from those that are kept.

    """
    copies = len(revisions) >= MANY and connection.scalar(MAY_COPY)
    add, most = (_copy, COPIED_AT_ONCE) if copies else (_insert, AT_ONCE)
    for start in range(0, len(revisions), most):
        add(connection, revisions[start : start + most])


def _insert(connection: Connection, revisions: Sequence[Revision]) -> None:
    rows = json.dumps([revision_to_row(revision) for revision in revisions])
    connection.execute(INSERT, {"rows": rows})


def _copy(connection: Connection, revisions: Sequence[Revision]) -> None:
    import psycopg  # noqa: PLC0415  # an extra; whoever has a connection has it

    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101  # the only driver of these stores
    try:
        with driver.cursor() as cursor, cursor.copy(COPY) as copy:
            for revision in revisions:
                copy.write_row(revision_to_values(revision))
    except psycopg.Error as error:
        raise DBAPIError(COPY, None, error) from error
