"""What ``store status``, ``verify``, ``upgrade`` and ``purge`` do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from fluoro_annotator import settings
from fluoro_annotator.cli.screen import Table, say, show, tell
from fluoro_annotator.cli.stores import counted, existing, place_of
from fluoro_annotator.errors import FluoroAnnotatorError, StoreDamagedError
from fluoro_annotator.store import (
    PostgresStore,
    Store,
    Tombstone,
    Waiting,
    clock_notes,
    compare_heads,
    heads_of,
    read_heads,
    upgrade_file,
    upgrade_store,
    waiting,
    write_heads,
)

PATIENT_WARNING = (
    "The reason stays in the store for ever: do not name a patient in it. A backup, an export or a copy made before"
    " still holds what is purged."
)


def show_status(given: str | None) -> None:
    """Print what can be said of a store.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.

    """
    with existing(place_of(given)) as store:
        status, graves, store_id = store.status(), store.tombstones(), store.store_id
        you = store.me() if isinstance(store, PostgresStore) else None
    tell(f"Place: {status.place}")
    tell(f"Kept by: {status.engine}")
    tell(f"Version of the tables: {status.schema_version}")
    tell(f"Identifier: {status.store_id}")
    held = counted(status.studies, "study", "studies"), counted(status.readings, "reading")
    tell(f"Holds: {', '.join(held)}, {counted(status.revisions, 'change')}")
    sets = counted(status.set_versions, "version of teaching sets", "versions of teaching sets")
    tell(f"Practice: {sets}, {counted(status.answers, 'answer')}")
    tell(f"Purged: {counted(status.tombstones, 'tombstone')}")
    tell(f"Protection: {status.protection}")
    if you is not None:
        tell(f"You: {you.login}, {'owner of the store' if you.is_owner else you.role or 'without a role'}")
    for line in _waiting_lines(waiting(), store_id):
        tell(line)
    if graves:
        show(Table("Purged", ("what", "identifier", "changes", "when", "by", "reason"), _graves(graves)))


def _graves(graves: Iterable[Tombstone]) -> list[tuple[str, ...]]:
    return [
        (
            grave.subject_kind.value,
            grave.subject,
            str(grave.revisions),
            grave.purged_at.isoformat(" ", "seconds").replace("+00:00", " UTC"),
            grave.purged_by,
            grave.reason,
        )
        for grave in graves
    ]


def _waiting_lines(files: Iterable[Waiting], store_id: str) -> Iterator[str]:
    """Yield what waits in rescue files, for this store and for others."""
    numbers: dict[str, int] = {}
    damaged = []
    for file in files:
        numbers[file.store_id] = numbers.get(file.store_id, 0) + file.changes * (not file.damaged)
        damaged += [file] if file.damaged else []
    texts = {store_id: "this store", "": "the store that their writer did not reach"}
    found = [(texts.get(key, f"store {key}"), number) for key, number in numbers.items() if number]
    if not found and not damaged:
        yield "Waiting on this computer: nothing"
    for name, number in found:
        yield f"Waiting on this computer: {counted(number, 'change')} for {name}, stored when it is next opened"
    for file in damaged:
        yield f"Waiting on this computer: {file.path} holds lines that cannot be read; keep it"


def verify(given: str | None, *, against: Path | None, write_to: Path | None) -> None:
    """Print every problem of a store, then what is to be known besides.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    against : pathlib.Path or None
        Ends of chains that were noted before.
    write_to : pathlib.Path or None
        File for the ends of the chains, written if there is no problem.

    Raises
    ------
    StoreDamagedError
        If there is a problem.

    """
    place = place_of(given)
    noted = None if against is None else read_heads(against)
    with existing(place) as store:
        problems = _told(store.verify())
        if noted is not None:
            if noted.store_id != store.store_id:
                say(f"Note: the ends in {against} are those of another store, from which this may be a copy.")
            problems += _told(compare_heads(store, noted))
        if problems:
            raise StoreDamagedError(
                f"store {place.shown}",
                f"has {counted(problems, 'problem')}, each named above",
                "Keep it as it is, and look for the last backup that verifies.",
            )
        _tell_sound(store, write_to)


def _told(problems: Iterable[str]) -> int:
    """Print problems one by one, so that none is lost to a fault that comes later; return how many."""
    number = 0
    for number, problem in enumerate(problems, start=1):  # noqa: B007  # the last number counts
        tell(problem)
    return number


def _tell_sound(store: Store, write_to: Path | None) -> None:
    for note in clock_notes(store):
        say(f"Note: {note}")
    status = store.status()
    tell(
        f"Every chain is complete and unchanged: {counted(status.readings, 'reading')},"
        f" {counted(status.revisions, 'change')} in {status.place}."
    )
    if write_to is not None:
        write_heads(heads_of(store), write_to)
        tell(
            f"The ends of all chains are noted in {write_to}. Keep it where nobody who can write the store can."
        )


def upgrade(given: str | None) -> None:
    """Upgrade a store and say where its backup is.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.

    """
    place = place_of(given)
    if place.path is None:
        before = upgrade_store(place.url)
        tell(
            f"{place.shown} has the present version already; nothing was changed."
            if before is None
            else f"{place.shown} was upgraded from version {before}."
        )
        return
    backup = upgrade_file(place.path)
    if backup is None:
        tell(f"{place.shown} has the present version already; nothing was changed.")
        return
    tell(f"{place.shown} was upgraded. The store as it was before is kept in {backup}.")


def purge(given: str | None, *, reading: str | None, study: str | None, reason: str, sure: bool) -> None:
    """Purge a reading or a study, after a question.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    reading, study : str or None
        One of the two.
    reason : str
        Why.
    sure : bool
        Do not ask.

    """
    _check_reason(reason)
    with existing(place_of(given)) as store:
        identity = store.identity()
        by = settings.reader_name() if identity is None else identity.reader
        say(PATIENT_WARNING)
        what = _what_goes(store, reading, study)
        if not sure and not _agreed(f"Purge {what} from {store.describe()} for ever?"):
            tell("Nothing was purged.")
            return
        if reading is not None:
            graves: tuple[Tombstone, ...] = (store.purge_reading(reading, reason=reason, by=by),)
        else:
            graves = store.purge_study(study or "", reason=reason, by=by)
        changes = sum(grave.revisions for grave in graves if grave.subject_kind == "reading")
        place = store.describe()
    tell(
        f"Purged {what} with {counted(changes, 'change')} from {place}. {counted(len(graves), 'tombstone')} left."
    )


def _what_goes(store: Store, reading: str | None, study: str | None) -> str:
    """Return in words what would be purged; raises the error of what there is not."""
    if reading is not None:
        kept = store.reading(reading)
        return f"the reading of {kept.reader} ({kept.purpose.value}, begun {kept.started_at:%Y-%m-%d})"
    store.study(study or "")
    return f"the study {study} with {counted(len(store.readings(study_uid=study)), 'reading')}"


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise FluoroAnnotatorError(
            "purge", "was not confirmed, so nothing was purged", "Answer y, or say --yes."
        ) from None


def _check_reason(reason: str) -> None:
    if not reason.strip() or not reason.isprintable():
        raise FluoroAnnotatorError(
            "reason", "is not one line of plain text", "Say why in one line, without the name of a patient."
        )
