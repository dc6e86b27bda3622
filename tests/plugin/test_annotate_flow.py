"""The main job in a real window, with a real mouse and keyboard."""

import shutil
import sqlite3

import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkKind
from fluoro_annotator.store import open_store

pytestmark = pytest.mark.gui


def choose(dock, nerve="L3_MB", side=Side.RIGHT):
    dock.view.set_nerve(nerve)
    dock.view.set_side(side)


def marks(dock):
    return dock.controller.session.marks


def hint(dock):
    return dock.view._hint.text()


def stored_kinds(path):
    """Read the store behind the program's back."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("select kind from revision order by reading_id, sequence").fetchall()
    connection.close()
    return [kind for (kind,) in rows]


# ---------------------------------------------------------------------- placing


def test_a_target_takes_one_key_and_one_press(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.press(50, 60)
    (mark,) = marks(dock)
    assert mark.kind is MarkKind.TARGET
    assert dock.controller.session.label(mark) == "L3 medial branch, at L4, right"
    assert mark.position == pytest.approx((50, 60), abs=hand.pixel_size())
    hand.release(50, 60)
    assert len(marks(dock)) == 1


def test_a_double_click_places_one_mark_and_does_not_zoom(open_window):
    viewer, dock, hand = open_window()
    choose(dock)
    zoom = viewer.scene.camera.zoom
    hand.key("T")
    hand.click(50, 60)
    hand.double_click(50, 60)
    assert len(marks(dock)) == 1
    assert viewer.scene.camera.zoom == zoom


def test_after_a_mark_the_tool_is_put_away(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.click(50, 60)
    hand.click(120, 130)
    assert len(marks(dock)) == 1


def test_a_needle_takes_two_presses_tip_first(open_window):
    _, dock, hand = open_window()
    choose(dock, "L4_MB", Side.LEFT)
    hand.key("N")
    assert "TIP" in hint(dock)
    hand.click(50, 60)
    assert marks(dock) == ()
    assert "HUB" in hint(dock)
    hand.click(150, 160)
    (needle,) = marks(dock)
    assert needle.kind is MarkKind.NEEDLE
    assert needle.tip == pytest.approx((50, 60), abs=hand.pixel_size())
    assert needle.hub == pytest.approx((150, 160), abs=hand.pixel_size())
    assert needle.site.side is Side.LEFT


def test_a_tip_is_seen_while_it_waits_for_its_hub(open_window):
    viewer, dock, hand = open_window()
    choose(dock)
    hand.key("N")
    hand.click(50, 60)
    assert "Tip" in set(viewer.layers["Selected name"].text.values)
    hand.key("Escape")
    assert len(viewer.layers["Not complete"].data) == 0


def test_a_level_takes_one_press(open_window):
    _, dock, hand = open_window()
    dock.view.set_vertebra("L4")
    hand.key("L")
    hand.click(80, 90)
    (label,) = marks(dock)
    assert (label.kind, label.vertebra) == (MarkKind.LEVEL_LABEL, "L4")


def test_a_side_is_never_guessed(open_window):
    _, dock, hand = open_window()
    dock.view.set_nerve("L3_MB")
    hand.key("T")
    assert "side" in hint(dock)
    hand.click(50, 60)
    assert marks(dock) == ()


def test_a_press_beside_the_image_is_refused_and_the_tool_stays(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.click(50, -12)
    assert marks(dock) == ()
    assert "outside the image" in hint(dock)
    hand.click(50, 60)
    assert len(marks(dock)) == 1


def test_escape_forgets_a_tip_without_a_hub(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("N")
    hand.click(50, 60)
    hand.key("Escape")
    hand.click(150, 160)
    assert marks(dock) == ()


def test_a_tip_does_not_wait_on_another_frame(open_window):
    _, dock, hand = open_window()
    choose(dock)
    dock.binding.show(dock.binding.stacks[2], 0)
    hand.key("N")
    hand.click(50, 60)
    dock.binding.show(dock.binding.stacks[2], 1)
    hand.click(150, 160)
    assert marks(dock) == ()
    assert "HUB" in hint(dock)


def test_a_hidden_dock_has_no_armed_tool(open_window):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    dock.parent().hide()
    hand.click(50, 60)
    assert marks(dock) == ()


# ---------------------------------------------------------------------- editing


@pytest.fixture
def one_target(open_window, right_l3):
    viewer, dock, hand = open_window()
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    return viewer, dock, hand, mark


def test_dragging_a_mark_moves_it_in_one_step_and_not_the_image(one_target, tmp_path):
    viewer, dock, hand, mark = one_target
    centre = viewer.scene.camera.center
    hand.drag((60, 70), (110, 150))
    (moved,) = marks(dock)
    assert moved.mark_id == mark.mark_id
    assert moved.position == pytest.approx((110, 150), abs=2 * hand.pixel_size())
    assert viewer.scene.camera.center == centre
    assert viewer.scene.camera.mouse_pan
    assert stored_kinds(tmp_path / "readings.sqlite") == ["add", "move"]


def test_a_mark_cannot_be_dragged_off_the_image(one_target):
    _, dock, hand, _ = one_target
    hand.drag((60, 70), (60, -20))
    assert marks(dock)[0].position == pytest.approx((60, 0), abs=2 * hand.pixel_size())


def test_dragging_the_image_pans_and_moves_no_mark(one_target):
    viewer, dock, hand, mark = one_target
    centre = viewer.scene.camera.center
    hand.drag((120, 150), (140, 190))
    assert marks(dock) == (mark,)
    assert viewer.scene.camera.center != centre


def test_a_click_on_a_mark_selects_it_and_moves_nothing(one_target, tmp_path):
    _, dock, hand, mark = one_target
    hand.click(60, 70)
    assert dock.controller.session.selected == mark.mark_id
    assert stored_kinds(tmp_path / "readings.sqlite") == ["add"]


def test_an_unsteady_click_on_a_mark_moves_nothing(one_target, tmp_path):
    _, dock, hand, mark = one_target
    hand.drag((60, 70), (60 + 2 * hand.pixel_size(), 70 - 2 * hand.pixel_size()))
    assert dock.controller.session.selected == mark.mark_id
    assert stored_kinds(tmp_path / "readings.sqlite") == ["add"]


def test_tip_and_hub_are_dragged_apart_from_each_other(open_window, right_l3):
    _, dock, hand = open_window()
    dock.controller.session.add_needle(dock.binding.frame, right_l3, Point(60, 70), Point(150, 160))
    hand.drag((150, 160), (150, 60))
    (needle,) = marks(dock)
    assert needle.tip == (60, 70)
    assert needle.hub == pytest.approx((150, 60), abs=2 * hand.pixel_size())


def test_delete_and_undo_by_key(one_target):
    _, dock, hand, mark = one_target
    hand.click(60, 70)
    hand.key("Delete")
    assert marks(dock) == ()
    assert "Undo" in hint(dock)
    hand.key("Z", control=True)
    assert marks(dock) == (mark,)
    hand.key("Z", control=True, shift=True)
    assert marks(dock) == ()


def test_relabel_the_selected_mark(one_target):
    _, dock, hand, mark = one_target
    hand.click(60, 70)
    choose(dock, "L4_MB", Side.LEFT)
    dock.view._relabel.click()
    (after,) = marks(dock)
    assert after.mark_id == mark.mark_id
    assert dock.controller.session.label(after) == "L4 medial branch, at L5, left"
    assert after.position == mark.position


def test_choosing_a_mark_chooses_its_name_so_that_relabelling_keeps_the_side(one_target):
    _, dock, hand, _ = one_target
    choose(dock, "L5_DR", Side.LEFT)
    hand.click(60, 70)
    dock.view.set_nerve("L4_MB")
    dock.view._relabel.click()
    (after,) = marks(dock)
    assert dock.controller.session.label(after) == "L4 medial branch, at L5, right"
    assert "L3 medial branch, at L4, right is now L4 medial branch" in hint(dock)


def test_undo_goes_to_the_frame_where_the_change_was(open_window, right_l3):
    _, dock, hand = open_window()
    cine = dock.binding.stacks[2]
    dock.binding.show(cine, 5)
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.binding.show(dock.binding.stacks[0])
    hand.key("Z", control=True)
    assert marks(dock) == ()
    assert (dock.binding.current, dock.binding.index) == (cine, 5)


def test_undo_without_limit_and_redo(open_window, right_l3):
    _, dock, hand = open_window()
    session = dock.controller.session
    for step in range(30):
        session.add_target(dock.binding.frame, right_l3, Point(10 + step, 20))
    for _ in range(30):
        hand.key("Z", control=True)
    assert marks(dock) == ()
    for _ in range(30):
        hand.key("Z", control=True, shift=True)
    assert len(marks(dock)) == 30


def test_choosing_a_row_shows_its_frame(open_window, right_l3):
    _, dock, _ = open_window()
    session, cine = dock.controller.session, dock.binding.stacks[2]
    session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    session.add_target(FrameRef(*cine.frame_ref(6)), right_l3, Point(80, 90))
    dock.view._table.selectRow(1)
    assert (dock.binding.current, dock.binding.index) == (cine, 6)
    dock.view._table.selectRow(0)
    assert (dock.binding.current, dock.binding.index) == (dock.binding.stacks[0], 0)


# ---------------------------------------------------------------------- saving


def test_what_is_shown_as_saved_is_in_the_store(open_window, tmp_path):
    _, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.press(50, 60)
    assert dock.view._save_state.text().startswith("Saved")
    assert stored_kinds(tmp_path / "readings.sqlite") == ["add"]
    hand.release(50, 60)


def test_every_mark_is_where_it_was_after_closing_moving_and_renaming(
    open_window, close_window, study_folder, tmp_path, right_l3
):
    viewer, dock, hand = open_window()
    choose(dock)
    hand.key("T")
    hand.click(50, 60)
    cine = dock.binding.stacks[2]
    session = dock.controller.session
    session.add_needle(FrameRef(*cine.frame_ref(7)), right_l3, Point(20.25, 30.5), Point(100, 110.125))
    session.add_level_label(dock.binding.frame, "L4", Point(5, 6))
    before = marks(dock)
    close_window(viewer)
    elsewhere = tmp_path / "archive" / "deep"
    elsewhere.mkdir(parents=True)
    for number, file in enumerate(sorted(study_folder.iterdir(), reverse=True)):
        shutil.move(file, elsewhere / f"renamed_{number}.dcm")
    study_folder.rmdir()
    _, again, _ = open_window(elsewhere)
    assert marks(again) == before
    again.controller.choose_mark(before[1].mark_id)
    assert again.binding.frame == before[1].frame


def test_undo_goes_on_after_a_restart(open_window, close_window, right_l3):
    viewer, dock, _ = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    close_window(viewer)
    _, again, hand = open_window()
    assert len(marks(again)) == 1
    hand.key("Z", control=True)
    assert marks(again) == ()


def test_closing_in_the_middle_of_a_drag_loses_nothing(open_window, close_window, right_l3):
    viewer, dock, hand = open_window()
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    hand.press(60, 70)
    hand.move(90, 100)
    close_window(viewer)
    _, again, _ = open_window()
    assert marks(again) == (mark,)


def test_readers_see_their_own_marks(open_window, right_l3):
    _, dock, _ = open_window(reader="first")
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.view._reader.setText("second")
    dock.view._reader.editingFinished.emit()
    assert marks(dock) == ()
    dock.view._reader.setText("first")
    dock.view._reader.editingFinished.emit()
    assert len(marks(dock)) == 1


def test_a_reader_without_a_name_is_refused(open_window):
    _, dock, _ = open_window(reader="first")
    dock.view._reader.setText("   ")
    dock.view._reader.editingFinished.emit()
    assert dock.view._reader.text() == "first"
    assert "name" in hint(dock)
    assert dock.controller.session.reading.reader == "first"


def test_a_store_that_goes_away_keeps_the_marks_and_says_so(open_window, right_l3, tmp_path, monkeypatch):
    monkeypatch.setattr("fluoro_annotator.settings.rescue_folder", lambda: tmp_path / "rescue")
    store = open_store(tmp_path / "away.sqlite")
    _, dock, _ = open_window(store=store)
    break_store(monkeypatch, store)
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    assert dock.view._save_state.text().startswith("NOT SAVED: 1 change")
    assert len(marks(dock)) == 1
    assert list((tmp_path / "rescue").iterdir())
    monkeypatch.undo()
    dock.view._retry.click()
    assert dock.view._save_state.text().startswith("Saved")
    assert stored_kinds(tmp_path / "away.sqlite") == ["add"]


def break_store(monkeypatch, store):
    from fluoro_annotator.errors import StoreUnavailableError

    def refuse(*_args, **_options):
        raise StoreUnavailableError("store", "the disk is full", "Make room on the disk.")

    monkeypatch.setattr(store, "append", refuse)


def test_no_patient_data_in_the_store(open_window, right_l3, tmp_path, study_folder, write_xa):
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "1", "99X", "CANARY view"
    write_xa(
        study_folder / "IM9",
        number=9,
        PixelSpacing=[0.2, 0.2],
        PixelSpacingCalibrationType="FIDUCIAL",
        PixelSpacingCalibrationDescription="CANARY scale",
        ViewCodeSequence=[view],
        OperatorsName="CANARY^OPERATOR",
    )
    _, dock, _ = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    content = b"".join(file.read_bytes() for file in tmp_path.glob("readings.sqlite*"))
    assert b"CANARY" not in content
    assert str(tmp_path).encode() not in content
