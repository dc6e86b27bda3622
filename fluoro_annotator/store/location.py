"""Where a store is: a file, or a database on a server; shown without its password."""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.store.postgres_url import is_postgres_url, parse_url, shown

MEANT_AS_ADDRESS = re.compile(r"(postgres(ql)?(\+\w+)?|sqlite(\+\w+)?):", re.IGNORECASE)
"""How an address begins, also one with a slash too few; a drive letter is shorter."""

WITH_A_PASSWORD = re.compile(r"(^|[/\\])[^/\\:@]{2,}:[^/\\@]*@|\bpassword\s*=", re.IGNORECASE)
"""What an address with a password looks like whose beginning was forgotten; a drive letter is shorter."""

FILE = "For a file, write its path alone."
SERVER = "For a server, write postgresql://login@host/database."


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """Where a store is.

    Parameters
    ----------
    path : pathlib.Path or None
        The file; None for a server.
    url : str
        The address of the server, perhaps with a password; empty for a file.

    """

    path: Path | None
    url: str = field(default="", repr=False)

    @classmethod
    def of(cls, location: str | Path | StoreLocation | None) -> StoreLocation:
        """Return what a path or an address means; without either, the place of the settings.

        Raises
        ------
        StoreUnavailableError
            If it is an address that no store can be at. It is not repeated, because there may be
            a password in it.
        SettingsError
            If the settings file cannot be used.

        """
        if isinstance(location, StoreLocation):
            return location
        text = settings.store_location() if location is None else str(location)
        if is_postgres_url(text):
            parse_url(text)
            return cls(None, text)
        if settings.is_url(text) or MEANT_AS_ADDRESS.match(text) or WITH_A_PASSWORD.search(text):
            raise StoreUnavailableError(
                "address of the store", "is not one of a kind that is known here", f"{FILE} {SERVER}"
            )
        if not text.strip() or "\0" in text:
            raise StoreUnavailableError("place of the store", "names no file", f"{FILE} {SERVER}")
        return cls(Path(text))

    @property
    def shown(self) -> str:
        """The path or the address without its password, for every screen, log and error."""
        return str(self.path) if self.path is not None else shown(parse_url(self.url))

    @property
    def login(self) -> str:
        """The login that a server is asked with; empty for a file.

        One that the address does not name is found as PostgreSQL's own library finds it: ``PGUSER``, otherwise
        the name of the account.
        """
        if self.path is not None:
            return ""
        return parse_url(self.url).username or os.environ.get("PGUSER", "") or getpass.getuser()
