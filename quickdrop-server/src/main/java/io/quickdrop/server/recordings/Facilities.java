package io.quickdrop.server.recordings;

import io.quickdrop.server.catalogue.Place;
import io.quickdrop.server.catalogue.PlaybackTable;
import io.quickdrop.server.catalogue.RecordingTable;
import io.quickdrop.server.catalogue.UploadTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;

/** What every open recording of a store shares. */
record Facilities(
        Disk disk,
        StoreFolders folders,
        UploadTable uploads,
        RecordingTable recordings,
        PlaybackTable playback,
        FreeSpace free,
        InstantSource time,
        Servers servers) {
    private static final Logger LOG = System.getLogger(Facilities.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NAME_BYTES = 16;

    /** A file name that nobody has and nobody guesses. */
    static String newName(String ending) {
        byte[] random = new byte[NAME_BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random) + ending;
    }

    /** Which server this is, and of which storage. */
    Place place() {
        return uploads.place();
    }

    /** Removes a file that nothing depends on; start-up removes it if that fails now. */
    void tidy(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "left until the next start: {0}: {1}", file, e);
        }
    }
}
