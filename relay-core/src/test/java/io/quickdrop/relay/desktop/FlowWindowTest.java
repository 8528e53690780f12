package io.quickdrop.relay.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.desktop.FlowWindow.Demand;
import org.junit.jupiter.api.Test;

class FlowWindowTest {
    private static final FlowConfig CONFIG = FlowConfig.defaults();

    private final FlowWindow window = new FlowWindow(CONFIG);
    private long nowMicros = 1_000_000_000;

    /** A whole window is acknowledged in four batches, after this round trip. */
    private void round(long millis) {
        long quarter = Math.max(1, window.bytes() / 4);
        nowMicros += millis * 1_000;
        for (int i = 0; i < 4; i++) {
            window.acknowledged(millis * 1_000, quarter, Demand.MORE_THAN_WENT, true, nowMicros);
        }
    }

    @Test
    void itTriplesUntilTheFirstDelayAndGrowsSlowlyFromThenOn() {
        round(20);
        round(20);
        assertThat(window.bytes()).isBetween(140_000, 150_000);
        round(60);
        int after = window.bytes();
        assertThat(after).isLessThan(150_000);
        round(20);
        assertThat(window.bytes()).isBetween(after + after / 8, after + after / 2);
    }

    @Test
    void itNeverGrowsWhereItWasNotFull() {
        for (int i = 0; i < 100; i++) {
            nowMicros += 20_000;
            window.acknowledged(20_000, 1_000, Demand.MET, false, nowMicros);
        }
        assertThat(window.bytes()).isEqualTo(CONFIG.startWindowBytes());
    }

    @Test
    void itDoublesWhereOnlyLaterPicturesWereHeldBack() {
        int before = window.bytes();
        nowMicros += 20_000;
        window.acknowledged(20_000, before, Demand.HELD_BACK, true, nowMicros);
        assertThat(window.bytes()).isEqualTo(2 * before);
    }

    @Test
    void itStaysBetweenItsBounds() {
        for (int i = 0; i < 50; i++) {
            round(10);
        }
        assertThat(window.bytes()).isEqualTo(CONFIG.maxWindowBytes());
        for (int i = 0; i < 12; i++) {
            round(2_000);
        }
        assertThat(window.bytes()).isLessThanOrEqualTo(CONFIG.minWindowBytes());
    }

    @Test
    void aSpikeCutsItAtOnceAndItComesBackQuickly() {
        for (int i = 0; i < 4; i++) {
            round(20);
        }
        int before = window.bytes();
        round(400);
        assertThat(window.bytes()).isLessThanOrEqualTo(before / 4);
        for (int i = 0; i < 6; i++) {
            round(20);
        }
        assertThat(window.bytes()).isGreaterThan(before / 2);
    }

    @Test
    void oneLateAcknowledgementIsNoDelay() {
        round(20);
        int before = window.bytes();
        nowMicros += 90_000;
        window.acknowledged(90_000, 1_000, Demand.MORE_THAN_WENT, true, nowMicros);
        assertThat(window.bytes()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void delayThatIsNotItsOwnDoesNotShrinkIt() {
        round(20);
        int before = window.bytes();
        for (int i = 0; i < 20; i++) {
            nowMicros += 300_000;
            window.acknowledged(300_000, 1_000, Demand.MET, false, nowMicros);
        }
        assertThat(window.bytes()).isEqualTo(before);
    }

    @Test
    void itsOwnQueueIsNeverTakenForTheWay() {
        round(20);
        boolean drained = false;
        for (int i = 0; i < 600 && !drained; i++) {
            round(45); // a queue of 25 ms that stands
            drained = window.bytes() == 0;
        }
        assertThat(drained).as("the way runs empty to be measured").isTrue();
        window.drained();
        assertThat(window.bytes()).isEqualTo(CONFIG.minWindowBytes());
        nowMicros += 20_000;
        window.acknowledged(20_000, 4_096, Demand.MORE_THAN_WENT, true, nowMicros);
        assertThat(window.bytes()).isGreaterThan(CONFIG.minWindowBytes());
        assertThat(window.extraMicros()).isZero();
    }
}
