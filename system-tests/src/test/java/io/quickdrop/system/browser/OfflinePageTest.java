package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page of a phone that trusts the laptop's authority, while the laptop is away; and what other apps share with it. */
@ExtendWith(ShowServerLogs.class)
final class OfflinePageTest {
    private static final double SAVE_MS = 60_000;

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.trustedIn(folder);
    }

    @AfterEach
    void leave() {
        scene.leave();
    }

    @Test
    void thePageOpensAndRecordsWhileTheLaptopIsAway() {
        PhonePage phone = kept();
        phone.page().onDialog(Dialog::accept);

        scene.server().kill9();
        phone.page().reload();
        phone.record().waitForTakes("takes[0]?.produced > 100_000", SAVE_MS);
        assertThat(phone.onlyTake().acknowledged()).isZero();
        assertThat(phone.page().locator("#keeping").textContent())
                .as("the journal's own thread opens as well")
                .contains("also when this page is closed");
        phone.stop();
        Gallery.picture(phone.page(), "phone-laptop-away");
        scene.server().start();
        phone.waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void nothingButThePageIsKept() {
        PhonePage phone = kept();

        Object keptPaths = phone.page()
                .evaluate(
                        """
                        async () => {
                          const names = await caches.keys();
                          const caught = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
                          return caught.flat().map(request => new URL(request.url).pathname).sort().join(' ');
                        }""");

        assertThat((String) keptPaths)
                .endsWith(" /phone")
                .contains("/assets/phone/phone.js", "/assets/shared/hash-worker.js", "/assets/shared/theme.css")
                .doesNotContain("/api/", "/ws", "/ca.crt", "/sw.js", "/assets/dashboard/", "/assets/watch/");
    }

    @Test
    void whatAnotherAppSharesIsSent() throws IOException {
        PhonePage phone = kept();

        Object landed = phone.page()
                .evaluate(
                        """
                        async () => {
                          const form = new FormData();
                          form.append('files', new File(['from another app'], 'shared note.txt', { type: 'text/plain' }));
                          return (await fetch('/phone/share', { method: 'POST', body: form })).url;
                        }""");
        assertThat((String) landed).endsWith("/phone?shared");
        phone.page().navigate((String) landed);
        phone.waitUntilSaved(1, SAVE_MS);

        Path file = TakeTruth.assertIdentical(scene, phone).get(0);
        assertThat(file.getFileName().toString()).endsWith("_shared-note.txt");
        assertThat(Files.readString(file)).isEqualTo("from another app");
        assertThat(phone.page().url()).as("a reload sends nothing twice").endsWith("/phone");
    }

    private static PhonePage kept() {
        PhonePage phone = scene.phone(scene.dashboard());
        PageFact.await(phone.page(), "() => window.quickdrop.offline === 'kept'", null, SAVE_MS);
        return phone;
    }
}
