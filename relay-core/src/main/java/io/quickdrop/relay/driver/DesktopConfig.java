package io.quickdrop.relay.driver;

import java.time.Duration;

/**
 * The bounds of a {@link DesktopRelay}.
 *
 * @param maxDesktops most desktops that are connected at once
 * @param maxStreams most screens that one viewer looks at, each rendition counted
 * @param handshakeWithin how long an agent may take to answer the challenge
 * @param failureLinger between {@code registration_failed} and the close, so that the agent reads it first
 * @param listEvery shortest time between two lists of desktops that a viewer is sent unasked
 * @param statusEvery shortest time between two changes of one desktop that the listener is told
 */
public record DesktopConfig(
        int maxDesktops,
        int maxStreams,
        Duration handshakeWithin,
        Duration failureLinger,
        Duration listEvery,
        Duration statusEvery) {
    /** As the protocol states them; 64 streams are a list of 60 thumbnails beside four screens. */
    public static DesktopConfig defaults() {
        return new DesktopConfig(
                256, 64, Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(1));
    }
}
