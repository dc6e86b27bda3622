"""What is seen while studies are opened: a panel over the image, and two lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from psygnal import Signal
from qtpy.QtCore import QEvent, QObject, Qt
from qtpy.QtGui import QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts

MARGIN = 52
"""Pixels between the panel and the lower edge of the window: room for the frame slider."""
BAR_WIDTH = 160
LIST_SIZE = (860, 420)
CHOICE_SIZE = (720, 460)
WRAPPED_ROWS = 500
"""Rows beyond which texts are cut instead of wrapped: measuring each takes long."""
BOXES = "QTreeView::indicator:unchecked { border: 1px solid #909090; }"
"""napari's dark theme shows an empty box almost as dark as what is behind it."""


class ViewRow(NamedTuple):
    """One view that can be opened."""

    title: str
    frames: int


class StudyRow(NamedTuple):
    """One study that can be opened.

    Attributes
    ----------
    title, date : str
        As on screen elsewhere; never the patient.
    views : sequence of ViewRow
    opened : bool
        Whether all of it is open already.

    """

    title: str
    date: str
    views: Sequence[ViewRow]
    opened: bool = False


class SkippedRow(NamedTuple):
    """A file that was not opened, why, and what to do about it."""

    file: str
    problem: str
    remedy: str


class OpeningPanel(QFrame):
    """A line over the lower edge of its parent: what is being done, how far it is, and a button.

    It takes no room from the image, so that nothing moves under the mouse when it comes or goes.
    """

    cancelled = Signal()
    list_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("opening")
        self.setAccessibleName(texts.OPENING)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(BAR_WIDTH)
        self._bar.setTextVisible(False)
        self._cancel = self._button(texts.CANCEL)
        self._list = self._button(texts.SHOW_LIST)
        self._close = self._button(texts.CLOSE)
        self._cancel.clicked.connect(self._on_cancel)
        self._list.clicked.connect(self._on_list)
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        for widget in (self._text, self._bar, self._cancel, self._list, self._close):
            layout.addWidget(widget)
        parent.installEventFilter(self)
        self.hide()

    def set_progress(self, text: str, done: int, total: int) -> None:
        """Say what is being done; without a total the bar only says that something happens."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._show(text, running=True, listed=False)

    def set_notice(self, text: str, *, listed: bool) -> None:
        """Say something that stays until it is closed, with or without a button for the list."""
        self._show(text, running=False, listed=listed)

    def end_progress(self) -> None:
        """Hide it if it shows progress; a notice stays."""
        if not self._cancel.isHidden():
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the lower edge of the parent."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press on it leaves the keys with the image
        return button

    def _show(self, text: str, *, running: bool, listed: bool) -> None:
        changed = not self.isVisible() or text != self._text.text()
        self._text.setText(text)
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        self._list.setVisible(listed)
        self._close.setVisible(not running)
        self.show()
        if changed:
            self.raise_()
            self._place()

    def _place(self) -> None:
        self.adjustSize()
        room = self._room.size()
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - MARGIN)

    def _on_cancel(self) -> None:
        self.cancelled.emit()

    def _on_list(self) -> None:
        self.list_wanted.emit()


class SkippedList(QDialog):
    """Files that were not opened, as a table that can be copied."""

    def __init__(self, rows: Sequence[SkippedRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("skipped")
        self.setWindowTitle(texts.SKIPPED_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*LIST_SIZE)
        self._rows = tuple(rows)
        self._table = self._build_table()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        copy = buttons.addButton(texts.COPY, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self).activated.connect(self.copy)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(texts.plural(len(rows), texts.NOT_OPENED_ONE, texts.NOT_OPENED_MANY)))
        layout.addWidget(self._table)
        layout.addWidget(buttons)

    def copy(self) -> None:
        """Put the selected rows, or all if none is selected, on the clipboard, cells divided by tabs."""
        chosen = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        rows = [self._rows[place] for place in chosen] or self._rows
        lines = ["\t".join(row) for row in (texts.SKIPPED_COLUMNS, *rows)]
        QApplication.clipboard().setText("\n".join(lines))

    def _build_table(self) -> QTableWidget:
        table = QTableWidget(len(self._rows), len(texts.SKIPPED_COLUMNS))
        table.setHorizontalHeaderLabels(texts.SKIPPED_COLUMNS)
        table.verticalHeader().setVisible(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setWordWrap(len(self._rows) <= WRAPPED_ROWS)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, share in enumerate((0.3, 0.35)):
            header.resizeSection(column, round(LIST_SIZE[0] * share))
        for place, row in enumerate(self._rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(place, column, item)
        if table.wordWrap():
            table.resizeRowsToContents()
        return table


class StudyChoice(QDialog):
    """Studies and their views, with a box each; the first study that is not open is chosen beforehand."""

    def __init__(self, studies: Sequence[StudyRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("choice")
        self.setWindowTitle(texts.CHOICE_TITLE)
        self.resize(*CHOICE_SIZE)
        count = sum(len(study.views) for study in studies)
        self._tree = self._build_tree(studies)
        self._summary = QLabel()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(texts.CHOICE.format(views=count, studies=studies_text(len(studies)))))
        layout.addWidget(self._tree)
        layout.addWidget(self._summary)
        layout.addWidget(self._buttons)
        self._tree.itemChanged.connect(self._count)
        self._count()

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the views that are chosen, counted through all studies."""
        return tuple(place for place, item in enumerate(self._views) if _checked(item))

    def _build_tree(self, studies: Sequence[StudyRow]) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setStyleSheet(BOXES)
        tree.setColumnCount(len(texts.CHOICE_COLUMNS))
        tree.setHeaderLabels(texts.CHOICE_COLUMNS)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setStretchLastSection(False)
        default = next((place for place, study in enumerate(studies) if not study.opened), None)
        self._views: list[QTreeWidgetItem] = []
        for place, study in enumerate(studies):
            tree.addTopLevelItem(self._study_item(study, chosen=place == default))
        if len(studies) == 1:
            tree.expandAll()
        return tree

    def _study_item(self, study: StudyRow, *, chosen: bool) -> QTreeWidgetItem:
        title = texts.OPEN_ALREADY.format(title=study.title) if study.opened else study.title
        frames = sum(view.frames for view in study.views)
        top = QTreeWidgetItem([title, study.date, str(len(study.views)), str(frames)])
        top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
        for view in study.views:
            item = QTreeWidgetItem(top, [view.title, "", "", str(view.frames)])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, _state(chosen))
            self._views.append(item)
        top.setDisabled(study.opened)
        return top

    def _count(self) -> None:
        chosen = len(self.places)
        self._summary.setText(texts.plural(chosen, texts.CHOSEN_ONE, texts.CHOSEN_MANY))
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(chosen > 0)


def studies_text(count: int) -> str:
    """Return how many studies there are, in words."""
    return texts.plural(count, texts.ONE_STUDY, texts.STUDIES)


def _state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked


def _checked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) == Qt.CheckState.Checked
