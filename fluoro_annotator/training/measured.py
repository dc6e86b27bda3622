"""What is measured at an answer: distances, shares of bones, bands, safety lines, active tip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    UNCALIBRATED,
    Answer,
    Point,
    Quantity,
    Ruler,
    SafetyDistance,
    Unit,
    covered_course,
    depth_fraction,
    direction_in_image,
    shaft_to_course,
    shaft_to_line,
    tip_to_course,
    tip_to_safety_line,
    tip_to_target,
)
from fluoro_annotator.marks import Needle
from fluoro_annotator.protocols import Band, Measure, SafetyLine, TipSide, Use, ViewFamily
from fluoro_annotator.training.ground import ENDPLATE, Ground

SIDE_LETTERS: Final = {Side.LEFT: "L", Side.RIGHT: "R"}
WORDS: Final = {"H": "cranial", "F": "caudal", "A": "ventral", "P": "dorsal"}

NO_SCALE: Final = "the image has no scale that holds in the patient"
REFERENCE_OUTSIDE: Final = "the reference itself lies outside, so the band is not used"
FREEHAND: Final = "the line is drawn freehand and has no landmarks"


class BandState(StrEnum):
    """Where a measure lies in relation to a band."""

    GOOD = "good"
    MARGINAL = "marginal"
    OUTSIDE = "outside"
    NOT_USED = "not_used"


ORDER: Final = (BandState.GOOD, BandState.MARGINAL, BandState.OUTSIDE)
"""From best to worst."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is measured: a point, and a shaft if there is one, tip first."""

    tip: Point
    path: tuple[Point, ...] = ()
    active_tip_mm: float | None = None
    length_mm: float | None = None

    @classmethod
    def of(cls, needle: Needle) -> Probe:
        """Return the probe of a needle."""
        return cls(needle.tip, needle.path, needle.active_tip_mm, needle.length_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandResult:
    """A measure beside a band of the protocol.

    Attributes
    ----------
    band : Band
        The band; `Band.validated` is false for every one that comes with the program.
    measured, reference : Quantity or None
        Of the answer, and of the reference where it has one.
    state : BandState
        Not used if it could not be measured, is only displayed, or the reference itself lies outside.
    reason : str
        Why it is not used.
    borderline : bool
        Whether the interval of the measure reaches an end of the band.
    borrowed : bool
        Whether a radius that the protocol has for another view is used: an engineering default.

    """

    band: Band
    measured: Quantity | None
    reference: Quantity | None
    state: BandState
    reason: str = ""
    borderline: bool = False
    borrowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """A tip beside a safety line.

    Attributes
    ----------
    line : SafetyLine
        The line.
    measured, reference : SafetyDistance or None
        Of the answer and of the reference.
    past : bool
        Whether the answer is past it and the reference is not.
    reason : str
        Why it could not be measured.

    """

    line: SafetyLine
    measured: SafetyDistance | None
    reference: SafetyDistance | None
    past: bool
    reason: str = ""

    @property
    def borderline(self) -> bool:
        """Whether the line is nearer than points can be placed."""
        return self.measured is not None and self.measured.safe is Answer.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Share:
    """A distance in lengths of a bone.

    Attributes
    ----------
    of : str
        What has the length 1, for example "depth of the superior articular process".
    key : str
        Identifier of the construction, or ``"superior_endplate"``.
    value : float
        The distance from the reference in these lengths.

    """

    of: str
    key: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Everything that was measured at an answer that marks a place.

    Attributes
    ----------
    pixels : Quantity
        Distance from the reference in pixel widths.
    millimetres : Quantity or None
        The same in mm, None without a scale that holds in the patient.
    directions : tuple of (str, float)
        In which anatomical directions it is off and how far in pixel widths, the larger first; empty if the file
        does not say how the patient lies.
    shares : tuple of Share
        The distance in lengths of bones whose landmarks are placed.
    bands : tuple of BandResult
        Bands of the protocol for this nerve and view.
    lines : tuple of LineResult
        Its safety lines in this view.
    covered : Quantity or None
        Length of the nerve's course along which the active tip lies, in mm.

    """

    pixels: Quantity
    millimetres: Quantity | None
    directions: tuple[tuple[str, float], ...]
    shares: tuple[Share, ...]
    bands: tuple[BandResult, ...]
    lines: tuple[LineResult, ...]
    covered: Quantity | None

    @property
    def same_place(self) -> bool:
        """Whether the answer cannot be told from the reference: both ends of the interval hold 0."""
        return self.pixels.low == 0


def measure_answer(probe: Probe, ground: Ground, centre: Point) -> Measures:
    """Return everything that can be measured at an answer.

    Parameters
    ----------
    probe : Probe
        The answer.
    ground : Ground
        The references.
    centre : Point
        Where they have what was asked for.

    """
    ruler = ground.image.ruler
    plain = Ruler(UNCALIBRATED, ruler.aspect, ruler.placement_px)
    found = tip_to_target(probe.tip, centre, ruler)
    reference = _reference_probe(ground, centre)
    return Measures(
        pixels=replace(tip_to_target(probe.tip, centre, plain), note=""),
        millimetres=found if found.unit is Unit.MILLIMETRES else None,
        directions=directions_of(probe.tip, centre, ground),
        shares=_shares(ruler.pixels(probe.tip, centre), ground),
        bands=tuple(_band_result(band, probe, reference, ground) for band in _bands(ground)),
        lines=tuple(
            _line_result(line, probe.tip, centre, ground)
            for line in ground.protocol.safety_lines_of(ground.site.nerve)
            if line.view == ground.view
        ),
        covered=_covered(probe, ground),
    )


def reference_measures(ground: Ground) -> Measures | None:
    """Return what is measured at the reference itself, None without one: limits and lines where nothing was placed."""
    centre = ground.centre
    return None if centre is None else measure_answer(_reference_probe(ground, centre), ground, centre)


def directions_of(tip: Point, centre: Point, ground: Ground) -> tuple[tuple[str, float], ...]:
    """Return in which anatomical directions a point lies from another, and how far in pixel widths."""
    orientation = ground.image.orientation
    if orientation is None:
        return ()
    lateral = SIDE_LETTERS.get(ground.site.side, "")
    found = []
    for letter in ("H", "F", "A", "P", "L", "R"):
        step = direction_in_image(letter, orientation)
        if step is None:
            continue
        rows, columns = (tip.row - centre.row) * ground.image.ruler.aspect, tip.column - centre.column
        along = step[0] * rows + step[1] * columns
        if along > 0:
            found.append((WORDS.get(letter, "lateral" if letter == lateral else "medial"), along))
    return tuple(sorted(found, key=lambda one: -one[1]))


def _reference_probe(ground: Ground, centre: Point) -> Probe:
    needle = ground.needle
    return Probe(centre, needle.path) if needle is not None else Probe(centre)


def _bands(ground: Ground) -> tuple[Band, ...]:
    """Return the bands for a view; a radius for another view only where there is none for this one."""
    bands = ground.protocol.bands_of(ground.site.nerve)
    here = [band for band in bands if band.view == ground.view]
    radii = [band for band in bands if band.measure is Measure.TIP_TO_TARGET]
    if ground.view and not any(band in here for band in radii):
        here += radii[:1]
    return tuple(here)


def _along(band: Band, probe: Probe, ground: Ground) -> Quantity | str:
    axis = ground.protocol.construction(band.axis)
    ends = ground.line(axis.landmarks)
    if ends is None:
        return f"landmarks are not placed: {_titles(ground, axis.landmarks)}"
    first, last = axis.landmarks
    found = depth_fraction(probe.tip, ends[0], ends[1], ground.image.ruler)
    titles = [ground.protocol.landmark(key).title for key in (first, last)]
    return replace(found, note=f"0 at the {titles[0]}, 1 at the {titles[1]}")


def _titles(ground: Ground, names: tuple[str, ...]) -> str:
    return ", ".join(ground.protocol.landmark(key).title for key in names if key not in ground.landmarks)


def _to_centre(_band: Band, probe: Probe, ground: Ground) -> Quantity | str:
    centre = ground.centre
    return "there is no reference" if centre is None else tip_to_target(probe.tip, centre, ground.image.ruler)


def _to_course(_band: Band, probe: Probe, ground: Ground) -> Quantity | str:
    if not probe.path:
        return "it is for needles"
    if ground.course is None:
        return "no reference has drawn the course of the nerve"
    return tip_to_course(probe.tip, ground.course.vertices, ground.image.ruler).distance


def _course_angle(_band: Band, probe: Probe, ground: Ground) -> Quantity | str:
    if not probe.path:
        return "it is for needles"
    if ground.course is None:
        return "no reference has drawn the course of the nerve"
    return shaft_to_course(probe.path, ground.course.vertices, ground.image.ruler)


def _endplate_angle(_band: Band, probe: Probe, ground: Ground) -> Quantity | str:
    ends = ground.line(ENDPLATE)
    if not probe.path or ends is None:
        return "no needle, or the superior endplate is not placed"
    return shaft_to_line(probe.path, (ends[0], ends[1]), ground.image.ruler)


def _no_plane(_band: Band, _probe: Probe, _ground: Ground) -> Quantity | str:
    return "the parasagittal plane is not marked on any image"


_MEASURERS: Final[Mapping[Measure, Callable[[Band, Probe, Ground], Quantity | str]]] = {
    Measure.FRACTION_ALONG: _along,
    Measure.TIP_TO_TARGET: _to_centre,
    Measure.TIP_TO_COURSE: _to_course,
    Measure.ANGLE_TO_COURSE: _course_angle,
    Measure.CAUDAL_ANGLE: _endplate_angle,
    Measure.LATERAL_ANGLE: _no_plane,
}
"""What measures each sort of band; a text says why it cannot be measured."""


def _band_result(band: Band, probe: Probe, reference: Probe, ground: Ground) -> BandResult:
    measured, reason = _measure(band, probe, ground)
    compared = None if band.measure is Measure.TIP_TO_TARGET else _measure(band, reference, ground)[0]
    state = BandState.NOT_USED if measured is None else state_in(measured, band)
    if measured is not None and band.use is Use.DISPLAY:
        state, reason = BandState.NOT_USED, "it is only shown, never judged"
    if compared is not None and state is not BandState.NOT_USED:
        state, reason = _beside_reference(state, state_in(compared, band))
    return BandResult(
        band=band,
        measured=measured,
        reference=compared,
        state=state,
        reason=reason,
        borderline=measured is not None and measured.within(*band.good) is Answer.CANNOT_TELL,
        borrowed=band.view != ground.view,
    )


def _measure(band: Band, probe: Probe, ground: Ground) -> tuple[Quantity | None, str]:
    try:
        found = _MEASURERS[band.measure](band, probe, ground)
    except GeometryError as error:
        return None, str(error)
    if isinstance(found, str):
        return None, found
    return (found, "") if found.unit.value == band.unit.value else (None, NO_SCALE)


def state_in(found: Quantity, band: Band) -> BandState:
    """Return where a value lies in relation to a band."""
    if band.good[0] <= found.value <= band.good[1]:
        return BandState.GOOD
    wide = band.marginal or band.good
    return BandState.MARGINAL if wide[0] <= found.value <= wide[1] else BandState.OUTSIDE


def _beside_reference(state: BandState, reference: BandState) -> tuple[BandState, str]:
    """Return what a state says where the reference is not in the good band either: no more than it does itself."""
    if reference is BandState.OUTSIDE:
        return BandState.NOT_USED, REFERENCE_OUTSIDE
    return (BandState.GOOD if state is reference else state), ""


def _line_result(line: SafetyLine, tip: Point, centre: Point, ground: Ground) -> LineResult:
    places = ground.line(line.landmarks)
    safe = _safe_direction(line.tip, ground)
    reason = _why_no_line(line, ground, safe)
    if places is None or safe is None:
        return LineResult(line=line, measured=None, reference=None, past=False, reason=reason)
    try:
        measured, reference = (
            tip_to_safety_line(point, places, safe, ground.image.ruler) for point in (tip, centre)
        )
    except GeometryError as error:
        return LineResult(line=line, measured=None, reference=None, past=False, reason=str(error))
    past = measured.distance.value < 0 <= reference.distance.value
    return LineResult(line=line, measured=measured, reference=reference, past=past)


def _why_no_line(line: SafetyLine, ground: Ground, safe: tuple[int, int] | None) -> str:
    if not line.landmarks:
        return FREEHAND
    missing = _titles(ground, line.landmarks)
    if missing:
        return f"landmarks are not placed: {missing}"
    return "" if safe else "the file does not say how the patient lies, or the safe side lies along the beam"


def _safe_direction(side: TipSide, ground: Ground) -> tuple[int, int] | None:
    if ground.image.orientation is None or side is TipSide.INSIDE:
        return None
    letter = SIDE_LETTERS.get(ground.site.side) if side is TipSide.LATERAL else side.value
    return None if letter is None else direction_in_image(letter, ground.image.orientation)


def _shares(pixels: float, ground: Ground) -> tuple[Share, ...]:
    """Return a distance in lengths of the axes, and of the endplate, whose landmarks are placed."""
    bones = {
        one.id: (one.title, one.landmarks)
        for one in ground.protocol.constructions_of(ground.site.nerve)
        if one.kind.value == "axis" and one.view == ground.view
    }
    names = {ViewFamily.AP: "width", ViewFamily.LATERAL: "depth"}
    if ground.family in names:
        bones["superior_endplate"] = (f"vertebral {names[ground.family]} at the superior endplate", ENDPLATE)
    lengths = {
        key: (title, ground.image.ruler.pixels(ends[0], ends[1]))
        for key, (title, landmarks) in bones.items()
        if (ends := ground.line(landmarks)) is not None
    }
    return tuple(Share(title, key, pixels / length) for key, (title, length) in lengths.items() if length > 0)


def _covered(probe: Probe, ground: Ground) -> Quantity | None:
    """Return along how much of the course the active tip lies, within the good reach of the protocol."""
    reach = next(
        (
            band.good[1]
            for band in ground.protocol.bands_of(ground.site.nerve)
            if band.measure is Measure.TIP_TO_COURSE and band.view == ground.view
        ),
        None,
    )
    if reach is None or ground.course is None or probe.active_tip_mm is None or not probe.path:
        return None
    return covered_course(
        probe.path,
        probe.active_tip_mm,
        ground.course.vertices,
        reach,
        ground.image.ruler,
        length_mm=probe.length_mm,
    )
