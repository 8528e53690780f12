package io.quickdrop.protocol;

/** The values of {@code error.reason}. Errors leave the connection open. */
public final class ErrorReason {
    /** The text frame is not one JSON object of at most {@link Limits#MAX_TEXT_BYTES}. */
    public static final String BAD_JSON = "bad_json";
    /** Prefix: a field is missing or not of the allowed form; the field's name follows. */
    public static final String BAD_FIELD = "bad_field:";
    /** Prefix: {@code type} is not known, or not allowed for this peer's role; the type follows. */
    public static final String UNKNOWN_TYPE = "unknown_type:";
    /** A chunk came although this connection has no open session. */
    public static final String BINARY_WITHOUT_SESSION = "binary_without_session";
    /** {@code end} or {@code abort} for a session that this connection has not started. */
    public static final String END_WITHOUT_START = "end_without_start";
    /** The binary frame is not a chunk: too short, too long, or of an unknown kind. */
    public static final String BAD_CHUNK = "bad_chunk";
    /** The payload does not match the header's CRC-32C: send it again from {@code expectedOffset}. */
    public static final String CHUNK_CORRUPT = "chunk_corrupt";
    /** The chunk (or {@code end}) leaves a gap: continue at {@code expectedOffset}. */
    public static final String OFFSET_MISMATCH = "offset_mismatch";
    /** Bytes sent again differ from the bytes received before. */
    public static final String CONTENT_CONFLICT = "content_conflict";
    /**
     * The whole does not have the length or the SHA-256 that {@code end} states. Nothing was saved. As {@code error} it is
     * final; where it can be mended it is the reason of {@code blocks}.
     */
    public static final String INTEGRITY_MISMATCH = "integrity_mismatch";
    /** No room on the server's disk. The session is kept; {@code started} follows when there is room. */
    public static final String STORAGE_FULL = "storage_full";
    /** The server's disk failed. The session is kept; {@code started} follows when it works again. */
    public static final String STORAGE_FAILED = "storage_failed";
    /** No such session. */
    public static final String SESSION_UNKNOWN = "session_unknown";
    /** Too many open sessions. */
    public static final String SESSION_LIMIT = "session_limit";
    /** The recording would be longer than {@code hello.limits.maxRecording}. */
    public static final String TOO_LARGE = "too_large";
    /** The session belongs to another device, or the role may not do this. */
    public static final String FORBIDDEN = "forbidden";
    /** Too many messages a second. */
    public static final String RATE_LIMITED = "rate_limited";

    /** The binary message is not a frame: too short, too long, of an unknown codec, or its tiles don't fit. */
    public static final String BAD_FRAME = "bad_frame";
    /** A frame, or anything but {@code handshake}, came from a desktop that is not registered. */
    public static final String NOT_REGISTERED = "not_registered";
    /** No desktop of this {@code desktopClientId} is enrolled. */
    public static final String DESKTOP_UNKNOWN = "desktop_unknown";
    /** The desktop is enrolled and not connected. */
    public static final String DESKTOP_OFFLINE = "desktop_offline";
    /** The desktop has no such monitor. */
    public static final String SCREEN_UNKNOWN = "screen_unknown";
    /** The viewer looks at as many screens as it may. */
    public static final String STREAM_LIMIT = "stream_limit";

    private ErrorReason() {}
}
