package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.upload.SavedRecording;

/** What an app shows of a relay. Called on the relay's threads, for one session in order; must not block. */
public interface RelayListener {
    /** A session began, moved or changed its state. */
    default void sessionChanged(SessionView session) {}

    /** A session ended in a recording on the disk, whole or partial. */
    default void recordingSaved(SessionView session, SavedRecording recording) {}

    /**
     * The sender of a whole recording has the same bytes: it stated this hash, computed on its own, and is told that the
     * recording has it. Maybe again.
     */
    default void recordingConfirmed(SessionId id, String sha256) {}

    /** A session is no longer open; a recording of it was told before, if there is one. */
    default void sessionEnded(SessionId id) {}

    /** The number of connected uploaders changed. */
    default void uploadersChanged(int connected) {}
}
