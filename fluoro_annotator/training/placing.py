"""The rules by which a marked place gets its outcome: a table, from the first rule that applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Final

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Ellipse, Polygon, tip_to_target
from fluoro_annotator.marks import MarkKind, ZoneForm
from fluoro_annotator.protocols import Band, Measure, SlotKind
from fluoro_annotator.training import sentences
from fluoro_annotator.training.ground import Ground, nearest_key
from fluoro_annotator.training.material import numbering_is_uncertain
from fluoro_annotator.training.measured import (
    NO_SCALE,
    ORDER,
    BandResult,
    BandState,
    Measures,
    Probe,
    measure_answer,
    reference_measures,
)
from fluoro_annotator.training.outcomes import DIRECTION_FAULTS, LINE_FAULTS, REASONS, Outcome, Reason
from fluoro_annotator.training.regions import FEWEST_EXPERTS
from fluoro_annotator.training.scores import Why, ZoneMethod, ZoneUsed, rubric_of

ACROSS_SHARE: Final = 0.5
"""How far a place may lie across an axis from the reference, in lengths of the axis, where nothing but a fraction
along it can be measured: an engineering default."""

PLACE_MEASURES: Final = frozenset({Measure.TIP_TO_TARGET, Measure.FRACTION_ALONG, Measure.TIP_TO_COURSE})
"""Bands about where a tip lies; others are about how the shaft lies."""


@dataclass(frozen=True)
class PlaceCase:
    """A marked place and what it is judged against.

    Parameters
    ----------
    ground : Ground
        The references.
    probe : Probe or None
        The place; None if nothing was marked.
    named : Site or None
        The name that the trainee gave; None if the exercise gave it.
    elsewhere : bool
        Whether it was marked on another frame than the reference.

    """

    ground: Ground
    probe: Probe | None
    named: Site | None = None
    elsewhere: bool = False

    @property
    def asked(self) -> Site:
        """What was asked for."""
        return self.ground.site

    @cached_property
    def measures(self) -> Measures | None:
        """What was measured, None without an answer or a reference on the frame."""
        centre = self.ground.centre
        if self.probe is None or centre is None or self.elsewhere:
            return None
        return measure_answer(self.probe, self.ground, centre)

    @cached_property
    def rival(self) -> Site | None:
        """The nerve and side whose reference is nearer than that of what was asked for."""
        if self.probe is None or self.measures is None:
            return None
        key = nearest_key(self.probe.tip, self.ground.rivals, self.ground.image)
        if key is None:
            return None
        away = self.ground.image.ruler.pixels(self.probe.tip, self.ground.rivals[key])
        return load_anatomy().site(*key) if away < self.measures.pixels.value else None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the place is another vertebra's or the other side's, so that its distance says nothing."""
        rival, asked = self.rival, self.asked
        return rival is not None and (rival.vertebra, rival.side) != (asked.vertebra, asked.side)

    @cached_property
    def uncertain(self) -> bool:
        """Whether no level can be called wrong."""
        return numbering_is_uncertain(self.ground.experts)

    @cached_property
    def place(self) -> BandState | None:
        """Where the place lies in relation to its zone, None if there is no zone that can be used."""
        return _place_state(self)

    @cached_property
    def state(self) -> BandState | None:
        """The worst of place and shaft; None if there is no zone that can be used."""
        if self.place is None or self.measures is None:
            return None
        shaft = [one.state for one in self.measures.bands if one.band.measure not in PLACE_MEASURES]
        return worst([self.place, *shaft])

    @property
    def what(self) -> SlotKind:
        """What a slot of the protocol calls it."""
        return SlotKind.NEEDLE if self.ground.kind is MarkKind.NEEDLE else SlotKind.TARGET


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """One row of the table.

    Attributes
    ----------
    id : str
        Name of the rule.
    outcome : Outcome
        Outcome where it applies.
    applies : callable
        Returns why it applies to a case, or None.
    reason : Reason or None
        For what is not assessable.
    besides : bool
        Whether it is also noted when an earlier rule has decided.

    """

    id: str
    outcome: Outcome
    applies: Callable[[PlaceCase], Why | None]
    reason: Reason | None = None
    besides: bool = False


def decide(case: PlaceCase) -> tuple[PlaceRule, tuple[Why, ...]]:
    """Return the first rule that applies, its reason, and the reasons of others to be noted besides."""
    asked = ((rule, rule.applies(case)) for rule in PLACE_RULES)
    found = ((rule, why) for rule, why in asked if why is not None)
    first, decided = next(found)
    if first.outcome is Outcome.NOT_ASSESSABLE:
        return first, (decided,)
    return first, (decided, *(why for rule, why in found if rule.besides))


