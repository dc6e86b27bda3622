"""The practice dock: engine, image, pages and feedback put together for one window of its own."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import cast

from napari.qt import QtViewer
from napari.viewer import Viewer
from qtpy.QtWidgets import QVBoxLayout, QWidget

from fluoro_annotator import settings
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.store import Store
from fluoro_annotator.training import Feedback, read_answer
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_exercise import ExerciseController
from napari_fluoro_annotator.controllers.practice_feedback import FeedbackController
from napari_fluoro_annotator.controllers.practice_protocols import SetSource
from napari_fluoro_annotator.controllers.practice_sets import SetsController
from napari_fluoro_annotator.opening import main_window
from napari_fluoro_annotator.practice_binding import PracticeBinding
from napari_fluoro_annotator.practice_book import PracticeBook
from napari_fluoro_annotator.practice_images import PracticeImages
from napari_fluoro_annotator.practice_keyboard import PracticeKeyboard
from napari_fluoro_annotator.practice_panels import PracticePanels
from napari_fluoro_annotator.practice_shelf import PracticeShelf
from napari_fluoro_annotator.views.practice import PracticeView
from napari_fluoro_annotator.views.practice_feedback import FeedbackView
from napari_fluoro_annotator.views.ticker import Ticker


class PracticeDock(QWidget):
    """The dock widget of a window for practice.

    Nothing in it, and nothing that it holds, knows a reference before the answer is committed.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
        The viewer of a window in which nothing else is done.
    store : Store, optional
        Where sets and answers are kept; the one of the settings by default.
    reader : str, optional
        Who practises; the reader of the settings by default.
    images : PracticeImages, optional
        Finds images; in the sample studies and the folders that are remembered by default.
    source : SetSource, optional
        Where sets come from and answers go to, instead of the store.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """

    def __init__(
        self,
        napari_viewer: Viewer,
        *,
        store: Store | None = None,
        reader: str | None = None,
        images: PracticeImages | None = None,
        source: SetSource | None = None,
    ) -> None:
        settings.check_file()
        super().__init__()
        self._viewer = napari_viewer
        self.images = PracticeImages() if images is None else images
        self._shelf = PracticeShelf(store)
        self._source = source = source or self._shelf
        self.feedback_view = FeedbackView()
        self.view = PracticeView(self.feedback_view)
        self.binding = PracticeBinding(napari_viewer)
        self.feedback = FeedbackController(self.binding, self.feedback_view)
        self.exercise = ExerciseController(
            self.binding,
            self.view.exercise,
            self,
            self.images,
            feedback=self.feedback,
            ticker=Ticker(self),
        )
        self.sets = SetsController(
            self.view.sets,
            source,
            self.images,
            Ticker(self),
            begin=self.exercise.start,
            reader=reader or settings.reader_name(),
        )
        book = PracticeBook(self._shelf.open_store, self._trainee)
        self.panels = PracticePanels(
            self.view.add_page, self.feedback, bring_back=self._show_again, book=book
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._keyboard = self._build_keyboard()
        self._ending = self._build_ending()
        # Qt holds a method only weakly: nobody else holds this dock when its window goes down
        self.destroyed.connect(partial(ExitStack.close, self._ending))

    def _build_keyboard(self) -> PracticeKeyboard:
        window = main_window(self._viewer)
        if window is None:
            raise ValueError("the viewer has no window")
        canvas = cast("QtViewer", window.centralWidget().findChild(QtViewer)).canvas.native
        panels = {
            "exercise": self.exercise,
            "hand": self.exercise.hand,
            "look": self.exercise.look,
            "sets": self.sets,
        }
        keyboard = PracticeKeyboard(panels, window, canvas)
        keyboard.set_page(exercise=False)
        return keyboard

    def _build_ending(self) -> ExitStack:
        """Return what lets go of the window; each whatever befalls the others."""
        ending = ExitStack()
        closing = (self._shelf, self.images, self.sets, self.exercise, self.panels, self.feedback)
        for part in closing:
            ending.callback(part.close)
        ending.callback(self.binding.disconnect)
        return ending

    # ------------------------------------------------------------------ answers that were given

    def _trainee(self) -> str:
        return self.sets.reader

    def _show_again(self, feedback: Feedback) -> Feedback:
        """Show the image of an answer as it was shown, in place of what is there, and return it with its reference.

        The reference is asked of the store anew, under the name of who answered: nothing has held it since.

        Raises
        ------
        TrainingError
            If an exercise is open: its image would be gone, and a reference might be its own.
        StoreError
            If the store is away.
        DicomError
            If the image cannot be read.

        """
        if self.exercise.sheet.open:
            raise TrainingError("exercise", "is open", texts.REVIEW_COMMIT_FIRST)
        recalled = self._source.engine(feedback.answer.trainee).recall(feedback.answer.answer_id)
        frame = feedback.question.frame
        stack = self.images.stack(frame.sop_instance_uid)
        index = stack.index_of(frame.sop_instance_uid, frame.frame_number) or 0
        self.binding.put(stack, index, read_answer(feedback.answer.content).variant, texts.REVIEW_IMAGE)
        self.show_exercise()
        return recalled

    # ------------------------------------------------------------------ pages

    def show_sets(self) -> None:
        """Show the page on which a set is chosen, as things stand now."""
        self.view.show_sets()
        self._keyboard.set_page(exercise=False)
        self.sets.refresh()

    def show_exercise(self) -> None:
        """Show the page of the exercise."""
        self.view.show_exercise()
        self._keyboard.set_page(exercise=True)
