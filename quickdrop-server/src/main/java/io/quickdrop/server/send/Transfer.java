package io.quickdrop.server.send;

import io.quickdrop.relay.driver.client.UploadClient;
import java.time.Duration;
import java.util.function.LongConsumer;

/** How one upload stands: told by the client's thread, looked at by the display's. Safe on any thread. */
final class Transfer implements UploadClient.Listener {
    /** What is going on. */
    enum State {
        /** The first connection is being made. */
        CONNECTING,
        /** Bytes flow. */
        SENDING,
        /** Connected, but the server can't store now; it goes on by itself. */
        WAITING,
        /** No connection; the next attempt has its time. */
        OFFLINE
    }

    /**
     * One look at it.
     *
     * @param note why it waits or is offline, for people; else empty
     * @param safeBytes survive a power cut at the server
     * @param sentBytes safe or on their way
     * @param untilNextAttempt only offline; zero while an attempt is being made
     * @param unreachableFor how long there has been no connection; zero while there is one
     */
    record Look(
            State state,
            String note,
            long safeBytes,
            long sentBytes,
            Duration untilNextAttempt,
            Duration unreachableFor) {}

    private final LongConsumer sent;
    private State state = State.CONNECTING;
    private String note = "";
    private long safeBytes;
    private long sentBytes;
    private long nextAttemptNanos;
    private boolean reachable;
    private long unreachableSinceNanos = System.nanoTime();

    /** @param sent told each offset that the sender reached */
    Transfer(LongConsumer sent) {
        this.sent = sent;
    }

    @Override
    public void moved(long acknowledgedBytes, long sentNow) {
        synchronized (this) {
            safeBytes = acknowledgedBytes;
            sentBytes = Math.max(acknowledgedBytes, sentNow);
        }
        sent.accept(sentNow);
    }

    @Override
    public synchronized void status(String text) {
        if (text.equals("connected")) {
            state = State.SENDING;
            note = "";
            reachable = true;
        } else {
            state = State.WAITING; // or offline: that is told right after it
            note = text;
        }
    }

    @Override
    public synchronized void offline(String reason, Duration wait) {
        long now = System.nanoTime();
        if (reachable) {
            reachable = false;
            unreachableSinceNanos = now;
        }
        state = State.OFFLINE;
        note = reason;
        sentBytes = safeBytes;
        nextAttemptNanos = now + wait.toNanos();
    }

    synchronized Look look() {
        long now = System.nanoTime();
        long untilNext = state == State.OFFLINE ? Math.max(0, nextAttemptNanos - now) : 0;
        return new Look(
                state,
                note,
                safeBytes,
                sentBytes,
                Duration.ofNanos(untilNext),
                reachable ? Duration.ZERO : Duration.ofNanos(now - unreachableSinceNanos));
    }
}
