"""The panes beside the main image."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QHideEvent, QShowEvent
from qtpy.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.panes import MOST_PANES, PaneImage, PaneMouse
from napari_fluoro_annotator.controllers.picture import Picture
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.pane_canvas import PaneCanvas
from napari_fluoro_annotator.views.parts import check_box, text_label, tool_button

NOTE_LINES, NOTE_MARGIN = 3, 10


class PaneView(QWidget):
    """One pane: the list of views, the image, the slider of frames, and a note.

    Attributes
    ----------
    view_chosen, frame_chosen : psygnal.Signal
        Emitted with the pane's number and a position in the list, or a frame index.
    swap_requested : psygnal.Signal
        Emitted with the pane's number.

    """

    view_chosen = Signal(int, int)
    frame_chosen = Signal(int, int)
    swap_requested = Signal(int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._handler: PaneMouse | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._build_head())
        self.canvas = PaneCanvas()
        self.canvas.setObjectName(f"pane_canvas_{number}")
        self.canvas.setAccessibleName(texts.PANE.format(number=number + 1))
        layout.addWidget(self.canvas, 1)
        layout.addLayout(self._build_slider())
        self._note = text_label(f"pane_note_{number}")
        self._note.setMaximumHeight(NOTE_LINES * self._note.fontMetrics().lineSpacing() + NOTE_MARGIN)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._note)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        self._views = QComboBox()
        self._views.setObjectName(f"pane_view_{self._number}")
        self._views.setAccessibleName(texts.PANE_VIEW.format(number=self._number + 1))
        self._views.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._views.activated.connect(self._on_view)
        row.addWidget(self._views, 1)
        row.addWidget(self._button("fit", texts.PANE_FIT, texts.PANE_FIT_TIP, self._on_fit))
        row.addWidget(self._button("swap", "\N{LEFT RIGHT ARROW}", texts.SWAP_TIP, self._on_swap))
        return row

    def _button(self, name: str, sign: str, tip: str, slot: object) -> QToolButton:
        button = tool_button(f"pane_{name}_{self._number}", sign, tip)
        button.setAccessibleName(tip)
        button.clicked.connect(slot)
        return button

    def _build_slider(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(f"pane_slider_{self._number}")
        self._slider.setAccessibleName(texts.PANE_FRAME.format(number=self._number + 1))
        self._slider.valueChanged.connect(self._on_frame)
        self._shown = QLabel()
        row.addWidget(self._slider, 1)
        row.addWidget(self._shown)
        return row

    # ------------------------------------------------------------------ set

    def set_mouse_handler(self, handler: PaneMouse | None) -> None:
        """Say who is told of presses."""
        self._handler = handler
        mouse = (self._on_press, self._on_drag, self._on_release)
        self.canvas.set_mouse(None if handler is None else mouse)

    def set_views(self, rows: Sequence[str], position: int | None) -> None:
        """List the views and say which is shown."""
        blocked = self._views.blockSignals(True)
        if rows != [self._views.itemText(place) for place in range(self._views.count())]:
            self._views.clear()
            self._views.addItems(list(rows))
        self._views.setCurrentIndex(-1 if position is None else position)
        self._views.blockSignals(blocked)

    def set_frame(self, index: int, count: int) -> None:
        """Say which frame is shown, counted from 1; with one there is nothing to slide."""
        blocked = self._slider.blockSignals(True)
        self._slider.setRange(0, max(count - 1, 0))
        self._slider.setValue(index)
        self._slider.blockSignals(blocked)
        self._slider.setVisible(count > 1)
        self._shown.setVisible(count > 1)
        self._shown.setText(texts.SHOWN_FRAME.format(number=index + 1, count=count))

    def set_note(self, text: str, *, warning: bool) -> None:
        """Say something below the image."""
        self._note.setText(text)
        self._note.setToolTip(text)
        self._note.setVisible(bool(text))
        self._note.setStyleSheet(WARNING_STYLE if warning else "")

    # ------------------------------------------------------------------ what the reader does

    def _on_view(self, position: int) -> None:
        self.view_chosen.emit(self._number, position)

    def _on_frame(self, index: int) -> None:
        self.frame_chosen.emit(self._number, index)

    def _on_fit(self) -> None:
        self.canvas.fit()

    def _on_swap(self) -> None:
        self.swap_requested.emit(self._number)

    def _on_press(self, point: Point, handle: Handle | None, shifted: bool) -> bool:
        handler = self._handler
        return handler is not None and handler.press(self._number, point, handle, shifted=shifted)

    def _on_drag(self, point: Point) -> None:
        if self._handler is not None:
            self._handler.drag(self._number, point)

    def _on_release(self, point: Point) -> None:
        if self._handler is not None:
            self._handler.release(self._number, point)


class CompanionsView(QWidget):
    """The panes: ``set_*`` in, signals out.

    Attributes
    ----------
    opening, opened, closed, check_due : psygnal.Signal
        Emitted without a value; ``opening`` before the panes are shown.
    count_chosen, guides_chosen : psygnal.Signal
        Emitted with a number of panes, and whether guide lines are wanted.
    view_chosen, frame_chosen, swap_requested : psygnal.Signal
        Those of the panes.

    """

    opening = Signal()
    opened = Signal()
    closed = Signal()
    check_due = Signal()
    count_chosen = Signal(int)
    guides_chosen = Signal(bool)
    view_chosen = Signal(int, int)
    frame_chosen = Signal(int, int)
    swap_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(3)
        layout.addLayout(self._build_bar())
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self.panes = [PaneView(number) for number in range(MOST_PANES)]
        for pane in self.panes:
            self._splitter.addWidget(pane)
            pane.view_chosen.connect(self.view_chosen.emit)
            pane.frame_chosen.connect(self.frame_chosen.emit)
            pane.swap_requested.connect(self.swap_requested.emit)
        layout.addWidget(self._splitter, 1)
        self._main_note, self._conflicts = text_label("main_note"), text_label("conflicts")
        for label in (self._main_note, self._conflicts):
            label.hide()
            layout.addWidget(label)
        self._conflicts.setStyleSheet(WARNING_STYLE)

    def _build_bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._counts = QComboBox()
        self._counts.setObjectName("pane_count")
        self._counts.setAccessibleName(texts.PANES)
        for count in range(1, MOST_PANES + 1):
            self._counts.addItem(texts.plural(count, texts.ONE_PANE, texts.MANY_PANES), count)
        self._counts.activated.connect(self._on_count)
        self._guides = check_box("guides", texts.GUIDES, texts.GUIDES_TIP, checked=True)
        self._guides.toggled.connect(self._on_guides)
        close = tool_button(
            "close_panes", texts.CLOSE, texts.CLOSE_PANES_TIP.format(key=SHOWN["side_by_side"])
        )
        close.clicked.connect(self._on_close)
        row.addWidget(self._counts)
        row.addWidget(self._guides)
        row.addStretch(1)
        row.addWidget(close)
        return row

    # ------------------------------------------------------------------ set

    @property
    def is_open(self) -> bool:
        """Whether the panes can be seen."""
        return self.isVisible()

    def set_open(self, open_: bool) -> None:
        """Show or hide the panes, with the dock that holds them."""
        if open_:
            self.opening.emit()
        frame = self.parentWidget()
        (self if frame is None else frame).setVisible(open_)

    def set_mouse_handler(self, handler: PaneMouse | None) -> None:
        """Say who is told of presses in the panes."""
        for pane in self.panes:
            pane.set_mouse_handler(handler)

    def set_count(self, count: int) -> None:
        """Show this many panes."""
        self._counts.setCurrentIndex(self._counts.findData(count))
        for number, pane in enumerate(self.panes):
            pane.setVisible(number < count)

    def set_views(self, pane: int, rows: Sequence[str], position: int | None) -> None:
        """List the views that a pane can show, and say which it does."""
        self.panes[pane].set_views(rows, position)

    def set_frame(self, pane: int, index: int, count: int) -> None:
        """Say which frame of its view a pane shows."""
        self.panes[pane].set_frame(index, count)

    def set_image(self, pane: int, image: PaneImage | None) -> None:
        """Show a frame in a pane, or nothing."""
        self.panes[pane].canvas.set_image(image)

    def set_marks(self, pane: int, picture: Picture) -> None:
        """Show what is marked on the frame."""
        self.panes[pane].canvas.set_marks(picture)

    def set_note(self, pane: int, text: str, *, warning: bool = False) -> None:
        """Say something below a pane."""
        self.panes[pane].set_note(text, warning=warning)

    def set_main_note(self, text: str) -> None:
        """Say what concerns the main image."""
        self._main_note.setText(text)
        self._main_note.setVisible(bool(text))

    def set_conflicts(self, text: str) -> None:
        """Say which marks cannot be one thing."""
        self._conflicts.setText(text)
        self._conflicts.setVisible(bool(text))

    def check_in(self, milliseconds: int) -> None:
        """Emit ``check_due`` once after a time in which nobody asks again."""
        self._timer.start(milliseconds)

    # ------------------------------------------------------------------ what the reader does

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the panes can be seen."""
        super().showEvent(event)
        if not event.spontaneous():
            self.opened.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the panes are seen no more."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.closed.emit()

    def _on_timeout(self) -> None:
        self.check_due.emit()

    def _on_count(self) -> None:
        self.count_chosen.emit(self._counts.currentData())

    def _on_guides(self, shown: bool) -> None:
        self.guides_chosen.emit(shown)

    def _on_close(self) -> None:
        self.set_open(False)
