"""What ``studies list`` prints."""

from __future__ import annotations

import json
from typing import Any

import typer

from fluoro_annotator.cli.screen import Table, show, tell
from fluoro_annotator.cli.stores import counted, existing, place_of
from fluoro_annotator.store import ListedReading, ListedStudy, StudyFilter, StudyPage

SCHEMA_VERSION = 1
HEADERS = ("study", "date", "region", "equipment", "images", "readings")


def show_studies(given: str | None, wanted: StudyFilter, *, limit: int, page: int, as_json: bool) -> None:
    """Print a page of the list of studies, and how many the whole list has.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    wanted : StudyFilter
        Which studies.
    limit, page : int
        Studies on a page, and its number from 1.
    as_json : bool
        Print JSON.

    """
    with existing(place_of(given)) as store:
        found = store.index(wanted, limit=limit, offset=limit * (page - 1))
        place = store.describe()
    pages = max(1, -(-found.total // limit))
    if as_json:
        typer.echo(json.dumps(_as_json(found, page, pages), indent=2, ensure_ascii=True))
        return
    show(Table(f"Studies in {place}", HEADERS, [_row(study) for study in found.studies]))
    tell(f"Page {page} of {pages}; {counted(found.total, 'study', 'studies')} in all.")


def _row(study: ListedStudy) -> tuple[str, ...]:
    facts = study.facts
    return (
        study.uid,
        facts.study_date.isoformat() if facts.study_date else "",
        str(facts.region or ""),
        facts.equipment,
        str(study.images),
        "; ".join(map(_reading_text, study.readings)) or "not begun",
    )


def _reading_text(listed: ListedReading) -> str:
    """Return for example "Reader A, procedure: lumbar_mbb, 7 marks, in progress"."""
    about = f"{listed.reading.reader}, {listed.reading.purpose.value}"
    plan = f": {listed.head.plan}" if listed.head.plan else ""
    return f"{about}{plan}, {counted(listed.marks, 'mark')}, {listed.state.value.replace('_', ' ')}"


def _as_json(found: StudyPage, page: int, pages: int) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "total": found.total,
        "page": page,
        "pages": pages,
        "studies": [_study_json(study) for study in found.studies],
    }


def _study_json(study: ListedStudy) -> dict[str, Any]:
    facts = study.facts
    return {
        "study_instance_uid": study.uid,
        "date": facts.study_date.isoformat() if facts.study_date else None,
        "region": str(facts.region) if facts.region else None,
        "equipment": facts.equipment or None,
        "pseudonym": facts.pseudonym or None,
        "images": study.images,
        "readings": [_reading_json(listed) for listed in study.readings],
    }


def _reading_json(listed: ListedReading) -> dict[str, Any]:
    reading, head = listed.reading, listed.head
    return {
        "reading_id": reading.reading_id,
        "reader": reading.reader,
        "role": reading.role.value,
        "purpose": reading.purpose.value,
        "procedure": head.plan or None,
        "state": listed.state.value,
        "marks": listed.marks,
        "changes": head.sequence,
        "started_at": reading.started_at.isoformat(),
        "changed_at": head.changed_at.isoformat(),
    }
