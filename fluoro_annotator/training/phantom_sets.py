"""The teaching sets that come with the sample studies, made from the ground truth of the phantom.

Everything is made the same again: identifiers and salts follow from hashes. They look random, and the set files hold the
answers anyway, as every set file does.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.protocols import Protocol, load_protocols
from fluoro_annotator.training import phantom_lessons as lessons
from fluoro_annotator.training.exercises import NeedleVerdict
from fluoro_annotator.training.key_text import key_hash
from fluoro_annotator.training.keys import Key, LearningPoint
from fluoro_annotator.training.material import Marking
from fluoro_annotator.training.phantom_truth import EXPERT, VIEWS, TrueImage, point_of, true_images
from fluoro_annotator.training.questions import Difficulty, ExerciseKind, Question
from fluoro_annotator.training.references import Asked
from fluoro_annotator.training.set_files import ENDING, SetFile, write_set_file
from fluoro_annotator.training.sets import TeachingSet

PUBLISHED: Final = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
ORIGIN: Final = (
    "Rendered images of a phantom; no patient was imaged. The reference is geometry of the phantom, not a physician's reading, "
    "and nothing here is validated."
)
SIDED_PARTS: Final = ("nerve", "vertebra", "joint", "side")
LATERAL_PARTS: Final = ("nerve", "vertebra", "joint")
"""What can be named: on a lateral not the side."""

PLACING: Final = (ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME)
NAMED: Final = (0, 3)
"""Which of four targets in a row are also to be named: on both sides, and of both ways of placing."""

NEIGHBOURS: Final = ("L1", "L2", "L3", "L4", "L5", "S1")

OBLIQUE_TURN, OBLIQUE_TILT = (14.0, 36.0), 3.0
"""How another vertebra than the one aimed at may be seen on an oblique, to be asked for (degrees)."""

Made = tuple[Question, Key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One of the sets.

    Parameters
    ----------
    set_id, title, description : str
        As in the teaching set.
    protocol : str
        Identifier of its protocol.

    """

    set_id: str
    title: str
    description: str
    protocol: str = "lumbar_mbb"


PLANS: Final = {
    "targets": Plan(
        set_id="phantom-lumbar-targets",
        title="Lumbar targets",
        description=f"Place and name the targets of the lumbar medial branches and the L5 dorsal ramus. {ORIGIN}",
    ),
    "needles": Plan(
        set_id="phantom-needle-critique",
        title="Needle critique",
        description=f"Is the needle acceptable, and if not, what is wrong? {ORIGIN}",
    ),
    "electrodes": Plan(
        set_id="phantom-electrode-critique",
        title="Electrode critique",
        description=f"Does the radiofrequency electrode lie as it should? {ORIGIN}",
        protocol="lumbar_rfn",
    ),
    "views": Plan(
        set_id="phantom-view-adequacy",
        title="View adequacy",
        description=(
            "Is the view true of the vertebra that is named? If not: oblique or tilt, and which way does the detector have to "
            f"go? {ORIGIN}"
        ),
    ),
}


def phantom_sets(folder: Path) -> tuple[SetFile, ...]:
    """Return the sets that are made of the studies for practice.

    Parameters
    ----------
    folder : pathlib.Path
        Holds the images and ``truth.json``.

    Raises
    ------
    TrainingFormatError
        If the truth cannot be read.

    """
    images = true_images(folder)
    library = load_protocols(folders=())
    return tuple(
        _set_of(plan, library.get(plan.protocol), [*_MAKERS[group](images)]) for group, plan in PLANS.items()
    )


def write_phantom_sets(folder: Path) -> tuple[Path, ...]:
    """Write the sets beside the images that they are made of, and return the files."""
    found = []
    for content in phantom_sets(folder):
        path = folder / f"{content.teaching_set.set_id}{ENDING}"
        write_set_file(content, path, overwrite=True)
        found.append(path)
    return tuple(found)


def _set_of(plan: Plan, protocol: Protocol, made: Sequence[Made]) -> SetFile:
    keys = {key.exercise_id: key for _, key in made}
    teaching_set = TeachingSet(
        set_id=plan.set_id,
        version=1,
        title=plan.title,
        description=plan.description,
        author=EXPERT,
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_hash=protocol.content_hash,
        questions=tuple(question for question, _ in made),
        key_hashes={name: key_hash(key) for name, key in keys.items()},
        published_at=PUBLISHED,
    )
    return SetFile(teaching_set, keys)


