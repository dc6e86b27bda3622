"""The Levels page: numbering, offered labels, renaming, and what looks wrong."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.compat import isalive
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QHideEvent, QShowEvent
from qtpy.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fluoro_annotator.marks import (
    CountedFrom,
    Lstv,
    LstvSide,
    NumberingConfidence,
    NumberingScheme,
)
from fluoro_annotator.marks.facts import FEWEST_RIBS, MOST_RIBS
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.levels import FindingRow
from napari_fluoro_annotator.controllers.numbering_form import NumberingForm
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.wording import numbering_value
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.views.fields import NamedCombo
from napari_fluoro_annotator.views.parts import check_box, push_button, sentence_list, text_label, together

TABLES = {
    "scheme": NumberingScheme,
    "counted_from": CountedFrom,
    "lstv": Lstv,
    "lstv_side": LstvSide,
    "confidence": NumberingConfidence,
}
NO_SIDE = LstvSide.NOT_APPLICABLE.value
NO_LSTV = ("", Lstv.NONE.value)
LIST_HEIGHT = 96
LISTS_AFTER_MS = 150
MARGINS = (4, 9, 4, 4)


class LevelsView(QWidget):
    """How vertebrae were counted, what is offered, renaming, and what looks wrong: ``set_*`` in, signals out.

    Attributes
    ----------
    numbering_stated : psygnal.Signal
        Emitted with a `NumberingForm`.
    renaming_chosen : psygnal.Signal
        Emitted with what a vertebra is called, what it is, and which vertebrae are miscounted.
    finding_chosen : psygnal.Signal
        Emitted with the identifier of a mark.
    offer_switched, page_shown : psygnal.Signal
        Emitted with whether.
    numbering_withdrawn, accept_requested, renaming_requested, lists_wanted : psygnal.Signal
        Emitted without a value.
    changing : tuple of QWidget
        What only changes the reading.

    """

    numbering_stated = Signal(object)
    numbering_withdrawn = Signal()
    offer_switched = Signal(bool)
    accept_requested = Signal()
    renaming_chosen = Signal(str, str, str)
    renaming_requested = Signal()
    finding_chosen = Signal(str)
    page_shown = Signal(bool)
    lists_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = NumberingForm()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LISTS_AFTER_MS)
        self._soon.timeout.connect(self._on_soon)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.setSpacing(5)
        self._findings_box = _group(texts.FINDINGS, self._build_findings())
        self._numbering_box = _group(texts.NUMBERING, self._build_numbering())
        self._offer_box = _group(texts.OFFER, self._build_offer())
        self._renaming_box = _group(texts.RENAME, self._build_renaming())
        self.changing = tuple(together(_column(box)) for box in (self._numbering_box, self._renaming_box))
        numbering, renaming = self.changing
        for box in (self._findings_box, numbering, self._offer_box, renaming):
            layout.addWidget(box)
        layout.addStretch(1)
        self._show_numbering_buttons()

    # ------------------------------------------------------------------ parts

    def _build_numbering(self) -> QLayout:
        self._fields: dict[str, NamedCombo] = {}
        form = QFormLayout()
        form.setContentsMargins(*MARGINS)
        for name, words in texts.NUMBERING_FIELDS.items():
            field = NamedCombo(name, words, texts.NUMBERING_TIPS.get(name, ""))
            field.offer(*_choices_of(name))
            field.currentIndexChanged.connect(self._on_field)
            self._fields[name] = field
            form.addRow(words, field)
        self._stated = text_label("numbering")
        form.addRow(self._stated)
        form.addRow(self._build_numbering_buttons())
        return form

    def _build_numbering_buttons(self) -> QHBoxLayout:
        self._state = push_button("state_numbering", texts.NUMBERING_STATE, texts.NUMBERING_STATE_TIP)
        self._state.clicked.connect(self._on_state)
        self._withdraw = push_button(
            "withdraw_numbering", texts.NUMBERING_WITHDRAW, texts.NUMBERING_WITHDRAW_TIP
        )
        self._withdraw.clicked.connect(self._on_withdraw)
        return _row(self._state, self._withdraw)

    def _build_offer(self) -> QLayout:
        self._offer = text_label("offer")
        self._offering = check_box("offering", texts.OFFER_SWITCH, checked=True)
        self._offering.toggled.connect(self._on_offering)
        key = SHOWN["accept_all"]
        self._accept = push_button("accept_offer", texts.OFFER_ACCEPT.format(key=key), texts.OFFER_ACCEPT_TIP)
        self._accept.clicked.connect(self._on_accept)
        return _column(self._offering, self._offer, self._accept)

    def _build_renaming(self) -> QLayout:
        self._from = NamedCombo("rename_from", texts.RENAME_FROM)
        self._to = NamedCombo("rename_to", texts.RENAME_TO)
        self._scope = NamedCombo("rename_scope", texts.RENAME_SCOPE)
        self._scope.offer([Choice(key, text) for key, text in texts.RENAME_SCOPES.items()])
        form = QFormLayout()
        form.setContentsMargins(*MARGINS)
        labels = (texts.RENAME_FROM, texts.RENAME_TO, texts.RENAME_SCOPE)
        for words, field in zip(labels, (self._from, self._to, self._scope), strict=True):
            field.currentIndexChanged.connect(self._on_renaming)
            form.addRow(words, field)
        self._preview = _list("rename_preview", texts.RENAME)
        form.addRow(self._preview)
        self._rename = push_button("rename", texts.RENAME_BUTTON_NONE)
        self._rename.clicked.connect(self._on_rename)
        form.addRow(self._rename)
        return form

    def _build_findings(self) -> QLayout:
        self._findings = _list("findings", texts.FINDINGS, texts.FINDING_TIP)
        self._findings.itemClicked.connect(self._on_finding)
        self._findings.itemActivated.connect(self._on_finding)
        return _column(self._findings)

    # ------------------------------------------------------------------ set

    def set_numbering(self, form: NumberingForm, text: str) -> None:
        """Show what is stated; what the reader is choosing meanwhile stays unless that has changed."""
        self._stated.setText(text)
        if form != self._form:
            self._form = form
            for name, field in self._fields.items():
                field.choose(getattr(form, name))
        self._show_numbering_buttons()

    def set_offer(self, text: str, *, acceptable: bool) -> None:
        """Say what is offered on the frame, or why nothing is."""
        self._offer.setText(text)
        self._accept.setEnabled(acceptable)

    def set_renaming_choices(self, used: Sequence[Choice], names: Sequence[Choice]) -> None:
        """Offer vertebrae to rename, and names."""
        self._from.offer(used, texts.NUMBERING_PROMPT)
        self._to.offer(names, texts.NUMBERING_PROMPT)

    def set_renaming(self, lines: Sequence[str], button: str, *, possible: bool) -> None:
        """Show what renaming would do."""
        self._preview.clear()
        self._preview.addItems(list(lines))
        self._rename.setText(button)
        self._rename.setEnabled(possible)

    def set_findings(self, rows: Sequence[FindingRow], count: int) -> None:
        """List what looks wrong, and how much there is in all."""
        self._findings.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(Qt.ItemDataRole.UserRole, row.mark_id)
            self._findings.addItem(item)
        if count > len(rows):
            self._findings.addItem(texts.FINDINGS_MORE.format(count=count - len(rows)))
        self._findings_box.setTitle(texts.FINDINGS_COUNT.format(count=count))
        self._findings.setFixedHeight(LIST_HEIGHT if rows else 2 * self.fontMetrics().height())
        if not rows:
            self._findings.addItem(texts.FINDINGS_NONE)

    def ask_for_lists_soon(self) -> None:
        """Emit ``lists_wanted`` once, shortly: lists of everything must not delay what is drawn."""
        self._soon.start()

    def set_enabled(self, enabled: bool) -> None:
        """Allow or forbid changes."""
        for box in (self._numbering_box, self._offer_box, self._renaming_box):
            box.setEnabled(enabled)

    # ------------------------------------------------------------------ what the reader does

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the page is seen."""
        super().showEvent(event)
        self.page_shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the page is not seen."""
        super().hideEvent(event)
        # when the window goes down, Qt hides it after its parts are gone
        if isalive(self._findings):  # type: ignore[no-untyped-call]  # qtpy does not type it
            self.page_shown.emit(False)

    def form(self) -> NumberingForm:
        """Return what stands in the form."""
        return NumberingForm(**{name: field.chosen() for name, field in self._fields.items()})

    def _on_soon(self) -> None:
        self.lists_wanted.emit()

    def _on_field(self) -> None:
        if self._fields["lstv"].chosen() in NO_LSTV:
            self._fields["lstv_side"].choose(NO_SIDE)
        self._show_numbering_buttons()

    def _show_numbering_buttons(self) -> None:
        form = self.form()
        self._fields["lstv_side"].setEnabled(form.lstv not in NO_LSTV)
        self._state.setEnabled(form.complete and form != self._form)
        self._withdraw.setEnabled(self._form.complete)

    def _on_state(self) -> None:
        self.numbering_stated.emit(self.form())

    def _on_withdraw(self) -> None:
        self.numbering_withdrawn.emit()

    def _on_offering(self, wanted: bool) -> None:
        self.offer_switched.emit(wanted)

    def _on_accept(self) -> None:
        self.accept_requested.emit()

    def _on_renaming(self) -> None:
        self.renaming_chosen.emit(self._from.chosen(), self._to.chosen(), self._scope.chosen())

    def _on_rename(self) -> None:
        self.renaming_requested.emit()

    def _on_finding(self, item: QListWidgetItem) -> None:
        mark_id = item.data(Qt.ItemDataRole.UserRole)
        if mark_id:
            self.finding_chosen.emit(mark_id)


def _choices_of(name: str) -> tuple[list[Choice], str]:
    """Return what a field of the numbering offers, and its prompt."""
    if name == "rib_count":
        counts = range(FEWEST_RIBS, MOST_RIBS + 1)
        return [Choice(str(count), str(count)) for count in counts], texts.RIBS_NOT_COUNTED
    choices = [Choice(member.value, numbering_value(member.value)) for member in TABLES[name]]
    if name == "lstv_side":
        return sorted(choices, key=lambda choice: choice.key != NO_SIDE), ""
    return choices, texts.NUMBERING_PROMPT


def _group(title: str, layout: QLayout) -> QGroupBox:
    box = QGroupBox(title)
    box.setLayout(layout)
    return box


def _list(name: str, words: str, tip: str = "") -> QListWidget:
    """Return a low list of sentences."""
    found = sentence_list(name, words, tip)
    found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    found.setFixedHeight(LIST_HEIGHT)
    found.setSpacing(1)
    return found


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(*MARGINS)
    for widget in widgets:
        column.addWidget(widget)
    return column
