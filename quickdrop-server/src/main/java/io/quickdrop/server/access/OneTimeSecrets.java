package io.quickdrop.server.access;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Secrets that are good once and for some minutes, and the bad tries of those who guess. Only hashes are kept. Memory is
 * bounded. Safe on any thread.
 */
final class OneTimeSecrets {
    /** Secrets that are good at the same time: a few dashboards and a terminal. Beyond it the oldest is dropped. */
    static final int MAX_OUTSTANDING = 32;

    /** Bad tries of one remote party after which it has to wait. */
    static final int BAD_TRIES = 5;

    /** How long bad tries count. */
    static final Duration TRY_WINDOW = Duration.ofMinutes(10);

    /** Remote parties whose bad tries are counted: a LAN's worth, about 100 KB. */
    static final int MAX_PARTIES = 1024;

    private final InstantSource clock;
    private final Deque<Outstanding> outstanding = new ArrayDeque<>();
    private final Attempts attempts = new Attempts(BAD_TRIES, TRY_WINDOW, MAX_PARTIES);

    OneTimeSecrets(InstantSource clock) {
        this.clock = clock;
    }

    /** Lets {@code secret} be taken back once within {@code life}. */
    synchronized void offer(String secret, Duration life) {
        Instant now = clock.instant();
        dropLate(now);
        if (outstanding.size() == MAX_OUTSTANDING) {
            outstanding.removeFirst();
        }
        outstanding.addLast(new Outstanding(Token.sha256(secret), now.plus(life)));
    }

    /** Takes {@code secret} back from {@code party}. A right one is spent by this, whatever happens next. */
    synchronized Redemption redeem(String secret, String party) {
        Instant now = clock.instant();
        Optional<Duration> blocked = attempts.blockedFor(party, now);
        if (blocked.isPresent()) {
            return new Redemption.TooManyTries(blocked.get());
        }
        dropLate(now);
        if (spend(Token.sha256(secret))) {
            attempts.forget(party);
            return new Redemption.Accepted();
        }
        attempts.recordBad(party, now);
        return new Redemption.Expired();
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

    private static final class Outstanding {
        private final byte[] hash;
        private final Instant end;

        Outstanding(byte[] hash, Instant end) {
            this.hash = hash;
            this.end = end;
        }
    }
}
