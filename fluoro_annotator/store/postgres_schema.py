"""The tables, functions and rights of a store on a PostgreSQL server, made in one transaction.

What the server enforces by itself stands in SQL beside this module, in ``server/``: what was said
is only ever added to, what follows from it is kept up to date, and who may see and add what.
"""

from __future__ import annotations

import uuid
from importlib.resources import files

from sqlalchemy import Connection, insert, inspect, text

from fluoro_annotator import __version__
from fluoro_annotator.errors import StoreError, StorePermissionError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store.migrations import stamp
from fluoro_annotator.store.models import Base, MetaRow
from fluoro_annotator.store.roles import StoreRole
from fluoro_annotator.store.schema import SCHEMA_VERSION

SCRIPTS = ("values.sql", "append_only.sql", "derived.sql", "administration.sql", "rights.sql", "practice.sql")
GUARDS = (
    "image_entry_added",
    "image_entry_deleted",
    "image_entry_never_changes",
    "grant_entry_never_changes",
    "practice_answer_never_changes",
    "practice_answer_numbered",
    "practice_assignment_never_changes",
    "practice_exercise_added",
    "practice_exercise_never_changes",
    "practice_key_added",
    "practice_key_deleted",
    "practice_key_never_changes",
    "practice_score_added",
    "practice_score_never_changes",
    "practice_score_numbered",
    "practice_set_never_changes",
    "reading_added",
    "reading_deleted",
    "reading_never_changes",
    "revision_added",
    "revision_deleted",
    "revision_never_changes",
    "study_entry_added",
    "study_entry_deleted",
    "study_entry_never_changes",
    "tombstone_never_changes",
)
"""The triggers without which a store keeps its rules no more."""

PRIVATE = (
    *("reading", "revision", "head", "current_record", "tombstone"),
    *("practice_set", "practice_exercise", "practice_key"),
    *("practice_answer", "practice_score", "practice_assignment"),
)
"""The tables of which not everybody sees every row, or to which not everybody may add any row."""

GROUPS = tuple(f"fluoro_{role}" for role in StoreRole)
OLDEST_SERVER = 14
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('fluoro-annotator store', 3))"

RIGHTS = text("""
    SELECT r.rolsuper, r.rolcreaterole, d.datdba = r.oid AS owns, d.datname AS name,
        current_setting('server_version_num')::integer / 10000 AS server
    FROM pg_roles AS r, pg_database AS d
    WHERE r.rolname = current_user AND d.datname = current_database()
""")
MAY_GRANT = text("""
    SELECT bool_and(pg_has_role(oid, 'MEMBER WITH ADMIN OPTION')) FROM pg_roles WHERE rolname = ANY(:groups)
""")
ANYBODY_CREATES = text("""
    SELECT EXISTS (
        SELECT FROM pg_namespace AS n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
        WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE')
""")

ENABLED = text("""
    SELECT t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
""")
SECURED = text("""
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
""")


def create_tables(connection: Connection, place: str) -> None:
    """Make a store in an empty database; all of it or nothing.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A transaction of the owner-to-be.
    place : str
        The store, for errors.

    Raises
    ------
    StoreError
        If the database holds something already, or the server is too old.
    StorePermissionError
        If the login may not make a store here.

    """
    connection.execute(text(LOCK))
    tables = inspect(connection).get_table_names()
    if tables:
        raise StoreError(
            f"store {place}",
            "is made already"
            if {"meta", "revision"} <= set(tables)
            else "is a database that holds other tables already",
            "Make a new store in an empty database.",
        )
    name, server = _check_rights(connection, place)
    _run(connection, _script("groups.sql"))
    _check_groups(connection, place, server)
    Base.metadata.create_all(connection)
    for script in SCRIPTS:
        _run(connection, _script(script))
    _open_to_groups(connection, name)
    if connection.scalar(ANYBODY_CREATES):
        raise StorePermissionError(
            f"store {place}",
            "is a database in which everybody may make tables and functions",
            "Have a superuser run in it: ALTER SCHEMA public OWNER TO "
            f"{_quoted(connection, str(connection.engine.url.username))};",
        )
    facts = {
        "id": 1,
        "schema_version": SCHEMA_VERSION,
        "store_id": str(uuid.uuid4()),
        "created_at": time_to_text(utc_now()),
        "created_by": f"fluoro-annotator {__version__}",
    }
    connection.execute(insert(MetaRow), facts)
    stamp(connection)


def switched_off(connection: Connection) -> list[str]:
    """Return which rules of the server do not hold at present, one clause each."""
    triggers = set(connection.scalars(ENABLED))
    secured = set(connection.scalars(SECURED))
    missing = [f"its trigger {name} is switched off" for name in GUARDS if name not in triggers]
    return missing + [f"its table {name} is open to everybody" for name in PRIVATE if name not in secured]


def _check_rights(connection: Connection, place: str) -> tuple[str, int]:
    """Return the name of the database and the version of the server, if a store can be made here."""
    row = connection.execute(RIGHTS).one()
    if row.server < OLDEST_SERVER:
        raise StoreError(
            f"store {place}",
            f"is on PostgreSQL {row.server}, which is too old",
            f"Use PostgreSQL {OLDEST_SERVER} or newer.",
        )
    if not (row.rolsuper or (row.rolcreaterole and row.owns)):
        raise StorePermissionError(
            f"store {place}",
            "can be made only by a login that owns the database and may make roles",
            "Have a superuser run: CREATE ROLE store_owner LOGIN CREATEROLE, with a password, and "
            "CREATE DATABASE readings OWNER store_owner; then make the store as store_owner.",
        )
    return str(row.name), int(row.server)


def _check_groups(connection: Connection, place: str, server: int) -> None:
    """From PostgreSQL 16 on, whoever made a role says who else may give it."""
    if server >= 16 and not connection.scalar(MAY_GRANT, {"groups": list(GROUPS)}):  # noqa: PLR2004  # a version
        raise StorePermissionError(
            f"store {place}",
            "is on a server whose roles fluoro_... belong to the owner of another store",
            f"Make this store as the same owner, or have a superuser run: GRANT {', '.join(GROUPS)} "
            "TO the owner of this one WITH ADMIN OPTION.",
        )


def _open_to_groups(connection: Connection, database: str) -> None:
    """Let into the database those who hold a role, and nobody else."""
    quoted = _quoted(connection, database)
    _run(connection, f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
    _run(connection, f"GRANT CONNECT ON DATABASE {quoted} TO {', '.join(GROUPS)}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _script(name: str) -> str:
    return (files("fluoro_annotator.store") / "server" / name).read_text(encoding="utf-8")


def _run(connection: Connection, script: str) -> None:
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})  # a % is a %
