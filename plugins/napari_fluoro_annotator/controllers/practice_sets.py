"""Choosing a teaching set: who practises, what is assigned, what is due, and whether its images are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from fluoro_annotator.errors import FluoroAnnotatorError, MarkError, TeachingSetError
from fluoro_annotator.marks.reading import checked_reader
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import Question, TeachingSet
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_protocols import (
    Engine,
    ImagesProtocol,
    SetFacts,
    SetRow,
    SetSource,
    SetsViewProtocol,
)
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.wiring import Wires, Wiring

LOOK_MS = 100
"""Between two looks at a search for images; engineering default."""

Begin = Callable[[Engine, TeachingSet, Protocol], None]


class SetsController:
    """What happens on the page on which a set is chosen.

    Parameters
    ----------
    view : SetsViewProtocol
        The page.
    source : SetSource
        Where sets come from and answers go to.
    images : ImagesProtocol
        Finds images.
    ticker : TickerProtocol
        The clock.
    begin : callable
        Begins to practise.
    reader : str
        Who practises.
    today : callable, optional
        Returns the date.

    """

    def __init__(
        self,
        view: SetsViewProtocol,
        source: SetSource,
        images: ImagesProtocol,
        ticker: TickerProtocol,
        *,
        begin: Begin,
        reader: str,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._view, self._source, self._images, self._ticker = view, source, images, ticker
        self._begin, self._today = begin, today
        self.reader = source.login or reader
        self._sets: dict[str, SetFacts] = {}
        self._chosen = ""
        self._away = ""
        self._wiring = Wiring(self._wires())
        self._view.set_reader(self.reader, fixed=bool(source.login))
        self.refresh()
        self._look()

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.reader_entered, self.change_reader),
            (view.set_chosen, self.choose),
            (view.start_requested, self.start),
            (view.folder_given, self.add_folder),
            (view.folders_forgotten, self.forget_folders),
            (view.retry_requested, self.refresh),
            (view.samples_requested, self.install_samples),
            (self._ticker.ticked, self._look),
        )

    def close(self) -> None:
        """Let go of widget and clock; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ what the trainee does

    def change_reader(self, name: str) -> None:
        """Practise as another trainee, with that trainee's own answers."""
        try:
            reader = checked_reader(name)
        except MarkError as error:
            self._view.set_reader(self.reader, fixed=bool(self._source.login))
            self._view.set_hint(str(error), warning=True)
            return
        if reader != self.reader:
            self.reader = reader
            self.refresh()
        self._view.set_reader(self.reader, fixed=bool(self._source.login))

    def choose(self, set_id: str) -> None:
        """Show what there is to know of a set."""
        self._chosen = set_id
        self._show_chosen()

    def choose_at_first(self, set_id: str) -> None:
        """Choose a set by its identifier; raises `TeachingSetError` if there is none."""
        if set_id not in self._sets:
            raise TeachingSetError(
                f"teaching set {set_id}", "is not in the store", texts.PRACTICE_SETS_LISTED
            )
        self._chosen = set_id
        self.refresh()

    def install_samples(self) -> None:
        """Put the sets that come with the program into the store."""
        try:
            self._source.install_samples()
        except FluoroAnnotatorError as error:
            self._view.set_hint(str(error), warning=True)
            return
        self.refresh()

    def add_folder(self, path: str) -> None:
        """Look for images in another folder, too."""
        self._images.add(Path(path))
        self._look()

    def forget_folders(self) -> None:
        """Look for images in the sample studies only."""
        self._images.forget()
        self._look()

    def start(self) -> None:
        """Begin to practise the set that is chosen."""
        facts = self._sets.get(self._chosen)
        problem = self._hindrance(facts)
        if facts is None or facts.procedure is None or problem:
            self._view.set_hint(problem, warning=True)
            return
        try:
            engine = self._source.engine(self.reader, self._playable)
            late = len(engine.catch_up().scored)
            self._begin(engine, facts.teaching_set, facts.procedure)
        except FluoroAnnotatorError as error:
            self._view.set_hint(str(error), warning=True)
            return
        said = (
            texts.plural(late, texts.PRACTICE_SCORED_LATER_ONE, texts.PRACTICE_SCORED_LATER) if late else ""
        )
        self._view.set_hint(said)

    def _playable(self, question: Question) -> bool:
        return question.frame.sop_instance_uid in self._images

    def _hindrance(self, facts: SetFacts | None) -> str:
        """Return why practice cannot begin, or an empty text."""
        if self._away:
            return self._away
        if facts is None:
            return texts.PRACTICE_NEED_SET
        if self._images.looking and self._missing(facts):
            return texts.PRACTICE_STILL_LOOKING
        if self._missing(facts) == len(facts.teaching_set.questions):
            return texts.PRACTICE_ALL_MISSING
        return "" if facts.procedure is not None else " ".join(facts.problems)

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        """Ask the store for sets, assignments and answers."""
        try:
            loaded = self._source.load(self.reader)
        except FluoroAnnotatorError as error:
            loaded, self._away = (), texts.PRACTICE_AWAY.format(problem=error)
        else:
            self._away = ""
        self._view.set_away(bool(self._away))
        self._view.set_samples_offered(not self._away and not loaded)
        ordered = sorted(loaded, key=_order)
        self._sets = {facts.teaching_set.set_id: facts for facts in ordered}
        if self._chosen not in self._sets:
            self._chosen = next((key for key, facts in self._sets.items() if facts.assigned), "")
        self._view.set_sets([self._row(facts) for facts in ordered], self._chosen)
        self._show_chosen()

    def _row(self, facts: SetFacts) -> SetRow:
        count = len(facts.teaching_set.questions)
        counted = texts.plural(count, texts.PRACTICE_QUESTION_ONE, texts.PRACTICE_QUESTIONS).rstrip(".")
        note = texts.PRACTICE_SET_ASSIGNED if facts.assigned else ""
        overdue = facts.due is not None and facts.due < self._today()
        if facts.due is not None:
            note = texts.PRACTICE_SET_DUE.format(due=facts.due.isoformat())
        if overdue:
            note = texts.PRACTICE_SET_OVERDUE.format(row=note)
        text = texts.PRACTICE_SET_ROW.format(title=facts.teaching_set.title, count=counted)
        return SetRow(key=facts.teaching_set.set_id, text=text, note=note, urgent=overdue)

    def _show_chosen(self) -> None:
        facts = self._sets.get(self._chosen)
        self._view.set_about(
            "" if facts is None else facts.teaching_set.description, "" if facts is None else _facts(facts)
        )
        self._view.set_problems([] if facts is None else self._problems(facts))
        self._view.set_start_enabled(facts is not None)
        if self._away:
            self._view.set_hint(self._away, warning=True)
        elif not self._sets:
            self._view.set_hint(texts.PRACTICE_NO_SETS)
        else:
            self._view.set_hint("" if facts is not None else texts.PRACTICE_CHOOSE_SET)

    def _problems(self, facts: SetFacts) -> Sequence[str]:
        missing = self._missing(facts)
        if not missing or self._images.looking:
            return facts.problems
        said = texts.plural(missing, texts.PRACTICE_MISSING_ONE, texts.PRACTICE_MISSING)
        return (*facts.problems, said)

    def _missing(self, facts: SetFacts) -> int:
        """Return how many exercises have no image here."""
        return sum(not self._playable(question) for question in facts.teaching_set.questions)

    # ------------------------------------------------------------------ images

    def _look(self) -> None:
        """Look how far the search for images is."""
        if self._images.take_in():
            self._show_chosen()
        self._view.set_folders(self._folders_text(), self._state_text())
        if self._images.looking:
            self._ticker.wake_in(LOOK_MS)

    def _folders_text(self) -> str:
        named = [str(folder) for folder in self._images.folders]
        if self._images.with_samples:
            named.insert(0, texts.PRACTICE_SAMPLES)
        return texts.PRACTICE_FOLDERS.format(folders=", ".join(named)) if named else texts.PRACTICE_NO_FOLDERS

    def _state_text(self) -> str:
        if self._images.problem:
            return self._images.problem
        if self._images.looking:
            done, total = self._images.progress
            found = texts.PRACTICE_LOOKING.format(done=done, total=total)
            return found if total else texts.PRACTICE_LOOKING_AT_ALL
        return texts.plural(self._images.count, texts.PRACTICE_FOUND_ONE, texts.PRACTICE_FOUND_IMAGES)


def _order(facts: SetFacts) -> tuple[bool, date, str]:
    """Return what sets are sorted by: assigned ones first, by their date, then by name."""
    return not facts.assigned, facts.due or date.max, facts.teaching_set.title.casefold()


def _facts(facts: SetFacts) -> str:
    teaching_set = facts.teaching_set
    count = len(teaching_set.questions)
    return texts.PRACTICE_SET_FACTS.format(
        questions=texts.plural(count, texts.PRACTICE_QUESTION_ONE, texts.PRACTICE_QUESTIONS),
        answered=facts.answered,
        due=facts.due_now,
        author=teaching_set.author,
        version=teaching_set.version,
    )
