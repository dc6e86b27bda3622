"""What a file keeps of practice can be changed neither in passing nor unnoticed; on a server, by whom at all."""

from __future__ import annotations

import gc
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from practice_made import (
    EXERCISES,
    RESCORED,
    START,
    answer_of,
    assignment_of,
    keys_of,
    score_of,
    version_of,
)
from sqlalchemy import event

from fluoro_annotator.errors import (
    KeyWithheldError,
    StoreConflictError,
    StoreDamagedError,
    StoreError,
    StorePermissionError,
)
from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.store import PostgresStore

TABLES = {
    "practice_set": "title",
    "practice_exercise": "study_uid",
    "practice_key": "content",
    "practice_answer": "content",
    "practice_score": "outcome",
    "practice_assignment": "due",
}


@pytest.fixture
def filled(sqlite_store):
    practice = sqlite_store.practice
    practice.publish(version_of(), keys_of())
    practice.commit(answer_of())
    practice.keep_score(score_of())
    practice.assign(assignment_of())
    return sqlite_store


@pytest.mark.usefixtures("filled")
class TestTriggers:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE {0} SET {1} = {1}",
            "UPDATE OR REPLACE {0} SET {1} = 'another'",
            "DELETE FROM {0}",
            "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
            "INSERT OR IGNORE INTO {0} SELECT * FROM {0}",
        ],
    )
    def test_raw_sql_is_refused(self, raw, table, statement):
        everything = f"SELECT * FROM {table}"  # noqa: S608  # own names
        before = raw(everything)
        assert before
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            raw(statement.format(table, TABLES[table]))
        assert raw(everything) == before

    @pytest.mark.parametrize(
        ("table", "columns"),
        [
            ("practice_set", "9, set_id, version, title, author, published_at, '{}', withdrawn, hash"),
            ("practice_exercise", "9, set_id, version, exercise_id, '1.9', key_hash, hash"),
            (
                "practice_answer",
                "9, answer_id, set_id, set_version, exercise_id, trainee, presented_at, committed_at, '', '{}', hash, kept_at",
            ),
            (
                "practice_score",
                "9, answer_id, 'correct', success, critical, cause, scored_at, scored_by, content, hash",
            ),
        ],
    )
    def test_nothing_is_replaced_under_another_number(self, raw, table, columns):
        before = raw(f"SELECT * FROM {table}")  # noqa: S608  # own names
        with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
            raw(f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}")  # noqa: S608  # own names
        assert raw(f"SELECT * FROM {table}") == before  # noqa: S608  # own names


class TestVerifying:
    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("UPDATE practice_set SET title = 'Another'", "teaching set lumbar: was changed"),
            ("UPDATE practice_set SET withdrawn = 1", "teaching set lumbar: was changed"),
            ("UPDATE practice_set SET author = 'Reader A'", "teaching set lumbar: was changed"),
            (
                "UPDATE practice_exercise SET study_uid = '1.9' WHERE entry = 1",
                "exercise L4 right: was changed",
            ),
            ("UPDATE practice_key SET content = '{}' WHERE rowid = 1", "exercise L4 right: was changed"),
            (
                "UPDATE practice_key SET hash = '0' WHERE rowid = 1",
                "exercise L4 right: its key is not the one",
            ),
            ("DELETE FROM practice_key WHERE rowid = 2", "exercise L5 left: its key is gone"),
            ("UPDATE practice_answer SET trainee = 'Reader B'", "answer a1: was changed"),
            ("UPDATE practice_answer SET content = '{}'", "answer a1: was changed"),
            (
                "UPDATE practice_answer SET committed_at = '2026-01-05T08:00:00.000Z'",
                "answer a1: was changed",
            ),
            ("UPDATE practice_answer SET committed_at = 'today'", "answer a1: cannot be read"),
            ("UPDATE practice_answer SET exercise_id = 'L3'", "answer a1: its exercise is not there"),
            ("UPDATE practice_score SET outcome = 'correct'", "answer a1: was changed"),
            ("UPDATE practice_score SET success = 0", "answer a1: was changed"),
            ("DELETE FROM practice_answer", "score of answer a1: its answer is not there"),
            ("UPDATE practice_assignment SET due = ''", "teaching set lumbar: was changed"),
            ("UPDATE practice_assignment SET due = 'soon'", "teaching set lumbar: cannot be read"),
            ("UPDATE practice_assignment SET set_id = 'other'", "assignment of teaching set other: the set"),
            ("DELETE FROM practice_set", "exercise L4 right: its teaching set is not there"),
        ],
    )
    def test_what_was_changed_is_found(self, filled, tamper, statement, words):
        tamper(statement)
        assert any(words in problem for problem in filled.verify()), filled.verify()

    @pytest.mark.parametrize("table", TABLES)
    def test_a_trigger_that_is_gone_is_missed(self, filled, raw, table):
        raw(f"DROP TRIGGER {table}_update")
        assert any(f"{table}_update" in problem for problem in filled.verify())

    @pytest.mark.parametrize("column", ["committed_at", "kept_at"])
    def test_an_answer_that_cannot_be_read_says_so(self, filled, tamper, column):
        tamper(f"UPDATE practice_answer SET {column} = 'today'")  # noqa: S608  # own names
        with pytest.raises(StoreDamagedError, match="cannot be read"):
            filled.practice.answers()


