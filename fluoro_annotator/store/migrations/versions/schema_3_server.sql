-- The tables, functions and rights that version 3 added to a store on a server, as they were released.

CREATE TABLE practice_set (
	entry BIGSERIAL NOT NULL,
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
);

CREATE TABLE practice_exercise (
	entry BIGSERIAL NOT NULL,
	set_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	exercise_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	key_hash TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_exercise PRIMARY KEY (entry),
	CONSTRAINT uq_practice_exercise_set_id_version_exercise_id UNIQUE (set_id, version, exercise_id),
	CONSTRAINT fk_practice_exercise_set_id_version FOREIGN KEY(set_id, version) REFERENCES practice_set (set_id, version)
);

CREATE TABLE practice_key (
	set_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	exercise_id TEXT NOT NULL,
	study_uid TEXT NOT NULL,
	content TEXT NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_key PRIMARY KEY (set_id, version, exercise_id),
	CONSTRAINT fk_practice_key_set_id_version_exercise_id FOREIGN KEY(set_id, version, exercise_id) REFERENCES practice_exercise (set_id, version, exercise_id)
);

CREATE INDEX ix_practice_key_study_uid ON practice_key (study_uid);

CREATE TABLE practice_answer (
	entry BIGSERIAL NOT NULL,
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
);

CREATE INDEX ix_practice_answer_set_id_set_version_exercise_id_trainee ON practice_answer (set_id, set_version, exercise_id, trainee);

CREATE INDEX ix_practice_answer_trainee ON practice_answer (trainee);

CREATE TABLE practice_score (
	entry BIGSERIAL NOT NULL,
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
);

CREATE TABLE practice_assignment (
	entry BIGSERIAL NOT NULL,
	set_id TEXT NOT NULL,
	trainee TEXT NOT NULL,
	assigned_by TEXT NOT NULL,
	assigned_at TEXT NOT NULL,
	due TEXT NOT NULL,
	withdrawn INTEGER NOT NULL,
	hash TEXT NOT NULL,
	CONSTRAINT pk_practice_assignment PRIMARY KEY (entry)
);

CREATE INDEX ix_practice_assignment_set_id_trainee ON practice_assignment (set_id, trainee);

CREATE INDEX ix_practice_assignment_trainee ON practice_assignment (trainee);

CREATE OR REPLACE FUNCTION purge_study(uid text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kept text;
    lost bigint;
BEGIN
    PERFORM require_administrator();
    IF btrim(coalesce(reason, '')) = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'FA004', MESSAGE = 'a reason has to be given';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(purge_study.uid, 0));
    PERFORM FROM study WHERE study.uid = purge_study.uid FOR UPDATE;
    IF NOT FOUND AND NOT EXISTS (SELECT FROM practice_key WHERE study_uid = purge_study.uid) THEN
        RAISE EXCEPTION USING ERRCODE = 'FA006', MESSAGE = format('there is no study %s', purge_study.uid);
    END IF;
    SELECT coalesce(sum(sequence), 0) INTO lost FROM head WHERE study_uid = purge_study.uid;
    FOR kept IN
        SELECT reading.reading_id FROM reading WHERE reading.study_uid = purge_study.uid ORDER BY reading.entry
    LOOP
        PERFORM purge_reading(kept, purge_study.reason);
    END LOOP;
    INSERT INTO tombstone (
        subject_kind, subject, study_uid, revisions, last_hash, purged_at, purged_by, reason)
    VALUES (
        'study', purge_study.uid, purge_study.uid, lost, repeat('0', 64),
        present_time(), session_user, purge_study.reason);
    DELETE FROM practice_key WHERE practice_key.study_uid = purge_study.uid;
    DELETE FROM image WHERE image.study_uid = purge_study.uid;
    DELETE FROM image_entry WHERE image_entry.study_uid = purge_study.uid;
    DELETE FROM study WHERE study.uid = purge_study.uid;
    DELETE FROM study_entry WHERE study_entry.uid = purge_study.uid;
END $$;

-- Practice: teaching sets with their keys apart from their questions, answers, scores and assignments.
-- The database itself keeps the key of an exercise back until the answer of that very person is committed.

-- ------------------------------------------------------------------ what can be kept

