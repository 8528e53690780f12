-- Desktops that registered. A removed one keeps its row, so that its epochs go on from where they were: an epoch never
-- means two registrations.
CREATE TABLE desktops (
    client_id     TEXT   NOT NULL PRIMARY KEY,
    epoch         BIGINT NOT NULL CHECK (epoch > 0),
    generation    BIGINT NOT NULL CHECK (generation IN (1, 2)),
    client_type   TEXT   NOT NULL,
    friendly_name TEXT,
    hostname      TEXT,
    monitors      TEXT   NOT NULL,
    codecs        TEXT   NOT NULL,
    capabilities  TEXT   NOT NULL,
    registered_ts BIGINT NOT NULL,
    last_seen_ts  BIGINT NOT NULL,
    removed_ts    BIGINT
);

-- Keys of agents, by the fingerprint of their public half. One key speaks for one desktop, and one desktop has one key that is
-- not revoked; a revoked one keeps its row, so that its agent can be told why it is refused.
CREATE TABLE agent_keys (
    fingerprint TEXT   NOT NULL PRIMARY KEY,
    client_id   TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    enrolled_ts BIGINT NOT NULL,
    revoked_ts  BIGINT
);

CREATE UNIQUE INDEX agent_keys_holder ON agent_keys (client_id) WHERE revoked_ts IS NULL;
