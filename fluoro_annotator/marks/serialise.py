"""Marks as plain values for JSON, and back."""

from __future__ import annotations

from typing import Any

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import GeometryError, MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.values import MARK_TYPES, FrameRef, LevelLabel, Mark, MarkKind


def site_to_dict(site: Site) -> dict[str, Any]:
    """Return the four fields of a site; the inverse of `site_from_dict`."""
    return {
        "nerve": site.nerve,
        "vertebra": site.vertebra,
        "joints": list(site.joints),
        "side": site.side.value,
    }


def site_from_dict(values: dict[str, Any]) -> Site:
    """Return the site written by `site_to_dict`."""
    return Site(
        nerve=values["nerve"],
        vertebra=values["vertebra"],
        joints=tuple(values["joints"]),
        side=Side(values["side"]),
    )


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
    try:
        kind = MarkKind(values["kind"])
        fields: dict[str, Any] = {
            name: Point.checked(*values["points"][name]) for name in MARK_TYPES[kind].point_names
        }
        fields["mark_id"] = values["mark_id"]
        fields["frame"] = FrameRef(values["sop_instance_uid"], values["frame_number"])
        if kind is MarkKind.LEVEL_LABEL:
            fields["vertebra"] = values["vertebra"]
        else:
            fields["site"] = site_from_dict(values["site"])
        return MARK_TYPES[kind](**fields)
    except (KeyError, TypeError, ValueError, GeometryError) as error:
        raise MarkError("mark", f"cannot be read ({error!r})") from error
