"""The file of English texts: no name stands twice, because the second would replace the first unseen."""

import ast
from collections import Counter
from pathlib import Path

from napari_fluoro_annotator import texts


def test_no_text_replaces_another():
    tree = ast.parse(Path(texts.__file__).read_text(encoding="utf-8"))
    names = Counter(
        target.id
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    )
    assert [name for name, count in names.items() if count > 1] == []
