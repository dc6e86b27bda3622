"""What is missing from a reading before it is submitted: by its plan, and by what looks wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fluoro_annotator.protocols import ProtocolLibrary
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.checking import Checks
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.plan_reading import PlanReading
from napari_fluoro_annotator.controllers.plan_views import missing_text
from napari_fluoro_annotator.controllers.plan_wording import slot_words
from napari_fluoro_annotator.controllers.wording import where_text

MOST_LINES = 40
"""How many are listed."""


def missing_lines(desk: ReadingDesk, library: Callable[[], ProtocolLibrary]) -> list[str]:
    """Return what a reader has to know before the reading on the desk is submitted, a sentence each.

    What looks wrong comes first: a wrong label is worse than a missing one.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    library : callable
        Returns the protocols; called if there is a plan.

    """
    plan = PlanReading(desk, library)
    plan.take_up()
    wrong, by_plan = list(_looking_wrong(desk)), list(_by_plan(plan))
    found = wrong + by_plan
    if not found:
        return [texts.SUBMIT_NOTHING_MISSING]
    if plan.plan is None and not wrong:
        found.append(texts.SUBMIT_NOTHING_WRONG)
    more = len(found) - MOST_LINES
    return [*found[:MOST_LINES], texts.SUBMIT_MORE.format(count=more)] if more > 0 else found


def _by_plan(reading: PlanReading) -> Iterator[str]:
    if reading.followed is None:
        yield texts.SUBMIT_NO_PLAN
    elif reading.plan is None:
        yield texts.SUBMIT_PLAN_PROBLEM.format(problem=reading.followed.problem)
    views = missing_text(reading.views)
    if views:
        yield views
    for status in reading.statuses:
        if status.slot.required and not status.done:
            yield texts.SUBMIT_EMPTY.format(slot=slot_words(reading, status.slot))


def _looking_wrong(desk: ReadingDesk) -> Iterator[str]:
    for frame, finding in Checks(desk).everywhere():
        where = where_text(frame, desk.binding.stacks)
        yield texts.SUBMIT_LOOKS_WRONG.format(finding=f"{where}: {finding.text}")
