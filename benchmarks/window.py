"""What a window takes, beside plain napari: frames played, a press, opening a study with many marks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from cines import make_cine
from targets import Line

HERE = Path(__file__).parent
ENCODING = "JPEG lossless"
SIDE = 1024
MARKS_PER_FRAME = 10
MANY_MARKS = 5000
RATE = 20.0
PRESS = 0.050
OPENING = 1.5
MS = 1e3


def window_lines(folder: Path, frames: int, runs: int) -> Iterator[Line]:
    """Measure windows and yield their lines; contenders take turns, each in a fresh process.

    Parameters
    ----------
    folder : pathlib.Path
        Where the cine and the stores are made.
    frames : int
        Frames of 1024 x 1024 pixels in the cine.
    runs : int
        Turns.

    """
    cine = make_cine(folder, ENCODING, frames, SIDE)
    stores = {marks: _store(folder, cine, marks) for marks in (0, frames * MARKS_PER_FRAME, MANY_MARKS)}
    marked = stores[frames * MARKS_PER_FRAME]
    played, scrubbed, pressed, empty, full = [], [], [], [], []
    for _ in range(runs):
        played.append(_probe("play", cine, marked)["rate"])
        scrubbed.append(_probe("eager", cine, stores[0])["rate"])
        pressed.append(_probe("press", cine, marked)["seconds"])
        empty.append(_probe("opening", cine, stores[0])["seconds"])
        full.append(_probe("opening", cine, stores[MANY_MARKS])["seconds"])
    cine.unlink()
    yield _rate_line(median(played), median(scrubbed))
    yield _press_line(median(pressed))
    yield _opening_line([many / none for many, none in zip(full, empty, strict=True)], full, empty)


def _rate_line(ours: float, eager: float) -> Line:
    return Line(
        what=f"frames drawn each second, {ENCODING}, {MARKS_PER_FRAME} marks each",
        against="plain napari, array in memory, no marks",
        ours=f"{ours:.1f}",
        peers=f"{eager:.1f}",
        ratio=ours / eager,
        wanted=RATE,
        met=ours >= RATE,
        absolute="frames/s",
    )


def _press_line(seconds: float) -> Line:
    return Line(
        what="from the press to the mark stored and drawn",
        against="",
        ours=f"{seconds * MS:.0f} ms",
        peers="",
        ratio=None,
        wanted=PRESS * MS,
        met=seconds <= PRESS,
        absolute="ms",
    )


def _opening_line(ratios: list[float], full: list[float], empty: list[float]) -> Line:
    ratio = median(ratios)
    return Line(
        what=f"opening a study with {MANY_MARKS} marks",
        against="opening it with none",
        ours=f"{median(full):.2f} s",
        peers=f"{median(empty):.2f} s",
        ratio=ratio,
        wanted=OPENING,
        met=ratio <= OPENING,
        absolute="times at the most",
    )


def _store(folder: Path, cine: Path, marks: int) -> Path:
    """Return a store with a reading of so many marks."""
    path = folder / f"marks{marks}.sqlite"
    _run(folder, "fill", cine, path, str(marks))
    return path


def _probe(task: str, cine: Path, store: Path) -> dict[str, float]:
    """Run a probe on a copy of a store, so that what one run adds is not there in the next."""
    copy = store.with_name(f"copy-{store.name}")
    shutil.copy(store, copy)
    result: dict[str, float] = json.loads(_run(store.parent, task, cine, copy).splitlines()[-1])
    copy.unlink()
    return result


def _run(folder: Path, *arguments: str | Path) -> str:
    command = [
        HERE.parent / "tools" / "display.sh",
        "run",
        sys.executable,
        HERE / "window_probe.py",
        *arguments,
    ]
    own = {
        "NAPARI_CONFIG": str(folder / "napari" / "settings.yaml"),
        **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | own)
    return done.stdout
