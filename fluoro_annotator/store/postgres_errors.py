"""What PostgreSQL and its driver report, in plain words and with what to do next.

Texts of the server and of the driver are never repeated: they can quote the address with its
password, or values of a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from fluoro_annotator.errors import (
    ReadingClosedError,
    StoreConflictError,
    StoreError,
    StorePermissionError,
    StoreUnavailableError,
)

ADMINISTRATOR = "Ask whoever looks after the server."
AGAIN = "Wait a moment, then try again."
NETWORK = "Check the network, and that the server runs; then try again."


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a report means: the error that is raised, what is wrong, and what to do."""

    kind: type[StoreError]
    problem: str
    remedy: str


def _away(problem: str, remedy: str) -> Meaning:
    return Meaning(StoreUnavailableError, problem, remedy)


def _refused(problem: str, remedy: str) -> Meaning:
    return Meaning(StorePermissionError, problem, remedy)


def _overtaken(problem: str) -> Meaning:
    return Meaning(StoreConflictError, problem, "Read the changes of the other one, then save again.")


WRONG_PASSWORD = _away(
    "does not accept this login with this password", "Check login and password; both know capital letters."
)
NO_DATABASE = _away("has no database of this name", "Check the name of the database in the address.")
TOO_MANY = _away(
    "has no free connection", f"Close programs that are not needed, then try again. {ADMINISTRATOR}"
)
STARTING = _away("is starting, stopping or recovering at this moment", AGAIN)
NOT_ALLOWED_IN = _refused(
    "does not let this login use this database", "Ask an administrator of the store for a role in it."
)
REFUSED = _refused(
    "does not allow this to the present login",
    "Work under your own login, in what is your own, or ask an administrator of the store for another role.",
)
READ_ONLY = _away("takes no changes: the server is read-only, for example a copy", ADMINISTRATOR)
FULL = _away("has no room left: the server's disk is full", ADMINISTRATOR)
TOO_SLOW = _away("does not answer in time", AGAIN)
NOT_A_STORE = _away(
    "is a database without a store", "Check the address, or make the store with fluoro-annotator store init."
)
REPEATED = _overtaken("was changed by another program at the same moment")

# SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html; FA... are those of our own functions
STATES: dict[str, Meaning] = {
    "28P01": WRONG_PASSWORD,
    "28000": NOT_ALLOWED_IN,
    "3D000": NO_DATABASE,
    "53300": TOO_MANY,
    "53400": TOO_MANY,
    "57P03": STARTING,
    "57P01": STARTING,
    "57P02": STARTING,
    "42501": REFUSED,
    "25006": READ_ONLY,
    "53100": FULL,
    "53200": _away("has no memory left", ADMINISTRATOR),
    "57014": TOO_SLOW,
    "55P03": _away("is held by another program, which does not let go of it", AGAIN),
    "25P03": TOO_SLOW,
    "42P01": NOT_A_STORE,
    "42P06": NOT_A_STORE,
    "42883": NOT_A_STORE,
    "3F000": NOT_A_STORE,
    "23505": REPEATED,
    "23514": Meaning(
        StoreError,
        "refuses a value that could not be read again",
        "Update fluoro-annotator on this computer.",
    ),
    "40001": REPEATED,
    "40P01": REPEATED,
    "XX001": _away("is damaged", "Keep it as it is, and restore the store from a backup."),
    "XX002": _away("is damaged", "Keep it as it is, and restore the store from a backup."),
    "FA001": _refused("keeps what was said: it is never changed or deleted", "Add a correction instead."),
    "FA002": REPEATED,
    "FA003": Meaning(
        ReadingClosedError,
        "holds this reading as submitted, so that it takes no more changes",
        "Reopen the reading first; an answer of practice stays as it was given.",
    ),
    "FA004": Meaning(
        StoreError, "purges nothing without a reason", "Give one in a single line; it stays in the store."
    ),
    "FA009": _refused(
        "publishes a teaching set as a whole, and nothing is added to it later",
        "Publish it as a new version.",
    ),
    "FA010": _overtaken("holds a score of this answer already"),
    "FA008": _overtaken("holds the tombstone of this reading, which is not taken in again"),
}
CLASSES: dict[str, Meaning] = {
    "08": _away("cannot be reached", NETWORK),
    "23": _overtaken("refused a change that contradicts what it holds"),
    "53": _away("has run out of something", ADMINISTRATOR),
    "57": STARTING,
    "58": _away("reports a fault of its own system", ADMINISTRATOR),
}
OTHERWISE = _away("reports a fault", f"Try again. {ADMINISTRATOR}")
UNREACHABLE = _away("cannot be reached", NETWORK)
TURNED_AWAY = _away(
    "does not let this login in", f"Check login, password and name of the database. {ADMINISTRATOR}"
)

