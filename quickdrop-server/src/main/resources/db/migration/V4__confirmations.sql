-- Recordings whose sender has stated this SHA-256, computed on its own from its own bytes, and was told that the recording has it.
CREATE TABLE confirmations (
    recording_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    confirmed_ts BIGINT NOT NULL
);
