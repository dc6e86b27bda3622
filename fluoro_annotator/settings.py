"""Where things are kept, and who is reading.

Every value has an environment variable, so that a department can set it once for all
of its machines; without one, the platform's usual data folder is used.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from fluoro_annotator.errors import MissingExtraError

APPLICATION = "fluoro-annotator"
STORE_VARIABLE = "FLUORO_ANNOTATOR_STORE"
READER_VARIABLE = "FLUORO_ANNOTATOR_READER"
ROLE_VARIABLE = "FLUORO_ANNOTATOR_ROLE"
INDEX_VARIABLE = "FLUORO_ANNOTATOR_INDEX"
PROTOCOLS_VARIABLE = "FLUORO_ANNOTATOR_PROTOCOLS"
KEYS_VARIABLE = "FLUORO_ANNOTATOR_KEYS"
SWITCHED_OFF = frozenset({"0", "no", "off", "false"})


def store_path() -> Path:
    """Return the file in which readings are kept.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_STORE`` if it is set, otherwise
        ``readings.sqlite`` in the platform's user data folder.

    """
    configured = os.environ.get(STORE_VARIABLE, "").strip()
    if configured:
        return Path(configured).expanduser()
    return user_data_path(APPLICATION, appauthor=False) / "readings.sqlite"


def protocols_folder() -> Path:
    """Return the folder in which a site keeps protocols of its own.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_PROTOCOLS`` if it is set, otherwise ``protocols`` in the
        platform's user data folder. It need not exist.

    """
    configured = os.environ.get(PROTOCOLS_VARIABLE, "").strip()
    if configured:
        return Path(configured).expanduser()
    return user_data_path(APPLICATION, appauthor=False) / "protocols"


def keys_file() -> Path:
    """Return the file with the keys that the reader has changed.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_KEYS`` if it is set, otherwise ``keys.json`` in the
        platform's user configuration folder. It need not exist.

    """
    configured = os.environ.get(KEYS_VARIABLE, "").strip()
    if configured:
        return Path(configured).expanduser()
    return user_config_path(APPLICATION, appauthor=False) / "keys.json"


def rescue_folder() -> Path:
    """Return the folder that takes marks while the store cannot be written."""
    return user_state_path(APPLICATION, appauthor=False) / "rescue"


def last_seen_file() -> Path:
    """Return the file that says how far each reading was seen; it holds no identifiers and need not exist."""
    return user_state_path(APPLICATION, appauthor=False) / "seen.json"


def cache_folder() -> Path:
    """Return the folder for files that can be made again at any time."""
    return user_cache_path(APPLICATION, appauthor=False)


def scan_index_wanted() -> bool:
    """Return whether scans may be remembered in the cache folder.

    Returns
    -------
    bool
        False if ``FLUORO_ANNOTATOR_INDEX`` is ``0``, ``no``, ``off`` or ``false``.

    """
    return os.environ.get(INDEX_VARIABLE, "").strip().lower() not in SWITCHED_OFF


def reader_name() -> str:
    """Return the name under which marks are stored.

    Returns
    -------
    str
        The value of ``FLUORO_ANNOTATOR_READER`` if it is set, otherwise the name of the
        operating system account, otherwise ``"reader"``.

    """
    configured = os.environ.get(READER_VARIABLE, "").strip()
    if configured:
        return configured
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reader"


def reader_role() -> str:
    """Return the role with which new readings are begun.

    Returns
    -------
    str
        The value of ``FLUORO_ANNOTATOR_ROLE`` in lower case, otherwise ``"not_stated"``.

    """
    return os.environ.get(ROLE_VARIABLE, "").strip().lower() or "not_stated"


def sample_folder() -> Path:
    """Return the folder that holds the sample studies.

    Returns
    -------
    pathlib.Path
        ``sample_data`` inside the installed package, or ``sample_dicoms`` of a checkout.

    Raises
    ------
    MissingExtraError
        If neither is there.

    """
    package = Path(__file__).parent
    for folder in (package / "sample_data", package.parent / "sample_dicoms"):
        if any(folder.glob("*/*.dcm")):
            return folder
    raise MissingExtraError(
        "sample studies",
        "are not part of this installation",
        "Install the package from its wheel or from a complete checkout.",
    )
