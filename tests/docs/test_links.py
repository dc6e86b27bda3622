"""Links lead somewhere, and every picture is shown."""

from __future__ import annotations

import re

import pytest
from PIL import Image

LINK = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
LARGEST_PICTURE = 400_000


def slug(heading):
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def headings(text):
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def links(text):
    return [(bool(mark), words, target) for mark, words, target in LINK.findall(text)]


def relative(text):
    return [link for link in links(text) if "://" not in link[2]]


def test_the_pattern_finds_links_and_pictures():
    text = "See [this `x`](a.md#b) and ![a picture](i/p.png), not [x] (y)."
    assert links(text) == [(False, "this `x`", "a.md#b"), (True, "a picture", "i/p.png")]


def test_relative_links_lead_to_a_file_and_a_heading(page, prose):
    wrong = []
    for _, _, target in relative(prose(page)):
        name, _, anchor = target.partition("#")
        file = page if not name else (page.parent / name).resolve()
        if not file.exists() or (anchor and anchor not in headings(prose(file))):
            wrong.append(target)
    assert wrong == []


def test_every_picture_is_described(page, prose):
    assert [target for picture, words, target in links(prose(page)) if picture and len(words) < 20] == []


def shown_pictures(pages, prose):
    return {
        (page.parent / target).resolve()
        for page in pages
        for picture, _, target in relative(prose(page))
        if picture
    }


def test_every_picture_in_the_folder_is_shown_and_none_is_missing(repository, pages, prose):
    folder = repository / "docs" / "images"
    assert shown_pictures(pages, prose) == set(folder.iterdir())


def test_pictures_are_small_png_files_of_a_whole_window(repository):
    beside = taken_by(repository, "dialog_picture")
    for path in (repository / "docs" / "images").iterdir():
        assert path.suffix == ".png"
        assert path.stat().st_size <= LARGEST_PICTURE, path.name
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.width >= (800 if path.stem in beside else 1200), path.name
            assert len(picture.convert("L").getcolors(256)) > 64, f"{path.name} shows hardly anything"


def taken_by(repository, function):
    """Return the names of the pictures that a function of the script takes."""
    script = (repository / "docs" / "make_screenshots.py").read_text(encoding="utf-8")
    return set(re.findall(rf'\b{function}\((?:\w+, )*"(\w+)"\)', script))


def test_the_script_that_takes_the_pictures_takes_all_of_them(repository):
    taken = taken_by(repository, "picture") | taken_by(repository, "dialog_picture")
    assert taken == {path.stem for path in (repository / "docs" / "images").iterdir()}


@pytest.mark.parametrize("name", ["user", "developer"])
def test_the_readme_leads_to_every_page(repository, name):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    folder = repository / "docs" / name
    assert {f"docs/{name}/{path.name}" for path in folder.glob("*.md")} <= {
        target.partition("#")[0] for _, _, target in links(readme)
    }
