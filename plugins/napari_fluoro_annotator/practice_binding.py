"""The image of an exercise in a napari viewer: one layer, whose name says nothing, for one exercise after the other."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.layers import Image

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.dicom import Display, FrameStack
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import AS_STORED
from fluoro_annotator.marks import FrameRef, Needle, Target
from fluoro_annotator.training import Drawn, Role, Variant
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.view_layers import AXES

ANYTHING = "-"
"""A text that is never seen."""


class PracticeBinding(LayerBinding):
    """One image at a time, without anything of its file that could tell what it shows.

    The layer is kept from exercise to exercise: making one takes napari longer than everything else together. It
    carries no metadata, and neither its name nor the caption says how file, series or study are called.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.

    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._layer: Image | None = None
        self._name = ""
        super().__init__(viewer)

    # ------------------------------------------------------------------ one image after the other

    def warm(self) -> None:
        """Let napari make the layers of marks now, so that nobody waits for them between two exercises."""
        anatomy = load_anatomy()
        site, frame = anatomy.site(next(iter(anatomy.nerves)), Side.RIGHT), FrameRef(ANYTHING, 1)
        one, other = Point(0.0, 0.0), Point(0.0, 1.0)
        target = Target(frame=frame, site=site, position=one)
        needle = Needle(frame=frame, site=site, tip=one, hub=other)
        marks = (DrawnMark(target, ANYTHING), DrawnMark(needle, ANYTHING))
        line = DrawnLine(points=(one, other), text=ANYTHING)
        self.draw(marks, (one,), (line,), tip=True)
        self.draw(())
        place = Drawn(role=Role.ANSWER, points=(one,), label=ANYTHING)
        self.draw_picture((Drawn(role=Role.DISTANCE, points=(one, other)), place))
        self.draw_picture(())

    def put(self, stack: FrameStack, index: int, variant: Variant, name: str) -> None:
        """Show a frame of an image and no other image.

        Parameters
        ----------
        stack : FrameStack
            The frames of the image.
        index : int
            Which of them, counted from 0.
        variant : Variant
            How it is shown.
        name : str
            What stands in the corner of the image.

        Raises
        ------
        DicomError
            If the file has to be asked how it is shown, and cannot be read; then what was shown is shown still.

        """
        display = stack.display_at(index)
        self._name = name
        with self._own_change():
            layer = self._emptied(display)
            self._look.follow(None)
            if layer is None:
                layer = self._add(stack, display)
            else:
                layer.visible = False  # napari draws a layer that is seen after each of the changes
                layer.data = stack
            scale = (1.0, float(stack.images[0].geometry_at(0).pixel_aspect), 1.0)
            layer.scale = (
                scale  # of a layer that is not seen napari keeps the extent of the image before until then
            )
            if isinstance(stack, ShownFrames):
                stack.late.connect(self._on_late, unique=True)
            self._current = layer
            self._look.follow(layer)
            self._go_to(layer, index)
            turn = AS_STORED.flipped() if variant.mirrored else AS_STORED
            if self._look.turn != turn:
                self._look.set_turn(turn)
            self.appear(variant)
            self._turn_to(layer)
            self.fit()
        self._frame_shown(layer)

    def appear(self, variant: Variant) -> None:
        """Show the grey levels as an exercise does; nothing for colour."""
        stack = self.current
        if stack is None:
            return
        display = stack.display_at(self.index)
        if display.rgb:
            return
        if self._look.inverted != display.inverted:
            self._look.set_inverted(display.inverted)
        self._look.set_limits(limits_for(display, variant))

    def take_away(self) -> None:
        """Show no image: nothing is asked."""
        layer, self._layer = self._layer, None
        if layer is not None and layer in self._viewer.layers:
            with self._own_change():
                self._viewer.layers.remove(layer)
        self._name = ""
        self._take_in_layers()

    @property
    def middle(self) -> Point:
        """The place of the image in the middle of what is seen; the corner without an image."""
        if self._current is None:
            return Point(0.0, 0.0)
        row, column = self._current.world_to_data(
            (*self._viewer.dims.point[:-2], *self._viewer.scene.camera.center[-2:])
        )[-2:]
        return Point(float(round(row)), float(round(column)))

    def _emptied(self, display: Display) -> Image | None:
        """Return the layer if it can show the next image, too: grey after grey, colour after colour."""
        layer = self._layer
        if layer is None or layer not in self._viewer.layers:
            return None
        if bool(layer.rgb) is not display.rgb:
            self._viewer.layers.remove(layer)
            return None
        return layer

    def _add(self, stack: FrameStack, display: Display) -> Image:
        options = {"rgb": True} if display.rgb else {"contrast_limits": display.contrast_limits}
        layer = Image(stack, name=texts.PRACTICE_IMAGE, axis_labels=AXES, cache=False, **options)
        layer.events.visible.connect(self._on_visible)
        self._viewer.layers.insert(0, layer)
        self._layer = layer
        return layer

    # ------------------------------------------------------------------ nothing but this image

    def _image_layers(self) -> list[Image]:
        """Return the one layer: images that somebody drops on the window are not asked about."""
        layer = self._layer
        return [layer] if layer is not None and layer in self._viewer.layers else []

    def _on_top(self) -> Image | None:
        """Return an image of somebody else, whatever it is: it covers the one that is asked about."""
        return next(
            (
                layer
                for layer in self._viewer.layers
                if type(layer) is Image and layer.visible and layer is not self._layer
            ),
            None,
        )

    def _caption(self) -> None:
        """Write nothing of the file into the corner of the image."""
        stack = self.current
        lines = [] if stack is None else [self._name]
        if stack is not None and len(stack) > 1:
            lines.append(texts.SHOWN_FRAME.format(number=self.index + 1, count=len(stack)))
        if isinstance(stack, ShownFrames) and stack.problem(self.index):
            lines = [texts.BLANK.format(text=", ".join(lines))]
        self._viewer.canvas.overlays.text.text = "\n".join(
            filter(None, (*lines, self._note, self._picture_note))
        )


def limits_for(display: Display, variant: Variant) -> tuple[float, float]:
    """Return the values shown as the darkest and the brightest.

    Parameters
    ----------
    display : Display
        As the file prescribes.
    variant : Variant
        By what the contrast is multiplied, and what share of the window is added to the brightness.

    """
    low, high = display.contrast_limits
    half = (high - low) / variant.contrast / 2
    shift = variant.brightness * (high - low) * (1 if display.inverted else -1)
    middle = (low + high) / 2 + shift
    return middle - half, middle + half
