"""Places of stores: what is a file, what is a server, and what never shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluoro_annotator.errors import FluoroAnnotatorError, StoreUnavailableError
from fluoro_annotator.settings import STORE_VARIABLE
from fluoro_annotator.store import SqliteStore, StoreLocation, open_store

SECRET = "tiger-9"  # noqa: S105  # of nobody


@pytest.mark.parametrize(
    "given",
    [
        "readings.sqlite",
        Path("readings.sqlite"),
        "C:/readings.sqlite",
        "a:b",
        "C:/a@b/c@d.sqlite",
        "C:a@b",
        "/a:b/c@d",
    ],
)
def test_a_path_is_a_file(given):
    place = StoreLocation.of(given)
    assert (place.path, place.shown, place.login) == (Path(given), str(given), "")


def test_an_address_is_shown_without_its_password():
    place = StoreLocation.of(f"postgresql://reader_a:{SECRET}@db.example:5433/readings")
    assert place.path is None
    assert place.shown == "postgresql://reader_a@db.example:5433/readings"
    assert place.login == "reader_a"
    assert SECRET not in repr(place) + str(place)
    assert SECRET in place.url


def test_nothing_is_the_place_of_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "usual.sqlite"))
    assert StoreLocation.of(None).path == tmp_path / "usual.sqlite"
    monkeypatch.setenv(STORE_VARIABLE, f"postgresql://reader_a:{SECRET}@db.example/readings")
    assert StoreLocation.of(None).login == "reader_a"


def test_a_place_stays_what_it_is():
    place = StoreLocation.of("readings.sqlite")
    assert StoreLocation.of(place) is place


@pytest.mark.parametrize(
    "given",
    [
        f"mysql://reader_a:{SECRET}@db.example/readings",
        f"https://reader_a:{SECRET}@db.example/readings",
        f"postgresql+asyncpg://reader_a:{SECRET}@db.example/readings",
        f"postgresql:/reader_a:{SECRET}@db.example/readings",
        f"postgres:reader_a:{SECRET}@db.example/readings",
        Path(f"postgresql://reader_a:{SECRET}@db.example/readings"),
        f"postgresql://reader_a:{SECRET}@/readings",
        f"postgresql://reader_a:{SECRET}@db.example",
        f"postgresql://reader_a:{SECRET}@db.example:port/readings",
        f"postgresql://reader_a@db.example/readings?password={SECRET}",
        f"reader_a:{SECRET}@db.example/readings",
        f"/data/of/somebody/reader_a:{SECRET}@db.example:5432/readings",
        f"host=db.example user=reader_a password={SECRET}",
        "sqlite:///readings.sqlite",
        "",
        " ",
        "a\0b",
    ],
)
def test_what_no_store_can_be_at_is_refused_without_repeating_it(given):
    with pytest.raises(StoreUnavailableError) as caught:
        open_store(given)
    assert SECRET not in str(caught.value)
    assert caught.value.remedy


def test_a_file_is_opened_and_made(tmp_path):
    with open_store(str(tmp_path / "readings.sqlite")) as store:
        assert isinstance(store, SqliteStore)
        assert store.path == tmp_path / "readings.sqlite"


def test_a_server_that_is_not_there_is_said_in_plain_words():
    pytest.importorskip("psycopg")
    with pytest.raises(FluoroAnnotatorError) as caught:
        open_store(f"postgresql://reader_a:{SECRET}@127.0.0.1:1/readings")
    assert "cannot be reached" in str(caught.value)
    assert SECRET not in str(caught.value)
