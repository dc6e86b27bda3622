"""What looks wrong about marks: said when they are made and on demand, never refused.

Every rule looks at the marks of one frame. What it finds is a question to the reader, who may know
better: a table turned round, a mirrored image, a spine that is numbered otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

import numpy as np

from fluoro_annotator.anatomy import Anatomy, Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import FrameRef
from fluoro_annotator.marks.needle import Needle
from fluoro_annotator.marks.observations import EventMark, Landmark, LevelLabel, ViewJudgement
from fluoro_annotator.marks.values import Mark, Target, site_of, vertebra_of
from fluoro_annotator.protocols.words import Severity

STEEP_DEG = 15.0
"""Tilt beyond which a process is not seen at the level of its own vertebral body: engineering default.

A superior articular process lies some 40 mm behind the middle of the body; tilted by 40 degrees it
is seen a whole level away.
"""

OBLIQUE_DEG = 10.0
"""Turn beyond which the side of a process is not told from the middle of the body: engineering default."""

MARGIN = 0.2
"""How far a mark has to be on the wrong side of a label, as a part of the distance of two labels."""


class FindingCode(StrEnum):
    """What looks wrong, as in the list of common errors of a review."""

    ORDER = "LEVEL_ORDER"
    DUPLICATE = "DUPLICATE"
    SIDE = "SIDE_CONTRADICTS_ORIENTATION"
    NAME_CONVENTION = "NAME_CONVENTION_CONFUSION"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks wrong.

    Attributes
    ----------
    code : FindingCode
        Which rule found it.
    severity : Severity
        How much it would matter.
    mark_ids : tuple of str
        The marks it is about.
    text : str
        What contradicts what, for a physician.

    """

    code: FindingCode
    severity: Severity
    mark_ids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What is known of the direction of an image.

    Attributes
    ----------
    letters : tuple of str
        Patient Orientation (0020,0020): where columns and where rows lead, for example
        ``("L", "F")``; empty texts where the file says nothing.
    oblique_deg : float or None
        Turn off the sagittal plane, 0 for AP and PA; None if not known.
    tilt_deg : float or None
        Tilt towards head or feet; None if not known.

    """

    letters: tuple[str, str] = ("", "")
    oblique_deg: float | None = None
    tilt_deg: float | None = None


NOTHING_KNOWN = ViewFacts()
_Direction = tuple[float, float]


def findings(
    marks: Iterable[Mark], anatomy: Anatomy, facts_of: Callable[[str], ViewFacts] | None = None
) -> tuple[Finding, ...]:
    """Return what looks wrong about marks, frame by frame.

    Parameters
    ----------
    marks : iterable of Mark
        The marks of a reading, or of one frame right after an entry.
    anatomy : Anatomy
        The table of nerves and vertebrae.
    facts_of : callable, optional
        Returns what is known of the direction of an image for its SOP Instance UID.

    """
    frames: dict[FrameRef, list[Mark]] = {}
    for mark in marks:
        frames.setdefault(mark.frame, []).append(mark)
    found: list[Finding] = []
    for frame, here in frames.items():
        facts = facts_of(frame.sop_instance_uid) if facts_of else NOTHING_KNOWN
        for rule in (_duplicates, _order, _sides, _names):
            found += rule(here, anatomy, facts)
    return tuple(found)


# ---------------------------------------------------------------------- directions


def _toward(letters: tuple[str, str], letter: str, opposite: str) -> _Direction | None:
    """Return the direction in the image, as (rows, columns), in which a side of the patient lies."""
    along_columns, along_rows = letters
    for text, direction in ((along_columns, (0.0, 1.0)), (along_rows, (1.0, 0.0))):
        if text[:1] == letter:
            return direction
        if text[:1] == opposite:
            return -direction[0], -direction[1]
    return None


def _along(point: Point, direction: _Direction) -> float:
    return point.row * direction[0] + point.column * direction[1]


def _between(first: Point, second: Point) -> _Direction:
    return second.row - first.row, second.column - first.column


# ---------------------------------------------------------------------- rules


def _duplicates(marks: Sequence[Mark], anatomy: Anatomy, _facts: ViewFacts) -> Iterator[Finding]:
    """Find marks of the same thing on the same frame."""
    same: dict[object, list[Mark]] = {}
    for mark in marks:
        key = _thing(mark)
        if key is not None:
            same.setdefault(key, []).append(mark)
    for group in same.values():
        if len(group) > 1:
            text = (
                f"{group[0].label(anatomy)} is marked {len(group)} times on this frame. Delete or rename one."
            )
            yield Finding(FindingCode.DUPLICATE, Severity.MINOR, _ids(group), text)


def _thing(mark: Mark) -> object:
    """Return what may be marked only once on a frame; None for what may be marked often."""
    if isinstance(mark, Needle):
        return mark.kind, mark.needle_id
    if isinstance(mark, EventMark):
        return mark.kind, mark.event, mark.site
    if isinstance(mark, ViewJudgement):
        return mark.kind, mark.view
    if isinstance(mark, Landmark):
        return mark.kind, mark.name, mark.vertebra, mark.side
    site = site_of(mark)
    return (mark.kind, site.nerve, site.side) if site else (mark.kind, vertebra_of(mark))


def _order(marks: Sequence[Mark], anatomy: Anatomy, facts: ViewFacts) -> Iterator[Finding]:
    """Find vertebrae, and targets, that do not follow each other as they do in a spine.

    Labels are compared with labels and targets with targets, because a tilted beam shows processes
    and bodies at different heights.
    """
    for kind in (LevelLabel, Target):
        placed = sorted(
            (mark for mark in marks if isinstance(mark, kind)), key=lambda mark: _rank(mark, anatomy)
        )
        caudal = _toward(facts.letters, "F", "H") or _own_direction(placed)
        levels: dict[int, list[LevelLabel | Target]] = {}
        for mark in placed:
            levels.setdefault(_rank(mark, anatomy), []).append(mark)
        for level, above in levels.items():
            for one, other in _not_beyond(above, levels.get(level + 1, []), caudal):
                yield _out_of_order(above[one], levels[level + 1][other], anatomy)
        yield from _gaps_out_of_order(placed, anatomy, caudal)


def _not_beyond(
    first: Sequence[LevelLabel | Target], second: Sequence[LevelLabel | Target], direction: _Direction
) -> list[list[int]]:
    """Return the places of pairs of which the second does not lie beyond the first, of thousands in no time."""
    start, end = (np.array([_along(mark.position, direction) for mark in each]) for each in (first, second))
    return [[int(one), int(other)] for one, other in np.argwhere(end <= start[:, None])]


def _gaps_out_of_order(
    placed: Sequence[LevelLabel | Target], anatomy: Anatomy, caudal: _Direction
) -> Iterator[Finding]:
    """Compare neighbours in the list that are more than one level apart."""
    for above, below in pairwise(placed):
        levels = _rank(below, anatomy) - _rank(above, anatomy)
        if levels > 1 and _along(below.position, caudal) <= _along(above.position, caudal):
            yield _out_of_order(above, below, anatomy)


def _own_direction(placed: Sequence[LevelLabel | Target]) -> _Direction:
    """Return the direction from the first to the last; alone, two marks contradict nothing."""
    return _between(placed[0].position, placed[-1].position) if placed else (0.0, 0.0)


def _out_of_order(above: LevelLabel | Target, below: LevelLabel | Target, anatomy: Anatomy) -> Finding:
    text = (
        f"{below.label(anatomy)} is not marked below (towards the feet of) {above.label(anatomy)}. "
        "Check the levels, and whether the image is upside down."
    )
    return Finding(FindingCode.ORDER, Severity.MAJOR, (above.mark_id, below.mark_id), text)


def _rank(mark: Mark, anatomy: Anatomy) -> int:
    return anatomy.vertebra(str(vertebra_of(mark))).order


def _sides(marks: Sequence[Mark], anatomy: Anatomy, facts: ViewFacts) -> Iterator[Finding]:
    """Find targets whose side contradicts the orientation letters; without letters nothing is said."""
    left = _toward(facts.letters, "L", "R")
    if left is None:
        return
    targets = [mark for mark in marks if isinstance(mark, Target)]
    labels = _labels(marks)
    for one, other in _crossed(targets, left):
        yield _wrong_side((one, other), anatomy, facts, "lie on each other's side")
    if facts.oblique_deg is not None and abs(facts.oblique_deg) <= OBLIQUE_DEG:
        margin = MARGIN * _spacing(labels, anatomy)
        for target in targets:
            label = labels.get(target.site.vertebra)
            if label is not None and margin > 0 and _beyond(target, label, left) > margin:
                where = f"lies on the other side of the {label.vertebra} label"
                yield _wrong_side((target, label), anatomy, facts, where)


def _crossed(targets: Sequence[Target], left: _Direction) -> list[tuple[Target, Target]]:
    """Return pairs of a left and a right target of one nerve of which the left one does not lie further left."""
    order = {target.mark_id: place for place, target in enumerate(targets)}
    nerves: dict[str, dict[Side, list[Target]]] = {}
    for target in targets:
        nerves.setdefault(target.site.nerve, {}).setdefault(target.site.side, []).append(target)
    pairs = [
        (sides[Side.LEFT][one], sides[Side.RIGHT][other])
        for sides in nerves.values()
        if Side.LEFT in sides and Side.RIGHT in sides
        for other, one in _not_beyond(sides[Side.RIGHT], sides[Side.LEFT], left)
    ]
    return sorted(pairs, key=lambda pair: sorted(order[mark.mark_id] for mark in pair))


def _beyond(target: Target, label: LevelLabel, left: _Direction) -> float:
    """Return how far a target lies on the side that it should not be on, in pixels."""
    sign = {Side.LEFT: -1.0, Side.RIGHT: 1.0}.get(target.site.side, 0.0)
    return sign * (_along(target.position, left) - _along(label.position, left))


def _wrong_side(marks: Sequence[Mark], anatomy: Anatomy, facts: ViewFacts, where: str) -> Finding:
    named = " and ".join(mark.label(anatomy) for mark in marks if isinstance(mark, Target))
    text = (
        f"{named} {where}, going by the orientation letters of the image ({' / '.join(facts.letters)}). "
        "Check the side, and whether the image is mirrored or the patient's position was entered wrongly."
    )
    return Finding(FindingCode.SIDE, Severity.CRITICAL, _ids(marks), text)


def _names(marks: Sequence[Mark], anatomy: Anatomy, facts: ViewFacts) -> Iterator[Finding]:
    """Find targets that lie at the vertebra of their nerve's number, and not where the nerve is reached."""
    if facts.tilt_deg is not None and abs(facts.tilt_deg) > STEEP_DEG:
        return
    labels = _labels(marks)
    for target in marks:
        if not isinstance(target, Target):
            continue
        nerve = anatomy.nerve(target.site.nerve)
        own, namesake = labels.get(target.site.vertebra), labels.get(nerve.spinal_nerve)
        if own is None or namesake is None or own is namesake:
            continue
        if _share(target.position, namesake.position, own.position) < 1 / 2:
            yield _misnamed(target, namesake, anatomy)


