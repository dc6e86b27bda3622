"""What the windows of teaching sets show, as values, and what their controllers need of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from psygnal import SignalInstance

from napari_fluoro_annotator.controllers.protocols import Choice


@dataclass(frozen=True, slots=True)
class SetRow:
    """A teaching set in the list.

    Attributes
    ----------
    set_id : str
        Which one.
    cells : tuple of str
        What stands in the columns of `texts.SETS_COLUMNS`.
    told : tuple of str
        What is said of it when it is chosen.
    careful : bool
        Whether something about it asks for care.
    withdrawn : bool
        Whether nobody is to practise it any more.

    """

    set_id: str
    cells: tuple[str, ...]
    told: tuple[str, ...] = ()
    careful: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading of an expert, beneath its study."""

    reading_id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study with the submitted references of it; the cells are those of `texts.SET_READING_COLUMNS`."""

    study_uid: str
    cells: tuple[str, ...]
    readings: tuple[ReadingRow, ...]


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """An exercise in its place; the cells are those of `texts.SET_EXERCISE_COLUMNS`."""

    exercise_id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExerciseForm:
    """What can be said of an exercise.

    Attributes
    ----------
    heading : str
        What is asked.
    answer : str
        What is right, for the eyes of the attending.
    difficulty : str
        How hard it is.
    points : tuple of (str, str)
        What is to be learned, each with its source.
    verdicts : tuple of Choice
        What can be said of a needle that is to be judged; nothing for other kinds.
    verdict : str
        Which of these is said.

    """

    heading: str
    answer: str
    difficulty: str
    points: tuple[tuple[str, str], ...]
    verdicts: tuple[Choice, ...] = ()
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class AboutForm:
    """What a set is called and rests on."""

    title: str
    set_id: str
    description: str
    protocol: str
    mixed: bool
    new: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the check has found, of which exercise; an error keeps the set from being published."""

    text: str
    error: bool
    exercise_id: str = ""


class SetListViewProtocol(Protocol):
    """The list of teaching sets as the controller sees it."""

    open_requested: SignalInstance
    chosen: SignalInstance
    new_requested: SignalInstance
    edit_requested: SignalInstance
    withdraw_requested: SignalInstance
    withdraw_confirmed: SignalInstance
    assign_requested: SignalInstance
    assigned: SignalInstance
    unassigned: SignalInstance
    export_requested: SignalInstance
    install_requested: SignalInstance
    refresh_requested: SignalInstance

    def set_rows(self, rows: Sequence[SetRow]) -> None:
        """List the sets; the one that was chosen stays chosen."""

    def set_told(self, lines: Sequence[str]) -> None:
        """Say what is to be known of the chosen set."""

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, what is being done, or why something was refused."""

    def set_busy(self, busy: bool) -> None:
        """Switch off what changes something while something else is being done."""

    def set_hindrance(self, text: str) -> None:
        """Say why whoever looks may not teach, and switch off what only attendings do; nothing if empty."""

    def set_question(self, text: str) -> None:
        """Ask whether the chosen set is to be withdrawn."""

    def set_assigning(self, heading: str, trainees: Sequence[str], assigned: Sequence[Choice]) -> None:
        """Ask who is to practise the chosen set, and until when; list who is asked already."""

    def set_details(self) -> None:
        """Ask nothing; show what is said of the chosen set."""

    def set_shown(self) -> None:
        """Come to the front."""


class SetEditorViewProtocol(Protocol):
    """The editor of a teaching set as the controller sees it."""

    about_changed: SignalInstance
    readings_chosen: SignalInstance
    kinds_chosen: SignalInstance
    take_requested: SignalInstance
    exercise_chosen: SignalInstance
    moved: SignalInstance
    remove_requested: SignalInstance
    show_requested: SignalInstance
    difficulty_chosen: SignalInstance
    verdict_chosen: SignalInstance
    points_changed: SignalInstance
    renew_requested: SignalInstance
    check_requested: SignalInstance
    publish_requested: SignalInstance
    discard_requested: SignalInstance

    def set_heading(self, text: str) -> None:
        """Say which set and version is edited."""

    def set_protocols(self, choices: Sequence[Choice]) -> None:
        """Offer protocols."""

    def set_kinds(self, choices: Sequence[Choice], chosen: Sequence[str]) -> None:
        """Offer kinds of exercise, and show which are wanted."""

    def set_difficulties(self, choices: Sequence[Choice]) -> None:
        """Offer difficulties."""

    def set_about(self, form: AboutForm) -> None:
        """Show what the set is called and rests on."""

    def set_readings(self, rows: Sequence[StudyRow], chosen: Sequence[str]) -> None:
        """List the references, and show which are chosen."""

    def set_offer(self, text: str, *, some: bool) -> None:
        """Say how many exercises the chosen references give."""

    def set_exercises(self, rows: Sequence[ExerciseRow], chosen: str) -> None:
        """List the exercises in their order."""

    def set_exercise(self, form: ExerciseForm | None) -> None:
        """Show what is said of the chosen exercise."""

    def set_findings(self, rows: Sequence[FindingRow], summary: str, *, publishable: bool) -> None:
        """List what the check has found."""

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, what is being done, or why something was refused."""

    def set_busy(self, busy: bool) -> None:
        """Switch off what changes something while something else is being done."""

    def set_shown(self) -> None:
        """Come to the front."""

    def set_hidden(self) -> None:
        """Go away."""

    def show_first(self) -> None:
        """Show the first page, ready to type."""


Due = date | None
"""Until when a set is to be practised, if anybody says so."""
