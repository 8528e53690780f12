package io.quickdrop.relay.desktop;

import io.quickdrop.protocol.AgentMessage.Governing;
import io.quickdrop.protocol.AgentMessage.ViewerReport;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.protocol.ViewerMessage.Age;
import io.quickdrop.protocol.ViewerMessage.StreamStats;
import io.quickdrop.relay.desktop.RateAllocator.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is told about a room: to its agent who watches and how fast it may be, to its viewers how old their picture is, to
 * everybody how it is doing. Who sees only a thumbnail is not a watcher: every dashboard does. Pure; confined to one thread.
 */
final class RoomReports {
    private static final Age UNKNOWN = new Age(0, 0, 0, 0, 0, 0);
    /** Names in one message; it has to fit into a text frame. */
    private static final int MAX_NAMES = 32;

    /** What instances that pull can claim together. */
    private static final int MOST_VIEWERS = 1_000_000;

    /** Changes of who watches are told at once, but not more often than this. */
    private static final long SPACING_MICROS = 100_000;

    private final String clientId;
    private final RoomAudience audience;
    private final Consumer<RoomOutput> orders;
    private final long reportMicros;
    private final long statsMicros;
    private final RateAllocator allocator = new RateAllocator();
    private @Nullable Target target;
    private RoomView view = new RoomView(false, 0, List.of(), false, 0, 0, 0, null);
    private boolean changed;
    private long reportedMicros;
    private long statsToldMicros;

    RoomReports(String clientId, RoomConfig config, RoomAudience audience, Consumer<RoomOutput> orders) {
        this.clientId = clientId;
        this.audience = audience;
        this.orders = orders;
        this.reportMicros = config.reportInterval().toNanos() / 1000;
        this.statsMicros = config.statsInterval().toNanos() / 1000;
    }

    /** Who watches, or what is captured, is another than before. */
    void changed() {
        changed = true;
    }

    /** Tells what is due. */
    void tell(@Nullable RoomAgent agent, long nowMicros) {
        boolean isTime = !audience.isEmpty() && nowMicros - reportedMicros >= reportMicros;
        boolean mayTell = agent == null || nowMicros - reportedMicros >= SPACING_MICROS;
        boolean reports = isTime || (changed && mayTell);
        boolean stats = isRunning() && nowMicros - statsToldMicros >= statsMicros;
        if (reports) {
            reportedMicros = nowMicros;
            allocate(agent == null ? 0 : agent.bytesPerSecond(nowMicros), nowMicros);
            if (agent != null && agent.speaksV2()) {
                orders.accept(new RoomOutput.ToAgent(agent.came.agent(), report()));
            }
        }
        if (stats) {
            statsToldMicros = nowMicros;
            if (agent != null) {
                tellStats(agent, nowMicros);
            }
        }
        if (changed || stats) {
            RoomView now = look(agent, nowMicros);
            if (!now.equals(view)) {
                view = now;
                orders.accept(new RoomOutput.ViewChanged());
            }
        }
        changed &= !reports;
    }

    /** Whether figures may change by themselves. */
    private boolean isRunning() {
        return !audience.isEmpty() || view.fps() > 0 || view.kbps() > 0;
    }

    /** When to call {@link #tell} again while an agent is here. */
    long deadlineMicros() {
        long at = isRunning() ? statsToldMicros + statsMicros : Long.MAX_VALUE;
        at = audience.isEmpty() ? at : Math.min(at, reportedMicros + reportMicros);
        return changed ? Math.min(at, reportedMicros + SPACING_MICROS) : at;
    }

    RoomView view() {
        return view;
    }

