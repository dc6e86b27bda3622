"""The tables of a store by their names, for statements, and their version."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from fluoro_annotator.store import models, practice_models

SCHEMA_VERSION = 3
"""Version of the tables. A change of anything in them needs a new one, and a migration."""


def _table(model: type[models.Base]) -> Table:
    return cast("Table", model.__table__)


meta = _table(models.MetaRow)
study_entry = _table(models.StudyEntry)
study = _table(models.StudyRow)
image_entry = _table(models.ImageEntry)
image = _table(models.ImageRow)
reading = _table(models.ReadingRow)
revision = _table(models.RevisionRow)
head = _table(models.HeadRow)
current = _table(models.CurrentRow)
tombstone = _table(models.TombstoneRow)
grant = _table(models.GrantRow)

practice_set = _table(practice_models.PracticeSetRow)
practice_exercise = _table(practice_models.PracticeExerciseRow)
practice_key = _table(practice_models.PracticeKeyRow)
practice_answer = _table(practice_models.PracticeAnswerRow)
practice_score = _table(practice_models.PracticeScoreRow)
practice_assignment = _table(practice_models.PracticeAssignmentRow)
