package io.quickdrop.relay.desktop;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * One desktop and those who look at it.
 *
 * <p>Pure; confined to one thread; {@code now} is monotonic (time that goes backwards is clamped).
 */
@SuppressWarnings("UnusedVariable")
public final class DesktopRoom {
    private final String clientId;
    private final RoomConfig config;
    private final ToLongFunction<ViewerId> pendingBytes;

    /**
     * @param clientId whose room it is
     * @param pendingBytes how many bytes wait in a viewer's socket, not yet taken by the system; 0 for unknown viewers
     */
    public DesktopRoom(String clientId, RoomConfig config, ToLongFunction<ViewerId> pendingBytes) {
        this.clientId = clientId;
        this.config = config;
        this.pendingBytes = pendingBytes;
    }

    /** Takes one fact and returns what follows from it, in order. */
    public List<RoomOutput> handle(RoomInput input, Instant at) {
        return List.of();
    }

    /** When to send a {@link RoomInput.Tick} at the latest; an early one does nothing. Empty: never. */
    public Optional<Instant> deadline() {
        return Optional.empty();
    }

    /** The room as lists of desktops show it. */
    public RoomView view() {
        return new RoomView(false, 0, List.of(), false, 0, 0, 0, null);
    }
}
