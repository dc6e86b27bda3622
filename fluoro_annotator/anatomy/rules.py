"""What the four fields of a site have to satisfy, one rule per function.

The rules restate the table: a nerve has one target vertebra, supplies certain joints and
exists on certain sides. Each refusal explains the rule to the person who marked.
"""

from __future__ import annotations

from collections.abc import Mapping

from fluoro_annotator.anatomy.values import Joint, Nerve, Side, Vertebra
from fluoro_annotator.errors import SideNotAllowedError, WrongJointError, WrongVertebraError


def check_vertebra(nerve: Nerve, vertebra: Vertebra) -> None:
    """Refuse a vertebra on which the nerve is not targeted.

    Raises
    ------
    WrongVertebraError
        Explaining that the number of a nerve is not the number of a vertebra.

    """
    if vertebra.id == nerve.vertebra:
        return
    raise WrongVertebraError(
        f"{nerve.name} at {vertebra.id}",
        f"the {nerve.name} is targeted at {nerve.vertebra}, not at {vertebra.id}; a nerve is named for the "
        "spinal nerve it comes from, not for the vertebra it crosses",
        f"Set the vertebra to {nerve.vertebra}, or choose a nerve that is targeted at {vertebra.id}.",
    )


def check_joints(nerve: Nerve, joints: tuple[Joint, ...], nerves: Mapping[str, Nerve]) -> None:
    """Refuse joints that the nerve does not supply, and the absence of any.

    Parameters
    ----------
    nerve : Nerve
        The nerve of the site.
    joints : tuple of Joint
        The joints of the site.
    nerves : mapping of str to Nerve
        All nerves, to name those that do supply a refused joint.

    Raises
    ------
    WrongJointError
        Naming the joints the nerve supplies.

    """
    supplied = " and ".join(nerve.joints)
    if not joints:
        raise WrongJointError(nerve.label, "no joint is named", f"It supplies {supplied}.")
    for joint in joints:
        if joint.id not in nerve.joints:
            suppliers = " and ".join(nerves[key].name for key in joint.nerves)
            raise WrongJointError(
                nerve.label,
                f"it does not supply the joint {joint.id}",
                f"It supplies {supplied}; {joint.id} is supplied by {suppliers}.",
            )


def check_side(nerve: Nerve, side: Side) -> None:
    """Refuse a side on which the nerve does not exist.

    Raises
    ------
    SideNotAllowedError
        Naming the sides that can be chosen.

    """
    if side in nerve.sides:
        return
    own = [allowed.value for allowed in nerve.sides]
    raise SideNotAllowedError(
        nerve.label,
        f"its side cannot be {side!s}, because this nerve exists only {' and '.join(own)} of the midline",
        f"Choose {' or '.join(own)}.",
    )
