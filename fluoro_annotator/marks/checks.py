"""The rules a mark has to keep, whoever makes it: a click, a script or an imported file."""

from __future__ import annotations

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.errors import MarkOutsideImageError
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.coordinates import HALF_PIXEL
from fluoro_annotator.marks.study import ImageRecord, StudyRecord
from fluoro_annotator.marks.values import LevelLabel, Mark


def check_mark(mark: Mark, study: StudyRecord, anatomy: Anatomy) -> None:
    """Refuse a mark that cannot be true.

    Parameters
    ----------
    mark : Mark
        The mark to check.
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
    image = study.image(mark.frame.sop_instance_uid)
    _check_frame(mark, image)
    for name in mark.point_names:
        check_point(name, getattr(mark, name), image)
    if isinstance(mark, LevelLabel):
        anatomy.vertebra(mark.vertebra)
    else:
        anatomy.check_site(mark.site)


def _check_frame(mark: Mark, image: ImageRecord) -> None:
    number = mark.frame.frame_number
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
