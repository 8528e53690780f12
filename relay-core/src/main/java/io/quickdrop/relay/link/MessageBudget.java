package io.quickdrop.relay.link;

import java.time.Duration;
import java.time.Instant;

/**
 * Bounds how many messages a peer may send, and how much nonsense: a token bucket (RFC 2697 in spirit) for each.
 *
 * <p>Pure; confined to one thread.
 */
public final class MessageBudget {
    /** Messages a second that our own clients stay far below. */
    private static final double MESSAGES_PER_SECOND = 100;

    private static final double MESSAGES_BURST = 400;
    /** What comes with pictures: 20 acknowledgements a second (one each 50 ms) of each of 32 streams. */
    private static final double REPORTS_PER_SECOND = 640;

    private static final double REPORTS_BURST = 1280;
    /** One mistake in two seconds is a bug, twenty at once are an attack. */
    private static final double FAULTS_PER_SECOND = 0.5;

    private static final double FAULTS_BURST = 20;

    private final Bucket messages;
    private final Bucket reports;
    private final Bucket faults;

    public MessageBudget(Instant now) {
        messages = new Bucket(MESSAGES_PER_SECOND, MESSAGES_BURST, now);
        reports = new Bucket(REPORTS_PER_SECOND, REPORTS_BURST, now);
        faults = new Bucket(FAULTS_PER_SECOND, FAULTS_BURST, now);
    }

    /** Whether one more text message is within bounds. */
    public boolean allowsMessage(Instant now) {
        return messages.take(now);
    }

    /** Whether one more message that comes with pictures, as acknowledgements do, is within bounds. */
    public boolean allowsReport(Instant now) {
        return reports.take(now);
    }

    /** Whether one more message that breaks the contract is within bounds. */
    public boolean allowsFault(Instant now) {
        return faults.take(now);
    }

    private static final class Bucket {
        private final double perSecond;
        private final double burst;
        private double tokens;
        private Instant last;

        Bucket(double perSecond, double burst, Instant now) {
            this.perSecond = perSecond;
            this.burst = burst;
            this.tokens = burst;
            this.last = now;
        }

        boolean take(Instant now) {
            if (now.isAfter(last)) {
                double seconds = Duration.between(last, now).toNanos() / 1e9;
                tokens = Math.min(burst, tokens + seconds * perSecond);
                last = now;
            }
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }
}
