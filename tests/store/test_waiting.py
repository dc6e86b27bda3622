"""What waits in rescue files, for which store."""

from __future__ import annotations

from fluoro_annotator.store import waiting
from fluoro_annotator.store.rescue import RescueFile


def put(folder, reading, study, drafts, store_id=""):
    file = RescueFile(folder, reading, study)
    file.belongs_to(store_id)
    file.add(drafts)
    path = file.path
    file.leave()
    return path


def test_no_folder_no_files(rescue_folder):
    assert waiting() == ()
    rescue_folder.mkdir()
    assert waiting() == ()


def test_changes_are_counted_by_store(rescue_folder, reading, study, make_draft):
    put(rescue_folder, reading, study, [make_draft(), make_draft()], "store-1")
    put(rescue_folder, reading, study, [make_draft()])
    assert [(each.changes, each.store_id, each.damaged) for each in waiting()] == [
        (2, "store-1", False),
        (1, "", False),
    ]


def test_a_line_that_cannot_be_read_is_said(rescue_folder, reading, study, make_draft):
    path = put(rescue_folder, reading, study, [make_draft(), make_draft()])
    path.write_bytes(path.read_bytes()[:-20])
    assert [(each.changes, each.damaged) for each in waiting()] == [(1, True)]


def test_a_file_without_a_header_is_said(rescue_folder):
    rescue_folder.mkdir()
    (rescue_folder / "1-1-1.jsonl").write_bytes(b"nothing of ours\n")
    assert [(each.changes, each.damaged) for each in waiting()] == [(0, True)]


def test_one_that_was_kept_because_it_is_damaged_is_said(rescue_folder, reading, study, make_draft):
    path = put(rescue_folder, reading, study, [make_draft()])
    kept = path.rename(path.with_name(path.name + ".damaged"))
    assert [(each.path, each.damaged) for each in waiting()] == [(kept, True)]


def test_one_that_was_made_a_moment_ago_is_not(rescue_folder, reading, study):
    rescue_folder.mkdir()
    (rescue_folder / "1-1-1.jsonl").touch()
    put(rescue_folder, reading, study, [])
    assert waiting() == ()
