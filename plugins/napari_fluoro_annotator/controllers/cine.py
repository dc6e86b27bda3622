"""Playing a cine: the acquisition's own clock, and which frames carry marks."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from time import perf_counter
from typing import Protocol, cast

from psygnal import SignalInstance

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import Change, FrameRef, MarkKind
from fluoro_annotator.marks.values import frame_of
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.signs import Sign, sign_of
from napari_fluoro_annotator.wiring import Wires, Wiring

ASSUMED_RATE = 10.0
"""Frames a second where a file states no times: an engineering default, and said to be one."""
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
COUNTED_SECONDS = 2.0
"""How far back the frames are counted that give the achieved rate."""
MS = 1000.0


class Pace(StrEnum):
    """What to do when the computer is slower than the acquisition was."""

    REAL_TIME = "real_time"
    EVERY_FRAME = "every_frame"


@dataclass(frozen=True, slots=True)
class StripFrame:
    """What a frame carries, for the strip: a kind for each mark, and signs of what happens."""

    index: int
    kinds: tuple[MarkKind, ...]
    signs: tuple[Sign, ...] = ()


class CineViewProtocol(Protocol):
    """The transport bar as the controller sees it."""

    play_requested: SignalInstance
    reverse_requested: SignalInstance
    step_requested: SignalInstance
    frame_requested: SignalInstance
    marked_requested: SignalInstance
    speed_chosen: SignalInstance
    pace_chosen: SignalInstance
    loop_requested: SignalInstance
    ticked: SignalInstance

    def set_frames(self, count: int) -> None:
        """Show how many frames the view has."""

    def set_current(self, index: int) -> None:
        """Show which frame is on screen."""

    def set_marked(self, frames: Sequence[StripFrame]) -> None:
        """Show which frames carry marks."""

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Show the range that is played again and again."""

    def set_playing(self, direction: int) -> None:
        """Show whether, and which way, the cine is played."""

    def set_speed(self, speed: float) -> None:
        """Show how many times faster than acquired it is played."""

    def set_rate(self, text: str, tip: str) -> None:
        """Show the rate and where it comes from."""

    def tick_in(self, milliseconds: int) -> None:
        """Emit ``ticked`` once after a time."""

    def stop_ticking(self) -> None:
        """Emit no more ``ticked``."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the frames of a view begin, and when the last one ends, in seconds of the acquisition.

    Attributes
    ----------
    starts : tuple of float
        Start of each frame, increasing, and the end of the last one.
    source : str
        Where the times come from, in words.

    """

    starts: tuple[float, ...]
    source: str

    @classmethod
    def of(cls, stack: FrameStack) -> Timetable:
        """Return the timetable of a view; several images without a common clock get an assumed rate."""
        clock = stack.images[0].clock
        known = [time for time in clock.starts_ms if time is not None]
        if len(stack.images) > 1 or len(known) != len(stack) or not _rises(known):
            rate = clock.rate if len(stack.images) == 1 and clock.rate else None
            source = clock.description if rate else texts.RATE_ASSUMED.format(rate=ASSUMED_RATE)
            return cls(tuple(index / (rate or ASSUMED_RATE) for index in range(len(stack) + 1)), source)
        last = 1 / (clock.rate or ASSUMED_RATE)
        starts = tuple(time / MS for time in known)
        return cls((*starts, starts[-1] + last), clock.description)

    @property
    def rate(self) -> float:
        """Mean frames a second."""
        return (len(self.starts) - 1) / (self.starts[-1] - self.starts[0])

    def duration(self, index: int) -> float:
        """Return how long a frame lasts, in seconds."""
        return self.starts[index + 1] - self.starts[index]

    def frame_at(self, time: float) -> int:
        """Return the frame that is on at a time."""
        return min(max(bisect_right(self.starts, time) - 1, 0), len(self.starts) - 2)


def _rises(times: Sequence[float]) -> bool:
    return all(later > earlier for earlier, later in pairwise(times))


@dataclass
class Achieved:
    """How many frames were shown lately, and how many had to be left out since play began."""

    dropped: int = 0
    _shown: deque[float] = field(default_factory=deque)

    def show(self, now: float, left_out: int) -> None:
        """Count a frame."""
        self.dropped += left_out
        self._shown.append(now)
        while now - self._shown[0] > COUNTED_SECONDS:
            self._shown.popleft()

    @property
    def rate(self) -> float | None:
        """Frames a second lately; None before there are two."""
        count = len(self._shown)
        if count <= 1 or self._shown[-1] <= self._shown[0]:
            return None
        return (count - 1) / (self._shown[-1] - self._shown[0])


