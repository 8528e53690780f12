package io.quickdrop.relay.upload;

/**
 * A part of a recording.
 *
 * @param offset its first byte
 * @param bytes its length, at least 1
 */
record Span(long offset, long bytes) {
    /** First byte behind it. */
    long end() {
        return offset + bytes;
    }
}
