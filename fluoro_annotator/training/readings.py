"""Scores one whole reading against one or more others, without a store."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.marks import FrameRef, MarkKind, Needle, SlotMissing, SlotState, Target
from fluoro_annotator.protocols import Plan, SlotKind
from fluoro_annotator.training.exercises import PlacedAnswer, Setting
from fluoro_annotator.training.ground import Ground
from fluoro_annotator.training.levels import score_levels
from fluoro_annotator.training.material import Basis, ImageFacts, Marking, checked_references
from fluoro_annotator.training.measured import BandState
from fluoro_annotator.training.outcomes import REASONS, Outcome, Reason
from fluoro_annotator.training.placing import PlaceCase
from fluoro_annotator.training.scores import Score, Why
from fluoro_annotator.training.scoring import probe_of, score_place

Placed = Target | Needle
KINDS: dict[MarkKind, type[Placed]] = {MarkKind.TARGET: Target, MarkKind.NEEDLE: Needle}
SCORED = frozenset({SlotKind.TARGET, SlotKind.NEEDLE, SlotKind.LEVEL})
"""What is scored of a plan; courses, zones, landmarks and events are what it is scored by."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a reference has: a mark of a kind for a nerve and side on a frame."""

    kind: MarkKind
    nerve: str
    side: Side
    frame: FrameRef

    @classmethod
    def of(cls, mark: Placed) -> Item:
        """Return what a mark is."""
        return cls(mark.kind, mark.site.nerve, mark.site.side, mark.frame)

    @property
    def name(self) -> tuple[MarkKind, str, Side]:
        """The same without the frame."""
        return self.kind, self.nerve, self.side


