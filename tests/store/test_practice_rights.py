"""What a server lets each role do with practice, tried with plain SQL as that role, past all code of the product."""

# ruff: noqa: S608  # plain SQL, put together from the tables of this module, is what is tried here

from __future__ import annotations

from contextlib import ExitStack

import pytest

psycopg = pytest.importorskip("psycopg")

TRAINEE, OTHER_TRAINEE, ATTENDING, OTHER_ATTENDING = "Trainee A", "Trainee B", "Attending A", "Attending B"
AUDITOR, ADMINISTRATOR, NOBODY, OWNER = "Auditor A", "Administrator A", "Nobody A", "store_owner"
ROLES = {
    TRAINEE: "trainee",
    OTHER_TRAINEE: "trainee",
    ATTENDING: "attending",
    OTHER_ATTENDING: "attending",
    AUDITOR: "auditor",
    ADMINISTRATOR: "administrator",
    NOBODY: None,
}
MEMBERS = (TRAINEE, ATTENDING, AUDITOR, ADMINISTRATOR)
SEE_EVERYTHING = (ATTENDING, OTHER_ATTENDING, AUDITOR, ADMINISTRATOR)
COLUMNS = {
    "practice_set": "title",
    "practice_exercise": "study_uid",
    "practice_key": "content",
    "practice_answer": "content",
    "practice_score": "outcome",
    "practice_assignment": "due",
}
TABLES = tuple(COLUMNS)

NO_RIGHT, NEVER_CHANGED, NOT_PUBLISHING, SCORED_ALREADY = "42501", "FA001", "FA009", "FA010"
UNREADABLE, NO_JSON, TAKEN, NO_SUCH = "23514", "22P02", "23505", "23503"
START = "2026-01-05T08:00:00.000Z"
HASH = "ab" * 32
OBJECT = '{"a":1}'


def insert(table, **values):
    given = ", ".join("NULL" if value is None else f"'{value}'" for value in values.values())
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({given})"


def version(author, set_id="lumbar", number=1, **more):
    return insert(
        "practice_set",
        **{"set_id": set_id, "version": number, "title": "Targets", "author": author, "published_at": START}
        | {"content": OBJECT, "withdrawn": 0, "hash": HASH}
        | more,
    )


def exercise(exercise_id="e1", set_id="lumbar", number=1, **more):
    return insert(
        "practice_exercise",
        **{"set_id": set_id, "version": number, "exercise_id": exercise_id, "study_uid": "1.2"}
        | {"key_hash": HASH, "hash": HASH}
        | more,
    )


def key(exercise_id="e1", set_id="lumbar", number=1, **more):
    return insert(
        "practice_key",
        **{"set_id": set_id, "version": number, "exercise_id": exercise_id, "study_uid": "1.2"}
        | {"content": OBJECT, "hash": HASH}
        | more,
    )


def answer(answer_id, trainee, exercise_id="e1", set_id="lumbar", number=1, **more):
    return insert(
        "practice_answer",
        **{"answer_id": answer_id, "set_id": set_id, "set_version": number, "exercise_id": exercise_id}
        | {"trainee": trainee, "presented_at": START, "committed_at": START, "client": "", "content": OBJECT}
        | {"hash": HASH}
        | more,
    )


def score(answer_id, scored_by, cause="first", **more):
    return insert(
        "practice_score",
        **{"answer_id": answer_id, "outcome": "near", "success": 1, "critical": 0, "cause": cause}
        | {"scored_at": START, "scored_by": scored_by, "content": OBJECT, "hash": HASH}
        | more,
    )


def assignment(assigned_by, trainee=TRAINEE, **more):
    return insert(
        "practice_assignment",
        **{"set_id": "lumbar", "trainee": trainee, "assigned_by": assigned_by, "assigned_at": START}
        | {"due": "", "withdrawn": 0, "hash": HASH}
        | more,
    )


def published(author, set_id="lumbar", number=1, exercises=("e1", "e2")):
    parts = [version(author, set_id, number)]
    for each in exercises:
        parts += [exercise(each, set_id, number), key(each, set_id, number)]
    return "BEGIN; " + "; ".join(parts) + "; COMMIT"


