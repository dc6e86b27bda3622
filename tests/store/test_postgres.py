"""The store on a server, through the product: people, conflicts, outages and what it says of them."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import text

from fluoro_annotator import settings
from fluoro_annotator.errors import (
    MissingExtraError,
    ReadingClosedError,
    StoreConflictError,
    StoreError,
    StorePermissionError,
    StoreUnavailableError,
    StoreVersionError,
    UnknownReadingError,
)
from fluoro_annotator.marks import (
    Draft,
    Purpose,
    Reading,
    RevisionKind,
    Role,
    StudyRecord,
    Submission,
    chain,
)
from fluoro_annotator.store import (
    Identity,
    PostgresStore,
    StoreRecorder,
    StoreRole,
    StoreUser,
    create_store,
    open_session,
    open_store,
    postgres_bulk,
    postgres_engine,
    rescued,
)
from fluoro_annotator.store.postgres_errors import CLASSES, STATES, WORDS, meaning
from fluoro_annotator.store.rows import study_to_row

psycopg = pytest.importorskip("psycopg")

ATTENDING, TRAINEE, AUDITOR, ADMINISTRATOR = "Reader A", "Reader B", "Reader C", "Reader D"
CANARY, ANOTHER = "canary-4711", "another one"
LOGINS = {ATTENDING: "attending", TRAINEE: "trainee", AUDITOR: "auditor", ADMINISTRATOR: "administrator"}


@pytest.fixture
def opened(server_store):
    """Return a function that opens the store as a login, which has the role of `LOGINS`."""
    stores = []
    for login, role in LOGINS.items():
        server_store.add_login(login, role)

    def open_as(login="store_owner"):
        stores.append(PostgresStore(server_store.url(login)))
        return stores[-1]

    yield open_as
    for store in stores:
        store.close()


@pytest.fixture
def attending(opened, study):
    store = opened(ATTENDING)
    store.save_study(study)
    return store


@pytest.fixture
def begun(attending, reading):
    """A reading of the attending."""
    return attending.begin(reading)


def submission(author):
    return Draft(kind=RevisionKind.ADD, mark=Submission(), author=author)


class TestReading:
    def test_an_attending_reads_and_finds_everything_again(self, opened, attending, study, make_draft):
        session, recorder = open_session(attending, study, reader=ATTENDING)
        marks = [session.add(make_draft(row).mark) for row in (1, 2)]
        assert recorder.state.saved
        assert session.reading.role is Role.ATTENDING
        again, _ = open_session(opened(ATTENDING), study, reader=ATTENDING)
        assert again.marks == tuple(marks)
        assert attending.verify() == opened().verify() == ()

    def test_a_trainee_practises_and_then_sees_the_reference(
        self, opened, attending, begun, study, make_draft
    ):
        reference = attending.begin(replace(begun, reading_id="reference", purpose=Purpose.REFERENCE))
        attending.append(reference.reading_id, [make_draft(), submission(ATTENDING)], after=0)
        trainee = opened(TRAINEE)
        own = trainee.begin(Reading(study_uid=study.uid, reader=TRAINEE, purpose=Purpose.PRACTICE))
        trainee.append(own.reading_id, [make_draft(author=TRAINEE)], after=0)
        assert trainee.readings() == (own,)
        with pytest.raises(UnknownReadingError):
            trainee.revisions(reference.reading_id)
        trainee.append(own.reading_id, [submission(TRAINEE)], after=1)
        assert set(trainee.readings()) == {own, reference}
        assert len(trainee.revisions(reference.reading_id)) == 2
        assert trainee.verify() == ()

    def test_what_somebody_may_not_see_is_not_counted_or_listed(self, opened, begun):
        trainee = opened(TRAINEE)
        assert (trainee.status().readings, opened(AUDITOR).status().readings) == (0, 1)
        assert trainee.index().studies[0].readings == ()

    def test_an_auditor_opens_what_is_there_and_begins_nothing(self, opened, begun, study):
        auditor = opened(AUDITOR)
        assert auditor.readings() == (begun,)
        auditor.save_study(study)  # nothing new in it
        with pytest.raises(
            StorePermissionError, match="takes no readings from Reader C, whose role in it is auditor"
        ):
            auditor.begin(Reading(study_uid=study.uid, reader=AUDITOR))
        with pytest.raises(StorePermissionError, match="takes no readings from Reader C"):
            auditor.save_study(StudyRecord("1.9", study.images))

    def test_nobody_reads_under_another_name(self, attending, study):
        with pytest.raises(StorePermissionError, match=f"under the login, {ATTENDING}, not under Reader X"):
            attending.begin(Reading(study_uid=study.uid, reader="Reader X"))
        with pytest.raises(StorePermissionError):
            attending.add_reading(Reading(study_uid=study.uid, reader="Reader X", role=Role.ATTENDING))

    def test_nor_adds_marks_under_another_name(self, attending, begun, make_draft):
        with pytest.raises(StorePermissionError, match="Work under your own login"):
            attending.append(begun.reading_id, [make_draft(author="Reader X")], after=0)
        assert attending.revisions(begun.reading_id) == ()

    def test_nor_into_the_reading_of_another_one(self, opened, begun, make_draft, server_store):
        server_store.add_login("Reader E", "attending")
        other = opened("Reader E")
        assert other.readings() == (begun,)
        with pytest.raises(StorePermissionError):
            other.append(begun.reading_id, [make_draft(author="Reader E")], after=0)

    @pytest.mark.parametrize("login", [ATTENDING, "store_owner"])
    def test_many_revisions_at_once_come_back_the_same(self, opened, begun, make_draft, monkeypatch, login):
        monkeypatch.setattr(postgres_bulk, "AT_ONCE", 700)
        monkeypatch.setattr(postgres_bulk, "COPIED_AT_ONCE", 700)
        drafts = [
            make_draft(row, client="\\N, 'é\\t\"") if row % 7 else make_draft(row) for row in range(1500)
        ]
        stream = chain(begun.reading_id, drafts)
        opened(login).append_chained(begun.reading_id, stream)
        assert opened(AUDITOR).revisions(begun.reading_id) == stream
        assert opened(AUDITOR).head(begun.reading_id).sequence == 1500
        assert opened(AUDITOR).verify() == ()

    def test_of_many_revisions_with_a_wrong_one_none_is_kept(self, attending, begun, make_draft, monkeypatch):
        monkeypatch.setattr(postgres_bulk, "AT_ONCE", 20)
        drafts = [make_draft(row) for row in range(50)]
        with pytest.raises(StorePermissionError):
            attending.append(begun.reading_id, [*drafts, make_draft(author="Reader X")], after=0)
        assert attending.revisions(begun.reading_id) == ()
        assert attending.head(begun.reading_id).sequence == 0

    def test_nor_if_the_owner_copies_them(self, opened, attending, begun, make_draft, monkeypatch):
        monkeypatch.setattr(postgres_bulk, "MANY", 10)
        monkeypatch.setattr(postgres_bulk, "COPIED_AT_ONCE", 20)
        monkeypatch.setattr("fluoro_annotator.store.sql.check_open", lambda *_, **__: None)
        drafts = [make_draft(row) for row in range(30)]
        drafts.insert(25, submission(ATTENDING))
        with pytest.raises(ReadingClosedError, match="as submitted"):
            opened().append(begun.reading_id, drafts, after=0)
        assert attending.revisions(begun.reading_id) == ()

    def test_the_server_closes_a_submitted_reading_by_itself(self, attending, begun, make_draft, monkeypatch):
        attending.append(begun.reading_id, [submission(ATTENDING)], after=0)
        monkeypatch.setattr("fluoro_annotator.store.sql.check_open", lambda *_, **__: None)
        with pytest.raises(ReadingClosedError, match="as submitted"):
            attending.append(begun.reading_id, [make_draft()], after=1)


class TestTwoAtOnce:
    def test_the_second_gets_a_conflict_and_both_streams_are_kept(self, opened, attending, begun, make_draft):
        first, second = attending, opened(ATTENDING)
        first.append(begun.reading_id, [make_draft(1)], after=0)
        with pytest.raises(StoreConflictError, match="ends with change 1, not 0"):
            second.append(begun.reading_id, [make_draft(2)], after=0)
        recorder = StoreRecorder(second, begun, after=0)
        recorder.record([make_draft(3)])
        recorder.close()
        assert recorder.state.saved
        assert [revision.draft.mark.position.row for revision in first.revisions(begun.reading_id)] == [1, 3]

    def test_whoever_comes_at_the_same_moment_meets_a_conflict_or_nothing(self, opened, begun, make_draft):
        stores, ready = [opened(ATTENDING) for _ in range(4)], Barrier(4)

        def write(store):
            ready.wait()
            refused = 0
            for number in range(10):
                while True:
                    try:
                        after = store.head(begun.reading_id).sequence
                        store.append(begun.reading_id, [make_draft(number)], after=after)
                    except StoreConflictError:
                        refused += 1
                    else:
                        break
            return refused

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, stores))
        kept = stores[0].revisions(begun.reading_id)
        assert [revision.sequence for revision in kept] == list(range(1, 41))
        assert stores[0].verify() == ()

    def test_two_who_begin_at_once_get_the_same_reading(self, opened, attending, study):
        stores, ready = [opened(ATTENDING) for _ in range(4)], Barrier(4)

        def begin(store):
            ready.wait()
            return store.begin(Reading(study_uid=study.uid, reader=ATTENDING))

        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(begin, stores))) == 1

    def test_two_who_save_a_study_at_once_keep_the_facts_of_both(self, opened, attending, image):
        stores, ready = [opened(ATTENDING) for _ in range(4)], Barrier(4)

        def save(numbered):
            number, store = numbered
            ready.wait()
            store.save_study(StudyRecord("1.8", (replace(image, sop_instance_uid=f"1.8.{number}"),)))

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(save, enumerate(stores)))
        assert len(attending.study("1.8").images) == 4

    @pytest.mark.parametrize(
        ("table", "entry", "fact"),
        [
            (
                "study",
                (
                    "INSERT INTO study_entry (entry, uid, pseudonym, study_date, region, equipment, saved_at) "
                    "VALUES (%(entry)s, '1.8', '', '', '', %(fact)s, '')"
                ),
                "equipment",
            ),
            (
                "image",
                (
                    "INSERT INTO image_entry (entry, study_uid, sop_instance_uid, series_uid, rows, columns, frames, "
                    "modality, view, calibration_source, calibration_note, saved_at) "
                    "VALUES (%(entry)s, '1.8', '1.8.1', '1.8.0', 1, 1, 1, '', %(fact)s, 'none', '', '')"
                ),
                "view",
            ),
        ],
    )
    def test_of_two_entries_the_later_number_wins_whichever_ends_last(self, server_store, table, entry, fact):
        with (
            server_store.connect() as first,
            server_store.connect() as second,
            ThreadPoolExecutor() as threads,
        ):
            with second.transaction():
                second.execute(entry, {"entry": 11, "fact": "later"})
                late = threads.submit(first.execute, entry, {"entry": 10, "fact": "earlier"})
                waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
                while second.execute(waiting).fetchone() == (0,):
                    assert not late.done()
            late.result()
            rows = second.execute(f"SELECT entry, {fact} FROM {table}").fetchall()  # noqa: S608  # cases above
        assert rows == [(10, "later")]


class TestPeople:
    def test_everybody_is_who_the_login_says(self, opened):
        assert {login: opened(login).identity() for login in LOGINS} == {
            ATTENDING: Identity(ATTENDING, Role.ATTENDING),
            TRAINEE: Identity(TRAINEE, Role.TRAINEE),
            AUDITOR: Identity(AUDITOR, Role.AUDITOR),
            ADMINISTRATOR: Identity(ADMINISTRATOR, Role.NOT_STATED),
        }
        assert opened().identity() is None
        assert opened().me() == StoreUser("store_owner", None, is_owner=True)

    def test_who_has_a_role_is_listed(self, opened):
        listed = tuple(StoreUser(login, StoreRole(role)) for login, role in sorted(LOGINS.items()))
        assert opened(ADMINISTRATOR).users() == opened().users() == listed

    def test_an_administrator_makes_a_login_which_can_read_at_once(self, opened, server_store, new_login):
        words = "a 'new' one"
        opened(ADMINISTRATOR).grant(new_login, StoreRole.TRAINEE, password=words)
        with PostgresStore(server_store.url(new_login, words)) as store:
            assert store.identity() == Identity(new_login, Role.TRAINEE)

    def test_every_grant_leaves_an_entry(self, opened, server_store, new_login):
        administrator = opened(ADMINISTRATOR)
        administrator.grant(new_login, StoreRole.TRAINEE)
        administrator.grant(new_login, StoreRole.TRAINEE)  # holds it already
        administrator.revoke(new_login, StoreRole.TRAINEE)
        opened().grant(new_login, StoreRole.ATTENDING)
        with server_store.connect(AUDITOR) as connection:
            rows = connection.execute(
                "SELECT role, granted, changed_by FROM grant_entry WHERE login = %s ORDER BY entry",
                [new_login],
            ).fetchall()
        assert rows == [
            ("trainee", 1, ADMINISTRATOR),
            ("trainee", 0, ADMINISTRATOR),
            ("attending", 1, "store_owner"),
        ]

    def test_a_role_that_is_taken_away_ends_at_once(self, opened, attending, begun, make_draft, server_store):
        attending.append(begun.reading_id, [make_draft()], after=0)
        opened(ADMINISTRATOR).revoke(ATTENDING, StoreRole.ATTENDING)
        with pytest.raises(StorePermissionError):
            attending.append(begun.reading_id, [make_draft()], after=1)
        with pytest.raises(StorePermissionError):
            attending.studies()
        with pytest.raises(StorePermissionError, match="does not let this login use this database"):
            PostgresStore(server_store.url(ATTENDING))
        assert len(opened().revisions(begun.reading_id)) == 1

    def test_whoever_becomes_a_trainee_sees_no_more_than_one(self, opened, attending, begun):
        assert attending.readings() == (begun,)
        administrator = opened(ADMINISTRATOR)
        other = opened(AUDITOR)
        for _ in range(10):  # long enough that the driver prepares the statement
            assert other.readings() == (begun,)
        administrator.revoke(AUDITOR, StoreRole.AUDITOR)
        administrator.grant(AUDITOR, StoreRole.TRAINEE)
        assert other.readings() == ()

    @pytest.mark.parametrize("login", [ATTENDING, TRAINEE, AUDITOR])
    def test_only_administrators_and_the_owner_give_and_purge(self, opened, begun, login):
        store = opened(login)
        acts = (
            lambda: store.grant(login, StoreRole.ADMINISTRATOR),
            lambda: store.revoke(ADMINISTRATOR, StoreRole.ADMINISTRATOR),
            lambda: store.purge_study("1.2", reason="tidying", by=login),
        )
        for act in acts:
            with pytest.raises(StorePermissionError, match="only its administrators and its owner"):
                act()

    @pytest.mark.parametrize(
        ("login", "words"),
        [
            ("superuser", "stand above the rules"),
            ("store_owner", "stand above the rules"),
            (ATTENDING, "is attending already"),
            ("fluoro_auditor", "cannot be the name of a login"),
            ("pg_monitor", "cannot be the name of a login"),
            ("x" * 64, "longer than 63 bytes"),
            ("é" * 32, "longer than 63 bytes"),
            ("", "has no name"),
            ("a\nb", "control characters"),
        ],
    )
    def test_a_login_that_cannot_have_the_role(self, opened, login, words):
        before = opened().users()
        with pytest.raises(StoreError, match=words):
            opened(ADMINISTRATOR).grant(login, StoreRole.TRAINEE)
        assert opened().users() == before

    def test_a_group_of_the_server_is_no_login(self, opened, server_store):
        with server_store.connect("superuser") as connection:
            connection.execute("CREATE ROLE a_group NOLOGIN")
        try:
            with pytest.raises(StoreError, match="is a group of the server"):
                opened(ADMINISTRATOR).grant("a_group", StoreRole.TRAINEE)
        finally:
            with server_store.connect("superuser") as connection:
                connection.execute("DROP ROLE a_group")

    @pytest.mark.parametrize("group", ["superuser", "pg_write_all_data", "pg_execute_server_program"])
    def test_a_login_that_may_become_somebody_above_the_rules(self, opened, server_store, new_login, group):
        with server_store.connect("superuser") as connection:
            connection.execute('CREATE ROLE "Reader N\'" LOGIN NOINHERIT')
            connection.execute(f'GRANT {group} TO "Reader N\'"')
        with pytest.raises(StoreError, match="stand above the rules"):
            opened(ADMINISTRATOR).grant(new_login, StoreRole.TRAINEE)

    def test_nobody_can_hold_up_the_loss_of_a_role(self, opened, server_store):
        with server_store.connect(TRAINEE) as connection:
            connection.execute(
                "SELECT pg_advisory_lock(number) FROM (VALUES (hashtextextended('grants', 2))) AS v (number)"
            )
            opened(ADMINISTRATOR).revoke(TRAINEE, StoreRole.TRAINEE)
        assert TRAINEE not in {user.login for user in opened().users()}

    def test_a_value_that_could_not_be_read_again_is_refused_with_its_reason(
        self, opened, study, monkeypatch
    ):
        monkeypatch.setattr("fluoro_annotator.store.statements.study_to_row", _of_another_region)
        with pytest.raises(StoreError, match="could not be read again"):
            opened(ATTENDING).save_study(study)

    def test_the_password_of_a_login_is_its_own(self, opened, server_store):
        opened().revoke(TRAINEE, StoreRole.TRAINEE)
        with pytest.raises(StoreError, match="exists already with a password of its own"):
            opened(ADMINISTRATOR).grant(TRAINEE, StoreRole.ATTENDING, password=ANOTHER)
        opened(ADMINISTRATOR).grant(TRAINEE, StoreRole.ATTENDING)
        assert opened(TRAINEE).identity() == Identity(TRAINEE, Role.ATTENDING)

    def test_a_password_as_it_is_never_reaches_the_server(self, opened, server_store, new_login):
        with server_store.connect("superuser") as connection:
            connection.execute(f"ALTER DATABASE {server_store.name} SET log_statement = 'all'")
        opened(ADMINISTRATOR).grant(new_login, StoreRole.TRAINEE, password=CANARY)
        assert "grant_role" in server_store.cluster.log_text()
        assert CANARY not in server_store.cluster.log_text()
        with (
            server_store.connect(ADMINISTRATOR) as connection,
            pytest.raises(psycopg.Error, match="not hashed"),
        ):
            connection.execute("SELECT grant_role('Reader Y', 'trainee', 'plain')")

    def test_a_role_that_a_login_does_not_hold_is_not_taken(self, opened):
        for login, role in ((TRAINEE, StoreRole.AUDITOR), ("nobody of this name", StoreRole.TRAINEE)):
            with pytest.raises(StoreError, match="does not hold this role"):
                opened(ADMINISTRATOR).revoke(login, role)

    @pytest.fixture
    def new_login(self, server_store):
        yield "Reader N'"
        with server_store.connect("superuser") as connection:
            connection.execute('DROP ROLE IF EXISTS "Reader N\'"')


def _of_another_region(study):
    return study_to_row(study) | {"region": "neck"}


class TestPurging:
    def test_an_administrator_purges_under_the_own_login(self, opened, attending, begun, make_draft):
        kept = attending.append(begun.reading_id, [make_draft()], after=0)
        tombstone = opened(ADMINISTRATOR).purge_reading(begun.reading_id, reason="wrong study", by="Reader Z")
        assert (tombstone.purged_by, tombstone.reason) == (ADMINISTRATOR, "wrong study")
        assert (tombstone.revisions, tombstone.last_hash) == (1, kept[-1].hash)
        assert attending.readings() == ()
        assert attending.tombstones() == (tombstone,)
        with pytest.raises(StoreConflictError):
            attending.add_reading(begun)
        assert opened().verify() == ()

    def test_a_trainee_does_not_bring_back_what_was_purged(self, opened, attending, study, make_draft):
        trainee = opened(TRAINEE)
        own = trainee.begin(Reading(study_uid=study.uid, reader=TRAINEE))
        opened(ADMINISTRATOR).purge_study(study.uid, reason="wrong patient", by=ADMINISTRATOR)
        trainee.save_study(study)
        assert trainee.tombstones() == ()
        with pytest.raises(StoreConflictError, match="tombstone"):
            trainee.add_reading(own)

    def test_with_an_old_tombstone_the_owner_deletes_nothing(self, opened, attending, begun, server_store):
        opened().purge_study("1.2", reason="wrong patient", by="Reader Z")
        attending.save_study(StudyRecord("1.2", ()))
        with server_store.connect() as connection, pytest.raises(psycopg.Error, match="never deleted but by"):
            connection.execute("DELETE FROM study_entry")


class TestRulesSwitchedOff:
    def test_verifying_names_a_trigger_that_is_off(self, opened, begun, server_store):
        with server_store.connect() as connection:
            connection.execute("ALTER TABLE revision DISABLE TRIGGER revision_never_changes")
            connection.execute("ALTER TABLE head DISABLE ROW LEVEL SECURITY")
        problems = " ".join(opened(AUDITOR).verify())
        assert "trigger revision_never_changes is switched off" in problems
        assert "table head is open to everybody" in problems

    def test_what_a_superuser_changed_meanwhile_is_found(
        self, opened, attending, begun, make_draft, server_store
    ):
        attending.append(begun.reading_id, [make_draft(1), make_draft(2)], after=0)
        with server_store.connect("superuser") as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE revision SET author = 'Reader X' WHERE sequence = 1")
        assert any("revision 1 of" in problem for problem in opened(AUDITOR).verify())


class TestOutage:
    @pytest.fixture
    def recording(self, opened, attending, study, server_store):
        session, recorder = open_session(
            lambda: PostgresStore(server_store.url(ATTENDING)), study, reader=ATTENDING
        )
        yield session, recorder
        recorder.close()

    def test_marks_wait_on_disk_and_are_delivered_once_in_order(
        self, recording, opened, server_store, postgres_cluster, make_draft
    ):
        session, recorder = recording
        told = []
        recorder.state_changed.connect(told.append)
        marks = [session.add(make_draft(1).mark)]
        postgres_cluster.stop("immediate")
        marks += [session.add(make_draft(row).mark) for row in (2, 3)]
        state = recorder.state
        assert (state.saved, state.pending) == (False, 2)
        assert "cannot be reached" in state.problem
        assert server_store.url(ATTENDING) not in state.problem
        assert state.rescue_file.is_file()
        assert [draft.mark for draft in rescued(session.reading.reading_id)] == marks[1:]
        assert not recorder.retry().saved
        postgres_cluster.start()
        marks.append(session.add(make_draft(4).mark))
        assert recorder.state.saved
        assert [state.saved for state in told] == [True, False, False, False, True]
        kept = opened(ATTENDING).revisions(session.reading.reading_id)
        assert [revision.draft.mark for revision in kept] == marks
        assert rescued(session.reading.reading_id) == ()
        assert opened().verify() == ()

    def test_what_was_left_behind_is_delivered_with_the_next_start(
        self, recording, opened, study, postgres_cluster, make_draft
    ):
        session, recorder = recording
        postgres_cluster.stop("immediate")
        mark = session.add(make_draft().mark)
        recorder.close()
        postgres_cluster.start()
        again, _ = open_session(opened(ATTENDING), study, reader=ATTENDING)
        assert again.marks == (mark,)

    @pytest.mark.parametrize("broken", ["restart", "killed"])
    def test_a_connection_that_broke_is_replaced_unnoticed(
        self, attending, begun, server_store, broken, make_draft
    ):
        if broken == "restart":
            server_store.cluster.stop("immediate")
            server_store.cluster.start()
        else:
            with server_store.connect("superuser") as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ATTENDING]
                )
        attending.append(begun.reading_id, [make_draft()], after=0)
        assert len(attending.revisions(begun.reading_id)) == 1

    def test_a_connection_that_breaks_in_the_middle_loses_nothing_that_was_confirmed(
        self, attending, begun, server_store, make_draft, monkeypatch
    ):
        attending.append(begun.reading_id, [make_draft()], after=0)
        with server_store.connect("superuser") as other:

            def broken(connection, _revisions):
                number = connection.scalar(text("SELECT pg_backend_pid()"))
                other.execute("SELECT pg_terminate_backend(%s)", [number])

            monkeypatch.setattr(attending, "_keep_up", broken)  # after the insert, before the end of it
            with pytest.raises(StoreUnavailableError):
                attending.append(begun.reading_id, [make_draft()], after=1)
        assert len(attending.revisions(begun.reading_id)) == 1


class TestWhatIsSaid:
    def refusal(self, address, kind=StoreUnavailableError):
        with pytest.raises(kind) as caught:
            PostgresStore(address)
        return str(caught.value)

    def test_a_wrong_password(self, opened, server_store):
        assert "does not accept this login" in self.refusal(server_store.url(ATTENDING, "wrong"))

    def test_no_password(self, opened, server_store, monkeypatch):
        monkeypatch.setenv("PGPASSFILE", "/nowhere")
        monkeypatch.delenv("PGPASSWORD", raising=False)
        assert "asks for a password" in self.refusal(server_store.cluster.url(server_store.name, ATTENDING))

    def test_an_unknown_database(self, opened, server_store):
        assert "no such database" in self.refusal(server_store.url().replace(server_store.name, "nothing"))

    def test_a_server_that_does_not_answer(self, server_store):
        address = server_store.url().replace(f":{server_store.cluster.port}/", ":1/")
        assert "cannot be reached" in self.refusal(address)

    def test_a_host_that_does_not_exist(self):
        assert "no computer of this name" in self.refusal("postgresql://someone@host.invalid/readings")

    def test_a_server_without_encryption(self, server_store):
        assert "does not encrypt" in self.refusal(f"{server_store.url()}?sslmode=require")

    def test_a_database_without_a_store(self, postgres_database):
        assert "store init" in self.refusal(postgres_database.url())

    def test_a_login_without_a_role(self, server_store):
        server_store.add_login("Reader Q")
        assert "Ask an administrator" in self.refusal(server_store.url("Reader Q"), StorePermissionError)

    def test_no_free_connection(self, server_store):
        server_store.add_login("Reader Q", "auditor")
        with server_store.connect("superuser") as connection:
            connection.execute('ALTER ROLE "Reader Q" CONNECTION LIMIT 0')
            try:
                assert "no free connection" in self.refusal(server_store.url("Reader Q"))
            finally:
                connection.execute('ALTER ROLE "Reader Q" CONNECTION LIMIT -1')

    @pytest.mark.parametrize(("version", "words"), [(1, "older .* store upgrade"), (99, "newer .*Update")])
    def test_another_version(self, server_store, version, words):
        with server_store.connect() as connection:
            connection.execute("UPDATE meta SET schema_version = %s", [version])
        with pytest.raises(StoreVersionError, match=words):
            PostgresStore(server_store.url())

    def test_a_reading_that_another_program_holds(self, opened, begun, server_store, make_draft, monkeypatch):
        monkeypatch.setitem(postgres_engine.SESSION, "lock_timeout", "100ms")
        with server_store.connect(ATTENDING) as other, other.transaction():
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [begun.reading_id])
            with pytest.raises(StoreUnavailableError, match="held by another program"):
                opened(ATTENDING).append(begun.reading_id, [make_draft()], after=0)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (psycopg.errors.DiskFull, StoreUnavailableError),
            (psycopg.errors.ReadOnlySqlTransaction, StoreUnavailableError),
            (psycopg.errors.DataCorrupted, StoreUnavailableError),
            (psycopg.errors.SerializationFailure, StoreConflictError),
            (psycopg.errors.DeadlockDetected, StoreConflictError),
            (psycopg.errors.UniqueViolation, StoreConflictError),
            (psycopg.errors.NotNullViolation, StoreConflictError),
            (psycopg.errors.AdminShutdown, StoreUnavailableError),
            (psycopg.errors.ConnectionFailure, StoreUnavailableError),
            (psycopg.errors.IoError, StoreUnavailableError),
            (psycopg.errors.SyntaxError, StoreUnavailableError),
        ],
    )
    def test_faults_that_are_hard_to_bring_about(self, fault, kind):
        told = meaning(fault("words of the server"))
        assert told.kind is kind
        assert "words of the server" not in told.problem + told.remedy

    @pytest.mark.parametrize(
        "words",
        [
            'root certificate file "root.crt" does not exist',
            "SSL error: certificate verify failed",
            'server certificate for "a" does not match host name "b"',
        ],
    )
    def test_a_certificate_that_is_not_trusted(self, words):
        told = meaning(psycopg.OperationalError(f'connection to server at "host", port 5432 failed: {words}'))
        assert "certificate that is not trusted" in told.problem
        assert "sslrootcert" in told.remedy

    def test_a_server_that_speaks_another_language_is_not_called_unreachable(self, opened, server_store):
        with pytest.raises(psycopg.OperationalError) as caught:
            server_store.connect(ATTENDING, "wrong")
        refused = psycopg.OperationalError(
            "Passwort-Authentifizierung fehlgeschlagen", pgconn=caught.value.pgconn
        )
        assert "does not let this login in" in meaning(refused).problem
        assert meaning(psycopg.OperationalError("Verbindungsaufbau abgelehnt")).problem == "cannot be reached"

    def test_every_meaning_says_what_is_wrong_and_what_to_do(self):
        for told in (*STATES.values(), *CLASSES.values(), *WORDS.values()):
            assert told.problem[0].islower()
            assert told.remedy.endswith(".")

    def test_without_psycopg_the_extra_is_named(self, monkeypatch):
        monkeypatch.setattr(postgres_engine, "find_spec", lambda _name: None)
        with pytest.raises(MissingExtraError, match=r"fluoro-annotator\[postgres\]"):
            PostgresStore("postgresql://someone@localhost/readings")


class TestAddress:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("postgresql://canary:canary@host:port/readings", "cannot be understood"),
            ("mysql://canary:canary@host/readings", "not that of a PostgreSQL server"),
            ("postgresql:///readings", "names no host"),
            ("postgresql://canary:canary@host", "names no host or no database"),
            ("postgresql://host/readings?password=canary", "option that is not known here: password"),
            ("postgresql://host/readings?options=canary", "option that is not known here: options"),
        ],
    )
    def test_an_address_that_is_none(self, address, words):
        with pytest.raises(StoreUnavailableError, match=words) as caught:
            PostgresStore(address)
        assert "canary" not in "".join(traceback.format_exception(caught.value))

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
    def test_both_spellings_open_the_store(self, server_store, scheme):
        with open_store(server_store.url().replace("postgresql", scheme, 1)) as store:
            assert isinstance(store, PostgresStore)
            assert store.studies() == ()

    def test_the_setting_may_name_a_server(self, server_store, monkeypatch):
        monkeypatch.setenv(settings.STORE_VARIABLE, server_store.url())
        with open_store() as store:
            assert store.describe().endswith(server_store.name)

    def test_the_password_may_come_from_its_file_or_from_libpq(
        self, opened, server_store, tmp_path, monkeypatch
    ):
        address = server_store.cluster.url(server_store.name, ATTENDING)
        secret = (
            server_store.url(ATTENDING).split(":")[2].split("@")[0].replace("%20", " ").replace("%3A", ":")
        )
        (tmp_path / "password").write_text(f"{secret}\n")
        with monkeypatch.context() as patch:
            patch.setenv(settings.PASSWORD_FILE_VARIABLE, str(tmp_path / "password"))
            PostgresStore(address).close()
        with monkeypatch.context() as patch:
            patch.setenv("PGPASSWORD", secret)
            PostgresStore(address).close()

    def test_the_password_is_never_seen(self, opened, server_store, caplog, monkeypatch, make_draft):
        caplog.set_level(logging.DEBUG)
        server_store.add_login("Reader K", "attending")
        with server_store.connect("superuser") as connection:
            connection.execute("ALTER ROLE \"Reader K\" PASSWORD 'canary-0815'")
        address = server_store.url("Reader K", "canary-0815")
        shown = []
        with PostgresStore(address) as store:
            shown += [store.describe(), repr(store), str(vars(store)), repr(store.status())]
            with pytest.raises(StoreError) as caught:
                store.purge_reading("nothing", reason="none", by="Reader K")
            shown += traceback.format_exception(caught.value)
            with server_store.connect("superuser") as connection:
                connection.execute("ALTER ROLE \"Reader K\" PASSWORD 'changed'")
        for faulty in (address, address.replace(server_store.name, "nothing"), address + "?sslmode=require"):
            with pytest.raises(StoreError) as caught:
                PostgresStore(faulty)
            shown += traceback.format_exception(caught.value)
        assert "canary-0815" not in "".join(shown) + caplog.text
        with server_store.connect("superuser") as connection:
            connection.execute('DROP OWNED BY "Reader K"')


class TestMaking:
    def test_only_once(self, server_store):
        with pytest.raises(StoreError, match="is made already"):
            create_store(server_store.url())

    def test_only_in_an_empty_database(self, postgres_database):
        with postgres_database.connect() as connection:
            connection.execute("CREATE TABLE patients (number integer)")
        with pytest.raises(StoreError, match="holds other tables already"):
            create_store(postgres_database.url())

    def test_two_at_once_make_one(self, postgres_database):
        def make(_number):
            try:
                create_store(postgres_database.url())
            except StoreError as error:
                return "is made already" in str(error)
            return None

        with ThreadPoolExecutor(3) as threads:
            assert sorted(map(str, threads.map(make, range(3)))) == ["None", "True", "True"]

    @pytest.mark.parametrize("login", ["Reader Q", "Reader M"])
    def test_only_by_a_login_that_may(self, postgres_database, login):
        rights = "CREATEROLE" if login == "Reader M" else ""  # but not the owner of the database
        with postgres_database.connect("superuser") as connection:
            connection.execute(f'DROP ROLE IF EXISTS "{login}"')
            connection.execute(f"CREATE ROLE \"{login}\" LOGIN PASSWORD 'secret: {login}' {rights}")
        with pytest.raises(StorePermissionError, match=r"CREATE ROLE .* CREATE DATABASE"):
            create_store(postgres_database.url(login))
        with postgres_database.connect("superuser") as connection:
            tables = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
        assert tables == (0,)

    def test_not_where_everybody_may_make_functions(self, postgres_database):
        with postgres_database.connect("superuser") as connection:
            connection.execute("ALTER SCHEMA public OWNER TO superuser")
            connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC, store_owner")
        remedy = 'ALTER SCHEMA public OWNER TO "store_owner";'
        with pytest.raises(StorePermissionError, match=f"everybody may make.*{remedy}"):
            create_store(postgres_database.url())
        with postgres_database.connect("superuser") as connection:
            connection.execute(remedy)
        create_store(postgres_database.url())

    def test_each_store_has_an_identifier_of_its_own(self, server_store, postgres_cluster):
        with PostgresStore(server_store.url()) as store:
            first = store.store_id
            assert store.status().engine.startswith("PostgreSQL 1")
            assert "auditors change nothing" in store.status().protection
        assert len(first) == 36
