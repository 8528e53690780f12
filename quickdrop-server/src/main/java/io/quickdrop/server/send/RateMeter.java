package io.quickdrop.server.send;

import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes a second over the last few seconds: long enough to be readable, short enough to be true. Pure, one thread. */
final class RateMeter {
    private static final long SPAN_NANOS = 5_000_000_000L;
    /** Less than this says nothing yet. */
    private static final long MIN_NANOS = 300_000_000L;

    private record Sample(long nanos, long bytes) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Takes a reading.
     *
     * @param nanos monotonic time
     * @param bytes so far; the first reading is where counting begins
     */
    void read(long nanos, long bytes) {
        samples.addLast(new Sample(nanos, bytes));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos > SPAN_NANOS) {
            samples.removeFirst();
        }
    }

    /** Bytes a second; 0 while that is not known. */
    double bytesPerSecond() {
        if (samples.isEmpty()) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long nanos = last.nanos - first.nanos;
        return nanos < MIN_NANOS ? 0 : Math.max(0, (last.bytes - first.bytes) * 1e9 / nanos);
    }
}
