"""The page of the editor of a teaching set that says what it is called and rests on."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtWidgets import QFormLayout, QLineEdit, QTextEdit, QVBoxLayout, QWidget

from fluoro_annotator.training.sets import LONGEST_TITLE
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import AboutForm
from napari_fluoro_annotator.views.fields import NamedCombo, fill
from napari_fluoro_annotator.views.parts import text_label

FIXED, MIXED = "fixed", "mixed"
ORDERS = (Choice(MIXED, texts.SET_MIXED), Choice(FIXED, texts.SET_FIXED))


class SetAboutPage(QWidget):
    """Title, identifier, description, protocol and order.

    Attributes
    ----------
    changed : psygnal.Signal
        Emitted with an `AboutForm` after every change by hand.

    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._new = True
        self._title = self._line("set_title", texts.SET_NAME)
        self._title.setMaxLength(LONGEST_TITLE)
        self._title.textEdited.connect(self._on_change)
        self._id = self._line("set_id", texts.SET_ID, texts.SET_ID_TIP)
        self._id.setPlaceholderText(texts.SET_ID_OPEN)
        self._id.textEdited.connect(self._on_change)
        self._description = QTextEdit()
        self._description.setObjectName("set_description")
        self._description.setAccessibleName(texts.SET_DESCRIPTION)
        self._description.setAcceptRichText(False)
        self._description.setTabChangesFocus(True)
        self._description.textChanged.connect(self._on_change)
        self._protocol = NamedCombo("set_protocol", texts.SET_PROTOCOL)
        self._protocol.currentIndexChanged.connect(self._on_change)
        self._order = NamedCombo("set_order", texts.SET_ORDER)
        fill(self._order, ORDERS)
        self._order.currentIndexChanged.connect(self._on_change)
        form = QFormLayout()
        form.addRow(texts.SET_NAME, self._title)
        form.addRow(texts.SET_ID, self._id)
        form.addRow(texts.SET_PROTOCOL, self._protocol)
        form.addRow(texts.SET_ORDER, self._order)
        form.addRow(texts.SET_DESCRIPTION, self._description)
        note = text_label("set_no_answers")
        note.setText(texts.SET_NO_ANSWERS)
        layout = QVBoxLayout(self)
        layout.addLayout(form, 1)
        layout.addWidget(note)

    @staticmethod
    def _line(name: str, title: str, tip: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(title)
        line.setToolTip(tip)
        return line

    # ------------------------------------------------------------------ set

    def set_protocols(self, choices: Sequence[Choice]) -> None:
        """Offer protocols."""
        self._protocol.offer(choices, texts.SET_PROTOCOL_PROMPT)

    def set_form(self, form: AboutForm) -> None:
        """Show what the set is called and rests on; nothing is emitted."""
        self._new = form.new
        widgets = (self._title, self._id, self._description, self._protocol, self._order)
        blocked = [widget.blockSignals(True) for widget in widgets]
        self._title.setText(form.title)
        self._id.setText(form.set_id)
        self._id.setReadOnly(not form.new)
        if self._description.toPlainText() != form.description:
            self._description.setPlainText(form.description)
        self._protocol.choose(form.protocol)
        self._order.choose(MIXED if form.mixed else FIXED)
        for widget, before in zip(widgets, blocked, strict=True):
            widget.blockSignals(before)

    def begin(self) -> None:
        """Be ready for the title to be typed."""
        self._title.setFocus()

    @property
    def form(self) -> AboutForm:
        """What the page says now."""
        return AboutForm(
            title=self._title.text(),
            set_id=self._id.text(),
            description=self._description.toPlainText(),
            protocol=self._protocol.chosen(),
            mixed=self._order.chosen() == MIXED,
            new=self._new,
        )

    # ------------------------------------------------------------------ what the attending does

    def _on_change(self) -> None:
        self.changed.emit(self.form)
