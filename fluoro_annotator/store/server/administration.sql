-- What administrators, and the owner of the tables, may do besides reading. Each act leaves an entry that
-- nobody can remove. The functions run with the rights of the owner.

CREATE FUNCTION present_time() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- To be called by a function that runs with the owner's rights: current_user is the owner then.
CREATE FUNCTION require_administrator() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (pg_has_role(session_user, current_user, 'MEMBER') OR holds('administrator')) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s is not an administrator of the store', session_user);
    END IF;
END $$;

CREATE FUNCTION purge_reading(reading_id text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last head%ROWTYPE;
BEGIN
    PERFORM require_administrator();
    IF btrim(coalesce(reason, '')) = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'FA004', MESSAGE = 'a reason has to be given';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(purge_reading.reading_id, 0));
    SELECT * INTO last FROM head WHERE head.reading_id = purge_reading.reading_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA005', MESSAGE = format('there is no reading %s', purge_reading.reading_id);
    END IF;
    INSERT INTO tombstone (
        subject_kind, subject, study_uid, revisions, last_hash, purged_at, purged_by, reason)
    VALUES (
        'reading', last.reading_id, last.study_uid, last.sequence, last.hash,
        present_time(), session_user, purge_reading.reason);
    DELETE FROM current_record WHERE current_record.reading_id = last.reading_id;
    DELETE FROM head WHERE head.reading_id = last.reading_id;
    DELETE FROM revision WHERE revision.reading_id = last.reading_id;
    DELETE FROM reading WHERE reading.reading_id = last.reading_id;
END $$;

CREATE FUNCTION purge_study(uid text, reason text) RETURNS void
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

CREATE FUNCTION refuse_grant(problem text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'FA007', MESSAGE = problem;
END $$;

-- A login with rights of its own would stand above the rules of this store.
CREATE FUNCTION refuse_login(login text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known pg_roles%ROWTYPE;
BEGIN
    IF octet_length(login) NOT BETWEEN 1 AND 63 OR login <> btrim(login) OR login ~ '[[:cntrl:]]'
        OR login ~ '^(pg_|fluoro_)'
    THEN
        PERFORM refuse_grant('cannot be the name of a login (at most 63 bytes; not pg_... or fluoro_...)');
    END IF;
    SELECT * INTO known FROM pg_roles WHERE rolname = login;
    IF FOUND AND (
        pg_has_role(known.oid, current_user, 'MEMBER')
        OR EXISTS (
            SELECT FROM pg_roles AS above
            WHERE pg_has_role(known.oid, above.oid, 'MEMBER') -- every login is a member of itself
                AND (
                    above.rolsuper OR above.rolcreaterole OR above.rolcreatedb OR above.rolreplication
                    OR above.rolbypassrls OR above.rolname IN (
                        'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files',
                        'pg_execute_server_program', 'pg_maintain'
                    )
                )
        )
    ) THEN
        PERFORM refuse_grant('has rights on the server that stand above the rules of the store');
    END IF;
    IF FOUND AND NOT known.rolcanlogin THEN
        PERFORM refuse_grant('is a group of the server, not a login');
    END IF;
END $$;

-- A password arrives as the verifier that the client has made of it, never as it is.
CREATE FUNCTION grant_role(login text, role text, verifier text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held text;
    is_known boolean := EXISTS (SELECT FROM pg_roles WHERE rolname = login);
BEGIN
    PERFORM require_administrator();
    LOCK TABLE grant_entry IN SHARE ROW EXCLUSIVE MODE; -- an advisory lock could be held by those whose role it is about
    IF role IS NULL OR role NOT IN ('trainee', 'attending', 'auditor', 'administrator') THEN
        PERFORM refuse_grant('cannot get this role: there is no such one');
    END IF;
    PERFORM refuse_login(login);
    IF is_known AND verifier IS NOT NULL THEN
        PERFORM refuse_grant('exists already with a password of its own, which is not changed here');
    END IF;
    IF verifier IS NOT NULL AND verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN
        PERFORM refuse_grant('cannot be made with a password that is not hashed');
    END IF;
    IF NOT is_known THEN
        EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', login, verifier);
    END IF;
    SELECT substr(r.rolname, length('fluoro_') + 1) INTO held
    FROM pg_auth_members AS m
    JOIN pg_roles AS r ON r.oid = m.roleid
    JOIN pg_roles AS l ON l.oid = m.member
    WHERE l.rolname = login
        AND r.rolname IN ('fluoro_trainee', 'fluoro_attending', 'fluoro_auditor', 'fluoro_administrator')
    ORDER BY r.rolname = 'fluoro_' || role
    LIMIT 1;
    IF held = role THEN
        RETURN;
    ELSIF held IS NOT NULL THEN
        PERFORM refuse_grant(format('is %s already, and holds one role at a time: revoke that first', held));
    END IF;
    EXECUTE format('GRANT %I TO %I', 'fluoro_' || role, login);
    INSERT INTO grant_entry (login, role, granted, changed_at, changed_by)
    VALUES (grant_role.login, grant_role.role, 1, present_time(), session_user);
END $$;

CREATE FUNCTION revoke_role(login text, role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    membership CONSTANT text := 'SELECT FROM pg_auth_members AS m
        JOIN pg_roles AS r ON r.oid = m.roleid JOIN pg_roles AS l ON l.oid = m.member
        WHERE l.rolname = $1 AND r.rolname = ''fluoro_'' || $2';
    is_member boolean;
BEGIN
    PERFORM require_administrator();
    LOCK TABLE grant_entry IN SHARE ROW EXCLUSIVE MODE;
    EXECUTE 'SELECT EXISTS (' || membership || ')' INTO is_member USING login, role;
    IF role IS NULL OR role NOT IN ('trainee', 'attending', 'auditor', 'administrator') OR NOT is_member THEN
        PERFORM refuse_grant('does not hold this role');
    END IF;
    EXECUTE format('REVOKE %I FROM %I', 'fluoro_' || role, login);
    EXECUTE 'SELECT EXISTS (' || membership || ')' INTO is_member USING login, role;
    IF is_member THEN
        PERFORM refuse_grant('was given this role by another login of the server, which has to take it back');
    END IF;
    INSERT INTO grant_entry (login, role, granted, changed_at, changed_by)
    VALUES (revoke_role.login, revoke_role.role, 0, present_time(), session_user);
END $$;
