"""The Display page: a real layer binding on napari's model of a viewer, and a mocked page."""

import threading
import time
from unittest.mock import MagicMock

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer
from psygnal import SignalInstance
from pydicom import dcmread
from pydicom.dataset import Dataset

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import DisplayOptions, FrameReader, Window, scan, views
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource, Point
from fluoro_annotator.geometry.directions import edge_letters
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from fluoro_annotator.marks import UserCalibration
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator import shown_frames, texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.display import DisplayController
from napari_fluoro_annotator.controllers.display_view import turn_text
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.windows import EXACT, LINEAR, limits_of, window_of
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.lie import Lie
from napari_fluoro_annotator.reader import layers_of
from napari_fluoro_annotator.shelf import Shelf
from napari_fluoro_annotator.shown_frames import NOT_SUBTRACTED, ShownFrames
from napari_fluoro_annotator.studies import scale_of_all_frames
from napari_fluoro_annotator.views.display import DisplayView

ROWS, COLUMNS = 200, 240
SIGNALS = {
    **dict.fromkeys(("preset_chosen", "turn_requested"), (str,)),
    "window_entered": (float, float),
    **dict.fromkeys(("file_requested", "invert_requested", "fit_requested", "actual_size_requested"), ()),
    **dict.fromkeys(("overlays_chosen", "shutter_chosen", "mask_chosen"), (bool,)),
}


class Room:
    """A viewer's model with the views of a folder, and a controller with a mocked page."""

    def __init__(self, folder):
        self.viewer = ViewerModel()
        for data, options, kind in layers_of(scan([folder]).require()):
            self.viewer.add_layer(Layer.create(data, options, kind))
        self.binding = LayerBinding(self.viewer)
        self.desk = ReadingDesk(self.binding, Shelf(MemoryStore()).open_reading, reader="tester")
        self.pointer = Pointer(self.desk)
        self.view = MagicMock(spec=DisplayView)
        for name, types in SIGNALS.items():
            setattr(self.view, name, SignalInstance(types))
        self.view.pixel_ratio.return_value = 2.0
        self.said = []
        self.desk.said.connect(self._on_said)
        self.display = DisplayController(self.desk, self.view)

    def _on_said(self, text, warning):
        self.said.append((text, warning))

    @property
    def layer(self):
        return self.binding._current

    @property
    def stack(self):
        return self.binding.current

    @property
    def letters(self):
        return self.binding._letters.texts()

    @property
    def caption(self):
        return self.viewer.canvas.overlays.text.text

    @property
    def presets(self):
        return [choice.key for choice in self.view.set_presets.call_args.args[0]]

    @property
    def preset(self):
        return self.view.set_preset.call_args.args[0]

    @property
    def window(self):
        return self.view.set_window.call_args.args[0]

    @property
    def facts(self):
        return {fact.name: fact.text for fact in self.view.set_facts.call_args.args[0]}

    def cover(self, name):
        """Return whether the page offers a cover, and shows it as used."""
        calls = [call for call in self.view.set_cover.call_args_list if call.args == (name,)]
        return calls[-1].kwargs["offered"], calls[-1].kwargs["shown"]

    def close(self):
        for part in (self.display, self.pointer, self.desk):
            part.close()
        self.binding.disconnect()


@pytest.fixture
def enter(qapp, tmp_path):
    rooms = []

    def one(folder=tmp_path / "study"):
        rooms.append(Room(folder))
        return rooms[-1]

    yield one
    for room in rooms:
        room.close()


@pytest.fixture
def room(enter, write_xa, tmp_path):
    """One AP image with a Patient Orientation, and a cine without."""
    write_xa(
        tmp_path / "study" / "IM1",
        number=1,
        description="AP",
        PatientOrientation=["R", "F"],
        WindowCenter=[2048, 1000],
        WindowWidth=[4096, 500],
        WindowCenterWidthExplanation=["WIDE", "NARROW"],
    )
    write_xa(tmp_path / "study" / "IM2", number=2, description="Cine", frames=4)
    return enter()


def mask_of(frame):
    item = Dataset()
    item.MaskOperation, item.MaskFrameNumbers = "AVG_SUB", [frame]
    return [item]


