"""What the controllers of practice need of the window: an image, a dock to show things in, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from fluoro_annotator.protocols import Protocol as Procedure
from fluoro_annotator.training import (
    CaughtUp,
    ExerciseAnswer,
    Feedback,
    Offer,
    Question,
    Step,
    TeachingSet,
    Variant,
    Waiting,
)
from napari_fluoro_annotator.controllers.practice_draft import Draft
from napari_fluoro_annotator.controllers.protocols import (
    Choice,
    LookProtocol,
    MouseHandler,
    WindowHandler,
)
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark


class PracticeBindingProtocol(Protocol):
    """The image of an exercise, as controllers see it."""

    frame_changed: SignalInstance

    @property
    def look(self) -> LookProtocol:
        """Window, inversion and turn."""

    @property
    def current(self) -> FrameStack | None:
        """The frames of the image that is shown."""

    @property
    def index(self) -> int:
        """Index of the frame that is shown, counted from 0."""

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""

    @property
    def problem(self) -> str:
        """Why nothing can be marked on the frame that is shown, or an empty text."""

    @property
    def middle(self) -> Point:
        """The place of the image in the middle of what is seen."""

    def put(self, stack: FrameStack, index: int, variant: Variant, name: str) -> None:
        """Show a frame of an image and no other image, named in the corner."""

    def appear(self, variant: Variant) -> None:
        """Show the grey levels as an exercise does."""

    def take_away(self) -> None:
        """Show no image."""

    def show(self, stack: FrameStack, index: int | None = None) -> None:
        """Show another frame of the image."""

    def fit(self) -> None:
        """Show the whole image."""

    def draw(
        self,
        marks: Sequence[DrawnMark],
        waiting: Sequence[Point] = (),
        lines: Sequence[DrawnLine] = (),
        tip: bool = False,
    ) -> None:
        """Show these marks and no others."""

    def set_mouse_handler(self, handler: MouseHandler | None) -> None:
        """Say who is told of presses."""

    def set_window_handler(self, handler: WindowHandler | None) -> None:
        """Say who is told of drags that change the window."""

    def set_picture_note(self, note: str) -> None:
        """Say in what the picture differs from the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An exercise as the dock shows it.

    Attributes
    ----------
    kind : str
        Which controls answer it.
    prompt, why, difficulty : str
        What is asked, why now, and how hard it is.
    needle : bool
        Whether a needle is placed.
    parts : tuple of str
        What is to be named.
    view : str
        Name of the view that is judged.
    frame : str
        Which frame the question is about; empty if the image has one only.
    resumed : str
        That the exercise was interrupted; empty if it was not.

    """

    kind: str
    prompt: str
    why: str
    difficulty: str
    needle: bool = False
    parts: tuple[str, ...] = ()
    view: str = ""
    frame: str = ""
    resumed: str = ""


class ExerciseViewProtocol(Protocol):
    """The page of an exercise."""

    answered: SignalInstance
    ways_chosen: SignalInstance
    place_requested: SignalInstance
    delete_requested: SignalInstance
    undo_requested: SignalInstance
    redo_requested: SignalInstance
    commit_requested: SignalInstance
    give_up_requested: SignalInstance
    next_requested: SignalInstance
    leave_requested: SignalInstance
    frame_requested: SignalInstance

    def set_names(self, part: str, choices: Sequence[Choice]) -> None:
        """Offer names of a part: nerve, vertebra or joint; none is chosen."""

    def set_faults(self, choices: Sequence[Choice]) -> None:
        """Offer what can be wrong with a needle; none is chosen."""

    def set_asking(self, asking: Asking | None) -> None:
        """Show an exercise, with nothing answered; None for none."""

    def set_draft(self, draft: Draft, *, undo: bool, redo: bool) -> None:
        """Show what is answered, and whether something can be taken back or repeated."""

    def set_position(self, text: str) -> None:
        """Say which set is practised, and how far."""

    def set_live(self, live: bool) -> None:
        """Let the answer be changed, or not any more."""

    def set_frame_button(self, text: str) -> None:
        """Offer to go back to the frame that is asked about; nothing if it is shown."""

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or why something was refused."""

    def set_next(self, text: str) -> None:
        """Let the trainee go on, by a button of this text; nothing if there is no going on."""

    def ask(self) -> None:
        """Put the focus on the first part of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """A teaching set in the list."""

    key: str
    text: str
    note: str = ""
    urgent: bool = False


class SetsViewProtocol(Protocol):
    """The page on which a set is chosen."""

    reader_entered: SignalInstance
    set_chosen: SignalInstance
    start_requested: SignalInstance
    folder_given: SignalInstance
    folders_forgotten: SignalInstance
    retry_requested: SignalInstance
    samples_requested: SignalInstance

    def set_reader(self, name: str, *, fixed: bool) -> None:
        """Show who practises, and whether another name may be entered."""

    def set_sets(self, rows: Sequence[SetRow], chosen: str) -> None:
        """List the sets."""

    def set_about(self, text: str, facts: str) -> None:
        """Describe the set that is chosen."""

    def set_problems(self, problems: Sequence[str]) -> None:
        """Say what is wrong with it."""

    def set_folders(self, text: str, state: str) -> None:
        """Say where images are looked for, and what was found."""

    def set_start_enabled(self, enabled: bool) -> None:
        """Let practice begin."""

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or what went wrong."""

    def set_away(self, away: bool) -> None:
        """Offer to try again while the store is away."""

    def set_samples_offered(self, offered: bool) -> None:
        """Offer to install the sets that come with the program."""


