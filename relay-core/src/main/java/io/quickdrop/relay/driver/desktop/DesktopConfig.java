package io.quickdrop.relay.driver.desktop;

import io.quickdrop.relay.desktop.RoomConfig;
import io.quickdrop.relay.desktop.pull.PullConfig;
import java.time.Duration;

/**
 * The bounds of a {@link DesktopRelay}.
 *
 * @param room bounds of each desktop's room
 * @param maxDesktops most desktops that are connected at once
 * @param maxWatched most desktops that one viewer looks at, thumbnails included
 * @param handshakeWithin how long an agent may take to answer the challenge
 * @param failureLinger between {@code registration_failed} and the close, so that the agent reads it first
 * @param listEvery shortest time between two lists of desktops that viewers are sent unasked
 * @param seenEvery how often the registry is told which desktops are connected
 * @param statusEvery shortest time between two changes of one desktop that the listener is told
 * @param screenshots where the embedder serves a screenshot's file; {@code {clientId}} and {@code {commandId}} stand for the
 *     desktop and the command
 * @param pull bounds of what is brought here from other instances
 */
public record DesktopConfig(
        RoomConfig room,
        int maxDesktops,
        int maxWatched,
        Duration handshakeWithin,
        Duration failureLinger,
        Duration listEvery,
        Duration seenEvery,
        Duration statusEvery,
        String screenshots,
        PullConfig pull) {
    /** As the protocol states them; a viewer's list of 64 thumbnails is more than a screen holds. */
    public static DesktopConfig defaults() {
        return new DesktopConfig(
                RoomConfig.defaults(),
                256,
                64,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                "/api/desktops/{clientId}/screenshots/{commandId}",
                PullConfig.defaults());
    }

    String screenshotUrl(String clientId, String commandId) {
        return screenshots.replace("{clientId}", clientId).replace("{commandId}", commandId);
    }
}
