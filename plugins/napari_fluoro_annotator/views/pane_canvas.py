"""The image of a pane: a frame, what is marked on it, pan and zoom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from qtpy.QtWidgets import QSizePolicy, QWidget

from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import Turn
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.panes import PaneImage
from napari_fluoro_annotator.controllers.picture import Picture
from napari_fluoro_annotator.drawing import DrawnLine, Handle, handles_of, lines_of, waiting_handles
from napari_fluoro_annotator.labels import Box, Label, Screen, arrange
from napari_fluoro_annotator.styles import Style

SMALLEST = QSize(120, 90)
MARKER_SHARE = 0.75
"""Size of markers compared to the main image, which is larger."""
WIDEST_TEXT = 0.6
"""Part of the width that the text of a guide line may take; longer ones stand in the note below."""
LARGEST_ZOOM = 40.0
WHEEL_STEP = 1.2
WHEEL_NOTCH = 120.0
LETTER_MARGIN = 4
BACKGROUND = QColor("black")
BEHIND_LETTERS = QColor(0, 0, 0, 170)
"""Letters of the sides stand on it, so that they are read on bright and on dark parts of the image."""
EMPTY = Picture([], (), [])

Press = Callable[[Point, Handle | None, bool], bool]
Follow = Callable[[Point], None]
Laid = tuple[QRectF, str]
"""What a text covers of the pane, and the text."""


class Look(NamedTuple):
    """Which part of an image is seen, as it lies on the screen: screen pixels for each column, and the middle."""

    scale: float
    row: float
    column: float


class PaneCanvas(QWidget):
    """Draws a frame and its marks, and says where the mouse is on the image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SMALLEST)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._image: PaneImage | None = None
        self._pixels: QImage | None = None
        self._picture = EMPTY
        self._handles: tuple[tuple[Style, Handle], ...] = ()
        self._looks: dict[tuple[str, Turn], Look] = {}
        self._mouse: tuple[Press, Follow, Follow] | None = None
        self._pressed_at: QPointF | None = None
        self._panned_from: QPointF | None = None
        self._moved = False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that leaves room for the main image."""
        return QSize(360, 260)

    # ------------------------------------------------------------------ set

    def set_mouse(self, mouse: tuple[Press, Follow, Follow] | None) -> None:
        """Say who is told of a press, a drag and its end."""
        self._mouse = mouse

    def set_image(self, image: PaneImage | None) -> None:
        """Show a frame, or nothing."""
        self._image = image
        self._pixels = None if image is None else _qimage(image)
        self.update()

    def set_marks(self, picture: Picture) -> None:
        """Show what is marked on the frame."""
        if picture == self._picture:
            return
        self._picture = picture
        self._handles = tuple(_handles(picture))
        self.update()

    def fit(self) -> None:
        """Show the whole image."""
        if self._image is not None:
            self._looks.pop((self._image.key, self._image.turn), None)
            self.update()

    # ------------------------------------------------------------------ image and screen

    @property
    def look(self) -> Look:
        """Which part of the image is seen: the whole of it, until somebody pans or zooms."""
        image = self._image
        if image is None:
            return Look(1.0, 0.0, 0.0)
        kept = self._looks.get((image.key, image.turn))
        if kept is not None:
            return kept
        rows, columns = self._shape
        scale = min(self.width() / columns, self.height() / (rows * self._aspect))
        return Look(max(scale, 1e-3), (rows - 1) / 2, (columns - 1) / 2)

    def to_screen(self, point: Point) -> QPointF:
        """Return where a place on the image is on the widget."""
        if self._image is not None:
            point = self._image.turn.to_display(point, self._image.pixels.shape[:2])
        return self._laid(point)

    def _laid(self, point: Point) -> QPointF:
        """Return where a place of the turned image is on the widget."""
        look, aspect = self.look, self._aspect
        return QPointF(
            (point.column - look.column) * look.scale + self.width() / 2,
            (point.row - look.row) * look.scale * aspect + self.height() / 2,
        )

    def to_image(self, place: QPointF) -> Point:
        """Return which place on the image is at a place of the widget: the inverse of `to_screen`."""
        point = self._under(place)
        return (
            point if self._image is None else self._image.turn.to_image(point, self._image.pixels.shape[:2])
        )

    def _under(self, place: QPointF) -> Point:
        """Return which place of the turned image is at a place of the widget: the inverse of `_laid`."""
        look, aspect = self.look, self._aspect
        return Point(
            (place.y() - self.height() / 2) / (look.scale * aspect) + look.row,
            (place.x() - self.width() / 2) / look.scale + look.column,
        )

    @property
    def _aspect(self) -> float:
        """Height of a pixel divided by its width on the screen: quarter turns exchange them."""
        image = self._image
        if image is None:
            return 1.0
        return 1 / image.aspect if image.turn.quarters % 2 else image.aspect

    @property
    def _shape(self) -> tuple[int, int]:
        """Rows and columns on the screen."""
        image = self._image
        return (1, 1) if image is None else image.turn.shape(image.pixels.shape[:2])

    def handle_at(self, place: QPointF) -> Handle | None:
        """Return the point of a mark that is near a place of the widget."""
        distances = [
            (_length(self.to_screen(handle.position) - place), handle)
            for _, handle in self._handles
            if handle.mark_id
        ]
        near = [found for found in distances if found[0] <= styles.GRAB_RADIUS]
        return min(near, key=lambda found: found[0])[1] if near else None

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the press; what nobody wants moves the image."""
        place, left = event.position(), event.button() == Qt.MouseButton.LeftButton
        if self._image is None or self._mouse is None or not (left or _is_middle(event)):
            return
        self._moved = False
        if left and self._offer(place, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier):
            self._pressed_at = place
        else:
            self._panned_from = place

    def _offer(self, place: QPointF, held: Qt.KeyboardModifier) -> bool:
        """Tell of a press, unless a key is held down with it that is none of ours; return whether it is wanted."""
        shifted = held == Qt.KeyboardModifier.ShiftModifier
        if self._mouse is None or not (shifted or held == Qt.KeyboardModifier.NoModifier):
            return False
        return self._mouse[0](self.to_image(place), self.handle_at(place), shifted)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the second of two quick presses as a press: marks are often placed quickly."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a drag of a mark, or of the image."""
        place = event.position()
        if self._panned_from is not None:
            self._pan(place - self._panned_from)
            self._panned_from = place
        elif self._pressed_at is not None and self._mouse is not None:
            self._moved = self._moved or _length(place - self._pressed_at) >= styles.DRAG_THRESHOLD
            if self._moved:
                self._mouse[1](self.to_image(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Finish a drag."""
        pressed_at, self._pressed_at, self._panned_from = self._pressed_at, None, None
        if pressed_at is not None and self._mouse is not None:
            self._mouse[2](self.to_image(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom; what is under the mouse stays there."""
        if self._image is None:
            return
        place = event.position()
        before, look = self._under(place), self.look
        factor = WHEEL_STEP ** (event.angleDelta().y() / WHEEL_NOTCH)
        self._keep(look._replace(scale=min(max(look.scale * factor, self._least()), LARGEST_ZOOM)))
        after = self._under(place)
        look = self.look
        self._keep(
            look._replace(
                row=look.row + before.row - after.row, column=look.column + before.column - after.column
            )
        )
        event.accept()

    def _least(self) -> float:
        """Return the zoom at which the image is half as large as the widget."""
        rows, columns = self._shape
        return float(min(self.width() / columns, self.height() / (rows * self._aspect))) / 2

    def _pan(self, by: QPointF) -> None:
        look = self.look
        self._keep(
            look._replace(
                row=look.row - by.y() / (look.scale * self._aspect), column=look.column - by.x() / look.scale
            )
        )

    def _keep(self, look: Look) -> None:
        if self._image is not None:
            self._looks[self._image.key, self._image.turn] = look
            self.update()

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw image, lines, handles, names and the letters of the sides."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._image is None or self._pixels is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.look.scale < 2)  # noqa: PLR2004 - pixels are seen from twice their size on
        painter.drawImage(self._image_box(), self._pixels)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = styles.SHAFT_GAP / self.look.scale
        for line in (*self._picture.lines, *(lines_of(drawn, gap) for drawn in self._picture.marks)):
            if line is not None:
                self._draw_line(painter, line)
        for style, handle in self._handles:
            _draw_symbol(painter, self.to_screen(handle.position), style, handle)
        letters = self._letters_laid(painter)
        self._draw_names(painter, [_box(place) for place, _ in letters])
        self._draw_letters(painter, letters)

    def _image_box(self) -> QRectF:
        rows, columns = self._shape
        return QRectF(self._laid(Point(-0.5, -0.5)), self._laid(Point(rows - 0.5, columns - 0.5)))

    def _draw_line(self, painter: QPainter, line: DrawnLine) -> None:
        pen = QPen(QColor(line.colour), styles.LINE_WIDTH)
        if line.dashed:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([styles.DASH / styles.LINE_WIDTH] * 2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([self.to_screen(point) for point in line.corners]))

    def _draw_names(self, painter: QPainter, letters: Sequence[Box]) -> None:
        wanted = sorted(self._names(), key=lambda each: not each[2])
        screen = Screen(self.width(), self.height())
        places = arrange([label for label, _, _ in wanted], screen, letters)
        for (label, colour, _), (down, right) in zip(wanted, places, strict=True):
            self._draw_text(painter, QPointF(label.column + right, label.row + down), label.text, colour)

    def _draw_text(self, painter: QPainter, place: QPointF, text: str, colour: str) -> None:
        """Write lines that end at a place, within the pane, with dark copies that keep them readable."""
        metrics = painter.fontMetrics()
        lines = text.split("\n")
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        left = max(min(place.x(), self.width() - widest - LETTER_MARGIN), LETTER_MARGIN)
        height = metrics.lineSpacing()
        bottom = min(max(place.y(), len(lines) * height), self.height() - LETTER_MARGIN)
        for up, line in enumerate(reversed(lines)):
            at = QPointF(left, bottom - up * height)
            painter.setPen(QColor(styles.BLACK))
            for down, right in styles.OUTLINE:
                painter.drawText(at + QPointF(right, down), line)
            painter.setPen(QColor(colour))
            painter.drawText(at, line)

    def _names(self) -> Iterator[tuple[Label, str, bool]]:
        """Yield the texts of marks and lines, their colours, and whether they come first."""
        for style, handle in self._handles:
            if handle.text:
                colour = styles.WHITE if handle.selected else style.colour
                yield self._label(handle.text, handle.position, style.text_offset), colour, handle.selected
        for line in self._picture.lines:
            label = self._label(line.text, line.points[0], styles.GUIDE_TEXT)
            if line.text and label.width <= self.width() * WIDEST_TEXT:
                yield label, line.colour, False

    def _label(self, text: str, position: Point, offset: tuple[int, int]) -> Label:
        place = self.to_screen(position)
        return Label(text, place.y(), place.x(), offset)

    def _letters_laid(self, painter: QPainter) -> list[Laid]:
        """Return the letters of the sides, or what is said without them, and what they cover of the pane."""
        box = QRectF(self.rect()).adjusted(LETTER_MARGIN, LETTER_MARGIN, -LETTER_MARGIN, -LETTER_MARGIN)
        centre, middle = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignVCenter
        edges = (
            centre | Qt.AlignmentFlag.AlignTop,
            middle | Qt.AlignmentFlag.AlignRight,
            centre | Qt.AlignmentFlag.AlignBottom,
            middle | Qt.AlignmentFlag.AlignLeft,
        )
        letters = self._letters
        if any(letters):
            written = zip(edges, letters, strict=True)
        else:
            written = zip(edges[2:3], [texts.SIDE_NOT_STATED], strict=True)
        font = painter.font()
        painter.setFont(_bold(font))
        laid_out = []
        for flags, text in written:
            place = painter.boundingRect(box, flags, text)
            laid_out.append((place.adjusted(-LETTER_MARGIN, 0, LETTER_MARGIN, 0), text))
        painter.setFont(font)
        return laid_out

    @property
    def _letters(self) -> tuple[str, ...]:
        return () if self._image is None else tuple(self._image.letters)

    def _draw_letters(self, painter: QPainter, letters: Sequence[Laid]) -> None:
        """Write the letters of the sides at the edges of the pane."""
        font = painter.font()
        painter.setFont(_bold(font))
        for place, text in letters:
            painter.fillRect(place, BEHIND_LETTERS)
            painter.setPen(QColor(styles.WHITE if any(self._letters) else styles.ORANGE))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(font)


def _box(place: QRectF) -> Box:
    """Return a rectangle of Qt as what a text covers."""
    return Box(place.top(), place.left(), place.bottom(), place.right())


def _bold(font: QFont) -> QFont:
    """Return a bold copy of a font."""
    bold = QFont(font)
    bold.setBold(True)
    return bold


def laid(pixels: NDArray[np.uint8], turn: Turn) -> NDArray[np.uint8]:
    """Return pixels as they lie on the screen: mirrored first, then turned clockwise, as `Turn` says."""
    mirrored = pixels[:, ::-1] if turn.mirrored else pixels
    return np.rot90(mirrored, -turn.quarters)


def _handles(picture: Picture) -> Iterator[tuple[Style, Handle]]:
    for drawn in picture.marks:
        style = styles.style_of(drawn.mark.kind)
        yield from ((style, handle) for handle in handles_of(drawn))
    yield from ((styles.WAITING, handle) for handle in waiting_handles(picture.waiting, tip=picture.tip))


def _draw_symbol(painter: QPainter, place: QPointF, style: Style, handle: Handle) -> None:
    """Draw a marker, open in the middle, white if it is selected."""
    half = style.screen_size * MARKER_SHARE / 2
    share = styles.LINE_SELECTED if handle.selected else styles.LINE
    painter.setPen(QPen(QColor(styles.WHITE if handle.selected else style.colour), 2 * share * half))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if handle.symbol == "disc":
        painter.drawEllipse(place, half, half)
        return
    corners = CORNERS.get(handle.symbol, CORNERS["square"])
    painter.drawPolygon(QPolygonF([place + QPointF(x * half, y * half) for x, y in corners]))


CORNERS = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)),
    "triangle_up": ((0, -1), (1, 0.8), (-1, 0.8)),
    "cross": (
        (-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3),
        (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3),
    ),
}  # fmt: skip
"""Outlines of napari's symbols for a size of 2; y downwards."""


def _qimage(image: PaneImage) -> QImage:
    """Return a frame as Qt draws it; the copy does not depend on the array."""
    pixels = laid(image.pixels, image.turn)
    rows, columns = pixels.shape[:2]
    colour = image.pixels.ndim == 3  # noqa: PLR2004 - rows, columns, samples
    form = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
    data = pixels.tobytes()
    return QImage(data, columns, rows, columns * (3 if colour else 1), form).copy()


def _is_middle(event: QMouseEvent) -> bool:
    return event.button() == Qt.MouseButton.MiddleButton


def _length(vector: QPointF) -> float:
    return hypot(vector.x(), vector.y())
