"""Who may use a store on a PostgreSQL server: the statements, each in a transaction of its caller."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fluoro_annotator.errors import MarkError, StoreError
from fluoro_annotator.marks.fields import checked_reader
from fluoro_annotator.store.roles import StoreRole, StoreUser

LONGEST_LOGIN = 63
"""Longest name of a login in bytes; PostgreSQL cuts longer ones without a word."""

REFUSED_GRANT = "FA007"
"""SQLSTATE of our functions; the text is then one of ours, and about the login."""

PREFIX = "fluoro_"
ROLES = {f"{PREFIX}{role}": role for role in StoreRole}

OWNER = text("""
    SELECT pg_has_role(session_user, tableowner, 'MEMBER') FROM pg_tables
    WHERE schemaname = 'public' AND tablename = 'meta'
""")
HELD = text("""
    SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) AND pg_has_role(session_user, oid, 'MEMBER')
""")
MEMBERS = text("""
    SELECT l.rolname AS login, r.rolname AS role
    FROM pg_auth_members AS m
    JOIN pg_roles AS r ON r.oid = m.roleid
    JOIN pg_roles AS l ON l.oid = m.member
    WHERE r.rolname = ANY(:roles) AND l.rolcanlogin AND l.rolname <> (
        SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'meta')
    ORDER BY l.rolname, r.rolname
""")
NAMES = {"roles": list(ROLES)}


def who_am_i(connection: Connection) -> StoreUser:
    """Return the login of a connection with the role it holds."""
    login = str(connection.scalar(text("SELECT session_user")))
    if connection.scalar(OWNER):
        return StoreUser(login, None, is_owner=True)
    held = {ROLES[name] for name in connection.scalars(HELD, NAMES)}
    return StoreUser(login, next((role for role in StoreRole if role in held), None))


def all_users(connection: Connection) -> tuple[StoreUser, ...]:
    """Return every login that was given a role, sorted by name."""
    rows = connection.execute(MEMBERS, NAMES)
    return tuple(StoreUser(row.login, ROLES[row.role]) for row in rows)


def grant(connection: Connection, login: str, role: StoreRole, password: str | None) -> None:
    """Give a role to a login; a login that is not there is made.

    Raises
    ------
    StoreError
        If the login cannot have it; the text says why.

    """
    name = _checked_login(login)
    values = {"login": name, "role": StoreRole(role).value, "verifier": _verifier(connection, name, password)}
    _call(connection, "SELECT grant_role(:login, :role, :verifier)", values)


def revoke(connection: Connection, login: str, role: StoreRole) -> None:
    """Take a role from a login; its next statement is refused.

    Raises
    ------
    StoreError
        If it does not hold the role.

    """
    values = {"login": _checked_login(login), "role": StoreRole(role).value}
    _call(connection, "SELECT revoke_role(:login, :role)", values)


def _checked_login(login: str) -> str:
    """Return a login as the name of a reader, which it will be."""
    try:
        name = checked_reader(login)
    except MarkError as error:
        raise StoreError("login", error.problem, error.remedy) from None
    if len(name.encode()) > LONGEST_LOGIN:
        raise StoreError(
            f"login {name}",
            f"is longer than {LONGEST_LOGIN} bytes",
            "Choose a shorter name; accents count twice.",
        )
    return name


def _verifier(connection: Connection, login: str, password: str | None) -> str | None:
    """Return what the server keeps instead of a password, so that the password never travels."""
    if password is None:
        return None
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  # a connection that is in use
    encrypted = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return str(encrypted.decode("ascii"))


def _call(connection: Connection, statement: str, values: Mapping[str, str | None]) -> None:
    try:
        connection.execute(text(statement), values)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != REFUSED_GRANT:
            raise
        problem = error.orig.diag.message_primary  # type: ignore[union-attr]  # an error of psycopg
        raise StoreError(f"login {values['login']}", problem, "Nothing was changed.") from None
