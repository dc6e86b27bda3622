CREATE TABLE meta (
	id INTEGER NOT NULL,
	schema_version INTEGER NOT NULL,
	store_id TEXT NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	CONSTRAINT pk_meta PRIMARY KEY (id),
	CONSTRAINT ck_meta_one_row CHECK (id = 1)
)
;;
CREATE TABLE study_entry (
	entry INTEGER NOT NULL,
	uid TEXT NOT NULL,
	saved_at TEXT NOT NULL,
	pseudonym TEXT NOT NULL,
	study_date TEXT NOT NULL,
	region TEXT NOT NULL,
	equipment TEXT NOT NULL,
	CONSTRAINT pk_study_entry PRIMARY KEY (entry)
)
;;
CREATE INDEX ix_study_entry_uid ON study_entry (uid)
;;
CREATE TABLE study (
	entry INTEGER NOT NULL,
	uid TEXT NOT NULL,
	pseudonym TEXT NOT NULL,
	study_date TEXT NOT NULL,
	region TEXT NOT NULL,
	equipment TEXT NOT NULL,
	CONSTRAINT pk_study PRIMARY KEY (entry),
	CONSTRAINT uq_study_uid UNIQUE (uid)
)
;;
CREATE INDEX ix_study_region ON study (region)
;;
CREATE INDEX ix_study_equipment ON study (equipment)
;;
CREATE INDEX ix_study_study_date ON study (study_date)
;;
CREATE TABLE image_entry (
	entry INTEGER NOT NULL,
	saved_at TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	sop_instance_uid TEXT NOT NULL,
	series_uid TEXT NOT NULL,
	rows INTEGER NOT NULL,
	columns INTEGER NOT NULL,
	frames INTEGER NOT NULL,
	modality TEXT NOT NULL,
	"view" TEXT NOT NULL,
	calibration_source TEXT NOT NULL,
	row_mm DOUBLE,
	column_mm DOUBLE,
	relative_error DOUBLE,
	calibration_note TEXT NOT NULL,
	CONSTRAINT pk_image_entry PRIMARY KEY (entry)
)
;;
CREATE INDEX ix_image_entry_study_uid_sop_instance_uid ON image_entry (study_uid, sop_instance_uid)
;;
CREATE TABLE image (
	study_uid TEXT NOT NULL,
	sop_instance_uid TEXT NOT NULL,
	entry INTEGER NOT NULL,
	series_uid TEXT NOT NULL,
	rows INTEGER NOT NULL,
	columns INTEGER NOT NULL,
	frames INTEGER NOT NULL,
	modality TEXT NOT NULL,
	"view" TEXT NOT NULL,
	calibration_source TEXT NOT NULL,
	row_mm DOUBLE,
	column_mm DOUBLE,
	relative_error DOUBLE,
	calibration_note TEXT NOT NULL,
	CONSTRAINT pk_image PRIMARY KEY (study_uid, sop_instance_uid)
)
;;
CREATE INDEX ix_image_sop_instance_uid ON image (sop_instance_uid)
;;
CREATE TABLE tombstone (
	entry INTEGER NOT NULL,
	subject_kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	revisions INTEGER NOT NULL,
	last_hash TEXT NOT NULL,
	purged_at TEXT NOT NULL,
	purged_by TEXT NOT NULL,
	reason TEXT NOT NULL,
	CONSTRAINT pk_tombstone PRIMARY KEY (entry)
)
;;
CREATE INDEX ix_tombstone_subject ON tombstone (subject)
;;
CREATE TABLE grant_entry (
	entry INTEGER NOT NULL,
	login TEXT NOT NULL,
	role TEXT NOT NULL,
	granted INTEGER NOT NULL,
	changed_at TEXT NOT NULL,
	changed_by TEXT NOT NULL,
	CONSTRAINT pk_grant_entry PRIMARY KEY (entry)
)
;;
CREATE TABLE reading (
	entry INTEGER NOT NULL,
	reading_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	reader TEXT NOT NULL,
	purpose TEXT NOT NULL,
	role TEXT NOT NULL,
	started_at TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_reading PRIMARY KEY (entry),
	CONSTRAINT uq_reading_reading_id UNIQUE (reading_id),
	CONSTRAINT fk_reading_study_uid FOREIGN KEY(study_uid) REFERENCES study (uid)
)
;;
CREATE INDEX ix_reading_study_uid_reader_purpose ON reading (study_uid, reader, purpose)
;;
CREATE INDEX ix_reading_reader ON reading (reader)
;;
CREATE TABLE revision (
	reading_id TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	kind TEXT NOT NULL,
	mark_id TEXT NOT NULL,
	sop_instance_uid TEXT NOT NULL,
	frame_number INTEGER NOT NULL,
	cause TEXT NOT NULL,
	action_id TEXT NOT NULL,
	concerns TEXT,
	author TEXT NOT NULL,
	recorded_at TEXT NOT NULL,
	client TEXT NOT NULL,
	content TEXT NOT NULL,
	previous_hash TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_revision PRIMARY KEY (reading_id, sequence),
	CONSTRAINT fk_revision_reading_id FOREIGN KEY(reading_id) REFERENCES reading (reading_id)
)
;;
CREATE INDEX ix_revision_sop_instance_uid_frame_number ON revision (sop_instance_uid, frame_number)
;;
CREATE TABLE head (
	reading_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	hash TEXT NOT NULL,
	submitted INTEGER NOT NULL,
	"plan" TEXT NOT NULL,
	changed_at TEXT NOT NULL,
	CONSTRAINT pk_head PRIMARY KEY (reading_id),
	CONSTRAINT fk_head_reading_id FOREIGN KEY(reading_id) REFERENCES reading (reading_id)
)
;;
CREATE INDEX ix_head_plan ON head ("plan")
;;
CREATE INDEX ix_head_study_uid ON head (study_uid)
;;
CREATE TABLE current_record (
	reading_id TEXT NOT NULL,
	mark_id TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	record_kind TEXT NOT NULL,
	deleted INTEGER NOT NULL,
	CONSTRAINT pk_current_record PRIMARY KEY (reading_id, mark_id),
	CONSTRAINT fk_current_record_reading_id FOREIGN KEY(reading_id) REFERENCES reading (reading_id)
)
;;
CREATE INDEX ix_current_record_facts_of_reading ON current_record (reading_id, record_kind) WHERE record_kind IN ('plan_choice', 'submission')
;;
CREATE TRIGGER study_entry_update BEFORE UPDATE ON study_entry
        BEGIN SELECT RAISE(ABORT, 'study_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER image_entry_update BEFORE UPDATE ON image_entry
        BEGIN SELECT RAISE(ABORT, 'image_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER reading_update BEFORE UPDATE ON reading
        BEGIN SELECT RAISE(ABORT, 'reading rows are never changed or deleted'); END
;;
CREATE TRIGGER revision_update BEFORE UPDATE ON revision
        BEGIN SELECT RAISE(ABORT, 'revision rows are never changed or deleted'); END
;;
CREATE TRIGGER tombstone_update BEFORE UPDATE ON tombstone
        BEGIN SELECT RAISE(ABORT, 'tombstone rows are never changed or deleted'); END
;;
CREATE TRIGGER grant_entry_update BEFORE UPDATE ON grant_entry
        BEGIN SELECT RAISE(ABORT, 'grant_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER study_entry_delete BEFORE DELETE ON study_entry
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE subject_kind = 'study' AND subject = OLD.uid)
        BEGIN SELECT RAISE(ABORT, 'study_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER image_entry_delete BEFORE DELETE ON image_entry
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE subject_kind = 'study' AND subject = OLD.study_uid)
        BEGIN SELECT RAISE(ABORT, 'image_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER reading_delete BEFORE DELETE ON reading
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE subject_kind = 'reading' AND subject = OLD.reading_id)
        BEGIN SELECT RAISE(ABORT, 'reading rows are never changed or deleted'); END
;;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE subject_kind = 'reading' AND subject = OLD.reading_id)
        BEGIN SELECT RAISE(ABORT, 'revision rows are never changed or deleted'); END
;;
CREATE TRIGGER tombstone_delete BEFORE DELETE ON tombstone
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'tombstone rows are never changed or deleted'); END
;;
CREATE TRIGGER grant_entry_delete BEFORE DELETE ON grant_entry
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'grant_entry rows are never changed or deleted'); END
;;
CREATE TRIGGER study_entry_insert BEFORE INSERT ON study_entry
        WHEN EXISTS (SELECT 1 FROM study_entry WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'study_entry rows are never replaced'); END
