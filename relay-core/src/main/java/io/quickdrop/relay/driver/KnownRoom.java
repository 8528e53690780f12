package io.quickdrop.relay.driver;

import io.quickdrop.protocol.Message;
import io.quickdrop.protocol.UploadMessage.Progress;
import io.quickdrop.relay.driver.threads.Workers;
import java.time.Duration;
import java.time.Instant;

/** The room on the store's disk as it was a moment ago, for those who must not wait for a disk. Safe on any thread. */
final class KnownRoom {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final RecordingStore store;
    private final Workers workers;
    private Instant nextLook = Instant.MIN;
    private volatile long freeBytes = -1;

    KnownRoom(RecordingStore store, Workers workers) {
        this.store = store;
        this.workers = workers;
    }

    /** The same message, and if it is progress, with the room that is known; looks again for the next one. */
    Message with(Message message) {
        if (!(message instanceof Progress progress)) {
            return message;
        }
        lookNowAndThen();
        long known = freeBytes;
        return known < 0 ? progress : new Progress(progress.sessionId(), progress.bytes(), progress.chunks(), known);
    }

    private synchronized void lookNowAndThen() {
        Instant now = workers.now();
        if (!now.isBefore(nextLook)) {
            nextLook = now.plus(LOOK_EVERY);
            workers.storage().execute(() -> freeBytes = store.freeBytes());
        }
    }
}
