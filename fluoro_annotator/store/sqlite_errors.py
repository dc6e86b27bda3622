"""What SQLite reports, in plain words and with what to do next."""

from __future__ import annotations

from pathlib import Path

from fluoro_annotator.errors import StoreDamagedError, StoreUnavailableError
from fluoro_annotator.settings import STORE_VARIABLE

ANOTHER_PLACE = f"or set {STORE_VARIABLE} to a file in another folder"
PERMISSION = f"Get permission to write the file and its folder, {ANOTHER_PLACE}."
DAMAGED = "Keep the file, and restore the store from a backup."

# The first two words of SQLite's error name (https://www.sqlite.org/rescode.html)
WORDS: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": (
        "is held by another program, which does not let go of it",
        "Close other programs that have it open, then try again.",
    ),
    "SQLITE_LOCKED": ("is held by another window", "Wait a moment, then try again."),
    "SQLITE_READONLY": ("may not be written", PERMISSION),
    "SQLITE_PERM": ("may not be written", PERMISSION),
    "SQLITE_AUTH": ("may not be written", PERMISSION),
    "SQLITE_CANTOPEN": ("cannot be opened or written", PERMISSION),
    "SQLITE_FULL": ("has no room left: the disk is full", "Free some space on the disk, then try again."),
    "SQLITE_IOERR": (
        "could not be read or written: the disk reports an error",
        "Check that the disk or network drive is connected, then try again.",
    ),
    "SQLITE_CORRUPT": ("is damaged", DAMAGED),
    "SQLITE_NOTADB": ("is not a store of readings, or is damaged", f"Choose another file, {ANOTHER_PLACE}."),
    "SQLITE_CONSTRAINT": (
        "refused a change that contradicts what it holds",
        "Reopen the study, then try again.",
    ),
}
OTHERWISE = ("reports a fault", "Try again; if it stays, check the disk.")


def unavailable(path: Path, error: BaseException | None) -> StoreUnavailableError:
    """Return what a fault of SQLite means for the person at the screen.

    Parameters
    ----------
    path : pathlib.Path
        The store.
    error : BaseException or None
        The exception of the ``sqlite3`` module, or that of SQLAlchemy around it.

    """
    name = str(getattr(getattr(error, "orig", error), "sqlite_errorname", ""))
    code = "_".join(name.split("_")[:2])
    problem, remedy = WORDS.get(code, OTHERWISE)
    kind = StoreDamagedError if code == "SQLITE_CORRUPT" else StoreUnavailableError
    return kind(f"store {path}", problem, remedy)
