package io.quickdrop.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A desktop as viewers and dashboards see it.
 *
 * @param clientId stable name, chosen by the agent
 * @param friendlyName for people
 * @param hostname of the machine
 * @param state {@code pending} (waits for approval), {@code online}, {@code offline}
 * @param monitors empty while pending
 * @param codecs wire names, best first
 * @param generation 1 or 2: what its agent speaks
 * @param desktopHandle stands for it in frames; absent unless online
 * @param viewers who watch it now, thumbnails not counted
 * @param capturing whether its screens are being read
 * @param fps frames a second that reached the server
 * @param kbps kilobit a second that reached the server
 * @param quality 1 to 100; 0 where unknown
 * @param fingerprint of its agent's key, for people to compare; absent for v1
 * @param lastSeenTs milliseconds since 1970
 * @param limitedBy what keeps it from a better picture, for people; absent where nothing does
 * @param instance name of the instance where it is connected, for people; absent where that is the one that says this, or
 *     none
 */
public record DesktopClient(
        String clientId,
        String friendlyName,
        String hostname,
        String state,
        List<Monitor> monitors,
        List<String> codecs,
        int generation,
        @Nullable Long desktopHandle,
        int viewers,
        boolean capturing,
        double fps,
        int kbps,
        int quality,
        @Nullable String fingerprint,
        long lastSeenTs,
        @Nullable String limitedBy,
        @Nullable String instance) {
    /** State: its key waits for the operator's approval. */
    public static final String PENDING = "pending";
    /** State: registered and connected. */
    public static final String ONLINE = "online";
    /** State: enrolled, and not connected. */
    public static final String OFFLINE = "offline";

    /**
     * One that is not connected, and of which nothing is to be seen.
     *
     * @param state {@link #PENDING} or {@link #OFFLINE}
     */
    public static DesktopClient notConnected(
            String clientId,
            String friendlyName,
            String hostname,
            String state,
            List<String> codecs,
            int generation,
            @Nullable String fingerprint,
            long lastSeenTs) {
        return new DesktopClient(
                clientId,
                friendlyName,
                hostname,
                state,
                List.of(),
                codecs,
                generation,
                null,
                0,
                false,
                0,
                0,
                0,
                fingerprint,
                lastSeenTs,
                null,
                null);
    }

    public DesktopClient {
        monitors = List.copyOf(monitors);
        codecs = List.copyOf(codecs);
    }

    /**
     * One monitor of a desktop.
     *
     * @param index its number in frames, 0 to 255
     * @param name for people
     * @param x left edge on the virtual screen, pixels
     * @param y top edge on the virtual screen, pixels
     */
    public record Monitor(int index, String name, int x, int y, int width, int height, boolean isPrimary) {}
}
