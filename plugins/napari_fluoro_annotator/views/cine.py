"""The transport bar: play, step, speed, loop, and the strip of frames."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.cine import SPEEDS, Pace
from napari_fluoro_annotator.controllers.marked_frames import StripFrame
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.parts import tool_button
from napari_fluoro_annotator.views.strip import Strip

PLAY = "\N{BLACK RIGHT-POINTING TRIANGLE}"
PAUSE = "\N{MEDIUM VERTICAL BAR}\N{MEDIUM VERTICAL BAR}"
LOOP_ENDS = (
    ("first", texts.LOOP_FROM, texts.LOOP_FROM_TIP, "loop_from_here"),
    ("last", texts.LOOP_TO, texts.LOOP_TO_TIP, "loop_to_here"),
    ("", texts.LOOP_ALL, texts.LOOP_ALL_TIP, "loop_all"),
)


class CineView(QWidget):
    """The transport bar: ``set_*`` in, signals out.

    Attributes
    ----------
    play_requested, reverse_requested, ticked : psygnal.Signal
        Emitted without a value.
    step_requested, frame_requested, marked_requested : psygnal.Signal
        Emitted with a number of frames, a frame index, or 1 and -1 for after and before.
    speed_chosen, pace_chosen, loop_requested : psygnal.Signal
        Emitted with a factor, a `Pace`, or the end of the range that is looped.

    """

    play_requested = Signal()
    reverse_requested = Signal()
    step_requested = Signal(int)
    frame_requested = Signal(int)
    marked_requested = Signal(int)
    speed_chosen = Signal(float)
    pace_chosen = Signal(str)
    loop_requested = Signal(str)
    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._count = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        self._strip = Strip()
        self._strip.frame_requested.connect(self._on_frame)
        layout.addWidget(self._strip)
        layout.addLayout(self._build_bar())
        self.set_frames(0)

    def _build_bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        buttons = (
            ("first", "\N{BLACK LEFT-POINTING TRIANGLE}|", texts.FIRST_TIP, "", self._on_first),
            ("previous_marked", "\N{BULLET}\N{LEFTWARDS ARROW}", texts.PREVIOUS_MARKED_TIP, "previous_marked", self._on_before),
            ("step_back", "-1", texts.STEP_BACK_TIP, "step_back", self._on_step_back),
            ("reverse", "\N{BLACK LEFT-POINTING TRIANGLE}", texts.REVERSE_TIP, "play_backwards", self._on_reverse),
            ("play", PLAY, texts.PLAY_TIP, "play_or_pause", self._on_play),
            ("step_on", "+1", texts.STEP_ON_TIP, "step_on", self._on_step_on),
            ("next_marked", "\N{RIGHTWARDS ARROW}\N{BULLET}", texts.NEXT_MARKED_TIP, "next_marked", self._on_after),
            ("last", "|\N{BLACK RIGHT-POINTING TRIANGLE}", texts.LAST_TIP, "", self._on_last),
        )  # fmt: skip
        self._buttons: dict[str, QToolButton] = {}
        for name, sign, tip, action, slot in buttons:
            button = tool_button(f"cine_{name}", sign, tip.format(key=SHOWN.get(action, "")))
            button.setAccessibleName(tip.split(" (")[0])
            button.clicked.connect(slot)
            self._buttons[name] = button
            row.addWidget(button)
        row.addSpacing(8)
        self._add_choices(row)
        row.addSpacing(8)
        self._add_loop(row)
        row.addStretch(1)
        self._rate = QLabel()
        self._rate.setObjectName("rate")
        self._rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._rate)
        return row

    def _add_choices(self, row: QHBoxLayout) -> None:
        self._speed = QComboBox()
        self._speed.setObjectName("speed")
        self._speed.setAccessibleName(texts.SPEED)
        self._speed.setToolTip(texts.SPEED_TIP.format(slower=SHOWN["slower"], faster=SHOWN["faster"]))
        for speed in SPEEDS:
            self._speed.addItem(texts.SPEED_VALUE.format(speed=speed), speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.currentIndexChanged.connect(self._on_speed)
        row.addWidget(self._speed)
        self._pace = QComboBox()
        self._pace.setObjectName("pace")
        self._pace.setAccessibleName(texts.PACE)
        self._pace.setToolTip(texts.PACE_TIP)
        self._pace.addItem(texts.PACE_REAL_TIME, Pace.REAL_TIME.value)
        self._pace.addItem(texts.PACE_EVERY_FRAME, Pace.EVERY_FRAME.value)
        self._pace.currentIndexChanged.connect(self._on_pace)
        row.addWidget(self._pace)

    def _add_loop(self, row: QHBoxLayout) -> None:
        for end, text, tip, action in LOOP_ENDS:
            button = tool_button(f"loop_{end or 'all'}", text, tip.format(key=SHOWN[action]))
            button.setProperty("end", end)
            button.clicked.connect(self._on_loop)
            self._buttons[f"loop_{end or 'all'}"] = button
            row.addWidget(button)

    # ------------------------------------------------------------------ set

    def set_frames(self, count: int) -> None:
        """Show how many frames the view has; with one there is nothing to play."""
        self._count = count
        self._strip.set_frames(count)
        for button in self._buttons.values():
            button.setEnabled(count > 1)

    def set_current(self, index: int) -> None:
        """Show which frame is on screen."""
        self._strip.set_current(index)

    def set_marked(self, frames: Sequence[StripFrame]) -> None:
        """Show which frames carry marks."""
        self._strip.set_marked(frames)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Show the range that is played again and again."""
        self._strip.set_loop(loop)

    def set_playing(self, direction: int) -> None:
        """Show whether, and which way, the cine is played."""
        self._buttons["play"].setText(PAUSE if direction else PLAY)
        self._buttons["play"].setAccessibleName(texts.PAUSE if direction else texts.PLAY)
        self._buttons["reverse"].setDown(direction < 0)

    def set_speed(self, speed: float) -> None:
        """Show how many times faster than acquired it is played."""
        blocked = self._speed.blockSignals(True)
        self._speed.setCurrentIndex(SPEEDS.index(speed))
        self._speed.blockSignals(blocked)

    def set_rate(self, text: str, tip: str) -> None:
        """Show the rate and where it comes from."""
        self._rate.setText(text)
        self._rate.setToolTip(tip)

    def tick_in(self, milliseconds: int) -> None:
        """Emit ``ticked`` once after a time."""
        self._timer.start(milliseconds)

    def stop_ticking(self) -> None:
        """Emit no more ``ticked``."""
        self._timer.stop()

    # ------------------------------------------------------------------ what the reader does

    def _on_timeout(self) -> None:
        self.ticked.emit()

    def _on_play(self) -> None:
        self.play_requested.emit()

    def _on_reverse(self) -> None:
        self.reverse_requested.emit()

    def _on_step_back(self) -> None:
        self.step_requested.emit(-1)

    def _on_step_on(self) -> None:
        self.step_requested.emit(1)

    def _on_first(self) -> None:
        self.frame_requested.emit(0)

    def _on_last(self) -> None:
        self.frame_requested.emit(self._count - 1)

    def _on_before(self) -> None:
        self.marked_requested.emit(-1)

    def _on_after(self) -> None:
        self.marked_requested.emit(1)

    def _on_frame(self, index: int) -> None:
        self.frame_requested.emit(index)

    def _on_speed(self) -> None:
        self.speed_chosen.emit(float(self._speed.currentData()))

    def _on_pace(self) -> None:
        self.pace_chosen.emit(self._pace.currentData())

    def _on_loop(self) -> None:
        self.loop_requested.emit(self.sender().property("end"))
