"""The package's own file of marks: complete, versioned and described by a JSON Schema.

Losses: none. What `write_json` writes, `read_json` turns into an equal document. The file
also holds the present marks and the lengths of needles, for programs that do not want to
replay the history; they are derived, and reading checks that they still agree with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fluoro_annotator.anatomy import Anatomy, load_anatomy
from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange import json_reading, json_writing, schema, strict_json
from fluoro_annotator.exchange.document import MarksDocument
from fluoro_annotator.exchange.files import encoded, read_whole, write_atomically

FORMAT = json_writing.FORMAT
VERSION = json_writing.VERSION


def json_text(document: MarksDocument, anatomy: Anatomy | None = None) -> str:
    """Return the text of a file of marks.

    Parameters
    ----------
    document : MarksDocument
        The readings.
    anatomy : Anatomy, optional
        For the labels; the package's own table by default.

    Raises
    ------
    ExchangeError
        If the document does not fit the schema.
    AnatomyError
        If a mark names a nerve that the table does not hold.

    """
    values = json_writing.document_to_dict(document, anatomy or load_anatomy())
    schema.validate(values, "the document")
    return json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(
    document: MarksDocument,
    path: Path | str,
    *,
    anatomy: Anatomy | None = None,
    overwrite: bool = True,
) -> None:
    """Write a file of marks, whole or not at all.

    Parameters
    ----------
    document : MarksDocument
        The readings.
    path : path-like
        The file.
    anatomy : Anatomy, optional
        For the labels; the package's own table by default.
    overwrite : bool
        Whether a file that exists already may be replaced.

    Raises
    ------
    ExchangeError
        If the document does not fit the schema, or the file cannot be written.

    """
    write_atomically(Path(path), encoded(json_text(document, anatomy)), overwrite=overwrite)


def read_json(path: Path | str, anatomy: Anatomy | None = None) -> MarksDocument:
    """Read a file of marks and check everything in it.

    Parameters
    ----------
    path : path-like
        The file.
    anatomy : Anatomy, optional
        The table of nerves that its marks have to fit; the package's own by default.

    Returns
    -------
    MarksDocument
        Equal to the one that was written.

    Raises
    ------
    ExchangeError
        Naming the file, the place in it as a JSON path, and the reason: not JSON, another
        format, a newer version, something missing or of the wrong kind, a mark outside its
        image, an unknown nerve, an impossible side, marks that do not follow from their
        revisions, or revisions that were changed.

    """
    content = read_whole(Path(path))
    return document_from_bytes(content, str(path), anatomy)


def document_from_bytes(content: bytes, subject: str, anatomy: Anatomy | None = None) -> MarksDocument:
    """Read a file of marks that is in memory already; see `read_json`.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        Its name, for refusals.
    anatomy : Anatomy, optional
        The table of nerves; the package's own by default.

    """
    values = strict_json.parse(content, subject)
    _check_format(values, subject)
    schema.validate(values, subject)
    return json_reading.document_from_dict(values, subject, anatomy or load_anatomy())


def _check_format(values: Any, subject: str) -> None:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ExchangeError(
            subject,
            "is JSON, but not a file of marks of this program",
            f'Choose a file that begins with "format": "{FORMAT}".',
        )
    version = values.get("version")
    if not isinstance(version, str) or version not in schema.SCHEMA_FILES:
        raise ExchangeError(
            f"{subject}, at $.version",
            f"version {str(version)[:20]!r} of the format cannot be read here, only versions 1.0 to {VERSION}",
            _version_remedy(version),
        )


def _version_remedy(version: object) -> str:
    try:
        newer = isinstance(version, str) and _numbers(version) > _numbers(VERSION)
    except ValueError:
        newer = False
    if newer:
        return "It was written by a newer version of the program; update this one."
    return "Export the marks again."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
