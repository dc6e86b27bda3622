"""What a reading is for: procedure and reference are two readings, and nobody takes one for the other."""

import json
import time
from unittest.mock import MagicMock

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import SettingsError, StorePermissionError, StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Purpose
from fluoro_annotator.store import MemoryStore, open_store, rescued
from fluoro_annotator.store.postgres import PostgresStore
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.purposes import PurposeController
from napari_fluoro_annotator.shelf import purpose_of_settings
from napari_fluoro_annotator.styles import REFERENCE_STYLE, TARGET
from napari_fluoro_annotator.views.annotate import AnnotateView

TRAINEE = "trainee_a"


class Window(MockedDesk):
    """A desk with the choice of purpose, its view mocked."""

    def __init__(self, stacks, store=None, purpose=Purpose.PROCEDURE):
        super().__init__(stacks, store, purpose=purpose)
        self.view = mocked(AnnotateView, {"purpose_chosen": (str,)})
        self.controller = PurposeController(self.desk, self.view)

    def choose(self, purpose):
        self.view.purpose_chosen.emit(purpose.value)

    @property
    def shown(self):
        return self.view.set_purpose.call_args.args


@pytest.fixture
def window(study_folder):
    return Window(stacks_of(study_folder))


class Refusing(MemoryStore):
    """A store that takes no references, like a server from a trainee."""

    def begin(self, reading):
        if reading.purpose is Purpose.REFERENCE:
            raise StorePermissionError("store", "takes no references from you", "Read for the procedure.")
        return super().begin(reading)


class TestChoosing:
    def test_procedure_unless_somebody_says_otherwise(self, window):
        assert window.session.reading.purpose is Purpose.PROCEDURE
        assert window.shown == ("procedure", "")
        assert window.binding.set_purpose_note.call_args.args == ("",)
        offered = window.view.set_purposes.call_args.args[0]
        assert [choice.key for choice in offered] == ["procedure", "reference"]

    def test_each_purpose_has_a_reading_of_its_own(self, window, right_l3):
        window.session.add_target(window.binding.frame, right_l3, Point(10, 20))
        procedure = window.session
        window.choose(Purpose.REFERENCE)
        assert (window.session.reading.purpose, window.session.marks) == (Purpose.REFERENCE, ())
        window.session.add_target(window.binding.frame, right_l3, Point(30, 40))
        window.choose(Purpose.PROCEDURE)
        assert window.session is procedure
        assert [mark.position for mark in window.session.marks] == [Point(10, 20)]
        kept = {reading.purpose: reading.reading_id for reading in window.store.readings()}
        assert set(kept) == {Purpose.PROCEDURE, Purpose.REFERENCE}
        (mark,) = window.store.records(kept[Purpose.REFERENCE])
        assert mark.position == Point(30, 40)

    def test_a_reference_is_called_so_beside_the_marks_and_on_the_image(self, window):
        window.choose(Purpose.REFERENCE)
        assert window.shown == ("reference", texts.PURPOSE_TOLD)
        assert window.binding.set_purpose_note.call_args.args == (texts.PURPOSE_ON_IMAGE,)
        window.choose(Purpose.PROCEDURE)
        assert window.shown == ("procedure", "")
        assert window.binding.set_purpose_note.call_args.args == ("",)

    def test_another_reader_goes_on_with_the_purpose(self, window):
        window.choose(Purpose.REFERENCE)
        window.desk.change_reader("Reader B")
        assert (window.session.reading.reader, window.session.reading.purpose) == (
            "Reader B",
            Purpose.REFERENCE,
        )

    def test_what_is_refused_changes_nothing(self, study_folder, right_l3):
        window = Window(stacks_of(study_folder), Refusing())
        window.session.add_target(window.binding.frame, right_l3, Point(10, 20))
        window.choose(Purpose.REFERENCE)
        assert window.session.reading.purpose is Purpose.PROCEDURE
        assert len(window.session.marks) == 1
        assert window.shown == ("procedure", "")
        assert window.said[-1] == ("store: takes no references from you. Read for the procedure.", True)
        assert window.desk.refusal == ""

    def test_where_a_reference_was_to_be_opened_and_is_refused_the_procedure_can_be_chosen(
        self, study_folder
    ):
        window = Window(stacks_of(study_folder), Refusing(), Purpose.REFERENCE)
        assert window.session is None
        assert "takes no references from you" in window.desk.refusal
        window.choose(Purpose.PROCEDURE)
        assert window.session.reading.purpose is Purpose.PROCEDURE
        assert window.desk.refusal == ""


