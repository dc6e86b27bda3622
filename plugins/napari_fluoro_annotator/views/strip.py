"""A strip of the frames of a view: where marks are, which frame is on screen, what is looped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from fluoro_annotator.marks import MarkKind
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.marked_frames import StripFrame

BACKGROUND = QColor("#1b1f26")
BAR = QColor("#3a4250")
LOOPED = QColor("#56606f")
HEIGHT = 34
MARGIN = 8.0
MARK_SIZE = 4.0
SIGNS_ABOVE = 3
"""How far above the lower edge the signs of events stand."""
TARGET_ROW, NEEDLE_ROW, OTHER_ROW = 0.28, 0.52, 0.76
"""Marks of different kinds lie in rows of their own, so that colour is not all that tells them apart."""
REACH = 40
"""Screen pixels to either side that marks and signs of a frame take at the most."""
FEW = 8
"""Changed frames that are painted one by one; of more, the whole strip is."""


class Strip(QWidget):
    """One place for each frame; a press or a drag on it emits ``frame_requested`` with the index."""

    frame_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAccessibleName(texts.CINE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._count = 0
        self._current = 0
        self._loop: tuple[int, int] | None = None
        self._marked: dict[int, StripFrame] = {}

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height that grows with the font."""
        return QSize(200, max(HEIGHT, 2 * self.fontMetrics().height()))

    def set_frames(self, count: int) -> None:
        """Show how many frames there are."""
        self._count = count
        self.update()

    def set_current(self, index: int) -> None:
        """Show which frame is on screen."""
        if index != self._current:
            before, self._current = self._current, index
            self.update(self._column(before))
            self.update(self._column(index))

    def set_marked(self, frames: Sequence[StripFrame]) -> None:
        """Show which frames carry marks."""
        marked = {frame.index: frame for frame in frames}
        before, self._marked = self._marked, marked
        changed = {index for index in marked.keys() | before.keys() if marked.get(index) != before.get(index)}
        if len(changed) > FEW:
            self.update()
            return
        for index in changed:
            self.update(self._column(index, REACH))

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Show the range that is played again and again."""
        self._loop = loop
        self.update()

    # ------------------------------------------------------------------ places

    def x_of(self, index: float) -> float:
        """Return where the middle of a frame is, in screen pixels."""
        width = self.width() - 2 * MARGIN
        return MARGIN + width * (index + 0.5) / max(self._count, 1)

    def index_at(self, x: float) -> int:
        """Return the frame at a place."""
        width = max(self.width() - 2 * MARGIN, 1.0)
        return min(max(int((x - MARGIN) / width * self._count), 0), self._count - 1)

    # ------------------------------------------------------------------ painting

    def _column(self, index: int, reach: int = 2) -> QRect:
        """Return what has to be painted anew when the line of a frame, or what it carries, comes or goes."""
        return QRect(round(self.x_of(index)) - reach, 0, 2 * reach + 1, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the strip, or the part of it that has to be painted anew."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._count:
            self._paint_bar(painter)
            first, last = self._frames_in(event.rect())
            for frame in self._marked.values():
                if first <= frame.index <= last:
                    self._paint_marks(painter, frame)
            self._paint_current(painter)
        painter.end()

    def _frames_in(self, rect: QRect) -> tuple[int, int]:
        """Return the first and the last frame whose marks reach into a part of the strip."""
        return self.index_at(rect.left() - REACH), self.index_at(rect.right() + REACH)

    def _paint_bar(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BAR)
        left, right = self.x_of(-0.5), self.x_of(self._count - 0.5)
        painter.drawRect(QRectF(left, 4, right - left, self.height() - 8))
        if self._loop is not None:
            painter.setBrush(LOOPED)
            left, right = self.x_of(self._loop[0] - 0.5), self.x_of(self._loop[1] + 0.5)
            painter.drawRect(QRectF(left, 1, max(right - left, 2), self.height() - 2))

    def _paint_marks(self, painter: QPainter, frame: StripFrame) -> None:
        x = self.x_of(frame.index)
        painter.setPen(Qt.PenStyle.NoPen)
        for kind in set(frame.kinds) - {MarkKind.EVENT}:
            row = {MarkKind.TARGET: TARGET_ROW, MarkKind.NEEDLE: NEEDLE_ROW}.get(kind, OTHER_ROW)
            painter.setBrush(QColor(styles.style_of(kind).colour))
            self._paint_shape(painter, kind, QPointF(x, self.height() * row))
        self._paint_signs(painter, frame, x)

    def _paint_signs(self, painter: QPainter, frame: StripFrame, x: float) -> None:
        """Paint the signs of what happens beneath the marks."""
        text = "".join(sign.symbol for sign in frame.signs)
        if not text:
            return
        metrics = self.fontMetrics()
        painter.setPen(QColor(styles.WHITE))
        painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, self.height() - SIGNS_ABOVE), text)

    def _paint_shape(self, painter: QPainter, kind: MarkKind, place: QPointF) -> None:
        size = MARK_SIZE
        if kind is MarkKind.TARGET:
            painter.drawEllipse(place, size, size)
        elif kind is MarkKind.NEEDLE:
            x, y = place.x(), place.y()
            corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        else:
            painter.drawRect(QRectF(place.x() - size + 1, place.y() - size + 1, 2 * size - 2, 2 * size - 2))

    def _paint_current(self, painter: QPainter) -> None:
        painter.setPen(QColor(styles.WHITE))
        x = self.x_of(self._current)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    # ------------------------------------------------------------------ mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the frame under the mouse."""
        if self._count and event.button() == Qt.MouseButton.LeftButton:
            self.frame_requested.emit(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the mouse while it is held."""
        if self._count and event.buttons() & Qt.MouseButton.LeftButton:
            index = self.index_at(event.position().x())
            if index != self._current:
                self.frame_requested.emit(index)

    def event(self, event: QEvent) -> bool:
        """Say which frame is under the mouse, and what it carries."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._count:
            QToolTip.showText(event.globalPos(), self.tip_at(self.index_at(event.pos().x())), self)
            return True
        return super().event(event)

    def tip_at(self, index: int) -> str:
        """Return what is said of a frame."""
        frame = self._marked.get(index)
        if frame is None:
            return texts.STRIP_EMPTY.format(number=index + 1)
        counts = Counter(frame.kinds)
        marks = ", ".join(
            texts.KIND_COUNT.format(count=count, kind=kind.value.replace("_", " "))
            for kind, count in counts.items()
        )
        told = "; ".join(sign.meaning for sign in frame.signs)
        tip = texts.STRIP_TIP.format(number=index + 1, marks=marks)
        return f"{tip} ({told})" if told else tip