def worst(states: list[BandState]) -> BandState | None:
    """Return the worst of the states that are used, None if none is."""
    used = [state for state in states if state is not BandState.NOT_USED]
    return max(used, key=ORDER.index, default=None)


# ---------------------------------------------------------------------- zones


def zone_used(case: PlaceCase) -> ZoneUsed:
    """Return how the zone of a case was had."""
    ground = case.ground
    method = zone_method(ground)
    measures = case.measures or reference_measures(ground)
    used = [] if measures is None else [one for one in measures.bands if one.state in ORDER]
    texts = {
        ZoneMethod.DRAWN: "a zone drawn by the expert",
        ZoneMethod.REGION: ground.region.method if ground.region is not None else "",
        ZoneMethod.BANDS: "; ".join(map(_band_text, used)),
    }
    judged = "validated" if _is_validated(method, used) else "not validated"
    return ZoneUsed(
        method=method,
        text=f"{texts[method]}; {judged}" if texts[method] else "no limit could be used",
        experts=tuple(ground.kept),
        outliers=ground.outliers,
        region=ground.region,
        validated=_is_validated(method, used),
    )


def zone_method(ground: Ground) -> ZoneMethod:
    """Return how the zone is had: drawn, a region of three or more experts, or the protocol's bands."""
    if ground.zone is not None:
        return ZoneMethod.DRAWN
    return ZoneMethod.BANDS if ground.region is None else ZoneMethod.REGION


def _is_validated(method: ZoneMethod, used: list[BandResult]) -> bool:
    return method is ZoneMethod.BANDS and bool(used) and all(one.band.validated for one in used)


def _band_text(result: BandResult) -> str:
    band = result.band
    wide = f", marginal {band.marginal[0]:g} to {band.marginal[1]:g}" if band.marginal else ""
    unit = "" if band.unit.value == "fraction" else f" {band.unit.value}"
    borrowed = f", taken over from {band.view} as an engineering default" if result.borrowed else ""
    keys = ", ".join(band.backing.sources) or "no source"
    backing = f"{band.backing.basis}, confidence {band.backing.confidence}: {keys}"
    return f"{band.title}: {band.good[0]:g} to {band.good[1]:g}{unit}{wide}{borrowed} ({backing})"


def _place_state(case: PlaceCase) -> BandState | None:
    measures = case.measures
    if measures is None or case.probe is None:
        return None
    bands = [one for one in measures.bands if one.band.measure in PLACE_MEASURES]
    if measures.same_place:
        return BandState.GOOD
    return _ZONES[zone_method(case.ground)](case, bands)


def _in_region(case: PlaceCase, _bands: list[BandResult]) -> BandState | None:
    region = case.ground.region
    if region is None or case.probe is None:
        return None
    if region.good.contains(case.probe.tip):
        return BandState.GOOD
    return BandState.MARGINAL if region.marginal.contains(case.probe.tip) else BandState.OUTSIDE


def _in_drawn(case: PlaceCase, bands: list[BandResult]) -> BandState | None:
    """Return good inside of the drawn zone; outside of it at best marginal, if a radius of the protocol says so."""
    zone = case.ground.zone
    if zone is None or case.probe is None:
        return None
    try:
        area = Ellipse(zone.vertices) if zone.form is ZoneForm.ELLIPSE else Polygon(zone.vertices)
    except GeometryError:  # a zone that encloses nothing cannot be used: the bands are
        return _in_bands(case, bands)
    if area.contains(case.probe.tip):
        return BandState.GOOD
    radius = worst([one.state for one in bands if one.band.measure is Measure.TIP_TO_TARGET])
    return BandState.MARGINAL if radius in {BandState.GOOD, BandState.MARGINAL} else BandState.OUTSIDE


def _in_bands(case: PlaceCase, bands: list[BandResult]) -> BandState | None:
    states = [one.state for one in bands]
    if not any(one.state in ORDER and one.band.measure is not Measure.FRACTION_ALONG for one in bands):
        states += [_across(one.band, case) for one in bands if one.state in ORDER]
    return worst(states)


def _across(band: Band, case: PlaceCase) -> BandState:
    """Return whether a place lies far across an axis, where nothing else is known about that direction."""
    ground = case.ground
    ends, centre = ground.line(ground.protocol.construction(band.axis).landmarks), ground.centre
    if ends is None or centre is None or case.probe is None:
        return BandState.NOT_USED
    aspect = ground.image.ruler.aspect
    rows, columns = (ends[1].row - ends[0].row) * aspect, ends[1].column - ends[0].column
    down, right = (case.probe.tip.row - centre.row) * aspect, case.probe.tip.column - centre.column
    across = abs(rows * right - columns * down) / (rows**2 + columns**2)
    return BandState.GOOD if across <= ACROSS_SHARE else BandState.OUTSIDE


