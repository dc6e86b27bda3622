"""Lines that needles are measured against: endplates, and the axes and safety lines of protocols.

A line is placed as landmarks, one for each of its points, so that it is stored, moved and undone
like every other mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fluoro_annotator.anatomy import Anatomy, Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Landmark, Mark, Needle
from fluoro_annotator.protocols import ConstructionKind, Protocol, TipSide
from napari_fluoro_annotator import texts


class LineRole(StrEnum):
    """What a line is for."""

    ENDPLATE = "endplate"
    DEPTH = "depth"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKind:
    """A line that can be placed.

    Attributes
    ----------
    key : str
        Identifier; that of the protocol where it comes from one.
    title : str
        Name for the screen.
    role : LineRole
        What it is for.
    landmarks : tuple of str
        Names of the landmarks that make it, in order.
    prompts : tuple of str
        What each of them is, in words.
    nerves, vertebrae : frozenset of str
        The nerves for which it holds, and where they are reached; empty for all.
    safe : TipSide or None
        For a safety line: where the tip has to be.
    rule : str
        What is demanded of the tip; may be empty.

    """

    key: str
    title: str
    role: LineRole
    landmarks: tuple[str, ...]
    prompts: tuple[str, ...]
    nerves: frozenset[str] = frozenset()
    vertebrae: frozenset[str] = frozenset()
    safe: TipSide | None = None
    rule: str = ""

    @property
    def short_title(self) -> str:
        """The title as far as the first comma."""
        return self.title.split(",")[0]

    def is_at(self, vertebra: str) -> bool:
        """Return whether there is such a line at a vertebra."""
        return not self.vertebrae or vertebra in self.vertebrae

    @property
    def sided(self) -> bool:
        """Whether its landmarks belong to one side of the patient."""
        return self.role is not LineRole.ENDPLATE


ENDPLATE = LineKind(
    key="superior_endplate",
    title=texts.ENDPLATE,
    role=LineRole.ENDPLATE,
    landmarks=("superior_endplate_1", "superior_endplate_2"),
    prompts=(texts.ENDPLATE_FIRST, texts.ENDPLATE_SECOND),
)
"""The published angles of electrodes are measured from the superior endplate (Tran et al. 2023)."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of which every landmark is placed on a frame."""

    kind: LineKind
    vertebra: str
    side: Side | None
    points: tuple[Point, ...]
    mark_ids: tuple[str, ...] = ()

    def concerns(self, needle: Needle) -> bool:
        """Return whether a needle is measured against it: same vertebra, same side, a nerve it holds for."""
        site, nerves = needle.site, self.kind.nerves
        return (
            self.vertebra == site.vertebra
            and self.side in {None, site.side}
            and (not nerves or site.nerve in nerves)
        )


def line_kinds(protocols: Iterable[Protocol], anatomy: Anatomy) -> tuple[LineKind, ...]:
    """Return the lines that can be placed: the endplate, then those of the protocols, each once.

    Parameters
    ----------
    protocols : iterable of Protocol
        Those of the plan.
    anatomy : Anatomy
        Says at which vertebra each nerve is reached.

    """
    found: dict[str, LineKind] = {ENDPLATE.key: ENDPLATE}
    for protocol in protocols:
        for kind in _of_protocol(protocol, anatomy):
            known = found.get(kind.key, kind)
            found[kind.key] = replace(
                known, nerves=known.nerves | kind.nerves, vertebrae=known.vertebrae | kind.vertebrae
            )
    return tuple(found.values())


def _of_protocol(protocol: Protocol, anatomy: Anatomy) -> Iterator[LineKind]:
    for nerve in protocol.nerves:
        nerves, vertebrae = frozenset({nerve}), frozenset({anatomy.nerve(nerve).vertebra})
        for axis in protocol.constructions_of(nerve):
            if axis.kind is ConstructionKind.AXIS:
                yield LineKind(
                    key=axis.id,
                    title=axis.title,
                    role=LineRole.DEPTH,
                    landmarks=axis.landmarks,
                    prompts=_titles(protocol, axis.landmarks),
                    nerves=nerves,
                    vertebrae=vertebrae,
                )
        for line in protocol.safety_lines_of(nerve):
            if line.landmarks:
                yield LineKind(
                    key=line.id,
                    title=line.title,
                    role=LineRole.SAFETY,
                    landmarks=line.landmarks,
                    prompts=_titles(protocol, line.landmarks),
                    nerves=nerves,
                    vertebrae=vertebrae,
                    safe=line.tip,
                    rule=line.rule,
                )


def _titles(protocol: Protocol, landmarks: Sequence[str]) -> tuple[str, ...]:
    return tuple(protocol.landmark(key).title for key in landmarks)


def placed_lines(kinds: Iterable[LineKind], marks: Iterable[Mark]) -> tuple[PlacedLine, ...]:
    """Return the lines whose landmarks are all among the marks of a frame.

    Where a landmark is there twice, the one that was placed last counts.
    """
    landmarks = [mark for mark in marks if isinstance(mark, Landmark)]
    if not landmarks:
        return ()
    last = {(mark.vertebra, mark.side, mark.name): mark for mark in landmarks}
    owners = dict.fromkeys((mark.vertebra, mark.side) for mark in landmarks)
    return tuple(
        _placed(kind, *owner, [last[*owner, name] for name in kind.landmarks])
        for kind in kinds
        for owner in owners
        if kind.is_at(owner[0]) and all((*owner, name) in last for name in kind.landmarks)
    )


def _placed(kind: LineKind, vertebra: str, side: Side | None, landmarks: Sequence[Landmark]) -> PlacedLine:
    points = tuple(mark.position for mark in landmarks)
    return PlacedLine(kind, vertebra, side, points, tuple(mark.mark_id for mark in landmarks))


def in_words(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]
