package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.DesktopClient.Monitor;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.StreamStarted;
import io.quickdrop.protocol.ViewerMessage.StreamStopped;
import io.quickdrop.relay.desktop.RoomInput.ViewerCame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who looks at a desktop, and at what of it; tells them when it begins and ends. Pure; confined to one thread. */
final class RoomAudience {
    private static final int MAX_NAME_CHARS = 64;

    /** Another instance that looks, for viewers of its own. */
    record Reporter(String name, ViewerReport report) {}

    private final String clientId;
    private final RoomConfig config;
    private final ViewerFlow.Maker flows;
    private final Consumer<RoomOutput> orders;
    private final Map<StreamKey, RoomStream> streams =
            new TreeMap<>(Comparator.comparingInt(StreamKey::screen).thenComparingInt(StreamKey::rendition));
    private final Map<ViewerId, String> names = new LinkedHashMap<>();
    private final Map<ViewerId, Reporter> reporters = new LinkedHashMap<>();
    /** Above every number that any viewer was sent: a viewer that begins anew can't be taken for the one that it was. */
    private long firstNumber = 1;

    RoomAudience(String clientId, RoomConfig config, ViewerFlow.Maker flows, Consumer<RoomOutput> orders) {
        this.flows = flows;
        this.clientId = clientId;
        this.config = config;
        this.orders = orders;
    }

    /** A viewer wants to look; whether it may. */
    boolean came(ViewerCame came, @Nullable RoomAgent agent, long nowMicros) {
        ViewerId viewer = came.viewer();
        if (agent == null) {
            return refuse(viewer, ErrorReason.DESKTOP_OFFLINE, "the desktop is not connected");
        }
        int screen = came.screen() == null ? agent.primaryScreen() : came.screen();
        if (!agent.hasScreen(screen)) {
            String allowed = agent.came.info().monitors().stream()
                    .map(Monitor::index)
                    .toList()
                    .toString();
            return refuse(viewer, ErrorReason.SCREEN_UNKNOWN, "found monitor " + screen + "; allowed are " + allowed);
        }
        if (came.rendition() < 0 || came.rendition() > Rendition.MAX_STREAM) {
            return refuse(
                    viewer,
                    ErrorReason.BAD_FIELD + "rendition",
                    "found " + came.rendition() + "; allowed are 0 to " + Rendition.MAX_STREAM);
        }
        StreamKey key = new StreamKey(screen, came.rendition());
        long looksAt = streams.values().stream()
                .filter(stream -> !stream.key.equals(key) && stream.flows.containsKey(viewer))
                .count();
        if (looksAt >= config.maxStreamsPerViewer()) {
            return refuse(
                    viewer,
                    ErrorReason.STREAM_LIMIT,
                    "this viewer looks at " + looksAt + " streams of this desktop; allowed are "
                            + config.maxStreamsPerViewer());
        }
        if (!names.containsKey(viewer) && names.size() >= config.maxViewers()) {
            return refuse(
                    viewer,
                    ErrorReason.STREAM_LIMIT,
                    names.size() + " viewers look at this desktop; allowed are " + config.maxViewers());
        }
        String name = came.name();
        names.put(viewer, shortened(name));
        RoomStream stream = streams.computeIfAbsent(key, absent -> new RoomStream(absent, config));
        ViewerFlow flow = flow(viewer, key);
        stream.flows.put(viewer, flow);
        announce(flow, stream, agent);
        flow.dueAt(nowMicros);
        return true;
    }

    private ViewerFlow flow(ViewerId viewer, StreamKey key) {
        for (RoomStream stream : streams.values()) {
            for (ViewerFlow flow : stream.flows.values()) {
                firstNumber = Math.max(firstNumber, flow.nextNumber());
            }
        }
        long interval = key.rendition() == Rendition.THUMBNAIL
                ? config.thumbnailInterval().toNanos() / 1000
                : 0;
        return flows.make(viewer, key, config.flow(), firstNumber, interval);
    }

    private static String shortened(String name) {
        return name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name;
    }

    private boolean refuse(ViewerId viewer, String reason, String detail) {
        orders.accept(new RoomOutput.NoSuchStream(viewer, reason, detail));
        return false;
    }

    /**
     * A viewer looks away.
     *
     * @param screen null means all
     * @param rendition null means all
     * @return whether it had looked
     */
    boolean left(ViewerId viewer, @Nullable Integer screen, @Nullable Integer rendition, boolean tell) {
        boolean had = false;
        boolean stays = false;
        for (RoomStream stream : streams.values()) {
            boolean meant = (screen == null || screen == stream.key.screen())
                    && (rendition == null || rendition == stream.key.rendition());
            ViewerFlow flow = meant ? stream.flows.remove(viewer) : null;
            if (flow != null) {
                had = true;
                firstNumber = Math.max(firstNumber, flow.nextNumber());
                if (tell) {
                    stopped(flow, StreamStopped.ASKED, null);
                }
            }
            stays |= stream.flows.containsKey(viewer);
        }
        if (!stays) {
            names.remove(viewer);
        }
        return had;
    }

