package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.SeededBytes;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Any file from the phone's picker, also in the midst of a take, cut off by a reload, and without room for a copy. */
@ExtendWith(ShowServerLogs.class)
final class FilesTest {
    private static final double SAVE_MS = 120_000;
    private static final long LARGE_BYTES = 64L << 20;
    private static final long SMALL_BYTES = 6L << 20;
    private static final long NARROW_BYTES_PER_SECOND = 4L << 20;
    private static final long VERY_NARROW_BYTES_PER_SECOND = 400_000;

    private static final String COPIED =
            """
            () => new Promise(resolve => {
              const opening = indexedDB.open('quickdrop-files');
              opening.onsuccess = () => {
                const asked = opening.result.transaction('files').objectStore('files').getAll();
                asked.onsuccess = () => {
                  opening.result.close();
                  resolve(asked.result.some(file => file.content !== null));
                };
              };
            })""";

    @TempDir
    private Path phoneFolder = Path.of("");

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.network().limit(Long.MAX_VALUE);
        scene.leave();
    }

    @Test
    void filesArriveUnderTheirNamesInTheMidstOfATake() throws IOException {
        PhonePage phone = scene.phone(scene.dashboard());
        phone.record().waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);

        pick(
                phone,
                file("Holiday in Malmö.JPG", 1, 300_000),
                file("notes", 2, 1_000),
                file("backup.tar.gz", 3, 5_000_000),
                file("empty.txt", 4, 0));
        phone.waitForTakes("takes.length === 5 && takes.slice(1).every(take => take.state === 'saved')", SAVE_MS);
        assertThat(phone.takes().get(0).state()).as("the take goes on").isEqualTo("recording");
        phone.stop().waitUntilSaved(5, SAVE_MS);

        List<Path> saved = TakeTruth.assertIdentical(scene, phone);
        assertThat(saved.subList(1, 5))
                .extracting(path -> path.getFileName().toString().replaceFirst("^[-0-9]+_[-0-9]+_", ""))
                .containsExactly("holiday-in-malmo.jpg", "notes.bin", "backup-tar.gz", "empty.txt");
        for (int i = 1; i <= 4; i++) {
            assertThat(SeededBytes.sha256(saved.get(i)))
                    .isEqualTo(new SeededBytes(i, Files.size(saved.get(i))).sha256());
        }
        assertThat(MediaFile.probe(saved.get(0)).track("video").frames()).isPositive();
    }

    @Test
    void aLargeFileThatAReloadCutOffGoesOnWhereItWas() throws IOException {
        PhonePage phone = scene.phone(scene.dashboard());
        phone.page().onDialog(Dialog::accept);
        Path large = file("archive.zip", 11, LARGE_BYTES);
        scene.network().limit(NARROW_BYTES_PER_SECOND);
        pick(phone, large);
        phone.waitForTakes("takes[0]?.acknowledged > " + (4 << 20), SAVE_MS);
        PageFact.await(phone.page(), COPIED, null, SAVE_MS);
        final long acknowledged = phone.onlyTake().acknowledged();
        final long sentBefore = scene.network().forwarded(Direction.UP);

        phone.page().reload();
        phone.waitForTakes("takes[0]?.acknowledged >= " + acknowledged, SAVE_MS);
        scene.network().limit(Long.MAX_VALUE);
        phone.waitUntilSaved(1, SAVE_MS);

        Path saved = TakeTruth.assertIdentical(scene, phone).get(0);
        assertThat(SeededBytes.sha256(saved)).isEqualTo(new SeededBytes(11, LARGE_BYTES).sha256());
        long sentAfter = scene.network().forwarded(Direction.UP) - sentBefore;
        System.out.println("Of " + LARGE_BYTES + " bytes " + acknowledged + " were safe at the reload; " + sentAfter
                + " went up after it");
        assertThat(sentAfter)
                .as("only what was missing went up again")
                .isLessThan(LARGE_BYTES - acknowledged + (2 << 20));
    }

    @Test
    void withoutRoomForACopyTheSameFilePickedAgainGoesOn() throws IOException {
        BrowserContext browser = scene.browser(Screen.phone());
        browser.addInitScript("navigator.storage.estimate = async () => ({ quota: 1000, usage: 0 });");
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        phone.page().onDialog(Dialog::accept);
        Path file = file("report.pdf", 21, SMALL_BYTES);
        scene.network().limit(VERY_NARROW_BYTES_PER_SECOND);
        pick(phone, file);
        phone.waitForTakes("takes[0]?.acknowledged > 0", SAVE_MS);
        final String session = phone.onlyTake().sessionId();

        phone.page().reload();
        phone.button("Pick the file again").waitFor();
        Gallery.picture(phone.page(), "phone-pick-again");
        pick(phone, file);
        scene.network().limit(Long.MAX_VALUE);
        phone.waitUntilSaved(1, SAVE_MS);

        assertThat(phone.onlyTake().sessionId()).isEqualTo(session);
        assertThat(SeededBytes.sha256(TakeTruth.assertIdentical(scene, phone).get(0)))
                .isEqualTo(new SeededBytes(21, SMALL_BYTES).sha256());
    }

    private static void pick(PhonePage phone, Path... files) {
        Page page = phone.page();
        page.locator("#file-input").setInputFiles(files);
    }

    private Path file(String name, long seed, long bytes) throws IOException {
        Path path = phoneFolder.resolve(name);
        SeededBytes content = new SeededBytes(seed, bytes);
        try (OutputStream out = Files.newOutputStream(path)) {
            for (long at = 0; at < bytes; at += 1 << 20) {
                out.write(content.read(at, (int) Math.min(1 << 20, bytes - at)).array());
            }
        }
        return path;
    }
}
