"""Names of views, from codes and angles; a side is named only where a code names it."""

from __future__ import annotations

from typing import Final

VIEW_CODES: Final = {
    "399348003": "AP",
    "272479007": "PA",
    "399067008": "lateral",
    "399173006": "left lateral",
    "399198007": "right lateral",
    "399182000": "oblique",
    "399038007": "right posterior oblique",
    "399006002": "left posterior oblique",
    "399356000": "right anterior oblique",
    "399135007": "left anterior oblique",
}
"""SNOMED CT codes of PS3.16 CID 4010 and the names used here."""

OLDER_VIEW_CODES: Final = {
    "R-10206": "AP",
    "R-40888": "PA",
    "R-102CD": "lateral",
    "R-10236": "left lateral",
    "R-10232": "right lateral",
    "R-102C1": "oblique",
    "R-10210": "right posterior oblique",
    "R-10212": "left posterior oblique",
    "R-40985": "right anterior oblique",
    "R-10220": "left anterior oblique",
}
"""The same views in SNOMED RT, which older devices write (PS3.16 annex O)."""

VIEW_POSITIONS: Final = {
    "AP": "AP",
    "PA": "PA",
    "LL": "left lateral",
    "RL": "right lateral",
    "RLD": "right lateral decubitus",
    "LLD": "left lateral decubitus",
    "RLO": "right lateral oblique",
    "LLO": "left lateral oblique",
}
"""Defined terms of View Position (0018,5101), PS3.3 C.8.1.2 and C.8.11.5."""

KNOWN_VIEWS: Final = frozenset({"", *VIEW_CODES.values(), *VIEW_POSITIONS.values()})
"""Labels that come from these tables; every other one is free text of the header."""


def view_name(label: str, primary: float | None, secondary: float | None) -> str:
    """Return the name of a view.

    The rule: a label from the header is taken as it is; an oblique or unlabelled view is
    completed with the positioner angles, because obliques differ by them. Angles are
    given as numbers with DICOM's signs and never translated into left or right, because the
    device may assume another patient position than the true one.

    Parameters
    ----------
    label : str
        From `view_names.read_label`.
    primary, secondary : float or None
        Positioner angles in degrees.

    Examples
    --------
    >>> view_name("AP", 180.0, 0.0)
    'AP'
    >>> view_name("oblique", -155.0, 0.0)
    'oblique, primary -155°'
    >>> view_name("", -155.0, 5.0)
    'primary -155.0°, secondary 5.0°'

    """
    if not label:
        return _angles(primary, secondary)
    if "oblique" not in label or primary is None:
        return label
    tilt = f", secondary {secondary:g}°" if secondary else ""
    return f"{label}, primary {primary:g}°{tilt}"


def _angles(primary: float | None, secondary: float | None) -> str:
    parts = []
    if primary is not None:
        parts.append(f"primary {primary:.1f}°")
    if secondary is not None:
        parts.append(f"secondary {secondary:.1f}°")
    return ", ".join(parts) or "view not stated"
