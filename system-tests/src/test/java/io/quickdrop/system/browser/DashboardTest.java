package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a recording that is there, and with the phone that made it. */
@ExtendWith(ShowServerLogs.class)
final class DashboardTest {
    /** What a phone might call itself to get into the dashboard; short enough to be kept whole. */
    private static final String HOSTILE_NAME = "<img src=x onerror=window.hacked=1>";

    private static final int MAX_TABS = 60;

    @AutoClose
    private static Scene scene;

    private static String sessionId;
    private static Path file;

    private DashboardPage dashboard;

    @BeforeAll
    static void makeRecording(@TempDir Path folder) {
        scene = Scene.in(folder);
        PhonePage phone = hostilePhone(scene.dashboard());
        phone.record().recordUntil(2).stop().waitUntilSaved(1, Chromium.PATIENCE_MS);
        sessionId = phone.onlyTake().sessionId();
        file = TakeTruth.assertIdentical(scene, phone).get(0);
        scene.leave();
    }

    private static PhonePage hostilePhone(DashboardPage dashboard) {
        BrowserContext browser = scene.browser(Screen.phone());
        browser.addInitScript("Object.defineProperty(navigator, 'userAgentData',"
                + " { value: { getHighEntropyValues: async () => ({ model: '" + HOSTILE_NAME + "' }) } });");
        return scene.phone(dashboard, browser);
    }

    @BeforeEach
    void open() {
        dashboard = scene.dashboard();
        row().waitFor();
    }

    @AfterEach
    void leave() {
        scene.leave();
    }

    private Locator row() {
        return dashboard.recording(sessionId);
    }

    private Locator tool(String title) {
        return row().locator("[title='" + title + "']");
    }

    @Test
    void aLabelIsEditedInPlace() {
        tool("Label").click();
        dashboard.page().keyboard().type("kitchen-tour");
        dashboard.page().keyboard().press("Enter");

        row().locator(".recording-name").getByText("kitchen-tour").waitFor();
        // The name on the disk stays, and stays in sight.
        assertThat(row().locator(".recording-file").textContent())
                .isEqualTo(file.getFileName().toString());
    }

