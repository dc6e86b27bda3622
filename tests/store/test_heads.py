"""Ends of chains noted outside: what nobody finds within a store that was rewritten as a whole."""

from __future__ import annotations

import json

import pytest

from fluoro_annotator.errors import StoreError, StoreUnavailableError
from fluoro_annotator.marks import Reading, chain
from fluoro_annotator.store import MemoryStore, compare_heads, copy, heads_of, read_heads, write_heads


@pytest.fixture
def filled(store, study, make_draft):
    store.save_study(study)
    for name in ("one", "two"):
        store.add_reading(Reading(study_uid=study.uid, reader=f"Reader {name}", reading_id=name))
        store.append(name, [make_draft(float(row)) for row in range(4)], after=0)
    return store


@pytest.fixture
def note(filled, tmp_path):
    path = tmp_path / "heads.json"
    write_heads(heads_of(filled), path)
    return path


def problems(store, note) -> list[str]:
    return list(compare_heads(store, read_heads(note)))


def test_what_is_written_is_read_again(filled, tmp_path):
    filled.purge_reading("two", reason="made by mistake", by="Reader A")
    noted = heads_of(filled)
    write_heads(noted, tmp_path / "heads.json")
    assert read_heads(tmp_path / "heads.json") == noted
    assert (set(noted.heads), noted.tombstones) == ({"one"}, {("reading", "two")})


def test_nothing_is_said_of_a_store_that_goes_on(filled, note, make_draft):
    assert problems(filled, note) == []
    filled.append("one", [make_draft(9.0)], after=4)
    filled.purge_reading("two", reason="made by mistake", by="Reader A")
    assert problems(filled, note) == []


def test_nothing_is_said_of_a_copy(filled, note):
    with MemoryStore() as other:
        copy(filled, other)
        assert problems(other, note) == []


def rebuilt(filled, streams) -> MemoryStore:
    """Return a store that fits together and holds other streams."""
    store = MemoryStore()
    store.save_study(filled.study("1.2"))
    for name, stream in streams.items():
        store.add_reading(filled.reading(name))
        store.append_chained(name, stream)
    assert store.verify() == ()
    return store


def test_a_chain_that_was_cut_off(filled, note):
    store = rebuilt(filled, {"one": filled.revisions("one")[:2], "two": filled.revisions("two")})
    assert problems(store, note) == [
        "reading one: was cut off: it ended with revision 4 when it was noted, and ends with 2 now."
    ]


@pytest.mark.parametrize("more", [0, 3])
def test_a_chain_that_was_rewritten(filled, note, make_draft, more):
    drafts = [revision.draft for revision in filled.revisions("one")]
    drafts[1] = make_draft(321.0)
    drafts += [make_draft(float(row)) for row in range(more)]
    store = rebuilt(filled, {"one": chain("one", drafts), "two": filled.revisions("two")})
    assert problems(store, note) == ["reading one: was rewritten since revision 4 was noted."]


def test_a_reading_that_is_gone_without_a_trace(filled, note):
    store = rebuilt(filled, {"two": filled.revisions("two")})
    assert problems(store, note) == ["reading one: is gone without a tombstone; 4 revisions were noted."]


def test_a_tombstone_that_does_not_cover_what_was_noted(filled, note, make_draft):
    store = rebuilt(filled, {"one": filled.revisions("one")[:2], "two": filled.revisions("two")})
    store.purge_reading("one", reason="made by mistake", by="Reader A")
    assert problems(store, note) == ["reading one: is gone without a tombstone; 4 revisions were noted."]


def test_a_tombstone_that_is_gone(filled, tmp_path):
    filled.purge_reading("two", reason="made by mistake", by="Reader A")
    write_heads(heads_of(filled), tmp_path / "heads.json")
    store = rebuilt(filled, {"one": filled.revisions("one")})
    assert problems(store, tmp_path / "heads.json") == ["reading two: its tombstone is gone."]


def test_a_note_replaces_nothing(filled, note):
    before = note.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        write_heads(heads_of(filled), note)
    assert note.read_bytes() == before
    assert list(note.parent.glob("heads*")) == [note]


def test_a_folder_that_is_not_there(filled, tmp_path):
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        write_heads(heads_of(filled), tmp_path / "nowhere" / "heads.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        json.dumps({"format": "fluoro-annotator heads", "version": 2}).encode(),
        json.dumps(
            {
                "format": "fluoro-annotator heads",
                "version": 1,
                "store": "",
                "noted_at": "yesterday",
                "heads": {},
                "tombstones": [],
            }
        ).encode(),
    ],
)
def test_what_is_no_note_is_refused(tmp_path, content):
    (tmp_path / "heads.json").write_bytes(content)
    with pytest.raises(StoreError, match="is not a note of the ends of chains"):
        read_heads(tmp_path / "heads.json")


def test_a_note_that_is_not_there(tmp_path):
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        read_heads(tmp_path / "heads.json")
