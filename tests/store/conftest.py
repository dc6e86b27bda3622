"""Values, stores and faults that the tests of the store share."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point
from fluoro_annotator.marks import (
    Cause,
    Draft,
    FrameRef,
    ImageRecord,
    Reading,
    RevisionKind,
    StudyRecord,
    Target,
)
from fluoro_annotator.store import MemoryStore, SqliteStore, Store, sqlite_file
from fluoro_annotator.store.postgres import PostgresStore

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(autouse=True)
def rescue_folder(tmp_path, monkeypatch) -> Path:
    """Keep every rescue file of a test in its own folder."""
    folder = tmp_path / "rescue"
    monkeypatch.setattr(settings, "rescue_folder", lambda: folder)
    return folder


@pytest.fixture
def image() -> ImageRecord:
    calibration = Calibration(
        CalibrationSource.IMAGER_SPACING_MAGNIFICATION, 0.25, 0.26, 0.07, "in the isocentre plane"
    )
    return ImageRecord(
        sop_instance_uid="1.2.3.4",
        series_uid="1.2.3",
        rows=512,
        columns=640,
        frames=30,
        modality="XA",
        view="AP",
        calibration=calibration,
    )


@pytest.fixture
def study(image) -> StudyRecord:
    return StudyRecord("1.2", (image,))


@pytest.fixture
def reading(study) -> Reading:
    return Reading(study_uid=study.uid, reader="Reader A")


@pytest.fixture(scope="session")
def make_draft() -> Callable[..., Draft]:
    site = load_anatomy().site("L4_MB", Side.RIGHT)

    def make(row: float = 100.0, *, kind=RevisionKind.ADD, mark_id: str | None = None, **facts) -> Draft:
        identifier = {} if mark_id is None else {"mark_id": mark_id}
        mark = Target(frame=FrameRef("1.2.3.4", 7), site=site, position=Point(row, 200.5), **identifier)
        return Draft(kind=kind, mark=mark, **{"author": "Reader A", "cause": Cause.EDIT} | facts)

    return make


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "department" / "readings.sqlite"


@pytest.fixture
def sqlite_store(path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as store:
        yield store


@pytest.fixture
def closed_store(path) -> Path:
    """Path of a store that is not open anywhere."""
    SqliteStore(path).close()
    return path


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request, path) -> Iterator[Store]:
    """A store of each kind; that on a server as its owner, who may keep readings of anybody."""
    with OPENERS[request.param](request, path) as opened:
        yield opened


OPENERS = {
    "memory": lambda _request, _path: MemoryStore(),
    "sqlite": lambda _request, path: SqliteStore(path),
    "postgres": lambda request, _path: PostgresStore(request.getfixturevalue("server_store").url()),
}


@pytest.fixture
def known(store, study, reading) -> Reading:
    """A reading that the store knows."""
    store.save_study(study)
    return store.begin(reading)


@pytest.fixture
def begun(sqlite_store, study, reading) -> Reading:
    """A reading that the SQLite store knows."""
    sqlite_store.save_study(study)
    return sqlite_store.begin(reading)


@pytest.fixture
def raw(path) -> Callable[..., list[tuple]]:
    """Run one SQL statement on the store file behind the back of the store."""

    def run(statement: str, *values) -> list[tuple]:
        with closing(sqlite3.connect(path)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    return run


@pytest.fixture
def tamper(raw) -> Callable[..., None]:
    """Change rows as only somebody who removes the triggers first can, and then puts them back."""

    def run(statement: str, *values) -> None:
        triggers = raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in triggers:
            raw(f"DROP TRIGGER {name}")
        raw(statement, *values)
        for _, trigger in triggers:
            raw(trigger)

    return run


@pytest.fixture
def impatient(monkeypatch) -> None:
    """Do not wait long for a store that another program holds."""
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)


class FailingStore(MemoryStore):
    """A store that can be taken away: before it keeps what it is given, or just after."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.fails_after_keeping = False

    def append(self, reading_id, drafts, *, after):
        if self.away:
            raise StoreUnavailableError("store", "is on a drive that is gone", "Connect the drive.")
        kept = super().append(reading_id, drafts, after=after)
        if self.fails_after_keeping:
            self.fails_after_keeping = False
            raise StoreUnavailableError("store", "did not answer", "Try again.")
        return kept


@pytest.fixture
def failing_store(study, reading) -> FailingStore:
    store = FailingStore()
    store.save_study(study)
    store.begin(reading)
    return store


@pytest.fixture
def run_script() -> Callable[..., subprocess.Popen[str]]:
    """Start a Python program of its own; it prints its result."""

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture
def run_program() -> Callable[..., subprocess.Popen[str]]:
    """Start one of the programs beside these tests; it prints its result."""

    def start(name: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "error", PROGRAMS / name, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
