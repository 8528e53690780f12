package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The link between two instances is cut while both reach the store: each goes on alone, and the pull comes back. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // programs that run for as long as their block
final class LinkCutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double UNBROKEN_SECONDS = 3;

    private Cluster cluster;
    private ClusterInstance ash;
    private Door here;
    private Door elsewhere;

    @BeforeAll
    void start(@TempDir Path folder) {
        cluster = Cluster.of(2, folder);
        ash = cluster.instance(0);
        here = ash.door();
        elsewhere = cluster.instance(1).door();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachGoesOnAloneAndThePullComesBack(boolean silently) {
        String name = silently ? "behind-a-dark-link" : "behind-a-cut-link";
        Gaps local = new Gaps();
        try (TestAgent agent = Enrolment.desktop(here, name, new GeneratedScreen(4, 3, 1, 7))
                        .draw(10);
                TestAgent theirs = Enrolment.desktop(elsewhere, name + "-2", new GeneratedScreen(4, 3, 1, 8))
                        .draw(10)) {
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, name));
            try (TestViewer near =
                            new TestViewer.Setup().eyes(local).connect(here).watch(name, 0);
                    TestViewer there = TestViewer.of(elsewhere).watch(name + "-2", 0);
                    Onlooker far = new Onlooker(name, () -> elsewhere);
                    Onlooker another = new Onlooker(name, () -> elsewhere)) {
                await().atMost(PATIENCE).until(() -> far.frames() > 5 && another.frames() > 5 && near.frames() > 5);
                int pulls = ash.entrance().open();
                far.viewer().forget();
                local.restart();
                long cutNanos = System.nanoTime();
                ash.entrance().darken(true);
                if (!silently) {
                    ash.entrance().cutAll(Ending.RST);
                }
                far.viewer().hear("word that the origin is unreachable", message -> message.toString()
                        .contains("origin_unreachable"));
                double told = seconds(cutNanos);
                long nearFrames = near.frames();
                long theirFrames = there.frames();
                await().atMost(PATIENCE)
                        .until(() -> near.frames() > nearFrames + 20 && there.frames() > theirFrames + 20);
                double gap = local.longestSeconds();
                assertThat(Enrolment.isOnline(elsewhere, name)).isTrue();
                long farFrames = far.frames();
                long anothersFrames = another.frames();
                long mendedNanos = System.nanoTime();
                ash.entrance().darken(false);
                await().pollInterval(Duration.ofMillis(20))
                        .atMost(PATIENCE)
                        .until(() -> far.frames() > farFrames && another.frames() > anothersFrames);
                double back = seconds(mendedNanos);
                agent.pause();
                await().atMost(PATIENCE).until(() -> far.sees(agent.truth()) && another.sees(agent.truth()));
                agent.resume();
                await().atMost(PATIENCE).until(() -> ash.entrance().open() == pulls);
                double copies = copiesOverTheLink(far, another);
                System.out.printf(
                        "cluster: link between two instances %s: N=1: told after %.1f s, longest gap of a local viewer %.2f s,"
                                + " the pull is back %.1f s after the link, by %d socket(s), %.2f copies for two viewers%n",
                        silently ? "dark" : "cut",
                        told,
                        gap,
                        back,
                        ash.entrance().open(),
                        copies);
                assertThat(gap).isLessThan(UNBROKEN_SECONDS);
                assertThat(copies).as("copies of the stream over the link").isBetween(0.5, 1.5);
                assertThat(agent.isOver()).isFalse();
                assertThat(theirs.isOver()).isFalse();
            }
        }
    }

    @Test
    void aLinkThatIsCutAgainAndAgainLeavesOneSocketAndOneCopy() {
        try (TestAgent agent = Enrolment.desktop(here, "flapping", new GeneratedScreen(4, 3, 1, 7))
                .draw(10)) {
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, "flapping"));
            try (Onlooker far = new Onlooker("flapping", () -> elsewhere);
                    Onlooker another = new Onlooker("flapping", () -> elsewhere)) {
                await().atMost(PATIENCE).until(() -> far.frames() > 5 && another.frames() > 5);
                int pulls = ash.entrance().open();
                int cuts = 10;
                for (int cut = 0; cut < cuts; cut++) {
                    long before = far.frames();
                    ash.entrance().cutAll(cut % 2 == 0 ? Ending.RST : Ending.FIN);
                    await().atMost(PATIENCE).until(() -> far.frames() > before + 3);
                }
                await().atMost(PATIENCE).until(() -> ash.entrance().open() <= pulls);
                double copies = copiesOverTheLink(far, another);
                agent.pause();
                await().atMost(PATIENCE).until(() -> far.sees(agent.truth()) && another.sees(agent.truth()));
                assertThat(far.faults()).isEmpty();
                System.out.printf(
                        "cluster: link cut again and again: N=%d, %d socket(s), %.2f copies for two viewers%n",
                        cuts, ash.entrance().open(), copies);
                assertThat(copies).as("copies of the stream over the link").isBetween(0.5, 1.5);
            }
        }
    }

    /** What goes over the link for each byte that one viewer beyond it gets. */
    private double copiesOverTheLink(Onlooker one, Onlooker other) {
        long seenBefore = one.viewer().bytes() + other.viewer().bytes();
        long crossedBefore = ash.entrance().forwarded(Direction.DOWN);
        long frames = one.frames();
        await().atMost(PATIENCE).until(() -> one.frames() > frames + 40);
        double seen = (one.viewer().bytes() + other.viewer().bytes() - seenBefore) / 2.0;
        return (ash.entrance().forwarded(Direction.DOWN) - crossedBefore) / seen;
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
