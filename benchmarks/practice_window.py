"""From one answer committed to the next image shown, in a real window on a store of the disk, beside plain napari.

Usage as a probe, in a process of its own: python benchmarks/practice_window.py STORE EXERCISES
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from targets import Line

HERE = Path(__file__).parent
WANTED = 0.300
"""Seconds from one answer committed to the next image shown, the reading of the feedback left out."""
READING = 1.0
"""Seconds for which the feedback is looked at; then the next image is read ahead."""
SET = "phantom-lumbar-targets"
TRAINEE = "bench"
MS = 1e3


def practice_window_lines(folder: Path, exercises: int) -> list[Line]:
    """Measure a window in which so many exercises are answered, and return its line."""
    command = [HERE.parent / "tools" / "display.sh", "run", sys.executable, __file__]
    own = {
        "NAPARI_CONFIG": str(folder / "napari" / "settings.yaml"),
        **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    done = subprocess.run(
        [*command, folder / "practice.sqlite", str(exercises)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | own,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    ours, peers = median(found["ours"]), median(found["plain"])
    line = Line(
        what="from one answer committed to the next image shown",
        against="plain napari given the same frame from memory",
        ours=f"{ours * MS:.0f} ms",
        peers=f"{peers * MS:.0f} ms",
        ratio=ours / peers,
        wanted=WANTED * MS,
        met=ours <= WANTED,
        absolute="ms at the most",
    )
    return [line]


def probe(store_path: Path, exercises: int) -> dict[str, list[float]]:
    """Answer exercises of a sample set, and then show the same frames in plain napari; seconds of each."""
    import napari  # noqa: PLC0415 - only the process of the probe has a window
    from window_probe import SIZE  # noqa: PLC0415 - the same

    from fluoro_annotator import settings  # noqa: PLC0415 - the same
    from fluoro_annotator.store import open_store  # noqa: PLC0415 - the same
    from fluoro_annotator.training import install, read_set_file  # noqa: PLC0415 - the same
    from napari_fluoro_annotator.practice_images import PracticeImages  # noqa: PLC0415 - the same
    from napari_fluoro_annotator.practice_launch import make_practice_window  # noqa: PLC0415 - the same

    store = open_store(store_path)
    install(read_set_file(settings.sample_folder() / "practice" / f"{SET}.set.json"), store, by="Expert")
    images = PracticeImages([])
    viewer, dock = make_practice_window(store=store, reader=TRAINEE, images=images)
    viewer.window._qt_window.resize(*SIZE)  # noqa: SLF001 - napari's own resize leaves the docks out
    frames: list[Any] = []
    ours = answered(viewer, dock, images, exercises, frames)
    viewer.close()
    store.close()
    plain = napari.Viewer()
    plain.window._qt_window.resize(*SIZE)  # noqa: SLF001 - as above
    layer = plain.add_image(frames[0])
    return {"ours": ours, "plain": [_assigned(plain, layer, frame) for frame in frames[1:]]}


def answered(viewer: Any, dock: Any, images: Any, exercises: int, frames: list[Any]) -> list[float]:
    """Answer exercises; return the seconds of each commit and of the image after it, together."""
    from window_probe import Drawn, until, work  # noqa: PLC0415 - only the process of the probe has a window

    until(lambda: not images.looking)
    dock.sets.choose_at_first(SET)
    dock.sets.start()
    work(READING)
    drawn = Drawn(viewer, lambda: dock.binding.index)
    times = []
    for _ in range(exercises + 1):
        frames.append(dock.binding.current.frame(dock.binding.index))
        _answer(dock)
        work(READING)
        seconds = _seconds(drawn, dock.exercise.commit)
        work(READING)
        times.append(seconds + _seconds(drawn, dock.exercise.go_on))
        work(READING)
    return times[1:]  # the first time napari and the graphics driver prepare what they keep


def _answer(dock: Any) -> None:
    from fluoro_annotator.geometry import Point  # noqa: PLC0415 - only the process of the probe needs it

    exercise = dock.exercise
    rows, columns = dock.binding.current.shape[1:3]
    exercise.hand.press(Point(rows * 0.5, columns * 0.55), None)
    exercise.hand.place()
    for part, value in (("nerve", "L3_MB"), ("vertebra", "L4"), ("joint", "L4-L5"), ("side", "right")):
        if part in exercise.sheet.question.parts:
            exercise.answer(part, value)
    exercise.probable()


def _seconds(drawn: Any, act: Callable[[], object]) -> float:
    """Return the seconds from an act until a picture after it has reached the screen."""
    from window_probe import until  # noqa: PLC0415 - as above

    began = time.perf_counter()
    act()
    before = drawn.presented
    until(lambda: drawn.presented > before)
    return time.perf_counter() - began


def _assigned(viewer: Any, layer: Any, frame: Any) -> float:
    from window_probe import Drawn, work  # noqa: PLC0415 - as above

    work(READING / 4)
    drawn = Drawn(viewer, lambda: 0)

    def assign() -> None:
        layer.data = frame

    return _seconds(drawn, assign)


if __name__ == "__main__":
    print(json.dumps(probe(Path(sys.argv[1]), int(sys.argv[2]))))
