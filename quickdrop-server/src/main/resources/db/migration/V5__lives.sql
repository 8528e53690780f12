-- How long sessions without an owner and partial recordings have waited, counted in the store's own running time, which no
-- wall clock changes: since_ms is that time at the beginning of the wait. The running time itself is in store_info.
-- state: 'session' (an upload waits for its sender), 'waiting' (a partial recording waits), 'kept' (the operator wants it for ever), 'expired' (put into the trash because its time was over).
CREATE TABLE lives (
    id       TEXT   NOT NULL PRIMARY KEY,
    since_ms BIGINT NOT NULL CHECK (since_ms >= 0),
    state    TEXT   NOT NULL CHECK (state IN ('session', 'waiting', 'kept', 'expired'))
);
