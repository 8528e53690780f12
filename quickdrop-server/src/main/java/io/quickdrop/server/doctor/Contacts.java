package io.quickdrop.server.doctor;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far others came, by what was seen at the door; this computer itself does not count.
 *
 * @param connections TCP connections
 * @param certificateRefused TLS handshakes that the other end broke off because of our certificate
 * @param handshakesFailed other handshakes that failed
 * @param handshakes handshakes that succeeded
 * @param hostsRefused requests for a name that is none of ours
 * @param refusedHost the last such name
 * @param pages the phone page was asked for
 * @param pairings a code was shown
 * @param sockets WebSockets that opened
 * @param socketsRefused WebSockets that were asked for and did not open
 * @param lastAgo how long ago anybody came
 */
public record Contacts(
        long connections,
        long certificateRefused,
        long handshakesFailed,
        long handshakes,
        long hostsRefused,
        @Nullable String refusedHost,
        long pages,
        long pairings,
        long sockets,
        long socketsRefused,
        Optional<Duration> lastAgo) {
    /** Nobody came. */
    public static Contacts none() {
        return new Contacts(0, 0, 0, 0, 0, null, 0, 0, 0, 0, Optional.empty());
    }
}
