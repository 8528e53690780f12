package io.quickdrop.server;

import io.quickdrop.protocol.ObserverMessage;
import io.quickdrop.protocol.ObserverMessage.Instance;
import io.quickdrop.protocol.ObserverMessage.Session;
import io.quickdrop.protocol.ObserverMessage.Store;
import io.quickdrop.server.catalogue.StoreState;
import io.quickdrop.server.cluster.Instances;
import io.quickdrop.server.cluster.Member;
import io.quickdrop.server.observers.ClusterView;
import io.quickdrop.server.observers.ObserverDesk;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The instances and the store as dashboards are shown them. Safe on any thread; answers at once. */
final class ClusterShown implements ClusterView {
    private final Instances instances;
    private final StoreState state;
    private final String kind;
    private final Map<String, Instance> told = new ConcurrentHashMap<>();
    private volatile boolean wasEverDown;
    private volatile Supplier<List<Session>> arriving = List::of;

    /** @param kind of the store, as in {@link Store} */
    ClusterShown(Instances instances, StoreState state, String kind) {
        this.instances = instances;
        this.state = state;
        this.kind = kind;
        state.listen(status -> wasEverDown = true);
    }

    /** Where recordings that arrive at other instances are known; answers at once. */
    void arriving(Supplier<List<Session>> known) {
        arriving = known;
    }

    /** Tells dashboards which instance came, went, or was heard of again. */
    void changed(ObserverDesk observers) {
        for (Instance now : instances()) {
            Instance before = told.put(now.id(), now);
            if (before == null
                    || !before.state().equals(now.state())
                    || !before.url().equals(now.url())) {
                observers.tell(() -> new ObserverMessage.InstanceStatus(now));
            }
        }
    }

    @Override
    public List<Instance> instances() {
        return instances.list().stream()
                .map(ClusterShown::shown)
                .sorted(Comparator.comparing(instance -> !instance.self()))
                .toList();
    }

    private static Instance shown(Member member) {
        String state =
                switch (member.state()) {
                    case ALIVE -> Instance.ALIVE;
                    case SILENT, DEAD -> Instance.AWAY;
                    case LEFT -> Instance.LEFT;
                };
        long since = (state.equals(Instance.ALIVE) ? member.startedAt() : member.seenAt()).toEpochMilli();
        return new Instance(
                member.id(),
                member.name(),
                member.url(),
                state,
                member.self(),
                since,
                member.seenAt().toEpochMilli());
    }

    @Override
    public Store store() {
        StoreState.Status now = state.status();
        return now.up() && !wasEverDown
                ? Store.up(kind)
                : new Store(kind, now.up() ? Store.UP : Store.DOWN, now.since().toEpochMilli(), now.detail());
    }

    @Override
    public List<Session> sessions() {
        return arriving.get();
    }
}
