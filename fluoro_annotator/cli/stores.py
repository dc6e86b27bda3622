"""Opening the store that a command works with."""

from __future__ import annotations

from pathlib import Path

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.store import Store, StoreLocation, open_store


def place_of(given: str | Path | None) -> StoreLocation:
    """Return the place that was given, or that of the settings."""
    return StoreLocation.of(given)


def is_there(place: StoreLocation) -> bool:
    """Return whether there may be a store; of a server only asking it tells."""
    return place.path is None or place.path.exists()


def existing(place: StoreLocation) -> Store:
    """Open a store that exists; to read from one that does not must not make it.

    Raises
    ------
    StoreUnavailableError
        If it does not exist, or cannot be opened.

    """
    if not is_there(place):
        raise StoreUnavailableError(
            place.shown,
            "does not exist",
            "Check the path; the store is made when the first mark is saved or imported.",
        )
    return open_store(place)


def counted(number: int, what: str, plural: str = "") -> str:
    """Return a number with its noun, for example "2 readings"."""
    return f"{number} {what}" if number == 1 else f"{number} {plural or f'{what}s'}"
