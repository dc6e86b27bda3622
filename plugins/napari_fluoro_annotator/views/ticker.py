"""A clock that wakes a controller from time to time."""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtCore import QObject, QTimer


class Ticker(QObject):
    """Emits ``ticked`` once for each time it is asked to; the last request counts.

    Parameters
    ----------
    parent : QObject, optional
        What it ends with.

    """

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def wake_in(self, milliseconds: int) -> None:
        """Emit ``ticked`` after so many milliseconds."""
        self._timer.start(milliseconds)

    def _on_timeout(self) -> None:
        self.ticked.emit()
