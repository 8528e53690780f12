package io.quickdrop.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.catalogue.InstanceRow;
import io.quickdrop.server.catalogue.InstanceTable.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookoutTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T14:03:09Z");
    private static final Membership.Timing TIMING = Membership.Timing.ofSeveral();

    private final Lookout lookout = lookout();

    private static Lookout lookout() {
        return new Lookout(TIMING.maxPause(), TIMING.deadAfter());
    }

    private static InstanceRow other(double seenAtSeconds) {
        return new InstanceRow("other", 1, "other", "https://o:1", "", "", BEGIN, at(seenAtSeconds), null, false);
    }

    private static Instant at(double seconds) {
        return BEGIN.plusMillis((long) (seconds * 1000));
    }

    private List<InstanceRow> beat(double second, InstanceRow... rows) {
        return lookout.dead(new Beat(at(second), List.of(rows)), "self");
    }

    @Test
    void whoIsSilentForTenSecondsIsDead() {
        for (int second = 0; second <= 9; second += 3) {
            assertThat(beat(second, other(0))).isEmpty();
        }
        assertThat(beat(12, other(0))).extracting(InstanceRow::id).containsExactly("other");
    }

    @Test
    void whoHasJustBegunJudgesNobody() {
        assertThat(beat(100, other(0))).isEmpty();
        assertThat(beat(103, other(0))).isEmpty();
        assertThat(beat(109, other(0))).isEmpty();
        assertThat(beat(112, other(0))).hasSize(1);
    }

    @Test
    void afterAnOutageTheOthersGetTheirFullTimeToBeHeard() {
        for (int second = 0; second <= 30; second += 3) {
            assertThat(beat(second, other(second))).isEmpty();
        }
        assertThat(beat(210, other(31))).as("three minutes without the store").isEmpty();
        assertThat(beat(213, other(31))).isEmpty();
        assertThat(beat(219, other(31))).isEmpty();
        assertThat(beat(222, other(31))).hasSize(1);
    }

    @Test
    void aClockThatIsSetBackIsAnOutage() {
        for (int second = 100; second <= 130; second += 3) {
            beat(second, other(second));
        }
        assertThat(beat(50, other(20))).isEmpty();
        assertThat(beat(53, other(20))).isEmpty();
    }

    @Test
    void whoSaidGoodbyeOrIsOneselfIsNotBuried() {
        InstanceRow left = new InstanceRow("left", 1, "left", "https://l:1", "", "", BEGIN, at(0), at(1), true);
        InstanceRow self = new InstanceRow("self", 1, "self", "https://s:1", "", "", BEGIN, at(0), null, false);
        for (int second = 0; second <= 60; second += 3) {
            assertThat(beat(second, left, self)).isEmpty();
        }
    }

    /** Three instances, whose store is away again and again for any time: who lives is never taken for dead. */
    /** One instance: when it was seen last, and when it looks again. */
    private static final class Watcher {
        final String name;
        final Lookout lookout;
        double seen;
        double next;

        Watcher(String name, Lookout lookout, double next) {
            this.name = name;
            this.lookout = lookout;
            this.next = next;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noOutageOfTheStoreIsTakenForADeath(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = List.of("a", "b", "c");
        List<Watcher> watchers = names.stream()
                .map(name -> new Watcher(name, lookout(), random.nextDouble(3)))
                .toList();
        double awayFrom = 20;
        double awayUntil = 20;
        for (double now = 0; now < 2_000; now += 0.25) {
            if (now > awayUntil + 15 + random.nextDouble(60)) {
                awayFrom = now;
                awayUntil = now + random.nextDouble(random.nextBoolean() ? 12 : 200);
            }
            boolean away = now >= awayFrom && now < awayUntil;
            for (Watcher watcher : watchers) {
                if (now < watcher.next) {
                    continue;
                }
                if (away) {
                    watcher.next = now + 1 + random.nextDouble(2); // it waits for the time-out, and tries again
                    continue;
                }
                watcher.seen = now;
                watcher.next = now + 3 + random.nextDouble(0.3);
                List<InstanceRow> rows = watchers.stream()
                        .map(each -> new InstanceRow(
                                each.name, 1, each.name, "https://x:1", "", "", BEGIN, at(each.seen), null, false))
                        .toList();
                assertThat(watcher.lookout.dead(new Beat(at(now), rows), watcher.name))
                        .as("seed %d, second %.2f, by %s", seed, now, watcher.name)
                        .isEmpty();
            }
        }
    }

    @Test
    void theTimingLeavesRoomForAnOutageThatNobodyNotices() {
        for (Membership.Timing timing : List.of(Membership.Timing.ofSeveral(), Membership.Timing.alone())) {
            Duration longestUnnoticed = timing.maxPause().plus(timing.beatEvery());
            assertThat(longestUnnoticed).isLessThan(timing.deadAfter());
        }
    }
}
