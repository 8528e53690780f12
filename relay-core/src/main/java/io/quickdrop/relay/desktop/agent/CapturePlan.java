package io.quickdrop.relay.desktop.agent;

import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.relay.desktop.StreamKey;
import java.util.Set;

/**
 * What an agent is to capture now; replaces every plan before.
 *
 * @param epoch registration that it belongs to; 0 while there is none, and then nothing is wanted
 * @param streams empty: nobody looks, so capture nothing
 * @param codec for pictures in motion, which every viewer can show
 */
public record CapturePlan(long epoch, Set<StreamKey> streams, PictureCodec codec) {
    /** Nobody looks. */
    public static final CapturePlan NOTHING = new CapturePlan(0, Set.of(), PictureCodec.JPEG);

    public CapturePlan {
        streams = Set.copyOf(streams);
    }

    /** Whether this rendition of this screen is wanted. */
    public boolean wants(int screen, int rendition) {
        return streams.contains(new StreamKey(screen, rendition));
    }
}