def _group(images: Sequence[TrueImage], name: str) -> Iterator[tuple[TrueImage, Marking]]:
    """Yield the images of a group, each with everything that is known of its study."""
    chosen = [image for image in images if image.facts["group"] == name]
    for _, study in groupby(chosen, key=lambda image: image.facts["study_instance_uid"]):
        members = list(study)
        whole = Marking(EXPERT, tuple(record for image in members for record in image.records()))
        for image in members:
            yield image, whole


def _made(
    image: TrueImage,
    whole: Marking,
    kind: ExerciseKind,
    *,
    about: str,
    asked: Asked,
    learning: Sequence[LearningPoint],
    outlines: tuple[str, ...],
    difficulty: Difficulty,
    key: dict[str, Any] | None = None,
    question: dict[str, Any],
) -> Made:
    digest = hashlib.sha256(f"phantom exercise/{kind.value}/{image.uid}/{about}".encode())
    exercise_id = str(uuid.UUID(bytes=digest.digest()[:16], version=4))
    salt = hashlib.sha256(f"salt of {exercise_id}".encode()).hexdigest()[:32]
    made = Question(
        exercise_id=exercise_id,
        kind=kind,
        study_uid=image.facts["study_instance_uid"],
        frame=image.frame,
        difficulty=difficulty,
        **question,
    )
    return made, Key(
        exercise_id=exercise_id,
        references=(image.reference(asked, whole),),
        image=image.image(),
        learning_points=tuple(learning),
        outlines=image.outlines(outlines),
        salt=salt,
        **(key or {}),
    )


# ---------------------------------------------------------------------- targets


