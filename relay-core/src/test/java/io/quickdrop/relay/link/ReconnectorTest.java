package io.quickdrop.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.relay.link.Reconnector.Next;
import io.quickdrop.relay.sim.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectorTest {
    private static final int LOST = 1006;
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private final Reconnector reconnector = new Reconnector(new Backoff(), Map.of(4403, "revoked"));
    private Instant now = Instant.EPOCH;

    @Test
    void waitsGrowFromAQuarterOfASecondToTen() {
        assertThat(List.of(failedAt(ALMOST_ONE), failedAt(ALMOST_ONE), failedAt(ALMOST_ONE), failedAt(ALMOST_ONE)))
                .isEqualTo(List.of(500L, 1000L, 2000L, 4000L));
        for (int i = 0; i < 20; i++) {
            assertThat(failedAt(ALMOST_ONE)).isEqualTo(10_000);
        }
    }

    @Test
    void afterFiveFailuresInARowAttemptsBeginNoCloserTogetherThanFiveSeconds() {
        for (int i = 0; i < 4; i++) {
            assertThat(failedAt(0)).isEqualTo(250);
        }
        assertThat(reconnector.isResting()).isFalse();
        for (int i = 0; i < 4; i++) {
            assertThat(failedAt(0)).isEqualTo(5000);
            assertThat(reconnector.isResting()).isTrue();
        }
    }

    @Test
    void whileItRestsNoAttemptBegins() {
        for (int i = 0; i < 5; i++) {
            failedAt(0);
        }
        Instant probe = now;
        now = probe.minusMillis(1);
        assertThat(reconnector.begins(now)).isFalse();
        assertThat(reconnector.begins(probe)).isTrue();
        assertThat(reconnector.begins(probe.plusSeconds(1))).isFalse(); // a single probe
    }

    @Test
    void anOpenSocketIsNoSuccessOnlyTheServersAcknowledgementIs() {
        for (int i = 0; i < 8; i++) {
            failedAt(0);
        }
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.acknowledged();
        assertThat(lost(0)).isEqualTo(250);
        assertThat(reconnector.isResting()).isFalse();
    }

    @Test
    void theTimeThatAnAttemptHungCountsAsWaiting() {
        assertThat(reconnector.begins(now)).isTrue();
        now = now.plus(Reconnector.CONNECT_PATIENCE);
        assertThat(lost(0)).isEqualTo(250);
    }

    @Test
    void goodbyeIsObeyedAndSpread() {
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.acknowledged();
        reconnector.goodbye(Duration.ofSeconds(4));
        assertThat(lost(0)).isEqualTo(4000);
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.goodbye(Duration.ofSeconds(4));
        assertThat(lost(0.5)).isEqualTo(5000);
    }

    @Test
    void aGoodbyeThatMakesNoSenseIsBounded() {
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.goodbye(Duration.ofDays(3));
        assertThat(lost(0)).isEqualTo(60_000);
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.goodbye(Duration.ofDays(-3));
        assertThat(lost(0)).isBetween(250L, 1000L);
    }

    @Test
    void aGoodbyeToTheProbeIsAnAnswer() {
        for (int i = 0; i < 6; i++) {
            failedAt(0);
        }
        assertThat(reconnector.begins(now)).isTrue();
        reconnector.goodbye(Duration.ofSeconds(1));
        lost(0);
        assertThat(reconnector.begins(now)).isTrue();
    }

    @Test
    void aFinalCloseEndsIt() {
        assertThat(reconnector.begins(now)).isTrue();
        assertThat(reconnector.lost(4403, 0, now)).isEqualTo(new Next.GiveUp(4403, "revoked"));
    }

    /** Whatever the attempts do, a server that is back is tried again within 10 s and a little. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void attemptsNeverBeginFurtherApartThanTheCeiling(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            Instant begun = now;
            assertThat(reconnector.begins(now)).isTrue();
            now = now.plusMillis(random.nextLong(0, Reconnector.CONNECT_PATIENCE.toMillis() + 1));
            lost(random.nextDouble());
            assertThat(Duration.between(begun, now)).isBetween(Duration.ofMillis(250), Duration.ofMillis(10_001));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aHerdOfFiveHundredSpreadsOverTheTimeThatItsServerTakesToComeBack(long seed) {
        List<Long> arrivals = herd(seed, 30_000, 0);

        assertThat(arrivals).hasSize(500);
        assertThat(busiest(arrivals, 100)).isLessThanOrEqualTo(25); // were it even, it would be 5 to 10
        assertThat(arrivals.get(499) - 30_000).isLessThanOrEqualTo(10_250);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aHerdThatWasToldTheSameSpreadsToo(long seed) {
        List<Long> arrivals = herd(seed, 5_000, 5_000);

        assertThat(arrivals).hasSize(500);
        assertThat(arrivals.get(0)).isGreaterThanOrEqualTo(5_000);
        assertThat(busiest(arrivals, 100)).isLessThanOrEqualTo(45); // even: 20
        assertThat(arrivals.get(499)).isLessThanOrEqualTo(7_500);
    }

    /** When 500 peers reach a server that goes away at 0 and is back at some time, milliseconds. */
    private static List<Long> herd(long seed, long backAtMillis, long goodbyeMillis) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualTime time = new VirtualTime(random.split());
        List<Long> arrivals = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Reconnector peer = new Reconnector(new Backoff(), Map.of());
            peer.begins(time.now());
            peer.acknowledged();
            if (goodbyeMillis > 0) {
                peer.goodbye(Duration.ofMillis(goodbyeMillis));
            }
            retry(peer, time, random, backAtMillis, arrivals);
        }
        while (time.step()) {
            // to the end
        }
        return arrivals;
    }

    private static void retry(
            Reconnector peer, VirtualTime time, SplittableRandom random, long backAtMillis, List<Long> arrivals) {
        Next next = peer.lost(LOST, random.nextDouble(), time.now());
        Instant at = ((Next.Retry) next).at();
        time.atNanos(Duration.between(Instant.EPOCH, at).toNanos(), () -> {
            assertThat(peer.begins(time.now())).isTrue();
            long millis = time.now().toEpochMilli();
            if (millis >= backAtMillis) {
                arrivals.add(millis);
            } else {
                retry(peer, time, random, backAtMillis, arrivals);
            }
        });
    }

    private static long busiest(List<Long> times, long window) {
        return times.stream()
                .mapToLong(begin -> times.stream()
                        .filter(time -> time >= begin && time < begin + window)
                        .count())
                .max()
                .orElse(0);
    }

    /** An attempt fails at once; time goes on to the next. */
    private long failedAt(double random) {
        assertThat(reconnector.begins(now)).isTrue();
        return lost(random);
    }

    private long lost(double random) {
        Instant at = ((Next.Retry) reconnector.lost(LOST, random, now)).at();
        long wait = Math.round(Duration.between(now, at).toNanos() / 1e6);
        now = at;
        return wait;
    }
}