# ------------------------------------------------------------------ window


@pytest.mark.parametrize("function", [LINEAR, EXACT])
@pytest.mark.parametrize("window", [Window(2048, 4096), Window(1000, 2), Window(-3.5, 12.25)])
def test_centre_and_width_become_limits_and_come_back(window, function):
    back = window_of(limits_of(window, function), function)
    assert (back.center, back.width) == pytest.approx((window.center, window.width))


def test_the_windows_of_the_file_are_offered_by_name_and_nothing_is_invented(room):
    offered = room.view.set_presets.call_args.args[0]
    assert [choice.text for choice in offered] == [
        "WIDE: 2048 / 4096",
        "NARROW: 1000 / 500",
        texts.PRESET_RANGE,
        "1 to 99 % of this frame",
        texts.PRESET_OWN,
    ]
    assert room.preset == "window 0"


def test_a_preset_sets_the_window_of_the_layer(room):
    room.view.preset_chosen.emit("window 1")
    assert room.layer.contrast_limits == pytest.approx([750, 1249])
    assert room.preset == "window 1"
    assert room.caption.endswith("\nNARROW: 1000 / 500")
    assert (room.window.center, room.window.width) == pytest.approx((1000, 500))
    room.view.preset_chosen.emit("range")
    assert room.layer.contrast_limits == pytest.approx([0, 4095])


def test_percentiles_are_those_of_the_frame_that_is_shown(room):
    room.binding.show(room.binding.stacks[1], 2)
    room.view.preset_chosen.emit("percentiles")
    expected = np.percentile(np.asarray(room.stack[2]), (1, 99))
    assert room.layer.contrast_limits == pytest.approx(list(expected))


def test_a_key_goes_through_the_windows_and_begins_again(room):
    seen = []
    for _ in range(4):
        room.display.next_preset()
        seen.append(room.preset)
    assert seen == ["window 1", "range", "percentiles", "window 0"]
    assert room.layer.contrast_limits == pytest.approx([0, 4095])


def test_numbers_typed_in_become_the_window(room):
    room.view.window_entered.emit(1500.0, 100.0)
    assert room.layer.contrast_limits == pytest.approx([1450, 1549])
    assert room.preset == "own"
    assert "window 1500 / 100" in room.caption


def test_a_window_without_width_is_refused(room):
    before = list(room.layer.contrast_limits)
    room.view.window_entered.emit(1500.0, 0.0)
    assert list(room.layer.contrast_limits) == before
    assert room.said[-1] == (texts.WINDOW_TOO_NARROW, True)
    assert room.window.width == pytest.approx(4096)


def test_dragging_changes_centre_and_width_from_where_they_were(room):
    room.display.begin()
    room.display.drag(-128.0, 64.0)
    room.display.drag(-64.0, 64.0)
    room.display.end()
    step = 4095 / 512
    assert room.window.center == pytest.approx(2048 + 64 * step)
    assert room.window.width == pytest.approx(4096 - 64 * step)
    room.display.drag(100.0, 100.0)
    assert room.window.width == pytest.approx(4096 - 64 * step)


def test_no_drag_makes_a_window_without_width(room):
    room.display.begin()
    room.display.drag(-100_000.0, 0.0)
    low, high = room.layer.contrast_limits
    assert high > low
    assert room.window.width > 0


def test_a_window_set_with_napari_s_own_slider_is_shown(room):
    room.layer.contrast_limits = (100, 599)
    assert (room.window.center, room.window.width) == pytest.approx((350, 500))
    assert room.preset == "own"


def test_each_view_keeps_its_own_choices(room):
    first, second = room.binding.stacks
    room.display.choose_preset("window 1")
    room.display.rotate_right()
    room.binding.show(second)
    assert room.layer.contrast_limits == pytest.approx([0, 4095])
    assert room.binding.look.turn == AS_STORED
    room.display.invert()
    room.binding.show(first)
    assert room.layer.contrast_limits == pytest.approx([750, 1249])
    assert room.preset == "window 1"
    assert room.binding.look.turn == Turn(1)
    assert not room.binding.look.inverted


