"""What joints and sides does a request in words ask for? Understood, for a person to confirm.

"L4/5", "L4-L5", "L5S1", "L3 to S1", "bilaterally" and the like are understood. What is not is said,
never guessed: a side least of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fluoro_annotator.anatomy import Anatomy, Side, load_anatomy
from fluoro_annotator.protocols.wording import listed

_RANGE: Final = (
    "{range} of medial branches can mean nerves or the joints in between: name each joint, for example L4-5."
)
LONGEST: Final = 500
"""No request is longer, in characters."""

_BONE = r"(?:[ctls][ ]?)?\d{1,2}"
_TOKENS: Final = re.compile(
    rf"""(?P<both>\b(?:bilateral(?:ly)?|bilat|b/l|both(?:\ sides)?)(?![a-z]))
    |(?P<left>\b(?:left(?:-?sided)?|lt)\b)
    |(?P<right>\b(?:right(?:-?sided)?|rt)\b)
    |(?P<procedure>\b(?:mbbs?|(?:medial\ branch|mb)\ (?:blocks?|injections?|rf\w*|radiofrequency|neurotomy|ablation))\b)
    |(?P<joint>\b(?:facets?|z(?:ygapophyse?ial)?[- ]joints?|joints?|zygapophyse?al|zygapophysial)\b)
    |(?P<nerve>\b(?:medial\ branch(?:es)?|dorsal\ (?:ramus|rami)|nerves?|mbs?|dr|ton|third\ occipital)\b)
    |(?P<negation>\b(?:no|not|non|except|without|instead|but|never|cancel(?:led)?)\b)
    |(?P<other>\b(?:sacroiliac|si)\b)
    |(?P<chain>\b{_BONE}(?:\ ?[-/]\ ?{_BONE})+\b)
    |(?P<joined>\b[ctl]\d{{1,2}}[ctls]\d{{1,2}}\b)
    |(?P<level>\b[ctls]\ ?\d{{1,2}}\b)
    |(?P<letter>\b[lr]\b)
    |(?P<word>[^\s,;.()&+]+)""",
    re.VERBOSE,
)
_PART: Final = re.compile(r"([ctls]?) ?(\d{1,2})")
_SILENT: Final = frozenset(
    {"and", "of", "the", "at", "on", "in", "for", "with", "level", "levels", "side", "sides", "sided"}
    | {"block", "blocks", "injection", "injections", "rf", "rfa", "rfn", "ablation", "neurotomy"}
    | {"radiofrequency", "diagnostic", "lumbar", "cervical", "thoracic", "please"}
)
"""Words that change nothing about joints and sides."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was understood of a request.

    Attributes
    ----------
    joints : tuple of str
        Identifiers, cranial to caudal.
    sides : tuple of Side
        Empty if none was named clearly.
    unclear : tuple of str
        One sentence for each part that was not understood.

    """

    joints: tuple[str, ...]
    sides: tuple[Side, ...]
    unclear: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether joints and a side were named and nothing is unclear."""
        return bool(self.joints and self.sides) and not self.unclear

    @property
    def understood(self) -> str:
        """What was understood, to be confirmed, for example "L4-L5 and L5-S1, right"."""
        sides = listed((side.value for side in self.sides), "no side")
        return f"{listed(self.joints, 'no joint')}, {sides}"


def parse_request(text: str, anatomy: Anatomy | None = None) -> Request:
    """Return the joints and sides that a request in words names.

    Parameters
    ----------
    text : str
        For example ``"L4-5 and L5/S1, right"``. A chain such as ``"L3-S1"`` means the joints in between.
    anatomy : Anatomy, optional
        The table of the package if it is not given.

    Returns
    -------
    Request
        For a person to confirm. A joint that has no medial branch target is unclear, with the reason.

    Examples
    --------
    >>> parse_request("L4/5, L5/S1 bilaterally").understood
    'L4-L5 and L5-S1, left and right'
    >>> parse_request("L4-5").unclear
    ('No side is named: add left, right or both.',)

    """
    reader = _Reader(anatomy or load_anatomy())
    if len(text) > LONGEST:
        reader.unclear.append(f"The request is longer than {LONGEST} characters: name joints and sides only.")
    else:
        reader.read(_plain(text))
    return reader.result()


def _plain(text: str) -> str:
    """Lower-case, with dashes unified, blanks single, and "to" between levels as a dash."""
    dashed = re.sub(r"[\u2010-\u2015\u2212]", "-", text.lower())
    single = re.sub(r"\s+", " ", dashed).strip()
    return re.sub(rf"\b({_BONE}) (?:to|through|thru) (?={_BONE}\b)", r"\1-", single)


