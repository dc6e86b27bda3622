"""How the protocol that a reading began with stands to the one of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol as Shape

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.protocols.planning import plan
from fluoro_annotator.protocols.protocol import Protocol


class Choice(Shape):
    """What a reading remembers of the protocol it began with."""

    @property
    def protocol_id(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def version(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def content_hash(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def joints(self) -> Iterable[str]: ...  # noqa: D102 - the names say it
    @property
    def sides(self) -> Iterable[Side]: ...  # noqa: D102 - the names say it


class Agreement(StrEnum):
    """How the protocol of today stands to the one that a reading began with."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the protocol that a reading began with.

    Attributes
    ----------
    agreement : Agreement
        Same, changed or missing.
    original : Protocol or None
        The protocol as it was, if a file with it is still installed.
    present : Protocol or None
        The protocol that is used today under that name.
    slots_known : bool
        Whether `added` and `removed` are known.
    added, removed : tuple of str
        Identifiers of slots that came and went; those that are the same are not listed.
    text : str
        One or two sentences for the reader.

    """

    agreement: Agreement
    original: Protocol | None
    present: Protocol | None
    slots_known: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    text: str


def compare(choice: Choice, original: Protocol | None, present: Protocol | None) -> Comparison:
    """Compare what a reading began with to what there is today.

    Parameters
    ----------
    choice : Choice
        What the reading remembers.
    original : Protocol or None
        The protocol with the remembered hash, if it is still installed.
    present : Protocol or None
        The protocol that is used today under that name.

    """
    if present is None:
        return Comparison(Agreement.MISSING, original, None, False, (), (), _missing_text(choice))
    if present.content_hash == choice.content_hash:
        text = f"{present.title}, version {present.version}, is as it was when the reading began."
        return Comparison(Agreement.SAME, original, present, True, (), (), text)
    return _changed(choice, original, present)


def _missing_text(choice: Choice) -> str:
    return (
        f"The protocol {choice.protocol_id}, version {choice.version}, with which this reading began, is not "
        "installed any more. Its marks are kept; put its file back, or go on without a plan."
    )


def _changed(choice: Choice, original: Protocol | None, present: Protocol) -> Comparison:
    head = (
        f"{present.title} has changed since this reading began: version {choice.version} then, "
        f"{present.version} now."
    )
    before, after = _slot_ids(original, choice), _slot_ids(present, choice)
    if before is None or after is None:
        text = f"{head} What differs in slots cannot be told. Marks are kept as they are."
        return Comparison(Agreement.CHANGED, original, present, False, (), (), text)
    added = tuple(key for key in after if key not in before)
    removed = tuple(key for key in before if key not in after)
    text = f"{head} {len(added)} slots were added and {len(removed)} removed. Marks are kept as they are."
    return Comparison(Agreement.CHANGED, original, present, True, added, removed, text)


def _slot_ids(protocol: Protocol | None, choice: Choice) -> tuple[str, ...] | None:
    """Return the slots that a protocol has for the choice; None if it cannot be planned."""
    if protocol is None:
        return None
    try:
        planned = plan(protocol, choice.joints, choice.sides)
    except FluoroAnnotatorError:
        return None
    return tuple(slot.slot_id for slot in planned.slots)
