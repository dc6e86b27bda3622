"""What ``practice results`` and ``practice report`` do: answers of a store as tables, CSV and reports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fluoro_annotator.cli.screen import Table, say, show, tell
from fluoro_annotator.cli.stores import counted, existing, place_of
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.exchange.files import encoded, write_atomically
from fluoro_annotator.marks.revisions import utc_now
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.reporting import Document, html_text, pdf_bytes
from fluoro_annotator.statistics import Median
from fluoro_annotator.store import KeptAnswer
from fluoro_annotator.training.report import (
    Context,
    attending_report,
    context_of,
    tracks_with,
    trainee_report,
)
from fluoro_annotator.training.report_tables import chart_state
from fluoro_annotator.training.results_csv import results_csv
from fluoro_annotator.training.scored import ScoredAnswer, scored_answers
from fluoro_annotator.training.shelf import load_sets
from fluoro_annotator.training.summary import Summary, compare

STANDARD_STREAM = "-"

WRITERS: dict[str, Callable[[Document], bytes]] = {
    ".html": lambda document: encoded(html_text(document)),
    ".pdf": pdf_bytes,
}
"""What makes a report, by the ending of its file."""

SHOWN: dict[str, Callable[[Summary], str]] = {
    "trainee": lambda one: one.trainee,
    "on target": lambda one: one.progress.on_target.text,
    "first answers": lambda one: one.tally.first_time.text,
    "latest": lambda one: one.progress.latest.text,
    "critical in latest": lambda one: str(one.progress.critical),
    "control chart": lambda one: chart_state(one.progress.chart),
    "not assessable": lambda one: str(one.progress.not_assessable),
    "median distance": lambda one: _distances(one.tally.distances.values()),
}
"""Headings of the table of results, and what stands in them."""


def show_results(given: str | None, *, set_id: str | None, trainee: str | None) -> None:
    """Print how each trainee does, one table for each protocol.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    set_id, trainee : str or None
        Only answers to this set and of this trainee.

    """
    kept, context = _kept(given, set_id, trainee)
    answers = _scored(kept)
    for track, own in tracks_with(answers, context):
        found = compare(own, track.rule)
        rows = [tuple(cell(one) for cell in SHOWN.values()) for one in found.trainees]
        show(Table(f"{track.title}: latest {track.rule.last} answers", tuple(SHOWN), rows))
        for one in found.trainees:
            tell(f"{one.trainee}: {' '.join(one.progress.lacking) or 'nothing is lacking by the pass rule.'}")
        tell(f"Pass rule: {track.rule.text}")
    tell("Intervals: Wilson, 95 %. These numbers say nothing about competence to treat patients.")


def write_results(
    given: str | None, output: str, *, set_id: str | None, trainee: str | None, force: bool
) -> None:
    """Write every answer with all of its scores as CSV.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    output : str
        The file, or ``-``.
    set_id, trainee : str or None
        Only answers to this set and of this trainee.
    force : bool
        Whether a file that exists may be replaced.

    """
    kept, _ = _kept(given, set_id, trainee)
    content = encoded(results_csv(kept))
    if output == STANDARD_STREAM:
        sys.stdout.buffer.write(content)
        return
    write_atomically(Path(output), content, overwrite=force)
    scores = sum(len(one.scores) for one in kept)
    say(f"Wrote {counted(len(kept), 'answer')} with {counted(scores, 'score')} to {output}.")


def write_report(
    given: str | None, output: Path, *, set_id: str | None, trainee: str | None, force: bool
) -> None:
    """Write the report for a trainee, or across trainees.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    output : pathlib.Path
        The file; its ending says whether it becomes HTML or PDF.
    set_id, trainee : str or None
        Only answers to this set; for this trainee, or None for all.
    force : bool
        Whether a file that exists may be replaced.

    """
    kept, context = _kept(given, set_id, trainee)
    answers = _scored(kept)
    document = attending_report(answers, context) if trainee is None else trainee_report(answers, context)
    write_atomically(output, WRITERS[output.suffix.lower()](document), overwrite=force)
    say(f"Wrote a report of {counted(len(answers), 'answer')} to {output}.")


def _kept(
    given: str | None, set_id: str | None, trainee: str | None
) -> tuple[tuple[KeptAnswer, ...], Context]:
    place = place_of(given)
    with existing(place) as store:
        kept = store.practice.answers(set_id=set_id, trainee=trainee)
        shelf = load_sets(store.practice)
    if not kept:
        raise TrainingError(
            place.shown, "holds no answer of that choice", "Check the teaching set and the trainee's name."
        )
    for refused in shelf.refused:
        say(str(refused.error))
    return kept, context_of(shelf, load_protocols(), utc_now())


def _scored(kept: Sequence[KeptAnswer]) -> tuple[ScoredAnswer, ...]:
    """Return the answers that have a score, and say how many have none."""
    answers = scored_answers(kept)
    waiting = len(kept) - len(answers)
    if waiting:
        say(
            f"{counted(waiting, 'answer')} without a score yet: counted nowhere, and scored when the trainee opens practice again."
        )
    return answers


def _distances(found: Iterable[Median]) -> str:
    """Return medians with and without a scale, each with its number of marks."""
    return "; ".join(f"{one.value:.1f} {one.unit} of {one.trials}" for one in found)
