package io.quickdrop.relay.driver.desktop;

import io.quickdrop.protocol.AgentMessage.ClientInfo;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.FrameHeader;
import io.quickdrop.relay.desktop.RoomView;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.pull.RemoteDesktop;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What lists say of one desktop. Written by its runner; read by anybody. */
final class DesktopCard {
    /** What a desktop of v1 that names no monitors is shown to have until its pictures say more. */
    private static final Monitor UNNAMED = new Monitor(0, "screen", 0, 0, 1920, 1080, true);

    private static final RoomView EMPTY = new RoomView(false, 0, List.of(), false, 0, 0, 0, null);

    /**
     * What is known since a registration, of today or of the registry.
     *
     * @param elsewhere the other instance where it is online; null where that is this one, or none
     */
    private record Known(
            ClientInfo info,
            Generation generation,
            Instant lastSeen,
            @Nullable String fingerprint,
            boolean online,
            @Nullable RemoteDesktop elsewhere) {}

    private final String clientId;
    private final long handle;
    private volatile @Nullable Known known;
    private volatile RoomView view = EMPTY;
    /** Screens that a desktop of v1 sent pictures of without ever having named them. */
    private volatile List<Monitor> pictured = List.of();

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

    /** Whether it is connected to this instance. */
    boolean isHere() {
        Known now = known;
        return now != null && now.online && now.elsewhere == null;
    }

    /** The other instance where it is connected; empty for none. */
    Optional<String> instanceId() {
        Known now = known;
        return Optional.ofNullable(now == null || now.elsewhere == null ? null : now.elsewhere.instanceId());
    }

    String clientId() {
        return clientId;
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
                registered.info(),
                registered.generation(),
                registered.lastSeen(),
                registered.fingerprint(),
                false,
                null);
    }

    void came(AgentArrival arrival, Instant wallTime) {
        known = new Known(arrival.info(), arrival.generation(), wallTime, arrival.fingerprint(), true, null);
    }

    /** It is connected to another instance, or to none. */
    void elsewhere(RemoteDesktop desktop) {
        known = new Known(
                desktop.info(),
                desktop.generation(),
                desktop.lastSeen(),
                desktop.fingerprint(),
                desktop.instanceId() != null,
                desktop.instanceId() == null ? null : desktop);
    }

    void left(Instant wallTime, RoomView now) {
        Known was = known;
        if (was != null) {
            known = new Known(was.info, was.generation, wallTime, was.fingerprint, false, null);
        }
        view = now;
    }

    /** A picture came; says whether it is the first of a screen that the desktop did not name. */
    boolean pictured(FrameHeader picture) {
        Known now = known;
        boolean named = now == null || !now.info.monitors().isEmpty();
        if (named || pictured.stream().anyMatch(monitor -> monitor.index() == picture.screen())) {
            return false;
        }
        Monitor seen = new Monitor(
                picture.screen(),
                "screen " + picture.screen(),
                0,
                0,
                picture.width(),
                picture.height(),
                pictured.isEmpty());
        pictured = Stream.concat(pictured.stream(), Stream.of(seen)).toList();
        return true;
    }

    private static List<Monitor> monitors(ClientInfo info, List<Monitor> pictured) {
        if (!info.monitors().isEmpty()) {
            return info.monitors();
        }
        return pictured.isEmpty() ? List.of(UNNAMED) : pictured;
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
                monitors(now.info, pictured),
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
                now.online ? seen.limitedBy() : null,
                now.elsewhere == null ? null : now.elsewhere.instanceName());
    }
}
