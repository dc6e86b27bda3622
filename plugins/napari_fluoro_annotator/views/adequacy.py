"""Three questions about a view: is it true, does it have to be turned, does it have to be tilted."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from fluoro_annotator.marks import Adequacy, Correction
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.adequacy import OBLIQUE, TILT
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.fields import NamedCombo
from napari_fluoro_annotator.views.parts import give_focus, narrow_button


class AdequacyView(QWidget):
    """The questions: ``set_*`` in, signals out.

    Attributes
    ----------
    view_chosen, answered, oblique_chosen, tilt_chosen : psygnal.Signal
        Emitted with the key of the answer, an empty text for none.

    """

    view_chosen = Signal(str)
    answered = Signal(str)
    oblique_chosen = Signal(str)
    tilt_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = NamedCombo("judged_view", texts.JUDGED_VIEW)
        self._view.currentIndexChanged.connect(self._on_view)
        self._oblique = self._correction("oblique", texts.OBLIQUE_NEEDED, OBLIQUE)
        self._oblique.currentIndexChanged.connect(self._on_oblique)
        self._tilt = self._correction("tilt", texts.TILT_NEEDED, TILT)
        self._tilt.currentIndexChanged.connect(self._on_tilt)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(3)
        grid.addWidget(QLabel(texts.JUDGED_VIEW), 0, 0)
        grid.addWidget(self._view, 0, 1)
        grid.addLayout(self._build_answers(), 0, 2, 1, 2)
        for column, (text, box) in enumerate(
            ((texts.OBLIQUE_NEEDED, self._oblique), (texts.TILT_NEEDED, self._tilt))
        ):
            grid.addWidget(QLabel(text), 1, 2 * column)
            grid.addWidget(box, 1, 2 * column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def _correction(self, name: str, title: str, pair: Sequence[Correction]) -> NamedCombo:
        box = NamedCombo(name, title)
        box.offer([Choice(one.value, texts.CORRECTIONS[one]) for one in pair], texts.NO_CORRECTION)
        return box

    def _build_answers(self) -> QHBoxLayout:
        self._answers: dict[str, QPushButton] = {}
        tip = texts.JUDGE_TIP.format(key=SHOWN["judge_view"])
        row = QHBoxLayout()
        row.setSpacing(3)
        for answer in Adequacy:
            button = narrow_button(f"adequate_{answer.value}", texts.ADEQUATE[answer], tip)
            button.setAccessibleName(f"{texts.JUDGING} {texts.ADEQUATE[answer]}")
            button.setCheckable(True)
            button.setProperty("answer", answer.value)
            button.clicked.connect(self._on_answer)
            self._answers[answer.value] = button
            row.addWidget(button)
        return row

    # ------------------------------------------------------------------ set

    def set_views(self, choices: Sequence[Choice]) -> None:
        """Offer what a frame can be meant as."""
        self._view.offer(choices, texts.JUDGED_VIEW_PROMPT)

    def set_view(self, key: str) -> None:
        """Show what the frame is meant as."""
        self._view.choose(key)

    def set_answer(self, answer: str, corrections: Sequence[str]) -> None:
        """Show the answer and the corrections, an empty text for none."""
        for key, button in self._answers.items():
            button.setChecked(key == answer)
        for box, pair in ((self._oblique, OBLIQUE), (self._tilt, TILT)):
            box.choose(next((str(one) for one in corrections if one in pair), ""))

    def set_correcting_enabled(self, enabled: bool) -> None:
        """Allow or forbid corrections."""
        self._oblique.setEnabled(enabled)
        self._tilt.setEnabled(enabled)

    def ask(self) -> None:
        """Let the reader answer: the first question that is open has the focus."""
        give_focus(self._answers[Adequacy.YES.value] if self._view.currentData() else self._view, self)

    # ------------------------------------------------------------------ what the reader does

    def _on_view(self) -> None:
        self.view_chosen.emit(self._view.currentData() or "")

    def _on_answer(self) -> None:
        self.answered.emit(self.sender().property("answer"))

    def _on_oblique(self) -> None:
        self.oblique_chosen.emit(self._oblique.currentData() or "")

    def _on_tilt(self) -> None:
        self.tilt_chosen.emit(self._tilt.currentData() or "")
