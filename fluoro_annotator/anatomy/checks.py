"""Do the entries of an anatomy table fit together? Each check raises at the first contradiction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from fluoro_annotator.errors import AnatomyDataError

if TYPE_CHECKING:
    from fluoro_annotator.anatomy.table import Anatomy
    from fluoro_annotator.anatomy.values import Joint, Nerve


class _Sourced(Protocol):
    """Anything in the table that names its sources."""

    @property
    def sources(self) -> tuple[str, ...]: ...


def check_table(table: Anatomy) -> None:
    """Check all cross references and the order of a table.

    Raises
    ------
    AnatomyDataError
        The first entry that contradicts another one, by kind and identifier.

    """
    for check in _CHECKS:
        check(table)


def _check_keys(table: Anatomy) -> None:
    entries = {
        "vertebra": {key: entry.id for key, entry in table.vertebrae.items()},
        "joint": {key: entry.id for key, entry in table.joints.items()},
        "excluded joint": {key: entry.id for key, entry in table.excluded_joints.items()},
        "nerve": {key: entry.id for key, entry in table.nerves.items()},
        "source": {key: entry.key for key, entry in table.sources.items()},
    }
    for kind, ids in entries.items():
        for key, own in ids.items():
            if key != own:
                raise AnatomyDataError(f"{kind} {own}", f"it is kept under the key {key!r}")


def _check_sources(table: Anatomy) -> None:
    kinds: dict[str, Mapping[str, _Sourced]] = {
        "vertebra": table.vertebrae,
        "joint": table.joints,
        "excluded joint": table.excluded_joints,
        "nerve": table.nerves,
    }
    for kind, entries in kinds.items():
        for key, entry in entries.items():
            _check_known(f"{kind} {key}", "source", entry.sources, table.sources)


def _check_known(subject: str, kind: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    missing = sorted(set(wanted) - set(known))
    if missing:
        raise AnatomyDataError(
            subject,
            f"it names the {kind} {', '.join(missing)}, which the table does not hold",
            f"Add the {kind} or correct the name.",
        )


def _check_vertebrae(table: Anatomy) -> None:
    codes: dict[str, str] = {}
    for place, vertebra in enumerate(table.vertebrae.values(), start=1):
        subject = f"vertebra {vertebra.id}"
        if vertebra.order != place:
            raise AnatomyDataError(subject, f"its order is {vertebra.order}, its place in the table {place}")
        other = codes.setdefault(vertebra.code.value, vertebra.id)
        if other != vertebra.id:
            raise AnatomyDataError(subject, f"it has the same code as {other}: {vertebra.code.value}")


def _check_references(table: Anatomy) -> None:
    for joint in table.joints.values():
        _check_known(f"joint {joint.id}", "vertebra", joint.vertebrae, table.vertebrae)
        _check_known(f"joint {joint.id}", "nerve", joint.nerves, table.nerves)
    for nerve in table.nerves.values():
        _check_known(f"nerve {nerve.id}", "vertebra", [nerve.vertebra], table.vertebrae)
        _check_known(f"nerve {nerve.id}", "joint", nerve.joints, table.joints)


def _check_joints(table: Anatomy) -> None:
    for joint in table.joints.values():
        subject = f"joint {joint.id}"
        upper, lower = (table.vertebrae[bone].order for bone in joint.vertebrae)
        if lower != upper + 1:
            raise AnatomyDataError(subject, "its vertebrae are not neighbours from cranial to caudal")
        if joint.id in table.excluded_joints:
            raise AnatomyDataError(subject, "it is listed both as a joint and as an excluded joint")


def _check_supply(table: Anatomy) -> None:
    by_joint = {(joint.id, key) for joint in table.joints.values() for key in joint.nerves}
    by_nerve = {(key, nerve.id) for nerve in table.nerves.values() for key in nerve.joints}
    remedy = "Both entries have to say the same."
    for joint, nerve in sorted(by_joint - by_nerve):
        problem = f"it names the nerve {nerve}, but that nerve does not name the joint"
        raise AnatomyDataError(f"joint {joint}", problem, remedy)
    for joint, nerve in sorted(by_nerve - by_joint):
        problem = f"it names the joint {joint}, but that joint does not name the nerve"
        raise AnatomyDataError(f"nerve {nerve}", problem, remedy)


def _check_order(table: Anatomy) -> None:
    orders = {bone.id: bone.order for bone in table.vertebrae.values()}

    def level_of_joint(joint: Joint) -> int:
        return orders[joint.vertebrae[0]]

    def level_of_nerve(nerve: Nerve) -> int:
        return orders[nerve.vertebra]

    for upper, lower in pairwise(table.joints.values()):
        if level_of_joint(upper) > level_of_joint(lower):
            raise AnatomyDataError(f"joint {lower.id}", f"it comes after {upper.id}, which lies below it")
    for above, below in pairwise(table.nerves.values()):
        if level_of_nerve(above) > level_of_nerve(below):
            raise AnatomyDataError(f"nerve {below.id}", f"it comes after {above.id}, which lies below it")


_CHECKS: tuple[Callable[[Anatomy], None], ...] = (
    _check_keys,
    _check_sources,
    _check_vertebrae,
    _check_references,
    _check_joints,
    _check_supply,
    _check_order,
)
