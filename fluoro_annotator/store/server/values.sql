-- What may be kept has a form that the program can read again. Everybody with a login could otherwise add one row
-- with another program that hinders all others from listing or opening what they have.

-- Written with arithmetic: a text that becomes a date is read as the session says.
CREATE FUNCTION is_day(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND left(value, 4) <> '0000'
        THEN substr(value, 9, 2)::integer <= extract(day FROM (
            make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1) + interval '1 month' - interval '1 day'
        ))
        ELSE false
    END
$$;

CREATE FUNCTION is_time(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z$'
        THEN public.is_day(left(value, 10)) -- also while a dump is read back, without a search path
        ELSE false
    END
$$;

-- A text without characters that cannot be shown.
CREATE FUNCTION is_plain(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT value !~ '[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uE000-\uF8FF\uFEFF\uFFF9-\uFFFB]'
$$;

ALTER TABLE study_entry
    ADD CONSTRAINT study_entry_can_be_read CHECK (
        uid <> '' AND is_plain(uid)
        AND pseudonym ~ '^([0-9a-f]{32})?$'
        AND (study_date = '' OR is_day(study_date))
        AND region IN ('', 'cervical', 'thoracic', 'lumbar', 'sacral')
        AND char_length(equipment) <= 100 AND is_plain(equipment)
    );

-- The order of the numbers puts NaN above Infinity.
ALTER TABLE image_entry
    ADD CONSTRAINT image_entry_can_be_read CHECK (
        sop_instance_uid <> '' AND is_plain(sop_instance_uid)
        AND series_uid <> '' AND is_plain(series_uid)
        AND rows >= 1 AND columns >= 1 AND frames >= 1
        AND CASE calibration_source
            WHEN 'none' THEN row_mm IS NULL AND column_mm IS NULL
            ELSE row_mm IS NOT NULL AND row_mm > 0 AND row_mm < 'Infinity'
                AND column_mm IS NOT NULL AND column_mm > 0 AND column_mm < 'Infinity'
        END
        AND (relative_error IS NULL OR (relative_error >= 0 AND relative_error < 'Infinity'))
        AND calibration_source IN (
            'known_length', 'instrument_width', 'pixel_spacing_fiducial', 'pixel_spacing_geometry',
            'imager_pixel_spacing_with_magnification', 'detector_plane', 'pixel_spacing_of_unknown_origin', 'none'
        )
    );

ALTER TABLE reading
    ADD CONSTRAINT reading_can_be_read CHECK (
        reading_id <> '' AND is_plain(reading_id)
        AND purpose IN ('reference', 'practice', 'procedure', 'review', 'audit')
        AND role IN ('not_stated', 'trainee', 'attending', 'auditor')
        AND is_time(started_at)
    );

-- The content is a record of the program, of which the server looks at the kind alone.
ALTER TABLE revision
    ADD CONSTRAINT revision_can_be_read CHECK (
        kind IN ('add', 'move', 'relabel', 'delete', 'restore', 'change')
        AND cause IN ('edit', 'undo', 'redo', 'import')
        AND (cause IN ('undo', 'redo')) = (concerns IS NOT NULL)
        AND frame_number >= 0
        AND mark_id <> '' AND action_id <> ''
        AND is_plain(mark_id || action_id || client || coalesce(concerns, ''))
        AND is_time(recorded_at)
        AND coalesce(content::json ->> 'kind', '') ~ '^[a-z][a-z_]{0,39}$'
    );
