package io.quickdrop.protocol;

/** Bounds of the wire that hold for every peer. */
public final class Limits {
    /** Longest text frame, bytes of UTF-8. */
    public static final int MAX_TEXT_BYTES = 64 * 1024;
    /** Longest binary message of v2, header included, bytes. */
    public static final int MAX_BINARY_BYTES = 1024 * 1024;
    /** Longest binary message of v1, bytes; handed on in parts and never collected. */
    public static final long MAX_V1_BINARY_BYTES = 64L * 1024 * 1024;
    /** Longest chunk payload that our own clients send, bytes: a phone's slow uplink still shows progress. */
    public static final int CLIENT_CHUNK_BYTES = 64 * 1024;
    /** Most hashes in one {@code blocks}: about 17 KiB of text. */
    public static final int MAX_BLOCKS = 256;
    /** Shortest block that is hashed on its own, bytes: one chunk of our own clients. */
    public static final long MIN_BLOCK_BYTES = CLIENT_CHUNK_BYTES;
    /** Longest {@code label} as received, characters; it is cleaned and cut further before use. */
    public static final int MAX_LABEL_CHARS = 200;
    /** Longest {@code mime}, characters. */
    public static final int MAX_MIME_CHARS = 200;

    /** Screenshots that an agent is asked for at once: each is a file in its memory. The others wait for their turn. */
    public static final int MAX_SCREENSHOTS = 4;

    private Limits() {}
}
