"""Marks as plain values for JSON, and back."""

from __future__ import annotations

from typing import Any

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import AnatomyError, MarkError
from fluoro_annotator.marks.fields import checked_member, taken
from fluoro_annotator.marks.values import MARK_TYPES, FrameRef, LevelLabel, Mark, MarkKind

SITE_FIELDS = ("nerve", "vertebra", "joints", "side")
FRAME_FIELDS = ("sop_instance_uid", "frame_number")


def site_to_dict(site: Site) -> dict[str, Any]:
    """Return the four fields of a site; the inverse of `site_from_dict`."""
    return {
        "nerve": site.nerve,
        "vertebra": site.vertebra,
        "joints": list(site.joints),
        "side": site.side.value,
    }


def site_from_dict(values: dict[str, Any]) -> Site:
    """Return the site written by `site_to_dict`.

    Raises
    ------
    MarkError
        If a value is missing or of the wrong kind.

    """
    nerve, vertebra, joints, side = (taken("site", values, name) for name in SITE_FIELDS)
    if not isinstance(joints, list | tuple):
        raise MarkError("site", "cannot be read: 'joints' is not a list")
    try:
        return Site(nerve, vertebra, tuple(joints), checked_member("site", "side", side, Side))
    except AnatomyError as error:
        raise MarkError(error.subject, error.problem, error.remedy) from error


def mark_to_dict(mark: Mark) -> dict[str, Any]:
    """Return a mark as plain values.

    Points are ``[row, column]`` in pixels, centre of the top-left pixel ``[0, 0]``. Nothing
    is lost; `mark_from_dict` is the inverse.
    """
    values: dict[str, Any] = {
        "kind": mark.kind.value,
        "mark_id": mark.mark_id,
        "sop_instance_uid": mark.frame.sop_instance_uid,
        "frame_number": mark.frame.frame_number,
        "points": {name: list(getattr(mark, name)) for name in mark.point_names},
    }
    if isinstance(mark, LevelLabel):
        return values | {"vertebra": mark.vertebra}
    return values | {"site": site_to_dict(mark.site)}


def mark_from_dict(values: dict[str, Any]) -> Mark:
    """Return the mark written by `mark_to_dict`.

    Raises
    ------
    MarkError
        If a value is missing or of the wrong kind.

    """
    kind = checked_member("mark", "kind", taken("mark", values, "kind"), MarkKind)
    subject = f"mark ({kind.value})"
    mark_type = MARK_TYPES[kind]
    points = taken(subject, values, "points")
    fields: dict[str, Any] = {name: taken(subject, points, name) for name in mark_type.point_names}
    fields["mark_id"] = taken(subject, values, "mark_id")
    fields["frame"] = FrameRef(*(taken(subject, values, name) for name in FRAME_FIELDS))
    if kind is MarkKind.LEVEL_LABEL:
        fields["vertebra"] = taken(subject, values, "vertebra")
    else:
        fields["site"] = site_from_dict(taken(subject, values, "site"))
    return mark_type(**fields)
