"""The Needle page: tools for shapes and landmarks, and the needle that is selected."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.marks import GAUGES
from fluoro_annotator.marks.needle import LONGEST_NEEDLE_MM, LONGEST_TIP_MM
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.needles import OWN, NeedleShown
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.fields import NamedCombo, StillNumber, fill
from napari_fluoro_annotator.views.parts import SIDES, arming_buttons, push_button, text_label

TOOLS = (
    ("course", texts.COURSE, texts.COURSE_TIP, "arm_course"),
    ("zone", texts.ZONE, texts.ZONE_TIP, "arm_zone"),
    ("ellipse", texts.ELLIPSE, texts.ELLIPSE_TIP, "arm_ellipse"),
    ("landmark", texts.LANDMARK, texts.LANDMARK_TIP, "arm_landmark"),
)


class NeedlesView(QWidget):
    """Shapes, landmarks and the selected needle: ``set_*`` in, signals out.

    Attributes
    ----------
    shown, copy_requested : psygnal.Signal
        Emitted without a value.
    gauge_chosen : psygnal.Signal
        Emitted with a gauge, 0 for not stated.
    length_entered, active_tip_entered : psygnal.Signal
        Emitted with a length in mm, 0 for not stated.
    status_chosen, same_chosen, tool_chosen : psygnal.Signal
        Emitted with a key, an empty text for nothing.
    landmark_chosen, landmark_vertebra_chosen, landmark_side_chosen : psygnal.Signal
        Emitted with a key, an empty text for nothing.

    """

    shown = Signal()
    gauge_chosen = Signal(int)
    length_entered = Signal(float)
    active_tip_entered = Signal(float)
    status_chosen = Signal(str)
    same_chosen = Signal(str)
    copy_requested = Signal()
    tool_chosen = Signal(str)
    landmark_chosen = Signal(str)
    landmark_vertebra_chosen = Signal(str)
    landmark_side_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._build_instrument())
        layout.addWidget(self._build_shapes())
        self.set_needle(None)

    # ------------------------------------------------------------------ parts

    def _build_instrument(self) -> QGroupBox:
        box = QGroupBox(texts.INSTRUMENT)
        self._title = text_label("needle_title")
        self._note = text_label("needle_note")
        layout = QVBoxLayout(box)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addLayout(self._build_form())
        layout.addWidget(self._note)
        layout.addWidget(self._build_copy())
        return box

    def _build_form(self) -> QFormLayout:
        self._gauge = NamedCombo("needle_gauge", texts.INSTRUMENT_GAUGE, texts.INSTRUMENT_TIP)
        self._gauge.addItem(texts.NOT_STATED, 0)
        for gauge in GAUGES:
            self._gauge.addItem(texts.INSTRUMENT_GAUGE_VALUE.format(gauge=gauge), gauge)
        self._gauge.activated.connect(self._on_gauge)
        self._length = _millimetres("needle_length", texts.LENGTH, LONGEST_NEEDLE_MM)
        self._length.valueChanged.connect(self._on_length)
        self._active = _millimetres("needle_active_tip", texts.ACTIVE_TIP_LENGTH, LONGEST_TIP_MM)
        self._active.valueChanged.connect(self._on_active)
        self._status = NamedCombo("needle_status", texts.STATUS, texts.STATUS_TIP)
        self._status.addItem(texts.NOT_STATED, "")
        for key, text in texts.STATUSES.items():
            self._status.addItem(text, key)
        self._status.activated.connect(self._on_status)
        tip = texts.SAME_TIP.format(key=SHOWN["same_needle"])
        self._same = NamedCombo("needle_same", texts.SAME_AS, tip)
        self._same.activated.connect(self._on_same)
        form = QFormLayout()
        form.setVerticalSpacing(3)
        form.addRow(texts.SAME_AS, self._same)
        form.addRow(texts.STATUS, self._status)
        form.addRow(texts.INSTRUMENT_GAUGE, self._gauge)
        form.addRow(texts.LENGTH, self._length)
        form.addRow(texts.ACTIVE_TIP_LENGTH, self._active)
        return form

    def _build_copy(self) -> QPushButton:
        self._copy = push_button("copy_on", texts.COPY_ON, texts.COPY_ON_TIP, SHOWN["copy_on"])
        self._copy.clicked.connect(self._on_copy)
        return self._copy

    def _build_shapes(self) -> QGroupBox:
        box = QGroupBox(texts.POINTS_DRAWN)
        layout = QVBoxLayout(box)
        layout.setSpacing(4)
        layout.addLayout(self._build_tools())
        self._landmark = NamedCombo("landmark", texts.LANDMARK, texts.LANDMARK_PROMPT)
        self.set_landmarks(())
        self._landmark.currentIndexChanged.connect(self._on_landmark)
        layout.addWidget(self._landmark)
        layout.addLayout(self._build_place())
        return box

    def _build_tools(self) -> QGridLayout:
        self._tools = arming_buttons(TOOLS, self._on_tool)
        grid = QGridLayout()
        for order, button in enumerate(self._tools.values()):
            grid.addWidget(button, order // 2, order % 2)
        return grid

    def _build_place(self) -> QHBoxLayout:
        self._vertebra = NamedCombo("landmark_vertebra", texts.VERTEBRA, texts.LANDMARK_VERTEBRA_PROMPT)
        self._vertebra.currentIndexChanged.connect(self._on_vertebra)
        self._side = NamedCombo("landmark_side", texts.SIDE, texts.SIDE_TIP)
        sides = [Choice(side.value, text) for side, text in SIDES]
        fill(self._side, (Choice("", texts.LANDMARK_SIDE_PROMPT), *sides))
        self._side.currentIndexChanged.connect(self._on_side)
        row = QHBoxLayout()
        row.addWidget(self._vertebra)
        row.addWidget(self._side)
        return row

    # ------------------------------------------------------------------ set

    def set_needle(self, needle: NeedleShown | None) -> None:
        """Show the selected needle; nothing can be entered without one."""
        fields = (self._gauge, self._length, self._active, self._status, self._same)
        for field in fields:
            field.setEnabled(needle is not None)
            field.blockSignals(True)
        self._title.setText(texts.NO_NEEDLE if needle is None else needle.title)
        self._note.setText("" if needle is None else needle.note)
        self._note.setVisible(bool(self._note.text()))
        self._fill_needle(needle)
        for field in fields:
            field.blockSignals(False)

    def _fill_needle(self, needle: NeedleShown | None) -> None:
        self._gauge.setCurrentIndex(max(0, self._gauge.findData(needle.gauge if needle else 0)))
        self._length.setValue((needle.length_mm if needle else None) or 0.0)
        self._active.setValue((needle.active_tip_mm if needle else None) or 0.0)
        self._status.setCurrentIndex(max(0, self._status.findData(needle.status if needle else "")))
        self._same.clear()
        self._same.addItem(texts.OWN_NEEDLE, OWN)
        for choice in needle.others if needle else ():
            self._same.addItem(choice.text, choice.key)
        self._same.setCurrentIndex(max(0, self._same.findData(needle.same if needle else OWN)))

    def set_landmarks(self, choices: Sequence[Choice]) -> None:
        """Offer these landmarks; none is chosen."""
        fill(self._landmark, (Choice("", texts.LANDMARK_PROMPT), *choices))

    def set_landmark_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae; none is chosen."""
        fill(self._vertebra, (Choice("", texts.LANDMARK_VERTEBRA_PROMPT), *choices))

    def set_tool(self, tool: str | None) -> None:
        """Show which tool waits for a press."""
        for name, button in self._tools.items():
            button.setChecked(name == tool)

    # ------------------------------------------------------------------ what the reader does

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the page is seen."""
        super().showEvent(event)
        self.shown.emit()

    def _on_gauge(self) -> None:
        self.gauge_chosen.emit(self._gauge.currentData())

    def _on_length(self, value: float) -> None:
        self.length_entered.emit(value)

    def _on_active(self, value: float) -> None:
        self.active_tip_entered.emit(value)

    def _on_status(self) -> None:
        self.status_chosen.emit(self._status.currentData())

    def _on_same(self) -> None:
        self.same_chosen.emit(self._same.currentData())

    def _on_copy(self) -> None:
        self.copy_requested.emit()

    def _on_tool(self) -> None:
        self.tool_chosen.emit(self.sender().property("tool"))

    def _on_landmark(self) -> None:
        self.landmark_chosen.emit(self._landmark.currentData() or "")

    def _on_vertebra(self) -> None:
        self.landmark_vertebra_chosen.emit(self._vertebra.currentData() or "")

    def _on_side(self) -> None:
        self.landmark_side_chosen.emit(self._side.currentData() or "")


def _millimetres(name: str, title: str, longest: float) -> QDoubleSpinBox:
    """Return a field for a length; it tells a number when it is complete, not each digit."""
    box = StillNumber()
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setToolTip(texts.INSTRUMENT_TIP)
    box.setRange(0.0, longest)
    box.setDecimals(1)
    box.setSuffix(texts.MILLIMETRES)
    box.setSpecialValueText(texts.NOT_STATED)
    box.setKeyboardTracking(False)
    return box
