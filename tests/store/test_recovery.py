"""What was left in rescue files comes into the store at the next start, once."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace

import pytest

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.store import MemoryStore, StoreRecorder, recover, rescued
from fluoro_annotator.store.rescue import RescueFile


@pytest.fixture
def leave(rescue_folder, reading, study):
    """Put changes into a rescue file whose writer has ended."""

    def write(*drafts, of=reading):
        rescue = RescueFile(rescue_folder, of, study)
        rescue.add(drafts)
        path = rescue.path
        rescue.leave()
        return path

    return write


def kept(store, reading):
    return [revision.draft for revision in store.revisions(reading.reading_id)]


def test_without_a_folder_there_is_nothing_to_do(failing_store):
    assert recover(failing_store) == 0
    assert rescued("any") == ()


def test_changes_come_into_the_store_and_the_file_goes(failing_store, reading, leave, make_draft):
    drafts = [make_draft(1), make_draft(2)]
    path = leave(*drafts)
    assert recover(failing_store) == 2
    assert kept(failing_store, reading) == drafts
    assert not path.exists()
    assert recover(failing_store) == 0


def test_a_reading_that_the_store_never_saw_is_made(leave, reading, study, make_draft):
    leave(make_draft())
    with MemoryStore() as empty:
        assert recover(empty) == 1
        assert empty.study(study.uid) == study
        assert empty.reading(reading.reading_id) == reading


def test_a_sitting_without_a_store_joins_the_reading_under_way(failing_store, reading, leave, make_draft):
    offline = type(reading)(study_uid=reading.study_uid, reader=reading.reader)
    draft = make_draft()
    leave(draft, of=offline)
    assert recover(failing_store) == 1
    assert failing_store.readings() == (reading,)
    assert kept(failing_store, reading) == [draft]


def test_what_is_stored_already_is_not_stored_again(failing_store, reading, leave, make_draft):
    """A program ended between the store's answer and the removal of its rescue file."""
    stored, waiting, foreign = make_draft(1), make_draft(2), make_draft(3, author="Reader B")
    failing_store.append(reading.reading_id, [stored, foreign], after=0)
    leave(stored, waiting, stored, waiting)
    assert recover(failing_store) == 1
    assert kept(failing_store, reading) == [stored, foreign, waiting]


def test_files_are_taken_in_the_order_in_which_they_were_begun(failing_store, reading, leave, make_draft):
    drafts = []
    for row in range(4):
        drafts.append(make_draft(row))
        leave(drafts[-1])
        time.sleep(0.002)
    assert rescued(reading.reading_id) == tuple(drafts)
    assert recover(failing_store) == 4
    assert kept(failing_store, reading) == drafts


def test_the_file_of_a_program_that_runs_is_left_alone(failing_store, reading, study, make_draft):
    recorder = StoreRecorder(failing_store, reading, after=0, study=study)
    failing_store.away = True
    recorder.record([make_draft()])
    failing_store.away = False
    assert recover(failing_store) == 0
    assert recorder.state.rescue_file.exists()
    assert recorder.retry().saved
    assert len(kept(failing_store, reading)) == 1


@pytest.mark.skipif(os.name != "posix", reason="ends a process without asking it")
def test_the_file_of_a_program_that_was_killed_is_taken(
    failing_store, reading, rescue_folder, run_script, make_draft
):
    script = """
import json, sys, time
from pathlib import Path
from fluoro_annotator.marks import Draft, Reading, StudyRecord
from fluoro_annotator.store.rescue import RescueFile
folder, study, reader, reading_id, draft = sys.argv[1:]
reading = Reading(study_uid=study, reader=reader, reading_id=reading_id)
rescue = RescueFile(Path(folder), reading, StudyRecord(study, ()))
rescue.add([Draft.from_dict(json.loads(draft))])
print("ready", flush=True)
time.sleep(60)
"""
    draft = make_draft()
    facts = (
        rescue_folder,
        reading.study_uid,
        reading.reader,
        reading.reading_id,
        json.dumps(draft.to_dict()),
    )
    with run_script(script, *facts) as process:
        assert process.stdout.readline() == "ready\n"
        assert recover(failing_store) == 0
        process.kill()
    assert recover(failing_store) == 1
    assert kept(failing_store, reading) == [draft]


def test_what_the_store_knows_of_an_image_by_now_stays(failing_store, study, leave, make_draft):
    leave(make_draft())
    corrected = replace(study.images[0], view="lateral")
    failing_store.save_study(StudyRecord(study.uid, (corrected,)))
    assert recover(failing_store) == 1
    assert failing_store.study(study.uid).images == (corrected,)


def test_a_rescue_file_that_cannot_be_read_does_not_stop_the_others(
    failing_store, leave, make_draft, rescue_folder, caplog
):
    rescue_folder.mkdir()
    (rescue_folder / "0-1-x.jsonl").mkdir()
    leave(make_draft())
    assert recover(failing_store) == 1
    assert "cannot be read; it stays" in caplog.text


class TestDamage:
    @pytest.mark.parametrize("cut", [1, 5, 60])
    def test_a_line_that_was_not_finished_is_left_out_and_the_file_kept(
        self, failing_store, leave, make_draft, caplog, cut
    ):
        drafts = [make_draft(1), make_draft(2)]
        path = leave(*drafts)
        path.write_bytes(path.read_bytes()[: -1 - cut])
        assert recover(failing_store) == 1
        assert kept(failing_store, *failing_store.readings()) == drafts[:1]
        assert not path.exists()
        assert path.with_name(path.name + ".damaged").is_file()
        assert "cannot be read" in caplog.text
        assert recover(failing_store) == 0

    def test_a_last_line_that_only_lacks_its_end_is_whole(self, failing_store, leave, make_draft):
        path = leave(make_draft(1), make_draft(2))
        path.write_bytes(path.read_bytes()[:-1])
        assert recover(failing_store) == 2
        assert not list(path.parent.iterdir())

    @pytest.mark.parametrize(
        "content",
        [
            b"no rescue file\n",
            b"[]\n{}\n",
            b'{"format": "fluoro-annotator rescue", "version": 1}\n',
            b'{"format": "fluoro-annotator rescue", "version": 2, "reading": {}, "images": []}\n',
            b"\xff\xfe\x00\n",
            b'{"format": "fluoro-annotator rescue", "version": 1, "reading": {"reading_id": 5}, "images": []}\n',
        ],
    )
    def test_a_file_without_a_usable_beginning_is_kept_aside(self, failing_store, rescue_folder, content):
        rescue_folder.mkdir()
        path = rescue_folder / "0-1-x.jsonl"
        path.write_bytes(content)
        assert rescued("any") == ()
        assert recover(failing_store) == 0
        assert [each.name for each in rescue_folder.iterdir()] == ["0-1-x.jsonl.damaged"]

    def test_a_file_in_which_nothing_was_written_yet_stays(self, failing_store, rescue_folder):
        rescue_folder.mkdir()
        (rescue_folder / "0-1-x.jsonl").touch()
        assert recover(failing_store) == 0
        assert (rescue_folder / "0-1-x.jsonl").exists()


def test_a_store_that_is_away_leaves_the_files_as_they_are(failing_store, reading, leave, make_draft):
    path = leave(make_draft())
    before = path.read_bytes()
    failing_store.away = True
    with pytest.raises(StoreUnavailableError):
        recover(failing_store)
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="file permissions of POSIX")
def test_only_its_owner_may_read_a_rescue_file(leave, make_draft):
    assert leave(make_draft()).stat().st_mode & 0o777 == 0o600
