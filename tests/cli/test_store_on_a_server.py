"""The commands below store with a real server: no password shows, and people get their roles."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
from practice_made import answer_of, keys_of, version_of

from fluoro_annotator.cli import store_people
from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.store import PostgresStore, SqliteStore

pytest.importorskip("psycopg")

NEW, SECRET = "Reader N", "tiger-9 of Reader N"


@pytest.fixture
def address(server_store) -> str:
    return server_store.url()


@pytest.fixture
def new_login(server_store):
    yield NEW
    server_store.remove_roles()
    with server_store.connect("superuser") as connection:
        connection.execute(f'DROP ROLE IF EXISTS "{NEW}"')


@pytest.fixture
def secrets(postgres_database):
    """What must never be printed: passwords, as they are and as they stand in an address."""
    in_address = postgres_database.url().split(":")[2].split("@")[0]
    return [SECRET, in_address, unquote(in_address)]


def silent(result, secrets) -> bool:
    return not any(secret in result.output for secret in secrets)


def test_a_store_is_made_and_described(run, postgres_database, secrets):
    address = postgres_database.url()
    made = run("store", "init", "--store", address)
    assert made.exit_code == 0, made.output
    status = run("store", "status", "--store", address)
    assert "Kept by: PostgreSQL" in status.stdout
    assert "Holds: 0 studies, 0 readings, 0 changes" in status.stdout
    assert "Protection: by the server" in status.stdout
    again = run("store", "init", "--store", address)
    assert again.exit_code == ExitCode.REFUSED
    assert all(silent(result, secrets) for result in (made, status, again))


def test_there_and_back(run, filled_store, address, secrets):
    there = run("store", "copy", filled_store, address)
    assert there.exit_code == 0, there.output
    assert "2 changes of 2 readings" in there.stdout
    back = run("store", "copy", address, "back.sqlite")
    assert back.exit_code == 0
    noted = run("store", "verify", "--store", filled_store, "--write-heads", "heads.json")
    assert noted.exit_code == 0
    for place in (address, "back.sqlite"):
        compared = run("store", "verify", "--store", place, "--against", "heads.json")
        assert compared.exit_code == 0, compared.output
        assert "those of another store" in compared.stderr
        assert silent(compared, secrets)
    assert silent(there, secrets)
    assert silent(back, secrets)
    listed = run("studies", "list", "--store", address)
    assert "Page 1 of 1; 1 study in all." in listed.stdout
    marks = run("marks", "list", "--store", address)
    assert "L3 medial branch" in marks.stdout
    assert silent(marks, secrets)


def test_a_role_with_a_new_password_from_a_file(run, address, new_login, server_store, secrets):
    Path("password.txt").write_text(f"{SECRET}\nnot this\n", encoding="utf-8")
    given = run("store", "grant", new_login, "trainee", "--password-file", "password.txt", "--store", address)
    assert given.exit_code == 0, given.output
    with PostgresStore(server_store.url(new_login, SECRET)) as store:
        assert store.identity().reader == new_login
    users = run("store", "users", "--store", address)
    assert f"{new_login}\ttrainee" in users.stdout
    mine = run("store", "status", "--store", server_store.url(new_login, SECRET))
    assert f"You: {new_login}, trainee" in mine.stdout
    assert "You: store_owner, owner of the store" in run("store", "status", "--store", address).stdout
    taken = run("store", "revoke", new_login, "trainee", "--store", address)
    assert taken.exit_code == 0
    refused = run("store", "status", "--store", server_store.url(new_login, SECRET))
    assert refused.exit_code == ExitCode.STORE
    assert all(silent(result, secrets) for result in (given, users, mine, taken, refused))


def test_a_new_password_is_asked_for_without_showing_it(run, address, new_login, server_store, monkeypatch):
    asked = []

    def prompt(text, **options):
        asked.append(options)
        return SECRET

    monkeypatch.setattr(store_people, "_at_terminal", lambda: True)
    monkeypatch.setattr(store_people.typer, "prompt", prompt)
    given = run("store", "grant", new_login, "attending", "--store", address)
    assert given.exit_code == 0, given.output
    assert [(options["hide_input"], options["confirmation_prompt"]) for options in asked] == [(True, True)]
    PostgresStore(server_store.url(new_login, SECRET)).close()


def test_where_nobody_can_be_asked_it_is_said(run, address):
    result = run("store", "grant", NEW, "trainee", "--store", address)
    assert result.exit_code == ExitCode.REFUSED
    assert "--password-file" in result.stderr


def test_a_login_that_is_there_keeps_its_password(run, address, server_store):
    server_store.add_login("Reader P")
    result = run("store", "grant", "Reader P", "auditor", "--existing", "--store", address)
    assert result.exit_code == 0, result.output
    assert "Reader P is auditor in postgresql://" in result.stdout


@pytest.mark.parametrize("content", [None, b"", b"\nsecond line", b"\xff\xfe", b"x" * 2000])
def test_a_file_without_a_password_is_refused(run, address, content):
    if content is not None:
        Path("password.txt").write_bytes(content)
    result = run("store", "grant", NEW, "trainee", "--password-file", "password.txt", "--store", address)
    assert result.exit_code == ExitCode.REFUSED
    assert "password.txt" in result.stderr


def test_a_wrong_password_is_said(run, server_store):
    result = run("store", "status", "--store", server_store.url(password="not this one"))  # noqa: S106  # wrong
    assert result.exit_code == ExitCode.STORE
    assert "does not accept this login with this password" in result.stderr
    assert "not this one" not in result.output


def test_a_trainee_can_neither_purge_nor_give_roles(run, filled_store, address, server_store):
    run("store", "copy", filled_store, address)
    server_store.add_login("Reader T", "trainee")
    mine = server_store.url("Reader T")
    with PostgresStore(address) as owner:
        name = owner.readings()[0].reading_id
        commands = [
            ["purge", "--study", owner.studies()[0], "--reason", "why", "--yes"],
            ["grant", "Reader T", "administrator", "--existing"],
            ["backup", "backup.sqlite"],
        ]
        for command in commands:
            result = run("store", *command, "--store", mine)
            assert result.exit_code == ExitCode.STORE, (command, result.output)
        assert owner.reading(name)


def test_an_administrator_purges_under_the_own_name(run, filled_store, address, server_store):
    run("store", "copy", filled_store, address)
    server_store.add_login("Reader D", "administrator")
    with PostgresStore(address) as owner:
        uid = owner.studies()[0]
        command = ["purge", "--study", uid, "--reason", "withdrawn", "--yes"]
        result = run("store", *command, "--store", server_store.url("Reader D"))
        assert result.exit_code == 0, result.output
        assert "with 2 changes" in result.stdout
        assert {grave.purged_by for grave in owner.tombstones()} == {"Reader D"}
        assert owner.studies() == ()


def test_a_store_of_this_version_is_not_upgraded(run, address, secrets):
    result = run("store", "upgrade", "--store", address)
    assert result.exit_code == 0
    assert "has the present version already; nothing was changed" in result.stdout
    assert silent(result, secrets)


def test_an_older_store_is_upgraded_by_its_owner_alone(run, postgres_database, secrets):
    store = Path(__file__).parents[1] / "store" / "databases" / "schema_2_server.sql"
    groups = files("fluoro_annotator.store") / "server" / "groups.sql"
    with postgres_database.connect() as connection:
        connection.execute(groups.read_text("utf-8"))
    with postgres_database.connect("superuser") as connection:
        connection.execute(store.read_text("utf-8"))
    postgres_database.add_login("Reader G", "administrator")
    try:
        place, other = postgres_database.url(), postgres_database.url("Reader G")
        assert "store upgrade" in run("store", "status", "--store", place).stderr
        refused = run("store", "upgrade", "--store", other)
        assert refused.exit_code == ExitCode.STORE
        assert "its owner alone" in refused.stderr
        done = run("store", "upgrade", "--store", place)
        assert done.exit_code == 0
        assert done.stdout.endswith("was upgraded from version 2.\n")
        assert silent(done, secrets)
        assert "Holds: 2 studies, 3 readings, 27 changes" in run("store", "status", "--store", place).stdout
    finally:
        postgres_database.remove_roles()


def test_a_copy_says_what_it_added_of_practice(run, filled_store, address):
    with SqliteStore(filled_store) as store:
        store.practice.publish(version_of(), keys_of())
        store.practice.commit(answer_of())
    there = run("store", "copy", filled_store, address)
    assert "Of practice: 1 version of teaching sets, 1 answer, 0 assignments." in there.stdout
    status = run("store", "status", "--store", address)
    assert "Practice: 1 version of teaching sets, 1 answer\n" in status.stdout