CONTENT = (
    (ATTENDING, published(ATTENDING)),
    (ATTENDING, published(ATTENDING, number=2)),
    (OTHER_ATTENDING, published(OTHER_ATTENDING, "cervical")),
    (TRAINEE, answer("A1", TRAINEE)),
    (TRAINEE, score("A1", TRAINEE)),
    (TRAINEE, answer("A2", TRAINEE, "e2", number=2)),
    (OTHER_TRAINEE, answer("B1", OTHER_TRAINEE, "e2")),
    (OTHER_TRAINEE, score("B1", OTHER_TRAINEE)),
    (ATTENDING, score("B1", ATTENDING, "the reference was corrected", hash="cd" * 32)),
    (ATTENDING, assignment(ATTENDING)),
    (OTHER_ATTENDING, assignment(OTHER_ATTENDING, OTHER_TRAINEE)),
)
EVERYTHING = {
    "SELECT set_id || version FROM practice_set": {"lumbar1", "lumbar2", "cervical1"},
    "SELECT set_id || version || exercise_id FROM practice_exercise": {
        *("lumbar1e1", "lumbar1e2", "lumbar2e1", "lumbar2e2", "cervical1e1", "cervical1e2")
    },
    "SELECT set_id || version || exercise_id FROM practice_key": {
        *("lumbar1e1", "lumbar1e2", "lumbar2e1", "lumbar2e2", "cervical1e1", "cervical1e2")
    },
    "SELECT answer_id FROM practice_answer": {"A1", "A2", "B1"},
    "SELECT answer_id || cause FROM practice_score": {"A1first", "B1first", "B1the reference was corrected"},
    "SELECT trainee FROM practice_assignment": {TRAINEE, OTHER_TRAINEE},
}
SETS, EXERCISES, KEYS, ANSWERS, SCORES, ASSIGNMENTS = EVERYTHING
OWN = {
    TRAINEE: {
        KEYS: {"lumbar1e1", "lumbar2e2"},
        ANSWERS: {"A1", "A2"},
        SCORES: {"A1first"},
        ASSIGNMENTS: {TRAINEE},
    },
    OTHER_TRAINEE: {
        KEYS: {"lumbar1e2"},
        ANSWERS: {"B1"},
        SCORES: {"B1first", "B1the reference was corrected"},
        ASSIGNMENTS: {OTHER_TRAINEE},
    },
}


@pytest.fixture(scope="module")
def filled(shared_server_store):
    """A store with teaching sets, answers and scores; no test may leave it changed."""
    for login, role in ROLES.items():
        shared_server_store.add_login(login, role)
    for login, statement in CONTENT:
        with shared_server_store.connect(login) as connection:
            connection.execute(statement)
    return shared_server_store


@pytest.fixture(scope="module")
def connected(filled):
    """Return a function that gives the connection of a login, the same one each time."""
    with ExitStack() as stack:
        known = {}

        def connect(login):
            if login not in known:
                known[login] = stack.enter_context(filled.connect(login))
            return known[login]

        yield connect


@pytest.fixture
def attempt(connected):
    """Run statements as a login, in a transaction that is taken back; return the rows of the last one."""

    def run(login, *statements):
        connection = connected(login)
        with connection.transaction(force_rollback=True):
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def refused(attempt):
    """Return the SQLSTATE with which the last statement is refused; those before it must succeed."""

    def run(login, *statements):
        done = []

        def noted():
            for statement in statements:
                done.append(statement)
                yield statement

        with pytest.raises(psycopg.Error) as caught:
            attempt(login, *noted())
        assert len(done) == len(statements), f"refused too early: {caught.value}"
        return caught.value.sqlstate

    return run


