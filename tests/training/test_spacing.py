"""FSRS replayed from answers: without chance, whatever clocks do, and the sentences that say why."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from exercise_makers import question
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.store import FIRST_SCORE
from fluoro_annotator.training import ExerciseKind, Outcome, ScoredAnswer
from fluoro_annotator.training.choosing import Choice
from fluoro_annotator.training.explaining import why_now
from fluoro_annotator.training.material import _CHANGES
from fluoro_annotator.training.outcomes import OUTCOMES
from fluoro_annotator.training.rescoring import BACK
from fluoro_annotator.training.spacing import LONGEST_DAYS, RATINGS, Replay, Standing
from fluoro_annotator.training.variants import variant_of

START = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
CERTAIN, PROBABLE, UNSURE = MarkConfidence
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def answer(entry, at, outcome=Outcome.CORRECT, confidence=PROBABLE, exercise="a"):
    return ScoredAnswer(
        entry=entry,
        answer_id=str(entry),
        set_id="set",
        set_version=1,
        exercise_id=exercise,
        trainee="Trainee A",
        committed_at=at,
        kind="place_target",
        nerve="L3_MB",
        vertebra="L4",
        side="right",
        view="AP_TRUE",
        outcome=outcome,
        reason="",
        success=OUTCOMES[outcome].success,
        critical=False,
        faults=(),
        severity=None,
        confidence=confidence,
        millimetres=None,
        mm_error=None,
        scale=None,
        pixels=None,
        seconds=1.0,
        moves=0,
        cause="first",
        first_outcome=outcome,
        rescored=False,
    )


outcomes, confidences = st.sampled_from(Outcome), st.none() | st.sampled_from(MarkConfidence)
events = st.lists(
    st.tuples(
        st.integers(-3000, 3000).map(lambda hours: hours * HOUR),
        outcomes,
        confidences,
        st.sampled_from("abc"),
    ),
    max_size=25,
)


def standings(replay, moment):
    return [replay.standing(("set", exercise), moment) for exercise in "abc"]


@given(events=events)
def test_taking_answers_one_by_one_or_all_at_once_is_the_same_whatever_clocks_say(events):
    listed, one_by_one, now = [], Replay(), START
    for number, (jump, *what) in enumerate(events, start=1):
        now = START + jump
        listed = [*listed, answer(number, now, *what)]
        moment = one_by_one.take(listed, now)
    at_once = Replay()
    assert at_once.take(listed, now) == (moment if listed else now)
    assert standings(one_by_one, now) == standings(at_once, now)


@given(
    gaps=st.lists(
        st.tuples(st.integers(1, 2000), st.sampled_from([*MarkConfidence, None]), st.booleans()), min_size=1
    )
)
def test_with_a_clock_that_is_right_it_is_plain_fsrs(gaps):
    scheduler, card, now, listed = (
        Scheduler(maximum_interval=365, enable_fuzzing=False),
        Card(card_id=1, due=START),
        START,
        [],
    )
    rating = {CERTAIN: Rating.Easy, PROBABLE: Rating.Good, UNSURE: Rating.Hard, None: Rating.Good}
    for number, (minutes, confidence, right) in enumerate(gaps, start=1):
        now += timedelta(minutes=minutes)
        outcome = Outcome.CORRECT if right else Outcome.WRONG_SIDE
        listed.append(answer(number, now, outcome, confidence))
        card, _ = scheduler.review_card(card, rating[confidence] if right else Rating.Again, now)
    replay = Replay()
    moment = replay.take(listed, now)
    found = replay.standing(("set", "a"), moment)
    assert (found.due, found.recall) == (card.due, scheduler.get_card_retrievability(card, moment))


def test_every_outcome_has_a_rating_or_says_nothing():
    assert set(RATINGS) == set(Outcome)
    for outcome, ratings in RATINGS.items():
        if OUTCOMES[outcome].success is None:
            assert ratings is None
        else:
            assert set(ratings) == {*MarkConfidence, None}
            assert ratings[CERTAIN] is (Rating.Easy if OUTCOMES[outcome].success else Rating.Again)


def test_who_is_less_sure_of_what_is_right_sees_it_again_sooner():
    due = []
    for confidence in (UNSURE, PROBABLE, CERTAIN):
        replay = Replay()
        moment = replay.take([answer(1, START, Outcome.CORRECT, confidence)], START)
        due.append(replay.standing(("set", "a"), moment).due)
    assert due == sorted(set(due))


def test_a_clock_that_was_set_back_does_not_move_time_back():
    listed = [answer(1, START), answer(2, START - 400 * DAY, exercise="b")]
    replay = Replay()
    moment = replay.take(listed, START - 400 * DAY)
    # the first answer lies far ahead of what the clock says now: it is not believed, and nothing is lost
    assert moment == START - 400 * DAY
    moment = replay.take(listed, START + HOUR)
    assert moment == START + HOUR
    assert replay.standing(("set", "b"), moment).answered_at == START


def test_a_clock_that_was_ahead_for_a_while_delays_nothing_once_it_is_right():
    wrong = START + 3650 * DAY
    listed = [answer(1, START, Outcome.UNSAFE), answer(2, wrong, Outcome.UNSAFE)]
    replay = Replay()
    assert replay.take(listed, wrong) == wrong
    later = START + HOUR
    listed.append(answer(3, later, exercise="b"))
    moment = replay.take(listed, later)
    assert moment == later
    assert replay.standing(("set", "a"), moment).answered_at == START
    assert replay.standing(("set", "a"), moment).due < later


def test_what_could_not_be_assessed_is_held_back_for_a_day():
    listed = [answer(1, START, Outcome.UNSAFE), answer(2, START + HOUR, Outcome.NOT_ASSESSABLE)]
    replay = Replay()
    moment = replay.take(listed, START + HOUR)
    assert replay.standing(("set", "a"), moment).due == START + HOUR + DAY


@pytest.mark.parametrize(
    ("answered", "due", "now", "text"),
    [
        (
            (Outcome.UNSAFE, CERTAIN),
            2,
            3,
            "Due since yesterday: answered wrong and certain on 18 November.",
        ),
        ((Outcome.CORRECT, UNSURE), 3, 3, "Due today: answered right and unsure on 18 November."),
        ((Outcome.NEAR, PROBABLE), 1, 9, "Due since 19 November: answered nearly right on 18 November."),
        ((Outcome.NOT_ASSESSABLE, None), 1, 1, "Due today: answered yesterday, which could not be assessed."),
        (
            (Outcome.CORRECT, CERTAIN),
            60,
            1,
            "Not due before 17 January 2027, and brought forward: answered right and certain yesterday.",
        ),
    ],
)
def test_why_now_is_a_sentence(views, answered, due, now, text):
    outcome, confidence = answered
    asked = question(views["AP_TRUE"], ExerciseKind.PLACE_TARGET)
    standing = Standing(answer(1, START, outcome, confidence), START, START + due * DAY, 0.5)
    assert why_now(Choice(asked, standing), START + now * DAY, UTC) == text


def test_days_are_those_of_the_trainee(views):
    asked = question(views["AP_TRUE"], ExerciseKind.PLACE_TARGET)
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    standing = Standing(answer(1, late), late, late, 0.5)
    choice = Choice(asked, standing)
    assert "answered right on 18 November" in why_now(choice, late + 25 * HOUR, UTC)
    assert "answered right yesterday" in why_now(choice, late + 24 * HOUR, ZoneInfo("Asia/Tokyo"))


@given(trainee=st.text(max_size=8), picture=st.text(max_size=8))
def test_pictures_are_never_twice_alike_and_sides_are_never_exchanged(trainee, picture):
    shown = [variant_of(trainee, picture, seen) for seen in range(200)]
    assert len(set(shown)) == 200
    assert shown == [variant_of(trainee, picture, seen) for seen in range(200)]
    assert all(one.mirrored != other.mirrored for one, other in pairwise(shown))
    assert all(0.8 <= one.contrast <= 1.25 and abs(one.brightness) <= 0.08 for one in shown)


PAGE = Path(__file__).parents[2] / "docs" / "user" / "practice.md"
WORDS = {Rating.Again: "again", Rating.Hard: "hard", Rating.Good: "good", Rating.Easy: "easy"}


def test_the_table_of_the_guide_is_that_of_the_program():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = {
        cells[0]: tuple(cells[1:])
        for cells in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
        if len(cells) == 5
    }
    for outcome, ratings in RATINGS.items():
        title = OUTCOMES[outcome].title
        said = rows.get(title, rows["any other that counts"])
        wanted = ("nothing",) * 4 if ratings is None else tuple(WORDS[one] for one in ratings.values())
        assert said == wanted, title


def test_the_guide_names_every_cause_of_a_score():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{reason.value}` |" in text for reason in _CHANGES)
    assert f"| `{BACK}` |" in text
    assert f"| `{FIRST_SCORE}` |" in text
    assert f"longer than {LONGEST_DAYS} days" in text
