"""The table of speed and memory: what was measured beside peers, and what is wanted of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cines import DISTINCT, ENCODINGS, make_cine, make_folder

HERE = Path(__file__).parent
PEERS = HERE.parent / ".venv" / "peers"
"""Decoders for pydicom that only the peers of this table see; `make bench` puts them there."""

SEED = 20261
FIRST = {"native": 1000, "JPEG lossless": 1000, "JPEG-LS": 500, "JPEG 2000": 150}
NEXT = {"JPEG lossless": 4.0, "JPEG-LS": 2.0, "HTJ2K": 2.5}
MEMORY_SHARE = 0.05
FIRST_SCAN = 4.0
SECOND_SCAN = 20.0
PIECE = 1 << 22
MS = 1e3
MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table.

    Attributes
    ----------
    what, against : str
        What was measured, and the peer.
    ours, peers : str
        Both values with their units.
    ratio : float or None
        How many times faster ours is; for memory the share of the whole array. None without a peer.
    wanted : float or None
        What the ratio should be; None where nothing was asked for.
    met : bool or None
        Whether it is.
    absolute : str
        The unit in which `wanted` is said, where it is no ratio of this sort.

    """

    what: str
    against: str
    ours: str
    peers: str
    ratio: float | None
    wanted: float | None
    met: bool | None
    absolute: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the values for JSON."""
        return asdict(self)


def faster(what: str, against: str, ours: float, peer: float | None, wanted: float | None) -> Line:
    """Return a line about times in seconds, where a larger ratio is better."""
    ratio = None if peer is None else peer / ours
    met = None if ratio is None or wanted is None else ratio >= wanted
    shown = "no decoder" if peer is None else _time(peer)
    return Line(
        what=what, against=against, ours=_time(ours), peers=shown, ratio=ratio, wanted=wanted, met=met
    )


def growing(what: str, against: str, ours: float, peer: float, wanted: float | None) -> Line:
    """Return a line about times in seconds of which ours may be longer than the peer's, to a limit."""
    return Line(
        what=what,
        against=against,
        ours=_time(ours),
        peers=_time(peer),
        ratio=ours / peer,
        wanted=wanted,
        met=None if wanted is None else ours / peer <= wanted,
        absolute="x at most" if wanted is not None else "x as long",
    )


def smaller(what: str, ours: float | None, whole: float) -> Line:
    """Return a line about memory in bytes, where a smaller share of the whole array is better."""
    share = None if ours is None else ours / whole
    return Line(
        what=what,
        against="the whole array",
        ours="" if ours is None else f"{ours / MB:.0f} MB",
        peers=f"{whole / MB:.0f} MB",
        ratio=share,
        wanted=MEMORY_SHARE,
        met=None if share is None else share < MEMORY_SHARE,
    )


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * MS:.2f} ms"


def decoder_of_pydicom(encoding: str) -> str:
    """Return the decoder that pydicom takes with the peers' packages, ``none`` if it has none."""
    syntax, _ = ENCODINGS[encoding]
    if not syntax.is_compressed:
        return "native"
    code = f"from pydicom.pixels import get_decoder as g; print(*g({str(syntax)!r}).available_plugins)"
    done = _python("-c", code)
    return (done.split() or ["none"])[0]


def _python(*arguments: str | Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(PEERS)}
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout


