"""The server that the tests start for themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

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
    with pytest.raises(psycopg.OperationalError, match=r"refused|closed the connection"):
        postgres_database.connect()
    postgres_cluster.start()
    assert postgres_cluster.port == port
    with postgres_database.connect() as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.skipif(os.name != "posix", reason="the guard is a POSIX shell")
@pytest.mark.usefixtures("postgres_cluster")
def test_nothing_is_left_of_it_if_its_maker_is_killed():
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); from postgres_cluster import temporary_cluster\n"
        "with temporary_cluster() as cluster:\n"
        "    print(cluster.port, cluster.log.parent, flush=True); time.sleep(600)"
    )
    tools = Path(__file__).resolve().parents[2] / "tools"
    with subprocess.Popen([sys.executable, "-c", script, tools], stdout=subprocess.PIPE, text=True) as maker:
        port, folder = maker.stdout.readline().split(maxsplit=1)
        data = Path(folder.strip())
        assert data.exists()
        maker.kill()
    patience = time.monotonic() + 60
    while data.exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert not data.exists()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(host="127.0.0.1", port=int(port), dbname="postgres", user="superuser")


@pytest.mark.skipif(os.name != "posix", reason="folders have owners on POSIX only")
def test_it_does_not_run_as_root(postgres_cluster):
    assert (postgres_cluster.log.parent / "data").stat().st_uid != 0
