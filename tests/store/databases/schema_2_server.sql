--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: grant_role(text, text, text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.grant_role(login text, role text, verifier text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
END $_$;


ALTER FUNCTION public.grant_role(login text, role text, verifier text) OWNER TO store_owner;

--
-- Name: has_earned(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.has_earned(reference text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    SELECT EXISTS (
        SELECT FROM reading AS wanted
        JOIN head AS wanted_head ON wanted_head.reading_id = wanted.reading_id AND wanted_head.submitted = 1
        JOIN reading AS own
            ON own.study_uid = wanted.study_uid AND own.reader = session_user AND own.purpose = 'practice'
        JOIN head AS own_head ON own_head.reading_id = own.reading_id AND own_head.submitted = 1
        WHERE wanted.reading_id = has_earned.reference AND wanted.purpose = 'reference'
    )
$$;


ALTER FUNCTION public.has_earned(reference text) OWNER TO store_owner;

--
-- Name: holds(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.holds(name text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    SELECT pg_has_role(session_user, 'fluoro_' || name, 'MEMBER')
$$;


ALTER FUNCTION public.holds(name text) OWNER TO store_owner;

--
-- Name: image_entries_added(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.image_entries_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.image_entries_added() OWNER TO store_owner;

--
-- Name: is_day(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.is_day(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $_$
    SELECT CASE
        WHEN value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND left(value, 4) <> '0000'
        THEN substr(value, 9, 2)::integer <= extract(day FROM (
            make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1) + interval '1 month' - interval '1 day'
        ))
        ELSE false
    END
$_$;


ALTER FUNCTION public.is_day(value text) OWNER TO store_owner;

--
-- Name: is_plain(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.is_plain(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT value !~ '[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uE000-\uF8FF\uFEFF\uFFF9-\uFFFB]'
$$;


ALTER FUNCTION public.is_plain(value text) OWNER TO store_owner;

--
-- Name: is_time(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.is_time(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $_$
    SELECT CASE
        WHEN value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z$'
        THEN public.is_day(left(value, 10)) -- also while a dump is read back, without a search path
        ELSE false
    END
$_$;


ALTER FUNCTION public.is_time(value text) OWNER TO store_owner;

--
-- Name: present_time(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.present_time() RETURNS text
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;


ALTER FUNCTION public.present_time() OWNER TO store_owner;

--
-- Name: purge_reading(text, text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.purge_reading(reading_id text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.purge_reading(reading_id text, reason text) OWNER TO store_owner;

--
-- Name: purge_study(text, text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.purge_study(uid text, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
    IF NOT FOUND THEN
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
    DELETE FROM image WHERE image.study_uid = purge_study.uid;
    DELETE FROM image_entry WHERE image_entry.study_uid = purge_study.uid;
    DELETE FROM study WHERE study.uid = purge_study.uid;
    DELETE FROM study_entry WHERE study_entry.uid = purge_study.uid;
END $$;


ALTER FUNCTION public.purge_study(uid text, reason text) OWNER TO store_owner;

--
-- Name: readings_added(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.readings_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.readings_added() OWNER TO store_owner;

--
-- Name: refuse_beyond_submission(text, integer[], text[], text[], text[]); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.refuse_beyond_submission(concerned text, sequences integer[], marks text[], kinds text[], record_kinds text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.refuse_beyond_submission(concerned text, sequences integer[], marks text[], kinds text[], record_kinds text[]) OWNER TO store_owner;

--
-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'FA001',
        MESSAGE = format('rows of %s are never changed, deleted or truncated', TG_TABLE_NAME);
END $$;


ALTER FUNCTION public.refuse_change() OWNER TO store_owner;

--
-- Name: refuse_deletion_without_tombstone(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.refuse_deletion_without_tombstone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM tombstone
    WHERE subject_kind = TG_ARGV[0]
      AND subject = to_jsonb(OLD) ->> TG_ARGV[1]
      AND tombstone.xmin = pg_current_xact_id()::xid;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'FA001',
            MESSAGE = format('rows of %s are never deleted but by purging', TG_TABLE_NAME);
    END IF;
    RETURN OLD;
END $$;


ALTER FUNCTION public.refuse_deletion_without_tombstone() OWNER TO store_owner;

--
-- Name: refuse_grant(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.refuse_grant(problem text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'FA007', MESSAGE = problem;
END $$;


ALTER FUNCTION public.refuse_grant(problem text) OWNER TO store_owner;

--
-- Name: refuse_login(text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.refuse_login(login text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.refuse_login(login text) OWNER TO store_owner;

--
-- Name: require_administrator(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.require_administrator() RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT (pg_has_role(session_user, current_user, 'MEMBER') OR holds('administrator')) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s is not an administrator of the store', session_user);
    END IF;
END $$;


ALTER FUNCTION public.require_administrator() OWNER TO store_owner;

--
-- Name: revisions_added(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.revisions_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.revisions_added() OWNER TO store_owner;

--
-- Name: revoke_role(text, text); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.revoke_role(login text, role text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
END $_$;


ALTER FUNCTION public.revoke_role(login text, role text) OWNER TO store_owner;

--
-- Name: sees_everything(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.sees_everything() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    SELECT holds('attending') OR holds('auditor') OR holds('administrator')
$$;


ALTER FUNCTION public.sees_everything() OWNER TO store_owner;

--
-- Name: study_entries_added(); Type: FUNCTION; Schema: public; Owner: store_owner
--

CREATE FUNCTION public.study_entries_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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


ALTER FUNCTION public.study_entries_added() OWNER TO store_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


ALTER TABLE public.alembic_version OWNER TO store_owner;

--
-- Name: current_record; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.current_record (
    reading_id text NOT NULL,
    mark_id text NOT NULL,
    sequence integer NOT NULL,
    record_kind text NOT NULL,
    deleted integer NOT NULL
);


ALTER TABLE public.current_record OWNER TO store_owner;

--
-- Name: grant_entry; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.grant_entry (
    entry bigint NOT NULL,
    login text NOT NULL,
    role text NOT NULL,
    granted integer NOT NULL,
    changed_at text NOT NULL,
    changed_by text NOT NULL
);


ALTER TABLE public.grant_entry OWNER TO store_owner;

--
-- Name: grant_entry_entry_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.grant_entry_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.grant_entry_entry_seq OWNER TO store_owner;

--
-- Name: grant_entry_entry_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.grant_entry_entry_seq OWNED BY public.grant_entry.entry;


--
-- Name: head; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.head (
    reading_id text NOT NULL,
    study_uid text NOT NULL,
    sequence integer NOT NULL,
    hash text NOT NULL,
    submitted integer NOT NULL,
    plan text NOT NULL,
    changed_at text NOT NULL
);


ALTER TABLE public.head OWNER TO store_owner;

--
-- Name: image; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.image (
    study_uid text NOT NULL,
    sop_instance_uid text NOT NULL,
    entry bigint NOT NULL,
    series_uid text NOT NULL,
    rows integer NOT NULL,
    columns integer NOT NULL,
    frames integer NOT NULL,
    modality text NOT NULL,
    view text NOT NULL,
    calibration_source text NOT NULL,
    row_mm double precision,
    column_mm double precision,
    relative_error double precision,
    calibration_note text NOT NULL
);


ALTER TABLE public.image OWNER TO store_owner;

--
-- Name: image_entry; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.image_entry (
    entry bigint NOT NULL,
    saved_at text NOT NULL,
    study_uid text NOT NULL,
    sop_instance_uid text NOT NULL,
    series_uid text NOT NULL,
    rows integer NOT NULL,
    columns integer NOT NULL,
    frames integer NOT NULL,
    modality text NOT NULL,
    view text NOT NULL,
    calibration_source text NOT NULL,
    row_mm double precision,
    column_mm double precision,
    relative_error double precision,
    calibration_note text NOT NULL,
    CONSTRAINT image_entry_can_be_read CHECK (((sop_instance_uid <> ''::text) AND public.is_plain(sop_instance_uid) AND (series_uid <> ''::text) AND public.is_plain(series_uid) AND (rows >= 1) AND (columns >= 1) AND (frames >= 1) AND
CASE calibration_source
    WHEN 'none'::text THEN ((row_mm IS NULL) AND (column_mm IS NULL))
    ELSE ((row_mm IS NOT NULL) AND (row_mm > (0)::double precision) AND (row_mm < 'Infinity'::double precision) AND (column_mm IS NOT NULL) AND (column_mm > (0)::double precision) AND (column_mm < 'Infinity'::double precision))
END AND ((relative_error IS NULL) OR ((relative_error >= (0)::double precision) AND (relative_error < 'Infinity'::double precision))) AND (calibration_source = ANY (ARRAY['known_length'::text, 'instrument_width'::text, 'pixel_spacing_fiducial'::text, 'pixel_spacing_geometry'::text, 'imager_pixel_spacing_with_magnification'::text, 'detector_plane'::text, 'pixel_spacing_of_unknown_origin'::text, 'none'::text]))))
);


ALTER TABLE public.image_entry OWNER TO store_owner;

--
-- Name: image_entry_entry_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.image_entry_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.image_entry_entry_seq OWNER TO store_owner;

--
-- Name: image_entry_entry_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.image_entry_entry_seq OWNED BY public.image_entry.entry;


--
-- Name: meta; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.meta (
    id integer NOT NULL,
    schema_version integer NOT NULL,
    store_id text NOT NULL,
    created_at text NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT ck_meta_one_row CHECK ((id = 1))
);


ALTER TABLE public.meta OWNER TO store_owner;

--
-- Name: meta_id_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.meta_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.meta_id_seq OWNER TO store_owner;

--
-- Name: meta_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.meta_id_seq OWNED BY public.meta.id;


--
-- Name: reading; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.reading (
    entry bigint NOT NULL,
    reading_id text NOT NULL,
    study_uid text NOT NULL,
    reader text NOT NULL,
    purpose text NOT NULL,
    role text NOT NULL,
    started_at text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT reading_can_be_read CHECK (((reading_id <> ''::text) AND public.is_plain(reading_id) AND (purpose = ANY (ARRAY['reference'::text, 'practice'::text, 'procedure'::text, 'review'::text, 'audit'::text])) AND (role = ANY (ARRAY['not_stated'::text, 'trainee'::text, 'attending'::text, 'auditor'::text])) AND public.is_time(started_at)))
);


ALTER TABLE public.reading OWNER TO store_owner;

--
-- Name: reading_entry_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.reading_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.reading_entry_seq OWNER TO store_owner;

--
-- Name: reading_entry_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.reading_entry_seq OWNED BY public.reading.entry;


--
-- Name: revision; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.revision (
    reading_id text NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL,
    mark_id text NOT NULL,
    sop_instance_uid text NOT NULL,
    frame_number integer NOT NULL,
    cause text NOT NULL,
    action_id text NOT NULL,
    concerns text,
    author text NOT NULL,
    recorded_at text NOT NULL,
    client text NOT NULL,
    content text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT revision_can_be_read CHECK (((kind = ANY (ARRAY['add'::text, 'move'::text, 'relabel'::text, 'delete'::text, 'restore'::text, 'change'::text])) AND (cause = ANY (ARRAY['edit'::text, 'undo'::text, 'redo'::text, 'import'::text])) AND ((cause = ANY (ARRAY['undo'::text, 'redo'::text])) = (concerns IS NOT NULL)) AND (frame_number >= 0) AND (mark_id <> ''::text) AND (action_id <> ''::text) AND public.is_plain((((mark_id || action_id) || client) || COALESCE(concerns, ''::text))) AND public.is_time(recorded_at) AND (COALESCE(((content)::json ->> 'kind'::text), ''::text) ~ '^[a-z][a-z_]{0,39}$'::text)))
);


ALTER TABLE public.revision OWNER TO store_owner;

--
-- Name: study; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.study (
    entry bigint NOT NULL,
    uid text NOT NULL,
    pseudonym text NOT NULL,
    study_date text NOT NULL,
    region text NOT NULL,
    equipment text NOT NULL
);


ALTER TABLE public.study OWNER TO store_owner;

--
-- Name: study_entry; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.study_entry (
    entry bigint NOT NULL,
    uid text NOT NULL,
    saved_at text NOT NULL,
    pseudonym text NOT NULL,
    study_date text NOT NULL,
    region text NOT NULL,
    equipment text NOT NULL,
    CONSTRAINT study_entry_can_be_read CHECK (((uid <> ''::text) AND public.is_plain(uid) AND (pseudonym ~ '^([0-9a-f]{32})?$'::text) AND ((study_date = ''::text) OR public.is_day(study_date)) AND (region = ANY (ARRAY[''::text, 'cervical'::text, 'thoracic'::text, 'lumbar'::text, 'sacral'::text])) AND (char_length(equipment) <= 100) AND public.is_plain(equipment)))
);


ALTER TABLE public.study_entry OWNER TO store_owner;

--
-- Name: study_entry_entry_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.study_entry_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.study_entry_entry_seq OWNER TO store_owner;

--
-- Name: study_entry_entry_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.study_entry_entry_seq OWNED BY public.study_entry.entry;


--
-- Name: tombstone; Type: TABLE; Schema: public; Owner: store_owner
--

CREATE TABLE public.tombstone (
    entry bigint NOT NULL,
    subject_kind text NOT NULL,
    subject text NOT NULL,
    study_uid text NOT NULL,
    revisions integer NOT NULL,
    last_hash text NOT NULL,
    purged_at text NOT NULL,
    purged_by text NOT NULL,
    reason text NOT NULL
);


ALTER TABLE public.tombstone OWNER TO store_owner;

--
-- Name: tombstone_entry_seq; Type: SEQUENCE; Schema: public; Owner: store_owner
--

CREATE SEQUENCE public.tombstone_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.tombstone_entry_seq OWNER TO store_owner;

--
-- Name: tombstone_entry_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: store_owner
--

ALTER SEQUENCE public.tombstone_entry_seq OWNED BY public.tombstone.entry;


--
-- Name: grant_entry entry; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.grant_entry ALTER COLUMN entry SET DEFAULT nextval('public.grant_entry_entry_seq'::regclass);


--
-- Name: image_entry entry; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.image_entry ALTER COLUMN entry SET DEFAULT nextval('public.image_entry_entry_seq'::regclass);


--
-- Name: meta id; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.meta ALTER COLUMN id SET DEFAULT nextval('public.meta_id_seq'::regclass);


--
-- Name: reading entry; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.reading ALTER COLUMN entry SET DEFAULT nextval('public.reading_entry_seq'::regclass);


--
-- Name: study_entry entry; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.study_entry ALTER COLUMN entry SET DEFAULT nextval('public.study_entry_entry_seq'::regclass);


--
-- Name: tombstone entry; Type: DEFAULT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.tombstone ALTER COLUMN entry SET DEFAULT nextval('public.tombstone_entry_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.alembic_version VALUES ('0002');


--
-- Data for Name: current_record; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.current_record VALUES ('reading-1', '939c331e-b3cd-4071-85e1-2e6d90ea1528', 9, 'target', 1);
INSERT INTO public.current_record VALUES ('reading-1', 'eaa41af6-181a-45af-9a5b-5456eff3a8de', 6, 'target', 0);
INSERT INTO public.current_record VALUES ('reading-1', 'plan:lumbar_mbb', 1, 'plan_choice', 0);
INSERT INTO public.current_record VALUES ('reading-2', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', 9, 'target', 1);
INSERT INTO public.current_record VALUES ('reading-2', '9319e887-1253-424d-ab9a-445faa291f4c', 6, 'target', 0);
INSERT INTO public.current_record VALUES ('reading-2', 'plan:lumbar_mbb', 1, 'plan_choice', 0);
INSERT INTO public.current_record VALUES ('reading-3', '6e6295e0-7c21-404a-8e8d-40d621510f99', 9, 'target', 1);
INSERT INTO public.current_record VALUES ('reading-3', 'ce2ca6d4-dcc1-47ea-b824-88f4edf07fee', 6, 'target', 0);
INSERT INTO public.current_record VALUES ('reading-3', 'plan:lumbar_mbb', 1, 'plan_choice', 0);


--
-- Data for Name: grant_entry; Type: TABLE DATA; Schema: public; Owner: store_owner
--



--
-- Data for Name: head; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.head VALUES ('reading-1', '2.25.1', 9, 'c40ca8dc31a563a61c7681a35d2b8813dbb64bbe9596e0681a23e8553adb7c9a', 0, 'lumbar_mbb', '2026-11-01T09:01:10.000Z');
INSERT INTO public.head VALUES ('reading-2', '2.25.1', 9, 'e0077c607258cf888f53ab69cd1c52f48a596f1a821ec402f50858e83c6c2ff2', 0, 'lumbar_mbb', '2026-11-01T09:02:20.000Z');
INSERT INTO public.head VALUES ('reading-3', '2.25.2', 9, '2f37d111e401f5e8f150830044d68e9a18b444bfe25dcbc0881acd7f5317b3c1', 0, 'lumbar_mbb', '2026-11-01T09:03:30.000Z');


--
-- Data for Name: image; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.image VALUES ('2.25.1', '2.25.1.1.1', 1, '2.25.1.1', 512, 640, 30, 'XA', 'AP', 'imager_pixel_spacing_with_magnification', 0.25, 0.26, 0.07, 'in the isocentre plane');
INSERT INTO public.image VALUES ('2.25.1', '2.25.1.2.1', 2, '2.25.1.2', 512, 640, 1, 'XA', 'lateral', 'none', NULL, NULL, NULL, '');
INSERT INTO public.image VALUES ('2.25.2', '2.25.2.1.1', 3, '2.25.2.1', 512, 640, 30, 'XA', 'lateral', 'imager_pixel_spacing_with_magnification', 0.25, 0.26, 0.07, 'in the isocentre plane');


--
-- Data for Name: image_entry; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.image_entry VALUES (1, '2026-11-21T04:23:47.340Z', '2.25.1', '2.25.1.1.1', '2.25.1.1', 512, 640, 30, 'XA', 'AP', 'imager_pixel_spacing_with_magnification', 0.25, 0.26, 0.07, 'in the isocentre plane');
INSERT INTO public.image_entry VALUES (2, '2026-11-21T04:23:47.340Z', '2.25.1', '2.25.1.2.1', '2.25.1.2', 512, 640, 1, 'XA', 'lateral', 'none', NULL, NULL, NULL, '');
INSERT INTO public.image_entry VALUES (3, '2026-11-21T04:23:47.360Z', '2.25.2', '2.25.2.1.1', '2.25.2.1', 512, 640, 30, 'XA', 'lateral', 'imager_pixel_spacing_with_magnification', 0.25, 0.26, 0.07, 'in the isocentre plane');


--
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.meta VALUES (1, 2, 'c0a841de-fb4d-4d43-853e-673413f1e73a', '2026-11-21T04:23:47.320Z', 'fluoro-annotator 0.1.0');


--
-- Data for Name: reading; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.reading VALUES (1, 'reading-1', '2.25.1', 'Reader A', 'procedure', 'not_stated', '2026-11-01T09:00:07.000Z', '9b9baa9fc26f20af5ac435d7e97d82b3fc663f923e450aca7e36be95a815beb7');
INSERT INTO public.reading VALUES (2, 'reading-2', '2.25.1', 'Reader B', 'reference', 'attending', '2026-11-01T09:01:17.000Z', '06ac24e35b0e9111d9b227b0abe8af076d60290b4b020f14c930e58012d146a3');
INSERT INTO public.reading VALUES (3, 'reading-3', '2.25.2', 'Reader A', 'procedure', 'trainee', '2026-11-01T09:02:27.000Z', '8b6c07afe2b6dc1d672bb532ea278c0ba5f1885948524179dab69d8169589d61');


--
-- Data for Name: revision; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.revision VALUES ('reading-1', 1, 'add', 'plan:lumbar_mbb', '', 0, 'edit', '0d5b9860-3e8d-46ff-98d6-4810594af0a3', NULL, 'Reader A', '2026-11-01T09:00:14.000Z', 'fluoro-annotator 0.1', '{"content_hash":"0000000000000000000000000000000000000000000000000000000000000000","joints":["L4-L5"],"kind":"plan_choice","mark_id":"plan:lumbar_mbb","protocol_id":"lumbar_mbb","sides":["right"],"version":"1"}', '0000000000000000000000000000000000000000000000000000000000000000', '02e7ed6be8c569c8f681872be947d4b010728082a57a816888d20444215f189d');
INSERT INTO public.revision VALUES ('reading-1', 2, 'add', '939c331e-b3cd-4071-85e1-2e6d90ea1528', '2.25.1.1.1', 7, 'edit', '7414c29e-324e-4213-a028-e73b3a72cb00', NULL, 'Reader A', '2026-11-01T09:00:21.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"939c331e-b3cd-4071-85e1-2e6d90ea1528","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '02e7ed6be8c569c8f681872be947d4b010728082a57a816888d20444215f189d', 'fc9cb4f099dc0dfa5c8eccc9f31dcfdb5b4c6e4e427f1be26002d6c01c842754');
INSERT INTO public.revision VALUES ('reading-1', 3, 'add', 'eaa41af6-181a-45af-9a5b-5456eff3a8de', '2.25.1.1.1', 7, 'edit', '404389ba-81d6-4faf-a85c-afc6fd9ad011', NULL, 'Reader A', '2026-11-01T09:00:28.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"eaa41af6-181a-45af-9a5b-5456eff3a8de","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', 'fc9cb4f099dc0dfa5c8eccc9f31dcfdb5b4c6e4e427f1be26002d6c01c842754', '723663451e048956bb9dc22d5c4303949c9b6a14d2d1bfd0a37756416de43e5b');
INSERT INTO public.revision VALUES ('reading-1', 4, 'move', '939c331e-b3cd-4071-85e1-2e6d90ea1528', '2.25.1.1.1', 7, 'edit', 'a4189828-4c0c-4714-81fb-6250b8a9ab8a', NULL, 'Reader A', '2026-11-01T09:00:35.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"939c331e-b3cd-4071-85e1-2e6d90ea1528","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '723663451e048956bb9dc22d5c4303949c9b6a14d2d1bfd0a37756416de43e5b', '2da002de053739db3fa7e3d7f410c44a04930b63add1c74ea1a9ddf923e4ea57');
INSERT INTO public.revision VALUES ('reading-1', 5, 'delete', 'eaa41af6-181a-45af-9a5b-5456eff3a8de', '2.25.1.1.1', 7, 'edit', '8f749e82-0466-423b-a4c4-f6fc90e08e54', NULL, 'Reader A', '2026-11-01T09:00:42.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"eaa41af6-181a-45af-9a5b-5456eff3a8de","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', '2da002de053739db3fa7e3d7f410c44a04930b63add1c74ea1a9ddf923e4ea57', '2537f54169e0b31fe5d9d7340184e57cf7d7fa821a21465ae2827757b1c800ed');
INSERT INTO public.revision VALUES ('reading-1', 6, 'restore', 'eaa41af6-181a-45af-9a5b-5456eff3a8de', '2.25.1.1.1', 7, 'undo', '78f98606-a90e-4595-b855-2c6615bd993a', '8f749e82-0466-423b-a4c4-f6fc90e08e54', 'Reader A', '2026-11-01T09:00:49.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"eaa41af6-181a-45af-9a5b-5456eff3a8de","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', '2537f54169e0b31fe5d9d7340184e57cf7d7fa821a21465ae2827757b1c800ed', '7c18d54b8fe54512fac2bc5499499c88e9a12397f419c2ba4e975b843be6b336');
INSERT INTO public.revision VALUES ('reading-1', 7, 'move', '939c331e-b3cd-4071-85e1-2e6d90ea1528', '2.25.1.1.1', 7, 'undo', '650d2615-48d1-429b-a787-ff16c2473ad0', 'a4189828-4c0c-4714-81fb-6250b8a9ab8a', 'Reader A', '2026-11-01T09:00:56.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"939c331e-b3cd-4071-85e1-2e6d90ea1528","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '7c18d54b8fe54512fac2bc5499499c88e9a12397f419c2ba4e975b843be6b336', '476417f467d392777a042e7dc0b238784c6392e749c2b940e9f5fcc00aef9b82');
INSERT INTO public.revision VALUES ('reading-1', 8, 'move', '939c331e-b3cd-4071-85e1-2e6d90ea1528', '2.25.1.1.1', 7, 'redo', '33ba9030-e1ae-4c1a-8f78-aa4006960d4d', 'a4189828-4c0c-4714-81fb-6250b8a9ab8a', 'Reader A', '2026-11-01T09:01:03.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"939c331e-b3cd-4071-85e1-2e6d90ea1528","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '476417f467d392777a042e7dc0b238784c6392e749c2b940e9f5fcc00aef9b82', '692b51967f1b83106cbb9404b9e2a16b7dfbc292a7b9eb4bd678cc8cb2083b17');
INSERT INTO public.revision VALUES ('reading-1', 9, 'delete', '939c331e-b3cd-4071-85e1-2e6d90ea1528', '2.25.1.1.1', 7, 'edit', 'a36cf33b-e0c0-4496-9c4b-a711ec7b17a2', NULL, 'Reader A', '2026-11-01T09:01:10.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"939c331e-b3cd-4071-85e1-2e6d90ea1528","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '692b51967f1b83106cbb9404b9e2a16b7dfbc292a7b9eb4bd678cc8cb2083b17', 'c40ca8dc31a563a61c7681a35d2b8813dbb64bbe9596e0681a23e8553adb7c9a');
INSERT INTO public.revision VALUES ('reading-2', 1, 'add', 'plan:lumbar_mbb', '', 0, 'edit', '8629ed24-4591-4d94-a7c4-c0a3e773860a', NULL, 'Reader B', '2026-11-01T09:01:24.000Z', 'fluoro-annotator 0.1', '{"content_hash":"0000000000000000000000000000000000000000000000000000000000000000","joints":["L4-L5"],"kind":"plan_choice","mark_id":"plan:lumbar_mbb","protocol_id":"lumbar_mbb","sides":["right"],"version":"1"}', '0000000000000000000000000000000000000000000000000000000000000000', '2aebccd4cc0677a7a57b64600a1527418486d7b2de8ae8c6a00bd8f1569c511d');
INSERT INTO public.revision VALUES ('reading-2', 2, 'add', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', '2.25.1.1.1', 7, 'edit', '7baeb724-337d-4e73-8c39-7c3158c0afc3', NULL, 'Reader B', '2026-11-01T09:01:31.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"06e1c7af-93a1-40fe-8ab9-70f5a259be0b","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '2aebccd4cc0677a7a57b64600a1527418486d7b2de8ae8c6a00bd8f1569c511d', '81e5daf2e5eadafb3e218c6366109def21ab9e9920b30be2b48b42a3334f7c8b');
INSERT INTO public.revision VALUES ('reading-2', 3, 'add', '9319e887-1253-424d-ab9a-445faa291f4c', '2.25.1.1.1', 7, 'edit', '8f8a4d28-1b46-4ff6-954f-5c592b3402b1', NULL, 'Reader B', '2026-11-01T09:01:38.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"9319e887-1253-424d-ab9a-445faa291f4c","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', '81e5daf2e5eadafb3e218c6366109def21ab9e9920b30be2b48b42a3334f7c8b', '16cd3d631039abdbcb5617cc9086a6a4c8608bbea6d7c7e8021a93384717c192');
INSERT INTO public.revision VALUES ('reading-2', 4, 'move', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', '2.25.1.1.1', 7, 'edit', '4d67bb75-476d-4c74-849b-e32243826f87', NULL, 'Reader B', '2026-11-01T09:01:45.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"06e1c7af-93a1-40fe-8ab9-70f5a259be0b","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '16cd3d631039abdbcb5617cc9086a6a4c8608bbea6d7c7e8021a93384717c192', 'bd29410a88c3792748935433f4dd74ee61c1bcc2373ef2c269549793af4a3ff1');
INSERT INTO public.revision VALUES ('reading-2', 5, 'delete', '9319e887-1253-424d-ab9a-445faa291f4c', '2.25.1.1.1', 7, 'edit', '382c26a8-4b01-46c5-8836-63be82828d57', NULL, 'Reader B', '2026-11-01T09:01:52.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"9319e887-1253-424d-ab9a-445faa291f4c","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', 'bd29410a88c3792748935433f4dd74ee61c1bcc2373ef2c269549793af4a3ff1', '0ce16f0e70a5f5da1eee3450c77d09fd91b9a08ece5ec40b3fd76708cc8ee4a0');
INSERT INTO public.revision VALUES ('reading-2', 6, 'restore', '9319e887-1253-424d-ab9a-445faa291f4c', '2.25.1.1.1', 7, 'undo', '26089162-d679-429c-8913-5962b5c5c9fc', '382c26a8-4b01-46c5-8836-63be82828d57', 'Reader B', '2026-11-01T09:01:59.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"9319e887-1253-424d-ab9a-445faa291f4c","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.1.1.1"}', '0ce16f0e70a5f5da1eee3450c77d09fd91b9a08ece5ec40b3fd76708cc8ee4a0', '0e3720996a57164c15a7e4885f62c5110c594a8c0e596c82ca9bf1290f4d8722');
INSERT INTO public.revision VALUES ('reading-2', 7, 'move', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', '2.25.1.1.1', 7, 'undo', '0698ccc2-7071-41d1-923e-95c0a5a0ef22', '4d67bb75-476d-4c74-849b-e32243826f87', 'Reader B', '2026-11-01T09:02:06.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"06e1c7af-93a1-40fe-8ab9-70f5a259be0b","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '0e3720996a57164c15a7e4885f62c5110c594a8c0e596c82ca9bf1290f4d8722', '88edac503428169b1906e58ba0812220c36f8e75811f41b63f57b4ecb272925f');
INSERT INTO public.revision VALUES ('reading-2', 8, 'move', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', '2.25.1.1.1', 7, 'redo', '38bb4b2e-9137-4e07-a29e-800563014b60', '4d67bb75-476d-4c74-849b-e32243826f87', 'Reader B', '2026-11-01T09:02:13.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"06e1c7af-93a1-40fe-8ab9-70f5a259be0b","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', '88edac503428169b1906e58ba0812220c36f8e75811f41b63f57b4ecb272925f', 'f6a1335521552852ddd25d528b3800a4305f02a28dbf87b04ff74f82ea22df57');
INSERT INTO public.revision VALUES ('reading-2', 9, 'delete', '06e1c7af-93a1-40fe-8ab9-70f5a259be0b', '2.25.1.1.1', 7, 'edit', '7a592cbb-a393-4b13-b878-a833bad11d0a', NULL, 'Reader B', '2026-11-01T09:02:20.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"06e1c7af-93a1-40fe-8ab9-70f5a259be0b","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.1.1.1"}', 'f6a1335521552852ddd25d528b3800a4305f02a28dbf87b04ff74f82ea22df57', 'e0077c607258cf888f53ab69cd1c52f48a596f1a821ec402f50858e83c6c2ff2');
INSERT INTO public.revision VALUES ('reading-3', 1, 'add', 'plan:lumbar_mbb', '', 0, 'edit', 'da3352bd-f765-49de-af34-55d10ed95f29', NULL, 'Reader A', '2026-11-01T09:02:34.000Z', 'fluoro-annotator 0.1', '{"content_hash":"0000000000000000000000000000000000000000000000000000000000000000","joints":["L4-L5"],"kind":"plan_choice","mark_id":"plan:lumbar_mbb","protocol_id":"lumbar_mbb","sides":["right"],"version":"1"}', '0000000000000000000000000000000000000000000000000000000000000000', 'ca72a0331fbe41a82a8462a4acd181db4ded61cc19cfcad38f547b2c71b6e01d');
INSERT INTO public.revision VALUES ('reading-3', 2, 'add', '6e6295e0-7c21-404a-8e8d-40d621510f99', '2.25.2.1.1', 7, 'edit', 'b406609d-8b74-48a4-ab2a-0072b4201961', NULL, 'Reader A', '2026-11-01T09:02:41.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"6e6295e0-7c21-404a-8e8d-40d621510f99","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.2.1.1"}', 'ca72a0331fbe41a82a8462a4acd181db4ded61cc19cfcad38f547b2c71b6e01d', '4e3dbeb72fb58c5656538fc7ea309b7568b6ad2e7313cab657234b73704ac43d');
INSERT INTO public.revision VALUES ('reading-3', 3, 'add', 'ce2ca6d4-dcc1-47ea-b824-88f4edf07fee', '2.25.2.1.1', 7, 'edit', '6d56a816-93b1-4eb4-8e9f-36dcd44a7f65', NULL, 'Reader A', '2026-11-01T09:02:48.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"ce2ca6d4-dcc1-47ea-b824-88f4edf07fee","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.2.1.1"}', '4e3dbeb72fb58c5656538fc7ea309b7568b6ad2e7313cab657234b73704ac43d', '27fa06137154d79ef6bb57dd3ced576df2520b6b00795aab6a5e76cb8bfbfb39');
INSERT INTO public.revision VALUES ('reading-3', 4, 'move', '6e6295e0-7c21-404a-8e8d-40d621510f99', '2.25.2.1.1', 7, 'edit', '769c5294-2dab-4088-b6e0-8c27cd814418', NULL, 'Reader A', '2026-11-01T09:02:55.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"6e6295e0-7c21-404a-8e8d-40d621510f99","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.2.1.1"}', '27fa06137154d79ef6bb57dd3ced576df2520b6b00795aab6a5e76cb8bfbfb39', '96ff29e958b16fbf26c10a0b2a9458c40dbea1297a1c27d6a68397b3dbca4390');
INSERT INTO public.revision VALUES ('reading-3', 5, 'delete', 'ce2ca6d4-dcc1-47ea-b824-88f4edf07fee', '2.25.2.1.1', 7, 'edit', 'f3015903-8fd9-4668-a404-1144a0776df1', NULL, 'Reader A', '2026-11-01T09:03:02.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"ce2ca6d4-dcc1-47ea-b824-88f4edf07fee","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.2.1.1"}', '96ff29e958b16fbf26c10a0b2a9458c40dbea1297a1c27d6a68397b3dbca4390', 'ff53cfcbdbfa812aa1ee11620abdba507e1fa0d80128598affe0c2f49bed4f3a');
INSERT INTO public.revision VALUES ('reading-3', 6, 'restore', 'ce2ca6d4-dcc1-47ea-b824-88f4edf07fee', '2.25.2.1.1', 7, 'undo', '442af8bd-eaa0-40c5-8b80-af055f566cd2', 'f3015903-8fd9-4668-a404-1144a0776df1', 'Reader A', '2026-11-01T09:03:09.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"ce2ca6d4-dcc1-47ea-b824-88f4edf07fee","points":{"position":[201.5,221.0]},"site":{"joints":["L3-L4","L4-L5"],"nerve":"L3_MB","side":"right","vertebra":"L4"},"sop_instance_uid":"2.25.2.1.1"}', 'ff53cfcbdbfa812aa1ee11620abdba507e1fa0d80128598affe0c2f49bed4f3a', 'e6a05b40e185d52ed24b1098469b63132b5704b896d071b115fb2e541d9106c7');
INSERT INTO public.revision VALUES ('reading-3', 7, 'move', '6e6295e0-7c21-404a-8e8d-40d621510f99', '2.25.2.1.1', 7, 'undo', 'e20d751e-7666-4c04-b0e9-ce5e84402d13', '769c5294-2dab-4088-b6e0-8c27cd814418', 'Reader A', '2026-11-01T09:03:16.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"6e6295e0-7c21-404a-8e8d-40d621510f99","points":{"position":[301.5,220.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.2.1.1"}', 'e6a05b40e185d52ed24b1098469b63132b5704b896d071b115fb2e541d9106c7', 'c4039d26e32c5aadb50e51cf114e5b6149c64edde2e0358f83a21386a2971708');
INSERT INTO public.revision VALUES ('reading-3', 8, 'move', '6e6295e0-7c21-404a-8e8d-40d621510f99', '2.25.2.1.1', 7, 'redo', '273f9a8f-8e6d-4e89-bc8a-3e745a6a72ba', '769c5294-2dab-4088-b6e0-8c27cd814418', 'Reader A', '2026-11-01T09:03:23.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"6e6295e0-7c21-404a-8e8d-40d621510f99","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.2.1.1"}', 'c4039d26e32c5aadb50e51cf114e5b6149c64edde2e0358f83a21386a2971708', 'f903f305ad2d2f8aaff38e54fe7f0df6a9719761dfa7ac8bf8a6bf74c7b44013');
INSERT INTO public.revision VALUES ('reading-3', 9, 'delete', '6e6295e0-7c21-404a-8e8d-40d621510f99', '2.25.2.1.1', 7, 'edit', '08f3d1a1-f0b4-452a-b373-251ba9ff30f9', NULL, 'Reader A', '2026-11-01T09:03:30.000Z', 'fluoro-annotator 0.1', '{"frame_number":7,"kind":"target","mark_id":"6e6295e0-7c21-404a-8e8d-40d621510f99","points":{"position":[303.0,222.0]},"site":{"joints":["L4-L5","L5-S1"],"nerve":"L4_MB","side":"right","vertebra":"L5"},"sop_instance_uid":"2.25.2.1.1"}', 'f903f305ad2d2f8aaff38e54fe7f0df6a9719761dfa7ac8bf8a6bf74c7b44013', '2f37d111e401f5e8f150830044d68e9a18b444bfe25dcbc0881acd7f5317b3c1');


--
-- Data for Name: study; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.study VALUES (1, '2.25.1', '', '', '', '');
INSERT INTO public.study VALUES (2, '2.25.2', '0123456789abcdef0123456789abcdef', '2026-01-05', 'lumbar', 'C-arm');


--
-- Data for Name: study_entry; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.study_entry VALUES (1, '2.25.1', '2026-11-21T04:23:47.340Z', '', '', '', '');
INSERT INTO public.study_entry VALUES (2, '2.25.2', '2026-11-21T04:23:47.360Z', '0123456789abcdef0123456789abcdef', '2026-01-05', 'lumbar', 'C-arm');


--
-- Data for Name: tombstone; Type: TABLE DATA; Schema: public; Owner: store_owner
--

INSERT INTO public.tombstone VALUES (1, 'reading', 'reading-4', '2.25.2', 0, '0000000000000000000000000000000000000000000000000000000000000000', '2026-11-21T04:23:46.583Z', 'Reader C', 'made by mistake');


--
-- Name: grant_entry_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.grant_entry_entry_seq', 1, false);


--
-- Name: image_entry_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.image_entry_entry_seq', 3, true);


--
-- Name: meta_id_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.meta_id_seq', 1, false);


--
-- Name: reading_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.reading_entry_seq', 3, true);


--
-- Name: study_entry_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.study_entry_entry_seq', 2, true);


--
-- Name: tombstone_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: store_owner
--

SELECT pg_catalog.setval('public.tombstone_entry_seq', 1, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: current_record pk_current_record; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.current_record
    ADD CONSTRAINT pk_current_record PRIMARY KEY (reading_id, mark_id);


--
-- Name: grant_entry pk_grant_entry; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.grant_entry
    ADD CONSTRAINT pk_grant_entry PRIMARY KEY (entry);


--
-- Name: head pk_head; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.head
    ADD CONSTRAINT pk_head PRIMARY KEY (reading_id);


--
-- Name: image pk_image; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.image
    ADD CONSTRAINT pk_image PRIMARY KEY (study_uid, sop_instance_uid);


--
-- Name: image_entry pk_image_entry; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.image_entry
    ADD CONSTRAINT pk_image_entry PRIMARY KEY (entry);


--
-- Name: meta pk_meta; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.meta
    ADD CONSTRAINT pk_meta PRIMARY KEY (id);


--
-- Name: reading pk_reading; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.reading
    ADD CONSTRAINT pk_reading PRIMARY KEY (entry);


--
-- Name: revision pk_revision; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.revision
    ADD CONSTRAINT pk_revision PRIMARY KEY (reading_id, sequence);


--
-- Name: study pk_study; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.study
    ADD CONSTRAINT pk_study PRIMARY KEY (entry);


--
-- Name: study_entry pk_study_entry; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.study_entry
    ADD CONSTRAINT pk_study_entry PRIMARY KEY (entry);


--
-- Name: tombstone pk_tombstone; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.tombstone
    ADD CONSTRAINT pk_tombstone PRIMARY KEY (entry);


--
-- Name: reading uq_reading_reading_id; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.reading
    ADD CONSTRAINT uq_reading_reading_id UNIQUE (reading_id);


--
-- Name: study uq_study_uid; Type: CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.study
    ADD CONSTRAINT uq_study_uid UNIQUE (uid);


--
-- Name: ix_current_record_facts_of_reading; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_current_record_facts_of_reading ON public.current_record USING btree (reading_id, record_kind) WHERE (record_kind = ANY (ARRAY['plan_choice'::text, 'submission'::text]));


--
-- Name: ix_head_plan; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_head_plan ON public.head USING btree (plan);


--
-- Name: ix_head_study_uid; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_head_study_uid ON public.head USING btree (study_uid);


--
-- Name: ix_image_entry_study_uid_sop_instance_uid; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_image_entry_study_uid_sop_instance_uid ON public.image_entry USING btree (study_uid, sop_instance_uid);


--
-- Name: ix_image_sop_instance_uid; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_image_sop_instance_uid ON public.image USING btree (sop_instance_uid);


--
-- Name: ix_reading_reader; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_reading_reader ON public.reading USING btree (reader);


--
-- Name: ix_reading_study_uid_reader_purpose; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_reading_study_uid_reader_purpose ON public.reading USING btree (study_uid, reader, purpose);


--
-- Name: ix_revision_sop_instance_uid_frame_number; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_revision_sop_instance_uid_frame_number ON public.revision USING btree (sop_instance_uid, frame_number);


--
-- Name: ix_study_entry_uid; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_study_entry_uid ON public.study_entry USING btree (uid);


--
-- Name: ix_study_equipment; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_study_equipment ON public.study USING btree (equipment);


--
-- Name: ix_study_region; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_study_region ON public.study USING btree (region);


--
-- Name: ix_study_study_date; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_study_study_date ON public.study USING btree (study_date);


--
-- Name: ix_tombstone_subject; Type: INDEX; Schema: public; Owner: store_owner
--

CREATE INDEX ix_tombstone_subject ON public.tombstone USING btree (subject);


--
-- Name: grant_entry grant_entry_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER grant_entry_never_changes BEFORE DELETE OR UPDATE OR TRUNCATE ON public.grant_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: image_entry image_entry_added; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER image_entry_added AFTER INSERT ON public.image_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.image_entries_added();


--
-- Name: image_entry image_entry_deleted; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER image_entry_deleted BEFORE DELETE ON public.image_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_deletion_without_tombstone('study', 'study_uid');


--
-- Name: image_entry image_entry_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER image_entry_never_changes BEFORE UPDATE OR TRUNCATE ON public.image_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: reading reading_added; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER reading_added AFTER INSERT ON public.reading REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.readings_added();


--
-- Name: reading reading_deleted; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER reading_deleted BEFORE DELETE ON public.reading FOR EACH ROW EXECUTE FUNCTION public.refuse_deletion_without_tombstone('reading', 'reading_id');


--
-- Name: reading reading_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER reading_never_changes BEFORE UPDATE OR TRUNCATE ON public.reading FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: revision revision_added; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER revision_added AFTER INSERT ON public.revision REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.revisions_added();


--
-- Name: revision revision_deleted; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER revision_deleted BEFORE DELETE ON public.revision FOR EACH ROW EXECUTE FUNCTION public.refuse_deletion_without_tombstone('reading', 'reading_id');


--
-- Name: revision revision_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER revision_never_changes BEFORE UPDATE OR TRUNCATE ON public.revision FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: study_entry study_entry_added; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER study_entry_added AFTER INSERT ON public.study_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.study_entries_added();


--
-- Name: study_entry study_entry_deleted; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER study_entry_deleted BEFORE DELETE ON public.study_entry FOR EACH ROW EXECUTE FUNCTION public.refuse_deletion_without_tombstone('study', 'uid');


--
-- Name: study_entry study_entry_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER study_entry_never_changes BEFORE UPDATE OR TRUNCATE ON public.study_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: tombstone tombstone_never_changes; Type: TRIGGER; Schema: public; Owner: store_owner
--

CREATE TRIGGER tombstone_never_changes BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tombstone FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: current_record fk_current_record_reading_id; Type: FK CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.current_record
    ADD CONSTRAINT fk_current_record_reading_id FOREIGN KEY (reading_id) REFERENCES public.reading(reading_id);


--
-- Name: head fk_head_reading_id; Type: FK CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.head
    ADD CONSTRAINT fk_head_reading_id FOREIGN KEY (reading_id) REFERENCES public.reading(reading_id);


--
-- Name: reading fk_reading_study_uid; Type: FK CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.reading
    ADD CONSTRAINT fk_reading_study_uid FOREIGN KEY (study_uid) REFERENCES public.study(uid);


--
-- Name: revision fk_revision_reading_id; Type: FK CONSTRAINT; Schema: public; Owner: store_owner
--

ALTER TABLE ONLY public.revision
    ADD CONSTRAINT fk_revision_reading_id FOREIGN KEY (reading_id) REFERENCES public.reading(reading_id);


--
-- Name: current_record; Type: ROW SECURITY; Schema: public; Owner: store_owner
--

ALTER TABLE public.current_record ENABLE ROW LEVEL SECURITY;

--
-- Name: current_record current_record_seen; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY current_record_seen ON public.current_record FOR SELECT USING ((( SELECT public.sees_everything() AS sees_everything) OR (EXISTS ( SELECT
   FROM public.reading r
  WHERE (r.reading_id = current_record.reading_id)))));


--
-- Name: head; Type: ROW SECURITY; Schema: public; Owner: store_owner
--

ALTER TABLE public.head ENABLE ROW LEVEL SECURITY;

--
-- Name: head head_seen; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY head_seen ON public.head FOR SELECT USING ((( SELECT public.sees_everything() AS sees_everything) OR (EXISTS ( SELECT
   FROM public.reading r
  WHERE (r.reading_id = head.reading_id)))));


--
-- Name: reading; Type: ROW SECURITY; Schema: public; Owner: store_owner
--

ALTER TABLE public.reading ENABLE ROW LEVEL SECURITY;

--
-- Name: reading reading_begun; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY reading_begun ON public.reading FOR INSERT WITH CHECK (((reader = SESSION_USER) AND (((role = 'attending'::text) AND (purpose <> 'audit'::text) AND public.holds('attending'::text)) OR ((role = 'trainee'::text) AND (purpose = ANY (ARRAY['practice'::text, 'procedure'::text])) AND public.holds('trainee'::text)))));


--
-- Name: reading reading_seen; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY reading_seen ON public.reading FOR SELECT USING ((( SELECT public.sees_everything() AS sees_everything) OR (reader = SESSION_USER) OR ((purpose = 'reference'::text) AND public.has_earned(reading_id))));


--
-- Name: revision; Type: ROW SECURITY; Schema: public; Owner: store_owner
--

ALTER TABLE public.revision ENABLE ROW LEVEL SECURITY;

--
-- Name: revision revision_added; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY revision_added ON public.revision FOR INSERT WITH CHECK (((author = SESSION_USER) AND (EXISTS ( SELECT
   FROM public.reading r
  WHERE ((r.reading_id = revision.reading_id) AND (r.reader = SESSION_USER))))));


--
-- Name: revision revision_seen; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY revision_seen ON public.revision FOR SELECT USING ((( SELECT public.sees_everything() AS sees_everything) OR (EXISTS ( SELECT
   FROM public.reading r
  WHERE (r.reading_id = revision.reading_id)))));


--
-- Name: tombstone; Type: ROW SECURITY; Schema: public; Owner: store_owner
--

ALTER TABLE public.tombstone ENABLE ROW LEVEL SECURITY;

--
-- Name: tombstone tombstone_seen; Type: POLICY; Schema: public; Owner: store_owner
--

CREATE POLICY tombstone_seen ON public.tombstone FOR SELECT USING (( SELECT public.sees_everything() AS sees_everything));


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fluoro_trainee;
GRANT USAGE ON SCHEMA public TO fluoro_attending;
GRANT USAGE ON SCHEMA public TO fluoro_auditor;
GRANT USAGE ON SCHEMA public TO fluoro_administrator;


--
-- Name: FUNCTION grant_role(login text, role text, verifier text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.grant_role(login text, role text, verifier text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.grant_role(login text, role text, verifier text) TO fluoro_administrator;


--
-- Name: FUNCTION has_earned(reference text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.has_earned(reference text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_earned(reference text) TO fluoro_trainee;
GRANT ALL ON FUNCTION public.has_earned(reference text) TO fluoro_attending;
GRANT ALL ON FUNCTION public.has_earned(reference text) TO fluoro_auditor;
GRANT ALL ON FUNCTION public.has_earned(reference text) TO fluoro_administrator;


--
-- Name: FUNCTION holds(name text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.holds(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.holds(name text) TO fluoro_trainee;
GRANT ALL ON FUNCTION public.holds(name text) TO fluoro_attending;
GRANT ALL ON FUNCTION public.holds(name text) TO fluoro_auditor;
GRANT ALL ON FUNCTION public.holds(name text) TO fluoro_administrator;


--
-- Name: FUNCTION image_entries_added(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.image_entries_added() FROM PUBLIC;


--
-- Name: FUNCTION is_day(value text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.is_day(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_day(value text) TO fluoro_trainee;
GRANT ALL ON FUNCTION public.is_day(value text) TO fluoro_attending;


--
-- Name: FUNCTION is_plain(value text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.is_plain(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_plain(value text) TO fluoro_trainee;
GRANT ALL ON FUNCTION public.is_plain(value text) TO fluoro_attending;


--
-- Name: FUNCTION is_time(value text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.is_time(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_time(value text) TO fluoro_trainee;
GRANT ALL ON FUNCTION public.is_time(value text) TO fluoro_attending;


--
-- Name: FUNCTION present_time(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.present_time() FROM PUBLIC;


--
-- Name: FUNCTION purge_reading(reading_id text, reason text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.purge_reading(reading_id text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.purge_reading(reading_id text, reason text) TO fluoro_administrator;


--
-- Name: FUNCTION purge_study(uid text, reason text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.purge_study(uid text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.purge_study(uid text, reason text) TO fluoro_administrator;


--
-- Name: FUNCTION readings_added(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.readings_added() FROM PUBLIC;


--
-- Name: FUNCTION refuse_beyond_submission(concerned text, sequences integer[], marks text[], kinds text[], record_kinds text[]); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.refuse_beyond_submission(concerned text, sequences integer[], marks text[], kinds text[], record_kinds text[]) FROM PUBLIC;


--
-- Name: FUNCTION refuse_change(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.refuse_change() FROM PUBLIC;


--
-- Name: FUNCTION refuse_deletion_without_tombstone(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.refuse_deletion_without_tombstone() FROM PUBLIC;


--
-- Name: FUNCTION refuse_grant(problem text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.refuse_grant(problem text) FROM PUBLIC;


--
-- Name: FUNCTION refuse_login(login text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.refuse_login(login text) FROM PUBLIC;


--
-- Name: FUNCTION require_administrator(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.require_administrator() FROM PUBLIC;


--
-- Name: FUNCTION revisions_added(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.revisions_added() FROM PUBLIC;


--
-- Name: FUNCTION revoke_role(login text, role text); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.revoke_role(login text, role text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.revoke_role(login text, role text) TO fluoro_administrator;


--
-- Name: FUNCTION sees_everything(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.sees_everything() FROM PUBLIC;
GRANT ALL ON FUNCTION public.sees_everything() TO fluoro_trainee;
GRANT ALL ON FUNCTION public.sees_everything() TO fluoro_attending;
GRANT ALL ON FUNCTION public.sees_everything() TO fluoro_auditor;
GRANT ALL ON FUNCTION public.sees_everything() TO fluoro_administrator;


--
-- Name: FUNCTION study_entries_added(); Type: ACL; Schema: public; Owner: store_owner
--

REVOKE ALL ON FUNCTION public.study_entries_added() FROM PUBLIC;


--
-- Name: TABLE current_record; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.current_record TO fluoro_trainee;
GRANT SELECT ON TABLE public.current_record TO fluoro_attending;
GRANT SELECT ON TABLE public.current_record TO fluoro_auditor;
GRANT SELECT ON TABLE public.current_record TO fluoro_administrator;


--
-- Name: TABLE grant_entry; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.grant_entry TO fluoro_auditor;
GRANT SELECT ON TABLE public.grant_entry TO fluoro_administrator;


--
-- Name: TABLE head; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.head TO fluoro_trainee;
GRANT SELECT ON TABLE public.head TO fluoro_attending;
GRANT SELECT ON TABLE public.head TO fluoro_auditor;
GRANT SELECT ON TABLE public.head TO fluoro_administrator;


--
-- Name: TABLE image; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.image TO fluoro_trainee;
GRANT SELECT ON TABLE public.image TO fluoro_attending;
GRANT SELECT ON TABLE public.image TO fluoro_auditor;
GRANT SELECT ON TABLE public.image TO fluoro_administrator;


--
-- Name: TABLE image_entry; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.image_entry TO fluoro_trainee;
GRANT SELECT ON TABLE public.image_entry TO fluoro_attending;
GRANT SELECT ON TABLE public.image_entry TO fluoro_auditor;
GRANT SELECT ON TABLE public.image_entry TO fluoro_administrator;


--
-- Name: COLUMN image_entry.saved_at; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(saved_at) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(saved_at) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.study_uid; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(study_uid) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(study_uid) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.sop_instance_uid; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(sop_instance_uid) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(sop_instance_uid) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.series_uid; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(series_uid) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(series_uid) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.rows; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(rows) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(rows) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.columns; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(columns) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(columns) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.frames; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(frames) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(frames) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.modality; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(modality) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(modality) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.view; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(view) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(view) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.calibration_source; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(calibration_source) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(calibration_source) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.row_mm; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(row_mm) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(row_mm) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.column_mm; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(column_mm) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(column_mm) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.relative_error; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(relative_error) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(relative_error) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: COLUMN image_entry.calibration_note; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(calibration_note) ON TABLE public.image_entry TO fluoro_trainee;
GRANT INSERT(calibration_note) ON TABLE public.image_entry TO fluoro_attending;


--
-- Name: SEQUENCE image_entry_entry_seq; Type: ACL; Schema: public; Owner: store_owner
--

GRANT USAGE ON SEQUENCE public.image_entry_entry_seq TO fluoro_trainee;
GRANT USAGE ON SEQUENCE public.image_entry_entry_seq TO fluoro_attending;


--
-- Name: TABLE meta; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.meta TO fluoro_trainee;
GRANT SELECT ON TABLE public.meta TO fluoro_attending;
GRANT SELECT ON TABLE public.meta TO fluoro_auditor;
GRANT SELECT ON TABLE public.meta TO fluoro_administrator;


--
-- Name: TABLE reading; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.reading TO fluoro_trainee;
GRANT SELECT ON TABLE public.reading TO fluoro_attending;
GRANT SELECT ON TABLE public.reading TO fluoro_auditor;
GRANT SELECT ON TABLE public.reading TO fluoro_administrator;


--
-- Name: COLUMN reading.reading_id; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(reading_id) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(reading_id) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.study_uid; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(study_uid) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(study_uid) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.reader; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(reader) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(reader) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.purpose; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(purpose) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(purpose) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.role; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(role) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(role) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.started_at; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(started_at) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(started_at) ON TABLE public.reading TO fluoro_attending;


--
-- Name: COLUMN reading.hash; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(hash) ON TABLE public.reading TO fluoro_trainee;
GRANT INSERT(hash) ON TABLE public.reading TO fluoro_attending;


--
-- Name: SEQUENCE reading_entry_seq; Type: ACL; Schema: public; Owner: store_owner
--

GRANT USAGE ON SEQUENCE public.reading_entry_seq TO fluoro_trainee;
GRANT USAGE ON SEQUENCE public.reading_entry_seq TO fluoro_attending;


--
-- Name: TABLE revision; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT,INSERT ON TABLE public.revision TO fluoro_trainee;
GRANT SELECT,INSERT ON TABLE public.revision TO fluoro_attending;
GRANT SELECT ON TABLE public.revision TO fluoro_auditor;
GRANT SELECT ON TABLE public.revision TO fluoro_administrator;


--
-- Name: TABLE study; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.study TO fluoro_trainee;
GRANT SELECT ON TABLE public.study TO fluoro_attending;
GRANT SELECT ON TABLE public.study TO fluoro_auditor;
GRANT SELECT ON TABLE public.study TO fluoro_administrator;


--
-- Name: TABLE study_entry; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.study_entry TO fluoro_trainee;
GRANT SELECT ON TABLE public.study_entry TO fluoro_attending;
GRANT SELECT ON TABLE public.study_entry TO fluoro_auditor;
GRANT SELECT ON TABLE public.study_entry TO fluoro_administrator;


--
-- Name: COLUMN study_entry.uid; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(uid) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(uid) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: COLUMN study_entry.saved_at; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(saved_at) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(saved_at) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: COLUMN study_entry.pseudonym; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(pseudonym) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(pseudonym) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: COLUMN study_entry.study_date; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(study_date) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(study_date) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: COLUMN study_entry.region; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(region) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(region) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: COLUMN study_entry.equipment; Type: ACL; Schema: public; Owner: store_owner
--

GRANT INSERT(equipment) ON TABLE public.study_entry TO fluoro_trainee;
GRANT INSERT(equipment) ON TABLE public.study_entry TO fluoro_attending;


--
-- Name: SEQUENCE study_entry_entry_seq; Type: ACL; Schema: public; Owner: store_owner
--

GRANT USAGE ON SEQUENCE public.study_entry_entry_seq TO fluoro_trainee;
GRANT USAGE ON SEQUENCE public.study_entry_entry_seq TO fluoro_attending;


--
-- Name: TABLE tombstone; Type: ACL; Schema: public; Owner: store_owner
--

GRANT SELECT ON TABLE public.tombstone TO fluoro_trainee;
GRANT SELECT ON TABLE public.tombstone TO fluoro_attending;
GRANT SELECT ON TABLE public.tombstone TO fluoro_auditor;
GRANT SELECT ON TABLE public.tombstone TO fluoro_administrator;


--
-- PostgreSQL database dump complete
--


