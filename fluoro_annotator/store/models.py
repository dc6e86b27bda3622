"""The tables of a store, as typed models; the same on every engine.

What readers say is only ever added: `StudyEntry`, `ImageEntry`, `ReadingRow`, `RevisionRow`,
`TombstoneRow`, `GrantRow`. What follows from it is kept up to date in the transaction that adds:
`StudyRow` and `ImageRow` hold the last facts of each study and image, `HeadRow` the end of each
reading, `CurrentRow` the present state of each record. Whatever is derived can be made again.

Times are ISO 8601 texts in UTC with milliseconds, as they stand in the hash of a revision.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up; SQLite does so for INTEGER only."""

FACTS_OF_READING = "record_kind IN ('plan_choice', 'submission')"
"""The records that the head of a reading is made from."""


class Base(DeclarativeBase):
    """What all tables have in common."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text(), str | None: Text()}  # noqa: RUF012  # SQLAlchemy reads it so


class MetaRow(Base):
    """The one row that says what this store is."""

    __tablename__ = "meta"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schema_version: Mapped[int]
    store_id: Mapped[str]
    created_at: Mapped[str]
    created_by: Mapped[str]


class StudyFactColumns:
    """What is known of a study besides its images; nothing that names the patient."""

    pseudonym: Mapped[str]
    study_date: Mapped[str]
    region: Mapped[str]
    equipment: Mapped[str]


class ImageFactColumns:
    """What is known of an image."""

    study_uid: Mapped[str]
    sop_instance_uid: Mapped[str]
    series_uid: Mapped[str]
    rows: Mapped[int]
    columns: Mapped[int]
    frames: Mapped[int]
    modality: Mapped[str]
    view: Mapped[str]
    calibration_source: Mapped[str]
    row_mm: Mapped[float | None]
    column_mm: Mapped[float | None]
    relative_error: Mapped[float | None]
    calibration_note: Mapped[str]


class StudyEntry(StudyFactColumns, Base):
    """Facts of a study as they were saved once; later entries win."""

    __tablename__ = "study_entry"
    __table_args__ = (Index(None, "uid"),)

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    uid: Mapped[str]
    saved_at: Mapped[str]


class StudyRow(StudyFactColumns, Base):
    """The present facts of a study; derived."""

    __tablename__ = "study"
    __table_args__ = (Index(None, "region"), Index(None, "study_date"), Index(None, "equipment"))

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    """Number of the first entry of the study: studies are listed in this order."""
    uid: Mapped[str] = mapped_column(unique=True)


class ImageEntry(ImageFactColumns, Base):
    """Facts of an image as they were saved once; later entries win."""

    __tablename__ = "image_entry"
    __table_args__ = (Index(None, "study_uid", "sop_instance_uid"),)

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    saved_at: Mapped[str]


class ImageRow(ImageFactColumns, Base):
    """The present facts of an image; derived."""

    __tablename__ = "image"

    study_uid: Mapped[str] = mapped_column(primary_key=True)
    sop_instance_uid: Mapped[str] = mapped_column(primary_key=True, index=True)
    entry: Mapped[int] = mapped_column(NUMBER)
    """Number of the first entry of the image: images of a study are listed in this order."""


class ReadingRow(Base):
    """A reading: who reads which study, and what for."""

    __tablename__ = "reading"
    __table_args__ = (Index(None, "study_uid", "reader", "purpose"), Index(None, "reader"))

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    reading_id: Mapped[str] = mapped_column(unique=True)
    study_uid: Mapped[str] = mapped_column(ForeignKey("study.uid"))
    reader: Mapped[str]
    purpose: Mapped[str]
    role: Mapped[str]
    started_at: Mapped[str]
    hash: Mapped[str]
    """SHA-256 of the facts of the reading, so that a change of them is found."""


class RevisionRow(Base):
    """A change of a reading."""

    __tablename__ = "revision"
    __table_args__ = (Index(None, "sop_instance_uid", "frame_number"),)

    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.reading_id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    mark_id: Mapped[str]
    sop_instance_uid: Mapped[str]
    frame_number: Mapped[int]
    cause: Mapped[str]
    action_id: Mapped[str]
    concerns: Mapped[str | None]
    author: Mapped[str]
    recorded_at: Mapped[str]
    client: Mapped[str]
    content: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class HeadRow(Base):
    """Where a reading ends at present; derived."""

    __tablename__ = "head"
    __table_args__ = (Index(None, "study_uid"), Index(None, "plan"))

    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.reading_id"), primary_key=True)
    study_uid: Mapped[str]
    sequence: Mapped[int]
    hash: Mapped[str]
    submitted: Mapped[int]
    """1 once the reader has submitted the reading, otherwise 0."""
    plan: Mapped[str]
    """Identifier of the protocol that was chosen last, empty if none was."""
    changed_at: Mapped[str]


class CurrentRow(Base):
    """The present state of a record of a reading; derived."""

    __tablename__ = "current_record"
    __table_args__ = (
        Index(
            "ix_current_record_facts_of_reading",
            "reading_id",
            "record_kind",
            sqlite_where=text(FACTS_OF_READING),
            postgresql_where=text(FACTS_OF_READING),
        ),
    )

    reading_id: Mapped[str] = mapped_column(ForeignKey("reading.reading_id"), primary_key=True)
    mark_id: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    """Number of its last revision."""
    record_kind: Mapped[str]
    deleted: Mapped[int]


class TombstoneRow(Base):
    """What stands in place of a reading or a study that was purged."""

    __tablename__ = "tombstone"
    __table_args__ = (Index(None, "subject"),)

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    subject_kind: Mapped[str]
    """"reading" or "study"."""
    subject: Mapped[str]
    """Identifier of the reading, or Study Instance UID."""
    study_uid: Mapped[str]
    revisions: Mapped[int]
    last_hash: Mapped[str]
    purged_at: Mapped[str]
    purged_by: Mapped[str]
    reason: Mapped[str]


class GrantRow(Base):
    """Who was given which role or lost it, and by whom; only servers have roles."""

    __tablename__ = "grant_entry"

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    login: Mapped[str]
    role: Mapped[str]
    granted: Mapped[int]
    """1 for a grant, 0 for a revocation."""
    changed_at: Mapped[str]
    changed_by: Mapped[str]
