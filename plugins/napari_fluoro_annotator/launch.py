"""Opening a window with studies and the Annotate dock, for the command line and scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import napari
from napari.layers import Layer
from napari.utils.notifications import show_error

from fluoro_annotator.dicom import ScanResult, default_index, scan
from fluoro_annotator.store import Store
from napari_fluoro_annotator.dock import AnnotateDock
from napari_fluoro_annotator.reader import layers_of, report_overlays, report_skipped

TITLE = "fluoro_annotator"
# napari's own name for the dock, so that its menu finds this one instead of opening a second
DOCK = "Annotate (Fluoro Annotator)"
Progress = Callable[[int, int], None]


def open_window(paths: Iterable[Path | str], *, progress: Progress | None = None) -> None:
    """Open studies in a new napari window with the Annotate dock, and stay until it is closed.

    Parameters
    ----------
    paths : iterable of path
        Files and folders.
    progress : callable, optional
        Called with the number of files read and the number found.

    Raises
    ------
    NothingToOpenError
        If there is no fluoroscopic study in them; no window is opened then.

    """
    result = scan(paths, progress=progress, index=default_index()).require()
    make_window(result)
    napari.run()


def make_window(
    result: ScanResult,
    *,
    store: Store | None = None,
    reader: str | None = None,
    rescue_folder: Path | None = None,
) -> tuple[napari.Viewer, AnnotateDock]:
    """Make a window that shows the studies of a scan, with the Annotate dock.

    Parameters
    ----------
    result : ScanResult
        What to show.
    store : Store, optional
        Where marks are kept; the one of the settings by default.
    reader : str, optional
        Who reads; the one of the settings by default.
    rescue_folder : pathlib.Path, optional
        Where changes wait that the store cannot take; the one of the settings by default.

    Returns
    -------
    viewer : napari.Viewer
    dock : AnnotateDock

    """
    viewer = napari.Viewer(title=TITLE)
    add_layers(viewer, result)
    dock = AnnotateDock(viewer, store=store, reader=reader, rescue_folder=rescue_folder)
    viewer.window.add_dock_widget(dock, name=DOCK, area="right")
    report_skipped(result)
    report_overlays(result)
    return viewer, dock


def add_layers(viewer: napari.Viewer, result: ScanResult) -> None:
    """Add one lazy image layer for each view of a scan."""
    layers = layers_of(result)
    if layers == [(None,)]:
        show_error("None of the images could be shown.")
        return
    for data, options, kind in layers:
        viewer.add_layer(Layer.create(data, options, kind))
