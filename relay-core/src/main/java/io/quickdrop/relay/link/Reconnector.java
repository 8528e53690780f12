package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When to connect again, and when not to: one set of rules for agents, uploads and (as {@code reconnector.js}) pages.
 *
 * <ul>
 *   <li>Waits grow with full jitter ({@link Backoff}), and start over once the server acknowledged us: an open socket
 *       proves nothing, since a server that refuses or a proxy without one accepts those as well.
 *   <li>A wait counts from the beginning of an attempt that failed, so that one that hung takes nothing from the time
 *       within which a server that is back is found; but at least about a floor lies between two.
 *   <li>After several failures in a row a {@link CircuitBreaker} opens.
 *   <li>What the server says in {@code goodbye} is obeyed, and spread: it says the same to a herd.
 *   <li>Some close codes are final.
 * </ul>
 *
 * <p>Pure: random numbers are arguments. Confined to one thread.
 */
public final class Reconnector implements DialPlan {
    /** How long an attempt may take until the connection is open: then another begins, which is still within 10 s. */
    public static final Duration CONNECT_PATIENCE = Duration.ofSeconds(8);
    /** So many failures in a row are no hiccup: with {@link Backoff}'s defaults about ten seconds have gone. */
    public static final int FAILURES_TO_REST = 5;
    /** Longest {@code retryAfterMs} that is believed. */
    public static final Duration LONGEST_GOODBYE = Duration.ofSeconds(60);
    /** What a herd that was told the same is spread over, as a part of what it was told; and at least. */
    private static final double GOODBYE_SPREAD = 0.5;

    private static final Duration LEAST_GOODBYE_SPREAD = Duration.ofMillis(500);

    /** What is next after a connection is gone. */
    public sealed interface Next {
        /** {@link #begins} is to be asked then. */
        record Retry(Instant at) implements Next {}

        /** Trying again would not help. */
        record GiveUp(int code, String meaning) implements Next {}
    }

    private final Backoff backoff;
    private final CircuitBreaker breaker;
    private final Duration rest;
    private final Map<Integer, String> finalCloses;
    private Instant begun = Instant.MIN;
    private boolean acknowledged;
    private Optional<Duration> goodbye = Optional.empty();

    /**
     * Nothing was tried yet.
     *
     * @param backoff from now on its own
     * @param finalCloses close codes after which coming back by oneself would be wrong, and what each means
     */
    public Reconnector(Backoff backoff, Map<Integer, String> finalCloses) {
        this.backoff = backoff;
        this.rest = backoff.ceiling().dividedBy(2); // so that a server that is back is found within the ceiling
        this.breaker = new CircuitBreaker(FAILURES_TO_REST, rest);
        this.finalCloses = Map.copyOf(finalCloses);
    }

    @Override
    public boolean begins(Instant now) {
        if (!breaker.allows(now)) {
            return false;
        }
        begun = now;
        acknowledged = false;
        return true;
    }

    @Override
    public void acknowledged() {
        acknowledged = true;
        goodbye = Optional.empty();
        backoff.reset();
        breaker.succeeded();
    }

    @Override
    public void goodbye(Duration retryAfter) {
        Duration bounded = retryAfter.isNegative() ? Duration.ZERO : retryAfter;
        goodbye = Optional.of(bounded.compareTo(LONGEST_GOODBYE) > 0 ? LONGEST_GOODBYE : bounded);
    }

    @Override
    public Next lost(int code, double random, Instant now) {
        String meaning = finalCloses.get(code);
        if (meaning != null) {
            return new Next.GiveUp(code, meaning);
        }
        Optional<Duration> told = goodbye;
        goodbye = Optional.empty();
        Instant from = acknowledged ? now : begun;
        Instant at = from.plus(backoff.next(random));
        if (told.isPresent()) { // that is no failure: it answered, and said when it is back
            breaker.succeeded();
            return new Next.Retry(later(at, now.plus(told.get()).plus(spread(told.get(), random))));
        }
        breaker.failed(from);
        if (isResting()) {
            at = from.plus(rest).plus(times(backoff.ceiling().minus(rest), random));
        }
        return new Next.Retry(later(at, now.plus(times(backoff.floor(), 1 + random))));
    }

    @Override
    public boolean isResting() {
        return breaker.state() != CircuitBreaker.State.CLOSED;
    }

    private static Duration spread(Duration told, double random) {
        Duration over = times(told, GOODBYE_SPREAD);
        return times(over.compareTo(LEAST_GOODBYE_SPREAD) < 0 ? LEAST_GOODBYE_SPREAD : over, random);
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofNanos((long) ((double) duration.toNanos() * factor));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
