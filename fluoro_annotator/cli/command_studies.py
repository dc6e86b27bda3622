"""The command ``studies list``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Look up studies in the store.")

DAY = ["%Y-%m-%d"]


class State(StrEnum):
    """How far the readings of a study are."""

    NOT_BEGUN = "not_begun"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"


class Region(StrEnum):
    """Regions of the spine."""

    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBAR = "lumbar"
    SACRAL = "sacral"


@app.command("list")
def list_(
    *,
    region: Annotated[
        Region | None, typer.Option("--region", help="Only this region.", show_default=False)
    ] = None,
    procedure: Annotated[
        str,
        typer.Option(
            "--procedure", help="Only with a reading that follows this protocol.", show_default=False
        ),
    ] = "",
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, help="Only of this day or later.", show_default=False),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, help="Only of this day or earlier.", show_default=False),
    ] = None,
    equipment: Annotated[
        str,
        typer.Option("--equipment", help="Only where the equipment's name holds this.", show_default=False),
    ] = "",
    state: Annotated[
        State | None, typer.Option("--state", help="Only with a reading in this state.", show_default=False)
    ] = None,
    reader: Annotated[
        str, typer.Option("--reader", help="Only with a reading of this reader.", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Studies on a page.")] = 50,
    page: Annotated[int, typer.Option("--page", min=1, help="Which page.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            help="The store, a file or a postgresql:// address, if not the usual one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List the studies in the store, in the order in which they were first opened, a page at a time."""
    from fluoro_annotator.cli import study_list  # noqa: PLC0415 - keeps --help fast
    from fluoro_annotator.store import ReadingStatus, StudyFilter  # noqa: PLC0415

    wanted = StudyFilter(
        region=region.value if region else "",
        procedure=procedure,
        first_date=first.date() if first else None,
        last_date=last.date() if last else None,
        equipment=equipment,
        state=ReadingStatus(state.value) if state else None,
        reader=reader,
    )
    study_list.show_studies(store, wanted, limit=limit, page=page, as_json=as_json)
