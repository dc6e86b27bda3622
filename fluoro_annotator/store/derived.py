"""What follows from the revisions: the present state of each record and the end of each reading.

SQLite is told to bring these tables up to date by the statements here, in the transaction that adds
revisions; a server does so by itself. Both derive the same, and verifying derives it once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from fluoro_annotator.marks import MarkKind, Revision
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store.models import FACTS_OF_READING

HEAD_KINDS = frozenset({MarkKind.PLAN_CHOICE, MarkKind.SUBMISSION})

# SQLite takes the other columns from the row in which max() was found
CURRENT = """
    SELECT reading_id, mark_id, max(sequence) AS sequence,
        json_extract(content, '$.kind') AS record_kind, kind = 'delete' AS deleted
    FROM revision WHERE reading_id = :reading_id AND sequence > :after
    GROUP BY reading_id, mark_id"""

TAKE_CURRENT = text(
    f"""INSERT INTO current_record (reading_id, mark_id, sequence, record_kind, deleted) {CURRENT}
    ON CONFLICT (reading_id, mark_id) DO UPDATE SET
    sequence = excluded.sequence, record_kind = excluded.record_kind, deleted = excluded.deleted"""  # own texts
)

TAKE_HEAD = text(
    "UPDATE head SET sequence = :sequence, hash = :hash, changed_at = :changed_at WHERE reading_id = :reading_id"
)

TAKE_FACTS = text(
    f"""UPDATE head SET
    submitted = EXISTS (SELECT 1 FROM current_record c WHERE c.reading_id = head.reading_id
        AND {FACTS_OF_READING} AND record_kind = 'submission' AND NOT deleted),
    plan = coalesce((SELECT json_extract(r.content, '$.protocol_id')
        FROM current_record c JOIN revision r ON r.reading_id = c.reading_id AND r.sequence = c.sequence
        WHERE c.reading_id = head.reading_id AND {FACTS_OF_READING} AND c.record_kind = 'plan_choice'
        AND NOT c.deleted ORDER BY c.sequence DESC LIMIT 1), '')
    WHERE reading_id = :reading_id"""  # noqa: S608  # own texts
)


def take(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Bring the derived tables up to date after revisions of one reading were added.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A transaction on SQLite.
    revisions : sequence of Revision
        The new revisions, oldest first, at least one.

    """
    first, last = revisions[0], revisions[-1]
    reading = {"reading_id": last.reading_id}
    connection.execute(TAKE_CURRENT, reading | {"after": first.sequence - 1})
    end = {"sequence": last.sequence, "hash": last.hash, "changed_at": time_to_text(last.draft.recorded_at)}
    connection.execute(TAKE_HEAD, reading | end)
    if any(revision.draft.mark.kind in HEAD_KINDS for revision in revisions):
        connection.execute(TAKE_FACTS, reading)
