"""The windows of teaching sets, put together for one dock."""

from __future__ import annotations

from qtpy.QtWidgets import QWidget

from fluoro_annotator import settings
from fluoro_annotator.training import TeachingSet
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.set_editor import SetEditorController
from napari_fluoro_annotator.controllers.set_list import SetListController
from napari_fluoro_annotator.draft_file import DraftFile
from napari_fluoro_annotator.set_work import SetWork
from napari_fluoro_annotator.views.set_editor import SetEditorView
from napari_fluoro_annotator.views.set_list import SetListView
from napari_fluoro_annotator.views.ticker import Ticker


class SetWindows:
    """The list of teaching sets and the editor.

    Parameters
    ----------
    work : SetWork
        Store and training.
    desk : ReadingDesk
        The images that are open.
    parent : QWidget
        The dock.

    """

    def __init__(self, work: SetWork, desk: ReadingDesk, parent: QWidget) -> None:
        self.list_view, self.editor_view = SetListView(parent), SetEditorView(parent)
        self.editor = SetEditorController(
            work, desk, self.editor_view, Ticker(parent), DraftFile(settings.drafts_folder())
        )
        self.list = SetListController(work, self.list_view, Ticker(parent), self.editor)
        self.editor.published.connect(self._on_published)

    def close(self) -> None:
        """Let go of the store; may be called more than once."""
        self.editor.published.disconnect(self._on_published, missing_ok=True)
        self.editor.close()
        self.list.close()

    def _on_published(self, teaching_set: TeachingSet) -> None:
        said = texts.SET_PUBLISHED.format(title=teaching_set.title, version=teaching_set.version)
        self.list_view.set_shown()
        self.list.refresh(said)
