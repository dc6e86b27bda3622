"""The page of progress: what is lacking, plots that can be read, the same as tables, and the report."""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QPixmap, QShowEvent
from qtpy.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.practice_progress import Plot, ProgressShown
from napari_fluoro_annotator.views.parts import check_box, heading, narrow_button, text_label

MOST_SHOWN_ROWS = 10
SHARPNESS = 2
"""Pixels of a picture for one of the window, so that it is sharp on fine screens, too."""
DARK_BELOW = 128
SCROLL_BAR = 16


class ProgressView(QWidget):
    """The page: ``set_*`` in, signals out.

    Attributes
    ----------
    refresh_requested : psygnal.Signal
        Emitted to make the page anew, also when somebody turns to it.
    save_requested : psygnal.Signal
        Emitted with the file that the report is to be written to.

    """

    refresh_requested = Signal()
    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practice_progress")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading(texts.PROGRESS))
        layout.addLayout(self._build_buttons())
        self._state = text_label("progress_state")
        self._about = text_label("progress_about")
        self._rule = text_label("progress_rule")
        self._lacking = text_label("progress_lacking")
        self._numbers = text_label("progress_numbers")
        for label in (self._state, self._about, self._rule, self._lacking, self._numbers):
            layout.addWidget(label)
        self._plots = QVBoxLayout()
        self._plots.setSpacing(6)
        layout.addLayout(self._plots)
        self._pictures: list[QLabel] = []
        self._tabled: list[QTableWidget] = []

    def _build_buttons(self) -> QHBoxLayout:
        self._save = narrow_button("progress_save", texts.PROGRESS_SAVE, texts.PROGRESS_SAVE_TIP)
        self._save.clicked.connect(self.ask_for_file)
        self._refresh = narrow_button("progress_refresh", texts.PROGRESS_REFRESH)
        self._refresh.clicked.connect(self._on_refresh)
        self._tables = check_box("progress_tables", texts.PROGRESS_TABLES, texts.PROGRESS_TABLES_TIP)
        self._tables.toggled.connect(self._on_tables)
        row = QHBoxLayout()
        for widget in (self._save, self._refresh, self._tables):
            row.addWidget(widget)
        return row

    # ------------------------------------------------------------------ set

    @property
    def chart_width(self) -> int:
        """How many pixels wide a chart can be."""
        return self.width() - SCROLL_BAR

    @property
    def is_dark(self) -> bool:
        """Whether the window is dark."""
        return bool(self.palette().window().color().lightness() < DARK_BELOW)

    def set_progress(self, shown: ProgressShown) -> None:
        """Show progress."""
        self._about.setText(shown.about)
        self._about.setVisible(bool(shown.about))
        self._rule.setText(shown.rule)
        lacking = [texts.PROGRESS_LACKING, *shown.lacking] if shown.lacking else [texts.PROGRESS_MET]
        self._lacking.setText("\n".join(lacking))
        self._numbers.setText(
            "\n".join(texts.FEEDBACK_DETAIL.format(name=n, value=v) for n, v in shown.numbers)
        )
        while self._plots.count():
            item = self._plots.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._pictures, self._tabled = [], []
        for plot in shown.plots:
            self._add(plot)
        self._on_tables()

    def _add(self, plot: Plot) -> None:
        picture = QLabel()
        picture.setAccessibleName(plot.alt)
        picture.setToolTip(plot.alt)
        picture.setAlignment(Qt.AlignmentFlag.AlignLeft)
        picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        pixmap = QPixmap()
        if plot.png and pixmap.loadFromData(plot.png):
            pixmap.setDevicePixelRatio(SHARPNESS)
            picture.setPixmap(pixmap)
        self._pictures.append(picture)
        table = _table(plot)
        self._tabled.append(table)
        self._plots.addWidget(picture)
        self._plots.addWidget(heading(plot.title))
        self._plots.addWidget(table)

    def set_state(self, text: str, *, warning: bool = False) -> None:
        """Say what goes on, or what went wrong."""
        self._state.setText(text)
        self._state.setStyleSheet(styles.WARNING_STYLE if warning else "")
        self._state.setVisible(bool(text))

    def set_saving(self, saving: bool) -> None:
        """Show that a report is being written."""
        self._save.setEnabled(not saving)

    # ------------------------------------------------------------------ Qt

    def ask_for_file(self) -> None:
        """Ask where the report goes, and say so."""
        path, kind = QFileDialog.getSaveFileName(
            self, texts.PROGRESS_SAVE, "practice-report.html", texts.PROGRESS_FILTERS
        )
        if path:
            wanted = ".pdf" if "pdf" in kind.lower() else ".html"
            self.save_requested.emit(path if path.lower().endswith((".pdf", ".html")) else f"{path}{wanted}")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the page as it is now."""
        super().showEvent(event)
        self.refresh_requested.emit()

    def _on_refresh(self) -> None:
        self.refresh_requested.emit()

    def _on_tables(self) -> None:
        """Show tables or pictures; a table where there is no picture."""
        tables = self._tables.isChecked()
        for number, (picture, table) in enumerate(zip(self._pictures, self._tabled, strict=True)):
            as_table = tables or picture.pixmap().isNull()
            picture.setVisible(not as_table)
            table.setVisible(as_table)
            title = self._plots.itemAt(3 * number + 1)
            widget = None if title is None else title.widget()
            if widget is not None:
                widget.setVisible(as_table)


def _table(plot: Plot) -> QTableWidget:
    """Return the table of a chart, as high as its rows, up to some of them."""
    table = QTableWidget(len(plot.rows), len(plot.headers))
    table.setAccessibleName(plot.title)
    table.setHorizontalHeaderLabels(plot.headers)
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    for number, row in enumerate(plot.rows):
        for column, text in enumerate(row):
            table.setItem(number, column, QTableWidgetItem(text))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    row_height = table.verticalHeader().defaultSectionSize()
    shown = min(len(plot.rows), MOST_SHOWN_ROWS)
    table.setFixedHeight(row_height * (shown + 1) + 2 * table.frameWidth() + 2)
    return table