class TestSettings:
    @pytest.fixture(autouse=True)
    def plain(self, monkeypatch):
        monkeypatch.delenv(settings.PURPOSE_VARIABLE, raising=False)

    def test_procedure_by_default(self):
        assert purpose_of_settings() is Purpose.PROCEDURE

    def test_a_reference_if_it_is_set(self, monkeypatch):
        monkeypatch.setenv(settings.PURPOSE_VARIABLE, " Reference ")
        assert purpose_of_settings() is Purpose.REFERENCE

    @pytest.mark.parametrize("name", ["practice", "audit", "teaching"])
    def test_anything_else_is_refused(self, monkeypatch, name):
        monkeypatch.setenv(settings.PURPOSE_VARIABLE, name)
        with pytest.raises(SettingsError, match=f"{settings.PURPOSE_VARIABLE}={name}: is not what"):
            purpose_of_settings()


class TestWindow:
    pytestmark = pytest.mark.gui

    def test_marks_of_both_by_mouse_and_keys(self, open_window, pump, tmp_path):
        viewer, dock, hand = open_window()
        mark(dock, hand, (60, 70))
        combo = dock.view._purpose
        combo.setFocus()
        QTest.keyClick(combo, Qt.Key.Key_Down)
        pump()
        assert dock.controller.session.reading.purpose is Purpose.REFERENCE
        assert dock.view._table.model().rowCount() == 0
        assert combo.styleSheet() == REFERENCE_STYLE
        assert combo.toolTip() == texts.PURPOSE_TOLD
        assert texts.PURPOSE_ON_IMAGE in viewer.canvas.overlays.text.text.split("\n")
        assert drawn(dock) == 0
        mark(dock, hand, (90, 100))
        mark(dock, hand, (120, 130))
        assert (drawn(dock), dock.view._table.model().rowCount()) == (2, 2)
        QTest.keyClick(combo, Qt.Key.Key_Up)
        pump()
        assert (drawn(dock), dock.view._table.model().rowCount()) == (1, 1)
        assert (combo.styleSheet(), combo.toolTip()) == ("", texts.PURPOSE_TIP)
        assert texts.PURPOSE_ON_IMAGE not in viewer.canvas.overlays.text.text
        with open_store(tmp_path / "readings.sqlite") as store:
            kept = {reading.purpose: len(store.records(reading.reading_id)) for reading in store.readings()}
        assert kept == {Purpose.PROCEDURE: 1, Purpose.REFERENCE: 2}

    def test_a_submitted_reference_has_room_on_a_small_screen(self, open_window, pump):
        viewer, dock, hand = open_window()
        viewer.window.resize(1366, 768)
        turn_to_reference(dock, pump)
        mark(dock, hand, (60, 70))
        dock.controller.session.submit("")
        pump(10)
        page = dock.view._pages.widget(0)
        assert dock.view._submitted.isVisible()
        assert page.height() >= page.minimumSizeHint().height()
        assert dock.view._table.geometry().bottom() < dock.view._delete.geometry().top()

    def test_a_tool_that_waits_is_put_away(self, open_window, pump):
        _, dock, hand = open_window()
        choose_site(dock)
        hand.key("T")
        turn_to_reference(dock, pump)
        hand.click(60, 70)
        assert dock.controller.session.marks == ()

    def test_a_reference_is_found_again(self, open_window, close_window, pump, monkeypatch):
        viewer, dock, hand = open_window()
        turn_to_reference(dock, pump)
        mark(dock, hand, (60, 70))
        close_window(viewer)
        monkeypatch.setenv(settings.PURPOSE_VARIABLE, "reference")
        _, again, _ = open_window()
        assert again.view._purpose.currentText() == texts.PURPOSE_REFERENCE
        assert len(again.controller.session.marks) == 1
        assert again.desk.sitting.since_closing is not None  # it was seen up to here
        assert again.desk.sitting.since_closing.differences == ()

    def test_what_is_exported_is_the_reading_on_the_screen(self, open_window, pump, tmp_path):
        _, dock, hand = open_window()
        mark(dock, hand, (60, 70))
        turn_to_reference(dock, pump)
        mark(dock, hand, (90, 100))
        dock.view.export_requested.emit(str(tmp_path / "marks.json"))
        until(lambda: "exported" in dock.view._hint.text(), pump)
        (reading,) = json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))["readings"]
        assert (reading["purpose"], len(reading["marks"])) == ("reference", 1)

    def test_other_windows_learn_of_the_same_purpose_alone(self, open_window, pump, tmp_path, monkeypatch):
        monkeypatch.setattr("napari_fluoro_annotator.controllers.watching.EVERY_MS", 30)
        _, dock, _ = open_window()
        _, other, hand = open_window(store=open_store(tmp_path / "readings.sqlite"))
        turn_to_reference(other, pump)
        mark(other, hand, (60, 70))
        pump(20)
        assert dock.controller.session.marks == ()
        turn_to_reference(dock, pump)
        assert len(dock.controller.session.marks) == 1
        mark(other, hand, (90, 100))
        until(lambda: len(dock.controller.session.marks) == 2, pump)

    def test_what_cannot_be_stored_waits_for_the_reference(
        self, open_window, close_window, pump, tmp_path, monkeypatch
    ):
        monkeypatch.setattr("fluoro_annotator.settings.rescue_folder", lambda: tmp_path / "rescue")
        store = open_store(tmp_path / "readings.sqlite")
        viewer, dock, hand = open_window(store=store)
        turn_to_reference(dock, pump)
        away = StoreUnavailableError("store", "the disk is full", "Make room on the disk.")
        monkeypatch.setattr(store, "append", MagicMock(side_effect=away))
        mark(dock, hand, (60, 70))
        reading = dock.controller.session.reading
        assert len(rescued(reading.reading_id)) == 1
        close_window(viewer)
        _, again, _ = open_window()
        assert again.controller.session.marks == ()
        turn_to_reference(again, pump)
        assert again.controller.session.reading.reading_id == reading.reading_id
        assert len(again.controller.session.marks) == 1
        assert rescued(reading.reading_id) == ()


