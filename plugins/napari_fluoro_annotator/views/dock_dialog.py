"""Windows of their own that are opened from the dock or from the menu."""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtWidgets import QDialog, QWidget

from napari_fluoro_annotator.views.parts import tool_button


class PlainDialog(QDialog):
    """A window that does not block the main window.

    Parameters
    ----------
    name : str
        Name of the object.
    title : str
        Of the window.
    size : (int, int)
        Width and height in heights of a line: it grows with the font of the system, as far as the screen allows.
    parent : QWidget, optional
        The widget it belongs to.

    Attributes
    ----------
    open_requested : psygnal.Signal
        Emitted without a value.

    """

    open_requested = Signal()

    def __init__(self, name: str, title: str, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        line = self.fontMetrics().lineSpacing()
        self.resize(size[0] * line, size[1] * line)

    def set_shown(self) -> None:
        """Come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()


class DockDialog(PlainDialog):
    """A window that a small button of the dock opens. It does not block the main window.

    Parameters
    ----------
    name : str
        Name of the button.
    title : str
        Of the window.
    text : str
        On the button.
    size : (int, int)
        Width and height of the window in heights of a line: it grows with the font of the system.
    parent : QWidget, optional
        The widget it belongs to.

    Attributes
    ----------
    button : QToolButton
        Opens the window; it belongs into the dock.

    """

    def __init__(
        self, name: str, title: str, text: str, size: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"{name}_window", title, size, parent)
        self.button = tool_button(name, text)
        self.button.clicked.connect(self._on_open)

    def set_button_tip(self, text: str) -> None:
        """Say what the button does that opens the window."""
        self.button.setToolTip(text)

    def _on_open(self) -> None:
        self.open_requested.emit()
