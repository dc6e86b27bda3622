"""Which vertebrae are offered on a frame, from the labels on it and from how the reader counted."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import NamedTuple

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.levels import OfferedLevel, offer_levels
from fluoro_annotator.marks import FrameRef, LevelLabel, MarkSession, Numbering, NumberingScheme
from fluoro_annotator.marks import NumberingConfidence as Confidence
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.drawing import DrawnLine

STRETCHES = {
    NumberingScheme.STANDARD: (("C1", "S1"),),
    NumberingScheme.FOUR_LUMBAR: (("C1", "L4"),),
    NumberingScheme.SIX_LUMBAR: (("C1", "L5"),),
    NumberingScheme.ELEVEN_RIBS: (("C1", "T11"), ("L1", "S1")),
    NumberingScheme.THIRTEEN_RIBS: (("C1", "T12"), ("L1", "S1")),
}
"""From which to which vertebra each follows the one before without a doubt; the names beyond are the reader's.

Four, five or six lumbar-type vertebrae, and eleven to thirteen pairs of ribs, are told apart by the sixth lumbar
and the thirteenth thoracic vertebra, which have no names in the table, or by those that are not there.
"""

TWO = 2
HIT = 0.16
"""Half the side of the square that takes a press, in distances of neighbouring vertebrae."""
CIRCLE_PIECES = 36


class Ghost(NamedTuple):
    """A vertebra that is offered.

    Attributes
    ----------
    level : OfferedLevel
        Which one, where, and how sure.
    reach : float
        How far from its place a press is meant for it, in pixels of the frame.
    aspect : float
        Height of a pixel divided by its width.

    """

    level: OfferedLevel
    reach: float
    aspect: float = 1.0

    def meets(self, point: Point) -> bool:
        """Whether a point is in the square."""
        place = self.level.position
        return max(abs(point.row - place.row), abs(point.column - place.column)) <= self.reach


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered on a frame, and why not more."""

    ghosts: tuple[Ghost, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Basis:
    """All that an offer follows from."""

    frame: FrameRef
    labels: tuple[LevelLabel, ...]
    numbering: Numbering | None
    shape: tuple[int, int]
    aspect: float


class LevelOffers:
    """The offers on the frames of the desk; each is worked out once as long as nothing it rests on changes.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.

    """

    def __init__(self, desk: ReadingDesk) -> None:
        self._desk = desk
        self._offers: dict[FrameRef, tuple[_Basis, Offer]] = {}

    def on(self, frame: FrameRef) -> Offer:
        """Return what is offered on a frame of the study that is worked on."""
        session = self._desk.session
        if session is None:
            return Offer()
        basis = self._basis_of(session, frame)
        known = self._offers.get(frame)
        if known is None or known[0] != basis:
            known = self._offers[frame] = (basis, _offer(basis, self._desk.anatomy))
        return known[1]

    def _basis_of(self, session: MarkSession, frame: FrameRef) -> _Basis:
        labels = tuple(mark for mark in session.marks_on(frame) if isinstance(mark, LevelLabel))
        image = session.study.image(frame.sop_instance_uid)
        aspect = self._aspect(frame)
        return _Basis(frame, labels, session.numbering, (image.rows, image.columns), aspect)

    def _aspect(self, frame: FrameRef) -> float:
        """Return height by width of a pixel."""
        for stack in self._desk.binding.stacks:
            for image in stack.images:
                if image.sop_instance_uid == frame.sop_instance_uid:
                    return image.geometry_at(frame.frame_number - 1).pixel_aspect
        return 1.0


def _offer(basis: _Basis, anatomy: Anatomy) -> Offer:
    """Return the offer, or the reason why there is none."""
    reason = _refusal(basis)
    if reason:
        return Offer(reason=reason)
    places = {label.vertebra: label.position for label in basis.labels}
    stretch = _stretch(basis.numbering, anatomy, places)
    used = {name: place for name, place in places.items() if name in stretch}
    if len(used) < TWO:
        return Offer(reason=texts.OFFER_STRETCH if len(places) >= TWO else texts.OFFER_TWO)
    found = offer_levels(stretch, used, basis.shape, aspect=basis.aspect)
    levels = [level for level in found.levels if level.vertebra not in places]
    reach = {level.vertebra: _reach(level, used, stretch) for level in levels}
    ghosts = tuple(Ghost(level, reach[level.vertebra], basis.aspect) for level in levels)
    return Offer(ghosts, "" if ghosts else _sentence(found.reason) or texts.OFFER_NONE)


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}." if reason else ""


def _refusal(basis: _Basis) -> str:
    """Return why nothing may be offered, or an empty text."""
    numbering = basis.numbering
    names = [label.vertebra for label in basis.labels]
    if len(names) < TWO:
        return texts.OFFER_TWO
    if numbering is None:
        return texts.OFFER_UNCOUNTED
    if numbering.confidence is Confidence.NOT_DETERMINABLE or numbering.scheme not in STRETCHES:
        return texts.OFFER_UNKNOWN
    twice = next((name for name in names if names.count(name) > 1), "")
    return texts.OFFER_TWICE.format(vertebra=twice) if twice else ""


def _stretch(numbering: Numbering | None, anatomy: Anatomy, places: dict[str, Point]) -> tuple[str, ...]:
    """Return the vertebrae that follow each other without a doubt, where most of the labels are."""
    names = list(anatomy.vertebrae)
    ends = STRETCHES[numbering.scheme] if numbering is not None else ()
    stretches = [tuple(names[names.index(first) : names.index(last) + 1]) for first, last in ends]
    return max(stretches, key=lambda stretch: len(places.keys() & set(stretch)), default=())


def _reach(level: OfferedLevel, used: dict[str, Point], stretch: tuple[str, ...]) -> float:
    """Return half the side of the square that takes presses; squares of neighbours do not meet."""
    rank = stretch.index(level.vertebra)
    spacings = [
        hypot(place.row - level.position.row, place.column - level.position.column)
        / abs(stretch.index(name) - rank)
        for name, place in used.items()
    ]
    return HIT * min(spacings)


def ghost_lines(ghost: Ghost) -> tuple[DrawnLine, DrawnLine]:
    """Return the square that takes presses, with the name, and the circle of the uncertainty, in dashes."""
    (row, column), reach, radius = ghost.level.position, ghost.reach, ghost.level.radius_px
    corners = ((-reach, reach), (reach, reach), (reach, -reach), (-reach, -reach))
    square = tuple(Point(row + down, column + right) for down, right in corners)
    angles = [2 * pi * piece / CIRCLE_PIECES for piece in range(CIRCLE_PIECES)]
    circle = tuple(
        Point(row + radius / ghost.aspect * sin(angle), column + radius * cos(angle)) for angle in angles
    )
    text = texts.GHOST_DOUBTFUL if ghost.level.doubtful else texts.GHOST
    name = text.format(vertebra=ghost.level.vertebra)
    return (
        DrawnLine(points=square, colour=styles.YELLOW, closed=True, dashed=True, text=name),
        DrawnLine(points=circle, colour=styles.YELLOW, closed=True, dashed=True),
    )
