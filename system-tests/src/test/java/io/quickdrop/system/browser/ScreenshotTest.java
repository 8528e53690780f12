package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brings both pages into their main states and takes pictures of each on a phone and a desktop screen, light and dark.
 * What can be judged without eyes is judged here: nothing sticks out sideways.
 */
@ExtendWith(ShowServerLogs.class)
final class ScreenshotTest {
    private static final String REFUSE_CAMERA =
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };";

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.network().stall(false);
        scene.network().limit(Long.MAX_VALUE);
        scene.leave();
    }

    @Test
    void thePagesHaveTheirPicturesTaken() throws IOException {
        DashboardPage dashboard = scene.dashboard();
        show(dashboard.page(), "dashboard-empty");
        PhonePage phone = scene.phone(dashboard);
        phone.waitUntilIdle();
        show(phone.page(), "phone-ready");

        phone.record().recordUntil(2).stop().waitUntilSaved(1, Chromium.PATIENCE_MS);
        labelled(dashboard, phone.onlyTake().sessionId(), "kitchen-tour");
        phone.waitUntilIdle();
        phone.record().waitForTakes("takes[1]?.acknowledged > 100_000", Chromium.PATIENCE_MS);
        dashboard.arriving().waitFor();
        show(phone.page(), "phone-recording");
        show(dashboard.page(), "dashboard-arriving");

        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        phone.text("Out of reach").waitFor();
        dashboard.text("Interrupted").waitFor();
        show(phone.page(), "phone-out-of-reach");
        show(dashboard.page(), "dashboard-interrupted");
        scene.network().stall(false);
        phone.stop().waitUntilSaved(2, 2 * Chromium.PATIENCE_MS);
        show(phone.page(), "phone-saved");

        String first = phone.takes().get(0).sessionId();
        dashboard.recording(first).locator(".tile").click();
        PageFact.await(dashboard.page(), "() => document.querySelector('video')?.readyState >= 2");
        show(dashboard.page(), "dashboard-playing");
        dashboard.recording(first).locator(".tile").click();
        dashboard.recording(first).locator("[title=Label]").click();
        show(dashboard.page(), "dashboard-label");
        dashboard.page().keyboard().press("Escape");
        dashboard.recording(first).locator("[title=Delete]").click();
        dashboard.button("Undo").waitFor();
        show(dashboard.page(), "dashboard-deleted");

        dashboard.page().onDialog(Dialog::accept);
        dashboard.page().locator(".device[data-connected=true] button").click();
        phone.text("This phone was removed").waitFor();
        show(phone.page(), "phone-removed");
        scene.server().kill9();
        dashboard.text("Lost touch with the server").waitFor();
        show(dashboard.page(), "dashboard-server-gone");
        scene.server().start();
        dashboard.waitUntilLive();

        try (Stream<Path> pictures = Files.list(Gallery.folder())) {
            assertThat(pictures.count()).isGreaterThanOrEqualTo(40);
        }
    }

    @Test
    void thePagesThatRefuseHaveTheirPicturesTaken() {
        String host = "https://laptop.test:" + scene.server().port();
        PhonePage unpaired = PhonePage.open(scene.browser(Screen.phone()), host + "/phone");
        unpaired.text("Scan the code on your laptop").waitFor();
        show(unpaired.page(), "phone-unpaired");

        BrowserContext blind = scene.browser(Screen.phone());
        blind.addInitScript(REFUSE_CAMERA);
        PhonePage refused = scene.phone(scene.dashboard(), blind);
        refused.button("Record").click();
        refused.text("The camera is not allowed").waitFor();
        refused.waitUntilIdle();
        show(refused.page(), "phone-camera-refused");

        Page stranger = scene.browser(Screen.desktop()).newPage();
        stranger.navigate(host + "/#token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        stranger.getByText("The server does not accept this token.").waitFor();
        show(stranger, "dashboard-token");
    }

    @Test
    void whatAnEarlierPageLeftHasItsPictureTaken() {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        scene.network().limit(60_000);
        phone.record().recordUntil(4);
        PhonePage again = phone.reload().waitForTakes("takes[0]?.state === 'paused'", Chromium.PATIENCE_MS);
        again.waitUntilConnected().waitUntilIdle();
        assertThat(again.page().locator(".take-head").first().textContent())
                .as("how long it plays, without the recorder")
                .doesNotContain("0:00");
        show(again.page(), "phone-unfinished");

        scene.network().limit(Long.MAX_VALUE);
        PhonePage second = scene.phoneAgain(browser);
        second.text("Another page of this phone").waitFor();
        show(second.page(), "phone-another-page");
        again.button("Resume").click();
        again.waitUntilSaved(1, Chromium.PATIENCE_MS).waitUntilIdle();
        show(again.page(), "phone-resumed");

        again.page().evaluate("localStorage.setItem('quickdrop.journal', '[\"20261009-101112-0000000000000000\"]')");
        again.reload().text("An unsent take is gone").waitFor();
        show(again.page(), "phone-lost");
    }

    private static void labelled(DashboardPage dashboard, String sessionId, String label) {
        dashboard.recording(sessionId).locator("[title=Label]").click();
        dashboard.page().keyboard().type(label);
        dashboard.page().keyboard().press("Enter");
        dashboard.recording(sessionId).getByText(label).first().waitFor();
        dashboard.page().evaluate("document.activeElement.blur()");
    }

    private static void show(Page page, String name) {
        Gallery.picture(page, name);
        for (Screen screen : List.of(
                Screen.phone(), new Screen(320, 640, 1, true, Screen.phone().colours()))) {
            page.setViewportSize(screen.width(), screen.height());
            Object excess = page.evaluate("document.documentElement.scrollWidth - innerWidth");
            assertThat(((Number) excess).intValue())
                    .as("%s: pixels that stick out sideways at a width of %d", name, screen.width())
                    .isLessThanOrEqualTo(0);
        }
        page.setViewportSize(Screen.desktop().width(), Screen.desktop().height());
    }
}
