"""Clocks that run backwards: a change is kept with the time it was given, and it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fluoro_annotator.marks import Draft
from fluoro_annotator.store.contract import Store

TOLERANCE = timedelta(minutes=1)
"""Difference that goes without saying, because the clocks of two computers are never quite the same; an
engineering default."""

UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


class ClockWatch:
    """Compares the time of each new change with the latest time that a reading holds.

    Parameters
    ----------
    latest : datetime.datetime or None
        The latest time of a change so far, if there is one.

    Attributes
    ----------
    notice : str
        What is to be said of the clock of this computer; empty if nothing is.

    """

    def __init__(self, latest: datetime | None = None) -> None:
        self._latest = latest
        self.notice = ""

    def take(self, drafts: Iterable[Draft]) -> None:
        """Compare changes that were made on this computer a moment ago."""
        for draft in drafts:
            behind = timedelta(0) if self._latest is None else self._latest - draft.recorded_at
            self.notice = _notice(behind) if behind > TOLERANCE else ""
            self._see(draft.recorded_at)

    def see(self, drafts: Iterable[Draft]) -> None:
        """Take note of the times of changes that are in the reading."""
        for draft in drafts:
            self._see(draft.recorded_at)

    def _see(self, time: datetime) -> None:
        self._latest = time if self._latest is None else max(self._latest, time)


def clock_notes(store: Store) -> Iterator[str]:
    """Yield one sentence for each reading in which times run backwards.

    That is no damage: the order of changes is that of their numbers. A clock may have been wrong, or a
    change may have waited in a rescue file while others were stored.

    Parameters
    ----------
    store : Store
        A store whose revisions can be read.

    """
    for reading in store.readings():
        jumps = list(_jumps(revision.draft.recorded_at for revision in store.revisions(reading.reading_id)))
        if jumps:
            number, behind = jumps[0]
            more = f"; {len(jumps)} such places in all" if len(jumps) > 1 else ""
            yield (
                f"reading {reading.reading_id}: revision {number} bears a time {span(behind)} before that of the"
                f" one in front of it{more}. A clock was wrong, or changes waited to be stored; their order is right."
            )


def _jumps(times: Iterable[datetime]) -> Iterator[tuple[int, timedelta]]:
    before: datetime | None = None
    for number, time in enumerate(times, start=1):
        if before is not None and before - time > TOLERANCE:
            yield number, before - time
        before = time


def span(time: timedelta) -> str:
    """Return a length of time in its largest whole unit, for example "12 minutes"."""
    for unit, name in UNITS:
        number = time // unit
        if number:
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    return "less than a minute"


def _notice(behind: timedelta) -> str:
    return (
        f"The clock of this computer is {span(behind)} behind the last change of this reading. Changes are kept in"
        " their order, with the times that it shows. Check date and time of this computer."
    )
