"""The loupe: a magnified patch of the image in a corner of the canvas."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
from qtpy.QtCore import QPointF, QRectF, Qt, QTimer
from qtpy.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QWidget

from napari_fluoro_annotator import styles

SIDE = 190
MARGIN = 8
GAP = 0.75
"""Half of the gap in the middle of the cross, in pixels of the image, so that the point itself is seen."""

LINGER_MS = 2500


class LoupeView(QWidget):
    """A square that shows a patch of the image with a cross; presses go through it.

    Parameters
    ----------
    canvas : QWidget
        What it lies on.

    """

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(SIDE, SIDE)
        self._patch: npt.NDArray[Any] | None = None
        self._offset = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LINGER_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_patch(
        self, patch: npt.NDArray[Any], offset: tuple[float, float], *, at_right: bool, lasting: bool
    ) -> None:
        """Show a patch of the image with a cross on the point.

        Parameters
        ----------
        patch : ndarray, shape (n, n, 3)
            Red, green and blue, 8 bits each.
        offset : tuple of float
            How far below and right of the middle of the patch the point is, in pixels of the image.
        at_right : bool
            Whether it is shown in the right lower corner, otherwise in the left one.
        lasting : bool
            Whether it stays until it is put away; otherwise it goes by itself.

        """
        self._patch, self._offset = patch, offset
        left = self._canvas.width() - SIDE - MARGIN if at_right else MARGIN
        self.move(left, self._canvas.height() - SIDE - MARGIN)
        self.show()
        self.raise_()
        self.update()
        if lasting:
            self._timer.stop()
        else:
            self._timer.start()

    def put_away(self) -> None:
        """Show nothing."""
        self._timer.stop()
        self.hide()

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the patch, the cross and a frame."""
        if self._patch is None:
            return
        painter = QPainter(self)
        rows, columns = self._patch.shape[:2]
        image = QImage(self._patch.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(self.rect()), image)
        self._paint_cross(painter, SIDE / rows)
        painter.setPen(QPen(QColor(styles.WHITE), 2))
        painter.drawRect(QRectF(1, 1, SIDE - 2, SIDE - 2))
        painter.end()

    def _paint_cross(self, painter: QPainter, zoom: float) -> None:
        """Paint a cross with a gap in its middle, dark beneath bright, so that it is seen on everything."""
        x, y = SIDE / 2 + self._offset[1] * zoom, SIDE / 2 + self._offset[0] * zoom
        gap = GAP * zoom
        for colour, width in ((styles.BLACK, 3), (styles.YELLOW, 1)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLine(QPointF(0, y), QPointF(x - gap, y))
            painter.drawLine(QPointF(x + gap, y), QPointF(SIDE, y))
            painter.drawLine(QPointF(x, 0), QPointF(x, y - gap))
            painter.drawLine(QPointF(x, y + gap), QPointF(x, SIDE))
