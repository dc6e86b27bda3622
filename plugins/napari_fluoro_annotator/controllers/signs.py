"""What stands on the strip for an event, and for what is done with a needle."""

from __future__ import annotations

from typing import NamedTuple

from fluoro_annotator.marks import EventMark, Mark, Needle
from napari_fluoro_annotator import styles, texts


class Sign(NamedTuple):
    """A letter or shape, and what it means."""

    symbol: str
    meaning: str


def sign_of(mark: Mark) -> Sign | None:
    """Return the sign of a mark; None for one that tells nothing of what happens."""
    if isinstance(mark, EventMark):
        return Sign(styles.EVENT_LETTERS[mark.event], mark.event.value.replace("_", " "))
    if isinstance(mark, Needle) and mark.status is not None:
        return Sign(styles.STATUS_SIGNS[mark.status], texts.STATUSES[mark.status])
    return None
