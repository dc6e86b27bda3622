-- The four roles are groups of the whole server ("cluster"). Stores in several databases of one server share
-- them: whoever is an attending in one is an attending in all of them.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['fluoro_trainee', 'fluoro_attending', 'fluoro_auditor', 'fluoro_administrator'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another store of this server has made it
        END;
    END LOOP;
END $$;
