package io.quickdrop.protocol;

import org.jspecify.annotations.Nullable;

/** Messages about the connection itself, for every role. */
public sealed interface LinkMessage extends Message {
    /**
     * {@code hello}, the server's first message to an uploader of v2.
     *
     * @param protocol 2
     * @param serverId stable name of this server's store; another one means other sessions
     */
    record Hello(int protocol, String serverId, ServerLimits limits, RecorderHints recorderHints)
            implements LinkMessage {}

    /**
     * {@code hello} as v1 phones know it.
     *
     * @param outputDir where recordings go on the server's disk
     * @param phoneUrl address of the phone page
     */
    record HelloV1(String outputDir, String phoneUrl) implements LinkMessage {}

    /**
     * What the server takes.
     *
     * @param maxChunk longest binary message, header included, bytes
     * @param maxRecording longest recording, bytes
     * @param freeBytes room left on the disk after the reserve, bytes, at the time of the message
     */
    record ServerLimits(int maxChunk, long maxRecording, long freeBytes) {}

    /**
     * Advice to a recording page.
     *
     * @param timesliceMs how often a recorder should hand over what it has, milliseconds
     */
    record RecorderHints(int timesliceMs) {}

    /**
     * {@code ping}: v2 clients send {@code timestamp}, v1 clients {@code ts} or nothing. Both are opaque and come back
     * unchanged.
     */
    record Ping(@Nullable Long timestamp, @Nullable Long ts) implements LinkMessage {}

    /**
     * {@code pong}.
     *
     * @param timestamp as in the ping
     * @param ts as in the ping of a v1 client
     * @param serverTime wall clock of the server, milliseconds since 1970
     */
    record Pong(@Nullable Long timestamp, @Nullable Long ts, long serverTime) implements LinkMessage {}

    /** {@code goodbye}: the server is about to close with 1001; come back no sooner than in {@code retryAfterMs}. */
    record Goodbye(long retryAfterMs) implements LinkMessage {}

    /**
     * {@code error}. The connection stays open.
     *
     * @param reason one of {@link ErrorReason}
     * @param detail what was found and what is allowed, for people
     * @param expectedOffset where to continue, bytes from the start of the recording
     */
    record Problem(String reason, @Nullable String detail, @Nullable SessionId sessionId, @Nullable Long expectedOffset)
            implements LinkMessage {
        /** An error that concerns no session. */
        public static Problem of(String reason, String detail) {
            return new Problem(reason, detail, null, null);
        }
    }
}
