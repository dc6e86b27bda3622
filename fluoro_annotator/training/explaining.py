"""Why an exercise comes now, in a sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.training.choosing import Choice
from fluoro_annotator.training.outcomes import Outcome
from fluoro_annotator.training.scored import ScoredAnswer

NEW: Final = "New in this set."
DUE: Final = "Due {due}: {answered}."
AHEAD: Final = "Not due before {due}, and brought forward: {answered}."
INTERRUPTED: Final = "Interrupted {when}: it goes on with what you had placed."
INTERRUPTED_EMPTY: Final = "Interrupted {when}, before anything was placed."

MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
HOW: Final = {True: "right", False: "wrong"}
SURE: Final = {MarkConfidence.CERTAIN: "certain", MarkConfidence.UNSURE: "unsure"}


def why_now(choice: Choice, moment: datetime, zone: tzinfo | None = None) -> str:
    """Return why an exercise comes now.

    Parameters
    ----------
    choice : Choice
        The exercise.
    moment : datetime.datetime
        The present time.
    zone : datetime.tzinfo, optional
        The time zone in which days are counted; that of this computer by default.

    """
    standing = choice.standing
    if standing is None:
        return NEW
    when = day_of(standing.answered_at, moment, zone)
    answered = answered_how(standing.last, when)
    if standing.due > moment:
        return AHEAD.format(due=day_of(standing.due, moment, zone).removeprefix("on "), answered=answered)
    due = day_of(standing.due, moment, zone).removeprefix("on ")
    since = due if due == "today" else f"since {due}"
    return DUE.format(due=since, answered=answered)


def why_resumed(when: datetime, moment: datetime, zone: tzinfo | None = None, *, empty: bool) -> str:
    """Return that an interrupted exercise goes on."""
    text = INTERRUPTED_EMPTY if empty else INTERRUPTED
    return text.format(when=day_of(when, moment, zone))


def answered_how(answer: ScoredAnswer, when: str) -> str:
    """Return how and when an answer was given, for example "answered wrong and certain yesterday"."""
    if answer.success is None:
        return f"answered {when}, which could not be assessed"
    how = "nearly right" if answer.outcome is Outcome.NEAR else HOW[answer.success]
    sure = SURE.get(answer.confidence) if answer.confidence is not None else None
    return f"answered {how} {when}" if sure is None else f"answered {how} and {sure} {when}"


def day_of(time: datetime, moment: datetime, zone: tzinfo | None = None) -> str:
    """Return the day of a time, for example "today", "yesterday" or "on 18 November"."""
    day, today = time.astimezone(zone).date(), moment.astimezone(zone).date()
    near = {today: "today", today - timedelta(days=1): "yesterday", today + timedelta(days=1): "tomorrow"}
    return near.get(day) or f"on {_written(day, today)}"


def _written(day: date, today: date) -> str:
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"
