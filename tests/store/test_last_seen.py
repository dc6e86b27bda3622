"""How far a reading was seen: remembered between sittings, and no trouble if it is not."""

import json
import logging
import multiprocessing
import re

import pytest

from fluoro_annotator.store import LastSeen, last_seen
from fluoro_annotator.store.filelock import lock


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state" / "seen.json"


@pytest.fixture
def seen(file):
    return LastSeen(file)


def test_nothing_is_known_at_first_and_asking_makes_nothing(seen, file):
    assert seen.revision("reading") is None
    assert not file.parent.exists()


def test_what_is_noted_is_known_to_another_window(seen, file):
    seen.note("one", 7)
    seen.note("two", 0)
    other = LastSeen(file)
    assert (other.revision("one"), other.revision("two"), other.revision("three")) == (7, 0, None)


def test_a_window_that_has_seen_less_takes_nothing_back(seen, file):
    LastSeen(file).note("one", 20)
    seen.note("one", 12)
    assert seen.revision("one") == 20


def test_what_is_forgotten_is_not_known_any_more(seen):
    seen.note("one", 20)
    seen.forget("one")
    assert seen.revision("one") is None
    seen.note("one", 3)
    assert seen.revision("one") == 3


def test_the_file_holds_hashes_and_numbers_only(seen, file):
    seen.note("1.2.840.113619.2.1 CANARY^PATIENT", 5)
    content = json.loads(file.read_text())
    assert set(content) == {"format", "version", "readings"}
    ((key, number),) = content["readings"].items()
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert number == 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b'{"format": "fluoro-annotator last seen", "version": 1, "readings": {"a": 1',
        b"[1, 2]",
        b"7",
        b'{"format": "another", "version": 1, "readings": {}}',
        b'{"format": "fluoro-annotator last seen", "version": 1, "readings": [1]}',
        b'{"format": "fluoro-annotator last seen", "version": 1}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_knows_nothing_and_is_replaced(seen, file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    assert seen.revision("one") is None
    seen.note("one", 4)
    assert seen.revision("one") == 4


@pytest.mark.parametrize("number", [-1, 1.5, "3", None, True, [1]])
def test_a_number_that_is_none_is_not_known(seen, file, number):
    seen.note("one", 4)
    seen.note("two", 5)
    content = json.loads(file.read_text())
    content["readings"] = dict.fromkeys(content["readings"], number) | {"0": 1}
    file.write_text(json.dumps(content))
    assert seen.revision("one") is None
    seen.note("two", 6)
    assert (seen.revision("one"), seen.revision("two")) == (None, 6)


def test_those_noted_first_are_forgotten_first(seen, monkeypatch):
    monkeypatch.setattr(last_seen, "MOST", 3)
    for number, name in enumerate(["one", "two", "three", "one", "four"]):
        seen.note(name, number)
    known = {name: seen.revision(name) for name in ("one", "two", "three", "four")}
    assert known == {"one": 3, "two": None, "three": 2, "four": 4}


def test_a_folder_that_cannot_be_made_costs_nothing_but_a_warning(tmp_path, caplog):
    (tmp_path / "file").touch()
    seen = LastSeen(tmp_path / "file" / "seen.json")
    with caplog.at_level(logging.WARNING):
        seen.note("one", 4)
    assert seen.revision("one") is None
    assert "could not be noted" in caplog.text


def test_a_turn_that_does_not_come_costs_nothing_but_a_warning(seen, file, monkeypatch, caplog):
    monkeypatch.setattr(last_seen, "PATIENCE", 2)
    seen.note("one", 4)
    with file.with_suffix(".lock").open("ab") as held:
        lock(held)
        with caplog.at_level(logging.WARNING):
            seen.note("one", 5)
    assert seen.revision("one") == 4
    assert "could not be noted" in caplog.text
    seen.note("one", 6)
    assert seen.revision("one") == 6
    assert sorted(path.name for path in file.parent.iterdir()) == ["seen.json", "seen.lock"]


def note_many(path, name):
    seen = LastSeen(path)
    for number in range(20):
        seen.note(f"{name}-{number}", number)


def test_two_programs_lose_nothing_of_each_other(file):
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=note_many, args=(file, name)) for name in "ab"]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0, 0]
    seen = LastSeen(file)
    assert all(seen.revision(f"{name}-{number}") == number for name in "ab" for number in range(20))
