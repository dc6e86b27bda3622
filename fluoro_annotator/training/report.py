"""Reports of practice: for a trainee, and across trainees for the attending.

They say what was answered and how often it was right. They call nobody competent, and what is not validated is called so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fluoro_annotator.protocols import ProtocolLibrary
from fluoro_annotator.reporting import Block, Bullets, Document, Heading, Paragraph, Tone
from fluoro_annotator.training.charts import (
    confidence_chart,
    control_chart,
    fault_rates_chart,
    kind_rates,
    learning_curve,
    nerve_rates,
    outcome_chart,
    trainee_rates,
    view_rates,
)
from fluoro_annotator.training.progress import PassRule
from fluoro_annotator.training.report_tables import (
    confidence_table,
    disputed_table,
    distance_table,
    effort_table,
    exercise_table,
    expert_table,
    fault_table,
    glance_table,
    group_table,
    outcome_table,
    reason_table,
    rescored_table,
    trainee_table,
)
from fluoro_annotator.training.scored import ScoredAnswer
from fluoro_annotator.training.shelf import SetShelf
from fluoro_annotator.training.summary import Comparison, Summary, Tally, compare, summarise, tally

NOTICE: Final = (
    "This report describes answers to exercises on images. It does not say whether anybody is competent to treat "
    "patients: no published pass mark was found, and limits, zones and pass rules are not validated unless they are "
    "called so."
)
REPEATED: Final = (
    "The same exercise may have been answered several times, so answers are not independent and intervals are rather "
    "too narrow. The row for first answers counts each exercise once for each trainee."
)
HOW: Final = (
    "Rates: Wilson score intervals, 95 %. Medians: intervals from order statistics, at least 95 %, where there are six "
    "or more numbers. Control chart: cumulative sum of log likelihood ratios (CUSUM), never set back. What is not "
    "assessable counts in no rate but its own. Answers are in the order in which the store took them."
)
OTHER: Final = "Other sets"
"""The track of sets whose protocol is not known here."""


@dataclass(frozen=True, slots=True)
class Track:
    """Teaching sets that are judged by one rule: those of one protocol.

    Attributes
    ----------
    title : str
        Name of the protocol.
    rule : PassRule
        Its pass rule.
    sets : frozenset of str
        Identifiers of the sets.

    """

    title: str
    rule: PassRule
    sets: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a report needs besides the answers.

    Attributes
    ----------
    made_at : datetime.datetime
        When the report is made.
    tracks : tuple of Track
        What is judged by which rule; answers to other sets are judged by the proposed one.
    sets : mapping of str to str
        What teaching sets are called.
    views : mapping of str to str
        What views are called.

    """

    made_at: datetime
    tracks: tuple[Track, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)


def context_of(shelf: SetShelf, protocols: ProtocolLibrary, made_at: datetime) -> Context:
    """Return what the teaching sets and protocols of a site say; rules are those that are in use today."""
    current = {one.id: one for one in protocols.protocols}
    newest = {one.set_id: one for one in shelf.sets}
    by_protocol: dict[str, set[str]] = defaultdict(set)
    for one in newest.values():
        if one.protocol_id in current:
            by_protocol[one.protocol_id].add(one.set_id)
    return Context(
        made_at=made_at,
        tracks=tuple(
            Track(current[key].title, PassRule.of(current[key]), frozenset(sets))
            for key, sets in sorted(by_protocol.items())
        ),
        sets={one.set_id: one.title for one in newest.values()},
        views={view.id: view.title for one in current.values() for view in one.views},
    )


def trainee_report(answers: Iterable[ScoredAnswer], context: Context) -> Document:
    """Return the report for one trainee.

    Parameters
    ----------
    answers : iterable of ScoredAnswer
        Of one trainee.
    context : Context
        Rules and names.

    Raises
    ------
    ValueError
        If they are of several trainees.

    """
    listed = tuple(answers)
    whole = summarise(listed)
    name = whole.trainee or "nobody yet"
    blocks: list[Block] = [Paragraph(NOTICE, Tone.NOTICE), glance_table(whole.tally)]
    if whole.tally.certain_and_wrong.count:
        blocks.append(Paragraph(_certain(whole.tally)))
    blocks.append(Paragraph(REPEATED, Tone.SMALL))
    for track, own in tracks_with(listed, context):
        blocks += _progress(track, summarise(own, track.rule))
    blocks += _details(whole.tally, context)
    return Document(
        title=f"Practice report: {name}",
        facts=_facts(listed, whole.tally, context),
        blocks=tuple(blocks),
        footer=_footer(context),
    )


def attending_report(answers: Iterable[ScoredAnswer], context: Context) -> Document:
    """Return the report across trainees.

    Parameters
    ----------
    answers : iterable of ScoredAnswer
        Of any number of trainees.
    context : Context
        Rules and names.

    """
    listed = tuple(answers)
    blocks: list[Block] = [Paragraph(NOTICE, Tone.NOTICE)]
    compared = [(track, compare(own, track.rule)) for track, own in tracks_with(listed, context)]
    everybody = compared[0][1].everybody if len(compared) == 1 else tally(listed)
    for track, one in compared:
        blocks += _side_by_side(track, one)
    for track, one in compared:
        blocks += _exercises(track, one, context, several=len(compared) > 1)
    blocks += [Heading("All answers together"), glance_table(everybody), Paragraph(REPEATED, Tone.SMALL)]
    blocks += _details(everybody, context)
    trainees = {one.trainee for one in listed}
    return Document(
        title="Practice report across trainees",
        facts=(("Trainees", str(len(trainees))), *_facts(listed, everybody, context)),
        blocks=tuple(blocks),
        footer=_footer(context),
    )


