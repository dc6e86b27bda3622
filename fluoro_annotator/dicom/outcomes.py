"""What a scan says of what it did not open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluoro_annotator.errors import FluoroAnnotatorError


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file or folder that was not opened, and why.

    Attributes
    ----------
    path : pathlib.Path
        The file; for a member of an archive, its name below that of the archive.
    problem : str
        What is wrong, as one clause: ``"is a CT Image, not a fluoroscopic image"``.
    remedy : str
        What can be done; may be empty.

    """

    path: Path
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.path}: {self.problem.rstrip('.')}."
        return f"{text} {self.remedy}" if self.remedy else text


def left_out(error: FluoroAnnotatorError) -> SkippedFile:
    """Return what an error says of the file it is about."""
    return SkippedFile(Path(error.subject), error.problem, error.remedy)
