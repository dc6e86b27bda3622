"""Time to the first frame and memory: contenders take turns, each run in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pydicom import dcmread
from pydicom.pixels import get_decoder

PROBE = Path(__file__).with_name("probe.py")
OURS = "fluoro_annotator"
PEERS = ("pydicom_all", "pydicom_one")
SHOWN = {
    OURS: "fluoro_annotator, frame 0",
    "pydicom_all": "pydicom, dcmread(...).pixel_array",
    "pydicom_one": "pydicom, pixel_array(..., index=0)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingResult:
    """Medians of one contender on one file.

    Attributes
    ----------
    file, contender : str
        What was read, and by whom.
    decoder : str
        What decoded the frames for it.
    seconds, import_seconds : float
        To the first frame, and for the imports before.
    extra_bytes : float or None
        Peak of resident memory above that after the imports; None where it cannot be told.
    time_ratio, memory_ratio : float or None
        Median of the ratios to our own run of the same turn; above 1 means that ours is faster or
        smaller. None for ours.

    """

    file: str
    contender: str
    decoder: str
    seconds: float
    import_seconds: float
    extra_bytes: float | None
    time_ratio: float | None = None
    memory_ratio: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the values for JSON."""
        return asdict(self)


def probe(contender: str, path: Path) -> dict[str, Any]:
    """Return what one fresh process measures."""
    done = subprocess.run(
        [sys.executable, PROBE, contender, path], check=True, capture_output=True, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def decoder_of_pydicom(path: Path) -> str:
    """Return the decoder that pydicom takes for a file, ``none`` if it has none, ``native`` for raw pixels."""
    syntax = dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID
    if not syntax.is_compressed:
        return "native"
    return next(iter(get_decoder(syntax).available_plugins), "none")


def compare(name: str, path: Path, runs: int) -> list[ReadingResult]:
    """Return the medians of all contenders on one file, ours first.

    Parameters
    ----------
    name : str
        What the file is called in the table.
    path : pathlib.Path
        A DICOM file.
    runs : int
        Turns; each contender runs once in each. One turn before is not counted: it fills the
        system's cache of files and compiles bytecode.

    """
    decoder = decoder_of_pydicom(path)
    contenders = (OURS, *PEERS) if decoder != "none" else (OURS,)
    turns = [{contender: probe(contender, path) for contender in contenders} for _ in range(runs + 1)][1:]
    decoders = {OURS: "native" if decoder == "native" else "imagecodecs"}
    return [_result(name, contender, decoders.get(contender, decoder), turns) for contender in contenders]


def _result(name: str, contender: str, decoder: str, turns: list[dict[str, dict[str, Any]]]) -> ReadingResult:
    own = contender == OURS
    return ReadingResult(
        file=name,
        contender=contender,
        decoder=decoder,
        seconds=median(turn[contender]["seconds"] for turn in turns),
        import_seconds=median(turn[contender]["import_seconds"] for turn in turns),
        extra_bytes=_median(turn[contender]["extra_bytes"] for turn in turns),
        time_ratio=None if own else _ratio(turns, contender, "seconds"),
        memory_ratio=None if own else _ratio(turns, contender, "extra_bytes"),
    )


def _median(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _ratio(turns: list[dict[str, dict[str, Any]]], contender: str, what: str) -> float | None:
    return _median(
        turn[contender][what] / turn[OURS][what]
        for turn in turns
        if turn[OURS][what] and turn[contender][what] is not None
    )