def tracks_with(answers: Iterable[ScoredAnswer], context: Context) -> list[tuple[Track, list[ScoredAnswer]]]:
    """Return the answers of each track that has any; those to sets of no track come last, under the proposed rule."""
    known = {set_id: track for track in context.tracks for set_id in track.sets}
    rest = Track(OTHER, PassRule(), frozenset())
    found: dict[str, list[ScoredAnswer]] = defaultdict(list)
    for one in answers:
        found[known.get(one.set_id, rest).title].append(one)
    return [(track, found[track.title]) for track in (*context.tracks, rest) if track.title in found]


def _facts(answers: Sequence[ScoredAnswer], found: Tally, context: Context) -> tuple[tuple[str, str], ...]:
    sets = sorted({context.sets.get(one.set_id, one.set_id) for one in answers})
    period = (
        "no answers yet"
        if found.first_at is None or found.last_at is None
        else f"{found.first_at:%Y-%m-%d} to {found.last_at:%Y-%m-%d}"
    )
    return (
        ("Answers", f"{found.answers}, of which {found.not_assessable} are not assessable"),
        ("Committed", period),
        ("Teaching sets", ", ".join(sets) or "none"),
        ("Made", f"{context.made_at:%Y-%m-%d %H:%M} UTC"),
    )


def _footer(context: Context) -> str:
    return f"fluoro-annotator, {context.made_at:%Y-%m-%d}. For teaching. Limits and pass rules: not validated unless called so."


def _certain(found: Tally) -> str:
    return (
        f"Certain and wrong: {found.certain_and_wrong.text} of the answers that were called certain. These are worth "
        "looking at first."
    )


def _progress(track: Track, found: Summary) -> list[Block]:
    state: list[Block] = (
        [
            Paragraph("What is lacking by this rule:"),
            Bullets(found.progress.lacking),
        ]
        if found.progress.lacking
        else [Paragraph("Nothing is lacking by this rule. That is all it says.")]
    )
    return [
        Heading(f"Progress: {track.title}"),
        Paragraph(f"Pass rule: {track.rule.text}"),
        *state,
        learning_curve(found),
        control_chart(found),
        Paragraph(f"Control chart: {control_chart(found).parameters}.", Tone.SMALL),
    ]


def _details(found: Tally, context: Context) -> list[Block]:
    """Return outcomes, groups, errors, confidence, distances and times; nothing for what there is none of."""
    blocks: list[Block] = []
    for heading, parts in (
        (
            "Outcomes and errors",
            (
                (outcome_chart(found), outcome_table(found)),
                (fault_rates_chart(found), fault_table(found)),
            ),
        ),
        (
            "On target by nerve, view and kind of exercise",
            (
                (nerve_rates(found), group_table("nerve", found.by_nerve)),
                (view_rates(found, context.views), group_table("view", found.by_view, context.views)),
                (kind_rates(found), group_table("kind of exercise", found.by_kind)),
            ),
        ),
        ("Confidence", ((confidence_chart(found), confidence_table(found)),)),
    ):
        shown = [block for chart, table in parts if table.rows for block in (chart, table)]
        blocks += [Heading(heading), *shown] if shown else []
    tables = (distance_table(found), effort_table(found), reason_table(found), rescored_table(found))
    for heading, table, words in zip(_HEADINGS, tables, _EXPLAINED, strict=True):
        if table.rows:
            blocks += [Heading(heading), table, Paragraph(words, Tone.SMALL)]
    return [*blocks, Heading("How the numbers are made"), Paragraph(HOW, Tone.SMALL)]


_HEADINGS: Final = ("Distances from the reference", "Time and moves", "Not assessable", "Scored again")
_EXPLAINED: Final = (
    (
        "Of placed marks at the right level and side. Distances in mm are of images with a scale that holds in the patient; "
        "those in pixels are of images without one, are not comparable from one image size to another, and are never put together "
        "with the others."
    ),
    "Time from the image shown to the answer committed. Moves: how often something that had been placed was put elsewhere.",
    "These answers count neither way; each rate is of all answers.",
    "The score that counts is the latest one. Earlier scores are kept and are in the CSV file with their causes.",
)


def _side_by_side(track: Track, found: Comparison) -> list[Block]:
    return [
        Heading(f"Trainees: {track.title}"),
        Paragraph(f"Pass rule: {track.rule.text} Trainees are listed by name, not by rank."),
        trainee_rates(found),
        trainee_table(found),
    ]


def _exercises(track: Track, found: Comparison, context: Context, *, several: bool) -> list[Block]:
    of = f": {track.title}" if several else ""
    blocks: list[Block] = [
        Heading(f"Hardest exercises{of}"),
        exercise_table(found, context.sets, context.views),
        Paragraph(
            "Ordered by the upper end of the interval, so that few answers alone do not make an exercise hard. An exercise that "
            "nearly everybody misses may have a reference that is wrong.",
            Tone.SMALL,
        ),
    ]
    disputed = disputed_table(found, context.sets, context.views)
    if disputed.rows:
        blocks += [Heading(f"Experts disagree{of}"), disputed]
    experts = expert_table(found)
    if experts.rows:
        words = "Marks that lie apart from those of the other experts and were set aside, of the exercises with a reference of this expert."
        blocks += [Heading(f"Outliers among references{of}"), experts, Paragraph(words, Tone.SMALL)]
    return blocks
