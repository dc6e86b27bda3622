"""Where things are kept, and who is reading.

Each value is looked for in an environment variable, then in the settings file; without either,
the platform's usual folders are used. docs/user/settings.md has them in one table.
"""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from fluoro_annotator.errors import MissingExtraError, SettingsError
from fluoro_annotator.key_file import read_key, read_or_make_key
from fluoro_annotator.settings_file import read_settings

APPLICATION = "fluoro-annotator"
SETTINGS_VARIABLE = "FLUORO_ANNOTATOR_SETTINGS"
STORE_VARIABLE = "FLUORO_ANNOTATOR_STORE"
PASSWORD_FILE_VARIABLE = "FLUORO_ANNOTATOR_STORE_PASSWORD_FILE"  # noqa: S105 - the name of a variable
READER_VARIABLE = "FLUORO_ANNOTATOR_READER"
ROLE_VARIABLE = "FLUORO_ANNOTATOR_ROLE"
PURPOSE_VARIABLE = "FLUORO_ANNOTATOR_PURPOSE"
INDEX_VARIABLE = "FLUORO_ANNOTATOR_INDEX"
PROTOCOLS_VARIABLE = "FLUORO_ANNOTATOR_PROTOCOLS"
KEYS_VARIABLE = "FLUORO_ANNOTATOR_KEYS"
PSEUDONYM_KEY_VARIABLE = "FLUORO_ANNOTATOR_PSEUDONYM_KEY"
SWITCHED_OFF = frozenset({"0", "no", "off", "false"})

IN_FILE: dict[str, str] = {
    "store": STORE_VARIABLE,
    "store_password_file": PASSWORD_FILE_VARIABLE,
    "reader": READER_VARIABLE,
    "role": ROLE_VARIABLE,
    "purpose": PURPOSE_VARIABLE,
    "protocols": PROTOCOLS_VARIABLE,
    "keys": KEYS_VARIABLE,
    "pseudonym_key": PSEUDONYM_KEY_VARIABLE,
}
"""The keys of the settings file, and the environment variables that go before them."""

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""How the address of a server begins; a drive letter is shorter."""


@dataclass(frozen=True, slots=True)
class _Configured:
    """A value that somebody has set.

    Parameters
    ----------
    value : str
        The value, without blanks at its ends; empty if nobody has set one.
    origin : str
        The variable or the file that it is from.
    folder : pathlib.Path
        Where paths in it begin.

    """

    value: str = ""
    origin: str = ""
    folder: Path = Path()

    @property
    def path(self) -> Path:
        """The value as a path."""
        try:
            return self.folder / Path(self.value).expanduser()
        except RuntimeError:
            raise SettingsError(
                self.origin,
                "names the home folder of an account that does not exist",
                "Write the whole path.",
            ) from None


def settings_file() -> Path:
    """Return the settings file.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_SETTINGS`` if it is set, otherwise ``settings.toml`` in the
        platform's user configuration folder. Only the former has to exist.

    """
    named = os.environ.get(SETTINGS_VARIABLE, "").strip()
    return Path(named).expanduser() if named else _config_folder() / "settings.toml"


def _config_folder() -> Path:
    return user_config_path(APPLICATION, appauthor=False)


def _configured(key: str) -> _Configured:
    variable = IN_FILE[key]
    value = os.environ.get(variable, "").strip()
    if value:
        return _Configured(value, variable)
    file = settings_file()
    value = _of_file(file).get(key, "")
    return _Configured(value, f"{file}, {key}", file.parent) if value else _Configured()


def check_file() -> None:
    """Read the settings file, so that a fault in it is found before anything begins.

    Raises
    ------
    SettingsError
        If it cannot be used.

    """
    _of_file(settings_file())


def _of_file(file: Path) -> dict[str, str]:
    named = bool(os.environ.get(SETTINGS_VARIABLE, "").strip())
    return read_settings(file, IN_FILE, must_exist=named)


def origin_of(key: str) -> str:
    """Return what sets a value: the environment variable, or the file with its key; empty if nothing does.

    Parameters
    ----------
    key : str
        One of `IN_FILE`.

    """
    return _configured(key).origin


def store_location() -> str:
    """Return where readings are kept.

    Returns
    -------
    str
        A path, or a URL such as ``postgresql://user@host:5432/name``: the value of
        ``FLUORO_ANNOTATOR_STORE`` or of ``store`` in the settings file, otherwise the path of
        ``readings.sqlite`` in the platform's user data folder.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    configured = _configured("store")
    if is_url(configured.value):
        return configured.value
    default = user_data_path(APPLICATION, appauthor=False) / "readings.sqlite"
    return str(configured.path if configured.value else default)


