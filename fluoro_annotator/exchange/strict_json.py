"""JSON read strictly: no duplicate keys, no NaN, no numbers that would lose digits."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from fluoro_annotator.errors import ExchangeError

LARGEST_INTEGER = 2**53
"""Beyond it, integers are not exact in every program that reads JSON (RFC 8259 section 6)."""


def parse(content: bytes, subject: str) -> Any:
    """Return the value of a JSON text.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without a byte order mark.
    subject : str
        The file, named in refusals.

    Raises
    ------
    ExchangeError
        If it is not UTF-8, not JSON, holds a key twice, or holds a number that is not
        finite or not exact. The place is given where it is known; the content never is.

    """
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object_of,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_exact,
        )
    except UnicodeDecodeError as error:
        raise _refused(subject, f"is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refused(subject, f"is not JSON ({place}: {error.msg.lower()})") from None
    except RecursionError:
        raise _refused(subject, "is nested too deeply to be a file of marks") from None
    except _ValueRefusedError as error:
        raise _refused(subject, str(error)) from None


def _refused(subject: str, problem: str) -> ExchangeError:
    return ExchangeError(subject, problem, "Export the marks again, or choose another file.")


class _ValueRefusedError(Exception):
    """A value that JSON allows, or Python's parser, and this package does not."""


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _ValueRefusedError(f"holds the key {key[:60]!r} twice in one object")
        values[key] = value
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise _ValueRefusedError(f"holds {name}, which is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _ValueRefusedError("holds a number too large to be kept")
    return number


def _exact(text: str) -> int:
    if len(text) > len(str(-LARGEST_INTEGER)) or abs(int(text)) > LARGEST_INTEGER:
        raise _ValueRefusedError("holds an integer too large to be kept")
    return int(text)
