"""A window whose store cannot be reached, and one whose store belongs to a newer version."""

import sqlite3
from pathlib import Path

import pytest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan
from fluoro_annotator.store import open_store
from napari_fluoro_annotator.launch import make_window

pytestmark = pytest.mark.gui


@pytest.fixture
def open_plain(qapp, study_folder, close_window, pump):
    """Open windows with the store of the settings, as the program itself does."""
    opened = []

    def open_one():
        viewer, dock = make_window(scan([study_folder]).require(), reader="tester")
        pump(5)
        opened.append(viewer)
        return viewer, dock

    yield open_one
    for viewer in opened:
        close_window(viewer)


@pytest.fixture
def obstacle(tmp_path):
    """A file where the folder of the store should be."""
    path = Path(settings.store_location()).parent
    path.write_text("in the way")
    return path


def mark_target(dock, row=50, column=60):
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    dock.controller.arm_target()
    dock.pointer.press((row, column), None)
    return dock.controller.session.marks[-1]


def save_state(dock):
    return dock.view._save_state.text()


def rescue_files():
    return sorted(settings.rescue_folder().glob("*.jsonl"))


def stored():
    with open_store() as store:
        return [
            revision.draft.mark.mark_id
            for reading in store.readings(reader="tester")
            for revision in store.revisions(reading.reading_id)
        ]


def test_without_a_store_marks_are_kept_and_stored_when_it_is_back(open_plain, obstacle):
    _, dock = open_plain()
    assert "cannot be shown now" in save_state(dock)
    assert str(Path(settings.store_location())) in save_state(dock)
    assert dock.view._tools["target"].isEnabled()
    mark = mark_target(dock)
    assert save_state(dock).startswith("NOT SAVED: 1 change.")
    (rescue,) = rescue_files()
    assert mark.mark_id in rescue.read_text(encoding="utf-8")
    assert str(rescue) in save_state(dock)
    obstacle.unlink()
    dock.view._retry.click()
    assert save_state(dock).startswith("Saved ")
    assert not dock.view._retry.isVisible()
    assert not dock.view._retry_timer.isActive()
    assert rescue_files() == []
    assert stored() == [mark.mark_id]


def test_it_tries_again_by_itself(open_plain, obstacle, qtbot):
    _, dock = open_plain()
    dock.view._retry_timer.setInterval(20)
    obstacle.unlink()
    qtbot.waitUntil(lambda: save_state(dock).startswith("Saved "), timeout=5000)


def test_a_window_closed_with_waiting_changes_loses_none(open_plain, obstacle, close_window):
    viewer, dock = open_plain()
    marks = [mark_target(dock), mark_target(dock, 80, 90)]
    close_window(viewer)
    assert len(rescue_files()) == 1
    obstacle.unlink()
    _, again = open_plain()
    assert again.controller.session.marks == tuple(marks)
    assert save_state(again) == "Saved, 2 marks"
    assert rescue_files() == []


def test_waiting_changes_appear_when_the_store_is_back(open_plain, obstacle, close_window):
    """Also in a window that was opened while the store was still out of reach."""
    viewer, dock = open_plain()
    earlier = mark_target(dock)
    close_window(viewer)
    _, again = open_plain()
    assert again.controller.session.marks == ()
    made = mark_target(again, 80, 90)
    obstacle.unlink()
    again.view._retry.click()
    assert set(again.controller.session.marks) == {earlier, made}
    assert sorted(stored()) == sorted([earlier.mark_id, made.mark_id])
    assert rescue_files() == []


def test_a_store_of_a_newer_version_switches_marking_off(open_plain, pump):
    open_store().close()
    with sqlite3.connect(Path(settings.store_location())) as connection:
        connection.execute("UPDATE meta SET schema_version = schema_version + 1")
    connection.close()
    _, dock = open_plain()
    assert "marking is switched off" in save_state(dock)
    assert "newer version of the program" in save_state(dock)
    assert not dock.view._tools["target"].isEnabled()
    dock.controller.arm_target()
    assert "newer version of the program" in dock.view._hint.text()
    assert dock.controller.session is None
    with sqlite3.connect(Path(settings.store_location())) as connection:
        connection.execute("UPDATE meta SET schema_version = schema_version - 1")
    connection.close()
    dock.view._retry.click()
    assert dock.view._tools["target"].isEnabled()
    assert mark_target(dock).mark_id in stored()
