"""The columns of the CSV table, as data: each with a name, a description and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fluoro_annotator.anatomy import Anatomy, Site
from fluoro_annotator.geometry import Calibration, Point, measure
from fluoro_annotator.marks import ImageRecord, LevelLabel, Mark, MarkRecord, Needle, Reading
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
    anatomy : Anatomy
        For the label.

    """

    reading: Reading
    image: ImageRecord
    record: MarkRecord
    anatomy: Anatomy

    @property
    def mark(self) -> Mark:
        """The mark."""
        return self.record.mark

    @property
    def site(self) -> Site | None:
        """Nerve, vertebra, joints and side; None for a level label."""
        return None if isinstance(self.mark, LevelLabel) else self.mark.site

    @property
    def vertebra(self) -> str:
        """The vertebra that is marked or on which the nerve is targeted."""
        return self.mark.vertebra if isinstance(self.mark, LevelLabel) else self.mark.site.vertebra

    @property
    def place(self) -> Point:
        """``(row, column)`` of the target, the tip of the needle or the level label, in pixels."""
        return self.mark.points[0]

    @property
    def hub(self) -> Point | None:
        """``(row, column)`` of the hub of a needle, in pixels."""
        return self.mark.hub if isinstance(self.mark, Needle) else None

    @property
    def scale(self) -> Calibration | None:
        """The calibration of the image if lengths in the patient may be computed with it."""
        return self.image.calibration if self.image.calibration.usable else None

    @property
    def length_px(self) -> float | None:
        """Distance from tip to hub in pixels."""
        return self.mark.tip.distance(self.mark.hub) if isinstance(self.mark, Needle) else None

    @property
    def length_mm(self) -> float | None:
        """Distance from tip to hub in mm, where the calibration allows it."""
        if not isinstance(self.mark, Needle):
            return None
        return measure(self.mark.tip, self.mark.hub, self.image.calibration).mm


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
    Column("kind", "target, needle or level_label.", lambda row: row.mark.kind.value),
    Column("label", "The text on the screen.", lambda row: row.mark.label(row.anatomy)),
    Column(
        "nerve",
        "Identifier of the nerve; empty for a level label.",
        lambda row: row.site.nerve if row.site else "",
    ),
    Column(
        "vertebra",
        "The vertebra on which the nerve is targeted, or which the level label names.",
        lambda row: row.vertebra,
    ),
    Column(
        "joints",
        "Joints that the nerve is treated for, separated by semicolons; empty for a level label.",
        lambda row: ";".join(row.site.joints) if row.site else "",
    ),
    Column(
        "side",
        "Side of the patient: left or right; empty for a level label.",
        lambda row: row.site.side.value if row.site else "",
    ),
    Column(
        "row_px",
        "Row of the target, the needle tip or the level label, in pixels.",
        lambda row: decimal(row.place.row),
    ),
    Column("column_px", "Column of the same point, in pixels.", lambda row: decimal(row.place.column)),
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
        "Distance from tip to hub in the image, in pixels.",
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
        lambda row: row.image.calibration.source.value,
    ),
    Column("calibration_note", "What to know about the calibration.", lambda row: row.image.calibration.note),
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
)
"""The columns in their order. Positions: rows and columns as in arrays, centre of the top-left pixel (0, 0)."""

NUMERIC = tuple(
    column.name for column in COLUMNS if column.name == "frame_number" or column.name.endswith(("_px", "_mm"))
)
"""Columns that hold numbers; all others hold text and are `guarded`."""
