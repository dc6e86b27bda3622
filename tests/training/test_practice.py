"""Practice: what is offered, committed for good, and only then compared."""

from dataclasses import replace
from datetime import timedelta

import pytest
from practising import AUTHOR, TRAINEE, answer_to, desk_with_a_set, edited, pairs_in

from fluoro_annotator.errors import (
    AnswerNotKeptError,
    KeyWithheldError,
    StoreConflictError,
    StoreUnavailableError,
    TrainingError,
)
from fluoro_annotator.marks import Adequacy, MarkConfidence, mark_to_dict
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.store import SetVersion
from fluoro_annotator.training import (
    Feedback,
    NamedAnswer,
    NeedleAnswer,
    Outcome,
    PlacedAnswer,
    Reason,
    Step,
    ViewAnswer,
    Waiting,
    read_answer,
)
from fluoro_annotator.training.choosing import shared

SET = "lumbar-first"
CERTAIN = MarkConfidence.CERTAIN


@pytest.fixture
def desk(tmp_path, views, make_reading):
    made = desk_with_a_set(tmp_path / "state", views, make_reading)
    yield made
    made.close()


@pytest.fixture
def play(desk, views):
    """Return a function that answers what comes next."""

    def played(practice, *, right=True, confidence=MarkConfidence.PROBABLE, seconds=5.0):
        offer = practice.next(SET)
        given = answer_to(offer.question, views, right=right, confidence=confidence)
        desk.clock.go(seconds=seconds)
        return offer, practice.commit(offer, given, (), seconds)

    return played


# ---------------------------------------------------------------------- blind until committed, and for good


def test_no_key_is_asked_for_before_the_answer_is_kept(desk, play):
    practice = desk.program()
    practice.next(SET)
    assert not {"key", "keys"} & set(desk.names())
    play(practice)
    names = desk.names()
    assert names.count("key") == 1
    assert names.index("commit") < names.index("key")


def test_a_right_answer_is_fed_back_with_its_key_and_its_score_is_kept(desk, play):
    practice = desk.program()
    offer, found = play(practice)
    assert isinstance(found, Feedback)
    assert (found.score.outcome, found.kept, found.offer, found.notes) == (Outcome.CORRECT, True, offer, ())
    assert found.key.exercise_id == offer.question.exercise_id
    (kept,) = desk.kept()
    assert kept.answer == found.answer
    assert [(one.outcome, one.cause) for one in kept.scores] == [("correct", "first")]
    (scored,) = practice.history
    assert (scored.exercise_id, scored.outcome, scored.seconds) == (
        offer.question.exercise_id,
        Outcome.CORRECT,
        5.0,
    )


@pytest.mark.parametrize("right", [True, False])
def test_every_kind_can_be_answered(desk, play, right):
    practice = desk.program()
    for _ in desk.sets[SET].questions:
        offer, found = play(practice, right=right)
        assert found.score.success is right, offer.question.kind
        desk.clock.go(seconds=1)
    assert {one.kind for one in practice.history} == {one.kind for one in desk.sets[SET].questions}


def test_what_was_committed_can_not_be_changed(desk, play, views):
    practice = desk.program()
    offer, _ = play(practice)
    other = answer_to(offer.question, views, right=False)
    with pytest.raises(StoreConflictError):
        practice.commit(offer, other, (), 9.0)
    with pytest.raises(StoreConflictError):
        desk.program().commit(offer, other, (), 9.0)
    (kept,) = desk.kept()
    assert len(kept.scores) == 1


def test_an_answer_of_another_kind_is_refused_before_anything_is_kept(desk):
    practice = desk.program()
    offer = practice.next(SET)
    wrong = PlacedAnswer(mark=None) if offer.question.view else ViewAnswer(adequate=Adequacy.YES)
    with pytest.raises(TrainingError):
        practice.commit(offer, wrong, (), 1.0)
    assert desk.kept() == ()
    assert practice.next(SET) == offer


def test_steps_and_the_way_it_was_shown_are_kept_with_the_answer(desk, views):
    practice = desk.program()
    offer = practice.next(SET)
    steps = (Step(0.5, "add", {"x": 1}), Step(1.0, "move", {"x": 2}), Step(2.0, "confidence"))
    practice.commit(offer, answer_to(offer.question, views), steps, 3.25)
    record = read_answer(desk.kept()[0].answer.content)
    assert (record.steps, record.seconds, record.moves, record.variant) == (steps, 3.25, 1, offer.variant)
    assert record.prompt == offer.question.prompt
    assert record.key_hash == desk.sets[SET].key_hashes[offer.question.exercise_id]


