"""Documents from the plain values of JSON, every mark checked.

The inverse of `fluoro_annotator.exchange.json_writing`. The values fit the schema already;
what is checked here is what a schema cannot say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.errors import ExchangeError, FluoroAnnotatorError
from fluoro_annotator.exchange.document import MarksDocument, Program, ReadingContent
from fluoro_annotator.exchange.json_writing import NO_SITE, present_to_dicts
from fluoro_annotator.geometry import Calibration, CalibrationSource
from fluoro_annotator.marks import (
    Draft,
    ImageRecord,
    Purpose,
    Reading,
    Record,
    Revision,
    Role,
    StudyRecord,
    check_mark,
    mark_from_dict,
)
from fluoro_annotator.marks.revisions import time_from_text

LENGTH_TOLERANCE = 1e-9
"""Relative difference of two lengths computed from the same points on different machines."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a file, as a JSON path."""

    file: str
    path: str = "$"

    def __str__(self) -> str:
        return f"{self.file}, at {self.path}"

    def key(self, name: str) -> _Place:
        return _Place(self.file, f"{self.path}.{name}")

    def items(self, name: str, values: list[Any]) -> Iterator[tuple[Any, _Place]]:
        for number, value in enumerate(values):
            yield value, _Place(self.file, f"{self.path}.{name}[{number}]")

    @contextmanager
    def named(self) -> Iterator[None]:
        """Turn a refusal of a value into one that names the file and the place in it."""
        try:
            yield
        except FluoroAnnotatorError as error:
            raise ExchangeError(str(self), f"{error.subject} {error.problem}", error.remedy) from error
        except ValueError as error:
            raise ExchangeError(str(self), "holds a value that does not exist") from error


def document_from_dict(values: dict[str, Any], subject: str, anatomy: Anatomy) -> MarksDocument:
    """Return the document that fits the schema and every rule of marks.

    Parameters
    ----------
    values : dict
        Plain values that fit the schema.
    subject : str
        Name of the file.
    anatomy : Anatomy
        The table of nerves, vertebrae, joints and sides.

    Raises
    ------
    ExchangeError
        Naming the file, the place in it and the reason.

    """
    root = _Place(subject)
    with root.key("created_at").named():
        created_at = time_from_text(values["created_at"])
    studies = tuple(_study(study, place) for study, place in root.items("studies", values["studies"]))
    by_uid = {study.uid: study for study in studies}
    readings = tuple(
        _reading(reading, by_uid, anatomy, place)
        for reading, place in root.items("readings", values["readings"])
    )
    with root.named():
        return MarksDocument(
            studies=studies, readings=readings, created_at=created_at, program=Program(**values["program"])
        )


def _study(values: dict[str, Any], place: _Place) -> StudyRecord:
    images = tuple(_image(image, where) for image, where in place.items("images", values["images"]))
    with place.named():
        return StudyRecord(values["study_instance_uid"], images)


def _image(values: dict[str, Any], place: _Place) -> ImageRecord:
    with place.key("calibration").named():
        calibration = _calibration(values["calibration"])
    with place.named():
        return ImageRecord(
            sop_instance_uid=values["sop_instance_uid"],
            series_uid=values["series_instance_uid"],
            rows=values["rows"],
            columns=values["columns"],
            frames=values["frames"],
            modality=values["modality"],
            view=values["view"],
            calibration=calibration,
        )


def _calibration(values: dict[str, Any]) -> Calibration:
    return Calibration(
        CalibrationSource(values["source"]),
        row_mm=values["row_mm_per_px"],
        column_mm=values["column_mm_per_px"],
        relative_error=values["relative_error"],
        note=values["note"],
    )


def _reading(
    values: dict[str, Any], studies: dict[str, StudyRecord], anatomy: Anatomy, place: _Place
) -> ReadingContent:
    study = studies.get(values["study_instance_uid"])
    if study is None:
        raise ExchangeError(
            str(place.key("study_instance_uid")), "names a study that the file does not hold", _REMEDY
        )
    present = [*place.items("marks", values["marks"]), *place.items("records", values.get("records", []))]
    for mark, where in present:
        with where.named():
            check_mark(mark_from_dict(_nested(mark)), study, anatomy)
    revisions = tuple(
        _revision(revision, values["reading_id"], _checker(study, anatomy), where)
        for revision, where in place.items("revisions", values["revisions"])
    )
    with place.named():
        content = ReadingContent(_reading_facts(values), revisions)
    marks, records = present_to_dicts(content.state, study, anatomy)
    _check_present("marks", values["marks"], marks, place)
    _check_present("records", values.get("records", []), records, place)
    return content


def _reading_facts(values: dict[str, Any]) -> Reading:
    return Reading(
        study_uid=values["study_instance_uid"],
        reader=values["reader"],
        purpose=Purpose(values["purpose"]),
        role=Role(values["role"]),
        reading_id=values["reading_id"],
        started_at=time_from_text(values["started_at"]),
    )


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    """Return a present mark in the form of a mark of a revision, with a site of its own."""
    if values.get("nerve") is None:
        return values
    return values | {"site": {name: values[name] for name in NO_SITE}}


def _checker(study: StudyRecord, anatomy: Anatomy) -> Callable[[Record], None]:
    return lambda mark: check_mark(mark, study, anatomy)


def _revision(
    values: dict[str, Any], reading_id: str, check: Callable[[Record], None], place: _Place
) -> Revision:
    with place.named():
        draft = Draft.from_dict(values)
    with place.key("mark").named():
        check(draft.mark)
    return Revision(reading_id, values["sequence"], draft, values["previous_hash"], values["hash"])


def _check_present(
    group: str, marks: list[dict[str, Any]], expected: list[dict[str, Any]], place: _Place
) -> None:
    """Refuse present marks or records that are not the ones to which the revisions lead."""
    if len(marks) != len(expected):
        raise ExchangeError(
            str(place.key(group)),
            f"holds {len(marks)} {group}, but the revisions lead to {len(expected)}",
            _REMEDY,
        )
    for (mark, where), right in zip(place.items(group, marks), expected, strict=True):
        for name in mark.keys() | right.keys():
            if name != "label" and not _same(mark.get(name), right.get(name)):
                raise ExchangeError(str(where.key(name)), "differs from what the revisions lead to", _REMEDY)


_REMEDY = "The file was edited by hand or damaged; export the marks again."


def _same(first: Any, second: Any) -> bool:
    """Whether two plain values are equal, lengths up to rounding."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_same(first[key], second[key]) for key in first)
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=LENGTH_TOLERANCE)
    return bool(first == second)
