package io.quickdrop.server.catalogue;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.protocol.UploadMessage.Description;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session that has not ended.
 *
 * @param device who sends it
 * @param owner id of the server that receives it
 * @param epoch grows with every opening; a write that names an older one changes nothing
 * @param storage id of the output folder that {@code partFile} is in
 * @param partFile name of the file that takes the bytes
 * @param committedOffset how far it came, bytes: the truth
 * @param chunks binary messages behind {@code committedOffset}
 * @param begun when the server first heard of it
 * @param changed when {@code committedOffset} last moved
 * @param ending how it ends, once that is decided
 */
public record UploadRow(
        SessionId id,
        String device,
        String owner,
        long epoch,
        String storage,
        String partFile,
        long committedOffset,
        long chunks,
        Description description,
        Instant begun,
        Instant changed,
        @Nullable Ending ending) {
    /**
     * The end that an upload was promised; nothing but completing it is left.
     *
     * @param fileName name in the output folder
     * @param sha256 hash of all bytes, verified; {@code null} for partial ones
     * @param partial whether the sender's end never came
     * @param reserved whether an empty file under that name may be ours
     */
    public record Ending(String fileName, @Nullable String sha256, boolean partial, boolean reserved) {}

    /** The same upload with its end decided. */
    public UploadRow ending(Ending decided) {
        return new UploadRow(
                id,
                device,
                owner,
                epoch,
                storage,
                partFile,
                committedOffset,
                chunks,
                description,
                begun,
                changed,
                decided);
    }
}