def test_inverting_exchanges_black_and_white_and_is_said_in_the_image(room):
    room.view.invert_requested.emit()
    assert room.layer.colormap.name == "gray_r"
    assert room.caption.endswith(texts.NOTE_INVERTED)
    assert room.view.set_inverted.call_args.args == (True,)
    room.display.invert()
    assert room.layer.colormap.name == "gray"
    assert "\n" not in room.caption


def test_a_bright_on_dark_file_is_not_called_inverted(enter, write_xa, tmp_path):
    write_xa(tmp_path / "study" / "a", number=1, PhotometricInterpretation="MONOCHROME1")
    room = enter()
    assert room.layer.colormap.name == "gray_r"
    assert room.view.set_inverted.call_args.args == (False,)
    room.display.invert()
    assert room.view.set_inverted.call_args.args == (True,)
    room.display.as_file()
    assert room.layer.colormap.name == "gray_r"


def test_a_table_of_the_file_is_offered_and_can_be_left(enter, write_xa, tmp_path):
    table = Dataset()
    table.LUTDescriptor, table.LUTData = [4096, 0, 16], np.arange(4096, dtype="<u2").tobytes()
    write_xa(tmp_path / "study" / "a", number=1, VOILUTSequence=[table])
    room = enter()
    assert room.presets == ["lut 0", "window 0", "range", "percentiles", "own"]
    assert room.preset == "lut 0"
    assert room.layer.contrast_limits == pytest.approx([0, 65535])
    room.display.choose_preset("window 0")
    assert room.layer.contrast_limits == pytest.approx([0, 4095])
    assert room.stack.options == DisplayOptions(window=0, subtraction=False)
    room.display.as_file()
    assert room.layer.contrast_limits == pytest.approx([0, 65535])


def test_16_bits_without_a_window_have_a_full_range(enter, write_xa, tmp_path):
    write_xa(
        tmp_path / "study" / "a",
        number=1,
        BitsStored=16,
        HighBit=15,
        WindowCenter=None,
        WindowWidth=None,
    )
    room = enter()
    assert room.presets == ["file", "range", "percentiles", "own"]
    room.display.choose_preset("range")
    assert room.layer.contrast_limits == pytest.approx([0, 65535])
    room.display.choose_preset("file")
    values = np.asarray(room.stack[0])
    assert room.layer.contrast_limits == pytest.approx([values.min(), values.max()])


# ------------------------------------------------------------------ what covers the image


def test_a_file_without_overlays_shutter_or_mask_offers_none(room):
    assert [room.cover(name)[0] for name in ("overlays", "shutter", "mask")] == [False, False, False]


def test_a_shutter_can_be_opened_and_the_window_stays(enter, write_xa, tmp_path):
    pixels = write_xa(
        tmp_path / "study" / "a",
        number=1,
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=41,
        ShutterRightVerticalEdge=200,
        ShutterUpperHorizontalEdge=21,
        ShutterLowerHorizontalEdge=180,
        ShutterPresentationValue=0,
    )
    room = enter()
    assert room.cover("shutter") == (True, True)
    assert not np.asarray(room.stack[0])[:10].any()
    room.view.window_entered.emit(1500.0, 100.0)
    room.view.shutter_chosen.emit(False)
    assert np.array_equal(np.asarray(room.stack[0]), pixels[0])
    assert np.array_equal(room.layer._slice.image.view, pixels[0])
    assert room.layer.contrast_limits == pytest.approx([1450, 1549])
    assert texts.NOTE_SHUTTER in room.caption
    room.display.as_file()
    assert not np.asarray(room.stack[0])[:10].any()


def test_percentiles_leave_out_what_the_shutter_covers(enter, write_xa, tmp_path):
    pixels = write_xa(
        tmp_path / "study" / "a",
        number=1,
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=1,
        ShutterRightVerticalEdge=COLUMNS,
        ShutterUpperHorizontalEdge=101,
        ShutterLowerHorizontalEdge=ROWS,
        ShutterPresentationValue=0,
    )
    room = enter()
    room.display.choose_preset("percentiles")
    seen = pixels[0][~room.stack.images[0].rendering.shutter.hidden(ROWS, COLUMNS)]
    assert seen.size < pixels[0].size
    assert room.layer.contrast_limits == pytest.approx(list(np.percentile(seen, (1, 99))))