def is_url(location: str) -> bool:
    """Whether a place of readings is the address of a server, not a file."""
    return URL.match(location) is not None


def store_password() -> str | None:
    """Return the password of the database server, None if no file of it is named.

    libpq's own ``PGPASSWORD`` and ``PGPASSFILE`` work without this.

    Returns
    -------
    str or None
        The first line of the file that ``FLUORO_ANNOTATOR_STORE_PASSWORD_FILE`` or
        ``store_password_file`` in the settings file names.

    Raises
    ------
    SettingsError
        If the file cannot be read or is empty.

    """
    configured = _configured("store_password_file")
    if not configured.value:
        return None
    try:
        text = configured.path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(
            configured.origin,
            f"names a file with the password of the store that cannot be read ({reason})",
            "Check the path, and that you may read the file.",
        ) from None
    password = text.partition("\n")[0].rstrip("\r")
    if not password:
        raise SettingsError(
            configured.origin, "names a file without a password", "Write the password into its first line."
        )
    return password


def pseudonym_key() -> bytes:
    """Return the secret key with which patients get their pseudonyms.

    Returns
    -------
    bytes
        The key in the file that ``FLUORO_ANNOTATOR_PSEUDONYM_KEY`` or ``pseudonym_key`` in the
        settings file names, which has to exist. Otherwise that of ``pseudonym.key`` in the
        platform's user configuration folder, which is made when it is first needed.

    Raises
    ------
    SettingsError
        If there is no such file, or it holds no key.

    """
    configured = _configured("pseudonym_key")
    if configured.value:
        return read_key(configured.path)
    return read_or_make_key(_config_folder() / "pseudonym.key")


def protocols_folder() -> Path:
    """Return the folder in which a site keeps protocols of its own.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_PROTOCOLS`` or of ``protocols`` in the settings file,
        otherwise ``protocols`` in the platform's user data folder. It need not exist.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    configured = _configured("protocols")
    default = user_data_path(APPLICATION, appauthor=False) / "protocols"
    return configured.path if configured.value else default


def keys_file() -> Path:
    """Return the file with the keys that the reader has changed.

    Returns
    -------
    pathlib.Path
        The value of ``FLUORO_ANNOTATOR_KEYS`` or of ``keys`` in the settings file, otherwise
        ``keys.json`` in the platform's user configuration folder. It need not exist.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    configured = _configured("keys")
    return configured.path if configured.value else _config_folder() / "keys.json"


def rescue_folder() -> Path:
    """Return the folder that takes marks while the store cannot be written."""
    return user_state_path(APPLICATION, appauthor=False) / "rescue"


def practice_folder() -> Path:
    """Return the folder that takes answers of practice while they are given, or while the store cannot take them."""
    return user_state_path(APPLICATION, appauthor=False) / "practice"


def drafts_folder() -> Path:
    """Return the folder in which teaching sets wait that are not published; they hold the answers."""
    return user_state_path(APPLICATION, appauthor=False) / "drafts"


def last_seen_file() -> Path:
    """Return the file that says how far each reading was seen; it holds no identifiers and need not exist."""
    return user_state_path(APPLICATION, appauthor=False) / "seen.json"


def practice_folders_file() -> Path:
    """Return the file that lists the folders with the images of teaching sets; it need not exist."""
    return _config_folder() / "practice.json"


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
        The value of ``FLUORO_ANNOTATOR_READER`` or of ``reader`` in the settings file, otherwise
        the name of the operating system account, otherwise ``"reader"``.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    configured = _configured("reader").value
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
        The value of ``FLUORO_ANNOTATOR_ROLE`` or of ``role`` in the settings file, in lower case,
        otherwise ``"not_stated"``.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    return _configured("role").value.lower() or "not_stated"


def reading_purpose() -> str:
    """Return what a window reads for until somebody chooses otherwise.

    Returns
    -------
    str
        The value of ``FLUORO_ANNOTATOR_PURPOSE`` or of ``purpose`` in the settings file, in lower
        case, otherwise ``"procedure"``.

    Raises
    ------
    SettingsError
        If the settings file cannot be used.

    """
    return _configured("purpose").value.lower() or "procedure"


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
