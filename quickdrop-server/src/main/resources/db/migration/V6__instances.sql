-- The server processes that share this store; one on its own is one as well. An instance writes seen_ts every few seconds,
-- naming its incarnation; left_ts is set when it says goodbye, or by another that has not heard of it for long: from then on
-- its writes match no row, and it has to begin anew with a higher incarnation.
-- url: how the others and agents reach it; pin: SHA-256 of its authority's public key; storage: which output folder it
-- writes, the same for instances that share one.
CREATE TABLE instances (
    id           TEXT   NOT NULL PRIMARY KEY,
    incarnation  BIGINT NOT NULL CHECK (incarnation > 0),
    name         TEXT   NOT NULL,
    url          TEXT   NOT NULL,
    pin          TEXT   NOT NULL,
    storage      TEXT   NOT NULL,
    started_ts   BIGINT NOT NULL,
    seen_ts      BIGINT NOT NULL,
    left_ts      BIGINT,
    said_goodbye BIGINT NOT NULL DEFAULT 0 CHECK (said_goodbye IN (0, 1))
);

-- Where a desktop is connected; NULL: nowhere. It counts only while that instance's left_ts is NULL.
ALTER TABLE desktops ADD COLUMN owner_instance TEXT;
CREATE INDEX desktops_owned ON desktops (owner_instance) WHERE owner_instance IS NOT NULL;

-- What one instance at a time does for all, and when it was done last. not_before: nothing is done until then, since the
-- store was away and the living must first be heard.
CREATE TABLE chores (
    name       TEXT   NOT NULL PRIMARY KEY,
    instance   TEXT   NOT NULL,
    done_ts    BIGINT NOT NULL,
    not_before BIGINT NOT NULL
);
