package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.relay.desktop.RateAllocator.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is told about a room: to its agent who watches and how fast it may be, to its viewers how old their picture is, to
 * everybody how it is doing. Who sees only a thumbnail is not a watcher: every dashboard does. Pure; confined to one thread.
 */
final class RoomReports {
    private static final Age UNKNOWN = new Age(0, 0, 0, 0, 0, 0);
    /** Names in one message; it has to fit into a text frame. */
    private static final int MAX_NAMES = 32;

    private final String clientId;
    private final RateAllocator allocator = new RateAllocator();
    private @Nullable Target target;

    RoomReports(String clientId) {
        this.clientId = clientId;
    }

    /** Takes a new look at what every way carries. */
    void allocate(Collection<RoomStream> streams, Map<ViewerId, String> names, double sourceRate, long nowMicros) {
        Map<ViewerId, RateAllocator.Viewer> viewers = new LinkedHashMap<>();
        for (ViewerFlow flow : watching(streams)) {
            if (flow.counts(nowMicros)) {
                long rate = flow.rate().bytesPerSecond(nowMicros);
                RateAllocator.Viewer one = new RateAllocator.Viewer(
                        flow.viewer,
                        names.getOrDefault(flow.viewer, "?"),
                        rate,
                        flow.rate().capacity(nowMicros),
                        flow.queueMicros(nowMicros));
                viewers.merge(flow.viewer, one, RoomReports::together);
            }
        }
        target = allocator
                .update(List.copyOf(viewers.values()), sourceRate, nowMicros)
                .orElse(null);
    }

    /** Two streams of one viewer share its way: it is full if either shows it. */
    private static RateAllocator.Viewer together(RateAllocator.Viewer a, RateAllocator.Viewer b) {
        OptionalLong capacity = a.capacity();
        if (a.capacity().isPresent() || b.capacity().isPresent()) {
            capacity = OptionalLong.of(a.capacity().orElse(a.deliveryBytesPerSecond())
                    + b.capacity().orElse(b.deliveryBytesPerSecond()));
        }
        return new RateAllocator.Viewer(
                a.id(),
                a.name(),
                a.deliveryBytesPerSecond() + b.deliveryBytesPerSecond(),
                capacity,
                Math.max(a.queueMicros(), b.queueMicros()));
    }

    /** The viewer that sets the pace; null if none does. */
    @Nullable
    ViewerId governing() {
        return target == null ? null : target.governing();
    }

    ViewerReport report(Collection<RoomStream> streams, Map<ViewerId, String> names) {
        Set<ViewerId> all = new LinkedHashSet<>();
        Set<ViewerId> visible = new LinkedHashSet<>();
        for (ViewerFlow flow : watching(streams)) {
            all.add(flow.viewer);
            if (!flow.isHidden()) {
                visible.add(flow.viewer);
            }
        }
        Target now = target;
        Governing governing = now == null
                ? null
                : new Governing(now.queueMicros() / 1000, Math.max(1, now.bytesPerSecond() * 8 / 1000));
        return new ViewerReport(all.size(), visible.size(), governing, names(all, names));
    }

    private static List<String> names(Set<ViewerId> viewers, Map<ViewerId, String> names) {
        Set<String> distinct = new LinkedHashSet<>();
        for (ViewerId viewer : viewers) {
            distinct.add(names.getOrDefault(viewer, "?"));
        }
        List<String> list = new ArrayList<>(distinct);
        if (list.size() <= MAX_NAMES) {
            return list;
        }
        List<String> first = new ArrayList<>(list.subList(0, MAX_NAMES));
        first.add("and " + (list.size() - MAX_NAMES) + " more");
        return first;
    }

    StreamStats stats(ViewerFlow flow, ViewerReport report, RoomAgent agent, String name, long nowMicros) {
        Age age = flow.age();
        boolean ownWay = flow.isStalled() || flow.rate().capacity(nowMicros).isPresent();
        return new StreamStats(
                clientId,
                flow.key.screen(),
                flow.key.rendition(),
                report.viewers(),
                flow.batchesPerSecond(nowMicros),
                kbps(flow.bytesPerSecond(nowMicros)),
                agent.quality(),
                age == null ? UNKNOWN : age,
                ownWay ? linkTo(name) : limitedBy(agent, nowMicros));
    }

    RoomView view(
            @Nullable RoomAgent agent, Collection<RoomStream> streams, Map<ViewerId, String> names, long nowMicros) {
        ViewerReport report = report(streams, names);
        if (agent == null) {
            return new RoomView(false, report.viewers(), report.watchers(), false, 0, 0, 0, null);
        }
        return new RoomView(
                true,
                report.viewers(),
                report.watchers(),
                !agent.told.isEmpty(),
                Math.round(agent.framesPerSecond(nowMicros) * 10) / 10.0,
                kbps(agent.bytesPerSecond(nowMicros)),
                agent.quality(),
                limitedBy(agent, nowMicros));
    }

    private @Nullable String limitedBy(RoomAgent agent, long nowMicros) {
        Target now = target;
        return now == null ? agent.limitedBy(nowMicros) : linkTo(now.name());
    }

    private static String linkTo(String name) {
        return "the link to " + name;
    }

    private static int kbps(double bytesPerSecond) {
        return (int) Math.min(Integer.MAX_VALUE, Math.round(bytesPerSecond * 8 / 1000));
    }

    private static List<ViewerFlow> watching(Collection<RoomStream> streams) {
        List<ViewerFlow> flows = new ArrayList<>();
        for (RoomStream stream : streams) {
            if (stream.key.rendition() != Rendition.THUMBNAIL) {
                flows.addAll(stream.flows.values());
            }
        }
        return flows;
    }
}
