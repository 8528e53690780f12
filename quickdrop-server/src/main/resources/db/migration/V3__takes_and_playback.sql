-- Which part of a take an upload or recording is; all four are NULL for what is none.
ALTER TABLE uploads ADD COLUMN take_id TEXT;
ALTER TABLE uploads ADD COLUMN take_index BIGINT;
ALTER TABLE uploads ADD COLUMN take_gap_ms BIGINT;
ALTER TABLE uploads ADD COLUMN take_cause TEXT;
ALTER TABLE recordings ADD COLUMN take_id TEXT;
ALTER TABLE recordings ADD COLUMN take_index BIGINT;
ALTER TABLE recordings ADD COLUMN take_gap_ms BIGINT;
ALTER TABLE recordings ADD COLUMN take_cause TEXT;

CREATE INDEX recordings_take ON recordings (take_id, take_index) WHERE take_id IS NOT NULL;

-- What was made of a recording for playing. playback_state: 'waiting', 'working', 'ready' (the file in the output folder is
-- the repaired one, with these bytes and this hash; bytes and sha256 stay those of what was received) or 'as_received'
-- (it could not be made, playback_note says why). NULL for what is never repaired. 'working' with playback_bytes: the
-- repaired file is about to take the final name, or has it already; start-up finds out which.
ALTER TABLE recordings ADD COLUMN playback_state TEXT
    CHECK (playback_state IN ('waiting', 'working', 'ready', 'as_received'));
ALTER TABLE recordings ADD COLUMN playback_bytes BIGINT;
ALTER TABLE recordings ADD COLUMN playback_sha256 TEXT;
ALTER TABLE recordings ADD COLUMN playback_note TEXT;
ALTER TABLE recordings ADD COLUMN playback_ts BIGINT;
ALTER TABLE recordings ADD COLUMN poster_name TEXT;

CREATE INDEX recordings_to_repair ON recordings (playback_state) WHERE playback_state IN ('waiting', 'working');
