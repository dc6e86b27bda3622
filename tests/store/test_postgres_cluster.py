"""The server that the tests start for themselves."""

from __future__ import annotations

import os

import pytest

psycopg = pytest.importorskip("psycopg")


def test_each_test_has_an_empty_database(postgres_database):
    with postgres_database.connect() as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        name, encoding = connection.execute("SELECT current_database(), getdatabaseencoding()").fetchone()
    assert (tables, name, encoding) == ((0,), postgres_database.name, "UTF8")


def test_it_is_reached_from_this_computer_only_and_asks_for_a_password(postgres_database):
    with postgres_database.connect() as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()
    assert listens == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        postgres_database.connect("superuser", "wrong")


def test_it_stops_and_comes_back_at_the_same_place(postgres_database, postgres_cluster):
    with postgres_database.connect() as connection:
        connection.execute("CREATE TABLE kept (number integer)")
    port = postgres_cluster.port
    postgres_cluster.stop("immediate")
    assert not postgres_cluster.runs()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        postgres_database.connect()
    postgres_cluster.start()
    assert postgres_cluster.port == port
    with postgres_database.connect() as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.skipif(os.name != "posix", reason="folders have owners on POSIX only")
def test_it_does_not_run_as_root(postgres_cluster):
    assert (postgres_cluster.log.parent / "data").stat().st_uid != 0
