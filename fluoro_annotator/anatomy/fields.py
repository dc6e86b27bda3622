"""Checks of single fields in the same words, whichever room refuses."""

from __future__ import annotations

from enum import StrEnum

from fluoro_annotator.errors import FluoroAnnotatorError


def check_text(error: type[FluoroAnnotatorError], subject: str, /, **fields: object) -> None:
    """Refuse a field that is not a text, is empty, or has blanks at its ends.

    Parameters
    ----------
    error : type of FluoroAnnotatorError
        What is raised.
    subject : str
        What the error is about.
    **fields : object
        The fields by name.

    """
    for name, value in fields.items():
        if not isinstance(value, str) or not value or value != value.strip():
            raise error(subject, f"{name} is {value!r:.60}", "It has to be a text that is not blank.")


def check_member(
    error: type[FluoroAnnotatorError], subject: str, kind: type[StrEnum], /, **fields: object
) -> None:
    """Refuse a field that is not a member of an enumeration.

    Parameters
    ----------
    error : type of FluoroAnnotatorError
        What is raised.
    subject : str
        What the error is about.
    kind : type of StrEnum
        The enumeration.
    **fields : object
        The fields by name.

    """
    for name, value in fields.items():
        if not isinstance(value, kind):
            raise error(subject, f"{name} is {value!r:.60}", f"It has to be one of: {', '.join(kind)}.")