# Before somebody is let in there is no SQLSTATE, only words, in the server's language; the first that fits counts.
WORDS: dict[str, Meaning] = {
    "certificate": _away(
        "has a certificate that is not trusted here", f"Check sslrootcert in the address. {ADMINISTRATOR}"
    ),
    "password authentication failed": WRONG_PASSWORD,
    "no password supplied": _away("asks for a password", "Give the password of the login, then try again."),
    "does not exist": _away(
        "has no such database or no such login", "Check the names in the address; they know capital letters."
    ),
    "permission denied for database": NOT_ALLOWED_IN,
    "not permitted to log in": NOT_ALLOWED_IN,
    "no pg_hba.conf entry": _refused(
        "lets nobody in from this computer in this way", f"Check sslmode in the address. {ADMINISTRATOR}"
    ),
    "too many clients": TOO_MANY,
    "too many connections": TOO_MANY,
    "connection slots are reserved": TOO_MANY,
    "the database system is": STARTING,
    "failed to resolve host": _away(
        "cannot be found: there is no computer of this name", "Check the name of the host in the address."
    ),
    "does not support ssl": _away("does not encrypt connections, which the address asks for", ADMINISTRATOR),
}


HIDDEN = frozenset({"42P01", "42883", "3F000"})
"""What is reported of tables and functions that are not there, or not for this login."""


def meaning(error: BaseException | None, *, is_store: bool = False) -> Meaning:
    """Return what a report of psycopg means.

    Parameters
    ----------
    error : BaseException or None
        The exception of psycopg.
    is_store : bool
        Whether the database is known to hold a store: then tables that are not found are
        those that a login without a role may not see.

    """
    state = getattr(error, "sqlstate", None)
    if is_store and state in HIDDEN:
        return NOT_ALLOWED_IN
    if isinstance(state, str):
        return STATES.get(state) or CLASSES.get(state[:2], OTHERWISE)
    words = str(error).lower()
    found = (known for pattern, known in WORDS.items() if pattern in words)
    return next(found, TURNED_AWAY if _was_asked_for_password(error) else UNREACHABLE)


def _was_asked_for_password(error: BaseException | None) -> bool:
    """Return whether a connection failed after it was reached, whatever language the server speaks."""
    connection = getattr(error, "pgconn", None)
    return bool(getattr(connection, "used_password", False) or getattr(connection, "needs_password", False))


@contextmanager
def in_plain_words(place: str, *, is_store: bool = False) -> Iterator[None]:
    """Turn what SQLAlchemy and psycopg raise into what it means.

    The original is not chained to it: its text, which a log would show, may hold a password.
    """
    try:
        yield
    except DBAPIError as error:
        told = meaning(error.orig, is_store=is_store)
    except PoolTimeoutError:
        told = TOO_SLOW
    except SQLAlchemyError:
        told = OTHERWISE
    except (UnicodeEncodeError, OverflowError):
        told = Meaning(StoreError, "cannot keep a value it was given", "")
    else:
        return
    raise told.kind(f"store {place}", told.problem, told.remedy) from None
