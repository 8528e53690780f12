package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final Duration REFILL = Duration.ofMillis(100);
    private long nanos = -5_000_000_000L;
    private final RateLimit limit = new RateLimit(3, REFILL, 10, () -> nanos);

    @Test
    void aBurstPassesAndTheNextHasToWait() {
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take("a")).isEmpty();
        }

        assertThat(limit.take("a")).contains(REFILL);
        assertThat(limit.take("b")).as("another key").isEmpty();
        nanos += REFILL.toNanos() - 1;
        assertThat(limit.take("a")).contains(Duration.ofNanos(1));
        nanos += 1;
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).contains(REFILL);
    }

    @Test
    void idlingFillsTheBucketNoFurtherThanTheBurst() {
        limit.take("a");
        nanos += Duration.ofDays(400).toNanos();
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take("a")).isEmpty();
        }
        assertThat(limit.take("a")).isPresent();
    }

    @Test
    void whateverTheRhythmNoMoreThanBurstAndRefillsPass() {
        Random random = new Random(3);
        long start = nanos;
        long passed = 0;
        for (int i = 0; i < 100_000; i++) {
            nanos += random.nextInt((int) REFILL.toNanos() / 10);
            passed += limit.take("a").isEmpty() ? 1 : 0;
        }
        assertThat(passed).isBetween((nanos - start) / REFILL.toNanos(), 3 + (nanos - start) / REFILL.toNanos());
    }

    @Test
    void timeThatGoesBackwardsGivesAndTakesNothing() {
        for (int i = 0; i < 3; i++) {
            limit.take("a");
        }
        nanos -= 1_000_000_000L;
        assertThat(limit.take("a")).contains(REFILL);
    }

    @Test
    void beyondTheBoundTheKeyThatAskedLongestAgoIsForgotten() {
        for (int i = 0; i < 1000; i++) {
            for (int j = 0; j < 4; j++) {
                limit.take("steady");
            }
            limit.take("key " + i);
            assertThat(limit.take("steady")).as("still remembered").isPresent();
        }
        assertThat(limit.keys()).isEqualTo(10);
    }

    @Test
    void senselessLimitsAreRefused() {
        assertThatThrownBy(() -> new RateLimit(0, REFILL, 10, () -> 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RateLimit(1, Duration.ZERO, 10, () -> 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RateLimit(1, REFILL, 0, () -> 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