class TestNobodyChangesAnything:
    @pytest.mark.parametrize("login", MEMBERS)
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE {table} SET {column} = {column}",
            "UPDATE {table} SET {column} = {column} WHERE false",
            "DELETE FROM {table}",
            "DELETE FROM {table} WHERE false",
            "TRUNCATE {table} CASCADE",
            "SELECT * FROM {table} FOR UPDATE",
            "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            "DROP POLICY {table}_seen ON {table}",
            "CREATE POLICY more ON {table} USING (true)",
            "DROP TABLE {table} CASCADE",
        ],
    )
    def test_no_role_may_touch_what_is_there(self, refused, login, table, act):
        assert refused(login, act.format(table=table, column=COLUMNS[table])) == NO_RIGHT

    @pytest.mark.parametrize("login", [OWNER, "superuser"])
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
    def test_not_even_the_owner(self, refused, login, table, act):
        assert refused(login, act.format(table, COLUMNS[table])) == NEVER_CHANGED

    @pytest.mark.parametrize("table", TABLES)
    def test_nobody_without_a_role_comes_in(self, filled, table):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            filled.connect(NOBODY)

    @pytest.mark.parametrize("login", [TRAINEE, ATTENDING])
    @pytest.mark.parametrize(
        "statement",
        [
            answer("new", "{0}", entry=-1),
            answer("new", "{0}", kept_at=START),
            answer("new", "{0}", taken_in=1),
            score("A1", "{0}", entry=-1),
        ],
    )
    def test_nobody_chooses_numbers_or_when_the_server_took_it(self, refused, login, statement):
        statement = statement.replace("{0}", login)
        assert refused(login, statement) == NO_RIGHT

    @pytest.mark.parametrize(
        "statement", [version(ATTENDING, number=3, entry=-1), assignment(ATTENDING, entry=-1)]
    )
    def test_nor_does_an_attending(self, refused, statement):
        assert refused(ATTENDING, statement) == NO_RIGHT


class TestSeeing:
    @pytest.mark.parametrize("login", SEE_EVERYTHING)
    @pytest.mark.parametrize("query", EVERYTHING)
    def test_these_see_everything(self, attempt, login, query):
        assert {row[0] for row in attempt(login, query)} == EVERYTHING[query]

    @pytest.mark.parametrize("login", OWN)
    @pytest.mark.parametrize("query", EVERYTHING)
    def test_a_trainee_sees_questions_and_what_is_own(self, attempt, login, query):
        expected = OWN[login].get(query, EVERYTHING[query])
        assert {row[0] for row in attempt(login, query)} == expected

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT count(*) FROM practice_key WHERE set_id = 'cervical'",
            "SELECT count(*) FROM practice_key WHERE version = 2 AND exercise_id = 'e1'",
            "SELECT count(*) FROM practice_key AS k JOIN practice_answer USING (set_id, exercise_id) WHERE set_version <> version",
            "SELECT count(*) FROM (SELECT * FROM practice_key ORDER BY content LIMIT 9) AS k WHERE set_id = 'cervical'",
            "SELECT count(*) FROM practice_answer WHERE trainee <> session_user",
            "SELECT count(*) FROM practice_score WHERE scored_by <> session_user",
            "SELECT count(*) FROM pg_stats WHERE tablename IN ('practice_key', 'practice_answer', 'practice_score')",
        ],
    )
    def test_there_is_no_way_around(self, attempt, query):
        assert attempt(TRAINEE, query) == [(0,)]

    @pytest.mark.parametrize("become", [ATTENDING, OWNER, "fluoro_attending", "superuser"])
    def test_nobody_becomes_somebody_else(self, refused, become):
        assert refused(TRAINEE, f'SET ROLE "{become}"') == NO_RIGHT

    def test_a_function_of_ones_own_sees_no_more(self, attempt):
        """A cheap condition is not asked before the rule, and an error does not tell what is behind it."""
        rows = attempt(
            TRAINEE, "SELECT exercise_id FROM practice_key WHERE content::json ->> 'a' = '1' AND version = 1"
        )
        assert rows == [("e1",)]

    def test_switching_the_rules_off_shows_nothing(self, refused):
        assert refused(TRAINEE, "SET row_security = off", "SELECT * FROM practice_key") == NO_RIGHT