def _targets(images: Sequence[TrueImage]) -> Iterator[Made]:
    count = 0
    for image, whole in _group(images, "targets"):
        for site, place in image.sites():
            if _can_be_asked(image, site):
                yield _target(image, whole, site, place, PLACING[count // 2 % len(PLACING)])
                if count % 4 in NAMED:
                    yield _target(image, whole, site, place, ExerciseKind.NAME_MARKED)
                count += 1


def _can_be_asked(image: TrueImage, site: Site) -> bool:
    """Return whether a view shows a target as the protocol wants it seen."""
    seen = image.facts["seen"][site.vertebra]
    if image.family == "oblique":
        low, high = OBLIQUE_TURN
        fits = low <= abs(seen["turn_deg"]) <= high and abs(seen["tilt_deg"]) <= OBLIQUE_TILT
        return fits and site.side is image.turned_to and site.vertebra != lessons.SACRAL
    return bool(seen["true"])


def _target(image: TrueImage, whole: Marking, site: Site, place: Point, kind: ExerciseKind) -> Made:
    naming = kind is ExerciseKind.NAME_MARKED
    parts = LATERAL_PARTS if image.family == "lateral" else SIDED_PARTS
    family = lessons.SACRAL if site.vertebra == lessons.SACRAL else image.family
    learning = lessons.TARGETS[family]
    return _made(
        image,
        whole,
        kind,
        about=f"{site.nerve}/{site.side.value}",
        asked=Asked(kind=kind, frame=image.frame, site=site),
        learning=learning if kind is ExerciseKind.PLACE_TARGET else (lessons.NAMES, *learning),
        outlines=_around(site.vertebra),
        difficulty=_difficulty(image, site),
        key={"site": site} if naming else None,
        question={"shown": place, "parts": parts} if naming else {"site": site},
    )


def _difficulty(image: TrueImage, site: Site) -> Difficulty:
    if image.family == "lateral" or not image.facts["scaled"] or site.vertebra in {"L1", lessons.SACRAL}:
        return Difficulty.HARD
    return Difficulty.MEDIUM if image.family == "oblique" else Difficulty.EASY


def _around(vertebra: str) -> tuple[str, ...]:
    """Return a vertebra and the one above it, whose number its nerve has."""
    index = NEIGHBOURS.index(vertebra)
    return NEIGHBOURS[max(0, index - 1) : index + 1]


# ---------------------------------------------------------------------- needles


def _needles(images: Sequence[TrueImage], group: str = "needles") -> Iterator[Made]:
    for image, whole in _group(images, group):
        needle = image.facts["needle"]
        if needle["judged_here"] and needle["tip"]["in_field"]:
            yield _needle(image, whole)


def _needle(image: TrueImage, whole: Marking) -> Made:
    needle = image.facts["needle"]
    site = load_anatomy().site(needle["nerve"], Side(needle["side"]))
    faults = tuple(needle["faults"])
    first = faults[0] if faults else ""
    electrode = needle["kind"] == "electrode"
    learning = [lessons.FAULTS[first]] if not electrode or first else []
    learning += [lessons.ELECTRODE] if electrode else []
    kind = ExerciseKind.JUDGE_NEEDLE
    return _made(
        image,
        whole,
        kind,
        about=needle["place"],
        asked=Asked(kind=kind, frame=image.frame, site=site),
        learning=learning,
        outlines=_around(site.vertebra),
        difficulty=_NEEDLE_DIFFICULTY.get(first, Difficulty.MEDIUM),
        key={"verdict": NeedleVerdict(not faults, faults)},
        question={
            "site": site,
            "shown_needle": (point_of(needle["tip"]), _end_of_shaft(image)),
            "active_tip_mm": needle["active_tip_mm"],
        },
    )


_NEEDLE_DIFFICULTY: Final = {
    "WRONG_SIDE": Difficulty.EASY,
    "WRONG_LEVEL": Difficulty.HARD,
    "TOO_VENTRAL": Difficulty.MEDIUM,
    "TOO_CAUDAL": Difficulty.HARD,
    "TOO_LATERAL": Difficulty.EASY,
}


def _end_of_shaft(image: TrueImage) -> Point:
    """Return the hub, or where the shaft leaves the image before it."""
    needle, pose = image.facts["needle"], image.facts["pose"]
    tip, hub = point_of(needle["tip"]), point_of(needle["hub"])
    share = 1.0
    for start, end, size in ((tip.row, hub.row, pose["rows"]), (tip.column, hub.column, pose["columns"])):
        for limit in (0.0, size - 1.0):
            if (end - limit) * (start - limit) < 0:
                share = min(share, (limit - start) / (end - start))
    return Point(tip.row + share * (hub.row - tip.row), tip.column + share * (hub.column - tip.column))


# ---------------------------------------------------------------------- views


def _views(images: Sequence[TrueImage]) -> Iterator[Made]:
    """Yield the views that were made to be judged, and true ones besides: most of the others are off."""
    for group in ("views", "targets"):
        for image, whole in _group(images, group):
            judged = "true" in image.facts["seen"][image.facts["aimed_at"]]
            if judged and image.facts["aimed_at"] in {"L2", "L3", "L4", "L5"}:
                yield _view(image, whole)


def _view(image: TrueImage, whole: Marking) -> Made:
    kind, view, vertebra = ExerciseKind.JUDGE_VIEW, VIEWS[image.family], str(image.facts["aimed_at"])
    seen = image.facts["seen"][vertebra]
    return _made(
        image,
        whole,
        kind,
        about=view,
        asked=Asked(kind=kind, frame=image.frame, view=view),
        learning=_lessons_of_view(image.family, seen["corrections"]),
        outlines=(vertebra,),
        difficulty=_view_difficulty(image.family, seen),
        question={"view": view, "view_title": f"{_TITLES[view]} of {vertebra}"},
    )


_TITLES: Final = {"AP_TRUE": "True AP", "LATERAL_TRUE": "True lateral"}


def _lessons_of_view(family: str, corrections: Sequence[str]) -> tuple[LearningPoint, ...]:
    if family == "lateral":
        return (lessons.VIEWS["lateral"],)
    names = dict.fromkeys(correction.partition("_")[0] for correction in corrections)
    return tuple(lessons.VIEWS[name] for name in names) or (lessons.VIEWS["true"],)


def _view_difficulty(family: str, seen: dict[str, Any]) -> Difficulty:
    off = max(abs(seen["turn_deg"]) % 90, abs(seen["tilt_deg"]))
    small = len(seen["corrections"]) == 1 and off < 6  # noqa: PLR2004 - degrees: 4 and 4.5 are shipped
    if family == "lateral" or small or len(seen["corrections"]) > 1:
        return Difficulty.HARD
    return Difficulty.MEDIUM


_MAKERS: Final[dict[str, Callable[[Sequence[TrueImage]], Iterator[Made]]]] = {
    "targets": _targets,
    "needles": _needles,
    "electrodes": partial(_needles, group="electrodes"),
    "views": _views,
}
