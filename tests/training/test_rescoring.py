"""Scoring again: the old score stays, the new one has a cause, and the same thing twice changes nothing."""

from dataclasses import replace

import pytest
from practising import AUTHOR, answer_to, desk_with_a_set, edited, pairs_in

from fluoro_annotator.errors import KeyWithheldError
from fluoro_annotator.marks import Target
from fluoro_annotator.training import (
    Feedback,
    Marking,
    Outcome,
    ReferenceReading,
    check_scores,
    key_hash,
    rescore_answers,
    scored_answers,
)

SET = "lumbar-first"


@pytest.fixture
def desk(tmp_path, views, make_reading):
    made = desk_with_a_set(tmp_path / "state", views, make_reading)
    yield made
    made.close()


@pytest.fixture
def answered(desk, views):
    """Answer every exercise rightly, and return the answers as they are kept."""
    practice = desk.program()
    for _ in desk.sets[SET].questions:
        offer = practice.next(SET)
        desk.clock.go(seconds=5)
        assert isinstance(practice.commit(offer, answer_to(offer.question, views), (), 5.0), Feedback)
    return desk.kept()


def moved_reference(key):
    """Return a key whose expert has every target 40 pixels further to the right."""
    (reference,) = key.references
    records = tuple(
        replace(one, position=replace_column(one.position)) if isinstance(one, Target) else one
        for one in reference.marking.records
    )
    marking = Marking(reference.marking.reader, records)
    return replace(
        key,
        references=(
            ReferenceReading(
                reading_id=reference.reading_id, marking=marking, reading_fingerprint=marking.fingerprint
            ),
        ),
    )


def replace_column(point):
    return type(point)(point.row, point.column + 40)


@pytest.fixture
def second_version(desk, answered):
    """Publish the set again, with other references for places."""
    keys = {asked.exercise_id: moved_reference(key) if asked.site else key for asked, key in pairs_in(desk)}
    made = replace(
        desk.sets[SET], version=2, key_hashes={exercise: key_hash(key) for exercise, key in keys.items()}
    )
    return desk.publish(made, keys)


def rescored(desk, made, protocols=None):
    return rescore_answers(
        desk.store.practice, made, by=AUTHOR, protocols=protocols or desk.protocols, clock=desk.clock
    )


def test_a_new_reference_changes_no_score_by_itself(desk, answered, second_version):
    desk.program().catch_up()
    assert desk.kept() == answered


def test_rescoring_puts_a_score_with_its_cause_behind_the_old_one(desk, answered, second_version):
    report = rescored(desk, second_version)
    after = desk.kept()
    assert [kept.scores[0] for kept in after] == [kept.scores[0] for kept in answered]
    moved = {one.exercise_id for one in second_version.questions if one.site}
    twice = {kept.answer.exercise_id for kept in after if len(kept.scores) == 2}
    assert twice == moved == {one.answer.exercise_id for one in report.rescored}
    assert {one.new.cause for one in report.rescored} == {"reference_changed, version 2"}
    assert any(one.changed for one in report.rescored)
    assert report.unchanged == len(answered) - len(moved)
    flat = {one.exercise_id: one for one in scored_answers(after)}
    for one in report.rescored:
        found = flat[one.answer.exercise_id]
        assert (found.rescored, found.first_outcome, found.outcome.value) == (
            True,
            Outcome.CORRECT,
            one.new.outcome,
        )
    again = rescored(desk, second_version)
    assert (again.rescored, again.unchanged) == ((), len(answered))


def test_back_to_the_first_version_is_a_third_score(desk, answered, second_version):
    rescored(desk, second_version)
    first = desk.program()._keeper.version(SET, 1)
    report = rescored(desk, first)
    assert {one.new.cause for one in report.rescored} == {"as_published"}
    assert {one.new.outcome for one in report.rescored} == {"correct"}
    assert max(len(kept.scores) for kept in desk.kept()) == 3


def test_after_an_edit_of_the_protocol_answers_can_be_scored_on_what_holds_now(desk, views):
    other = edited(desk.protocols, title="Edited by the site")
    practice = desk.program(protocols=other)
    offer = practice.next(SET)
    fed = practice.commit(offer, answer_to(offer.question, views), (), 5.0)
    assert fed.score.outcome is Outcome.NOT_ASSESSABLE
    report = rescored(desk, desk.sets[SET], other)
    assert [(one.old.outcome, one.new.outcome, one.new.cause) for one in report.rescored] == [
        ("not_assessable", "correct", "protocol_edited")
    ]
    assert rescored(desk, desk.sets[SET], other).unchanged == 1


def test_what_another_version_does_not_ask_keeps_its_score(desk, answered):
    pairs = pairs_in(desk)
    left, changed = pairs[1:], pairs[1]
    asked = [one for one, _ in left]
    asked[0] = replace(changed[0], needle=not changed[0].needle)
    made = replace(
        desk.sets[SET],
        version=2,
        questions=tuple(asked),
        key_hashes={one.exercise_id: key_hash(key) for one, key in left},
    )
    desk.publish(made, {one.exercise_id: key for one, key in left})
    report = rescored(desk, made)
    assert {one.why for one in report.not_rescored} == {
        "version 2 of the set has no such exercise",
        "version 2 of the set asks something else",
    }
    assert report.unchanged == len(answered) - 2
    assert desk.kept() == answered


def test_keys_are_not_given_to_whoever_asks_for_a_rescoring(desk, answered, second_version):
    with pytest.raises(KeyWithheldError):
        rescore_answers(
            desk.store.practice, second_version, by="Trainee B", protocols=desk.protocols, clock=desk.clock
        )
    assert desk.kept() == answered


def test_scores_that_are_right_differ_in_nothing(desk, answered, second_version):
    rescored(desk, second_version)
    assert check_scores(desk.store.practice, SET, by=AUTHOR, protocols=desk.protocols) == ()


def test_a_score_that_was_falsified_is_found(desk, answered):
    kept = answered[0]
    (entry,) = kept.scores
    false = replace(
        entry, outcome="unsafe", success=False, content=entry.content.replace('"moves":0', '"moves":7')
    )
    desk.store.practice._answers[kept.answer.answer_id] = replace(kept, scores=(false,))
    (found,) = check_scores(desk.store.practice, SET, by=AUTHOR, protocols=desk.protocols)
    assert (found.kept.answer, found.outcome_now) == (kept.answer, "correct")
    assert found.differs == ("outcome", "success", "moves")


def test_under_another_protocol_every_score_would_be_another_one(desk, answered):
    other = edited(desk.protocols, title="Edited by the site")
    found = check_scores(desk.store.practice, SET, by=AUTHOR, protocols=other)
    assert len(found) == len(answered)
    assert {one.outcome_now for one in found} == {"not_assessable"}
    assert desk.kept() == answered
