"""Playing a cine: its own clock, loops, what is left out, and the strip of marked frames."""

import time

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan, views
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkKind
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.cine import SPEEDS, CineController, CineViewProtocol
from napari_fluoro_annotator.controllers.timetable import ASSUMED_RATE, Timetable
from napari_fluoro_annotator.views.cine import CineView
from napari_fluoro_annotator.views.strip import Strip

STEP = 0.066  # FrameTime of the test cine, in seconds
SIGNALS = {
    **dict.fromkeys(("play_requested", "reverse_requested", "ticked"), ()),
    **dict.fromkeys(("step_requested", "frame_requested", "marked_requested"), (int,)),
    **dict.fromkeys(("pace_chosen", "loop_requested"), (str,)),
    "speed_chosen": (float,),
}


class Player(MockedDesk):
    """A cine controller between a mocked view and a mocked binding; time passes only when told to."""

    def __init__(self, stacks):
        super().__init__(stacks, current=-1)
        self.now = 100.0
        self.view = mocked(CineView, SIGNALS)
        self.cine = CineController(self.desk, self.view, clock=lambda: self.now)

    def wait(self, seconds):
        """Let time pass, then let the timer of the view ring."""
        self.now += seconds
        self.view.ticked.emit()
        return self.binding.index

    @property
    def due(self):
        return self.view.tick_in.call_args.args[0]

    @property
    def loop(self):
        return self.view.set_loop.call_args.args[0]


@pytest.fixture
def stacks(study_folder):
    return stacks_of(study_folder)


@pytest.fixture
def player(stacks):
    return Player(stacks)


def test_the_mock_stands_for_what_the_controller_asks_of_a_view():
    wanted = {name for name in (*vars(CineViewProtocol), *CineViewProtocol.__annotations__) if name[0] != "_"}
    assert wanted <= set(dir(CineView))


# ---------------------------------------------------------------------- playing


def test_frames_follow_the_clock_of_the_file(player):
    player.cine.play_or_pause()
    assert player.binding.playing
    assert player.due == round(STEP * 1000)
    assert [player.wait(STEP * 1.01) for _ in range(3)] == [1, 2, 3]
    player.cine.play_or_pause()
    assert not player.binding.playing
    assert player.wait(1.0) == 3


def test_in_real_time_a_slow_computer_leaves_frames_out_and_counts_them(player):
    player.cine.play_or_pause()
    assert player.wait(STEP * 3.5) == 3
    assert player.wait(STEP) == 4
    text = player.view.set_rate.call_args.args[0]
    assert text.endswith("2 left out")
    assert f"of {1 / STEP:.1f} frames/s" in text


def test_every_frame_is_shown_if_it_is_wanted_however_long_it_takes(player):
    player.view.pace_chosen.emit("every_frame")
    player.cine.play_or_pause()
    assert [player.wait(STEP * 5) for _ in range(4)] == [1, 2, 3, 4]
    assert player.view.set_rate.call_args.args[0].endswith("0 left out")


@pytest.mark.parametrize("pace", ["real_time", "every_frame"])
def test_the_end_is_followed_by_the_beginning_and_the_other_way_round(player, pace):
    player.view.pace_chosen.emit(pace)
    player.binding.show(player.binding.stacks[2], 7)
    player.cine.play_or_pause()
    assert player.wait(STEP * 1.01) == 0
    player.cine.pause()
    player.cine.play_backwards()
    assert player.wait(STEP * 1.01) == 7
    assert player.wait(STEP * 1.01) == 6


def test_a_range_is_played_again_and_again(player):
    stack = player.binding.stacks[2]
    player.binding.show(stack, 2)
    player.view.loop_requested.emit("first")
    player.binding.show(stack, 4)
    player.view.loop_requested.emit("last")
    assert player.loop == (2, 4)
    player.cine.play_or_pause()
    assert [player.wait(STEP * 1.01) for _ in range(4)] == [2, 3, 4, 2]
    player.view.loop_requested.emit("")
    assert player.loop is None


def test_a_range_that_would_begin_after_its_end_gives_up_the_other_end(player):
    stack = player.binding.stacks[2]
    player.binding.show(stack, 3)
    player.cine.loop_to_here()
    player.binding.show(stack, 5)
    player.cine.loop_from_here()
    assert player.loop == (5, 7)
    player.binding.show(stack, 1)
    player.cine.loop_to_here()
    assert player.loop == (0, 1)


def test_speed_makes_it_slower_and_faster_within_limits(player):
    player.cine.faster()
    player.view.set_speed.assert_called_with(2.0)
    player.cine.play_or_pause()
    assert player.due == round(STEP * 1000 / 2)
    for _ in SPEEDS:
        player.cine.slower()
    player.view.set_speed.assert_called_with(SPEEDS[0])
    for _ in SPEEDS:
        player.cine.faster()
    player.view.set_speed.assert_called_with(SPEEDS[-1])


def test_one_frame_is_not_played(player):
    player.binding.show(player.binding.stacks[0], 0)
    player.cine.play_or_pause()
    assert not player.cine.playing
    assert player.said[-1] == (texts.NOTHING_TO_PLAY, True)
    player.view.set_frames.assert_called_with(1)


def test_another_view_stops_the_cine(player):
    player.cine.play_or_pause()
    player.binding.show(player.binding.stacks[0], 0)
    assert not player.cine.playing
    assert not player.binding.playing


