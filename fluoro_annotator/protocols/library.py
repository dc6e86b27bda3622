"""All protocols that are installed: those of the package and those of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fluoro_annotator import settings
from fluoro_annotator.errors import (
    ProtocolError,
    ProtocolFileError,
    UnknownProtocolError,
)
from fluoro_annotator.protocols.comparison import Choice, Comparison, compare
from fluoro_annotator.protocols.fields import version_order
from fluoro_annotator.protocols.protocol import Protocol
from fluoro_annotator.protocols.reading import CATALOGUE, DATA, read_protocol

ENDINGS: Final = frozenset({".yaml", ".yml"})
MOST_FILES: Final = 200
"""A folder with more files is some other one, and reading it would keep a window waiting."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A protocol and where it comes from.

    Attributes
    ----------
    protocol : Protocol
        The protocol.
    path : pathlib.Path
        Its file.
    shipped : bool
        Whether it comes with the package.
    overrides : str
        Version of the shipped protocol that it takes the place of; ``""`` if it adds one.

    """

    protocol: Protocol
    path: Path
    shipped: bool
    overrides: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not used, and why.

    Attributes
    ----------
    path : pathlib.Path
        The file or folder.
    error : ProtocolError
        Subject (file and line), problem and remedy.

    """

    path: Path
    error: ProtocolError


@dataclass(frozen=True, slots=True)
class ProtocolLibrary:
    """The protocols that can be chosen, and the files that cannot.

    Attributes
    ----------
    installed : tuple of Installed
        Every file that could be read, also those that another one overrides: the shipped ones
        first, then those of the site, by name of the file.
    refused : tuple of Refused
        Files that could not.

    """

    installed: tuple[Installed, ...]
    refused: tuple[Refused, ...]

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """The protocols to choose from, one for each identifier."""
        return tuple(entry.protocol for entry in self.current)

    @property
    def current(self) -> tuple[Installed, ...]:
        """The entry that is used for each identifier: that of the site, then the newest version."""
        best: dict[str, Installed] = {}
        for entry in self.installed:
            other = best.get(entry.protocol.id)
            if other is None or _rank(entry) > _rank(other):
                best[entry.protocol.id] = entry
        return tuple(best.values())

    def get(self, protocol_id: str, version: str | None = None) -> Protocol:
        """Return a protocol.

        Parameters
        ----------
        protocol_id : str
            For example ``"lumbar_mbb"``.
        version : str, optional
            A certain version; the one that is used today if it is not given.

        Raises
        ------
        UnknownProtocolError
            Naming those that are there.

        """
        if version is None:
            found = [entry for entry in self.current if entry.protocol.id == protocol_id]
        else:
            wanted = (protocol_id, version)
            found = [one for one in self.installed if (one.protocol.id, one.protocol.version) == wanted]
        if found:
            return max(found, key=_rank).protocol
        raise UnknownProtocolError(
            f"protocol {protocol_id!r}" + (f", version {version}" if version else ""),
            "it is not installed",
            f"Installed are {', '.join(self._names())}.",
        )

    def compare(self, choice: Choice) -> Comparison:
        """Compare the protocol that a reading began with to the one that is used today.

        Parameters
        ----------
        choice : Choice
            What the reading remembers: identifier, version, hash, joints and sides.

        Returns
        -------
        Comparison
            What differs in slots is known only while the file with the old content is still
            installed, for example as an older version in the folder of the site.

        """
        present = next((one for one in self.protocols if one.id == choice.protocol_id), None)
        return compare(choice, self._with_hash(choice.protocol_id, choice.content_hash), present)

    def _with_hash(self, protocol_id: str, content_hash: str) -> Protocol | None:
        for entry in self.installed:
            if (entry.protocol.id, entry.protocol.content_hash) == (protocol_id, content_hash):
                return entry.protocol
        return None

    def _names(self) -> list[str]:
        return [f"{entry.protocol.id} {entry.protocol.version}" for entry in self.installed]


def load_protocols(folders: Iterable[Path | str] | None = None) -> ProtocolLibrary:
    """Read the protocols of the package and those of the site.

    Parameters
    ----------
    folders : iterable of path, optional
        Folders of the site's own protocols; `settings.protocols_folder()` if not given. A folder
        that does not exist holds none. Files that end in ``.yaml`` or ``.yml`` are read.

    Returns
    -------
    ProtocolLibrary
        A file that cannot be used is among `refused`; all the others are there.

    """
    own = [settings.protocols_folder()] if folders is None else [Path(folder) for folder in folders]
    shipped = _shipped()
    versions = {entry.protocol.id: entry.protocol.version for entry in shipped}
    installed: dict[tuple[str, str], Installed] = {}
    refused: list[Refused] = []
    for path, error in _candidates(own):
        try:
            if error:
                raise error
            entry = _site_entry(path, versions)
            _refuse_twin(entry, installed)
        except ProtocolError as problem:
            refused.append(Refused(path, problem))
        else:
            installed[entry.protocol.id, entry.protocol.version] = entry
    return ProtocolLibrary((*shipped, *installed.values()), tuple(refused))


@cache
def _shipped() -> tuple[Installed, ...]:
    """Return the protocols of the package; read once per process."""
    paths = sorted(path for path in DATA.glob("*.yaml") if path != CATALOGUE)
    return tuple(Installed(read_protocol(path), path, shipped=True, overrides="") for path in paths)


def _candidates(folders: Iterable[Path]) -> Iterator[tuple[Path, ProtocolError | None]]:
    """Yield the files that may be protocols, or a folder with the reason why it is not used."""
    for folder in folders:
        try:
            paths = sorted(folder.iterdir()) if folder.exists() else []
        except OSError as error:
            problem = f"the folder cannot be read ({error.strerror})"
            yield folder, ProtocolFileError(str(folder), problem, "Check path and permissions.")
            continue
        paths = [path for path in paths if path.suffix.lower() in ENDINGS and not path.name.startswith(".")]
        if len(paths) > MOST_FILES:
            problem = f"it holds {len(paths)} YAML files, more than {MOST_FILES}"
            yield (
                folder,
                ProtocolFileError(str(folder), problem, "Use a folder that holds nothing but protocols."),
            )
        else:
            yield from ((path, None) for path in paths)


def _site_entry(path: Path, shipped: dict[str, str]) -> Installed:
    protocol = read_protocol(path)
    return Installed(protocol, path, shipped=False, overrides=shipped.get(protocol.id, ""))


def _refuse_twin(entry: Installed, others: dict[tuple[str, str], Installed]) -> None:
    protocol = entry.protocol
    twin = others.get((protocol.id, protocol.version))
    if twin is not None:
        raise ProtocolFileError(
            str(entry.path),
            f"{twin.path.name} holds the protocol {protocol.id}, version {protocol.version}, already",
            "Give one of them another version, or remove it.",
        )


def _rank(entry: Installed) -> tuple[bool, tuple[int, ...]]:
    return not entry.shipped, version_order(entry.protocol.version)