class PracticePagesProtocol(Protocol):
    """The dock, which shows one page or the other."""

    def show_sets(self) -> None:
        """Show the page on which a set is chosen."""

    def show_exercise(self) -> None:
        """Show the page of the exercise."""


class FeedbackShower(Protocol):
    """Who draws and says what an answer was worth."""

    def show(self, feedback: Feedback) -> None:
        """Draw and say it."""

    def clear(self) -> None:
        """Take everything away again."""


class Engine(Protocol):
    """What chooses exercises and takes answers."""

    def next(self, set_id: str, *, ahead: bool = False) -> Offer | None:
        """Return what comes next in a set; something that is not due yet only if that is wanted."""

    def next_due(self, set_id: str) -> datetime | None:
        """Return when something of a set is due again; None if nothing of it was answered."""

    def peek(self, set_id: str) -> Question | None:
        """Return the question that is likely to come next, without asking it."""

    def keep_step(self, step: Step) -> str:
        """Keep what was done, should the program be killed; return what is wrong if that is not possible."""

    def leave(self) -> None:
        """Leave the exercise that is open; it comes first next time."""

    def commit(
        self, offer: Offer, answer: ExerciseAnswer, steps: Sequence[Step], seconds: float
    ) -> Feedback | Waiting:
        """Keep an answer for good, and only then compare it."""

    def recall(self, answer_id: str) -> Feedback:
        """Compare a committed answer once more; nothing is kept of it."""

    def catch_up(self) -> CaughtUp:
        """Score what waited for the store."""

    def counts(self, set_id: str) -> tuple[int, int]:
        """Return how many answers were given so far, and how many exercises are due or new now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFacts:
    """A teaching set, and what it is to one trainee.

    Attributes
    ----------
    teaching_set : TeachingSet
        The set.
    procedure : Procedure or None
        Its protocol; None if it is not installed.
    assigned : bool
        Whether it is assigned.
    due : datetime.date or None
        Until when.
    answered, due_now : int
        Answers so far, and exercises that are due now.
    problems : tuple of str
        What is wrong with it, a sentence each.

    """

    teaching_set: TeachingSet
    procedure: Procedure | None
    assigned: bool = False
    due: date | None = None
    answered: int = 0
    due_now: int = 0
    problems: tuple[str, ...] = ()


class SetSource(Protocol):
    """Where sets come from and answers go to."""

    @property
    def login(self) -> str:
        """The login under which a server keeps answers; empty where any name may be taken."""

    def load(self, trainee: str) -> Sequence[SetFacts]:
        """Return the sets of a store; raises FluoroAnnotatorError if it is away."""

    def engine(self, trainee: str, playable: Callable[[Question], bool] | None = None) -> Engine:
        """Return what chooses exercises for a trainee, of those that can be shown, or of all."""

    def install_samples(self) -> None:
        """Put the sets that come with the program into the store; raises FluoroAnnotatorError if it cannot."""


class ImagesProtocol(Protocol):
    """What finds the images of exercises."""

    problem: str

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that somebody has added."""

    @property
    def with_samples(self) -> bool:
        """Whether the sample studies are looked at, too."""

    @property
    def looking(self) -> bool:
        """Whether folders are being looked through."""

    @property
    def progress(self) -> tuple[int, int]:
        """How many files were looked at, and of how many."""

    def add(self, folder: Path) -> None:
        """Look into another folder, too."""

    def forget(self) -> None:
        """Look at the sample studies only."""

    def take_in(self) -> bool:
        """Take in what a search has found, if it is done; return whether it was."""

    @property
    def count(self) -> int:
        """How many images are known."""

    def __contains__(self, sop_instance_uid: object) -> bool:
        """Return whether an image is known."""

    def missing(self, uids: Iterable[str]) -> frozenset[str]:
        """Return which images were not found."""

    def stack(self, sop_instance_uid: str) -> FrameStack:
        """Return the frames of an image."""

    def read_ahead(self, sop_instance_uid: str, index: int) -> None:
        """Begin to read a frame that is likely to be shown next."""
