"""Where teaching sets come from and answers go to: the store of the settings, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fluoro_annotator.errors import TeachingSetError
from fluoro_annotator.protocols import Protocol, ProtocolLibrary, load_protocols
from fluoro_annotator.store import Assignment, PracticeRecords, Store
from fluoro_annotator.training import (
    Outbox,
    Practice,
    Question,
    SetShelf,
    TeachingSet,
    install_shipped,
    load_sets,
    problems_of,
    protocol_of,
)
from napari_fluoro_annotator.controllers.practice_protocols import Engine, SetFacts
from napari_fluoro_annotator.shelf import CLIENT, Shelf


class PracticeShelf:
    """Teaching sets of a store, and the engine that practises them.

    Parameters
    ----------
    store : Store or None
        The store; without one, that of the settings is opened, and closed at the end.
    library : callable, optional
        Returns the protocols.

    """

    def __init__(
        self, store: Store | None, *, library: Callable[[], ProtocolLibrary] = load_protocols
    ) -> None:
        self._shelf = Shelf(store)
        self._library = library
        self._sets: tuple[TeachingSet, ...] = ()

    @property
    def login(self) -> str:
        """The login under which a server keeps answers; empty where any name may be taken."""
        return self._shelf.login

    def close(self) -> None:
        """Close the store if it was opened here; may be called more than once."""
        self._shelf.close()

    def load(self, trainee: str) -> Sequence[SetFacts]:
        """Return the sets that can be practised, and what they are to a trainee.

        Raises
        ------
        StoreError
            If the store cannot be reached.

        """
        store, protocols = self._shelf.store, self._library()
        shelf = load_sets(store.practice)
        self._sets = shelf.current
        engine = self.engine(trainee)
        assigned = {one.set_id: one for one in store.practice.assignments(trainee) if not one.withdrawn}
        return [self._facts(one, engine, protocols, shelf, assigned.get(one.set_id)) for one in shelf.current]

    def _facts(
        self,
        teaching_set: TeachingSet,
        engine: Engine,
        protocols: ProtocolLibrary,
        shelf: SetShelf,
        assignment: Assignment | None,
    ) -> SetFacts:
        answered, due_now = engine.counts(teaching_set.set_id)
        return SetFacts(
            teaching_set=teaching_set,
            procedure=_protocol(teaching_set, protocols),
            assigned=assignment is not None,
            due=None if assignment is None else assignment.due,
            answered=answered,
            due_now=due_now,
            # which images are there, the page itself says, as soon as the folders were looked through
            problems=problems_of(
                teaching_set, protocols=protocols, studies=teaching_set.studies, shelf=shelf
            ),
        )

    def engine(self, trainee: str, playable: Callable[[Question], bool] | None = None) -> Practice:
        """Return what chooses exercises for a trainee, of those that can be shown.

        Raises
        ------
        StoreError
            If the store was never reached.

        """
        return Practice(
            self._records,
            trainee,
            protocols=self._library(),
            sets=self._sets,
            outbox=Outbox(self._shelf.store.store_id),
            client=CLIENT,
            playable=playable,
        )

    def install_samples(self) -> None:
        """Put the teaching sets that come with the program into the store; none of their keys stays in memory.

        Raises
        ------
        FluoroAnnotatorError
            If the samples are not installed, or the store does not take them: on a server that is for attendings.

        """
        install_shipped(self._shelf.store)

    def open_store(self) -> Store:
        """Return the store, opened when it is first needed.

        Raises
        ------
        StoreError
            If it cannot be opened.

        """
        return self._shelf.store

    def _records(self) -> PracticeRecords:
        return self._shelf.store.practice


def _protocol(teaching_set: TeachingSet, protocols: ProtocolLibrary) -> Protocol | None:
    """Return the protocol of a set; None if it is not installed, which its problems say."""
    try:
        return protocol_of(teaching_set, protocols)
    except TeachingSetError:
        return None
