"""What the menu entries do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.utils.notifications import show_error
from qtpy.QtWidgets import QFileDialog

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.dock import AnnotateDock, open_docks

if TYPE_CHECKING:
    from napari.viewer import Viewer

PLUGIN = "fluoro-annotator"
WIDGET = "Annotate"


def show_annotate(viewer: Viewer) -> AnnotateDock:
    """Show the Annotate dock: the one that is open, under whatever name, or a new one."""
    for dock in open_docks(viewer):
        dock.show_in_window()
        return dock
    _, widget = viewer.window.add_plugin_dock_widget(PLUGIN, WIDGET)
    return widget  # type: ignore[no-any-return]  # napari does not type the inner widget


def open_study(viewer: Viewer) -> None:
    """Ask for a folder, open the study in it and show the Annotate dock."""
    folder = QFileDialog.getExistingDirectory(None, texts.OPEN_TITLE)
    if folder:
        viewer.open(folder, plugin=PLUGIN)
        show_annotate(viewer)


def export_marks(viewer: Viewer) -> None:
    """Export the marks of the reading that is open."""
    dock = show_annotate(viewer)
    if dock.controller.session is None:
        show_error(texts.NO_STUDY)
        return
    dock.view.ask_for_export()
