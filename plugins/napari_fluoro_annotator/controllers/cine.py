"""Playing a cine: the acquisition's own clock, and which frames carry marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from time import perf_counter
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import Change
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.marked_frames import MarkedFrames, StripFrame
from napari_fluoro_annotator.controllers.timetable import MS, Achieved, Timetable
from napari_fluoro_annotator.wiring import Wires, Wiring

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)


class Pace(StrEnum):
    """What to do when the computer is slower than the acquisition was."""

    REAL_TIME = "real_time"
    EVERY_FRAME = "every_frame"


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
        self._marked = MarkedFrames(desk)
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
        beyond = [frame.index for frame in self._marked.frames() if (frame.index - here) * direction > 0]
        if beyond:
            self.go_to(min(beyond) if direction > 0 else max(beyond))
        else:
            self._desk.say(texts.NO_MARKED_AFTER if direction > 0 else texts.NO_MARKED_BEFORE)

    # ------------------------------------------------------------------ following

    def _on_reading(self) -> None:
        self._take(self._desk.stack)
        self._view.set_current(self._binding.index)
        self._marked.count(self._stack)
        self._show_marked()

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
        self._marked.take_in(changes)
        self._show_marked()

    def _show_marked(self) -> None:
        self._view.set_marked(self._marked.frames())

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
