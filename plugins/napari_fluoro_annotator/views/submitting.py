"""The window that asks before a reading is submitted or reopened."""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from fluoro_annotator.marks.facts import LONGEST_COMMENT
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.submitting import Question
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.dock_dialog import DockDialog
from napari_fluoro_annotator.views.parts import heading, push_button, sentence_list, text_label

SIZE = (32, 30)
"""Width and height in heights of a line."""


class SubmissionView(DockDialog):
    """What follows, what is missing, and a comment: ``set_*`` in, signals out. It does not block the window.

    Attributes
    ----------
    confirmed : psygnal.Signal
        Emitted with the comment.

    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("submit", texts.SUBMIT_WINDOW, texts.SUBMIT, SIZE, parent)
        layout = QVBoxLayout(self)
        self._follows = text_label("submit_follows")
        layout.addWidget(self._follows)
        layout.addWidget(self._build_missing(), 1)
        layout.addWidget(self._build_comment())
        layout.addStretch(0)
        layout.addLayout(self._build_answers())

    def _build_missing(self) -> QWidget:
        self._missing = sentence_list("submit_missing", texts.SUBMIT_CHECKED)
        self._missing_box = box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading(texts.SUBMIT_CHECKED))
        layout.addWidget(self._missing, 1)
        return box

    def _build_comment(self) -> QWidget:
        label = QLabel(texts.SUBMIT_COMMENT)
        self._comment = QLineEdit()
        self._comment.setObjectName("submit_comment")
        self._comment.setAccessibleName(texts.SUBMIT_COMMENT)
        self._comment.setToolTip(texts.SUBMIT_COMMENT_TIP)
        self._comment.setMaxLength(LONGEST_COMMENT)
        label.setBuddy(self._comment)
        warning = text_label("submit_no_patient")
        warning.setText(texts.SUBMIT_NO_PATIENT)
        warning.setStyleSheet(WARNING_STYLE)
        self._comment_box = box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (label, self._comment, warning):
            layout.addWidget(widget)
        return box

    def _build_answers(self) -> QHBoxLayout:
        self._confirm = push_button("submit_confirm", texts.SUBMIT_NOW)
        self._confirm.clicked.connect(self._on_confirm)
        self._back = push_button("submit_back", texts.SUBMIT_BACK)
        self._back.clicked.connect(self.set_hidden)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self._confirm, self._back):
            button.setAutoDefault(False)  # Enter in the comment submits nothing
            row.addWidget(button)
        return row

    # ------------------------------------------------------------------ set

    def set_button(self, text: str, tip: str, *, enabled: bool) -> None:
        """Say what the button in the dock does."""
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.setEnabled(enabled)

    def set_question(self, question: Question) -> None:
        """Ask; a comment that was begun stays."""
        self._follows.setText(question.follows)
        self._missing.clear()
        self._missing.addItems(question.missing)
        self._missing_box.setVisible(bool(question.missing))
        self._comment_box.setVisible(question.comment)
        self._confirm.setVisible(bool(question.button))
        self._confirm.setText(question.button)
        self._back.setText(texts.SUBMIT_BACK if question.button else texts.CLOSE)

    def set_hidden(self) -> None:
        """Go away, with the comment."""
        self._comment.clear()
        self.hide()

    def set_shown(self) -> None:
        """Come to the front; nothing is chosen beforehand."""
        super().set_shown()
        (self._comment if self._comment.isVisible() else self._back).setFocus()

    @property
    def shown(self) -> bool:
        """Whether somebody can see the question."""
        return self.isVisible()

    # ------------------------------------------------------------------ what the reader does

    def _on_confirm(self) -> None:
        self.confirmed.emit(self._comment.text())
