"""What ``inspect`` shows of studies, images and skipped files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from fluoro_annotator.cli.image_facts import (
    OVERLAY_ADVICE,
    encoding_of,
    image_facts,
    image_lines,
    scale_of,
    spacing_of,
)
from fluoro_annotator.cli.screen import Table, on_terminal, progress, show
from fluoro_annotator.dicom import Image, ScanResult, Series, SkippedFile, Study, default_index, scan
from fluoro_annotator.dicom.refusals import syntax_name

SCHEMA_VERSION = 1
"""Of the JSON; keys are only ever added to a version."""


def inspect(
    paths: list[Path], *, as_json: bool, verbose: bool = False, contact_sheet: Path | None = None
) -> None:
    """Scan files and folders and print what they hold.

    Parameters
    ----------
    paths : list of pathlib.Path
        Files and folders.
    as_json : bool
        Print JSON instead of tables.
    verbose : bool
        Print all that is known of each image as a block of its own.
    contact_sheet : pathlib.Path or None
        Write a picture of all views to this file, too.

    Raises
    ------
    NothingToOpenError
        After printing, if there is no study among them.
    ExchangeError
        If the picture cannot be written, or its file exists.

    """
    with progress("Reading files") as report:
        result = scan(paths, progress=report, index=default_index())
    if as_json:
        typer.echo(json.dumps(_as_dict(result), indent=1))
    else:
        _show_tables(result, verbose=verbose)
    result.require()
    if contact_sheet is not None:
        from fluoro_annotator.cli.contact_sheet import write_contact_sheet  # noqa: PLC0415 - decodes frames

        write_contact_sheet(result.studies, contact_sheet)


def _show_tables(result: ScanResult, *, verbose: bool) -> None:
    for study in result.studies:
        if verbose:
            _show_blocks(study)
        else:
            _show_rows(study)
    hidden = [(image.where, str(len(image.overlays)), OVERLAY_ADVICE) for image in _with_overlays(result)]
    if hidden:
        show(Table("Overlays, which are not shown", ("file", "planes", "what to do"), hidden))
    if result.skipped:
        rows = [(str(skipped.path), skipped.problem, skipped.remedy) for skipped in result.skipped]
        show(Table("Skipped files", ("file", "reason", "what to do"), rows))


def _show_rows(study: Study) -> None:
    columns = NARROW_COLUMNS if on_terminal() else ALL_COLUMNS
    rows = [
        tuple(cell(series, image) for cell in columns.values())
        for series in study.series
        for image in series.images
    ]
    show(Table(_title(study), tuple(columns), rows))


def _show_blocks(study: Study) -> None:
    for series in study.series:
        for image in series.images:
            number = "" if image.instance_number is None else f", image {image.instance_number}"
            name = NARROW_COLUMNS["series"](series, image).strip() or "without number"
            title = f"{_title(study)}, series {name}{number}"
            show(Table(title, ("what", "value"), image_lines(image)))


def _with_overlays(result: ScanResult) -> list[Image]:
    return [image for study in result.studies for image in study.images if image.has_overlays]


def _title(study: Study) -> str:
    date = study.date or ""
    shown = f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == len("YYYYMMDD") else "no date"
    return f"Study {study.uid}, {shown}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _frames(image: Image) -> str:
    rate = image.clock.rate
    return str(image.frames) if rate is None else f"{image.frames}, {rate:.1f}/s"


ALL_COLUMNS: dict[str, Callable[[Series, Image], str]] = {
    "series": lambda series, _image: "" if series.number is None else str(series.number),
    "description": lambda series, _image: series.description,
    "view": lambda _series, image: image.view_name,
    "view from": lambda _series, image: image.view.rule,
    "modality": lambda _series, image: image.modality,
    "rows x columns": lambda _series, image: f"{image.rows} x {image.columns}",
    "frames": lambda _series, image: str(image.frames),
    "frames/s": lambda _series, image: _number(image.clock.rate),
    "times from": lambda _series, image: image.clock.description if image.frames > 1 else "",
    "primary °": lambda _series, image: _number(image.primary_angle),
    "secondary °": lambda _series, image: _number(image.secondary_angle),
    "transfer syntax": lambda _series, image: syntax_name(image.transfer_syntax_uid),
    "mm per pixel": lambda _series, image: spacing_of(image.calibration),
    "scale from": lambda _series, image: image.calibration.description,
}
"""Headings of the table of images in a pipe, and what stands in them."""

NARROW_COLUMNS: dict[str, Callable[[Series, Image], str]] = {
    "series": lambda series, _image: f"{'' if series.number is None else series.number} {series.description}",
    "view": lambda _series, image: image.view_name,
    "pixels": lambda _series, image: f"{image.modality} {image.rows} x {image.columns}",
    "frames": lambda _series, image: _frames(image),
    "encoding": lambda _series, image: encoding_of(image),
    "scale": lambda _series, image: scale_of(image.calibration),
}
"""The same facts in columns that fit on a terminal; the view names the angles."""


def _as_dict(result: ScanResult) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "studies": [_study(study) for study in result.studies],
        "skipped": [_skipped(skipped) for skipped in result.skipped],
    }


def _skipped(skipped: SkippedFile) -> dict[str, Any]:
    return {"path": str(skipped.path), "problem": skipped.problem, "remedy": skipped.remedy}


def _study(study: Study) -> dict[str, Any]:
    return {
        "study_instance_uid": study.uid,
        "date": study.date,
        "series": [_series(series) for series in study.series],
    }


def _series(series: Series) -> dict[str, Any]:
    return {
        "series_instance_uid": series.uid,
        "number": series.number,
        "modality": series.modality,
        "description": series.description,
        "images": [image_facts(image) for image in series.images],
    }
