"""The list of what was answered in a sitting."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtGui import QColor, QShowEvent
from qtpy.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.practice_review import ReviewRow
from napari_fluoro_annotator.views.parts import heading, sentence_list, text_label

LEAST_HEIGHT = 120


class ReviewView(QWidget):
    """The list: ``set_*`` in, signals out.

    Attributes
    ----------
    answer_chosen : psygnal.Signal
        Emitted with the number of an answer in the list, from 0.
    refresh_requested : psygnal.Signal
        Emitted when somebody turns to the list.

    """

    answer_chosen = Signal(int)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practice_review")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(heading(texts.REVIEW))
        self._summary = text_label("review_summary")
        layout.addWidget(self._summary)
        self._list = sentence_list("review_list", texts.REVIEW, texts.REVIEW_TIP)
        self._list.setMinimumHeight(LEAST_HEIGHT)
        self._list.itemClicked.connect(self._on_item)
        self._list.itemActivated.connect(self._on_item)  # Enter
        layout.addWidget(self._list)
        self._problem = text_label("review_problem")
        self._problem.setStyleSheet(styles.WARNING_STYLE)
        layout.addWidget(self._problem)

    def set_answers(self, rows: Sequence[ReviewRow], summary: str) -> None:
        """List answers, with how many of what."""
        self._list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            if row.urgent:
                item.setForeground(QColor(styles.ORANGE))
            self._list.addItem(item)
        self._list.setVisible(bool(rows))
        self._summary.setText(summary)

    def set_problem(self, text: str) -> None:
        """Say why an image cannot be shown; nothing if it can."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the list as it is now."""
        super().showEvent(event)
        self.refresh_requested.emit()

    def _on_item(self, item: QListWidgetItem) -> None:
        self.answer_chosen.emit(self._list.row(item))
