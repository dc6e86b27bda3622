"""Opening the window for practice: from the menu of another window, and from the command line."""

from __future__ import annotations

import napari
from napari.viewer import Viewer
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QDockWidget

from fluoro_annotator.store import Store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_protocols import SetSource
from napari_fluoro_annotator.opening import main_window
from napari_fluoro_annotator.practice_dock import PracticeDock
from napari_fluoro_annotator.practice_images import PracticeImages

DOCK_WIDTH = 420
"""Of 1366 pixels, the smallest screen that is thought of; engineering default."""
LAYER_DOCKS = frozenset({"layer list", "layer controls"})
"""What napari calls the docks that show layers."""


def open_practice(set_id: str = "") -> None:
    """Open a window for practice and stay until it is closed.

    Parameters
    ----------
    set_id : str
        The teaching set that is chosen at first; empty for the one that is assigned, if any.

    Raises
    ------
    TeachingSetError
        If there is no such set.

    """
    viewer, dock = make_practice_window()
    try:
        if set_id:
            dock.sets.choose_at_first(set_id)
    except BaseException:
        viewer.close()
        raise
    napari.run()


def make_practice_window(
    *,
    store: Store | None = None,
    reader: str | None = None,
    images: PracticeImages | None = None,
    source: SetSource | None = None,
) -> tuple[napari.Viewer, PracticeDock]:
    """Make a window in which somebody practises, and nothing else is done.

    Parameters
    ----------
    store : Store, optional
        Where sets and answers are kept; the one of the settings by default.
    reader : str, optional
        Who practises; the reader of the settings by default.
    images : PracticeImages, optional
        Finds images.
    source : SetSource, optional
        Where sets come from and answers go to, instead of a store.

    Returns
    -------
    viewer : napari.Viewer
    dock : PracticeDock

    """
    viewer = napari.Viewer(title=texts.PRACTICE_TITLE)
    _hide_layer_docks(viewer)
    dock = PracticeDock(viewer, store=store, reader=reader, images=images, source=source)
    frame = viewer.window.add_dock_widget(
        dock, name=texts.PRACTICE_DOCK, area="right", add_vertical_stretch=False
    )
    window = main_window(viewer)
    if window is not None:
        window.resizeDocks([frame], [DOCK_WIDTH], Qt.Orientation.Horizontal)
    dock.binding.warm()
    return viewer, dock


def show_practice(viewer: Viewer) -> PracticeDock:  # noqa: ARG001 - napari hands over the window of the menu
    """Show the window for practice: the one that is open, or a new one."""
    for dock in open_practice_docks():
        window = dock.window()
        window.show()
        window.raise_()
        window.activateWindow()
        return dock
    return make_practice_window()[1]


def open_practice_docks() -> list[PracticeDock]:
    """Return the practice docks of all windows that are open."""
    return [widget for widget in QApplication.allWidgets() if isinstance(widget, PracticeDock)]


def _hide_layer_docks(viewer: napari.Viewer) -> None:
    """Leave the room to the image: there is one layer, and its list tells nothing."""
    window = main_window(viewer)
    for dock in [] if window is None else window.findChildren(QDockWidget):
        if dock.objectName() in LAYER_DOCKS:
            dock.hide()
