package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.Gallery;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.display.DesktopPrograms.Running;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.display.ScreenHistory;
import io.quickdrop.system.display.Ssim;
import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The picture in the browser is the screen: alike while it moves, the same to the last pixel when it rests. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // programs that run for as long as their block
final class PictureTest {
    private static final double ALIKE = 0.95;
    private static final int LOOKS = 6;
    /** From the last motion to the lossless pass, and its way. */
    private static final Duration REST_PATIENCE = Duration.ofSeconds(15);

    private ServerProcess server;
    private Chromium chromium;
    private OneRealDesktop desktop;
    private BrowserContext laptop;
    private WatchPage page;

    @BeforeAll
    void open(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).start();
        chromium = Chromium.launch();
        laptop = chromium.open(Screen.desktop());
        desktop = OneRealDesktop.at(server, VirtualDisplay.of(1280, 720), "seen");
        page = WatchPage.open(laptop, server.port(), "seen:0").waitUntilLive("seen", 0);
    }

    @AfterAll
    void close() {
        laptop.close();
        chromium.close();
        desktop.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void theCanvasShowsTheScreenAlikeInMotionAndIdenticalAtRest(Workload workload) {
        VirtualDisplay display = desktop.display();
        try (Running background = desktop.programs().textAtRest(720, 360);
                Running program = workload.start(desktop.programs(), 20, 20)) {
            double worst = 1;
            double content = 1;
            int states = 0;
            if (workload.moves()) {
                long painted = page.number("seen", 0, "painted");
                await().atMost(REST_PATIENCE).until(() -> page.number("seen", 0, "painted") > painted + 5);
                try (ScreenHistory history = new ScreenHistory(display, 0, display.width())) {
                    for (int i = 0; i < LOOKS; i++) {
                        long last = page.number("seen", 0, "painted");
                        await().atMost(REST_PATIENCE).until(() -> page.number("seen", 0, "painted") > last);
                        Picture glass = page.glass("seen", 0);
                        ScreenHistory.Match match = history.best(glass);
                        if (match.ssim() < worst || i == 0) {
                            worst = match.ssim();
                            content = Ssim.ofContent(glass, match.truth());
                            save(glass, workload.fileName() + "-moving-canvas");
                            save(match.truth(), workload.fileName() + "-moving-screen");
                        }
                    }
                    states = history.states();
                }
                program.freeze();
            }
            long stillNanos = System.nanoTime();
            assertIdentical(display, "seen", 0, workload.fileName());
            System.out.printf(
                    "picture of %s: N=%d looks among %d states of the screen, worst SSIM %.4f (%.4f where the screen"
                            + " is not flat); identical at rest, all"
                            + " %d pixels, %.1f s after the last motion%n",
                    workload.words(),
                    workload.moves() ? LOOKS : 0,
                    states,
                    worst,
                    content,
                    display.width() * display.height(),
                    (System.nanoTime() - stillNanos) / 1e9);
            assertThat(worst).as("SSIM in motion, worst of %d looks", LOOKS).isGreaterThanOrEqualTo(ALIKE);
        }
    }

    @Test
    void twoMonitorsAreTwoPicturesEachIdenticalToItsOwn() {
        try (VirtualDisplay display = VirtualDisplay.of(640, 480, 2);
                OneRealDesktop two = OneRealDesktop.at(server, display, "two");
                Running left = two.programs().textAtRest(20, 20);
                Running right = two.programs().scrollingText(660, 40);
                BrowserContext other = chromium.open(Screen.desktop())) {
            WatchPage both = WatchPage.open(other, server.port(), "two:0");
            both.waitUntilLive("two", 0);
            both.thumbnail("two", 1).click();
            both.waitUntilLive("two", 1);
            try (ScreenHistory history = new ScreenHistory(display, 640, 640)) {
                long painted = both.number("two", 1, "painted");
                await().atMost(REST_PATIENCE).until(() -> both.number("two", 1, "painted") > painted + 5);
                assertThat(history.best(both.glass("two", 1)).ssim())
                        .as("SSIM of the moving one")
                        .isGreaterThanOrEqualTo(ALIKE);
            }
            right.freeze();
            for (int monitor = 0; monitor < 2; monitor++) {
                int x = monitor * 640;
                await().atMost(REST_PATIENCE).untilAsserted(() -> assertThat(
                                both.glass("two", x / 640).difference(display.picture(x, 0, 640, 480)))
                        .startsWith("0 "));
            }
            Gallery.picture(both.page(), "watch-two-monitors");
            // One alone goes on when the other is closed.
            both.tile("two", 0).locator("[data-action=close]").click();
            right.thaw();
            long painted = both.number("two", 1, "painted");
            await().atMost(REST_PATIENCE).until(() -> both.number("two", 1, "painted") > painted + 5);
        }
    }

    private void assertIdentical(VirtualDisplay display, String id, int monitor, String name) {
        Picture[] glass = {page.glass(id, monitor)};
        try {
            await().pollInterval(Duration.ofMillis(200)).atMost(REST_PATIENCE).until(() -> {
                glass[0] = page.glass(id, monitor);
                return glass[0].differences(display.picture()) == 0;
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            save(display.picture(), name + "-rest-screen");
            throw new AssertionError(
                    "not identical at rest: " + glass[0].difference(display.picture()) + "; the page says "
                            + page.facts(id, monitor),
                    e);
        } finally {
            save(glass[0], name + "-rest-canvas");
        }
    }

    private static void save(Picture picture, String name) {
        picture.save(Gallery.folder().resolve("desktop-" + name + ".png"));
    }
}
