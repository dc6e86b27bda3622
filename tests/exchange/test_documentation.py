"""The pages on the formats agree with what is written."""

import json
import re
from pathlib import Path

from fluoro_annotator.exchange import MarksDocument, json_text
from fluoro_annotator.exchange.csv_columns import COLUMNS
from fluoro_annotator.exchange.csv_table import guarded
from fluoro_annotator.exchange.schema import SCHEMA_FILE, load_schema

PAGES = Path(__file__).parents[2] / "docs" / "user"


def _page(name):
    return (PAGES / name).read_text(encoding="utf-8")


def test_the_columns_on_the_page_are_those_of_the_table():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", _page("csv.md"), flags=re.MULTILINE)
    assert rows == [(column.name, column.description) for column in COLUMNS]


def test_the_example_of_a_guarded_name_is_true():
    original, shown = re.search(r"the reader `(.+?)` stands there as `(.+?)`", _page("csv.md")).groups()
    assert guarded(original) == shown


def test_the_example_of_the_json_file_has_the_real_frame():
    example = json.loads(re.search(r"```json\n(.*?)```", _page("json.md"), flags=re.DOTALL).group(1))
    written = json.loads(json_text(MarksDocument(studies=(), readings=())))
    assert list(example) == list(written) == list(load_schema()["properties"])
    for name in ("format", "version", "coordinates"):
        assert example[name] == written[name]


def test_the_page_names_the_schema_that_is_shipped():
    assert f"fluoro_annotator/exchange/schemas/{SCHEMA_FILE}" in _page("json.md")


def test_the_script_on_the_page_runs(tmp_path, monkeypatch, document):
    from fluoro_annotator.exchange import apply_import, collect, plan_import, read_json
    from fluoro_annotator.store import open_store

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLUORO_ANNOTATOR_STORE", str(tmp_path / "store.sqlite"))
    with open_store() as store:
        apply_import(plan_import(document, store), store)
    script = re.search(r"```python\n(.*?)```", _page("json.md"), flags=re.DOTALL).group(1)
    exec(compile(script.replace("Reader A", "Müller"), "json.md", "exec"), {})  # noqa: S102 - the page is ours
    assert read_json("marks.json").readings == document.readings
    with open_store() as store:
        assert collect(store).readings == document.readings