# ---------------------------------------------------------------------- nothing is lost


def test_an_answer_waits_while_the_store_is_away_and_is_scored_once_afterwards(desk, play):
    practice = desk.program()
    practice.next(SET)
    desk.away = True
    _, found = play(practice)
    assert isinstance(found, Waiting)
    assert desk.kept() == ()
    desk.away = False
    caught = practice.catch_up()
    assert [one.answer for one in caught.scored] == [found.answer]
    assert practice.catch_up().scored == ()
    (kept,) = desk.kept()
    assert (kept.answer, len(kept.scores)) == (found.answer, 1)


def test_whichever_program_comes_first_delivers_what_waits(desk, play):
    first = desk.program()
    first.next(SET)
    desk.away = True
    answers = [play(first)[1].answer for _ in range(3)]
    desk.away = False
    other = desk.program("Trainee B")
    other.catch_up()
    assert [kept.answer for kept in desk.kept()] == answers  # in the order in which they were committed
    assert [len(kept.scores) for kept in desk.kept()] == [0, 0, 0]  # keys are for those who answered
    desk.program().catch_up()
    first.catch_up()
    assert [len(kept.scores) for kept in desk.kept()] == [1, 1, 1]
    assert desk.outbox.waiting() == ()


def test_an_exercise_whose_answer_waits_does_not_come_again(desk, play):
    practice = desk.program()
    practice.next(SET)
    desk.away = True
    seen = [play(practice)[0].question.exercise_id for _ in desk.sets[SET].questions]
    assert len(set(seen)) == len(desk.sets[SET].questions)
    assert practice.next(SET) is None


def test_an_answer_that_nothing_takes_is_not_committed_and_can_be_committed_later(desk, views, monkeypatch):
    practice = desk.program()
    offer = practice.next(SET)
    given = answer_to(offer.question, views)
    desk.away = True
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", _full)
        with pytest.raises(AnswerNotKeptError, match="no space"):
            practice.commit(offer, given, (), 1.0)
    desk.away = False
    assert practice.next(SET) == offer
    assert isinstance(practice.commit(offer, given, (), 2.0), Feedback)


def _full(_descriptor):
    raise OSError(28, "no space left on the disk")


def test_a_damaged_waiting_answer_is_set_aside_and_hinders_no_other(desk, play):
    practice = desk.program()
    practice.next(SET)
    desk.away = True
    answers = [play(practice)[1].answer for _ in range(3)]
    path = sorted((desk.outbox.folder / "answers").iterdir())[1]
    content = path.read_bytes()
    path.write_bytes(content.replace(TRAINEE.encode(), b"Trainee B"))
    desk.away = False
    delivered = desk.program().catch_up().delivered
    assert (len(delivered.taken), delivered.aside) == (2, 1)
    assert [kept.answer for kept in desk.kept()] == [answers[0], answers[2]]
    (aside,) = [one for one in path.parent.iterdir() if one.name.endswith(".damaged")]
    assert aside.read_bytes() == content.replace(TRAINEE.encode(), b"Trainee B")


def test_a_score_that_could_not_be_kept_is_kept_later(desk, play, monkeypatch):
    practice = desk.program()
    practice.next(SET)
    kept_score = type(desk.records).keep_score

    def lost(self, entry):
        desk.away = True
        return kept_score(self, entry)

    monkeypatch.setattr(type(desk.records), "keep_score", lost)
    _, found = play(practice)
    assert (found.score.outcome, found.kept) == (Outcome.CORRECT, False)
    monkeypatch.setattr(type(desk.records), "keep_score", kept_score)
    desk.away = False
    assert practice.next(SET) is not None
    assert [len(kept.scores) for kept in desk.kept()] == [1]


# ---------------------------------------------------------------------- interruptions and second windows


def test_an_interrupted_exercise_comes_first_with_what_was_placed(desk, play, views):
    practice = desk.program()
    play(practice)
    offer = practice.next(SET)
    placed = mark_to_dict(answer_to(offer.question, views).mark) if offer.question.site else {"said": 1}
    steps = (Step(1.5, "add", placed), Step(4.0, "move", placed))
    for step in steps:
        assert practice.keep_step(step) == ""
    practice.leave()  # what the end of a program does to its locks
    desk.clock.go(days=1)
    again = desk.program()
    found = again.next(SET)
    assert (found.attempt_id, found.question, found.variant) == (
        offer.attempt_id,
        offer.question,
        offer.variant,
    )
    assert (found.steps, found.seconds, found.interrupted) == (steps, 4.0, True)
    assert found.why == "Interrupted yesterday: it goes on with what you had placed."
    again.commit(found, answer_to(found.question, views), found.steps, 9.0)
    assert [kept.answer.presented_at for kept in desk.kept()][1] == offer.presented_at
    assert not list((desk.outbox.folder / "drafts").rglob("*.jsonl"))