    /** Takes a new look at what every way carries. */
    private void allocate(double sourceRate, long nowMicros) {
        Map<ViewerId, RateAllocator.Viewer> viewers = new LinkedHashMap<>();
        for (ViewerFlow flow : audience.watching()) {
            RoomAudience.Reporter reporter = audience.reporter(flow.viewer);
            boolean seen = reporter == null || reporter.report().visible() > 0;
            if (seen && flow.counts(nowMicros)) {
                long rate = flow.rate().bytesPerSecond(nowMicros);
                RateAllocator.Viewer one = new RateAllocator.Viewer(
                        flow.viewer,
                        audience.name(flow.viewer),
                        rate,
                        flow.rate().capacity(nowMicros),
                        flow.rate().isAmple(nowMicros),
                        flow.queueMicros(nowMicros));
                viewers.merge(flow.viewer, one, RoomReports::together);
            }
        }
        viewers.replaceAll((id, one) -> {
            RoomAudience.Reporter reporter = audience.reporter(id);
            return reporter == null ? one : one.with(reporter.report());
        });
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
                a.ample() && b.ample(),
                Math.max(a.queueMicros(), b.queueMicros()));
    }

    /** The viewer that sets the pace; null if none does. */
    @Nullable
    ViewerId governing() {
        return target == null ? null : target.governing();
    }

    private ViewerReport report() {
        Set<ViewerId> all = new LinkedHashSet<>();
        Set<ViewerId> visible = new LinkedHashSet<>();
        for (ViewerFlow flow : audience.watching()) {
            if (audience.reporter(flow.viewer) == null) {
                all.add(flow.viewer);
                if (!flow.isHidden()) {
                    visible.add(flow.viewer);
                }
            }
        }
        long viewers = all.size();
        long seeing = visible.size();
        for (RoomAudience.Reporter reporter : audience.reporters()) {
            viewers += reporter.report().viewers();
            seeing += reporter.report().visible();
        }
        Target now = target;
        Governing governing = now == null
                ? null
                : new Governing(now.queueMicros() / 1000, Math.max(1, now.bytesPerSecond() * 8 / 1000));
        return new ViewerReport(
                (int) Math.min(viewers, MOST_VIEWERS), (int) Math.min(seeing, MOST_VIEWERS), governing, names(all));
    }

    private List<String> names(Set<ViewerId> viewers) {
        Set<String> distinct = new LinkedHashSet<>();
        for (ViewerId viewer : viewers) {
            distinct.add(audience.name(viewer));
        }
        for (RoomAudience.Reporter reporter : audience.reporters()) {
            distinct.addAll(reporter.report().watchers());
        }
        List<String> list = new ArrayList<>(distinct);
        if (list.size() <= MAX_NAMES) {
            return list;
        }
        List<String> first = new ArrayList<>(list.subList(0, MAX_NAMES));
        first.add("and " + (list.size() - MAX_NAMES) + " more");
        return first;
    }

    private void tellStats(RoomAgent agent, long nowMicros) {
        int viewers = Math.max(report().viewers(), agent.viewersOfOrigin());
        for (ViewerFlow flow : audience.watching()) {
            boolean isAsked = flow.key.rendition() == Rendition.TILES || audience.reporter(flow.viewer) != null;
            if (isAsked && !flow.isHidden()) {
                orders.accept(new RoomOutput.ToViewer(flow.viewer, stats(flow, viewers, agent, nowMicros)));
            }
        }
    }

    private StreamStats stats(ViewerFlow flow, int viewers, RoomAgent agent, long nowMicros) {
        Age age = flow.age();
        boolean ownWay = flow.isStalled() || flow.rate().capacity(nowMicros).isPresent();
        return new StreamStats(
                clientId,
                flow.key.screen(),
                flow.key.rendition(),
                viewers,
                flow.timesPerSecond(nowMicros),
                kbps(flow.bytesPerSecond(nowMicros)),
                agent.quality(),
                age == null ? UNKNOWN : age,
                ownWay ? linkTo(audience.name(flow.viewer)) : limitedBy(agent, nowMicros));
    }

    private RoomView look(@Nullable RoomAgent agent, long nowMicros) {
        ViewerReport report = report();
        if (agent == null) {
            return new RoomView(false, report.viewers(), report.watchers(), false, 0, 0, 0, null);
        }
        return new RoomView(
                true,
                Math.max(report.viewers(), agent.viewersOfOrigin()),
                report.watchers(),
                agent.isCapturing(nowMicros),
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
}