    @Test
    void whatAHostilePhoneCallsItselfAndItsTakesStaysText() {
        tool("Label").click();
        dashboard.page().keyboard().type("<b id=hack>bold</b>");
        dashboard.page().keyboard().press("Enter");
        row().locator(".label-form").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));

        assertThat(row().locator(".recording-facts").textContent()).contains("<img src=x onerror=");
        assertThat(dashboard.devices().locator(".device-name").allTextContents())
                .anyMatch(name -> name.startsWith("<img src=x onerror="));
        assertThat(dashboard
                        .page()
                        .locator("#hack, main img[src=x], main [onerror]")
                        .count())
                .isZero();
        assertThat(dashboard.page().evaluate("window.hacked")).isNull();
    }

    @Test
    void aRecordingPlaysOnTheDashboard() {
        row().locator(".tile").click();

        PageFact.await(
                dashboard.page(),
                "() => { const video = document.querySelector('video');"
                        + " return video?.readyState >= 2 && video.videoWidth > 0 && video.currentTime > 0; }");
        row().locator(".tile").click();
        assertThat(dashboard.page().locator("video").count()).isZero();
    }

    @Test
    void aDownloadHasTheSameBytesAndAPartOfItCanBeAskedFor() throws IOException {
        Download download =
                dashboard.page().waitForDownload(() -> tool("Download").click());
        byte[] whole = Files.readAllBytes(file);

        assertThat(download.suggestedFilename()).isEqualTo(file.getFileName().toString());
        assertThat(Files.readAllBytes(download.path())).isEqualTo(whole);
        List<?> part = (List<?>) dashboard
                .page()
                .evaluate(
                        """
                        async id => {
                          const answer = await fetch(`/api/recordings/${id}/content`, { headers: { Range: 'bytes=1000-1999' } });
                          return [answer.status, answer.headers.get('Content-Range'), ...new Uint8Array(await answer.arrayBuffer())];
                        }""",
                        sessionId);
        assertThat(part.get(0)).isEqualTo(206);
        assertThat(part.get(1)).isEqualTo("bytes 1000-1999/" + whole.length);
        byte[] bytes = new byte[part.size() - 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ((Number) part.get(i + 2)).byteValue();
        }
        assertThat(bytes).isEqualTo(Arrays.copyOfRange(whole, 1000, 2000));
    }

    @Test
    void aDeletedRecordingComesBackByUndo() throws IOException {
        byte[] before = Files.readAllBytes(file);
        tool("Delete").click();
        dashboard.text("Nothing here yet").waitFor();
        assertThat(file).doesNotExist();

        dashboard.button("Undo").click();

        row().waitFor();
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aRemovedPhoneIsToldSoAndCanNotComeBack() {
        PhonePage phone = scene.phone(dashboard);
        dashboard.page().onDialog(Dialog::accept);
        Locator connected = dashboard.page().locator(".device[data-connected=true]");
        connected.waitFor();

        connected.locator("button").click();

        phone.text("This phone was removed").waitFor();
        phone.page().reload();
        phone.text("Scan the code on your laptop").waitFor();
        PageFact.await(dashboard.page(), "() => !document.querySelector('.device[data-connected=true]')");
    }

    @Test
    void theDashboardCountsPhonesAndNotItself() {
        assertThat(dashboard.page().locator("#phones-connected").textContent()).isEmpty();

        scene.phone(dashboard);
        dashboard.page().locator(".device[data-connected=true]").waitFor();

        assertThat(dashboard.page().locator("#phones-connected").textContent()).isEqualTo("1 connected");
    }

    @Test
    void everythingIsReachedWithTheKeyboardAlone() {
        Page page = dashboard.page();
        tabTo("input[type=radio]:checked");
        tabTo("#copy");
        tabTo(".help summary");
        tabTo(".tile");
        page.keyboard().press("Enter");
        page.locator("video").waitFor();
        tabTo("[title=Download]");
        tabTo("[title=Label]");
        page.keyboard().press("Enter");
        page.keyboard().press("Escape");
        assertFocusIn("[title=Label]");
        tabTo("[title=Delete]");
        page.keyboard().press("Enter");
        tabTo(".toast-action");
        page.keyboard().press("Enter");
        row().waitFor();
    }

    @Test
    void aTakeIsMadeWithTheKeyboardAlone() {
        PhonePage phone = scene.phone(dashboard);
        Page page = phone.page();
        page.focus("#record");
        page.keyboard().press("Space");
        phone.button("Stop").waitFor();
        phone.recordUntil(1);
        assertThat(page.evaluate("document.activeElement.id")).isEqualTo("record");
        page.keyboard().press("Space");
        phone.waitUntilSaved(1, Chromium.PATIENCE_MS);

        PhonePage.Take take = phone.onlyTake();
        Locator fresh = dashboard.recording(take.sessionId());
        fresh.waitFor();
        fresh.locator("[title=Delete]").click(); // the other tests expect one recording
        PageFact.await(dashboard.page(), "() => document.querySelectorAll('.recording').length === 1");
    }

    private void tabTo(String selector) {
        for (int i = 0; i < MAX_TABS; i++) {
            dashboard.page().keyboard().press("Tab");
            if (focusIsIn(selector)) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + selector + " within " + MAX_TABS + " steps");
    }

    private void assertFocusIn(String selector) {
        assertThat(focusIsIn(selector))
                .as(
                        "focus is in %s; it is in %s",
                        selector, dashboard.page().evaluate("document.activeElement.outerHTML.slice(0, 200)"))
                .isTrue();
    }

    private boolean focusIsIn(String selector) {
        return Boolean.TRUE.equals(
                dashboard.page().evaluate("selector => document.activeElement.matches(selector)", selector));
    }
}