def _misnamed(target: Target, namesake: LevelLabel, anatomy: Anatomy) -> Finding:
    nerves = [nerve.label for nerve in anatomy.nerves.values() if nerve.vertebra == namesake.vertebra]
    text = (
        f"{target.label(anatomy)} is marked beside {namesake.vertebra}, nearer to it than to "
        f"{target.site.vertebra}. A nerve is named for the spinal nerve it comes from: at "
        f"{namesake.vertebra} lies the {' or '.join(nerves)}. Check which one is meant."
    )
    return Finding(FindingCode.NAME_CONVENTION, Severity.MAJOR, (target.mark_id, namesake.mark_id), text)


def _share(point: Point, start: Point, end: Point) -> float:
    """Return how far along a line a point lies: 0 at its start, 1 at its end; 1 for a line without length."""
    down, right = _between(start, end)
    length = down**2 + right**2
    offset = _between(start, point)
    return (offset[0] * down + offset[1] * right) / length if length > 0 else 1.0


def _labels(marks: Iterable[Mark]) -> dict[str, LevelLabel]:
    return {mark.vertebra: mark for mark in marks if isinstance(mark, LevelLabel)}


def _spacing(labels: dict[str, LevelLabel], anatomy: Anatomy) -> float:
    """Return the mean distance of neighbouring vertebrae in pixels, 0 if it cannot be told."""
    ordered = sorted(labels.values(), key=lambda label: _rank(label, anatomy))
    steps = [
        first.position.distance(second.position) / (_rank(second, anatomy) - _rank(first, anatomy))
        for first, second in pairwise(ordered)
    ]
    return fmean(steps) if steps else 0.0


def _ids(marks: Iterable[Mark]) -> tuple[str, ...]:
    return tuple(mark.mark_id for mark in marks)
