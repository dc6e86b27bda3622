"""The Needle page of the dock, in two halves."""

from __future__ import annotations

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_fluoro_annotator.views.events import EventsView
from napari_fluoro_annotator.views.needles import NeedlesView


class NeedlePage(QWidget):
    """Needles, shapes and landmarks above; events and the story below.

    Attributes
    ----------
    needles : NeedlesView
        The upper half.
    events : EventsView
        The lower half.
    changing : tuple of QWidget
        What only changes the reading.

    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.needles = NeedlesView()
        self.events = EventsView()
        self.changing = self.needles, self.events.changing
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.setSpacing(4)
        layout.addWidget(self.needles)
        layout.addWidget(self.events, 1)