def test_a_half_written_step_costs_no_other(desk):
    practice = desk.program()
    practice.next(SET)
    practice.keep_step(Step(1.0, "add", {"x": 1}))
    practice.leave()
    (path,) = (desk.outbox.folder / "drafts").rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + b'{"seconds": 2.0, "wh')
    again = desk.program()
    assert again.next(SET).steps == (Step(1.0, "add", {"x": 1}),)
    again.keep_step(Step(3.0, "move", {"x": 2}))
    again.leave()
    assert [step.seconds for step in desk.program().next(SET).steps] == [1.0, 3.0]


def test_a_draft_that_cannot_be_read_is_set_aside(desk):
    practice = desk.program()
    practice.next(SET)
    practice.leave()
    (path,) = (desk.outbox.folder / "drafts").rglob("*.jsonl")
    path.write_bytes(b"no header\n")
    assert not desk.program().next(SET).interrupted
    assert path.with_name(path.name + ".damaged").read_bytes() == b"no header\n"


def test_a_draft_of_an_answer_that_was_committed_is_cleared_away(desk, play, monkeypatch):
    practice = desk.program()
    monkeypatch.setattr("fluoro_annotator.training.drafts.Draft.remove", lambda draft: draft.leave())
    offer, _ = play(practice)
    monkeypatch.undo()
    found = desk.program().next(SET)
    assert (found.attempt_id != offer.attempt_id, found.interrupted) == (True, False)


def test_two_windows_do_not_show_the_same_exercise(desk, play):
    first, second = desk.program(), desk.program()
    count = len(desk.sets[SET].questions)
    offers = [first.next(SET)]
    for _ in range(count - 1):
        offers.append(second.next(SET))
        play(second)
    assert len({offer.question.exercise_id for offer in offers}) == count
    assert len({offer.attempt_id for offer in offers}) == count
    assert second.next(SET) is None
    play(first)
    assert len(desk.kept()) == count


def test_what_another_window_answered_is_known_here(desk, play):
    first, second = desk.program(), desk.program()
    offer, _ = play(first)
    assert second.next(SET).question.exercise_id != offer.question.exercise_id
    assert [one.exercise_id for one in second.history] == [offer.question.exercise_id]


def test_a_disk_that_takes_no_steps_is_said_and_they_follow_when_it_does(desk, monkeypatch):
    practice = desk.program()
    practice.next(SET)
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", _full)
        assert "no space" in practice.keep_step(Step(1.0, "add"))
        assert "no space" in practice.notice
    assert practice.keep_step(Step(2.0, "move")) == ""
    assert practice.notice == ""
    practice.leave()
    assert [step.seconds for step in desk.program().next(SET).steps] == [1.0, 2.0]


# ---------------------------------------------------------------------- what has changed meanwhile


def withdrawn(made, number):
    return SetVersion(
        set_id=made.set_id,
        version=number,
        title=made.title,
        author=AUTHOR,
        published_at=made.published_at,
        content="{}",
        withdrawn=True,
    )


def test_an_answer_to_a_set_that_was_withdrawn_meanwhile_is_kept_and_scored(desk, play):
    practice = desk.program()
    practice.next(SET)
    desk.store.practice.publish(withdrawn(desk.sets[SET], 2), ())
    _, found = play(practice)
    assert found.score.outcome is Outcome.CORRECT
    assert found.notes == (
        "This teaching set was withdrawn meanwhile. The answer is kept and scored by version 1.",
    )


def test_an_exercise_interrupted_in_a_version_that_was_replaced_goes_on_in_it(desk, play, views):
    practice = desk.program()
    offer = practice.next(SET)
    practice.leave()
    old = desk.sets[SET]
    pairs = {one.exercise_id: key for one, key in pairs_in(desk)}
    desk.publish(replace(old, version=2, title="Second steps"), pairs)
    again = desk.program()
    found = again.next(SET)
    assert (found.attempt_id, found.teaching_set.version) == (offer.attempt_id, 1)
    fed = again.commit(found, answer_to(found.question, views), (), 1.0)
    assert fed.notes == (
        "Version 2 of this teaching set was published meanwhile. The answer is kept and scored by version 1.",
    )
    assert again.next(SET).teaching_set.version == 2


