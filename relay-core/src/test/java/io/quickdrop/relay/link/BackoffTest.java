package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private final Backoff backoff = new Backoff();

    @Test
    void theCeilingDoublesUpToItsBound() {
        for (long millis : new long[] {500, 1000, 2000, 4000, 8000, 10_000, 10_000}) {
            assertThat(backoff.next(ALMOST_ONE)).isCloseTo(Duration.ofMillis(millis), Duration.ofMillis(1));
        }
    }

    @Test
    void theFloorStaysSoThatTheWaitIsSpreadOverTheWholeRange() {
        for (int i = 0; i < 10; i++) {
            assertThat(backoff.next(0)).isEqualTo(Backoff.DEFAULT_FLOOR);
        }
        assertThat(backoff.next(0.5)).isEqualTo(Duration.ofMillis((250 + 10_000) / 2));
    }

    @Test
    void aSuccessStartsFromTheFloorAgain() {
        for (int i = 0; i < 10; i++) {
            backoff.next(0.5);
        }
        backoff.reset();
        assertThat(backoff.next(ALMOST_ONE)).isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void anyNumberOfFailuresStaysInBounds() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(backoff.next(ALMOST_ONE)).isBetween(Backoff.DEFAULT_FLOOR, Backoff.DEFAULT_CEILING);
        }
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(second, Duration.ofMillis(999)));
    }
}
