package io.quickdrop.relay.driver;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.relay.desktop.RoomView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lists say of one desktop. Written by its runner; read by anybody. */
final class DesktopCard {
    private static final RoomView EMPTY = new RoomView(false, 0, List.of(), false, 0, 0, 0, null);

    /** What is known since a registration, of today or of the registry. */
    private record Known(
            ClientInfo info, Generation generation, Instant lastSeen, @Nullable String fingerprint, boolean online) {}

    private final String clientId;
    private final long handle;
    private volatile @Nullable Known known;
    private volatile RoomView view = EMPTY;

    DesktopCard(String clientId, long handle) {
        this.clientId = clientId;
        this.handle = handle;
    }

    /** Stands for the desktop in frames for as long as this process lives. */
    long handle() {
        return handle;
    }

    /** Whether it ever registered. */
    boolean isKnown() {
        return known != null;
    }

    boolean isOnline() {
        Known now = known;
        return now != null && now.online;
    }

    /** The screen that is meant where none is named. */
    int primaryScreen() {
        Known now = known;
        List<Monitor> monitors = now == null ? List.of() : now.info.monitors();
        return monitors.stream()
                .filter(Monitor::isPrimary)
                .findFirst()
                .or(() -> monitors.stream().findFirst())
                .map(Monitor::index)
                .orElse(0);
    }

    void restored(DesktopRegistry.Registered registered) {
        known = new Known(
                registered.info(), registered.generation(), registered.lastSeen(), registered.fingerprint(), false);
    }

    void came(DesktopRunner.Arrival arrival, Instant wallTime) {
        known = new Known(arrival.info(), arrival.generation(), wallTime, arrival.fingerprint(), true);
    }

    void left(Instant wallTime, RoomView now) {
        Known was = known;
        if (was != null) {
            known = new Known(was.info, was.generation, wallTime, was.fingerprint, false);
        }
        view = now;
    }

    void changed(RoomView now) {
        view = now;
    }

    /** As it stands; only of one that {@link #isKnown}. */
    DesktopClient client(Instant wallTime) {
        Known now = known;
        if (now == null) {
            throw new IllegalStateException("desktop " + clientId + " never registered");
        }
        RoomView seen = view;
        return new DesktopClient(
                clientId,
                now.info.friendlyName() == null ? clientId : now.info.friendlyName(),
                now.info.hostname() == null ? "" : now.info.hostname(),
                now.online ? DesktopClient.ONLINE : DesktopClient.OFFLINE,
                now.info.monitors(),
                now.info.codecs(),
                now.generation == Generation.V1 ? 1 : 2,
                now.online ? handle : null,
                seen.viewers(),
                now.online && seen.capturing(),
                now.online ? seen.fps() : 0,
                now.online ? seen.kbps() : 0,
                seen.quality(),
                now.fingerprint,
                (now.online ? wallTime : now.lastSeen).toEpochMilli(),
                now.online ? seen.limitedBy() : null);
    }
}
