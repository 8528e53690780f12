package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MessageBudgetTest {
    private final MessageBudget budget = new MessageBudget(Instant.EPOCH);

    private static Instant at(double seconds) {
        return Instant.EPOCH.plusMillis((long) (seconds * 1000));
    }

    private int messagesAllowedAt(double seconds) {
        int count = 0;
        while (budget.allowsMessage(at(seconds))) {
            count++;
        }
        return count;
    }

    @Test
    void aBurstIsAllowedAndThenARate() {
        assertThat(messagesAllowedAt(0)).isEqualTo(400);
        assertThat(messagesAllowedAt(1)).isEqualTo(100);
        assertThat(messagesAllowedAt(1.5)).isEqualTo(50);
        assertThat(messagesAllowedAt(1000))
                .as("an hour saves up no more than a burst")
                .isEqualTo(400);
    }

    @Test
    void nonsenseHasItsOwnSmallerBudget() {
        for (int i = 0; i < 20; i++) {
            assertThat(budget.allowsFault(at(0))).isTrue();
        }
        assertThat(budget.allowsFault(at(1.9))).isFalse();
        assertThat(budget.allowsFault(at(2))).isTrue();
        assertThat(budget.allowsMessage(at(2))).isTrue();
    }

    @Test
    void whatComesWithPicturesHasItsOwnLargerBudget() {
        for (int tick = 0; tick < 200; tick++) {
            for (int stream = 0; stream < 32; stream++) {
                assertThat(budget.allowsReport(at(tick / 20.0))).isTrue();
            }
        }
        int burst = 0;
        while (budget.allowsReport(at(10))) {
            burst++;
        }
        assertThat(burst).isLessThanOrEqualTo(1_280);
        assertThat(messagesAllowedAt(0)).isEqualTo(400);
    }

    @Test
    void timeThatGoesBackwardsAllowsNothingNew() {
        messagesAllowedAt(10);
        assertThat(messagesAllowedAt(5)).isZero();
        assertThat(messagesAllowedAt(10)).isZero();
    }
}
