"""The outermost border: errors become one sentence and an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from fluoro_annotator import logs
from fluoro_annotator.cli.exit_codes import ExitCode, exit_code_of
from fluoro_annotator.cli.screen import say
from fluoro_annotator.errors import FluoroAnnotatorError

LOGGER = logging.getLogger(__name__)
SIGNALS_OF = frozenset({"typer", "click"})
"""Packages whose own exceptions, such as a wrong option, are left to them."""


class BorderGroup(TyperGroup):
    """The group of all commands; no traceback crosses it unless ``--debug`` asks for it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command and turn whatever goes wrong into an exit code.

        Parameters
        ----------
        ctx : typer.Context
            The context of the program; ``--debug`` is among its parameters.

        """
        with logs.kept() as log:
            try:
                return self._run(ctx)
            except Exception as error:
                if _belongs_to_typer(error):
                    raise
                raise typer.Exit(_report(error, log, debug=bool(ctx.params.get("debug")))) from None
            except KeyboardInterrupt:
                raise typer.Exit(ExitCode.INTERRUPTED) from None

    def _run(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        finally:
            sys.stdout.flush()  # a pipe that nobody reads is to show here, not when Python ends


def _belongs_to_typer(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in SIGNALS_OF


def _report(error: Exception, log: Path | None, *, debug: bool) -> ExitCode:
    """Say what went wrong and return the exit code."""
    if isinstance(error, BrokenPipeError):
        return _nobody_listens()
    if debug:
        traceback.print_exception(error)
    if isinstance(error, FluoroAnnotatorError):
        say(str(error))
        return exit_code_of(error)
    LOGGER.error("unexpected error", exc_info=error)
    where = f"It is noted in {log}." if log else "It could not be noted, because the log cannot be written."
    say(f"Something went wrong that the program did not expect ({type(error).__name__}). {where}")
    if not debug:
        say("To see the details, run it again as: fluoro-annotator --debug ...")
    return ExitCode.PROGRAM


def _nobody_listens() -> ExitCode:
    """Keep Python from complaining at its end that nobody reads the output any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return ExitCode.DONE
