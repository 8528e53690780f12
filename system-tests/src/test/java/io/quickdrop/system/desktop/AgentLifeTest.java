package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.DashboardPage;
import io.quickdrop.system.browser.Gallery;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.display.DesktopPrograms.Running;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.display.VirtualDisplay;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.AgentProcess;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.TestViewer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real agent from its first start to its end: how it gets in, what throws it out, and with which words and status. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // programs that run for as long as their block
final class AgentLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final double PATIENCE_MS = 40_000;
    private static final double BACK_WITHIN_MS = 25_000;

    private ServerProcess server;
    private Door door;
    private VirtualDisplay display;
    private Chromium chromium;
    private Path folder;

    @BeforeAll
    void open(@TempDir Path newFolder) {
        folder = newFolder;
        server = Launch.in(folder.resolve("out")).start();
        door = Door.of(server);
        display = VirtualDisplay.of(640, 360);
        chromium = Chromium.launch();
    }

    @AfterAll
    void close() {
        chromium.close();
        display.close();
        server.close();
    }

    private AgentProcess.Launch agent(String id) {
        return AgentProcess.Launch.at(display, folder.resolve("home-" + id), server.port())
                .with("--id", id, "--name", "Desk " + id);
    }

    @Test
    void aWrongCodeEndsTheAgentWithAStatusAndASentenceThatHelps() {
        try (AgentProcess agent = agent("wrong")
                .with("--code", "AAAAA-AAAAA", "--pin", Enrolment.offer(door).pin())
                .start()) {
            assertThat(agent.awaitExit(PATIENCE)).isEqualTo(ExitStatus.REGISTRATION_FAILED);
            assertThat(agent.output()).contains("make a new one on the dashboard");
            assertThat(Enrolment.listed(door, "wrong")).isEmpty();
        }
    }

    @Test
    void aServerWithAnotherKeyThanThePinnedOneIsNotSpokenTo() {
        String pin = Enrolment.offer(door).pin();
        String other = pin.substring(0, pin.length() - 4) + (pin.endsWith("0000") ? "1111" : "0000");
        try (AgentProcess agent =
                agent("pinned").with("--code", "AAAAA-AAAAA", "--pin", other).start()) {
            assertThat(agent.awaitExit(PATIENCE)).isEqualTo(ExitStatus.SERVER_NOT_TRUSTED);
            assertThat(agent.output()).contains("pin");
        }
    }

    @Test
    void theOperatorApprovesAnAgentOnTheDashboardByTheKeyThatItsTerminalShows() {
        try (BrowserContext laptop = chromium.open(Screen.desktop());
                AgentProcess agent = agent("asking")
                        .with("--pin", Enrolment.offer(door).pin())
                        .start()) {
            Page page = DashboardPage.open(laptop, server.port()).page();
            Locator row = page.locator(".desktop[data-client=asking]");
            row.waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MS));
            String key = row.locator(".desktop-key").textContent();
            assertThat(agent.output()).contains(key);
            Gallery.picture(page, "dashboard-desktop-asks");
            row.getByText("Approve", new Locator.GetByTextOptions().setExact(true))
                    .click();
            await().atMost(PATIENCE).until(() -> Enrolment.isOnline(door, "asking"));
            page.locator(".desktop[data-client=asking][data-state=online]").waitFor();
            Gallery.picture(page, "dashboard-desktop-online");
            agent.terminate();
            agent.awaitExit(PATIENCE);
            page.locator(".desktop[data-client=asking][data-state=offline]").waitFor();
        }
    }

    @Test
    void aDesktopThatIsRevokedWhileItStreamsIsOutWithinASecondAndSaysWhy() {
        try (OneRealDesktop desktop = OneRealDesktop.at(server, VirtualDisplay.of(640, 360), "thrown-out");
                Running text = desktop.programs().scrollingText(10, 10);
                TestViewer viewer = TestViewer.of(door).watch("thrown-out", 0)) {
            await().atMost(PATIENCE).until(() -> viewer.frames() > 5);
            long nanos = System.nanoTime();
            Enrolment.revoke(door, "thrown-out");
            viewer.hear("stream_stopped");
            double seconds = (System.nanoTime() - nanos) / 1e9;
            long frames = viewer.frames();
            assertThat(desktop.agent().awaitExit(PATIENCE)).isEqualTo(ExitStatus.REFUSED);
            double exit = (System.nanoTime() - nanos) / 1e9;
            System.out.printf(
                    "real agent revoked: N=1: stream over after %.3f s, agent ended after %.1f s%n", seconds, exit);
            assertThat(seconds).isLessThan(1);
            assertThat(viewer.frames()).isEqualTo(frames);
            assertThat(desktop.agent().output()).contains("revoked");
        }
    }

    @Test
    void aSecondAgentWithTheSameKeyTakesOverAndTheFirstEnds() {
        try (OneRealDesktop desktop = OneRealDesktop.at(server, VirtualDisplay.of(640, 360), "started-twice");
                Running text = desktop.programs().scrollingText(10, 10);
                TestViewer viewer = TestViewer.of(door).watch("started-twice", 0)) {
            await().atMost(PATIENCE).until(() -> viewer.frames() > 5);
            try (AgentProcess second = desktop.again()) {
                assertThat(desktop.agent().awaitExit(PATIENCE)).isEqualTo(ExitStatus.SUPERSEDED);
                long before = viewer.frames();
                await().atMost(PATIENCE).until(() -> viewer.frames() > before + 5);
                assertThat(second.isAlive()).isTrue();
                assertThat(Enrolment.isOnline(door, "started-twice")).isTrue();
            }
        }
    }

    @Test
    void commandsPauseTheDesktopLimitItAndAreAnsweredEach() {
        try (OneRealDesktop desktop = OneRealDesktop.at(server, VirtualDisplay.of(640, 360), "obeying");
                Running text = desktop.programs().scrollingText(10, 10);
                TestViewer viewer = TestViewer.of(door).watch("obeying", 0)) {
            await().atMost(PATIENCE).until(() -> viewer.frames() > 5);
            command(viewer, "stop_capture", "{}");
            await().atMost(PATIENCE).until(() -> !Enrolment.listed(door, "obeying")
                    .orElseThrow()
                    .get("capturing")
                    .getAsBoolean());
            long paused = viewer.frames();
            command(viewer, "start_capture", "{}");
            await().atMost(PATIENCE).until(() -> viewer.frames() > paused + 5);
            command(viewer, "config", "{\"maxFps\":2}");
            // A frame that was on its way may still come; then at most 2 a second, of a screen that changes 10 times.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            long before = viewer.frames();
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            assertThat(viewer.frames() - before).isBetween(2L, 12L);
        }
    }

    private static void command(TestViewer viewer, String type, String data) {
        String key = type + System.nanoTime();
        viewer.say("{\"type\":\"desktop_command\",\"desktopClientId\":\"obeying\",\"commandType\":\"" + type
                + "\",\"commandData\":" + data + ",\"idempotencyKey\":\"" + key + "\"}");
        assertThat(viewer.hear(
                                "the end of " + type,
                                message -> message.has("idempotencyKey")
                                        && message.get("idempotencyKey")
                                                .getAsString()
                                                .equals(key)
                                        && !message.get("status").getAsString().equals("pending")
                                        && !message.get("status").getAsString().equals("delivered"))
                        .get("status")
                        .getAsString())
                .isEqualTo("completed");
    }

    @Test
    void whereTheRegistryIsBrokenTheAgentEndsWithItsStatusAndNothingStreams() {
        try (TestViewer viewer = TestViewer.of(door)) {
            try (BrokenRegistry broken = BrokenRegistry.of(server);
                    AgentProcess agent = agent("unstorable").enrolling(door).start()) {
                assertThat(agent.awaitExit(PATIENCE)).isEqualTo(ExitStatus.REGISTRATION_FAILED);
                String said = agent.output();
                System.out.println(
                        "agent at a broken registry: exit " + ExitStatus.REGISTRATION_FAILED + ", says:\n" + said);
                assertThat(said).contains("store_unavailable").contains("log");
                viewer.say("{\"type\":\"start_stream\",\"desktopClientId\":\"unstorable\",\"monitorId\":0}");
                viewer.hear("error");
                assertThat(viewer.frames()).isZero();
                assertThat(Enrolment.isOnline(door, "unstorable")).isFalse();
            }
            // The store is mended: the same key gets in.
            try (AgentProcess agent = agent("unstorable").enrolling(door).start()) {
                await().atMost(PATIENCE).until(() -> Enrolment.isOnline(door, "unstorable"));
                assertThat(agent.isAlive()).isTrue();
            }
        }
    }

    @Test
    void whenTheServerIsKilledTheLastPictureStaysMarkedStaleAndAllIsBackByItself(@TempDir Path own) {
        try (ServerProcess mortal = Launch.in(own.resolve("out")).start();
                OneRealDesktop desktop = OneRealDesktop.at(mortal, VirtualDisplay.of(640, 360), "survivor");
                Running text = desktop.programs().scrollingText(10, 10);
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            WatchPage page = WatchPage.open(laptop, mortal.port(), "survivor:0").waitUntilLive("survivor", 0);
            long epoch = page.number("survivor", 0, "epoch");
            long painted = page.number("survivor", 0, "painted");
            await().atMost(PATIENCE).until(() -> page.number("survivor", 0, "painted") > painted + 5);
            mortal.kill9();
            page.waitForState("survivor", 0, "stale");
            assertThat(page.tile("survivor", 0).locator(".tile-state").textContent())
                    .startsWith("Stale since");
            page.page().locator("#desktops.is-stale").waitFor(); // the list is as old as the picture, and says so
            assertThat(page.page().locator("#desktops-count").textContent()).startsWith("1 of 1 online at ");
            Picture kept = page.glass("survivor", 0);
            assertThat(kept.differences(new Picture(640, 360))).isGreaterThan(1_000);
            Gallery.picture(page.page(), "watch-stale");
            mortal.start();
            long upNanos = mortal.portOpenNanos();
            page.waitForState("survivor", 0, "live", BACK_WITHIN_MS);
            double seconds = (System.nanoTime() - upNanos) / 1e9;
            System.out.printf(
                    "server killed and restarted: N=1: on the page again %.1f s after its port was open%n", seconds);
            assertThat(page.number("survivor", 0, "epoch")).isGreaterThan(epoch);
            text.freeze();
            await().atMost(PATIENCE)
                    .until(() -> page.glass("survivor", 0)
                                    .differences(desktop.display().picture())
                            == 0);
            assertThat(seconds).isLessThan(12);
        }
    }
}
