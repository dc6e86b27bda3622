"""The Display page: window, turning, zoom, what covers the image, and what the file says."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.dicom import Window
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.view_facts import ViewFact
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.fields import NamedCombo, StillNumber
from napari_fluoro_annotator.views.parts import check_box, push_button, text_label
from napari_fluoro_annotator.views.wrapping_label import WrappingLabel

LARGEST = 1e7
COARSE = 50.0
"""From this width of a window on, grey values are shown without decimals."""
NAME_LETTERS = 13
COVERS = (
    ("overlays", texts.OVERLAYS, texts.OVERLAYS_TIP),
    ("shutter", texts.SHUTTER, texts.SHUTTER_TIP),
    ("mask", texts.MASK, texts.MASK_TIP),
)
BUTTON_ROWS = (
    (
        ("as_file", texts.AS_FILE, texts.AS_FILE_TIP, "as_file"),
        ("invert", texts.INVERT, texts.INVERT_TIP, "invert"),
    ),
    (
        ("turn_left", texts.ROTATE_LEFT, texts.ROTATE_LEFT_TIP, "rotate_left"),
        ("turn_right", texts.ROTATE_RIGHT, texts.ROTATE_RIGHT_TIP, "rotate_right"),
    ),
    (
        ("flip", texts.FLIP, texts.FLIP_TIP, "flip"),
        ("fit", texts.FIT, texts.FIT_TIP, "fit"),
        ("actual_size", texts.ACTUAL_SIZE, texts.ACTUAL_SIZE_TIP, "actual_size"),
    ),
)


class DisplayView(QWidget):
    """The page: ``set_*`` in, signals out.

    Attributes
    ----------
    preset_chosen, turn_requested : psygnal.Signal
        Emitted with a key, or "right", "left" and "flip".
    window_entered : psygnal.Signal
        Emitted with centre and width.
    file_requested, invert_requested, fit_requested, actual_size_requested : psygnal.Signal
        Emitted without a value.
    overlays_chosen, shutter_chosen, mask_chosen : psygnal.Signal
        Emitted with whether it is wanted.

    """

    preset_chosen = Signal(str)
    window_entered = Signal(float, float)
    file_requested = Signal()
    invert_requested = Signal()
    turn_requested = Signal(str)
    fit_requested = Signal()
    actual_size_requested = Signal()
    overlays_chosen = Signal(bool)
    shutter_chosen = Signal(bool)
    mask_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.setSpacing(5)
        layout.addLayout(self._build_window())
        layout.addLayout(self._build_buttons())
        self._turn = text_label("turn")
        layout.addWidget(self._turn)
        layout.addLayout(self._build_covers())
        layout.addWidget(self._build_facts())
        layout.addStretch(1)

    # ------------------------------------------------------------------ parts

    def _build_window(self) -> QGridLayout:
        self._preset = NamedCombo("preset", texts.PRESET, texts.PRESET_TIP.format(key=SHOWN["next_preset"]))
        self._preset.currentIndexChanged.connect(self._on_preset)
        self._center, self._width = (
            _number("center", texts.CENTER, -LARGEST),
            _number("width", texts.WIDTH, 0.0),
        )
        for field in (self._center, self._width):
            field.valueChanged.connect(self._on_window)
        fields = QHBoxLayout()
        fields.addWidget(self._center, 1)
        fields.addWidget(QLabel(texts.WIDTH))
        fields.addWidget(self._width, 1)
        grid = QGridLayout()
        grid.addWidget(QLabel(texts.PRESET), 0, 0)
        grid.addWidget(self._preset, 0, 1)
        grid.addWidget(QLabel(texts.CENTER), 1, 0)
        grid.addLayout(fields, 1, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _build_buttons(self) -> QVBoxLayout:
        slots = {
            "as_file": self._on_file,
            "invert": self._on_invert,
            "turn_left": self._on_left,
            "turn_right": self._on_right,
            "flip": self._on_flip,
            "fit": self._on_fit,
            "actual_size": self._on_actual_size,
        }
        self._buttons: dict[str, QPushButton] = {}
        box = QVBoxLayout()
        for entries in BUTTON_ROWS:
            row = QHBoxLayout()
            row.setSpacing(3)
            for name, text, tip, action in entries:
                key = SHOWN[action]
                button = push_button(name, text.format(key=key), tip.format(key=key))
                button.clicked.connect(slots[name])
                self._buttons[name] = button
                row.addWidget(button)
            box.addLayout(row)
        self._buttons["invert"].setCheckable(True)
        return box

    def _build_covers(self) -> QVBoxLayout:
        slots = {"overlays": self._on_overlays, "shutter": self._on_shutter, "mask": self._on_mask}
        self._covers: dict[str, QCheckBox] = {}
        self._tips = {name: tip for name, _, tip in COVERS}
        box = QVBoxLayout()
        box.setSpacing(2)
        for name, text, tip in COVERS:
            check = check_box(name, text, tip)
            check.clicked.connect(slots[name])
            self._covers[name] = check
            box.addWidget(check)
        return box

    def _build_facts(self) -> QGroupBox:
        self._facts_box = QGroupBox(texts.FACTS)
        self._facts = QGridLayout(self._facts_box)
        self._facts.setContentsMargins(4, 4, 4, 4)
        self._facts.setColumnStretch(1, 1)
        self._fact_labels: list[tuple[WrappingLabel, WrappingLabel]] = []
        self._shown_facts: tuple[ViewFact, ...] = ()
        return self._facts_box

    # ------------------------------------------------------------------ set

    def set_presets(self, choices: Sequence[Choice]) -> None:
        """Offer these windows."""
        self._preset.offer(choices)

    def set_preset(self, key: str) -> None:
        """Show which window is chosen."""
        self._preset.choose(key)

    def set_window(self, window: Window | None) -> None:
        """Show centre and width; None where there is no window."""
        for widget in (self._preset, self._center, self._width, self._buttons["invert"]):
            widget.setEnabled(window is not None)
        if window is None:
            return
        decimals = 0 if window.width >= COARSE else 2
        for field, value in ((self._center, window.center), (self._width, window.width)):
            blocked = field.blockSignals(True)
            field.setDecimals(decimals)
            field.setValue(value)
            field.blockSignals(blocked)

    def set_inverted(self, inverted: bool) -> None:
        """Show whether black and white are exchanged against the file."""
        self._buttons["invert"].setChecked(inverted)

    def set_turn(self, text: str) -> None:
        """Show how the view is turned."""
        self._turn.setText("" if text == texts.TURNED_NOT else text[0].upper() + text[1:])
        self._turn.setVisible(text != texts.TURNED_NOT)

    def set_cover(self, name: str, *, offered: bool, shown: bool) -> None:
        """Show whether the file has overlays, a shutter or a mask, and whether it is used."""
        check = self._covers[name]
        check.setEnabled(offered)
        check.setChecked(offered and shown)
        check.setToolTip(self._tips[name] if offered else texts.NOT_IN_FILE)

    def set_facts(self, facts: Sequence[ViewFact]) -> None:
        """List what the file says."""
        if tuple(facts) == self._shown_facts:
            return
        self._shown_facts = tuple(facts)
        while len(self._fact_labels) < len(facts):
            self._add_fact()
        for place, (name, text) in enumerate(self._fact_labels):
            fact = facts[place] if place < len(facts) else None
            for label in (name, text):
                label.setVisible(fact is not None)
            if fact is not None:
                name.setText(fact.name)
                text.setText(fact.text)
                name.setStyleSheet(WARNING_STYLE if fact.careful else "")

    def _add_fact(self) -> None:
        labels = (WrappingLabel(), WrappingLabel())
        row = len(self._fact_labels)
        for column, label in enumerate(labels):
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(label, row, column)
        labels[0].setMaximumWidth(NAME_LETTERS * self.fontMetrics().averageCharWidth())
        self._fact_labels.append(labels)

    def facts(self) -> list[tuple[str, str]]:
        """Return what is listed."""
        return [(name.text(), text.text()) for name, text in self._fact_labels if not name.isHidden()]

    def pixel_ratio(self) -> float:
        """Return how many pixels of the screen Qt counts as one, on the screen that shows the image."""
        widget: QWidget | None = self
        while widget is not None and not isinstance(widget, QMainWindow):
            widget = widget.parentWidget()
        return float((widget or self).devicePixelRatioF())

    # ------------------------------------------------------------------ what the reader does

    def _on_preset(self) -> None:
        self.preset_chosen.emit(self._preset.currentData() or "")

    def _on_window(self) -> None:
        self.window_entered.emit(self._center.value(), self._width.value())

    def _on_file(self) -> None:
        self.file_requested.emit()

    def _on_invert(self) -> None:
        self.invert_requested.emit()

    def _on_left(self) -> None:
        self.turn_requested.emit("left")

    def _on_right(self) -> None:
        self.turn_requested.emit("right")

    def _on_flip(self) -> None:
        self.turn_requested.emit("flip")

    def _on_fit(self) -> None:
        self.fit_requested.emit()

    def _on_actual_size(self) -> None:
        self.actual_size_requested.emit()

    def _on_overlays(self, checked: bool) -> None:
        self.overlays_chosen.emit(checked)

    def _on_shutter(self, checked: bool) -> None:
        self.shutter_chosen.emit(checked)

    def _on_mask(self, checked: bool) -> None:
        self.mask_chosen.emit(checked)


def _number(name: str, text: str, least: float) -> StillNumber:
    field = StillNumber()
    field.setObjectName(name)
    field.setAccessibleName(text)
    field.setToolTip(texts.WINDOW_TIP)
    field.setRange(least, LARGEST)
    field.setDecimals(0)
    field.setKeyboardTracking(False)
    field.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.setMinimumWidth(0)
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return field
