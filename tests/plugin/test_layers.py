"""Views, frames and layers in a real window."""

import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader
from fluoro_annotator.dicom.prefetch import AHEAD
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from napari_fluoro_annotator import styles

pytestmark = pytest.mark.gui


def image_layers(viewer):
    return [layer for layer in viewer.layers if layer.__class__.__name__ == "Image"]


def names(viewer):
    return [layer.name for layer in viewer.layers]


def visible(viewer):
    return [layer.name for layer in image_layers(viewer) if layer.visible]


@pytest.fixture
def marked(open_window, right_l3):
    viewer, dock, hand = open_window()
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    return viewer, dock, hand, mark


def test_one_layer_for_each_view_and_one_view_shown(open_window):
    viewer, _, _ = open_window()
    assert names(viewer) == ["1 AP", "2 Right oblique", "3 Needle advance"]
    assert visible(viewer) == ["1 AP"]


def test_opening_reads_one_frame_and_showing_a_few(open_window, study_folder, write_xa, monkeypatch, pump):
    write_xa(study_folder / "IM4", number=4, description="Long cine", frames=40)
    read = []
    original = FrameReader.read

    def counting(self, index):
        read.append((self.image.frames, index))
        return original(self, index)

    monkeypatch.setattr(FrameReader, "read", counting)
    _, dock, _ = open_window()
    assert {index for frames, index in read if frames == 40} <= {0}
    dock.binding.show(dock.binding.stacks[3], 20)
    pump(20)
    assert {index for frames, index in read if frames == 40} <= {0, *range(20, 20 + AHEAD + 1)}


def test_the_eye_of_another_view_turns_to_that_view(marked):
    viewer, dock, _, _ = marked
    image_layers(viewer)[1].visible = True
    assert visible(viewer) == ["2 Right oblique"]
    assert dock.binding.current is dock.binding.stacks[1]


def test_choosing_another_image_layer_turns_to_that_view(marked):
    viewer, _, _, _ = marked
    viewer.layers.selection.active = image_layers(viewer)[2]
    assert visible(viewer) == ["3 Needle advance"]


def test_marks_are_drawn_on_their_frame_only(open_window, right_l3):
    viewer, dock, _ = open_window()
    cine = dock.binding.stacks[2]
    dock.controller.session.add_target(FrameRef(*cine.frame_ref(4)), right_l3, Point(60, 70))
    dock.binding.show(cine, 4)
    assert len(viewer.layers["Targets"].data)
    viewer.dims.set_current_step(0, 5)
    assert len(viewer.layers["Targets"].data) == 0
    viewer.dims.set_current_step(0, 4)
    assert len(viewer.layers["Targets"].data)
    assert dock.view._frame.text() == "frame 5 of 8"


def test_a_short_view_stops_at_its_last_frame(open_window):
    viewer, dock, _ = open_window()
    viewer.dims.set_current_step(0, 6)
    assert dock.binding.index == 0
    assert viewer.dims.current_step[0] == 0


def test_a_view_is_shown_again_where_it_was_left(open_window):
    viewer, dock, _ = open_window()
    cine = dock.binding.stacks[2]
    dock.binding.show(cine, 5)
    viewer.scene.camera.zoom *= 2
    zoom = viewer.scene.camera.zoom
    dock.binding.show(dock.binding.stacks[0])
    assert viewer.scene.camera.zoom != pytest.approx(zoom)
    dock.binding.show(cine)
    assert dock.binding.index == 5
    assert viewer.scene.camera.zoom == pytest.approx(zoom)


@pytest.mark.parametrize("factor", [0.5, 1, 6])
def test_markers_are_hollow_and_of_constant_size_on_the_screen(marked, factor):
    viewer, _, _, _ = marked
    viewer.scene.camera.zoom *= factor
    layer = viewer.layers["Targets"]
    on_screen = layer.size * viewer.scene.camera.zoom
    assert on_screen == pytest.approx(np.full(len(layer.data), styles.TARGET.screen_size))
    assert not layer.face_color[:, 3].any()


def test_kinds_differ_in_colour_and_in_shape():
    kinds = (styles.TARGET, styles.NEEDLE, styles.LEVEL)
    assert len({kind.colour for kind in kinds}) == 3
    assert (
        len(
            {
                kind.symbol_of(first)
                for kind, first in zip(kinds, ("position", "tip", "position"), strict=True)
            }
        )
        == 3
    )


def test_the_label_is_beside_the_mark(marked):
    viewer, _, _, _ = marked
    texts = viewer.layers["Mark names"].text.values
    assert "L3 medial branch,\nat L4, right" in set(texts)


def test_deleting_a_marks_layer_deletes_no_mark(marked, pump):
    viewer, dock, _, mark = marked
    viewer.layers.remove(viewer.layers["Targets"])
    pump()
    dock.binding.show(dock.binding.stacks[2], 1)
    dock.binding.show(dock.binding.stacks[0])
    assert dock.controller.session.marks == (mark,)
    assert len(viewer.layers["Targets"].data)


def test_deleting_an_image_layer_deletes_no_mark(marked, pump):
    viewer, dock, _, mark = marked
    viewer.layers.remove(image_layers(viewer)[0])
    pump()
    assert dock.binding.current is not None
    assert mark in dock.controller.session.marks
    dock.controller.choose_mark(mark.mark_id)
    assert "not open" in dock.view._hint.text()