-- When the server took an answer, and in which transaction. Nobody but the owner of the tables, who takes over
-- answers from another store, chooses them: there is no right to write these columns.
ALTER TABLE practice_answer
    ALTER COLUMN kept_at SET DEFAULT present_time(),
    ADD COLUMN taken_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION is_name(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT value = btrim(value) AND char_length(value) BETWEEN 1 AND 64 AND public.is_plain(value)
$$;

CREATE FUNCTION is_hash(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT value ~ '^[0-9a-f]{64}$'
$$;

CREATE FUNCTION is_object(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT json_typeof(value::json) = 'object'
$$;

ALTER TABLE practice_set
    ADD CONSTRAINT practice_set_can_be_read CHECK (
        set_id <> '' AND title <> '' AND is_plain(set_id || title)
        AND version >= 1 AND withdrawn IN (0, 1)
        AND is_name(author) AND is_time(published_at) AND is_object(content) AND is_hash(hash)
    );
ALTER TABLE practice_exercise
    ADD CONSTRAINT practice_exercise_can_be_read CHECK (
        exercise_id <> '' AND study_uid <> '' AND is_plain(exercise_id || study_uid)
        AND is_hash(key_hash) AND is_hash(hash)
    );
ALTER TABLE practice_key
    ADD CONSTRAINT practice_key_can_be_read CHECK (is_object(content) AND is_hash(hash));
ALTER TABLE practice_answer
    ADD CONSTRAINT practice_answer_can_be_read CHECK (
        answer_id <> '' AND is_plain(answer_id || client)
        AND is_name(trainee) AND is_time(presented_at) AND is_time(committed_at) AND is_time(kept_at)
        AND is_object(content) AND is_hash(hash)
    );
ALTER TABLE practice_score
    ADD CONSTRAINT practice_score_can_be_read CHECK (
        outcome <> '' AND cause <> '' AND is_plain(outcome || cause)
        AND success IN (0, 1) AND critical IN (0, 1)
        AND is_name(scored_by) AND is_time(scored_at) AND is_object(content) AND is_hash(hash)
    );
ALTER TABLE practice_assignment
    ADD CONSTRAINT practice_assignment_can_be_read CHECK (
        is_name(trainee) AND is_name(assigned_by) AND is_time(assigned_at)
        AND (due = '' OR is_day(due)) AND withdrawn IN (0, 1) AND is_hash(hash)
    );

-- ------------------------------------------------------------------ what was kept stays

CREATE TRIGGER practice_set_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_set
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_exercise_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_exercise
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_key_never_changes BEFORE UPDATE OR TRUNCATE ON practice_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_answer_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_score_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_score
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_assignment_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON practice_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER practice_key_deleted BEFORE DELETE ON practice_key
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_without_tombstone('study', 'study_uid');

-- A version is published as a whole: its exercises in the transaction of the version, their keys in that of
-- the exercises. Nobody adds to it afterwards.
CREATE FUNCTION refuse_late_exercise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM practice_set AS s
    WHERE s.set_id = NEW.set_id AND s.version = NEW.version AND s.xmin = pg_current_xact_id()::xid;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA009',
            MESSAGE = format('version %s of teaching set %s is not being published', NEW.version, NEW.set_id);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_late_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM practice_exercise AS e
    WHERE e.set_id = NEW.set_id AND e.version = NEW.version AND e.exercise_id = NEW.exercise_id
        AND e.study_uid = NEW.study_uid AND e.key_hash = NEW.hash AND e.xmin = pg_current_xact_id()::xid;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA009',
            MESSAGE = format('exercise %s is not being published with this key', NEW.exercise_id);
    END IF;
    RETURN NEW;
END $$;

-- Answers and scores get their numbers one transaction after the other, so that whoever has seen one never finds
-- a lower one later.
CREATE FUNCTION take_turn_with_answers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('answers of practice', 0));
    RETURN NULL;
END $$;

-- A first score is the first one.
CREATE FUNCTION refuse_second_first_score() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.cause = 'first' AND EXISTS (SELECT FROM practice_score AS s WHERE s.answer_id = NEW.answer_id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA010', MESSAGE = format('answer %s has been scored already', NEW.answer_id);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER practice_exercise_added BEFORE INSERT ON practice_exercise
    FOR EACH ROW EXECUTE FUNCTION refuse_late_exercise();
CREATE TRIGGER practice_key_added BEFORE INSERT ON practice_key
    FOR EACH ROW EXECUTE FUNCTION refuse_late_key();
CREATE TRIGGER practice_answer_numbered BEFORE INSERT ON practice_answer
    FOR EACH STATEMENT EXECUTE FUNCTION take_turn_with_answers();
CREATE TRIGGER practice_score_numbered BEFORE INSERT ON practice_score
    FOR EACH STATEMENT EXECUTE FUNCTION take_turn_with_answers();
CREATE TRIGGER practice_score_added BEFORE INSERT ON practice_score
    FOR EACH ROW EXECUTE FUNCTION refuse_second_first_score();

-- ------------------------------------------------------------------ who may see and add what

ALTER TABLE practice_set ENABLE ROW LEVEL SECURITY;
ALTER TABLE practice_exercise ENABLE ROW LEVEL SECURITY;
ALTER TABLE practice_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE practice_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE practice_score ENABLE ROW LEVEL SECURITY;
ALTER TABLE practice_assignment ENABLE ROW LEVEL SECURITY;

-- Questions are there for everybody. Attendings publish, under their own name.
CREATE POLICY practice_set_seen ON practice_set FOR SELECT USING (true);
CREATE POLICY practice_set_published ON practice_set FOR INSERT WITH CHECK (
    author = session_user AND (SELECT holds('attending'))
);
CREATE POLICY practice_exercise_seen ON practice_exercise FOR SELECT USING (true);
CREATE POLICY practice_exercise_published ON practice_exercise FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM practice_set AS s
        WHERE s.set_id = practice_exercise.set_id AND s.version = practice_exercise.version
            AND s.author = session_user
    )
);

-- The key of an exercise is shown to its author and to whoever has answered that exercise of that version. An
-- answer counts when it is committed: one of the transaction that asks could still be taken back.
CREATE POLICY practice_key_seen ON practice_key FOR SELECT USING (
    (SELECT sees_everything()) OR EXISTS (
        SELECT FROM practice_answer AS a
        WHERE a.set_id = practice_key.set_id AND a.set_version = practice_key.version
            AND a.exercise_id = practice_key.exercise_id AND a.trainee = session_user
            AND a.taken_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
    ) OR EXISTS (
        SELECT FROM practice_set AS s
        WHERE s.set_id = practice_key.set_id AND s.version = practice_key.version AND s.author = session_user
    )
);
CREATE POLICY practice_key_published ON practice_key FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM practice_set AS s
        WHERE s.set_id = practice_key.set_id AND s.version = practice_key.version AND s.author = session_user
    )
);

