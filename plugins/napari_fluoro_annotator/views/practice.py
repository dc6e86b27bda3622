"""The widget of the practice dock: the page of the sets, that of the exercise, and those of other panels."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.views.practice_exercise import PracticeExerciseView
from napari_fluoro_annotator.views.practice_sets import PracticeSetsView


class PracticeView(QWidget):
    """Pages of the practice dock.

    Parameters
    ----------
    feedback : QWidget, optional
        What says how an answer was; it has its place below the answer.

    """

    def __init__(self, feedback: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sets, self.exercise = PracticeSetsView(), PracticeExerciseView(feedback)
        self._stack = QStackedWidget()
        self._stack.addWidget(_scrolled(self.sets))
        self._stack.addWidget(self.exercise)
        self._pages = QTabWidget()
        self._pages.setObjectName("practice_pages")
        self._pages.addTab(self._stack, texts.PRACTICE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def add_page(self, title: str, widget: QWidget) -> None:
        """Add a page of another panel; it can be scrolled where the screen is low."""
        self._pages.addTab(_scrolled(widget), title)

    def show_sets(self) -> None:
        """Show the page on which a set is chosen."""
        self._stack.setCurrentIndex(0)

    def show_exercise(self) -> None:
        """Show the page of the exercise."""
        self._pages.setCurrentIndex(0)
        self._stack.setCurrentIndex(1)

    @property
    def exercise_shown(self) -> bool:
        """Whether the page of the exercise is shown."""
        return self._stack.currentIndex() == 1 and self._pages.currentIndex() == 0


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(widget)
    return area
