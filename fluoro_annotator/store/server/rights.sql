-- Who may see and add what. Roles belong to the whole server ("cluster"), not to one database. Who somebody
-- is follows from the login (session_user), which SET ROLE does not change; which role he or she
-- holds is asked with every statement, so that a revoked role ends at once.

CREATE FUNCTION holds(name text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT pg_has_role(session_user, 'fluoro_' || name, 'MEMBER')
$$;

CREATE FUNCTION sees_everything() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT holds('attending') OR holds('auditor') OR holds('administrator')
$$;

-- A trainee sees a reference when it is finished and when he or she has submitted a practice reading of the
-- same study. The function looks at both with the rights of the owner, who sees them.
CREATE FUNCTION has_earned(reference text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM reading AS wanted
        JOIN head AS wanted_head ON wanted_head.reading_id = wanted.reading_id AND wanted_head.submitted = 1
        JOIN reading AS own
            ON own.study_uid = wanted.study_uid AND own.reader = session_user AND own.purpose = 'practice'
        JOIN head AS own_head ON own_head.reading_id = own.reading_id AND own_head.submitted = 1
        WHERE wanted.reading_id = has_earned.reference AND wanted.purpose = 'reference'
    )
$$;

ALTER TABLE reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE revision ENABLE ROW LEVEL SECURITY;
ALTER TABLE head ENABLE ROW LEVEL SECURITY;
ALTER TABLE current_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE tombstone ENABLE ROW LEVEL SECURITY;

CREATE POLICY reading_seen ON reading FOR SELECT USING (
    (SELECT sees_everything())
    OR reader = session_user
    OR (purpose = 'reference' AND has_earned(reading_id))
);
CREATE POLICY reading_begun ON reading FOR INSERT WITH CHECK (
    reader = session_user
    AND (
        (role = 'attending' AND purpose <> 'audit' AND holds('attending'))
        OR (role = 'trainee' AND purpose IN ('practice', 'procedure') AND holds('trainee'))
    )
);

-- The readings in these subqueries are those that the policies above let through.
CREATE POLICY revision_seen ON revision FOR SELECT USING (
    (SELECT sees_everything()) OR EXISTS (SELECT FROM reading AS r WHERE r.reading_id = revision.reading_id)
);
CREATE POLICY revision_added ON revision FOR INSERT WITH CHECK (
    author = session_user
    AND EXISTS (SELECT FROM reading AS r WHERE r.reading_id = revision.reading_id AND r.reader = session_user)
);
CREATE POLICY head_seen ON head FOR SELECT USING (
    (SELECT sees_everything()) OR EXISTS (SELECT FROM reading AS r WHERE r.reading_id = head.reading_id)
);
CREATE POLICY current_record_seen ON current_record FOR SELECT USING (
    (SELECT sees_everything())
    OR EXISTS (SELECT FROM reading AS r WHERE r.reading_id = current_record.reading_id)
);
CREATE POLICY tombstone_seen ON tombstone FOR SELECT USING ((SELECT sees_everything()));

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA public
    TO fluoro_trainee, fluoro_attending, fluoro_auditor, fluoro_administrator;
GRANT SELECT ON meta, study_entry, study, image_entry, image, reading, revision, head, current_record, tombstone
    TO fluoro_trainee, fluoro_attending, fluoro_auditor, fluoro_administrator;
GRANT SELECT ON grant_entry TO fluoro_auditor, fluoro_administrator;
GRANT EXECUTE ON FUNCTION holds(text), sees_everything(), has_earned(text)
    TO fluoro_trainee, fluoro_attending, fluoro_auditor, fluoro_administrator;
GRANT EXECUTE ON FUNCTION is_time(text), is_day(text), is_plain(text) TO fluoro_trainee, fluoro_attending;
GRANT EXECUTE ON FUNCTION
    purge_reading(text, text), purge_study(text, text), grant_role(text, text, text), revoke_role(text, text)
    TO fluoro_administrator;

-- Column by column, so that nobody chooses the number of an entry.
GRANT INSERT (uid, pseudonym, study_date, region, equipment, saved_at) ON study_entry
    TO fluoro_trainee, fluoro_attending;
GRANT INSERT (
    study_uid, sop_instance_uid, series_uid, rows, columns, frames, modality, view,
    calibration_source, row_mm, column_mm, relative_error, calibration_note, saved_at
) ON image_entry TO fluoro_trainee, fluoro_attending;
GRANT INSERT (reading_id, study_uid, reader, purpose, role, started_at, hash) ON reading
    TO fluoro_trainee, fluoro_attending;
GRANT INSERT ON revision TO fluoro_trainee, fluoro_attending;
GRANT USAGE ON SEQUENCE study_entry_entry_seq, image_entry_entry_seq, reading_entry_seq
    TO fluoro_trainee, fluoro_attending;
