"""Check that the optional packages of the simulation are installed."""

from __future__ import annotations

from importlib.util import find_spec

from fluoro_annotator.errors import MissingExtraError

PACKAGES = ("numba", "scipy")


def require_packages() -> None:
    """Raise a clear error if numba or scipy is missing.

    Raises
    ------
    MissingExtraError
        Names the missing packages and the command that installs them.

    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        remedy = "Install them with: pip install fluoro-annotator[simulation]"
        raise MissingExtraError(
            "simulation", f"these packages are not installed: {', '.join(missing)}", remedy
        )
