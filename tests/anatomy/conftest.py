from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from fluoro_annotator.anatomy import load_anatomy

SPINE = Path(__file__).parents[2] / "fluoro_annotator" / "anatomy" / "data" / "spine.yaml"


@pytest.fixture
def anatomy():
    return load_anatomy()


@pytest.fixture(scope="session")
def _raw():
    return yaml.safe_load(SPINE.read_text(encoding="utf-8"))


@pytest.fixture
def raw(_raw):
    """Return the data file as plain mappings that a test may spoil."""
    return copy.deepcopy(_raw)


@pytest.fixture
def entry(raw):
    """Return a function that finds one entry of `raw` by section and identifier."""

    def find(section, key):
        return next(found for found in raw[section] if found.get("id", found.get("key")) == key)

    return find


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a table, as mappings or as text, and returns its path."""

    def write(content):
        path = tmp_path / "table.yaml"
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
