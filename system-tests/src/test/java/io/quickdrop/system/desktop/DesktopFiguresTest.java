package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.display.CounterWindow;
import io.quickdrop.system.display.DesktopPrograms.Running;
import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.CuttingProxy;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.ProcessFigures;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What watching costs and how old the picture is, by workload: 1280 × 720, the real agent, the server over TLS, Chromium. The
 * age is that of a number on the screen, from before it was drawn until the browser had it on its canvas at an animation
 * frame: up to 20 ms too high, since a number stands for 20 ms.
 *
 * <p>{@code -Dquickdrop.figures.seconds=20} measures longer.
 */
@ExtendWith(ShowServerLogs.class)
@SuppressWarnings("try") // programs that run for as long as their block
final class DesktopFiguresTest {
    /** Far above any figure that was measured, on a machine that does other things as well: disasters only. */
    private static final double OLD_MILLIS = 1_500;

    @Test
    void thePictureIsYoungWhateverHappensOnTheScreen(@TempDir Path folder) {
        long seconds = Long.getLong("quickdrop.figures.seconds", 5);
        String name = "figures.test";
        Launch launch = Launch.in(folder.resolve("out")).with("--name", name);
        try (ServerProcess server = launch.start();
                CuttingProxy up = CuttingProxy.socks(server.address());
                CuttingProxy down = new CuttingProxy(server.address());
                OneRealDesktop desktop = OneRealDesktop.at(server, up, VirtualDisplay.of(1280, 720), "figures");
                Chromium chromium = Chromium.launchBehind(down.port());
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            WatchPage page = WatchPage.openFromElsewhere(
                    laptop, name + ":" + server.port(), server.operatorToken(), "figures:0");
            page.waitUntilLive("figures", 0);
            System.out.printf(
                    "desktop figures: N=1 run of %d s each, 1280×720, one viewer (Chromium), counter of 288×64 pixels changing"
                            + " 50 times a second in all but the first row%n",
                    seconds);
            System.out.println(
                    "| content | pictures/s | age p50 ms | p95 ms | agent to server kB/s | server to viewer kB/s |"
                            + " agent CPU % | server CPU % |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            row("nothing, at rest", server, desktop, up, down, page, seconds, null);
            for (Workload workload : Workload.values()) {
                try (Running program = workload.start(desktop.programs(), 20, 20);
                        CounterWindow counter = CounterWindow.on(desktop.display(), 960, 640, 20)) {
                    long painted = page.number("figures", 0, "painted");
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> page.number("figures", 0, "painted") > painted + 10);
                    Ages ages = row(workload.words(), server, desktop, up, down, page, seconds, counter);
                    assertThat(ages.percentile(95))
                            .as("p95 of %s, ms", workload)
                            .isLessThan(OLD_MILLIS);
                    assertThat(ages.count()).as("pictures of %s", workload).isGreaterThan((int) seconds * 3);
                }
            }
        }
    }

    private static Ages row(
            String words,
            ServerProcess server,
            OneRealDesktop desktop,
            CuttingProxy up,
            CuttingProxy down,
            WatchPage page,
            long seconds,
            @Nullable CounterWindow counter) {
        if (counter != null) {
            page.readCounter("figures", 0, counter);
        }
        long upBytes = up.forwarded(Direction.UP);
        long downBytes = down.forwarded(Direction.DOWN);
        double agentCpu = ProcessFigures.cpuSeconds(desktop.agent().pid());
        double serverCpu = ProcessFigures.cpuSeconds(server.pid());
        long painted = page.number("figures", 0, "painted");
        long begun = System.nanoTime();
        // The time is what is measured.
        await().pollDelay(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 20))
                .until(() -> true);
        Ages ages = new Ages(counter);
        if (counter != null) {
            page.seen().forEach(seen -> ages.see(seen.number(), seen.atMicros()));
        }
        long pictures = page.number("figures", 0, "painted") - painted;
        double took = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "| %s | %.1f | %s | %s | %.0f | %.0f | %.0f | %.0f |%n",
                words,
                pictures / took,
                counter == null ? "–" : "%.0f".formatted(ages.percentile(50)),
                counter == null ? "–" : "%.0f".formatted(ages.percentile(95)),
                (up.forwarded(Direction.UP) - upBytes) / took / 1000,
                (down.forwarded(Direction.DOWN) - downBytes) / took / 1000,
                100 * (ProcessFigures.cpuSeconds(desktop.agent().pid()) - agentCpu) / took,
                100 * (ProcessFigures.cpuSeconds(server.pid()) - serverCpu) / took);
        return ages;
    }
}