class TestListing:
    @pytest.mark.parametrize("number", [1, 300])
    def test_answers_with_their_scores_are_read_by_one_query(self, filled, number):
        for each in range(number):
            filled.practice.commit(answer_of(f"answer {each}"))
            filled.practice.keep_score(score_of(f"answer {each}"))
        asked = []
        engine = filled._engine  # the statements that reach the driver are what is counted
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert len(filled.practice.answers()) == number + 1
        assert len(asked) == 1

    def test_values_that_were_read_are_like_those_that_were_kept(self, filled):
        """They are made without the checks, and must not differ from others in anything."""
        kept = filled.practice.answers()[0]
        assert (kept.answer, *kept.scores) == (answer_of(), score_of())
        assert (kept.answer.hash, kept.scores[0].hash) == (answer_of().hash, score_of().hash)
        assert hash(kept.answer) == hash(answer_of())
        assert type(kept.scores[0].success) is bool
        assert gc.isenabled()


class TestPurgingAFile:
    def test_nothing_of_a_key_stays_in_the_file(self, sqlite_store, path):
        canary = "canary " * 9
        first, second = keys_of()
        secret = type(first)(
            set_id="lumbar", version=1, exercise_id="secret", study_uid="1.9", content=f'{{"at": "{canary}"}}'
        )
        sqlite_store.save_study(StudyRecord("1.9", ()))
        sqlite_store.practice.publish(version_of(), (first, second, secret))
        sqlite_store.purge_study("1.9", reason="consent withdrawn", by="Reader D")
        files = [file.read_bytes() for file in path.parent.iterdir()]
        assert not any(canary.encode() in content for content in files)
        assert sqlite_store.practice.keys("lumbar", 1, reader="Reader D") == (first, second)


