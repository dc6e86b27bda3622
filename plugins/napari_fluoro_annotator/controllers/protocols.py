"""What the controller of the Annotate dock needs: a view to show things in and a way to open readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import Display, DisplayOptions, FrameStack
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import Turn
from fluoro_annotator.marks import FrameRef, Mark, MarkSession, Purpose, StudyRecord
from fluoro_annotator.store import StoreRecorder
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark, Handle


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a list to choose from."""

    key: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A row of the table of marks."""

    mark_id: str
    kind: str
    label: str
    view: str
    frame: int


class MouseHandler(Protocol):
    """What is told of the mouse; positions are those of the image that is shown."""

    def press(self, point: Point, handle: Handle | None, *, shifted: bool = False) -> bool:
        """Take a press, with Shift or without; return whether the drag that may follow is wanted too."""

    def drag(self, point: Point) -> None:
        """Follow a drag."""

    def release(self, point: Point) -> None:
        """Finish a drag."""


class WindowHandler(Protocol):
    """What is told of drags that change the window."""

    def begin(self) -> None:
        """Remember the window that is shown."""

    def drag(self, right: float, up: float) -> None:
        """Change it by so many pixels of the screen, counted from the press."""

    def end(self) -> None:
        """Keep it."""


class LookProtocol(Protocol):
    """How the view that is shown looks, as controllers see it."""

    changed: SignalInstance
    turned: SignalInstance

    @property
    def limits(self) -> tuple[float, float] | None:
        """Values shown as the darkest and the brightest; None for colour."""

    @property
    def chosen_by_hand(self) -> bool:
        """Whether the window is not that of the file."""

    @property
    def inverted(self) -> bool:
        """Whether small values are bright."""

    @property
    def turn(self) -> Turn:
        """How the view is turned and mirrored."""

    def turn_of(self, stack: FrameStack) -> Turn:
        """Return how a view is turned and mirrored when it is shown."""

    def set_limits(self, limits: tuple[float, float]) -> None:
        """Show these values as the darkest and the brightest."""

    def set_inverted(self, inverted: bool) -> None:
        """Show small values bright, or dark."""

    def set_turn(self, turn: Turn) -> None:
        """Turn or mirror the view."""

    def choose(self, options: DisplayOptions, index: int) -> None:
        """Show the frames in another way."""

    def as_prescribed(self, index: int) -> None:
        """Take the window that belongs to a frame."""


class PlacingTool(Protocol):
    """What presses go to while it is armed."""

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; return the mark that it completes, or None if more are needed."""

    def finish(self) -> Mark | None:
        """Return the mark if it needs no further press, otherwise None."""

    def step_back(self) -> bool:
        """Forget the press before; return whether there was one."""

    def leave_for(self, frame: FrameRef) -> bool:
        """Take note that another frame is shown; return whether presses were forgotten."""

    def waiting_on(self, frame: FrameRef) -> Sequence[Point]:
        """Return the points of an incomplete mark that are on a frame."""

    def hint(self) -> str:
        """Return what to do next."""

    def clear(self) -> None:
        """Forget everything: the tool is put away."""


@runtime_checkable
class BendingTool(PlacingTool, Protocol):
    """A tool whose marks have a shaft that bends."""

    def bend(self, frame: FrameRef, point: Point) -> None:
        """Take a press with Shift: the shaft bends there."""


@runtime_checkable
class TipTool(PlacingTool, Protocol):
    """A tool whose first point may be the tip of a needle."""

    @property
    def tip_first(self) -> bool:
        """Whether it is."""


