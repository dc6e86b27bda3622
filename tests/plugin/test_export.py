"""Export from the dock: written on a thread of its own, one at a time, and to the end."""

import json
import threading
import time
from unittest.mock import MagicMock

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.exchange import write_json
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Change, Target
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import shelf, texts
from napari_fluoro_annotator.controllers import exporting

pytestmark = pytest.mark.gui


def hint(dock):
    return dock.view._hint.text()


def until(condition, pump, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    assert condition()


@pytest.mark.parametrize(("name", "start"), [("marks.json", "{"), ("marks.csv", "study_instance_uid")])
def test_export_from_the_dock(open_window, right_l3, *, tmp_path, pump, name, start):
    _, dock, _ = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / name))
    until(lambda: "exported" in hint(dock), pump)
    text = (tmp_path / name).read_text(encoding="utf-8").lstrip("\ufeff")
    assert text.startswith(start)
    assert "L3 medial branch, at L4, right" in text
    assert "1 mark" in hint(dock)


def test_export_also_holds_what_the_store_does_not_take(
    open_window, right_l3, *, tmp_path, monkeypatch, pump
):
    monkeypatch.setattr("fluoro_annotator.settings.rescue_folder", lambda: tmp_path / "rescue")
    store = open_store(tmp_path / "away.sqlite")
    _, dock, _ = open_window(store=store)
    away = StoreUnavailableError("store", "the disk is full", "Make room on the disk.")
    monkeypatch.setattr(store, "append", MagicMock(side_effect=away))
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "marks.json"))
    until(lambda: "exported" in hint(dock), pump)
    document = json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))
    assert [each["mark_id"] for each in document["readings"][0]["marks"]] == [mark.mark_id]


def test_an_export_that_cannot_be_written_is_said(open_window, right_l3, *, tmp_path, pump):
    _, dock, _ = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "missing" / "marks.json"))
    until(dock.view._export.isEnabled, pump)
    assert "marks.json" in hint(dock)
    assert not (tmp_path / "missing").exists()


def held(monkeypatch):
    """Let exports wait at the door of the disk until told; return how to let them go on."""
    gate = threading.Event()

    def slow(document, path):
        assert gate.wait(30)
        write_json(document, path)

    monkeypatch.setattr(shelf, "write_json", slow)
    return gate


def test_the_window_works_on_while_thousands_of_marks_are_exported(open_window, right_l3, *, tmp_path, pump):
    """No turn of the event loop may take as long as it would if the export were part of it."""
    _, dock, _ = open_window()
    session, frame = dock.desk.session, dock.binding.frame
    places = ((3 + 6 * (number % 30), 3 + 6 * (number // 30 % 30)) for number in range(3000))
    session.edit([Change(None, Target(frame=frame, site=right_l3, position=Point(*at))) for at in places])
    pump(5)
    dock.view.export_requested.emit(str(tmp_path / "marks.json"))
    begun = last = time.monotonic()
    shown, longest = set(), 0.0
    while dock.view._exporting:
        pump(1)
        shown.add(dock.view._export.text())
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    assert "3000 marks exported" in hint(dock)
    assert texts.EXPORT_WRITING in shown
    assert longest < (last - begun) / 2
    assert (
        len(json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))["readings"][0]["marks"]) == 3000
    )


def test_the_button_shows_how_far_an_export_is():
    assert exporting._progress(0, 0) == texts.EXPORTING
    assert exporting._progress(1, 4) == "Export: 25 %"
    assert exporting._progress(4, 4) == texts.EXPORT_WRITING


def test_one_export_at_a_time_and_marking_goes_on(open_window, right_l3, *, tmp_path, pump, monkeypatch):
    gate = held(monkeypatch)
    _, dock, hand = open_window()
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    first = dock.desk.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "first.json"))
    assert not dock.view._export.isEnabled()
    dock.view.export_requested.emit(str(tmp_path / "second.json"))
    assert hint(dock) == texts.EXPORT_BUSY
    hand.key("T")
    hand.click(120, 130)
    assert len(dock.desk.session.marks) == 2
    gate.set()
    until(lambda: "first.json" in hint(dock), pump)
    assert not (tmp_path / "second.json").exists()
    written = json.loads((tmp_path / "first.json").read_text(encoding="utf-8"))["readings"][0]["marks"]
    assert [mark["mark_id"] for mark in written] == [first.mark_id]
    assert (dock.view._export.isEnabled(), dock.view._export.text()) == (True, texts.EXPORT)
    dock.view.export_requested.emit(str(tmp_path / "second.json"))
    until(lambda: "second.json" in hint(dock), pump)


def test_a_window_that_is_closed_writes_its_export_to_the_end(
    open_window, close_window, right_l3, *, tmp_path, monkeypatch
):
    gate = held(monkeypatch)
    viewer, dock, _ = open_window()
    mark = dock.desk.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "marks.json"))
    threading.Timer(0.3, gate.set).start()
    close_window(viewer)
    written = json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))["readings"][0]["marks"]
    assert [each["mark_id"] for each in written] == [mark.mark_id]


def test_an_export_that_hangs_does_not_hold_a_window_that_is_closed(
    open_window, close_window, right_l3, *, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(exporting, "LAST_SECONDS", 0.1)
    gate = held(monkeypatch)
    viewer, dock, _ = open_window()
    dock.desk.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "marks.json"))
    close_window(viewer)
    assert "given up" in caplog.text
    assert not (tmp_path / "marks.json").exists()
    gate.set()


def test_an_export_that_fails_while_its_window_is_closed_is_logged(
    open_window, close_window, right_l3, *, tmp_path, caplog
):
    viewer, dock, _ = open_window()
    dock.desk.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view.export_requested.emit(str(tmp_path / "missing" / "marks.json"))
    close_window(viewer)
    assert "failed while its window was being closed" in caplog.text
