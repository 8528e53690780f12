package io.quickdrop.system.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.quickdrop.protocol.Rendition;
import io.quickdrop.system.browser.Chromium;
import io.quickdrop.system.browser.Gallery;
import io.quickdrop.system.browser.PageFact;
import io.quickdrop.system.browser.Screen;
import io.quickdrop.system.display.CodedPicture;
import io.quickdrop.system.display.DesktopPrograms.Running;
import io.quickdrop.system.display.Picture;
import io.quickdrop.system.harness.Door;
import io.quickdrop.system.harness.ServerProcess;
import io.quickdrop.system.harness.ServerProcess.Launch;
import io.quickdrop.system.harness.ShowServerLogs;
import io.quickdrop.system.peers.Enrolment;
import io.quickdrop.system.peers.GeneratedScreen;
import io.quickdrop.system.peers.TestAgent;
import io.quickdrop.system.peers.V1Desktop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person can do on the viewer page, with four desktops that are generated and a real one. */
@ExtendWith(ShowServerLogs.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // programs that run for as long as their block
final class WatchPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int GENERATED = 4;
    /** Elements beyond the right edge, if the page can be scrolled sideways. */
    private static final String STICKING_OUT =
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
                .filter(element => element.getBoundingClientRect().right > innerWidth)
                .map(element => element.tagName + '#' + element.id + '.' + element.className + ' to '
                    + element.getBoundingClientRect().right)""";

    private ServerProcess server;
    private Chromium chromium;
    private final List<TestAgent> generated = new ArrayList<>();
    private BrowserContext laptop;
    private WatchPage page;

    @BeforeAll
    void open(@TempDir Path folder) {
        server = Launch.in(folder.resolve("out")).start();
        chromium = Chromium.launch();
        for (int i = 0; i < GENERATED; i++) {
            generated.add(Enrolment.desktop(Door.of(server), "desk-" + i, new GeneratedScreen(10, 6, 2, i))
                    .draw(8));
        }
    }

    @BeforeEach
    void openPage() {
        laptop = chromium.open(Screen.desktop());
        page = WatchPage.open(laptop, server.port());
    }

    @AfterEach
    void leave() {
        laptop.close();
    }

    @AfterAll
    void close() {
        generated.forEach(TestAgent::close);
        chromium.close();
        server.close();
    }

    private WatchPage watch(int desk) {
        page.thumbnail("desk-" + desk, 0).click();
        return page.waitUntilLive("desk-" + desk, 0);
    }

    @Test
    void theListShowsLiveThumbnailsOfAllDesktops() {
        for (int i = 0; i < GENERATED; i++) {
            String id = "desk-" + i;
            // Only what somebody can see is live.
            page.card(id).scrollIntoViewIfNeeded();
            await().atMost(PATIENCE)
                    .until(() -> page.thumbnailGlass(id, 0).width() > 1
                            && page.thumbnailGlass(id, 0).differences(new Picture(64, 64)) > 3_000);
            assertThat(page.card(id).textContent()).contains("Desk " + id).contains("Online");
        }
        // Nobody watches it at full size; what others watched before lingers for a moment.
        await().atMost(PATIENCE).until(() -> !generated.get(0).isWanted(Rendition.TILES));
    }

    @Test
    void severalDesktopsShareTheWindowAndEachShowsItsOwnScreen() {
        for (int i = 0; i < GENERATED; i++) {
            watch(i);
        }
        List<BoundingBox> boxes = new ArrayList<>();
        for (int i = 0; i < GENERATED; i++) {
            boxes.add(page.tile("desk-" + i, 0).boundingBox());
        }
        for (int a = 0; a < GENERATED; a++) {
            for (int b = 0; b < a; b++) {
                assertThat(overlap(boxes.get(a), boxes.get(b)))
                        .as("tiles %d and %d overlap", a, b)
                        .isFalse();
            }
        }
        generated.forEach(TestAgent::pause);
        try {
            for (int i = 0; i < GENERATED; i++) {
                String id = "desk-" + i;
                Picture truth = generated.get(i).truth();
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(page.glass(id, 0).difference(truth)).startsWith("0 "));
            }
            wideAndNarrow("watch-grid");
        } finally {
            generated.forEach(TestAgent::resume);
        }
        page.page().reload();
        page.waitUntilConnected();
        for (int i = 0; i < GENERATED; i++) {
            page.waitUntilLive("desk-" + i, 0);
        }
    }

    @Test
    void stopAndStartStopAndStartTheDesktopItself() {
        watch(0);
        TestAgent desk = generated.get(0);
        assertThat(desk.isWanted(Rendition.TILES)).isTrue();
        page.tile("desk-0", 0).focus();
        page.page().keyboard().press("Space");
        page.waitForState("desk-0", 0, "stopped");
        await().atMost(PATIENCE).until(() -> !desk.isWanted(Rendition.TILES));
        Gallery.picture(page.page(), "watch-stopped");
        page.tile("desk-0", 0).focus();
        page.page().keyboard().press("Space");
        page.waitUntilLive("desk-0", 0);
        assertThat(desk.isWanted(Rendition.TILES)).isTrue();
    }

    @Test
    void theKeyboardMovesEnlargesClosesAndHelps() {
        watch(1);
        watch(2);
        page.tile("desk-1", 0).focus();
        page.page().keyboard().press("ArrowRight");
        assertFocus("desk-2");
        page.page().keyboard().press("Enter");
        page.tile("desk-1", 0)
                .waitFor(new com.microsoft.playwright.Locator.WaitForOptions()
                        .setState(com.microsoft.playwright.options.WaitForSelectorState.HIDDEN));
        page.page().keyboard().press("Escape");
        page.tile("desk-1", 0).waitFor();
        page.page().keyboard().press("?");
        page.page().locator("#help[open]").waitFor();
        Gallery.picture(page.page(), "watch-help");
        page.page().keyboard().press("Escape");
        page.tile("desk-2", 0).focus();
        page.page().keyboard().press("i");
        PageFact.await(page.page(), "() => /ms/.test(document.querySelector('.tile[data-client=desk-2]').innerText)");
        Gallery.picture(page.page(), "watch-age");
        page.tile("desk-2", 0).focus();
        page.page().keyboard().press("x");
        PageFact.await(page.page(), "() => !document.querySelector('.tile[data-client=desk-2]')");
        assertThat(page.tile("desk-1", 0).isVisible()).isTrue();
    }

    @Test
    void oneScreenFillsTheWholeGlassAndComesBack() {
        watch(3);
        page.tile("desk-3", 0).focus();
        page.page().keyboard().press("f");
        PageFact.await(page.page(), "() => document.fullscreenElement?.dataset.client === 'desk-3'");
        page.page().keyboard().press("f");
        PageFact.await(page.page(), "() => document.fullscreenElement === null");
    }

    @Test
    void aHiddenTabPausesTheStreamAndShowsTheNewestPictureWhenItIsBack() {
        watch(0);
        TestAgent desk = generated.get(0);
        hide(true);
        await().atMost(PATIENCE).until(() -> !desk.isWanted(Rendition.TILES));
        // Thumbnails rest as well: nothing at all is captured for a page that nobody sees.
        await().atMost(PATIENCE).until(() -> !desk.isWanted(Rendition.THUMBNAIL));
        long sent = desk.sent(Rendition.TILES);
        hide(false);
        await().atMost(PATIENCE).until(() -> desk.sent(Rendition.TILES) > sent);
        desk.pause();
        try {
            Picture truth = desk.truth();
            await().atMost(PATIENCE).until(() -> page.glass("desk-0", 0).differences(truth) == 0);
        } finally {
            desk.resume();
        }
    }

    @Test
    void aScreenshotIsDownloadedAsThePngThatTheScreenIs() {
        OneRealDesktop.with(server, 640, 360, "shot", desktop -> {
            try (Running text = desktop.programs().textAtRest(10, 10)) {
                page.thumbnail("shot", 0).click();
                page.waitUntilLive("shot", 0);
                page.tile("shot", 0).focus();
                Download download =
                        page.page().waitForDownload(() -> page.page().keyboard().press("s"));
                Picture picture = Picture.decode(read(download.path()));
                assertThat(picture.difference(desktop.display().picture())).startsWith("0 ");
                assertThat(download.suggestedFilename()).matches("Desk-shot_.*\\.png");
                page.page().locator("#shot[open]").waitFor();
                Gallery.picture(page.page(), "watch-screenshot");
            }
        });
    }

    @Test
    void anOldDesktopIsShownLikeAnyOther() {
        try (V1Desktop old = new V1Desktop(Door.of(server), "old-desk", V1Desktop.Dialect.FRAME_DATA).draw(8)) {
            page.thumbnail("old-desk", 0).click();
            page.waitUntilLive("old-desk", 0);
            long painted = page.number("old-desk", 0, "painted");
            await().atMost(PATIENCE).until(() -> page.number("old-desk", 0, "painted") > painted + 10);
            old.pause();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(CodedPicture.number(page.glass("old-desk", 0)))
                    .hasValue((int) old.sent()));
            assertThat(old.freed()).isEqualTo(old.sent());
        }
    }

    @Test
    void aDesktopThatGoesAwayKeepsItsLastPictureMarkedAndOneThatComesAppears() {
        TestAgent passing = Enrolment.desktop(Door.of(server), "passing", new GeneratedScreen(10, 6, 2, 99))
                .draw(8);
        try {
            page.thumbnail("passing", 0).click();
            page.waitUntilLive("passing", 0);
            passing.pause();
            Picture last = passing.truth();
            await().atMost(PATIENCE).until(() -> page.glass("passing", 0).differences(last) == 0);
            passing.close();
            page.waitForState("passing", 0, "stale");
            assertThat(page.glass("passing", 0).differences(last)).isZero();
            page.card("passing").getByText("Offline").first().waitFor();
        } finally {
            passing.close();
        }
    }

    @Test
    void theEmptyPageSaysHowToBegin(@TempDir Path folder) {
        try (ServerProcess empty = Launch.in(folder.resolve("out")).start();
                BrowserContext other = chromium.open(Screen.desktop())) {
            WatchPage first = WatchPage.open(other, empty.port());
            first.page().locator("#no-desktops").waitFor();
            first.button("Make the line").click();
            first.page().locator("#agent-command").waitFor();
            assertThat(first.page().locator("#agent-command").textContent())
                    .contains("agent --server wss://")
                    .contains("--code")
                    .contains("--pin sha256:");
            Gallery.picture(first.page(), "watch-empty");
        }
    }

    /**
     * The tab goes behind another one, or comes back, as the page is told: Playwright tells Chromium for good that each of
     * its pages is in front, so the fact is put in its place.
     */
    private void hide(boolean hidden) {
        page.page()
                .evaluate(
                        """
                        state => {
                          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
                          Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
                          document.dispatchEvent(new Event('visibilitychange'));
                        }""",
                        hidden ? "hidden" : "visible");
    }

    private void wideAndNarrow(String name) {
        Gallery.picture(page.page(), name);
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.page().setViewportSize(1600, 900);
            page.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
            page.page()
                    .screenshot(new Page.ScreenshotOptions()
                            .setPath(Gallery.folder()
                                    .resolve(name + "-wide-" + colours.name().toLowerCase(java.util.Locale.ROOT)
                                            + ".png")));
        }
        for (int width : new int[] {390, 320}) {
            page.page().setViewportSize(width, 844);
            page.page().evaluate("() => { document.body.dataset.panel = 'closed'; }");
            page.page()
                    .screenshot(new Page.ScreenshotOptions()
                            .setPath(Gallery.folder().resolve(name + "-narrow-" + width + ".png")));
            assertThat((List<?>) page.page().evaluate(STICKING_OUT))
                    .as("%s: what sticks out sideways at a width of %d", name, width)
                    .isEmpty();
        }
        page.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.page().setViewportSize(1280, 800);
    }

    private void assertFocus(String desktop) {
        PageFact.await(
                page.page(),
                "id => document.activeElement?.closest('.tile')?.dataset.client === id",
                desktop,
                Chromium.PATIENCE_MS);
    }

    private static boolean overlap(BoundingBox a, BoundingBox b) {
        return a.x < b.x + b.width - 1
                && b.x < a.x + a.width - 1
                && a.y < b.y + b.height - 1
                && b.y < a.y + a.height - 1;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
