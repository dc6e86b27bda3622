"""One of several programs that write into one store at once.

Usage: colleagues.py PLACE NAME MARKS FOLDER. Half of the marks go into a reading of its own, half into one
that all share. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from values import STUDY, draft

from fluoro_annotator.marks import Reading
from fluoro_annotator.store import StoreRecorder, open_store


def main(place: str, name: str, marks: int, folder: Path) -> dict[str, object]:
    """Write marks as quickly as the store takes them."""
    met, troubles, waits = [], [], []
    with open_store(place) as store:
        store.save_study(STUDY)
        own = store.begin(Reading(study_uid=STUDY.uid, reader=name)).reading_id
        shared = store.begin(Reading(study_uid=STUDY.uid, reader="Everybody"))
        recorder = StoreRecorder(store, shared, after=0, study=STUDY, rescue_folder=folder / name)
        recorder.merged.connect(lambda drafts, _keep: met.extend(drafts))
        recorder.state_changed.connect(
            lambda state: troubles.append(state.problem) if state.problem else None
        )
        for number in range(marks // 2):
            started = time.perf_counter()
            store.append(own, [draft(number, name)], after=number)
            waits.append(time.perf_counter() - started)
            recorder.record([draft(number, name)])
        recorder.close()
    return {
        "own": own,
        "shared": shared.reading_id,
        "met": len(met),
        "troubles": troubles,
        "longest": max(waits),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))))
