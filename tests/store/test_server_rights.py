"""What a server lets each role do, tried with plain SQL as that role, past all code of the product."""

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
WRITERS = (TRAINEE, ATTENDING)

SAID = ("study_entry", "image_entry", "reading", "revision", "tombstone", "grant_entry")
DERIVED = ("study", "image", "head", "current_record")
TABLES = (*SAID, *DERIVED, "meta")

NO_RIGHT, NEVER_CHANGED, DOES_NOT_FOLLOW, SUBMITTED = "42501", "FA001", "FA002", "FA003"
UNREADABLE = "23514"
START = "2026-01-05T08:00:00.000Z"


def study(uid="1.9"):
    return (
        "INSERT INTO study_entry (uid, pseudonym, study_date, region, equipment, saved_at) "
        f"VALUES ('{uid}', '', '2026-01-05', 'lumbar', 'C-arm', '{START}')"
    )


def image(uid="1.9", instance="1.9.1", frames=30):
    return (
        "INSERT INTO image_entry (study_uid, sop_instance_uid, series_uid, rows, columns, frames, modality, view, "
        "calibration_source, calibration_note, saved_at) "
        f"VALUES ('{uid}', '{instance}', '1.9.0', 512, 512, {frames}, 'XA', 'AP', 'none', '', '{START}')"
    )


def reading(reading_id, reader, role, purpose="procedure", study_uid="1.2"):
    return (
        "INSERT INTO reading (reading_id, study_uid, reader, purpose, role, started_at, hash) "
        f"VALUES ('{reading_id}', '{study_uid}', '{reader}', '{purpose}', '{role}', '{START}', 'h')"
    )


def revision(reading_id, sequence, author, *, mark="m", kind="add", record="target", previous=None, more=""):
    before = previous or (f"{reading_id}-{sequence - 1}" if sequence > 1 else "0" * 64)
    return (
        "INSERT INTO revision (reading_id, sequence, kind, mark_id, sop_instance_uid, frame_number, cause, action_id, "
        "author, recorded_at, client, content, previous_hash, hash) "
        f"VALUES ('{reading_id}', {sequence}, '{kind}', '{mark}', '1.2.1', 1, 'edit', 'a', '{author}', "
        f"'2026-01-05T09:00:0{sequence}.000Z', '', '{{\"kind\":\"{record}\"{more}}}', "
        f"'{before}', '{reading_id}-{sequence}')"
    )


def numbered(statement):
    """Return an insertion that chooses the number of the entry itself."""
    return statement.replace(" (", " (entry, ", 1).replace("VALUES (", "VALUES (-1, ", 1)


def submission(reading_id, sequence, author, kind="add"):
    return revision(reading_id, sequence, author, mark="submission", kind=kind, record="submission")


CONTENT = (
    (ATTENDING, study("1.2")),
    (ATTENDING, image("1.2", "1.2.1")),
    (ATTENDING, study("1.3")),
    (ATTENDING, reading("reference", ATTENDING, "attending", "reference")),
    (ATTENDING, revision("reference", 1, ATTENDING)),
    (ATTENDING, submission("reference", 2, ATTENDING)),
    (ATTENDING, reading("unfinished", ATTENDING, "attending", "reference", "1.3")),
    (ATTENDING, revision("unfinished", 1, ATTENDING)),
    (ATTENDING, reading("procedure", ATTENDING, "attending")),
    (ATTENDING, revision("procedure", 1, ATTENDING)),
    (TRAINEE, reading("practice A", TRAINEE, "trainee", "practice")),
    (TRAINEE, revision("practice A", 1, TRAINEE)),
    (TRAINEE, submission("practice A", 2, TRAINEE)),
    (TRAINEE, reading("practice A 1.3", TRAINEE, "trainee", "practice", "1.3")),
    (TRAINEE, submission("practice A 1.3", 1, TRAINEE)),
    (TRAINEE, reading("open A", TRAINEE, "trainee")),
    (OTHER_TRAINEE, reading("practice B", OTHER_TRAINEE, "trainee", "practice")),
    (OTHER_TRAINEE, revision("practice B", 1, OTHER_TRAINEE)),
)
EVERYTHING = {
    "reference", "unfinished", "procedure", "practice A", "practice A 1.3", "open A", "practice B",
}  # fmt: skip
SEEN = {
    TRAINEE: {"practice A", "practice A 1.3", "open A", "reference"},
    OTHER_TRAINEE: {"practice B"},
    ATTENDING: EVERYTHING,
    AUDITOR: EVERYTHING,
    ADMINISTRATOR: EVERYTHING,
}