def test_overlays_are_shown_on_request_with_a_warning(enter, write_xa, tmp_path):
    plane = np.zeros((ROWS, COLUMNS), bool)
    plane[5:9, 5:9] = True
    elements = (
        (0x0010, "US", ROWS),
        (0x0011, "US", COLUMNS),
        (0x0040, "CS", "G"),
        (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(plane, bitorder="little").tobytes()),
    )
    pixels = write_xa(tmp_path / "study" / "a", number=1)
    dataset = dcmread(tmp_path / "study" / "a")
    for element, kind, value in elements:
        dataset.add_new((0x6000 << 16) | element, kind, value)
    dataset.save_as(tmp_path / "study" / "a")
    room = enter()
    assert room.cover("overlays") == (True, False)
    assert np.array_equal(np.asarray(room.stack[0]), pixels[0])
    room.view.overlays_chosen.emit(True)
    assert (np.asarray(room.stack[0])[plane] == 4095).all()
    assert room.said[-1] == (texts.OVERLAYS_SHOWN, True)
    assert texts.NOTE_OVERLAYS in room.caption
    room.display.as_file()
    assert np.array_equal(np.asarray(room.stack[0]), pixels[0])


def test_a_mask_is_subtracted_on_request_and_the_plain_image_comes_back(enter, write_xa, tmp_path):
    pixels = write_xa(
        tmp_path / "study" / "a",
        number=1,
        frames=3,
        MaskSubtractionSequence=mask_of(1),
        RecommendedViewingMode="SUB",
    )
    room = enter()
    room.binding.show(room.stack, 1)
    assert room.cover("mask") == (True, False)
    room.view.mask_chosen.emit(True)
    difference = np.asarray(room.stack[1])
    assert difference.dtype == np.float32
    assert difference.min() < 0 < difference.max()
    assert room.presets == ["file", "percentiles", "own"]
    assert room.layer.contrast_limits[0] == pytest.approx(-room.layer.contrast_limits[1])
    assert room.said[-1] == (texts.MASK_SHOWN, True)
    room.view.mask_chosen.emit(False)
    assert np.array_equal(np.asarray(room.stack[1]), pixels[1])
    assert room.layer.contrast_limits == pytest.approx([0, 4095])


def test_an_option_that_the_file_does_not_offer_changes_nothing(room):
    before = list(room.layer.contrast_limits)
    room.display.subtract_mask(True)
    assert "no mask" in room.said[-1][0]
    assert room.said[-1][1]
    assert room.stack.options == NOT_SUBTRACTED
    assert list(room.layer.contrast_limits) == before
    assert room.cover("mask") == (False, False)


# ------------------------------------------------------------------ turning


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_letters_follow_every_turn(room, turn):
    room.binding.look.set_turn(turn)
    assert room.letters == tuple(turn.edges(("R", "F")))


def test_letters_before_a_turn_are_those_of_the_file(room):
    assert room.letters == tuple(edge_letters(("R", "F"))) == ("H", "R", "F", "L")
    room.display.flip()
    assert room.letters == ("H", "L", "F", "R")
    room.display.rotate_right()
    assert room.letters == ("R", "H", "L", "F")
    room.display.rotate_left()
    room.display.flip()
    assert room.letters == ("H", "R", "F", "L")


def test_without_patient_orientation_no_letter_is_guessed(room):
    room.binding.show(room.binding.stacks[1])
    assert room.letters == ("", "", texts.SIDE_NOT_STATED, "")
    room.display.rotate_right()
    assert room.letters == ("", "", texts.SIDE_NOT_STATED, "")


@pytest.mark.parametrize("stated", [["R", "X"], ["R", "L"], "R"])
def test_an_orientation_that_makes_no_sense_is_not_shown(enter, write_xa, tmp_path, stated):
    write_xa(tmp_path / "study" / "a", number=1, PatientOrientation=stated)
    assert enter().letters == ("", "", texts.SIDE_NOT_STATED, "")


