"""A teaching set to practise, a clock that can be set, and a store that can be away."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from exercise_makers import ANATOMY, judged, key, question, teaching_set

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, MarkConfidence, Target
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.protocols.library import Installed
from fluoro_annotator.store import MemoryStore, PracticeRecords
from fluoro_annotator.training import (
    ExerciseKind,
    NamedAnswer,
    NeedleAnswer,
    Outbox,
    PlacedAnswer,
    Practice,
    ViewAnswer,
    keep_version,
)
from fluoro_annotator.training.key_text import key_from_text

AUTHOR, TRAINEE = "Attending A", "Trainee A"
START = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
NERVES = ("L2_MB", "L3_MB", "L4_MB")


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: datetime = START

    def __call__(self):
        return self.now

    def go(self, **time):
        self.now += timedelta(**time)


@dataclass
class Desk:
    """One store, one state folder and one clock; programs on it come and go."""

    folder: object
    protocols: object
    store: object = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=Clock)
    away: bool = False
    calls: list = field(default_factory=list)
    sets: dict = field(default_factory=dict)
    programs: list = field(default_factory=list)

    def __post_init__(self):
        desk, kept = self, self.store.practice

        def method(name):
            def call(_self, *arguments, **named):
                desk.calls.append((name, arguments))
                if desk.away:
                    raise StoreUnavailableError("store", "is away", "Try again.")
                return getattr(kept, name)(*arguments, **named)

            return call

        names = PracticeRecords.__abstractmethods__
        self.records = type("Watched", (PracticeRecords,), {name: method(name) for name in names})()

    @property
    def outbox(self):
        return Outbox(self.store.store_id, self.folder)

    def publish(self, made, keys):
        keep_version(self.store.practice, made, keys, by=AUTHOR)
        self.sets[made.set_id] = made
        return made

    def program(self, trainee=TRAINEE, protocols=None):
        """Return what a program that was just started works with."""
        made = Practice(
            self.records,
            trainee,
            protocols=protocols or self.protocols,
            sets=self.sets.values(),
            outbox=self.outbox,
            clock=self.clock,
            zone=UTC,
        )
        self.programs.append(made)
        return made

    def close(self):
        for program in self.programs:
            program.leave()
        self.store.close()

    def kept(self, trainee=TRAINEE):
        return self.store.practice.answers(trainee=trainee)

    def names(self):
        return [name for name, _ in self.calls]


def pairs_of(views, make_reading):
    """Return questions with keys: places on two views and both sides, names, a view and a needle."""
    found = []
    for name in ("AP_TRUE", "IPSI_RIGHT"):
        view, expert = views[name], make_reading(views[name])
        for nerve in NERVES:
            site = ANATOMY.site(nerve, Side.RIGHT)
            kind = ExerciseKind.PLACE_BY_NAME if nerve == "L3_MB" else ExerciseKind.PLACE_TARGET
            asked = question(view, kind, site=site, needle=False)
            found.append((asked, key(view, asked, [expert], view.targets[nerve, Side.RIGHT])))
    ap = views["AP_TRUE"]
    site = ANATOMY.site("L3_MB", Side.RIGHT)
    place = ap.point(ap.targets["L3_MB", Side.RIGHT])
    named = question(ap, ExerciseKind.NAME_MARKED, shown=place, parts=("nerve", "side"))
    found.append((named, key(ap, named, [make_reading(ap)])))
    view = question(ap, ExerciseKind.JUDGE_VIEW)
    found.append((view, key(ap, view, [judged(ap, Adequacy.YES, ())])))
    needle = question(ap, ExerciseKind.JUDGE_NEEDLE, site=site)
    found.append((needle, key(ap, needle, [make_reading(ap)])))
    return found


def set_of(protocol, pairs, **changes):
    return teaching_set(protocol, pairs, **changes), {asked.exercise_id: one for asked, one in pairs}


def answer_to(asked, views, *, right=True, confidence=MarkConfidence.PROBABLE):
    """Return an answer that is right, or one that is wrong."""
    if asked.kind in {ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME}:
        view = next(one for one in views.values() if one.frame == asked.frame)
        place = view.point(view.targets[asked.site.nerve, Side.RIGHT])
        moved = place if right else Point(place.row, place.column + 40)
        mark = Target(frame=asked.frame, site=asked.site, position=moved)
        return PlacedAnswer(mark=mark, confidence=confidence)
    if asked.kind is ExerciseKind.NAME_MARKED:
        return NamedAnswer(
            nerve="L3_MB" if right else "L4_MB",
            side=Side.RIGHT if right else Side.LEFT,
            confidence=confidence,
        )
    if asked.kind is ExerciseKind.JUDGE_VIEW:
        return ViewAnswer(adequate=Adequacy.YES if right else Adequacy.NO, confidence=confidence)
    if right:
        return NeedleAnswer(acceptable=False, fault="WRONG_LEVEL", confidence=confidence)
    return NeedleAnswer(acceptable=True, confidence=confidence)


def desk_with_a_set(folder, views, make_reading, store=None):
    protocols = load_protocols(folders=())
    desk = Desk(folder, protocols, store or MemoryStore())
    made, keys = set_of(protocols.get("lumbar_mbb"), pairs_of(views, make_reading))
    desk.publish(made, keys)
    return desk


def pairs_in(desk, set_id="lumbar-first", version=1):
    """Return the questions of a version with their keys."""
    keys = desk.store.practice.keys(set_id, version, reader=AUTHOR)
    return [(desk.sets[set_id].question(one.exercise_id), key_from_text(one.content)) for one in keys]


def edited(protocols, **changes):
    """Return the protocols with another version of the one that the set was published with."""
    entries = [
        Installed(replace(one.protocol, **changes), one.path, one.shipped, one.overrides)
        if one.protocol.id == "lumbar_mbb"
        else one
        for one in protocols.installed
    ]
    return ProtocolLibrary(tuple(entries), ())