def test_a_protocol_that_was_edited_makes_answers_not_assessable_and_says_so(desk, play):
    practice = desk.program(protocols=edited(desk.protocols, title="Edited by the site"))
    _, found = play(practice)
    assert (found.score.outcome, found.score.reason) == (Outcome.NOT_ASSESSABLE, Reason.PROTOCOL_EDITED)
    assert [one.outcome for one in desk.kept()[0].scores] == ["not_assessable"]
    assert practice.history[0].reason == "protocol_edited"


def test_without_the_protocol_an_answer_waits_for_it(desk, play):
    none = ProtocolLibrary(
        tuple(one for one in desk.protocols.installed if one.protocol.id != "lumbar_mbb"), ()
    )
    _, found = play(desk.program(protocols=none))
    assert isinstance(found, Waiting)
    assert "not installed" in found.reason
    caught = desk.program(protocols=load_protocols(folders=())).catch_up()
    assert [one.score.outcome for one in caught.scored] == [Outcome.CORRECT]


def test_a_key_that_was_purged_with_its_study_makes_the_answer_not_assessable(desk, play):
    practice = desk.program()
    offer = practice.next(SET)
    desk.store._practice.purge_study(offer.question.study_uid)
    _, found = play(practice)
    assert (found.score.reason, found.key) == (Reason.REFERENCE_PURGED, None)
    assert len(desk.kept()) == 1


def test_a_key_that_the_set_does_not_name_scores_nothing(desk, play):
    practice = desk.program()
    offer = practice.next(SET)
    where = (SET, 1, offer.question.exercise_id)
    kept = desk.store._practice._keys[where]
    desk.store._practice._keys[where] = replace(kept, content=kept.content.replace("Expert A", "Expert B"))
    _, found = play(practice)
    assert isinstance(found, Waiting)
    assert desk.kept()[0].scores == ()


def test_a_set_that_is_not_practised_is_named(desk):
    with pytest.raises(TrainingError, match="other-set"):
        desk.program().next("other-set")


def test_the_store_withholds_the_key_of_an_answer_that_is_not_committed(desk):
    offer = desk.program().next(SET)
    with pytest.raises(KeyWithheldError):
        desk.records.key(SET, 1, offer.question.exercise_id, reader=TRAINEE)


# ---------------------------------------------------------------------- what comes next, and why


def test_neighbours_differ_where_the_set_allows(desk, play):
    practice = desk.program()
    offers = [play(practice)[0] for _ in desk.sets[SET].questions]
    alike = [shared(one.question, two.question) for one, two in zip(offers[1:], offers, strict=False)]
    assert max(alike) < 3
    assert sum(alike) <= len(alike)
    assert all(offer.why == "New in this set." for offer in offers)


def test_the_order_is_another_one_for_each_trainee(desk, play):
    orders = []
    for trainee in ("Trainee A", "Trainee B", "Trainee C"):
        practice = desk.program(trainee)
        orders.append(tuple(play(practice)[0].question.exercise_id for _ in desk.sets[SET].questions))
    assert len(set(orders)) == 3
    assert len({frozenset(order) for order in orders}) == 1


def test_what_was_wrong_and_certain_comes_back_before_what_is_new(desk, play):
    practice = desk.program()
    first, _ = play(practice, right=False, confidence=CERTAIN)
    second, _ = play(practice, right=False, confidence=MarkConfidence.UNSURE)
    desk.clock.go(days=2)
    back = [play(practice)[0] for _ in range(3)]
    assert {one.question.exercise_id for one in back[:2]} == {
        first.question.exercise_id,
        second.question.exercise_id,
    }
    sentences = {one.question.exercise_id: one.why for one in back}
    wrong = sentences[first.question.exercise_id]
    assert wrong == "Due since 18 November: answered wrong and certain on 18 November."
    assert sentences[second.question.exercise_id].endswith("answered wrong and unsure on 18 November.")
    assert back[2].why == "New in this set."


def test_when_nothing_is_due_nothing_comes_unless_it_is_brought_forward(desk, play):
    practice = desk.program()
    for _ in desk.sets[SET].questions:
        play(practice, confidence=CERTAIN)
    assert practice.next(SET) is None
    due = practice.next_due(SET)
    assert due > desk.clock.now
    ahead = practice.next(SET, ahead=True)
    assert ahead.due == due
    assert ahead.why.startswith("Not due before ")
    practice.leave()
    desk.clock.now = due
    assert desk.program().next(SET).question == ahead.question