_ZONES: Final[dict[ZoneMethod, Callable[[PlaceCase, list[BandResult]], BandState | None]]] = {
    ZoneMethod.REGION: _in_region,
    ZoneMethod.DRAWN: _in_drawn,
    ZoneMethod.BANDS: _in_bands,
}


# ---------------------------------------------------------------------- rules about the references


def _said(reason: Reason, about: tuple[str, ...] = ()) -> Why:
    return Why(reason.value, REASONS[reason], about)


def _no_reference(case: PlaceCase) -> Why | None:
    return None if case.ground.own else _said(Reason.NO_REFERENCE)


def _experts_level(case: PlaceCase) -> Why | None:
    readers = _conflicts(case.ground, level=True)
    return _said(Reason.EXPERTS_DISAGREE_ON_LEVEL, readers) if readers else None


def _experts_side(case: PlaceCase) -> Why | None:
    readers = _conflicts(case.ground, level=False)
    return _said(Reason.EXPERTS_DISAGREE_ON_SIDE, readers) if readers else None


def _conflicts(ground: Ground, *, level: bool) -> tuple[str, ...]:
    """Return experts whose mark is nearer to another's mark of another level, or side, than to the same one's."""
    own = ground.site.nerve, ground.site.side
    found: dict[str, None] = {}
    for reader, point in ground.own.items():
        for other, places in ground.points.items():
            if other == reader or own not in places:
                continue
            key = nearest_key(
                point, {key: at for key, at in places.items() if ground.tells(key)}, ground.image
            )
            if key is not None and _differs(key, ground.site, level=level):
                found |= {reader: None, other: None}
    return tuple(found)


def _differs(key: tuple[str, Side], site: Site, *, level: bool) -> bool:
    """Return whether a nerve and side are of another vertebra than a site, or only of the other side."""
    other_level = load_anatomy().nerve(key[0]).vertebra != site.vertebra
    return other_level if level else not other_level and key[1] is not site.side


def _experts_place(case: PlaceCase) -> Why | None:
    """Apply where twice the median distance of the experts from their mean is more than the protocol's widest radius."""
    ground = case.ground
    centre, kept = ground.centre, ground.kept
    radii = [
        (band.marginal or band.good)[1]
        for band in ground.protocol.bands_of(ground.site.nerve)
        if band.measure is Measure.TIP_TO_TARGET
    ]
    scale = ground.image.ruler.mm_per_px
    if centre is None or len(kept) < 2 or not radii or scale is None:  # noqa: PLR2004 - one expert agrees with himself
        return None
    away = median(tip_to_target(point, centre, ground.image.ruler).value for point in kept.values())
    return _said(Reason.EXPERTS_DISAGREE_ON_PLACE, tuple(kept)) if 2 * away > max(radii) else None


def _elsewhere(case: PlaceCase) -> Why | None:
    return _said(Reason.OTHER_FRAME) if case.elsewhere else None


# ---------------------------------------------------------------------- rules about the answer


def _missing(case: PlaceCase) -> Why | None:
    if case.probe is not None:
        return None
    ground = case.ground
    hint, backing = sentences.hint_of(ground.protocol, case.asked, case.what, ground.view)
    text = sentences.MISSED.format(asked=sentences.label_of(case.asked), hint=hint).strip()
    return Why("missing", text, (case.asked.nerve,), backing=backing)


def _level_unknown(case: PlaceCase) -> Why | None:
    rival = case.rival
    if rival is None or not case.uncertain or rival.vertebra == case.asked.vertebra:
        return None
    if rival.side is not case.asked.side:  # the side is wrong whatever the level is called
        return None
    text = sentences.UNCERTAIN_LEVEL.format(found=sentences.label_of(rival))
    return Why(Reason.NUMBERING_UNCERTAIN.value, text, (rival.nerve,))


def _another_level(case: PlaceCase) -> Why | None:
    rival = case.rival
    if rival is None or rival.vertebra == case.asked.vertebra or case.uncertain:
        return None
    text = sentences.PLACE_OF.format(found=sentences.label_of(rival), asked=sentences.label_of(case.asked))
    return _level_why(case, "another_level", text, rival.nerve, "WRONG_LEVEL")


