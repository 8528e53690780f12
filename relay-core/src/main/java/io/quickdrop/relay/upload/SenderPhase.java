package io.quickdrop.relay.upload;

/** Where an {@link UploadSender} stands. */
enum SenderPhase {
    /** No connection. */
    OFFLINE,
    /** {@code start} or {@code resume} is sent, {@code started} has not come. */
    ASKING,
    /** Bytes flow. */
    SENDING,
    /** The server can't store now. */
    HELD,
    /** {@code end} is sent. */
    ENDING,
    /** The server has something else than the source: that is being hashed again. */
    HASHING,
    /** {@code compare} is sent, {@code blocks} have not come. */
    COMPARING,
    /** What differs is being sent again. */
    MENDING,
    /** {@code abort} is sent. */
    ABORTING,
    /** Done, aborted or failed. */
    OVER
}
