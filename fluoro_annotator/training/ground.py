"""What the references have marked on a frame, for one nerve on one side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import Final

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, Landmark, MarkKind, Needle, NerveCourse, Target, TargetZone
from fluoro_annotator.protocols import Protocol, ViewFamily
from fluoro_annotator.training.material import ImageFacts, Marking
from fluoro_annotator.training.regions import Outlier, Region, estimate_region, split_outliers

ENDPLATE: Final = ("superior_endplate_1", "superior_endplate_2")
"""Landmarks at both ends of a superior endplate: vertebral width on an AP, depth on a lateral."""

TELL_SIDES: Final = frozenset({ViewFamily.AP, ViewFamily.OBLIQUE})
"""Views in which left and right lie apart; on a lateral they fall together."""

Key = tuple[str, Side]


@dataclass(frozen=True)
class Ground:
    """References on one frame, for one nerve on one side.

    Parameters
    ----------
    protocol : Protocol
        Whose limits hold.
    site : Site
        What was asked for.
    image : ImageFacts
        What is known of the image.
    frame : FrameRef
        The frame.
    experts : tuple of Marking
        The references.
    kind : MarkKind
        Target or needle.
    near : Point or None
        Where the answer is: of several marks that an expert has for one nerve, as for the third occipital nerve, the
        nearest counts; without an answer the first.

    """

    protocol: Protocol
    site: Site
    image: ImageFacts
    frame: FrameRef
    experts: tuple[Marking, ...]
    kind: MarkKind = field(default=MarkKind.TARGET)
    near: Point | None = None

    @cached_property
    def against_needles(self) -> bool:
        """Whether an expert marked this very needle, so that a needle is compared with it."""
        return self.kind is MarkKind.NEEDLE and any(self._needles(one) for one in self.experts)

    @cached_property
    def points(self) -> dict[str, dict[Key, Point]]:
        """For each expert the place of each nerve and side: tips if needles are compared, else targets."""
        return {expert.reader: self._points_of(expert) for expert in self.experts}

    @cached_property
    def own(self) -> dict[str, Point]:
        """Where each expert placed what was asked for."""
        key = (self.site.nerve, self.site.side)
        return {reader: places[key] for reader, places in self.points.items() if key in places}

    @cached_property
    def _split(self) -> tuple[dict[str, Point], tuple[Outlier, ...]]:
        ruler = self.image.ruler
        return split_outliers(self.own, aspect=ruler.aspect, placement_px=ruler.placement_px)

    @property
    def kept(self) -> dict[str, Point]:
        """The experts' marks that lie together."""
        return self._split[0]

    @property
    def outliers(self) -> tuple[Outlier, ...]:
        """The experts' marks that were set aside."""
        return self._split[1]

    @cached_property
    def region(self) -> Region | None:
        """The region of three or more marks that lie together, None of fewer."""
        ruler = self.image.ruler
        return estimate_region(self.kept, aspect=ruler.aspect, placement_px=ruler.placement_px)

    @cached_property
    def centre(self) -> Point | None:
        """The mean of the marks that lie together; None if nobody has marked it."""
        return middle_of(self.kept.values())

    @cached_property
    def rivals(self) -> dict[Key, Point]:
        """Where the references have the same for other nerves and sides."""
        found: dict[Key, list[Point]] = defaultdict(list)
        for places in self.points.values():
            for key, point in places.items():
                if key != (self.site.nerve, self.site.side):
                    found[key].append(point)
        centres = {key: middle_of(points) for key, points in found.items()}
        return {key: point for key, point in centres.items() if point is not None and self.tells(key)}

    def tells(self, key: Key) -> bool:
        """Return whether a place of another nerve or side can be told from the one asked for in this view."""
        return key[1] is self.site.side or self.family in TELL_SIDES

    @cached_property
    def view(self) -> str:
        """The view whose limits hold; ``""`` if nobody says which it is, or it is turned to the other side."""
        sided = {view.id for view in self.protocol.views if view.sided}
        turned = self.image.turned_to
        away = self.image.view in sided and turned is not None and turned is not self.site.side
        return "" if away else self.image.view

    @cached_property
    def family(self) -> ViewFamily | None:
        """The kind of view, None if nobody says which view it is."""
        views = {view.id: view.family for view in self.protocol.views}
        return views.get(self.image.view)

    @cached_property
    def landmarks(self) -> dict[str, Point]:
        """Landmarks of the vertebra on this side, each the mean of those that the experts placed."""
        found: dict[str, list[Point]] = defaultdict(list)
        for expert in self.experts:
            for mark in expert.on(self.frame, Landmark):
                if mark.vertebra == self.site.vertebra and mark.side in {self.site.side, None}:
                    found[mark.name].append(mark.position)
        centres = {name: middle_of(points) for name, points in found.items()}
        return {name: point for name, point in centres.items() if point is not None}

    def line(self, names: Iterable[str]) -> tuple[Point, ...] | None:
        """Return the points of landmarks in their order; None if there are no names, or one is not placed."""
        wanted = tuple(names)
        if not wanted or not all(name in self.landmarks for name in wanted):
            return None
        return tuple(self.landmarks[name] for name in wanted)

    @cached_property
    def course(self) -> NerveCourse | None:
        """The course of the nerve as the first expert drew it who did."""
        drawn = (course for one in self.experts for course in one.on(self.frame, NerveCourse))
        return next((course for course in drawn if self._is_asked(course.site)), None)

    @cached_property
    def zone(self) -> TargetZone | None:
        """The zone that the only expert drew; of several experts a region is estimated instead."""
        if len(self.experts) > 1:
            return None
        drawn = (zone for one in self.experts for zone in one.on(self.frame, TargetZone))
        return next((zone for zone in drawn if self._is_asked(zone.site)), None)

    @cached_property
    def needle(self) -> Needle | None:
        """The needle of the first expert who marked it, if needles are compared."""
        drawn = next((needles for one in self.experts if (needles := self._needles(one))), ())
        return min(drawn, key=lambda one: self._away(one.tip), default=None) if self.against_needles else None

    def _needles(self, expert: Marking) -> tuple[Needle, ...]:
        return tuple(one for one in expert.on(self.frame, Needle) if self._is_asked(one.site))

    def _points_of(self, expert: Marking) -> dict[Key, Point]:
        found: dict[Key, list[Point]] = defaultdict(list)
        kind: type[Target | Needle] = Needle if self.against_needles else Target
        for mark in expert.on(self.frame, kind):
            found[_key(mark.site)].append(mark.points[0])
        return {key: min(points, key=self._away) for key, points in found.items()}

    def _away(self, point: Point) -> float:
        """Return how far a point is from the answer; all are equally far from none, and the first counts."""
        return 0.0 if self.near is None else self.image.ruler.pixels(self.near, point)

    def _is_asked(self, site: Site) -> bool:
        return _key(site) == _key(self.site)


def _key(site: Site) -> Key:
    return site.nerve, site.side


def middle_of(points: Iterable[Point]) -> Point | None:
    """Return the mean of points, None of none."""
    kept = tuple(points)
    if not kept:
        return None
    return Point(fmean(point.row for point in kept), fmean(point.column for point in kept))


def nearest_key(point: Point, places: Mapping[Key, Point], image: ImageFacts) -> Key | None:
    """Return which of several places is nearest to a point, None if there are none."""
    if not places:
        return None
    return min(places, key=lambda key: image.ruler.pixels(point, places[key]))
