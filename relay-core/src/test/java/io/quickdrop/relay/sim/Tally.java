package io.quickdrop.relay.sim;

/** What happened in simulated worlds, counted. */
public final class Tally {
    long sessions;
    long saved;
    long aborted;
    long keptPartial;
    long events;
    long connections;
    long cuts;
    long stalls;
    long crashes;
    long freezes;
    long diskFaults;
    long clientRestarts;
    long secondTabs;
    long bytes;
    long repairs;

    /** Adds what happened in another world. */
    public synchronized void add(Tally other) {
        sessions += other.sessions;
        saved += other.saved;
        aborted += other.aborted;
        keptPartial += other.keptPartial;
        events += other.events;
        connections += other.connections;
        cuts += other.cuts;
        stalls += other.stalls;
        crashes += other.crashes;
        freezes += other.freezes;
        diskFaults += other.diskFaults;
        clientRestarts += other.clientRestarts;
        secondTabs += other.secondTabs;
        bytes += other.bytes;
        repairs += other.repairs;
    }

    /** Chunks that were sent again after a mismatch. */
    public synchronized long repairs() {
        return repairs;
    }

    /** Recordings that were begun. */
    public synchronized long sessions() {
        return sessions;
    }

    @Override
    public synchronized String toString() {
        return String.format(
                java.util.Locale.ROOT,
                "%,d sessions (%,d saved, %,d aborted, %,d kept partial), %,d bytes, %,d events, %,d connections,"
                        + " %,d cuts, %,d stalls, %,d server crashes, %,d freezes, %,d disk faults, %,d client restarts,"
                        + " %,d second tabs, %,d chunks mended",
                sessions,
                saved,
                aborted,
                keptPartial,
                bytes,
                events,
                connections,
                cuts,
                stalls,
                crashes,
                freezes,
                diskFaults,
                clientRestarts,
                secondTabs,
                repairs);
    }
}
