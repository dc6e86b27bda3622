"""The log says where something failed and nothing about whom."""

import logging
from pathlib import Path

import pytest

from fluoro_annotator import logs
from fluoro_annotator.logs import anonymous


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(logs.LOG_VARIABLE, str(tmp_path / "logs"))


def _fail(first, second, *, silent=False):
    try:
        {}[first]
    except KeyError as error:
        raise ValueError(second) from (None if silent else error)


def _logged(*arguments, **options):
    with logs.kept() as path:
        logging.getLogger("fluoro_annotator.test").warning(*arguments, **options)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "cannot read /data/Doe Jane/IM 1",
        "cannot read C:\\Users\\Doe Jane\\IM 1",
        "cannot read ./Doe Jane/IM1",
        "cannot read Doe/Jane",
        "cannot read ~/Doe Jane",
        "name Doe^Jane",
        "name 'Doe Jane' unknown",
        'name "Doe Jane" unknown',
        "cannot read \\\\server\\Doe Jane",
    ],
)
def test_paths_names_and_quoted_values_are_removed(text):
    assert "Jane" not in anonymous(text)
    assert "Doe" not in anonymous(text)
    assert anonymous(text).startswith(text.split()[0])


def test_identifiers_are_removed_and_versions_stay():
    assert anonymous("image 1.2.840.113619.2.55.3 of 0.1.0 lost") == "image <uid> of 0.1.0 lost"


def test_a_record_keeps_its_words_and_loses_its_values():
    arguments = (3, Path("Jane"), 0.25, ValueError("Jane"))
    record = logging.LogRecord(
        "fluoro_annotator.test",
        logging.WARNING,
        "",
        7,
        "frame %d of %s is late by %.1f s (%s)",
        arguments,
        None,
    )
    text = logs.AnonymousFormatter().format(record)
    assert "WARNING fluoro_annotator.test:7" in text
    assert "frame 3 of <path> is late by 0.2 s (ValueError)" in text
    assert "Jane" not in text


def test_an_exception_leaves_its_type_and_place_but_not_its_text():
    try:
        _fail("Doe Jane", "1.2.840.1.2")
    except ValueError:
        text = _logged("failed", exc_info=True)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "in _fail" in text
    assert "Jane" not in text
    assert "1.2.840" not in text


def test_a_suppressed_context_is_left_out():
    try:
        _fail("", "", silent=True)
    except ValueError:
        text = _logged("failed", exc_info=True)
    assert "KeyError" not in text


def test_records_of_other_packages_are_not_kept():
    with logs.kept() as path:
        logging.getLogger("pydicom").warning("Doe Jane")
        logging.getLogger("napari_fluoro_annotator").warning("shown")
    text = path.read_text(encoding="utf-8")
    assert "Doe" not in text
    assert "shown" in text


def test_the_handler_goes_when_the_context_ends():
    before = list(logging.getLogger("fluoro_annotator").handlers)
    with logs.kept():
        assert len(logging.getLogger("fluoro_annotator").handlers) == len(before) + 1
    assert logging.getLogger("fluoro_annotator").handlers == before


def test_the_log_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(logs, "BYTES_PER_FILE", 2000)
    with logs.kept() as path:
        for number in range(200):
            logging.getLogger("fluoro_annotator").error("event %d", number)
    files = sorted(path.parent.iterdir())
    assert len(files) == 1 + logs.OLD_FILES
    assert all(file.stat().st_size <= 2000 for file in files)


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path):
    (tmp_path / "logs").write_text("a file in its place")
    with logs.kept() as path:
        logging.getLogger("fluoro_annotator").error("unheard")
    assert path is None


def test_without_the_variable_the_folder_of_the_platform_is_used(monkeypatch):
    monkeypatch.delenv(logs.LOG_VARIABLE)
    assert "fluoro-annotator" in logs.log_file().parts
