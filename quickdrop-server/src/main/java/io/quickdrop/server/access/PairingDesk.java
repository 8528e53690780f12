package io.quickdrop.server.access;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Hands out the secrets that QR codes carry, and takes each of them back once, in time. Only hashes are kept.
 *
 * <p>Safe on any thread.
 */
public final class PairingDesk {
    /** Life of a secret on the dashboard, which renews it by itself. */
    public static final Duration PAGE_LIFE = Duration.ofMinutes(2);

    /** Life of a secret in the terminal, where a person has to ask for the next one. */
    public static final Duration TERMINAL_LIFE = Duration.ofMinutes(10);

    /** Secrets that are good at the same time: a few dashboards and a terminal. Beyond it the oldest is dropped. */
    static final int MAX_OUTSTANDING = 32;

    /** Bad tries of one remote address after which it has to wait. */
    static final int BAD_TRIES = 5;

    /** How long bad tries count. 128 bits can't be guessed at any rate; the wait keeps noise off the audit log. */
    static final Duration TRY_WINDOW = Duration.ofMinutes(10);

    /** Remote addresses whose bad tries are counted: a LAN's worth, about 100 KB. */
    static final int MAX_ADDRESSES = 1024;

    private final InstantSource clock;
    private final SecureRandom random;
    private final Deque<Outstanding> outstanding = new ArrayDeque<>();
    private final Attempts attempts = new Attempts(BAD_TRIES, TRY_WINDOW, MAX_ADDRESSES);

    /** An empty desk; what was handed out before a restart is void. */
    public PairingDesk(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** A fresh secret, good once and for {@code life}. */
    public synchronized Offer offer(Duration life) {
        Instant now = clock.instant();
        dropLate(now);
        if (outstanding.size() == MAX_OUTSTANDING) {
            outstanding.removeFirst();
        }
        String secret = Token.fresh(random, Token.SECRET_BYTES);
        outstanding.addLast(new Outstanding(Token.sha256(secret), now.plus(life)));
        return new Offer(secret, life);
    }

    /** Takes {@code secret} back from {@code remote}. A right one is spent by this, whatever happens next. */
    public synchronized Outcome redeem(String secret, InetAddress remote) {
        Instant now = clock.instant();
        Optional<Duration> blocked = attempts.blockedFor(remote, now);
        if (blocked.isPresent()) {
            return new TooManyTries(blocked.get());
        }
        dropLate(now);
        if (spend(Token.sha256(secret))) {
            attempts.forget(remote);
            return new Accepted();
        }
        attempts.recordBad(remote, now);
        return new Expired();
    }

    /** Looks at every hash, found or not, so that the time taken tells nothing. */
    private boolean spend(byte[] hash) {
        boolean found = false;
        for (Iterator<Outstanding> all = outstanding.iterator(); all.hasNext(); ) {
            if (MessageDigest.isEqual(all.next().hash, hash)) {
                all.remove();
                found = true;
            }
        }
        return found;
    }

    private void dropLate(Instant now) {
        outstanding.removeIf(offer -> !now.isBefore(offer.end));
    }

    /**
     * A secret to show.
     *
     * @param secret base64url of 128 random bits; belongs into the fragment of a URL and into no log
     * @param life from now on
     */
    public record Offer(String secret, Duration life) {
        @Override
        public String toString() {
            return "Offer[life=" + life + "]";
        }
    }

    /** What became of a secret that came back. */
    public sealed interface Outcome {}

    /** Right and in time: make a device key. */
    public record Accepted() implements Outcome {}

    /** Unknown, used before, or late; which of them is not told: 410 {@code PAIRING_EXPIRED}. */
    public record Expired() implements Outcome {}

    /**
     * Five bad tries from this address: 429 {@code TOO_MANY_TRIES}.
     *
     * @param retryAfter how long until it is heard again, positive
     */
    public record TooManyTries(Duration retryAfter) implements Outcome {
        /** For the Retry-After header, rounded up: trying earlier would be in vain. */
        public long retryAfterSeconds() {
            return retryAfter.plusMillis(999).toSeconds();
        }
    }

    private static final class Outstanding {
        private final byte[] hash;
        private final Instant end;

        Outstanding(byte[] hash, Instant end) {
            this.hash = hash;
            this.end = end;
        }
    }
}
