"""The tables of a store by their names, for statements, and their version."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from fluoro_annotator.store import models

SCHEMA_VERSION = 2
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
