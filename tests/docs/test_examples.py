"""Examples run: python in the pages, and in the docstrings of the package."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import fluoro_annotator

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(fluoro_annotator.__path__, "fluoro_annotator.")
    if not module.name.endswith("__main__")
)


def test_python_in_the_pages_runs(page, code_blocks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for block in code_blocks(page, "python"):
        exec(compile(block, page.name, "exec"), {"__name__": "example"})  # noqa: S102 - our own pages


def test_there_are_python_examples_to_run(pages, code_blocks):
    assert sum(len(code_blocks(page, "python")) for page in pages) >= 3


def documented(name):
    module = importlib.import_module(name)
    return [test for test in doctest.DocTestFinder().find(module, name) if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    runner = doctest.DocTestRunner()
    for test in documented(name):
        runner.run(test)
    assert runner.failures == 0, f"{name}: see the output above"


def test_there_are_examples_in_docstrings_to_run():
    assert sum(len(documented(name)) for name in ("fluoro_annotator.anatomy", "fluoro_annotator.store")) >= 2
