"""The letters at the edges of the view that say which side of the patient lies there."""

from __future__ import annotations

from napari.components import ViewerModel
from napari.components.overlays import TextOverlay

from fluoro_annotator.geometry.directions import Edges
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.labels import Box

PLACES = {
    "top": "top_center",
    "right": "middle_right",
    "bottom": "bottom_center",
    "left": "middle_left",
}
NAME = "fluoro_annotator_{edge}"
SPACER = "fluoro_annotator_spacer"
NOTHING = (None, "", 0)


class SideLetters:
    """Four letters at the edges of the canvas, or a sentence where nothing is known of the side.

    They do not move when the image is moved, so that they are seen at every zoom.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.

    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._shown: tuple[Edges | None, str, int] = NOTHING

    def show(self, edges: Edges | None, instead: str, *, lines_above: int = 0) -> None:
        """Show letters, or a sentence at the bottom edge if there are none; nothing if that is empty, too.

        Parameters
        ----------
        edges : Edges or None
            Letters of the directions at the edges of the screen.
        instead : str
            What to say without letters.
        lines_above : int
            How many lines of text the top letter has to leave free.

        """
        if (edges, instead, lines_above) == self._shown:
            return
        self._shown = (edges, instead, lines_above)
        written = edges or Edges("", "", instead, "")
        self._spacer().text = "\n".join("." * lines_above)
        colour = styles.WHITE if edges else styles.ORANGE
        for edge, text in zip(Edges._fields, written, strict=True):
            overlay = self._overlay(edge)
            overlay.text, overlay.color, overlay.visible = text, colour, bool(text)

    def texts(self) -> tuple[str, ...]:
        """Return what is written at top, right, bottom and left."""
        return tuple(self._overlay(edge).text for edge in Edges._fields)

    def boxes(self) -> tuple[Box, ...]:
        """Return what letters and caption cover of the canvas, in screen pixels, with a margin; sizes are estimated."""
        edges, instead, lines_above = self._shown
        written = edges or Edges("", "", instead, "")
        letters = (
            self._box(edge, text, lines_above)
            for edge, text in zip(Edges._fields, written, strict=True)
            if text
        )
        return self._caption_box(), *letters

    def _caption_box(self) -> Box:
        """Return what the caption covers in the corner at the top left."""
        lines = self._viewer.canvas.overlays.text.text.split("\n")
        pad_x, pad_y = self._viewer.canvas.overlay_tiling.padding
        width, height = styles.CHARACTER_WIDTH * max(map(len, lines)), styles.LINE_HEIGHT * len(lines)
        return Box(0.0, 0.0, height + pad_y, width + 2 * pad_x if width else 0.0)

    def _box(self, edge: str, text: str, lines_above: int) -> Box:
        """Return what a text at an edge covers, laid as napari lays it: off the edge, in the middle of it."""
        canvas = self._viewer.canvas
        (high, wide), (pad_x, pad_y) = canvas.size, canvas.overlay_tiling.padding
        larger = styles.SIDE_SIZE / styles.TEXT_SIZE
        width, height = styles.CHARACTER_WIDTH * larger * len(text), styles.LINE_HEIGHT * larger
        top, left = (high - height) / 2, (wide - width) / 2
        if edge == "top":
            top = 2 * pad_y + lines_above * styles.LINE_HEIGHT
        elif edge == "bottom":
            top = high - height - pad_y
        else:
            left = pad_x if edge == "left" else wide - width - pad_x
        margin_x, margin_y = pad_x, pad_y / 2  # capitals are wider than most letters
        return Box(top - margin_y, left - margin_x, top + height + margin_y, left + width + margin_x)

    def remove(self) -> None:
        """Write nothing any more; the window may be gone by now, so that only the text is touched."""
        self._shown = NOTHING
        for edge in Edges._fields:
            self._overlay(edge).text = ""

    def _spacer(self) -> TextOverlay:
        """Return an unseen text above the letter at the top: napari puts one below the other."""
        overlays = self._viewer.canvas.overlays
        if SPACER not in overlays:
            overlays[SPACER] = TextOverlay(
                position=PLACES["top"],
                font_size=styles.TEXT_SIZE,
                color=styles.TRANSPARENT,
                box=False,
                visible=True,
            )
        return overlays[SPACER]

    def _overlay(self, edge: str) -> TextOverlay:
        """Return the text at an edge; it is made once and then only emptied, never taken away."""
        overlays, name = self._viewer.canvas.overlays, NAME.format(edge=edge)
        if name not in overlays:
            overlays[name] = TextOverlay(
                position=PLACES[edge],
                font_size=styles.SIDE_SIZE,
                color=styles.WHITE,
                box=True,
                box_color=styles.BLACK,
            )
        return overlays[name]
