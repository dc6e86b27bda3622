"""The controller of the feedback without a window: what is drawn on which frame, and the trainee's own steps."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from psygnal import Signal

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkConfidence, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import (
    Drawn,
    ImageFacts,
    Marking,
    PlacedAnswer,
    PlaceTarget,
    Role,
    Setting,
    score,
)
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.practice_feedback import Answered, FeedbackController
from napari_fluoro_annotator.feedback_layers import anchor_of, dashed
from napari_fluoro_annotator.feedback_looks import LOOKS

FRAME = FrameRef("2.25.700.1.1", 1)
SITE = load_anatomy().site("L3_MB", Side.RIGHT)


@dataclass
class Step:
    seconds: float
    what: str
    record: dict


STEPS = (
    Step(1.0, "add", {"points": [[50, 60]]}),
    Step(9.0, "move", {"points": [[90, 100]]}),
    Step(9.1, "confidence", {"points": [[90, 100]], "confidence": "certain"}),
)


class Binding:
    frame_changed = Signal()

    def __init__(self):
        self.frame = FRAME
        self.drawn = None

    def draw_picture(self, drawn):
        self.drawn = tuple(drawn)

    def roles(self):
        return {one.role for one in self.drawn}


@dataclass
class View:
    said: object = None
    legend: tuple = ()
    count: int = 0
    moment: tuple = ()
    playing: bool = False
    wakes: list = field(default_factory=list)
    moment_chosen, play_requested, woken = Signal(int), Signal(), Signal()

    def set_remarks(self, remarks):
        self.said = remarks

    def set_prompt(self, text):
        self.prompt = text

    def set_notes(self, notes):
        self.notes = tuple(notes)

    def set_legend(self, rows, not_drawn):
        self.legend = tuple(rows)

    def set_moments(self, count):
        self.count = count

    def set_moment(self, number, moment):
        self.moment = number, moment.text

    def set_playing(self, playing):
        self.playing = playing

    def wake_in(self, milliseconds):
        self.wakes.append(milliseconds)


@pytest.fixture
def binding():
    return Binding()


@pytest.fixture
def view():
    return View()


@pytest.fixture
def controller(binding, view):
    made = FeedbackController(binding, view)
    yield made
    made.close()


@pytest.fixture
def answered():
    expert = Marking("Expert A", (Target(frame=FRAME, site=SITE, position=Point(60, 70)),))
    setting = Setting(
        protocol=load_protocols(folders=()).get("lumbar_mbb"),
        references=(expert,),
        frame=FRAME,
        image=ImageFacts(view="AP_TRUE", orientation=("R", "F")),
    )
    exercise = PlaceTarget(setting, SITE)
    mark = Target(frame=FRAME, site=SITE, position=Point(90, 100))
    answer = PlacedAnswer(mark=mark, confidence=MarkConfidence.CERTAIN)
    return Answered(
        frame=FRAME,
        exercise=exercise,
        answer=answer,
        score=score(exercise, answer),
        steps=STEPS,
        seconds=12.0,
    )


def test_nothing_is_drawn_or_said_before_there_is_an_answer(controller, binding, view):
    binding.frame_changed.emit()
    assert binding.drawn == ()
    assert view.said is None


def test_an_answer_is_drawn_and_said_and_taken_away_again(controller, binding, view, answered):
    controller.show_answered(answered)
    assert {Role.ANSWER, Role.REFERENCE, Role.DISTANCE} <= binding.roles()
    assert view.said.title == "Not assessable"
    assert {role for role, _ in view.legend} == binding.roles()
    controller.clear()
    assert (binding.drawn, view.said, view.legend, view.count) == ((), None, (), 0)


def test_on_another_frame_nothing_is_drawn(controller, binding, answered):
    controller.show_answered(answered)
    binding.frame = FrameRef(FRAME.sop_instance_uid, 2)
    binding.frame_changed.emit()
    assert binding.drawn == ()
    binding.frame = FRAME
    binding.frame_changed.emit()
    assert Role.REFERENCE in binding.roles()


def test_the_steps_are_gone_through_beside_the_result(controller, binding, view, answered):
    controller.show_answered(answered)
    assert (view.count, view.moment) == (5, (4, "Committed."))
    assert Role.REPLAYED not in binding.roles()
    view.moment_chosen.emit(1)
    (replayed,) = [one for one in binding.drawn if one.role is Role.REPLAYED]
    assert replayed.points == (Point(50, 60),)
    assert Role.ANSWER in binding.roles()
    controller.step_on()
    assert view.moment == (2, "Moved.")
    (trail,) = [one for one in binding.drawn if one.role is Role.TRAIL]
    assert trail.points == (Point(50, 60), Point(90, 100))
    controller.step_back()
    assert view.moment[0] == 1
    controller.go_to(99)
    assert view.moment[0] == 4


def test_they_are_played_in_the_time_they_took_within_limits(controller, view, answered):
    controller.show_answered(answered)
    view.play_requested.emit()
    assert (view.playing, view.moment[0]) == (True, 0)
    for _ in range(4):
        view.woken.emit()
    assert (view.playing, view.moment[0]) == (False, 4)
    assert view.wakes == [1000, 1500, 150, 1500]
    view.woken.emit()
    assert view.moment[0] == 4


def test_playing_stops_when_it_is_asked_to_or_another_step_is_chosen(controller, view, answered):
    controller.show_answered(answered)
    view.play_requested.emit()
    view.play_requested.emit()
    assert not view.playing
    view.play_requested.emit()
    view.moment_chosen.emit(2)
    assert (view.playing, view.moment[0]) == (False, 2)
    view.woken.emit()
    assert view.moment[0] == 2


def test_what_is_closed_listens_no_more(controller, binding, view, answered):
    controller.show_answered(answered)
    controller.close()
    controller.close()
    binding.drawn = None
    binding.frame_changed.emit()
    view.moment_chosen.emit(1)
    assert binding.drawn is None


# ---------------------------------------------------------------------- how it is drawn


def line(*points, role=Role.SAFETY, closed=False):
    return Drawn(role=role, points=tuple(Point(*point) for point in points), closed=closed)


def test_a_line_without_gaps_is_its_pieces():
    pieces = dashed(line((0, 0), (0, 10), (10, 10), closed=True), ())
    assert pieces.tolist() == [[[0, 0], [0, 10]], [[0, 10], [10, 0]], [[10, 10], [-10, -10]]]


def test_dashes_run_on_around_corners_and_keep_their_lengths():
    pieces = dashed(line((0, 0), (0, 10), (100, 10)), (8, 4))
    lengths = np.linalg.norm(pieces[:, 1], axis=1)
    assert lengths.sum() == pytest.approx(9 * 8 + 2)
    assert pieces[0].tolist() == [[0, 0], [0, 8]]
    assert pieces[1][0] == pytest.approx((2, 10))


def test_a_pattern_of_four_alternates():
    pieces = dashed(line((0, 0), (0, 27)), (16, 4, 3, 4))
    assert pieces[:, :, 1].tolist() == [[0, 16], [20, 3]]


def test_the_shortest_line_is_seen():
    assert len(dashed(line((0, 0), (0, 0.5)), (8, 4))) == 1


def test_names_stand_at_the_middle_of_a_distance_and_the_top_of_an_outline():
    assert anchor_of(line((0, 0), (10, 20), role=Role.DISTANCE)) == Point(5, 10)
    assert anchor_of(line((5, 5), (0, 9), (9, 0), role=Role.BONE, closed=True)) == Point(0, 9)
    assert anchor_of(line((5, 5), (7, 9))) == Point(7, 9)


COLOURS = {
    "orange": styles.ORANGE,
    "blue": styles.SKY_BLUE,
    "white": styles.WHITE,
    "green": styles.GREEN,
    "vermillion": styles.VERMILLION,
    "purple": styles.PURPLE,
    "yellow": styles.YELLOW,
}
"""What the page calls the colours."""


def test_the_page_describes_each_role_by_its_name_and_colour():
    page = Path(__file__).parents[2] / "docs" / "user" / "practice-feedback.md"
    rows = [line.split("|")[1:3] for line in page.read_text(encoding="utf-8").splitlines() if "|" in line]
    described = {name.strip(): look.split()[0].strip(",") for name, look in rows[2:]}
    not_described = {Role.SAFETY_BEYOND, Role.TRAIL}  # in the row of the line, and without a row
    expected = {texts.ROLE_WORDS[role]: LOOKS[role].colour for role in Role if role not in not_described}
    assert {name: COLOURS[word] for name, word in described.items()} == expected


def test_every_role_has_a_look_and_no_two_look_alike():
    assert set(LOOKS) == set(Role)
    assert len({(look.colour, look.symbol, look.dashes) for look in LOOKS.values()}) >= len(Role) - 2
