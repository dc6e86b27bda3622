"""The system packages that a window and the tests need, and how to get them.

Every package stands in a table together with what it provides, and what counts is whether
that can be used here: a library counts as present if it loads, whoever installed it.
The libraries are those that Qt 6's ``libqxcb`` plugin and its OpenGL integration name as
dependencies (``ldd`` on a bare Debian 12); without one of them Qt only says that it
"could not load the Qt platform plugin".
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from postgres_cluster import programs_folder


class SystemPackagesError(Exception):
    """System packages are missing and cannot be installed from here."""


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package and the one thing in it that shows that it is there.

    Parameters
    ----------
    package : str
        Name of the package in Debian 12 and Ubuntu 24.04.
    kind : str
        How to look for it: a key of ``PROBES``.
    provides : str
        What to look for: a library, a command, a Python module, a file pattern or a database server.

    """

    package: str
    kind: str
    provides: str

    def is_met(self) -> bool:
        """Return whether this machine has what the package provides."""
        return PROBES[self.kind](self.provides)


def _library_loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _command_exists(name: str) -> bool:
    return shutil.which(name) is not None


def _module_exists(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _file_exists(pattern: str) -> bool:
    return next(Path("/").glob(pattern), None) is not None


def _server_exists(name: str) -> bool:
    return name == "postgres" and programs_folder() is not None


PROBES: dict[str, Callable[[str], bool]] = {
    "library": _library_loads,
    "command": _command_exists,
    "module": _module_exists,
    "file": _file_exists,
    "server": _server_exists,
}

VENV = (
    Need(f"python3.{sys.version_info.minor}-venv", "module", "venv"),
    Need(f"python3.{sys.version_info.minor}-venv", "module", "ensurepip"),
)

WINDOW = (
    Need("fonts-dejavu-core", "file", "usr/share/fonts/**/*.[to]tf"),
    Need("libdbus-1-3", "library", "libdbus-1.so.3"),
    Need("libegl1", "library", "libEGL.so.1"),
    Need("libfontconfig1", "library", "libfontconfig.so.1"),
    Need("libfreetype6", "library", "libfreetype.so.6"),
    Need("libgl1", "library", "libGL.so.1"),
    Need("libglib2.0-0", "library", "libglib-2.0.so.0"),
    Need("libglib2.0-0", "library", "libgthread-2.0.so.0"),
    Need("libx11-6", "library", "libX11.so.6"),
    Need("libx11-xcb1", "library", "libX11-xcb.so.1"),
    Need("libxcb1", "library", "libxcb.so.1"),
    Need("libxcb-cursor0", "library", "libxcb-cursor.so.0"),
    Need("libxcb-glx0", "library", "libxcb-glx.so.0"),
    Need("libxcb-icccm4", "library", "libxcb-icccm.so.4"),
    Need("libxcb-image0", "library", "libxcb-image.so.0"),
    Need("libxcb-keysyms1", "library", "libxcb-keysyms.so.1"),
    Need("libxcb-randr0", "library", "libxcb-randr.so.0"),
    Need("libxcb-render0", "library", "libxcb-render.so.0"),
    Need("libxcb-render-util0", "library", "libxcb-render-util.so.0"),
    Need("libxcb-shape0", "library", "libxcb-shape.so.0"),
    Need("libxcb-shm0", "library", "libxcb-shm.so.0"),
    Need("libxcb-sync1", "library", "libxcb-sync.so.1"),
    Need("libxcb-util1", "library", "libxcb-util.so.1"),
    Need("libxcb-xfixes0", "library", "libxcb-xfixes.so.0"),
    Need("libxcb-xkb1", "library", "libxcb-xkb.so.1"),
    Need("libxkbcommon0", "library", "libxkbcommon.so.0"),
    Need("libxkbcommon-x11-0", "library", "libxkbcommon-x11.so.0"),
    Need("libzstd1", "library", "libzstd.so.1"),
)

VIRTUAL_SCREEN = (
    Need("xvfb", "command", "Xvfb"),
    Need("xvfb", "command", "xvfb-run"),
    Need("xauth", "command", "xauth"),
    Need("libglx-mesa0", "library", "libGLX_mesa.so.0"),
)

VALIDATORS = (
    Need("dicom3tools", "command", "dciodvfy"),
    Need("dcmtk", "command", "dcm2pnm"),
)

SERVERS = (Need("postgresql", "server", "postgres"),)
"""Database servers that tests start for themselves; without one, those tests are skipped."""

APT = ("apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300")


def missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return the needs that this machine does not meet, in the order of the table."""
    return tuple(need for need in needs if not need.is_met())


def package_names(needs: Iterable[Need]) -> tuple[str, ...]:
    """Return each package once, in the order of the needs."""
    return tuple(dict.fromkeys(need.package for need in needs))


def explain(needs: Iterable[Need]) -> str:
    """Return what is missing and the commands that install it on Debian and Ubuntu."""
    needs = tuple(needs)
    rows = "\n".join(f"    {need.package:<22} {need.provides}" for need in needs)
    names = " ".join(package_names(needs))
    return (
        f"These system packages are missing:\n{rows}\n"
        "On Debian or Ubuntu, install them with these two lines and repeat the command:\n"
        "    sudo apt-get update\n"
        f"    sudo apt-get install --no-install-recommends {names}\n"
        "On another system, install the packages that contain what stands on the right."
    )


def can_install() -> bool:
    """Return whether this is Debian or a relative of it, and we are its administrator."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    is_debian = bool(family & {"debian", "ubuntu"}) and _command_exists("apt-get")
    return is_debian and os.geteuid() == 0


def install(packages: Iterable[str]) -> None:
    """Install packages with apt, without asking anything; apt's own words are shown if it fails.

    Raises
    ------
    SystemPackagesError
        If apt fails.

    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ((*APT, "update"), (*APT, "install", "--no-install-recommends", *packages)):
        apt = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
        if apt.returncode:
            raise SystemPackagesError(f"{' '.join(command)} failed:\n{apt.stdout}{apt.stderr}")


def ensure(needs: Iterable[Need]) -> None:
    """Make sure that the needs are met; install what is missing where that is possible.

    Does nothing outside Linux, where Qt brings its own libraries.

    Raises
    ------
    SystemPackagesError
        If something is missing and cannot be installed from here. The text names it.

    """
    lacking = missing(needs) if sys.platform == "linux" else ()
    if not lacking:
        return
    if not can_install():
        raise SystemPackagesError(explain(lacking))
    print(f"Installing system packages: {' '.join(package_names(lacking))}", flush=True)
    install(package_names(lacking))
    importlib.invalidate_caches()
    if remaining := missing(lacking):
        raise SystemPackagesError(f"apt-get ran, but something is missing still.\n{explain(remaining)}")


def ensure_if_possible(needs: Iterable[Need]) -> None:
    """Install what is missing where that is possible; otherwise say what is missing, and go on."""
    try:
        ensure(needs)
    except SystemPackagesError as error:
        print(f"{error}\nWithout them a part of the tests is skipped.", file=sys.stderr, flush=True)
