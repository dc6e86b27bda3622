-- What follows from what was said is kept up to date in the transaction that adds to it. The functions run
-- with the rights of the owner of the tables; nobody else may write study, image, head and current_record.

-- A study entry that waited for another one of the same study must see it: the lock comes first, in a
-- statement of its own, because each statement sees what was committed before it began.
CREATE FUNCTION study_entries_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(uid, 0))
    FROM (SELECT DISTINCT uid FROM added ORDER BY uid) AS concerned;
    INSERT INTO study (entry, uid, pseudonym, study_date, region, equipment)
    SELECT DISTINCT ON (e.uid)
        min(e.entry) OVER (PARTITION BY e.uid), e.uid, e.pseudonym, e.study_date, e.region, e.equipment
    FROM study_entry AS e
    WHERE e.uid IN (SELECT uid FROM added)
    ORDER BY e.uid, e.entry DESC
    ON CONFLICT (uid) DO UPDATE SET
        entry = excluded.entry,
        pseudonym = excluded.pseudonym,
        study_date = excluded.study_date,
        region = excluded.region,
        equipment = excluded.equipment;
    RETURN NULL;
END $$;

CREATE FUNCTION image_entries_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(study_uid, 0))
    FROM (SELECT DISTINCT study_uid FROM added ORDER BY study_uid) AS concerned;
    INSERT INTO image (
        entry, study_uid, sop_instance_uid, series_uid, rows, columns, frames, modality, view,
        calibration_source, row_mm, column_mm, relative_error, calibration_note)
    SELECT DISTINCT ON (e.study_uid, e.sop_instance_uid)
        min(e.entry) OVER (PARTITION BY e.study_uid, e.sop_instance_uid),
        e.study_uid, e.sop_instance_uid, e.series_uid, e.rows, e.columns, e.frames, e.modality, e.view,
        e.calibration_source, e.row_mm, e.column_mm, e.relative_error, e.calibration_note
    FROM image_entry AS e
    WHERE (e.study_uid, e.sop_instance_uid) IN (SELECT study_uid, sop_instance_uid FROM added)
    ORDER BY e.study_uid, e.sop_instance_uid, e.entry DESC
    ON CONFLICT (study_uid, sop_instance_uid) DO UPDATE SET
        entry = excluded.entry,
        series_uid = excluded.series_uid,
        rows = excluded.rows,
        columns = excluded.columns,
        frames = excluded.frames,
        modality = excluded.modality,
        view = excluded.view,
        calibration_source = excluded.calibration_source,
        row_mm = excluded.row_mm,
        column_mm = excluded.column_mm,
        relative_error = excluded.relative_error,
        calibration_note = excluded.calibration_note;
    RETURN NULL;
END $$;

CREATE FUNCTION readings_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    purged text := (SELECT reading_id FROM added JOIN tombstone ON subject_kind = 'reading' AND subject = reading_id LIMIT 1);
BEGIN
    IF purged IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'FA008', MESSAGE = format('reading %s was purged', purged);
    END IF;
    INSERT INTO head (reading_id, study_uid, sequence, hash, submitted, plan, changed_at)
    SELECT reading_id, study_uid, 0, repeat('0', 64), 0, '', started_at FROM added;
    RETURN NULL;
END $$;

-- New revisions follow the last one and each other, and a submitted reading stays as it was submitted.
CREATE FUNCTION revisions_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    misplaced record;
    concerned text;
