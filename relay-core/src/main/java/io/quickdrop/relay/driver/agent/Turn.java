package io.quickdrop.relay.driver.agent;

import io.quickdrop.protocol.PictureCodec;
import io.quickdrop.relay.desktop.StreamKey;
import io.quickdrop.relay.desktop.agent.Pace;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to capture one frame of one stream now: a place in the window is kept for it, until it is used by {@link #send}
 * or given back by {@link #nothingChanged}. One that is forgotten gives its place back after some seconds.
 *
 * <p>Safe on any thread; used once.
 */
public final class Turn {
    private final Streams streams;
    private final StreamKey stream;
    private final long ticket;
    private final boolean whole;
    private final Pace pace;
    private final PictureCodec codec;
    private final AtomicBoolean used = new AtomicBoolean();

    Turn(Streams streams, StreamKey stream, long ticket, boolean whole, Pace pace, PictureCodec codec) {
        this.streams = streams;
        this.stream = stream;
        this.ticket = ticket;
        this.whole = whole;
        this.pace = pace;
        this.codec = codec;
    }

    /** Whether the whole screen must be sent, not only what changed: the first frame, or one that was asked for. */
    public boolean whole() {
        return whole;
    }

    /** How well to encode. */
    public Pace pace() {
        return pace;
    }

    /** For pictures in motion. */
    public PictureCodec codec() {
        return codec;
    }

    /**
     * Sends the frame, in as many messages as it takes.
     *
     * @return false if it went nowhere, since the stream has ended or the connection is gone
     * @throws IllegalArgumentException if the frame does not keep to what {@link Capture} says
     * @throws IllegalStateException if this turn was used
     */
    public boolean send(Capture capture) {
        use();
        return streams.send(this, capture);
    }

    /** There is nothing to send. A {@link #whole} that was asked for stays asked for. */
    public void nothingChanged() {
        use();
        streams.release(this);
    }

    StreamKey stream() {
        return stream;
    }

    long ticket() {
        return ticket;
    }

    private void use() {
        if (used.getAndSet(true)) {
            throw new IllegalStateException("the turn for " + stream + " was used before");
        }
    }
}
