"""Measure one thing in a real napari window, in a process of its own, and print the result as JSON.

Usage: python benchmarks/window_probe.py TASK CINE STORE, or fill CINE STORE MARKS
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import napari
import numpy as np
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.dicom import FrameStack, scan
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Change, FrameRef, Target
from fluoro_annotator.store import open_session, open_store
from napari_fluoro_annotator.controllers.cine import Pace
from napari_fluoro_annotator.dock import AnnotateDock
from napari_fluoro_annotator.launch import make_window
from napari_fluoro_annotator.studies import study_record

READER = "bench"
SIZE = (1366, 768)
PLAY_SPEED = 4.0
"""60 frames a second of a cine acquired with 15, none left out: more than can be shown, so that the rate is what can be."""
PLAYED_SECONDS = 8.0
WARM_SECONDS = 1.5
PRESSES = 30
PATIENCE = 10.0
"""Seconds that anything may take before the probe gives up."""


class Drawn:
    """Counts how often a window is drawn, and how often it shows another frame than the time before.

    ``targets`` is how many targets the last picture holds, ``presented`` how many pictures have reached the screen.
    """

    def __init__(self, viewer: napari.Viewer, index: Callable[[], int]) -> None:
        self.draws = self.frames = self.targets = self.presented = 0
        self._index, self._last = index, -1
        self._layers = viewer.layers
        self._canvas = viewer.window._qt_viewer.canvas  # noqa: SLF001 - what is drawn is known there only
        self._canvas._scene_canvas.events.draw.connect(self._on_draw, position="last")  # noqa: SLF001 - as above
        self._canvas.native.frameSwapped.connect(self._on_presented)

    def _on_presented(self) -> None:
        self.presented += 1

    def _on_draw(self, _event: object) -> None:
        self.draws += 1
        if "Targets" in self._layers:
            markers = self._canvas.layer_to_visual[self._layers["Targets"]].node.points_markers
            self.targets = len(markers._data)  # noqa: SLF001 - what has been given to the graphics driver
        if self._index() != self._last:
            self.frames, self._last = self.frames + 1, self._index()


def fill(store_path: Path, cine: Path, marks: int) -> None:
    """Write a reading with so many targets, spread over the frames of a cine alike."""
    stack = FrameStack(scan([cine]).require().studies[0].images)
    store = open_store(store_path)
    session, recorder = open_session(store, study_record(stack.study_uid, [stack]), reader=READER)
    generator = np.random.default_rng(7)
    site = load_anatomy().site("L3_MB", Side.RIGHT)
    rows, columns = stack.shape[1:]
    session.edit(
        Change(
            None,
            Target(
                frame=FrameRef(*stack.frame_ref(number % len(stack))),
                site=site,
                position=Point(
                    float(generator.uniform(9, rows - 9)), float(generator.uniform(9, columns - 9))
                ),
            ),
        )
        for number in range(marks)
    )
    recorder.close()
    store.close()


def opened(cine: Path, store: Path) -> tuple[napari.Viewer, AnnotateDock]:
    """Return a window with a cine and the reading of a store."""
    viewer, dock = make_window(scan([cine]).require(), store=open_store(store), reader=READER)
    viewer.window._qt_window.resize(*SIZE)  # noqa: SLF001 - napari's own resize leaves the docks out
    return viewer, dock


def until(reached: Callable[[], bool]) -> None:
    """Let the window work until something has happened."""
    end = time.perf_counter() + PATIENCE
    while not reached():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not come to an end")
        QApplication.processEvents()


def work(seconds: float) -> None:
    """Let the window work for some time."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        QApplication.processEvents()
        time.sleep(min(left, 0.0005))


def counted(drawn: Drawn) -> dict[str, float]:
    """Return how many frames are drawn each second, and processor time for each of them."""
    work(WARM_SECONDS)
    began, processor, before = time.perf_counter(), time.process_time(), drawn.frames
    work(PLAYED_SECONDS)
    frames, seconds = drawn.frames - before, time.perf_counter() - began
    return {"rate": frames / seconds, "processor_ms": 1e3 * (time.process_time() - processor) / frames}


