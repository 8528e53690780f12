package io.quickdrop.server.recordings;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file, as the store needs it. After a failed {@link #force} the descriptor is not used for another. */
public interface DataFile extends AutoCloseable {
    /** Writes all that {@code bytes} has left at {@code position}; may have written a part when it throws. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads until {@code bytes} is full or the file ends; leaves at the file's end as much as it found. */
    void read(ByteBuffer bytes, long position) throws IOException;

    /** Returns when everything written is on the disk, with the length that is needed to find it. */
    void force() throws IOException;

    /** Cuts what is behind {@code bytes}. */
    void truncate(long bytes) throws IOException;

    /** Length, bytes. */
    long size() throws IOException;

    @Override
    void close() throws IOException;
}
