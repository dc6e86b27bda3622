"""Opening a window with studies and the Annotate dock, for the command line and scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import napari
from napari.layers import Layer
from napari.utils.notifications import show_error

from fluoro_annotator.dicom import ScanResult
from fluoro_annotator.marks import Purpose
from fluoro_annotator.store import Store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.dock import AnnotateDock
from napari_fluoro_annotator.opening import opener_of
from napari_fluoro_annotator.reader import NO_LAYERS, layers_of
from napari_fluoro_annotator.scan_job import Job, scan_job
from napari_fluoro_annotator.view_layers import MANY_VIEWS, stacks_of

TITLE = "fluoro_annotator"
# napari's own name for the dock, so that its menu finds this one instead of opening a second
DOCK = "Annotate (Fluoro Annotator)"
Progress = Callable[[int, int], None]

PATIENCE = 1.5
"""Seconds for which files are read before there is a window; engineering default."""
LOOK_EVERY = 0.02
GOODBYE = 1.0
"""Seconds between looks at the scan, and those it has to end when the window was closed."""


def open_window(
    paths: Iterable[Path | str], *, progress: Progress | None = None, purpose: Purpose | None = None
) -> None:
    """Open studies in a new napari window with the Annotate dock, and stay until it is closed.

    Files that are read soon are read before the window opens. It does not wait for many files or a slow
    drive: it shows how far reading is, and can be used, closed or told to stop meanwhile.

    Parameters
    ----------
    paths : iterable of path
        Files and folders.
    progress : callable, optional
        Called with the number of files read and the number found.
    purpose : Purpose, optional
        What is read for; that of the settings by default.

    Raises
    ------
    NothingToOpenError
        If there is no fluoroscopic study in them. No window is opened if that is known soon.

    """
    job = scan_job(list(paths))
    try:
        _wait(job, progress)
        if job.finished:
            _show(job.result().require(), purpose)
        else:
            opener_of(make_window(purpose=purpose)[0]).go_on(job, progress)
        napari.run()
    finally:
        stopped = job.cancelled
        job.cancel()
        job.wait(GOODBYE)
    if job.finished and not stopped:
        job.result().require()


def _wait(job: Job[ScanResult], progress: Progress | None) -> None:
    """Wait a moment for a scan, and say how far it is."""
    for _ in range(round(PATIENCE / LOOK_EVERY)):
        there = job.wait(LOOK_EVERY)
        if progress is not None and job.progress != (0, 0):
            progress(*job.progress)
        if there:
            return


def _show(result: ScanResult, purpose: Purpose | None) -> None:
    """Open a window with what was found, or let choose if that is very much."""
    if len(stacks_of(result)) <= MANY_VIEWS:
        make_window(result, purpose=purpose)
    else:
        opener_of(make_window(purpose=purpose)[0]).take(result)


def make_window(
    result: ScanResult | None = None,
    *,
    store: Store | None = None,
    reader: str | None = None,
    purpose: Purpose | None = None,
    rescue_folder: Path | None = None,
) -> tuple[napari.Viewer, AnnotateDock]:
    """Make a window that shows the studies of a scan, with the Annotate dock.

    Parameters
    ----------
    result : ScanResult, optional
        What to show.
    store : Store, optional
        Where marks are kept; the one of the settings by default.
    reader : str, optional
        Who reads; the one of the settings by default.
    purpose : Purpose, optional
        What for; that of the settings by default.
    rescue_folder : pathlib.Path, optional
        Where changes wait that the store cannot take; the one of the settings by default.

    Returns
    -------
    viewer : napari.Viewer
    dock : AnnotateDock

    """
    viewer = napari.Viewer(title=TITLE)
    if result is not None:
        add_layers(viewer, result)
    dock = AnnotateDock(viewer, store=store, reader=reader, purpose=purpose, rescue_folder=rescue_folder)
    viewer.window.add_dock_widget(dock, name=DOCK, area="right")
    if result is not None:
        opener_of(viewer).report(result)
    return viewer, dock


def add_layers(viewer: napari.Viewer, result: ScanResult) -> None:
    """Add one lazy image layer for each view of a scan."""
    layers = layers_of(result, viewer)
    if layers == NO_LAYERS:
        show_error(texts.NOTHING_SHOWN)
        return
    for data, options, kind in layers:
        viewer.add_layer(Layer.create(data, options, kind))
