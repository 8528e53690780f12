package io.quickdrop.relay.upload;

import java.time.Duration;

/**
 * The bounds of an upload session at the server.
 *
 * @param maxRecordingBytes longest recording
 * @param forceBytes force at the latest when this many bytes are not durable
 * @param forceDelay force at the latest when a byte has waited this long
 * @param retention how long a session without an owner is kept before it becomes a partial recording
 * @param storageRetry how long to wait before trying a store again that was full or failed
 * @param endPatience how long an {@code end} of v1 waits for bytes that are still on their way
 * @param keepAlive how often {@code progress} is repeated, so that a phone whose bytes wait for a slow disk hears us
 */
public record SessionConfig(
        long maxRecordingBytes,
        long forceBytes,
        Duration forceDelay,
        Duration retention,
        Duration storageRetry,
        Duration endPatience,
        Duration keepAlive) {
    /** @throws IllegalArgumentException if a bound is not positive */
    public SessionConfig {
        if (maxRecordingBytes < 1 || forceBytes < 1) {
            throw new IllegalArgumentException("maxRecordingBytes " + maxRecordingBytes + ", forceBytes " + forceBytes
                    + ": both must be at least 1");
        }
        for (Duration duration : new Duration[] {forceDelay, retention, storageRetry, endPatience, keepAlive}) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("found " + duration + "; every duration must be positive");
            }
        }
    }

    /** The same, with another time for sessions without an owner. */
    public SessionConfig withRetention(Duration other) {
        return new SessionConfig(
                maxRecordingBytes, forceBytes, forceDelay, other, storageRetry, endPatience, keepAlive);
    }

    /**
     * 1 TiB a recording; forced each MiB or 100 ms, which costs a phone's uplink nothing and keeps its memory small; a
     * week to come back; a full disk looked at every 2 s; the 20 s of v1; repeated progress well within the 15 s after
     * which a client thinks us dead.
     */
    public static SessionConfig defaults() {
        return new SessionConfig(
                1L << 40,
                1 << 20,
                Duration.ofMillis(100),
                Duration.ofDays(7),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofSeconds(4));
    }
}