class TestKeysBeforeAnswers:
    """The one thing that everything else is for."""

    KEY = "SELECT count(*) FROM practice_key WHERE set_id = 'cervical' AND exercise_id = 'e1'"
    MINE = answer("mine", TRAINEE, "e1", "cervical")

    def test_an_answer_that_is_not_committed_shows_nothing(self, attempt):
        assert attempt(TRAINEE, self.MINE, self.KEY) == [(0,)]

    def test_nor_behind_a_savepoint(self, attempt):
        steps = ("SAVEPOINT one", self.MINE, "SAVEPOINT two", "RELEASE SAVEPOINT one", self.KEY)
        assert attempt(TRAINEE, *steps) == [(0,)]

    def test_nor_in_a_block(self, attempt):
        block = f"DO $$ BEGIN {self.MINE}; EXCEPTION WHEN division_by_zero THEN NULL; END $$"
        assert attempt(TRAINEE, block, self.KEY) == [(0,)]

    def test_nor_in_one_statement(self, attempt):
        both = f"WITH given AS ({self.MINE} RETURNING answer_id) SELECT (SELECT count(*) FROM practice_key WHERE set_id = 'cervical') FROM given"
        assert attempt(TRAINEE, both) == [(0,)]

    def test_nor_through_a_cursor_that_stays(self, attempt):
        steps = (self.MINE, f"DECLARE later CURSOR FOR {self.KEY}", "FETCH ALL FROM later")
        assert attempt(TRAINEE, *steps) == [(0,)]

    def test_nor_to_another_connection_of_the_same_person(self, filled, connected):
        with connected(TRAINEE).transaction(force_rollback=True), filled.connect(TRAINEE) as other:
            connected(TRAINEE).execute(self.MINE)
            assert other.execute(self.KEY).fetchall() == [(0,)]

    def test_an_answer_of_somebody_else_shows_nothing(self, attempt):
        assert attempt(
            TRAINEE, "SELECT count(*) FROM practice_key WHERE version = 1 AND exercise_id = 'e2'"
        ) == [(0,)]

    @pytest.mark.parametrize("table", ["practice_key", "practice_answer"])
    def test_a_dump_of_ones_own_holds_no_more(self, connected, table):
        connection = connected(TRAINEE)
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copied:
            assert len(list(copied.rows())) == 2


class TestCommitting:
    @pytest.mark.parametrize("login", [TRAINEE, OTHER_TRAINEE, ATTENDING])
    def test_one_commits_as_oneself(self, attempt, login):
        ask = "SELECT trainee, taken_in = pg_current_xact_id() FROM practice_answer WHERE answer_id = 'new'"
        assert attempt(login, answer("new", login), ask) == [(login, True)]

    @pytest.mark.parametrize(
        ("login", "statement"),
        [
            (TRAINEE, answer("new", OTHER_TRAINEE)),
            (TRAINEE, answer("new", "Trainee a")),
            (ATTENDING, answer("new", TRAINEE)),
            (AUDITOR, answer("new", AUDITOR)),
            (ADMINISTRATOR, answer("new", ADMINISTRATOR)),
            (AUDITOR, answer("new", TRAINEE)),
        ],
    )
    def test_and_as_nobody_else(self, refused, login, statement):
        assert refused(login, statement) == NO_RIGHT

    @pytest.mark.parametrize(
        ("statement", "state"),
        [
            (answer("A1", TRAINEE, "e2"), TAKEN),
            (answer("B1", TRAINEE, "e2"), TAKEN),
            (answer("new", TRAINEE, "e3"), NO_SUCH),
            (answer("new", TRAINEE, number=3), NO_SUCH),
            (answer("new", TRAINEE, set_id="other"), NO_SUCH),
            (answer("", TRAINEE), UNREADABLE),
            (answer("new", TRAINEE, content="[]"), UNREADABLE),
            (answer("new", TRAINEE, content="no JSON"), NO_JSON),
            (answer("new", TRAINEE, presented_at="today"), UNREADABLE),
            (answer("new", TRAINEE, committed_at="2026-02-30T08:00:00.000Z"), UNREADABLE),
            (answer("new", TRAINEE, client="\n"), UNREADABLE),
            (answer("new", TRAINEE, hash="AB" * 32), UNREADABLE),
        ],
    )
    def test_what_could_not_be_read_again_is_refused(self, refused, statement, state):
        assert refused(TRAINEE, statement) == state

    def test_an_answer_is_not_put_in_the_place_of_another(self, refused):
        statement = answer("A1", TRAINEE) + " ON CONFLICT (answer_id) DO UPDATE SET content = '{}'"
        assert refused(TRAINEE, statement) == NO_RIGHT


