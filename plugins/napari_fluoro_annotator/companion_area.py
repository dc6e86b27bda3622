"""Where the panes lie in napari's window: between the image and the Annotate dock."""

from __future__ import annotations

from napari.viewer import Viewer
from qtpy.compat import isalive
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDockWidget, QMainWindow, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.views.companions import CompanionsView
from napari_fluoro_annotator.wiring import Wiring

WIDE_ENOUGH = 1700
"""Width of the window, in pixels, from which napari's own lists stay beside the panes."""

SHARE = 0.42
"""Part of the room beside the Annotate dock that the panes get."""

NAPARI_DOCKS = ("layer controls", "layer list")


class CompanionArea:
    """A dock for the panes, hidden until somebody opens it.

    In a narrow window napari's lists of layers make room while the panes are open; the views are
    listed in the Annotate dock, too.

    Parameters
    ----------
    viewer : napari.viewer.Viewer
        The window.
    view : CompanionsView
        The panes.
    neighbour : QWidget
        What stays at the right edge: the Annotate dock.

    """

    def __init__(self, viewer: Viewer, view: CompanionsView, neighbour: QWidget) -> None:
        self._viewer, self._view, self._neighbour = viewer, view, neighbour
        self._made_room: list[QDockWidget] = []
        self._placed = self._unshared = False
        self._dock = viewer.window.add_dock_widget(view, name=texts.SIDE_BY_SIDE, area="right")
        self._dock.hide()
        self._wiring = Wiring(
            (
                (view.opening, self._place),
                (view.opened, self._share_width),
                (view.closed, self._restore),
            )
        )

    def close(self) -> None:
        """Let go of the panes; may be called more than once, and when the window is gone."""
        self._wiring.close()

    def remove(self) -> None:
        """Take the panes out of the window."""
        self._restore()
        self._viewer.window.remove_dock_widget(self._view)

    def _place(self) -> None:
        """Make room before the panes are shown; the first time, put them beside the Annotate dock."""
        window = self._dock.window()
        if not isinstance(window, QMainWindow):
            return
        self._make_room(window)
        frame = self._neighbour.parentWidget()
        if self._placed or not isinstance(frame, QDockWidget) or frame.isFloating():
            return
        self._placed = True
        window.splitDockWidget(self._dock, frame, Qt.Orientation.Horizontal)
        self._unshared = True

    def _share_width(self) -> None:
        """Give the panes a part of the image's width, once; later their width is the reader's affair."""
        window, frame = self._dock.window(), self._neighbour.parentWidget()
        if not self._unshared or not isinstance(window, QMainWindow) or not isinstance(frame, QDockWidget):
            return
        self._unshared = False
        free = window.width() - frame.width()
        widths = [round(free * SHARE), frame.width()]
        window.resizeDocks([self._dock, frame], widths, Qt.Orientation.Horizontal)

    def _make_room(self, window: QMainWindow) -> None:
        if window.width() >= WIDE_ENOUGH:
            return
        docks = [dock for dock in window.findChildren(QDockWidget) if dock.windowTitle() in NAPARI_DOCKS]
        self._made_room = [dock for dock in docks if dock.isVisible()]
        for dock in self._made_room:
            dock.hide()

    def _restore(self) -> None:
        """Bring back what made room; what the panes leave is for the image, not for the Annotate dock."""
        frame = self._neighbour.parentWidget()
        width = frame.width() if isinstance(frame, QDockWidget) else 0
        docks, self._made_room = self._made_room, []
        for dock in docks:
            if isalive(dock):  # type: ignore[no-untyped-call]  # qtpy has no types for it
                dock.show()
        window = self._dock.window()
        if isinstance(frame, QDockWidget) and not frame.isFloating() and isinstance(window, QMainWindow):
            window.resizeDocks([frame], [width], Qt.Orientation.Horizontal)
