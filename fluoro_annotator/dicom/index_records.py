"""What the index keeps of one folder, as bytes and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import blake2b, shake_256
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from fluoro_annotator.dicom.freezing import freeze, thaw
from fluoro_annotator.dicom.kinds import VARYING, Copier
from fluoro_annotator.dicom.listing import Stamp
from fluoro_annotator.dicom.models import Image


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a file is not opened, what can be done, and whether that holds until the file changes."""

    problem: str
    remedy: str
    lasting: bool = True


Outcome = Image | LeftOut
Folder = Mapping[str, tuple[Stamp, Outcome]]
"""What was found in the files of a folder, by their names."""

CHECK: Final = 16
"""Bytes at the beginning of what is masked that tell whether it is whole, and which content it is."""


def masked(content: bytes, key: bytes) -> bytes:
    """Return content that can be read with the key only."""
    check = blake2b(content, key=key, digest_size=CHECK).digest()
    return check + _mixed(content, key + check)


def unmasked(hidden: bytes, key: bytes) -> bytes:
    """Return the content of what `masked` made.

    Raises
    ------
    ValueError
        If it is damaged, or was made with another key.

    """
    check, content = hidden[:CHECK], _mixed(hidden[CHECK:], key + hidden[:CHECK])
    if blake2b(content, key=key, digest_size=CHECK).digest() != check:
        raise ValueError("the record is damaged")
    return content


def _mixed(content: bytes, key: bytes) -> bytes:
    """Return content combined with as many bytes as the key yields; twice gives the content again."""
    stream = shake_256(key).digest(len(content))
    return (int.from_bytes(content, "little") ^ int.from_bytes(stream, "little")).to_bytes(
        len(content), "little"
    )


_COMMON: Final[dict[str, Any]] = {
    "path": Path(),
    "sop_instance_uid": "",
    "instance_number": None,
    "acquisition": (None, None),
}
assert tuple(_COMMON) == VARYING  # noqa: S101 - both name what differs between images of one kind
_common_of: Final = attrgetter(*(field.name for field in fields(Image) if field.name not in VARYING))
"""Copies of one image hold the same objects, which are compared by identity."""


def packed(folder: Folder) -> bytes:
    """Return what was found in a folder as bytes.

    Raises
    ------
    CannotFreezeError
        If an image has a value that is not one of this package.

    """
    kinds: dict[tuple[int, ...], int] = {}
    frozen: list[Any] = []
    files: list[tuple[Any, ...]] = []
    for name, (stamp, outcome) in folder.items():
        if isinstance(outcome, LeftOut):
            files.append((name, *stamp, -1, outcome.problem, outcome.remedy))
            continue
        kind = kinds.setdefault(tuple(map(id, _common_of(outcome))), len(kinds))
        if kind == len(frozen):
            frozen.append(_frozen_kind(replace(outcome, **_COMMON)))
        date, time = outcome.acquisition
        files.append((name, *stamp, kind, outcome.sop_instance_uid, outcome.instance_number, date, time))
    content = json.dumps({"kinds": frozen, "files": files})
    return zlib.compress(content.encode("utf-8", "surrogateescape"), 1)


def _frozen_kind(image: Image) -> list[Any]:
    """Return the values of an image; what is not simple as one text, since many kinds have it in common."""
    parts = [freeze(getattr(image, field.name)) for field in fields(Image)]
    return [[json.dumps(part)] if isinstance(part, list) else part for part in parts]


def _thawed_kind(parts: list[Any]) -> Image:
    values = [_thawed(part[0]) if isinstance(part, list) else part for part in parts]
    return Image(**dict(zip(_NAMES, values, strict=True)))


@lru_cache(maxsize=512)
def _thawed(text: str) -> Any:
    return thaw(json.loads(text))


_NAMES: Final = [field.name for field in fields(Image)]


def unpacked(folder: str, content: bytes) -> Folder:
    """Return what `packed` was given; raises what `freezing.thaw`, zlib and JSON raise if it was something else."""
    record = json.loads(zlib.decompress(content).decode("utf-8", "surrogateescape"))
    copiers = [Copier(_thawed_kind(kind)) for kind in record["kinds"]]
    root = Path(folder)
    child = getattr(root, "_make_child_relpath", root.joinpath)  # what iterdir uses; three times as fast
    found: dict[str, tuple[Stamp, Outcome]] = {}
    for name, size, changed, number, kind, *rest in record["files"]:
        outcome: Outcome
        if kind < 0:
            outcome = LeftOut(*rest)
        else:
            uid, instance, date, time = rest
            outcome = copiers[kind].image_with(child(name), uid, instance, (date, time))
        found[name] = (size, changed, number), outcome
    return found