@pytest.mark.parametrize("turn", ALL_TURNS)
@pytest.mark.parametrize("aspect", [1, 2])
def test_pixels_lie_where_the_turn_puts_them(enter, write_xa, tmp_path, turn, aspect):
    write_xa(tmp_path / "study" / "a", number=1, PixelAspectRatio=[aspect, 1])
    room = enter()
    room.binding.look.set_turn(turn)
    rows, columns = room.stack.shape[1:]
    height = (rows - 1) * aspect + 1
    for point in (Point(0, 0), Point(10, 30), Point(rows - 1, columns - 1)):
        world = room.layer.data_to_world((0, *point))[-2:]
        assert world == pytest.approx(
            turn.to_display(Point(point.row * aspect, point.column), (height, columns))
        )


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_marks_lie_on_the_same_pixels_in_every_turn(room, turn, right_l3):
    mark = room.desk.session.add_target(room.binding.frame, right_l3, Point(60, 70))
    room.binding.look.set_turn(turn)
    targets = room.viewer.layers["Targets"]
    assert tuple(targets.data[0]) == (60, 70)
    on_image = room.layer.data_to_world((0, 60, 70))[-2:]
    assert targets.data_to_world(targets.data[0]) == pytest.approx(on_image)
    assert room.desk.session.mark(mark.mark_id) == mark


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_texts_stand_right_of_their_marks_on_the_screen(room, turn, right_l3):
    room.desk.session.add_target(room.binding.frame, right_l3, Point(100, 120))
    room.binding.look.set_turn(turn)
    names, targets = room.viewer.layers["Mark names"], room.viewer.layers["Targets"]
    mark = targets.data_to_world(targets.data[0])
    text = names.data_to_world(names.data[-1])
    zoom = room.viewer.scene.camera.zoom
    assert (text[1] - mark[1]) * zoom == pytest.approx(14)
    assert (text[0] - mark[0]) * zoom == pytest.approx(-18)


def test_marks_of_another_view_lie_as_that_view_does(room, right_l3):
    first, second = room.binding.stacks
    room.desk.session.add_target(room.binding.frame, right_l3, Point(60, 70))
    room.display.rotate_right()
    room.binding.show(second, 1)
    room.desk.session.add_target(room.binding.frame, right_l3, Point(10, 20))
    targets = room.viewer.layers["Targets"]
    assert targets.data_to_world(targets.data[0]) == pytest.approx((10, 20))
    room.binding.show(first)
    assert targets.data_to_world(targets.data[0]) == pytest.approx(room.layer.data_to_world((0, 60, 70))[-2:])


def test_what_is_in_the_middle_stays_there_when_the_view_is_turned(room):
    camera = room.viewer.scene.camera
    camera.zoom, camera.center = 7.0, (0.0, 33.0, 44.0)
    before = room.layer.world_to_data((0, *camera.center[-2:]))
    room.display.rotate_right()
    assert room.layer.world_to_data((0, *camera.center[-2:])) == pytest.approx(before)
    assert camera.zoom == 7.0


def test_frames_are_found_in_every_turn(room):
    cine = room.binding.stacks[1]
    room.binding.show(cine, 2)
    room.display.rotate_right()
    assert room.binding.index == 2
    room.binding.show(cine, 3)
    assert room.binding.index == 3
    assert room.binding.problem == ""


def test_our_own_turn_takes_marks_and_that_of_somebody_else_does_not(room):
    room.display.rotate_right()
    room.display.flip()
    assert room.binding.problem == ""
    matrix = np.eye(4)
    matrix[1:3, 1:3] = [[0, -1], [1, 0]]
    room.layer.affine = matrix
    assert room.binding.problem == texts.NOT_PLAIN
    assert room.letters == ("", "", texts.SIDE_NOT_SHOWN, "")
    room.display.as_file()
    assert room.binding.problem == ""
    assert room.letters == ("H", "R", "F", "L")


def test_a_camera_that_looks_upside_down_takes_no_mark_and_no_letters(room):
    room.viewer.scene.camera.orientation2d = ("up", "right")
    assert room.binding.problem == texts.NOT_PLAIN
    assert room.letters == ("", "", texts.SIDE_NOT_SHOWN, "")
    room.viewer.scene.camera.orientation2d = ("down", "right")
    assert room.letters == ("H", "R", "F", "L")