;;
CREATE TRIGGER image_entry_insert BEFORE INSERT ON image_entry
        WHEN EXISTS (SELECT 1 FROM image_entry WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'image_entry rows are never replaced'); END
;;
CREATE TRIGGER tombstone_insert BEFORE INSERT ON tombstone
        WHEN EXISTS (SELECT 1 FROM tombstone WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'tombstone rows are never replaced'); END
;;
CREATE TRIGGER grant_entry_insert BEFORE INSERT ON grant_entry
        WHEN EXISTS (SELECT 1 FROM grant_entry WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'grant_entry rows are never replaced'); END
;;
CREATE TRIGGER reading_insert BEFORE INSERT ON reading
        WHEN EXISTS (SELECT 1 FROM reading WHERE reading_id = NEW.reading_id OR entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'reading rows are never replaced'); END
;;
CREATE TRIGGER revision_insert BEFORE INSERT ON revision
    WHEN NEW.sequence IS NOT 1 + (
        SELECT coalesce(max(sequence), 0) FROM revision WHERE reading_id = NEW.reading_id)
    OR EXISTS (SELECT 1 FROM revision WHERE rowid = NEW.rowid)
    BEGIN SELECT RAISE(ABORT, 'revisions of a reading are numbered without gaps'); END
;;
CREATE TRIGGER study_entry_added AFTER INSERT ON study_entry BEGIN
        INSERT INTO study (entry, uid, "pseudonym", "study_date", "region", "equipment") VALUES (NEW.entry, NEW.uid, NEW."pseudonym", NEW."study_date", NEW."region", NEW."equipment")
        ON CONFLICT (uid) DO UPDATE SET "pseudonym" = excluded."pseudonym", "study_date" = excluded."study_date", "region" = excluded."region", "equipment" = excluded."equipment"; END
