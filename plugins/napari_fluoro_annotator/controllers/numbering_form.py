"""The form in which a reader says how the vertebrae were counted, and the record that it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from fluoro_annotator.errors import MarkError
from fluoro_annotator.marks import (
    CountedFrom,
    Lstv,
    LstvSide,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingForm:
    """What stands in the form; empty texts for what is not chosen."""

    scheme: str = ""
    counted_from: str = ""
    confidence: str = ""
    lstv: str = ""
    lstv_side: str = LstvSide.NOT_APPLICABLE.value
    rib_count: str = ""

    @property
    def complete(self) -> bool:
        """Whether all that is needed has been chosen."""
        return all((self.scheme, self.counted_from, self.lstv, self.confidence))


def numbering_of(form: NumberingForm) -> Numbering:
    """Return the record of a form that is complete; raises `MarkError` if it contradicts itself."""
    ribs = form.rib_count
    if ribs and not ribs.isdecimal():
        raise MarkError("numbering", f"cannot have {ribs!r} pairs of ribs")
    return Numbering(
        scheme=NumberingScheme(form.scheme),
        counted_from=CountedFrom(form.counted_from),
        confidence=NumberingConfidence(form.confidence),
        lstv=Lstv(form.lstv),
        lstv_side=LstvSide(form.lstv_side),
        rib_count=int(ribs) if ribs else None,
    )


def form_of(numbering: Numbering | None) -> NumberingForm:
    """Return the form of a record."""
    if numbering is None:
        return NumberingForm()
    return NumberingForm(
        scheme=numbering.scheme.value,
        counted_from=numbering.counted_from.value,
        confidence=numbering.confidence.value,
        lstv=numbering.lstv.value,
        lstv_side=numbering.lstv_side.value,
        rib_count="" if numbering.rib_count is None else str(numbering.rib_count),
    )
