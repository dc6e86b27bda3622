"""What ``inspect`` shows of studies, images and skipped files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from fluoro_annotator.cli.screen import Table, on_terminal, progress, show
from fluoro_annotator.dicom import Image, ScanResult, Series, SkippedFile, Study, default_index, scan
from fluoro_annotator.dicom.refusals import syntax_name
from fluoro_annotator.dicom.syntaxes import SYNTAXES
from fluoro_annotator.geometry import Calibration

MS_PER_SECOND = 1000.0
OVERLAY_ADVICE = "Look at them before you pass the file on: they may carry the patient's name."


def inspect(paths: list[Path], *, as_json: bool) -> None:
    """Scan files and folders and print what they hold.

    Parameters
    ----------
    paths : list of pathlib.Path
        Files and folders.
    as_json : bool
        Print JSON instead of tables.

    Raises
    ------
    NothingToOpenError
        After printing, if there is no study among them.

    """
    with progress("Reading files") as report:
        result = scan(paths, progress=report, index=default_index())
    if as_json:
        typer.echo(json.dumps(_as_dict(result), indent=1))
    else:
        _show_tables(result)
    result.require()


def _show_tables(result: ScanResult) -> None:
    columns = NARROW_COLUMNS if on_terminal() else ALL_COLUMNS
    for study in result.studies:
        rows = [
            tuple(cell(series, image) for cell in columns.values())
            for series in study.series
            for image in series.images
        ]
        show(Table(_title(study), tuple(columns), rows))
    hidden = [(str(image.path), str(len(image.overlays)), OVERLAY_ADVICE) for image in _with_overlays(result)]
    if hidden:
        show(Table("Overlays, which are not shown", ("file", "planes", "what to do"), hidden))
    if result.skipped:
        rows = [(str(skipped.path), skipped.problem, skipped.remedy) for skipped in result.skipped]
        show(Table("Skipped files", ("file", "reason", "what to do"), rows))


def _with_overlays(result: ScanResult) -> list[Image]:
    return [image for study in result.studies for image in study.images if image.has_overlays]


def _title(study: Study) -> str:
    date = study.date or ""
    shown = f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == len("YYYYMMDD") else "no date"
    return f"Study {study.uid}, {shown}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _rate(image: Image) -> float | None:
    """Return the frames per second, None for a single frame or where it is not known."""
    if image.frames == 1 or not image.frame_time_ms:
        return None
    return MS_PER_SECOND / image.frame_time_ms


def _spacing(calibration: Calibration) -> str:
    if not calibration.usable:
        return ""
    return f"{calibration.row_mm:.4f} x {calibration.column_mm:.4f}"


def _frames(image: Image) -> str:
    rate = _rate(image)
    return str(image.frames) if rate is None else f"{image.frames}, {rate:.1f}/s"


def _encoding(image: Image) -> str:
    known = SYNTAXES.get(image.transfer_syntax_uid)
    return known.name if known else syntax_name(image.transfer_syntax_uid)


def _scale(calibration: Calibration) -> str:
    if not calibration.usable:
        return calibration.description
    square = calibration.row_mm == calibration.column_mm
    spacing = f"{calibration.row_mm:.4f}" if square else _spacing(calibration)
    return f"{spacing} mm, {calibration.description}"


ALL_COLUMNS: dict[str, Callable[[Series, Image], str]] = {
    "series": lambda series, _image: "" if series.number is None else str(series.number),
    "description": lambda series, _image: series.description,
    "view": lambda _series, image: image.view_name,
    "modality": lambda _series, image: image.modality,
    "rows x columns": lambda _series, image: f"{image.rows} x {image.columns}",
    "frames": lambda _series, image: str(image.frames),
    "frames/s": lambda _series, image: _number(_rate(image)),
    "primary °": lambda _series, image: _number(image.primary_angle),
    "secondary °": lambda _series, image: _number(image.secondary_angle),
    "transfer syntax": lambda _series, image: syntax_name(image.transfer_syntax_uid),
    "mm per pixel": lambda _series, image: _spacing(image.calibration),
    "scale from": lambda _series, image: image.calibration.description,
}
"""Headings of the table of images in a pipe, and what stands in them."""

NARROW_COLUMNS: dict[str, Callable[[Series, Image], str]] = {
    "series": lambda series, _image: f"{'' if series.number is None else series.number} {series.description}",
    "view": lambda _series, image: image.view_name,
    "pixels": lambda _series, image: f"{image.modality} {image.rows} x {image.columns}",
    "frames": lambda _series, image: _frames(image),
    "encoding": lambda _series, image: _encoding(image),
    "scale": lambda _series, image: _scale(image.calibration),
}
"""The same facts in columns that fit on a terminal; the view names the angles."""


def _as_dict(result: ScanResult) -> dict[str, Any]:
    return {
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
        "images": [_image(image) for image in series.images],
    }


def _image(image: Image) -> dict[str, Any]:
    return {
        "sop_instance_uid": image.sop_instance_uid,
        "path": str(image.path),
        "view": image.view_name,
        "rows": image.rows,
        "columns": image.columns,
        "frames": image.frames,
        "frames_per_second": _rate(image),
        "primary_angle": image.primary_angle,
        "secondary_angle": image.secondary_angle,
        "patient_position": image.patient_position,
        "patient_orientation": image.patient_orientation,
        "overlays": len(image.overlays),
        "transfer_syntax_uid": image.transfer_syntax_uid,
        "transfer_syntax": syntax_name(image.transfer_syntax_uid),
        "calibration": {
            "source": image.calibration.source.value,
            "usable": image.calibration.usable,
            "row_mm_per_px": image.calibration.row_mm,
            "column_mm_per_px": image.calibration.column_mm,
            "relative_error": image.calibration.relative_error,
            "note": image.calibration.note,
        },
    }
