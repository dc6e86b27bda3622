"""The Plan page: choosing a plan, and the list of what is to be marked."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.plan_protocols import SlotRow
from napari_fluoro_annotator.controllers.plan_reading import Mode
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.fields import NamedCombo
from napari_fluoro_annotator.views.parts import check_box, push_button, text_label, together, tool_button
from napari_fluoro_annotator.views.plan_setup import PlanSetupPart, fill_with_tip
from napari_fluoro_annotator.views.wrapping_label import WrappingLabel

SLOT = Qt.ItemDataRole.UserRole
MODES = (
    Choice(Mode.SEQUENCE.value, texts.PLAN_MODE_SEQUENCE),
    Choice(Mode.STAY.value, texts.PLAN_MODE_STAY),
    Choice(Mode.LOOP.value, texts.PLAN_MODE_LOOP),
)
INSTRUCTION_LINES = 4


class PlanView(QWidget):
    """The Plan page: ``set_*`` in, signals out.

    Attributes
    ----------
    slot_chosen, view_assigned, mode_chosen : psygnal.Signal
        Emitted with the identifier of a slot, the key of a view (empty for none), or a mode.
    optional_toggled, bands_toggled : psygnal.Signal
        Emitted with whether they are wanted.
    start_requested, previous_requested, not_visible_requested, not_applicable_requested, unsure_requested,
    change_requested, go_on_requested, shown : psygnal.Signal
        Emitted without a value.
    protocol_chosen, request_entered, joints_chosen, sides_chosen, begin_requested, back_requested
        Those of `PlanSetupPart`.
    changing : tuple of QWidget
        What only changes the reading.

    """

    slot_chosen = Signal(str)
    view_assigned = Signal(str)
    mode_chosen = Signal(str)
    optional_toggled = Signal(bool)
    bands_toggled = Signal(bool)
    start_requested = Signal()
    previous_requested = Signal()
    not_visible_requested = Signal()
    not_applicable_requested = Signal()
    unsure_requested = Signal()
    change_requested = Signal()
    go_on_requested = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup = PlanSetupPart()
        self.protocol_chosen = self._setup.protocol_chosen
        self.request_entered = self._setup.request_entered
        self.joints_chosen = self._setup.joints_chosen
        self.sides_chosen = self._setup.sides_chosen
        self.begin_requested = self._setup.begin_requested
        self.back_requested = self._setup.back_requested
        self.set_protocols = self._setup.set_protocols
        self.set_refused = self._setup.set_refused
        self.set_joints = self._setup.set_joints
        self.set_sides = self._setup.set_sides
        self.set_confirmation = self._setup.set_confirmation
        self._items: dict[str, QTreeWidgetItem] = {}
        self._headings: dict[str, QTreeWidgetItem] = {}
        self._rows: list[SlotRow] = []
        self._slots: list[SlotRow] = []
        self._views: list[SlotRow] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.addWidget(self._setup)
        layout.addWidget(self._build_list(), 1)

    # ------------------------------------------------------------------ parts

    def _build_list(self) -> QWidget:
        self._list = QWidget()
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._build_summary())
        layout.addLayout(self._build_problem())
        self.changing = together(self._build_image_view()), together(self._build_answers())
        layout.addWidget(self.changing[0])
        layout.addWidget(self._build_tree(), 1)
        layout.addWidget(self._build_instruction())
        layout.addLayout(self._build_steps())
        layout.addWidget(self.changing[1])
        layout.addWidget(self._build_options())
        return self._list

    def _build_summary(self) -> QHBoxLayout:
        self._summary = text_label("plan_summary")
        self._change = tool_button("plan_change", texts.PLAN_CHANGE, texts.PLAN_CHANGE_TIP)
        self._change.clicked.connect(self._on_change)
        row = QHBoxLayout()
        row.addWidget(self._summary, 1)
        row.addWidget(self._change)
        return row

    def _build_problem(self) -> QHBoxLayout:
        self._problem = text_label("plan_problem")
        self._problem.setStyleSheet(WARNING_STYLE)
        self._go_on = tool_button("plan_go_on")
        self._go_on.clicked.connect(self._on_go_on)
        row = QHBoxLayout()
        row.addWidget(self._problem, 1)
        row.addWidget(self._go_on)
        return row

    def _build_image_view(self) -> QHBoxLayout:
        self._image_view = NamedCombo("plan_image_view", texts.PLAN_IMAGE_IS)
        self._image_view.currentIndexChanged.connect(self._on_image_view)
        label = QLabel(texts.PLAN_IMAGE_IS)
        label.setToolTip(texts.PLAN_IMAGE_TIP)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._image_view, 1)
        return row

    def _build_tree(self) -> QTreeWidget:
        self._tree = QTreeWidget()
        self._tree.setObjectName("plan_slots")
        self._tree.setAccessibleName(texts.PLAN_SLOTS)
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(12)
        self._tree.setMinimumHeight(90)
        self._tree.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.itemClicked.connect(self._on_item)
        self._tree.itemActivated.connect(self._on_item)
        return self._tree

    def _build_instruction(self) -> WrappingLabel:
        self._instruction = text_label("plan_instruction")
        self._instruction.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._instruction.setMinimumHeight(INSTRUCTION_LINES * self.fontMetrics().lineSpacing() + 4)
        return self._instruction

    def _build_steps(self) -> QHBoxLayout:
        self._progress = QProgressBar()
        self._progress.setObjectName("plan_progress")
        self._progress.setFormat(texts.PLAN_PROGRESS)
        self._progress.setToolTip(texts.PLAN_PROGRESS_TIP)
        start = _button(texts.PLAN_START, "plan_start", texts.PLAN_START_TIP, "next_slot")
        start.clicked.connect(self._on_start)
        previous = _button(texts.PLAN_PREVIOUS, "plan_previous", texts.PLAN_PREVIOUS_TIP, "previous_slot")
        previous.clicked.connect(self._on_previous)
        self._more = tool_button("plan_options", texts.PLAN_OPTIONS, texts.PLAN_OPTIONS_TIP)
        self._more.setCheckable(True)
        row = QHBoxLayout()
        row.setSpacing(3)
        self._progress.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(self._progress, 1)
        row.addWidget(previous)
        row.addWidget(start)
        row.addWidget(self._more)
        return row

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        for text, name, tip, action, slot in (
            (
                texts.PLAN_NOT_VISIBLE,
                "plan_not_visible",
                texts.PLAN_NOT_VISIBLE_TIP,
                "slot_not_visible",
                self._on_not_visible,
            ),
            (
                texts.PLAN_NOT_APPLICABLE,
                "plan_not_applicable",
                texts.PLAN_NOT_APPLICABLE_TIP,
                "slot_not_applicable",
                self._on_not_applicable,
            ),
            (texts.PLAN_UNSURE, "plan_unsure", texts.PLAN_UNSURE_TIP, "slot_unsure", self._on_unsure),
        ):
            button = _button(text, name, tip, action)
            button.clicked.connect(slot)
            row.addWidget(button)
        return row

    def _build_options(self) -> QWidget:
        self._mode = NamedCombo("plan_mode", texts.PLAN_MODE)
        fill_with_tip(self._mode, MODES, Mode.SEQUENCE.value)
        self._mode.currentIndexChanged.connect(self._on_mode)
        self._optional = check_box("plan_optional", texts.PLAN_OPTIONAL, texts.PLAN_OPTIONAL_TIP)
        self._optional.toggled.connect(self._on_optional)
        self._bands = check_box("plan_bands", texts.PLAN_BANDS, texts.PLAN_BANDS_TIP)
        self._bands.toggled.connect(self._on_bands)
        box = QWidget()
        self._more.toggled.connect(box.setVisible)
        box.hide()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(QLabel(texts.PLAN_MODE), 0, 0)
        grid.addWidget(self._mode, 0, 1)
        grid.addWidget(self._optional, 1, 0)
        grid.addWidget(self._bands, 1, 1)
        grid.setColumnStretch(1, 1)
        return box

    # ------------------------------------------------------------------ set

    def set_setup_open(self, open_: bool, *, back: bool) -> None:
        """Show the choice of a plan, with a way back to the list or without, or show the list."""
        self._setup.setVisible(open_)
        self._setup.set_back(back)
        self._list.setVisible(not open_)

    def set_summary(self, text: str, problem: str, go_on: str) -> None:
        """Show which plan is followed, what is to be known of it, and the offer to follow another version."""
        self._summary.setText(text)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._go_on.setText(go_on)
        self._go_on.setVisible(bool(go_on))

    def set_slots(self, rows: Sequence[SlotRow]) -> None:
        """List the slots under their headings; a list that has the same slots as before keeps its place."""
        self._slots = list(rows)
        self._set_rows([*self._views, *rows])

    def set_views(self, rows: Sequence[SlotRow], progress: str) -> None:
        """List the required views before the slots, and take how progress is told."""
        self._views = list(rows)
        self._progress.setFormat(progress)
        self._set_rows([*rows, *self._slots])

    def _set_rows(self, rows: Sequence[SlotRow]) -> None:
        if [(row.slot_id, row.heading) for row in rows] != [(row.slot_id, row.heading) for row in self._rows]:
            self._make_items(rows)
        self._rows = list(rows)
        for row in rows:
            item = self._items[row.slot_id]
            if item.text(0) != row.text:
                item.setText(0, row.text)
            item.setToolTip(0, row.tip)
        self._show_counts()

    def _make_items(self, rows: Sequence[SlotRow]) -> None:
        self._tree.clear()
        self._items.clear()
        self._headings.clear()
        for row in rows:
            if row.heading not in self._headings:
                self._headings[row.heading] = _heading(self._tree, row.heading)
            item = QTreeWidgetItem(self._headings[row.heading], [row.text])
            item.setData(0, SLOT, row.slot_id)
            self._items[row.slot_id] = item

    def _show_counts(self) -> None:
        for label, heading in self._headings.items():
            rows = [row for row in self._rows if row.heading == label]
            done = sum(row.done for row in rows)
            heading.setText(0, texts.PLAN_HEADING_COUNT.format(label=label, done=done, total=len(rows)))
            heading.setToolTip(0, heading.text(0))

    def set_current(self, slot_id: str, text: str) -> None:
        """Show which slot is the next one, and what to press on."""
        self._instruction.setText(text)
        item = self._items.get(slot_id)
        if item is None:
            self._tree.clearSelection()
            return
        self._tree.setCurrentItem(item)
        self._tree.scrollToItem(item)

    def set_progress(self, done: int, total: int) -> None:
        """Show how far the plan has got."""
        self._progress.setRange(0, max(total, 1))
        self._progress.setValue(done)
        self._progress.setVisible(bool(total))

    def set_image_views(self, choices: Sequence[Choice], current: str) -> None:
        """Offer the views that the image on the screen can be said to show."""
        fill_with_tip(self._image_view, (Choice("", texts.PLAN_IMAGE_PROMPT), *choices), current)
        self._image_view.setEnabled(bool(choices))

    def set_enabled(self, enabled: bool) -> None:
        """Allow or forbid everything: there is a reading or there is none."""
        self.setEnabled(enabled)

    # ------------------------------------------------------------------ what the reader does

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say so: protocols are read when somebody looks."""
        super().showEvent(event)
        self.shown.emit()

    def _on_item(self, item: QTreeWidgetItem) -> None:
        slot_id = item.data(0, SLOT)
        if slot_id:
            self.slot_chosen.emit(slot_id)

    def _on_image_view(self) -> None:
        self.view_assigned.emit(self._image_view.currentData() or "")

    def _on_mode(self) -> None:
        self.mode_chosen.emit(self._mode.currentData())

    def _on_optional(self, wanted: bool) -> None:
        self.optional_toggled.emit(wanted)

    def _on_bands(self, wanted: bool) -> None:
        self.bands_toggled.emit(wanted)

    def _on_start(self) -> None:
        self.start_requested.emit()

    def _on_previous(self) -> None:
        self.previous_requested.emit()

    def _on_not_visible(self) -> None:
        self.not_visible_requested.emit()

    def _on_not_applicable(self) -> None:
        self.not_applicable_requested.emit()

    def _on_unsure(self) -> None:
        self.unsure_requested.emit()

    def _on_change(self) -> None:
        self.change_requested.emit()

    def _on_go_on(self) -> None:
        self.go_on_requested.emit()


def _heading(tree: QTreeWidget, label: str) -> QTreeWidgetItem:
    heading = QTreeWidgetItem(tree, [label])
    heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
    heading.setExpanded(True)
    return heading


def _button(text: str, name: str, tip: str, action: str) -> QPushButton:
    key = SHOWN[action]
    return push_button(name, text if "+" in key else f"{text} ({key})", tip.format(key=key))
