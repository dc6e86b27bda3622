"""The answer while it is given: what is open, undo and redo, and the value that it becomes."""

import pytest
from mocked_practice import five_questions

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction, MarkConfidence
from fluoro_annotator.training import NamedAnswer, NeedleAnswer, PlacedAnswer, Step, ViewAnswer
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_draft import Draft, answer_of, missing
from napari_fluoro_annotator.controllers.practice_sheet import AnswerSheet

TARGET, BY_NAME, NAME, VIEW, JUDGE, NEEDLE = five_questions()
HERE, THERE = Point(100.0, 200.0), Point(150.0, 240.0)
SURE = {"confidence": "certain"}
FULL = {
    "target": (TARGET, {"points": (HERE,)}),
    "by name": (BY_NAME, {"points": (HERE,)}),
    "needle": (NEEDLE, {"points": (HERE, THERE)}),
    "name": (NAME, {"nerve": "L4_MB", "vertebra": "L5", "joint": "L4-L5", "side": "left"}),
    "true view": (VIEW, {"true": "yes"}),
    "untrue view": (VIEW, {"true": "no", "ways": ("tilt",), "tilt": "tilt_caudal"}),
    "good needle": (JUDGE, {"acceptable": "yes"}),
    "bad needle": (JUDGE, {"acceptable": "no", "fault": "TOO_VENTRAL"}),
}


@pytest.mark.parametrize("case", FULL)
def test_an_answer_is_open_until_everything_is_said_and_how_sure_one_is(case):
    question, fields = FULL[case]
    assert missing(question, Draft())
    assert missing(question, Draft(**fields)) == texts.PRACTICE_NEED_CONFIDENCE
    assert missing(question, Draft(**fields, **SURE)) == ""
    assert answer_of(question, Draft(**fields, **SURE)).confidence is MarkConfidence.CERTAIN


@pytest.mark.parametrize(
    ("question", "fields", "said"),
    [
        (TARGET, {}, texts.PRACTICE_NEED_TARGET),
        (NEEDLE, {}, texts.PRACTICE_NEED_TIP),
        (NEEDLE, {"points": (HERE,)}, texts.PRACTICE_NEED_HUB),
        (NAME, {"nerve": "L4_MB", "side": "left"}, texts.PRACTICE_NEED_PARTS.format(parts="vertebra, joint")),
        (VIEW, {}, texts.PRACTICE_NEED_TRUE),
        (VIEW, {"true": "no"}, texts.PRACTICE_NEED_WAY),
        (VIEW, {"true": "no", "ways": ("oblique",)}, texts.PRACTICE_NEED_DIRECTION),
        (
            VIEW,
            {"true": "no", "ways": ("oblique", "tilt"), "tilt": "tilt_caudal"},
            texts.PRACTICE_NEED_DIRECTION,
        ),
        (JUDGE, {}, texts.PRACTICE_NEED_ACCEPTABLE),
        (JUDGE, {"acceptable": "no"}, texts.PRACTICE_NEED_FAULT),
    ],
)
def test_what_is_open_is_asked_for_in_order(question, fields, said):
    assert missing(question, Draft(**fields, **SURE)) == said


def test_a_placed_mark_has_the_name_that_was_asked_for():
    answer = answer_of(TARGET, Draft(points=(HERE,), **SURE))
    assert isinstance(answer, PlacedAnswer)
    assert (answer.mark.site, answer.mark.position, answer.mark.frame) == (TARGET.site, HERE, TARGET.frame)
    needle = answer_of(NEEDLE, Draft(points=(HERE, THERE), **SURE)).mark
    assert (needle.tip, needle.hub) == (HERE, THERE)


def test_a_view_that_is_called_true_has_no_corrections_whatever_was_said_before():
    said = {"ways": ("oblique", "tilt"), "oblique": "oblique_left", "tilt": "tilt_cranial"}
    both = answer_of(VIEW, Draft(true="no", **said, **SURE))
    assert both.corrections == (Correction.OBLIQUE_LEFT, Correction.TILT_CRANIAL)
    assert answer_of(VIEW, Draft(true="yes", **said, **SURE)).corrections == ()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (TARGET, PlacedAnswer(mark=None)),
        (NAME, NamedAnswer()),
        (VIEW, ViewAnswer(adequate=Adequacy.UNSURE)),
        (JUDGE, NeedleAnswer(acceptable=None)),
    ],
)
def test_whoever_gives_up_has_answered_nothing(question, answer):
    assert answer_of(question, Draft()) == answer


@pytest.mark.parametrize("case", FULL)
def test_a_draft_comes_back_from_what_a_step_keeps(case):
    draft = Draft(**FULL[case][1], **SURE)
    assert Draft.from_record(draft.to_record()) == draft
    assert Draft.from_record({**draft.to_record(), "of a newer version": 1}) == draft


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sheet(clock):
    sheet = AnswerSheet(clock)
    sheet.begin(TARGET)
    return sheet


def test_every_change_is_a_step_with_its_time_and_can_be_taken_back(sheet, clock):
    clock.now += 2.5
    assert sheet.put("add", points=(HERE,))
    clock.now += 1
    assert sheet.put("move", points=(THERE,))
    assert not sheet.put("move", points=(THERE,))
    assert sheet.undo()
    assert sheet.draft.points == (HERE,)
    assert sheet.redo()
    assert sheet.draft.points == (THERE,)
    assert not sheet.redo()
    assert [(step.what, step.seconds) for step in sheet.steps] == [
        ("add", 2.5),
        ("move", 3.5),
        ("undo", 3.5),
        ("redo", 3.5),
    ]
    assert sheet.steps[2].record == {"points": [[100.0, 200.0]]}


def test_nothing_changes_after_an_answer_was_handed_in(sheet):
    sheet.put("add", points=(HERE,))
    sheet.close()
    assert not sheet.put("move", points=(THERE,))
    assert not sheet.undo()
    assert not sheet.redo()
    assert sheet.draft.points == (HERE,)
    assert len(sheet.steps) == 1


def test_an_interrupted_answer_goes_on_where_it_was(clock):
    sheet = AnswerSheet(clock)
    sheet.begin(TARGET, (Step(4.0, "add", {"points": [[100.0, 200.0]], "confidence": "unsure"}),))
    assert sheet.draft == Draft(points=(HERE,), confidence="unsure")
    clock.now += 3
    assert sheet.seconds == 7.0
    sheet.put("move", points=(THERE,))
    assert [step.seconds for step in sheet.steps] == [4.0, 7.0]


def test_of_an_answer_nothing_stays_when_the_next_is_asked(sheet):
    sheet.put("add", points=(HERE,))
    sheet.begin(BY_NAME)
    assert sheet.draft == Draft()
    assert sheet.steps == ()
    assert not sheet.can_undo
    sheet.clear()
    assert sheet.question is None
    assert not sheet.put("add", points=(HERE,))
