package io.quickdrop.server.recordings;

import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Instant;

/** How a recording's file is called in the output folder. */
@FunctionalInterface
public interface FileNaming {
    /**
     * A plain file name with an ending, without folders.
     *
     * @param begun when the server first heard of the recording
     * @param taken how many names of this recording were taken already: 0 for the wished one, then 1, 2 …; each gives
     *     another name
     */
    String name(Description description, Instant begun, int taken);
}
