"""A needle as it is seen on one frame, and what is known of the instrument."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from fluoro_annotator.anatomy import Anatomy, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import MarkKind, OnFrame
from fluoro_annotator.marks.fields import (
    checked_count,
    checked_member,
    checked_number,
    checked_optional,
    checked_text,
)

GAUGES = (16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27)
"""Sizes that can be chosen (Birmingham gauge, as in ISO 9626): an engineering choice, wide on purpose."""

LONGEST_NEEDLE_MM = 300.0
"""No spinal needle or cannula is longer; a larger number is a slip of the keyboard."""

LONGEST_TIP_MM = 50.0
"""No active tip of a radiofrequency cannula is longer."""


class NeedleStatus(StrEnum):
    """What is done with the needle at this frame."""

    ADVANCE = "advance"
    WITHDRAW = "withdraw"
    FINAL = "final"
    INJECT = "inject"
    ABLATE = "ablate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle(OnFrame):
    """A needle, marked tip first, meant for one nerve on one side.

    Parameters
    ----------
    site : Site
        Nerve, vertebra, joints and side that the needle is meant for.
    tip, hub : Point
        ``(row, column)`` in pixels; the two differ.
    shaft : tuple of Point
        Places where the shaft bends, in order from the tip.
    needle_id : str
        Which needle it is: the same on every frame and in every view on which it is marked. By
        default it is a needle that no other mark shows, named by the identifier of this mark.
    gauge : int or None
        Size, one of `GAUGES`; None if not stated.
    length_mm, active_tip_mm : float or None
        Length of the shaft and of the bare tip of a radiofrequency cannula, in mm.
    status : NeedleStatus or None
        What is done with it at this frame.

    Raises
    ------
    MarkError
        If a value is not of its kind, two neighbouring points coincide, or the active tip is longer
        than the needle.

    """

    site: Site
    tip: Point
    hub: Point
    shaft: tuple[Point, ...] = ()
    needle_id: str = ""
    gauge: int | None = None
    length_mm: float | None = None
    active_tip_mm: float | None = None
    status: NeedleStatus | None = None

    kind: ClassVar[MarkKind] = MarkKind.NEEDLE
    single_points: ClassVar[tuple[str, ...]] = ("tip", "hub")
    point_list: ClassVar[str] = "shaft"
    list_name: ClassVar[str] = "shaft"
    required: ClassVar[tuple[str, ...]] = ("site",)
    optional: ClassVar[tuple[str, ...]] = ("needle_id", "gauge", "length_mm", "active_tip_mm", "status")

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)  # super() does not find the class that slots=True makes anew
        self._check_path()
        self._keep(
            needle_id=checked_text("needle", "needle_id", self.needle_id or self.mark_id),
            gauge=checked_optional(_gauge, "needle", "gauge", self.gauge),
            length_mm=checked_optional(
                checked_number, "needle", "length_mm", self.length_mm, LONGEST_NEEDLE_MM
            ),
            active_tip_mm=checked_optional(
                checked_number, "needle", "active_tip_mm", self.active_tip_mm, LONGEST_TIP_MM
            ),
            status=checked_optional(checked_member, "needle", "status", self.status, NeedleStatus),
        )
        if (self.active_tip_mm or 0.0) > (self.length_mm or LONGEST_NEEDLE_MM):
            raise MarkError("needle", "has an active tip longer than itself", "Check both lengths.")

    def _check_path(self) -> None:
        path = self.path
        if self.tip == self.hub or any(first == second for first, second in pairwise(path)):
            raise MarkError(
                "needle",
                "has its tip and its hub in the same place, or two points of its shaft",
                "Mark the tip, then the hub.",
            )

    @property
    def path(self) -> tuple[Point, ...]:
        """The needle from tip to hub by way of its bends, in pixels."""
        return (self.tip, *self.shaft, self.hub)

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark."""
        return f"Needle, {anatomy.site_label(self.site)}"


def _gauge(subject: str, name: str, value: object) -> int:
    gauge = checked_count(subject, name, value)  # type: ignore[arg-type]  # anything else is refused there
    if gauge not in GAUGES:
        known = ", ".join(map(str, GAUGES))
        raise MarkError(subject, f"cannot be used: {name!r} is not one of {known}")
    return gauge
