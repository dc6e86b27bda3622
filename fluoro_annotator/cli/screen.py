"""What the commands print: tables and progress on a terminal, plain text in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import typer

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to print.

    Parameters
    ----------
    title : str
        What it shows.
    headers : sequence of str
        One per column.
    rows : sequence of sequence of str
        The cells.

    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def printable(text: str) -> str:
    """Return a text without anything that a terminal would obey.

    File names and DICOM headers may hold escape sequences, line breaks and bytes that are no
    characters at all; blanks of any kind become a blank, the others a question mark.
    """
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "?"


def say(sentence: str) -> None:
    """Print a sentence for the person at the screen, so that it does not mix with the output."""
    typer.echo(printable(sentence), err=True)


def tell(line: str) -> None:
    """Print a line of the output itself."""
    typer.echo(printable(line))


def on_terminal() -> bool:
    """Whether the output is read by a person at a terminal, where narrow tables are wanted."""
    return sys.stdout.isatty()


def show(table: Table) -> None:
    """Print a table: framed on a terminal; elsewhere title, headers and rows separated by tabs."""
    if on_terminal():
        _show_framed(table)
        return
    tell(table.title)
    for row in (table.headers, *table.rows):
        typer.echo("\t".join(printable(cell) for cell in row))
    typer.echo()


def _show_framed(table: Table) -> None:
    from rich import box, console, text  # noqa: PLC0415 - only a terminal needs it
    from rich.table import Table as Frame  # noqa: PLC0415 - only a terminal needs it

    title = text.Text(printable(table.title))
    frame = Frame(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for header in table.headers:
        frame.add_column(text.Text(header), overflow="fold")
    for row in table.rows:
        frame.add_row(*(text.Text(printable(cell)) for cell in row))
    console.Console().print(frame)


@contextmanager
def progress(what: str) -> Iterator[Progress | None]:
    """Show a progress bar on a terminal until all is done, at the longest while the context lasts.

    Parameters
    ----------
    what : str
        What is being done.

    Yields
    ------
    callable or None
        To be called with the number of things done and the number of all; None where there
        is no terminal.

    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import Progress as Bar  # noqa: PLC0415 - only a terminal needs it

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if done >= total:
                bar.stop()  # a window may be open for hours afterwards

        yield report
