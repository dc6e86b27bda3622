"""The form of the scale: what holds, and how to make one's own."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from fluoro_annotator.marks.own_scale import LONGEST_KNOWN_MM
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.fields import NamedCombo, StillNumber
from napari_fluoro_annotator.views.parts import give_focus, narrow_button, text_label, together


class LengthBox(StillNumber):
    """A field for a length; letters are left to the keys of the dock, and Enter says ``entered``."""

    entered = Signal()

    def event(self, event: QEvent) -> bool:
        """Leave letters alone before they become shortcuts: no length has any."""
        letter = isinstance(event, QKeyEvent) and event.text().isalpha()
        if letter and event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take a key; with Enter the length is complete."""
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()


class CalibrationView(QWidget):
    """The scale: ``set_*`` in, signals out.

    Attributes
    ----------
    length_entered : psygnal.Signal
        Emitted with a length in mm, 0 for none.
    gauge_chosen, plane_chosen : psygnal.Signal
        Emitted with the key of what was chosen.
    length_requested, width_requested, remove_requested : psygnal.Signal
        Emitted without a value.
    changing : QWidget
        What only changes the reading.

    """

    length_entered = Signal(float)
    gauge_chosen = Signal(str)
    plane_chosen = Signal(str)
    length_requested = Signal()
    width_requested = Signal()
    remove_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        self._scale = text_label("scale")
        layout.addWidget(self._scale)
        self.changing = together(self._build_form())
        layout.addWidget(self.changing)

    def _build_form(self) -> QGridLayout:
        self._length = LengthBox()
        self._length.setObjectName("known_length")
        self._length.setAccessibleName(texts.KNOWN_LENGTH)
        self._length.setToolTip(texts.KNOWN_LENGTH_TIP)
        self._length.setRange(0.0, LONGEST_KNOWN_MM)
        self._length.setDecimals(1)
        self._length.setSuffix(" mm")
        self._length.setSpecialValueText(texts.LENGTH_PROMPT)
        self._length.valueChanged.connect(self._on_length)
        self._length.entered.connect(self._on_by_length)
        self._gauge = NamedCombo("width_gauge", texts.WIDTH_OF)
        self._gauge.currentIndexChanged.connect(self._on_gauge)
        self._plane = NamedCombo("plane", texts.PLANE)
        self._plane.currentIndexChanged.connect(self._on_plane)
        by_length = narrow_button(
            "by_length", texts.FROM_LENGTH, texts.FROM_LENGTH_TIP, SHOWN["calibrate_by_length"]
        )
        by_length.clicked.connect(self._on_by_length)
        by_width = narrow_button(
            "by_width", texts.FROM_WIDTH, texts.FROM_WIDTH_TIP, SHOWN["calibrate_by_width"]
        )
        by_width.clicked.connect(self._on_by_width)
        self._remove = narrow_button("remove_scale", texts.REMOVE_SCALE, texts.REMOVE_SCALE_TIP)
        self._remove.clicked.connect(self._on_remove)
        rows = (
            (texts.KNOWN_LENGTH, self._length, by_length),
            (texts.WIDTH_OF, self._gauge, by_width),
            (texts.PLANE, self._plane, self._remove),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, (text, field, button) in enumerate(rows):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(button, row, 2)
        return grid

    # ------------------------------------------------------------------ set

    def set_gauges(self, choices: Sequence[Choice]) -> None:
        """Offer these sizes of needle; none is chosen."""
        self._gauge.offer(choices, texts.GAUGE_PROMPT)

    def set_gauge(self, key: str) -> None:
        """Show which size is chosen."""
        self._gauge.choose(key)

    def set_planes(self, choices: Sequence[Choice]) -> None:
        """Offer these depths."""
        self._plane.offer(choices)

    def set_plane(self, key: str) -> None:
        """Show which depth is chosen."""
        self._plane.choose(key)

    def set_scale(self, text: str, *, own: bool) -> None:
        """Show which scale holds, and whether it is the reader's own."""
        self._scale.setText(text)
        self._remove.setEnabled(own)

    def ask_for_length(self) -> None:
        """Let the reader type a length."""
        give_focus(self._length)
        self._length.selectAll()

    def ask_for_gauge(self) -> None:
        """Let the reader choose a size of needle."""
        give_focus(self._gauge)

    # ------------------------------------------------------------------ what the reader does

    def _on_length(self, mm: float) -> None:
        self.length_entered.emit(mm)

    def _on_gauge(self) -> None:
        self.gauge_chosen.emit(self._gauge.currentData() or "")

    def _on_plane(self) -> None:
        self.plane_chosen.emit(self._plane.currentData() or "")

    def _on_by_length(self) -> None:
        self.length_requested.emit()

    def _on_by_width(self) -> None:
        self.width_requested.emit()

    def _on_remove(self) -> None:
        self.remove_requested.emit()
