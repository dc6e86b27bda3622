"""The widget of the Annotate dock."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from psygnal import Signal
from qtpy.compat import isalive
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QHideEvent
from qtpy.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.anatomy import Side
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice, MarkRow
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.styles import REFERENCE_STYLE, WARNING_STYLE
from napari_fluoro_annotator.views.fields import NamedCombo, fill
from napari_fluoro_annotator.views.marks_table import MarksTable
from napari_fluoro_annotator.views.parts import SIDES, arming_buttons, push_button, text_label, tool_button

RETRY_EVERY_MS = 3000
TOOLS = (
    ("target", texts.TARGET, texts.TARGET_TIP, "arm_target"),
    ("needle", texts.NEEDLE, texts.NEEDLE_TIP, "arm_needle"),
    ("level", texts.LEVEL, texts.LEVEL_TIP, "arm_level"),
)
HINT_LINES = 3
MOST_HINT_LINES = 5
"""Room for a warning after a press, in bold; what is longer takes its room only while it is said."""


class AnnotateView(QWidget):
    """Choices, tools and the table of marks: ``set_*`` in, signals out.

    Attributes
    ----------
    nerve_chosen, side_chosen, vertebra_chosen, tool_chosen, mark_chosen : psygnal.Signal
        Emitted with the key of what was chosen, an empty text for nothing.
    view_chosen : psygnal.Signal
        Emitted with the position of the view in the list.
    reader_entered, purpose_chosen, export_requested : psygnal.Signal
        Emitted with a name, a purpose, or a file's path.
    relabel_requested, delete_requested, undo_requested, redo_requested, retry_requested, retry_due, hidden : psygnal.Signal
        Emitted without a value.

    """

    nerve_chosen = Signal(str)
    side_chosen = Signal(str)
    vertebra_chosen = Signal(str)
    tool_chosen = Signal(str)
    view_chosen = Signal(int)
    mark_chosen = Signal(str)
    reader_entered = Signal(str)
    purpose_chosen = Signal(str)
    relabel_requested = Signal()
    delete_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    export_requested = Signal(str)
    retry_requested = Signal()
    retry_due = Signal()
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(5)
        self._exporting = False
        layout.addLayout(self._build_head())
        layout.addWidget(self._build_hint())
        layout.addWidget(self._build_check())
        layout.addWidget(self._build_submitted())
        self._pages = QTabWidget()
        self._pages.setObjectName("pages")
        self._pages.addTab(self._build_marking(), texts.MARKING)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._build_save_state())
        self._retry_timer = QTimer(self)
        self._retry_timer.setInterval(RETRY_EVERY_MS)
        self._retry_timer.timeout.connect(self._on_retry_due)

    def add_to_head(self, *buttons: QWidget) -> None:
        """Add small buttons beside the reader's name."""
        before: QWidget = self._reader
        for button in buttons:
            self._head_row.addWidget(button)
            self.setTabOrder(before, button)
            before = button
        self.setTabOrder(before, self._purpose)

    def add_to_foot(self, button: QWidget) -> None:
        """Add a button behind Export."""
        self._foot_row.addWidget(button)
        self.setTabOrder(self._export, button)

    def switch_off_when_submitted(self, *widgets: QWidget) -> None:
        """Switch these parts of pages off while the reading is submitted: they only change it."""
        self._changing += widgets

    def add_page(self, title: str, widget: QWidget) -> None:
        """Add a page of another panel; it can be scrolled where the screen is low."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(widget)
        self._pages.addTab(area, title)

    def show_page(self, widget: QWidget) -> None:
        """Bring the page of another panel to the front."""
        for index in range(self._pages.count()):
            page = self._pages.widget(index)
            if isinstance(page, QScrollArea) and page.widget() is widget:
                self._pages.setCurrentIndex(index)

    # ------------------------------------------------------------------ parts

    def _build_marking(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.setSpacing(5)
        layout.addWidget(self._build_views())
        layout.addLayout(self._build_choices())
        layout.addLayout(self._build_tools())
        layout.addWidget(self._build_table(), 1)
        layout.addLayout(self._build_edits())
        return page

    def _build_head(self) -> QFormLayout:
        self._study = text_label("study")
        self._reader = QLineEdit()
        self._reader.setToolTip(texts.READER_TIP)
        self._reader.setAccessibleName(texts.READER)
        self._reader.editingFinished.connect(self._on_reader)
        self._frame = text_label("frame")
        form = QFormLayout()
        form.addRow(texts.STUDY, self._study)
        form.addRow(texts.READER, self._build_reader())
        form.addRow(texts.PURPOSE, self._purpose)
        form.addRow(texts.SHOWN, self._frame)
        return form

    def _build_reader(self) -> QHBoxLayout:
        self._login = QLabel()
        self._login.setObjectName("login")
        self._login.setToolTip(texts.LOGIN_TIP)
        self._login.hide()
        self._head_row = QHBoxLayout()
        self._head_row.setSpacing(3)
        self._head_row.addWidget(self._reader, 1)
        self._head_row.addWidget(self._login)
        self._purpose = NamedCombo("purpose", texts.PURPOSE, texts.PURPOSE_TIP)
        self._purpose.currentIndexChanged.connect(self._on_purpose)
        return self._head_row

    def _build_views(self) -> QListWidget:
        self._views = QListWidget()
        self._views.setObjectName("views")
        self._views.setAccessibleName(texts.VIEWS)
        self._views.setMaximumHeight(112)
        self._views.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._views.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._views.currentRowChanged.connect(self._on_view)
        return self._views

    def _build_choices(self) -> QGridLayout:
        self._nerve = NamedCombo("nerve", texts.NERVE)
        self._nerve.currentIndexChanged.connect(self._on_nerve)
        self._vertebra = NamedCombo("vertebra", texts.VERTEBRA)
        self._vertebra.currentIndexChanged.connect(self._on_vertebra)
        grid = QGridLayout()
        grid.addWidget(QLabel(texts.NERVE), 0, 0)
        grid.addWidget(self._nerve, 0, 1)
        grid.addWidget(QLabel(texts.SIDE), 1, 0)
        grid.addLayout(self._build_sides(), 1, 1)
        grid.addWidget(QLabel(texts.VERTEBRA), 2, 0)
        grid.addWidget(self._vertebra, 2, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _build_sides(self) -> QHBoxLayout:
        self._sides = QButtonGroup(self)
        self._side_buttons: dict[Side, QPushButton] = {}
        row = QHBoxLayout()
        for side, text in SIDES:
            button = push_button(f"side_{side.value}", text, texts.SIDE_TIP)
            button.setCheckable(True)
            button.setAccessibleName(f"{texts.SIDE}: {text}")
            self._sides.addButton(button)
            self._side_buttons[side] = button
            row.addWidget(button)
        self._sides.buttonClicked.connect(self._on_side)
        return row

    def _build_tools(self) -> QHBoxLayout:
        self._tools = arming_buttons(TOOLS, self._on_tool)
        row = QHBoxLayout()
        for button in self._tools.values():
            row.addWidget(button)
        return row

    def _build_hint(self) -> QLabel:
        self._hint = text_label("hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._hint.setMinimumHeight(HINT_LINES * self.fontMetrics().lineSpacing() + 4)
        return self._hint

    def _build_check(self) -> QLabel:
        self._check = text_label("check")
        self._check.setStyleSheet(WARNING_STYLE)
        self._check.hide()
        return self._check

    def _build_submitted(self) -> QLabel:
        self._submitted = text_label("submitted")
        self._submitted.hide()
        self._marking = True
        self._changing: list[QWidget] = []
        return self._submitted

    def _build_table(self) -> MarksTable:
        self._table = MarksTable()
        self._table.mark_chosen.connect(self._on_mark)
        return self._table

    def _build_edits(self) -> QHBoxLayout:
        self._relabel = push_button("relabel", texts.RELABEL, texts.RELABEL_TIP)
        self._relabel.clicked.connect(self._on_relabel)
        self._delete = push_button(
            "delete", texts.DELETE, texts.DELETE_TIP.format(key=SHOWN["delete_selected"])
        )
        self._delete.clicked.connect(self._on_delete)
        self._undo = push_button("undo", texts.UNDO)
        self._undo.clicked.connect(self._on_undo)
        self._redo = push_button("redo", texts.REDO)
        self._redo.clicked.connect(self._on_redo)
        self._export = push_button("export", texts.EXPORT, texts.EXPORT_TITLE)
        self._export.clicked.connect(self.ask_for_export)
        row = QHBoxLayout()
        row.setSpacing(3)
        for button in (self._relabel, self._delete, self._undo, self._redo):
            row.addWidget(button)
        return row

    def _build_save_state(self) -> QWidget:
        self._save_state = text_label("save_state")
        self._retry = tool_button("retry", texts.TRY_AGAIN)
        self._retry.clicked.connect(self._on_retry)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._save_state, 1)
        row.addWidget(self._retry)
        row.addWidget(self._export)
        self._foot_row = row
        return box

    # ------------------------------------------------------------------ set

    def set_nerves(self, choices: Sequence[Choice]) -> None:
        """Offer these nerves; none is chosen."""
        fill(self._nerve, (Choice("", texts.NERVE_PROMPT), *choices))

    def set_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae; none is chosen."""
        fill(self._vertebra, (Choice("", texts.VERTEBRA_PROMPT), *choices))

    def set_nerve(self, key: str) -> None:
        """Show which nerve is chosen."""
        self._nerve.setCurrentIndex(max(self._nerve.findData(key), 0))

    def set_vertebra(self, key: str) -> None:
        """Show which vertebra is chosen."""
        self._vertebra.setCurrentIndex(max(self._vertebra.findData(key), 0))

    def set_side(self, side: Side | None) -> None:
        """Show which side is chosen, and say so as a press on it would."""
        if side is not None:
            self._side_buttons[side].click()

    def set_study(self, text: str) -> None:
        """Show which study is read."""
        self._study.setText(text)

    def set_reader(self, name: str) -> None:
        """Show who reads."""
        self._reader.setText(name)

    def set_login(self, text: str) -> None:
        """Say that a server knows who reads, so that no other name can be typed; nothing if it takes any."""
        self._login.setText(text)
        self._login.setVisible(bool(text))
        self._reader.setReadOnly(bool(text))
        self._reader.setToolTip(texts.LOGIN_TIP if text else texts.READER_TIP)

    def set_purposes(self, choices: Sequence[Choice]) -> None:
        """Offer what a reading can be for."""
        fill(self._purpose, choices)

    def set_purpose(self, key: str, told: str) -> None:
        """Show what the reading is for; where there is something to be told of it, it stands out on every page."""
        self._purpose.choose(key)
        self._purpose.setStyleSheet(REFERENCE_STYLE if told else "")
        self._purpose.setToolTip(told or texts.PURPOSE_TIP)

    def set_views(self, rows: Sequence[str], current: int | None) -> None:
        """List the views and show which is on screen."""
        blocked = self._views.blockSignals(True)
        if self._views.count() != len(rows):
            self._views.clear()
            self._views.addItems([""] * len(rows))
        for row, text in enumerate(rows):
            item = self._views.item(row)
            if item.text() != text:  # a mark more or less alters one row
                item.setText(text)
                item.setToolTip(_plain_tip(text))
        self._views.setCurrentRow(-1 if current is None else current)
        self._views.blockSignals(blocked)

    def set_frame(self, text: str) -> None:
        """Say which frame of the view is on screen."""
        self._frame.setText(text)

    def set_tool(self, tool: str | None) -> None:
        """Show which tool waits for a press."""
        for name, button in self._tools.items():
            button.setChecked(name == tool)

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or why something was refused."""
        _restyle(self._hint, WARNING_STYLE if warning else "")
        self._hint.setText(text)
        self._keep_room_for_hint()

    def _keep_room_for_hint(self) -> None:
        """Let the hint stay as high as it has been, so that what lies beneath does not move at every press."""
        most = MOST_HINT_LINES * self.fontMetrics().lineSpacing() + 4
        needed = min(self._hint.heightForWidth(self._hint.width()), most)
        if needed > self._hint.minimumHeight():
            self._hint.setMinimumHeight(needed)

    def set_check(self, text: str, tip: str = "") -> None:
        """Say what looks wrong on the frame that is shown, whatever page is open; nothing if empty."""
        self._check.setText(text)
        self._check.setToolTip(_plain_tip(tip))
        self._check.setVisible(bool(text))

    def set_marks(self, rows: Sequence[MarkRow]) -> None:
        """List the marks."""
        self._table.set_rows(rows)

    def put_mark(self, row: MarkRow) -> None:
        """Show a mark in the list as it is now."""
        self._table.put_row(row)

    def remove_mark(self, mark_id: str) -> None:
        """Show a mark in the list no more."""
        self._table.remove_row(mark_id)

    def set_selected(self, mark_id: str | None) -> None:
        """Show which mark is selected."""
        self._table.set_selected(mark_id)

    def set_undo(self, text: str) -> None:
        """Show what can be undone, nothing if empty."""
        self._undo.setEnabled(bool(text))
        self._undo.setToolTip(texts.UNDO_TIP.format(what=text or texts.NOTHING, key=SHOWN["undo"]))

    def set_redo(self, text: str) -> None:
        """Show what can be redone, nothing if empty."""
        self._redo.setEnabled(bool(text))
        self._redo.setToolTip(texts.REDO_TIP.format(what=text or texts.NOTHING, key=SHOWN["redo"]))

    def set_save_state(self, text: str, *, saved: bool) -> None:
        """Show whether everything is stored; while it is not, trying again is offered and done."""
        self._save_state.setText(text)
        _restyle(self._save_state, "" if saved else WARNING_STYLE)
        self._retry.setVisible(not saved)
        if saved:
            self._retry_timer.stop()
        elif not self._retry_timer.isActive():
            self._retry_timer.start()

    def set_marking_enabled(self, enabled: bool) -> None:
        """Allow or forbid marking."""
        self._marking = enabled
        self._export.setEnabled(enabled and not self._exporting)
        self._switch()

    def set_submitted(self, text: str) -> None:
        """Say on every page that the reading is submitted, and switch off what would change it; nothing if empty."""
        self._submitted.setText(text)
        self._submitted.setVisible(bool(text))
        for widget in self._changing:
            widget.setEnabled(not text)
        self._switch()

    def _switch(self) -> None:
        allowed = self._marking and not self._submitted.text()
        for widget in (*self._tools.values(), self._relabel, self._delete):
            widget.setEnabled(allowed)

    # ------------------------------------------------------------------ what the reader does

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Say so: a tool that cannot be seen must not wait for a press."""
        super().hideEvent(event)
        # when the window goes down, Qt hides it after its parts are gone
        if isalive(self._save_state):  # type: ignore[no-untyped-call]  # qtpy does not type it
            self.hidden.emit()

    def _on_nerve(self) -> None:
        self.nerve_chosen.emit(self._nerve.currentData() or "")
        self._nerve.setToolTip(self._nerve.currentData(Qt.ItemDataRole.ToolTipRole) or "")

    def _on_vertebra(self) -> None:
        self.vertebra_chosen.emit(self._vertebra.currentData() or "")

    def _on_side(self) -> None:
        for side, button in self._side_buttons.items():
            if button.isChecked():
                self.side_chosen.emit(side.value)

    def _on_tool(self) -> None:
        self.tool_chosen.emit(self.sender().property("tool"))

    def _on_view(self, row: int) -> None:
        if row >= 0:
            self.view_chosen.emit(row)

    def _on_mark(self, mark_id: str) -> None:
        self.mark_chosen.emit(mark_id)

    def _on_reader(self) -> None:
        self.reader_entered.emit(self._reader.text())

    def _on_purpose(self) -> None:
        self.purpose_chosen.emit(self._purpose.chosen())

    def _on_relabel(self) -> None:
        self.relabel_requested.emit()

    def _on_delete(self) -> None:
        self.delete_requested.emit()

    def _on_undo(self) -> None:
        self.undo_requested.emit()

    def _on_redo(self) -> None:
        self.redo_requested.emit()

    def _on_retry(self) -> None:
        self.retry_requested.emit()

    def _on_retry_due(self) -> None:
        self.retry_due.emit()

    def set_exporting(self, text: str) -> None:
        """Show that an export is being written and how far it is; nothing if none is."""
        self._exporting = bool(text)
        self._export.setText(text or texts.EXPORT)
        self._export.setEnabled(self._marking and not self._exporting)

    def ask_for_export(self) -> None:
        """Ask where to export to, and say so."""
        path, kind = QFileDialog.getSaveFileName(self, texts.EXPORT_TITLE, "marks.json", texts.EXPORT_FILTERS)
        if path:
            self.export_requested.emit(_with_suffix(path, kind))


def _restyle(label: QLabel, style: str) -> None:
    """Give a label another look; Qt takes long over it even if the look is the same."""
    if label.styleSheet() != style:
        label.setStyleSheet(style)


def _plain_tip(text: str) -> str:
    """Return a text that Qt does not take for markup."""
    return escape(text) if "<" in text else text


def _with_suffix(path: str, kind: str) -> str:
    """Return a path with the ending of the chosen kind of file, if it has none."""
    if Path(path).suffix:
        return path
    return path + (".csv" if "*.csv" in kind else ".json")
