"""Small parts that several pages are made of: labels, buttons, boxes to tick, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qtpy.QtWidgets import (
    QCheckBox,
    QLabel,
    QLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from fluoro_annotator.anatomy import Side
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.wrapping_label import WrappingLabel

SIDES = ((Side.LEFT, texts.LEFT), (Side.RIGHT, texts.RIGHT))
"""The sides in the order in which they are offered, with their names."""


def heading(text: str) -> QLabel:
    """Return a heading of a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def text_label(name: str) -> WrappingLabel:
    """Return an empty label that shows what it is given letter by letter, in as many lines as it takes."""
    label = WrappingLabel()
    label.setObjectName(name)
    return label


def push_button(name: str, text: str, tip: str = "", key: str = "") -> QPushButton:
    """Return a button; its key, if there is one, stands behind its text and in its tip."""
    button = QPushButton(f"{text} ({key})" if key else text)
    button.setObjectName(name)
    button.setToolTip(tip.format(key=key) if key else tip)
    return button


def narrow_button(name: str, text: str, tip: str = "", key: str = "") -> QPushButton:
    """Return a button like `push_button`, which may become narrower than its text."""
    button = push_button(name, text, tip, key)
    button.setMinimumWidth(0)
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return button


def arming_buttons(
    tools: Iterable[tuple[str, str, str, str]], slot: Callable[[], None]
) -> dict[str, QPushButton]:
    """Return a button for each tool, which stays down while the tool waits for a press.

    Parameters
    ----------
    tools : iterable of (str, str, str, str)
        Of each tool the name, the text, the tip and the action of its key.
    slot : callable
        What a press on a button calls; the name is the sender's property ``tool``.

    Returns
    -------
    dict of str to QPushButton
        The buttons by the name of their tool.

    """
    buttons = {
        name: push_button(f"tool_{name}", text, tip, SHOWN[action]) for name, text, tip, action in tools
    }
    for name, button in buttons.items():
        button.setCheckable(True)
        button.setProperty("tool", name)
        button.clicked.connect(slot)
    return buttons


def tool_button(name: str, text: str = "", tip: str = "") -> QToolButton:
    """Return a small button."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    return button


def check_box(name: str, text: str, tip: str = "", *, checked: bool = False) -> QCheckBox:
    """Return a box to tick."""
    box = QCheckBox(text)
    box.setObjectName(name)
    box.setToolTip(tip)
    box.setChecked(checked)
    return box


def sentence_list(name: str, title: str, tip: str = "") -> QListWidget:
    """Return a list of sentences, which wrap; the title is what somebody hears who cannot see it."""
    found = QListWidget()
    found.setObjectName(name)
    found.setAccessibleName(title)
    found.setToolTip(tip)
    found.setWordWrap(True)
    return found


def together(layout: QLayout) -> QWidget:
    """Return a layout as one widget, so that all of it can be switched off without a word to its parts."""
    holder = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(layout)
    return holder


def give_focus(widget: QWidget, whole: QWidget | None = None) -> None:
    """Give a control the focus, and scroll its page so that it, or the whole form it is in, is seen."""
    widget.setFocus()
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(whole or widget, 0, around.fontMetrics().lineSpacing())
