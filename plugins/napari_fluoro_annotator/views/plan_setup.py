"""The part of the Plan page in which a protocol, joints and sides are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from psygnal import Signal
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.anatomy import Side
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.fields import NamedCombo, fill
from napari_fluoro_annotator.views.parts import SIDES, check_box, push_button, text_label
from napari_fluoro_annotator.views.wrapping_label import WrappingLabel

JOINTS_A_ROW = 3
TYPING_MS = 400


class PlanSetupPart(QWidget):
    """Protocol, joints and sides: ``set_*`` in, signals out.

    Attributes
    ----------
    protocol_chosen, request_entered : psygnal.Signal
        Emitted with the identifier of a protocol, or with words.
    joints_chosen, sides_chosen : psygnal.Signal
        Emitted with all that are ticked.
    begin_requested, back_requested : psygnal.Signal
        Emitted without a value.

    """

    protocol_chosen = Signal(str)
    request_entered = Signal(str)
    joints_chosen = Signal(tuple)
    sides_chosen = Signal(tuple)
    begin_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._joints: dict[str, QCheckBox] = {}
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._on_request)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(self._build_choice())
        layout.addLayout(self._build_joints())
        layout.addLayout(self._build_sides())
        layout.addWidget(self._build_confirmation())
        layout.addLayout(self._build_buttons())
        layout.addWidget(self._build_refused())
        layout.addStretch(1)

    def _build_choice(self) -> QGridLayout:
        self._protocol = NamedCombo("plan_protocol", texts.PLAN_PROTOCOL)
        self._protocol.currentIndexChanged.connect(self._on_protocol)
        self._request = QLineEdit()
        self._request.setObjectName("plan_request")
        self._request.setPlaceholderText(texts.PLAN_REQUEST_EXAMPLE)
        self._request.setToolTip(texts.PLAN_REQUEST_TIP)
        self._request.setAccessibleName(texts.PLAN_REQUEST)
        self._request.textEdited.connect(self._on_typing)
        grid = QGridLayout()
        grid.addWidget(QLabel(texts.PLAN_PROTOCOL), 0, 0)
        grid.addWidget(self._protocol, 0, 1)
        grid.addWidget(QLabel(texts.PLAN_REQUEST), 1, 0)
        grid.addWidget(self._request, 1, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _build_joints(self) -> QGridLayout:
        self._joint_grid = QGridLayout()
        self._joint_grid.setContentsMargins(0, 0, 0, 0)
        return self._joint_grid

    def _build_sides(self) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel(texts.PLAN_SIDES)
        label.setToolTip(texts.PLAN_SIDES_TIP)
        row.addWidget(label)
        self._sides: dict[Side, QCheckBox] = {}
        for side, text in SIDES:
            box = check_box(f"plan_side_{side.value}", text, texts.PLAN_SIDES_TIP)
            box.setAccessibleName(f"{texts.PLAN_SIDES}: {text}")
            box.clicked.connect(self._on_sides)
            self._sides[side] = box
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _build_confirmation(self) -> WrappingLabel:
        self._confirmation = text_label("plan_confirmation")
        self._confirmation.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return self._confirmation

    def _build_buttons(self) -> QHBoxLayout:
        self._begin = push_button("plan_begin", texts.PLAN_BEGIN, texts.PLAN_BEGIN_TIP)
        self._begin.clicked.connect(self._on_begin)
        self._back = push_button("plan_back", texts.PLAN_BACK)
        self._back.clicked.connect(self._on_back)
        row = QHBoxLayout()
        row.addWidget(self._begin)
        row.addWidget(self._back)
        return row

    def _build_refused(self) -> WrappingLabel:
        self._refused = text_label("plan_refused")
        self._refused.setStyleSheet(WARNING_STYLE)
        self._refused.hide()
        return self._refused

    # ------------------------------------------------------------------ set

    def set_protocols(self, choices: Sequence[Choice], current: str) -> None:
        """Offer these protocols and show which is chosen."""
        prompt = Choice("", texts.PLAN_PROTOCOL_PROMPT)
        fill_with_tip(self._protocol, (prompt, *choices), current)

    def set_refused(self, problems: Sequence[str]) -> None:
        """Show which files cannot be used, and why."""
        self._refused.setText("\n".join((texts.PLAN_REFUSED, *problems)) if problems else "")
        self._refused.setVisible(bool(problems))

    def set_joints(self, joints: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer these joints and show which are chosen."""
        if list(self._joints) != list(joints):
            self._offer_joints(joints)
        for joint, box in self._joints.items():
            box.setChecked(joint in chosen)

    def _offer_joints(self, joints: Sequence[str]) -> None:
        for box in self._joints.values():
            self._joint_grid.removeWidget(box)
            box.deleteLater()
        self._joints = {joint: check_box(f"plan_joint_{joint}", joint) for joint in joints}
        for place, (joint, box) in enumerate(self._joints.items()):
            box.setAccessibleName(f"{texts.PLAN_JOINTS}: {joint}")
            box.clicked.connect(self._on_joints)
            self._joint_grid.addWidget(box, place // JOINTS_A_ROW, place % JOINTS_A_ROW)

    def set_sides(self, chosen: Sequence[Side]) -> None:
        """Show which sides are chosen."""
        for side, box in self._sides.items():
            box.setChecked(side in chosen)

    def set_confirmation(self, text: str, *, ready: bool, warning: bool = False) -> None:
        """Show what would be followed, or what is missing."""
        self._confirmation.setText(text)
        self._confirmation.setStyleSheet(WARNING_STYLE if warning else "")
        self._begin.setEnabled(ready)

    def set_back(self, offered: bool) -> None:
        """Offer a way back to the list, or none."""
        self._back.setVisible(offered)

    # ------------------------------------------------------------------ what the reader does

    def _on_protocol(self) -> None:
        self.protocol_chosen.emit(self._protocol.currentData() or "")

    def _on_typing(self) -> None:
        self._typing.start()

    def _on_request(self) -> None:
        self.request_entered.emit(self._request.text())

    def _on_joints(self) -> None:
        self.joints_chosen.emit(tuple(joint for joint, box in self._joints.items() if box.isChecked()))

    def _on_sides(self) -> None:
        self.sides_chosen.emit(tuple(side for side, box in self._sides.items() if box.isChecked()))

    def _on_begin(self) -> None:
        self.begin_requested.emit()

    def _on_back(self) -> None:
        self.back_requested.emit()


def fill_with_tip(box: QComboBox, choices: Iterable[Choice], current: str) -> None:
    """Offer these entries and show which is chosen, beside the mouse too: the list may be too narrow for it."""
    fill(box, choices, current)
    box.setToolTip(box.currentText())