    /** A viewer is an instance, and tells who looks there; whether that is news. */
    boolean reported(RoomInput.Reported reported) {
        if (!reporters.containsKey(reported.viewer()) && reporters.size() >= config.maxViewers()) {
            return false;
        }
        Reporter reporter = new Reporter(shortened(reported.name()), reported.report());
        return !reporter.equals(reporters.put(reported.viewer(), reporter));
    }

    /** A viewer's connection is gone; whether it had looked, or spoken for others. */
    boolean gone(ViewerId viewer) {
        boolean spoke = reporters.remove(viewer) != null;
        return left(viewer, null, null, false) || spoke;
    }

    /** The instances that look for others. */
    Collection<Reporter> reporters() {
        return reporters.values();
    }

    /** What a viewer tells of others that it looks for; null if it looks for itself. */
    @Nullable
    Reporter reporter(ViewerId viewer) {
        return reporters.get(viewer);
    }

    /** Tells that pictures follow, if the agent has this screen; and at once that they are stale, where they are. */
    void announce(ViewerFlow flow, RoomStream stream, RoomAgent agent) {
        if (!agent.hasScreen(flow.key.screen())) {
            return;
        }
        Optional<Monitor> monitor = agent.monitor(flow.key.screen());
        flow.toldWidth = monitor.map(Monitor::width).orElse(0);
        flow.toldHeight = monitor.map(Monitor::height).orElse(0);
        if (stream.cache.width() > 0 && flow.key.rendition() != Rendition.THUMBNAIL) {
            flow.toldWidth = stream.cache.width();
            flow.toldHeight = stream.cache.height();
        }
        orders.accept(new RoomOutput.ToViewer(
                flow.viewer,
                new StreamStarted(
                        clientId,
                        flow.key.screen(),
                        flow.key.rendition(),
                        agent.came.desktopHandle(),
                        agent.came.epoch(),
                        flow.toldWidth,
                        flow.toldHeight)));
        RoomInput.AgentAway away = agent.away();
        if (away != null) {
            stopped(flow, away.reason(), away.url());
        }
    }

    /** Tells the size of the screen, if it is another one than was told. A thumbnail has its own. */
    void announceSize(ViewerFlow flow, RoomStream stream, RoomAgent agent) {
        boolean same = flow.toldWidth == stream.cache.width() && flow.toldHeight == stream.cache.height();
        if (!same && flow.key.rendition() != Rendition.THUMBNAIL) {
            announce(flow, stream, agent);
        }
    }

    /** Tells that nothing follows for now, or ever. */
    void stopped(ViewerFlow flow, String reason, @Nullable String url) {
        orders.accept(new RoomOutput.ToViewer(
                flow.viewer, new StreamStopped(clientId, flow.key.screen(), flow.key.rendition(), reason, url)));
    }

    /** Pictures of what is captured no longer are of the past; nobody must take them for the present. */
    void forgetUnwanted(CaptureWish wish) {
        List<StreamKey> unused = new ArrayList<>();
        for (RoomStream stream : streams.values()) {
            if (!wish.contains(stream.key)) {
                if (stream.cache.width() > 0) {
                    stream.forgetPictures();
                }
                if (stream.flows.isEmpty()) {
                    unused.add(stream.key);
                }
            }
        }
        unused.forEach(streams::remove);
    }

    /** Whether somebody sees more than a thumbnail of this screen. */
    boolean isWatched(int screen) {
        for (RoomStream stream : streams.values()) {
            boolean counts = stream.key.screen() == screen && stream.key.rendition() != Rendition.THUMBNAIL;
            if (counts && stream.isVisible()) {
                return true;
            }
        }
        return false;
    }

    Collection<RoomStream> streams() {
        return streams.values();
    }

    @Nullable
    RoomStream stream(StreamKey key) {
        return streams.get(key);
    }

    /** The streams that are more than thumbnails, of all viewers. */
    List<ViewerFlow> watching() {
        List<ViewerFlow> flows = new ArrayList<>();
        for (RoomStream stream : streams.values()) {
            if (stream.key.rendition() != Rendition.THUMBNAIL) {
                flows.addAll(stream.flows.values());
            }
        }
        return flows;
    }

    /** What a viewer is called. */
    String name(ViewerId viewer) {
        return names.getOrDefault(viewer, "?");
    }

    boolean isEmpty() {
        return names.isEmpty();
    }
}
