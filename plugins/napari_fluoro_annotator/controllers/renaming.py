"""Renaming all vertebrae at once, shown before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fluoro_annotator.anatomy import Region
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import MarkSession, shift, vertebra_of
from fluoro_annotator.marks.renumbering import renumbered
from napari_fluoro_annotator import texts


class Scope(StrEnum):
    """Which vertebrae were miscounted."""

    ALL = "all"
    CERVICAL = "cervical"
    BELOW = "below"


REGIONS = {
    Scope.ALL: frozenset(Region),
    Scope.CERVICAL: frozenset({Region.CERVICAL}),
    Scope.BELOW: frozenset({Region.THORACIC, Region.LUMBAR, Region.SACRAL}),
}


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a renaming would do.

    Attributes
    ----------
    mapping : mapping of str to str
        What each vertebra is called afterwards.
    lines : tuple of str
        What becomes of the marks, those of one name together.
    count : int
        How many marks get another name.
    reason : str
        Why it cannot be done, or an empty text.

    """

    mapping: Mapping[str, str]
    lines: tuple[str, ...] = ()
    count: int = 0
    reason: str = ""


def used_vertebrae(session: MarkSession) -> tuple[str, ...]:
    """Return the vertebrae that marks name, or whose nerves they are for, from the head down."""
    used = {vertebra_of(entry.mark) for entry in session.records}
    return tuple(name for name in session.anatomy.vertebrae if name in used)


def planned_renaming(session: MarkSession, name: str, really: str, scope: Scope) -> Renaming:
    """Return what happens if a vertebra is really another one, and the others are miscounted by as much.

    Parameters
    ----------
    session : MarkSession
        The reading.
    name, really : str
        Identifiers: what it is called, and what it is.
    scope : Scope
        Which others.

    """
    table = session.anatomy.vertebrae
    chosen = [used for used in used_vertebrae(session) if table[used].region in REGIONS[scope]]
    if name not in chosen:
        return Renaming({}, reason=texts.RENAME_NOT_AMONG.format(vertebra=name))
    try:
        mapping = shift(chosen, table[really].order - table[name].order, session.anatomy)
        return _planned(session, mapping)
    except FluoroAnnotatorError as error:
        return Renaming({}, reason=str(error))


def _planned(session: MarkSession, mapping: Mapping[str, str]) -> Renaming:
    anatomy = session.anatomy
    after = renumbered([entry.mark for entry in session.records], mapping, anatomy)
    names = Counter((session.record(new.mark_id).label(anatomy), new.label(anatomy)) for new in after)
    lines = [
        texts.RENAMED_LINE.format(count=count, before=old, after=new) for (old, new), count in names.items()
    ]
    return Renaming(mapping, tuple(lines), len(after))
