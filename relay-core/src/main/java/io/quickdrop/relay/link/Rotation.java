package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which of several servers to dial, and when: instances of one cluster, each as good as another.
 *
 * <ul>
 *   <li>Each has a {@link Reconnector} of its own: the waits of a dead one keep nobody from a healthy one.
 *   <li>A server that is lost is not tried again before the others had their chance. The next one is tried within
 *       {@link #SWITCH_WITHIN}, with full jitter: all who were at the dead one look for another at the same time.
 *   <li>What failed comes back into the row when its own wait is over.
 *   <li>A close code that is final for one server (it is none of ours, it shows another key) takes that one out of the row
 *       for {@link #STRUCK}; only what is said about us, or by the last in the row, is final for all.
 *   <li>Addresses behind which stands the same server, as far as is known, count as one when another is looked for.
 * </ul>
 *
 * <p>Pure: random numbers are arguments. Confined to one thread.
 *
 * @param <T> the address of a server, with a meaningful {@code equals}
 */
public final class Rotation<T> implements DialPlan {
    /** How soon the next server is tried. */
    public static final Duration SWITCH_WITHIN = Duration.ofSeconds(2);
    /**
     * How long an attempt may take while another server stands ready: a frozen one still accepts connections, since its
     * system does, and then says nothing.
     */
    public static final Duration SHORT_PATIENCE = Duration.ofSeconds(4);
    /** How long a server is left alone that said that it will never have us, while others are there. */
    public static final Duration STRUCK = Duration.ofSeconds(60);

    private static final Duration LEAST_GAP = Backoff.DEFAULT_FLOOR;

    /** One server of the row. */
    private static final class Place<T> {
        final T server;
        Reconnector reconnector;
        /** When it may be tried, as far as it is concerned. */
        Instant at = Instant.MIN;
        /** Since we were registered anywhere. */
        boolean failed;
        /** It said that it will never have us, and was not asked again. */
        boolean struck;

        Place(T server, Reconnector reconnector) {
            this.server = server;
            this.reconnector = reconnector;
        }
    }

    private final Function<? super T, ?> identity;
    private final Supplier<Reconnector> reconnectors;
    private final Set<Integer> aboutUs;
    private List<Place<T>> row = List.of();
    private Place<T> present;

    /**
     * Nothing was tried yet; the first in the row is.
     *
     * @param servers at least one
     * @param identity what is known of the server behind an address, with a meaningful {@code equals}
     * @param finalCloses as of {@link Reconnector}, for each server
     * @param aboutUs those of them that every server would say
     */
    public Rotation(
            List<T> servers, Function<? super T, ?> identity, Map<Integer, String> finalCloses, Set<Integer> aboutUs) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("found no server; allowed is at least one");
        }
        this.identity = identity;
        this.reconnectors = () -> new Reconnector(new Backoff(), finalCloses);
        this.aboutUs = Set.copyOf(aboutUs);
        this.present = new Place<>(servers.get(0), reconnectors.get());
        replace(servers);
    }

    /** The server that is being dialled, was dialled last, or is next. */
    public T present() {
        return present.server;
    }

    /** All servers of the row, in its order. */
    public List<T> servers() {
        return row.stream().map(place -> place.server).toList();
    }

    /**
     * From now on these are the servers. What is known of those that stay stays known, and the present one stays until it is
     * lost. Nothing happens if there is none.
     */
    public void replace(List<T> servers) {
        if (servers.isEmpty()) {
            return;
        }
        List<Place<T>> next = new ArrayList<>();
        for (T server : servers) {
            if (next.stream().noneMatch(place -> place.server.equals(server))) {
                next.add(find(server));
            }
        }
        row = List.copyOf(next);
    }

    private Place<T> find(T server) {
        if (present.server.equals(server)) {
            return present;
        }
        return row.stream()
                .filter(place -> place.server.equals(server))
                .findFirst()
                .orElseGet(() -> new Place<>(server, reconnectors.get()));
    }

    @Override
    public boolean begins(Instant now) {
        return present.reconnector.begins(now);
    }

    @Override
    public void acknowledged() {
        row.forEach(place -> place.failed = false); // what failed once may be back when this one is lost
        present.struck = false;
        present.reconnector.acknowledged();
    }

    @Override
    public void goodbye(Duration retryAfter) {
        present.reconnector.goodbye(retryAfter);
    }

    @Override
    public Reconnector.Next lost(int code, double random, Instant now) {
        Place<T> gone = present;
        Reconnector.Next next = gone.reconnector.lost(code, random, now);
        gone.failed = true;
        if (next instanceof Reconnector.Next.Retry retry) {
            gone.at = retry.at();
            gone.struck = false;
        } else {
            gone.at = now.plus(STRUCK);
            gone.struck = true;
            gone.reconnector = reconnectors.get();
            if (aboutUs.contains(code) || row.stream().allMatch(place -> place.struck)) {
                return next;
            }
        }
        Instant other = now.plus(gap(random));
        Place<T> best = gone;
        Instant at = row.contains(gone) ? gone.at : Instant.MAX;
        for (Place<T> place : othersAfter(gone)) {
            Instant due = place.at.isBefore(other) ? other : place.at;
            boolean sooner = best == gone ? !due.isAfter(other) || due.isBefore(at) : due.isBefore(at);
            if (sooner) {
                best = place;
                at = due;
            }
        }
        present = best;
        return new Reconnector.Next.Retry(at);
    }

    /** Behind {@code gone} in the row, then from its beginning; last those that are the same server by another name. */
    private List<Place<T>> othersAfter(Place<T> gone) {
        int from = row.indexOf(gone);
        List<Place<T>> others = new ArrayList<>();
        List<Place<T>> same = new ArrayList<>();
        for (int i = 1; i <= row.size(); i++) {
            Place<T> place = row.get((from + i) % row.size());
            if (place != gone) {
                (isSame(place, gone) ? same : others).add(place);
            }
        }
        others.addAll(same);
        return others;
    }

    private boolean isSame(Place<T> one, Place<T> other) {
        return Objects.equals(identity.apply(one.server), identity.apply(other.server));
    }

    @Override
    public boolean isResting() {
        return present.reconnector.isResting();
    }

    @Override
    public boolean hasAnother() {
        return row.stream().anyMatch(place -> !place.failed && !isSame(place, present));
    }

    @Override
    public Duration patience() {
        return hasAnother() ? SHORT_PATIENCE : Reconnector.CONNECT_PATIENCE;
    }

    private static Duration gap(double random) {
        Duration over = SWITCH_WITHIN.minus(LEAST_GAP);
        return LEAST_GAP.plus(Duration.ofNanos((long) ((double) over.toNanos() * random)));
    }
}