;;
CREATE TRIGGER image_entry_added AFTER INSERT ON image_entry BEGIN
        INSERT INTO image (entry, study_uid, sop_instance_uid, "series_uid", "rows", "columns", "frames", "modality", "view", "calibration_source", "row_mm", "column_mm", "relative_error", "calibration_note") VALUES (NEW.entry, NEW.study_uid, NEW.sop_instance_uid, NEW."series_uid", NEW."rows", NEW."columns", NEW."frames", NEW."modality", NEW."view", NEW."calibration_source", NEW."row_mm", NEW."column_mm", NEW."relative_error", NEW."calibration_note")
        ON CONFLICT (study_uid, sop_instance_uid) DO UPDATE SET "series_uid" = excluded."series_uid", "rows" = excluded."rows", "columns" = excluded."columns", "frames" = excluded."frames", "modality" = excluded."modality", "view" = excluded."view", "calibration_source" = excluded."calibration_source", "row_mm" = excluded."row_mm", "column_mm" = excluded."column_mm", "relative_error" = excluded."relative_error", "calibration_note" = excluded."calibration_note"; END
;;
CREATE TRIGGER reading_added AFTER INSERT ON reading BEGIN
    INSERT INTO head (reading_id, study_uid, sequence, hash, submitted, plan, changed_at)
    VALUES (NEW.reading_id, NEW.study_uid, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, '', NEW.started_at); END
