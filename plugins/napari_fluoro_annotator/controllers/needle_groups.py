"""Marks of one needle on several frames, and which needles may be the same."""

from __future__ import annotations

from dataclasses import replace

from fluoro_annotator.marks import Mark, MarkKind, MarkSession, Needle

MOST_OFFERED = 20
"""How many needles are offered as the same one, the newest; nobody looks through more."""


def marks_of(session: MarkSession, needle_id: str) -> list[Needle]:
    """Return every mark of a needle, oldest first."""
    needles = session.records_of(MarkKind.NEEDLE)
    return [mark for mark in needles if isinstance(mark, Needle) and mark.needle_id == needle_id]


def other_needles(session: MarkSession, needle: Needle) -> list[Needle]:
    """Return the last mark of each other needle of the same nerve and side, the newest ones, oldest first.

    A needle is seen once on a frame, so one that is marked on this frame, too, is another.
    """
    found: dict[str, list[Needle]] = {}
    for mark in session.records_of(MarkKind.NEEDLE):
        if isinstance(mark, Needle) and mark.site == needle.site and mark.needle_id != needle.needle_id:
            found.setdefault(mark.needle_id, []).append(mark)
    groups = found.values()
    free = [group[-1] for group in groups if all(one.frame != needle.frame for one in group)]
    return free[-MOST_OFFERED:]


def same_instrument(needle: Needle, other: Needle) -> Needle:
    """Return a needle as the same instrument as another one."""
    return replace(
        needle,
        needle_id=other.needle_id,
        gauge=other.gauge,
        length_mm=other.length_mm,
        active_tip_mm=other.active_tip_mm,
    )


def is_same_thing(mark: Mark, other: Mark) -> bool:
    """Return whether two marks stand for one thing: copying would mark it twice on a frame."""
    if isinstance(mark, Needle) and isinstance(other, Needle):
        return mark.needle_id == other.needle_id
    return replace(mark, frame=other.frame, mark_id=other.mark_id) == other
