package io.quickdrop.relay.driver;

import io.quickdrop.relay.link.Heartbeat;
import io.quickdrop.relay.upload.SessionConfig;
import java.time.Duration;

/**
 * The bounds of a relay.
 *
 * @param serverId stable name of this relay's store
 * @param session bounds of each upload
 * @param heartbeat when a silent peer is dead
 * @param firstMessageWithin how long a connection may say nothing
 * @param timeslice how often recorders should hand over what they have
 * @param maxActiveSessions most recordings that arrive at once; interrupted ones may be three times as many
 * @param peerInflowBytes most bytes read from one connection and not yet written; its socket is paused there
 * @param totalInflowBytes the same over all connections
 */
public record RelayConfig(
        String serverId,
        SessionConfig session,
        Heartbeat.Timing heartbeat,
        Duration firstMessageWithin,
        Duration timeslice,
        int maxActiveSessions,
        long peerInflowBytes,
        long totalInflowBytes) {
    /**
     * One second slices, the shortest that Safari keeps; 6 MiB a connection, more than our own clients ever have in
     * flight, so that only others are paused; a quarter of the heap in all.
     */
    public static RelayConfig defaults(String serverId) {
        return new RelayConfig(
                serverId,
                SessionConfig.defaults(),
                Heartbeat.Timing.defaults(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                256,
                6L << 20,
                Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4));
    }

    /** The same, with another time for sessions without an owner. */
    public RelayConfig withRetention(Duration retention) {
        return new RelayConfig(
                serverId,
                session.withRetention(retention),
                heartbeat,
                firstMessageWithin,
                timeslice,
                maxActiveSessions,
                peerInflowBytes,
                totalInflowBytes);
    }
}
