"""What is said of an answer, what is to be seen on the image, and the trainee's own steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from psygnal import Signal
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QFontInfo
from qtpy.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.training import Moment, Remarks, Role, Statement
from fluoro_annotator.training.sentences import backing_words
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.views.legend import swatch
from napari_fluoro_annotator.views.parts import heading, text_label, tool_button
from napari_fluoro_annotator.views.wrapping_label import WrappingLabel

SMALLER = 0.9
TITLE_SIZE = 1.35
CONFIDENT_STYLE = (
    f"font-weight: bold; color: {styles.BLACK}; background-color: {styles.ORANGE}; padding: 3px;"
)


class FeedbackView(QWidget):
    """The feedback: ``set_*`` in, signals out. Nothing is shown of it before an answer was committed.

    Attributes
    ----------
    moment_chosen : psygnal.Signal
        Emitted with the number of a step, from 0.
    play_requested : psygnal.Signal
        Emitted to play the steps, or to stop.
    woken : psygnal.Signal
        Emitted once after each `wake_in`.

    """

    moment_chosen = Signal(int)
    play_requested = Signal()
    woken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practice_feedback")
        self.setAccessibleName(texts.FEEDBACK)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._first = text_label("feedback_first")
        self._first.setStyleSheet(CONFIDENT_STYLE)
        self._title = QLabel()
        self._title.setObjectName("feedback_title")
        _resize(self._title, TITLE_SIZE, bold=True)
        self._critical = text_label("feedback_critical")
        self._critical.setStyleSheet(styles.WARNING_STYLE)
        self._prompt = text_label("feedback_prompt")
        for label in (self._prompt, self._first, self._title, self._critical):
            layout.addWidget(label)
        self._notes = text_label("feedback_notes")
        self._said = QVBoxLayout()
        self._said.setSpacing(2)
        layout.addLayout(self._said)
        layout.addWidget(self._notes)
        layout.addWidget(self._build_replay())
        self._legend = QGridLayout()
        self._legend.setHorizontalSpacing(6)
        self._legend.setVerticalSpacing(1)
        self._legend.setColumnStretch(1, 1)
        layout.addWidget(heading(texts.FEEDBACK_LEGEND))
        layout.addLayout(self._legend)
        layout.addWidget(self._build_details())
        layout.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self.hide()

    def _build_replay(self) -> QWidget:
        self._replay = QWidget()
        column = QVBoxLayout(self._replay)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(heading(texts.REPLAY))
        row = QHBoxLayout()
        row.setSpacing(2)
        self._back = tool_button("replay_back", "\N{BLACK LEFT-POINTING TRIANGLE}", texts.REPLAY_BACK)
        self._on = tool_button("replay_on", "\N{BLACK RIGHT-POINTING TRIANGLE}", texts.REPLAY_ON)
        self._play = tool_button("replay_play", texts.REPLAY_PLAY)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("replay_slider")
        self._slider.setAccessibleName(texts.REPLAY)
        self._slider.setToolTip(texts.REPLAY_TIP)
        self._slider.setPageStep(1)
        self._slider.valueChanged.connect(self._on_slider)
        self._back.clicked.connect(self._on_back)
        self._on.clicked.connect(self._on_on)
        self._play.clicked.connect(self._on_play)
        for widget in (self._back, self._play, self._on):
            row.addWidget(widget)
        row.addWidget(self._slider, 1)
        column.addLayout(row)
        self._moment = text_label("replay_moment")
        column.addWidget(self._moment)
        return self._replay

    def _build_details(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        self._details_button = QToolButton()
        self._details_button.setObjectName("feedback_details")
        self._details_button.setText(texts.FEEDBACK_DETAILS)
        self._details_button.setToolTip(texts.FEEDBACK_DETAILS_TIP)
        self._details_button.setCheckable(True)
        self._details_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._details_button.setArrowType(Qt.ArrowType.RightArrow)
        self._details_button.toggled.connect(self._on_details)
        column.addWidget(self._details_button)
        self._details = QWidget()
        self._detailed = QVBoxLayout(self._details)
        self._detailed.setContentsMargins(8, 0, 0, 0)
        self._detailed.setSpacing(2)
        self._details.hide()
        column.addWidget(self._details)
        return whole

    # ------------------------------------------------------------------ set

    def set_remarks(self, remarks: Remarks | None) -> None:
        """Say what is said of an answer; None for nothing."""
        self.setVisible(remarks is not None)
        _empty(self._said)
        _empty(self._detailed)
        if remarks is None:
            self._timer.stop()
            for label in (self._first, self._title, self._critical):
                label.setText("")
            return
        self._first.setText(remarks.first)
        self._first.setVisible(bool(remarks.first))
        sign = texts.FEEDBACK_SIGNS[remarks.success]
        self._title.setText(texts.FEEDBACK_TITLE.format(sign=sign, title=remarks.title))
        self._critical.setText(remarks.critical)
        self._critical.setVisible(bool(remarks.critical))
        if remarks.answered:
            self._said.addWidget(_text(texts.FEEDBACK_ANSWERED.format(answer=remarks.answered)))
        self._say("", remarks.wrong)
        self._say(texts.FEEDBACK_BESIDES, remarks.besides)
        self._say(texts.FEEDBACK_REMEDIES[remarks.success is None], remarks.remedies)
        self._say(texts.FEEDBACK_LEARNING, [Statement(text) for text, _ in remarks.learning])
        self._detail(remarks)

    def _say(self, title: str, statements: Iterable[Statement]) -> None:
        """Add sentences, each with its source below it."""
        listed = list(statements)
        if listed and title:
            self._said.addWidget(heading(title))
        for one in listed:
            self._said.addWidget(_text(one.text))
            source = backing_words(one.backing)
            if source:
                self._said.addWidget(_text(texts.FEEDBACK_SOURCE.format(source=source), smaller=True))

    def _detail(self, remarks: Remarks) -> None:
        """Fill what is hidden at first."""
        parts = (
            (texts.FEEDBACK_CAUTIONS, remarks.cautions),
            (texts.FEEDBACK_MEASURED, [_named(*detail) for detail in remarks.details]),
            (texts.FEEDBACK_LEARNING, [_cited(*point) for point in remarks.learning if point[1]]),
            (
                texts.FEEDBACK_CITATIONS,
                [texts.FEEDBACK_CITATION.format(key=key, citation=text) for key, text in remarks.citations],
            ),
        )
        if remarks.zone:
            self._detailed.addWidget(_text(texts.FEEDBACK_ZONE.format(zone=remarks.zone)))
        for title, lines in parts:
            if lines:
                self._detailed.addWidget(heading(title))
                for line in lines:
                    self._detailed.addWidget(_text(line, smaller=True))

    def set_prompt(self, text: str) -> None:
        """Say what was asked; nothing where the question is shown anyway."""
        self._prompt.setText(text)
        self._prompt.setVisible(bool(text))

    def set_notes(self, notes: Sequence[str]) -> None:
        """Say what else is to be known of the answer."""
        self._notes.setText(" ".join(notes))
        self._notes.setVisible(bool(notes))

    def set_legend(self, rows: Sequence[tuple[Role, str]], not_drawn: Sequence[str]) -> None:
        """Say what is what on the image, and what is not drawn and why."""
        _empty(self._legend)
        for number, (role, meaning) in enumerate(rows):
            picture = QLabel()
            picture.setPixmap(swatch(role))
            picture.setAccessibleName(texts.ROLE_WORDS[role])
            picture.setToolTip(texts.ROLE_WORDS[role])
            self._legend.addWidget(picture, number, 0, Qt.AlignmentFlag.AlignTop)
            self._legend.addWidget(_text(meaning, smaller=True), number, 1)
        if not_drawn:
            text = texts.FEEDBACK_DETAIL.format(name=texts.FEEDBACK_NOT_DRAWN, value=" ".join(not_drawn))
            self._legend.addWidget(_text(text, smaller=True), len(rows), 0, 1, 2)

    def set_moments(self, count: int) -> None:
        """Offer to go through so many moments; none if there is nothing to go through."""
        self._replay.setVisible(count > 1)
        before = self._slider.blockSignals(True)
        self._slider.setRange(0, max(count - 1, 0))
        self._slider.blockSignals(before)

    def set_moment(self, number: int, moment: Moment) -> None:
        """Show which moment is shown, counted from 0."""
        before = self._slider.blockSignals(True)
        self._slider.setValue(number)
        self._slider.blockSignals(before)
        count = self._slider.maximum() + 1
        self._moment.setText(
            texts.REPLAY_AT.format(number=number + 1, count=count, seconds=moment.seconds, text=moment.text)
        )
        self._back.setEnabled(number > 0)
        self._on.setEnabled(number < count - 1)

    def set_playing(self, playing: bool) -> None:
        """Show whether the steps are played."""
        self._play.setText(texts.REPLAY_PAUSE if playing else texts.REPLAY_PLAY)
        if not playing:
            self._timer.stop()

    def wake_in(self, milliseconds: int) -> None:
        """Emit ``woken`` after so many milliseconds."""
        self._timer.start(milliseconds)

    # ------------------------------------------------------------------ Qt

    def _on_timeout(self) -> None:
        self.woken.emit()

    def _on_slider(self, value: int) -> None:
        self.moment_chosen.emit(value)

    def _on_back(self) -> None:
        self._slider.setValue(self._slider.value() - 1)

    def _on_on(self) -> None:
        self._slider.setValue(self._slider.value() + 1)

    def _on_play(self) -> None:
        self.play_requested.emit()

    def _on_details(self, shown: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow
        self._details_button.setArrowType(arrow)
        self._details.setVisible(shown)


def _named(name: str, value: str) -> str:
    return texts.FEEDBACK_DETAIL.format(name=name, value=value)


def _cited(text: str, source: str) -> str:
    return f"{text} ({source})"


def _text(text: str, *, smaller: bool = False) -> WrappingLabel:
    label = WrappingLabel()
    label.setText(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if smaller:
        _resize(label, SMALLER)
    return label


def _resize(label: QLabel, factor: float, *, bold: bool = False) -> None:
    """Give a label a larger or smaller font; by a style sheet, because that of the window overrules fonts."""
    pixels = round(QFontInfo(QApplication.font()).pixelSize() * factor)
    label.setStyleSheet(f"font-size: {pixels}px;{' font-weight: bold;' if bold else ''}")


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            if isinstance(widget, QLabel):
                widget.setText("")  # Qt deletes it later: what it said of a reference goes now
            widget.setParent(None)
            widget.deleteLater()
