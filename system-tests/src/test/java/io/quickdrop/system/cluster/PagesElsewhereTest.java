package io.quickdrop.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.DashboardPage;
import io.quickdrop.system.browser.Gallery;
import io.quickdrop.system.browser.PageFact;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.desktop.WatchPage;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.harness.TestSocket;
import io.quickdrop.system.harness.TestSocket.Upgrade;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of several servers: the pages of one show what is at the other. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class PagesElsewhereTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double PATIENCE_MS = PATIENCE.toMillis();
    /** Proxies for names other than localhost, which nobody here asks for. */
    private static final int NOBODY = 9;

    private static final Pattern TOKEN = Pattern.compile("#token=([A-Za-z0-9_-]+)");

    private Cluster cluster;
    private ClusterInstance ash;
    private ClusterInstance birch;
    private Chromium chromium;

    @BeforeAll
    void start(@TempDir Path folder) {
        cluster = Cluster.of(2, folder);
        ash = cluster.instance(0);
        birch = cluster.instance(1);
        chromium = Chromium.launch();
    }

    @AfterAll
    void stop() {
        chromium.close();
        cluster.close();
    }

    /** A test of the door, without a browser: those can't lie about where they come from. */
    @Test
    @Order(1)
    void aPageOfTheOtherServerIsLetInWithTheOperatorsTokenAndNotForBeingOnThisMachine() throws IOException {
        Door door = ash.publicDoor();
        Upgrade silent = Upgrade.v2(door);
        Upgrade shown = Upgrade.v2(door, operatorToken());
        assertThat(status(shown.with("Origin", birch.url()))).isEqualTo(101);
        assertThat(status(silent)).as("its own page").isEqualTo(101);
        assertThat(status(silent.with("Origin", birch.url()))).isEqualTo(403);
        assertThat(status(Upgrade.v2(door, "t.nobody-1.1.x").with("Origin", birch.url())))
                .isEqualTo(403);
        assertThat(status(shown.with("Origin", "https://evil.example"))).isEqualTo(403);
    }

    @Test
    @Order(2)
    void aDesktopOfOneServerIsSeenAndPicturedOnThePageOfTheOther() throws IOException {
        try (RovingDesktop desktop = desktop("front");
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            WatchPage page = watch(laptop, "front:0").waitUntilLive("front", 0);
            assertThat(page.card("front").innerText()).contains("at ash");
            assertThat(page.tile("front", 0).getAttribute("data-host"))
                    .as("it comes straight from where the desktop is")
                    .isEqualTo(ash.url());
            awaitTruth(page, desktop);

            page.tile("front", 0).focus();
            Download download = page.page()
                    .waitForDownload(new Page.WaitForDownloadOptions().setTimeout(PATIENCE_MS), () -> {
                        page.page().keyboard().press("s");
                        PageFact.await(
                                page.page(), "() => document.getElementById('shot').open", null, PATIENCE_MS);
                    });
            assertThat(Files.readAllBytes(download.path())).isEqualTo(desktop.screenshot());
            Gallery.picture(page.page(), "cluster-watch-elsewhere");
        }
    }

    /** Certificates are trusted one by one, so this is how most browsers stand at first. */
    @Test
    @Order(3)
    void whereABrowserTrustsOnlyThePagesServerThatOneFetchesThePicture() {
        try (RovingDesktop desktop = desktop("mistrusted");
                Chromium careful = Chromium.launchTrusting(birch.server().caFile(), NOBODY);
                BrowserContext laptop = careful.open(Screen.desktop())) {
            WatchPage page = watch(laptop, "mistrusted:0").waitUntilLive("mistrusted", 0);
            assertThat(page.tile("mistrusted", 0).getAttribute("data-host")).isEmpty();
            awaitTruth(page, desktop);
        }
    }

    @Test
    @Order(4)
    void theDashboardShowsTheServersAndWhatTheStoresSilenceMeans() {
        try (RovingDesktop desktop = desktop("shown");
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            Page page = DashboardPage.open(laptop, birch.entrance().port()).page();
            PageFact.await(page, "() => document.querySelectorAll('#instances > [data-state=alive]').length === 2");
            assertThat(page.locator("#instances").innerText()).contains("ash", "birch", "This one");
            assertThat(page.locator("#store").innerText()).contains("PostgreSQL", "Answers");
            assertThat(page.locator("[data-client='" + desktop.clientId() + "']")
                            .innerText())
                    .contains("at ash");

            cluster.store().stop();
            try {
                PageFact.await(page, "() => !document.getElementById('store-down').hidden", null, PATIENCE_MS);
                assertThat(page.locator("#store-down").innerText()).contains("has not answered since", "Goes on");
                page.reload();
                PageFact.await(
                        page,
                        "() => !document.getElementById('store-down').hidden && document.querySelector('#desktops > li')",
                        null,
                        PATIENCE_MS);
                Gallery.picture(page, "cluster-dashboard-store-down");
            } finally {
                cluster.store().start();
            }
            PageFact.await(page, "() => document.getElementById('store-down').hidden", null, PATIENCE_MS);
            PageFact.await(
                    page,
                    "() => document.querySelectorAll('#instances > [data-state=alive]').length === 2",
                    null,
                    PATIENCE_MS);
            Gallery.picture(page, "cluster-dashboard");
        }
    }

    @Test
    @Order(5)
    void aCommandToADesktopOfTheOtherServerIsAskedForAndShownOnTheDashboard() {
        try (RovingDesktop desktop = desktop("told");
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            Page page = DashboardPage.open(laptop, birch.entrance().port()).page();
            String row = "#desktops > [data-client='" + desktop.clientId() + "'] ";
            page.locator(row + "summary").click();
            page.locator(row + "button:has-text('Screenshot')").click();
            page.locator(row + ".order[data-status=completed] img").waitFor();
            assertThat(page.locator(row + ".order").innerText()).contains("Screenshot", "Done", "operator");
            Gallery.picture(page, "cluster-dashboard-commands");
        }
    }

    @Test
    @Order(6)
    void aPageThatLosesItsServerGoesOnAtAnotherThatTakesItsToken() {
        try (RovingDesktop desktop = desktop("followed");
                BrowserContext laptop = chromium.open(Screen.desktop())) {
            Page tab = laptop.newPage();
            tab.navigate(birch.url() + "/watch#token=" + operatorToken() + "&watch=followed:0");
            WatchPage.at(tab).waitUntilLive("followed", 0);
            assertThat(tab.url()).doesNotContain("token");
            birch.server().kill9();
            tab.waitForURL(url -> url.startsWith(ash.url()), new Page.WaitForURLOptions().setTimeout(PATIENCE_MS));
            WatchPage page = WatchPage.at(tab).waitUntilLive("followed", 0);
            assertThat(tab.url()).doesNotContain("token").endsWith("#watch=followed:0");
            awaitTruth(page, desktop);
        }
    }

    private int status(Upgrade upgrade) throws IOException {
        try (TestSocket socket = TestSocket.open(ash.publicDoor(), upgrade)) {
            return socket.answer().status();
        }
    }

    /** At ash, and known at birch. */
    private RovingDesktop desktop(String clientId) {
        RovingDesktop desktop = RovingDesktop.enrolled(clientId, cluster.instances(), new GeneratedScreen(6, 4, 3, 7));
        desktop.awaitOn(ash);
        await().atMost(PATIENCE).until(() -> Enrolment.isOnline(birch.door(), clientId));
        return desktop;
    }

    private WatchPage watch(BrowserContext laptop, String watched) {
        return WatchPage.open(laptop, birch.entrance().port(), watched);
    }

    private static void awaitTruth(WatchPage page, RovingDesktop desktop) {
        desktop.pause();
        await().atMost(PATIENCE).until(() -> page.glass(desktop.clientId(), 0).differences(desktop.truth()) == 0);
        desktop.resume();
    }

    /** As it is printed for the operator. */
    private String operatorToken() {
        try {
            Matcher printed = TOKEN.matcher(Files.readString(birch.server().log()));
            assertThat(printed.find()).as("the server prints its token").isTrue();
            return printed.group(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
