"""Copies of practice between stores, and backups: everything once, in order, and nothing that was purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from practice_made import START, answer_of, assignment_of, keys_of, score_of, version_of

from fluoro_annotator.errors import StoreError, StorePermissionError, UnknownExerciseError
from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.store import MemoryStore, PostgresStore, SqliteStore, backup, copy, restore


@pytest.fixture
def source(tmp_path):
    """Two versions of a set, answers of two trainees with scores, and assignments that changed."""
    with SqliteStore(tmp_path / "source.sqlite") as store:
        practice = store.practice
        store.save_study(StudyRecord("1.2", ()))
        practice.publish(version_of(), keys_of())
        practice.publish(version_of(2), (keys_of(2)[0], keys_of(2, "1.3")[1]))
        practice.commit(answer_of("a1"))
        practice.commit(answer_of("a2", trainee="Reader B", set_version=2))
        practice.commit(answer_of("a0"))
        practice.keep_score(score_of("a0"))
        practice.keep_score(score_of("a1"))
        practice.keep_score(score_of("a1", cause="the reference was corrected", outcome="wrong_level"))
        for assignment in (assignment_of(), assignment_of("Reader B"), assignment_of(withdrawn=True)):
            practice.assign(assignment)
        yield store


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def destination(request, tmp_path):
    if request.param == "postgres":
        with PostgresStore(request.getfixturevalue("server_store").url()) as store:
            yield store
    else:
        with (
            SqliteStore(tmp_path / "destination.sqlite")
            if request.param == "sqlite"
            else MemoryStore() as store
        ):
            yield store


def content(store):
    practice = store.practice
    return {
        "versions": practice.set_versions(),
        "keys": [practice.keys("lumbar", number, reader="Reader D") for number in (1, 2)],
        "exercises": [set(practice.exercises("lumbar", number)) for number in (1, 2)],
        "answers": [replace(kept, entry=0) for kept in practice.answers()],
        "assignments": practice.all_assignments(),
    }


def counts(report):
    return report.set_versions, report.answers, report.assignments


def reasons(report):
    return [f"{conflict}" for conflict in report.conflicts]


def test_a_copy_holds_what_its_source_holds(source, destination):
    report = copy(source, destination)
    assert content(destination) == content(source)
    assert counts(report) == (2, 3, 3)
    assert report.conflicts == []
    assert destination.verify() == ()


def test_copying_again_changes_nothing(source, destination):
    copy(source, destination)
    report = copy(source, destination)
    assert counts(report) == (0, 0, 0)
    assert report.conflicts == []
    assert content(destination) == content(source)


def test_there_and_back_is_the_same(source, destination, tmp_path):
    copy(source, destination)
    with SqliteStore(tmp_path / "back.sqlite") as back:
        copy(destination, back)
        assert content(back) == content(source)


def test_what_was_added_since_is_added(source, destination):
    copy(source, destination)
    source.practice.commit(answer_of("a3"))
    source.practice.keep_score(score_of("a2"))
    source.practice.assign(assignment_of(due=None))
    assert counts(copy(source, destination)) == (0, 1, 1)
    there, here = content(destination), content(source)
    assert there == here


def test_other_answers_of_the_destination_stay(source, destination):
    destination.practice.publish(version_of(), keys_of())
    mine = destination.practice.commit(answer_of("mine"))
    assert counts(copy(source, destination)) == (1, 3, 3)
    assert destination.practice.answers()[0] == mine
    assert len(destination.practice.answers()) == 4


class TestConflicts:
    def test_another_version_of_the_same_number(self, source, destination):
        """Its answers were given to another set; the other version comes over."""
        destination.practice.publish(version_of(title="Another"), keys_of())
        report = copy(source, destination)
        assert any("version 1 of teaching set lumbar" in reason for reason in reasons(report))
        assert [each.version for each in destination.practice.set_versions()] == [1, 2]

    def test_answers_to_a_version_that_was_left_alone(self, source, destination):
        other = replace(keys_of()[0], exercise_id="another exercise")
        destination.practice.publish(version_of(title="Another"), [other])
        report = copy(source, destination)
        assert [reason.partition(":")[0] for reason in reasons(report)] == [
            "version 1 of teaching set lumbar",
            "answer a1",
            "answer a0",
        ]
        assert [kept.answer.answer_id for kept in destination.practice.answers()] == ["a2"]

    def test_another_answer_and_other_scores(self, source, destination):
        destination.practice.publish(version_of(), keys_of())
        destination.practice.commit(answer_of("a0", client="another"))
        destination.practice.commit(answer_of("a1"))
        destination.practice.keep_score(score_of("a1", outcome="correct"))
        before = destination.practice.answers()
        report = copy(source, destination)
        assert [reason.partition(":")[0] for reason in reasons(report)] == ["answer a1", "answer a0"]
        assert destination.practice.answers()[:2] == before
        assert [kept.answer.answer_id for kept in destination.practice.answers()] == ["a0", "a1", "a2"]

    def test_other_assignments(self, source, destination):
        destination.practice.publish(version_of(), keys_of())
        own = assignment_of(assigned_at=START + timedelta(days=1))
        destination.practice.assign(own)
        report = copy(source, destination)
        assert [reason.partition(":")[0] for reason in reasons(report)] == [
            "assignments of teaching set lumbar to Reader A"
        ]
        assert destination.practice.assignments("Reader A") == (own,)
        assert len(destination.practice.assignments("Reader B")) == 1


class TestPurged:
    def test_purged_keys_are_missing_in_the_copy_and_answers_are_not(self, source, destination):
        source.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        report = copy(source, destination)
        assert report.conflicts == []
        assert content(destination) == content(source)
        assert destination.verify() == ()

    def test_what_the_destination_has_purged_does_not_come_back(self, source, destination):
        destination.save_study(StudyRecord("1.2", ()))
        destination.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        copy(source, destination)
        assert destination.practice.keys("lumbar", 1, reader="Reader D") == ()
        assert [key.study_uid for key in destination.practice.keys("lumbar", 2, reader="Reader D")] == ["1.3"]
        assert len(destination.practice.answers()) == 3
        with pytest.raises(UnknownExerciseError, match="no key any more"):
            destination.practice.key("lumbar", 1, "L4 right", reader="Reader A")
        assert destination.verify() == ()

    def test_a_purge_after_the_copy_stays(self, source, destination):
        copy(source, destination)
        destination.purge_study("1.2", reason="consent withdrawn", by="Reader D")
        copy(source, destination)
        assert destination.practice.keys("lumbar", 1, reader="Reader D") == ()


class TestBackups:
    def test_a_backup_holds_practice(self, source, tmp_path):
        made = backup(source, tmp_path / "backup.sqlite")
        assert made.problems == ()
        restore(made.path, tmp_path / "restored.sqlite")
        with SqliteStore(tmp_path / "restored.sqlite") as restored:
            assert content(restored) == content(source)
            assert restored.practice.answers() == source.practice.answers()

    def test_a_backup_of_a_server_and_back(self, source, server_store, postgres_database, tmp_path):
        with PostgresStore(server_store.url()) as server:
            copy(source, server)
            made = backup(server, tmp_path / "backup.sqlite")
            with pytest.raises(StoreError, match="holds something already"):
                restore(made.path, server)
        assert (made.problems, made.conflicts) == ((), ())
        with SqliteStore(made.path) as kept:
            assert content(kept) == content(source)

    def test_a_store_with_nothing_but_practice_is_not_replaced(self, tmp_path):
        paths = [tmp_path / "one.sqlite", tmp_path / "two.sqlite"]
        for path in paths:
            with SqliteStore(path) as store:
                store.practice.publish(version_of(), keys_of())
        with pytest.raises(StoreError, match="holds something already"):
            restore(*paths)

    def test_a_backup_is_restored_into_a_server(self, source, server_store, tmp_path):
        made = backup(source, tmp_path / "backup.sqlite")
        with PostgresStore(server_store.url()) as server:
            done = restore(made.path, server)
            assert counts(done.copied) == (2, 3, 3)
            assert content(server) == content(source)

    def test_a_trainee_makes_no_backup(self, server_store, tmp_path):
        server_store.add_login("Reader A", "trainee")
        with (
            PostgresStore(server_store.url("Reader A")) as server,
            pytest.raises(StorePermissionError, match="only a part"),
        ):
            backup(server, tmp_path / "backup.sqlite")
