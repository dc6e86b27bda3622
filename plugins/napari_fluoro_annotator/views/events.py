"""Events of a frame, and the story of the study: the lower half of the Needle page."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QGridLayout,
    QGroupBox,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.events import StoryRow
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.parts import check_box, push_button, sentence_list

LEAST_LINES = 5


class EventsView(QWidget):
    """A button for each event, and what happened when: ``set_*`` in, signals out.

    Attributes
    ----------
    event_chosen, row_chosen : psygnal.Signal
        Emitted with the kind of event, or the identifier of a mark.
    with_nerve_chosen : psygnal.Signal
        Emitted with whether events are for the chosen nerve.
    changing : QWidget
        What only changes the reading.

    """

    event_chosen = Signal(str)
    row_chosen = Signal(str)
    with_nerve_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StoryRow] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.changing = self._build_events()
        layout.addWidget(self.changing)
        layout.addWidget(self._build_story(), 1)

    def _build_events(self) -> QGroupBox:
        box = QGroupBox(texts.EVENTS)
        layout = QVBoxLayout(box)
        layout.setSpacing(4)
        grid = QGridLayout()
        grid.setSpacing(3)
        for order, (event, name) in enumerate(texts.EVENT_NAMES.items()):
            grid.addWidget(self._build_event(event, name), order // 2, order % 2)
        layout.addLayout(grid)
        self._with_nerve = check_box("event_with_nerve", texts.EVENT_WITH_NERVE, texts.EVENT_WITH_NERVE_TIP)
        self._with_nerve.toggled.connect(self._on_with_nerve)
        layout.addWidget(self._with_nerve)
        return box

    def _build_event(self, event: str, name: str) -> QPushButton:
        key = SHOWN.get(event)
        letter = styles.EVENT_LETTERS[event]
        tip = texts.EVENT_TIP.format(name=event.replace("_", " "), letter=letter)
        button = push_button(f"event_{event}", name, f"{tip} ({key})" if key else tip)
        button.setProperty("event", event)
        button.clicked.connect(self._on_event)
        return button

    def _build_story(self) -> QGroupBox:
        box = QGroupBox(texts.STORY)
        self._story = sentence_list("story", texts.STORY, texts.STORY_TIP)
        self._story.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._story.setMinimumHeight(LEAST_LINES * self.fontMetrics().lineSpacing())
        self._story.itemClicked.connect(self._on_row)
        self._story.itemActivated.connect(self._on_row)
        layout = QVBoxLayout(box)
        layout.addWidget(self._story)
        return box

    # ------------------------------------------------------------------ set

    def set_story(self, rows: Sequence[StoryRow]) -> None:
        """List what happens, in order; what is on the frame shown is bold."""
        if list(rows) == self._rows:
            return
        self._rows = list(rows)
        self._story.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(Qt.ItemDataRole.UserRole, row.mark_id)
            font = item.font()
            font.setBold(row.here)
            item.setFont(font)
            self._story.addItem(item)

    # ------------------------------------------------------------------ what the reader does

    def _on_event(self) -> None:
        self.event_chosen.emit(self.sender().property("event"))

    def _on_row(self, item: QListWidgetItem) -> None:
        self.row_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _on_with_nerve(self, checked: bool) -> None:
        self.with_nerve_chosen.emit(checked)
