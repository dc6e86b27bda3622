"""The controls with which an exercise is answered, a form for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psygnal import Signal
from qtpy.QtWidgets import QFormLayout, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_draft import NO, PART_TEXTS, WAYS, YES, Draft
from napari_fluoro_annotator.controllers.practice_protocols import Asking
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.practice_keys import PRACTICE_SHOWN
from napari_fluoro_annotator.views.fields import NamedCombo
from napari_fluoro_annotator.views.parts import SIDES, heading, narrow_button, push_button, text_label

YES_OR_NO = ((YES, texts.PRACTICE_YES), (NO, texts.PRACTICE_NO))


class ChoiceRow(QWidget):
    """Buttons in a row, of which those that are chosen stay down; whoever listens says which.

    Parameters
    ----------
    name, title : str
        What the row is called in tests, and to somebody who cannot see it.
    choices : sequence of (str, str)
        Key and text of each button.

    Attributes
    ----------
    pressed : psygnal.Signal
        Emitted with the key of a button.

    """

    pressed = Signal(str)

    def __init__(self, name: str, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._buttons = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for key, text in choices:
            button = narrow_button(f"{name}_{key}", text)
            button.setAccessibleName(f"{title} {text}")
            button.setCheckable(True)
            button.setProperty("key", key)
            button.clicked.connect(self._on_clicked)
            self._buttons[key] = button
            row.addWidget(button)

    def set_chosen(self, *keys: str) -> None:
        """Show what is chosen."""
        for key, button in self._buttons.items():
            button.setChecked(key in keys)

    def set_tips(self, tips: Mapping[str, str]) -> None:
        """Say beside the mouse what the buttons do."""
        for key, tip in tips.items():
            self._buttons[key].setToolTip(tip)

    def give_focus(self) -> None:
        """Put the focus on the first button."""
        next(iter(self._buttons.values())).setFocus()

    def _on_clicked(self) -> None:
        self.pressed.emit(self.sender().property("key"))


class PlaceForm(QWidget):
    """Answers on the image: the buttons beside it."""

    place_requested = Signal()
    delete_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = text_label("practice_place_what")
        self._place = push_button(
            "practice_place", texts.PRACTICE_PLACE, texts.PRACTICE_PLACE_TIP, PRACTICE_SHOWN["place"]
        )
        self._place.clicked.connect(self._on_place)
        self._delete = push_button(
            "practice_delete", texts.PRACTICE_DELETE, texts.PRACTICE_DELETE_TIP, PRACTICE_SHOWN["delete"]
        )
        self._delete.clicked.connect(self._on_delete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self._place)
        row.addWidget(self._delete)
        layout.addWidget(self._what)
        layout.addLayout(row)

    def set_asking(self, asking: Asking) -> None:
        """Say what is to be placed."""
        self._what.setText(texts.PRACTICE_PLACE_NEEDLE if asking.needle else texts.PRACTICE_PLACE_TARGET)

    def set_draft(self, draft: Draft) -> None:
        """Show whether there is something to delete."""
        self._delete.setEnabled(bool(draft.points))

    def ask(self) -> None:
        """Put the focus on what places a point."""
        self._place.setFocus()

    def _on_place(self) -> None:
        self.place_requested.emit()

    def _on_delete(self) -> None:
        self.delete_requested.emit()


class NameForm(QWidget):
    """Names what is marked: nerve, vertebra, joint, side."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self._combos: dict[str, NamedCombo] = {}
        self._labels: dict[str, QLabel] = {}
        self._order: tuple[str, ...] = ()
        what = text_label("practice_name_what")
        what.setText(texts.PRACTICE_NAME)
        form.addRow(what)
        for part in ("nerve", "vertebra", "joint"):
            combo = NamedCombo(f"practice_{part}", PART_TEXTS[part])
            combo.setProperty("part", part)
            combo.currentIndexChanged.connect(self._on_combo)
            self._combos[part] = combo
            self._labels[part] = QLabel(PART_TEXTS[part])
            form.addRow(self._labels[part], combo)
        self._sides = ChoiceRow(
            "practice_side", texts.PRACTICE_SIDE, [(side.value, text) for side, text in SIDES]
        )
        self._sides.pressed.connect(self._on_side)
        self._labels["side"] = QLabel(PART_TEXTS["side"])
        form.addRow(self._labels["side"], self._sides)

    def set_choices(self, part: str, choices: Sequence[Choice]) -> None:
        """Offer names of a part, after a prompt; none is chosen."""
        self._combos[part].offer(choices, texts.PRACTICE_CHOOSE)
        self._combos[part].choose("")

    def set_asking(self, asking: Asking) -> None:
        """Show the parts that are asked for."""
        self._order = asking.parts
        for part, widget in {**self._combos, "side": self._sides}.items():
            widget.setVisible(part in asking.parts)
            self._labels[part].setVisible(part in asking.parts)

    def set_draft(self, draft: Draft) -> None:
        """Show what is named."""
        for part, combo in self._combos.items():
            combo.choose(getattr(draft, part))
        self._sides.set_chosen(draft.side)

    def ask(self) -> None:
        """Put the focus on the first part."""
        first = next((self._combos[part] for part in self._combos if part in self._order), None)
        if first is not None:
            first.setFocus()
        else:
            self._sides.give_focus()

    def _on_combo(self) -> None:
        combo = self.sender()
        if isinstance(combo, NamedCombo):
            self.answered.emit(combo.property("part"), combo.chosen())

    def _on_side(self, side: str) -> None:
        self.answered.emit("side", side)


