"""Which changes wait in rescue files, and for which store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.store.rescue import DAMAGED_SUFFIX, SUFFIX, read_rescue, rescue_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A rescue file, as far as it can be read.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    changes : int
        Number of changes in it.
    store_id : str
        The store that they wait for; empty if their writer had not reached one.
    damaged : bool
        Whether something in it cannot be read; what can be read was stored if the file was kept aside.

    """

    path: Path
    changes: int
    store_id: str
    damaged: bool


def waiting(folder: Path | None = None) -> tuple[Waiting, ...]:
    """Return the rescue files in which changes wait, oldest first; those of running programs are among them.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where the rescue files are; `settings.rescue_folder` by default.

    """
    folder = folder or settings.rescue_folder()
    damaged = sorted(folder.glob(f"*{SUFFIX}{DAMAGED_SUFFIX}")) if folder.is_dir() else []
    found = (_read(path) for path in (*rescue_files(folder), *damaged))
    return tuple(entry for entry in found if entry is not None)


def _read(path: Path) -> Waiting | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None  # delivered a moment ago
    except OSError:
        return Waiting(path=path, changes=0, store_id="", damaged=True)
    if not content:
        return None  # made a moment ago
    held = read_rescue(content)
    if held is None:
        return Waiting(path=path, changes=0, store_id="", damaged=True)
    damaged = held.damaged or path.name.endswith(DAMAGED_SUFFIX)
    if not held.drafts and not damaged:
        return None
    return Waiting(path=path, changes=len(held.drafts), store_id=held.store_id, damaged=damaged)
