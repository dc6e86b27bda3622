"""Runs of small changes, such as nudges by key, that are taken back in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_PAUSE = timedelta(seconds=1)
"""Between two nudges of one run: an engineering default."""
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Run:
    """The last change of a run, behind which the next one may follow.

    Attributes
    ----------
    concerns : tuple of str
        What is nudged: the mark and its points.
    action_id : str
        Identifier that the changes of the run share.
    last : datetime.datetime
        When the last one was made, in UTC.

    """

    concerns: tuple[str, ...]
    action_id: str
    last: datetime

    def goes_on(self, concerns: tuple[str, ...], now: datetime) -> bool:
        """Return whether a change belongs to this run: of the same points, after no long pause."""
        return self.concerns == concerns and abs(now - self.last) <= LONGEST_PAUSE

    def next_time(self, now: datetime) -> datetime:
        """Return a time behind the last one, by which the changes of the run are told from each other."""
        return max(now, self.last + TICK)
