"""Write ``constraints.txt`` anew: the newest versions that fit, to be tested and then committed.

Usage: ``.venv/bin/python tools/update_constraints.py`` (with the Python the constraints are for).
Installs everything into a fresh temporary environment, without the present constraints,
and keeps names and versions only: no address, no path, no hash. setuptools is left out: nothing
needs it, but Python 3.11 puts its own old copy into every environment.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import DEVELOP, ROOT

TARGET = ROOT / "constraints.txt"
HEADER = "# Versions that were tested together; made by tools/update_constraints.py. No index address belongs in here.\n"
PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!]*")


class UnpinnedError(Exception):
    """A line of ``pip freeze`` that is not a plain name and version."""


def freeze(folder: Path) -> list[str]:
    """Install everything into a fresh environment and return its names and versions."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    groups = [part for group in DEVELOP.groups for part in ("--group", group)]
    subprocess.run([*pip, "install", "--quiet", "--upgrade", "pip"], check=True)
    subprocess.run(
        [*pip, "install", "--quiet", "--editable", f".[{DEVELOP.extra}]", *groups], check=True, cwd=ROOT
    )
    frozen = subprocess.run(
        [*pip, "freeze", "--all", "--exclude-editable", "--exclude", "setuptools"],
        check=True,
        capture_output=True,
        text=True,
    )
    return frozen.stdout.splitlines()


def pinned(lines: list[str]) -> list[str]:
    """Return the lines sorted by name.

    Raises
    ------
    UnpinnedError
        If a line holds more than a name and a version, such as a path or a local build.

    """
    for line in lines:
        if not PINNED.fullmatch(line):
            raise UnpinnedError(f"{line!r} is not a plain name and version. Was it installed from a file?")
    return sorted(lines, key=str.lower)


def main() -> int:
    """Write the file; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        lines = pinned(freeze(Path(folder) / "venv"))
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} versions. Run make test before committing it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