def play(cine: Path, store: Path) -> dict[str, float]:
    """Play a cine with its marks by our transport bar, faster than it can be shown."""
    viewer, dock = opened(cine, store)
    until(lambda: bool(dock.controller.session is not None))
    drawn = Drawn(viewer, lambda: dock.binding.index)
    dock.cine.choose_pace(Pace.EVERY_FRAME)
    dock.cine.choose_speed(PLAY_SPEED)
    dock.cine.play_or_pause()
    found = counted(drawn)
    dock.cine.pause()
    viewer.close()
    return found


def eager(cine: Path, _store: Path) -> dict[str, float]:
    """Scrub through all frames as an array in memory, in plain napari without marks."""
    array = np.asarray(FrameStack(scan([cine]).require().studies[0].images)[:])
    viewer = napari.Viewer()
    viewer.window._qt_window.resize(*SIZE)  # noqa: SLF001 - as above
    viewer.add_image(array)
    drawn = Drawn(viewer, lambda: int(viewer.dims.current_step[0]))
    scrub = Scrub(viewer, len(array))
    scrub.begin()
    found = counted(drawn)
    scrub.end()
    viewer.close()
    return found


def press(cine: Path, store: Path) -> dict[str, float]:
    """Press on the image with the Target tool, from the press until the mark is stored and drawn."""
    viewer, dock = opened(cine, store)
    drawn = Drawn(viewer, lambda: dock.binding.index)
    until(lambda: drawn.draws > 0)
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    work(WARM_SECONDS)
    canvas = viewer.window._qt_viewer.canvas.native  # noqa: SLF001 - where a person presses
    times = [one_press(dock, canvas, drawn, number) for number in range(PRESSES)]
    viewer.close()
    return {"seconds": median(times), "slowest": max(times)}


def one_press(dock: AnnotateDock, canvas: Any, drawn: Drawn, number: int) -> float:
    """Return the seconds from one press until its mark is in the store and on the screen."""
    session = dock.controller.session
    if session is None:
        raise RuntimeError("there is no reading")
    dock.binding.show(dock.binding.stacks[0], number)
    dock.controller.arm_target()
    work(0.2)
    marks, before = len(session.marks), drawn.presented
    place = QPoint(canvas.width() // 2 + 3 * (number % 7), canvas.height() // 2 + 2 * (number % 11))
    began = time.perf_counter()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    until(lambda: drawn.presented > before)
    seconds, targets = time.perf_counter() - began, drawn.targets
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    if len(session.marks) != marks + 1 or not dock.desk.saved_text()[1]:
        raise RuntimeError("the press was not stored")
    if targets != len(session.marks_on(dock.binding.frame)):
        raise RuntimeError("the first picture after the press does not hold the mark")
    return seconds


def opening(cine: Path, store: Path) -> dict[str, float]:
    """Open a study in a window, from the scan until its first frame is drawn."""
    napari.qt.get_qapp()
    began = time.perf_counter()
    viewer, dock = opened(cine, store)
    drawn = Drawn(viewer, lambda: dock.binding.index)
    until(lambda: drawn.draws > 0)
    seconds = time.perf_counter() - began
    marks = 0 if dock.controller.session is None else len(dock.controller.session.marks)
    viewer.close()
    return {"seconds": seconds, "marks": marks}


class Scrub:
    """Shows the next frame of a viewer whenever there is time, as a slider that is dragged does."""

    def __init__(self, viewer: napari.Viewer, frames: int) -> None:
        self._viewer, self._frames, self._index = viewer, frames, 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_timeout)

    def begin(self) -> None:
        """Go on and on."""
        self._timer.start(1)

    def end(self) -> None:
        """Stop."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        self._index = (self._index + 1) % self._frames
        self._viewer.dims.set_current_step(0, self._index)


TASKS = {"play": play, "eager": eager, "press": press, "opening": opening}

if __name__ == "__main__" and sys.argv[1] == "fill":
    fill(Path(sys.argv[3]), Path(sys.argv[2]), int(sys.argv[4]))
elif __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))))
