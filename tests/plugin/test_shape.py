"""Pixels that are not square are shown in their true shape, and marks still lie where they were pressed."""

import pytest

from fluoro_annotator.errors import SettingsError
from napari_fluoro_annotator import texts

pytestmark = pytest.mark.gui


@pytest.fixture
def tall_pixels(tmp_path, write_xa):
    write_xa(tmp_path / "tall" / "a", number=1, description="AP", PixelAspectRatio=[2, 1])
    return tmp_path / "tall"


def test_tall_pixels_are_shown_tall_and_marked_in_pixels(open_window, tall_pixels):
    viewer, dock, hand = open_window(tall_pixels)
    assert tuple(viewer.layers[0].scale) == (1, 2, 1)
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(80, 60)
    (mark,) = dock.controller.session.marks
    assert mark.position == pytest.approx((80, 60), abs=hand.pixel_size())
    assert tuple(viewer.layers["Targets"].scale) == (2, 1)


def test_each_image_of_a_view_has_its_own_window(open_window, write_xa, tmp_path):
    folder = tmp_path / "windows"
    series = {"SeriesInstanceUID": "2.25.700.1", "SeriesNumber": 1}
    write_xa(folder / "a", number=1, InstanceNumber=1, WindowCenter=1000, WindowWidth=200, **series)
    write_xa(folder / "b", number=2, InstanceNumber=2, WindowCenter=3000, WindowWidth=400, **series)
    viewer, _, _ = open_window(folder)
    (layer,) = viewer.layers
    assert layer.contrast_limits == pytest.approx([900, 1099])
    viewer.dims.set_current_step(0, 1)
    assert layer.contrast_limits == pytest.approx([2800, 3199])
    viewer.dims.set_current_step(0, 0)
    assert layer.contrast_limits == pytest.approx([900, 1099])


def test_a_window_set_by_hand_stays_on_all_frames_until_that_of_the_file_is_asked_for(
    open_window, write_xa, tmp_path
):
    folder = tmp_path / "windows"
    series = {"SeriesInstanceUID": "2.25.700.1", "SeriesNumber": 1}
    write_xa(folder / "a", number=1, InstanceNumber=1, WindowCenter=1000, WindowWidth=200, **series)
    write_xa(folder / "b", number=2, InstanceNumber=2, WindowCenter=3000, WindowWidth=400, **series)
    viewer, dock, hand = open_window(folder)
    (layer,) = (layer for layer in viewer.layers if layer.data is dock.binding.current)
    layer.contrast_limits = (0, 4095)
    viewer.dims.set_current_step(0, 1)
    assert layer.contrast_limits == pytest.approx([0, 4095])
    hand.key("0")
    assert layer.contrast_limits == pytest.approx([2800, 3199])


def test_two_studies_are_told_apart(open_window, write_xa, tmp_path):
    folder = tmp_path / "two"
    write_xa(folder / "a", number=1, description="AP", study="2.25.1", StudyDescription="First")
    write_xa(folder / "b", number=1, description="AP", study="2.25.2", StudyDescription="Second")
    viewer, dock, _ = open_window(folder)
    rows = [dock.view._views.item(row).text() for row in range(dock.view._views.count())]
    assert {row.split(",")[0] for row in rows} == {"First", "Second"}
    assert viewer.canvas.overlays.text.text.startswith(("First", "Second"))


def test_a_frame_that_cannot_be_shown_is_said_in_the_image(open_window, study_folder, pump):
    viewer, dock, _ = open_window()
    file = study_folder / "IM3"
    file.write_bytes(file.read_bytes()[:5000])
    dock.binding.show(dock.binding.stacks[2], 7)
    pump()
    dock.binding.show(dock.binding.stacks[2], 7)
    assert viewer.canvas.overlays.text.text.endswith(
        texts.BLANK.format(text="").removeprefix(": ").strip(": ")
    )


def test_an_unknown_role_switches_marking_off_and_says_why(open_window, monkeypatch):
    monkeypatch.setenv("FLUORO_ANNOTATOR_ROLE", "visitor")
    _, dock, _ = open_window()
    assert dock.controller.session is None
    assert "FLUORO_ANNOTATOR_ROLE=visitor" in dock.view._save_state.text()


def test_a_settings_file_that_cannot_be_used_opens_no_dock(open_window, monkeypatch, tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('role = "visitor"\nstore = \n')
    monkeypatch.setenv("FLUORO_ANNOTATOR_SETTINGS", str(file))
    with pytest.raises(SettingsError, match=r"settings\.toml, line 2: is not TOML"):
        open_window()
    file.write_text('role = "visitor"')
    _, dock, _ = open_window()
    assert dock.controller.session is None
    assert f"{file}, role=visitor: is not a role" in dock.view._save_state.text()


def test_the_role_of_the_settings_is_kept(open_window, monkeypatch):
    monkeypatch.setenv("FLUORO_ANNOTATOR_ROLE", "Trainee")
    _, dock, _ = open_window()
    assert dock.controller.session.reading.role == "trainee"
