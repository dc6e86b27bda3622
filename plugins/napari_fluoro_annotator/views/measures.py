"""The Measure page: the table of measures, and below it the scale and the questions about the view."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QBrush, QColor, QShowEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.measuring import Measured, NeedleMeasures
from napari_fluoro_annotator.views.adequacy import AdequacyView
from napari_fluoro_annotator.views.calibration import CalibrationView
from napari_fluoro_annotator.views.fields import NamedCombo
from napari_fluoro_annotator.views.parts import SIDES, check_box, heading, narrow_button

TABLE_ROWS = 8


class LowTable(QTableWidget):
    """A table that asks for no more than its least height, and takes what is left."""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the usual width and the least height."""
        return QSize(super().sizeHint().width(), self.minimumHeight())


class MeasuresView(QWidget):
    """Measures, scale and view: ``set_*`` in, signals out.

    Attributes
    ----------
    line_chosen, vertebra_chosen, side_chosen, needle_chosen : psygnal.Signal
        Emitted with the key of what was chosen, an empty text for nothing.
    line_requested, distance_requested : psygnal.Signal
        Emitted without a value.
    lines_shown, bands_shown : psygnal.Signal
        Emitted with whether they are wanted.
    changing : tuple of QWidget
        What only changes the reading.

    """

    line_chosen = Signal(str)
    vertebra_chosen = Signal(str)
    side_chosen = Signal(str)
    needle_chosen = Signal(str)
    line_requested = Signal()
    distance_requested = Signal()
    lines_shown = Signal(bool)
    bands_shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.calibration = CalibrationView()
        self.adequacy = AdequacyView()
        self.changing = self.calibration.changing, self.adequacy
        self._shown: tuple[NeedleMeasures, ...] | None = None
        self._wanted: tuple[NeedleMeasures, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.setSpacing(4)
        layout.addWidget(self._build_table(), 1)
        layout.addLayout(self._build_switches())
        layout.addLayout(self._build_lines())
        for title, part in ((texts.SCALE, self.calibration), (texts.JUDGING, self.adequacy)):
            layout.addWidget(heading(title))
            layout.addWidget(part)

    # ------------------------------------------------------------------ parts

    def _build_table(self) -> QTableWidget:
        self._table = LowTable(0, 2)
        self._table.setObjectName("measures")
        self._table.setAccessibleName(texts.NEEDLES_HERE)
        self._table.setShowGrid(False)
        self._table.setWordWrap(True)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._table.horizontalHeader().hide()
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setMinimumSectionSize(self.fontMetrics().lineSpacing())
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self._table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._table.setColumnWidth(0, self.fontMetrics().horizontalAdvance(texts.TIP_TO_TARGET) * 5 // 3)
        self._table.horizontalHeader().sectionResized.connect(self._on_resized)
        self._table.setMinimumHeight(TABLE_ROWS * (self.fontMetrics().lineSpacing() + 4))
        self._table.itemClicked.connect(self._on_item)
        return self._table

    def _build_switches(self) -> QHBoxLayout:
        self._lines_box = check_box("show_lines", texts.SHOW_LINES, texts.SHOW_LINES_TIP, checked=True)
        self._bands_box = check_box("show_bands", texts.SHOW_BANDS, texts.SHOW_BANDS_TIP, checked=True)
        row = QHBoxLayout()
        row.addWidget(self._lines_box)
        row.addWidget(self._bands_box)
        row.addStretch(1)
        self._lines_box.toggled.connect(self._on_lines)
        self._bands_box.toggled.connect(self._on_bands)
        return row

    def _build_lines(self) -> QGridLayout:
        self._line = NamedCombo("line", texts.LINE_TO_PLACE)
        self._line.currentIndexChanged.connect(self._on_line)
        self._vertebra = NamedCombo("line_vertebra", texts.VERTEBRA)
        self._vertebra.currentIndexChanged.connect(self._on_vertebra)
        self._side = NamedCombo("line_side", texts.SIDE, texts.SIDE_TIP)
        self._side.offer([Choice(side.value, text) for side, text in SIDES], texts.SIDE)
        self._side.currentIndexChanged.connect(self._on_side)
        place = narrow_button("place_line", texts.PLACE_LINE, texts.PLACE_LINE_TIP, SHOWN["place_line"])
        place.clicked.connect(self._on_place)
        free = narrow_button(
            "distance", texts.MEASURE_DISTANCE, texts.MEASURE_DISTANCE_TIP, SHOWN["measure_distance"]
        )
        free.clicked.connect(self._on_distance)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3)
        grid.setVerticalSpacing(3)
        # no list beside a button: the name of a vertebra would be cut off in a narrow window
        grid.addWidget(self._line, 0, 0, 1, 6)
        grid.addWidget(self._vertebra, 1, 0, 1, 4)
        grid.addWidget(self._side, 1, 4, 1, 2)
        grid.addWidget(place, 2, 0, 1, 3)
        grid.addWidget(free, 2, 3, 1, 3)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        return grid

    # ------------------------------------------------------------------ set

    def set_lines(self, choices: Sequence[Choice]) -> None:
        """Offer these lines; the one that was chosen stays chosen if it is among them."""
        self._line.offer(choices)
        for place, choice in enumerate(choices):
            self._line.setItemData(place, choice.note, Qt.ItemDataRole.ToolTipRole)

    def set_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae; none is chosen."""
        self._vertebra.offer(choices, texts.VERTEBRA)

    def set_vertebra(self, key: str) -> None:
        """Show which vertebra is chosen."""
        self._vertebra.choose(key)

    def set_side(self, key: str) -> None:
        """Show which side is chosen."""
        self._side.choose(key)

    def set_measures(self, needles: Sequence[NeedleMeasures]) -> None:
        """Show what was measured at each needle of the frame; listed once the page is seen."""
        self._wanted = tuple(needles)
        if self.isVisible():
            self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """List what was measured while another page was in front."""
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        needles = self._wanted
        if needles == self._shown:
            return
        before, self._shown = self._shown or (), needles
        if _shape(before) == _shape(self._shown) and self._shown:
            self._renew()
        else:
            self._list()

    def _list(self) -> None:
        self._table.clearSpans()
        self._table.setRowCount(0)
        for needle in self._shown or ():
            self._add_head(needle.label, needle.mark_id)
            for row in needle.rows:
                _write(self._add_row(needle.mark_id), row)
            if not needle.rows:
                self._add_head(texts.NOTHING_TO_MEASURE_TO, needle.mark_id, bold=False)
        if not self._shown:
            self._add_head(texts.NO_NEEDLE_HERE, "", bold=False)
        self._table.resizeRowsToContents()

    def _add_row(self, mark_id: str) -> tuple[QTableWidgetItem, QTableWidgetItem]:
        row = self._table.rowCount()
        self._table.insertRow(row)
        items = QTableWidgetItem(), QTableWidgetItem()
        for column, item in enumerate(items):
            item.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            item.setData(Qt.ItemDataRole.UserRole, mark_id)
            self._table.setItem(row, column, item)
        return items

    def _add_head(self, text: str, mark_id: str, *, bold: bool = True) -> None:
        item, _ = self._add_row(mark_id)
        self._table.setSpan(self._table.rowCount() - 1, 0, 1, 2)
        item.setText(text)
        font = item.font()
        font.setBold(bold)
        item.setFont(font)

    def _renew(self) -> None:
        """Write new numbers into the rows that are there: this happens at every step of a drag."""
        rows = [row for needle in self._shown or () for row in (None, *(needle.rows or (None,)))]
        for index, row in enumerate(rows):
            items = self._table.item(index, 0), self._table.item(index, 1)
            if row is not None and items[0] is not None and items[1] is not None:
                _write((items[0], items[1]), row)

    # ------------------------------------------------------------------ what the reader does

    def _on_resized(self) -> None:
        self._table.resizeRowsToContents()

    def _on_item(self, item: QTableWidgetItem) -> None:
        mark_id = item.data(Qt.ItemDataRole.UserRole)
        if mark_id:
            self.needle_chosen.emit(mark_id)

    def _on_line(self) -> None:
        self._line.setToolTip(self._line.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self.line_chosen.emit(self._line.currentData() or "")

    def _on_vertebra(self) -> None:
        self.vertebra_chosen.emit(self._vertebra.currentData() or "")

    def _on_side(self) -> None:
        self.side_chosen.emit(self._side.currentData() or "")

    def _on_place(self) -> None:
        self.line_requested.emit()

    def _on_distance(self) -> None:
        self.distance_requested.emit()

    def _on_lines(self, wanted: bool) -> None:
        self.lines_shown.emit(wanted)

    def _on_bands(self, wanted: bool) -> None:
        self.bands_shown.emit(wanted)


def _shape(needles: Sequence[NeedleMeasures]) -> list[tuple[str, str, int, list[int]]]:
    """Return what has to be alike for the rows to stay."""
    return [
        (one.mark_id, one.label, len(one.rows), [row.text.count("\n") for row in one.rows]) for one in needles
    ]


def _write(items: tuple[QTableWidgetItem, QTableWidgetItem], row: Measured) -> None:
    what, value = items
    what.setText(row.what)
    value.setText(row.text)
    tip = f"{row.what}: {row.text}\n{row.note}" if row.note else row.what
    font = value.font()
    font.setBold(row.warning)
    value.setFont(font)
    value.setForeground(QBrush(QColor(styles.ORANGE)) if row.warning else QBrush())
    for item in items:
        item.setToolTip(tip)
