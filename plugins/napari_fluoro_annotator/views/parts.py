"""Small parts that several pages are made of."""

from __future__ import annotations

from qtpy.QtWidgets import QLabel, QPushButton, QScrollArea, QSizePolicy, QWidget


def heading(text: str) -> QLabel:
    """Return a heading of a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def push_button(text: str, name: str, tip: str, key: str = "") -> QPushButton:
    """Return a button; its key stands behind its text and in its tip."""
    button = QPushButton(f"{text} ({key})" if key else text)
    button.setObjectName(name)
    button.setToolTip(tip.format(key=key))
    button.setMinimumWidth(0)
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return button


def give_focus(widget: QWidget, whole: QWidget | None = None) -> None:
    """Give a control the focus, and scroll its page so that it, or the whole form it is in, is seen."""
    widget.setFocus()
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(whole or widget, 0, around.fontMetrics().lineSpacing())
