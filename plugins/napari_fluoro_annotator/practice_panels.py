"""The pages beside the exercise: what was answered in this sitting, and progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qtpy.QtWidgets import QWidget

from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.training import PassRule, ScoredAnswer
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_feedback import FeedbackController
from napari_fluoro_annotator.controllers.practice_progress import History, ProgressController
from napari_fluoro_annotator.controllers.practice_review import ReviewController, ShowImage
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
    show_image : callable
        Shows the image of an answer again.
    history : callable
        Returns the scored answers that progress is about.
    rule : callable
        Returns the pass rule for them.
    write_report : callable
        Writes a report of answers to a file, on any thread.

    """

    def __init__(
        self,
        add_page: Callable[[str, QWidget], None],
        feedback: FeedbackController,
        *,
        show_image: ShowImage,
        history: History,
        rule: Callable[[], PassRule | None],
        write_report: Callable[[Path, Sequence[ScoredAnswer]], None],
    ) -> None:
        self.review_view, self.progress_view = ReviewView(), ProgressView()
        add_page(texts.REVIEW, self.review_view)
        add_page(texts.PROGRESS, self.progress_view)
        self.review = ReviewController(self.review_view, feedback, show_image)
        self.progress = ProgressController(
            self.progress_view,
            Ticker(self.progress_view),
            history=history,
            rule=rule,
            write_report=write_report,
            view_titles=view_titles(load_protocols()),
        )

    def close(self) -> None:
        """Let go of the pages; may be called more than once."""
        self.review.close()
        self.progress.close()


def view_titles(protocols: ProtocolLibrary) -> dict[str, str]:
    """Return what the views of all protocols are called."""
    return {view.id: view.title for protocol in protocols.protocols for view in protocol.views}
