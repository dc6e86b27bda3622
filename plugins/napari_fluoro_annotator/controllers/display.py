"""The Display panel: window, inversion, turning, zoom, what covers the image, and what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from weakref import WeakKeyDictionary

from fluoro_annotator.dicom import DisplayOptions, FrameStack, Image, Window
from fluoro_annotator.dicom.display import Display
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry.orientation import AS_STORED, Turn
from fluoro_annotator.marks import Change, UserCalibration
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.display_view import DisplayViewProtocol, cover_notes, turn_text
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.view_facts import facts_of
from napari_fluoro_annotator.controllers.windows import (
    FILE,
    OWN,
    PERCENTILES,
    RANGE,
    Preset,
    full_range,
    function_of,
    limits_of,
    options_for,
    percentiles,
    presets_of,
    window_of,
)
from napari_fluoro_annotator.shown_frames import NOT_SUBTRACTED
from napari_fluoro_annotator.wiring import Wires, Wiring

WHOLE_RANGE_PX = 512.0
"""How far to drag for as many grey values as the file can hold: an engineering default."""

Limits = tuple[float, float]


class DisplayController:
    """What the Display panel does; choices are kept for each view while it is open.

    What was chosen stands on the image, not in the hint: that belongs to the tool that waits for a press.

    Parameters
    ----------
    desk : ReadingDesk
        What is worked on.
    view : DisplayViewProtocol
        The page.

    """

    def __init__(self, desk: ReadingDesk, view: DisplayViewProtocol) -> None:
        self._desk, self._binding, self._look, self._view = desk, desk.binding, desk.binding.look, view
        self._presets: WeakKeyDictionary[FrameStack, str] = WeakKeyDictionary()
        self._offered: list[Preset] = []
        self._own = False
        self._dragged: tuple[Window, str, float] | None = None
        self._wiring = Wiring(self._wires())
        self._binding.set_window_handler(self)
        self._on_frame()

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
        return (
            (view.preset_chosen, self.choose_preset),
            (view.window_entered, self.enter_window),
            (view.file_requested, self.as_file),
            (view.invert_requested, self.invert),
            (view.turn_requested, self.choose_turn),
            (view.fit_requested, self.fit),
            (view.actual_size_requested, self.actual_size),
            (view.overlays_chosen, self.show_overlays),
            (view.shutter_chosen, self.show_shutter),
            (view.mask_chosen, self.subtract_mask),
            (desk.reading_changed, self._on_frame),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (self._look.changed, self._on_look),
        )

    def close(self) -> None:
        """Let go; may be called more than once, and when the window is gone."""
        self._wiring.close()
        self._binding.set_window_handler(None)

    # ------------------------------------------------------------------ what is shown

    @property
    def _stack(self) -> FrameStack | None:
        return self._desk.stack

    def _image(self, stack: FrameStack) -> tuple[Image, int]:
        """Return the image that is shown, and the index of the frame in it."""
        index = self._binding.index
        return stack.image_at(index), stack.frame_ref(index)[1] - 1

    def _display(self, stack: FrameStack) -> Display | None:
        """Return how the frame is shown as the file says; None if that takes a frame that cannot be read."""
        try:
            return stack.display_at(self._binding.index)
        except FluoroAnnotatorError:
            return None

    def _function(self, stack: FrameStack) -> str:
        display = self._display(stack)
        return "" if display is None else function_of(*self._image(stack), display)

    def _shown_window(self, stack: FrameStack) -> Window | None:
        limits = self._look.limits
        return None if limits is None else window_of(limits, self._function(stack))

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """While it lasts, a new window is one that we know of."""
        before, self._own = self._own, True
        try:
            yield
        finally:
            self._own = before

    # ------------------------------------------------------------------ window

    def choose_preset(self, key: str) -> None:
        """Take a window of the file, the full range, or percentiles of the frame that is shown."""
        stack = self._stack
        preset = next((offered for offered in self._offered if offered.key == key), None)
        if stack is None or preset is None:
            return
        with self._own_change():
            done = self._take_preset(stack, preset)
        if done:
            self._presets[stack] = key
        self._show_all()

    def _take_preset(self, stack: FrameStack, preset: Preset) -> bool:
        if preset.key in (RANGE, PERCENTILES):
            limits = self._computed(stack, preset.key)
            if limits is not None:
                self._look.set_limits(limits)
            return limits is not None
        return self._choose(options_for(preset, stack.options))

    def _computed(self, stack: FrameStack, key: str) -> Limits | None:
        display = self._display(stack)
        if key == PERCENTILES:
            return percentiles(stack, self._binding.index)
        return None if display is None else full_range(*self._image(stack), display)

    def next_preset(self) -> None:
        """Take the next window of the list."""
        keys = [preset.key for preset in self._offered]
        stack = self._stack
        if stack is None or not keys:
            self._desk.say(texts.NO_WINDOW if stack is not None else texts.NEED_VIEW, warning=True)
            return
        shown = self._preset(stack)
        self.choose_preset(keys[(keys.index(shown) + 1) % len(keys) if shown in keys else 0])

    def enter_window(self, center: float, width: float) -> None:
        """Take a window of the reader's own."""
        stack = self._stack
        if stack is None or self._look.limits is None:
            return
        if width <= 0:
            self._desk.say(texts.WINDOW_TOO_NARROW, warning=True)
            self._show_window()
            return
        self._set_own(stack, limits_of(Window(center, width), self._function(stack)))

    def _set_own(self, stack: FrameStack, limits: Limits) -> None:
        self._presets[stack] = OWN
        with self._own_change():
            self._look.set_limits(limits)
        self._show_window()

    def begin(self) -> None:
        """Take hold of the window: a drag on the image changes it."""
        stack = self._stack
        window = None if stack is None else self._shown_window(stack)
        self._dragged = None
        if stack is None or window is None:
            self._desk.say(texts.NO_WINDOW, warning=True)
            return
        low, high = self._computed(stack, RANGE) or self._look.limits or (0.0, 1.0)
        self._dragged = (window, self._function(stack), (high - low) / WHOLE_RANGE_PX)

    def drag(self, right: float, up: float) -> None:
        """Change the window: to the right it becomes wider, upwards its centre grows.

        Parameters
        ----------
        right, up : float
            Pixels of the screen since the press.

        """
        stack = self._stack
        if self._dragged is None or stack is None:
            return
        window, function, step = self._dragged
        width = max(window.width + right * step, step)
        self._set_own(stack, limits_of(Window(window.center + up * step, width), function))

    def end(self) -> None:
        """Let go of the window."""
        self._dragged = None

    # ------------------------------------------------------------------ as the file says

    def as_file(self) -> None:
        """Show everything as the file says, unturned and with nothing laid over it."""
        stack = self._stack
        if stack is None:
            return
        with self._own_change():
            self._presets.pop(stack, None)
            if self._choose(NOT_SUBTRACTED):
                display = self._display(stack)
                self._look.set_inverted(display is not None and display.inverted)
        self._look.set_turn(AS_STORED)
        self._show_all()

    def invert(self) -> None:
        """Exchange black and white."""
        if self._look.limits is None:
            self._desk.say(texts.NO_WINDOW, warning=True)
            return
        self._look.set_inverted(not self._look.inverted)

    # ------------------------------------------------------------------ turning and zoom

    def rotate_right(self) -> None:
        """Turn the view clockwise by 90 degrees."""
        self._turn_to(self._look.turn.clockwise())

    def rotate_left(self) -> None:
        """Turn the view counterclockwise by 90 degrees."""
        self._turn_to(self._look.turn.then(Turn(3)))

    def flip(self) -> None:
        """Exchange left and right of the screen."""
        self._turn_to(self._look.turn.flipped())

    def choose_turn(self, name: str) -> None:
        """Turn or mirror the view: "right", "left" or "flip"."""
        {"right": self.rotate_right, "left": self.rotate_left, "flip": self.flip}[name]()

    def _turn_to(self, turn: Turn) -> None:
        if self._stack is None:
            self._desk.say(texts.NEED_VIEW, warning=True)
            return
        self._look.set_turn(turn)

    def fit(self) -> None:
        """Show the whole image."""
        self._binding.fit()

    def actual_size(self) -> None:
        """Show one pixel of the image as one pixel of the screen."""
        self._binding.actual_size(self._view.pixel_ratio())

    # ------------------------------------------------------------------ what covers the image

    def show_overlays(self, shown: bool) -> None:
        """Show or hide overlays of the file, which may carry a name."""
        self._cover("overlays", shown, texts.OVERLAYS_SHOWN if shown else "")

    def show_shutter(self, shown: bool) -> None:
        """Cover what lies outside the file's shutter, or show it."""
        self._cover("shutter", shown, "")

    def subtract_mask(self, subtracted: bool) -> None:
        """Subtract the mask, or show the plain image."""
        stack = self._stack
        if stack is not None:
            self._presets.pop(stack, None)
            with self._own_change():
                self._choose(replace(NOT_SUBTRACTED, overlays=stack.options.overlays,
                                     shutter=stack.options.shutter, subtraction=subtracted))  # fmt: skip
            self._show_all()
            if stack.options.subtraction:
                self._desk.say(texts.MASK_SHOWN, warning=True)

    def _cover(self, name: str, shown: bool, warning: str) -> None:
        """Choose what lies over the image; the window stays."""
        stack = self._stack
        if stack is None:
            return
        kept = self._look.limits if self._look.chosen_by_hand else None
        with self._own_change():
            done = self._choose(replace(stack.options, **{name: shown}))
            if done and kept is not None:
                self._look.set_limits(kept)
        self._show_all()
        if done and warning:
            self._desk.say(warning, warning=True)

    def _choose(self, options: DisplayOptions) -> bool:
        """Show the frames with these options; return whether the files offer them."""
        try:
            self._look.choose(options, self._binding.index)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return False
        return True

    # ------------------------------------------------------------------ following

    def _on_frame(self) -> None:
        if not self._binding.playing:
            self._show_all()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        """Show a scale that the reader has made, or taken back."""
        stack = self._stack
        if stack is not None and any(isinstance(change.mark, UserCalibration) for change in changes):
            self._view.set_facts(facts_of(stack, self._binding.index, self._desk.session))

    def _on_look(self) -> None:
        stack = self._stack
        if self._own or stack is None:
            return
        if self._look.chosen_by_hand and self._presets.get(stack) not in (RANGE, PERCENTILES):
            self._presets[stack] = OWN
        if not self._binding.playing:
            self._show_window()

    def _show_all(self) -> None:
        stack = self._stack
        if stack is None:
            self._offered = []
            self._view.set_presets([Choice("", texts.PRESET_COLOUR)])
            self._view.set_window(None)
            self._view.set_facts([])
            return
        image, index = self._image(stack)
        self._offered = presets_of(image, index, subtracted=bool(stack.options.subtraction))
        offered = [Choice(preset.key, preset.text) for preset in self._offered]
        self._view.set_presets(
            [*offered, Choice(OWN, texts.PRESET_OWN)] if offered else [Choice("", texts.PRESET_COLOUR)]
        )
        self._show_window()
        self._show_covers(stack)
        self._view.set_facts(facts_of(stack, self._binding.index, self._desk.session))

    def _show_window(self) -> None:
        stack = self._stack
        if stack is None:
            return
        self._view.set_preset(self._preset(stack))
        self._view.set_window(self._shown_window(stack))
        self._view.set_inverted(self._is_inverted(stack))
        self._view.set_turn(turn_text(self._look.turn))
        self._binding.set_picture_note(", ".join(self._notes(stack)))

    def _show_covers(self, stack: FrameStack) -> None:
        options, image = stack.options, stack.images[0]
        renderings = [each.rendering_at(index) for each in stack.images for index in (0, each.frames - 1)]
        masks = bool(image.rendering.subtractions) and not image.colored
        self._view.set_cover("overlays", offered=stack.has_overlays, shown=options.overlays)
        self._view.set_cover(
            "shutter", offered=any(each.shutter for each in renderings), shown=options.shutter
        )
        self._view.set_cover("mask", offered=masks, shown=bool(options.subtraction))

    def _preset(self, stack: FrameStack) -> str:
        first = self._offered[0].key if self._offered else ""
        chosen = self._presets.get(stack, OWN if self._look.chosen_by_hand else first)
        return first if chosen == FILE else chosen

    def _is_inverted(self, stack: FrameStack) -> bool:
        display = self._display(stack)
        return display is not None and not display.rgb and self._look.inverted != display.inverted

    def _notes(self, stack: FrameStack) -> Iterator[str]:
        """Yield in what the image on the screen differs from what the file says."""
        window = self._shown_window(stack)
        if self._look.turn != AS_STORED:
            yield turn_text(self._look.turn)
        if self._look.chosen_by_hand and window is not None:
            yield texts.NOTE_WINDOW.format(center=round(window.center), width=round(window.width))
        else:
            chosen = self._preset(stack)
            yield from (offered.text for offered in self._offered[1:] if offered.key == chosen)
        if self._is_inverted(stack):
            yield texts.NOTE_INVERTED
        yield from cover_notes(stack.options)
