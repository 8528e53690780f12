-- One schema for SQLite and PostgreSQL: ids are made by the application, times are milliseconds since 1970,
-- truth values are 0 or 1.

CREATE TABLE store_info (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Sessions that were begun and have not ended. committed_offset is the one truth about what is acknowledged: it is
-- committed after the bytes below it were forced, and what the file holds behind it does not count.
-- owner_instance and owner_epoch fence: a write that names an older epoch matches no row.
-- state 'finalizing': the bytes are verified and end under final_name; start-up completes that.
-- final_reserved: an empty file may stand under final_name and is ours.
CREATE TABLE uploads (
    session_id       TEXT   NOT NULL PRIMARY KEY,
    device           TEXT   NOT NULL,
    owner_instance   TEXT   NOT NULL,
    owner_epoch      BIGINT NOT NULL,
    state            TEXT   NOT NULL CHECK (state IN ('receiving', 'finalizing')),
    part_file        TEXT   NOT NULL,
    committed_offset BIGINT NOT NULL CHECK (committed_offset >= 0),
    chunks           BIGINT NOT NULL CHECK (chunks >= 0),
    mime             TEXT   NOT NULL,
    ext              TEXT   NOT NULL,
    label            TEXT,
    ts               BIGINT NOT NULL,
    total_bytes      BIGINT,
    final_name       TEXT,
    final_sha256     TEXT,
    final_partial    BIGINT NOT NULL DEFAULT 0 CHECK (final_partial IN (0, 1)),
    final_reserved   BIGINT NOT NULL DEFAULT 0 CHECK (final_reserved IN (0, 1)),
    begun_ts         BIGINT NOT NULL,
    changed_ts       BIGINT NOT NULL,
    CHECK ((state = 'finalizing') = (final_name IS NOT NULL))
);

CREATE UNIQUE INDEX uploads_final_name ON uploads (final_name) WHERE final_name IS NOT NULL;

-- Recordings that ended. A row outlives its file, so that a phone that asks again after 'saved' was lost is told
-- 'saved' and does not send everything again.
-- state: 'kept' (file in the output folder), 'missing' (somebody took it away; comes back with the file), 'trashing'
-- and 'restoring' (a move was begun and start-up completes it), 'trashed' (file in the trash), 'removed' (no file).
CREATE TABLE recordings (
    id         TEXT   NOT NULL PRIMARY KEY,
    device     TEXT   NOT NULL,
    state      TEXT   NOT NULL
               CHECK (state IN ('kept', 'missing', 'trashing', 'trashed', 'restoring', 'removed')),
    file_name  TEXT   NOT NULL,
    bytes      BIGINT NOT NULL,
    chunks     BIGINT NOT NULL,
    mime       TEXT   NOT NULL,
    ext        TEXT   NOT NULL,
    label      TEXT,
    ms         BIGINT,
    ts         BIGINT NOT NULL,
    begun_ts   BIGINT NOT NULL,
    saved_ts   BIGINT NOT NULL,
    is_partial BIGINT NOT NULL CHECK (is_partial IN (0, 1)),
    sha256     TEXT,
    gaps       TEXT   NOT NULL DEFAULT '[]',
    trash_name TEXT,
    deleted_ts BIGINT
);

CREATE UNIQUE INDEX recordings_kept_name ON recordings (file_name) WHERE state = 'kept';
CREATE INDEX recordings_newest ON recordings (saved_ts DESC, id DESC) WHERE state = 'kept';
CREATE INDEX recordings_other_state ON recordings (state) WHERE state <> 'kept';

-- Paired phones. A revoked one keeps its row, so that its recordings keep the name of who sent them.
CREATE TABLE devices (
    id           TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    key_hash     TEXT   NOT NULL UNIQUE,
    paired_ts    BIGINT NOT NULL,
    last_seen_ts BIGINT NOT NULL,
    revoked_ts   BIGINT
);
