"""The pages of the documentation, and what stands in them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "sample_dicoms" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `page` once for each page."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES, ids=[str(path.relative_to(ROOT)) for path in PAGES])


@pytest.fixture
def repository() -> Path:
    return ROOT


@pytest.fixture
def pages() -> tuple[Path, ...]:
    return PAGES


@pytest.fixture
def code_blocks() -> Callable[..., list[str]]:
    """Return a function: page, languages -> contents of its code blocks in these languages."""

    def found(page: Path, *languages: str) -> list[str]:
        blocks = FENCE.findall(page.read_text(encoding="utf-8"))
        return [content for language, content in blocks if language in languages]

    return found


@pytest.fixture
def prose() -> Callable[[Path], str]:
    """Return a function: page -> its text without code blocks."""
    return lambda page: FENCE.sub("", page.read_text(encoding="utf-8"))


@pytest.fixture
def table() -> Callable[..., list[tuple[str, ...]]]:
    """Return a function: page, first heading -> rows of the table whose first heading that is."""

    def rows(page: Path, heading: str) -> list[tuple[str, ...]]:
        lines = page.read_text(encoding="utf-8").splitlines()
        start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading} |"))
        found = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            found.append(tuple(cell.strip() for cell in line.strip("|").split(" |")))
        return found

    return rows


@pytest.fixture
def benchmark_module(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a module from ``benchmarks``; they are gone afterwards."""
    import importlib

    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(ROOT / "benchmarks") in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
