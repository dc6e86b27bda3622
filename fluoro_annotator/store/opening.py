"""Opening the store, and a study in it, in one call each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fluoro_annotator.marks import MarkSession, Purpose, Reading, Role, StudyRecord
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.location import StoreLocation
from fluoro_annotator.store.postgres import PostgresStore
from fluoro_annotator.store.recorder import StoreRecorder
from fluoro_annotator.store.recovery import recover
from fluoro_annotator.store.sqlite import SqliteStore


def open_store(location: str | Path | StoreLocation | None = None) -> Store:
    """Open a store; one in a file is made if there is none.

    Parameters
    ----------
    location : str, pathlib.Path or StoreLocation, optional
        A file, or the address of a PostgreSQL server; `settings.store_location` by default. The
        password of a server is in the address, or is that of `settings.store_password`.

    Raises
    ------
    StoreUnavailableError
        If it cannot be made, read or written, or the address is of another kind.
    StoreVersionError
        If another version of the package wrote it.
    StorePermissionError
        If the login has no role in the store of the server.
    MissingExtraError
        If it is on a server and psycopg is not installed.
    SettingsError
        If the settings file cannot be used.

    """
    place = StoreLocation.of(location)
    if place.path is not None:
        return SqliteStore(place.path)
    return PostgresStore(place.url)


def open_session(
    store: Store | Callable[[], Store],
    study: StudyRecord,
    *,
    reader: str,
    role: Role = Role.NOT_STATED,
    purpose: Purpose = Purpose.PROCEDURE,
    client: str = "",
    offline: bool = False,
    rescue_folder: Path | None = None,
) -> tuple[MarkSession, StoreRecorder]:
    """Begin a reading, or go on with it where it was left.

    Changes that an earlier sitting could only put into a rescue file are recovered first.

    Parameters
    ----------
    store : Store or callable
        The store, or a function that opens it.
    study : StudyRecord
        The study.
    reader : str
        Name under which marks are kept.
    role : Role
        The reader's role, if the reading is new.
    purpose : Purpose
        What the reading is for.
    client : str
        Program and version, written into each change.
    offline : bool
        Start without asking the store, with no marks. Changes wait in a rescue file; when the
        store is reached, with the next change or with `StoreRecorder.retry`, the reading is
        begun, what it holds already is merged into the session, and the changes are delivered.
    rescue_folder : pathlib.Path, optional
        Where changes wait; `settings.rescue_folder` by default.

    Returns
    -------
    session : MarkSession
        The marks of the reading, with what can be undone.
    recorder : StoreRecorder
        Takes the changes of the session to the store. Close it when the session ends.

    Raises
    ------
    StoreError
        If the store cannot be opened, read or written, and ``offline`` is not set.

    """
    reading = Reading(study_uid=study.uid, reader=reader, role=role, purpose=purpose)
    if offline:
        recorder = StoreRecorder(store, reading, after=None, study=study, rescue_folder=rescue_folder)
        session = MarkSession(reading, study, recorder, client=client)
        recorder.begun.connect_setattr(session, "reading", maxargs=1)
    else:
        recorder, session = _open(store, reading, study, client, rescue_folder)
    recorder.merged.connect(session.merge)
    return session, recorder


def _open(
    store: Store | Callable[[], Store],
    reading: Reading,
    study: StudyRecord,
    client: str,
    rescue_folder: Path | None,
) -> tuple[StoreRecorder, MarkSession]:
    opened = store if isinstance(store, Store) else store()
    try:
        recover(opened, rescue_folder)
        opened.save_study(study)
        study = opened.study(study.uid)
        reading = opened.begin(reading)
        revisions = opened.revisions(reading.reading_id)
    finally:
        if opened is not store:
            opened.close()
    latest = max((revision.draft.recorded_at for revision in revisions), default=None)
    recorder = StoreRecorder(
        store, reading, after=len(revisions), study=study, rescue_folder=rescue_folder, latest=latest
    )
    drafts = (revision.draft for revision in revisions)
    return recorder, MarkSession(reading, study, recorder, revisions=drafts, client=client)
