"""What a store costs: one mark, an import, and a store that has grown to a million revisions."""

from __future__ import annotations

import gc
import importlib.util
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

from saving import IMAGE, ROW_BYTES, STUDY
from targets import Line, faster, growing

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Draft,
    FrameRef,
    Reading,
    Revision,
    RevisionKind,
    Target,
    chain,
)
from fluoro_annotator.store import SqliteStore, open_session

BULK = 50.0
GROWTH = 3.0
ONE_BY_ONE = 100
"""One of so many revisions is also appended one by one, as a sample."""
IN_READING = 100
"""Revisions of each reading of the store that has grown."""
TURNS = 15
PEER_TABLE = "CREATE TABLE mark (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content TEXT NOT NULL)"
CLUSTER = Path(__file__).parents[1] / "tools" / "postgres_cluster.py"

COPIES = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
SUFFIXED = {
    "study_entry": {"uid"},
    "image_entry": {"study_uid", "sop_instance_uid"},
    "reading": {"reading_id", "study_uid"},
    "revision": {"reading_id", "sop_instance_uid"},
    "current_record": {"reading_id"},
}
"""Columns that tell the copies of a study and its reading from each other; the rest of the copies is the same."""


def storing_lines(folder: Path, imported: int, revisions: int) -> Iterator[Line]:
    """Measure imports, growth and a server, and yield their lines.

    Parameters
    ----------
    folder : pathlib.Path
        Where stores are made.
    imported : int
        Revisions of the import.
    revisions : int
        Revisions of the store that has grown; the other one has a hundredth of them.

    """
    yield import_line(folder, imported)
    if revisions:
        yield from growth_lines(folder, revisions)
    yield from server_lines()


# ---------------------------------------------------------------------- an import


def _drafts(number: int) -> list[Draft]:
    site = load_anatomy().site("L4_MB", Side.RIGHT)
    frames = [FrameRef(IMAGE.sop_instance_uid, frame) for frame in range(1, 31)]
    return [
        Draft(
            kind=RevisionKind.ADD,
            mark=Target(frame=frames[n % 30], site=site, position=Point(n % 1024 + 0.25, 220.5)),
            author="benchmark",
            client="benchmark 1",
        )
        for n in range(number)
    ]


def _as_read(revisions: tuple[Revision, ...]) -> list[Revision]:
    """Return the same revisions with nothing at hand that was worked out before, as a file gives them."""
    return [replace(revision, draft=replace(revision.draft)) for revision in revisions]