@pytest.fixture(scope="module")
def filled(shared_server_store):
    """A store with readings of several people; no test may leave it changed."""
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


def refused(attempt, login, *statements):
    """Return the SQLSTATE with which the last statement is refused; those before it must succeed."""
    done = []
    with pytest.raises(psycopg.Error) as caught:
        attempt(login, *(mark_done(done, statement) for statement in statements))
    assert len(done) == len(statements), f"refused too early: {caught.value}"
    return caught.value.sqlstate


def mark_done(done, statement):
    done.append(statement)
    return statement


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
            "ALTER TABLE {table} ADD COLUMN more text",
            "DROP TABLE {table} CASCADE",
            "CREATE INDEX ON {table} ({column})",
        ],
    )
    def test_no_role_may_touch_what_is_there(self, attempt, login, table, act):
        column = {"meta": "created_by", "grant_entry": "login", "tombstone": "reason"}.get(table)
        column = column or ("uid" if table in {"study", "study_entry"} else None)
        column = column or (
            "reading_id" if table in {"reading", "revision", "head", "current_record"} else "view"
        )
        statement = act.format(table=table, column=column)
        assert refused(attempt, login, statement) == NO_RIGHT

    @pytest.mark.parametrize("login", MEMBERS)
    @pytest.mark.parametrize("table", TABLES)
    def test_no_role_hands_on_a_right(self, attempt, login, table):
        """Where the login has a right itself, the server warns and gives nothing; otherwise it refuses."""
        give = f"GRANT ALL ON {table} TO PUBLIC"
        ask = f"SELECT has_table_privilege('{NOBODY}', '{table}', 'SELECT, INSERT, UPDATE')"
        try:
            assert attempt(login, give, ask) == [(False,)]
        except psycopg.errors.InsufficientPrivilege as error:
            assert f"permission denied for table {table}" in str(error)  # noqa: PT017  # either is right

    @pytest.mark.parametrize("login", [OWNER, "superuser"])
    @pytest.mark.parametrize("table", SAID)
    @pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_not_even_the_owner(self, attempt, login, table, act):
        column = {"study_entry": "uid", "image_entry": "view", "grant_entry": "login", "tombstone": "reason"}
        statement = act.format(table, *[column.get(table, "reading_id")] * 2)
        assert refused(attempt, login, statement) == NEVER_CHANGED

    @pytest.mark.parametrize("login", MEMBERS)
    @pytest.mark.parametrize("table", [*DERIVED, "meta", "tombstone", "grant_entry"])
    def test_what_is_derived_is_written_by_the_server_alone(self, attempt, login, table):
        assert refused(attempt, login, f"INSERT INTO {table} DEFAULT VALUES") == NO_RIGHT

    @pytest.mark.parametrize("login", MEMBERS)
    @pytest.mark.parametrize("table", ["head", "current_record", "study", "image"])
    def test_nor_by_copying_into_it(self, filled, login, table):
        with (
            filled.connect(login) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connection.cursor().copy(f"COPY {table} FROM STDIN"),
        ):
            pass


