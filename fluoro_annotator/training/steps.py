"""What a trainee does before committing, and how the image is shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks.fields import checked_text, taken

Values = dict[str, Any]

MOVED: Final = frozenset({"move"})
"""Steps that count as moves: something that was placed was put elsewhere."""


def check_number(subject: str, value: object) -> float:
    """Return a value if it is a finite number.

    Raises
    ------
    TrainingError
        If it is not.

    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TrainingError(subject, f"has {value!r:.40} where a number is needed")
    return value


def check_seconds(subject: str, seconds: object) -> float:
    """Return a length of time if it is a finite number of at least 0.

    Raises
    ------
    TrainingError
        If it is not.

    """
    if check_number(subject, seconds) < 0:
        raise TrainingError(subject, "took less than no time", "Give seconds since the image was shown.")
    return float(seconds)  # type: ignore[arg-type]  # a number, as was just checked


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a trainee did before committing.

    Parameters
    ----------
    seconds : float
        Since the image was shown, by a clock that nobody sets.
    what : str
        In one word, for example ``"add"``, ``"move"``, ``"delete"``, ``"name"``, ``"view"`` or ``"confidence"``.
    record : dict or None
        What it came to, as plain values for JSON.

    Raises
    ------
    TrainingError
        If the time is not a number of at least 0, the word is missing, or the record is no group of plain values.

    """

    seconds: float
    what: str
    record: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        check_seconds("step", self.seconds)
        if not self.what or not isinstance(self.record, Mapping | None):
            raise TrainingError("step", "does not say what was done")

    @property
    def plain(self) -> Values:
        """The step as plain values for JSON."""
        kept = None if self.record is None else dict(self.record)
        return {"seconds": self.seconds, "what": self.what} | ({} if kept is None else {"record": kept})

    @classmethod
    def read(cls, values: object) -> Step:
        """Return the step written as `plain`."""
        seconds, what = (taken("step", values, name) for name in ("seconds", "what"))
        record = values.get("record") if isinstance(values, Mapping) else None
        return cls(seconds, checked_text("step", "what", what), record)


@dataclass(frozen=True, slots=True)
class Variant:
    """How an image was shown; no place and no name in the answer depends on it.

    Parameters
    ----------
    mirrored : bool
        Whether the display was flipped from left to right. The letters of the sides were flipped with it: the
        patient's right stayed the patient's right.
    contrast : float
        Factor of the contrast, 1 for the image as it is.
    brightness : float
        What was added to the brightness, as a share of the whole range; 0 for the image as it is.

    Raises
    ------
    TrainingError
        If a number is not finite, or the contrast not above 0.

    """

    mirrored: bool = False
    contrast: float = 1.0
    brightness: float = 0.0

    def __post_init__(self) -> None:
        numbers = check_number("contrast", self.contrast), check_number("brightness", self.brightness)
        if not isinstance(self.mirrored, bool) or numbers[0] <= 0:
            raise TrainingError("way to show an image", "has a contrast of 0 or less, or is half mirrored")

    @property
    def plain(self) -> Values:
        """The variant as plain values for JSON."""
        return {"mirrored": self.mirrored, "contrast": self.contrast, "brightness": self.brightness}

    @classmethod
    def read(cls, values: object) -> Variant:
        """Return the variant written as `plain`."""
        return cls(
            *(taken("way to show an image", values, name) for name in ("mirrored", "contrast", "brightness"))
        )


AS_IT_IS: Final = Variant()
"""Neither mirrored nor brighter or darker."""


def count_moves(steps: Iterable[Step]) -> int:
    """Return how many of some steps are moves."""
    return sum(step.what in MOVED for step in steps)
