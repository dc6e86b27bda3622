"""The anatomy table: looking things up, expanding joints to nerves, checking and naming sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from fluoro_annotator.anatomy.checks import check_table
from fluoro_annotator.anatomy.rules import check_joints, check_side, check_vertebra
from fluoro_annotator.anatomy.suggestion import suggest_nerves
from fluoro_annotator.anatomy.values import ExcludedJoint, Joint, Nerve, Side, Site, Source, Vertebra
from fluoro_annotator.errors import (
    UnknownJointError,
    UnknownNerveError,
    UnknownVertebraError,
)

_SIMILARITY = 0.5  # share of equal characters from which an identifier is offered as "did you mean"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anatomy:
    """All vertebrae, joints and nerves, each by identifier and from cranial to caudal.

    The mappings are copied and made read-only. Two tables are equal only if they are the
    same object.

    Parameters
    ----------
    status : str
        How far the table has been reviewed, to be shown with anything derived from it.
    vertebrae : mapping of str to Vertebra
        C1 to L5 and S1.
    joints : mapping of str to Joint
        C2-C3 to L5-S1.
    excluded_joints : mapping of str to ExcludedJoint
        Joints that are asked for and have no medial branch target.
    nerves : mapping of str to Nerve
        The third occipital nerve to the L5 dorsal ramus.
    sources : mapping of str to Source
        The publications, by key.

    Raises
    ------
    AnatomyDataError
        If entries contradict each other.

    """

    status: str
    vertebrae: Mapping[str, Vertebra]
    joints: Mapping[str, Joint]
    excluded_joints: Mapping[str, ExcludedJoint]
    nerves: Mapping[str, Nerve]
    sources: Mapping[str, Source]

    def __post_init__(self) -> None:
        for name in ("vertebrae", "joints", "excluded_joints", "nerves", "sources"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        check_table(self)

    def vertebra(self, vertebra_id: str) -> Vertebra:
        """Return the vertebra with this identifier.

        Raises
        ------
        UnknownVertebraError
            With the identifiers that come nearest.

        """
        found = self.vertebrae.get(vertebra_id)
        if found is None:
            raise UnknownVertebraError(
                f"vertebra {vertebra_id!r}",
                "there is no vertebra of that name",
                _did_you_mean(vertebra_id, self.vertebrae, "Use C1 to C7, T1 to T12, L1 to L5 or S1."),
            )
        return found

    def joint(self, joint_id: str) -> Joint:
        """Return the joint with this identifier.

        Raises
        ------
        UnknownJointError
            With the reason if the joint has no medial branch target, otherwise with the
            identifiers that come nearest.

        """
        found = self.joints.get(joint_id)
        if found is not None:
            return found
        excluded = self.excluded_joints.get(joint_id)
        if excluded is not None:
            raise UnknownJointError(
                f"joint {joint_id!r}",
                f"{excluded.name}: {excluded.reason}",
                "Choose a joint from C2-C3 to L5-S1.",
            )
        raise UnknownJointError(
            f"joint {joint_id!r}",
            "there is no joint of that name",
            _did_you_mean(joint_id, self.joints, "Name both vertebrae, for example L4-L5."),
        )

    def nerve(self, nerve_id: str) -> Nerve:
        """Return the nerve with this identifier.

        Raises
        ------
        UnknownNerveError
            With the nerves that the text may stand for.

        """
        found = self.nerves.get(nerve_id)
        if found is not None:
            return found
        meant = [f"{nerve.id} ({nerve.label})" for nerve in self.suggest(nerve_id)]
        raise UnknownNerveError(
            f"nerve {nerve_id!r}",
            "there is no nerve of that name",
            _question(meant)
            or _did_you_mean(nerve_id, self.nerves, "Use a name such as L3_MB, TON or L5_DR."),
        )

    def nerves_of(self, joint_ids: Iterable[str]) -> tuple[Nerve, ...]:
        """Expand joints to the nerves that supply them.

        Parameters
        ----------
        joint_ids : iterable of str
            Identifiers such as ``"L4-L5"``, in any order.

        Returns
        -------
        tuple of Nerve
            Cranial to caudal, each once; n neighbouring joints give n + 1 nerves, except
            that C2-C3 has the third occipital nerve alone.

        Raises
        ------
        UnknownJointError
            If a joint is not in the table.

        """
        wanted = {nerve for joint_id in joint_ids for nerve in self.joint(joint_id).nerves}
        return tuple(nerve for nerve in self.nerves.values() if nerve.id in wanted)

    def site(self, nerve_id: str, side: Side) -> Site:
        """Build the site of a nerve, with vertebra and joints from the table.

        Raises
        ------
        UnknownNerveError
            If the nerve is not in the table.
        SideNotAllowedError
            If the nerve does not exist on that side.

        """
        nerve = self.nerve(nerve_id)
        check_side(nerve, side)
        return Site(nerve.id, nerve.vertebra, nerve.joints, side)

    def check_site(self, site: Site) -> None:
        """Check that the four fields of a site fit together.

        Raises
        ------
        UnknownNerveError, UnknownVertebraError, UnknownJointError
            If a name is not in the table.
        WrongVertebraError
            If the nerve is not targeted on that vertebra.
        WrongJointError
            If no joint is named, or one that the nerve does not supply.
        SideNotAllowedError
            If the nerve does not exist on that side.

        """
        nerve = self.nerve(site.nerve)
        check_vertebra(nerve, self.vertebra(site.vertebra))
        check_joints(nerve, tuple(self.joint(joint_id) for joint_id in site.joints), self.nerves)
        check_side(nerve, site.side)

    def site_label(self, site: Site) -> str:
        """Return the label of a site, for example ``"L3 medial branch, at L4, right"``.

        The vertebra is the one the site holds, so that a label never hides a contradiction.

        Raises
        ------
        UnknownNerveError
            If the nerve is not in the table.

        """
        return f"{self.nerve(site.nerve).name}, at {site.vertebra}, {site.side.value}"

    def suggest(self, text: str) -> tuple[Nerve, ...]:
        """Return the nerves that a free text may mean, the likeliest reading first.

        A suggestion for a person to confirm, never an identification.

        Parameters
        ----------
        text : str
            For example ``"L4 MB"``, ``"C3 medial branch"``, ``"medial branch at L4"``, ``"T4"``.

        Returns
        -------
        tuple of Nerve
            Several where usage is ambiguous, none where nothing fits.

        """
        return suggest_nerves(text, self.nerves.values(), self.joints.values())


def _question(names: Iterable[str]) -> str:
    listed = " or ".join(names)
    return f"Did you mean {listed}?" if listed else ""


def _did_you_mean(wrong: str, known: Iterable[str], otherwise: str) -> str:
    """Ask for the nearest identifiers of the same region letter, or say what is expected."""
    wanted = wrong.strip().upper()
    candidates = [key for key in known if key[0] == wanted[:1]]
    near = get_close_matches(wanted, candidates, n=3, cutoff=_SIMILARITY)
    return _question(near) or otherwise
