"""Who may do what in a store that several people share; only a server can enforce it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StoreRole(StrEnum):
    """What a login may do in a store on a server.

    A trainee keeps readings for practice and of procedures, and sees these; references, once the own
    practice reading of the study is submitted. An attending sees everything and keeps readings of any kind
    but audits. An auditor sees everything and adds nothing. An administrator sees everything, gives
    and takes roles, and purges.
    """

    TRAINEE = "trainee"
    ATTENDING = "attending"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class StoreUser:
    """A login of a store on a server.

    Attributes
    ----------
    login : str
        Name of the login; the readings of the login are kept under it.
    role : StoreRole or None
        What it may do; None for the owner, and for a login that has no role.
    is_owner : bool
        Whether it made the store: then no rule holds it back but that of keeping what was said.

    """

    login: str
    role: StoreRole | None
    is_owner: bool = False
