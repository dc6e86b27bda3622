"""What the programs of these tests read and write."""

from __future__ import annotations

import uuid
from random import Random

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Draft,
    FrameRef,
    ImageRecord,
    PlanChoice,
    Record,
    RevisionKind,
    StudyRecord,
    Target,
)

SITE = load_anatomy().site("L4_MB", Side.RIGHT)


def study_of(uid: str, images: int = 1) -> StudyRecord:
    """Return a study with images of its own."""
    return StudyRecord(
        uid,
        tuple(
            ImageRecord(sop_instance_uid=f"{uid}.{n}", series_uid="1.2.3", rows=512, columns=512, frames=30)
            for n in range(1, images + 1)
        ),
    )


STUDY = study_of("1.2")


def draft(row: float, author: str = "Reader A", **facts) -> Draft:
    """Return a new target."""
    mark = Target(frame=FrameRef("1.2.1", 7), site=SITE, position=Point(row, 20))
    return Draft(**{"kind": RevisionKind.ADD, "mark": mark, "author": author} | facts)


def step(chance: Random, present: list[Record]) -> list[Draft]:
    """Return one step of one to four changes; the client of each says how many they are.

    ``present`` is kept up to date.
    """
    size, action_id = chance.randint(1, 4), str(uuid.uuid4())
    facts = {"action_id": action_id, "client": str(size)}
    return [_change(chance, present, facts) for _ in range(size)]


def _change(chance: Random, present: list[Record], facts: dict[str, str]) -> Draft:
    kind = chance.choice(["add", "add", "move", "delete", "plan"])
    if kind == "plan":
        plan = PlanChoice(
            protocol_id=chance.choice(["lumbar_mbb", "lumbar_rf"]),
            version="1",
            content_hash="0",
            joints=("L4-L5",),
            sides=(Side.RIGHT,),
        )
        return draft(0, mark=plan, **facts)
    if kind == "add" or not present:
        new = draft(chance.uniform(0, 500), **facts)
        present.append(new.mark)
        return new
    if kind == "delete":
        gone = present.pop(chance.randrange(len(present)))
        return draft(0, mark=gone, kind=RevisionKind.DELETE, **facts)
    old = present[place := chance.randrange(len(present))]
    present[place] = Target(
        frame=old.frame, mark_id=old.mark_id, site=SITE, position=Point(chance.uniform(0, 500), 7)
    )
    return draft(0, mark=present[place], kind=RevisionKind.MOVE, **facts)
