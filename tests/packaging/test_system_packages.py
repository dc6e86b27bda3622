"""The table of system packages and what happens when something in it is missing."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="system packages are looked at on Linux only")

ALWAYS_THERE = re.compile(
    r"ld-linux|lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s|z)\.so|libQt6|libicu|libpyside|libshiboken"
)


@pytest.fixture
def packages(tool):
    return tool("system_packages")


@pytest.fixture
def absent(packages):
    return packages.Need("libnothing9", "library", "libnothing-of-this-name.so.9")


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
    """Put an apt-get that only writes down what it is asked for first in the path."""

    def put(exit_code):
        script = tmp_path / "apt-get"
        script.write_text(
            f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> {tmp_path}/asked\necho "no such package"\nexit {exit_code}\n'
        )
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return tmp_path / "asked"

    return put


@pytest.fixture
def fake_apt_first(fake_apt):
    return fake_apt(0)


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("library", "libc.so.6", "libnothing-of-this-name.so.9"),
        ("command", "sh", "no-command-of-this-name"),
        ("module", "json", "no_module_of_this_name"),
        ("file", "bin/sh", "no-folder-of-this-name/*.ttf"),
    ],
)
def test_each_kind_of_need_is_met_or_not(packages, kind, there, not_there):
    assert packages.Need("x", kind, there).is_met()
    assert not packages.Need("x", kind, not_there).is_met()


def test_the_tables_name_nothing_twice(packages):
    rows = [
        *packages.WINDOW,
        *packages.VIRTUAL_SCREEN,
        *packages.VALIDATORS,
        *packages.VENV,
        *packages.SERVERS,
    ]
    assert len(rows) == len({(row.kind, row.provides) for row in rows})


def test_the_window_table_has_every_library_that_qt_names(packages):
    readelf = shutil.which("readelf")
    if readelf is None:
        pytest.skip("readelf (binutils) is not installed")
    qt = importlib.metadata.distribution("PySide6-Essentials").locate_file("PySide6/Qt")
    files = [*qt.glob("plugins/platforms/libqxcb.so"), *qt.glob("plugins/xcbglintegrations/*.so")]
    files += [
        qt / "lib" / f"libQt6{part}.so.6" for part in ("Core", "DBus", "Gui", "OpenGL", "Widgets", "XcbQpa")
    ]
    output = subprocess.run([readelf, "-d", *files], capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"\(NEEDED\).*\[(.+)\]", output))
    listed = {need.provides for need in packages.WINDOW}
    assert "libxcb-cursor.so.0" in named
    assert {name for name in named - listed if not ALWAYS_THERE.match(name)} == set()


def test_the_explanation_names_each_package_once_and_the_exact_command(packages, absent):
    text = packages.explain((absent, packages.Need("libnothing9", "command", "nothing"), packages.WINDOW[0]))
    assert f"apt-get install --no-install-recommends libnothing9 {packages.WINDOW[0].package}\n" in text
    assert "libnothing-of-this-name.so.9" in text


def test_nothing_is_installed_when_nothing_is_missing(packages, monkeypatch, fake_apt):
    asked = fake_apt(0)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    packages.ensure((packages.Need("libc6", "library", "libc.so.6"),))
    assert not asked.exists()


def test_without_the_right_to_install_it_stops_and_names_the_packages(packages, absent, monkeypatch):
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(packages.SystemPackagesError, match=r"sudo apt-get install .* libnothing9"):
        packages.ensure((absent,))


def test_only_what_is_missing_is_asked_of_apt_without_questions(packages, absent, monkeypatch, fake_apt):
    asked = fake_apt(0)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    with pytest.raises(packages.SystemPackagesError, match="missing still"):
        packages.ensure((packages.Need("libc6", "library", "libc.so.6"), absent))
    update, install = asked.read_text().splitlines()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends libnothing9")


def test_a_failing_apt_is_reported_in_its_own_words(packages, absent, monkeypatch, fake_apt):
    fake_apt(100)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    with pytest.raises(packages.SystemPackagesError, match="no such package"):
        packages.ensure((absent,))


def test_what_is_only_wished_for_is_named_and_passed_over(packages, absent, monkeypatch, capsys):
    monkeypatch.setattr(packages, "can_install", lambda: False)
    packages.ensure_if_possible((absent,))
    assert "libnothing9" in capsys.readouterr().err


def test_what_is_wished_for_is_installed_where_that_is_possible(packages, absent, monkeypatch, fake_apt):
    asked = fake_apt(0)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    packages.ensure_if_possible((absent,))
    assert asked.read_text().endswith(" libnothing9\n")


@pytest.mark.parametrize("lacking", [None, "initdb", "postgres"])
def test_a_database_server_is_found_where_debian_puts_it(tool, tmp_path, monkeypatch, lacking):
    monkeypatch.setenv("PATH", str(tmp_path))
    for version in ("9.6", "15", "17"):
        folder = tmp_path / "usr/lib/postgresql" / version / "bin"
        folder.mkdir(parents=True)
        for name in {"initdb", "pg_ctl", "postgres"} - ({lacking} if version == "17" else set()):
            (folder / name).touch(mode=0o755)
    found = tool("postgres_cluster").programs_folder(tmp_path)
    assert found.parent.name == ("15" if lacking else "17")


@pytest.mark.parametrize(
    ("release", "user", "expected"),
    [
        ({"ID": "debian"}, 0, True),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, 0, True),
        ({"ID": "debian"}, 1000, False),
        ({"ID": "fedora"}, 0, False),
        ({}, 0, False),
    ],
)
@pytest.mark.usefixtures("fake_apt_first")
def test_only_root_on_debian_and_its_relatives_may_install(packages, monkeypatch, release, user, expected):
    monkeypatch.setattr(packages.platform, "freedesktop_os_release", lambda: release)
    monkeypatch.setattr(packages.os, "geteuid", lambda: user)
    assert packages.can_install() is expected


def test_nothing_is_looked_at_outside_linux(packages, absent, monkeypatch):
    monkeypatch.setattr(packages.sys, "platform", "darwin")
    packages.ensure((absent,))
