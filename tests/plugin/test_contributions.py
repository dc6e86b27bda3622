"""What the plugin contributes to napari, used as napari uses it."""

import json

import pytest
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QApplication

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator import commands, texts
from napari_fluoro_annotator.dock import AnnotateDock, open_docks

NAME = "fluoro-annotator"


@pytest.fixture
def empty_window(qapp, close_window, pump):
    import napari

    viewer = napari.Viewer(show=True)
    pump(5)
    yield viewer
    close_window(viewer)


def command_ids(manager):
    return [command.id for command in manager.get_manifest(NAME).contributions.commands]


def test_every_command_can_be_imported_and_called(contributions):
    ids = command_ids(contributions)
    assert len(ids) == 9
    assert all(callable(contributions.commands.get(command)) for command in ids)


def test_menus_widgets_and_samples_name_commands_that_exist(contributions):
    manifest = contributions.get_manifest(NAME)
    offered = manifest.contributions
    used = [item.command for menu in offered.menus.values() for item in menu]
    used += [each.command for each in (*offered.widgets, *offered.sample_data, *offered.readers)]
    assert set(used) == set(command_ids(contributions))


def test_the_sample_study_is_a_lazy_layer_for_each_view(contributions):
    from napari.components import ViewerModel

    viewer = ViewerModel()
    viewer.open_sample(NAME, "lumbar_phantom")
    assert len(viewer.layers) == 6
    assert [layer.visible for layer in viewer.layers] == [True] + [False] * 5
    assert {layer.data.study_uid for layer in viewer.layers} == {
        viewer.layers[0].metadata["fluoro_annotator"]["study_instance_uid"]
    }
    assert max(len(layer.data) for layer in viewer.layers) == 30


@pytest.mark.gui
def test_the_dock_opens_from_the_menu_and_again(empty_window, study_folder, pump):
    viewer = empty_window
    _, dock = viewer.window.add_plugin_dock_widget(NAME, "Annotate")
    assert isinstance(dock, AnnotateDock)
    assert dock.view._hint.text() == texts.NO_STUDY
    viewer.open(str(study_folder), plugin=NAME)
    pump()
    assert dock.controller.session is not None
    dock.parentWidget().hide()
    assert commands.show_annotate(viewer) is dock
    assert dock.isVisible()
    assert open_docks(viewer) == [dock]


@pytest.mark.gui
def test_open_study_asks_for_a_folder_and_shows_the_dock(empty_window, study_folder, monkeypatch, pump):
    viewer = empty_window
    monkeypatch.setattr(commands.QFileDialog, "getExistingDirectory", lambda *_args: "")
    commands.open_study(viewer)
    assert (len(viewer.layers), open_docks(viewer)) == (0, [])
    monkeypatch.setattr(commands.QFileDialog, "getExistingDirectory", lambda *_args: str(study_folder))
    commands.open_study(viewer)
    for _ in range(100):
        pump()
        if len(viewer.layers) >= 3:
            break
    pump()
    (dock,) = open_docks(viewer)
    assert [stack.shape[0] for stack in dock.binding.stacks] == [1, 1, 8]
    assert dock.controller.session.study.uid == "2.25.700"


@pytest.mark.gui
def test_export_marks_without_a_study_says_so_and_with_one_asks_where(
    empty_window, study_folder, *, tmp_path, monkeypatch, right_l3, qtbot
):
    viewer, said = empty_window, []
    monkeypatch.setattr(commands, "show_error", said.append)
    commands.export_marks(viewer)
    assert said == [texts.NO_STUDY]
    viewer.open(str(study_folder), plugin=NAME)
    (dock,) = open_docks(viewer)
    QApplication.processEvents()
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    for answer, name in ((("marks", "*.json"), "marks.json"), (("table", "(*.csv)"), "table.csv")):
        chosen = (str(tmp_path / answer[0]), answer[1])
        monkeypatch.setattr(
            "napari_fluoro_annotator.views.annotate.QFileDialog.getSaveFileName",
            lambda *_args, chosen=chosen: chosen,
        )
        commands.export_marks(viewer)
        qtbot.waitUntil(dock.view._export.isEnabled, timeout=20_000)
        assert mark.mark_id in (tmp_path / name).read_text(encoding="utf-8-sig")
        assert name in dock.view._hint.text()
    written = json.loads((tmp_path / "marks.json").read_text(encoding="utf-8"))
    assert len(written["readings"][0]["marks"]) == 1
    assert said == [texts.NO_STUDY]


@pytest.mark.gui
def test_a_dialog_that_is_cancelled_exports_nothing(open_window, monkeypatch):
    _, dock, _ = open_window()
    asked = []
    dock.view.export_requested.connect(asked.append)
    monkeypatch.setattr(
        "napari_fluoro_annotator.views.annotate.QFileDialog.getSaveFileName", lambda *_args: ("", "")
    )
    dock.view.ask_for_export()
    assert asked == []


@pytest.mark.gui
def test_a_dock_taken_out_of_its_window_leaves_nothing_behind(open_window, right_l3, pump):
    """Signals are disconnected, keys given back and the layers of the marks removed."""
    viewer, dock, _ = open_window()
    dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    assert "Targets" in viewer.layers
    on_press = dock.binding._mouse.on_press
    assert on_press in viewer.mouse_drag_callbacks
    viewer.window.remove_dock_widget(dock)
    dock.deleteLater()
    QApplication.sendPostedEvents(dock, QEvent.Type.DeferredDelete.value)
    pump()
    assert [layer.name for layer in viewer.layers] == ["1 AP", "2 Right oblique", "3 Needle advance"]
    assert on_press not in viewer.mouse_drag_callbacks
    assert not [key for key in viewer.keymap if str(key) in {"T", "N", "L", "Delete"}]
    assert viewer.canvas.overlays.text.text == ""
    viewer.dims.set_current_step(0, 4)
    assert viewer.dims.current_step[0] == 4
