"""Renaming vertebrae, and every nerve with them.

A nerve is targeted on one vertebra. If a vertebra turns out to be another one, the mark stays
where it is and its nerve becomes the one that is targeted on the vertebra as it is called now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fluoro_annotator.anatomy import Anatomy, Nerve, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.marks.observations import Landmark, LevelLabel
from fluoro_annotator.marks.values import Record, relabelled, site_of, vertebra_of

THIRD_OCCIPITAL = "TON"
"""The one nerve that shares its vertebra, C3, with another; it has no counterpart at other levels."""


def shift(vertebrae: Iterable[str], steps: int, anatomy: Anatomy) -> dict[str, str]:
    """Return new names for vertebrae that were miscounted by some levels.

    Parameters
    ----------
    vertebrae : iterable of str
        The names in use.
    steps : int
        How many levels further down each really is; negative for further up.
    anatomy : Anatomy
        The table of vertebrae.

    Raises
    ------
    MarkError
        If a name would lie beyond C1 or S1.
    UnknownVertebraError
        If a name is not in the table.

    """
    order = list(anatomy.vertebrae)
    mapping = {}
    for name in vertebrae:
        place = order.index(anatomy.vertebra(name).id) + steps
        if not 0 <= place < len(order):
            away = "one level" if abs(steps) == 1 else f"{abs(steps)} levels"
            raise MarkError(f"vertebra {name}", f"has no vertebra {away} away", "Count again.")
        mapping[name] = order[place]
    return mapping


def renumbered(records: Iterable[Record], mapping: Mapping[str, str], anatomy: Anatomy) -> tuple[Record, ...]:
    """Return the records whose names change, as they are afterwards.

    Parameters
    ----------
    records : iterable of Record
        All records of a reading.
    mapping : mapping of str to str
        What each vertebra is called now; those that are not named keep their name.
    anatomy : Anatomy
        The table of nerves and vertebrae.

    Raises
    ------
    MarkError
        If two vertebrae would get one name, or a nerve has no counterpart at its new level.
    UnknownVertebraError
        If a name is not in the table.

    """
    for name in mapping.values():
        anatomy.vertebra(name)
    named = [record for record in records if vertebra_of(record) is not None]
    _check_distinct({str(vertebra_of(record)) for record in named}, mapping)
    after = [_renamed(record, mapping, anatomy) for record in named]
    return tuple(new for old, new in zip(named, after, strict=True) if new != old)


def _check_distinct(used: set[str], mapping: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for name in sorted(used):
        new = mapping.get(name, name)
        if new in taken:
            raise MarkError(
                "renumbering",
                f"gives {taken[new]} and {name} the same name, {new}",
                "Give every vertebra that is marked a name of its own.",
            )
        taken[new] = name


def _renamed(record: Record, mapping: Mapping[str, str], anatomy: Anatomy) -> Record:
    if isinstance(record, LevelLabel | Landmark):
        return relabelled(record, vertebra=mapping.get(record.vertebra, record.vertebra))
    site = site_of(record)
    if site is None or mapping.get(site.vertebra, site.vertebra) == site.vertebra:
        return record
    return relabelled(record, site=site_at(site, mapping[site.vertebra], anatomy))


def site_at(site: Site, vertebra: str, anatomy: Anatomy) -> Site:
    """Return the site that a mark has if the vertebra it lies on is another one.

    Parameters
    ----------
    site : Site
        The site as it was.
    vertebra : str
        What the vertebra is called now.
    anatomy : Anatomy
        The table of nerves.

    Raises
    ------
    MarkError
        If no nerve of the sort is targeted there.

    """
    if site.nerve == THIRD_OCCIPITAL:
        raise MarkError(
            anatomy.site_label(site),
            f"cannot become a nerve at {vertebra}: the third occipital nerve is targeted at C3 only",
            "Delete or relabel that mark first.",
        )
    nerve = next(
        (
            each
            for each in anatomy.nerves.values()
            if each.vertebra == vertebra and each.id != THIRD_OCCIPITAL
        ),
        None,
    )
    if nerve is None:
        raise MarkError(
            anatomy.site_label(site),
            f"cannot be moved to {vertebra}: no nerve is targeted there",
            "Check the new numbering, or delete that mark first.",
        )
    return Site(nerve.id, nerve.vertebra, _joints(site, nerve, anatomy), site.side)


def _joints(site: Site, nerve: Nerve, anatomy: Anatomy) -> tuple[str, ...]:
    """Return the joints of the new nerve that stand where those of the old one stood."""
    before = anatomy.nerve(site.nerve).joints
    if len(before) != len(nerve.joints):
        return nerve.joints
    kept = tuple(new for old, new in zip(before, nerve.joints, strict=True) if old in site.joints)
    return kept or nerve.joints
