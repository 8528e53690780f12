package io.quickdrop.system.browser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the container of a recording says of itself, read without any program's help: whole, which tracks, how long.
 *
 * @param container "mp4" or "webm"
 * @param tracks at least one
 */
record MediaFile(String container, List<Track> tracks) {
    private static final int EBML_MAGIC = 0x1A45DFA3;

    /**
     * @param kind "video" or "audio"
     * @param codec as the container names it, for example "avc1"
     * @param frames samples that the container describes and whose bytes are in the file
     * @param duration from the first to the end of the last frame; of a WebM, to its beginning
     */
    record Track(String kind, String codec, int frames, Duration duration) {}

    /** @throws AssertionError if the file is no whole MP4 or WebM */
    static MediaFile probe(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.remaining() > 8 && bytes.getInt(0) == EBML_MAGIC) {
                return new MediaFile("webm", new WebmReader().read(bytes));
            }
            return new MediaFile("mp4", new Mp4Reader().read(bytes));
        } catch (IOException e) {
            throw new AssertionError("the recording can't be read", e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new AssertionError(file.getFileName() + " is cut off or damaged in its container", e);
        }
    }

    /** The track of this kind. */
    Track track(String kind) {
        return tracks.stream()
                .filter(track -> track.kind.equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " among " + tracks));
    }
}
