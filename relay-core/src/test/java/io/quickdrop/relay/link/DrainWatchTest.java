package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DrainWatchTest {
    private Instant now = Instant.EPOCH;
    private final DrainWatch watch = new DrainWatch(now);

    @Test
    void aQueueThatMovesInTwoSecondsInARowIsLife() {
        watch.begin(1000, 500, now);
        assertThat(look(1000, 400)).isFalse();
        assertThat(look(1000, 300)).isTrue();
        assertThat(watch.deadline()).isEmpty();
    }

    @Test
    void aQueueThatGrowsByMoreThanItDrainsMovesToo() {
        watch.begin(1000, 500, now);
        look(3000, 2400);
        assertThat(look(9000, 8300)).isTrue();
    }

    @Test
    void whatABufferSwallowsAtOnceIsNoLife() {
        watch.begin(1000, 500, now);
        assertThat(look(1000, 100)).isFalse();
        assertThat(look(1000, 100)).isFalse();
        assertThat(watch.deadline()).isEmpty();
    }

    @Test
    void anEmptyQueueProvesNothing() {
        watch.begin(1000, 0, now);
        assertThat(watch.deadline()).isEmpty();
        watch.begin(1000, 500, now);
        assertThat(look(1000, 0)).isFalse();
        assertThat(watch.deadline()).isEmpty();
    }

    @Test
    void onlyDrainingForAMinuteIsNoLifeEither() {
        boolean last = true;
        for (int second = 0; second < 60; second += 2) {
            watch.begin(100_000, 90_000 - 100L * second, now);
            look(100_000, 90_000 - 100L * (second + 1));
            last = look(100_000, 90_000 - 100L * (second + 2));
            assertThat(last).isEqualTo(second < 58);
        }
        assertThat(last).isFalse();
        watch.heard(now);
        watch.begin(100_000, 500, now);
        look(100_000, 400);
        assertThat(look(100_000, 300)).isTrue();
    }

    @Test
    void anEarlyLookDoesNothing() {
        watch.begin(1000, 500, now);
        assertThat(watch.look(1000, 400, now.plusMillis(999))).isFalse();
        assertThat(watch.deadline()).contains(now.plusSeconds(1));
    }

    private boolean look(long given, long pending) {
        now = now.plusSeconds(1);
        return watch.look(given, pending, now);
    }
}