@pytest.mark.gui
def test_a_trainee_of_a_server_is_told_in_plain_words(server_store, open_window, pump):
    server_store.add_login(TRAINEE, "trainee")
    with PostgresStore(server_store.url(TRAINEE)) as store:
        _, dock, hand = open_window(store=store, reader=TRAINEE)
        mark(dock, hand, (60, 70))
        turn_to_reference(dock, pump)
        assert "takes no reference readings from trainee_a, whose role in it is trainee" in hint(dock)
        assert "Read for the procedure instead" in hint(dock)
        assert dock.view._purpose.currentText() == texts.PURPOSE_PROCEDURE
        assert dock.view._purpose.styleSheet() == ""
        assert len(dock.controller.session.marks) == 1
        assert {reading.purpose for reading in store.readings()} == {Purpose.PROCEDURE}


@pytest.mark.gui
def test_an_attending_of_a_server_marks_a_reference(server_store, open_window, pump):
    server_store.add_login("attending_a", "attending")
    with PostgresStore(server_store.url("attending_a")) as store:
        _, dock, hand = open_window(store=store, reader="attending_a")
        turn_to_reference(dock, pump)
        mark(dock, hand, (60, 70))
        (reading,) = [each for each in store.readings() if each.purpose is Purpose.REFERENCE]
        assert len(store.records(reading.reading_id)) == 1


def choose_site(dock):
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)


def mark(dock, hand, place):
    choose_site(dock)
    hand.key("T")
    hand.click(*place)


def turn_to_reference(dock, pump):
    combo = dock.view._purpose
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    pump()


def drawn(dock):
    """Return how many targets are on the image."""
    layers = [layer for layer in dock.binding._viewer.layers if layer.name == TARGET.layer]
    return sum(len(layer.data) for layer in layers)


def hint(dock):
    return dock.view._hint.text()


def until(condition, pump, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    assert condition()
