"""Libraries that only reports and charts need, loaded when they are."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fluoro_annotator.errors import MissingExtraError


def needed(module: str) -> Any:
    """Return a module of the extra ``reports``.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            "reports and charts",
            f"cannot be made: {error.name or module} is not installed",
            'Run: python -m pip install "fluoro-annotator[reports]"',
        ) from error
