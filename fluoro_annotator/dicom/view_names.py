"""Names of views together with the rule that produced them; never a side from an angle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.acquisition import (
    AcquisitionGeometry,
    angles_in_patient,
    is_patient_position,
    wrap,
)
from fluoro_annotator.dicom.orientation import OLDER_VIEW_CODES, VIEW_CODES, VIEW_POSITIONS, view_name
from fluoro_annotator.dicom.positions import CONTRADICTION
from fluoro_annotator.dicom.values import items, text

FRONTAL_LIMIT: Final = 10.0
"""Degrees off the sagittal plane up to which a view is called AP/PA: an engineering choice."""
LATERAL_LIMIT: Final = 80.0
"""Degrees off the sagittal plane from which a view is called lateral: an engineering choice."""
TILT_LIMIT: Final = 10.0
"""Degrees from which a cranial or caudal tilt is named: squaring an endplate takes less."""
HALF_TURN: Final = 180.0
ASSUMED_POSITION: Final = "HFS"
"""What devices assume of a patient who was not registered otherwise."""


@dataclass(frozen=True, slots=True)
class ViewName:
    """The name of a view and where it comes from.

    Attributes
    ----------
    name : str
        For a layer or a table.
    rule : str
        The attribute or rule that produced the name, and what contradicts it.
    caution : str
        What to confirm before a side is marked; ``""`` if the header gives no cause.

    """

    name: str
    rule: str
    caution: str = ""


UNNAMED: Final = ViewName("view not stated", "the header states neither a view nor angles")


@dataclass(frozen=True, slots=True)
class ViewLabel:
    """The view as the header names it, and the attribute that does; both ``""`` if none does."""

    text: str = ""
    source: str = ""


def read_label(dataset: Dataset) -> ViewLabel:
    """Return the view that View Code Sequence or View Position names, the code first.

    Modifiers of the code (PS3.16 CID 4011) follow the name with their meaning.
    """
    for item in items(dataset, "ViewCodeSequence"):
        name = _CODES.get(text(item, "CodeValue")) or text(item, "CodeMeaning")
        if name:
            modifiers = (
                text(modifier, "CodeMeaning") for modifier in items(item, "ViewModifierCodeSequence")
            )
            return ViewLabel(", ".join((name, *filter(None, modifiers))), "View Code Sequence")
    name = VIEW_POSITIONS.get(text(dataset, "ViewPosition").upper(), "")
    return ViewLabel(name, "View Position") if name else ViewLabel()


_CODES: Final = OLDER_VIEW_CODES | VIEW_CODES


def name_view(label: ViewLabel, geometry: AcquisitionGeometry, *, moving: bool = False) -> ViewName:
    """Return the name of a view.

    A label from the header is believed. Without one the angles class the view as AP/PA, oblique
    or lateral and name a cranial or caudal tilt. This class is the same for a patient on the
    back and on the belly; left and right are not, therefore an angle never names a side, nor
    whether the beam went AP or PA.

    Parameters
    ----------
    label : ViewLabel
        From `read_label`.
    geometry : AcquisitionGeometry
        Of the first frame.
    moving : bool
        Whether the C-arm moved during the run.

    Examples
    --------
    >>> tilted = AcquisitionGeometry(primary_angle=-155.0, secondary_angle=-40.0)
    >>> name_view(ViewLabel(), tilted).name
    'oblique, caudal tilt, primary -155.0°, secondary -40.0°'

    """
    primary, secondary = geometry.primary_angle, geometry.secondary_angle
    parts = [_labelled(label, primary) if label.text else _classed(primary, secondary)]
    if moving:
        parts.append("first of a run in which the C-arm moved")
    name = view_name(label.text, primary, secondary)
    if not label.text:
        name = ", ".join((*_classes(primary, secondary), name))
    return ViewName(name, "; ".join(parts), _caution(geometry))


def view_class(primary: float) -> str:
    """Return AP/PA, oblique or lateral for a primary angle in degrees.

    Examples
    --------
    >>> view_class(180.0), view_class(-155.0), view_class(92.0)
    ('AP/PA', 'oblique', 'lateral')

    """
    angle = abs(wrap(primary))
    off = min(angle, HALF_TURN - angle)
    if off <= FRONTAL_LIMIT:
        return "AP/PA"
    return "lateral" if off >= LATERAL_LIMIT else "oblique"


def _tilt(secondary: float) -> str:
    if abs(secondary) < TILT_LIMIT:
        return ""
    return "cranial tilt" if secondary > 0 else "caudal tilt"


def _classes(primary: float | None, secondary: float | None) -> tuple[str, ...]:
    found = (
        "" if primary is None else view_class(primary),
        "" if secondary is None else _tilt(secondary),
    )
    return tuple(name for name in found if name)


def _classed(primary: float | None, secondary: float | None) -> str:
    if primary is None and secondary is None:
        return "the header states neither a view nor angles"
    return (
        f"positioner angles: AP/PA within {FRONTAL_LIMIT:g}° of the sagittal plane, lateral from "
        f"{LATERAL_LIMIT:g}°, tilt from {TILT_LIMIT:g}°; no side follows from them"
    )


_LABEL_CLASSES: Final = {"AP": "AP/PA", "PA": "AP/PA", "oblique": "oblique", "lateral": "lateral"}


def _labelled(label: ViewLabel, primary: float | None) -> str:
    words = label.text.split(", ")[0].split()
    named = next((_LABEL_CLASSES[word] for word in reversed(words) if word in _LABEL_CLASSES), None)
    if named is None or primary is None or view_class(primary) == named:
        return label.source
    return f"{label.source}; contradicted by the primary angle of {primary:g}° ({view_class(primary)})"


def _caution(geometry: AcquisitionGeometry) -> str:
    """Return what to confirm: angles hold for the position that the device assumed."""
    if geometry.mirrored:
        return "the header says that the image was flipped horizontally: confirm the side"
    if geometry.primary_angle is None:
        return ""
    contradiction = next((note for note in geometry.notes if note.startswith(CONTRADICTION)), "")
    if contradiction:
        return f"{contradiction}: confirm the side"
    position = geometry.patient_position
    if not is_patient_position(position):
        return "patient position not stated: the angles do not tell left from right"
    if position == ASSUMED_POSITION:
        return "HFS is often left as a default: for a prone patient the primary angle is off by 180°"
    primary, secondary = angles_in_patient(
        geometry.primary_angle, geometry.secondary_angle or 0.0, ASSUMED_POSITION, position
    )
    return (
        f"{position}: a device that assumed HFS means primary {primary:g}°, secondary {secondary:g}° "
        "in this patient: confirm the side"
    )
