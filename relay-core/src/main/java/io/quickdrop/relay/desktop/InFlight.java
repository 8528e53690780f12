package io.quickdrop.relay.desktop;

import io.quickdrop.relay.desktop.meter.DeliveryRate;
import io.quickdrop.relay.desktop.meter.LatencyMeter;
import java.util.ArrayDeque;
import java.util.Optional;

/** Batches that were sent to one viewer and not acknowledged yet. Pure; confined to one thread. */
final class InFlight {
    /** Batches that are remembered although nobody waits for them, so that a late acknowledgement can be measured. */
    private static final int MAX_WRITTEN_OFF = 16;

    /**
     * One batch.
     *
     * @param full whether more would have been sent, had the window been larger
     * @param used whether at least half of the window was in flight with it
     * @param agentFrame the agent's newest frame in it
     */
    record Sent(
            long number,
            long bytes,
            long sentMicros,
            boolean full,
            boolean used,
            long agentFrame,
            DeliveryRate.Mark mark,
            LatencyMeter.Sent stages) {}

    /**
     * What one acknowledgement says.
     *
     * @param newest batch that it names or, if that one is known no longer, the one before it
     * @param bytes of all that it acknowledges
     * @param late whether the newest was written off
     */
    record Acknowledged(Sent newest, long bytes, boolean late) {}

    private final ArrayDeque<Sent> waiting = new ArrayDeque<>();
    private final ArrayDeque<Sent> writtenOff = new ArrayDeque<>();
    private long bytes;

    void add(Sent sent) {
        waiting.addLast(sent);
        bytes += sent.bytes;
    }

    /** It does not count as in flight. */
    void addWrittenOff(Sent sent) {
        writtenOff.addLast(sent);
        if (writtenOff.size() > MAX_WRITTEN_OFF) {
            writtenOff.removeFirst();
        }
    }

    /** Nothing is in flight any more; what was is remembered for a while. */
    void writeOff() {
        waiting.forEach(this::addWrittenOff);
        waiting.clear();
        bytes = 0;
    }

    /** Every batch up to this number is painted; empty if that was known. */
    Optional<Acknowledged> acknowledge(long upTo) {
        Sent newest = null;
        long freed = 0;
        while (!writtenOff.isEmpty() && writtenOff.getFirst().number <= upTo) {
            newest = writtenOff.removeFirst();
            freed += newest.bytes;
        }
        boolean late = newest != null;
        while (!waiting.isEmpty() && waiting.getFirst().number <= upTo) {
            newest = waiting.removeFirst();
            freed += newest.bytes;
            bytes -= newest.bytes;
            late = false;
        }
        return newest == null ? Optional.empty() : Optional.of(new Acknowledged(newest, freed, late));
    }

    void clear() {
        waiting.clear();
        writtenOff.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int batches() {
        return waiting.size();
    }

    long bytes() {
        return bytes;
    }
}
