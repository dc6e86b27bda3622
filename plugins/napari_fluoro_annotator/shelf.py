"""Where the readings of a window come from and go to: the store, and files for export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

from fluoro_annotator import __version__, settings
from fluoro_annotator.errors import SettingsError, StoreError, StoreUnavailableError
from fluoro_annotator.exchange import MarksDocument, ReadingContent, write_csv, write_json
from fluoro_annotator.marks import Draft, MarkSession, Purpose, Role, StudyRecord, chain
from fluoro_annotator.store import (
    Store,
    StoreLocation,
    StoreRecorder,
    open_session,
    open_store,
    recover,
    rescued,
)
from napari_fluoro_annotator.controllers.purposes import PURPOSES
from napari_fluoro_annotator.scan_job import Cancelled, Report

CLIENT = f"napari-fluoro-annotator {__version__}"


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

    @property
    def login(self) -> str:
        """The login under which a server keeps readings; empty where any name may be taken.

        It is known without asking the server, which may be away.
        """
        try:
            if self._store is not None and not self._own:
                identity = self._store.identity()
                return "" if identity is None else identity.reader
            return StoreLocation.of(None).login
        except StoreError:
            return ""  # why it cannot be used is said when a reading is opened

    def open_reading(
        self, study: StudyRecord, reader: str, purpose: Purpose = Purpose.PROCEDURE
    ) -> tuple[MarkSession, StoreRecorder]:
        """Open a reading; while the store is out of reach, begin without it and catch up later.

        Raises
        ------
        StoreError
            If the store belongs to another version of the program, or does not take a reading for this
            purpose from this reader.

        """
        begun = monotonic()
        try:
            return self._session(self.store, study, reader, purpose)
        except StoreUnavailableError as error:
            waited = monotonic() - begun
            source = self._opened_at_last if self._store is None else self._store
            session, recorder = self._session(source, study, reader, purpose, offline=True)
            recorder.store_is_away(error, waited)
            if not recorder.slow:
                recorder.retry()
            return session, recorder

    def _session(
        self,
        source: Store | Callable[[], Store],
        study: StudyRecord,
        reader: str,
        purpose: Purpose,
        *,
        offline: bool = False,
    ) -> tuple[MarkSession, StoreRecorder]:
        return open_session(
            source,
            study,
            reader=reader,
            role=Role.NOT_STATED if self.login else _role(),  # a server knows it
            purpose=purpose,
            client=CLIENT,
            offline=offline,
            rescue_folder=self._rescue_folder,
        )

    def waiting(self, reading_id: str) -> tuple[Draft, ...]:
        """Return the changes of a reading that wait in rescue files, of this window or any other."""
        return rescued(reading_id, self._rescue_folder)

    def recover(self) -> None:
        """Store what closed windows left in rescue files, as far as the store takes it; raises StoreError."""
        recover(self.store, self._rescue_folder)

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


def collect(session: MarkSession, path: Path) -> Callable[[Report, Cancelled], int]:
    """Take a reading as it is on the screen, also while the store is out of reach.

    Parameters
    ----------
    session : MarkSession
        The reading.
    path : pathlib.Path
        Where it is to be written: as CSV if the name ends so, otherwise as JSON.

    Returns
    -------
    callable
        Writes the file, reports how many changes are collected and returns the number of marks. It may run
        on any thread, and raises ExchangeError if the file cannot be written.

    """
    study, reading, drafts, count = session.study, session.reading, session.drafts, len(session.marks)

    def work(report: Report, _cancelled: Cancelled) -> int:
        revisions = chain(reading.reading_id, _counted(drafts, report))
        content = ReadingContent(reading=reading, revisions=revisions)
        report(len(drafts), len(drafts))
        write = write_csv if path.suffix.lower() == ".csv" else write_json
        write(MarksDocument(studies=(study,), readings=(content,)), path)
        return count

    return work


def _counted(drafts: Sequence[Draft], report: Report) -> Iterator[Draft]:
    for number, draft in enumerate(drafts):
        report(number, len(drafts))
        yield draft


def _role() -> Role:
    """Return the role of the settings; raises SettingsError if there is no such role."""
    name = settings.reader_role()
    try:
        return Role(name)
    except ValueError:
        raise SettingsError(
            f"{settings.origin_of('role')}={name}",
            "is not a role",
            f"Use one of {', '.join(Role)}, or leave it out.",
        ) from None


def purpose_of_settings() -> Purpose:
    """Return what a window reads for unless somebody chooses otherwise; raises SettingsError if it cannot."""
    name = settings.reading_purpose()
    found = next((purpose for purpose in PURPOSES if purpose.value == name), None)
    if found is None:
        raise SettingsError(
            f"{settings.origin_of('purpose')}={name}",
            "is not what the window reads for",
            f"Use one of {', '.join(PURPOSES)}, or leave it out.",
        )
    return found
