"""What is on the desk: the study that is shown, the reading of it, and whether it is stored.

Every panel of the dock works on the same desk, so that all of them speak of the same reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from psygnal import Signal

from fluoro_annotator.anatomy import Anatomy, load_anatomy
from fluoro_annotator.errors import FluoroAnnotatorError, MarkError
from fluoro_annotator.marks import Purpose
from fluoro_annotator.marks.reading import checked_reader
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.sitting import SeenProtocol, Sitting
from napari_fluoro_annotator.controllers.wording import save_text, submitted_at
from napari_fluoro_annotator.studies import study_record
from napari_fluoro_annotator.wiring import Wires, Wiring

if TYPE_CHECKING:
    from fluoro_annotator.dicom import FrameStack
    from fluoro_annotator.marks import Draft, FrameRef, Mark, MarkSession, StudyRecord
    from fluoro_annotator.store import SaveState, StoreRecorder
    from napari_fluoro_annotator.controllers.protocols import BindingProtocol, OpenReading


class ReadingKey(NamedTuple):
    """What tells one reading from another: one reader has one of a study for each purpose."""

    study: str
    reader: str
    purpose: Purpose


class ReadingDesk:
    """The reading that is worked on, and those of other studies, readers and purposes that are open.

    Parameters
    ----------
    binding : BindingProtocol
        Views and frames.
    open_reading : OpenReading
        Opens the reading of a reader on a study for a purpose.
    reader : str
        Who reads.
    purpose : Purpose
        What for.
    login : str
        The login under which a server keeps readings; then it is the reader, whoever is given.
    anatomy : Anatomy, optional
        The table of nerves.
    seen : SeenProtocol, optional
        What remembers how far readings were seen when their study was closed.

    Attributes
    ----------
    reading_changed : psygnal.Signal
        Emitted after another reading, or none, is worked on, and after views came or went.
    frame_changed : psygnal.Signal
        Emitted after another frame of the same study is shown.
    marks_changed : psygnal.Signal
        Emitted with a tuple of `Change` after the reading changed.
    selection_changed : psygnal.Signal
        Emitted with the identifier of the selected mark, or None.
    saved_changed : psygnal.Signal
        Emitted after something was stored or could not be.
    merged : psygnal.Signal
        Emitted with changes that were made elsewhere in the same reading and were taken in, oldest
        first, and the identifiers of marks that were changed here, too, and stay as they are here.
    pause_requested : psygnal.Signal
        Emitted when a cine that is played has to stop.
    said : psygnal.Signal
        Emitted with a sentence for the reader, and whether it is a warning.

    """

    reading_changed = Signal()
    frame_changed = Signal()
    marks_changed = Signal(tuple)
    selection_changed = Signal(object)
    saved_changed = Signal()
    merged = Signal(tuple, tuple)
    pause_requested = Signal()
    said = Signal(str, bool)

    def __init__(
        self,
        binding: BindingProtocol,
        open_reading: OpenReading,
        *,
        reader: str,
        purpose: Purpose = Purpose.PROCEDURE,
        login: str = "",
        anatomy: Anatomy | None = None,
        seen: SeenProtocol | None = None,
    ) -> None:
        self.binding = binding
        self.anatomy = anatomy or load_anatomy()
        self.login = login
        self.reader = login or reader
        self.purpose = purpose
        self._refused: FluoroAnnotatorError | None = None
        self._open_reading = open_reading
        self._seen = seen
        self._open: dict[ReadingKey, Sitting] = {}
        self._catching_up = False
        self._key: ReadingKey | None = None
        self._closed = False
        self._following = Wiring()
        self._wiring = Wiring(self._wires())
        self._enter()

    def _wires(self) -> Wires:
        return (
            (self.binding.views_changed, self._on_views),
            (self.binding.frame_changed, self._on_frame),
        )

    def close(self) -> None:
        """Let go of everything; marks are stored already, or in a rescue file.

        The window may be gone by now, so nothing is said any more. May be called more than once.
        """
        if self._closed:
            return
        self._closed = True
        self._wiring.close()
        self._following.close()
        for sitting in self._open.values():
            sitting.recorder.state_changed.disconnect(self._on_saved, missing_ok=True)
            sitting.close()

    # ------------------------------------------------------------------ what is worked on

    @property
    def refusal(self) -> str:
        """Why there is no reading of the study that is shown; empty if there is one."""
        return "" if self._refused is None else texts.STORE_CLOSED.format(problem=self._refused)

    @property
    def session(self) -> MarkSession | None:
        """The reading of the study that is shown."""
        return None if self.sitting is None else self.sitting.session

    @property
    def recorder(self) -> StoreRecorder | None:
        """What stores the reading of the study that is shown."""
        return None if self.sitting is None else self.sitting.recorder

    @property
    def sitting(self) -> Sitting | None:
        """The reading of the study that is shown, and what it held when."""
        return None if self._key is None else self._open[self._key]

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""
        return self.binding.frame

    @property
    def stack(self) -> FrameStack | None:
        """The view that is shown."""
        return self.binding.current

    def change_reader(self, name: str) -> bool:
        """Go on as another reader, with that reader's own marks; return whether the name can be used."""
        try:
            reader = checked_reader(name)
        except MarkError as error:
            self.say_error(error)
            return False
        if self.login and reader != self.login:
            self.say(texts.READER_IS_LOGIN.format(login=self.login), warning=True)
            return False
        if reader != self.reader:
            self.reader = reader
            self._enter()
        return True

    def change_purpose(self, purpose: Purpose) -> bool:
        """Go on with the own reading for another purpose; return whether there can be one.

        If the store refuses it, the reading that was worked on stays.
        """
        former, stays = self.purpose, self._key is not None
        if purpose is former:
            return True
        self.purpose = purpose
        self._enter()
        refused = self._refused
        if refused is not None and stays:
            self.purpose = former
            self._enter()
            self.say_error(refused)
        return refused is None

    def go_to(self, mark: Mark) -> None:
        """Show the frame that a mark is on, or say that it is not open."""
        self.go_to_frame(mark.frame)

    def go_to_frame(self, frame: FrameRef) -> None:
        """Show a frame, or say that its image is not open."""
        for stack in self.binding.stacks:
            index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
            if index is not None:
                self.binding.show(stack, index)
                return
        self.say(texts.NOT_LOADED, warning=True)

    def retry(self) -> None:
        """Try again to store what could not be stored, and to open what could not be opened."""
        for sitting in tuple(self._open.values()):
            if sitting.recorder.state.problem:
                sitting.recorder.retry()
        if self.refusal:
            self._enter()

    def retry_waiting(self) -> None:
        """Try again, unless that would keep the reader waiting: a slow store is knocked at in the background."""
        for sitting in tuple(self._open.values()):
            if sitting.recorder.state.problem and not sitting.recorder.slow:
                sitting.recorder.retry()
        if self.refusal:
            self._enter()

    @property
    def waiting(self) -> tuple[StoreRecorder, ...]:
        """The recorders whose store is away and takes long to say so."""
        return tuple(sitting.recorder for sitting in self._open.values() if sitting.recorder.slow)

    # ------------------------------------------------------------------ saying

    def say(self, text: str, *, warning: bool = False) -> None:
        """Tell the reader something."""
        self.said.emit(text, warning)

    def say_error(self, error: FluoroAnnotatorError) -> None:
        """Tell the reader why something was refused."""
        self.say(str(error), warning=True)

    def keep(self, edit: Callable[[], object]) -> bool:
        """Make an edit; say why if it is refused, and return whether it was made."""
        try:
            edit()
        except FluoroAnnotatorError as error:
            self.say_error(error)
            return False
        return True

    def saved_text(self) -> tuple[str, bool]:
        """Return what is to be said of saving, and whether all is well.

        It is the state of the reading on the screen, unless another one has changes that are not stored.
        """
        if self.refusal:
            return self.refusal, False
        current = [] if self.recorder is None else [self.recorder.state]
        states = [*current, *(sitting.recorder.state for sitting in self._open.values())]
        told = next((state for state in states if state.pending), current[0] if current else None)
        if told is None:
            return "", True
        marks = len(self.session.marks) if self.session is not None else 0
        text, saved = save_text(told, marks), told.saved and not told.problem
        submitted = "" if self.session is None else submitted_at(self.session)
        if submitted:
            text = texts.SUBMITTED_STATE.format(submitted=submitted, saved=text)
        return text, saved

    # ------------------------------------------------------------------ following

    def _on_views(self) -> None:
        studies = {stack.study_uid for stack in self.binding.stacks}
        for key, sitting in self._open.items():
            if key.study not in studies:
                sitting.go_away()
        self._enter()

    def _on_frame(self) -> None:
        study = self.stack.study_uid if self.stack is not None else None
        if self._key is None or study != self._key.study or self._is_new():
            self._enter()
        else:
            self.frame_changed.emit()

    def _is_new(self) -> bool:
        """Return whether the image that is shown was opened a moment ago, so that the reading does not know it."""
        session, frame = self.session, self.frame
        return session is not None and frame is not None and frame.sop_instance_uid not in session.study

    def _enter(self) -> None:
        """Take up the reading of the study that is shown."""
        self._following.close()
        self._key = None
        self._refused = None
        if self.stack is not None:
            self._open_key(ReadingKey(self.stack.study_uid, self.reader, self.purpose))
        self.reading_changed.emit()

    def _open_key(self, key: ReadingKey) -> None:
        stacks = [stack for stack in self.binding.stacks if stack.study_uid == key.study]
        try:
            session = self._opened(key, study_record(key.study, stacks))
        except FluoroAnnotatorError as error:
            self._refused = error
            return
        self._open[key].come_back()
        recorder = self._open[key].recorder
        self._following = Wiring(
            (
                (session.changed, self._on_marks),
                (session.selection_changed, self._on_selection),
                (recorder.begun, self._on_begun),
                (recorder.merged, self._on_merged),
            )
        )
        self._key = key

    def _opened(self, key: ReadingKey, record: StudyRecord) -> MarkSession:
        """Return the session of a reading, with the images that are open now."""
        if key not in self._open:
            self._open[key] = Sitting(*self._open_reading(record, key.reader, key.purpose), self._seen)
            self._open[key].recorder.state_changed.connect(self._on_saved)
        session, recorder = self._open[key].session, self._open[key].recorder
        if any(image.sop_instance_uid not in session.study for image in record.images):
            session.study = session.study.merged(record)
            recorder.extend_study(session.study)
        return session

    def _on_marks(self, changes: tuple[object, ...]) -> None:
        self.marks_changed.emit(changes)

    def _on_selection(self, mark_id: str | None) -> None:
        self.selection_changed.emit(mark_id)

    def _on_begun(self, reading: object) -> None:  # noqa: ARG002 - the session knows it
        """Take note that the store is reached at last: what it holds was made before, not meanwhile."""
        self._catching_up = True

    def _on_merged(self, found: tuple[Draft, ...], kept: tuple[str, ...]) -> None:
        sitting = self.sitting
        if sitting is None:
            return
        if self._catching_up:
            sitting.catch_up(found, kept)
        else:
            sitting.meet(found)
            self.merged.emit(found, kept)

    def _on_saved(self, state: SaveState) -> None:  # noqa: ARG002 - the states of all readings count
        self._catching_up = False  # it comes last, also where the store held nothing
        self.saved_changed.emit()
