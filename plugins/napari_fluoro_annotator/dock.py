"""The Annotate dock: widget, controller and layer binding put together for one viewer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from napari.viewer import Viewer
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import QVBoxLayout, QWidget

from fluoro_annotator import __version__, settings
from fluoro_annotator.errors import SettingsError, StoreError, StoreUnavailableError
from fluoro_annotator.exchange import MarksDocument, ReadingContent, write_csv, write_json
from fluoro_annotator.marks import MarkSession, Role, StudyRecord, chain
from fluoro_annotator.store import Store, StoreRecorder, open_session, open_store, recover
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.annotate import AnnotateController
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
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
    rescue_folder : pathlib.Path, optional
        Where changes wait that the store cannot take; the one of the settings by default.

    """

    def __init__(
        self,
        napari_viewer: Viewer,
        *,
        store: Store | None = None,
        reader: str | None = None,
        rescue_folder: Path | None = None,
    ) -> None:
        super().__init__()
        for other in open_docks(napari_viewer):
            other.retire()
        self._shelf = Shelf(store, rescue_folder)
        self.view = AnnotateView()
        self.binding = LayerBinding(napari_viewer)
        self.desk = ReadingDesk(
            self.binding, self._shelf.open_reading, reader=reader or settings.reader_name()
        )
        self.pointer = Pointer(self.desk)
        self.controller = AnnotateController(self.desk, self.pointer, self.view, export=export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._bind_keys()
        self._ending = Ending(
            self.controller.close, self.pointer.close, self.desk.close, self.binding.disconnect
        )
        self.destroyed.connect(self._ending.close)
        self.destroyed.connect(self._shelf.close)

    @property
    def store(self) -> Store:
        """Where marks are kept."""
        return self._shelf.store

    def show_in_window(self) -> None:
        """Show the dock again if it was hidden, and bring it to the front."""
        frame = self.parentWidget()
        if frame is not None:
            frame.show()
            frame.raise_()

    def retire(self) -> None:
        """Leave the marking to another Annotate dock of the same window: two would both place a mark."""
        self._ending.close()
        self.view.set_hint(texts.RETIRED, warning=True)
        self.setEnabled(False)

    def _bind_keys(self) -> None:
        """Bind every key twice: for the image, and for the dock when it has the focus."""
        for binding in BINDINGS:
            action = getattr(self.controller, binding.action)
            self.binding.bind_key(binding.key, action)
            shortcut = QShortcut(QKeySequence(_qt_key(binding.key)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)


class Ending:
    """What lets go of a window, in order; once.

    Qt's last signal comes when the dock is half gone: it reaches this object, which keeps the others alive.

    Parameters
    ----------
    *closings : callable
        Each may be called when the window is gone already.

    """

    def __init__(self, *closings: Callable[[], object]) -> None:
        self._closings = list(closings)

    def close(self) -> None:
        """Let go; may be called more than once."""
        while self._closings:
            self._closings.pop(0)()


class Shelf:
    """The store of a dock, opened when it is first needed.

    Parameters
    ----------
    store : Store or None
        The store; without one, that of the settings is opened, and closed at the end.
    rescue_folder : pathlib.Path, optional
        Where changes wait that the store cannot take; the one of the settings by default.

    """

    def __init__(self, store: Store | None, rescue_folder: Path | None = None) -> None:
        self._store = store
        self._own = store is None
        self._rescue_folder = rescue_folder

    @property
    def store(self) -> Store:
        """The store.

        Raises
        ------
        StoreError
            If it cannot be opened.

        """
        if self._store is None:
            self._store = open_store()
        return self._store

    def open_reading(self, study: StudyRecord, reader: str) -> tuple[MarkSession, StoreRecorder]:
        """Open a reading; while the store is out of reach, begin without it and catch up later.

        Raises
        ------
        StoreError
            If the store belongs to another version of the program.

        """
        try:
            return self._session(self.store, study, reader)
        except StoreUnavailableError:
            source = self._opened_at_last if self._store is None else self._store
            session, recorder = self._session(source, study, reader, offline=True)
            recorder.retry()
            return session, recorder

    def _session(
        self, source: Store | Callable[[], Store], study: StudyRecord, reader: str, *, offline: bool = False
    ) -> tuple[MarkSession, StoreRecorder]:
        return open_session(
            source,
            study,
            reader=reader,
            role=_role(),
            client=CLIENT,
            offline=offline,
            rescue_folder=self._rescue_folder,
        )

    def _opened_at_last(self) -> Store:
        """Return the store, opened, with what earlier sittings could not store."""
        store = open_store()
        try:
            recover(store, self._rescue_folder)
        except StoreError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the store if it was opened here; may be called more than once."""
        if self._own and self._store is not None:
            self._store.close()
            self._store = None


def export(session: MarkSession, path: Path) -> int:
    """Write a reading to a JSON or CSV file and return the number of marks in it.

    Raises
    ------
    ExchangeError
        If the file cannot be written.

    """
    document = _document(session)
    write = write_csv if path.suffix.lower() == ".csv" else write_json
    write(document, path)
    return len(session.marks)


def open_docks(viewer: Viewer) -> list[AnnotateDock]:
    """Return the Annotate docks of a window that are in use."""
    docks = viewer.window.dock_widgets.values()
    return [dock for dock in docks if isinstance(dock, AnnotateDock) and dock.isEnabled()]


def _role() -> Role:
    """Return the role of the settings; raises SettingsError if there is no such role."""
    name = settings.reader_role()
    try:
        return Role(name)
    except ValueError:
        raise SettingsError(
            f"{settings.ROLE_VARIABLE}={name}",
            "is not a role",
            f"Use one of {', '.join(Role)}, or leave it out.",
        ) from None


def _document(session: MarkSession) -> MarksDocument:
    """Return the reading as it is on the screen, also while the store is out of reach."""
    revisions = chain(session.reading.reading_id, session.drafts)
    return MarksDocument(
        studies=(session.study,), readings=(ReadingContent(reading=session.reading, revisions=revisions),)
    )


def _qt_key(key: str) -> str:
    return key.replace("Control", "Ctrl").replace("-", "+").replace("Delete", "Del").replace("Escape", "Esc")
