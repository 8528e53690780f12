package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;

/** Lets calls of an {@link InMemoryRecordingStore} fail, for tests and simulations of broken devices. */
@FunctionalInterface
public interface StoreFault {
    /** Nothing fails. */
    StoreFault NONE = (call, id) -> {};

    /** A call of the store or of one of its recordings. */
    enum Call {
        OPEN,
        APPEND,
        MATCHES,
        FORCE,
        REWIND,
        REPLACE,
        HASHES,
        SAVE,
        KEEP_PARTIAL,
        DISCARD
    }

    /** Asked before the call does anything; throws to let it fail. */
    void before(Call call, SessionId id) throws StorageException;
}
