"""Which studies a filter lets through, for stores that are not databases."""

from __future__ import annotations

from fluoro_annotator.errors import StoreError
from fluoro_annotator.store.values import LONGEST_PAGE, ListedReading, ListedStudy, ReadingStatus, StudyFilter


def check_page(limit: int, offset: int) -> None:
    """Refuse a page that there cannot be.

    Raises
    ------
    StoreError
        If the page is empty or too long, or begins before the first study.

    """
    if not 1 <= limit <= LONGEST_PAGE or offset < 0:
        raise StoreError(
            f"page of {limit} studies after the first {offset}",
            "cannot be listed",
            f"Ask for 1 to {LONGEST_PAGE} studies, after 0 or more.",
        )


def fits(study: ListedStudy, wanted: StudyFilter) -> bool:
    """Return whether a study is wanted."""
    facts, day = study.facts, study.facts.study_date
    dated = day is not None or not (wanted.first_date or wanted.last_date)
    return (
        (not wanted.region or str(facts.region or "") == wanted.region)
        and dated
        and (wanted.first_date is None or (day is not None and day >= wanted.first_date))
        and (wanted.last_date is None or (day is not None and day <= wanted.last_date))
        and wanted.equipment.lower() in facts.equipment.lower()
        and _reading_fits(study, wanted)
    )


def _reading_fits(study: ListedStudy, wanted: StudyFilter) -> bool:
    state = wanted.state
    if state is ReadingStatus.NOT_BEGUN:
        return not study.readings and not wanted.procedure and not wanted.reader
    if not (wanted.procedure or wanted.reader or state):
        return True
    return any(_one_fits(reading, wanted) for reading in study.readings)


def _one_fits(listed: ListedReading, wanted: StudyFilter) -> bool:
    return (
        wanted.procedure in {"", listed.head.plan}
        and wanted.reader in {"", listed.reading.reader}
        and wanted.state in {None, listed.state}
    )
