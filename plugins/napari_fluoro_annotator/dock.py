"""The Annotate dock: widget, controller and layer binding put together for one viewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import WeakMethod

from napari.viewer import Viewer
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import QVBoxLayout, QWidget

from fluoro_annotator import __version__, settings
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.exchange import MarksDocument, ReadingContent, write_csv, write_json
from fluoro_annotator.marks import MarkSession, StudyRecord, chain
from fluoro_annotator.store import Store, StoreRecorder, open_session, open_store
from napari_fluoro_annotator.controllers.annotate import AnnotateController
from napari_fluoro_annotator.keys import BINDINGS
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.views.annotate import AnnotateView

CLIENT = f"napari-fluoro-annotator {__version__}"


class AnnotateDock(QWidget):
    """The dock widget that napari shows.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
        The viewer it works in.
    store : Store, optional
        Where marks are kept; the one of the settings by default.
    reader : str, optional
        Who reads; the one of the settings by default.

    """

    def __init__(
        self, napari_viewer: Viewer, *, store: Store | None = None, reader: str | None = None
    ) -> None:
        super().__init__()
        self._viewer = napari_viewer
        self._store = store
        self.view = AnnotateView()
        self.binding = LayerBinding(napari_viewer)
        self.controller = AnnotateController(
            self.binding,
            self.view,
            self._open_reading,
            reader=reader or settings.reader_name(),
            export=self._export,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._bind_keys()
        self.destroyed.connect(self.controller.close)

    @property
    def store(self) -> Store:
        """Where marks are kept; opened when it is first needed."""
        if self._store is None:
            self._store = open_store()
        return self._store

    def close_down(self) -> None:
        """Let go of the viewer; may be called more than once."""
        for binding in BINDINGS:
            self._viewer.bind_key(binding.key, None, overwrite=True)
        self.controller.close()

    def _open_reading(self, study: StudyRecord, reader: str) -> tuple[MarkSession, StoreRecorder]:
        """Open a reading; while the store is out of reach, begin without it and catch up later."""
        try:
            return open_session(self.store, study, reader=reader, client=CLIENT)
        except StoreUnavailableError:
            source = open_store if self._store is None else self._store
            session, recorder = open_session(source, study, reader=reader, client=CLIENT, offline=True)
            recorder.retry()
            return session, recorder

    def _export(self, session: MarkSession, path: Path) -> int:
        document = _document(session)
        write = write_csv if path.suffix.lower() == ".csv" else write_json
        write(document, path)
        return len(session.marks)

    def _bind_keys(self) -> None:
        """Bind every key twice: for the image, and for the dock when it has the focus."""
        for binding in BINDINGS:
            action = getattr(self.controller, binding.action)
            self._viewer.bind_key(binding.key, _on_viewer(action), overwrite=True)
            shortcut = QShortcut(QKeySequence(_qt_key(binding.key)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)


def _document(session: MarkSession) -> MarksDocument:
    """Return the reading as it is on the screen, also while the store is out of reach."""
    revisions = chain(session.reading.reading_id, session.drafts)
    return MarksDocument(
        studies=(session.study,), readings=(ReadingContent(reading=session.reading, revisions=revisions),)
    )


def _on_viewer(action: Any) -> Any:
    """Return a napari key callback that does not keep the dock alive."""
    reference = WeakMethod(action)

    def run(_viewer: object) -> None:
        method = reference()
        if method is not None:
            method()

    return run


def _qt_key(key: str) -> str:
    return key.replace("Control", "Ctrl").replace("-", "+").replace("Delete", "Del").replace("Escape", "Esc")