def import_line(folder: Path, number: int) -> Line:
    """Compare an import in one go with changes that are stored one by one, each durable."""
    with SqliteStore(folder / "import.sqlite") as store:
        store.save_study(STUDY)
        one, all_ = (
            store.begin(Reading(study_uid=STUDY.uid, reader=reader)).reading_id for reader in ("one", "all")
        )
        singles = [
            _timed(_appending(store, one, n, draft)) for n, draft in enumerate(_drafts(number // ONE_BY_ONE))
        ]
        stream = _as_read(chain(all_, _drafts(number)))
        gc.collect()
        bulk = _timed(lambda: store.append_chained(all_, stream)) / number
        if store.head(all_).sequence != number:
            raise RuntimeError("the import is not whole")
    what = f"import of {number:,} revisions, each"
    return faster(what, f"one by one ({len(singles):,})", bulk, sum(singles) / len(singles), BULK)


def _appending(store: Any, reading_id: str, after: int, draft: Draft) -> Callable[[], object]:
    return lambda: store.append(reading_id, [draft], after=after)


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


# ---------------------------------------------------------------------- a store that has grown


def growth_lines(folder: Path, revisions: int) -> Iterator[Line]:
    """Compare a large store with one of a hundredth of its revisions, in turn."""
    sizes = (revisions, revisions // 100)
    with SqliteStore(grown(folder, sizes[0])) as large, SqliteStore(grown(folder, sizes[1])) as small:
        for what, action in (
            ("open a reading of 100 revisions", lambda store: _open(store, folder)),
            ("list 50 studies", lambda store: store.index(limit=50)),
        ):
            pairs = [[_timed(lambda: action(store)) for store in (large, small)] for _ in range(TURNS + 1)][  # noqa: B023 - called at once
                1:
            ]
            ours, peer = (median(times) for times in zip(*pairs, strict=True))
            yield growing(
                f"{what}, {sizes[0]:,} in the store", f"the same with {sizes[1]:,}", ours, peer, GROWTH
            )


def _open(store: SqliteStore, folder: Path) -> None:
    session, recorder = open_session(store, STUDY, reader="benchmark", rescue_folder=folder / "rescue")
    if len(session.marks) != IN_READING:
        raise RuntimeError("the reading is not whole")
    recorder.close()


def grown(folder: Path, revisions: int) -> Path:
    """Make a store of so many revisions and return its path.

    One study with its reading is stored by the program; the others are copies of it that SQLite makes
    itself, so that it does not take an hour.
    """
    path = folder / f"grown-{revisions}.sqlite"
    with SqliteStore(path) as store:
        store.save_study(STUDY)
        reading_id = store.begin(Reading(study_uid=STUDY.uid, reader="benchmark")).reading_id
        store.append(reading_id, _drafts(IN_READING), after=0)
    _multiply(path, revisions // IN_READING - 1)
    return path


def _multiply(path: Path, copies: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for table, suffixed in SUFFIXED.items():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "entry"]
            values = [f"\"{name}\" || '.' || i" if name in suffixed else f'"{name}"' for name in names]
            columns = ", ".join(f'"{name}"' for name in names)
            order = "i, sequence" if "sequence" in names else "i"
            statement = (
                f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table}, n ORDER BY {order}"  # noqa: S608  # own names
            )
            connection.execute(COPIES + statement, (copies,))
        end = "(SELECT sequence, hash, changed_at FROM head ORDER BY sequence DESC LIMIT 1)"
        connection.execute(f"UPDATE head SET (sequence, hash, changed_at) = {end}")  # noqa: S608  # own texts
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# ---------------------------------------------------------------------- a server


def server_lines() -> Iterator[Line]:
    """Compare one durable change on a server of our own with a bare insert; nothing without PostgreSQL."""
    tool = _cluster_tool()
    if tool.programs_folder() is None or importlib.util.find_spec("psycopg") is None:
        print("Without PostgreSQL and psycopg its line stays away.", file=sys.stderr)
        return
    with tool.temporary_cluster(fsync=True) as cluster:
        yield _server_line(cluster)


def _server_line(cluster: Any) -> Line:
    import psycopg  # noqa: PLC0415 - only where there is one

    from fluoro_annotator.store.postgres import PostgresStore, create_store  # noqa: PLC0415

    url = cluster.url("postgres")
    create_store(url)
    with PostgresStore(url) as store, psycopg.connect(cluster.url("template1"), autocommit=True) as bare:
        bare.execute(PEER_TABLE)
        store.save_study(STUDY)
        reading_id = store.begin(Reading(study_uid=STUDY.uid, reader="benchmark")).reading_id
        drafts = _drafts(201)
        pairs = [
            (_timed(_appending(store, reading_id, after, draft)), _timed(lambda: _insert(bare)))
            for after, draft in enumerate(drafts)
        ][1:]
    ours, peer = (median(times) for times in zip(*pairs, strict=True))
    return growing("one change on a PostgreSQL server", "psycopg, one insert", ours, peer, None)


def _insert(connection: Any) -> None:
    connection.execute("INSERT INTO mark (content) VALUES (%s)", ("x" * ROW_BYTES,))


def _cluster_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("postgres_cluster", CLUSTER)
    if spec is None or spec.loader is None:
        raise RuntimeError("the script that starts a server is not there")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
