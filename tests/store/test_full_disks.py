"""Real disks that are full or read-only: a new store, a copy and a backup are there whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from fluoro_annotator.errors import FluoroAnnotatorError, StoreDamagedError, StoreUnavailableError
from fluoro_annotator.store import (
    SqliteStore,
    backup,
    copy,
    heads_of,
    restore,
    upgrade_file,
    write_heads,
)
from fluoro_annotator.store.sqlite_file import version_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file systems of Linux")

SIZES = (64, 128, 160, 200, 256, 300, 320, 360, 420, 512)
"""In KiB; a new store has about 220, and needs a log of the same size while it is made."""


@pytest.fixture
def disk(tmp_path):
    """Return a function that makes a disk of so many KiB."""
    mounted = []

    def make(size: int):
        place = tmp_path / f"disk-{size}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place)]
        if shutil.which("mount") is None or os.geteuid() != 0:
            pytest.skip("only root makes file systems")
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no file system can be made here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def filled(sqlite_store, begun, make_draft):
    sqlite_store.append(begun.reading_id, [make_draft(float(row)) for row in range(200)], after=0)
    return sqlite_store


def left(place) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def fault_of(action, *arguments, **options) -> StoreUnavailableError | None:
    """Return what an action ended with, None if all went well."""
    try:
        action(*arguments, **options)
    except StoreUnavailableError as error:
        return error
    return None


@pytest.mark.parametrize("size", SIZES)
def test_a_new_store_is_sound_or_not_there(disk, size):
    place = disk(size)
    fault = fault_of(lambda: SqliteStore(place / "readings.sqlite").close())
    assert fault is None or "no room left" in fault.problem or "disk reports an error" in fault.problem
    assert not [name for name in left(place) if ".new-" in name]
    if left(place):  # perhaps without the room to open it
        moved = shutil.copy(place / "readings.sqlite", place.parent / "elsewhere.sqlite")
        with SqliteStore(moved) as store:
            assert store.verify() == ()


@pytest.mark.parametrize("size", SIZES)
def test_a_backup_is_sound_or_not_there(disk, filled, size):
    place = disk(size)
    fault = fault_of(backup, filled, place / "backup.sqlite")
    assert fault is None or fault.subject == f"backup {place / 'backup.sqlite'}"
    assert left(place) == ([] if fault else ["backup.sqlite"])


@pytest.mark.parametrize("size", SIZES)
def test_a_restored_store_is_sound_or_not_there(disk, filled, tmp_path, size):
    made, place = backup(filled, tmp_path / "backup.sqlite"), disk(size)
    fault = fault_of(restore, made.path, place / "readings.sqlite", another=True)
    assert not isinstance(fault, StoreDamagedError)
    assert left(place) == ([] if fault else ["readings.sqlite"])
    if fault is None:
        moved = shutil.copy(place / "readings.sqlite", tmp_path / "elsewhere.sqlite")
        with SqliteStore(moved) as store:
            assert store.verify() == ()
            assert store.store_id != filled.store_id


@pytest.mark.parametrize("size", SIZES)
def test_a_copy_that_stops_is_completed_when_there_is_room(disk, filled, begun, tmp_path, size):
    place = disk(size)
    try:
        with SqliteStore(place / "copy.sqlite") as store:
            copy(filled, store)
    except FluoroAnnotatorError:
        if left(place) == []:
            return
    for name in left(place):
        shutil.move(place / name, tmp_path / name)
    with SqliteStore(tmp_path / "copy.sqlite") as store:
        copy(filled, store)
        assert store.head(begun.reading_id) == filled.head(begun.reading_id)
        assert store.verify() == ()


@pytest.mark.parametrize("size", SIZES)
def test_an_upgrade_is_done_or_not_begun(disk, size, request):
    place = disk(size)
    released = request.path.parent / "databases" / "schema_1.sqlite"
    try:
        shutil.copy(released, place / "old.sqlite")
    except OSError:
        return
    try:
        kept = upgrade_file(place / "old.sqlite")
    except StoreUnavailableError:
        assert version_of(place / "old.sqlite") == 1
    else:
        assert version_of(kept) == 1
        with SqliteStore(place / "old.sqlite") as store:
            assert store.verify() == ()


class TestReadOnly:
    @pytest.fixture
    def place(self, disk, filled):
        """A disk with a store and a backup, which cannot be written any more."""
        place = disk(2048)
        made = backup(filled, place / "backup.sqlite")
        restore(made.path, place / "readings.sqlite")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        return place

    def test_a_store_on_it_is_not_opened(self, place):
        fault = fault_of(SqliteStore, place / "readings.sqlite")
        assert fault is not None
        assert fault.subject == f"store {place / 'readings.sqlite'}"
        assert "permission" in fault.remedy

    def test_a_backup_on_it_is_restored_elsewhere(self, place, filled, tmp_path):
        restore(place / "backup.sqlite", tmp_path / "restored.sqlite")
        with SqliteStore(tmp_path / "restored.sqlite") as store:
            assert heads_of(store).heads == heads_of(filled).heads

    def test_nothing_can_be_put_onto_it(self, place, filled, tmp_path):
        made = backup(filled, tmp_path / "backup.sqlite")
        faults = [
            fault_of(backup, filled, place / "another.sqlite"),
            fault_of(restore, made.path, place / "another.sqlite"),
            fault_of(restore, made.path, place / "readings.sqlite", replace=True),
            fault_of(SqliteStore, place / "another.sqlite"),
            fault_of(write_heads, heads_of(filled), place / "heads.json"),
        ]
        assert None not in faults
        assert {str(place) in fault.subject for fault in faults} == {True}
        assert left(place) == ["backup.sqlite", "readings.sqlite"]