BEGIN
    PERFORM FROM head
    WHERE reading_id IN (SELECT reading_id FROM added)
    ORDER BY reading_id
    FOR UPDATE;

    SELECT placed.reading_id, placed.sequence INTO misplaced
    FROM (
        SELECT reading_id, sequence, previous_hash,
            row_number() OVER stream AS place, lag(hash) OVER stream AS hash_before
        FROM added
        WINDOW stream AS (PARTITION BY reading_id ORDER BY sequence)
    ) AS placed
    LEFT JOIN head ON head.reading_id = placed.reading_id
    WHERE head.reading_id IS NULL
        OR placed.sequence <> head.sequence + placed.place
        OR placed.previous_hash <> coalesce(placed.hash_before, head.hash)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA002',
            MESSAGE = format('revision %s of reading %s does not follow from the last one',
                misplaced.sequence, misplaced.reading_id);
    END IF;

    FOR concerned IN
        SELECT DISTINCT added.reading_id FROM added JOIN head ON head.reading_id = added.reading_id
        WHERE head.submitted = 1 OR added.content::json ->> 'kind' = 'submission'
    LOOP
        PERFORM refuse_beyond_submission(
            concerned,
            array_agg(added.sequence ORDER BY added.sequence),
            array_agg(added.mark_id ORDER BY added.sequence),
            array_agg(added.kind ORDER BY added.sequence),
            array_agg(added.content::json ->> 'kind' ORDER BY added.sequence)
        ) FROM added WHERE added.reading_id = concerned;
    END LOOP;

    INSERT INTO current_record (reading_id, mark_id, sequence, record_kind, deleted)
    SELECT DISTINCT ON (reading_id, mark_id)
        reading_id, mark_id, sequence, content::json ->> 'kind', (kind = 'delete')::integer
    FROM added
    ORDER BY reading_id, mark_id, sequence DESC
    ON CONFLICT (reading_id, mark_id) DO UPDATE SET
        sequence = excluded.sequence,
        record_kind = excluded.record_kind,
        deleted = excluded.deleted;

    UPDATE head SET
        sequence = last.sequence,
        hash = last.hash,
        changed_at = last.recorded_at,
        submitted = EXISTS (
            SELECT FROM current_record AS c
            WHERE c.reading_id = head.reading_id AND c.record_kind = 'submission' AND c.deleted = 0
        )::integer,
        plan = coalesce((
            SELECT r.content::json ->> 'protocol_id'
            FROM current_record AS c
            JOIN revision AS r ON r.reading_id = c.reading_id AND r.sequence = c.sequence
            WHERE c.reading_id = head.reading_id AND c.record_kind = 'plan_choice' AND c.deleted = 0
            ORDER BY c.sequence DESC
            LIMIT 1
        ), '')
    FROM (
        SELECT DISTINCT ON (reading_id) reading_id, sequence, hash, recorded_at
        FROM added
        ORDER BY reading_id, sequence DESC
    ) AS last
    WHERE head.reading_id = last.reading_id;
    RETURN NULL;
END $$;

-- The new revisions of one reading, in order: while a submission stands, a reading for practice takes
-- nothing any more, and any other reading takes nothing but the deletion of that submission.
CREATE FUNCTION refuse_beyond_submission(
    concerned text, sequences integer[], marks text[], kinds text[], record_kinds text[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    purpose text := (SELECT reading.purpose FROM reading WHERE reading.reading_id = concerned);
    standing text := (
        SELECT c.mark_id FROM current_record AS c
        WHERE c.reading_id = concerned AND c.record_kind = 'submission' AND c.deleted = 0
        ORDER BY c.sequence DESC LIMIT 1
    );
BEGIN
    FOR place IN 1 .. array_length(sequences, 1) LOOP
        IF standing IS NOT NULL AND NOT (
            purpose <> 'practice' AND kinds[place] = 'delete' AND marks[place] = standing
        ) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'FA003',
                MESSAGE = format('reading %s was submitted; revision %s is refused', concerned, sequences[place]);
        END IF;
        IF record_kinds[place] = 'submission' THEN
            standing := CASE WHEN kinds[place] = 'delete' THEN NULL ELSE marks[place] END;
        END IF;
    END LOOP;
END $$;

CREATE TRIGGER study_entry_added AFTER INSERT ON study_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION study_entries_added();
CREATE TRIGGER image_entry_added AFTER INSERT ON image_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION image_entries_added();
CREATE TRIGGER reading_added AFTER INSERT ON reading
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION readings_added();
CREATE TRIGGER revision_added AFTER INSERT ON revision
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION revisions_added();
