"""Questions of a teaching set: all that a trainee is shown before the answer is committed, and nothing of the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from fluoro_annotator.marks.fields import (
    checked_member,
    checked_number,
    checked_optional,
    checked_point,
    checked_points,
    checked_text,
)
from fluoro_annotator.marks.needle import LONGEST_TIP_MM
from fluoro_annotator.marks.serialise import site_to_dict
from fluoro_annotator.training import prompts
from fluoro_annotator.training.exercises import check_parts
from fluoro_annotator.training.plain import Group, stated

RANDOM_VERSION: Final = 4
"""Version of a UUID that is made of random numbers alone (RFC 9562 section 5.4)."""

LEAST_PATH: Final = 2
"""A needle has at least its tip and its hub."""


class ExerciseKind(StrEnum):
    """The kinds of exercise, as they are written to the store and to files."""

    PLACE_TARGET = "place_target"
    PLACE_BY_NAME = "place_by_name"
    NAME_MARKED = "name_marked"
    JUDGE_VIEW = "judge_view"
    JUDGE_NEEDLE = "judge_needle"


class Difficulty(StrEnum):
    """How hard an exercise is, in the judgement of its author."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def new_exercise_id() -> str:
    """Return an identifier that says nothing: a random UUID."""
    return str(uuid.uuid4())


