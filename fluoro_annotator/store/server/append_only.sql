-- What was said stays: nobody changes it, the owner of the tables included. Rows go only when a
-- tombstone was put in their place in the same transaction.

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'FA001',
        MESSAGE = format('rows of %s are never changed, deleted or truncated', TG_TABLE_NAME);
END $$;

-- Arguments: kind of the tombstone, and the column that holds its subject. A tombstone counts if this very
-- transaction has written it: xmin is the transaction of a row.
CREATE FUNCTION refuse_deletion_without_tombstone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

CREATE TRIGGER revision_never_changes BEFORE UPDATE OR TRUNCATE ON revision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reading_never_changes BEFORE UPDATE OR TRUNCATE ON reading
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER study_entry_never_changes BEFORE UPDATE OR TRUNCATE ON study_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER image_entry_never_changes BEFORE UPDATE OR TRUNCATE ON image_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tombstone_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER grant_entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON grant_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER revision_deleted BEFORE DELETE ON revision
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_without_tombstone('reading', 'reading_id');
CREATE TRIGGER reading_deleted BEFORE DELETE ON reading
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_without_tombstone('reading', 'reading_id');
CREATE TRIGGER study_entry_deleted BEFORE DELETE ON study_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_without_tombstone('study', 'uid');
CREATE TRIGGER image_entry_deleted BEFORE DELETE ON image_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_without_tombstone('study', 'study_uid');