class ViewForm(QWidget):
    """Judges a view: is it true, oblique or tilt, which way."""

    answered = Signal(str, str)
    ways_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._first = text_label("practice_is_true")
        self._first.setFont(heading("").font())
        self._true = ChoiceRow("practice_true", texts.PRACTICE_IS_TRUE.format(view=""), YES_OR_NO)
        self._true.pressed.connect(self._on_true)
        ways = (("oblique", texts.PRACTICE_OBLIQUE), ("tilt", texts.PRACTICE_TILT))
        self._second = heading(texts.PRACTICE_WHICH_WAY)
        self._ways = ChoiceRow("practice_way", texts.PRACTICE_WHICH_WAY, ways)
        self._ways.pressed.connect(self._on_way)
        self._third = heading(texts.PRACTICE_DIRECTION)
        self._directions = {way: self._build_direction(way) for way in WAYS}
        parts = (self._first, self._true, self._second, self._ways, self._third, *self._directions.values())
        for widget in parts:
            layout.addWidget(widget)

    def _build_direction(self, way: str) -> ChoiceRow:
        choices = [(one.value, texts.PRACTICE_CORRECTIONS[one]) for one in WAYS[way]]
        row = ChoiceRow(f"practice_{way}", texts.PRACTICE_DIRECTION, choices)
        row.setProperty("way", way)
        row.pressed.connect(self._on_tilt if way == "tilt" else self._on_oblique)
        return row

    def set_asking(self, asking: Asking) -> None:
        """Ask about a view."""
        self._first.setText(texts.PRACTICE_IS_TRUE.format(view=asking.view))

    def set_draft(self, draft: Draft) -> None:
        """Show the answers; a question is open when the one before it is answered."""
        self._true.set_chosen(draft.true)
        self._ways.set_chosen(*draft.ways)
        for widget in (self._second, self._ways):
            widget.setEnabled(draft.true == NO)
        self._third.setEnabled(bool(draft.ways))
        for way, row in self._directions.items():
            row.set_chosen(getattr(draft, way))
            row.setEnabled(way in draft.ways)

    def ask(self) -> None:
        """Put the focus on the first question."""
        self._true.give_focus()

    def _on_true(self, key: str) -> None:
        self.answered.emit("true", key)

    def _on_way(self, key: str) -> None:
        self.ways_chosen.emit(key)

    def _on_oblique(self, key: str) -> None:
        self.answered.emit("oblique", key)

    def _on_tilt(self, key: str) -> None:
        self.answered.emit("tilt", key)


