"""The page on which a teaching set is chosen: who practises, what is assigned, and where the images are."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QFont
from qtpy.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_protocols import SetRow
from napari_fluoro_annotator.practice_keys import PRACTICE_SHOWN
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.parts import heading, push_button, sentence_list, text_label

ROWS = 5
PROBLEMS = 4


class PracticeSetsView(QWidget):
    """Teaching sets: ``set_*`` in, signals out.

    Attributes
    ----------
    reader_entered, set_chosen, folder_given : psygnal.Signal
        Emitted with a name, the key of a set, or the path of a folder.
    start_requested, folders_forgotten, retry_requested, samples_requested : psygnal.Signal
        Emitted without a value.

    """

    reader_entered = Signal(str)
    set_chosen = Signal(str)
    folder_given = Signal(str)
    start_requested = Signal()
    folders_forgotten = Signal()
    retry_requested = Signal()
    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(5)
        layout.addLayout(self._build_reader())
        layout.addWidget(heading(texts.PRACTICE_SETS))
        layout.addWidget(self._build_sets())
        for widget in self._build_about():
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(self._build_folders())
        self._hint = text_label("practice_sets_hint")
        layout.addWidget(self._hint)
        layout.addLayout(self._build_foot())

    def _build_reader(self) -> QFormLayout:
        self._reader = QLineEdit()
        self._reader.setObjectName("practice_reader")
        self._reader.setAccessibleName(texts.PRACTICE_WHO)
        self._reader.editingFinished.connect(self._on_reader)
        form = QFormLayout()
        form.addRow(texts.PRACTICE_WHO, self._reader)
        return form

    def _build_sets(self) -> QListWidget:
        self._sets = QListWidget()
        self._sets.setObjectName("practice_sets")
        self._sets.setAccessibleName(texts.PRACTICE_SETS)
        self._sets.setWordWrap(True)
        self._sets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sets.setMinimumHeight(2 * ROWS * self.fontMetrics().lineSpacing())
        self._sets.currentItemChanged.connect(self._on_set)
        self._sets.itemActivated.connect(self._on_start)
        return self._sets

    def _build_about(self) -> list[QWidget]:
        self._about, self._facts = text_label("practice_about"), text_label("practice_facts")
        self._problems_title = heading(texts.PRACTICE_PROBLEMS)
        self._problems = sentence_list("practice_problems", texts.PRACTICE_PROBLEMS)
        self._problems.setMaximumHeight(2 * PROBLEMS * self.fontMetrics().lineSpacing())
        return [self._about, self._facts, self._problems_title, self._problems]

    def _build_folders(self) -> QVBoxLayout:
        self._folders, self._state = text_label("practice_folders"), text_label("practice_images")
        add = push_button("practice_add_folder", texts.PRACTICE_ADD_FOLDER, texts.PRACTICE_ADD_FOLDER_TIP)
        add.clicked.connect(self._on_add)
        forget = push_button(
            "practice_forget", texts.PRACTICE_FORGET_FOLDERS, texts.PRACTICE_FORGET_FOLDERS_TIP
        )
        forget.clicked.connect(self._on_forget)
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(add)
        row.addWidget(forget)
        layout = QVBoxLayout()
        for widget in (self._folders, self._state):
            layout.addWidget(widget)
        layout.addLayout(row)
        return layout

    def _build_foot(self) -> QHBoxLayout:
        self._start = push_button(
            "practice_start", texts.PRACTICE_START, texts.PRACTICE_START_TIP, PRACTICE_SHOWN["start"]
        )
        self._start.clicked.connect(self._on_start)
        self._retry = push_button("practice_retry", texts.PRACTICE_TRY_AGAIN)
        self._retry.clicked.connect(self._on_retry)
        self._retry.hide()
        row = QHBoxLayout()
        self._samples = push_button(
            "practice_samples", texts.PRACTICE_INSTALL_SAMPLES, texts.PRACTICE_INSTALL_SAMPLES_TIP
        )
        self._samples.clicked.connect(self._on_samples)
        self._samples.hide()
        row.addWidget(self._retry)
        row.addWidget(self._samples)
        row.addWidget(self._start, 1)
        return row

    # ------------------------------------------------------------------ set

    def set_reader(self, name: str, *, fixed: bool) -> None:
        """Show who practises, and whether another name may be entered."""
        self._reader.setText(name)
        self._reader.setReadOnly(fixed)
        self._reader.setToolTip(texts.PRACTICE_WHO_LOGIN if fixed else texts.PRACTICE_WHO_TIP)

    def set_sets(self, rows: Sequence[SetRow], chosen: str) -> None:
        """List the sets; nothing is emitted."""
        blocked = self._sets.blockSignals(True)
        self._sets.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.text}\n{row.note}" if row.note else row.text)
            item.setData(Qt.ItemDataRole.UserRole, row.key)
            if row.urgent:
                font = QFont(item.font())
                font.setBold(True)
                item.setFont(font)
            self._sets.addItem(item)
            if row.key == chosen:
                self._sets.setCurrentItem(item)
        self._sets.blockSignals(blocked)

    def set_about(self, text: str, facts: str) -> None:
        """Describe the set that is chosen."""
        for label, said in ((self._about, text), (self._facts, facts)):
            label.setText(said)
            label.setVisible(bool(said))

    def set_problems(self, problems: Sequence[str]) -> None:
        """Say what is wrong with it."""
        self._problems.clear()
        self._problems.addItems(problems)
        self._problems.setVisible(bool(problems))
        self._problems_title.setVisible(bool(problems))

    def set_folders(self, text: str, state: str) -> None:
        """Say where images are looked for, and what was found."""
        self._folders.setText(text)
        self._state.setText(state)

    def set_start_enabled(self, enabled: bool) -> None:
        """Let practice begin."""
        self._start.setEnabled(enabled)

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or what went wrong."""
        self._hint.setStyleSheet(WARNING_STYLE if warning else "")
        self._hint.setText(text)

    def set_away(self, away: bool) -> None:
        """Offer to try again while the store is away."""
        self._retry.setVisible(away)

    def set_samples_offered(self, offered: bool) -> None:
        """Offer to install the sets that come with the program."""
        self._samples.setVisible(offered)

    # ------------------------------------------------------------------ what the trainee does

    def _on_reader(self) -> None:
        self.reader_entered.emit(self._reader.text())

    def _on_set(self) -> None:
        item = self._sets.currentItem()
        if item is not None:
            self.set_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _on_start(self) -> None:
        self.start_requested.emit()

    def _on_retry(self) -> None:
        self.retry_requested.emit()

    def _on_samples(self) -> None:
        self.samples_requested.emit()

    def _on_add(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, texts.PRACTICE_ADD_FOLDER)
        if folder:
            self.folder_given.emit(folder)

    def _on_forget(self) -> None:
        self.folders_forgotten.emit()