def _probe(script: str, *arguments: str | Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(_python(HERE / script, *arguments))
    return result


def cine_lines(folder: Path, encoding: str, frames: int, side: int, runs: int) -> Iterator[Line]:
    """Measure one cine and yield its lines; what takes all frames is measured once, the rest `runs` times.

    Parameters
    ----------
    folder : pathlib.Path
        Where the cine is made; it is removed afterwards.
    encoding : str
        One of `cines.ENCODINGS`.
    frames, side, runs : int
        Frames, rows and columns of the cine; turns.

    """
    path = make_cine(folder, encoding, frames, side)
    decoder = decoder_of_pydicom(encoding)
    turns = [_turn(path, decoder, SEED + run) for run in range(runs)]
    _warm(path)
    everything = None if decoder == "none" else _probe("cine_probe.py", "pydicom_all", path, str(SEED))
    path.unlink()
    ours = [turn["fluoro_annotator"] for turn in turns]
    singles = [turn["pydicom_one"] for turn in turns if "pydicom_one" in turn]
    with_decoder = f"pydicom, {decoder}"
    yield faster(
        f"first of {frames} frames, {encoding}",
        f"{with_decoder}, all frames",
        median(each["first_seconds"] for each in ours),
        None if everything is None else everything["first_seconds"],
        FIRST.get(encoding),
    )
    yield faster(
        f"random frame, {encoding}",
        f"{with_decoder}, index=i",
        median(each["next_seconds"] for each in ours),
        median(each["next_seconds"] for each in singles) if singles else None,
        NEXT.get(encoding),
    )
    extra = [each["extra_bytes"] for each in ours if each["extra_bytes"] is not None]
    yield smaller(f"extra memory, {encoding}", max(extra) if extra else None, ours[0]["whole_bytes"])


def _turn(path: Path, decoder: str, seed: int) -> dict[str, dict[str, Any]]:
    contenders = ("fluoro_annotator",) if decoder == "none" else ("fluoro_annotator", "pydicom_one")
    found = {}
    for each in contenders:
        _warm(path)
        found[each] = _probe("cine_probe.py", each, path, str(seed))
    return found


def _warm(path: Path) -> None:
    """Read a file, so that it is in the system's cache for every contender alike."""
    with path.open("rb", buffering=0) as file:
        while file.read(PIECE):
            pass


def scan_lines(folder: Path, files: int, runs: int) -> Iterator[Line]:
    """Measure scans of a folder of small files and yield their lines; each scan is a fresh process."""
    place = folder / "files"
    make_folder(place, files)
    turns = [_scans(folder, place, run) for run in range(runs + 1)][1:]
    names = ("peer", "first", "again", "second")
    peer, first, again, second = (median(turn[name] for turn in turns) for name in names)
    yield faster(f"first scan, {files} files", "pydicom, dcmread loop", first, peer, FIRST_SCAN)
    yield faster("repeated scan", "the first scan", again, first, SECOND_SCAN)
    yield faster("repeated scan, program restarted", "the first scan", second, first, SECOND_SCAN)


def _scans(folder: Path, place: Path, run: int) -> dict[str, float]:
    index = folder / f"index{run}.sqlite"
    probes = {"peer": "pydicom", "first": "fluoro_annotator", "second": "fluoro_annotator"}
    found = {name: _probe("scan_probe.py", who, place, index) for name, who in probes.items()}
    if len({each["images"] for each in found.values()}) != 1:
        raise RuntimeError(f"the ways to scan found different numbers of images: {found}")
    seconds = {name: float(each["seconds"]) for name, each in found.items()}
    return seconds | {"again": float(found["first"]["again_seconds"])}


def about(frames: int, side: int) -> str:
    """Return what the table is about, in one sentence."""
    repeated = f" ({DISTINCT} frames that differ, repeated)" if frames > DISTINCT else ""
    return f"Cines of {side} x {side} pixels, 12 bits{repeated}, in the system's cache; each run a fresh process."


def row_of(line: Line) -> tuple[str, ...]:
    """Return a line as texts."""
    memory = line.wanted == MEMORY_SHARE
    ratio = "" if line.ratio is None else f"{line.ratio:.1%}" if memory else f"{line.ratio:.1f} x"
    wanted = "" if line.wanted is None else f"< {line.wanted:.0%}" if memory else f"{line.wanted:g} x"
    if line.absolute and line.wanted is not None:
        wanted = f"{line.wanted:g} {line.absolute}"
    met = {True: "yes", False: "NO", None: ""}[line.met]
    return line.what, line.against, line.ours, line.peers, ratio, wanted, met


HEADINGS = ("what", "against", "ours", "theirs", "ratio", "wanted", "met")
