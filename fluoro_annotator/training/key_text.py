"""Keys as JSON, and back; every record in them is checked as if it came from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import Calibration, CalibrationSource, Ruler
from fluoro_annotator.marks import Record, mark_from_dict, mark_to_dict
from fluoro_annotator.marks.serialise import site_to_dict
from fluoro_annotator.marks.values import site_of, vertebra_of
from fluoro_annotator.training.exercises import NeedleVerdict
from fluoro_annotator.training.keys import Key, LearningPoint, Outline, ReferenceReading
from fluoro_annotator.training.material import ImageFacts, Marking
from fluoro_annotator.training.plain import Group, read_text, stated, written
from fluoro_annotator.training.questions import site_from

KEY_FORMAT: Final = "fluoro_annotator.exercise_key"
KEY_VERSION: Final = 1


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def key_hash(key: Key) -> str:
    """Return the hash of the text of a key; a teaching set names it from the start."""
    return text_hash(key_to_text(key))


def key_to_text(key: Key) -> str:
    """Return a key as JSON of which there is only one form; the inverse of `key_from_text`."""
    return written(KEY_FORMAT, KEY_VERSION, key_to_dict(key))


def key_from_text(text: str | bytes, subject: str = "key of an exercise") -> Key:
    """Return the key written by `key_to_text`.

    Raises
    ------
    TrainingFormatError
        Naming text, place and reason.

    """
    return read_text(text, subject, KEY_FORMAT, KEY_VERSION).made(key_from)


def key_to_dict(key: Key) -> dict[str, Any]:
    """Return a key as plain values; the inverse of `key_from`."""
    return {
        "exercise_id": key.exercise_id,
        "references": [_reference_to_dict(reference) for reference in key.references],
        "image": image_to_dict(key.image),
        "salt": key.salt,
        **stated(
            site=None if key.site is None else site_to_dict(key.site),
            verdict=None if key.verdict is None else _verdict_to_dict(key.verdict),
            learning_points=[{"text": one.text, "source": one.source} for one in key.learning_points],
            outlines=[
                {"vertebra": one.vertebra, "points": [list(point) for point in one.points]}
                for one in key.outlines
            ],
        ),
    }


def key_from(group: Group) -> Key:
    """Return a key from its plain values; what is left over in the group is refused by whoever made it."""
    return Key(
        exercise_id=group.text("exercise_id"),
        references=tuple(one.made(_reference) for one in group.groups("references")),
        image=group.group("image").made(image_from),
        site=site_from(group.group("site")) if group.has("site") else None,
        verdict=group.group("verdict").made(_verdict) if group.has("verdict") else None,
        learning_points=_listed(group, "learning_points", _learning_point),
        outlines=_listed(group, "outlines", _outline),
        salt=group.text("salt"),
    )


def _listed(group: Group, name: str, read: Callable[[Group], Any]) -> tuple[Any, ...]:
    return tuple(one.made(read) for one in group.groups(name)) if group.has(name) else ()


def _reference_to_dict(reference: ReferenceReading) -> dict[str, Any]:
    return {
        "reading_id": reference.reading_id,
        "reading_fingerprint": reference.reading_fingerprint,
        "reader": reference.marking.reader,
        "records": [mark_to_dict(record) for record in reference.marking.records],
    }


def _reference(group: Group) -> ReferenceReading:
    records = tuple(_record(group, values) for values in group.items("records"))
    return ReferenceReading(
        reading_id=group.text("reading_id"),
        marking=Marking(group.text("reader"), records),
        reading_fingerprint=group.text("reading_fingerprint"),
    )


def _record(group: Group, values: dict[str, Any]) -> Record:
    """Return a record whose nerve and vertebra exist, and of which nothing was left unread."""
    record = group.named(lambda: mark_from_dict(values))
    if mark_to_dict(record) != values:
        raise TrainingError(record.kind.words, "holds a value that does not belong there")
    site, vertebra = site_of(record), vertebra_of(record)
    if site is not None:
        load_anatomy().check_site(site)
    elif vertebra is not None:
        load_anatomy().vertebra(vertebra)
    return record


def image_to_dict(image: ImageFacts) -> dict[str, Any]:
    """Return what is known of an image as plain values; the inverse of `image_from`."""
    scale = image.ruler.calibration
    return {
        "scale_source": scale.source.value,
        "pixel_aspect": image.ruler.aspect,
        "placement_px": image.ruler.placement_px,
        **stated(
            view=image.view,
            row_mm_per_px=scale.row_mm,
            column_mm_per_px=scale.column_mm,
            scale_note=scale.note,
            orientation=list(image.orientation or ()),
            turned_to=image.turned_to,
        ),
        **({} if scale.relative_error is None else {"scale_error": scale.relative_error}),
    }


def image_from(group: Group) -> ImageFacts:
    """Return what is known of an image from its plain values."""
    scale = Calibration(
        group.member("scale_source", CalibrationSource),
        row_mm=group.number("row_mm_per_px") if group.has("row_mm_per_px") else None,
        column_mm=group.number("column_mm_per_px") if group.has("column_mm_per_px") else None,
        relative_error=group.number("scale_error") if group.has("scale_error") else None,
        note=group.text("scale_note") if group.has("scale_note") else "",
    )
    ruler = Ruler(scale, group.number("pixel_aspect"), group.number("placement_px"))
    orientation = group.texts("orientation") if group.has("orientation") else None
    return ImageFacts(
        view=group.text("view") if group.has("view") else "",
        ruler=ruler,
        orientation=None if orientation is None else _pair(orientation),
        turned_to=group.member("turned_to", Side) if group.has("turned_to") else None,
    )


def _pair(letters: tuple[str, ...]) -> tuple[str, str]:
    if len(letters) != len(("rightwards", "downwards")):
        raise TrainingError("orientation", "does not name two directions")
    return letters[0], letters[1]


def _verdict_to_dict(verdict: NeedleVerdict) -> dict[str, Any]:
    return {"acceptable": verdict.acceptable, **stated(faults=list(verdict.faults))}


def _verdict(group: Group) -> NeedleVerdict:
    faults = group.texts("faults") if group.has("faults") else ()
    return NeedleVerdict(group.flag("acceptable"), faults)


def _learning_point(group: Group) -> LearningPoint:
    return LearningPoint(group.text("text"), group.text("source", may_be_empty=True))


def _outline(group: Group) -> Outline:
    return Outline(group.text("vertebra"), group.points("points"))
