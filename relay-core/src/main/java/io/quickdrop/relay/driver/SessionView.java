package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import io.quickdrop.relay.upload.SessionPhase;
import org.jspecify.annotations.Nullable;

/**
 * An open session as it stood at one moment.
 *
 * @param durableBytes bytes that survive a power cut
 * @param chunks binary messages received
 * @param durationMs how long it plays, milliseconds, where its {@code end} has said so
 */
public record SessionView(
        SessionId id,
        String device,
        Description description,
        String fileName,
        SessionPhase phase,
        long durableBytes,
        long chunks,
        @Nullable Long durationMs) {
    /** Whether nothing more will come: the recording is saved, or there is none. */
    public boolean isOver() {
        return phase == SessionPhase.SAVED || phase == SessionPhase.GONE;
    }

    /** The state as observers are told it. */
    public String state() {
        return switch (phase) {
            case ORPHANED -> "orphaned";
            case STALLED -> "stalled";
            case COMPLETING, KEEPING, DISCARDING, SAVED, GONE -> "completing";
            case NEW, OPENING, SYNCING, RECEIVING -> "receiving";
            case REPAIRING -> "repairing";
        };
    }
}
