"""The settings file: what is set once, for a reader or for all machines of a department."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fluoro_annotator.errors import SettingsError

PLACE_IN_FILE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
"""How tomllib ends its messages."""

LONGEST_SHOWN = 40
"""Most characters of a key that is no setting that an error repeats."""


def read_settings(path: Path, keys: Collection[str], *, must_exist: bool = True) -> dict[str, str]:
    """Read a settings file.

    Parameters
    ----------
    path : pathlib.Path
        A file in TOML 1.0.
    keys : collection of str
        What may be set.
    must_exist : bool
        Otherwise a file that is not there sets nothing.

    Returns
    -------
    dict
        The values by key, without blanks at their ends. What is blank is left out: it sets nothing.

    Raises
    ------
    SettingsError
        If the file cannot be read, is not TOML, or holds a key that is no setting or a value
        that is no text. Values are not repeated.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not must_exist:
            return {}
        raise SettingsError(
            str(path),
            f"cannot be read ({error.strerror})",
            "Check that the settings file is there and may be read.",
        ) from error
    found = _parsed(path, content)
    for key, value in found.items():
        _check(path, keys, key, value)
    return {key: value.strip() for key, value in found.items() if value.strip()}


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsError(str(path), "is not UTF-8", "Save the file again as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        place = PLACE_IN_FILE.search(str(error))
        line = f", line {place[1]}" if place and place[1] else ""
        raise SettingsError(
            f"{path}{line}",
            "is not TOML",
            'Write one setting in each line, like reader = "Reader A"; a path with backslashes stands '
            "in single quotes.",
        ) from None


def _check(path: Path, keys: Collection[str], key: str, value: object) -> None:
    if key not in keys:
        near = get_close_matches(key, keys, n=1)
        remedy = f"Write {near[0]!r}." if near else f"The settings are {', '.join(keys)}."
        raise SettingsError(str(path), f"holds {_shown(key)}, which is no setting", remedy)
    if not isinstance(value, str):
        raise SettingsError(str(path), f"does not give a text for {key!r}", "Put the value in quotes.")
    if not value.isprintable():
        raise SettingsError(
            str(path),
            f"gives {key!r} a value with control characters",
            "Write it in one line; a path with backslashes stands in single quotes.",
        )


def _shown(key: str) -> str:
    return repr(key if len(key) <= LONGEST_SHOWN else f"{key[:LONGEST_SHOWN]}...")