CREATE POLICY practice_answer_seen ON practice_answer FOR SELECT USING (
    (SELECT sees_everything()) OR trainee = session_user
);
CREATE POLICY practice_answer_committed ON practice_answer FOR INSERT WITH CHECK (
    trainee = session_user AND (SELECT holds('trainee') OR holds('attending'))
);

-- The answers in these subqueries are those that the policy above lets through. A trainee's program keeps the
-- first score of an own answer; attendings may keep any.
CREATE POLICY practice_score_seen ON practice_score FOR SELECT USING (
    (SELECT sees_everything())
    OR EXISTS (SELECT FROM practice_answer AS a WHERE a.answer_id = practice_score.answer_id)
);
CREATE POLICY practice_score_kept ON practice_score FOR INSERT WITH CHECK (
    scored_by = session_user
    AND (
        (SELECT holds('attending'))
        OR (
            cause = 'first' AND (SELECT holds('trainee'))
            AND EXISTS (
                SELECT FROM practice_answer AS a
                WHERE a.answer_id = practice_score.answer_id AND a.trainee = session_user
            )
        )
    )
);

CREATE POLICY practice_assignment_seen ON practice_assignment FOR SELECT USING (
    (SELECT sees_everything()) OR trainee = session_user
);
CREATE POLICY practice_assignment_made ON practice_assignment FOR INSERT WITH CHECK (
    assigned_by = session_user AND (SELECT holds('attending'))
    AND EXISTS (SELECT FROM practice_set AS s WHERE s.set_id = practice_assignment.set_id)
);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

GRANT SELECT ON
    practice_set, practice_exercise, practice_key, practice_answer, practice_score, practice_assignment
    TO fluoro_trainee, fluoro_attending, fluoro_auditor, fluoro_administrator;
GRANT EXECUTE ON FUNCTION present_time(), is_name(text), is_hash(text), is_object(text)
    TO fluoro_trainee, fluoro_attending;

-- Column by column, so that nobody chooses a number, or when the server took an answer.
GRANT INSERT (set_id, version, title, author, published_at, content, withdrawn, hash) ON practice_set
    TO fluoro_attending;
GRANT INSERT (set_id, version, exercise_id, study_uid, key_hash, hash) ON practice_exercise TO fluoro_attending;
GRANT INSERT (set_id, version, exercise_id, study_uid, content, hash) ON practice_key TO fluoro_attending;
GRANT INSERT (
    answer_id, set_id, set_version, exercise_id, trainee, presented_at, committed_at, client, content, hash
) ON practice_answer TO fluoro_trainee, fluoro_attending;
GRANT INSERT (answer_id, outcome, success, critical, cause, scored_at, scored_by, content, hash)
    ON practice_score TO fluoro_trainee, fluoro_attending;
GRANT INSERT (set_id, trainee, assigned_by, assigned_at, due, withdrawn, hash) ON practice_assignment
    TO fluoro_attending;
GRANT USAGE ON SEQUENCE practice_set_entry_seq, practice_exercise_entry_seq, practice_assignment_entry_seq
    TO fluoro_attending;
GRANT USAGE ON SEQUENCE practice_answer_entry_seq, practice_score_entry_seq TO fluoro_trainee, fluoro_attending;
