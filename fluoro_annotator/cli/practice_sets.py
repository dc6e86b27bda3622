"""What ``practice sets`` and ``practice assign`` print."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import typer

from fluoro_annotator import settings
from fluoro_annotator.cli.screen import Table, say, show, tell
from fluoro_annotator.cli.stores import counted, existing, place_of
from fluoro_annotator.dicom import scan
from fluoro_annotator.errors import KeyWithheldError, TeachingSetError
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import Assignment, SetVersion, Store, open_store
from fluoro_annotator.training import (
    Question,
    SetShelf,
    TeachingSet,
    install,
    install_shipped,
    keys_of,
    load_sets,
    problems_of,
    read_set_file,
    reference_changes,
    set_file_of,
    withdraw,
    write_set_file,
)
from fluoro_annotator.training.assigning import assign_set, unassign_set
from fluoro_annotator.training.publishing import person
from fluoro_annotator.training.reference_changes import ReferenceFate

SCHEMA_VERSION = 1
LISTED = ("set", "version", "title", "author", "published", "exercises", "protocol", "state")
QUESTIONS = ("", "question", "kind", "difficulty", "study", "frame")


def list_sets(given: str | None, *, as_json: bool) -> None:
    """Print every teaching set of a store in its newest version.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    as_json : bool
        Print JSON.

    """
    with existing(place_of(given)) as store:
        shelf, place = load_sets(store.practice), store.describe()
    listed = [_listed(version, shelf) for version in shelf.newest.values()]
    if as_json:
        _print_json({"sets": listed})
        return
    rows = [tuple("" if one[name] is None else str(one[name]) for name in LISTED) for one in listed]
    show(Table(f"Teaching sets in {place}", LISTED, rows))
    for refused in shelf.refused:
        say(str(refused.error))
    tell(f"{counted(len(shelf.current), 'set')} can be practised.")


def _listed(version: SetVersion, shelf: SetShelf) -> dict[str, Any]:
    found = next((one for one in shelf.current if one.set_id == version.set_id), None)
    state = "withdrawn" if version.withdrawn else "current" if found else "cannot be read"
    return {
        "set": version.set_id,
        "version": version.version,
        "title": version.title,
        "author": found.author if found else version.author,
        "published": version.published_at.date().isoformat(),
        "exercises": len(found.questions) if found else None,
        "protocol": f"{found.protocol_id} {found.protocol_version}" if found else None,
        "state": state,
    }


def show_set(given: str | None, set_id: str, *, version: int | None, as_json: bool) -> None:
    """Print the questions of a set, what stands against it, and to whom it is assigned.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    set_id : str
        The set.
    version : int or None
        A certain version.
    as_json : bool
        Print JSON.

    Raises
    ------
    TeachingSetError
        If there is no such set, or it was withdrawn and no version is named.

    """
    with existing(place_of(given)) as store:
        shelf = load_sets(store.practice)
        found = shelf.get(set_id, version)
        problems = _problems(found, store, shelf)
        assigned = [one for one in store.practice.assignments() if one.set_id == set_id]
    if as_json:
        _print_json(_set_json(found, problems, assigned))
        return
    tell(f"{found.title} ({found.set_id}), version {found.version}, by {found.author}.")
    if found.description:
        tell(found.description)
    order = "in an order of each trainee's own" if found.mixed else "in this order"
    tell(f"Protocol {found.protocol_id}, version {found.protocol_version}. Asked {order}.")
    rows = [(str(number), *_question_row(one)) for number, one in enumerate(found.questions, 1)]
    show(Table("Exercises", QUESTIONS, rows))
    show(Table("Assigned to", ("trainee", "by", "due"), [_assigned_row(one) for one in assigned]))
    for problem in problems:
        say(problem)


def _problems(found: TeachingSet, store: Store, shelf: SetShelf) -> tuple[str, ...]:
    """Return what stands against a set; a study is at hand if the store knows it, or it is a sample."""
    at_hand = set(store.studies())
    if not at_hand.issuperset(found.studies):
        at_hand |= _samples()
    return problems_of(found, protocols=load_protocols(), studies=at_hand, shelf=shelf)


def _samples() -> set[str]:
    """Return the Study Instance UIDs of the sample studies, none if they are not installed."""
    folder = settings.sample_folder()
    return {study.uid for study in scan([folder]).studies}


def _question_row(one: Question) -> tuple[str, ...]:
    kind = one.kind.value.replace("_", " ")
    return one.prompt, kind, one.difficulty.value, one.study_uid, str(one.frame.frame_number)


def _assigned_row(one: Assignment) -> tuple[str, ...]:
    return one.trainee, one.assigned_by, one.due.isoformat() if one.due else ""


def _set_json(found: TeachingSet, problems: tuple[str, ...], assigned: list[Assignment]) -> dict[str, Any]:
    return {
        "set": found.set_id,
        "version": found.version,
        "title": found.title,
        "description": found.description,
        "author": found.author,
        "published_at": found.published_at.isoformat(),
        "protocol": {"id": found.protocol_id, "version": found.protocol_version},
        "mixed": found.mixed,
        "exercises": [
            {
                "exercise": one.exercise_id,
                "question": one.prompt,
                "kind": one.kind.value,
                "difficulty": one.difficulty.value,
                "study_instance_uid": one.study_uid,
                "sop_instance_uid": one.frame.sop_instance_uid,
                "frame_number": one.frame.frame_number,
            }
            for one in found.questions
        ],
        "assigned": [
            {
                "trainee": one.trainee,
                "by": one.assigned_by,
                "due": one.due.isoformat() if one.due else None,
            }
            for one in assigned
        ],
        "problems": list(problems),
    }


def check_set(given: str | None, name: str, *, version: int | None) -> None:
    """Print what stands against a set of a store, or a set file.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    name : str
        Identifier of a set, or path of a file.
    version : int or None
        A certain version of a set in the store.

    Raises
    ------
    TeachingSetError
        If anything does, after it was printed.
    TrainingFormatError
        If a file cannot be read.

    """
    if Path(name).is_file():
        found = read_set_file(name).teaching_set
        # the studies of a file that comes from elsewhere need not be here yet
        problems = problems_of(found, protocols=load_protocols(), studies=found.studies)
    else:
        with existing(place_of(given)) as store:
            shelf = load_sets(store.practice)
            found = shelf.get(name, version)
            problems = (*_problems(found, store, shelf), *_behind_the_keys(found, store))
    for problem in problems:
        tell(problem)
    if problems:
        raise TeachingSetError(
            f"teaching set {found.set_id}, version {found.version}",
            f"has {counted(len(problems), 'problem')}",
            "Each is said above.",
        )
    tell(f"{found.title} ({found.set_id}), version {found.version}: nothing stands against it.")


def _behind_the_keys(found: TeachingSet, store: Store) -> tuple[str, ...]:
    """Return what is wrong with keys and references; for those who may not see keys, that it was not looked at."""
    reader = settings.reader_name()
    try:
        keys = keys_of(store.practice, found, reader=person(store, reader))
        changes = reference_changes(found, store, reader=reader)
    except KeyWithheldError as error:
        say(f"{error.subject} {error.problem}: keys and references were not looked at.")
        return ()
    lacking = len(found.questions) - len(keys)
    purged = (f"{counted(lacking, 'key')} went with purged studies: their exercises are scored no more.",)
    sentences = {change.sentence: change.fate for change in changes}
    for sentence in [text for text, fate in sentences.items() if fate is ReferenceFate.GONE]:
        say(sentence)  # so it is with every set that comes from elsewhere; answers are scored by the keys
        del sentences[sentence]
    return (*(purged if lacking else ()), *sentences)


def export_set(given: str | None, set_id: str, file: Path, *, version: int | None, force: bool) -> None:
    """Write a set with its keys into a file.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    set_id : str
        The set.
    file : pathlib.Path
        The file.
    version : int or None
        A certain version.
    force : bool
        Replace a file that exists.

    Raises
    ------
    KeyWithheldError
        If the store does not give the keys to this reader.
    ExchangeError
        If the file exists, or cannot be written.

    """
    with existing(place_of(given)) as store:
        found = load_sets(store.practice).get(set_id, version)
        content = set_file_of(store, found, reader=settings.reader_name())
    write_set_file(content, file, overwrite=force)
    tell(f"{counted(len(found.questions), 'exercise')} of {found.title}, version {found.version}, in {file}.")
    say("The file holds the answers: keep it from those who are to practise with it.")


def install_file(given: str | None, file: Path) -> None:
    """Put the set of a file into a store, which is made if it does not exist.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    file : pathlib.Path
        The file.

    Raises
    ------
    TrainingFormatError
        If the file cannot be read or used.
    StoreConflictError
        If the store has another content under this identifier and version.

    """
    content = read_set_file(file)
    found = content.teaching_set
    with open_store(place_of(given)) as store:
        before = {(one.set_id, one.version) for one in store.practice.set_versions(found.set_id)}
        kept = install(content, store, by=settings.reader_name())
        problems = _problems(found, store, load_sets(store.practice))
    was_there = (kept.set_id, kept.version) in before
    done = "is in the store already" if was_there else "is installed"
    tell(f"{found.title} ({found.set_id}), version {found.version}, {done}.")
    for problem in problems:
        say(problem)


def install_samples(given: str | None) -> None:
    """Put the sets that come with the program into a store, which is made if it does not exist.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.

    Raises
    ------
    FluoroAnnotatorError
        If the sample studies are not installed, or the store does not take the sets.

    """
    with open_store(place_of(given)) as store:
        before = {(one.set_id, one.version) for one in store.practice.set_versions()}
        for kept in install_shipped(store):
            there = (kept.set_id, kept.version) in before
            done = "is in the store already" if there else "is installed"
            tell(f"{kept.title} ({kept.set_id}), version {kept.version}, {done}.")


def withdraw_set(given: str | None, set_id: str, *, reason: str) -> None:
    """Withdraw a set.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    set_id : str
        The set.
    reason : str
        Why.

    Raises
    ------
    TeachingSetError
        If there is no such set, or it was withdrawn already.

    """
    with existing(place_of(given)) as store:
        gone = withdraw(store, set_id, by=settings.reader_name(), reason=reason)
    tell(f"{gone.title} ({gone.set_id}) is withdrawn. Its versions, answers and scores stay.")


def assign(given: str | None, set_id: str, trainee: str, *, due: date | None, no_longer: bool) -> None:
    """Ask a trainee to practise a set, or no longer.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    set_id, trainee : str
        Which set, and who.
    due : datetime.date or None
        Until when.
    no_longer : bool
        Whether to take it back.

    Raises
    ------
    TeachingSetError
        If the set cannot be practised or is not assigned, or the day is over.

    """
    by = settings.reader_name()
    with existing(place_of(given)) as store:
        if no_longer:
            kept = unassign_set(store, set_id, trainee, by=by)
        else:
            kept = assign_set(store, set_id, trainee, by=by, due=due)
    until = f", until {kept.due.isoformat()}" if kept.due else ""
    done = "is no longer assigned to" if no_longer else "is assigned to"
    tell(f"{kept.set_id} {done} {kept.trainee}{until}.")


def _print_json(values: dict[str, Any]) -> None:
    typer.echo(json.dumps({"schema_version": SCHEMA_VERSION} | values, indent=2, ensure_ascii=True))
