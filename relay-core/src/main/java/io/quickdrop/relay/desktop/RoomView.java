package io.quickdrop.relay.desktop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A room from outside.
 *
 * @param online whether an agent is registered and connected
 * @param viewers connections that look at it, thumbnails not counted
 * @param watchers their names
 * @param capturing whether the agent reads its screens: it was asked to, and the operator has not paused it
 * @param fps frames a second that came from the agent of late
 * @param kbps kilobit a second that came from the agent of late
 * @param quality as the agent says; 0 where unknown
 * @param limitedBy what keeps the picture from being better, for people; null where nothing does
 */
public record RoomView(
        boolean online,
        int viewers,
        List<String> watchers,
        boolean capturing,
        double fps,
        int kbps,
        int quality,
        @Nullable String limitedBy) {
    public RoomView {
        watchers = List.copyOf(watchers);
    }
}
