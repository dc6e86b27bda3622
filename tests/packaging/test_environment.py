"""When ``.venv`` counts as ready, when it is made anew, and what is never touched."""

from __future__ import annotations

import json
import shutil
import sys

import pytest


@pytest.fixture
def environment(tool):
    return tool("environment")


@pytest.fixture
def checkout(tmp_path, environment):
    """Return the environment of a small checkout whose interpreter runs."""
    root = tmp_path / "checkout"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (root / ".venv" / "pyvenv.cfg").touch()
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "constraints.txt").write_text("numpy==2.0\n")
    return environment.VirtualEnvironment(root)


@pytest.fixture
def commands(environment, monkeypatch):
    """Collect the commands instead of running them."""
    collected = []
    monkeypatch.setattr(environment, "_run", lambda *command, **_: collected.append(command))
    return collected


def record(checkout, installation):
    checkout.stamp.write_text(json.dumps(checkout.wanted(installation)))


def test_without_a_record_it_is_not_ready(environment, checkout):
    assert not checkout.is_ready(environment.RUN)


def test_with_the_record_of_the_same_installation_it_is_ready(environment, checkout):
    record(checkout, environment.RUN)
    assert checkout.is_ready(environment.RUN)
    assert not checkout.is_ready(environment.DEVELOP)


def test_the_larger_installation_serves_the_smaller_one(environment, checkout):
    record(checkout, environment.DEVELOP)
    assert checkout.is_ready(environment.RUN)


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_input_asks_for_a_new_installation(environment, checkout, name):
    record(checkout, environment.RUN)
    with (checkout.root / name).open("a") as file:
        file.write("# changed\n")
    assert not checkout.is_ready(environment.RUN)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"root": 3}'])
def test_a_damaged_record_counts_as_none(environment, checkout, content):
    checkout.stamp.write_text(content)
    assert not checkout.is_ready(environment.RUN)


def test_without_an_interpreter_that_runs_it_is_made_anew(environment, checkout, commands):
    record(checkout, environment.RUN)
    checkout.python.unlink()
    assert not checkout.is_ready(environment.RUN)
    checkout.create()
    assert commands == [(sys.executable, "-m", "venv", "--clear", str(checkout.folder))]


def test_a_checkout_that_was_moved_gets_a_new_one(environment, checkout, commands, tmp_path):
    record(checkout, environment.RUN)
    moved = environment.VirtualEnvironment(shutil.move(checkout.root, tmp_path / "elsewhere"))
    assert not moved.is_ready(environment.RUN)
    moved.create()
    assert commands[0][:4] == (sys.executable, "-m", "venv", "--clear")


def test_one_that_was_made_by_hand_is_adopted(checkout, commands):
    checkout.create()
    assert commands == []


def test_a_folder_that_is_something_else_is_left_alone(environment, checkout, commands):
    checkout.python.unlink()
    (checkout.folder / "pyvenv.cfg").unlink()
    with pytest.raises(environment.EnvironmentFailedError, match=r"not a virtual environment\. Rename it"):
        checkout.create()
    assert commands == []


def test_it_installs_the_extra_and_the_groups_at_the_tested_versions(environment, checkout, commands):
    checkout.install(environment.DEVELOP)
    constraints = str(checkout.root / "constraints.txt")
    assert [command[command.index("--constraint") + 1] for command in commands] == [constraints] * 2
    assert commands[1][-8:] == (
        "--editable",
        ".[all]",
        "--group",
        "test",
        "--group",
        "lint",
        "--group",
        "build",
    )
    assert checkout.is_ready(environment.DEVELOP)


def test_an_installation_that_failed_is_not_recorded(environment, checkout, monkeypatch):
    record(checkout, environment.RUN)
    failing = (sys.executable, "-c", "raise SystemExit(1)")
    run = environment._run
    monkeypatch.setattr(environment, "_run", lambda *_, **__: run(*failing))
    with pytest.raises(environment.EnvironmentFailedError, match="raise SystemExit"):
        checkout.install(environment.RUN)
    assert not checkout.stamp.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are looked at on Linux only")
def test_a_virtual_screen_is_needed_only_where_there_is_no_real_one(environment, monkeypatch):
    virtual = set(environment.system_packages.VIRTUAL_SCREEN)
    monkeypatch.setattr(environment, "has_screen", lambda: True)
    assert not virtual & set(environment.system_needs(environment.PROFILES["demo"]))
    monkeypatch.setattr(environment, "has_screen", lambda: False)
    assert virtual <= set(environment.system_needs(environment.PROFILES["demo"]))
    assert environment.system_needs(environment.PROFILES["tools"]) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are looked at on Linux only")
def test_only_the_tests_ask_for_a_database_server(environment):
    servers = environment.system_packages.SERVERS
    assert {name: profile.wishes for name, profile in environment.PROFILES.items()} == {
        "demo": (),
        "test": servers,
        "tools": (),
    }


@pytest.mark.parametrize(
    "line",
    ["-e /somewhere", "thing @ file:///somewhere/thing.whl", "thing", "thing==1.0+local", "--hash=sha256:0"],
)
def test_constraints_refuse_anything_but_names_and_versions(tool, line):
    constraints = tool("update_constraints")
    with pytest.raises(constraints.UnpinnedError, match="not a plain name and version"):
        constraints.pinned(["numpy==2.0", line])


def test_constraints_are_sorted_by_name(tool):
    assert tool("update_constraints").pinned(["b==1", "A==2.0.post1", "c==3!1"]) == [
        "A==2.0.post1",
        "b==1",
        "c==3!1",
    ]
