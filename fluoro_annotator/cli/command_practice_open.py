"""The command ``practice open``."""

from __future__ import annotations

from typing import Annotated

import typer


def open_(
    set: Annotated[  # noqa: A002 - its name on the command line
        str,
        typer.Argument(
            help="The identifier of a teaching set, as `practice sets list` names it.", show_default=False
        ),
    ] = "",
) -> None:
    """Open the window in which a trainee practises."""
    from fluoro_annotator.cli import front_end  # noqa: PLC0415 - keeps --help fast

    front_end.open_practice(set)