class TestPublishing:
    @pytest.mark.parametrize(
        ("login", "statement"),
        [
            (TRAINEE, version(TRAINEE, number=3)),
            (AUDITOR, version(AUDITOR, number=3)),
            (ADMINISTRATOR, version(ADMINISTRATOR, number=3)),
            (ATTENDING, version(OTHER_ATTENDING, number=3)),
            (ATTENDING, version(TRAINEE, number=3)),
            (TRAINEE, exercise("e9")),
            (TRAINEE, key("e1")),
            (AUDITOR, key("e1")),
        ],
    )
    def test_attendings_publish_as_themselves_and_nobody_else(self, refused, login, statement):
        assert refused(login, statement) == NO_RIGHT

    def test_a_version_is_published_with_its_keys(self, attempt):
        steps = (version(ATTENDING, number=3), exercise(number=3), key(number=3))
        ask = "SELECT count(*) FROM practice_key WHERE version = 3"
        assert attempt(ATTENDING, *steps, ask) == [(1,)]

    @pytest.mark.parametrize("login", [ATTENDING, OTHER_ATTENDING])
    def test_nothing_is_added_to_it_later(self, refused, login):
        assert refused(login, exercise("e9")) == NOT_PUBLISHING

    def test_no_key_is_added_later(self, refused):
        assert refused(ATTENDING, key("e9")) == NOT_PUBLISHING

    @pytest.mark.parametrize(
        "statement", [key(number=3, hash="cd" * 32), key(number=3, study_uid="1.3"), key("e2", number=3)]
    )
    def test_a_key_is_the_one_that_was_announced(self, refused, statement):
        assert (
            refused(ATTENDING, version(ATTENDING, number=3), exercise(number=3), statement) == NOT_PUBLISHING
        )

    @pytest.mark.parametrize(
        ("statement", "state"),
        [
            (version(ATTENDING), TAKEN),
            (version(ATTENDING, number=0), UNREADABLE),
            (version(ATTENDING, number=3, title=""), UNREADABLE),
            (version(ATTENDING, number=3, withdrawn=2), UNREADABLE),
            (version(ATTENDING, number=3, content="1"), UNREADABLE),
            (version(ATTENDING, number=3, published_at=""), UNREADABLE),
        ],
    )
    def test_what_could_not_be_read_again_is_refused(self, refused, statement, state):
        assert refused(ATTENDING, statement) == state


