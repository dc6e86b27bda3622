"""What the installation page says is what the scripts do."""

from __future__ import annotations

import re
import tomllib

import pytest


@pytest.fixture
def page(repository):
    return (repository / "docs" / "user" / "install.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_shows_both_commands_and_make_has_them(repository, command):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    assert f"```sh\n{command}\n```" in readme
    assert f"\n{command.removeprefix('make ')}: ## " in makefile


def apt_lines(page):
    joined = page.replace("\\\n", " ")
    return [
        line.split()[4:] for line in joined.splitlines() if "apt-get install --no-install-recommends" in line
    ]


def test_the_installation_page_names_the_packages_of_the_table(page, tool):
    packages = tool("system_packages")
    window, virtual = apt_lines(page)
    assert window == ["python3-venv", *packages.package_names(packages.WINDOW)]
    assert virtual == [*packages.package_names(packages.VIRTUAL_SCREEN)]


def test_the_installation_page_names_every_extra_and_no_other(page, repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(re.findall(r"`fluoro-annotator\[(\w+)\]`", page)) == set(
        project["project"]["optional-dependencies"]
    )


def test_the_installation_page_names_the_wheel_of_this_version(page, repository):
    version = re.search(r'__version__ = "(.+)"', (repository / "fluoro_annotator/__init__.py").read_text())[1]
    assert set(re.findall(r"fluoro_annotator-([\d.]+)-py3", page)) == {version}


def test_links_within_the_installation_page_lead_to_a_heading(page):
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    targets = set(re.findall(r"\]\(#([\w-]+)\)", page))
    assert targets
    assert targets <= headings