OWN = {TRAINEE: "open A", ATTENDING: "procedure"}
FORBIDDEN = [
    # under another's name, or with a role or for a purpose that is not one's own
    (TRAINEE, reading("x", OTHER_TRAINEE, "trainee", "practice"), NO_RIGHT),
    (TRAINEE, reading("x", "fluoro_trainee", "trainee", "practice"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE, "attending", "practice"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE, "not_stated", "practice"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE, "trainee", "reference"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE, "trainee", "review"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE, "trainee", "audit"), NO_RIGHT),
    (TRAINEE, reading("x", TRAINEE.lower(), "trainee"), NO_RIGHT),
    (ATTENDING, reading("x", OTHER_ATTENDING, "attending"), NO_RIGHT),
    (ATTENDING, reading("x", TRAINEE, "trainee"), NO_RIGHT),
    (ATTENDING, reading("x", ATTENDING, "trainee"), NO_RIGHT),
    (ATTENDING, reading("x", ATTENDING, "auditor"), NO_RIGHT),
    (ATTENDING, reading("x", ATTENDING, "attending", "audit"), NO_RIGHT),
    (AUDITOR, reading("x", AUDITOR, "auditor", "audit"), NO_RIGHT),
    (AUDITOR, reading("x", AUDITOR, "attending"), NO_RIGHT),
    (ADMINISTRATOR, reading("x", ADMINISTRATOR, "attending"), NO_RIGHT),
    (ADMINISTRATOR, reading("x", ATTENDING, "attending"), NO_RIGHT),
    (AUDITOR, study(), NO_RIGHT),
    (AUDITOR, image("1.2"), NO_RIGHT),
    (ADMINISTRATOR, study(), NO_RIGHT),
    (ADMINISTRATOR, image("1.2"), NO_RIGHT),
    # revisions under another's name, or in another's reading
    (TRAINEE, revision("open A", 1, ATTENDING), NO_RIGHT),
    (TRAINEE, revision("practice B", 2, TRAINEE), NO_RIGHT),
    (TRAINEE, revision("practice B", 2, OTHER_TRAINEE), NO_RIGHT),
    (TRAINEE, revision("reference", 3, TRAINEE), NO_RIGHT),
    (ATTENDING, revision("practice B", 2, ATTENDING), NO_RIGHT),
    (ATTENDING, revision("procedure", 2, OTHER_ATTENDING), NO_RIGHT),
    (OTHER_ATTENDING, revision("procedure", 2, OTHER_ATTENDING), NO_RIGHT),
    (OTHER_ATTENDING, submission("reference", 3, OTHER_ATTENDING, "delete"), NO_RIGHT),
    (AUDITOR, revision("procedure", 2, AUDITOR), NO_RIGHT),
    (AUDITOR, revision("procedure", 2, ATTENDING), NO_RIGHT),
    (ADMINISTRATOR, revision("procedure", 2, ADMINISTRATOR), NO_RIGHT),
    (ADMINISTRATOR, revision("procedure", 2, ATTENDING), NO_RIGHT),
    # revisions that do not follow, come twice, or come after the submission
    (ATTENDING, revision("procedure", 3, ATTENDING), DOES_NOT_FOLLOW),
    (ATTENDING, revision("procedure", 0, ATTENDING), DOES_NOT_FOLLOW),
    (ATTENDING, revision("procedure", 2, ATTENDING, previous="f" * 64), DOES_NOT_FOLLOW),
    (ATTENDING, revision("procedure", 1, ATTENDING), "23505"),
    (ATTENDING, reading("procedure", ATTENDING, "attending"), "23505"),
    (ATTENDING, revision("reference", 3, ATTENDING), SUBMITTED),
    (ATTENDING, revision("reference", 3, ATTENDING, kind="delete"), SUBMITTED),
    (ATTENDING, submission("reference", 3, ATTENDING, "change"), SUBMITTED),
    (TRAINEE, revision("practice A", 3, TRAINEE), SUBMITTED),
    (TRAINEE, submission("practice A", 3, TRAINEE, "delete"), SUBMITTED),
    (OWNER, submission("practice A", 3, TRAINEE, "delete"), SUBMITTED),
    # what the program could not read again, and would stop others
    *[(TRAINEE, study().replace(*change), UNREADABLE) for change in (
        ("2026-01-05'", "2026-02-29'"), ("2026-01-05'", "5.1.2026'"), ("2026-01-05'", "0000-01-05'"), ("lumbar", "neck"),
        ("'', '2026", "'Reader A', '2026"), ("C-arm", "C\narm"), ("C-arm", "C\u202earm"), ("C-arm", "C" * 101), ("1.9", ""),
    )],
    *[(TRAINEE, image("1.2").replace(*change), UNREADABLE) for change in (
        ("512, 512, 30", "0, 512, 30"), ("512, 512, 30", "512, -1, 30"), ("512, 512, 30", "512, 512, 0"), ("'none'", "'guess'"),
        ("'none'", "'detector_plane'"), ("1.9.1", ""), ("1.9.0", "1\t9"),
    )],
    *[(TRAINEE, image("1.2").replace("sop_instance_uid,", "row_mm, column_mm, sop_instance_uid,")
       .replace("'1.9.1'", f"{row}, {column}, '1.9.1'").replace("'none'", source), UNREADABLE) for row, column, source in (
        ("0.2", "0.2", "'none'"), ("0.2", "NULL", "'detector_plane'"), ("0", "0.2", "'detector_plane'"),
        ("0.2", "'NaN'", "'detector_plane'"), ("'Infinity'", "0.2", "'detector_plane'"),
    )],
    (TRAINEE, reading("x", TRAINEE, "trainee").replace(START, "yesterday"), UNREADABLE),
    (TRAINEE, reading("x", TRAINEE, "trainee").replace(START, "2026-04-31T08:00:00.000Z"), UNREADABLE),
    (TRAINEE, reading("x", TRAINEE, "trainee").replace(START, "2026-01-05T24:00:00.000Z"), UNREADABLE),
    (TRAINEE, reading("", TRAINEE, "trainee"), UNREADABLE),
    *[(TRAINEE, revision("open A", 1, TRAINEE).replace(*change), UNREADABLE) for change in (
        ("'add'", "'steal'"), ("'edit'", "'whim'"), ("'m'", "''"), ("'a'", "E'a\\nb'"), ("1.000Z", "1Z"), ("1.2.1', 1", "1.2.1', -1"),
        ('"kind":', '"sort":'), ('"target"', "7"), ("'edit'", "'undo'"),
    )],
    (TRAINEE, revision("open A", 1, TRAINEE).replace('{"kind":"target"}', "no JSON"), "22P02"),
    # numbers of entries are the server's
    (ATTENDING, numbered(study()), NO_RIGHT),
    (ATTENDING, numbered(reading("x", ATTENDING, "attending")), NO_RIGHT),
    (ATTENDING, numbered(image("1.2")), NO_RIGHT),
    (ATTENDING, "SELECT setval('reading_entry_seq', 1000000)", NO_RIGHT),
    (TRAINEE, "ALTER SEQUENCE reading_entry_seq RESTART", NO_RIGHT),
    # replacing by the back door
    (ATTENDING, reading("procedure", ATTENDING, "attending") + " ON CONFLICT (reading_id) DO UPDATE SET hash = 'x'", NO_RIGHT),
    (ATTENDING, revision("procedure", 1, ATTENDING) + " ON CONFLICT (reading_id, sequence) DO UPDATE SET hash = 'x'", NO_RIGHT),
    (ATTENDING, "WITH gone AS (DELETE FROM revision RETURNING *) SELECT * FROM gone", NO_RIGHT),
    # being somebody else
    *[(login, f'SET ROLE "{other}"', NO_RIGHT) for login in MEMBERS for other in (OWNER, "superuser", OTHER_ATTENDING)],
    *[(login, f'SET SESSION AUTHORIZATION "{ATTENDING}"', NO_RIGHT) for login in (TRAINEE, AUDITOR, ADMINISTRATOR)],
    (TRAINEE, "SET ROLE fluoro_attending", NO_RIGHT),
    (AUDITOR, "SET ROLE fluoro_attending", NO_RIGHT),
    (ADMINISTRATOR, "SET ROLE fluoro_attending", NO_RIGHT),
    # getting rights
    *[(login, f'GRANT fluoro_administrator TO "{login}"', NO_RIGHT) for login in MEMBERS],
    *[(login, f'GRANT store_owner TO "{login}"', NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE ROLE helper LOGIN", NO_RIGHT) for login in MEMBERS],
    *[(login, f'ALTER ROLE "{login}" BYPASSRLS', NO_RIGHT) for login in MEMBERS],
    *[(login, f"ALTER ROLE \"{OTHER_ATTENDING}\" PASSWORD 'mine'", NO_RIGHT) for login in MEMBERS],
    *[(login, "SET session_replication_role = replica", NO_RIGHT) for login in MEMBERS],
    *[(login, f"SELECT grant_role('{TRAINEE}', 'attending')", NO_RIGHT) for login in (TRAINEE, ATTENDING, AUDITOR)],
    *[(login, f"SELECT revoke_role('{TRAINEE}', 'trainee')", NO_RIGHT) for login in (TRAINEE, ATTENDING, AUDITOR)],
    *[(login, "SELECT purge_reading('procedure', 'r')", NO_RIGHT) for login in (TRAINEE, ATTENDING, AUDITOR)],
    *[(login, "SELECT purge_study('1.2', 'r')", NO_RIGHT) for login in (TRAINEE, ATTENDING, AUDITOR)],
    *[(login, "SELECT refuse_login('x')", NO_RIGHT) for login in MEMBERS],
    *[(login, "SELECT grant_entry FROM grant_entry", NO_RIGHT) for login in WRITERS],
    # making things
    *[(login, "CREATE TABLE mine (number integer)", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE TEMPORARY TABLE mine (number integer)", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE SCHEMA mine", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE VIEW mine AS SELECT * FROM revision", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE OR REPLACE FUNCTION sees_everything() RETURNS boolean LANGUAGE sql AS 'SELECT true'", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE POLICY mine ON revision USING (true)", NO_RIGHT) for login in MEMBERS],
    *[(login, "DROP POLICY revision_seen ON revision", NO_RIGHT) for login in MEMBERS],
    *[(login, "DROP TRIGGER revision_added ON revision", NO_RIGHT) for login in MEMBERS],
    *[(login, "CREATE EXTENSION pg_freespacemap", NO_RIGHT) for login in MEMBERS],
    # reading past the rules
    (TRAINEE, ("SET row_security = off", "SELECT * FROM revision"), NO_RIGHT),
    (TRAINEE, "SELECT pg_read_file('postgresql.conf')", NO_RIGHT),
    (TRAINEE, "COPY revision TO '/tmp/revisions'", NO_RIGHT),
    (TRAINEE, "COPY (SELECT 1) TO PROGRAM 'cat'", NO_RIGHT),
    (TRAINEE, "SELECT rolpassword FROM pg_authid", NO_RIGHT),
    (ADMINISTRATOR, "SELECT rolpassword FROM pg_authid", NO_RIGHT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("login", "statements", "state"),
    [pytest.param(*case, id=f"{number}-{case[0]}") for number, case in enumerate(FORBIDDEN)],
)
def test_forbidden(attempt, login, statements, state):
    statements = (statements,) if isinstance(statements, str) else statements
    assert refused(attempt, login, *statements) == state


ALLOWED = [
    (TRAINEE, reading("x", TRAINEE, "trainee", "practice")),
    (TRAINEE, reading("x", TRAINEE, "trainee", "procedure")),
    (TRAINEE, revision("open A", 1, TRAINEE)),
    (TRAINEE, study()),
    (TRAINEE, study().replace("2026-01-05'", "2024-02-29'")),
    (
        TRAINEE,
        study()
        .replace("2026-01-05'", "'")
        .replace("lumbar", "")
        .replace("''", "'0123456789abcdef0123456789abcdef'", 1),
    ),
    (TRAINEE, image("1.2")),
    *[
        (ATTENDING, reading("x", ATTENDING, "attending", purpose))
        for purpose in ("reference", "practice", "procedure", "review")
    ],
    (ATTENDING, revision("procedure", 2, ATTENDING)),
    (ATTENDING, submission("reference", 3, ATTENDING, "delete")),
    (ATTENDING, study()),
    (ATTENDING, image("1.2")),
    *[(login, f"SELECT * FROM {table}") for login in MEMBERS for table in TABLES if table != "grant_entry"],
    *[(login, "SELECT * FROM grant_entry") for login in (AUDITOR, ADMINISTRATOR)],
    (ADMINISTRATOR, "SELECT purge_reading('procedure', 'recorded twice')"),
    (ADMINISTRATOR, "SELECT purge_study('1.2', 'patient withdrew')"),
    (OWNER, "SELECT purge_study('1.2', 'patient withdrew')"),
    (OWNER, reading("x", "Reader Z", "auditor", "audit")),
    (OWNER, revision("practice B", 2, OTHER_TRAINEE)),
    (ADMINISTRATOR, f"SELECT revoke_role('{TRAINEE}', 'trainee')"),
]


@pytest.mark.parametrize(
    ("login", "statement"), [pytest.param(*case, id=f"{n}-{case[0]}") for n, case in enumerate(ALLOWED)]
)
def test_allowed(attempt, login, statement):
    attempt(login, statement)


class TestWhoSeesWhat:
    @pytest.mark.parametrize(("login", "readings"), SEEN.items())
    @pytest.mark.parametrize("table", ["reading", "head"])
    def test_readings(self, attempt, login, readings, table):
        assert {uid for (uid,) in attempt(login, f"SELECT reading_id FROM {table}")} == readings

    @pytest.mark.parametrize(("login", "readings"), SEEN.items())
    @pytest.mark.parametrize("table", ["revision", "current_record"])
    def test_marks(self, attempt, login, readings, table):
        marked = readings - {"open A"}  # which has no marks
        assert {uid for (uid,) in attempt(login, f"SELECT DISTINCT reading_id FROM {table}")} == marked

    @pytest.mark.parametrize("login", MEMBERS)
    def test_studies_and_images(self, attempt, login):
        assert len(attempt(login, "SELECT * FROM study")) == 2
        assert len(attempt(login, "SELECT * FROM image")) == 1

    def test_copying_out_gives_no_more(self, filled):
        with (
            filled.connect(OTHER_TRAINEE) as connection,
            connection.cursor().copy("COPY (SELECT reading_id FROM revision) TO STDOUT") as copy,
        ):
            assert list(copy.rows()) == [("practice B",)]

    def test_an_error_in_a_condition_does_not_betray_a_row(self, attempt):
        condition = "1 / (CASE author WHEN 'Attending A' THEN 0 ELSE 1 END) = 1"
        assert attempt(OTHER_TRAINEE, f"SELECT count(*) FROM revision WHERE {condition}") == [(1,)]

    def test_statistics_of_the_planner_show_no_values(self, attempt):
        assert attempt(TRAINEE, "SELECT * FROM pg_stats WHERE tablename = 'revision'") == []

    def test_submitting_opens_the_reference_of_this_study_to_this_trainee(self, attempt):
        seen = attempt(
            OTHER_TRAINEE,
            submission("practice B", 2, OTHER_TRAINEE),
            "SELECT reading_id FROM reading ORDER BY 1",
        )
        assert seen == [("practice B",), ("reference",)]

    def test_a_procedure_that_is_submitted_opens_nothing(self, attempt):
        seen = attempt(
            OTHER_TRAINEE,
            reading("own", OTHER_TRAINEE, "trainee", "procedure"),
            submission("own", 1, OTHER_TRAINEE),
            "SELECT reading_id FROM reading ORDER BY 1",
        )
        assert seen == [("own",), ("practice B",)]

    def test_asking_the_rule_itself_tells_a_trainee_nothing_new(self, attempt):
        assert attempt(OTHER_TRAINEE, "SELECT has_earned('reference'), has_earned('procedure')") == [
            (False, False)
        ]

    def test_the_group_is_nobody_to_write_as(self, attempt):
        statements = ("SET ROLE fluoro_attending", reading("x", "fluoro_attending", "attending"))
        assert refused(attempt, ATTENDING, *statements) == NO_RIGHT

    def test_under_the_group_one_is_still_oneself(self, attempt):
        attempt(ATTENDING, "SET ROLE fluoro_attending", reading("x", ATTENDING, "attending"))
        seen = attempt(OTHER_TRAINEE, "SET ROLE fluoro_trainee", "SELECT reading_id FROM reading")
        assert seen == [("practice B",)]


class TestGettingIn:
    def test_without_a_role_nobody_gets_in(self, filled):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            filled.connect(NOBODY)

    def test_the_public_has_no_right_at_all(self, attempt, filled):
        for right in ("CONNECT", "CREATE", "TEMPORARY"):
            question = f"SELECT has_database_privilege('{NOBODY}', '{filled.name}', '{right}')"
            assert attempt(OWNER, question) == [(False,)]
        for right in ("USAGE", "CREATE"):
            assert attempt(OWNER, f"SELECT has_schema_privilege('{NOBODY}', 'public', '{right}')") == [
                (False,)
            ]

    def test_every_function_that_runs_as_the_owner_looks_for_names_in_fixed_places(self, attempt):
        functions = attempt(
            OWNER,
            "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (prosecdef OR provolatile <> 'i')",  # what tests a value runs as whoever adds it
        )
        assert len(functions) > 10
        assert {tuple(settings) for _, settings in functions} == {
            ("search_path=pg_catalog, public, pg_temp",)
        }
