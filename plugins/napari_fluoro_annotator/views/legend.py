"""Small pictures of how each role looks on the image, for a legend."""

from __future__ import annotations

from functools import cache

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from fluoro_annotator.training import Role
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.feedback_looks import LOOKS, Look

WIDTH, HEIGHT = 34, 16
PLACES = frozenset(
    {
        Role.OUTLIER,
        Role.REFERENCE,
        Role.MIDDLE,
        Role.ELSEWHERE,
        Role.REPLAYED,
        Role.SHOWN,
        Role.ANSWER,
    }
)
"""Roles of places; all others are lines."""


@cache
def swatch(role: Role) -> QPixmap:
    """Return a picture of a role on black, as it lies on the image."""
    look = LOOKS[role]
    picture = QPixmap(WIDTH, HEIGHT)
    picture.fill(QColor(styles.BLACK))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(look, dashes=role not in PLACES))
    if role in PLACES:
        _paint_symbol(painter, look.symbol, QPointF(WIDTH / 2, HEIGHT / 2), min(look.size, HEIGHT - 4) / 2)
    else:
        painter.drawLine(QPointF(1, HEIGHT / 2), QPointF(WIDTH - 1, HEIGHT / 2))
    painter.end()
    return picture


def _pen(look: Look, *, dashes: bool) -> QPen:
    pen = QPen(QColor(look.colour), 2)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes and look.dashes:
        pen.setDashPattern([length / 2 for length in look.dashes])  # Qt counts in widths of the pen
    return pen


def _paint_symbol(painter: QPainter, symbol: str, at: QPointF, half: float) -> None:
    x, y = at.x(), at.y()
    lines = {
        "cross": [((x - half, y), (x + half, y)), ((x, y - half), (x, y + half))],
        "x": [((x - half, y - half), (x + half, y + half)), ((x - half, y + half), (x + half, y - half))],
    }
    corners = {
        "diamond": [(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
        "triangle_up": [(x, y - half), (x + half, y + half), (x - half, y + half)],
        "square": [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)],
    }
    if symbol in lines:
        for start, end in lines[symbol]:
            painter.drawLine(QPointF(*start), QPointF(*end))
    elif symbol in corners:
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners[symbol]]))
    else:
        painter.drawEllipse(QRectF(x - half, y - half, 2 * half, 2 * half))
