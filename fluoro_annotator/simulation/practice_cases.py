"""What is rendered for practice: tables of poses and of needles that lie right and wrong.

Every case is a study of its own. Positions of needles are given from the true target, in the axes of the vertebra:
lateral, cranial (along the normal of the superior endplate) and ventral (along the endplate), millimetres.
Which faults a needle has follows from where it was put; how far it was put there is an engineering default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LEFT, RIGHT = "left", "right"
NINE_INCH_MM, SIX_INCH_MM = 230.0, 150.0

AP, OBLIQUE, LATERAL = "AP", "oblique", "lateral"
LATERAL_TURN: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One image of a case.

    Parameters
    ----------
    family : str
        AP, oblique or lateral.
    turn, tilt : float
        How the vertebra is seen (degrees), see `fluoro_annotator.simulation.aiming`.
    edge : int
        Rows and columns.
    field_mm : float
        Edge of the field at the detector.
    shift_mm : tuple of float
        Where the image is centred, from the middle of the superior endplate: x, y, z.
    source_to_isocentre_mm : float
        Distance of the source; the magnification is 1000 mm divided by it.
    margin : float
        Gap between the round field and the border of the image.
    quanta_per_mm2 : float
        Absorbed quanta: the more, the less noise.
    scaled : bool
        Whether the header has a scale.
    ruler : bool
        Whether a lead wire of known length lies on the skin.

    """

    family: str
    turn: float
    tilt: float = 0.0
    edge: int = 448
    field_mm: float = NINE_INCH_MM
    shift_mm: tuple[float, float, float] = (-10.0, 0.0, -12.0)
    source_to_isocentre_mm: float = 700.0
    margin: float = 0.012
    quanta_per_mm2: float = 11000.0
    scaled: bool = True
    ruler: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedlePlan:
    """A needle that is put somewhere for a target.

    Parameters
    ----------
    nerve, side : str
        The target that it is meant for.
    place : str
        Key of `PLACES`.
    electrode : bool
        Whether it is a radiofrequency electrode.

    """

    nerve: str
    side: str
    place: str
    electrode: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCase:
    """A small study.

    Parameters
    ----------
    key : str
        Stable name; identifiers are derived from it. It is not written into images.
    group : str
        targets, needles, electrodes or views.
    vertebra : str
        The vertebra that its images are aimed at.
    shots : tuple of Shot
        Its images.
    needle : NeedlePlan, optional
        The needle in all of them.

    """

    key: str
    group: str
    vertebra: str
    shots: tuple[Shot, ...]
    needle: NeedlePlan | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a needle is put, and what is wrong with it there.

    Parameters
    ----------
    offset_mm : tuple of float
        Lateral, cranial and ventral of the true target.
    faults : mapping of family to tuple of str
        Codes of the faults that can be seen in a view of that family; a view without an entry does not show whether
        the needle is right.
    on_bone : bool
        Whether the tip is moved along the endplate to where it meets the dorsal surface of the bone.
    how : str
        ``""``, or a word for what cannot be said by an offset: foramen, short, next_level, other_side, neck.
    perpendicular : bool
        Whether an electrode comes in straight from dorsal.

    """

    offset_mm: tuple[float, float, float]
    faults: dict[str, tuple[str, ...]]
    on_bone: bool = False
    how: str = ""
    perpendicular: bool = False


PLACES: Final[dict[str, Place]] = {
    "good": Place((0, 0, 0), {AP: (), OBLIQUE: (), LATERAL: ()}),
    "too high": Place((0.5, 11, 4), {AP: ("TOO_CEPHALAD",), OBLIQUE: ("TOO_CEPHALAD",)}),
    "too lateral": Place((11, -4, 0), {AP: ("TOO_LATERAL",), OBLIQUE: ("TOO_LATERAL",)}, on_bone=True),
    "too medial": Place((-10, 2, 0), {AP: ("TOO_MEDIAL",)}, on_bone=True),
    "too low": Place((1, -9, 0), {AP: ("TOO_CAUDAL",)}, on_bone=True),
    "too ventral": Place((0, 0, 6), {LATERAL: ("TOO_VENTRAL",)}, how="foramen"),
    "short": Place((0, 0, 0), {LATERAL: ("TOO_DORSAL", "NOT_ON_BONE")}, how="short"),
    "wrong level": Place((0, 0, 0), {AP: ("WRONG_LEVEL",), LATERAL: ("WRONG_LEVEL",)}, how="next_level"),
    "wrong side": Place((0, 0, 0), {AP: ("WRONG_SIDE",)}, how="other_side"),
    "parallel": Place((0, 0, 0), {AP: (), LATERAL: ()}, how="neck"),
    "perpendicular": Place(
        (0, 0, 0), {AP: ("NON_PARALLEL",), LATERAL: ("NON_PARALLEL",)}, how="neck", perpendicular=True
    ),
}
"""Places of needles. NOT_ON_BONE goes with a short needle: a code that says either is right."""

SHORT_MM: Final = 13.0
"""How far a short needle is drawn back along its shaft."""

NEXT_LEVEL: Final = {"L4_MB": "L3_MB", "L2_MB": "L3_MB", "L3_MB": "L2_MB"}
"""Where a needle at the wrong level lies."""

_NEEDLES: Final = (
    ("L1_MB", LEFT, "good"), ("L2_MB", RIGHT, "good"), ("L3_MB", LEFT, "good"), ("L4_MB", RIGHT, "good"),
    ("L5_DR", LEFT, "good"),
    ("L3_MB", RIGHT, "too high"), ("L4_MB", LEFT, "too high"), ("L2_MB", LEFT, "too high"),
    ("L2_MB", LEFT, "too lateral"), ("L4_MB", RIGHT, "too lateral"), ("L3_MB", RIGHT, "too lateral"),
    ("L3_MB", RIGHT, "too medial"), ("L4_MB", LEFT, "too medial"),
    ("L3_MB", LEFT, "too low"), ("L4_MB", RIGHT, "too low"),
    ("L3_MB", LEFT, "too ventral"), ("L4_MB", RIGHT, "too ventral"), ("L2_MB", RIGHT, "too ventral"),
    ("L2_MB", RIGHT, "short"), ("L4_MB", LEFT, "short"),
    ("L4_MB", RIGHT, "wrong level"), ("L2_MB", LEFT, "wrong level"),
    ("L4_MB", LEFT, "wrong side"), ("L3_MB", RIGHT, "wrong side"),
)  # fmt: skip
_ELECTRODES: Final = (
    ("L2_MB", LEFT, "parallel"), ("L4_MB", RIGHT, "parallel"), ("L2_MB", RIGHT, "perpendicular"),
    ("L4_MB", LEFT, "perpendicular"),
)  # fmt: skip
_WITH_OBLIQUE: Final = frozenset({"good", "too high", "too lateral"})

OBLIQUE_TURNS: Final = {"L1": 20.0, "L2": 20.0, "L3": 25.0, "L4": 30.0, "L5": 30.0}
_TARGET_OBLIQUES: Final = (
    ("L1", LEFT, 20), ("L2", RIGHT, 15), ("L2", LEFT, 25), ("L3", RIGHT, 20), ("L3", LEFT, 35), ("L4", RIGHT, 25),
    ("L4", LEFT, 30), ("L5", RIGHT, 35), ("L5", LEFT, 20), ("L4", RIGHT, 15),
)  # fmt: skip
_VIEW_ERRORS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "L3": ((0, 0), (4, 0), (-8, 0), (12, 0), (0, 8), (0, -12)),
    "L4": ((0, 0), (-4, 0), (8, 0), (-12, 0), (0, -4.5), (0, 12)),
    "L5": ((0, 0), (-8, 0), (0, -8), (0, 12), (8, -8)),
    "L2": ((0, 0), (12, 0), (0, -12), (-8, 8)),
}
"""Turn and tilt errors of AP views, in degrees."""

_LATERAL_ERRORS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "L3": ((0, 0), (8, 0), (0, 8), (0, -12)),
    "L4": ((0, 0), (-8, 0), (12, 0), (0, -8)),
    "L5": ((0, 0), (-12, 0), (0, 12)),
}
VERTEBRA_OF: Final = {
    "T12_MB": "L1", "L1_MB": "L2", "L2_MB": "L3", "L3_MB": "L4", "L4_MB": "L5", "L5_DR": "S1",
}  # fmt: skip


def practice_cases() -> tuple[PracticeCase, ...]:
    """Return all cases, always the same."""
    return (*_targets(), *_needle_cases(), *_views())


def turned_to(side: str) -> float:
    """Return 1 for the left and -1 for the right: the sign of a turn to that side."""
    return 1.0 if side == LEFT else -1.0


def _targets() -> Iterator[PracticeCase]:
    wide = {"edge": 512, "field_mm": NINE_INCH_MM}
    close = {"edge": 384, "field_mm": SIX_INCH_MM}
    for index, vertebra in enumerate(("L1", "L2", "L3", "L4", "L5", "S1")):
        shift = (-10.0, (-1.0) ** index * 6.0, -12.0)
        first = Shot(family=AP, turn=0, shift_mm=shift, **wide)  # type: ignore[arg-type]
        yield _single("targets", vertebra, f"ap wide {vertebra}", first)
        if vertebra == "L1":
            continue
        second = Shot(
            family=AP, turn=0, shift_mm=(-10.0, 0.0, -6.0), source_to_isocentre_mm=650 + 25 * (index % 3),
            margin=0.03, quanta_per_mm2=7000, scaled=vertebra != "L3", **close,  # type: ignore[arg-type]
        )  # fmt: skip
        yield _single("targets", vertebra, f"ap close {vertebra}", second)
    for vertebra in ("L3", "L5"):
        with_ruler = Shot(family=AP, turn=0, scaled=False, ruler=True, source_to_isocentre_mm=730)
        yield _single("targets", vertebra, f"ap ruler {vertebra}", with_ruler)
    for index, (vertebra, side, angle) in enumerate(_TARGET_OBLIQUES):
        size = close if index % 3 == 2 else wide  # noqa: PLR2004  # every third is close
        shot = Shot(
            family=OBLIQUE, turn=turned_to(side) * angle, shift_mm=(-14.0, turned_to(side) * 10.0, -10.0),
            scaled=index != 4, quanta_per_mm2=8000 if index % 2 else 12000, **size,  # type: ignore[arg-type]  # noqa: PLR2004
        )  # fmt: skip
        yield _single("targets", vertebra, f"oblique {vertebra} {side} {angle}", shot)
    for index, vertebra in enumerate(("L1", "L2", "L3", "L4", "L5", "S1")):
        turn = LATERAL_TURN if index % 2 else -LATERAL_TURN
        size = close if index in {2, 4} else wide
        shot = Shot(
            family=LATERAL, turn=turn, shift_mm=(-22.0, 0.0, -8.0), scaled=index != 3, **size,  # type: ignore[arg-type]  # noqa: PLR2004
        )  # fmt: skip
        yield _single("targets", vertebra, f"lateral {vertebra}", shot)


def _needle_cases() -> Iterator[PracticeCase]:
    for group, table in (("needles", _NEEDLES), ("electrodes", _ELECTRODES)):
        for nerve, side, place in table:
            plan = NeedlePlan(nerve=nerve, side=side, place=place, electrode=group == "electrodes")
            vertebra, sign = VERTEBRA_OF[nerve], turned_to(side)
            across = 0.0 if place == "wrong side" else sign * 14.0
            shots = [
                Shot(family=AP, turn=0, edge=416, shift_mm=(-20.0, across, -16.0)),
                Shot(family=LATERAL, turn=LATERAL_TURN, edge=416, shift_mm=(-58.0, 0.0, -12.0)),
            ]
            if place in _WITH_OBLIQUE and vertebra in OBLIQUE_TURNS:
                turn = sign * OBLIQUE_TURNS[vertebra]
                shots.append(Shot(family=OBLIQUE, turn=turn, edge=416, shift_mm=(-20.0, across, -12.0)))
            yield PracticeCase(
                key=f"{group} {nerve} {side} {place}",
                group=group,
                vertebra=vertebra,
                shots=tuple(shots),
                needle=plan,
            )


def _views() -> Iterator[PracticeCase]:
    for vertebra, errors in _VIEW_ERRORS.items():
        for turn, tilt in errors:
            shot = Shot(family=AP, turn=turn, tilt=tilt, edge=384, shift_mm=(-8.0, 0.0, -14.0), field_mm=190)
            yield _single("views", vertebra, f"view ap {vertebra} {turn} {tilt}", shot)
    for index, (vertebra, errors) in enumerate(_LATERAL_ERRORS.items()):
        base = -LATERAL_TURN if index == 1 else LATERAL_TURN
        for turn, tilt in errors:
            shot = Shot(
                family=LATERAL,
                turn=base + turn,
                tilt=tilt,
                edge=384,
                shift_mm=(-16.0, 0.0, -14.0),
                field_mm=190,
            )
            yield _single("views", vertebra, f"view lateral {vertebra} {turn} {tilt}", shot)


def _single(group: str, vertebra: str, key: str, shot: Shot) -> PracticeCase:
    return PracticeCase(key=key, group=group, vertebra=vertebra, shots=(shot,))
