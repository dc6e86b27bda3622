"""Programs that are killed while they write, again and again: what was acknowledged is there, whole."""

from __future__ import annotations

import json
import os

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks and kills processes as POSIX does")


@pytest.fixture
def kill(run_program):
    def run(place, what: str, rounds: int) -> dict:
        output, errors = run_program("killed.py", place, what, rounds, 7).communicate(timeout=900)
        assert errors == ""
        found = json.loads(output)
        assert (found["problems"], found["kills"]) == ([], rounds)
        return found

    return run


def test_no_acknowledged_mark_is_lost_and_no_step_is_halved(kill, path):
    assert kill(path, "marks", 200)["acknowledged"] > 200


def test_no_study_and_no_reading_is_halved(kill, path):
    assert kill(path, "studies", 20)["acknowledged"] > 10


def test_a_store_is_there_as_a_whole_or_not_at_all(kill, tmp_path):
    assert 0 < kill(tmp_path, "creation", 20)["made"] <= 20


def test_an_upgrade_happens_as_a_whole_or_not_at_all_with_a_backup_that_is_whole(kill, tmp_path):
    assert 0 < kill(tmp_path, "upgrade", 20)["made"] <= 20


def test_a_server_keeps_what_it_acknowledged_to_a_program_that_was_killed(kill, server_store):
    assert kill(server_store.url(), "marks", 30)["acknowledged"] > 30
