"""What the exit code of the program means, in one table."""

from __future__ import annotations

from enum import IntEnum

from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    MissingExtraError,
    StoreDamagedError,
    StorePermissionError,
    StoreUnavailableError,
    StoreVersionError,
)


class ExitCode(IntEnum):
    """The exit codes of the program."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    MISSING = 3
    STORE = 4
    DAMAGED = 5
    PROGRAM = 70
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.REFUSED: "nothing was found, or what was given was refused",
    ExitCode.USAGE: "the command was not understood",
    ExitCode.MISSING: "something is missing on this machine",
    ExitCode.STORE: "the store of marks cannot be read or written",
    ExitCode.DAMAGED: "the store of marks is damaged, or was changed behind the back of the program",
    ExitCode.PROGRAM: "a fault of the program itself",
    ExitCode.INTERRUPTED: "interrupted with Ctrl-C",
}

BY_ERROR: tuple[tuple[type[FluoroAnnotatorError], ExitCode], ...] = (
    (MissingExtraError, ExitCode.MISSING),
    (StoreDamagedError, ExitCode.DAMAGED),
    (StoreUnavailableError, ExitCode.STORE),
    (StoreVersionError, ExitCode.STORE),
    (StorePermissionError, ExitCode.STORE),
    (FluoroAnnotatorError, ExitCode.REFUSED),
)
"""Errors and their exit codes; the first that fits counts."""


def exit_code_of(error: FluoroAnnotatorError) -> ExitCode:
    """Return the exit code for an error of the package."""
    return next(code for kind, code in BY_ERROR if isinstance(error, kind))


def epilog() -> str:
    """Return the sentence on exit codes that ends every help text."""
    listed = "; ".join(f"{code.value} {meaning}" for code, meaning in MEANINGS.items())
    return f"Exit codes: {listed}."
