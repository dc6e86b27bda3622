"""What is scored against what: readings in memory, facts of the image, and the basis of a score."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, TypeVar

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import Calibration, Ruler
from fluoro_annotator.geometry.directions import checked_orientation
from fluoro_annotator.marks import (
    FrameRef,
    Mark,
    MarkKind,
    MarkSession,
    Numbering,
    NumberingConfidence,
    Record,
    mark_to_dict,
)
from fluoro_annotator.marks.facts import Fact
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training.outcomes import Reason

RULES_VERSION: Final = 1
"""Raised whenever a rule of scoring changes, so that an old score is known to be one."""

UNCERTAIN: Final = frozenset({NumberingConfidence.UNCERTAIN, NumberingConfidence.NOT_DETERMINABLE})
"""Numbering under which no level is called wrong."""

PLAIN: Final = Ruler()
"""Square pixels without a scale."""

Made = TypeVar("Made", bound=Record)


@dataclass(frozen=True, slots=True)
class Marking:
    """The records of one reading, in memory.

    Parameters
    ----------
    reader : str
        Who made them.
    records : tuple of Record
        Marks and facts, as they are at present.

    Attributes
    ----------
    fingerprint : str
        SHA-256 of all records, whatever their order, in hexadecimal.

    """

    reader: str
    records: tuple[Record, ...]
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", tuple(self.records))
        plain = sorted(json.dumps(mark_to_dict(record), sort_keys=True) for record in self.records)
        digest = hashlib.sha256("\n".join(plain).encode("utf-8")).hexdigest()
        object.__setattr__(self, "fingerprint", digest)

    @classmethod
    def of(cls, session: MarkSession) -> Marking:
        """Return the present records of a session."""
        kinds = (session.records_of(kind) for kind in MarkKind)
        return cls(session.reading.reader, tuple(chain.from_iterable(kinds)))

    def on(self, frame: FrameRef, kind: type[Made]) -> tuple[Made, ...]:
        """Return the marks of a kind on a frame."""
        return tuple(
            record
            for record in self.records
            if isinstance(record, kind) and not isinstance(record, Fact) and record.frame == frame
        )

    def of_kind(self, kind: type[Made]) -> tuple[Made, ...]:
        """Return all records of a kind."""
        return tuple(record for record in self.records if isinstance(record, kind))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The records that are on a frame."""
        return tuple(record for record in self.records if not isinstance(record, Fact))

    @property
    def numbering(self) -> Numbering | None:
        """On what the names of its vertebrae rest, None if nothing was said."""
        return next(iter(self.of_kind(Numbering)), None)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of an image.

    Parameters
    ----------
    view : str
        Identifier of the view of the protocol that somebody says it shows; ``""`` if nobody does.
    ruler : Ruler
        Scale, shape of pixels and placement of points.
    orientation : tuple of (str, str) or None
        Patient Orientation: letters rightwards and downwards; None if the file does not say.
    turned_to : Side or None
        Towards which side an oblique is turned, where somebody says so. The limits of a view that is turned to the
        side of the target are not used for the other side.

    Raises
    ------
    GeometryError
        If the orientation does not name two directions of the body.

    """

    view: str = ""
    ruler: Ruler = PLAIN
    orientation: tuple[str, str] | None = None
    turned_to: Side | None = None

    def __post_init__(self) -> None:
        if self.orientation is not None:
            checked_orientation(self.orientation)

    @property
    def key(self) -> str:
        """Everything that a score depends on, as a text."""
        calibration: Calibration = self.ruler.calibration
        scale = (
            calibration.source.value,
            calibration.row_mm,
            calibration.column_mm,
            calibration.relative_error,
        )
        return repr(
            (self.view, scale, self.ruler.aspect, self.ruler.placement_px, self.orientation, self.turned_to)
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """What a score rests on; an answer keeps the one that held when it was committed.

    Attributes
    ----------
    protocol_id, protocol_version, protocol_hash : str
        The protocol.
    references : tuple of (str, str)
        Reader and fingerprint of each reference, in the order of the readers.
    image : str
        View and scale of the image, as a text.
    rules : int
        `RULES_VERSION`.

    """

    protocol_id: str
    protocol_version: str
    protocol_hash: str
    references: tuple[tuple[str, str], ...]
    image: str
    rules: int = RULES_VERSION

    @classmethod
    def of(cls, protocol: Protocol, references: Iterable[Marking], image: str) -> Basis:
        """Return the basis of a protocol, references and an image as they are now."""
        named = sorted((reference.reader, reference.fingerprint) for reference in references)
        return cls(protocol.id, protocol.version, protocol.content_hash, tuple(named), image)

    def changes_since(self, earlier: Basis) -> tuple[Reason, ...]:
        """Return in what way this basis is another one than an earlier one; nothing if it is the same."""
        return tuple(reason for reason, names in _CHANGES.items() if self._differs(earlier, names))

    def _differs(self, other: Basis, names: tuple[str, ...]) -> bool:
        return any(getattr(self, name) != getattr(other, name) for name in names)


_CHANGES: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.REFERENCE_CHANGED: ("references",),
    Reason.PROTOCOL_EDITED: ("protocol_id", "protocol_version", "protocol_hash"),
    Reason.IMAGE_FACTS_CHANGED: ("image",),
    Reason.RULES_CHANGED: ("rules",),
}


def checked_references(references: Iterable[Marking]) -> tuple[Marking, ...]:
    """Return references if each is of another reader.

    Raises
    ------
    TrainingError
        If there are none, or two are of one reader.

    """
    kept = tuple(references)
    readers = [reference.reader for reference in kept]
    if not kept or len(set(readers)) < len(kept):
        raise TrainingError(
            "references", "are missing, or two are of one reader", "Give one reading of each expert."
        )
    return kept


def numbering_is_uncertain(references: Iterable[Marking]) -> bool:
    """Return whether a reference says that the numbering of its vertebrae is uncertain."""
    said = (reference.numbering for reference in references)
    return any(one is not None and one.confidence in UNCERTAIN for one in said)
