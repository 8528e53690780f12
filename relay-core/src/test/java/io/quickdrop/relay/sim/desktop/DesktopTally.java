package io.quickdrop.relay.sim.desktop;

import java.util.Locale;

/** What happened in simulated rooms, counted. */
final class DesktopTally {
    long rooms;
    long viewers;
    long frames;
    long pictures;
    long events;
    long troubles;
    long agentCuts;
    long settleMillis;
    double worstShareOfBound;

    synchronized void add(DesktopTally other) {
        rooms += other.rooms;
        viewers += other.viewers;
        frames += other.frames;
        pictures += other.pictures;
        events += other.events;
        troubles += other.troubles;
        agentCuts += other.agentCuts;
        settleMillis = Math.max(settleMillis, other.settleMillis);
        worstShareOfBound = Math.max(worstShareOfBound, other.worstShareOfBound);
    }

    synchronized long rooms() {
        return rooms;
    }

    @Override
    public synchronized String toString() {
        return String.format(
                Locale.ROOT,
                "%,d rooms, %,d viewers, %,d frames of agents, %,d pictures to viewers, %,d events, %,d troubles of viewers,"
                        + " %,d agents cut; longest to settle %,d ms; at most %.0f %% of the bound on waiting bytes",
                rooms,
                viewers,
                frames,
                pictures,
                events,
                troubles,
                agentCuts,
                settleMillis,
                100 * worstShareOfBound);
    }
}