class TestOnAServer:
    """The rules reach the program as errors of its own, in plain words."""

    LOGINS = (
        *(("Reader A", "trainee"), ("Reader B", "trainee"), ("Reader D", "attending")),
        *(("Reader E", "attending"), ("Reader F", "auditor"), ("Reader G", "administrator")),
    )

    @pytest.fixture
    def people(self, server_store):
        opened = {}
        for login, role in self.LOGINS:
            server_store.add_login(login, role)
            opened[login] = PostgresStore(server_store.url(login))
        opened["Reader D"].practice.publish(version_of(), keys_of())
        yield {login: store.practice for login, store in opened.items()}
        for store in opened.values():
            store.close()

    def test_a_trainee_is_shown_the_key_after_the_answer(self, people):
        mine = people["Reader A"]
        with pytest.raises(KeyWithheldError):
            mine.key("lumbar", 1, EXERCISES[0], reader="Reader A")
        mine.commit(answer_of())
        assert mine.key("lumbar", 1, EXERCISES[0], reader="Reader A") == keys_of()[0]
        with pytest.raises(KeyWithheldError):
            mine.key("lumbar", 1, EXERCISES[1], reader="Reader A")
        with pytest.raises(KeyWithheldError):
            mine.keys("lumbar", 1, reader="Reader A")

    def test_a_name_does_not_open_what_the_login_may_not_see(self, people):
        people["Reader A"].commit(answer_of())
        for name in ("Reader A", "Reader B", "Reader D"):
            with pytest.raises(KeyWithheldError, match="Reader B"):
                people["Reader B"].key("lumbar", 1, EXERCISES[0], reader=name)
            with pytest.raises(KeyWithheldError, match="Reader B"):
                people["Reader B"].keys("lumbar", 1, reader=name)
        assert people["Reader A"].key("lumbar", 1, EXERCISES[0], reader="Reader B") == keys_of()[0]

    @pytest.mark.parametrize("login", ["Reader D", "Reader E", "Reader F", "Reader G"])
    def test_these_see_every_key_and_answer(self, people, login):
        kept = people["Reader A"].commit(answer_of())
        assert people[login].key("lumbar", 1, EXERCISES[1], reader=login) == keys_of()[1]
        assert people[login].keys("lumbar", 1, reader=login) == keys_of()
        assert people[login].answers() == (kept,)

    def test_trainees_see_their_own(self, people):
        first = people["Reader A"].commit(answer_of())
        people["Reader A"].keep_score(score_of())
        second = people["Reader B"].commit(answer_of("a2", trainee="Reader B"))
        people["Reader D"].assign(assignment_of())
        assert [kept.entry for kept in people["Reader A"].answers()] == [first.entry]
        assert people["Reader B"].answers() == (second,)
        assert people["Reader A"].assignments() == (assignment_of(),)
        assert people["Reader B"].assignments() == ()

    @pytest.mark.parametrize(
        ("login", "act"),
        [
            ("Reader A", lambda p: p.commit(answer_of(trainee="Reader B"))),
            ("Reader F", lambda p: p.commit(answer_of(trainee="Reader F"))),
            ("Reader A", lambda p: p.publish(version_of(2, author="Reader A"), keys_of(2))),
            ("Reader E", lambda p: p.publish(version_of(2), keys_of(2))),
            ("Reader G", lambda p: p.publish(version_of(2, author="Reader G"), keys_of(2))),
            ("Reader A", lambda p: p.assign(assignment_of(assigned_by="Reader A"))),
            ("Reader E", lambda p: p.assign(assignment_of())),
            ("Reader F", lambda p: p.assign(assignment_of(assigned_by="Reader F"))),
        ],
    )
    def test_what_is_not_allowed_is_refused(self, people, login, act):
        with pytest.raises(StorePermissionError):
            act(people[login])

    def test_a_trainee_scores_once_and_an_attending_again(self, people):
        people["Reader A"].commit(answer_of())
        people["Reader A"].keep_score(score_of())
        again = score_of(**RESCORED, scored_by="Reader E")
        with pytest.raises(StorePermissionError):
            people["Reader A"].keep_score(score_of(**RESCORED))
        people["Reader E"].keep_score(again)
        assert people["Reader A"].answers()[0].scores == (score_of(), again)

    def test_a_taken_identifier_of_somebody_else_is_a_conflict(self, people):
        people["Reader A"].commit(answer_of())
        with pytest.raises(StoreConflictError):
            people["Reader B"].commit(answer_of(trainee="Reader B"))

    def test_the_server_dates_answers(self, people):
        wrong = START - timedelta(days=4000)
        kept = people["Reader A"].commit(answer_of(presented_at=wrong, committed_at=wrong))
        assert abs(kept.kept_at - datetime.now(UTC)) < timedelta(hours=1)
        assert people["Reader A"].answers() == (kept,)

    def test_a_snapshot_from_before_does_not_matter_afterwards(self, people, server_store):
        ask = "SELECT exercise_id FROM practice_key"
        row = (
            "INSERT INTO practice_answer (answer_id, set_id, set_version, exercise_id, trainee, presented_at,"
            " committed_at, client, content, hash) SELECT %s, 'lumbar', 1, %s, 'Reader A', %s, %s, '', '{}', %s"
        )
        time, value = "2026-01-05T08:00:00.000Z", "ab" * 32
        with server_store.connect("Reader A") as connection:
            assert connection.execute(ask).fetchall() == []
            connection.execute(row, ("x1", EXERCISES[0], time, time, value))
            assert connection.execute(ask).fetchall() == [(EXERCISES[0],)]
            with connection.transaction():
                connection.execute(row, ("x2", EXERCISES[1], time, time, value))
                assert connection.execute(ask).fetchall() == [(EXERCISES[0],)]
            assert len(connection.execute(ask).fetchall()) == 2

    def test_a_role_that_is_taken_away_ends_at_once(self, people, server_store):
        with server_store.connect() as owner:
            owner.execute("SELECT revoke_role('Reader D', 'attending')")
        with pytest.raises(StoreError):
            people["Reader D"].answers()

    def test_an_attending_who_becomes_a_trainee_sees_own_keys_alone(self, people, server_store):
        with server_store.connect() as owner:
            for login in ("Reader D", "Reader E"):
                owner.execute("SELECT revoke_role(%s, 'attending')", [login])
                owner.execute("SELECT grant_role(%s, 'trainee')", [login])
        with PostgresStore(server_store.url("Reader D")) as author:
            assert author.practice.keys("lumbar", 1, reader="Reader D") == keys_of()
        with PostgresStore(server_store.url("Reader E")) as other, pytest.raises(KeyWithheldError):
            other.practice.key("lumbar", 1, EXERCISES[0], reader="Reader E")
