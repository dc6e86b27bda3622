"""What the menu entries do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.utils.notifications import show_error
from qtpy.QtWidgets import QFileDialog

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.dock import AnnotateDock, open_docks
from napari_fluoro_annotator.opening import opener_of

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


def show_teaching_sets(viewer: Viewer) -> None:
    """Show the teaching sets of the store that the window keeps marks in."""
    show_annotate(viewer).show_teaching_sets()


def open_study(viewer: Viewer) -> None:
    """Ask for a folder, begin to open the studies in it and show the Annotate dock."""
    folder = QFileDialog.getExistingDirectory(None, texts.OPEN_TITLE)
    if folder:
        opener_of(viewer).open([folder])
        show_annotate(viewer)


def show_skipped(viewer: Viewer) -> None:
    """List the files that were not opened of the last selection, with reasons."""
    opener_of(viewer).show_skipped()


def export_marks(viewer: Viewer) -> None:
    """Export the marks of the reading that is open."""
    dock = show_annotate(viewer)
    if dock.controller.session is None:
        show_error(texts.NO_STUDY)
        return
    dock.view.ask_for_export()
