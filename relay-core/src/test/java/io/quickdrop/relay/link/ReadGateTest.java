package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadGateTest {
    private final ReadGate gate = new ReadGate(100, 30);

    @Test
    void readingPausesOnceAtTheHighMarkAndGoesOnOnceAtTheLow() {
        assertThat(gate.taken(99, false)).isFalse();
        assertThat(gate.taken(1, false)).isTrue();
        assertThat(gate.taken(50, false)).as("it is paused already").isFalse();
        assertThat(gate.settled(119)).isFalse();
        assertThat(gate.settled(1)).isTrue();
        assertThat(gate.settled(30)).as("it reads already").isFalse();
        assertThat(gate.outstandingBytes()).isZero();
    }

    @Test
    void inACrowdReadingPausesAboveTheLowMark() {
        assertThat(gate.taken(30, true)).isFalse();
        assertThat(gate.taken(1, true)).isTrue();
        assertThat(gate.settled(1)).isTrue();
    }

    @Test
    void settlingMoreThanWasTakenIsABug() {
        gate.taken(5, false);
        assertThatThrownBy(() -> gate.settled(6)).isInstanceOf(AssertionError.class);
    }

    @Test
    void marksThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadGate(10, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadGate(10, -1));
    }
}