def test_the_image_and_the_page_say_how_a_view_is_turned(room):
    room.view.turn_requested.emit("right")
    assert room.caption.split("\n")[1] == "turned by 90 degrees"
    room.view.turn_requested.emit("left")
    assert "\n" not in room.caption
    room.view.turn_requested.emit("flip")
    assert room.caption.split("\n")[1] == "mirrored"


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_a_dock_that_takes_over_finds_the_view_as_it_is_turned(room, turn):
    room.binding.look.set_turn(turn)
    room.close()
    other = LayerBinding(room.viewer)
    assert other.look.turn == turn
    assert other.problem == ""
    assert other._letters.texts() == tuple(turn.edges(("R", "F")))
    other.disconnect()


@pytest.mark.parametrize("turn", ALL_TURNS)
def test_every_turn_has_words_of_its_own(turn):
    assert sum(turn_text(turn) == turn_text(other) for other in ALL_TURNS) == 1


def test_as_the_file_says_takes_everything_back(room):
    room.display.choose_preset("window 1")
    room.display.invert()
    room.display.rotate_right()
    room.view.file_requested.emit()
    assert room.layer.contrast_limits == pytest.approx([0, 4095])
    assert room.layer.colormap.name == "gray"
    assert room.binding.look.turn == AS_STORED
    assert "\n" not in room.caption
    assert room.preset == "window 0"


def test_positions_beside_a_point_are_beside_it_on_the_screen():
    lie = Lie((2.0, 1.0), (0.0, 0.0), ((0.0, 1.0, 0.0), (-1.0, 0.0, 99.0), (0.0, 0.0, 1.0)))
    start = lie.to_world(Point(10, 20))
    end = lie.to_world(lie.beside(Point(10, 20), 5.0, -3.0))
    assert (end.row - start.row, end.column - start.column) == pytest.approx((5.0, -3.0))


# ------------------------------------------------------------------ zoom


def test_one_to_one_counts_pixels_of_the_screen(room):
    room.view.actual_size_requested.emit()
    assert room.viewer.scene.camera.zoom == pytest.approx(0.5)
    room.view.fit_requested.emit()
    assert room.viewer.scene.camera.zoom != pytest.approx(0.5)


# ------------------------------------------------------------------ what the file says


def test_the_facts_say_why_there_is_no_scale(room):
    assert room.facts[texts.FACT_SCALE].startswith("none: ")
    assert room.facts[texts.FACT_SIDES].startswith("top H, right R, bottom F, left L")
    assert texts.FACT_INTERVAL not in room.facts


def test_the_facts_are_those_of_the_view_that_is_shown(room):
    room.binding.show(room.binding.stacks[1])
    assert room.facts[texts.FACT_SIDES] == texts.FACT_SIDES_NONE
    assert "frames/s, Frame Time" in room.facts[texts.FACT_TIMES]


def test_a_scale_is_said_with_source_plane_and_interval(enter, write_xa, tmp_path):
    write_xa(
        tmp_path / "study" / "a",
        number=1,
        PositionerPrimaryAngle=0,
        PositionerSecondaryAngle=0,
        ImagerPixelSpacing=[0.4, 0.4],
        EstimatedRadiographicMagnificationFactor=1.6,
    )
    facts = enter().facts
    assert facts[texts.FACT_SCALE].startswith("0.2500 x 0.2500 mm per pixel")
    assert facts[texts.FACT_PLANE]
    assert "engineering default" in facts[texts.FACT_INTERVAL]
    assert facts[texts.FACT_ANGLES] == "primary 0.0°, secondary 0.0°"


def test_the_reader_s_own_scale_is_shown_as_soon_as_it_is_made(room):
    session, uid = room.desk.session, room.binding.frame.sop_instance_uid
    session.put(
        UserCalibration(
            sop_instance_uid=uid, method="known_length", start=Point(10, 20), end=Point(10, 120), mm=25.0
        )
    )
    assert room.facts[texts.FACT_SCALE].startswith("0.2500 x 0.2500 mm per pixel, from a length known")
    session.undo()
    assert room.facts[texts.FACT_SCALE].startswith("none: ")


