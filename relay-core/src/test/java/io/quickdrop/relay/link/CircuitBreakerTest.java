package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quickdrop.relay.link.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final Instant START = Instant.EPOCH;

    private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofSeconds(5));

    @Test
    void staysClosedUntilTheFailuresInARowAreTooMany() {
        breaker.failed(START);
        breaker.failed(START);
        assertThat(breaker.allows(START)).isTrue();
        breaker.succeeded();
        breaker.failed(START);
        breaker.failed(START);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        breaker.failed(START);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void allowsOneProbeAfterTheRestAndNoSecondBesideIt() {
        open();
        assertThat(breaker.allows(at(4.999))).isFalse();
        assertThat(breaker.allows(at(5))).isTrue();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.allows(at(60))).isFalse();
    }

    @Test
    void aFailedProbeOpensItAgain() {
        open();
        assertThat(breaker.allows(at(5))).isTrue();
        breaker.failed(at(5));
        assertThat(breaker.allows(at(9.999))).isFalse();
        assertThat(breaker.allows(at(10))).isTrue();
    }

    @Test
    void aProbeThatSucceedsClosesIt() {
        open();
        assertThat(breaker.allows(at(5))).isTrue();
        breaker.succeeded();
        breaker.failed(at(6));
        assertThat(breaker.allows(at(6))).isTrue();
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CircuitBreaker(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new CircuitBreaker(1, Duration.ZERO));
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            breaker.failed(START);
        }
    }

    private static Instant at(double seconds) {
        return START.plusNanos((long) (seconds * 1e9));
    }
}
