package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance stands still, as a machine that sleeps, while its desktop goes on at another; then it wakes, with the old
 * connection still open, and takes itself for the owner.
 */
@ExtendWith(ShowServerLogs.class)
@SuppressWarnings("try") // programs that run for as long as their block
final class FrozenInstanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void anInstanceThatWasFrozenForFifteenSecondsFindsItselfFencedOff(@TempDir Path folder) {
        freeze(folder, Duration.ofSeconds(15));
    }

    @Test
    @Tag("long")
    void anInstanceThatWasFrozenForThirtySecondsFindsItselfFencedOff(@TempDir Path folder) {
        freeze(folder, Duration.ofSeconds(30));
    }

    private static void freeze(Path folder, Duration length) {
        AgentKeyPair key = new AgentKeyPair();
        GeneratedScreen one = new GeneratedScreen(4, 3, 1, 1);
        GeneratedScreen other = new GeneratedScreen(4, 3, 1, 2);
        try (Cluster cluster = Cluster.of(2, folder)) {
            ClusterInstance ash = cluster.instance(0);
            Door stale = ash.door();
            Door fresh = cluster.instance(1).door();
            try (TestAgent zombie = TestAgent.register(
                                    stale,
                                    key,
                                    "sleeper",
                                    one,
                                    Enrolment.offer(stale).code())
                            .draw(10);
                    TestAgent bystander = Enrolment.desktop(stale, "bystander", new GeneratedScreen(4, 3, 1, 3));
                    Onlooker here = new Onlooker("sleeper", () -> stale);
                    Onlooker there = new Onlooker("sleeper", () -> fresh)) {
                await().atMost(PATIENCE).until(() -> here.frames() > 5 && there.frames() > 5);
                long frozenNanos = System.nanoTime();
                ash.server().freeze();
                try (TestAgent owner =
                        TestAgent.register(fresh, key, "sleeper", other, null).draw(10)) {
                    double registered = seconds(frozenNanos);
                    await().atMost(PATIENCE).until(() -> there.epoch() == owner.epoch());
                    double seen = seconds(frozenNanos);
                    long zombiesCommands = zombie.heard("command");
                    await().pollDelay(length).atMost(length.plus(PATIENCE)).until(() -> seconds(frozenNanos) > 0);
                    long thawedNanos = System.nanoTime();
                    ash.server().thaw();
                    String command = givenAtOnce(stale);
                    int closed = zombie.awaitClose(PATIENCE);
                    double fenced = seconds(thawedNanos);
                    bystander.awaitClose(PATIENCE);
                    owner.hear("command");
                    assertThat(zombie.heard("command"))
                            .as("commands that reached the stale owner's connection")
                            .isEqualTo(zombiesCommands);
                    await().atMost(PATIENCE).until(() -> here.epoch() == owner.epoch());
                    double back = seconds(thawedNanos);
                    owner.pause();
                    await().atMost(PATIENCE).until(() -> here.sees(owner.truth()) && there.sees(owner.truth()));
                    assertThat(here.faults()).isEmpty();
                    assertThat(there.faults()).isEmpty();
                    assertThat(closed).as("close code of the stale connection").isIn(1012, 4409);
                    System.out.printf(
                            "cluster: an instance frozen for %d s: N=1: registered elsewhere after %.1f s, seen there after"
                                    + " %.1f s; on return fenced after %.1f s (close %d), its own viewers see the desktop again"
                                    + " after %.1f s; command %s and no picture through the stale owner%n",
                            length.toSeconds(), registered, seen, fenced, closed, back, command);
                }
            }
        }
    }

    /** A command at the instance that has just woken, and may not know yet what it missed. */
    private static String givenAtOnce(Door door) {
        return await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .ignoreException(UncheckedIOException.class)
                .until(
                        () -> {
                            RawHttp.Answer answer = Orders.ask(
                                    door,
                                    "sleeper",
                                    "screenshot",
                                    Orders.screenshotOf(0),
                                    "after-sleep",
                                    Duration.ofMinutes(5));
                            return answer.status() == 202 ? Orders.id(answer) : "";
                        },
                        id -> !id.isEmpty());
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
