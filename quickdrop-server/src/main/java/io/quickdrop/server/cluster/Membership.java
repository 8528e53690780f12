package io.quickdrop.server.cluster;

import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.server.catalogue.Incarnation;
import io.quickdrop.server.catalogue.InstanceRow;
import io.quickdrop.server.catalogue.InstanceTable;
import io.quickdrop.server.catalogue.InstanceTable.Beat;
import io.quickdrop.server.catalogue.InstanceTable.Introduction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's life among the others: says every few seconds that it lives, declares dead who has been silent, and
 * learns whether it was declared dead itself. While the store is away nothing is concluded from it: nobody can have
 * declared anybody dead, and when it answers again, the incarnation decides.
 *
 * <p>{@link #tick} is for one thread; all else is safe on any.
 */
public final class Membership implements Instances {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /**
     * How often what is done.
     *
     * @param beatEvery between two heartbeats
     * @param retryAfter after one that failed
     * @param deadAfter silence after which others declare an instance dead
     */
    public record Timing(Duration beatEvery, Duration retryAfter, Duration deadAfter) {
        /** Two heartbeats may be late before anybody is taken for dead. */
        public static Timing ofSeveral() {
            return new Timing(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(10));
        }

        /** Nobody else listens: it is written as rarely as is useful for a disk that wants to sleep. */
        public static Timing alone() {
            return new Timing(Duration.ofMinutes(1), Duration.ofSeconds(5), Duration.ofMinutes(4));
        }

        Duration maxPause() {
            return beatEvery.multipliedBy(2);
        }
    }

    /** Hears of changes; called on the membership's thread. */
    public interface Listener {
        /** This instance was declared dead, or its place was taken: nothing that it serves is its own any more. */
        void fenced();

        /** Something about the instances is another. */
        void changed();
    }

    private record View(Instant now, List<InstanceRow> rows) {}

    private final InstanceTable table;
    private final Supplier<Introduction> self;
    private final String selfId;
    private final Timing timing;
    private final LongSupplier nanoTime;
    private final Lookout lookout;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Incarnation incarnation;
    private volatile View view = new View(Instant.EPOCH, List.of());
    private volatile boolean fenced;
    private long nextNanos;
    private boolean failing;
    /** Where the others know that this instance is reached. */
    private String knownAt = "";

    /**
     * Not a member yet.
     *
     * @param self what the instance says of itself; asked for each heartbeat, since addresses change
     * @param nanoTime a monotonic clock
     */
    public Membership(InstanceTable table, Supplier<Introduction> self, Timing timing, LongSupplier nanoTime) {
        this.table = table;
        this.self = self;
        this.selfId = self.get().id();
        this.timing = timing;
        this.nanoTime = nanoTime;
        this.lookout = new Lookout(timing.maxPause(), timing.deadAfter());
    }

    /** Has the listener told; added before the first {@link #tick}. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Becomes a member.
     *
     * @param presumedDead silence after which a process with the same id counts as gone
     * @return false if another process with the same id lives at another address
     * @throws StorageException if the store can't be written
     */
    public boolean join(Duration presumedDead) throws StorageException {
        Optional<Incarnation> life = table.join(self.get(), presumedDead);
        life.ifPresent(mine -> {
            incarnation = mine;
            fenced = false;
        });
        see(new View(view.now(), table.list()));
        nextNanos = nanoTime.getAsLong();
        return life.isPresent();
    }

    /**
     * What this instance's writes name.
     *
     * @throws IllegalStateException before it has joined
     */
    public Incarnation incarnation() {
        Incarnation mine = incarnation;
        if (mine == null) {
            throw new IllegalStateException("this instance has not joined yet");
        }
        return mine;
    }

    /** Since when this instance could say without a gap that it lives, by the store's clock. */
    Instant hearingSince() {
        return lookout.hearingSince();
    }

    /** Says that it lives if it is time to. To be called about every second, by one thread. */
    public void tick() {
        if (nanoTime.getAsLong() - nextNanos >= 0) {
            beat();
        }
    }

    /** Says now that it lives, for example after its address changed. On the thread of {@link #tick}. */
    public void beat() {
        nextNanos = nanoTime.getAsLong() + timing.retryAfter().toNanos();
        try {
            if (fenced) {
                beginAnew();
                return;
            }
            String url = self.get().url();
            Optional<Beat> beat = table.beat(incarnation(), url, !url.equals(knownAt));
            if (beat.isEmpty()) {
                LOG.warn(
                        "this instance was declared dead while it was silent; it drops what it serves and begins anew");
                fenced = true;
                listeners.forEach(Listener::fenced);
                beginAnew();
                return;
            }
            knownAt = url;
            failing = false;
            nextNanos = nanoTime.getAsLong() + timing.beatEvery().toNanos();
            see(new View(beat.get().now(), beat.get().instances()));
            bury(beat.get());
        } catch (StorageException e) {
            if (!failing) {
                failing = true;
                LOG.warn("that this instance lives can't be stored, it is tried again soon: {}", e.getMessage());
            }
        }
    }

    private void beginAnew() throws StorageException {
        if (join(timing.deadAfter())) {
            LOG.info(
                    "this instance is a member again, incarnation {}",
                    incarnation().number());
        } else {
            LOG.error(
                    "another server with the id {} runs at another address: a data folder was copied. Delete the file "
                            + "instance-id in one of them and start it again",
                    selfId);
        }
    }

    private void bury(Beat beat) throws StorageException {
        for (InstanceRow silent : lookout.dead(beat, selfId)) {
            if (table.declareDead(silent)) {
                LOG.warn(
                        "the instance {} at {} was silent for too long and is declared dead",
                        silent.name(),
                        silent.url());
                refresh();
            }
        }
    }

    /** Reads who is there; after a signal. On the thread of {@link #tick}. */
    public void refresh() {
        try {
            see(new View(view.now(), table.list()));
        } catch (StorageException e) {
            LOG.debug("who else serves can't be read now: {}", e.getMessage());
        }
    }

    private void see(View next) {
        List<Member> before = list();
        view = next;
        if (!before.stream()
                .map(Membership::shape)
                .toList()
                .equals(list().stream().map(Membership::shape).toList())) {
            listeners.forEach(Listener::changed);
        }
    }

    /** All of it but the time. */
    private static Member shape(Member member) {
        return new Member(
                member.id(),
                member.name(),
                member.url(),
                member.pin(),
                member.storage(),
                member.state(),
                member.self(),
                member.startedAt(),
                Instant.EPOCH);
    }

    @Override
    public String selfId() {
        return selfId;
    }

    @Override
    public List<Member> list() {
        View now = view;
        return now.rows().stream().map(row -> member(row, now.now())).toList();
    }

    private Member member(InstanceRow row, Instant now) {
        return new Member(
                row.id(),
                row.name(),
                row.url(),
                row.pin(),
                row.storage(),
                state(row, now),
                row.id().equals(selfId),
                row.startedAt(),
                row.seenAt());
    }

    private Member.State state(InstanceRow row, Instant now) {
        if (row.isMember()) {
            boolean silent = row.seenAt().plus(timing.maxPause()).isBefore(now);
            return silent ? Member.State.SILENT : Member.State.ALIVE;
        }
        return row.saidGoodbye() ? Member.State.LEFT : Member.State.DEAD;
    }

    /** Says goodbye, so that nobody has to wait for its death to be noticed. */
    public void leave() throws StorageException {
        Incarnation mine = incarnation;
        if (mine != null && !fenced) {
            table.leave(mine);
        }
    }
}