def test_stepping_stops_and_stays_within_the_view(player):
    player.cine.play_or_pause()
    player.view.step_requested.emit(1)
    assert (player.cine.playing, player.binding.index) == (False, 1)
    player.view.step_requested.emit(-5)
    assert player.binding.index == 0
    player.view.frame_requested.emit(99)
    assert player.binding.index == 7


def test_after_closing_nothing_moves(player):
    player.cine.play_or_pause()
    player.cine.close()
    player.cine.close()
    player.binding.show.reset_mock()
    player.wait(STEP * 2)
    player.view.play_requested.emit()
    player.binding.show.assert_not_called()


# ---------------------------------------------------------------------- times


def test_times_that_vary_are_kept(tmp_path, write_xa):
    vector = [0, 50, 100, 50]
    write_xa(
        tmp_path / "IM",
        number=4,
        frames=4,
        FrameTime=None,
        FrameTimeVector=vector,
        FrameIncrementPointer=0x00181065,
    )
    ((stack,),) = ([*views(study)] for study in scan([tmp_path]).studies)
    table = Timetable.of(stack)
    assert table.starts[:4] == pytest.approx([0, 0.05, 0.15, 0.2])
    assert [table.frame_at(time) for time in (0, 0.06, 0.149, 0.16, 0.3)] == [0, 1, 1, 2, 3]
    assert "Frame Time Vector" in table.source


def test_a_file_without_times_is_played_at_a_rate_that_is_said_to_be_assumed(tmp_path, write_xa):
    write_xa(tmp_path / "IM", number=4, frames=4, FrameTime=None)
    ((stack,),) = ([*views(study)] for study in scan([tmp_path]).studies)
    table = Timetable.of(stack)
    assert table.rate == pytest.approx(ASSUMED_RATE)
    assert "assumed" in table.source


# ---------------------------------------------------------------------- marked frames


def test_marked_frames_are_shown_and_gone_to(player, anatomy):
    stack, session = player.binding.stacks[2], player.desk.session
    site = anatomy.site("L3_MB", Side.RIGHT)
    session.add_target(FrameRef(*stack.frame_ref(2)), site, Point(10, 10))
    session.add_needle(FrameRef(*stack.frame_ref(5)), site, Point(10, 10), Point(20, 20))
    session.add_target(FrameRef(*stack.frame_ref(5)), site, Point(10, 10))
    session.add_target(FrameRef(*player.binding.stacks[0].frame_ref(0)), site, Point(10, 10))
    shown = [(frame.index, set(frame.kinds)) for frame in player.view.set_marked.call_args.args[0]]
    assert shown == [(2, {MarkKind.TARGET}), (5, {MarkKind.TARGET, MarkKind.NEEDLE})]
    player.cine.next_marked()
    player.cine.next_marked()
    assert player.binding.index == 5
    player.cine.next_marked()
    assert (player.binding.index, player.said[-1]) == (5, (texts.NO_MARKED_AFTER, False))
    player.cine.previous_marked()
    assert player.binding.index == 2


@pytest.mark.gui
def test_a_press_on_the_strip_goes_to_the_frame_under_it(qapp):
    strip, asked = Strip(), []
    strip.resize(400, 40)
    strip.set_frames(8)
    strip.frame_requested.connect(asked.append)
    for index in (0, 3, 7):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(strip.x_of(index)), 20))
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(0, 20))
    assert asked == [0, 3, 7, 0]


# ---------------------------------------------------------------------- real windows


@pytest.mark.gui
def test_a_cine_is_played_and_stopped_with_a_key_in_a_window(open_window, pump):
    viewer, dock, hand = open_window()
    dock.binding.show(dock.binding.stacks[2], 0)
    session, site = dock.desk.session, dock.desk.anatomy.site("L3_MB", Side.RIGHT)
    for index in range(8):
        session.add_target(FrameRef(*dock.binding.stacks[2].frame_ref(index)), site, Point(50 + index, 60))
    pump()
    assert viewer.layers["Mark names"].data.size
    hand.key("P")
    seen, end = set(), time.monotonic() + 20
    while len(seen) < 4 and time.monotonic() < end:
        pump(1)
        seen.add(dock.binding.index)
        assert len(viewer.layers["Targets"].data) == 1
    assert len(seen) >= 4
    assert viewer.layers["Mark names"].data.size == 0
    hand.key("P")
    pump()
    stopped = dock.binding.index
    assert viewer.canvas.overlays.text.text == f"3 Needle advance, frame {stopped + 1} of 8"
    assert viewer.layers["Mark names"].data.size
    time.sleep(0.3)
    pump()
    assert dock.binding.index == stopped


@pytest.mark.gui
def test_a_press_while_it_plays_stops_and_marks_nothing(open_window, pump):
    _, dock, hand = open_window()
    dock.binding.show(dock.binding.stacks[2], 0)
    dock.controller.choose_nerve("L3_MB")
    dock.controller.choose_side("right")
    dock.cine.play_or_pause()
    dock.controller.arm_target()
    pump()
    hand.click(50, 60)
    assert not dock.cine.playing
    assert dock.desk.session.marks == ()
    assert "Nothing was marked" in dock.view._hint.text()
    hand.click(50, 60)
    (mark,) = dock.desk.session.marks
    assert mark.frame == dock.binding.frame
