"""How the image of an exercise is looked at: window, inversion, zoom and the frames of a cine."""

from __future__ import annotations

from fluoro_annotator.training import Variant
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_protocols import PracticeBindingProtocol
from napari_fluoro_annotator.controllers.practice_sheet import AnswerSheet

WHOLE_RANGE_PX = 512.0
"""How far to drag for as many grey values as the window is wide at first: an engineering default."""
LEAST_SHARE = 1 / 256
"""Narrowest window, as a share of the one at first."""


class PracticeLook:
    """Keys and drags that change how the image is seen, and never the answer.

    Parameters
    ----------
    binding : PracticeBindingProtocol
        The image.
    sheet : AnswerSheet
        What is asked.

    """

    def __init__(self, binding: PracticeBindingProtocol, sheet: AnswerSheet) -> None:
        self._binding, self._sheet = binding, sheet
        self._variant = Variant()
        self._usual: tuple[float, float] | None = None
        self._dragged: tuple[float, float] | None = None
        binding.set_window_handler(self)

    def close(self) -> None:
        """Let go of the image; may be called more than once."""
        self._binding.set_window_handler(None)

    def take(self, variant: Variant) -> None:
        """Take note of how the exercise shows its image, and say so on it."""
        self._variant = variant
        self._usual = self._binding.look.limits
        self._binding.set_picture_note(", ".join(_notes(variant)))

    # ------------------------------------------------------------------ keys

    def step_on(self) -> None:
        """Show the next frame."""
        self._step(1)

    def step_back(self) -> None:
        """Show the frame before."""
        self._step(-1)

    def _step(self, frames: int) -> None:
        stack = self._binding.current
        if stack is not None:
            self._binding.show(stack, min(max(self._binding.index + frames, 0), len(stack) - 1))

    def show_asked_frame(self) -> None:
        """Go back to the frame that the question is about."""
        stack, question = self._binding.current, self._sheet.question
        if stack is None or question is None:
            return
        index = stack.index_of(question.frame.sop_instance_uid, question.frame.frame_number)
        if index is not None:
            self._binding.show(stack, index)

    def invert(self) -> None:
        """Exchange black and white."""
        self._binding.look.set_inverted(not self._binding.look.inverted)

    def as_asked(self) -> None:
        """Show the grey levels as the exercise does."""
        self._binding.appear(self._variant)

    def fit(self) -> None:
        """Show the whole image."""
        self._binding.fit()

    # ------------------------------------------------------------------ drags with Control

    def begin(self) -> None:
        """Take hold of the window."""
        self._dragged = self._binding.look.limits

    def drag(self, right: float, up: float) -> None:
        """Change the window: to the right it becomes wider, upwards its centre grows; in pixels of the screen."""
        if self._dragged is None or self._usual is None:
            return
        low, high = self._dragged
        whole = self._usual[1] - self._usual[0]
        step = whole / WHOLE_RANGE_PX
        half = max(high - low + right * step, whole * LEAST_SHARE) / 2
        middle = (low + high) / 2 + up * step
        self._binding.look.set_limits((middle - half, middle + half))

    def end(self) -> None:
        """Let go of the window."""
        self._dragged = None


def _notes(variant: Variant) -> list[str]:
    """Return in what the picture differs from the file."""
    varied = (variant.contrast, variant.brightness) != (1.0, 0.0)
    said = ((variant.mirrored, texts.PRACTICE_MIRRORED), (varied, texts.PRACTICE_VARIED))
    return [text for wanted, text in said if wanted]
