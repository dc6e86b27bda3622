from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from fluoro_annotator import settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    monkeypatch.delenv(settings.STORE_VARIABLE, raising=False)
    monkeypatch.delenv(settings.READER_VARIABLE, raising=False)


def test_the_names_of_the_variables_are_those_of_the_documentation():
    assert settings.STORE_VARIABLE == "FLUORO_ANNOTATOR_STORE"
    assert settings.READER_VARIABLE == "FLUORO_ANNOTATOR_READER"


def test_a_configured_store_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv(settings.STORE_VARIABLE, str(tmp_path / "department.sqlite"))
    assert settings.store_path() == tmp_path / "department.sqlite"


def test_the_home_folder_is_filled_in(monkeypatch):
    monkeypatch.setenv(settings.STORE_VARIABLE, "~/marks.sqlite")
    assert settings.store_path() == Path.home() / "marks.sqlite"


@pytest.mark.parametrize("blank", ["", "   "])
def test_without_a_store_the_platform_decides(monkeypatch, blank):
    default = settings.store_path()
    assert default.name == "readings.sqlite"
    assert default.is_absolute()
    assert settings.APPLICATION in default.parts
    monkeypatch.setenv(settings.STORE_VARIABLE, blank)
    assert settings.store_path() == default


def test_asking_for_a_place_creates_nothing(monkeypatch, tmp_path):
    target = tmp_path / "deep" / "readings.sqlite"
    monkeypatch.setenv(settings.STORE_VARIABLE, str(target))
    settings.store_path()
    assert list(tmp_path.iterdir()) == []


def test_rescue_and_cache_lie_apart_from_the_store():
    places = {settings.store_path(), settings.rescue_folder(), settings.cache_folder()}
    assert len(places) == 3
    assert settings.last_seen_file().parent == settings.rescue_folder().parent
    assert settings.rescue_folder().name == "rescue"
    assert settings.cache_folder() not in settings.rescue_folder().parents
    assert all(place.is_absolute() for place in places)


def test_a_configured_reader_is_used_without_surrounding_blanks(monkeypatch):
    monkeypatch.setenv(settings.READER_VARIABLE, "  reader one ")
    assert settings.reader_name() == "reader one"


@pytest.mark.parametrize("blank", ["", "  "])
def test_without_a_reader_the_account_is_used(monkeypatch, blank):
    monkeypatch.setenv(settings.READER_VARIABLE, blank)
    monkeypatch.setattr(getpass, "getuser", lambda: "account")
    assert settings.reader_name() == "account"


@pytest.mark.parametrize("error", [OSError, KeyError])
def test_an_account_without_a_name_reads_as_reader(monkeypatch, error):
    def no_name():
        raise error

    monkeypatch.setattr(getpass, "getuser", no_name)
    assert settings.reader_name() == "reader"


@pytest.mark.parametrize(
    ("value", "wanted"), [("", True), ("1", True), ("off", False), (" No ", False), ("0", False)]
)
def test_the_index_of_scans_can_be_switched_off(value, wanted, monkeypatch):
    monkeypatch.setenv(settings.INDEX_VARIABLE, value)
    assert settings.scan_index_wanted() is wanted
