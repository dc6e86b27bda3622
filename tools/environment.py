"""Make ``.venv`` ready for a make target; do nothing if it is.

Usage: ``environment.py demo|test|tools`` (``setup.sh`` beside it finds the Python to run it with).
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import system_packages
from system_packages import Need, SystemPackagesError

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
INPUTS = ("pyproject.toml", "constraints.txt")


class EnvironmentFailedError(Exception):
    """The virtual environment cannot be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What goes into the virtual environment.

    Parameters
    ----------
    extra : str
        Extra of the package that is installed.
    groups : tuple of str
        Dependency groups that are installed beside it.

    """

    extra: str
    groups: tuple[str, ...] = ()


RUN = Installation("napari")
DEVELOP = Installation("all", ("test", "lint", "build"))


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of make target needs.

    Parameters
    ----------
    installation : Installation
        What has to be in the virtual environment.
    opens_windows : bool
        Whether Qt's libraries, and without a screen a virtual one, are needed.
    needs : tuple of Need
        Further system packages.
    wishes : tuple of Need
        System packages without which something is left out.

    """

    installation: Installation
    opens_windows: bool
    needs: tuple[Need, ...] = ()
    wishes: tuple[Need, ...] = ()


PROFILES = {
    "demo": Profile(RUN, opens_windows=True),
    "test": Profile(
        DEVELOP, opens_windows=True, needs=system_packages.VALIDATORS, wishes=system_packages.SERVERS
    ),
    "tools": Profile(DEVELOP, opens_windows=False),
}


def has_screen() -> bool:
    """Return whether windows will open on a real screen (the rule is in display.sh)."""
    return subprocess.run([ROOT / "tools" / "display.sh", "present"], check=False).returncode == 0


def system_needs(profile: Profile) -> tuple[Need, ...]:
    """Return the system packages that a profile needs on this machine."""
    window = system_packages.WINDOW if profile.opens_windows else ()
    virtual = system_packages.VIRTUAL_SCREEN if profile.opens_windows and not has_screen() else ()
    return (*window, *virtual, *profile.needs)


@dataclass(frozen=True, slots=True)
class VirtualEnvironment:
    """The virtual environment of a checkout.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the checkout; the environment is ``.venv`` in it.

    """

    root: Path

    @property
    def folder(self) -> Path:
        """Folder of the environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """File that says what the last complete installation was made from."""
        return self.folder / "fluoro-annotator-setup.json"

    def wanted(self, installation: Installation) -> dict[str, object]:
        """Return what the stamp says after a complete installation of this kind."""
        digest = hashlib.sha256()
        for name in INPUTS:
            digest.update((self.root / name).read_bytes())
        return {
            "root": str(self.root),
            "inputs": digest.hexdigest(),
            "extra": installation.extra,
            "groups": list(installation.groups),
        }

    def recorded(self) -> dict[str, object]:
        """Return what the stamp says; empty if there is none or it cannot be understood."""
        try:
            content = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return content if isinstance(content, dict) else {}

    def is_ready(self, installation: Installation) -> bool:
        """Return whether this installation, or the larger one, is in place and current."""
        return self.recorded() in (self.wanted(installation), self.wanted(DEVELOP)) and self.runs()

    def runs(self) -> bool:
        """Return whether the interpreter starts and is new enough."""
        check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
        try:
            return (
                subprocess.run([self.python, "-c", check], check=False, capture_output=True).returncode == 0
            )
        except OSError:
            return False

    def has_moved(self) -> bool:
        """Return whether the checkout was moved; the scripts in it then point to the old place."""
        return self.recorded().get("root", str(self.root)) != str(self.root)

    def create(self) -> None:
        """Make the environment, or make it anew if it cannot be used any more."""
        if self.runs() and not self.has_moved():
            return
        if self.folder.exists() and not (self.folder / "pyvenv.cfg").exists():
            raise EnvironmentFailedError(
                f"{self.folder} exists but is not a virtual environment. Rename it and repeat the command."
            )
        system_packages.ensure(system_packages.VENV)
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        _run(sys.executable, "-m", "venv", "--clear", str(self.folder))

    def install(self, installation: Installation) -> None:
        """Install the package, editable, at the tested versions, and record it."""
        print("Installing into .venv (a few minutes the first time)", flush=True)
        self.stamp.unlink(missing_ok=True)
        constraints = ("--constraint", str(self.root / "constraints.txt"))
        groups = [part for group in installation.groups for part in ("--group", group)]
        pip = (
            str(self.python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            *constraints,
        )
        _run(*pip, "--upgrade", "pip")
        _run(*pip, "--editable", f".[{installation.extra}]", *groups, cwd=self.root)
        self.stamp.write_text(json.dumps(self.wanted(installation), indent=1), encoding="utf-8")


def _run(*command: str, cwd: Path | None = None) -> None:
    try:
        subprocess.run(command, check=True, cwd=cwd, stdin=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise EnvironmentFailedError(
            f"This command failed, and its messages above say why:\n    {' '.join(command)}\n"
            "Most often there is no connection to the package index. Repeat the command when there is one."
        ) from error


def prepare(profile: Profile, environment: VirtualEnvironment) -> None:
    """Make everything ready that a profile needs.

    Raises
    ------
    SystemPackagesError
        If system packages are missing and cannot be installed from here.
    EnvironmentFailedError
        If the virtual environment cannot be made or filled.

    """
    system_packages.ensure(system_needs(profile))
    system_packages.ensure_if_possible(profile.wishes)
    if environment.is_ready(profile.installation):
        return
    started = time.monotonic()
    environment.create()
    environment.install(profile.installation)
    print(f"Set-up finished in {time.monotonic() - started:.0f} s", flush=True)


def main() -> int:
    """Prepare the profile that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description="Make .venv ready for a make target.")
    parser.add_argument("profile", choices=sorted(PROFILES))
    profile = PROFILES[parser.parse_args().profile]
    try:
        prepare(profile, VirtualEnvironment(ROOT))
    except (SystemPackagesError, EnvironmentFailedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
