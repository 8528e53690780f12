package io.quickdrop.relay.driver;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.upload.SavedRecording;

/** What an app shows of a relay. Called on the relay's threads, for one session in order; must not block. */
public interface RelayListener {
    /** A session began, moved or changed its state. */
    default void sessionChanged(SessionView session) {}

    /** A session ended in a recording on the disk, whole or partial. */
    default void recordingSaved(SessionView session, SavedRecording recording) {}

    /** A session is no longer open; a recording of it was told before, if there is one. */
    default void sessionEnded(SessionId id) {}

    /** The number of connected uploaders changed. */
    default void uploadersChanged(int connected) {}
}
