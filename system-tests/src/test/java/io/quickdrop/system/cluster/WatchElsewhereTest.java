package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.RawHttp;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.AgentKeyPair;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.TestViewer;
import io.quickdrop.system.peers.V1Viewer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A desktop of one instance, seen and commanded at another. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchElsewhereTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    private static GeneratedScreen screen() {
        return new GeneratedScreen(6, 4, 3, 7);
    }

    @Test
    void aDesktopOfOneInstanceIsListedOnTheOtherWithTheNameOfItsOwner() {
        try (TestAgent agent = Enrolment.desktop(here, "listed", screen())) {
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, "listed"));
            JsonObject there = Enrolment.listed(elsewhere, "listed").orElseThrow();
            assertThat(there.get("instance").getAsString()).isEqualTo(ash.name());
            assertThat(Enrolment.listed(here, "listed").orElseThrow().has("instance"))
                    .isFalse();
            assertThat(agent.isOver()).isFalse();
        }
    }

    @Test
    void itsPictureIsWatchedThereToTheLastPixelAndCrossesTheLinkOnce() {
        try (TestAgent agent = Enrolment.desktop(here, "seen", screen()).draw(15)) {
            awaitListed("seen");
            long askedNanos = System.nanoTime();
            try (TestViewer first = TestViewer.of(elsewhere).watch("seen", 0)) {
                await().atMost(PATIENCE).until(() -> first.frames() > 0);
                double firstPicture = (System.nanoTime() - askedNanos) / 1e9;
                try (TestViewer second = TestViewer.of(elsewhere).watch("seen", 0)) {
                    await().atMost(PATIENCE).until(() -> second.frames() > 0);
                    long crossedBefore = ash.entrance().forwarded(Direction.DOWN);
                    long seenBefore = first.bytes() + second.bytes();
                    long frames = first.frames();
                    await().atMost(PATIENCE).until(() -> first.frames() > frames + 60);
                    double crossed = ash.entrance().forwarded(Direction.DOWN) - crossedBefore;
                    double seen = first.bytes() + second.bytes() - seenBefore;
                    agent.pause();
                    await().atMost(PATIENCE)
                            .until(() -> first.glass().differences(agent.truth()) == 0
                                    && second.glass().differences(agent.truth()) == 0);
                    System.out.printf(
                            "cluster: watched elsewhere: N=1, first picture after %.2f s, exact on two glasses; bytes over the"
                                    + " link per byte seen by two viewers %.2f%n",
                            firstPicture, crossed / seen);
                    assertThat(crossed).as("bytes over the link").isLessThan(0.75 * seen);
                }
            }
            await().atMost(PATIENCE).until(() -> !agent.isWanted(Rendition.TILES));
        }
    }

    @Test
    void aViewerOfTheFirstProtocolSeesItThereToo() {
        try (RovingDesktop desktop = RovingDesktop.enrolled("old-style", cluster.instances(), screen())) {
            awaitListed("old-style");
            try (V1Viewer viewer = new V1Viewer(elsewhere, "old-viewer").watch("old-style")) {
                await().atMost(PATIENCE).until(() -> viewer.frames() > 5);
                desktop.pause();
                await().atMost(PATIENCE).until(() -> viewer.picture()
                        .filter(seen -> seen.differences(desktop.truth()) == 0)
                        .isPresent());
                System.out.println(
                        "cluster: a v1 viewer on another instance: N=1, exact after " + viewer.frames() + " pictures");
            }
        }
    }

    @Test
    void aScreenshotThatIsAskedForThereComesBackThere() {
        try (RovingDesktop desktop = RovingDesktop.enrolled("pictured", cluster.instances(), screen())) {
            desktop.awaitOn(ash);
            awaitListed("pictured");
            long askedNanos = System.nanoTime();
            String id = Orders.screenshot(elsewhere, "pictured", 0, "shot-1");
            JsonObject ended = Orders.await(elsewhere, id, PATIENCE);
            assertThat(ended.get("status").getAsString()).isEqualTo("completed");
            RawHttp.Answer picture = RawHttp.get(elsewhere, "/api/desktops/pictured/screenshots/" + id)
                    .send();
            double seconds = (System.nanoTime() - askedNanos) / 1e9;
            assertThat(picture.status()).isEqualTo(200);
            assertThat(picture.body()).isEqualTo(desktop.screenshot());
            assertThat(RawHttp.get(here, "/api/desktops/pictured/screenshots/" + id)
                            .send()
                            .body())
                    .isEqualTo(desktop.screenshot());
            System.out.printf("cluster: screenshot asked for on another instance: N=1, exact after %.2f s%n", seconds);
        }
    }

    @Test
    void theKeyOfADesktopIsKnownOnEveryInstance() {
        AgentKeyPair key = new AgentKeyPair();
        try (TestAgent agent = TestAgent.register(
                here, key, "moving", screen(), Enrolment.offer(here).code())) {
            long first = agent.epoch();
            try (TestAgent moved = TestAgent.register(elsewhere, key, "moving", screen(), null)) {
                assertThat(moved.epoch()).isGreaterThan(first);
                assertThat(agent.awaitClose(PATIENCE)).isEqualTo(4409);
                await().atMost(PATIENCE).until(() -> Enrolment.listed(here, "moving")
                        .filter(desktop -> desktop.has("instance"))
                        .isPresent());
            }
        }
    }

    private void awaitListed(String desktop) {
        await().atMost(PATIENCE).until(() -> Enrolment.isOnline(elsewhere, desktop));
    }
}
