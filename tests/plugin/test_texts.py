"""The English texts: no name stands twice, because one would replace the other unseen."""

import ast
import re
from collections import Counter
from pathlib import Path

from napari_fluoro_annotator import texts

PAGES = sorted(path for path in Path(texts.__file__).parent.glob("*.py") if path.name != "__init__.py")


def names_of(page):
    tree = ast.parse(page.read_text(encoding="utf-8"))
    assigned = (statement.targets for statement in tree.body if isinstance(statement, ast.Assign))
    return [target.id for targets in assigned for target in targets]


def test_no_text_replaces_another():
    names = Counter(name for page in PAGES for name in names_of(page))
    assert [name for name, count in names.items() if count > 1] == []


def test_the_texts_of_every_page_are_offered():
    for page in PAGES:
        names = names_of(page)
        assert names
        assert set(names) <= set(vars(texts)), page.name


def test_every_text_is_used():
    plugin = Path(texts.__file__).parents[1]
    sources = [path.read_text(encoding="utf-8") for path in plugin.rglob("*.py")]
    used = {name for source in sources for name in re.findall(r"\btexts\.(\w+)", source)}
    assert [name for page in PAGES for name in names_of(page) if name not in used] == []