class Panel(Protocol):
    """A part of the window that works on the desk; keys call its methods."""

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once, and when the window is gone."""


class AnnotateViewProtocol(Protocol):
    """The widget of the Annotate dock as the controller sees it."""

    nerve_chosen: SignalInstance
    side_chosen: SignalInstance
    vertebra_chosen: SignalInstance
    tool_chosen: SignalInstance
    view_chosen: SignalInstance
    mark_chosen: SignalInstance
    reader_entered: SignalInstance
    relabel_requested: SignalInstance
    delete_requested: SignalInstance
    undo_requested: SignalInstance
    redo_requested: SignalInstance
    retry_requested: SignalInstance
    retry_due: SignalInstance
    hidden: SignalInstance

    def set_nerves(self, choices: Sequence[Choice]) -> None:
        """Offer these nerves."""

    def set_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae."""

    def set_nerve(self, key: str) -> None:
        """Show which nerve is chosen."""

    def set_vertebra(self, key: str) -> None:
        """Show which vertebra is chosen."""

    def set_side(self, side: Side | None) -> None:
        """Show which side is chosen."""

    def set_study(self, text: str) -> None:
        """Show which study is read."""

    def set_reader(self, name: str) -> None:
        """Show who reads."""

    def set_login(self, text: str) -> None:
        """Say that a server knows who reads, so that no other name can be typed; nothing if it takes any."""

    def set_views(self, rows: Sequence[str], current: int | None) -> None:
        """List the views and show which is on screen."""

    def set_frame(self, text: str) -> None:
        """Say which frame of the view is on screen."""

    def set_tool(self, tool: str | None) -> None:
        """Show which tool waits for a press."""

    def set_hint(self, text: str, *, warning: bool = False) -> None:
        """Say what to do next, or why something was refused."""

    def set_marks(self, rows: Sequence[MarkRow]) -> None:
        """List the marks."""

    def put_mark(self, row: MarkRow) -> None:
        """Show a mark in the list as it is now."""

    def remove_mark(self, mark_id: str) -> None:
        """Show a mark in the list no more."""

    def set_selected(self, mark_id: str | None) -> None:
        """Show which mark is selected."""

    def set_undo(self, text: str) -> None:
        """Show what can be undone, nothing if empty."""

    def set_redo(self, text: str) -> None:
        """Show what can be redone, nothing if empty."""

    def set_save_state(self, text: str, *, saved: bool) -> None:
        """Show whether everything is stored."""

    def set_marking_enabled(self, enabled: bool) -> None:
        """Allow or forbid marking."""

    def ask_for_export(self) -> None:
        """Ask where to export to."""


class BindingProtocol(Protocol):
    """The layer binding as the controller sees it."""

    views_changed: SignalInstance
    frame_changed: SignalInstance
    playing: bool

    @property
    def look(self) -> LookProtocol:
        """Window, inversion and turn of the view that is shown."""

    @property
    def stacks(self) -> tuple[FrameStack, ...]:
        """The views that are open."""

    @property
    def current(self) -> FrameStack | None:
        """The view that is shown."""

    @property
    def index(self) -> int:
        """Index of the frame that is shown, counted from 0."""

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""

    @property
    def problem(self) -> str:
        """Why nothing can be marked on the frame that is shown, or an empty text."""

    def show(self, stack: FrameStack, index: int | None = None) -> None:
        """Show a view."""

    def draw(
        self,
        marks: Sequence[DrawnMark],
        waiting: Sequence[Point] = (),
        lines: Sequence[DrawnLine] = (),
        tip: bool = False,
    ) -> None:
        """Show these marks, the points of one that is not complete (tip first or not), and lines beneath them."""

    def set_caption_note(self, note: str) -> None:
        """Put something on a line of its own below the caption of the image."""

    def set_mouse_handler(self, handler: MouseHandler | None) -> None:
        """Say who is told of presses."""

    def set_window_handler(self, handler: WindowHandler | None) -> None:
        """Say who is told of drags that change the window."""

    def set_purpose_note(self, note: str) -> None:
        """Say on the image what the reading is for, if it is not for the procedure."""

    def set_picture_note(self, note: str) -> None:
        """Say beneath the caption in what the picture differs from the file."""

    def display_at(self, stack: FrameStack, index: int) -> Display:
        """Return how a frame of a view is shown: as the file prescribes, or as the reader has set."""

    def patch(self, point: Point, reach: int) -> npt.NDArray[np.uint8] | None:
        """Return what lies around a point of the frame shown, as colours, turned as on the screen."""

    def share_across(self, point: Point) -> float:
        """Return how far across the screen a point of the frame is: 0 at its left edge, 1 at its right."""

    def fit(self) -> None:
        """Show the whole of the view."""

    def actual_size(self, pixel_ratio: float) -> None:
        """Show one pixel of the image as one of the screen."""

    def disconnect(self) -> None:
        """Let go of the viewer."""


class OpenReading(Protocol):
    """Opens the reading of one reader on one study for one purpose, and what stores it."""

    def __call__(
        self, study: StudyRecord, reader: str, purpose: Purpose
    ) -> tuple[MarkSession, StoreRecorder]:
        """Return the session and its recorder."""
