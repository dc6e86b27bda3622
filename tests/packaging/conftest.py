"""Fixtures: the checkout, the scripts in ``tools`` as modules, and the closure of what gets installed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def repository() -> Path:
    return ROOT


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a script from ``tools``; each test gets fresh modules."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(ROOT / "tools") in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture(scope="session")
def installed() -> Callable[[str], dict[str, Distribution]]:
    """Return a function: requirement -> everything that pip installs for it in this environment."""
    return _closure


def _closure(requirement: str) -> dict[str, Distribution]:
    found: dict[str, Distribution] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(requirement)]
    while waiting:
        wanted = waiting.pop()
        key = (_normal(wanted.name), frozenset(wanted.extras))
        if key not in done:
            done.add(key)
            found[key[0]] = distribution(wanted.name)
            waiting += _applicable(found[key[0]], wanted.extras)
    return found


def _applicable(owner: Distribution, extras: set[str]) -> list[Requirement]:
    requirements = [Requirement(line) for line in owner.requires or ()]
    choices = [{"extra": extra} for extra in ("", *extras)]
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None or any(requirement.marker.evaluate(choice) for choice in choices)
    ]


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
