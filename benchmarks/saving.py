"""One acknowledged mark against a bare insert into SQLite with the same durability."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, ImageRecord, MarkSession, StudyRecord
from fluoro_annotator.store import SqliteStore, open_session

IMAGE = ImageRecord(sop_instance_uid="2.25.3", series_uid="2.25.2", rows=1024, columns=1024, frames=30)
STUDY = StudyRecord("2.25.1", (IMAGE,))
WANTED = 5.0
"""How many times as long as a bare insert a mark may take."""
ROW_BYTES = 700
"""About as many as a revision takes in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingResult:
    """Medians in seconds, and the median of the ratios pair by pair (ours divided by the bare insert)."""

    saves: int
    seconds: float
    bare_seconds: float
    ratio: float

    def as_dict(self) -> dict[str, Any]:
        """Return the values for JSON."""
        return asdict(self)


def compare(folder: Path, saves: int) -> SavingResult:
    """Return how long one change takes until it is on disk, in turn with a bare insert.

    Parameters
    ----------
    folder : pathlib.Path
        Where both files are made; it decides what a synchronised write costs.
    saves : int
        Number of pairs.

    """
    with SqliteStore(folder / "readings.sqlite") as store, closing(_bare(folder / "bare.sqlite")) as bare:
        session, recorder = open_session(store, STUDY, reader="benchmark", rescue_folder=folder / "rescue")
        pairs = [(_timed(lambda: _mark(session)), _timed(lambda: _insert(bare))) for _ in range(saves + 1)][
            1:
        ]
        if not recorder.state.saved:
            raise RuntimeError(recorder.state.problem)
        recorder.close()
    return SavingResult(
        saves=saves,
        seconds=median(ours for ours, _ in pairs),
        bare_seconds=median(theirs for _, theirs in pairs),
        ratio=median(ours / theirs for ours, theirs in pairs),
    )


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _mark(session: MarkSession) -> None:
    site = load_anatomy().site("L4_MB", Side.RIGHT)
    session.add_target(FrameRef(IMAGE.sop_instance_uid, 7), site, Point(300.0, 220.0))


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA fullfsync = ON",
        "CREATE TABLE mark (id INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    ):
        connection.execute(statement)
    return connection


def _insert(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO mark (content) VALUES (?)", ("x" * ROW_BYTES,))
    connection.execute("COMMIT")
