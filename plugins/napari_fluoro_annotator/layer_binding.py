"""The only place, beside the reader, that touches napari layers.

It finds the views that are open, shows one of them at a time, draws the marks of the frame
that is shown, and turns presses of the mouse into positions on the image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary, WeakMethod

import numpy as np
import numpy.typing as npt
from napari.components import ViewerModel
from napari.layers import Image
from psygnal import Signal
from qtpy.compat import isalive
from qtpy.QtCore import QTimer

from fluoro_annotator.dicom import Display, FrameStack
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from fluoro_annotator.training.pictures import Drawn
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.protocols import MouseHandler, WindowHandler
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark, Handle
from napari_fluoro_annotator.feedback_layers import FeedbackLayers
from napari_fluoro_annotator.image_mouse import ImageMouse
from napari_fluoro_annotator.loupe_patch import patch_of
from napari_fluoro_annotator.mark_layers import MarkLayers
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.side_letters import SideLetters
from napari_fluoro_annotator.studies import stated_orientation, study_title, view_title
from napari_fluoro_annotator.view_look import ViewLook

IMAGE_AXES = 3
LOOK_EVERY_MS = 100


class LayerBinding:
    """Views, frames and marks in a napari viewer.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.

    Attributes
    ----------
    views_changed : psygnal.Signal
        Emitted after views were opened or closed.
    frame_changed : psygnal.Signal
        Emitted after another view or frame is shown.
    playing : bool
        Whether a cine is played: nothing is then drawn that cannot be seen in passing.

    """

    views_changed = Signal()
    frame_changed = Signal()
    playing: bool = False

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._letters = SideLetters(viewer)
        self._marks = MarkLayers(viewer, self._letters.boxes)
        self._picture = FeedbackLayers(viewer, self._letters.boxes)
        self._mouse = ImageMouse(self._shown, self._handles)
        self._look = ViewLook(viewer)
        self._keys: dict[str, Callable[[object], None]] = {}
        self._note = self._picture_note = self._purpose_note = ""
        self._current: Image | None = None
        self._last_index: WeakKeyDictionary[FrameStack, int] = WeakKeyDictionary()
        self._last_camera: WeakKeyDictionary[FrameStack, tuple[Any, float]] = WeakKeyDictionary()
        self._busy = False
        self._connected = False
        self._settle = QTimer()
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._take_in_changes)
        self._look_for_late_frames = QTimer()
        self._look_for_late_frames.setInterval(LOOK_EVERY_MS)
        self._look_for_late_frames.timeout.connect(self._take_in_late_frames)
        self._connect()
        self._open_caption()
        self._take_in_layers()

    # ------------------------------------------------------------------ views and frames

    @property
    def look(self) -> ViewLook:
        """Window, inversion and turn of the view that is shown."""
        return self._look

    @property
    def stacks(self) -> tuple[FrameStack, ...]:
        """The views that are open, in the order of the layers."""
        return tuple(layer.data for layer in self._image_layers())

    @property
    def current(self) -> FrameStack | None:
        """The view that is shown."""
        return None if self._current is None else self._current.data

    @property
    def index(self) -> int:
        """Index of the frame that is shown, counted from 0."""
        if self._current is None:
            return 0
        position = self._current.world_to_data(self._viewer.dims.point)[-IMAGE_AXES]
        return min(max(round(float(position)), 0), len(self._current.data) - 1)

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""
        stack = self.current
        return None if stack is None else FrameRef(*stack.frame_ref(self.index))

    @property
    def problem(self) -> str:
        """Why nothing can be marked on the frame that is shown, or an empty text."""
        stack = self.current
        if stack is not None and not self._shows_a_plain_frame():
            return texts.NOT_PLAIN
        above = self._on_top()
        if above is not None:
            return texts.COVERED.format(layer=above.name)
        problem = stack.problem(self.index) if isinstance(stack, ShownFrames) else ""
        return texts.UNREADABLE.format(problem=problem) if problem else ""

    def show(self, stack: FrameStack, index: int | None = None) -> None:
        """Show a view, at a frame or where it was left.

        Parameters
        ----------
        stack : FrameStack
            One of `stacks`.
        index : int or None
            Frame index, counted from 0; None for the frame that was shown last.

        """
        for layer in self._image_layers():
            if layer.data is stack:
                self._show_layer(layer, index)
                return

    def fit(self) -> None:
        """Zoom so that the view that is shown fills the window."""
        if self._current is not None:
            self._viewer.reset_view(layers=[self._current])

    def set_caption_note(self, note: str) -> None:
        """Put what has to be known of every frame on a line of its own below the caption, where no name cuts it off."""
        if note != self._note:
            self._note = note
            self._caption()

    def actual_size(self, pixel_ratio: float) -> None:
        """Zoom so that one pixel of the image is one pixel of the screen.

        Parameters
        ----------
        pixel_ratio : float
            How many pixels of the screen Qt counts as one.

        """
        if self._current is not None:
            self._viewer.scene.camera.zoom = 1 / pixel_ratio

    def set_picture_note(self, note: str) -> None:
        """Say beneath the caption in what the picture differs from the file; nothing if empty."""
        if note != self._picture_note:
            self._picture_note = note
            self._caption()
            self._show_sides()

    def set_purpose_note(self, note: str) -> None:
        """Say on the image what the reading is for, if it is not for the procedure; nothing if empty."""
        if note != self._purpose_note:
            self._purpose_note = note
            self._caption()
            self._show_sides()

    def set_window_handler(self, handler: WindowHandler | None) -> None:
        """Say who is told of drags that change the window."""
        self._mouse.window = handler

    def display_at(self, stack: FrameStack, index: int) -> Display:
        """Return how a frame (0-based index) of a view is shown: as the file prescribes, or as the reader has set.

        Raises
        ------
        DicomError
            If the file has to be asked and cannot be read.

        """
        display = stack.display_at(index)
        layer = next((layer for layer in self._image_layers() if layer.data is stack), None)
        return display if layer is None else self._look.as_set(layer, display)

    def patch(self, point: Point, reach: int) -> npt.NDArray[np.uint8] | None:
        """Return what lies around a point of the frame shown, as colours, turned as on the screen.

        Parameters
        ----------
        point : Point
            ``(row, column)`` in pixels.
        reach : int
            How many pixels on each side.

        Returns
        -------
        ndarray, shape (2 * reach + 1, 2 * reach + 1, 3), or None
            None without a view.

        """
        if self._current is None:
            return None
        return patch_of(self._current, self.index, point, reach, self._look.turn)

    def share_across(self, point: Point) -> float:
        """Return how far across the screen a point of the frame is: 0 at its left edge, 1 at its right."""
        if self._current is None:
            return 0.0
        camera = self._viewer.scene.camera
        column = self._current.data_to_world((self.index, *point))[-1]
        return float((column - camera.center[-1]) * camera.zoom / self._viewer.canvas.size[-1] + 0.5)

    def set_mouse_handler(self, handler: MouseHandler | None) -> None:
        """Say who is told of presses on the image."""
        self._mouse.marks = handler

    def bind_key(self, key: str, action: Callable[[], object]) -> None:
        """Let a key of the viewer do something.

        Parameters
        ----------
        key : str
            The key, as napari writes it.
        action : callable
            A bound method; its object is not kept alive.

        """
        method = WeakMethod(action)

        def run(_viewer: object) -> None:
            alive = method()
            if alive is not None:
                alive()

        self._keys[key] = run
        self._viewer.bind_key(key, run, overwrite=True)

    def draw(
        self,
        marks: Sequence[DrawnMark],
        waiting: Sequence[Point] = (),
        lines: Sequence[DrawnLine] = (),
        tip: bool = False,
    ) -> None:
        """Show these marks on the frame that is shown, and no others; points that wait for more; and lines."""
        if self._settle.isActive():
            return  # layers come or go at this moment; afterwards everything is drawn anew
        with self._own_change():
            self._marks.draw(
                marks, self._current, waiting=waiting, tip=tip, guides=lines, names=not self.playing
            )

    def draw_picture(self, drawn: Sequence[Drawn]) -> None:
        """Show an answer beside its reference on the frame that is shown, and no other; nothing to take it away."""
        with self._own_change():
            self._picture.draw(drawn, self._current)

    def disconnect(self) -> None:
        """Let go of the viewer; may be called more than once."""
        if not self._connected:
            return
        self._connected = False
        for timer in (self._settle, self._look_for_late_frames):
            if isalive(timer):  # type: ignore[no-untyped-call]  # qtpy does not type it
                timer.stop()
        for layer in self._image_layers():
            layer.events.visible.disconnect(self._on_visible)
            if isinstance(layer.data, ShownFrames):
                layer.data.late.disconnect(self._on_late, missing_ok=True)
        for emitter, slot in self._connections():
            emitter.disconnect(slot)
        self._look.follow(None)
        self._viewer.mouse_drag_callbacks.remove(self._mouse.on_press)
        self._viewer.mouse_double_click_callbacks[:] = self._double_clicks_before
        self.release_keys()
        self._marks.remove()
        self._picture.remove()
        self._mouse.marks = self._mouse.window = None
        self._current = None
        self._caption()
        self._letters.remove()

    def _connect(self) -> None:
        for emitter, slot in self._connections():
            emitter.connect(slot)
        self._viewer.mouse_drag_callbacks.append(self._mouse.on_press)
        # napari zooms in on a double click, which comes easily when marks are placed quickly
        self._double_clicks_before = list(self._viewer.mouse_double_click_callbacks)
        self._viewer.mouse_double_click_callbacks[:] = []
        self._connected = True

    def release_keys(self) -> None:
        """Give the keys back, except those that somebody else has taken meanwhile."""
        for key, run in self._keys.items():
            taken = self._viewer.bind_key(key, None)
            if taken is not None and taken is not run:
                self._viewer.bind_key(key, taken)
        self._keys.clear()

    def _connections(self) -> tuple[tuple[Any, Callable[..., None]], ...]:
        """Return what is listened to, and who listens."""
        layers, camera = self._viewer.layers, self._viewer.scene.camera
        return (
            (layers.events.inserted, self._on_layers),
            (layers.events.removing, self._on_layers),
            (layers.events.removed, self._on_layers),
            (layers.events.reordered, self._on_layers),
            (layers.selection.events.active, self._on_active),
            (self._viewer.dims.events.current_step, self._on_step),
            (camera.events.zoom, self._on_camera),
            (camera.events.center, self._on_camera),
            (self._viewer.canvas.events.size, self._on_camera),
            (camera.events.orientation, self._on_turned),
            (self._viewer.dims.events.ndisplay, self._on_turned),
            (self._viewer.dims.events.order, self._on_turned),
            (self._viewer.canvas.grid.events.enabled, self._on_turned),
            (self._look.turned, self._on_turned),
        )

    # ------------------------------------------------------------------ layers

    def _image_layers(self) -> list[Image]:
        return [
            layer
            for layer in self._viewer.layers
            if isinstance(layer, Image) and isinstance(layer.data, FrameStack)
        ]

    def _take_in_layers(self) -> None:
        layers = self._image_layers()
        for layer in layers:
            layer.events.visible.connect(self._on_visible)
            if isinstance(layer.data, ShownFrames):
                layer.data.late.connect(self._on_late, unique=True)
        if self._current not in layers:
            self._current = None
            self._look.follow(None)
            visible = [layer for layer in layers if layer.visible]
            if layers:
                self._show_layer((visible or layers)[0], None)
            else:
                self._caption()
                self._letters.remove()

    def _show_layer(self, layer: Image, index: int | None) -> None:
        if index is None:
            index = self._last_index.get(layer.data, 0)
        with self._own_change():
            if self._current is None or layer is not self._current or not self._current.visible:
                self._turn_to(layer)
            self._go_to(layer, index)
        self._frame_shown(layer)

    def _frame_shown(self, layer: Image) -> None:
        self._last_index[layer.data] = self.index
        self._look.follow_frame(self.index)
        if not self.playing:
            self._caption()
            self._show_sides()
        self.frame_changed.emit()

    def _show_sides(self) -> None:
        """Show which side of the patient lies at which edge of the screen, as far as the file says so."""
        stack = self.current
        if stack is None or not self._shows_a_plain_frame():
            self._letters.show(None, "" if stack is None else texts.SIDE_NOT_SHOWN)
            return
        stated = stated_orientation(stack, self.index)
        edges = None if stated is None else self._look.turn.edges(stated)
        above = self._viewer.canvas.overlays.text.text.count("\n") + 1
        self._letters.show(edges, texts.SIDE_NOT_STATED, lines_above=above)

    def _open_caption(self) -> None:
        """Make room for the name of the view and the frame in a corner of the image.

        The caption stays visible for another reason too: napari 0.9 crashes in the graphics
        driver when the last text of a canvas is removed and drawn over, and then another is
        added, as happens when somebody deletes a layer with labels.
        """
        caption = self._viewer.canvas.overlays.text
        caption.visible = True
        caption.position = "top_left"
        caption.font_size = styles.TEXT_SIZE
        caption.color = styles.WHITE
        caption.box_color = styles.BLACK

    def _caption(self) -> None:
        """Show which view and which frame, counted from 1, is on the screen."""
        stack = self.current
        text = ""
        if stack is not None:
            frame = texts.SHOWN_FRAME.format(number=self.index + 1, count=len(stack))
            text = texts.CAPTION.format(view=view_title(stack), frame=frame)
            if len({other.study_uid for other in self.stacks}) > 1:
                text = texts.OF_STUDY.format(study=study_title(stack), text=text)
            if isinstance(stack, ShownFrames) and stack.problem(self.index):
                text = texts.BLANK.format(text=text)
            text = "\n".join(filter(None, (text, self._purpose_note, self._note, self._picture_note)))
        self._viewer.canvas.overlays.text.text = text

    def _turn_to(self, layer: Image) -> None:
        """Make a view the only one that is seen, looked at as it was left."""
        turned = layer is not self._current
        if turned:
            self._keep_camera()
        self._current = layer
        self._look.follow(layer)
        for other in self._image_layers():
            other.visible = other is layer
        self._viewer.layers.selection.active = layer
        if turned:
            self._restore_camera(layer)

    def _keep_camera(self) -> None:
        if self._current is not None:
            camera = self._viewer.scene.camera
            self._last_camera[self._current.data] = (camera.center, camera.zoom)

    def _restore_camera(self, layer: Image) -> None:
        """Look at a view as it was left; the first time, show the whole of it."""
        kept = self._last_camera.get(layer.data)
        if kept is None:
            self.fit()
        else:
            self._viewer.scene.camera.center, self._viewer.scene.camera.zoom = kept

    def _go_to(self, layer: Image, index: int) -> None:
        axis = self._viewer.dims.ndim - IMAGE_AXES
        if axis >= 0:
            world = layer.data_to_world((index, 0, 0))[0]
            self._viewer.dims.set_point(axis, world)

    # ------------------------------------------------------------------ what napari reports

    def _on_layers(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        if not self._busy:
            self._settle.start()

    def _on_late(self) -> None:
        self._look_for_late_frames.start()

    def _take_in_late_frames(self) -> None:
        """Show frames that a slow disk or network has delivered by now."""
        stacks = [stack for stack in self.stacks if isinstance(stack, ShownFrames)]
        arrived = [stack.arrived() for stack in stacks]
        if any(arrived) and self._current is not None:
            self._current.refresh()
            self._frame_shown(self._current)
        if not any(stack.waiting for stack in stacks):
            self._look_for_late_frames.stop()

    def _take_in_changes(self) -> None:
        """Take in what was opened or closed, once for many layers and never while a window goes down."""
        if self._connected:
            self._take_in_layers()
            self.views_changed.emit()

    def _on_active(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        active = self._viewer.layers.selection.active
        if not self._busy and active is not self._current and active in self._image_layers():
            self._show_layer(active, None)

    def _on_visible(self, event: Any) -> None:
        if not self._busy and event.source.visible and event.source is not self._current:
            self._show_layer(event.source, None)

    def _on_step(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        if self._busy or self._current is None or self._settle.isActive():
            return
        self._stay_in_view(self._current)
        self._frame_shown(self._current)

    def _stay_in_view(self, layer: Image) -> None:
        """Go back to the last frame of a view that is shorter than the slider, which all views share."""
        position = float(layer.world_to_data(self._viewer.dims.point)[-IMAGE_AXES])
        if round(position) > len(layer.data) - 1:
            with self._own_change():
                self._go_to(layer, len(layer.data) - 1)

    def _on_turned(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        """Draw the marks where the anatomy lies now, and the letters of its sides."""
        if self._current is not None and not self._busy and not self._settle.isActive():
            self._show_sides()
            self.frame_changed.emit()

    def _on_camera(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        self._marks.rescale()
        self._picture.rescale()

    # ------------------------------------------------------------------ what can be marked

    def _shown(self) -> Image | None:
        return self._current

    def _handles(self) -> tuple[Handle, ...]:
        return self._marks.handles if self._shows_a_plain_frame() else ()

    def _on_top(self) -> Image | None:
        """Return an image of somebody else that hides the view: what is pressed on is not what would be marked."""
        layers = list(self._viewer.layers)
        if self._current is None or self._current not in layers:
            return None
        above = layers[layers.index(self._current) + 1 :]
        return next(
            (
                layer
                for layer in above
                if type(layer) is Image and layer.visible and not isinstance(layer.data, FrameStack)
            ),
            None,
        )

    def _shows_a_plain_frame(self) -> bool:
        """Return whether the image lies as we have laid it: not in 3D, not in a grid, not turned by others."""
        dims = self._viewer.dims
        usual = dims.displayed == (dims.ndim - 2, dims.ndim - 1) and not self._viewer.canvas.grid.enabled
        return usual and self._look.is_plain

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """While it lasts, what napari reports is our own doing."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before
