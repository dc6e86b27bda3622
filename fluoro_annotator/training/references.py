"""Reference readings as they are in a store, and what of them one exercise is scored by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.geometry import Ruler
from fluoro_annotator.marks import (
    FrameRef,
    ImageRecord,
    Landmark,
    LevelLabel,
    Needle,
    NerveCourse,
    Numbering,
    Purpose,
    Reading,
    Record,
    StudyRecord,
    Submission,
    Target,
    TargetZone,
    UserCalibration,
    ViewAssignment,
    ViewJudgement,
    frame_of,
    site_of,
)
from fluoro_annotator.store import Store
from fluoro_annotator.training.keys import ReferenceReading
from fluoro_annotator.training.material import ImageFacts, Marking
from fluoro_annotator.training.questions import ExerciseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSource:
    """A reference reading as it is at present.

    Attributes
    ----------
    reading : Reading
        Who made it, of which study.
    records : tuple of Record
        What it holds.
    submitted : bool
        Whether it is submitted, which it has to be before anybody is scored by it.

    """

    reading: Reading
    records: tuple[Record, ...]
    submitted: bool

    @property
    def marking(self) -> Marking:
        """All of its records but the submission, whose comment is nothing to score by."""
        kept = tuple(record for record in self.records if not isinstance(record, Submission))
        return Marking(self.reading.reader, kept)


def reference_sources(store: Store, study_uid: str) -> tuple[ReferenceSource, ...]:
    """Return the reference readings of a study, one for each expert: the newest that is submitted, if any is.

    Raises
    ------
    StoreError
        If the store cannot be read.

    """
    found: dict[str, ReferenceSource] = {}
    for reading in store.readings(study_uid=study_uid):
        if reading.purpose is not Purpose.REFERENCE:
            continue
        source = source_of(store, reading)
        known = found.get(reading.reader)
        if known is None or source.submitted >= known.submitted:
            found[reading.reader] = source
    return tuple(found.values())


def source_of(store: Store, reading: Reading) -> ReferenceSource:
    """Return a reading with its records as they are at present."""
    identifier = reading.reading_id
    submitted = store.head(identifier).submitted
    return ReferenceSource(reading=reading, records=store.records(identifier), submitted=submitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an exercise asks for: enough to find it again in a reading.

    Parameters
    ----------
    kind : ExerciseKind
        The kind.
    frame : FrameRef
        The frame.
    site : Site or None
        Nerve and side of the mark that is placed, named or judged.
    needle : bool
        Whether a needle is placed.
    view : str
        The view that is judged.

    """

    kind: ExerciseKind
    frame: FrameRef
    site: Site | None = None
    needle: bool = False
    view: str = ""

    @property
    def same(self) -> tuple[Any, ...]:
        """What tells it from other exercises; joints do not."""
        nerve = None if self.site is None else (self.site.nerve, self.site.side)
        return self.kind, self.frame, nerve, self.needle, self.view

    def takes(self, record: Record) -> bool:
        """Return whether an answer is scored by a record; what is taken is known to whoever has answered."""
        if isinstance(record, Numbering):
            return self.kind is not ExerciseKind.JUDGE_VIEW
        return frame_of(record) == self.frame and _TAKES[self.kind](self, record)


_AROUND: Final = (Target, Landmark, LevelLabel, NerveCourse, TargetZone)
"""What a place is judged by: also the targets of other nerves, without which a wrong level could not be told."""


def _place(asked: Asked, record: Record) -> bool:
    return isinstance(record, (*_AROUND, Needle) if asked.needle else _AROUND)


def _name(asked: Asked, record: Record) -> bool:
    site = site_of(record)
    same = site is not None and asked.site is not None
    return isinstance(record, Target | Needle) and same and _key(site) == _key(asked.site)


def _view(asked: Asked, record: Record) -> bool:
    return isinstance(record, ViewJudgement) and record.view == asked.view


def _needle(_asked: Asked, record: Record) -> bool:
    return isinstance(record, _AROUND)


def _key(site: Site | None) -> tuple[str, Side] | None:
    return None if site is None else (site.nerve, site.side)


_TAKES: Final[Mapping[ExerciseKind, Callable[[Asked, Record], bool]]] = {
    ExerciseKind.PLACE_TARGET: _place,
    ExerciseKind.PLACE_BY_NAME: _place,
    ExerciseKind.NAME_MARKED: _name,
    ExerciseKind.JUDGE_VIEW: _view,
    ExerciseKind.JUDGE_NEEDLE: _needle,
}
"""What the references of each kind of exercise hold."""


def snapshot(source: ReferenceSource, asked: Asked) -> ReferenceReading:
    """Return what an exercise is scored by as a reading has it now."""
    whole = source.marking
    taken = tuple(record for record in whole.records if asked.takes(record))
    return ReferenceReading(
        reading_id=source.reading.reading_id,
        marking=Marking(whole.reader, taken),
        reading_fingerprint=whole.fingerprint,
    )


# ---------------------------------------------------------------------- images


def image_facts(
    image: ImageRecord, sources: Iterable[ReferenceSource], base: ImageFacts | None
) -> ImageFacts:
    """Return what is known of an image: what its file says, and what the experts say of view and scale.

    Parameters
    ----------
    image : ImageRecord
        The image as the store knows it.
    sources : iterable of ReferenceSource
        The references. The first one that assigns a view, or makes a scale of its own, is followed.
    base : ImageFacts or None
        What its file says, for those who have opened it: shape of pixels, orientation.

    """
    facts = ImageFacts(ruler=Ruler(image.calibration)) if base is None else base
    about = [record for source in sources for record in source.records]
    uid = image.sop_instance_uid
    own = (one for one in about if isinstance(one, UserCalibration) and one.sop_instance_uid == uid)
    scale = next(own, None)
    if scale is not None:
        facts = replace(facts, ruler=replace(facts.ruler, calibration=scale.calibration()))
    view = next(iter(assigned_views(about, uid)), None)
    return facts if view is None else replace(facts, view=view[0], turned_to=view[1])


def assigned_views(records: Iterable[Record], uid: str) -> tuple[tuple[str, Side | None], ...]:
    """Return which views, turned to which side, are said of an image, each once."""
    said = (one for one in records if isinstance(one, ViewAssignment) and one.sop_instance_uid == uid)
    return tuple(dict.fromkeys((one.view, one.side) for one in said))


def image_in(study: StudyRecord, frame: FrameRef) -> ImageRecord | None:
    """Return the image of a frame, None if the study has no such image or frame."""
    if frame.sop_instance_uid not in study:
        return None
    image = study.image(frame.sop_instance_uid)
    return image if frame.frame_number <= image.frames else None