def test_a_set_that_is_not_mixed_keeps_its_order(desk, play):
    made = replace(desk.sets[SET], set_id="in-order", mixed=False)
    desk.publish(made, {one.exercise_id: key for one, key in pairs_in(desk)})
    practice = desk.program()
    seen = []
    for asked in made.questions:
        offer = practice.next("in-order")
        seen.append(offer.question)
        assert offer.question == asked
        practice.commit(offer, _nothing(offer.question), (), 1.0)
        desk.clock.go(minutes=20)
    assert practice.next("in-order").question == seen[0]


def _nothing(asked):
    """Return an answer that gives up."""
    given = {
        "name_marked": NamedAnswer(),
        "judge_view": ViewAnswer(adequate=Adequacy.UNSURE),
        "judge_needle": NeedleAnswer(acceptable=None),
    }
    return given.get(asked.kind.value, PlacedAnswer(mark=None))


def test_an_exercise_that_could_not_be_assessed_is_not_asked_again_at_once(desk, play):
    practice = desk.program(protocols=edited(desk.protocols, title="Edited by the site"))
    seen = [play(practice)[0].question.exercise_id for _ in desk.sets[SET].questions]
    assert len(set(seen)) == len(seen)
    assert practice.next(SET) is None
    assert practice.next_due(SET) - desk.clock.now > timedelta(hours=23)


def test_the_same_picture_never_comes_twice_alike(desk, play):
    practice = desk.program()
    shown = {}
    for _ in range(40):
        offer, _ = play(practice, right=False)
        desk.clock.go(minutes=15)
        shown.setdefault(offer.question.frame, []).append(offer.variant)
    for variants in shown.values():
        assert len(set(variants)) == len(variants)
        assert not variants[0].mirrored
        assert all(one.mirrored != two.mirrored for one, two in zip(variants[1:], variants, strict=False))


def test_an_image_without_sides_can_be_shown_as_it_is(desk, play, views):
    practice = desk.program()
    offer = practice.next(SET)
    while not offer.variant.mirrored:
        play(practice)
        offer = practice.next(SET)
    plain = offer.not_mirrored
    practice.commit(plain, answer_to(plain.question, views), (), 1.0)
    record = read_answer(desk.kept()[-1].answer.content)
    assert (record.variant.mirrored, record.variant.contrast) == (False, offer.variant.contrast)


def test_a_store_that_is_slow_to_say_that_it_is_away_is_not_asked_with_every_answer(desk, play, monkeypatch):
    monkeypatch.setattr(
        "fluoro_annotator.training.keeping.SLOW_SECONDS", -1.0
    )  # whatever it takes is too long
    practice = desk.program()
    practice.next(SET)
    desk.away = True
    assert isinstance(play(practice)[1], Waiting)
    before = len(desk.calls)
    answers = [play(practice)[1] for _ in range(3)]
    assert all(isinstance(one, Waiting) for one in answers)
    assert len(desk.calls) == before
    desk.away = False
    assert len(practice.catch_up().scored) == 4
    assert isinstance(play(practice)[1], Feedback)


# ---------------------------------------------------------------------- looked at again


@pytest.mark.parametrize("other_program", [False, True])
def test_an_answer_is_recalled_as_it_was_fed_back_and_nothing_is_kept(desk, play, other_program):
    practice = desk.program()
    told = [play(practice, right=right)[1] for right in (True, False)]
    before = len(desk.calls)
    asked = desk.program() if other_program else practice
    for one in told:
        assert asked.recall(one.answer.answer_id) == replace(one, offer=None)
    assert not {"commit", "keep_score"} & set(desk.names()[before:])
    assert [len(kept.scores) for kept in desk.kept()] == [1, 1]


def test_a_recalled_answer_says_what_has_become_of_its_set_and_of_its_key(desk, play):
    practice = desk.program()
    offer, told = play(practice)
    desk.store.practice.publish(withdrawn(desk.sets[SET], 2), ())
    (note,) = practice.recall(told.answer.answer_id).notes
    assert note.startswith("This teaching set was withdrawn meanwhile.")
    desk.store._practice.purge_study(offer.question.study_uid)
    found = practice.recall(told.answer.answer_id)
    assert (found.key, found.score.reason) == (None, Reason.REFERENCE_PURGED)


def test_what_cannot_be_recalled_is_said(desk, play):
    practice = desk.program()
    _, told = play(practice)
    with pytest.raises(TrainingError, match="not in this store"):
        practice.recall("another answer")
    with pytest.raises(TrainingError, match="not in this store"):
        desk.program("Trainee B").recall(told.answer.answer_id)
    desk.away = True
    with pytest.raises(StoreUnavailableError, match="is away"):
        practice.recall(told.answer.answer_id)
