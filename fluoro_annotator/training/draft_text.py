"""Drafts of teaching sets as JSON, so that a program that ends does not take them with it; they hold the answers."""

from __future__ import annotations

from typing import Any, Final

from fluoro_annotator.errors import TeachingSetError
from fluoro_annotator.protocols import Protocol, ProtocolLibrary
from fluoro_annotator.training.key_text import key_from, key_to_dict
from fluoro_annotator.training.plain import Group, read_text, stated, written
from fluoro_annotator.training.questions import question_from, question_to_dict
from fluoro_annotator.training.set_drafts import DraftExercise, SetDraft

DRAFT_FORMAT: Final = "fluoro_annotator.teaching_set_draft"
DRAFT_VERSION: Final = 1


def draft_to_text(draft: SetDraft) -> str:
    """Return a draft as JSON; the inverse of `draft_from_text` while its protocol is installed."""
    return written(
        DRAFT_FORMAT,
        DRAFT_VERSION,
        {
            "set_id": draft.set_id,
            "title": draft.title,
            "description": draft.description,
            "protocol": {"id": draft.protocol.id, "content_hash": draft.protocol.content_hash},
            "mixed": draft.mixed,
            "exercises": [_exercise_to_dict(one) for one in draft.exercises],
            **stated(based_on=draft.based_on or None),
        },
    )


def draft_from_text(text: str | bytes, protocols: ProtocolLibrary, subject: str = "draft") -> SetDraft:
    """Return the draft written by `draft_to_text`, with its protocol or today's of the same name.

    Raises
    ------
    TrainingFormatError
        Naming text, place and reason; also if no protocol of that name is installed.

    """
    return read_text(text, subject, DRAFT_FORMAT, DRAFT_VERSION).made(lambda group: _draft(group, protocols))


def _exercise_to_dict(exercise: DraftExercise) -> dict[str, Any]:
    return {"question": question_to_dict(exercise.question), "key": key_to_dict(exercise.key)}


def _draft(group: Group, protocols: ProtocolLibrary) -> SetDraft:
    return SetDraft(
        set_id=group.text("set_id"),
        protocol=group.group("protocol").made(lambda one: _protocol(one, protocols)),
        title=group.text("title", may_be_empty=True),
        description=group.text("description", may_be_empty=True),
        mixed=group.flag("mixed"),
        based_on=group.whole("based_on") if group.has("based_on") else 0,
        exercises=tuple(one.made(_exercise) for one in group.groups("exercises")),
    )


def _exercise(group: Group) -> DraftExercise:
    return DraftExercise(question_from(group.group("question")), group.group("key").made(key_from))


def _protocol(group: Group, protocols: ProtocolLibrary) -> Protocol:
    name, content_hash = group.text("id"), group.text("content_hash")
    same_name = [one.protocol for one in protocols.installed if one.protocol.id == name]
    for protocol in same_name:
        if protocol.content_hash == content_hash:
            return protocol
    if not same_name:
        raise TeachingSetError(
            f"protocol {name}", "is not installed", "Put its file into the folder of protocols."
        )
    return protocols.get(name)