def _level_why(case: PlaceCase, rule: str, text: str, found: str, fault: str) -> Why:
    confused = sentences.confuses_names(case.asked.nerve, found)
    if confused:
        text = f"{text} {sentences.name_rule(case.asked)}"
    item = rubric_of(case.ground.protocol, fault)
    return Why(rule, text, (case.asked.nerve, found), fault, item.backing if item else None)


def _confused(case: PlaceCase) -> Why | None:
    """Note besides a wrong level that the number of the vertebra was taken for that of the nerve."""
    rival = case.rival
    if rival is None or case.uncertain or not sentences.confuses_names(case.asked.nerve, rival.nerve):
        return None
    fault = "NAME_CONVENTION_CONFUSION"
    item = rubric_of(case.ground.protocol, fault)
    backing = item.backing if item else None
    return Why("number_of_vertebra", sentences.name_rule(case.asked), (rival.nerve,), fault, backing)


def _other_side(case: PlaceCase) -> Why | None:
    sides = [one.side for one in (case.rival, case.named) if one is not None]
    wrong = next((side for side in sides if side is not case.asked.side), None)
    return None if wrong is None else _side_why(case, wrong)


def _side_why(case: PlaceCase, found: Side) -> Why:
    text = sentences.OTHER_SIDE.format(found=found.value, asked=case.asked.side.value)
    item = rubric_of(case.ground.protocol, "WRONG_SIDE")
    return Why("other_side", text, (found.value,), "WRONG_SIDE", item.backing if item else None)


def _past_line(case: PlaceCase) -> Why | None:
    measures = case.measures
    if case.rival is not None and case.rival.vertebra != case.asked.vertebra:
        return None  # the line of one level says nothing of a place at another
    if measures is None or measures.same_place:
        return None  # what cannot be told from the reference is no more unsafe than it
    found = next((one for one in measures.lines if one.past), None)
    if found is None or found.measured is None:
        return None
    line = found.line
    distance = found.measured.distance
    value = f"{-distance.value:.1f} {distance.unit.value}"
    fault, severity = LINE_FAULTS[line.tip]
    text = sentences.PAST_LINE.format(distance=value, title=line.title, rule=line.rule)
    return Why("past_safety_line", text, (line.id, *line.landmarks), fault, line.backing, severity)


def _other_nerve(case: PlaceCase) -> Why | None:
    """Apply where the place is that of the other nerve of the same bone: third occipital and deep C3 medial branch."""
    rival, asked = case.rival, case.asked
    if rival is None or rival.nerve == asked.nerve or rival.vertebra != asked.vertebra:
        return None
    text = sentences.PLACE_OF.format(found=sentences.label_of(rival), asked=sentences.label_of(asked))
    return _level_why(case, "other_nerve", text, rival.nerve, "WRONG_LEVEL")


def _misnamed(case: PlaceCase) -> Why | None:
    named, asked = case.named, case.asked
    if named is None or (named.nerve, named.vertebra) == (asked.nerve, asked.vertebra):
        return None
    text = sentences.NOT_NAMED.format(found=sentences.label_of(named), asked=sentences.label_of(asked))
    confused = sentences.confuses_names(named.nerve, asked.nerve)
    fault = "NAME_CONVENTION_CONFUSION" if confused else "WRONG_LEVEL"
    text = f"{text} {sentences.name_rule(asked)}" if confused else text
    item = rubric_of(case.ground.protocol, fault)
    return Why("misnamed", text, (asked.nerve, named.nerve), fault, item.backing if item else None)


def _no_scale(case: PlaceCase) -> Why | None:
    lacks = case.measures is not None and any(one.reason == NO_SCALE for one in case.measures.bands)
    return _said(Reason.NO_SCALE) if case.state is None and lacks else None


def _no_threshold(case: PlaceCase) -> Why | None:
    return _said(Reason.NO_THRESHOLD) if case.state is None else None


def _placed(state: BandState, rule: str) -> Callable[[PlaceCase], Why | None]:
    def applies(case: PlaceCase) -> Why | None:
        return _place_why(case, rule) if case.state is state else None

    return applies


def _place_why(case: PlaceCase, rule: str) -> Why:
    ground, measures = case.ground, case.measures
    accept, backing = sentences.accept_of(ground.protocol, case.asked, case.what, ground.view)
    if measures is None or case.state is BandState.GOOD:
        same = measures is None or measures.same_place
        text = sentences.SAME_PLACE if same else sentences.IN_ZONE
        return Why(rule, f"{text} {sentences.accepted(accept)}".strip(), _limits(case), backing=backing)
    text = sentences.OFF.format(
        distance=sentences.how_far(measures),
        direction=sentences.direction(measures),
        accept=sentences.accepted(accept),
    )
    return Why(rule, text.strip(), _limits(case), _direction_fault(case), backing)


