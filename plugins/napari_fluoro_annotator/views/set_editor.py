"""The editor of a teaching set: what it is called, its references, its exercises, and publishing it."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import (
    AboutForm,
    ExerciseForm,
    ExerciseRow,
    FindingRow,
    StudyRow,
)
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.dock_dialog import PlainDialog
from napari_fluoro_annotator.views.parts import heading, push_button, sentence_list, text_label
from napari_fluoro_annotator.views.set_about import SetAboutPage
from napari_fluoro_annotator.views.set_exercises import SetExercisesPage
from napari_fluoro_annotator.views.set_references import SetReferencesPage

SIZE = (64, 40)
"""Width and height in heights of a line."""
EXERCISE = Qt.ItemDataRole.UserRole
"""What the line of a finding remembers."""


class SetEditorView(PlainDialog):
    """Four pages: ``set_*`` in, signals out. It does not block the window.

    Attributes
    ----------
    about_changed : psygnal.Signal
        Emitted with the `AboutForm` as it is now.
    readings_chosen, kinds_chosen : psygnal.Signal
        Emitted with a tuple of what is ticked.
    exercise_chosen, remove_requested, show_requested : psygnal.Signal
        Emitted with the identifier of an exercise, an empty text for none.
    moved : psygnal.Signal
        Emitted with the identifiers of all exercises in their new order.
    difficulty_chosen, verdict_chosen : psygnal.Signal
        Emitted with the exercise and the difficulty, or what is said of its needle.
    points_changed : psygnal.Signal
        Emitted with the exercise and a tuple of (text, source).
    take_requested, renew_requested, check_requested, publish_requested, discard_requested : psygnal.Signal
        Emitted without a value.

    """

    about_changed = Signal(object)
    readings_chosen = Signal(tuple)
    kinds_chosen = Signal(tuple)
    take_requested = Signal()
    exercise_chosen = Signal(str)
    moved = Signal(tuple)
    remove_requested = Signal(str)
    show_requested = Signal(str)
    difficulty_chosen = Signal(str, str)
    verdict_chosen = Signal(str, str)
    points_changed = Signal(str, tuple)
    renew_requested = Signal()
    check_requested = Signal()
    publish_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("set_editor", texts.SET_EDITOR_NEW, SIZE, parent)
        layout = QVBoxLayout(self)
        self._heading = heading("")
        layout.addWidget(self._heading)
        self.about, self.references, self.exercises = (
            SetAboutPage(),
            SetReferencesPage(),
            SetExercisesPage(),
        )
        self._pages = QTabWidget()
        self._pages.setObjectName("set_pages")
        self._pages.addTab(self.about, texts.SET_PAGE_ABOUT)
        self._pages.addTab(self.references, texts.SET_PAGE_REFERENCES)
        self._pages.addTab(self.exercises, texts.SET_PAGE_EXERCISES)
        self._pages.addTab(self._build_publishing(), texts.SET_PAGE_PUBLISH)
        self._pages.currentChanged.connect(self._on_page)
        layout.addWidget(self._pages, 1)
        self._message = text_label("set_message")
        layout.addWidget(self._message)
        layout.addLayout(self._build_foot())
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in a field presses nothing
        self._pass_on()

    # ------------------------------------------------------------------ parts

    def _build_publishing(self) -> QWidget:
        self.publishing = page = QWidget()
        layout = QVBoxLayout(page)
        self._summary = text_label("set_summary")
        layout.addWidget(self._summary)
        self._findings = sentence_list("set_findings", texts.SET_PAGE_PUBLISH.lstrip("&4 "))
        self._findings.setToolTip(texts.SET_FINDING_TIP)
        self._findings.setSpacing(2)
        self._findings.itemActivated.connect(self._on_finding)
        layout.addWidget(self._findings, 1)
        tells = text_label("set_publish_tells")
        tells.setText(texts.SET_PUBLISH_TELLS)
        layout.addWidget(tells)
        self._check = push_button("set_check", texts.SET_CHECK)
        self._check.clicked.connect(self._on_check)
        self._renew = push_button("set_renew", texts.SET_RENEW, texts.SET_RENEW_TIP)
        self._renew.clicked.connect(self._on_renew)
        self._publish = push_button("set_publish", texts.SET_PUBLISH)
        self._publish.clicked.connect(self._on_publish)
        self._publish.setEnabled(False)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._renew)
        row.addWidget(self._check)
        row.addWidget(self._publish)
        layout.addLayout(row)
        self._publishable = self._busy = False
        return page

    def _build_foot(self) -> QHBoxLayout:
        self._discard = push_button("set_discard", texts.SET_DISCARD, texts.SET_DISCARD_TIP)
        self._discard.clicked.connect(self._on_discard)
        close = push_button("set_close", texts.CLOSE)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(self._discard)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _pass_on(self) -> None:
        """Let the signals of the pages be those of the editor."""
        self.about.changed.connect(self.about_changed.emit)
        self.references.readings_chosen.connect(self.readings_chosen.emit)
        self.references.kinds_chosen.connect(self.kinds_chosen.emit)
        self.references.take_requested.connect(self.take_requested.emit)
        page = self.exercises
        page.exercise_chosen.connect(self.exercise_chosen.emit)
        page.moved.connect(self.moved.emit)
        page.remove_requested.connect(self.remove_requested.emit)
        page.show_requested.connect(self.show_requested.emit)
        page.difficulty_chosen.connect(self.difficulty_chosen.emit)
        page.verdict_chosen.connect(self.verdict_chosen.emit)
        page.points_changed.connect(self.points_changed.emit)

    # ------------------------------------------------------------------ set

    def set_heading(self, text: str) -> None:
        """Say which set and version is edited."""
        self._heading.setText(text)
        self.setWindowTitle(text)

    def set_protocols(self, choices: Sequence[Choice]) -> None:
        """Offer protocols."""
        self.about.set_protocols(choices)

    def set_kinds(self, choices: Sequence[Choice], chosen: Sequence[str]) -> None:
        """Offer kinds of exercise, and show which are wanted."""
        self.references.set_kinds(choices, chosen)

    def set_difficulties(self, choices: Sequence[Choice]) -> None:
        """Offer difficulties."""
        self.exercises.set_difficulties(choices)

    def set_about(self, form: AboutForm) -> None:
        """Show what the set is called and rests on."""
        self.about.set_form(form)

    def set_readings(self, rows: Sequence[StudyRow], chosen: Sequence[str]) -> None:
        """List the references, and show which are chosen."""
        self.references.set_readings(rows, chosen)

    def set_offer(self, text: str, *, some: bool) -> None:
        """Say how many exercises the chosen references give."""
        self.references.set_offer(text, some=some)

    def set_exercises(self, rows: Sequence[ExerciseRow], chosen: str) -> None:
        """List the exercises in their order."""
        self.exercises.set_rows(rows, chosen)

    def set_exercise(self, form: ExerciseForm | None) -> None:
        """Show what is said of the chosen exercise."""
        self.exercises.set_form(form)

    def set_findings(self, rows: Sequence[FindingRow], summary: str, *, publishable: bool) -> None:
        """List what the check has found; errors keep the set from being published."""
        self._findings.clear()
        for row in rows:
            item = QListWidgetItem(row.text, self._findings)
            font = item.font()
            font.setBold(row.error)
            item.setFont(font)
            item.setData(EXERCISE, row.exercise_id)
        self._summary.setText(summary)
        self._publishable = publishable
        self._switch()

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, what is being done, or why something was refused."""
        self._message.setStyleSheet(WARNING_STYLE if warning else "")
        self._message.setText(text)

    def set_busy(self, busy: bool) -> None:
        """Switch off what changes something while something else is being done."""
        self._busy = busy
        for page in (self.about, self.references, self.exercises):
            page.setEnabled(not busy)
        self._switch()

    def _switch(self) -> None:
        self._publish.setEnabled(self._publishable and not self._busy)
        self._check.setEnabled(not self._busy)
        self._renew.setEnabled(not self._busy)
        self._discard.setEnabled(not self._busy)

    def set_hidden(self) -> None:
        """Go away."""
        self.hide()

    def show_first(self) -> None:
        """Show the first page, ready to type."""
        self._pages.setCurrentWidget(self.about)
        self.about.begin()

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages."""
        self._pages.setCurrentWidget(page)

    @property
    def message(self) -> str:
        """What was said last."""
        return self._message.text()

    @property
    def publishable(self) -> bool:
        """Whether the last check has found nothing that keeps the set from being published."""
        return self._publish.isEnabled()

    @property
    def findings(self) -> QListWidget:
        """The list of what the check has found."""
        return self._findings

    # ------------------------------------------------------------------ what the attending does

    def _on_page(self) -> None:
        if self._pages.currentWidget() is self.publishing:
            self.check_requested.emit()

    def _on_renew(self) -> None:
        self.renew_requested.emit()

    def _on_finding(self, item: QListWidgetItem) -> None:
        """Show the exercise that a finding is about."""
        if item.data(EXERCISE):
            self._pages.setCurrentWidget(self.exercises)
            self.exercises.choose(item.data(EXERCISE))

    def _on_check(self) -> None:
        self.check_requested.emit()

    def _on_publish(self) -> None:
        self.publish_requested.emit()

    def _on_discard(self) -> None:
        self.discard_requested.emit()
