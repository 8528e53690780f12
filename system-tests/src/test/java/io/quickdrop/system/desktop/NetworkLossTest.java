package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The network goes away without closing anything, and comes back: the real agent at one end, the real page at the other. */
@ExtendWith(ShowServerLogs.class)
@SuppressWarnings("try") // programs that run for as long as their block
final class NetworkLossTest {
    /** 15 s as promised, and a second for a timer's step on a busy machine. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(16);

    private static final Duration BACK_WITHIN = Duration.ofSeconds(12);

    @Test
    void bothEndsNoticeADeadNetworkAndThePictureIsBackSoonAfterIt(@TempDir Path folder) {
        lose(folder, Duration.ofSeconds(20));
    }

    @Test
    @Tag("long")
    void twoMinutesWithoutANetworkAreNoticedAndOver(@TempDir Path folder) {
        lose(folder, Duration.ofMinutes(2));
    }

    private static void lose(Path folder, Duration outage) {
        String name = "desk.test";
        Launch launch = Launch.in(folder.resolve("out")).with("--name", name);
        try (ServerProcess server = launch.start();
                CuttingProxy agentsNetwork = CuttingProxy.socks(server.address());
                CuttingProxy viewersNetwork = new CuttingProxy(server.address());
                OneRealDesktop desktop = OneRealDesktop.at(server, agentsNetwork, VirtualDisplay.of(640, 360), "lost");
                var text = desktop.programs().scrollingText(10, 10);
                Chromium chromium = Chromium.launchBehind(viewersNetwork.port());
                BrowserContext laptop = chromium.open(Screen.desktop());
                TestViewer near = TestViewer.of(Door.of(server)).watch("lost", 0)) {
            WatchPage page =
                    WatchPage.openFromElsewhere(laptop, name + ":" + server.port(), server.operatorToken(), "lost:0");
            page.waitUntilLive("lost", 0);

            long darkNanos = System.nanoTime();
            agentsNetwork.darken(true);
            viewersNetwork.darken(true);
            // The server's end: the desktop is offline for everybody whose own way is fine.
            near.forget();
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(NOTICED_WITHIN)
                    .until(() -> !Enrolment.isOnline(Door.of(server), "lost"));
            double atServer = seconds(darkNanos);
            assertThat(near.hear("stream_stopped").get("reason").getAsString()).isEqualTo("desktop_gone");
            // The other ends: the page says so, with the picture kept; the agent dials again.
            page.waitForState("lost", 0, "stale", 16_000 - 1_000.0 * atServer + 1_000);
            double viewer = seconds(darkNanos);
            assertThat(page.glass("lost", 0).differences(new io.quickdrop.system.display.Picture(640, 360)))
                    .as("pixels of the stale picture that are not black")
                    .isGreaterThan(1_000);
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> agentsNetwork.connections() > 1);
            double agent = seconds(darkNanos);
            assertThat(Math.max(atServer, Math.max(viewer, agent)))
                    .as("seconds until all have noticed")
                    .isLessThan(NOTICED_WITHIN.toMillis() / 1e3);

            // The time is the fault itself, not a wait for anything.
            await().pollDelay(outage.minusNanos(System.nanoTime() - darkNanos))
                    .atMost(outage.plusSeconds(5))
                    .until(() -> true);
            long painted = page.number("lost", 0, "painted");
            long frames = near.frames();
            long lightNanos = System.nanoTime();
            agentsNetwork.darken(false);
            viewersNetwork.darken(false);
            await().pollInterval(Duration.ofMillis(20)).atMost(BACK_WITHIN).until(() -> near.frames() > frames + 2);
            double stream = seconds(lightNanos);
            page.waitForState("lost", 0, "live", 12_000 - 1_000.0 * stream);
            double watched = seconds(lightNanos);
            await().atMost(Duration.ofSeconds(5)).until(() -> page.number("lost", 0, "painted") > painted + 2);
            System.out.printf(
                    "network gone for %d s without a close: N=1: noticed by the server after %.1f s, by the page after"
                            + " %.1f s, by the agent after %.1f s; streaming again %.1f s after it was back, on the page"
                            + " %.1f s%n",
                    outage.toSeconds(), atServer, viewer, agent, stream, watched);
        }
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
