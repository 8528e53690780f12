package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import io.quickdrop.system.harness.ShowServerLogs;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A network, or a phone, that lets the page through and no WebSocket. */
@ExtendWith(ShowServerLogs.class)
final class BlockedSocketTest {
    private static final double SAVE_MS = 60_000;

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.leave();
    }

    @Test
    void aTakeGoesOverPlainHttpsByItself() {
        PhonePage phone = blocked();
        phone.text("WebSocket is blocked here: sending over plain HTTPS").waitFor();
        assertThat(phone.page().evaluate("window.quickdrop.way")).isEqualTo("https");

        phone.record().waitForTakes("takes[0]?.acknowledged > 100_000", SAVE_MS);
        assertThat(phone.onlyTake().state())
                .as("it arrives while it is recorded")
                .isEqualTo("recording");
        phone.recordUntil(3).stop().waitUntilSaved(1, SAVE_MS);

        Path file = TakeTruth.assertIdentical(scene, phone).get(0);
        assertThat(MediaFile.probe(file).track("video").frames()).isPositive();
        phone.waitUntilIdle();
        Gallery.picture(phone.page(), "phone-over-https");
    }

    @Test
    void aTakeOverHttpsGoesOnOverTheDeathOfTheServer() {
        PhonePage phone = blocked();
        phone.record().waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);

        scene.server().kill9();
        phone.text("Out of reach").waitFor();
        long acknowledged = phone.onlyTake().acknowledged();
        scene.server().start();
        phone.waitForTakes("takes[0].acknowledged > " + acknowledged, SAVE_MS);
        phone.stop().waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void connectionHelpSaysThatItIsTheWebSocket() {
        PhonePage phone = blocked();

        phone.page().locator("#doctor summary").click();
        phone.page()
                .locator(".finding[data-state=warn]", hasText("WebSocket: attention. Blocked, although the page loads"))
                .waitFor();
        phone.page().locator(".finding:not([data-state=bad])", hasText("Answers in")).waitFor();
        phone.button("Copy report").click();
        PageFact.await(
                phone.page(),
                "() => document.body.innerText.includes('The report is copied')"
                        + " || document.getElementById('doctor-report').value.includes('[warn] WebSocket')");
        phone.waitUntilIdle();
        Gallery.picture(phone.page(), "phone-connection-help");
    }

    private static Page.LocatorOptions hasText(String text) {
        return new Page.LocatorOptions().setHasText(text);
    }

    private static PhonePage blocked() {
        BrowserContext browser = scene.browser(Screen.phone());
        browser.routeWebSocket(Pattern.compile(".*/ws"), WebSocketRoute::close);
        return scene.phone(scene.dashboard(), browser);
    }
}
