"""The rules a mark has to keep, whoever makes it: a click, a script or an imported file."""

from __future__ import annotations

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.errors import MarkOutsideImageError
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.coordinates import HALF_PIXEL
from fluoro_annotator.marks.facts import Fact, PlanChoice
from fluoro_annotator.marks.observations import Landmark, LevelLabel
from fluoro_annotator.marks.study import ImageRecord, StudyRecord
from fluoro_annotator.marks.values import FrameRef, Record, image_of, site_of


def check_mark(mark: Record, study: StudyRecord, anatomy: Anatomy) -> None:
    """Refuse a record that cannot be true.

    Parameters
    ----------
    mark : Record
        The record to check.
    study : StudyRecord
        The study that holds its image.
    anatomy : Anatomy
        The table of nerves, vertebrae, joints and sides.

    Raises
    ------
    UnknownImageError
        If the image is not part of the study.
    MarkOutsideImageError
        If the frame does not exist or a point lies outside the image.
    AnatomyError
        If the nerve, vertebra, joints or side do not exist or do not go together.

    """
    uid = image_of(mark)
    if uid is not None:
        _check_place(mark, study.image(uid))
    if isinstance(mark, LevelLabel | Landmark):
        anatomy.vertebra(mark.vertebra)
    if isinstance(mark, PlanChoice):
        for joint in mark.joints:
            anatomy.joint(joint)
    site = site_of(mark)
    if site is not None:
        anatomy.check_site(site)


def _check_place(mark: Record, image: ImageRecord) -> None:
    if not isinstance(mark, Fact):
        _check_frame(mark.frame, image)
    for name, point in zip(mark.point_names, mark.points, strict=True):
        check_point(name.replace("_", " "), point, image)


def _check_frame(frame: FrameRef, image: ImageRecord) -> None:
    number = frame.frame_number
    if number > image.frames:
        frames = "1 frame" if image.frames == 1 else f"{image.frames} frames"
        raise MarkOutsideImageError(f"frame {number}", f"does not exist: the image has {frames}")


def check_point(name: str, point: Point, image: ImageRecord) -> None:
    """Refuse a point beside its image.

    Parameters
    ----------
    name : str
        What the point is called in the message.
    point : Point
        ``(row, column)`` in pixels.
    image : ImageRecord
        The image.

    Raises
    ------
    MarkOutsideImageError
        If it lies outside.

    """
    row, column = point
    inside_rows = -HALF_PIXEL <= row <= image.rows - HALF_PIXEL
    inside_columns = -HALF_PIXEL <= column <= image.columns - HALF_PIXEL
    if not (inside_rows and inside_columns):
        raise MarkOutsideImageError(
            f"{name} at row {row:.1f}, column {column:.1f}",
            f"lies outside the image of {image.rows} rows and {image.columns} columns",
            "Place the mark on the image.",
        )
