"""The list of teaching sets, with what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from psygnal import Signal
from qtpy.QtCore import QDate, Qt
from qtpy.QtWidgets import (
    QCompleter,
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import Due, SetRow
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.dock_dialog import PlainDialog
from napari_fluoro_annotator.views.parts import check_box, heading, push_button, sentence_list, text_label
from napari_fluoro_annotator.views.set_table import RowTable

SIZE = (58, 36)
"""Width and height in heights of a line."""
DUE_IN_DAYS = 14
"""What is offered as the last day; an engineering default."""


class SetListView(PlainDialog):
    """Teaching sets: ``set_*`` in, signals out. It does not block the window.

    Attributes
    ----------
    chosen, edit_requested, withdraw_requested, withdraw_confirmed, assign_requested : psygnal.Signal
        Emitted with the identifier of the chosen set, an empty text for none.
    assigned : psygnal.Signal
        Emitted with the set, the trainee, and the last day or None.
    unassigned : psygnal.Signal
        Emitted with the set and the trainee.
    export_requested : psygnal.Signal
        Emitted with the set and a file's path.
    install_requested : psygnal.Signal
        Emitted with a file's path.
    new_requested, refresh_requested : psygnal.Signal
        Emitted without a value.

    """

    KEY: Final = Qt.ItemDataRole.UserRole
    chosen = Signal(str)
    new_requested = Signal()
    edit_requested = Signal(str)
    withdraw_requested = Signal(str)
    withdraw_confirmed = Signal(str)
    assign_requested = Signal(str)
    assigned = Signal(str, str, object)
    unassigned = Signal(str, str)
    export_requested = Signal(str, str)
    install_requested = Signal(str)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("teaching_sets", texts.SETS_TITLE, SIZE, parent)
        layout = QVBoxLayout(self)
        self._intro = text_label("sets_intro")
        self._intro.setText(texts.SETS_INTRO)
        layout.addWidget(self._intro)
        self._busy = self._hindered = False
        self._table = RowTable("sets", texts.SETS_TITLE, texts.SETS_COLUMNS)
        self._table.row_chosen.connect(self._on_chosen)
        self._table.row_activated.connect(self._on_activated)
        layout.addWidget(self._table, 3)
        layout.addLayout(self._build_buttons())
        self._below = QStackedWidget()
        for page in (self._build_details(), self._build_withdrawing(), self._build_assigning()):
            self._below.addWidget(page)
        layout.addWidget(self._below, 2)
        self._message = text_label("sets_message")
        layout.addWidget(self._message)
        close = push_button("sets_close", texts.CLOSE)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout.addLayout(row)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in a field presses nothing

    # ------------------------------------------------------------------ parts

    def _build_buttons(self) -> QHBoxLayout:
        self._buttons = {
            "new": push_button("sets_new", texts.SETS_NEW, texts.SETS_NEW_TIP),
            "edit": push_button("sets_edit", texts.SETS_EDIT, texts.SETS_EDIT_TIP),
            "assign": push_button("sets_assign", texts.SETS_ASSIGN, texts.SETS_ASSIGN_TIP),
            "withdraw": push_button("sets_withdraw", texts.SETS_WITHDRAW, texts.SETS_WITHDRAW_TIP),
            "export": push_button("sets_export", texts.SETS_EXPORT, texts.SETS_EXPORT_TIP),
            "install": push_button("sets_install", texts.SETS_INSTALL, texts.SETS_INSTALL_TIP),
            "refresh": push_button("sets_refresh", texts.SETS_REFRESH),
        }
        slots = {
            "new": self._on_new,
            "edit": self._on_edit,
            "assign": self._on_assign,
            "withdraw": self._on_withdraw,
            "export": self._on_export,
            "install": self._on_install,
            "refresh": self._on_refresh,
        }
        row = QHBoxLayout()
        for name, button in self._buttons.items():
            button.clicked.connect(slots[name])
            row.addWidget(button)
        return row

    def _build_details(self) -> QWidget:
        self._details = page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading(texts.SETS_ABOUT))
        self._told = sentence_list("sets_told", texts.SETS_ABOUT)
        layout.addWidget(self._told, 1)
        return page

    def _build_withdrawing(self) -> QWidget:
        self._withdrawing = page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        self._question = text_label("sets_question")
        self._question.setStyleSheet(WARNING_STYLE)
        layout.addWidget(self._question)
        self._withdraw_now = push_button("sets_withdraw_now", texts.SETS_WITHDRAW_NOW)
        self._withdraw_now.clicked.connect(self._on_withdraw_now)
        self._withdraw_back = push_button("sets_withdraw_back", texts.SETS_BACK)
        self._withdraw_back.clicked.connect(self.set_details)
        row = QHBoxLayout()
        row.addWidget(self._withdraw_now)
        row.addWidget(self._withdraw_back)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(1)
        return page

    def _build_assigning(self) -> QWidget:
        self._assigning = page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._build_assignment(), 1)
        layout.addLayout(self._build_assigned(), 1)
        return page

    def _build_assignment(self) -> QVBoxLayout:
        self._assign_heading = heading("")
        self._trainee = QLineEdit()
        self._trainee.setObjectName("sets_trainee")
        self._trainee.setAccessibleName(texts.SETS_TRAINEE)
        self._trainee.setToolTip(texts.SETS_TRAINEE_TIP)
        self._with_due = check_box("sets_with_due", texts.SETS_DUE, texts.SETS_DUE_TIP)
        self._due = QDateEdit(QDate.currentDate().addDays(DUE_IN_DAYS))
        self._due.setObjectName("sets_due")
        self._due.setAccessibleName(texts.SETS_DUE)
        self._due.setDisplayFormat("yyyy-MM-dd")
        self._due.setCalendarPopup(True)
        self._due.setEnabled(False)
        self._with_due.toggled.connect(self._due.setEnabled)
        form = QFormLayout()
        form.addRow(self._assign_heading)
        form.addRow(texts.SETS_TRAINEE, self._trainee)
        form.addRow(self._with_due, self._due)
        self._assign_now = push_button("sets_assign_now", texts.SETS_ASSIGN_NOW)
        self._assign_now.clicked.connect(self._on_assign_now)
        self._trainee.returnPressed.connect(self._on_assign_now)
        self._assign_back = push_button("sets_assign_back", texts.SETS_BACK)
        self._assign_back.clicked.connect(self.set_details)
        row = QHBoxLayout()
        row.addWidget(self._assign_now)
        row.addWidget(self._assign_back)
        row.addStretch(1)
        layout = QVBoxLayout()
        layout.addLayout(form)
        layout.addLayout(row)
        layout.addStretch(1)
        return layout

    def _build_assigned(self) -> QVBoxLayout:
        self._assigned = QListWidget()
        self._assigned.setObjectName("sets_assigned")
        self._assigned.setAccessibleName(texts.SETS_ASSIGNED_LIST)
        self._unassign = push_button("sets_unassign", texts.SETS_UNASSIGN, texts.SETS_UNASSIGN_TIP)
        self._unassign.clicked.connect(self._on_unassign)
        layout = QVBoxLayout()
        layout.addWidget(heading(texts.SETS_ASSIGNED_LIST))
        layout.addWidget(self._assigned, 1)
        layout.addWidget(self._unassign)
        return layout

    # ------------------------------------------------------------------ set

    def set_rows(self, rows: Sequence[SetRow]) -> None:
        """List the sets; the one that was chosen stays chosen."""
        self._table.set_rows(
            [(row.set_id, row.cells) for row in rows],
            careful={row.set_id for row in rows if row.careful},
            pale={row.set_id for row in rows if row.withdrawn},
        )

    def set_told(self, lines: Sequence[str]) -> None:
        """Say what is to be known of the chosen set."""
        self._told.clear()
        self._told.addItems(lines)

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, what is being done, or why something was refused."""
        self._message.setStyleSheet(WARNING_STYLE if warning else "")
        self._message.setText(text)

    def set_busy(self, busy: bool) -> None:
        """Switch off what changes something while something else is being done."""
        self._busy = busy
        self._switch()

    def set_hindrance(self, text: str) -> None:
        """Say why whoever looks may not teach, and switch off what only attendings do; nothing if empty."""
        self._intro.setText(text or texts.SETS_INTRO)
        self._intro.setStyleSheet(WARNING_STYLE if text else "")
        self._hindered = bool(text)
        self._switch()

    def _switch(self) -> None:
        for button in (*self._buttons.values(), self._withdraw_now, self._assign_now, self._unassign):
            button.setEnabled(not self._busy and not self._hindered)
        self._buttons["refresh"].setEnabled(not self._busy)

    def set_question(self, text: str) -> None:
        """Ask whether the chosen set is to be withdrawn."""
        self._question.setText(text)
        self._below.setCurrentWidget(self._withdrawing)
        self._withdraw_back.setFocus()

    def set_assigning(self, heading: str, trainees: Sequence[str], assigned: Sequence[Choice]) -> None:
        """Ask who is to practise the chosen set, and until when; list who is asked already."""
        self._assign_heading.setText(heading)
        self._trainee.setCompleter(QCompleter(list(trainees), self._trainee))
        self._assigned.clear()
        for choice in assigned:
            item = QListWidgetItem(choice.text, self._assigned)
            item.setData(self.KEY, choice.key)
        self._below.setCurrentWidget(self._assigning)
        self._trainee.clear()
        self._trainee.setFocus()

    def set_details(self) -> None:
        """Ask nothing; show what is said of the chosen set."""
        self._below.setCurrentWidget(self._details)

    def set_shown(self) -> None:
        """Come to the front."""
        super().set_shown()
        self._table.setFocus()

    @property
    def message(self) -> str:
        """What was said last."""
        return self._message.text()

    @property
    def rows(self) -> tuple[str, ...]:
        """The identifiers of the sets that are listed."""
        return self._table.keys

    def choose(self, set_id: str) -> None:
        """Choose a set, as a press on it would."""
        self._table.choose(set_id)

    # ------------------------------------------------------------------ what the attending does

    def _on_chosen(self, key: str) -> None:
        self.set_details()
        self.chosen.emit(key)

    def _on_new(self) -> None:
        self.new_requested.emit()

    def _on_edit(self) -> None:
        self.edit_requested.emit(self._table.chosen)

    def _on_activated(self) -> None:
        if self._buttons["edit"].isEnabled():
            self._on_edit()

    def _on_withdraw(self) -> None:
        self.withdraw_requested.emit(self._table.chosen)

    def _on_withdraw_now(self) -> None:
        self.withdraw_confirmed.emit(self._table.chosen)

    def _on_assign(self) -> None:
        self.assign_requested.emit(self._table.chosen)

    def _on_assign_now(self) -> None:
        day = self._due.date()
        due: Due = date(day.year(), day.month(), day.day()) if self._with_due.isChecked() else None
        self.assigned.emit(self._table.chosen, self._trainee.text(), due)

    def _on_unassign(self) -> None:
        item = self._assigned.currentItem()
        self.unassigned.emit(self._table.chosen, "" if item is None else item.data(self.KEY))

    def _on_refresh(self) -> None:
        self.refresh_requested.emit()

    def _on_export(self) -> None:
        key = self._table.chosen
        if not key:
            self.export_requested.emit("", "")
            return
        path, _ = QFileDialog.getSaveFileName(self, texts.SETS_EXPORT_TIP, f"{key}.json", texts.SETS_FILES)
        if path:
            self.export_requested.emit(key, path if Path(path).suffix else f"{path}.json")

    def _on_install(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, texts.SETS_INSTALL_TIP, "", texts.SETS_FILES)
        if path:
            self.install_requested.emit(path)
