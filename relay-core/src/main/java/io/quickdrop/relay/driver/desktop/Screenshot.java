package io.quickdrop.relay.driver.desktop;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A screenshot's file as its desktop sent it.
 *
 * @param mime media type
 * @param screen index of the monitor
 * @param width pixels
 * @param height pixels
 * @param parts the file's bytes, one buffer behind the other, each ready to read; shared, so read duplicates
 */
public record Screenshot(String mime, int screen, int width, int height, List<ByteBuffer> parts) {
    public Screenshot {
        parts = List.copyOf(parts);
    }

    /** Length of the file, bytes. */
    public long bytes() {
        return parts.stream().mapToLong(ByteBuffer::remaining).sum();
    }
}
