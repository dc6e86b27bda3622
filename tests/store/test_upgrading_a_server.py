"""A store on a server that an older version of the program has made, brought to the present one."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from fluoro_annotator.errors import StoreDamagedError, StorePermissionError, StoreVersionError
from fluoro_annotator.store import PostgresStore, migrations, postgres_upgrading, upgrade_store
from fluoro_annotator.store.schema import SCHEMA_VERSION

psycopg = pytest.importorskip("psycopg")

DATABASES = Path(__file__).parent / "databases"
GROUPS = files("fluoro_annotator.store") / "server" / "groups.sql"

LAYOUT = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT pg_get_functiondef(oid), coalesce(proacl, acldefault('f', proowner))::text FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "policies": "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'",
    "rights": "SELECT relname, relkind::text, relrowsecurity, relowner::regrole::text, "
    "coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))::text FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace",
    "rights to columns": "SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute "
    "WHERE attacl IS NOT NULL AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    "version": "SELECT version_num FROM alembic_version",
}


def layout(database) -> dict[str, list[tuple]]:
    with database.connect("superuser") as connection:
        return {what: sorted(connection.execute(query).fetchall(), key=str) for what, query in LAYOUT.items()}


def rows(database, statement) -> list[tuple]:
    with database.connect("superuser") as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def old(postgres_database):
    """A store on a server with tables of version 2."""
    with postgres_database.connect() as connection:
        connection.execute(GROUPS.read_text("utf-8"))
    with postgres_database.connect("superuser") as connection:
        connection.execute((DATABASES / "schema_2_server.sql").read_text("utf-8"))
    yield postgres_database
    postgres_database.remove_roles()


def test_an_older_store_is_refused_with_the_command_that_upgrades_it(old):
    with pytest.raises(StoreVersionError, match="older version") as caught:
        PostgresStore(old.url())
    assert "fluoro-annotator store upgrade" in caught.value.remedy


def test_an_upgraded_store_is_like_a_new_one(old, request):
    assert upgrade_store(old.url()) == 2
    upgraded = layout(old)
    new = layout(request.getfixturevalue("shared_server_store"))
    for what, found in new.items():
        assert upgraded[what] == found, what


def test_what_the_old_store_held_is_there(old):
    revisions = "SELECT * FROM revision ORDER BY reading_id, sequence"
    before = rows(old, revisions)
    upgrade_store(old.url())
    assert rows(old, revisions) == before
    with PostgresStore(old.url()) as store:
        assert store.verify() == ()
        assert store.studies() == ("2.25.1", "2.25.2")
        assert [reading.reader for reading in store.readings()] == ["Reader A", "Reader B", "Reader A"]
        assert [grave.subject for grave in store.tombstones()] == ["reading-4"]
        assert store.status().schema_version == SCHEMA_VERSION
        assert store.practice.answers() == ()


def test_once_is_enough(old):
    upgrade_store(old.url())
    before = layout(old)
    assert upgrade_store(old.url()) is None
    assert layout(old) == before


def test_only_the_owner_upgrades(old):
    old.add_login("Administrator A", "administrator")
    with pytest.raises(StorePermissionError, match="its owner alone"):
        upgrade_store(old.url("Administrator A"))


def test_a_newer_store_is_refused(old):
    with old.connect() as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    with pytest.raises(StoreVersionError, match="newer version"):
        upgrade_store(old.url())


def test_a_fault_in_the_middle_leaves_the_store_as_it_was(old, monkeypatch):
    before = layout(old)

    def fails(connection):
        migrations.migrate(connection)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(postgres_upgrading, "migrate", fails)
    with pytest.raises(OSError, match="No space"):
        upgrade_store(old.url())
    assert layout(old) == before


def test_a_store_that_is_not_sound_is_left_as_it_was(old):
    with old.connect("superuser") as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE revision SET author = 'Reader Z' WHERE sequence = 3")
    before = layout(old)
    with pytest.raises(StoreDamagedError, match="left as it was"):
        upgrade_store(old.url())
    assert layout(old) == before
