"""What nerve may a physician's free text mean? Suggestions only, for a person to confirm.

Usage is ambiguous in known ways: "L4" can be the L4 medial branch (which crosses L5) or the
needle at L4 (on the L3 medial branch); "C3 medial branch" can be the third occipital nerve or
the deep branch. Every reading is returned, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from fluoro_annotator.anatomy.values import Joint, Nerve

_LEVEL = r"([ctls])\s?(\d{1,2})"
_JOINT = re.compile(rf"\b{_LEVEL}\s?[-/]\s?([ctls]?)\s?(\d{{1,2}})\b")
_PLACE = re.compile(rf"\b(?:at|on)\s(?:the\s)?{_LEVEL}\b")
_BRANCH = re.compile(
    rf"\b{_LEVEL}\s?(?:deep\s|superficial\s)?(?:mb|dmb|dr|medial branch|dorsal ramus|nerve)\b"
)
_BARE = re.compile(rf"\b{_LEVEL}\b")

_Reading = Callable[[str, Collection[Nerve], Collection[Joint]], Iterable[Nerve]]


def suggest_nerves(text: str, nerves: Collection[Nerve], joints: Collection[Joint]) -> tuple[Nerve, ...]:
    """Return the nerves that `text` may mean.

    The first reading that fits anything decides: a name or alias, a joint ("L4-5"), a place
    ("medial branch at L4"), a numbered nerve ("L4 MB"), a bare level ("L4": the nerve of that
    number, then the nerve on that vertebra).

    Parameters
    ----------
    text : str
        What was typed or read.
    nerves, joints : collection
        The entries of the table.

    Returns
    -------
    tuple of Nerve
        Likeliest first, each once; empty when nothing fits.

    """
    plain = _plain(text)
    for reading in _READINGS:
        found = tuple(dict.fromkeys(reading(plain, nerves, joints)))
        if found:
            return found
    return ()


def _plain(text: str) -> str:
    """Lower-case, with dashes unified and every other separator turned into one blank."""
    dashed = re.sub(r"[\u2010-\u2015\u2212]", "-", text.lower())
    return re.sub(r"[\s_,;:.()]+", " ", dashed).strip()


def _names(nerve: Nerve) -> set[str]:
    return {_plain(name) for name in (nerve.id, nerve.name, nerve.short_name, *nerve.aliases)}


def _by_name(text: str, nerves: Collection[Nerve], _joints: Collection[Joint]) -> Iterable[Nerve]:
    return [nerve for nerve in nerves if text in _names(nerve)]


def _by_joint(text: str, nerves: Collection[Nerve], joints: Collection[Joint]) -> Iterable[Nerve]:
    named = {
        f"{letter}{upper}-{other or letter}{lower}".upper()
        for letter, upper, other, lower in _JOINT.findall(text)
    }
    wanted = {key for joint in joints if joint.id in named for key in joint.nerves}
    return [nerve for nerve in nerves if nerve.id in wanted]


def _by_place(text: str, nerves: Collection[Nerve], _joints: Collection[Joint]) -> Iterable[Nerve]:
    places = _levels(_PLACE, text)
    return [nerve for nerve in nerves if nerve.vertebra in places]


def _by_number(text: str, nerves: Collection[Nerve], _joints: Collection[Joint]) -> Iterable[Nerve]:
    numbers = _levels(_BRANCH, text)
    return [nerve for nerve in nerves if nerve.spinal_nerve in numbers]


def _by_level(text: str, nerves: Collection[Nerve], _joints: Collection[Joint]) -> Iterable[Nerve]:
    levels = _levels(_BARE, text)
    numbered = [nerve for nerve in nerves if nerve.spinal_nerve in levels]
    return numbered + [nerve for nerve in nerves if nerve.vertebra in levels]


def _levels(pattern: re.Pattern[str], text: str) -> set[str]:
    return {f"{letter}{number}".upper() for letter, number in pattern.findall(text)}


_READINGS: tuple[_Reading, ...] = (_by_name, _by_joint, _by_place, _by_number, _by_level)
