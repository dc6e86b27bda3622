"""The five kinds of exercise and their answers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import Adequacy, Correction, FrameRef, MarkConfidence, Needle, Target
from fluoro_annotator.protocols import Protocol, ViewSpec
from fluoro_annotator.training import prompts
from fluoro_annotator.training.material import Basis, ImageFacts, Marking, checked_references

NAME_PARTS: Final = ("nerve", "vertebra", "joint", "side")
"""What can be asked for when something marked is to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every exercise rests on.

    Parameters
    ----------
    protocol : Protocol
        Whose limits hold.
    references : tuple of Marking
        Readings of one or more experts, each of another reader.
    frame : FrameRef
        The frame that is shown.
    image : ImageFacts
        What is known of its image.

    Raises
    ------
    TrainingError
        If there is no reference, or two are of one reader.

    """

    protocol: Protocol
    references: tuple[Marking, ...]
    frame: FrameRef
    image: ImageFacts

    def __post_init__(self) -> None:
        object.__setattr__(self, "references", checked_references(self.references))

    @property
    def basis(self) -> Basis:
        """What a score rests on; an answer is given it when it is committed."""
        return Basis.of(self.protocol, self.references, self.image.key)


@dataclass(frozen=True, slots=True)
class PlaceTarget:
    """Place the target of a nerve that is named with its vertebra, or the needle for it.

    Raises
    ------
    TrainingError
        If the protocol does not cover the nerve.

    """

    setting: Setting
    site: Site
    needle: bool = False

    def __post_init__(self) -> None:
        _check_covered(self.setting.protocol, self.site)

    @property
    def prompt(self) -> str:
        """For example "Place the target: L3 medial branch, at L4, right."."""
        return prompts.place_target(self.site, needle=self.needle)


@dataclass(frozen=True, slots=True)
class PlaceByName(PlaceTarget):
    """The same by the nerve's name alone; the trap is the vertebra."""

    @property
    def prompt(self) -> str:
        """For example "Mark the L3 medial branch on the right."."""
        return prompts.place_by_name(self.site, needle=self.needle)


@dataclass(frozen=True, slots=True)
class NameMarked:
    """Name what is marked; `parts` says which of nerve, vertebra, joint and side are asked for.

    Raises
    ------
    TrainingError
        If nothing or something unknown is asked for, or the protocol does not cover the nerve.

    """

    setting: Setting
    site: Site
    parts: tuple[str, ...] = NAME_PARTS

    def __post_init__(self) -> None:
        _check_covered(self.setting.protocol, self.site)
        check_parts(self.parts)

    @property
    def prompt(self) -> str:
        """For example "Name what is marked: nerve, vertebra, side."."""
        return prompts.name_marked(self.parts)


@dataclass(frozen=True, slots=True)
class JudgeView:
    """Judge whether the frame shows a true view, and otherwise what would make it one.

    The three questions are those of Waring et al., Interv Pain Med 2025: is it true; oblique or tilt; which way.

    Raises
    ------
    ProtocolError
        If the protocol has no such view.

    """

    setting: Setting
    view: str

    def __post_init__(self) -> None:
        self.setting.protocol.view(self.view)

    @property
    def spec(self) -> ViewSpec:
        """The view of the protocol."""
        return self.setting.protocol.view(self.view)

    @property
    def prompt(self) -> str:
        """For example "Is this a True AP? If not: oblique or tilt, and which way?"."""
        return prompts.judge_view(self.spec.title)


@dataclass(frozen=True, slots=True)
class NeedleVerdict:
    """Whether a needle is acceptable, and if not, which faults of the protocol it has, as far as they are known.

    Raises
    ------
    TrainingError
        If an acceptable needle has faults.

    """

    acceptable: bool
    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.acceptable and self.faults:
            raise TrainingError(
                "verdict on a needle", "accepts a needle with faults", "Leave one of them out."
            )


