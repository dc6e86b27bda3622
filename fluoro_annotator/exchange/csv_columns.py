"""The columns of the CSV table, as data: each with a name, a description and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from fluoro_annotator.anatomy import Anatomy, Side, Site
from fluoro_annotator.geometry import Calibration, Point, measure
from fluoro_annotator.marks import (
    ImageRecord,
    Mark,
    MarkKind,
    MarkRecord,
    Needle,
    Numbering,
    Reading,
    ReadingState,
    TargetZone,
    site_of,
    vertebra_of,
)
from fluoro_annotator.marks.revisions import time_to_text

DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Everything that the columns of one row are made of.

    Parameters
    ----------
    reading : Reading
        The reading the mark belongs to.
    image : ImageRecord
        Its image.
    record : MarkRecord
        The mark with its times and author.
    mark : Mark
        The mark.
    calibration : Calibration
        The scale of its image: the reader's own, or that of the file.
    numbering : Numbering or None
        On what the names of the vertebrae rest.
    anatomy : Anatomy
        For the label.

    """

    reading: Reading
    image: ImageRecord
    record: MarkRecord
    mark: Mark
    calibration: Calibration
    numbering: Numbering | None
    anatomy: Anatomy

    @property
    def site(self) -> Site | None:
        """Nerve, vertebra, joints and side; None for a mark that names no nerve."""
        return site_of(self.mark)

    @property
    def side(self) -> Side | None:
        """Side of the patient, where there is one."""
        return self.site.side if self.site else getattr(self.mark, "side", None)

    @property
    def place(self) -> Point | None:
        """``(row, column)`` that stands for the mark, in pixels; None if it has no place."""
        points = self.mark.points
        if isinstance(self.mark, TargetZone):
            return Point(fmean(point.row for point in points), fmean(point.column for point in points))
        return points[0] if points else None

    @property
    def needle(self) -> Needle | None:
        """The mark, if it is a needle."""
        return self.mark if isinstance(self.mark, Needle) else None

    @property
    def hub(self) -> Point | None:
        """``(row, column)`` of the hub of a needle, in pixels."""
        return self.needle.hub if self.needle else None

    @property
    def scale(self) -> Calibration | None:
        """The calibration if lengths in the patient may be computed with it."""
        return self.calibration if self.calibration.usable else None

    @property
    def length_px(self) -> float | None:
        """Length from tip to hub along the shaft, in pixels."""
        return needle_length(self.needle, self.calibration)[0] if self.needle else None

    @property
    def length_mm(self) -> float | None:
        """Length from tip to hub along the shaft in mm, where the calibration allows it."""
        return needle_length(self.needle, self.calibration)[1] if self.needle else None


def needle_length(needle: Needle, calibration: Calibration) -> tuple[float, float | None]:
    """Return the length of a needle in the image, along its shaft, in pixels and mm."""
    pieces = [measure(first, second, calibration) for first, second in pairwise(needle.path)]
    mm = [piece.mm for piece in pieces if piece.mm is not None]
    return sum(piece.pixels for piece in pieces), sum(mm) if len(mm) == len(pieces) else None