class CineController:
    """Plays the view that is shown, and leads from one marked frame to the next.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : CineViewProtocol
        The transport bar.
    clock : callable
        Returns the time in seconds.

    """

    def __init__(
        self, desk: ReadingDesk, view: CineViewProtocol, *, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._desk, self._binding, self._view = desk, desk.binding, view
        self._clock = clock
        self._stack: FrameStack | None = None
        self._table = Timetable((0.0, 1.0), "")
        self._direction = 0
        self._speed = 1.0
        self._pace = Pace.REAL_TIME
        self._loop: tuple[int, int] | None = None
        self._began = (0.0, 0.0)
        self._shown_at = 0.0
        self._strip: dict[int, StripFrame] = {}
        self._achieved = Achieved()
        self._wiring = Wiring(self._wires())
        self._on_reading()

    def _wires(self) -> Wires:
        desk, view = self._desk, self._view
        return (
            (view.play_requested, self.play_or_pause),
            (view.reverse_requested, self.play_backwards),
            (view.step_requested, self.step),
            (view.frame_requested, self.go_to),
            (view.marked_requested, self.go_to_marked),
            (view.speed_chosen, self.choose_speed),
            (view.pace_chosen, self.choose_pace),
            (view.loop_requested, self.set_loop_end),
            (view.ticked, self._on_tick),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (desk.pause_requested, self.pause),
        )

    def close(self) -> None:
        """Stop and let go; may be called more than once. The window may be gone by now."""
        self._direction = 0
        self._binding.playing = False
        self._wiring.close()

    # ------------------------------------------------------------------ playing

    @property
    def playing(self) -> bool:
        """Whether the cine runs."""
        return self._direction != 0

    def play_or_pause(self) -> None:
        """Play forwards, or stop."""
        self._play(0 if self.playing else 1)

    def play_backwards(self) -> None:
        """Play backwards, or stop."""
        self._play(0 if self.playing else -1)

    def pause(self) -> None:
        """Stop where the cine is."""
        if self.playing:
            self._play(0)

    def _play(self, direction: int) -> None:
        if direction and (self._stack is None or len(self._stack) == 1):
            self._desk.say(texts.NOTHING_TO_PLAY, warning=True)
            return
        self._direction = direction
        self._binding.playing = bool(direction)
        self._view.set_playing(direction)
        if direction:
            self._achieved = Achieved()
            self._begin_here()
            self._schedule()
        else:
            self._view.stop_ticking()
            self._show_all_of_it()
        self._show_rate()

    def _show_all_of_it(self) -> None:
        """Show what was left out in passing: names of marks, and which frame it is."""
        if self._stack is not None and self._stack is self._binding.current:
            self._binding.show(self._stack, self._binding.index)

    def _begin_here(self) -> None:
        """Count from now: at this moment the frame on screen begins, or ends if played backwards."""
        index = self._binding.index
        start = self._table.starts[index if self._direction > 0 else index + 1]
        self._began = (self._clock(), start)
        self._shown_at = self._began[0]

    def _on_tick(self) -> None:
        if not self.playing or self._stack is None:
            return
        now, index = self._clock(), self._binding.index
        wanted = self._wanted(now, index)
        if wanted != index:
            left_out = max(0, (wanted - index) * self._direction - 1)
            self._achieved.show(now, left_out)
            self._shown_at = now
            self._binding.show(self._stack, wanted)
            self._view.set_current(wanted)
            self._show_rate()
        self._schedule()

    def _wanted(self, now: float, index: int) -> int:
        """Return the frame that should be on screen now."""
        first, last = self._range()
        if self._pace is Pace.EVERY_FRAME:
            following = index + self._direction
            return following if first <= following <= last else self._turn_round(first, last)
        began, start = self._began
        time = start + (now - began) * self._speed * self._direction
        if not self._table.starts[first] <= time < self._table.starts[last + 1]:
            return self._turn_round(first, last)
        return self._table.frame_at(time)

    def _turn_round(self, first: int, last: int) -> int:
        """Begin again at the other end."""
        index = first if self._direction > 0 else last
        start = self._table.starts[index if self._direction > 0 else index + 1]
        self._began = (self._clock(), start)
        return index

    def _range(self) -> tuple[int, int]:
        count = len(self._stack) if self._stack is not None else 1
        first, last = self._loop or (0, count - 1)
        return first, min(last, count - 1)

    def _schedule(self) -> None:
        """Ask for the next tick when the next frame is due."""
        index = self._binding.index
        if self._pace is Pace.EVERY_FRAME:
            due = self._table.duration(index) / self._speed - (self._clock() - self._shown_at)
        else:
            began, start = self._began
            edge = self._table.starts[index + 1 if self._direction > 0 else index]
            due = (edge - start) * self._direction / self._speed - (self._clock() - began)
        self._view.tick_in(max(1, round(due * MS)))

    # ------------------------------------------------------------------ choosing

    def choose_speed(self, speed: float) -> None:
        """Play this many times faster than acquired."""
        self._speed = speed
        self._view.set_speed(speed)
        if self.playing:
            self._begin_here()
        self._show_rate()

    def faster(self) -> None:
        """Play at the next higher speed."""
        self.choose_speed(next((speed for speed in SPEEDS if speed > self._speed), SPEEDS[-1]))

    def slower(self) -> None:
        """Play at the next lower speed."""
        self.choose_speed(next((speed for speed in reversed(SPEEDS) if speed < self._speed), SPEEDS[0]))

    def choose_pace(self, pace: str) -> None:
        """Keep to real time and leave out frames, or show every frame however long it takes."""
        self._pace = Pace(pace)
        if self.playing:
            self._begin_here()

    def set_loop_end(self, end: str) -> None:
        """Begin or end the range that is played at the frame on screen, or play everything.

        Parameters
        ----------
        end : str
            "first", "last", or empty for everything.

        """
        index = self._binding.index
        first, last = self._range()
        if end == "first":
            self._loop = (index, last if last > index else self._last())
        elif end == "last":
            self._loop = (first if first < index else 0, index)
        else:
            self._loop = None
        self._view.set_loop(self._loop)

    def loop_from_here(self) -> None:
        """Begin the range that is played at the frame on screen."""
        self.set_loop_end("first")

    def loop_to_here(self) -> None:
        """End the range that is played at the frame on screen."""
        self.set_loop_end("last")

    def loop_all(self) -> None:
        """Play everything."""
        self.set_loop_end("")

    def _last(self) -> int:
        return len(self._stack) - 1 if self._stack is not None else 0

    # ------------------------------------------------------------------ going

    def step(self, frames: int) -> None:
        """Stop, and go a number of frames on or back."""
        self.go_to(self._binding.index + frames)

    def step_on(self) -> None:
        """Show the next frame."""
        self.step(1)

    def step_back(self) -> None:
        """Show the frame before."""
        self.step(-1)

    def go_to(self, index: int) -> None:
        """Stop, and show a frame (0-based); beyond an end, the end."""
        self.pause()
        if self._stack is not None:
            self._binding.show(self._stack, min(max(index, 0), self._last()))

    def next_marked(self) -> None:
        """Show the next frame that carries a mark."""
        self.go_to_marked(1)

    def previous_marked(self) -> None:
        """Show the last frame before this one that carries a mark."""
        self.go_to_marked(-1)

    def go_to_marked(self, direction: int) -> None:
        """Show the nearest frame with a mark after (1) or before (-1) this one."""
        here = self._binding.index
        beyond = [frame.index for frame in self._marked() if (frame.index - here) * direction > 0]
        if beyond:
            self.go_to(min(beyond) if direction > 0 else max(beyond))
        else:
            self._desk.say(texts.NO_MARKED_AFTER if direction > 0 else texts.NO_MARKED_BEFORE)

    # ------------------------------------------------------------------ following

    def _on_reading(self) -> None:
        self._take(self._desk.stack)
        self._view.set_current(self._binding.index)
        self._count_all()

    def _take(self, stack: FrameStack | None) -> None:
        """Turn to a view: it has its own times, and no range yet."""
        if self._stack is stack and stack is not None:
            return
        self.pause()
        self._stack = stack
        self._loop = None
        if stack is not None:
            self._table = Timetable.of(stack)
        self._view.set_frames(0 if stack is None else len(stack))
        self._view.set_loop(None)
        self._show_rate()

    def _on_frame(self) -> None:
        if self._desk.stack is not self._stack:
            self._on_reading()
        elif not self.playing:
            self._view.set_current(self._binding.index)

    def _on_marks(self, changes: Sequence[Change]) -> None:
        """Count the marks of the frames that changed; a reading may hold thousands."""
        records = (record for change in changes for record in (change.before, change.after))
        for frame in {frame_of(record) for record in records if record is not None} - {None}:
            self._count(cast("FrameRef", frame))
        self._view.set_marked(self._marked())

    def _count_all(self) -> None:
        session = self._desk.session
        self._strip.clear()
        for frame in () if session is None else session.marked_frames:
            self._count(frame)
        self._view.set_marked(self._marked())

    def _count(self, frame: FrameRef) -> None:
        """Count the marks of one frame, if it is one of the view."""
        stack, session = self._stack, self._desk.session
        if stack is None or session is None:
            return
        index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
        if index is not None:
            marks = session.marks_on(frame)
            signs = (sign for mark in marks if (sign := sign_of(mark)) is not None)
            self._strip[index] = StripFrame(index, tuple(sorted(mark.kind for mark in marks)), tuple(signs))

    def _marked(self) -> list[StripFrame]:
        return [self._strip[index] for index in sorted(self._strip) if self._strip[index].kinds]

    def _show_rate(self) -> None:
        if self._stack is None or len(self._stack) == 1:
            self._view.set_rate("", "")
            return
        wanted = self._table.rate * self._speed
        achieved = self._achieved.rate if self.playing else None
        text = texts.RATE.format(rate=wanted)
        if achieved is not None:
            text = texts.RATE_ACHIEVED.format(achieved=achieved, rate=wanted, dropped=self._achieved.dropped)
        self._view.set_rate(text, texts.RATE_SOURCE.format(source=self._table.source))