def scale(mm, error=0.1, source=CalibrationSource.PIXEL_SPACING_GEOMETRY):
    return Calibration(source, mm, mm, relative_error=error)


def test_frames_of_one_scale_keep_it():
    assert scale_of_all_frames([scale(0.3)]) == scale(0.3)
    assert scale_of_all_frames([scale(0.3)] * 4) == scale(0.3)


def test_one_scale_for_frames_that_differ_holds_on_each_of_them():
    stated = [scale(0.2), scale(0.3, 0.05), scale(0.25, None)]
    kept = scale_of_all_frames(stated)
    assert kept.row_mm == kept.column_mm == pytest.approx(0.25)
    low, high = kept.row_interval_mm
    assert low <= 0.2 * 0.9 + 1e-9
    assert high >= 0.3 * 1.05 - 1e-9
    assert kept.note.startswith("differs between frames")


@pytest.mark.parametrize(
    "other",
    [
        UNCALIBRATED,
        scale(0.3, source=CalibrationSource.DETECTOR_PLANE),
        scale(0.3, source=CalibrationSource.PIXEL_SPACING_FIDUCIAL),
    ],
)
def test_frames_without_a_common_scale_have_none(other):
    kept = scale_of_all_frames([scale(0.3), other])
    assert not kept.usable
    assert kept.reason == texts.SCALE_OF_SOME


def test_no_fact_names_the_patient(room):
    assert not any("CANARY" in text for text in room.facts.values())


def test_a_colour_image_has_no_window(enter, write_xa, tmp_path):
    path = tmp_path / "study" / "a"
    write_xa(path, number=1)
    dataset = dcmread(path)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelData = bytes(ROWS * COLUMNS * 3)
    dataset.save_as(path)
    room = enter()
    assert room.window is None
    for act in (room.display.invert, room.display.next_preset, room.display.begin):
        act()
        assert room.said.pop() == (texts.NO_WINDOW, True)
    room.display.rotate_right()
    assert room.binding.problem == ""


def test_with_nothing_open_nothing_is_asked_of_the_page(room, pump):
    room.viewer.layers.clear()
    pump()
    for act in ("invert", "rotate_right", "flip", "as_file", "fit", "actual_size", "next_preset", "begin"):
        getattr(room.display, act)()
    assert room.window is None
    assert room.letters == ("", "", "", "")


def test_the_side_of_a_mark_does_not_change_with_the_view(room, anatomy):
    site = anatomy.site("L3_MB", Side.RIGHT)
    mark = room.desk.session.add_target(room.binding.frame, site, Point(60, 70))
    room.display.flip()
    assert room.desk.session.mark(mark.mark_id).site.side is Side.RIGHT


# ------------------------------------------------------------------ frames under way


def test_a_frame_that_is_read_in_the_old_way_is_not_kept_for_the_new_one(tmp_path, write_xa, monkeypatch):
    pixels = write_xa(
        tmp_path / "study" / "a",
        number=1,
        frames=3,
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=41,
        ShutterRightVerticalEdge=200,
        ShutterUpperHorizontalEdge=21,
        ShutterLowerHorizontalEdge=180,
    )
    begun, gate, original = threading.Event(), threading.Event(), FrameReader.read

    def slowly(self, index):
        if not gate.is_set():
            begun.set()
            assert gate.wait(20)
        return original(self, index)

    (study,) = scan([tmp_path / "study"]).studies
    (stack,) = views(study)
    shown = ShownFrames(stack.images)
    monkeypatch.setattr(FrameReader, "read", slowly)
    monkeypatch.setattr(shown_frames, "PATIENCE", 0.05)
    assert not shown.frame(1).any()
    assert begun.wait(20)
    shown.choose(DisplayOptions(shutter=False, subtraction=False))
    assert not shown.waiting
    gate.set()
    monkeypatch.setattr(shown_frames, "PATIENCE", 20.0)
    for _ in range(3):
        assert np.array_equal(shown.frame(1), pixels[1])
        time.sleep(0.05)
    assert shown.problem(1) == ""
