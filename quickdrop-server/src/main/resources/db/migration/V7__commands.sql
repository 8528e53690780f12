-- Orders to desktops, from before their desktop is told of them until a day after they ended.
-- number: the order in which a desktop's commands were added; the row of the desktop is locked while one is.
-- state moves only onwards: 'pending' (its desktop was not told), 'delivered' (it is being told until it answers), and the three ends.
-- delivered_epoch: the registration that it was first claimed for. delivered_again: 1 if only agents with a journal were told of it, so
-- that it may be sent again.
-- instance: who holds what the result is about, a screenshot's file.
CREATE TABLE commands (
    id              TEXT   NOT NULL PRIMARY KEY,
    client_id       TEXT   NOT NULL,
    number          BIGINT NOT NULL,
    idempotency_key TEXT,
    asked_by        TEXT   NOT NULL,
    command_type    TEXT   NOT NULL,
    command_data    TEXT   NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN ('pending', 'delivered', 'completed', 'failed', 'expired')),
    created_ts      BIGINT NOT NULL,
    expires_ts      BIGINT NOT NULL,
    delivered_ts    BIGINT,
    delivered_epoch BIGINT,
    delivered_again BIGINT CHECK (delivered_again IN (0, 1)),
    ended_ts        BIGINT,
    result          TEXT,
    error           TEXT,
    instance        TEXT,
    CHECK ((ended_ts IS NULL) = (state IN ('pending', 'delivered'))),
    CHECK ((delivered_ts IS NULL) = (delivered_epoch IS NULL))
);

CREATE UNIQUE INDEX commands_of_desktop ON commands (client_id, number);
CREATE UNIQUE INDEX commands_key ON commands (client_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX commands_open ON commands (client_id, number) WHERE ended_ts IS NULL;
CREATE INDEX commands_pending ON commands (client_id) WHERE state = 'pending';
CREATE INDEX commands_expiry ON commands (state, expires_ts) WHERE ended_ts IS NULL;
CREATE INDEX commands_ended ON commands (ended_ts) WHERE ended_ts IS NOT NULL;
