"""The pages beside the exercise: what was answered in this sitting, and progress."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtWidgets import QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_feedback import FeedbackController
from napari_fluoro_annotator.controllers.practice_progress import ProgressController
from napari_fluoro_annotator.controllers.practice_review import BringBack, ReviewController
from napari_fluoro_annotator.practice_book import PracticeBook
from napari_fluoro_annotator.views.practice_progress import ProgressView
from napari_fluoro_annotator.views.practice_review import ReviewView
from napari_fluoro_annotator.views.ticker import Ticker


class PracticePanels:
    """List of the sitting and page of progress, put together for one dock.

    Parameters
    ----------
    add_page : callable
        Adds a page to the dock: its title and its widget.
    feedback : FeedbackController
        Shows answers beside their references.
    bring_back : callable
        Shows the image of an answer again, and returns the answer with its reference.
    book : PracticeBook
        The answers of the trainee.

    """

    def __init__(
        self,
        add_page: Callable[[str, QWidget], None],
        feedback: FeedbackController,
        *,
        bring_back: BringBack,
        book: PracticeBook,
    ) -> None:
        self.review_view, self.progress_view = ReviewView(), ProgressView()
        add_page(texts.REVIEW, self.review_view)
        add_page(texts.PROGRESS, self.progress_view)
        self.review = ReviewController(self.review_view, feedback, bring_back)
        self.progress = ProgressController(
            self.progress_view,
            Ticker(self.progress_view),
            know=book.known,
            report=book.report,
            view_titles=book.view_titles,
        )

    def close(self) -> None:
        """Let go of the pages; may be called more than once."""
        self.review.close()
        self.progress.close()
