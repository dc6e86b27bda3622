"""The store: readings kept as revisions that are only ever added.

`open_session` opens a study for reading: what it returns saves every change as it is made.

Examples
--------
>>> from fluoro_annotator.anatomy import Side, load_anatomy
>>> from fluoro_annotator.geometry import Point
>>> from fluoro_annotator.marks import FrameRef, ImageRecord, StudyRecord
>>> from fluoro_annotator.store import MemoryStore, open_session
>>> image = ImageRecord(sop_instance_uid="1.2.3.4", series_uid="1.2.3", rows=512, columns=512, frames=30)
>>> store = MemoryStore()
>>> session, recorder = open_session(store, StudyRecord("1.2", (image,)), reader="Reader A")
>>> site = load_anatomy().site("L4_MB", Side.RIGHT)
>>> mark = session.add_target(FrameRef("1.2.3.4", 7), site, Point(301.5, 220.0))
>>> recorder.state.saved
True
>>> [revision.draft.mark == mark for revision in store.revisions(session.reading.reading_id)]
[True]

"""

from fluoro_annotator.store.backups import Backup, Restored, backup, restore
from fluoro_annotator.store.clock import clock_notes
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.copying import Conflict, CopyReport, copy
from fluoro_annotator.store.heads import NotedHeads, compare_heads, heads_of, read_heads, write_heads
from fluoro_annotator.store.last_seen import LastSeen
from fluoro_annotator.store.location import StoreLocation
from fluoro_annotator.store.memory import MemoryStore
from fluoro_annotator.store.opening import open_session, open_store
from fluoro_annotator.store.postgres import PostgresStore, create_store
from fluoro_annotator.store.postgres_upgrading import upgrade_store
from fluoro_annotator.store.practice_contract import PracticeRecords
from fluoro_annotator.store.practice_values import (
    FIRST_SCORE,
    Answer,
    Assignment,
    ExerciseKey,
    KeptAnswer,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
)
from fluoro_annotator.store.recorder import SaveState, StoreRecorder
from fluoro_annotator.store.recovery import recover, rescued
from fluoro_annotator.store.roles import StoreRole, StoreUser
from fluoro_annotator.store.sqlite import SqliteStore
from fluoro_annotator.store.upgrading import upgrade_file
from fluoro_annotator.store.values import (
    Head,
    Identity,
    ListedReading,
    ListedStudy,
    Purged,
    ReadingStatus,
    StoreStatus,
    StudyFilter,
    StudyPage,
    Tombstone,
)
from fluoro_annotator.store.waiting import Waiting, waiting

__all__ = [
    "FIRST_SCORE",
    "Answer",
    "Assignment",
    "Backup",
    "Conflict",
    "CopyReport",
    "ExerciseKey",
    "Head",
    "Identity",
    "KeptAnswer",
    "LastSeen",
    "ListedReading",
    "ListedStudy",
    "MemoryStore",
    "NotedHeads",
    "PostgresStore",
    "PracticeRecords",
    "PublishedExercise",
    "Purged",
    "ReadingStatus",
    "Restored",
    "SaveState",
    "ScoreEntry",
    "SetVersion",
    "SqliteStore",
    "Store",
    "StoreLocation",
    "StoreRecorder",
    "StoreRole",
    "StoreStatus",
    "StoreUser",
    "StudyFilter",
    "StudyPage",
    "Tombstone",
    "Waiting",
    "backup",
    "clock_notes",
    "compare_heads",
    "copy",
    "create_store",
    "heads_of",
    "open_session",
    "open_store",
    "read_heads",
    "recover",
    "rescued",
    "restore",
    "upgrade_file",
    "upgrade_store",
    "waiting",
    "write_heads",
]
