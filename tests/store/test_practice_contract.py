"""What every store does for practice, run against each of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from practice_made import EXERCISES, RESCORED, START, answer_of, assignment_of, keys_of, score_of, version_of

from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    KeyWithheldError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    UnknownAnswerError,
    UnknownExerciseError,
    UnknownStudyError,
)
from fluoro_annotator.marks import StudyRecord, utc_now
from fluoro_annotator.store import KeptAnswer


@pytest.fixture
def practice(store):
    """What a store keeps of practice, with one version of a set."""
    store.practice.publish(version_of(), keys_of())
    return store.practice


class TestValues:
    @pytest.mark.parametrize(
        "make",
        [
            lambda: version_of(0),
            lambda: version_of(True),  # a truth value is no number
            lambda: version_of(2**31),
            lambda: version_of(set_id=""),
            lambda: version_of(title="two\nlines"),
            lambda: version_of(author=" "),
            lambda: version_of(published_at=datetime(2026, 1, 5)),  # noqa: DTZ001  # without a zone
            lambda: version_of(withdrawn=1),
            lambda: version_of(content="[]"),
            lambda: version_of(content='{"a": NaN}'),
            lambda: version_of(content='{"a": 1'),
            lambda: version_of(content={"a": 1}),
            lambda: answer_of(answer_id=""),
            lambda: answer_of(exercise_id="\u202e"),
            lambda: answer_of(trainee="x" * 65),
            lambda: answer_of(committed_at="2026-01-05"),
            lambda: score_of(outcome=""),
            lambda: score_of(success=1),
            lambda: score_of(critical=None),
            lambda: score_of(cause=""),
            lambda: assignment_of(due=START),
            lambda: assignment_of(due="2026-02-28"),
            lambda: replace(keys_of()[0], study_uid=""),
        ],
    )
    def test_what_could_not_be_kept_is_refused(self, make):
        with pytest.raises(FluoroAnnotatorError):
            make()

    def test_times_and_names_have_one_form(self):
        elsewhere = START.astimezone(timezone(timedelta(hours=-7)))
        typed = answer_of(trainee=" Re\u0301ader A", presented_at=elsewhere.replace(microsecond=999))
        assert typed == answer_of(trainee="R\u00e9ader A")
        assert typed.presented_at.tzinfo is UTC

    @pytest.mark.parametrize(
        ("value", "facts"),
        [
            (version_of(), {"withdrawn": True}),
            (version_of(), {"content": '{"questions":[1]}'}),
            (version_of(), {"version": 2}),
            (keys_of()[0], {"study_uid": "1.3"}),
            (keys_of()[0], {"content": "{}"}),
            (answer_of(), {"client": ""}),
            (answer_of(), {"presented_at": START + timedelta(milliseconds=1)}),
            (score_of(), {"success": None}),
            (score_of(), {"critical": True}),
            (assignment_of(), {"due": None}),
            (assignment_of(), {"withdrawn": True}),
        ],
    )
    def test_a_hash_covers_everything(self, value, facts):
        assert replace(value).hash == value.hash
        assert replace(value, **facts).hash != value.hash


class TestPublishing:
    def test_nothing_is_there_at_first(self, store):
        assert store.practice.set_versions() == ()
        assert store.practice.answers() == ()
        assert store.practice.assignments() == ()

    def test_versions_come_back_as_they_were_in_order(self, practice):
        second = version_of(2, withdrawn=True, author="Reader É", content='{"questions": []}')
        other = version_of(7, set_id="cervical")
        practice.publish(second, ())
        practice.publish(other, keys_of(7, set_id="cervical"))
        assert practice.set_versions() == (version_of(), second, other)
        assert practice.set_versions("lumbar") == (version_of(), second)
        assert practice.set_versions("nobody's") == ()

    def test_exercises_come_back_without_their_keys(self, practice):
        assert practice.exercises("lumbar", 1) == tuple(key.exercise for key in keys_of())
        with pytest.raises(UnknownExerciseError, match="version 2 of teaching set lumbar"):
            practice.exercises("lumbar", 2)

    def test_publishing_twice_changes_nothing(self, practice):
        practice.publish(version_of(), keys_of()[::-1])
        assert practice.set_versions() == (version_of(),)
        assert len(practice.exercises("lumbar", 1)) == 2

    @pytest.mark.parametrize(
        ("version", "keys"),
        [
            (version_of(title="Another"), keys_of()),
            (version_of(), keys_of()[:1]),
            (version_of(), (replace(keys_of()[0], content="{}"), keys_of()[1])),
            (version_of(), keys_of(study_uid="1.3")),
        ],
    )
    def test_a_number_that_is_taken_is_refused(self, practice, version, keys):
        with pytest.raises(StoreConflictError, match="next number"):
            practice.publish(version, keys)
        assert practice.set_versions() == (version_of(),)
        assert practice.keys("lumbar", 1, reader="Reader D") == keys_of()

    @pytest.mark.parametrize(
        "keys", [(), keys_of(2), keys_of(set_id="other"), (*keys_of(), replace(keys_of()[0], content="{}"))]
    )
    def test_keys_have_to_fit(self, store, keys):
        with pytest.raises(StoreError):
            store.practice.publish(version_of(), keys)
        assert store.practice.set_versions() == ()


class TestKeys:
    def test_a_key_is_withheld_until_the_answer_is_committed(self, practice):
        with pytest.raises(KeyWithheldError, match="Reader A"):
            practice.key("lumbar", 1, EXERCISES[0], reader="Reader A")
        practice.commit(answer_of())
        assert practice.key("lumbar", 1, EXERCISES[0], reader="Reader A") == keys_of()[0]

    def test_an_answer_opens_its_own_key_only(self, practice):
        practice.publish(version_of(2), keys_of(2))
        practice.publish(version_of(1, set_id="other"), keys_of(1, set_id="other"))
        practice.commit(answer_of())
        for set_id, version, exercise_id, reader in [
            ("lumbar", 1, EXERCISES[1], "Reader A"),
            ("lumbar", 2, EXERCISES[0], "Reader A"),
            ("other", 1, EXERCISES[0], "Reader A"),
            ("lumbar", 1, EXERCISES[0], "Reader B"),
        ]:
            with pytest.raises(KeyWithheldError):
                practice.key(set_id, version, exercise_id, reader=reader)

    def test_a_later_version_opens_by_an_answer_to_it(self, practice):
        practice.publish(version_of(2), keys_of(2))
        practice.commit(answer_of())
        practice.commit(answer_of("a2", set_version=2))
        assert practice.key("lumbar", 2, EXERCISES[0], reader="Reader A") == keys_of(2)[0]

    def test_the_author_of_a_version_sees_its_keys(self, practice):
        practice.publish(version_of(2, author="Reader E"), keys_of(2))
        assert practice.key("lumbar", 1, EXERCISES[1], reader="Reader D") == keys_of()[1]
        assert practice.keys("lumbar", 1, reader="Reader D") == keys_of()
        with pytest.raises(KeyWithheldError):
            practice.key("lumbar", 2, EXERCISES[1], reader="Reader D")

    @pytest.mark.parametrize("reader", ["Reader A", "Reader E"])
    def test_nobody_else_sees_all_of_them(self, practice, reader):
        practice.commit(answer_of())
        with pytest.raises(KeyWithheldError, match=reader):
            practice.keys("lumbar", 1, reader=reader)

    @pytest.mark.parametrize(
        "where", [("lumbar", 1, "L3 left"), ("lumbar", 2, EXERCISES[0]), ("other", 1, EXERCISES[0])]
    )
    def test_what_is_not_there_is_named(self, practice, where):
        with pytest.raises(UnknownExerciseError):
            practice.key(*where, reader="Reader D")

    def test_keys_of_an_unknown_version(self, practice):
        with pytest.raises(UnknownExerciseError):
            practice.keys("lumbar", 2, reader="Reader D")


class TestAnswers:
    def test_an_answer_comes_back_as_it_was(self, practice):
        before = utc_now()
        kept = practice.commit(answer_of())
        assert kept.answer == answer_of()
        assert kept.scores == ()
        assert practice.answers() == (kept,)
        assert before <= kept.kept_at <= utc_now()

    def test_committing_twice_changes_nothing(self, practice):
        first = practice.commit(answer_of())
        practice.commit(answer_of("a2"))
        assert practice.commit(answer_of()) == first
        assert len(practice.answers()) == 2

    @pytest.mark.parametrize(
        "facts", [{"content": "{}"}, {"trainee": "Reader B"}, {"exercise_id": EXERCISES[1]}, {"client": ""}]
    )
    def test_a_committed_answer_cannot_be_changed(self, practice, facts):
        kept = practice.commit(answer_of())
        with pytest.raises(StoreConflictError, match="cannot be changed"):
            practice.commit(answer_of(**facts))
        assert practice.answers() == (kept,)

    @pytest.mark.parametrize("facts", [{"set_version": 2}, {"set_id": "other"}, {"exercise_id": "L3 left"}])
    def test_an_answer_needs_its_exercise(self, practice, facts):
        with pytest.raises(UnknownExerciseError):
            practice.commit(answer_of(**facts))
        assert practice.answers() == ()

    def test_answers_are_in_the_order_of_the_store_not_of_clocks(self, practice):
        for number in range(3):
            practice.commit(answer_of(f"a{number}", committed_at=START - timedelta(days=number)))
        kept = practice.answers()
        assert [each.answer.answer_id for each in kept] == ["a0", "a1", "a2"]
        assert sorted(each.entry for each in kept) == [each.entry for each in kept]
        assert practice.answers(after=kept[0].entry) == kept[1:]
        assert practice.answers(after=kept[2].entry) == ()

    def test_answers_are_selected(self, practice):
        practice.publish(version_of(1, set_id="other"), keys_of(1, set_id="other"))
        first = practice.commit(answer_of("a1"))
        second = practice.commit(answer_of("a2", trainee="Reader B"))
        third = practice.commit(answer_of("a3", set_id="other"))
        assert practice.answers(trainee="Reader A") == (first, third)
        assert practice.answers(set_id="lumbar") == (first, second)
        assert practice.answers(set_id="lumbar", trainee="Reader A", after=first.entry) == ()

    def test_one_exercise_is_answered_as_often_as_one_likes(self, practice):
        for number in range(3):
            practice.commit(answer_of(f"a{number}"))
        assert len(practice.answers()) == 3

    def test_a_version_that_was_withdrawn_still_takes_answers(self, practice):
        practice.publish(version_of(2, withdrawn=True), ())
        practice.commit(answer_of())
        assert len(practice.answers()) == 1

    def test_many_windows_commit_at_once(self, practice):
        """Each gets a place of its own, and no place is given below one that was seen."""

        def commit(number):
            kept = practice.commit(answer_of(f"a{number}", trainee=f"Reader {number % 3}"))
            return kept.entry, {each.entry for each in practice.answers(after=kept.entry)}

        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(commit, range(24)))
        entries = [each.entry for each in practice.answers()]
        assert sorted(entry for entry, _ in done) == entries
        assert len(set(entries)) == 24

    def test_the_same_answer_from_two_windows_is_kept_once(self, practice):
        with ThreadPoolExecutor(4) as pool:
            kept = set(pool.map(lambda _: practice.commit(answer_of()), range(8)))
        assert set(practice.answers()) == kept
        assert len(kept) == 1


class TestScores:
    def test_scores_come_back_in_the_order_of_keeping(self, practice):
        practice.commit(answer_of())
        practice.commit(answer_of("a2"))
        early = START - timedelta(days=1)
        again = score_of(**RESCORED, scored_at=early, scored_by="Reader D")
        unclear = score_of("a2", success=None, outcome="not_assessable")
        for score in (score_of(), unclear, again):
            practice.keep_score(score)
        assert [kept.scores for kept in practice.answers()] == [(score_of(), again), (unclear,)]

    def test_the_same_score_twice_is_kept_once(self, practice):
        practice.commit(answer_of())
        again = score_of(**RESCORED)
        for score in (score_of(), score_of(), again, score_of(), again):
            practice.keep_score(score)
        assert practice.answers()[0].scores == (score_of(), again)

    def test_there_is_one_first_score(self, practice):
        practice.commit(answer_of())
        practice.keep_score(score_of())
        with pytest.raises(StoreConflictError, match="scored already"):
            practice.keep_score(score_of(outcome="correct"))
        assert practice.answers()[0].scores == (score_of(),)

    def test_a_first_score_never_comes_behind_a_rescoring(self, practice):
        practice.commit(answer_of())
        practice.keep_score(score_of(**RESCORED))
        with pytest.raises(StoreConflictError):
            practice.keep_score(score_of())

    def test_a_score_needs_its_answer(self, practice):
        with pytest.raises(UnknownAnswerError, match="a1"):
            practice.keep_score(score_of())


class TestAssignments:
    def test_the_one_kept_last_counts(self, practice):
        first, other = assignment_of(), assignment_of("Reader B", due=None)
        later = assignment_of(due=date(2026, 3, 31), assigned_at=START - timedelta(days=3))
        for assignment in (first, other, later):
            practice.assign(assignment)
        assert set(practice.assignments()) == {later, other}
        assert practice.assignments("Reader A") == (later,)
        assert practice.assignments("Reader C") == ()
        assert practice.all_assignments() == (first, other, later)

    def test_an_assignment_is_withdrawn_and_given_again(self, practice):
        given, taken = assignment_of(), assignment_of(withdrawn=True)
        practice.assign(given)
        practice.assign(taken)
        assert practice.assignments() == ()
        practice.assign(given)
        assert practice.assignments() == (given,)
        assert practice.all_assignments() == (given, taken, given)

    def test_the_one_that_counts_is_not_kept_twice(self, practice):
        practice.assign(assignment_of())
        practice.assign(assignment_of())
        assert practice.all_assignments() == (assignment_of(),)

    def test_a_set_has_to_be_there(self, practice):
        with pytest.raises(UnknownExerciseError, match="teaching set other"):
            practice.assign(assignment_of(set_id="other"))


class TestTakingOver:
    KEPT = KeptAnswer(70, START + timedelta(days=1), answer_of(), (score_of(),))

    def test_an_answer_keeps_the_time_of_the_other_store(self, practice):
        practice.commit(answer_of("a0"))
        practice.take_over([self.KEPT])
        practice.take_over([self.KEPT])
        _, here = practice.answers()
        assert replace(here, entry=70) == self.KEPT

    def test_answers_go_behind_the_others_in_the_order_given(self, practice):
        practice.commit(answer_of("a5"))
        given = [replace(self.KEPT, answer=answer_of(f"a{number}"), scores=()) for number in (9, 5, 7)]
        practice.take_over(given)
        assert [kept.answer.answer_id for kept in practice.answers()] == ["a5", "a9", "a7"]

    def test_scores_are_completed(self, practice):
        more = replace(self.KEPT, scores=(score_of(), score_of(**RESCORED)))
        for kept in (self.KEPT, more, self.KEPT):
            practice.take_over([kept])
        assert practice.answers()[0].scores == more.scores

    @pytest.mark.parametrize(
        ("other", "error"),
        [
            (replace(KEPT, scores=(score_of(outcome="correct"),)), StoreConflictError),
            (replace(KEPT, answer=answer_of(content="{}"), scores=()), StoreConflictError),
            (replace(KEPT, answer=answer_of("a2", set_version=2), scores=()), UnknownExerciseError),
            (replace(KEPT, answer=answer_of("a2", exercise_id="L3"), scores=()), UnknownExerciseError),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_kept(self, practice, other, error):
        practice.take_over([self.KEPT])
        before = practice.answers()
        with pytest.raises(error):
            practice.take_over([replace(self.KEPT, answer=answer_of("a3"), scores=()), other])
        assert practice.answers() == before

    def test_exercises_without_keys_can_be_published(self, store):
        first, second = keys_of()
        store.practice.publish(version_of(), [second], keyless=[first.exercise])
        assert set(store.practice.exercises("lumbar", 1)) == {first.exercise, second.exercise}
        assert store.practice.keys("lumbar", 1, reader="Reader D") == (second,)
        store.practice.commit(answer_of())
        with pytest.raises(UnknownExerciseError, match="no key any more"):
            store.practice.key("lumbar", 1, EXERCISES[0], reader="Reader A")


class TestPurging:
    @pytest.fixture
    def answered(self, store, practice):
        store.save_study(StudyRecord("1.2", ()))
        practice.publish(version_of(2), (keys_of(2)[0], keys_of(2, "1.3")[1]))
        practice.commit(answer_of())
        practice.keep_score(score_of())
        return practice

    def test_keys_go_with_their_study_and_answers_stay(self, store, answered):
        before = answered.answers()
        store.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        with pytest.raises(UnknownExerciseError, match="no key any more"):
            answered.key("lumbar", 1, EXERCISES[0], reader="Reader A")
        assert answered.keys("lumbar", 1, reader="Reader D") == ()
        assert answered.keys("lumbar", 2, reader="Reader D") == (keys_of(2, "1.3")[1],)
        assert answered.answers() == before
        assert len(answered.exercises("lumbar", 1)) == 2
        assert store.verify() == ()

    def test_without_an_answer_it_is_not_even_said(self, store, answered):
        store.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        with pytest.raises(KeyWithheldError):
            answered.key("lumbar", 1, EXERCISES[0], reader="Reader B")

    def test_an_answer_that_comes_too_late_is_kept_all_the_same(self, store, answered):
        store.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        answered.commit(answer_of("late"))
        assert len(answered.answers()) == 2

    def test_keys_are_purged_although_nobody_opened_the_study(self, store, practice):
        store.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        assert practice.keys("lumbar", 1, reader="Reader D") == ()
        assert [grave.subject for grave in store.tombstones()] == ["1.2"]
        assert store.verify() == ()

    def test_a_study_that_is_nowhere_is_not_purged(self, store, practice):
        with pytest.raises(UnknownStudyError):
            store.purge_study("1.9", reason="consent withdrawn", by="Reader D")


class TestTheStore:
    def test_status_counts_practice(self, store, practice):
        practice.commit(answer_of())
        status = store.status()
        assert (status.set_versions, status.answers) == (1, 1)

    def test_what_is_kept_is_sound(self, store, practice):
        practice.commit(answer_of())
        practice.keep_score(score_of())
        practice.assign(assignment_of())
        assert store.verify() == ()

    def test_a_closed_store_says_so(self, store, practice):
        store.close()
        for ask in (practice.answers, practice.set_versions, practice.all_assignments):
            with pytest.raises(StoreUnavailableError, match="closed"):
                ask()
