"""Names of readers with quotes and signs of other languages come through every store and file as they are."""

import csv
import io
import json
from dataclasses import replace

import pytest

from fluoro_annotator.errors import ExchangeError, MarkError
from fluoro_annotator.exchange import (
    MarksDocument,
    ReadingContent,
    apply_import,
    collect,
    csv_text,
    document_from_bytes,
    json_text,
    plan_import,
)
from fluoro_annotator.marks import chain
from fluoro_annotator.store import MemoryStore, SqliteStore

NAMES = [
    "Dr. O'Neill",
    'Reader "A"',
    "'; DROP TABLE reading; --",
    "Reader\\A\\",
    "%s {reader} $1 :name",
    "=1+1",
    "a,b;c|d",
    "<b>&amp;</b>",
    "王小明",
    "👩\u200d⚕️",
    "é" * 64,
]
STORES = {"memory": lambda _folder: MemoryStore(), "sqlite": lambda folder: SqliteStore(folder / "s.sqlite")}


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def read_by(new_session, study, ap, sites):
    """Return a function: name -> a document with a reading of that reader."""

    def of(name):
        session = new_session()
        session.reading = replace(session.reading, reader=name)
        session.add_target(ap, sites["right"], (10, 10))
        content = ReadingContent(session.reading, chain("reading-1", session.tape.drafts))
        return MarksDocument(studies=(study,), readings=(content,))

    return of


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_through_store_and_file(name, store, read_by, study):
    document = read_by(name)
    apply_import(plan_import(document, store), store)
    (kept,) = store.readings(reader=name)
    assert kept.reader == name
    assert store.revisions("reading-1")[0].draft.author == name
    assert store.readings(reader=name + "x") == ()
    assert store.begin(replace(kept, reading_id="another")) == kept
    exported = json_text(collect(store, reader=name))
    assert document_from_bytes(exported.encode(), "file").readings == document.readings
    (row,) = csv.DictReader(io.StringIO(csv_text(document)))
    assert row["reader"].removeprefix("'" if name[0] in "=+-@" else "") == name
    assert store.verify() == ()


@pytest.mark.parametrize("name", ["", " ", "a" * 65, "Reader\nA", "Reader\x00A", "Reader\u202eA", "\u200d"])
def test_a_name_that_cannot_be_shown_is_refused_everywhere(name, read_by):
    with pytest.raises(MarkError, match="reader: has"):
        read_by(name)
    values = json.loads(json_text(read_by("Reader A")))
    for change in ({"reader": name}, None):
        altered = json.loads(json.dumps(values))
        reading = altered["readings"][0]
        reading.update(change) if change else reading["revisions"][0].update(author=name)
        with pytest.raises(ExchangeError, match=r"at \$\.readings\[0\]") as caught:
            document_from_bytes(json.dumps(altered).encode(), "file")
        assert caught.value.remedy


def test_a_kind_from_a_newer_version_is_refused_by_its_place(read_by):
    values = json.loads(json_text(read_by("Reader A")))
    values["readings"][0]["revisions"][0]["mark"]["kind"] = "angle"
    with pytest.raises(ExchangeError, match=r"revisions\[0\]\.mark\.kind: is not one of target, needle"):
        document_from_bytes(json.dumps(values).encode(), "file")