def numbering_of(state: ReadingState) -> Numbering | None:
    """Return on what the names of the vertebrae of a reading rest, None if nobody has said."""
    found = next(iter(state.of_kind(MarkKind.NUMBERING)), None)
    return found if isinstance(found, Numbering) else None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table.

    Parameters
    ----------
    name : str
        Its heading.
    description : str
        What it holds.
    value : callable
        Returns the text of the cell for a `Row`.

    """

    name: str
    description: str
    value: Callable[[Row], str]


def decimal(value: float | None) -> str:
    """Write a number with three decimals, None as an empty cell."""
    return "" if value is None else f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}"  # + 0.0 turns -0 into 0


def _exact(value: float | None) -> str:
    return "" if value is None else repr(value)


def _text(value: object) -> str:
    """Write a fact, nothing for None."""
    return "" if value is None else str(value)


def _fact(name: str) -> Callable[[Row], str]:
    """Return what writes a field that only some kinds of mark have."""
    return lambda row: _text(getattr(row.mark, name, None))


def _numbered(name: str) -> Callable[[Row], str]:
    return lambda row: _text(getattr(row.numbering, name, None))


def _outline(row: Row) -> str:
    """Write the points of a list, for example "(1.000 2.500) (3.000 4.000)"."""
    return " ".join(f"({decimal(point.row)} {decimal(point.column)})" for point in row.mark.listed)


def _row_mm(row: Row, point: Point | None) -> str:
    spacing = row.scale.row_mm if row.scale else None
    return "" if point is None or spacing is None else decimal(point.row * spacing)


def _column_mm(row: Row, point: Point | None) -> str:
    spacing = row.scale.column_mm if row.scale else None
    return "" if point is None or spacing is None else decimal(point.column * spacing)


COLUMNS = (
    Column("study_instance_uid", "Study Instance UID.", lambda row: row.reading.study_uid),
    Column("series_instance_uid", "Series Instance UID of the image.", lambda row: row.image.series_uid),
    Column("sop_instance_uid", "SOP Instance UID of the image.", lambda row: row.image.sop_instance_uid),
    Column(
        "frame_number",
        "Frame of the image, counted from 1 as in DICOM.",
        lambda row: str(row.mark.frame.frame_number),
    ),
    Column("reading_id", "Identifier of the reading.", lambda row: row.reading.reading_id),
    Column("reader", "Who made the reading.", lambda row: row.reading.reader),
    Column("role", "trainee, attending, auditor, or not_stated.", lambda row: row.reading.role.value),
    Column(
        "purpose",
        "reference, practice, procedure, review or audit.",
        lambda row: row.reading.purpose.value,
    ),
    Column(
        "mark_id", "Identifier of the mark; it stays when the mark is moved.", lambda row: row.mark.mark_id
    ),
    Column(
        "kind",
        "target, needle, level_label, nerve_course, target_zone, landmark, event or view_judgement.",
        lambda row: row.mark.kind.value,
    ),
    Column("label", "The text on the screen.", lambda row: row.mark.label(row.anatomy)),
    Column(
        "nerve",
        "Identifier of the nerve; empty for a mark that names none.",
        lambda row: row.site.nerve if row.site else "",
    ),
    Column(
        "vertebra",
        "The vertebra on which the nerve is targeted, or which the level label or landmark names.",
        lambda row: _text(vertebra_of(row.mark)),
    ),
    Column(
        "joints",
        "Joints that the nerve is treated for, separated by semicolons; empty for a mark that names no nerve.",
        lambda row: ";".join(row.site.joints) if row.site else "",
    ),
    Column(
        "side",
        "Side of the patient: left or right; empty for a mark that has none.",
        lambda row: _text(row.side),
    ),
    Column(
        "row_px",
        "Row of the mark in pixels: the needle tip, the first point of a course, the mean of the points of a zone.",
        lambda row: decimal(row.place.row if row.place else None),
    ),
    Column(
        "column_px",
        "Column of the same point, in pixels.",
        lambda row: decimal(row.place.column if row.place else None),
    ),
    Column(
        "hub_row_px",
        "Row of the needle hub, in pixels.",
        lambda row: decimal(row.hub.row if row.hub else None),
    ),
    Column(
        "hub_column_px",
        "Column of the needle hub, in pixels.",
        lambda row: decimal(row.hub.column if row.hub else None),
    ),
    Column("row_mm", "row_px in mm, measured from the same origin.", lambda row: _row_mm(row, row.place)),
    Column("column_mm", "column_px in mm.", lambda row: _column_mm(row, row.place)),
    Column("hub_row_mm", "hub_row_px in mm.", lambda row: _row_mm(row, row.hub)),
    Column("hub_column_mm", "hub_column_px in mm.", lambda row: _column_mm(row, row.hub)),
    Column(
        "needle_length_px",
        "Length from tip to hub in the image, along the shaft, in pixels.",
        lambda row: decimal(row.length_px),
    ),
    Column(
        "needle_length_mm",
        "The same in mm; the projected length, shorter than the needle if it is tilted out of the image plane.",
        lambda row: decimal(row.length_mm),
    ),
    Column(
        "calibration_source",
        "Where the millimetres per pixel come from; none if there are none.",
        lambda row: row.calibration.source.value,
    ),
    Column("calibration_note", "What to know about the calibration.", lambda row: row.calibration.note),
    Column(
        "row_mm_per_px",
        "Height of a pixel in mm.",
        lambda row: _exact(row.scale.row_mm if row.scale else None),
    ),
    Column(
        "column_mm_per_px",
        "Width of a pixel in mm.",
        lambda row: _exact(row.scale.column_mm if row.scale else None),
    ),
    Column(
        "created_at",
        "When the mark was made, ISO 8601 in UTC.",
        lambda row: time_to_text(row.record.created_at),
    ),
    Column(
        "changed_at",
        "When it was changed last, ISO 8601 in UTC.",
        lambda row: time_to_text(row.record.changed_at),
    ),
    Column("author", "Who changed it last.", lambda row: row.record.author),
    Column("confidence", "How sure the reader is: certain, probable or unsure.", _fact("confidence")),
    Column(
        "outline",
        "Points of a course or zone, or bends of a needle from its tip, as (row column) in pixels.",
        _outline,
    ),
    Column("zone_form", "polygon; or ellipse, whose points are the ends of its axes.", _fact("form")),
    Column("needle_id", "Which needle it is; the same on every frame and in every view.", _fact("needle_id")),
    Column("gauge", "Size of the needle as stated.", _fact("gauge")),
    Column(
        "stated_length_mm",
        "Length of the needle as stated, not measured.",
        lambda row: decimal(row.needle.length_mm if row.needle else None),
    ),
    Column(
        "stated_active_tip_mm",
        "Length of its active tip as stated.",
        lambda row: decimal(row.needle.active_tip_mm if row.needle else None),
    ),
    Column("needle_status", "advance, withdraw, final, inject or ablate.", _fact("status")),
    Column("landmark", "Name of a landmark.", _fact("name")),
    Column("event", "What is seen to happen on the frame.", _fact("event")),
    Column("judged_view", "The view that a judgement is about.", _fact("view")),
    Column("view_is_true", "yes, no or unsure.", _fact("adequate")),
    Column(
        "corrections",
        "What would make the view true, separated by semicolons.",
        lambda row: ";".join(getattr(row.mark, "corrections", ())),
    ),
    Column(
        "numbering_confidence",
        "How sure the reader is of the names of the vertebrae; empty if nobody has said.",
        _numbered("confidence"),
    ),
    Column(
        "numbering_scheme", "How many vertebrae of each sort the spine is taken to have.", _numbered("scheme")
    ),
    Column("numbering_counted_from", "Where counting started.", _numbered("counted_from")),
    Column("lstv", "Lumbosacral transitional vertebra.", _numbered("lstv")),
    Column("lstv_side", "Its side.", _numbered("lstv_side")),
    Column("rib_count", "Number of rib-bearing vertebrae, if counted.", _numbered("rib_count")),
)
"""The columns in their order. Positions: rows and columns as in arrays, centre of the top-left pixel (0, 0)."""

NUMERIC = tuple(
    column.name for column in COLUMNS if column.name == "frame_number" or column.name.endswith(("_px", "_mm"))
)
"""Columns that hold numbers; all others hold text and are `guarded`."""