def checked_exercise_id(value: object) -> str:
    """Return an identifier if it is a random UUID in its usual form: one with words in it might tell the answer.

    Raises
    ------
    TrainingError
        If it is anything else.

    """
    try:
        found = uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value or found.version != RANDOM_VERSION:
        raise TrainingError(
            "exercise", "has an identifier that is not a random UUID", "Make one with new_exercise_id()."
        )
    return str(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked on one frame.

    What a kind of exercise does not ask has to be left out, so that no question can give its answer away.

    Parameters
    ----------
    exercise_id : str
        Random identifier of the exercise.
    kind : ExerciseKind
        What is to be done.
    study_uid : str
        Study Instance UID.
    frame : FrameRef
        The frame that is shown.
    site : Site or None
        Which target is to be placed, or which one a needle is meant for. Of `ExerciseKind.PLACE_BY_NAME` nothing
        but nerve and side may be shown, as `prompt` does.
    needle : bool
        Whether a needle is to be placed, instead of the target.
    shown : Point or None
        The place that is to be named; ``(row, column)`` in pixels.
    shown_needle : tuple of Point or None
        The needle that is to be judged: tip, bends of the shaft if it has any, hub.
    active_tip_mm : float or None
        Length of the bare tip of that needle, where it is known.
    parts : tuple of str
        What is to be named: of nerve, vertebra, joint and side.
    view, view_title : str
        Identifier and name of the view that is asked about.
    difficulty : Difficulty
        How hard it is.

    Raises
    ------
    TrainingError
        If the kind lacks something, or has something that belongs to another one.
    MarkError, AnatomyError
        If a value is not of its kind, or nerve, vertebra and side do not fit together.

    """

    exercise_id: str
    kind: ExerciseKind
    study_uid: str
    frame: FrameRef
    site: Site | None = None
    needle: bool = False
    shown: Point | None = None
    shown_needle: tuple[Point, ...] | None = None
    active_tip_mm: float | None = None
    parts: tuple[str, ...] = ()
    view: str = ""
    view_title: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM

    def __post_init__(self) -> None:
        kept = {
            "exercise_id": checked_exercise_id(self.exercise_id),
            "kind": checked_member("question", "kind", self.kind, ExerciseKind),
            "study_uid": checked_text("question", "study_uid", self.study_uid),
            "difficulty": checked_member("question", "difficulty", self.difficulty, Difficulty),
            "shown": checked_optional(checked_point, "question", "shown", self.shown),
            "shown_needle": checked_optional(_path, "question", "shown_needle", self.shown_needle),
            "active_tip_mm": checked_optional(
                checked_number, "question", "active_tip_mm", self.active_tip_mm, LONGEST_TIP_MM
            ),
            "parts": tuple(self.parts),
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)
        self._check_belonging()
        if self.site is not None:
            load_anatomy().check_site(self.site)
        if self.site is not None and self.kind is ExerciseKind.PLACE_BY_NAME:
            whole = load_anatomy().site(self.site.nerve, self.site.side)
            object.__setattr__(self, "site", whole)
        if self.kind is ExerciseKind.NAME_MARKED:
            check_parts(self.parts)

    def _check_belonging(self) -> None:
        needed, allowed = BELONGS[self.kind]
        given = {entry.name for entry in fields(self) if entry.name in _ALL and getattr(self, entry.name)}
        for names, problem in ((needed - given, "lacks"), (given - needed - allowed, "must not have")):
            if names:
                raise TrainingError(
                    f"question ({self.kind.value.replace('_', ' ')})",
                    f"{problem} {', '.join(sorted(names))}",
                    "Each kind of exercise has what it asks, and nothing of its answer.",
                )

    @property
    def prompt(self) -> str:
        """The question in words, the same as those of the exercise."""
        return _PROMPTS[self.kind](self)


def _path(subject: str, name: str, values: Any) -> tuple[Point, ...]:
    return checked_points(subject, name, values, least=LEAST_PATH)


_Names = frozenset[str]
BELONGS: Final[dict[ExerciseKind, tuple[_Names, _Names]]] = {
    ExerciseKind.PLACE_TARGET: (frozenset({"site"}), frozenset({"needle"})),
    ExerciseKind.PLACE_BY_NAME: (frozenset({"site"}), frozenset({"needle"})),
    ExerciseKind.NAME_MARKED: (frozenset({"shown", "parts"}), frozenset()),
    ExerciseKind.JUDGE_VIEW: (frozenset({"view", "view_title"}), frozenset()),
    ExerciseKind.JUDGE_NEEDLE: (frozenset({"site", "shown_needle"}), frozenset({"active_tip_mm"})),
}
"""What the question of each kind has to have, and what it may have besides."""

_ALL: Final = frozenset[str]().union(*(names for pair in BELONGS.values() for names in pair))

_PROMPTS: Final[dict[ExerciseKind, Callable[[Any], str]]] = {
    ExerciseKind.PLACE_TARGET: lambda asked: prompts.place_target(asked.site, needle=asked.needle),
    ExerciseKind.PLACE_BY_NAME: lambda asked: prompts.place_by_name(asked.site, needle=asked.needle),
    ExerciseKind.NAME_MARKED: lambda asked: prompts.name_marked(asked.parts),
    ExerciseKind.JUDGE_VIEW: lambda asked: prompts.judge_view(asked.view_title),
    ExerciseKind.JUDGE_NEEDLE: lambda asked: prompts.judge_needle(asked.site),
}


# ---------------------------------------------------------------------- JSON


def question_to_dict(question: Question) -> dict[str, Any]:
    """Return a question as plain values; the inverse of `question_from`."""
    path, site = question.shown_needle, question.site
    by_name = question.kind is ExerciseKind.PLACE_BY_NAME
    return {
        "exercise_id": question.exercise_id,
        "kind": question.kind.value,
        "study_instance_uid": question.study_uid,
        "frame": frame_to_dict(question.frame),
        "difficulty": question.difficulty.value,
        **stated(
            site=None if site is None else _name_to_dict(site) if by_name else site_to_dict(site),
            needle=question.needle,
            shown=None if question.shown is None else list(question.shown),
            shown_needle=None if path is None else [list(point) for point in path],
            active_tip_mm=question.active_tip_mm,
            parts=list(question.parts),
            view=question.view,
            view_title=question.view_title,
        ),
    }


def _name_to_dict(site: Site) -> dict[str, Any]:
    """Return nerve and side alone: the vertebra is what is asked for."""
    return {"nerve": site.nerve, "side": site.side.value}


def question_from(group: Group) -> Question:
    """Return the question written by `question_to_dict`.

    Raises
    ------
    TrainingFormatError
        Naming text, place and reason.

    """
    return group.made(_question)


def _question(group: Group) -> Question:
    return Question(
        exercise_id=group.text("exercise_id"),
        kind=group.member("kind", ExerciseKind),
        study_uid=group.text("study_instance_uid"),
        frame=frame_from(group.group("frame")),
        difficulty=group.member("difficulty", Difficulty),
        site=group.group("site").made(_asked_site) if group.has("site") else None,
        needle=group.flag("needle") if group.has("needle") else False,
        shown=group.point("shown") if group.has("shown") else None,
        shown_needle=group.points("shown_needle") if group.has("shown_needle") else None,
        active_tip_mm=group.number("active_tip_mm") if group.has("active_tip_mm") else None,
        parts=group.texts("parts") if group.has("parts") else (),
        view=group.text("view") if group.has("view") else "",
        view_title=group.text("view_title") if group.has("view_title") else "",
    )


def frame_to_dict(frame: FrameRef) -> dict[str, Any]:
    """Return a frame as plain values; the inverse of `frame_from`."""
    return {"sop_instance_uid": frame.sop_instance_uid, "frame_number": frame.frame_number}


def frame_from(group: Group) -> FrameRef:
    """Return the frame written by `frame_to_dict`."""
    return group.made(lambda one: FrameRef(one.text("sop_instance_uid"), one.whole("frame_number")))


def _asked_site(group: Group) -> Site:
    """Return a site; where only nerve and side are named, vertebra and joints follow from the anatomy table."""
    if group.has("vertebra"):
        return _site(group)
    return load_anatomy().site(group.text("nerve"), group.member("side", Side))


def site_from(group: Group) -> Site:
    """Return nerve, vertebra, joints and side that fit together; the inverse of `site_to_dict`."""
    return group.made(_site)


def _site(group: Group) -> Site:
    site = Site(
        group.text("nerve"), group.text("vertebra"), group.texts("joints"), group.member("side", Side)
    )
    load_anatomy().check_site(site)
    return site