def test_removing_everything_leaves_an_empty_dock(marked, pump):
    viewer, dock, hand, _ = marked
    viewer.layers.clear()
    pump()
    assert dock.controller.session is None
    assert "No fluoroscopic study" in dock.view._hint.text()
    hand.key("T")
    assert len(viewer.layers) == 0


def test_renamed_and_reordered_layers_change_nothing(marked, right_l3):
    viewer, dock, _, mark = marked
    image_layers(viewer)[0].name = "something else"
    viewer.layers.move(0, 3)
    added = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(90, 100))
    assert added.frame == mark.frame


def test_a_second_study_has_a_reading_of_its_own(marked, write_xa, tmp_path, pump):
    viewer, dock, _, mark = marked
    write_xa(tmp_path / "other" / "a.dcm", number=1, study="2.25.999", description="Other AP")
    viewer.open(str(tmp_path / "other"), plugin="fluoro-annotator")
    pump()
    other = next(stack for stack in dock.binding.stacks if stack.study_uid == "2.25.999")
    dock.binding.show(other)
    assert dock.controller.session.study.uid == "2.25.999"
    assert dock.controller.session.marks == ()
    dock.binding.show(dock.binding.stacks[0])
    assert dock.controller.session.marks == (mark,)


def test_more_images_of_the_same_study_join_the_reading(marked, write_xa, tmp_path, pump, right_l3):
    viewer, dock, _, mark = marked
    write_xa(tmp_path / "late" / "b.dcm", number=9, description="Late lateral")
    viewer.open(str(tmp_path / "late"), plugin="fluoro-annotator")
    pump()
    dock.binding.show(dock.binding.stacks[-1])
    added = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(10, 20))
    assert dock.controller.session.marks == (mark, added)
    assert added.frame.sop_instance_uid in dock.store.study("2.25.700")


def test_a_damaged_frame_is_blank_said_and_takes_no_mark(open_window, study_folder, write_xa, pump):
    file = study_folder / "IM3"
    content = file.read_bytes()
    viewer, dock, hand = open_window()
    file.write_bytes(content[: len(content) // 2])
    dock.binding.show(dock.binding.stacks[2], 7)
    pump()
    assert not np.asarray(dock.binding.current[7]).any()
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(50, 60)
    assert dock.controller.session.marks == ()
    assert "cannot be shown" in dock.view._hint.text()
    assert viewer.layers


@pytest.mark.parametrize(
    ("turn", "back"),
    [
        (
            lambda viewer: setattr(viewer.dims, "ndisplay", 3),
            lambda viewer: setattr(viewer.dims, "ndisplay", 2),
        ),
        (lambda viewer: viewer.dims.roll(), lambda viewer: setattr(viewer.dims, "order", (0, 1, 2))),
        (lambda viewer: viewer.dims.transpose(), lambda viewer: viewer.dims.transpose()),
        (
            lambda viewer: setattr(viewer.canvas.grid, "enabled", True),
            lambda viewer: setattr(viewer.canvas.grid, "enabled", False),
        ),
    ],
    ids=["3D", "rolled", "transposed", "grid"],
)
def test_what_does_not_show_a_plain_frame_takes_no_mark(marked, pump, turn, back):
    viewer, dock, hand, mark = marked
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    turn(viewer)
    pump()
    dock.controller.arm_target()
    canvas = viewer.window._qt_viewer.canvas.native
    hand._test.mouseClick(canvas, hand._qt.MouseButton.LeftButton, pos=canvas.rect().center())
    pump()
    assert dock.controller.session.marks == (mark,)
    assert "in 3D, turned or in a grid" in dock.view._hint.text()
    back(viewer)
    pump()
    assert dock.binding.problem == ""


def test_labels_can_be_deleted_and_drawn_again(marked, pump):
    """Drawing in between used to crash the graphics driver."""
    viewer, dock, _, mark = marked
    pump()
    for _ in range(3):
        viewer.layers.remove(viewer.layers["Mark names"])
        pump()
        dock.binding.show(dock.binding.stacks[1])
        dock.binding.show(dock.binding.stacks[0])
        pump()
    assert len(viewer.layers["Mark names"].data)
    assert dock.controller.session.marks == (mark,)


def test_the_caption_names_view_and_frame(open_window):
    viewer, dock, _ = open_window()
    dock.binding.show(dock.binding.stacks[2], 4)
    assert viewer.canvas.overlays.text.text == "3 Needle advance, frame 5 of 8"


def test_the_menu_finds_the_dock_that_is_open(open_window):
    from napari_fluoro_annotator.commands import show_annotate

    viewer, dock, _ = open_window()
    presses = len(viewer.mouse_drag_callbacks)
    assert show_annotate(viewer) is dock
    assert len(viewer.mouse_drag_callbacks) == presses


def test_a_second_dock_takes_over_from_the_first(open_window):
    """napari knows a dock by different names, depending on how it was opened."""
    viewer, first, hand = open_window()
    _, second = viewer.window.add_plugin_dock_widget("fluoro-annotator", "Annotate")
    assert second is not first
    assert not first.isEnabled()
    second.view.set_nerve("L3_MB")
    second.view._side_buttons["right"].click()
    hand.work_on(second)
    hand.key("T")
    hand.click(50, 60)
    assert len(second.controller.session.marks) == 1
    assert len(first.controller.session.marks) == 0
