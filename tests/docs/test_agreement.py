"""What the pages say agrees with the tables of the program."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Evidence, load_anatomy
from fluoro_annotator.logs import LOG_VARIABLE
from fluoro_annotator.marks.fields import LONGEST_NAME
from fluoro_annotator.settings_file import read_settings
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.keymap import does
from napari_fluoro_annotator.keys import BINDINGS
from napari_fluoro_annotator.practice_keys import PRACTICE_BINDINGS
from napari_fluoro_annotator.views.annotate import RETRY_EVERY_MS

NOT_OURS = {"could not load the Qt platform plugin"}
PLATFORMS = {"macOS": MacOS, "Linux": Unix}
HEADINGS = ["Context", "Choice", "Consequences", "What would change our mind"]


@pytest.fixture
def user(repository):
    return repository / "docs" / "user"


def test_the_table_of_keys_is_that_of_the_program(user, table):
    assert [row[0] for row in table(user / "marking.md", "key")] == [binding.shown for binding in BINDINGS]


def test_the_table_says_what_the_program_says_of_each_key(user, table):
    cells = [re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", row[1]) for row in table(user / "marking.md", "key")]
    said = [cell.partition(";")[0] for cell in cells]
    assert said == [does(binding.name) for binding in BINDINGS]


def test_the_keys_of_practice_are_those_of_its_window(user, table):
    rows = table(user / "practice-window.md", "key of practice")
    assert [tuple(row) for row in rows] == [
        (binding.shown, texts.PRACTICE_KEYS_DO[binding.name]) for binding in PRACTICE_BINDINGS
    ]


def test_keys_in_the_text_exist(page, prose):
    known = (
        {binding.shown for binding in (*BINDINGS, *PRACTICE_BINDINGS)}
        | {"Tab"}
        | {"Enter", "Shift", "Ctrl", "Alt"}
    )
    assert set(re.findall(r"<kbd>([^<]+)</kbd>", prose(page))) <= known


def pattern(text):
    """Return a pattern for a text of the program with its blanks filled in."""
    return re.compile(r".*?".join(map(re.escape, re.split(r"\{\w+\}", text))))


@pytest.mark.parametrize(
    ("name", "row"),
    [("SAVED", 0), ("SAVED_BEFORE", 1), ("SAVED_NOTHING", 2), ("NOT_SAVED", 3), ("OUT_OF_REACH", 4)],
)
def test_the_page_shows_each_state_of_saving_as_the_dock_does(user, table, name, row):
    shown = table(user / "marking.md", "the line says")[row][0]
    begun = shown.removesuffix("...").rstrip(" .")
    wanted = getattr(texts, name)
    wanted = wanted if begun == shown else re.split(r"\. \{", wanted)[0]
    assert pattern(wanted).fullmatch(begun)


def test_buttons_and_lists_of_the_dock_are_described(user, table):
    described = ", ".join(row[0] for row in table(user / "marking.md", "part")).split(", ")
    in_dock = (
        "STUDY",
        "READER",
        "PURPOSE",
        "SHOWN",
        "VIEWS",
        "NERVE",
        "SIDE",
        "VERTEBRA",
        "TARGET",
        "NEEDLE",
        "LEVEL",
    )
    editing = ("RELABEL", "DELETE", "UNDO", "REDO", "EXPORT", "MARKS_TABLE")
    assert {getattr(texts, name) for name in (*in_dock, *editing)} <= set(described)


def menu_paths(repository):
    manifest = yaml.safe_load(
        (repository / "plugins" / "napari_fluoro_annotator" / "napari.yaml").read_text(encoding="utf-8")
    )
    offered, name = manifest["contributions"], manifest["display_name"]
    titles = {command["id"]: command["title"] for command in offered["commands"]}
    paths = {f"Plugins > {widget['display_name']} ({name})" for widget in offered["widgets"]}
    paths |= {f"File > Open Sample > {sample['display_name']}" for sample in offered["sample_data"]}
    paths |= {
        f"File > IO Utilities > {titles[entry['command']]}"
        for entry in offered["menus"]["napari/file/io_utilities"]
    }
    paths |= {
        f"Layers > Annotate > {titles[entry['command']]}"
        for entry in offered["menus"]["napari/layers/annotate"]
    }
    return paths


def test_menu_entries_are_named_as_the_plugin_names_them(repository, page, prose):
    text = " ".join(prose(page).split())
    known = menu_paths(repository) | {"File > Preferences > Plugins"}
    assert set(re.findall(r"\*((?:File|Plugins|Layers|Window) > [^*]+)\*", text)) <= known


def sources(repository):
    files = [
        path for folder in ("fluoro_annotator", "plugins") for path in (repository / folder).rglob("*.py")
    ]
    joined = " ".join(path.read_text(encoding="utf-8") for path in files)
    return " ".join(re.sub(r'"\s*\n?\s*f?"', "", joined).split())


def test_messages_that_are_explained_are_messages_of_the_program(repository, user):
    page = (user / "troubleshooting.md").read_text(encoding="utf-8")
    first_cells = [line.split(" |")[0] for line in page.splitlines() if line.startswith("| `")]
    messages = {message for cell in first_cells for message in re.findall(r"`([^`]+)`", cell)} - NOT_OURS
    parts = {part.strip() for message in messages for part in re.split(r"\.\.\.|: ", message)} - {""}
    assert len(messages) > 15
    assert {part for part in parts if part not in sources(repository)} == set()


@pytest.mark.parametrize("system", PLATFORMS)
def test_places_are_where_the_program_puts_things(repository, table, monkeypatch, system):
    for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", "/somewhere")
    folders = PLATFORMS[system](settings.APPLICATION, appauthor=False)
    user = repository / "docs" / "user"
    places = {
        repository / "README.md": f"{folders.user_data_dir}/readings.sqlite",
        user / "marking.md": f"{folders.user_state_dir}/rescue",
        user / "troubleshooting.md": folders.user_log_dir,
    }
    for page, place in places.items():
        rows = {row[0]: row[1].strip("`") for row in table(page, "system")}
        assert rows[system].replace("~", "/somewhere") == place


@pytest.mark.parametrize("system", PLATFORMS)
def test_the_file_of_keys_is_where_the_page_says(user, table, monkeypatch, system):
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "/somewhere")
    folders = PLATFORMS[system](settings.APPLICATION, appauthor=False)
    rows = {row[0]: row[1].strip("`") for row in table(user / "keys.md", "system")}
    assert rows[system].replace("~", "/somewhere") == f"{folders.user_config_dir}/keys.json"


def test_the_table_of_settings_is_that_of_the_program(user, table):
    rows = table(user / "settings.md", "in the settings file")
    names = [tuple(cell.strip("`") for cell in row[:2]) for row in rows]
    only_variables = ("", settings.SETTINGS_VARIABLE), ("", LOG_VARIABLE), ("", settings.INDEX_VARIABLE)
    assert names == [*settings.IN_FILE.items(), *only_variables]
    every = {value for name, value in vars(settings).items() if name.endswith("_VARIABLE")} | {LOG_VARIABLE}
    assert {variable for _, variable in names} == every


def test_the_example_of_a_settings_file_can_be_used(user, code_blocks, tmp_path):
    (example,) = code_blocks(user / "settings.md", "toml")
    file = tmp_path / "settings.toml"
    file.write_text(example, encoding="utf-8")
    found = read_settings(file, settings.IN_FILE)
    assert found == {"store": r"D:\readings\department.sqlite", "reader": "Reader A", "role": "trainee"}


@pytest.mark.parametrize("system", PLATFORMS)
def test_the_folders_of_settings_are_where_the_page_says(user, table, monkeypatch, system):
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", "/somewhere")
    folders = PLATFORMS[system](settings.APPLICATION, appauthor=False)
    column = ["Windows", "macOS", "Linux"].index(system) + 1
    rows = {
        row[0]: row[column].strip("`").replace("~", "/somewhere")
        for row in table(user / "settings.md", "folder")
    }
    assert rows == {"configuration": folders.user_config_dir, "data": folders.user_data_dir}


def test_variables_that_are_named_exist(page):
    known = {
        *(value for name, value in vars(settings).items() if name.endswith("_VARIABLE")),
        LOG_VARIABLE,
        "FLUORO_ANNOTATOR_FUZZ",
    }
    assert set(re.findall(r"FLUORO_ANNOTATOR_[A-Z_]+", page.read_text(encoding="utf-8"))) <= known


def test_numbers_in_the_guide_are_those_of_the_program(user):
    marking = (user / "marking.md").read_text(encoding="utf-8")
    assert f"up to {LONGEST_NAME} characters" in marking
    assert RETRY_EVERY_MS == 3000
    assert "every three seconds" in marking


def test_the_disputed_nerves_are_named(repository):
    disputed = [nerve.id for nerve in load_anatomy().nerves.values() if nerve.evidence is Evidence.DISPUTED]
    assert disputed == [f"T{number}_MB" for number in range(1, 11)]
    assert "medial branches T1 to T10" in (repository / "README.md").read_text(encoding="utf-8")


def test_the_layers_of_the_architecture_page_are_those_that_are_checked(repository, code_blocks):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    wanted = [
        re.sub(r"\s*[|:]?\s*\([^)]*\)", "", layer).replace("fluoro_annotator.", "").strip()
        for layer in layers
    ]
    blocks = code_blocks(repository / "docs" / "developer" / "architecture.md", "")
    shown = [block.replace("fluoro_annotator.", "").splitlines() for block in blocks]
    assert [layer for layer in wanted if layer] in shown


def decisions(repository):
    return sorted((repository / "docs" / "decisions").glob("[0-9]*.md"))


def test_every_decision_has_the_four_headings_and_a_number(repository):
    pages = decisions(repository)
    assert [path.name[:4] for path in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}: ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS, path.name


def test_the_list_of_decisions_is_complete(repository, table):
    rows = table(repository / "docs" / "decisions" / "README.md", "number")
    listed = {re.search(r"\((.+)\)", row[0])[1]: row[1] for row in rows}
    assert listed == {
        path.name: path.read_text(encoding="utf-8").partition("\n")[0].partition(": ")[2]
        for path in decisions(repository)
    }


def test_the_changelog_speaks_of_this_version(repository):
    source = (repository / "fluoro_annotator" / "__init__.py").read_text(encoding="utf-8")
    version = re.search(r'__version__ = "(.+)"', source)[1]
    assert f"## [{version}]" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"fluoro_annotator-{version}-py3" in (repository / "README.md").read_text(encoding="utf-8")
