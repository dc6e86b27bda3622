"""Files of teaching sets: questions and keys in one JSON file, to be carried from site to site.

Such a file holds the answers. It is for those who teach; a trainee gets the set from a store.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from fluoro_annotator.errors import ExchangeError, TeachingSetError, TrainingFormatError
from fluoro_annotator.exchange.files import read_whole, write_atomically
from fluoro_annotator.marks.serialise import canonical_json
from fluoro_annotator.store import SetVersion, Store
from fluoro_annotator.training.key_text import key_from_text, key_to_text, text_hash
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.plain import Group, read_text
from fluoro_annotator.training.publishing import keep_version, person
from fluoro_annotator.training.sets import TeachingSet, set_from_text, set_to_text
from fluoro_annotator.training.shelf import keys_of

FILE_FORMAT: Final = "fluoro_annotator.teaching_set_file"
FILE_VERSION: Final = 1
ENDING: Final = ".set.json"
"""How the names of set files end by custom; any other name will do."""


@dataclass(frozen=True, slots=True)
class SetFile:
    """A teaching set with all its keys.

    Raises
    ------
    TeachingSetError
        If a key is missing, or not the one that the set names.

    """

    teaching_set: TeachingSet
    keys: Mapping[str, Key]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        found = {name: text_hash(key_to_text(key)) for name, key in self.keys.items()}
        if found != dict(self.teaching_set.key_hashes):
            raise TeachingSetError(
                f"teaching set {self.teaching_set.set_id}",
                "does not have the keys that it names",
                "Export it again from the store in which it was published.",
            )


def set_file_text(content: SetFile) -> str:
    """Return the text of a set file; the inverse of `set_file_from_text`."""
    values = {
        "set": json.loads(set_to_text(content.teaching_set)),
        "keys": [
            json.loads(key_to_text(content.keys[one.exercise_id])) for one in content.teaching_set.questions
        ],
    }
    head = {"format": FILE_FORMAT, "version": FILE_VERSION, "sha256": _hash(values)}
    return json.dumps(head | values, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def set_file_from_text(text: str | bytes, subject: str = "set file") -> SetFile:
    """Return what a set file holds.

    Raises
    ------
    TrainingFormatError
        If it was cut off, edited by hand, is of a newer format, or holds anything else that does not fit.

    """
    return read_text(text, subject, FILE_FORMAT, FILE_VERSION).made(_content)


def _content(group: Group) -> SetFile:
    values = {"set": group.value("set"), "keys": group.items("keys")}
    if group.text("sha256") != _hash(values):
        raise TrainingFormatError(
            group.subject,
            "is not as it was written: somebody edited it, or it was damaged on its way",
            "Export the set again. To change a set, edit it in the program and publish a new version.",
        )
    keys = [
        key_from_text(canonical_json(key), f"{group.subject}, at $.keys[{number}]")
        for number, key in enumerate(values["keys"])
    ]
    teaching_set = set_from_text(canonical_json(values["set"]), f"{group.subject}, at $.set")
    if len({key.exercise_id for key in keys}) < len(keys):
        raise TrainingFormatError(group.subject, "holds two keys of one exercise")
    return SetFile(teaching_set, {key.exercise_id: key for key in keys})


def _hash(values: dict[str, Any]) -> str:
    return text_hash(canonical_json(values))


def write_set_file(content: SetFile, path: Path | str, *, overwrite: bool = False) -> None:
    """Write a set file, whole or not at all.

    Raises
    ------
    ExchangeError
        If it exists and may not be replaced, or cannot be written.

    """
    write_atomically(Path(path), set_file_text(content).encode("utf-8"), overwrite=overwrite)


def read_set_file(path: Path | str) -> SetFile:
    """Read a set file; see `set_file_from_text`.

    Raises
    ------
    TrainingFormatError
        If it cannot be read or used; the subject names the file.

    """
    try:
        content = read_whole(Path(path))
    except ExchangeError as error:
        raise TrainingFormatError(error.subject, error.problem, error.remedy) from error
    return set_file_from_text(content, str(path))


def set_file_of(store: Store, teaching_set: TeachingSet, *, reader: str) -> SetFile:
    """Return a set of a store with its keys.

    Raises
    ------
    KeyWithheldError
        If the store does not give the keys to this reader.
    TeachingSetError
        If keys were purged with their studies, so that the set is not whole any more.

    """
    return SetFile(teaching_set, keys_of(store.practice, teaching_set, reader=person(store, reader)))


def install(content: SetFile, store: Store, *, by: str) -> SetVersion:
    """Put a set into a store, under its own identifier and version; one that is there already changes nothing.

    The studies need not be in the store: they are looked for when the set is practised.

    Parameters
    ----------
    content : SetFile
        The set.
    store : Store
        The store.
    by : str
        Who installs it, and may see its keys from then on.

    Returns
    -------
    SetVersion
        As the store has it.

    Raises
    ------
    StoreConflictError
        If the store has another content under this identifier and version.
    StorePermissionError
        If a server does not allow it.

    """
    return keep_version(store.practice, content.teaching_set, content.keys, by=person(store, by))
