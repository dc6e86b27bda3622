"""What gets installed: no Qt without asking, no licence that binds the user, tested versions."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FRONT_END = {
    "napari",
    "qtpy",
    "pyside6",
    "pyside6-essentials",
    "pyqt5",
    "pyqt6",
    "vispy",
    "magicgui",
    "superqt",
}
BINDS = re.compile(r"\b[AL]?GPL", re.IGNORECASE)
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Kiwi)\b", re.IGNORECASE
)
REPLACEABLE = {
    # Qt is under the LGPL: it is loaded at run time and whoever installs it may put another build in its place.
    "pyside6-essentials",
    "shiboken6",
    # psycopg is under the LGPL, too: an extra of its own, never part of what we hand on.
    "psycopg",
    "psycopg-binary",
}


def stated_licence(metadata):
    classifiers = [text for text in metadata.get_all("Classifier") or () if text.startswith("License ::")]
    own_words = (metadata.get("License") or "").partition("\n")[0]
    return " | ".join(filter(None, (metadata.get("License-Expression"), own_words, *classifiers)))


@pytest.fixture
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def pins(repository):
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines[1:])
    }


def requirements(project):
    tables = (*project["project"]["optional-dependencies"].values(), *project["dependency-groups"].values())
    lines = [*project["project"]["dependencies"], *(line for table in tables for line in table)]
    return [requirement for requirement in map(Requirement, lines) if requirement.name != "fluoro-annotator"]


def test_the_core_alone_brings_no_front_end(installed):
    assert not FRONT_END & installed("fluoro-annotator").keys()


@pytest.mark.parametrize("extra", ["", "[napari]", "[simulation]"])
def test_only_the_postgres_extra_brings_psycopg(installed, extra):
    assert "psycopg" not in installed(f"fluoro-annotator{extra}")


def test_the_napari_extra_brings_one_qt_binding_and_it_is_not_a_gpl_one(installed):
    names = installed("fluoro-annotator[all]").keys()
    assert {"napari", "pyside6-essentials"} <= names
    assert not names & {"pyqt5", "pyqt6", "pyside2"}


@pytest.mark.parametrize("extra", ["", "[napari]", "[all]"])
def test_every_licence_lets_the_user_go_free(installed, extra):
    licences = {
        name: stated_licence(found.metadata) for name, found in installed(f"fluoro-annotator{extra}").items()
    }
    binding = {name for name, text in licences.items() if BINDS.search(text)}
    unknown = {name: text for name, text in licences.items() if not PERMISSIVE.search(text)}
    assert binding <= REPLACEABLE
    assert unknown.keys() <= REPLACEABLE, unknown


def test_constraints_are_names_and_versions_only(repository):
    header, *lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert header.startswith("# ")
    assert "://" not in header
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==\d[\w.!]*", line)] == []
    assert lines == sorted(set(lines), key=str.lower)


def test_every_requirement_is_pinned_to_a_version_that_it_allows(project, pins):
    wrong = {
        str(requirement): pins.get(canonicalize_name(requirement.name))
        for requirement in requirements(project)
        if pins.get(canonicalize_name(requirement.name)) not in requirement.specifier
    }
    assert wrong == {}


def test_everything_that_gets_installed_is_pinned(installed, pins):
    assert installed("fluoro-annotator[all]").keys() - {"fluoro-annotator"} <= pins.keys()


def test_the_manifest_is_announced_under_the_name_of_the_distribution(project):
    assert project["project"]["entry-points"]["napari.manifest"] == {
        project["project"]["name"]: "napari_fluoro_annotator:napari.yaml"
    }