@dataclass(frozen=True, slots=True)
class ReadingScore:
    """What became of a whole reading.

    Attributes
    ----------
    reader : str
        Whose reading it is.
    scores : tuple of Score
        One for each thing that the references have or the reading adds: marks in the order of the references, then
        level labels, empty slots, and what is extra.
    not_scored : tuple of SlotKind
        Kinds that the plan asks for and that are not scored.

    """

    reader: str
    scores: tuple[Score, ...]
    not_scored: tuple[SlotKind, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How often each outcome was given."""
        return Counter(score.outcome for score in self.scores)


def score_reading(
    answer: Marking, references: Iterable[Marking], plan: Plan, images: Mapping[str, ImageFacts]
) -> ReadingScore:
    """Score one reading against the readings of one or more experts.

    A mark is compared with the reference of the name that the trainee gave it. Only a mark whose name no reference
    has on that frame is compared with an unanswered reference that it lies at: the place is right then, and the
    name is wrong.

    Parameters
    ----------
    answer : Marking
        The reading to be scored.
    references : iterable of Marking
        One or more, each of another reader.
    plan : Plan
        What was to be marked; marks of other nerves in the references are not asked for.
    images : mapping of str to ImageFacts
        What is known of each image, by SOP Instance UID; of an image that is not there nothing is known.

    Raises
    ------
    TrainingError
        If there is no reference, or two are of one reader.

    """
    work = _Work(answer, checked_references(references), plan, images)
    scores = (
        *work.expected(),
        *score_levels(answer, work.references, plan, work.setting),
        *work.empty_slots(),
        *work.left_over(),
    )
    kinds = dict.fromkeys(slot.what for slot in plan.slots if slot.what not in SCORED)
    return ReadingScore(answer.reader, scores, tuple(kinds))


class _Work:
    """One pass over a reading: marks that are used up are remembered."""

    def __init__(
        self, answer: Marking, references: tuple[Marking, ...], plan: Plan, images: Mapping[str, ImageFacts]
    ) -> None:
        self.answer, self.references, self.plan = answer, references, plan
        self._images = images
        self._grounds: dict[Item, Ground] = {}
        self._left = list(_placed(answer))
        asked = {(planned.nerve.id, side) for planned in plan.nerves for side in plan.sides}
        counts = [Counter(Item.of(mark) for mark in _placed(one)) for one in references]
        self._items = {
            item: max(count[item] for count in counts)
            for item in dict.fromkeys(item for count in counts for item in count)
            if (item.nerve, item.side) in asked
        }
        self._sites = {Item.of(mark).name: mark.site for one in references for mark in _placed(one)}

    def setting(self, frame: FrameRef) -> Setting:
        """Return what a score on a frame rests on."""
        facts = self._images.get(frame.sop_instance_uid, ImageFacts())
        return Setting(protocol=self.plan.protocol, references=self.references, frame=frame, image=facts)

    def expected(self) -> Iterator[Score]:
        """Yield a score for everything that the references have; marks of the right name are given out first."""
        given = {item: self._take_named(item) for item in self._items}
        for take in (self._take_misnamed, self._take_elsewhere):
            for item, marks in given.items():
                while len(marks) < self._items[item] and (mark := take(item)) is not None:
                    marks.append(mark)
        for item, marks in given.items():
            missing = [None] * (self._items[item] - len(marks))
            yield from (self._scored(item, mark) for mark in (*marks, *missing))

    def _ground(self, item: Item, mark: Placed | None = None) -> Ground:
        """Return what an item is judged against; of several marks of one expert the nearest to a mark counts."""
        if item not in self._grounds:
            image, site = self.setting(item.frame).image, self._sites[item.name]
            ground = Ground(self.plan.protocol, site, image, item.frame, self.references, item.kind)
            self._grounds[item] = ground
        return self._grounds[item] if mark is None else replace(self._grounds[item], near=mark.points[0])

    def _scored(self, item: Item, mark: Placed | None) -> Score:
        elsewhere = mark is not None and mark.frame != item.frame
        named = None if mark is None else mark.site
        case = PlaceCase(self._ground(item, mark), probe_of(mark), named, elsewhere)
        confidence = getattr(mark, "confidence", None)
        return score_place(self.setting(item.frame), case, PlacedAnswer(mark=mark, confidence=confidence))

    def _take_named(self, item: Item) -> list[Placed]:
        """Take the marks of this name on this frame, as many as a reference has, the nearest first; others are extra."""
        ruler = self.setting(item.frame).image.ruler

        def away(mark: Placed) -> float:
            centre = self._ground(item, mark).centre
            return math.inf if centre is None else ruler.pixels(mark.points[0], centre)

        marks = sorted((mark for mark in self._left if Item.of(mark) == item), key=away)[: self._items[item]]
        for mark in marks:
            self._left.remove(mark)
        return marks

    def _take_misnamed(self, item: Item) -> Placed | None:
        """Take a mark of a name that is not asked for on this frame and that lies at this reference."""
        for mark in self._left:
            free = mark.frame == item.frame and mark.kind is item.kind and Item.of(mark) not in self._items
            if free and self._lies_at(mark) == item and self._is_within(mark, item):
                self._left.remove(mark)
                return mark
        return None

    def _is_within(self, mark: Placed, item: Item) -> bool:
        """Return whether a mark lies in the zone of a reference, whatever it is called."""
        place = PlaceCase(self._ground(item, mark), probe_of(mark)).place
        return place in {BandState.GOOD, BandState.MARGINAL}

    def _lies_at(self, mark: Placed) -> Item | None:
        """Return the reference on its frame that is nearest to a mark."""
        ruler = self.setting(mark.frame).image.ruler
        places = {
            item: centre
            for item in self._items
            if item.frame == mark.frame
            and item.kind is mark.kind
            and (centre := self._ground(item, mark).centre)
        }
        return min(places, key=lambda item: ruler.pixels(mark.points[0], places[item]), default=None)

    def _take_elsewhere(self, item: Item) -> Placed | None:
        for mark in self._left:
            if Item.of(mark).name == item.name and Item.of(mark) not in self._items:
                self._left.remove(mark)
                return mark
        return None

    def empty_slots(self) -> Iterator[Score]:
        """Yield a score where both readings say of a slot that nothing is to be marked."""
        said = {one.slot_id: one.state for one in self.answer.of_kind(SlotState)}
        for slot in self.plan.slots:
            if slot.slot_id not in self._agreed_empty or said.get(slot.slot_id) is SlotMissing.UNSURE:
                continue
            if slot.slot_id in said and slot.what in SCORED:
                text = f"{slot.label}: the reference has nothing there, either."
                yield self._plain(Outcome.CORRECT, Why("empty_slot", text, (slot.slot_id,)), None)

    @property
    def _agreed_empty(self) -> frozenset[str]:
        """Slots of which every reference says that nothing is to be marked."""
        sets = [
            {one.slot_id for one in reference.of_kind(SlotState) if one.state is not SlotMissing.UNSURE}
            for reference in self.references
        ]
        return frozenset(set.intersection(*sets))

    def left_over(self) -> Iterator[Score]:
        """Yield a score for each mark that no reference answers to."""
        for mark in self._left:
            if self._could_be_asked(mark):
                why = Why(Reason.NO_REFERENCE.value, REASONS[Reason.NO_REFERENCE], (mark.site.nerve,))
                yield self._plain(Outcome.NOT_ASSESSABLE, why, mark, Reason.NO_REFERENCE)
            else:
                text = "It is not asked for, or it is marked already."
                yield self._plain(Outcome.EXTRA, Why("extra", text, (mark.site.nerve,)), mark)

    def _could_be_asked(self, mark: Placed) -> bool:
        """Return whether the plan asks for a mark that no reference has anywhere or calls empty."""
        if any(item.name == Item.of(mark).name for item in self._items):
            return False
        view = self.setting(mark.frame).image.view
        slots = [
            slot.slot_id
            for slot in self.plan.slots
            if (slot.what.value, slot.nerve, slot.side) == Item.of(mark).name and view in {"", slot.view}
        ]
        return bool(slots) and not set(slots) <= self._agreed_empty

    def _plain(
        self,
        outcome: Outcome,
        why: Why,
        mark: Placed | None,
        reason: Reason | None = None,
    ) -> Score:
        site: Site | None = None if mark is None else mark.site
        frame = None if mark is None else mark.frame
        facts = ImageFacts() if frame is None else self.setting(frame).image
        return Score(
            outcome=outcome,
            reason=reason,
            why=(why,),
            kind=MarkKind.SLOT_STATE if mark is None else mark.kind,
            site=site,
            frame=frame,
            confidence=getattr(mark, "confidence", None),
            basis=Basis.of(self.plan.protocol, self.references, facts.key),
        )


def _placed(reading: Marking) -> tuple[Placed, ...]:
    """Return the targets and needles of a reading."""
    return tuple(mark for mark in reading.marks if isinstance(mark, Target | Needle))
