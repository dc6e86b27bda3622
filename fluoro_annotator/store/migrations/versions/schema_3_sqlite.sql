CREATE TABLE practice_set (
	entry INTEGER NOT NULL,
	set_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	title TEXT NOT NULL,
	author TEXT NOT NULL,
	published_at TEXT NOT NULL,
	content TEXT NOT NULL,
	withdrawn INTEGER NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_set PRIMARY KEY (entry),
	CONSTRAINT uq_practice_set_set_id_version UNIQUE (set_id, version)
)
;;
CREATE TABLE practice_assignment (
	entry INTEGER NOT NULL,
	set_id TEXT NOT NULL,
	trainee TEXT NOT NULL,
	assigned_by TEXT NOT NULL,
	assigned_at TEXT NOT NULL,
	due TEXT NOT NULL,
	withdrawn INTEGER NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_assignment PRIMARY KEY (entry)
)
;;
CREATE TABLE practice_exercise (
	entry INTEGER NOT NULL,
	set_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	exercise_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	key_hash TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_exercise PRIMARY KEY (entry),
	CONSTRAINT uq_practice_exercise_set_id_version_exercise_id UNIQUE (set_id, version, exercise_id),
	CONSTRAINT fk_practice_exercise_set_id_version FOREIGN KEY(set_id, version) REFERENCES practice_set (set_id, version)
)
;;
CREATE TABLE practice_key (
	set_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	exercise_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	content TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_key PRIMARY KEY (set_id, version, exercise_id),
	CONSTRAINT fk_practice_key_set_id_version_exercise_id FOREIGN KEY(set_id, version, exercise_id) REFERENCES practice_exercise (set_id, version, exercise_id)
)
;;
CREATE TABLE practice_answer (
	entry INTEGER NOT NULL,
	answer_id TEXT NOT NULL,
	set_id TEXT NOT NULL,
	set_version INTEGER NOT NULL,
	exercise_id TEXT NOT NULL,
	trainee TEXT NOT NULL,
	presented_at TEXT NOT NULL,
	committed_at TEXT NOT NULL,
	client TEXT NOT NULL,
	content TEXT NOT NULL,
	hash TEXT NOT NULL,
	kept_at TEXT NOT NULL,
	CONSTRAINT pk_practice_answer PRIMARY KEY (entry),
	CONSTRAINT fk_practice_answer_set_id_set_version_exercise_id FOREIGN KEY(set_id, set_version, exercise_id) REFERENCES practice_exercise (set_id, version, exercise_id),
	CONSTRAINT uq_practice_answer_answer_id UNIQUE (answer_id)
)
;;
CREATE TABLE practice_score (
	entry INTEGER NOT NULL,
	answer_id TEXT NOT NULL,
	outcome TEXT NOT NULL,
	success INTEGER,
	critical INTEGER NOT NULL,
	cause TEXT NOT NULL,
	scored_at TEXT NOT NULL,
	scored_by TEXT NOT NULL,
	content TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_score PRIMARY KEY (entry),
	CONSTRAINT uq_practice_score_answer_id_hash UNIQUE (answer_id, hash),
	CONSTRAINT fk_practice_score_answer_id FOREIGN KEY(answer_id) REFERENCES practice_answer (answer_id)
)
;;
CREATE INDEX ix_practice_assignment_set_id_trainee ON practice_assignment (set_id, trainee)
;;
CREATE INDEX ix_practice_assignment_trainee ON practice_assignment (trainee)
;;
CREATE INDEX ix_practice_key_study_uid ON practice_key (study_uid)
;;
CREATE INDEX ix_practice_answer_trainee ON practice_answer (trainee)
;;
CREATE INDEX ix_practice_answer_set_id_set_version_exercise_id_trainee ON practice_answer (set_id, set_version, exercise_id, trainee)
;;
CREATE TRIGGER practice_set_update BEFORE UPDATE ON practice_set
        BEGIN SELECT RAISE(ABORT, 'practice_set rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_exercise_update BEFORE UPDATE ON practice_exercise
        BEGIN SELECT RAISE(ABORT, 'practice_exercise rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_key_update BEFORE UPDATE ON practice_key
        BEGIN SELECT RAISE(ABORT, 'practice_key rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_answer_update BEFORE UPDATE ON practice_answer
        BEGIN SELECT RAISE(ABORT, 'practice_answer rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_score_update BEFORE UPDATE ON practice_score
        BEGIN SELECT RAISE(ABORT, 'practice_score rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_assignment_update BEFORE UPDATE ON practice_assignment
        BEGIN SELECT RAISE(ABORT, 'practice_assignment rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_set_delete BEFORE DELETE ON practice_set
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'practice_set rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_exercise_delete BEFORE DELETE ON practice_exercise
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'practice_exercise rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_key_delete BEFORE DELETE ON practice_key
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE subject_kind = 'study' AND subject = OLD.study_uid)
        BEGIN SELECT RAISE(ABORT, 'practice_key rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_answer_delete BEFORE DELETE ON practice_answer
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'practice_answer rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_score_delete BEFORE DELETE ON practice_score
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'practice_score rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_assignment_delete BEFORE DELETE ON practice_assignment
        WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE 0)
        BEGIN SELECT RAISE(ABORT, 'practice_assignment rows are never changed or deleted'); END
;;
CREATE TRIGGER practice_set_insert BEFORE INSERT ON practice_set
        WHEN EXISTS (SELECT 1 FROM practice_set WHERE entry = NEW.entry OR (set_id = NEW.set_id AND version = NEW.version))
        BEGIN SELECT RAISE(ABORT, 'practice_set rows are never replaced'); END
;;
CREATE TRIGGER practice_exercise_insert BEFORE INSERT ON practice_exercise
        WHEN EXISTS (SELECT 1 FROM practice_exercise WHERE entry = NEW.entry OR (set_id = NEW.set_id AND version = NEW.version AND exercise_id = NEW.exercise_id))
        BEGIN SELECT RAISE(ABORT, 'practice_exercise rows are never replaced'); END
;;
CREATE TRIGGER practice_key_insert BEFORE INSERT ON practice_key
        WHEN EXISTS (SELECT 1 FROM practice_key WHERE rowid = NEW.rowid OR (set_id = NEW.set_id AND version = NEW.version AND exercise_id = NEW.exercise_id))
        BEGIN SELECT RAISE(ABORT, 'practice_key rows are never replaced'); END
;;
CREATE TRIGGER practice_answer_insert BEFORE INSERT ON practice_answer
        WHEN EXISTS (SELECT 1 FROM practice_answer WHERE entry = NEW.entry OR answer_id = NEW.answer_id)
        BEGIN SELECT RAISE(ABORT, 'practice_answer rows are never replaced'); END
;;
CREATE TRIGGER practice_score_insert BEFORE INSERT ON practice_score
        WHEN EXISTS (SELECT 1 FROM practice_score WHERE entry = NEW.entry OR (answer_id = NEW.answer_id AND hash = NEW.hash))
        BEGIN SELECT RAISE(ABORT, 'practice_score rows are never replaced'); END
;;
CREATE TRIGGER practice_assignment_insert BEFORE INSERT ON practice_assignment
        WHEN EXISTS (SELECT 1 FROM practice_assignment WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'practice_assignment rows are never replaced'); END
