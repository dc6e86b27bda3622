"""What ``store backup``, ``restore`` and ``copy`` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fluoro_annotator.cli.screen import progress, say, tell
from fluoro_annotator.cli.stores import counted, existing, place_of
from fluoro_annotator.errors import StoreConflictError, StoreDamagedError
from fluoro_annotator.store import (
    Conflict,
    CopyReport,
    Restored,
    StoreLocation,
    backup,
    copy,
    open_store,
    restore,
    waiting,
)


def back_up(given: str | None, file: Path) -> None:
    """Write a backup and say whether it is sound.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    file : pathlib.Path
        The new file.

    Raises
    ------
    StoreDamagedError
        If the backup was made, but the store holds something that is not sound.
    StoreConflictError
        If the backup was made, but something could not be copied into it.

    """
    with existing(place_of(given)) as store, progress("Copying studies") as report:
        made = backup(store, file, progress=report)
    tell(f"The backup is in {made.path}.")
    _refuse_conflicts(made.conflicts, f"backup {made.path}")
    for problem in made.problems:
        tell(problem)
    if made.problems:
        raise StoreDamagedError(
            f"backup {made.path}",
            f"holds {counted(len(made.problems), 'problem')} of the store, each named above",
            "Keep both, and look for the last backup that verifies.",
        )
    tell("It was verified: every chain in it is complete and unchanged.")


def bring_back(file: Path, given: str | None, *, replace: bool) -> None:
    """Restore a backup and say what has become of the store before.

    Parameters
    ----------
    file : pathlib.Path
        The backup.
    given : str or None
        The store; that of the settings by default.
    replace : bool
        Take the place of a store that holds something.

    """
    place = place_of(given)
    if place.path is not None:
        another = not _is_usual(place.path)
        done = restore(file, place.path, replace=replace, another=another)
        if another:
            say(
                "Note: this is not the place of the usual store, so it has an identifier of its own: what waits on a"
                " computer for the store that was backed up does not go into it."
            )
    else:
        with open_store(place) as store:
            done = restore(file, store, replace=replace)
    _tell_restored(done, file, place)


def _is_usual(path: Path) -> bool:
    """Return whether a file is the place of the settings."""
    usual = place_of(None).path
    return usual is not None and usual.resolve() == path.resolve()


def _tell_restored(done: Restored, file: Path, place: StoreLocation) -> None:
    tell(f"{file} was verified and restored to {place.shown}.")
    if done.upgraded_from is not None:
        tell(f"It was of version {done.upgraded_from} and was upgraded on the way; the backup is as it was.")
    if done.aside is not None:
        tell(f"The store that was there before is kept in {done.aside}.")
    if done.copied is not None:
        _tell_copied(done.copied, place)


def copy_over(source: str, destination: str) -> None:
    """Copy from one store into another, and say what was left alone.

    Parameters
    ----------
    source, destination : str
        Files or addresses.

    Raises
    ------
    StoreConflictError
        If something was left alone.

    """
    origin, place = place_of(source), place_of(destination)
    with existing(origin) as first, open_store(place) as second:
        _warn_of_waiting(first.store_id)
        with progress("Copying studies") as report:
            done = copy(first, second, progress=report)
    _tell_copied(done, place)


def _tell_copied(done: CopyReport, place: StoreLocation) -> None:
    added = (
        counted(done.studies, "new study", "new studies"),
        counted(done.revisions, "change") + f" of {counted(done.readings, 'reading')}",
        counted(done.tombstones, "tombstone"),
    )
    tell(
        f"Copied to {place.shown}: {', '.join(added)}. {counted(done.already, 'reading')} had nothing to add."
    )
    if done.set_versions or done.answers or done.assignments:
        practice = (
            counted(done.set_versions, "version of teaching sets", "versions of teaching sets"),
            counted(done.answers, "answer"),
            counted(done.assignments, "assignment"),
        )
        tell(f"Of practice: {', '.join(practice)}.")
    _refuse_conflicts(done.conflicts, f"store {place.shown}")
    tell("The ends of all chains are the same in both stores.")


def _refuse_conflicts(conflicts: Sequence[Conflict], subject: str) -> None:
    for conflict in conflicts:
        tell(f"Left alone: {conflict}.")
    if conflicts:
        raise StoreConflictError(
            subject,
            f"does not hold everything: {counted(len(conflicts), 'entry', 'entries')} named above"
            f" {'was' if len(conflicts) == 1 else 'were'} left alone",
            "The rest was copied. Look at both stores with: fluoro-annotator store verify.",
        )


def _warn_of_waiting(store_id: str) -> None:
    changes = sum(file.changes for file in waiting() if file.store_id == store_id)
    if changes:
        say(
            f"Note: {counted(changes, 'change')} of this computer wait in rescue files for the source and are not"
            " copied. Open a study with the source, then copy again."
        )
