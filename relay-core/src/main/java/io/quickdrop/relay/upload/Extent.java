package io.quickdrop.relay.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a recording reaches, in two senses, and when the one must catch up with the other.
 *
 * <p>Invariant: {@code 0 <= durable <= received}; durable never falls.
 */
final class Extent {
    private final long forceBytes;
    private final Duration forceDelay;

    private long received;
    private long durable;
    private boolean forcing;
    private @Nullable Instant oldestWaiting;

    Extent(long forceBytes, Duration forceDelay) {
        this.forceBytes = forceBytes;
        this.forceDelay = forceDelay;
    }

    /** Bytes handed to the store, in order and without gaps. */
    long received() {
        return received;
    }

    /** Bytes that survive a power cut. */
    long durable() {
        return durable;
    }

    boolean isAllDurable() {
        return received == durable && !forcing;
    }

    /** The store has the recording open; bytes that were handed over before its answer (v1) lie behind. */
    void opened(long durableBytes) {
        received += durableBytes - durable;
        durable = durableBytes;
    }

    void took(long bytes, Instant now) {
        received += bytes;
        if (oldestWaiting == null) {
            oldestWaiting = now;
        }
    }

    void forced(long durableBytes) {
        if (durableBytes < durable || durableBytes > received) {
            throw new AssertionError("store forced " + durableBytes + "; expected " + durable + " to " + received);
        }
        durable = durableBytes;
        forcing = false;
    }

    /** What was not durable is gone; orders in flight are void. */
    void lostTail() {
        received = durable;
        forcing = false;
        oldestWaiting = null;
    }

    /** The store works again, from here. A save that failed half-way may have forced more than we knew. */
    void rewound(long durableBytes) {
        if (durableBytes < durable) {
            throw new AssertionError("store went back to " + durableBytes + ", acknowledged were " + durable);
        }
        durable = durableBytes;
        received = durableBytes;
    }

    /** The recording is whole and on the disk. */
    void allSaved(long bytes) {
        durable = bytes;
        lostTail();
    }

    /** Whether a force is to be ordered now; the caller then calls {@link #forcing}. */
    boolean mustForce(Instant now) {
        return forceDue().filter(due -> !now.isBefore(due)).isPresent()
                || (!forcing && received - durable >= forceBytes);
    }

    boolean canForce() {
        return !forcing && received > durable;
    }

    void forcing() {
        forcing = true;
        oldestWaiting = null;
    }

    Optional<Instant> forceDue() {
        return !forcing && received > durable && oldestWaiting != null
                ? Optional.of(oldestWaiting.plus(forceDelay))
                : Optional.empty();
    }
}