class NeedleForm(QWidget):
    """Judges a needle: acceptable or not, and then what is wrong."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._acceptable = ChoiceRow("practice_acceptable", texts.PRACTICE_ACCEPTABLE, YES_OR_NO)
        self._acceptable.pressed.connect(self._on_acceptable)
        self._second = heading(texts.PRACTICE_FAULT)
        self._fault = NamedCombo("practice_fault", texts.PRACTICE_FAULT)
        self._fault.currentIndexChanged.connect(self._on_fault)
        self._meaning = text_label("practice_fault_meaning")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        parts = (
            heading(texts.PRACTICE_ACCEPTABLE),
            self._acceptable,
            self._second,
            self._fault,
            self._meaning,
        )
        for row, widget in enumerate(parts):
            grid.addWidget(widget, row, 0)
        self._notes: dict[str, str] = {}

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer what can be wrong; nothing is chosen."""
        self._notes = {choice.key: choice.note for choice in choices}
        self._fault.offer(choices, texts.PRACTICE_CHOOSE)
        self._fault.choose("")

    def set_asking(self, asking: Asking) -> None:
        """Ask about a needle; the question is the prompt."""

    def set_draft(self, draft: Draft) -> None:
        """Show the answers."""
        self._acceptable.set_chosen(draft.acceptable)
        self._fault.choose(draft.fault)
        self._meaning.setText(self._notes.get(draft.fault, ""))
        for widget in (self._second, self._fault):
            widget.setEnabled(draft.acceptable == NO)

    def ask(self) -> None:
        """Put the focus on the first question."""
        self._acceptable.give_focus()

    def _on_acceptable(self, key: str) -> None:
        self.answered.emit("acceptable", key)

    def _on_fault(self) -> None:
        self.answered.emit("fault", self._fault.chosen())


class AnswerForms(QWidget):
    """The form of the exercise that is asked.

    Attributes
    ----------
    answered : psygnal.Signal
        Emitted with a field of the draft and its value.
    ways_chosen : psygnal.Signal
        Emitted with the answer to the second question about a view, which may have two.
    place_requested, delete_requested : psygnal.Signal
        Emitted without a value.

    """

    answered = Signal(str, str)
    ways_chosen = Signal(str)
    place_requested = Signal()
    delete_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.place, self.name, self.view, self.needle = PlaceForm(), NameForm(), ViewForm(), NeedleForm()
        self._forms: dict[str, PlaceForm | NameForm | ViewForm | NeedleForm] = {
            "place_target": self.place,
            "place_by_name": self.place,
            "name_marked": self.name,
            "judge_view": self.view,
            "judge_needle": self.needle,
        }
        self._asked: PlaceForm | NameForm | ViewForm | NeedleForm = self.place
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for form in (self.place, self.name, self.view, self.needle):
            layout.addWidget(form)
            form.hide()
        for form in (self.name, self.view, self.needle):
            form.answered.connect(self._on_answered)
        self.view.ways_chosen.connect(self._on_way)
        self.place.place_requested.connect(self._on_place)
        self.place.delete_requested.connect(self._on_delete)

    def set_asking(self, asking: Asking) -> None:
        """Show the form of an exercise."""
        self._asked = self._forms[asking.kind]
        self._asked.set_asking(asking)
        for form in (self.place, self.name, self.view, self.needle):
            form.setVisible(form is self._asked)

    def set_draft(self, draft: Draft) -> None:
        """Show what is answered."""
        for form in (self.place, self.name, self.view, self.needle):
            form.set_draft(draft)

    def ask(self) -> None:
        """Put the focus on the first part of the answer."""
        self._asked.ask()

    def _on_answered(self, field: str, value: str) -> None:
        self.answered.emit(field, value)

    def _on_way(self, way: str) -> None:
        self.ways_chosen.emit(way)

    def _on_place(self) -> None:
        self.place_requested.emit()

    def _on_delete(self) -> None:
        self.delete_requested.emit()
