package io.quickdrop.media.picture;

import io.quickdrop.media.container.FrameReader;
import io.quickdrop.media.order.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One picture that stands for a take: the first that is not dark, as it is to be looked at. */
public final class Poster {
    /** Longest side, pixels. */
    private static final int MAX_SIDE = 640;
    /** Cameras open dark; after ten seconds of that, dark is what the take is. */
    private static final int MAX_FRAMES = 300;
    /** Of 255: a lit room has 60 and more. */
    private static final int DARK = 28;
    /** A lens cap or a wall is not worth a picture if something follows. */
    private static final int FLAT = 24;

    private Poster() {}

    /**
     * Writes a JPEG.
     *
     * @throws Refusal if the file has no picture that can be decoded
     */
    public static void run(Path in, Path out) throws Refusal {
        Planes best = null;
        try (FrameReader frames = new FrameReader(in, MAX_SIDE)) {
            for (int i = 0; i < MAX_FRAMES; i++) {
                Planes picture = frames.next() ? Planes.of(frames.picture()) : null;
                if (picture == null) {
                    break;
                }
                if (best == null || picture.mean() > best.mean()) {
                    best = picture;
                }
                if (picture.mean() > DARK && picture.spread() > FLAT) {
                    best = picture;
                    break;
                }
            }
            if (best == null) {
                throw new Refusal("it has no picture that can be shown");
            }
            Files.write(out, Jpeg.of(best.turned(frames.quarterTurns())));
        } catch (IOException e) {
            throw new Refusal("the picture can't be written: " + e.getMessage());
        }
    }
}
