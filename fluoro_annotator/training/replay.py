"""The trainee's own steps, from the moment the image was shown to the commit, as moments that can be gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.training.pictures import Drawn, Role

SHOWN: Final = "The image was shown."
COMMITTED: Final = "Committed."
WORDS: Final = {
    "add": "Placed",
    "move": "Moved",
    "delete": "Taken away",
    "name": "Named",
    "view": "View judged",
    "needle": "Needle judged",
    "confidence": "Confidence stated",
    "undo": "Undone",
    "redo": "Done again",
}
"""What was done, by the word that a step has for it; other words are shown as they are."""

MEANING: Final = "your mark at this step"


class StepLike(Protocol):
    """One step, as an answer keeps it."""

    @property
    def seconds(self) -> float:
        """Seconds since the image was shown."""

    @property
    def what(self) -> str:
        """What was done, for example ``"move"``."""

    @property
    def record(self) -> Mapping[str, Any] | None:
        """The whole answer after it: ``points`` as ``[row, column]``, and what was named or judged."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What had been answered after a step.

    Attributes
    ----------
    seconds : float
        Seconds since the image was shown.
    text : str
        What was done, in words.
    points : tuple of Point
        What stood on the image: a target, or tip and hub of a needle.
    trail : tuple of Point
        The places through which the first point has gone so far.

    """

    seconds: float
    text: str
    points: tuple[Point, ...] = ()
    trail: tuple[Point, ...] = ()

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """The mark, and the way that it has gone, as they are drawn."""
        found = []
        if len(self.trail) > 1:
            found.append(Drawn(role=Role.TRAIL, points=self.trail, meaning="the way that your mark has gone"))
        if self.points:
            found.append(Drawn(role=Role.REPLAYED, points=self.points[:1], meaning=MEANING))
        if len(self.points) > 1:
            found.append(Drawn(role=Role.REPLAYED, points=self.points, meaning=MEANING))
        return tuple(found)


def replay(steps: Iterable[StepLike], *, seconds: float | None = None) -> tuple[Moment, ...]:
    """Return the moments of an answer: the image, each step, and the commit.

    Parameters
    ----------
    steps : iterable of StepLike
        In the order in which they were made.
    seconds : float, optional
        When the answer was committed, in seconds since the image was shown.

    """
    moments = [Moment(0.0, SHOWN)]
    before: Mapping[str, Any] = {}
    for step in steps:
        record = before if step.record is None else step.record
        points = _points(record)
        trail = moments[-1].trail
        if points and trail[-1:] != points[:1]:
            trail = (*trail, points[0])
        moments.append(Moment(step.seconds, _words(step.what, before, record), points, trail))
        before = record
    if seconds is not None:
        last = moments[-1]
        moments.append(Moment(max(seconds, last.seconds), COMMITTED, last.points, last.trail))
    return tuple(moments)


def _points(record: Mapping[str, Any]) -> tuple[Point, ...]:
    return tuple(Point(float(row), float(column)) for row, column in record.get("points", ()))


def _words(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what was done, with what was said by it."""
    said = [
        _value(name, value) for name, value in after.items() if name != "points" and value != before.get(name)
    ]
    head = WORDS.get(what, what)
    return f"{head}: {', '.join(said)}." if said else f"{head}."


def _value(name: str, value: object) -> str:
    """Return what was said of a part of the answer; a nerve by its name."""
    if isinstance(value, list | tuple):
        return f"{name} {' and '.join(map(str, value))}"
    nerve = load_anatomy().nerves.get(str(value)) if name == "nerve" else None
    return f"{name} {str(value).replace('_', ' ') if nerve is None else nerve.name}"