class TestScores:
    def test_a_trainee_keeps_the_first_score_of_an_own_answer(self, attempt):
        ask = "SELECT count(*) FROM practice_score WHERE answer_id = 'A2'"
        assert attempt(TRAINEE, score("A2", TRAINEE), ask) == [(1,)]

    @pytest.mark.parametrize(
        ("login", "statement"),
        [
            (TRAINEE, score("A2", TRAINEE, "I think so")),
            (TRAINEE, score("A2", ATTENDING)),
            (TRAINEE, score("B1", TRAINEE, hash="ef" * 32)),
            (TRAINEE, score("no answer", TRAINEE)),
            (OTHER_TRAINEE, score("A2", OTHER_TRAINEE)),
            (ATTENDING, score("A2", OTHER_ATTENDING, "again")),
            (ATTENDING, score("A2", TRAINEE)),
            (AUDITOR, score("A2", AUDITOR, "again")),
            (ADMINISTRATOR, score("A2", ADMINISTRATOR, "again")),
        ],
    )
    def test_nobody_keeps_others(self, refused, login, statement):
        state = SCORED_ALREADY if "'B1'" in statement else NO_RIGHT
        assert refused(login, statement) == state

    @pytest.mark.parametrize("login", [ATTENDING, OTHER_ATTENDING])
    def test_attendings_score_anew(self, attempt, login):
        again = score("A1", login, "the reference was corrected", hash="ef" * 32)
        ask = "SELECT cause FROM practice_score WHERE answer_id = 'A1' ORDER BY entry"
        assert attempt(login, again, ask) == [("first",), ("the reference was corrected",)]

    @pytest.mark.parametrize("login", [TRAINEE, ATTENDING])
    def test_there_is_one_first_score(self, refused, login):
        assert refused(login, score("A1", login, hash="ef" * 32)) == SCORED_ALREADY

    def test_a_rescoring_is_not_scored_for_the_first_time(self, refused):
        again = score("A2", ATTENDING, "again")
        assert refused(ATTENDING, again, score("A2", ATTENDING, hash="ef" * 32)) == SCORED_ALREADY

    @pytest.mark.parametrize(
        ("statement", "state"),
        [
            (score("A1", ATTENDING, "again"), TAKEN),
            (score("A2", ATTENDING, ""), UNREADABLE),
            (score("A2", ATTENDING, outcome=""), UNREADABLE),
            (score("A2", ATTENDING, success=2), UNREADABLE),
            (score("A2", ATTENDING, critical=2), UNREADABLE),
            (score("A2", ATTENDING, content="1"), UNREADABLE),
            (score("no answer", ATTENDING), NO_SUCH),
        ],
    )
    def test_what_could_not_be_read_again_is_refused(self, refused, statement, state):
        assert refused(ATTENDING, statement) == state


class TestAssigning:
    @pytest.mark.parametrize("login", [ATTENDING, OTHER_ATTENDING])
    def test_attendings_assign(self, attempt, login):
        ask = "SELECT count(*) FROM practice_assignment WHERE trainee = 'Trainee A'"
        assert attempt(login, assignment(login, hash="ef" * 32), ask) == [(2,)]

    @pytest.mark.parametrize(
        ("login", "statement"),
        [
            (TRAINEE, assignment(TRAINEE)),
            (TRAINEE, assignment(ATTENDING, withdrawn=1)),
            (AUDITOR, assignment(AUDITOR)),
            (ADMINISTRATOR, assignment(ADMINISTRATOR)),
            (ATTENDING, assignment(OTHER_ATTENDING)),
            (ATTENDING, assignment(ATTENDING, set_id="other")),
        ],
    )
    def test_nobody_else_does_nor_what_is_not_there(self, refused, login, statement):
        assert refused(login, statement) == NO_RIGHT

    @pytest.mark.parametrize(
        "more", [{"due": "soon"}, {"withdrawn": 2}, {"trainee": ""}, {"assigned_at": "x"}]
    )
    def test_what_could_not_be_read_again_is_refused(self, refused, more):
        assert refused(ATTENDING, assignment(ATTENDING, **more)) == UNREADABLE


class TestPurging:
    def test_keys_go_with_the_study_and_answers_stay(self, attempt):
        purge = "SELECT purge_study('1.2', 'consent withdrawn')"
        ask = (
            "SELECT (SELECT count(*) FROM practice_key), (SELECT count(*) FROM practice_exercise), "
            "(SELECT count(*) FROM practice_answer), (SELECT count(*) FROM practice_score)"
        )
        assert attempt(ADMINISTRATOR, purge, ask) == [(0, 6, 3, 3)]

    @pytest.mark.parametrize("login", [TRAINEE, ATTENDING, AUDITOR])
    def test_by_administrators_alone(self, refused, login):
        assert refused(login, "SELECT purge_study('1.2', 'consent withdrawn')") == NO_RIGHT

    @pytest.mark.parametrize("login", [OWNER, "superuser"])
    def test_a_key_goes_with_its_own_study_only(self, refused, login):
        grave = (
            "INSERT INTO tombstone (subject_kind, subject, study_uid, revisions, last_hash, purged_at, purged_by, reason) "
            f"VALUES ('study', '1.9', '1.9', 0, 'h', '{START}', 'somebody', 'mistake')"
        )
        assert refused(login, grave, "DELETE FROM practice_key") == NEVER_CHANGED
