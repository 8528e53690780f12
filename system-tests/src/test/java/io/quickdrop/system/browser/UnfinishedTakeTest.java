package io.quickdrop.system.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.quickdrop.system.harness.CuttingProxy.Direction;
import io.quickdrop.system.harness.CuttingProxy.Ending;
import io.quickdrop.system.harness.ShowServerLogs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the phone keeps on its own disk outlives the page that recorded it, in each kind of storage that browsers have. */
@ExtendWith(ShowServerLogs.class)
final class UnfinishedTakeTest {
    private static final double SAVE_MS = 40_000;
    /** The first slice of an MP4 is a header alone; a take of nothing else has nothing to play, and stays as it came. */
    private static final int MORE_THAN_A_HEADER = 20_000;

    private static final String WORKER = "/assets/shared/journal/worker.js";

    private static final String JOURNAL_FILES =
            """
            async () => {
              const root = await navigator.storage.getDirectory();
              const folder = await root.getDirectoryHandle('journal', { create: true });
              const names = [];
              for await (const name of folder.keys()) {
                if (name.endsWith('.take') && name !== 'removed.take') names.push(name);
              }
              return names.join(' ');
            }""";

    @AutoClose
    private static Scene scene;

    @BeforeAll
    static void open(@TempDir Path folder) {
        scene = Scene.in(folder);
    }

    @AfterEach
    void leave() {
        scene.network().stall(false);
        scene.leave();
    }

    @Test
    void aTakeCutByAReloadIsResumedWithoutTheRecorder() throws IOException {
        PhonePage phone = scene.phone(scene.dashboard());
        PhonePage.Take cut = recordSome(phone);

        PhonePage again = phone.reload();
        again.text("Unfinished take").waitFor();
        PhonePage.Take left =
                again.waitForTakes("takes[0]?.state === 'paused'", SAVE_MS).onlyTake();
        assertThat(left.sessionId()).isEqualTo(cut.sessionId());
        assertThat(left.kept()).isGreaterThanOrEqualTo(cut.kept());
        again.button("Resume").focus();
        again.page().keyboard().press("Enter");
        again.waitUntilSaved(1, SAVE_MS);

        assertThat(left.produced()).isEqualTo(again.onlyTake().produced());
        TakeTruth.assertIdentical(scene, again);
        assertThat(again.page().locator("#preview").isVisible())
                .as("no camera was needed")
                .isFalse();
        again.reload().waitUntilConnected();
        assertThat(again.takes()).as("the journal forgets what is saved").isEmpty();
        assertThat(journalFiles(again.page())).isEmpty();
    }

    @Test
    void aTakeThatWasStoppedGoesOnByItselfInTheNextPage() {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        recordSome(phone);
        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        phone.recordUntil(3).stop();
        PhonePage.Take stopped = phone.waitForTakes("takes[0].sha256 && takes[0].state === 'waiting'", SAVE_MS)
                .onlyTake();
        assertThat(stopped.acknowledged()).isLessThan(stopped.produced());
        phone.page().close();

        scene.network().stall(false);
        PhonePage again = scene.phoneAgain(browser).waitUntilSaved(1, SAVE_MS);

        assertThat(again.onlyTake().checksum()).isEqualTo(stopped.checksum());
        TakeTruth.assertIdentical(scene, again);
    }

    @Test
    void aReloadFindsSeveralTakesAndTheServerMayHaveDiedMeanwhile() {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        recordSome(phone);
        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        phone.recordUntil(2).stop();
        phone.waitForTakes("takes[0].sha256", SAVE_MS);
        phone.record().waitForTakes("takes[1]?.kept > " + MORE_THAN_A_HEADER, SAVE_MS);
        phone.page().close();
        scene.server().kill9();
        scene.server().start();
        scene.network().stall(false);

        PhonePage again = scene.phoneAgain(browser)
                .waitForTakes("takes.length === 2 && takes[0].state === 'saved'", SAVE_MS)
                .waitForTakes("takes[1].state === 'paused'", SAVE_MS);
        again.button("Resume").click();
        again.waitUntilSaved(2, SAVE_MS);

        TakeTruth.assertIdentical(scene, again);
        assertThat(again.page().locator("#takes .take-head").first().textContent())
                .as("told apart from those of this page")
                .contains("Take of");
    }

