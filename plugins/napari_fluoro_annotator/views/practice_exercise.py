"""The page of an exercise: what is asked, the answer, how sure one is, committing, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fluoro_annotator.marks import MarkConfidence
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_draft import Draft
from napari_fluoro_annotator.controllers.practice_protocols import Asking
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.practice_keys import PRACTICE_SHOWN
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.parts import heading, narrow_button, push_button, text_label
from napari_fluoro_annotator.views.practice_answers import AnswerForms, ChoiceRow
from napari_fluoro_annotator.views.practice_keys_list import PracticeKeysList

HINT_LINES = 2
LARGER = 1.25
"""By how much the question is larger than other texts."""


class PracticeExerciseView(QWidget):
    """An exercise: ``set_*`` in, signals out.

    Attributes
    ----------
    answered : psygnal.Signal
        Emitted with a field of the draft and its value.
    ways_chosen : psygnal.Signal
        Emitted with the answer to the second question about a view, which may have two.
    place_requested, delete_requested, undo_requested, redo_requested, commit_requested, give_up_requested, next_requested, leave_requested, frame_requested : psygnal.Signal
        Emitted without a value.

    """

    answered = Signal(str, str)
    ways_chosen = Signal(str)
    place_requested = Signal()
    delete_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    commit_requested = Signal()
    give_up_requested = Signal()
    next_requested = Signal()
    leave_requested = Signal()
    frame_requested = Signal()

    def __init__(self, feedback: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(5)
        layout.addLayout(self._build_head())
        layout.addWidget(self._build_scrolled(feedback), 1)
        layout.addWidget(self._build_hint())
        layout.addLayout(self._build_foot())

    # ------------------------------------------------------------------ parts

    def _build_head(self) -> QHBoxLayout:
        self._position = text_label("practice_position")
        leave = push_button("practice_leave", texts.PRACTICE_LEAVE, texts.PRACTICE_LEAVE_TIP)
        leave.clicked.connect(self._on_leave)
        self.keys = PracticeKeysList(self)
        self.keys.open_requested.connect(self._on_keys)
        row = QHBoxLayout()
        row.addWidget(self._position, 1)
        row.addWidget(self.keys.button)
        row.addWidget(leave)
        return row

    def _build_scrolled(self, feedback: QWidget | None) -> QScrollArea:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(6)
        for label in self._build_question():
            layout.addWidget(label)
        layout.addWidget(self._build_answer())
        if feedback is not None:
            layout.addWidget(feedback, 1)
        layout.addStretch(0 if feedback is not None else 1)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        return area

    def _build_question(self) -> list[QWidget]:
        self._resumed = text_label("practice_resumed")
        self._resumed.setStyleSheet(WARNING_STYLE)
        self._prompt = text_label("practice_prompt")
        font = heading("").font()
        font.setPointSizeF(font.pointSizeF() * LARGER)
        self._prompt.setFont(font)
        self._why = text_label("practice_why")
        self._difficulty = text_label("practice_difficulty")
        self._frame = text_label("practice_frame")
        self._show_frame = push_button("practice_show_frame", "", texts.PRACTICE_SHOW_FRAME_TIP.format(key=PRACTICE_SHOWN["show_asked_frame"]))  # fmt: skip
        self._show_frame.clicked.connect(self._on_show_frame)
        return [self._resumed, self._prompt, self._frame, self._show_frame, self._why, self._difficulty]

    def _build_answer(self) -> QWidget:
        self._answer = QWidget()
        layout = QVBoxLayout(self._answer)
        layout.setContentsMargins(0, 0, 0, 0)
        self.forms = AnswerForms()
        self.forms.answered.connect(self._on_answered)
        self.forms.ways_chosen.connect(self._on_way)
        self.forms.place_requested.connect(self._on_place)
        self.forms.delete_requested.connect(self._on_delete)
        layout.addWidget(self.forms)
        layout.addLayout(self._build_undo())
        layout.addWidget(heading(texts.PRACTICE_CONFIDENCE))
        layout.addWidget(self._build_confidence())
        return self._answer

    def _build_undo(self) -> QHBoxLayout:
        self._undo = narrow_button(
            "practice_undo", texts.PRACTICE_UNDO, texts.PRACTICE_UNDO_TIP, PRACTICE_SHOWN["undo"]
        )
        self._undo.clicked.connect(self._on_undo)
        self._redo = narrow_button(
            "practice_redo", texts.PRACTICE_REDO, texts.PRACTICE_REDO_TIP, PRACTICE_SHOWN["redo"]
        )
        self._redo.clicked.connect(self._on_redo)
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self._undo)
        row.addWidget(self._redo)
        return row

    def _build_confidence(self) -> ChoiceRow:
        choices = [
            (one.value, f"{texts.PRACTICE_CONFIDENCES[one]} ({PRACTICE_SHOWN[one.value]})")
            for one in MarkConfidence
        ]
        self._confidence = ChoiceRow("practice_confidence", texts.PRACTICE_CONFIDENCE, choices)
        tip = texts.PRACTICE_CONFIDENCE_TIP
        self._confidence.set_tips(
            {one.value: tip.format(key=PRACTICE_SHOWN[one.value]) for one in MarkConfidence}
        )
        self._confidence.pressed.connect(self._on_confidence)
        return self._confidence

    def _build_hint(self) -> QWidget:
        self._hint = text_label("practice_hint")
        self._hint.setMinimumHeight(HINT_LINES * self.fontMetrics().lineSpacing() + 4)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        return self._hint

    def _build_foot(self) -> QHBoxLayout:
        self._commit = push_button(
            "practice_commit",
            texts.PRACTICE_COMMIT,
            texts.PRACTICE_COMMIT_TIP,
            PRACTICE_SHOWN["commit_twice"],
        )
        self._commit.clicked.connect(self._on_commit)
        self._give_up = push_button(
            "practice_give_up",
            texts.PRACTICE_GIVE_UP,
            texts.PRACTICE_GIVE_UP_TIP,
            PRACTICE_SHOWN["give_up_twice"],
        )
        self._give_up.clicked.connect(self._on_give_up)
        self._next = push_button(
            "practice_next", texts.PRACTICE_NEXT, texts.PRACTICE_NEXT_TIP, PRACTICE_SHOWN["go_on"]
        )
        self._next.clicked.connect(self._on_next)
        row = QHBoxLayout()
        row.setSpacing(3)
        for button in (self._commit, self._give_up, self._next):
            row.addWidget(button, 1)
        return row

    # ------------------------------------------------------------------ set

    def set_names(self, part: str, choices: Sequence[Choice]) -> None:
        """Offer names of a part: nerve, vertebra or joint; none is chosen."""
        self.forms.name.set_choices(part, choices)

    def set_faults(self, choices: Sequence[Choice]) -> None:
        """Offer what can be wrong with a needle; none is chosen."""
        self.forms.needle.set_choices(choices)

    def set_asking(self, asking: Asking | None) -> None:
        """Show an exercise; None for none."""
        self._answer.setVisible(asking is not None)
        for label, text in (
            (self._resumed, asking.resumed if asking else ""),
            (self._prompt, asking.prompt if asking else ""),
            (self._frame, asking.frame if asking else ""),
            (self._why, asking.why if asking else ""),
            (self._difficulty, asking.difficulty if asking else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        if asking is not None:
            self.forms.set_asking(asking)
        self._area.verticalScrollBar().setValue(0)

    def set_draft(self, draft: Draft, *, undo: bool, redo: bool) -> None:
        """Show what is answered, and whether something can be taken back or repeated."""
        self.forms.set_draft(draft)
        self._confidence.set_chosen(draft.confidence)
        self._undo.setEnabled(undo)
        self._redo.setEnabled(redo)

    def set_position(self, text: str) -> None:
        """Say which set is practised, and how far."""
        self._position.setText(text)

    def set_live(self, live: bool) -> None:
        """Let the answer be changed, or not any more: then its controls make room for the feedback."""
        self._answer.setEnabled(live)
        self._answer.setVisible(live)
        self._commit.setVisible(live)
        self._give_up.setVisible(live)
        self._next.setVisible(not live)

    def set_frame_button(self, text: str) -> None:
        """Offer to go back to the frame that is asked about; nothing if it is shown."""
        self._show_frame.setText(text)
        self._show_frame.setVisible(bool(text))

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or why something was refused."""
        style = WARNING_STYLE if warning else ""
        if self._hint.styleSheet() != style:
            self._hint.setStyleSheet(style)
        self._hint.setText(text)

    def set_next(self, text: str) -> None:
        """Let the trainee go on, by a button of this text; nothing if there is no going on."""
        self._next.setText(f"{text or texts.PRACTICE_NEXT} ({PRACTICE_SHOWN['go_on']})")
        self._next.setEnabled(bool(text))

    def ask(self) -> None:
        """Put the focus on the first part of the answer."""
        self.forms.ask()

    # ------------------------------------------------------------------ what the trainee does

    def _on_answered(self, field: str, value: str) -> None:
        self.answered.emit(field, value)

    def _on_confidence(self, value: str) -> None:
        self.answered.emit("confidence", value)

    def _on_way(self, way: str) -> None:
        self.ways_chosen.emit(way)

    def _on_place(self) -> None:
        self.place_requested.emit()

    def _on_delete(self) -> None:
        self.delete_requested.emit()

    def _on_undo(self) -> None:
        self.undo_requested.emit()

    def _on_redo(self) -> None:
        self.redo_requested.emit()

    def _on_commit(self) -> None:
        self.commit_requested.emit()

    def _on_give_up(self) -> None:
        self.give_up_requested.emit()

    def _on_next(self) -> None:
        self.next_requested.emit()

    def _on_leave(self) -> None:
        self.leave_requested.emit()

    def _on_keys(self) -> None:
        self.keys.set_shown()

    def _on_show_frame(self) -> None:
        self.frame_requested.emit()
