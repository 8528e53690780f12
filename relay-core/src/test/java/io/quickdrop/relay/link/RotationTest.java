package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.relay.link.Reconnector.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
    private static final int LOST = 1006;
    private static final int STRANGER = 1015;
    private static final int REVOKED = 4403;
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private Rotation<String> rotation = row("a", "b", "c");
    private Instant now = Instant.EPOCH;

    @Test
    void theFirstOfTheRowIsDialledFirst() {
        assertThat(rotation.present()).isEqualTo("a");
        assertThat(rotation.begins(now)).isTrue();
    }

    @Test
    void theNextOneIsTriedWithinTwoSecondsWithFullJitter() {
        registered();
        assertThat(lost(0)).isEqualTo(250);
        assertThat(rotation.present()).isEqualTo("b");
        registered();
        assertThat(lost(ALMOST_ONE)).isEqualTo(2000);
        assertThat(rotation.present()).isEqualTo("c");
        registered();
        lost(0.5);
        assertThat(rotation.present()).isEqualTo("a"); // and round
    }

    @Test
    void aServerThatAsksToBeLeftAloneForAMinuteKeepsNobodyFromTheNext() {
        registered();
        rotation.goodbye(Duration.ofSeconds(60));
        assertThat(lost(0)).isEqualTo(250);
        assertThat(rotation.present()).isEqualTo("b");
    }

    @Test
    void theWaitsOfDeadOnesDoNotDelayAHealthyOne() {
        rotation = row("dead", "healthy");
        for (int i = 0; i < 50; i++) {
            assertThat(rotation.present()).isEqualTo("dead");
            attemptFails(0.5); // each time the dead one's own wait is longer
            assertThat(rotation.present()).isEqualTo("healthy");
            registered();
            now = now.plusSeconds(60);
            assertThat(lost(ALMOST_ONE)).isLessThanOrEqualTo(2000);
        }
    }

    @Test
    void aDeadOneComesBackIntoTheRowWhenItsOwnWaitIsOver() {
        rotation = row("a", "b");
        attemptFails(0); // a
        attemptFails(0); // b: a's wait of a quarter of a second is over
        assertThat(rotation.present()).isEqualTo("a");
        List<String> tried = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tried.add(rotation.present());
            attemptFails(0.9);
        }
        assertThat(tried).contains("a", "b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whileAllAreAwayEachIsTriedEveryTenSecondsAndNoneIsHammered(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Instant> last = new java.util.HashMap<>();
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 3000; i++) {
            String tried = rotation.present();
            Instant before = last.put(tried, now);
            if (before != null) {
                Duration between = Duration.between(before, now);
                longest = between.compareTo(longest) > 0 ? between : longest;
                assertThat(between).isGreaterThanOrEqualTo(Duration.ofMillis(250));
            }
            assertThat(rotation.begins(now)).isTrue();
            lost(random.nextDouble());
        }
        assertThat(last).hasSize(3);
        assertThat(longest).isLessThanOrEqualTo(Duration.ofSeconds(15)); // its ceiling, and the gaps of the two others
    }

    @Test
    void oneThatShowsAnotherKeyIsLeftOutAndTheOthersGoOn() {
        assertThat(rotation.begins(now)).isTrue();
        Next next = rotation.lost(STRANGER, 0, now);
        assertThat(next).isInstanceOf(Next.Retry.class);
        List<String> tried = new ArrayList<>();
        now = ((Next.Retry) next).at();
        Instant until = now.plus(Rotation.STRUCK).minusSeconds(3);
        while (now.isBefore(until)) {
            tried.add(rotation.present());
            attemptFails(0.5);
        }
        assertThat(tried).contains("b", "c").doesNotContain("a");
    }

    @Test
    void oneThatWasLeftOutIsAskedAgainAfterAMinute() {
        rotation = row("a", "b");
        assertThat(rotation.begins(now)).isTrue();
        now = ((Next.Retry) rotation.lost(STRANGER, 0, now)).at();
        registered();
        now = now.plus(Rotation.STRUCK);
        lost(0);
        assertThat(rotation.present()).isEqualTo("a");
        assertThat(rotation.begins(now)).isTrue();
    }

    @Test
    void itEndsWhenNoneIsLeft() {
        assertThat(rotation.begins(now)).isTrue();
        now = ((Next.Retry) rotation.lost(STRANGER, 0, now)).at();
        assertThat(rotation.begins(now)).isTrue();
        now = ((Next.Retry) rotation.lost(STRANGER, 0, now)).at();
        assertThat(rotation.begins(now)).isTrue();
        assertThat(rotation.lost(STRANGER, 0, now)).isEqualTo(new Next.GiveUp(STRANGER, "a stranger"));
    }

    @Test
    void whatIsSaidAboutUsIsFinalThoughOthersAreThere() {
        assertThat(rotation.begins(now)).isTrue();
        assertThat(rotation.lost(REVOKED, 0, now)).isEqualTo(new Next.GiveUp(REVOKED, "revoked"));
    }

    @Test
    void aSecondAddressOfTheSameServerIsNoOther() {
        rotation = row("a@wifi", "a@cable", "b@wifi");
        registered();
        lost(0);
        assertThat(rotation.present()).isEqualTo("b@wifi");
        rotation = row("a@wifi", "a@cable");
        assertThat(rotation.hasAnother()).isFalse();
        registered();
        lost(0);
        assertThat(rotation.present()).isEqualTo("a@cable"); // better than none
    }

    @Test
    void thereIsLessPatienceWhileAnotherStandsReady() {
        assertThat(rotation.patience()).isEqualTo(Rotation.SHORT_PATIENCE);
        attemptFails(0);
        attemptFails(0);
        assertThat(rotation.present()).isEqualTo("c");
        assertThat(rotation.patience()).isEqualTo(Reconnector.CONNECT_PATIENCE); // a and b have failed
        registered();
        assertThat(rotation.hasAnother()).isTrue(); // they may be back when c is lost
        assertThat(row("a").patience()).isEqualTo(Reconnector.CONNECT_PATIENCE);
    }

    @Test
    void thePresentOneStaysUntilItIsLostThoughTheRowIsAnother() {
        registered();
        rotation.replace(List.of("b", "d"));
        assertThat(rotation.present()).isEqualTo("a");
        lost(0);
        assertThat(rotation.present()).isEqualTo("b");
        attemptFails(0);
        assertThat(rotation.present()).isEqualTo("d");
        for (int i = 0; i < 20; i++) {
            attemptFails(0.5);
            assertThat(rotation.present()).isNotEqualTo("a");
        }
    }

    @Test
    void whatIsKnownOfThoseThatStayStaysKnown() {
        rotation = row("a", "b");
        assertThat(rotation.begins(now)).isTrue();
        now = ((Next.Retry) rotation.lost(STRANGER, 0, now)).at();
        rotation.replace(List.of("a", "b", "c", "c"));
        assertThat(rotation.servers()).containsExactly("a", "b", "c");
        registered();
        lost(0);
        assertThat(rotation.present()).isEqualTo("c"); // a is still left out
        rotation.replace(List.of());
        assertThat(rotation.servers()).containsExactly("a", "b", "c");
    }

    @Test
    void aLoneServerIsDialledByTheReconnectorsRules() {
        rotation = row("a");
        Reconnector alone = new Reconnector(new Backoff(), Map.of());
        for (int i = 0; i < 30; i++) {
            assertThat(alone.begins(now)).isTrue();
            assertThat(rotation.begins(now)).isTrue();
            Next.Retry expected = (Next.Retry) alone.lost(LOST, 0.7, now);
            assertThat(rotation.lost(LOST, 0.7, now)).isEqualTo(expected);
            assertThat(rotation.isResting()).isEqualTo(alone.isResting());
            now = expected.at();
        }
    }

    @Test
    void aRowNeedsOne() {
        assertThatThrownBy(() -> row()).isInstanceOf(IllegalArgumentException.class);
    }

    private static Rotation<String> row(String... servers) {
        return new Rotation<>(
                List.of(servers),
                server -> server.split("@", -1)[0],
                Map.of(REVOKED, "revoked", STRANGER, "a stranger"),
                Set.of(REVOKED));
    }

    private void registered() {
        assertThat(rotation.begins(now)).isTrue();
        rotation.acknowledged();
    }

    private void attemptFails(double random) {
        assertThat(rotation.begins(now)).isTrue();
        lost(random);
    }

    /** Milliseconds until the next attempt, to which time goes on. */
    private long lost(double random) {
        Instant at = ((Next.Retry) rotation.lost(LOST, random, now)).at();
        long wait = Math.round(Duration.between(now, at).toNanos() / 1e6);
        now = at;
        return wait;
    }
}