    @Test
    void aTakeWhoseReceiptWasLostGetsItAndIsForgotten() throws IOException {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        recordSome(phone);
        long before = recordings();
        scene.network().swallow(EnumSet.of(Direction.DOWN));
        phone.stop();
        await().atMost(Duration.ofSeconds(30)).until(() -> recordings() == before + 1);
        assertThat(phone.onlyTake().state()).isNotEqualTo("saved");
        phone.page().close();
        scene.network().cutAll(Ending.RST);

        PhonePage again = scene.phoneAgain(browser).waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, again);
        assertThat(recordings()).as("saved once").isEqualTo(before + 1);
        PageFact.await(again.page(), "async () => (" + JOURNAL_FILES + ")().then(names => names === '')");
    }

    @Test
    void discardingAsksAgainAndIsForEver() {
        PhonePage phone = scene.phone(scene.dashboard());
        recordSome(phone);
        PhonePage again = phone.reload();
        again.waitForTakes("takes[0]?.state === 'paused'", SAVE_MS);

        List<String> questions = new ArrayList<>();
        again.page().onceDialog(dialog -> {
            questions.add(dialog.message());
            dialog.dismiss();
        });
        again.button("Discard").press("Enter");
        assertThat(again.onlyTake().state()).isEqualTo("paused");
        assertThat(questions).singleElement().asString().contains("Discard this take?");
        again.page().onceDialog(Dialog::accept);
        again.button("Discard").click();
        again.waitForTakes("takes.length === 0", SAVE_MS);
        PageFact.await(again.page(), "async () => (" + JOURNAL_FILES + ")().then(names => names === '')");
        PhonePage after = again.reload().waitUntilConnected();

        assertThat(after.takes()).isEmpty();
        assertThat(after.page().locator("#lost").isVisible())
                .as("what was discarded is not lost")
                .isFalse();
    }

    @Test
    void aTakeGoesOnInMemoryWhenThePhoneHasNoRoomLeftAndThePageSaysSo() {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        recordSome(phone);
        CDPSession devtools = browser.newCDPSession(phone.page());
        JsonObject quota = new JsonObject();
        quota.addProperty("origin", (String) phone.page().evaluate("location.origin"));
        quota.addProperty("quotaSize", 1_000);
        devtools.send("Storage.overrideQuotaForOrigin", quota);

        phone.text("no more room for unsent video").waitFor();
        phone.text("waits in memory only").waitFor();
        long full = phone.onlyTake().kept();
        phone.waitForTakes("takes[0].acknowledged > " + full, SAVE_MS);
        phone.stop().waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void withoutFilesOfItsOwnThePageKeepsTakesInADatabase() {
        BrowserContext browser = scene.browser(Screen.phone());
        lameWorker(browser, "delete StorageManager.prototype.getDirectory;");
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        recordSome(phone);
        phone.text("This phone keeps up to").waitFor();

        PhonePage again = phone.reload();
        again.waitForTakes("takes[0]?.state === 'paused'", SAVE_MS);
        again.button("Resume").click();
        again.waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, again);
        assertThat(again.reload().waitUntilConnected().takes()).isEmpty();
    }

    @Test
    void aPageThatMayStoreNothingSaysSoAndRecordsAllTheSame() {
        BrowserContext browser = scene.browser(Screen.phone());
        lameWorker(
                browser,
                "StorageManager.prototype.getDirectory = async () => { throw new DOMException('no', 'SecurityError'); };"
                        + " delete self.indexedDB; delete WorkerGlobalScope.prototype.indexedDB;");
        PhonePage phone = scene.phone(scene.dashboard(), browser);
        phone.text("refuses to store video, as private windows do").waitFor();

        phone.record().recordUntil(2).stop().waitUntilSaved(1, SAVE_MS);

        TakeTruth.assertIdentical(scene, phone);
    }

    @Test
    void twoPagesOfOnePhoneNeverSendTheSameTake() {
        BrowserContext browser = scene.browser(Screen.phone());
        PhonePage first = scene.phone(scene.dashboard(), browser);
        PhonePage.Take growing = recordSome(first);

        PhonePage second = scene.phoneAgain(browser);
        second.text("Another page of this phone is taking care of an unfinished take")
                .waitFor();
        assertThat(second.takes()).isEmpty();
        first.waitForTakes("takes[0].acknowledged > " + growing.acknowledged(), SAVE_MS);
        assertThat(first.onlyTake().state()).as("nobody takes it away").isEqualTo("recording");
        first.page().close();

        second.waitForTakes("takes[0]?.state === 'paused'", SAVE_MS);
        second.page().locator("#elsewhere").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        second.button("Resume").click();
        second.waitUntilSaved(1, SAVE_MS);
        TakeTruth.assertIdentical(scene, second);
    }

    @Test
    void aTakeThatTheBrowserDeletedIsCalledLost() {
        PhonePage phone = scene.phone(scene.dashboard());
        recordSome(phone);
        String home = phone.page().url();
        phone.page().onceDialog(Dialog::accept);
        phone.page().navigate(home.replaceFirst("/phone.*", "/assets/shared/theme.css"));
        PageFact.await(
                phone.page(),
                """
                async () => {
                  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('journal');
                  try {
                    for await (const name of folder.keys()) await folder.removeEntry(name);
                    return true;
                  } catch {
                    return false; // the page before still has it open
                  }
                }""");

        phone.page().navigate(home);
        phone.text("An unsent take is gone").waitFor();
        phone.button("I have read it").click();
        PhonePage again = phone.reload().waitUntilConnected();

        assertThat(again.page().locator("#lost").isVisible()).as("said once").isFalse();
    }

    @Test
    void aPageThatLosesNothingClosesWithoutAsking() {
        PhonePage phone = scene.phone(scene.dashboard());
        recordSome(phone);
        scene.network().stall(true);
        scene.network().cutAll(Ending.RST);
        phone.text("Out of reach").waitFor();
        AtomicInteger questions = new AtomicInteger();
        phone.page().onDialog(dialog -> {
            questions.incrementAndGet();
            dialog.dismiss();
        });
        phone.stop().waitForTakes("takes[0].sha256", SAVE_MS);
        phone.text("also when this page is closed").waitFor();
        scene.network().stall(false);

        phone.page().waitForClose(() -> phone.page().close(new Page.CloseOptions().setRunBeforeUnload(true)));

        assertThat(questions).hasValue(0);
    }

    /** A journal worker whose browser lacks something. */
    private static void lameWorker(BrowserContext browser, String change) {
        browser.route("**" + WORKER, route -> {
            try (InputStream source = Scene.class.getResourceAsStream("/web/shared/journal/worker.js")) {
                if (source == null) {
                    throw new AssertionError("no journal worker on the class path");
                }
                String body = new String(source.readAllBytes(), StandardCharsets.UTF_8) + change;
                route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/javascript")
                        .setBody(body));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static long recordings() throws IOException {
        try (Stream<Path> files = Files.list(scene.server().output())) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".") && Files.isRegularFile(file))
                    .count();
        }
    }

    private static PhonePage.Take recordSome(PhonePage phone) {
        phone.record().waitForTakes("takes.at(-1)?.acknowledged > " + MORE_THAN_A_HEADER, SAVE_MS);
        return phone.takes().get(phone.takes().size() - 1);
    }

    private static String journalFiles(Page page) {
        return (String) page.evaluate(JOURNAL_FILES);
    }
}