def _limits(case: PlaceCase) -> tuple[str, ...]:
    """Return the bands that stand as badly as the outcome says."""
    bands = case.measures.bands if case.measures else ()
    return tuple(one.band.id for one in bands if one.state is case.state)


def _direction_fault(case: PlaceCase) -> str:
    """Return the fault that lies in the main direction; that of the shaft where the place itself is good."""
    if case.place is BandState.GOOD:
        return "NON_PARALLEL"
    found = case.measures.directions if case.measures else ()
    return DIRECTION_FAULTS[found[0][0]] if found else ""


PLACE_RULES: Final = (
    PlaceRule("no_reference", Outcome.NOT_ASSESSABLE, _no_reference, Reason.NO_REFERENCE),
    PlaceRule("experts_level", Outcome.NOT_ASSESSABLE, _experts_level, Reason.EXPERTS_DISAGREE_ON_LEVEL),
    PlaceRule("experts_side", Outcome.NOT_ASSESSABLE, _experts_side, Reason.EXPERTS_DISAGREE_ON_SIDE),
    PlaceRule("experts_place", Outcome.NOT_ASSESSABLE, _experts_place, Reason.EXPERTS_DISAGREE_ON_PLACE),
    PlaceRule("missing", Outcome.MISSING, _missing),
    PlaceRule("other_frame", Outcome.NOT_ASSESSABLE, _elsewhere, Reason.OTHER_FRAME),
    PlaceRule("level_unknown", Outcome.NOT_ASSESSABLE, _level_unknown, Reason.NUMBERING_UNCERTAIN),
    PlaceRule("another_level", Outcome.WRONG_LEVEL, _another_level),
    PlaceRule("other_side", Outcome.WRONG_SIDE, _other_side, besides=True),
    PlaceRule("number_of_vertebra", Outcome.WRONG_LEVEL, _confused, besides=True),
    PlaceRule("past_safety_line", Outcome.UNSAFE, _past_line, besides=True),
    PlaceRule("other_nerve", Outcome.WRONG_NERVE_NAME, _other_nerve, besides=True),
    PlaceRule("misnamed", Outcome.WRONG_NERVE_NAME, _misnamed, besides=True),
    PlaceRule("no_scale", Outcome.NOT_ASSESSABLE, _no_scale, Reason.NO_SCALE),
    PlaceRule("no_threshold", Outcome.NOT_ASSESSABLE, _no_threshold, Reason.NO_THRESHOLD),
    PlaceRule("outside", Outcome.OFF_TARGET, _placed(BandState.OUTSIDE, "outside")),
    PlaceRule("marginal", Outcome.NEAR, _placed(BandState.MARGINAL, "marginal")),
    PlaceRule("inside", Outcome.CORRECT, _placed(BandState.GOOD, "inside")),
)
"""The rules in the order in which they are asked; the first that applies gives the outcome."""


def cautions_of(case: PlaceCase) -> tuple[str, ...]:
    """Return what a reader of the score has to know."""
    ground, measures = case.ground, case.measures
    found = [
        f"The mark of {one.reader} is an outlier ({one.deviations:.1f} standard deviations) and was set aside."
        for one in ground.outliers
    ]
    if case.uncertain:
        found.append("The numbering of a reference is uncertain; no level is called wrong.")
    if measures is None:
        return tuple(found)
    if not any(_differs(key, case.asked, level=True) for key in ground.rivals):
        found.append("The reference has no other level on this frame, so a wrong level could not be told.")
    found += [
        f"{one.band.title}: the interval reaches an end of the band." for one in measures.bands if _close(one)
    ]
    found += [
        f"{one.line.title}: nearer than points can be placed." for one in measures.lines if one.borderline
    ]
    found += [f"{one.line.title}: not measured, {one.reason}." for one in measures.lines if one.reason]
    if len(ground.own) >= FEWEST_EXPERTS > len(ground.kept):
        found.append("Too few marks lie together for a region; the limits of the protocol are used.")
    if _disputed(ground):
        found.append("Anatomical studies do not agree on where this nerve lies (evidence: disputed).")
    return tuple(found)


def _close(result: BandResult) -> bool:
    return result.borderline and result.state in ORDER


def _disputed(ground: Ground) -> bool:
    group = ground.protocol.group_of(ground.site.nerve)
    said = {load_anatomy().nerve(ground.site.nerve).evidence.value, group.evidence.value if group else ""}
    return "disputed" in said
