"""Sets that a trainee is asked to practise."""

from __future__ import annotations

from datetime import date, datetime

from fluoro_annotator.errors import TeachingSetError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.marks.fields import checked_reader
from fluoro_annotator.store import Assignment, Store
from fluoro_annotator.training.publishing import person
from fluoro_annotator.training.shelf import load_sets


def assign_set(
    store: Store,
    set_id: str,
    trainee: str,
    *,
    by: str,
    due: date | None = None,
    at: datetime | None = None,
) -> Assignment:
    """Ask a trainee to practise a set; asked once more, the day until when counts that was given last.

    Parameters
    ----------
    store : Store
        The store.
    set_id : str
        A set that can be practised.
    trainee : str
        Who is asked.
    by : str
        Who asks; a server puts the login in its place.
    due : datetime.date, optional
        Until when.
    at : datetime.datetime, optional
        When this is; now by default.

    Raises
    ------
    TeachingSetError
        If the set cannot be practised, or the day is over.
    MarkError
        If the name cannot be used.
    StorePermissionError
        If a server does not allow it.

    """
    load_sets(store.practice).get(set_id)
    now = utc_now() if at is None else at
    if due is not None and due < now.date():
        raise TeachingSetError(
            f"assignment of {set_id}", f"is due on {due.isoformat()}, which is over", "Choose a day to come."
        )
    asked = Assignment(
        set_id=set_id, trainee=trainee, assigned_by=person(store, by), assigned_at=now, due=due
    )
    store.practice.assign(asked)
    return asked


def unassign_set(
    store: Store, set_id: str, trainee: str, *, by: str, at: datetime | None = None
) -> Assignment:
    """Ask a trainee no longer to practise a set; answers stay.

    Raises
    ------
    TeachingSetError
        If the trainee is not asked to.
    StorePermissionError
        If a server does not allow it.

    """
    name = checked_reader(trainee)
    if not any(one.set_id == set_id for one in store.practice.assignments(name)):
        raise TeachingSetError(
            f"teaching set {set_id}",
            f"is not assigned to {name}",
            "Check the name; `practice sets show` lists to whom a set is assigned.",
        )
    over = Assignment(
        set_id=set_id,
        trainee=name,
        assigned_by=person(store, by),
        assigned_at=utc_now() if at is None else at,
        withdrawn=True,
    )
    store.practice.assign(over)
    return over