@dataclass(frozen=True, slots=True)
class JudgeNeedle:
    """Judge a needle that is shown.

    Parameters
    ----------
    setting : Setting
        What it rests on.
    needle : Needle
        The needle, with the site that it is meant for.
    verdict : NeedleVerdict or None
        What the experts say of it; None to have it follow from their targets and the limits of the protocol.

    Raises
    ------
    TrainingError
        If the protocol does not cover the nerve or know a fault, or the needle is on another frame.

    """

    setting: Setting
    needle: Needle
    verdict: NeedleVerdict | None = None

    def __post_init__(self) -> None:
        _check_covered(self.setting.protocol, self.needle.site)
        if self.needle.frame != self.setting.frame:
            raise TrainingError(
                "exercise", "shows a needle of another frame", "Choose a needle of this frame."
            )
        for fault in self.verdict.faults if self.verdict else ():
            check_fault(self.setting.protocol, fault)

    @property
    def prompt(self) -> str:
        """The question about the needle."""
        return prompts.judge_needle(self.needle.site)


Exercise = PlaceTarget | PlaceByName | NameMarked | JudgeView | JudgeNeedle


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedAnswer:
    """What was placed; None if the trainee gave up.

    Parameters
    ----------
    mark : Target, Needle or None
        The mark, with the name that the trainee gave it.
    confidence : MarkConfidence or None
        How sure the trainee was.
    basis : Basis or None
        The basis of the exercise when the answer was committed; None if it is scored at once.

    """

    mark: Target | Needle | None
    confidence: MarkConfidence | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAnswer:
    """What was named; a part that was not answered is None. Confidence and basis as for `PlacedAnswer`."""

    nerve: str | None = None
    vertebra: str | None = None
    joint: str | None = None
    side: Side | None = None
    confidence: MarkConfidence | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAnswer:
    """What was said of a view; unsure counts as not answered. Confidence and basis as for `PlacedAnswer`.

    Raises
    ------
    TrainingError
        If a true view has corrections.

    """

    adequate: Adequacy
    corrections: tuple[Correction, ...] = ()
    confidence: MarkConfidence | None = None
    basis: Basis | None = None

    def __post_init__(self) -> None:
        if self.corrections and self.adequate is not Adequacy.NO:
            raise TrainingError(
                "answer", "mends a view that it does not call untrue", "Leave one of them out."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleAnswer:
    """What was said of a needle; None if the trainee gave up. Confidence and basis as for `PlacedAnswer`.

    Raises
    ------
    TrainingError
        If an acceptable needle has a fault.

    """

    acceptable: bool | None
    fault: str = ""
    confidence: MarkConfidence | None = None
    basis: Basis | None = None

    def __post_init__(self) -> None:
        if self.fault and self.acceptable is not False:
            raise TrainingError(
                "answer", "names a fault of a needle that it accepts", "Leave one of them out."
            )


ExerciseAnswer = PlacedAnswer | NamedAnswer | ViewAnswer | NeedleAnswer


def check_parts(parts: tuple[str, ...]) -> None:
    """Refuse to ask for nothing, or for something that is no part of a name.

    Raises
    ------
    TrainingError
        Naming the parts that there are.

    """
    if not parts or not set(parts) <= set(NAME_PARTS):
        raise TrainingError(
            "exercise", f"asks for {', '.join(parts) or 'nothing'}", f"Ask for {', '.join(NAME_PARTS)}."
        )


def check_fault(protocol: Protocol, fault: str) -> None:
    """Refuse a code that is not in the protocol's list of faults.

    Raises
    ------
    TrainingError
        Naming the codes that are.

    """
    known = [one.code for one in protocol.faults]
    if fault not in known:
        raise TrainingError(
            f"fault {fault}", "is not known to the protocol", f"Choose one of {', '.join(known)}."
        )


def _check_covered(protocol: Protocol, site: Site) -> None:
    load_anatomy().check_site(site)
    if protocol.group_of(site.nerve) is None:
        raise TrainingError(
            f"exercise on {site.nerve}",
            f"the protocol {protocol.id} does not cover this nerve",
            f"Choose one of {', '.join(protocol.nerves)}.",
        )