class _Reader:
    """Takes the words of a request one by one."""

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.joints: list[str] = []
        self.unclear: list[str] = []
        self._order = list(anatomy.vertebrae)
        self._sides: list[tuple[Side, ...]] = []
        self._said: list[str] = []
        self._letter = ""
        self._ranges: list[str] = []
        self._of_branches = False
        self._of_joints = False
        self._negated = False

    def read(self, text: str) -> None:
        takers: dict[str, Callable[[str], None]] = {
            "both": lambda _: self._side(Side.LEFT, Side.RIGHT),
            "left": lambda _: self._side(Side.LEFT),
            "right": lambda _: self._side(Side.RIGHT),
            "procedure": self._procedure,
            "joint": self._joint_word,
            "nerve": self._nerve,
            "negation": self._negation,
            "other": self._other,
            "chain": self._chain,
            "joined": self._chain,
            "level": self._level,
            "letter": self._lone_letter,
            "word": self._word,
        }
        for match in _TOKENS.finditer(text):
            takers[str(match.lastgroup)](match.group())

    def result(self) -> Request:
        sides = self._decided_sides()
        if self._of_branches and not self._of_joints:
            self.unclear += [_RANGE.format(range=words) for words in self._ranges]
        if self._negated:
            return Request((), (), tuple(dict.fromkeys(self.unclear)))
        if not self.joints and not self.unclear:
            self.unclear.append("No joint is named: add one, for example L4-5.")
        if not self._sides and self._lonely:
            self.unclear.append("No side is named: add left, right or both.")
        order = [joint for joint in self.anatomy.joints if joint in self.joints]
        return Request(tuple(order), sides, tuple(dict.fromkeys(self.unclear)))

    @property
    def _lonely(self) -> bool:
        return not any(sentence.startswith("A single letter") for sentence in self.unclear)

    def _decided_sides(self) -> tuple[Side, ...]:
        """Return the sides; none if different ones are named for different joints."""
        named = set(self._sides)
        between = "".join(self._said).strip("j")  # j for joints, s for a side: sjs has joints between
        if len(named) > 1 and "j" in between:
            self.unclear.append(
                "Different sides are named for different joints: plan one side after the other."
            )
            return ()
        found = {side for sides in named for side in sides}
        return tuple(side for side in (Side.LEFT, Side.RIGHT) if side in found)

    def _side(self, *sides: Side) -> None:
        self._sides.append(sides)
        self._said.append("s")

    def _nerve(self, word: str) -> None:
        self.unclear.append(
            f"“{word}” names nerves: name the joints instead, and the nerves that supply them are listed."
        )

    def _procedure(self, _word: str) -> None:
        self._of_branches = True

    def _joint_word(self, _word: str) -> None:
        self._of_joints = True

    def _negation(self, word: str) -> None:
        self._negated = True
        self.unclear.append(f"“{word}” was not followed: write only what is to be done.")

    def _other(self, _word: str) -> None:
        self.unclear.append(self._reason("SI"))

    def _level(self, word: str) -> None:
        level = word.replace(" ", "").upper()
        kind = "one vertebra" if level in self._order else "no vertebra"
        self.unclear.append(f"{level} is {kind}: name a joint with both of its vertebrae.")

    def _lone_letter(self, word: str) -> None:
        self.unclear.append(
            f"A single letter, {word.upper()}, can mean several things: write left or right in full."
        )

    def _word(self, word: str) -> None:
        if word not in _SILENT and any(character.isalnum() for character in word):
            self.unclear.append(f"“{word:.40}” was not understood.")

    def _chain(self, word: str) -> None:
        """Take a chain of vertebrae; each two neighbours of it make a joint."""
        self._said.append("j")
        bones: list[str] = []
        for letter, number in _PART.findall(word):
            self._letter = letter or self._letter
            bone = f"{self._letter}{number}".upper()
            bones += [bone] if bones[-1:] != [bone] else []
        found = list(self._joints_between(bones))
        if len(found) > 1:
            self._ranges.append("-".join(bones))
        if found:
            self.joints += [joint for joint in found if joint not in self.joints]
        else:
            self.unclear.append(self._reason("-".join(bones)))

    def _joints_between(self, bones: list[str]) -> Iterable[str]:
        """Return the joints of a chain; none if any of them is not in the table."""
        if any(bone not in self._order for bone in bones):
            return ()
        places = [self._order.index(bone) for bone in bones]
        if any(lower <= upper for upper, lower in pairwise(places)):
            return ()
        along = self._order[places[0] : places[-1] + 1]
        joints = [f"{upper}-{lower}" for upper, lower in pairwise(along)]
        return joints if all(joint in self.anatomy.joints for joint in joints) else ()

    def _reason(self, joint: str) -> str:
        excluded = self.anatomy.excluded_joints.get(joint)
        if excluded:
            return f"{excluded.name}: {excluded.reason}."
        return (
            f"{joint.upper()} is not a facet joint that can be planned: name neighbours, the upper one first."
        )
