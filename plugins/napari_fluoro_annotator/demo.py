"""A demonstration: the sample study with a reading under way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import napari
from qtpy.QtWidgets import QApplication

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan
from fluoro_annotator.exchange import collect, write_csv, write_json
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkSession
from fluoro_annotator.store import open_store
from napari_fluoro_annotator.dock import AnnotateDock
from napari_fluoro_annotator.launch import make_window

READER = "demo"
STUDY = "lumbar"
STORE_FILE = "readings.sqlite"
# of its own: what waits to be stored elsewhere must not end up in the demonstration
RESCUE = "rescue"
WINDOW = (1366, 768)
SETTLE_ROUNDS = 30
LEVELS = ("L3", "L4", "L5")
MARKED_TARGETS = {
    "ap": (("L3_MB", Side.RIGHT), ("L4_MB", Side.RIGHT), ("L5_DR", Side.RIGHT)),
    "right_oblique": (("L3_MB", Side.RIGHT), ("L4_MB", Side.RIGHT)),
}

Json = Mapping[str, Any]


def run(output: Path, *, headless: bool) -> Path:
    """Open the sample study with a reading under way and keep it in a folder.

    The folder receives the store with the reading, ``marks.json`` and ``marks.csv``;
    without a reader in front of the screen also ``annotate.png``, a picture of the window.

    Parameters
    ----------
    output : pathlib.Path
        The folder; it is made if it does not exist. A reading that it holds already goes on.
    headless : bool
        Take a picture of the window and close it, instead of waiting for it to be closed.

    Returns
    -------
    pathlib.Path
        The file in which the reading is stored.

    """
    output.mkdir(parents=True, exist_ok=True)
    store_file = output / STORE_FILE
    folder = settings.sample_folder() / STUDY
    with open_store(store_file) as store:
        viewer, dock = make_window(
            scan([folder]).require(), store=store, reader=READER, rescue_folder=output / RESCUE
        )
        begin_reading(dock, json.loads((folder.parent / "truth.json").read_text(encoding="utf-8")))
        if headless:
            photograph(viewer, dock, output / "annotate.png")
            viewer.close()
        else:
            napari.run()
        document = collect(store, reader=READER)
        write_json(document, output / "marks.json", overwrite=True)
        write_csv(document, output / "marks.csv", overwrite=True)
    return store_file


def begin_reading(dock: AnnotateDock, truth: Json) -> None:
    """Mark a part of the study as a reader would, unless the reading holds marks already."""
    session = dock.controller.session
    if session is not None and not session.marks:
        for uid, image in truth["images"].items():
            _mark_image(session, uid, image)
    _show_needle(dock)


def _mark_image(session: MarkSession, uid: str, image: Json) -> None:
    series = image["series"]
    wanted = MARKED_TARGETS.get(series, ())
    for target in image["targets"]:
        if (target["nerve"], target["side"]) in wanted:
            site = session.anatomy.site(target["nerve"], Side(target["side"]))
            session.add_target(FrameRef(uid, 1), site, _point(target))
    if series == "ap":
        for vertebra in image["vertebrae"]:
            if vertebra["vertebra"] in LEVELS:
                session.add_level_label(FrameRef(uid, 1), vertebra["vertebra"], _point(vertebra))
    if series == "needle_advance":
        _mark_needle(session, uid, image)


def _mark_needle(session: MarkSession, uid: str, image: Json) -> None:
    last, aim = image["frames"][-1], image["needle"]
    site = session.anatomy.site(aim["nerve"], Side(aim["side"]))
    frame = FrameRef(uid, last["frame_number"])
    target = next(
        target
        for target in image["targets"]
        if (target["nerve"], target["side"]) == (aim["nerve"], aim["side"])
    )
    session.add_target(frame, site, _point(target))
    session.add_needle(frame, site, _point(last["needle"]["tip"]), _point(last["needle"]["hub"]))


def _show_needle(dock: AnnotateDock) -> None:
    session = dock.controller.session
    needles = [mark for mark in session.marks if mark.kind == "needle"] if session is not None else []
    if needles:
        dock.controller.choose_mark(needles[-1].mark_id)


def _point(place: Json) -> Point:
    return Point(place["row"], place["column"])


def photograph(viewer: napari.Viewer, dock: AnnotateDock, path: Path) -> None:
    """Write a picture of the whole window, drawn to the end, to a PNG file."""
    viewer.window.resize(*WINDOW)
    for _ in range(SETTLE_ROUNDS):
        QApplication.processEvents()
    dock.binding.fit()
    for _ in range(SETTLE_ROUNDS):
        QApplication.processEvents()
    viewer.window.screenshot(str(path), flash=False, canvas_only=False)
